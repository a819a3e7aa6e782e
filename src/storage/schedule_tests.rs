//! Scheduled matches in the database: what is there once is there once.

use super::*;
use crate::league::Outcome;

fn key(due: &str) -> RunKey {
    RunKey {
        schedule: "s".into(),
        match_name: "m".into(),
        due: due.into(),
    }
}

fn game(due: &str, game: u32, outcome: Outcome) -> ScheduledGame {
    ScheduledGame {
        key: key(due),
        plan_row: game % 2,
        game,
        outcome,
        seat: 1,
        seed: u64::MAX - 1,
        loops: 4000,
        state_hash: u64::MAX - 7,
        agent_hash: "ab".into(),
        program: "scc".into(),
        game_version: "simulator".into(),
        replay: "r/1".into(),
        ended_ms: 5,
    }
}

/// What every database must do with scheduled matches.
pub fn check(at: &StorageUrl) {
    let mut storage = Storage::create(at).unwrap();
    let seen = storage.first_seen("s", "m").unwrap();
    assert_eq!(storage.first_seen("s", "m").unwrap(), seen);
    assert!(storage.begin_run(&key("b"), 20, "plan b").unwrap());
    assert!(storage.begin_run(&key("a"), 10, "plan a").unwrap());
    assert!(!storage.begin_run(&key("a"), 30, "another").unwrap());
    let games: Vec<ScheduledGame> = (0..6)
        .map(|n| {
            game(
                "a",
                n,
                [Outcome::Win, Outcome::Loss, Outcome::Draw][n as usize % 3],
            )
        })
        .collect();
    for game in games.iter().rev() {
        assert!(storage.record_scheduled_game(game).unwrap());
    }
    let mut again = games[0].clone();
    again.outcome = Outcome::Loss;
    assert!(!storage.record_scheduled_game(&again).unwrap());
    storage
        .end_run(&key("a"), RunState::Done, "", "[1]")
        .unwrap();
    drop(storage);
    let mut storage = Storage::open_to_read(at).unwrap();
    assert_eq!(storage.matches_seen("s").unwrap(), [("m".to_owned(), seen)]);
    assert_eq!(storage.schedules().unwrap(), ["s"]);
    let newest = storage.recent_scheduled_games(2).unwrap();
    assert_eq!(newest, [games[5].clone(), games[4].clone()]);
    let mut read = storage.scheduled_games("s").unwrap();
    read.sort_by_key(|g| g.game);
    assert_eq!(read, games, "the first result stays");
    assert_eq!(
        storage.games_of_run(&key("a")).unwrap(),
        [(0, 0), (0, 2), (0, 4), (1, 1), (1, 3), (1, 5)]
    );
    assert!(storage.games_of_run(&key("b")).unwrap().is_empty());
    let runs = storage.runs("s").unwrap();
    let states: Vec<_> = runs
        .iter()
        .map(|r| (r.key.due.as_str(), r.state, r.told, r.plan.as_str()))
        .collect();
    assert_eq!(
        states,
        [
            ("a", RunState::Done, false, "plan a"),
            ("b", RunState::Pending, true, "plan b")
        ]
    );
    let totals = storage.row_totals("s").unwrap();
    let counts: Vec<_> = totals
        .iter()
        .map(|t| (t.plan_row, t.wins, t.draws, t.losses))
        .collect();
    assert_eq!(counts, [(0, 1, 1, 1), (1, 1, 1, 1)]);
    assert!(storage.runs("another").unwrap().is_empty());
    drop(storage);
    let mut storage = Storage::open(at).unwrap();
    storage.mark_told(&key("a")).unwrap();
    assert!(storage.runs("s").unwrap().iter().all(|run| run.told));
}
