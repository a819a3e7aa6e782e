//! What is shown of a league against what was played in it.

use super::*;
use crate::league::{GameKind, GameResult, LeagueConfig, Outcome, Role, SUPERVISED};
use crate::storage::GameRow;
use crate::trajectory::z::Z;

const MAIN: PlayerId = PlayerId(1);

fn row(kind: GameKind, player: PlayerId, opponent: PlayerId, outcome: Outcome) -> GameRow {
    GameRow {
        result: GameResult {
            kind,
            player,
            opponent,
            outcome,
            player_z: (kind == GameKind::ZEvaluation).then_some(0),
            opponent_z: None,
        },
        match_number: None,
        branch: None,
        player_version: 0,
        opponent_version: 0,
        map: "Flat64, \"small\"".into(),
        seed: 1,
        loops: 1,
        ended_ms: 1,
    }
}

/// A league in which the main agent won 30 of 40 games, with a copy of it.
fn league(folder: &std::path::Path) -> (Storage, StorageUrl) {
    let at = StorageUrl::in_run(folder);
    let mut storage = Storage::create(&at).unwrap();
    let mut config = LeagueConfig::default();
    (
        config.rules.main_agent.steps_min,
        config.rules.main_agent.steps_max,
    ) = (10, 10);
    let mut league = League::new(config, 3, "s.safetensors").unwrap();
    storage.create_league(&league).unwrap();
    let games: Vec<GameRow> = (0..40)
        .map(|n| {
            let outcome = if n % 4 == 0 {
                Outcome::Loss
            } else {
                Outcome::Win
            };
            row(GameKind::Training, MAIN, SUPERVISED, outcome)
        })
        .collect();
    for game in &games {
        league.record(&game.result).unwrap();
    }
    storage.record_games(&games).unwrap();
    let events = league.on_progress(MAIN, 10, "m10.safetensors").unwrap();
    storage.save_progress(&league, MAIN, &events).unwrap();
    (storage, at)
}

#[test]
fn tables_say_what_was_played() {
    let folder = tempfile::tempdir().unwrap();
    let (_storage, at) = league(folder.path());
    let standings = Standings::read(&at).unwrap();
    let payoff = standings.payoff();
    assert_eq!(payoff.pairs.len(), 1);
    let pair = &payoff.pairs[0];
    assert_eq!(
        (pair.player.as_str(), pair.opponent.as_str()),
        ("supervised", "main")
    );
    assert_eq!((pair.wins, pair.losses, pair.win_rate), (10, 30, 0.25));
    assert_eq!(payoff.win_rates[1][0], Some(0.75));
    assert_eq!(
        (payoff.win_rates[0][1], payoff.win_rates[2][1]),
        (Some(0.25), None)
    );
    let elo = standings.elo();
    assert_eq!(elo.players[0].name, "main");
    assert!(
        (elo.players[0].elo - 190.0).abs() < 40.0,
        "{:?}",
        elo.players[0]
    );
    let supervised = elo.players.iter().find(|p| p.name == "supervised").unwrap();
    assert_eq!(
        (supervised.elo, supervised.standard_error, supervised.games),
        (0.0, 0.0, 40)
    );
    let main = elo.curves.iter().find(|c| c.name == "main").unwrap();
    assert_eq!(main.curve.points.len(), 2, "its copy and itself");
    let status = standings.status();
    let copy = status.players.iter().find(|p| p.name == "main@10").unwrap();
    assert_eq!((copy.of.as_deref(), copy.active), (Some("main"), false));
    assert_eq!(status.events.len(), 1);
}

#[test]
fn exported_files_hold_every_row() {
    let folder = tempfile::tempdir().unwrap();
    let (_storage, at) = league(folder.path());
    let out = folder.path().join("out");
    let written = export(&at, &out).unwrap();
    let games = written.iter().find(|t| t.table == "games").unwrap();
    assert_eq!(games.rows, 40);
    let json: Vec<serde_json::Value> =
        serde_json::from_slice(&std::fs::read(&games.json).unwrap()).unwrap();
    assert_eq!(
        (json.len(), json[3]["map"].as_str()),
        (40, Some("Flat64, \"small\""))
    );
    let csv = std::fs::read_to_string(&games.csv).unwrap();
    assert_eq!(csv.lines().count(), 41);
    assert!(csv.starts_with("id,purpose,match_number,"));
    assert!(csv.contains(",\"Flat64, \"\"small\"\"\","));
}

#[test]
fn a_branch_is_asked_for_by_the_best_z_or_by_files() {
    let folder = tempfile::tempdir().unwrap();
    let (mut storage, at) = league(folder.path());
    let plan = |z| BranchPlan {
        from: "main".into(),
        name: None,
        role: Role::MainExploiter,
        z,
    };
    let request_branch = |at: &_, plan: &_| {
        super::request_branch(at, plan, |league, from| Ok(league.choose_z(from)?))
    };
    let early = request_branch(&at, &plan(ZChoice::Auto)).unwrap_err();
    assert!(
        early.to_string().contains("run the z evaluation first"),
        "{early}"
    );
    let games = vec![row(GameKind::ZEvaluation, MAIN, MAIN, Outcome::Win); 12];
    storage.record_games(&games).unwrap();
    let asked = request_branch(&at, &plan(ZChoice::Auto)).unwrap();
    assert_eq!(asked.order.condition, Condition::Z(0));
    assert_eq!(asked.order.name, "main-branch-1");
    let file = folder.path().join("rush.json");
    std::fs::write(&file, serde_json::to_vec(&Z::default()).unwrap()).unwrap();
    let asked = request_branch(&at, &plan(ZChoice::Files(vec![file.clone()]))).unwrap();
    assert_eq!(asked.order.name, "main-branch-2");
    let library = storage.z_library().unwrap();
    assert_eq!((library.len(), library[0].name.as_str()), (1, "rush"));
    std::fs::write(&file, "{}{").unwrap();
    let bad = request_branch(&at, &plan(ZChoice::Files(vec![file]))).unwrap_err();
    assert!(bad.to_string().contains("no strategy statistic"), "{bad}");
    assert_eq!(storage.branch_requests().unwrap().len(), 2);
}

#[test]
fn the_report_draws_everything_that_there_is() {
    let folder = tempfile::tempdir().unwrap();
    let (mut storage, at) = league(folder.path());
    let bare = report(&Standings::read(&at).unwrap()).html();
    assert!(bare.contains("No z was evaluated"));
    storage.add_z("rush <fast>", "{}").unwrap();
    let games = vec![row(GameKind::ZEvaluation, MAIN, MAIN, Outcome::Win); 12];
    storage.record_games(&games).unwrap();
    storage
        .add_strategy(MAIN, &[("VikingAssault", 21.0)])
        .unwrap();
    let html = report(&Standings::read(&at).unwrap()).html();
    assert_eq!(html.matches("<svg").count(), 3, "curves, matrix, z's");
    for word in [
        "polyline",
        "main@10",
        "rush &lt;fast&gt;",
        "VikingAssault",
        "promoted",
    ] {
        assert!(html.contains(word), "{word}");
    }
    assert!(!html.contains("<fast>"));
}
