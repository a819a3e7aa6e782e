//! The board behind the server, asked without a socket: shapes of answers, who may ask, what is torn.

use super::routes::{Answer, Asked};
use super::*;
use crate::league::{GameKind, GameResult, League, LeagueConfig, Outcome, PlayerId, SUPERVISED};
use crate::storage::GameRow;
use serde_json::Value;

const MAIN: PlayerId = PlayerId(1);

/// A league's run folder: 40 games, one promotion, metrics of the main agent, the replay of game 39.
fn league_run() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let run = folder.path();
    std::fs::write(
        run.join("config.toml"),
        "stage = \"league\"\nmap = \"Flat64\"\n[train]\nsteps_max = 50\n",
    )
    .unwrap();
    let mut storage = Storage::create(&StorageUrl::in_run(run)).unwrap();
    let mut config = LeagueConfig::default();
    let rule = &mut config.rules.main_agent;
    (rule.steps_min, rule.steps_max) = (10, 10);
    let mut league = League::new(config, 3, "supervised.safetensors").unwrap();
    storage.create_league(&league).unwrap();
    let games: Vec<GameRow> = (0..40).map(game).collect();
    for game in &games {
        league.record(&game.result).unwrap();
    }
    storage.record_games(&games).unwrap();
    let events = league.on_progress(MAIN, 10, "main-10.safetensors").unwrap();
    storage.save_progress(&league, MAIN, &events).unwrap();
    let player = run.join("players/main");
    std::fs::create_dir_all(&player).unwrap();
    let row = r#"{"step":1,"train_seconds":2.5,"values":{"loss":0.5,"samples_total":64.0}}"#;
    std::fs::write(
        player.join("metrics.jsonl"),
        format!("{row}\n{{\"step\":2,\"tr"),
    )
    .unwrap();
    let replay = crate::replay::tests::sample();
    crate::replay::write(
        &run.join("replays/00000039-main-vs-supervised-1-0.screp"),
        &replay,
    )
    .unwrap();
    folder
}

/// The main agent loses every fourth.
fn game(n: u64) -> GameRow {
    let outcome = match n % 4 {
        0 => Outcome::Loss,
        _ => Outcome::Win,
    };
    GameRow {
        result: GameResult {
            kind: GameKind::Training,
            player: MAIN,
            opponent: SUPERVISED,
            outcome,
            player_z: None,
            opponent_z: None,
        },
        match_number: Some(n),
        branch: None,
        player_version: 0,
        opponent_version: 0,
        map: "Flat64".into(),
        seed: n,
        loops: 1344,
        ended_ms: 1000 + n,
    }
}

fn board(run: &Path) -> Board {
    Board::open(Options {
        run: Some(run.to_owned()),
        ..Options::default()
    })
    .unwrap()
}

fn ask(board: &Board, path: &str) -> Answer {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    board.answer(&Asked {
        path: path.to_owned(),
        query: query.to_owned(),
        host: "127.0.0.1:8800".to_owned(),
        authorization: String::new(),
    })
}

fn json(board: &Board, path: &str) -> Value {
    let answer = ask(board, path);
    assert_eq!(answer.status, 200, "{path}");
    serde_json::from_slice(answer.body.as_bytes()).unwrap()
}

#[test]
fn a_league_is_told_by_all_its_endpoints() {
    let folder = league_run();
    let board = board(folder.path());
    let overview = json(&board, "/api/overview");
    assert_eq!(overview["run"]["kind"], "league");
    // No process holds the folder, and it has no manifest.
    assert_eq!(overview["run"]["state"], "failed");
    assert_eq!(overview["run"]["steps_max"], 50.0);
    assert_eq!(overview["players"][0]["name"], "main");
    assert_eq!(overview["players"][0]["last"]["loss"], 0.5);
    assert_eq!(
        (&overview["step"], &overview["train_seconds"]),
        (&1.into(), &2.5.into())
    );
    assert!(overview["processes"].as_array().unwrap().is_empty());
    let series = json(&board, "/api/metrics?player=main&since=0");
    assert_eq!(series["series"]["loss"], serde_json::json!([[1, 0.5]]));
    let league = json(&board, "/api/league");
    assert_eq!(league["problem"], Value::Null);
    let league = &league["league"];
    assert_eq!(league["matches"], 40);
    assert_eq!(
        league["elo"]["curves"][0]["points"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    assert_eq!(league["payoff"]["win_rates"][1][0], 0.75);
    assert_eq!(
        (&league["games"][1][0], &league["games"][0][1]),
        (&40.into(), &40.into())
    );
    assert_eq!(league["events"][0]["event"]["event"], "promoted");
    let games = json(&board, "/api/games?limit=3");
    let games = games["games"].as_array().unwrap();
    assert_eq!(games.len(), 3);
    assert_eq!(
        games[0]["players"],
        serde_json::json!(["main", "supervised"])
    );
    assert_eq!(
        (&games[0]["number"], &games[0]["result"]),
        (&39.into(), &"win".into())
    );
    assert_eq!(games[0]["replay"], "00000039-main-vs-supervised-1-0.screp");
    assert_eq!(games[1]["replay"], Value::Null);
    let text = ask(&board, "/metrics");
    let text = String::from_utf8(text.body.as_bytes().to_vec()).unwrap();
    for line in [
        "scc_run_up{run=",
        "scc_step{player=\"main\"} 1",
        "scc_metric{player=\"main\",name=\"samples_total\"} 64",
        "scc_league_matches_total 40",
        "scc_player_elo{player=\"supervised\",role=\"supervised\"} 0",
        "scc_storage_up 1",
    ] {
        assert!(text.lines().any(|l| l.starts_with(line)), "{line}\n{text}");
    }
}

#[test]
fn a_database_that_goes_away_leaves_what_it_said_last() {
    let folder = league_run();
    let mut board = board(folder.path());
    board.league = Cached::new(Duration::ZERO);
    assert_eq!(json(&board, "/api/league")["league"]["matches"], 40);
    std::fs::write(
        folder.path().join("league.db"),
        "no database any more, and long enough to be looked at",
    )
    .unwrap();
    for file in ["league.db-wal", "league.db-shm"] {
        let _ = std::fs::remove_file(folder.path().join(file));
    }
    let league = json(&board, "/api/league");
    assert_eq!(league["league"]["matches"], 40);
    assert!(
        league["problem"].as_str().unwrap().contains("no database"),
        "{}",
        league["problem"]
    );
}

#[test]
fn what_is_not_there_or_no_question_is_refused() {
    let folder = league_run();
    let board = board(folder.path());
    for (path, status) in [
        ("/api/metrics", 404),
        ("/api/metrics?player=..%2Fmain", 404),
        ("/api/metrics?player=main&since=x", 400),
        ("/api/games?limit=-1", 400),
        ("/api/replay", 404),
        ("/api/replay?file=..%2Fconfig.toml", 404),
        ("/api/replay?file=%2Fetc%2Fpasswd", 404),
        // Its map is not what it says: a replay, but none that plays.
        (
            "/api/replay?file=00000039-main-vs-supervised-1-0.screp",
            422,
        ),
        ("/../config.toml", 404),
        ("/league.db", 404),
    ] {
        let answer = ask(&board, path);
        let body: Value = serde_json::from_slice(answer.body.as_bytes()).unwrap();
        assert_eq!(answer.status, status, "{path}: {body}");
        assert!(
            body["error"].as_str().is_some_and(|e| !e.is_empty()),
            "{path}"
        );
    }
}

#[test]
fn a_token_is_asked_for_and_without_one_other_names_of_this_machine_are_refused() {
    let folder = league_run();
    let mut board = board(folder.path());
    let asked = |host: &str, authorization: &str, query: &str| Asked {
        path: "/".into(),
        query: query.into(),
        host: host.into(),
        authorization: authorization.into(),
    };
    assert_eq!(board.answer(&asked("localhost:8800", "", "")).status, 200);
    assert_eq!(
        board.answer(&asked("evil.example:8800", "", "")).status,
        403
    );
    board.is_local = false;
    assert_eq!(board.answer(&asked("scc.example:8800", "", "")).status, 200);
    board.token = Some("s3 cret".into());
    for (authorization, query, status) in [
        ("", "", 401),
        ("Bearer s3 cre", "", 401),
        ("s3 cret", "", 401),
        ("Bearer s3 cret", "", 200),
        ("", "token=s3+cret", 200),
        ("", "token=", 401),
    ] {
        let answer = board.answer(&asked("scc.example", authorization, query));
        assert_eq!(answer.status, status, "{authorization} {query}");
    }
}

#[test]
fn processes_that_somebody_tells_of_take_the_place_of_the_runs_own() {
    let folder = league_run();
    let mut board = board(folder.path());
    board.processes = Some(Arc::new(|| Processes {
        processes: vec![ProcessReport {
            role: "actor".into(),
            id: "a-1".into(),
            ..ProcessReport::default()
        }],
        queues: vec![QueueReport {
            name: "unrolls".into(),
            length: 2.0,
            ..QueueReport::default()
        }],
        ..Processes::default()
    }));
    let overview = json(&board, "/api/overview");
    assert_eq!(overview["processes"][0]["id"], "a-1");
    assert_eq!(overview["queues"][0]["length"], 2.0);
}

#[test]
fn the_process_of_a_run_is_shown_while_it_holds_the_folder() {
    let folder = league_run();
    let board = board(folder.path());
    let lock = crate::run::lock::RunLock::take(folder.path()).unwrap();
    let overview = json(&board, "/api/overview");
    assert_eq!(overview["run"]["state"], "running");
    assert_eq!(overview["processes"][0]["pid"], std::process::id());
    drop(lock);
    assert_eq!(json(&board, "/api/overview")["run"]["state"], "failed");
}

#[test]
fn what_is_no_run_no_database_or_no_folder_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let open = |options: Options| Board::open(options).err().unwrap().to_string();
    assert!(open(Options::default()).contains("name what to show"));
    let run = Some(folder.path().to_owned());
    assert!(
        open(Options {
            run,
            ..Options::default()
        })
        .contains("is no run folder")
    );
    let replays = vec![folder.path().join("none")];
    assert!(
        open(Options {
            replays,
            ..Options::default()
        })
        .contains("no folder of replays")
    );
    let storage = Some(StorageUrl::in_run(folder.path()));
    assert!(
        open(Options {
            storage,
            ..Options::default()
        })
        .contains("no league database")
    );
}
