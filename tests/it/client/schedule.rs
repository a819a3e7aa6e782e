//! Scheduled matches over the API: the same games as embedded, and what they were played on is recorded with them.

use super::Installed;
use super::commands::scc;
use scc::storage::{ScheduledGame, Storage, StorageUrl};

fn schedule() -> String {
    let due = jiff::Timestamp::now() - jiff::SignedDuration::from_mins(5);
    format!(
        "[[match]]\nname = \"m\"\ncron = \"{}\"\nagent = \"scripted:marine\"\nopponents = [\"scripted:bio\", \"builtin:Easy:terran\"]\n\
         maps = [\"Flat64\"]\ngames = 2\nmax_loops = 2000\n",
        due.strftime("%M %H %d %m *")
    )
}

fn played(installed: &Installed, game: &str) -> Vec<ScheduledGame> {
    let database = installed.folder().join(format!("{game}.db"));
    let url = format!("sqlite://{}", database.display());
    let args = [
        "schedule",
        "run",
        "s.toml",
        "--once",
        "--storage",
        &url,
        "--game",
        game,
    ];
    let out = scc(installed, &args).output().expect("the binary starts");
    let told = String::from_utf8_lossy(&out.stderr);
    assert_eq!(out.status.code(), Some(0), "{told}");
    let mut storage = Storage::open_to_read(&StorageUrl::Sqlite(database)).expect("there");
    storage.scheduled_games("s").expect("readable")
}

#[test]
fn scheduled_matches_over_the_api_are_those_played_embedded() {
    let installed = Installed::new();
    std::fs::write(installed.folder().join("s.toml"), schedule()).expect("writable");
    let [embedded, api] = ["sim", "sc2"].map(|game| played(&installed, game));
    let facts = |games: &[ScheduledGame]| -> Vec<_> {
        let of = |g: &ScheduledGame| (g.plan_row, g.game, g.seed, g.seat, g.outcome, g.loops);
        games.iter().map(of).collect()
    };
    assert_eq!(facts(&embedded).len(), 4);
    assert_eq!(facts(&embedded), facts(&api));
    assert!(
        embedded
            .iter()
            .all(|g| g.game_version == "simulator, patch 4.10")
    );
    assert!(
        api.iter()
            .all(|g| g.game_version.starts_with("simulator over the API"))
    );
    installed.nothing_left();
}
