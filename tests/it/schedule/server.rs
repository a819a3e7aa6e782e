//! Schedules whose results go to a database server, and a server that is lost in the middle of a run.

use super::{fixture, start_once, wait_until, write};
use crate::cli::Fixture;
use crate::servers::MariaDb;
use scc::storage::{ScheduledGame, Storage, StorageUrl};

/// A schedule with its results on a server of its own.
fn on_a_server() -> Option<(Fixture, MariaDb)> {
    let server = MariaDb::start()?;
    let fixture = fixture("games = 12\nmax_loops = 2500\n");
    let text = std::fs::read_to_string(fixture.path("s.toml")).expect("readable");
    write(&fixture, &format!("storage = \"{}\"\n{text}", server.url()));
    Some((fixture, server))
}

/// The games so far; none while the tables are being made, or the server is not there.
fn games(server: &MariaDb) -> Vec<ScheduledGame> {
    let at: StorageUrl = server.url().parse().expect("a URL");
    let read = Storage::open_to_read(&at).and_then(|mut s| s.scheduled_games("s"));
    read.unwrap_or_default()
}

fn assert_every_game_once(server: &MariaDb) {
    let keys: Vec<(u32, u32)> = games(server).iter().map(|g| (g.plan_row, g.game)).collect();
    let expected: Vec<(u32, u32)> = (0..2).flat_map(|r| (0..12).map(move |g| (r, g))).collect();
    assert_eq!(keys, expected, "every game once");
}

#[test]
fn a_server_that_is_away_for_a_moment_is_waited_for() {
    let Some((fixture, mut server)) = on_a_server() else {
        return;
    };
    let mut child = start_once(&fixture);
    wait_until("games are played", || games(&server).len() >= 3);
    server.kill();
    std::thread::sleep(std::time::Duration::from_secs(2));
    server.restart();
    assert_eq!(child.wait().expect("it ended").code(), Some(0));
    assert_every_game_once(&server);
}

#[test]
fn a_server_that_is_lost_ends_a_run_which_is_gone_on_with_later() {
    let Some((fixture, mut server)) = on_a_server() else {
        return;
    };
    let mut child = start_once(&fixture);
    wait_until("games are played", || games(&server).len() >= 3);
    let before = games(&server);
    server.kill();
    // It tries for half a minute.
    assert_eq!(child.wait().expect("it ended").code(), Some(2));
    for args in [
        vec!["schedule", "status"],
        vec!["schedule", "run", "--once"],
    ] {
        let args: Vec<&str> = args.into_iter().chain(["s.toml"]).collect();
        fixture.refused(&args, "is the server up");
    }
    server.restart();
    let after = games(&server);
    assert!(before.iter().all(|game| after.contains(game)));
    assert!(after.len() < 24, "something is left to play");
    let summary = fixture.json(&["schedule", "run", "s.toml", "--once", "--json"]);
    assert_eq!(summary["runs"][0]["state"], "done", "{summary}");
    assert_every_game_once(&server);
    let report = fixture.json(&["schedule", "report", "s.toml", "--json"]);
    let rows = report["matches"][0]["rows"].as_array().expect("rows");
    assert!(
        rows.iter().all(|row| row["points"][0]["games"] == 12),
        "{report}"
    );
}
