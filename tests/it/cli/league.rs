//! `scc league`: a database made by the storage's own calls, looked at by the real binary; what is refused, and how.

use std::path::Path;

use scc::league::{GameKind, GameResult, League, LeagueConfig, Outcome, PlayerId, SUPERVISED};
use scc::storage::{GameRow, Storage, StorageUrl};
use scc::trajectory::z::Z;

use super::Fixture;

const MAIN: PlayerId = PlayerId(1);

/// A run folder `run` with a league: the main agent won 30 of 40 games and has one copy; z 0 won 9 of 12.
fn league_in(folder: &Path) {
    let mut storage = Storage::create(&StorageUrl::in_run(&folder.join("run"))).unwrap();
    let mut config = LeagueConfig::default();
    let rule = &mut config.rules.main_agent;
    (rule.steps_min, rule.steps_max) = (10, 10);
    let mut league = League::new(config, 3, "supervised.safetensors").unwrap();
    storage.create_league(&league).unwrap();
    let games: Vec<GameRow> = (0..40)
        .map(|n| game(GameKind::Training, SUPERVISED, n))
        .collect();
    for game in &games {
        league.record(&game.result).unwrap();
    }
    storage.record_games(&games).unwrap();
    let events = league.on_progress(MAIN, 10, "main-10.safetensors").unwrap();
    storage.save_progress(&league, MAIN, &events).unwrap();
    storage.add_strategy(MAIN, &[("Marine", 30.0)]).unwrap();
}

/// z 0 wins 9 of 12 games against the main agent.
fn evaluate_z(folder: &Path) {
    let mut storage = Storage::open(&StorageUrl::in_run(&folder.join("run"))).unwrap();
    storage.add_z("rush", "{}").unwrap();
    let games: Vec<GameRow> = (0..12)
        .map(|n| game(GameKind::ZEvaluation, MAIN, n))
        .collect();
    storage.record_games(&games).unwrap();
}

/// The n-th game of the main agent, which loses every fourth.
fn game(kind: GameKind, opponent: PlayerId, n: u64) -> GameRow {
    GameRow {
        result: GameResult {
            kind,
            player: MAIN,
            opponent,
            outcome: if n.is_multiple_of(4) {
                Outcome::Loss
            } else {
                Outcome::Win
            },
            player_z: (kind == GameKind::ZEvaluation).then_some(0),
            opponent_z: None,
        },
        match_number: (kind == GameKind::Training).then_some(n),
        branch: None,
        player_version: 0,
        opponent_version: 0,
        map: "Flat64".into(),
        seed: n,
        loops: 500,
        ended_ms: 1,
    }
}

fn fixture() -> Fixture {
    let fixture = Fixture::new();
    league_in(fixture.dir.path());
    fixture
}

#[test]
fn status_elo_and_payoff_tell_the_same_league_by_folder_and_by_url() {
    let fixture = fixture();
    for place in [&["run"][..], &["--storage", "sqlite://run/league.db"]] {
        let json = |what: &str| fixture.json(&[&["league", what, "--json"], place].concat());
        let status = json("status");
        let names: Vec<&str> = status["players"]
            .as_array()
            .unwrap()
            .iter()
            .map(|p| p["name"].as_str().unwrap())
            .collect();
        let expected = [
            "supervised",
            "main",
            "main-exploiter",
            "league-exploiter",
            "main@10",
        ];
        assert_eq!(names, expected);
        assert_eq!(status["players"][1]["checkpoint"], "main-10.safetensors");
        assert_eq!(status["matches"], 40);
        assert_eq!(status["events"][0]["event"]["event"], "promoted");
        let elo = json("elo");
        assert_eq!(elo["anchor"], "supervised");
        let main = &elo["players"][0];
        assert_eq!(main["name"], "main");
        assert!(
            (main["elo"].as_f64().unwrap() - 190.0).abs() < 40.0,
            "{main}"
        );
        assert!(main["standard_error"].as_f64().unwrap() > 10.0);
        assert_eq!(elo["curves"][0]["points"].as_array().unwrap().len(), 2);
        let payoff = json("payoff");
        assert_eq!(payoff["pairs"][0]["wins"], 10);
        assert_eq!(payoff["win_rates"][1][0], 0.75);
        assert_eq!(payoff["win_rates"][1][2], serde_json::Value::Null);
    }
    for (what, word) in [
        ("status", "main@10"),
        ("elo", "95% interval"),
        ("payoff", "75.0%"),
    ] {
        let ran = fixture.run(&["league", what, "run"]);
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        let flipped = what == "payoff" && ran.stdout.contains("25.0%");
        assert!(
            ran.stdout.contains(word) || flipped,
            "{what}: {}",
            ran.stdout
        );
        assert!(ran.stderr.is_empty(), "{}", ran.stderr);
    }
}

#[test]
fn export_and_report_write_what_the_database_holds() {
    let fixture = fixture();
    evaluate_z(fixture.dir.path());
    let written = fixture.json(&["league", "export", "run", "--out", "tables", "--json"]);
    assert_eq!(written.as_array().unwrap().len(), 11);
    for table in written.as_array().unwrap() {
        let name = table["table"].as_str().unwrap();
        let text = std::fs::read(fixture.path(&format!("tables/{name}.json"))).unwrap();
        let rows: Vec<serde_json::Value> = serde_json::from_slice(&text).unwrap();
        assert_eq!(rows.len() as u64, table["rows"].as_u64().unwrap(), "{name}");
        assert!(fixture.path(&format!("tables/{name}.csv")).exists());
    }
    let card = std::fs::read_to_string(fixture.path("tables/agents/main@10/agent.toml")).unwrap();
    let card: toml::Table = card.parse().unwrap();
    assert_eq!(card["role"].as_str(), Some("past_player"));
    assert!(
        card["weights"]
            .as_str()
            .unwrap()
            .ends_with("main-10.safetensors")
    );
    fixture.json(&["league", "report", "run", "--out", "report.html", "--json"]);
    let html = std::fs::read_to_string(fixture.path("report.html")).unwrap();
    for word in ["<svg", "main@10", "rush", "Marine", "supervised"] {
        assert!(html.contains(word), "{word}");
    }
    fixture.refused(&["league", "export", "run"], "--out DIR");
    fixture.refused(&["league", "report", "run"], "--out FILE");
    std::fs::create_dir(fixture.path("folder")).unwrap();
    fixture.refused(&["league", "report", "run", "--out", "folder"], "folder");
}

#[test]
fn a_branch_takes_files_or_none_and_says_what_is_missing() {
    let fixture = fixture();
    let branch = |more: &[&'static str]| [&["league", "branch", "run", "--json"], more].concat();
    let asked = fixture.json(&branch(&[
        "--from", "main", "--z", "none", "--name", "quick",
    ]));
    assert_eq!(asked["order"]["name"], "quick");
    assert_eq!(asked["order"]["condition"], "unconditional");
    assert_eq!(asked["tried"], serde_json::Value::Null);
    let z = serde_json::to_vec(&Z::default()).unwrap();
    std::fs::write(fixture.path("drop.json"), &z).unwrap();
    std::fs::write(fixture.path("mech.json"), z.repeat(1)).unwrap();
    let files = [
        "--from",
        "1",
        "--z",
        "drop.json",
        "mech.json",
        "--role",
        "main-agent",
    ];
    let asked = fixture.json(&branch(&files));
    assert_eq!(asked["order"]["role"], "main_agent");
    assert_eq!(
        asked["order"]["condition"]["z_set"],
        serde_json::json!([0, 1])
    );
    let status = fixture.json(&["league", "status", "run", "--json"]);
    assert_eq!(status["branch_requests"].as_array().unwrap().len(), 2);
    assert_eq!(status["branch_requests"][0]["status"], "waiting");
    let refused = |more: &[&'static str], hint| fixture.refused(&branch(more), hint);
    refused(&["--from", "nobody", "--z", "none"], "main-exploiter");
    refused(&["--from", "supervised", "--z", "none"], "does not train");
    refused(
        &["--from", "main", "--z", "none", "--name", "quick"],
        "asked for already",
    );
    refused(
        &["--from", "main", "--z", "none", "--name", "main"],
        "there already",
    );
    refused(&["--from", "main", "--z", "missing.json"], "missing.json");
    refused(
        &["--from", "main", "--z", "auto", "drop.json"],
        "not several",
    );
    refused(&["--from", "main"], "--z");
    // Games need the run's config, and a program that can play them.
    let auto = if cfg!(feature = "torch") {
        "config.toml"
    } else {
        "without libtorch"
    };
    refused(&["--from", "main", "--z", "auto"], auto);
    std::fs::write(fixture.path("bad.json"), "[1, 2").unwrap();
    refused(
        &["--from", "main", "--z", "bad.json"],
        "no strategy statistic",
    );
}

#[test]
fn databases_that_are_none_of_ours_are_refused() {
    let fixture = Fixture::new();
    std::fs::create_dir(fixture.path("empty")).unwrap();
    std::fs::write(
        fixture.path("text.db"),
        "no tables here, only words\n".repeat(200),
    )
    .unwrap();
    for what in ["status", "elo", "payoff"] {
        fixture.refused(&["league", what], "RUN");
        fixture.refused(&["league", what, "empty"], "no league database");
        fixture.refused(&["league", what, "nowhere"], "no league database");
        let url = "sqlite://text.db";
        fixture.refused(&["league", what, "--storage", url], "is no database");
        fixture.refused(&["league", what, "--storage", "postgres://a/b"], "mysql://");
    }
    fixture.refused(
        &["league", "status", "--storage", "sqlite://empty"],
        "is no database",
    );
    // Nothing listens on port 1.
    let nobody = "mysql://scc:secret@127.0.0.1:1/league";
    fixture.refused(
        &["league", "status", "--storage", nobody],
        "is the server up",
    );
    let told = fixture
        .run(&["league", "status", "--storage", nobody])
        .stderr;
    assert!(!told.contains("secret"), "{told}");
    assert!(!fixture.path("empty/league.db").exists());
}

#[test]
fn a_database_of_a_newer_program_says_so() {
    let fixture = fixture();
    newer(&fixture.path("run"));
    fixture.refused(&["league", "status", "run"], "newer program (schema 7");
    fixture.refused(
        &["league", "branch", "run", "--from", "main", "--z", "none"],
        "update scc",
    );
}

/// Marks the database as version 7.
fn newer(run: &Path) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    sqlx::any::install_default_drivers();
    let url = format!("sqlite://{}?mode=rw", run.join("league.db").display());
    runtime.block_on(async {
        use sqlx::Connection;
        let mut c = sqlx::AnyConnection::connect(&url).await.unwrap();
        sqlx::query("UPDATE schema_version SET version = 7")
            .execute(&mut c)
            .await
            .unwrap();
        c.close().await.unwrap();
    });
}

#[test]
fn a_league_s_player_plays_by_its_name() {
    let fixture = fixture();
    let versus = |agent: &'static str, more: &[&'static str], hint| {
        let args = [
            "match",
            "--agent",
            agent,
            "--opponent",
            "builtin:VeryEasy:terran",
        ];
        fixture.refused(&[&args[..], more].concat(), hint);
    };
    versus("league:main", &[], "--storage");
    versus("league:main", &["--storage", "run"], "main-10.safetensors");
    versus("league:4", &["--storage", "run"], "main@10");
    versus("league:nobody", &["--storage", "run"], "no player");
    versus(
        "league:main",
        &["--storage", "nowhere"],
        "no league database",
    );
    // The file is found; that it is no checkpoint is the next complaint.
    std::fs::write(fixture.path("run/main-10.safetensors"), "no weights").unwrap();
    versus("league:main", &["--storage", "run"], "checkpoint");
}

#[test]
fn an_agent_s_card_without_a_checkpoint_is_refused() {
    let fixture = Fixture::new();
    std::fs::create_dir(fixture.path("a")).unwrap();
    let card = "name = 'a'\nrace = 'Terran'\nrole = 'main_agent'\ndate = '2026-11-26'\n";
    let versus = |text: &str, hint| {
        std::fs::write(fixture.path("a/agent.toml"), text).unwrap();
        for agent in ["checkpoint:a", "checkpoint:a/agent.toml"] {
            let args = [
                "match",
                "--agent",
                agent,
                "--opponent",
                "builtin:VeryEasy:terran",
            ];
            fixture.refused(&args, hint);
        }
    };
    versus(card, "names no checkpoint");
    versus(
        &format!("{card}weights = 'gone.safetensors'"),
        "gone.safetensors",
    );
    versus("name = 'a'", "race");
    versus("]]", "no agent card");
}
