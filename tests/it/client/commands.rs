//! The real binary with `--game sc2`: the same games as embedded, many at once, and nothing left however it ends.

use super::{BIN, Installed};
use serde_json::Value;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

const EASY: &str = "builtin:VeryEasy:terran";

pub fn scc(installed: &Installed, args: &[&str]) -> Command {
    let mut command = Command::new(BIN);
    command
        .args(args)
        .current_dir(installed.folder())
        .env("SC2PATH", installed.root())
        .env_remove("SCC_LOG")
        .stdin(Stdio::null());
    command
}

fn output(installed: &Installed, args: &[&str]) -> Output {
    scc(installed, args).output().unwrap()
}

/// The one row of a match, without what depends on the arena or the clock.
fn row(installed: &Installed, game: &str, args: &[&str]) -> Value {
    let words = [
        &["match", "--json", "--game", game, "--map", "Flat64"],
        args,
    ]
    .concat();
    let out = output(installed, &words);
    assert_eq!(
        out.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&out.stderr)
    );
    let mut table: Value = serde_json::from_slice(&out.stdout).unwrap();
    let row = table["rows"][0].as_object_mut().unwrap();
    for key in ["state_hash", "loops_per_second", "repeated"] {
        row.remove(key).unwrap();
    }
    row.clone().into()
}

#[test]
fn matches_over_the_api_and_embedded_are_the_same_matches() {
    let installed = Installed::new();
    for (agent, opponent) in [
        ("scripted:marine", "scripted:bio"),
        ("scripted:bio", "builtin:Medium:terran"),
        ("random:terran", EASY),
        (EASY, "builtin:Easy:terran"),
    ] {
        let args = [
            "--agent",
            agent,
            "--opponent",
            opponent,
            "--games",
            "2",
            "--seed",
            "5000000000",
            "--max-loops",
            "9000",
            "--threads",
            "2",
        ];
        let (over_api, embedded) = (row(&installed, "sc2", &args), row(&installed, "sim", &args));
        assert_eq!(over_api, embedded);
    }
    installed.nothing_left();
}

#[test]
fn many_games_at_once_are_played_and_saved() {
    let installed = Installed::new();
    let args = [
        "--agent",
        "scripted:marine",
        "--opponent",
        "scripted:marine",
        "--opponent",
        EASY,
        "--games",
        "6",
        "--max-loops",
        "2000",
        "--threads",
        "4",
    ];
    let saving = [&args[..], &["--save-replays", "games"]].concat();
    assert_eq!(
        row(&installed, "sc2", &saving),
        row(&installed, "sim", &args)
    );
    let files: Vec<_> = std::fs::read_dir(installed.folder().join("games"))
        .unwrap()
        .flatten()
        .collect();
    assert_eq!(files.len(), 12);
    for file in files {
        assert!(file.file_name().to_string_lossy().ends_with(".SC2Replay"));
        assert!(std::fs::read(file.path()).unwrap().starts_with(b"MPQ"));
    }
    installed.nothing_left();
}

/// A match that runs until something happens to it.
fn long_match(installed: &Installed) -> Child {
    let args = [
        "match",
        "--json",
        "--game",
        "sc2",
        "--map",
        "Flat64",
        "--agent",
        "scripted:marine",
        "--opponent",
        "scripted:bio",
        "--games",
        "4",
        "--max-loops",
        "6000",
        "--threads",
        "2",
        "--seed",
        "3",
    ];
    let mut command = scc(installed, &args);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().unwrap()
}

/// Process ids of the games that run, once there are so many.
pub fn games_running(installed: &Installed, n: usize) -> Vec<u32> {
    let since = Instant::now();
    loop {
        let found: Vec<u32> = installed
            .processes()
            .into_iter()
            .filter(|id| {
                let line = std::fs::read(Path::new("/proc").join(id.to_string()).join("cmdline"));
                String::from_utf8_lossy(&line.unwrap_or_default()).contains("-port")
            })
            .collect();
        if found.len() >= n {
            return found;
        }
        assert!(since.elapsed() < Duration::from_secs(60), "{found:?}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

pub fn signal(name: &str, id: u32) {
    // A process that has ended meanwhile is no failure of the test.
    let _ = Command::new("kill")
        .args([name, &id.to_string()])
        .stderr(Stdio::null())
        .status();
}

#[test]
fn games_that_are_killed_are_played_again_to_the_same_row() {
    let installed = Installed::new();
    let child = long_match(&installed);
    std::thread::sleep(Duration::from_millis(300));
    for id in games_running(&installed, 4) {
        signal("-KILL", id);
    }
    let out = child.wait_with_output().unwrap();
    let told = String::from_utf8_lossy(&out.stderr);
    assert_eq!(out.status.code(), Some(0), "{told}");
    let table: Value = serde_json::from_slice(&out.stdout).unwrap();
    // Killed while it began, a game begins once more; later, it is played again.
    let again = told.contains("played again") || told.contains("once more");
    assert!(again, "{told}");
    let args = [
        "--agent",
        "scripted:marine",
        "--opponent",
        "scripted:bio",
        "--games",
        "4",
        "--max-loops",
        "6000",
        "--seed",
        "3",
    ];
    let embedded = row(&installed, "sim", &args);
    for key in ["view_hash", "wins", "losses", "ties", "mean_loops"] {
        assert_eq!(table["rows"][0][key], embedded[key], "{key}");
    }
    installed.nothing_left();
}

#[test]
fn no_game_outlives_the_program_however_it_ends() {
    let installed = Installed::new();
    for (name, code) in [("-INT", Some(1)), ("-TERM", Some(1)), ("-KILL", None)] {
        let child = long_match(&installed);
        games_running(&installed, 2);
        signal(name, child.id());
        let since = Instant::now();
        let out = child.wait_with_output().unwrap();
        assert!(since.elapsed() < Duration::from_secs(20), "{name}");
        let told = String::from_utf8_lossy(&out.stderr);
        assert_eq!(out.status.code(), code, "{name}: {told}");
        installed.nothing_left();
    }
}

/// A short match over the API.
fn asked<'a>(more: &[&'a str]) -> Vec<&'a str> {
    let args: [&'a str; 9] = [
        "match",
        "--game",
        "sc2",
        "--agent",
        EASY,
        "--opponent",
        EASY,
        "--games",
        "1",
    ];
    [&args[..], more].concat()
}

#[test]
fn what_is_missing_shows_before_any_work() {
    let installed = Installed::new();
    let refused = |command: &mut Command, words: &[&str]| {
        let out = command.output().unwrap();
        let text = String::from_utf8_lossy(&out.stderr).into_owned();
        assert_eq!(out.status.code(), Some(2), "{text}");
        assert!(
            out.stdout.is_empty() && words.iter().all(|w| text.contains(w)),
            "{text}"
        );
    };
    let empty = installed.folder().join("empty");
    std::fs::create_dir(&empty).unwrap();
    let both = ["SC2PATH", "scc sim install"];
    refused(
        scc(&installed, &asked(&[]))
            .env_remove("SC2PATH")
            .env("HOME", &empty),
        &both,
    );
    refused(scc(&installed, &asked(&[])).env("SC2PATH", &empty), &both);
    refused(
        &mut scc(&installed, &asked(&["--game-version", "4.8.2"])),
        &["4.8.2", "Base75689"],
    );
    refused(
        &mut scc(&installed, &asked(&["--game-version", "newest"])),
        &["newest"],
    );
    refused(
        &mut scc(&installed, &asked(&["--map", "TritonLE"])),
        &["TritonLE", "Melee/Flat64"],
    );
    refused(
        &mut scc(
            &installed,
            &[
                "match",
                "--agent",
                EASY,
                "--opponent",
                EASY,
                "--game-timeout",
                "5",
            ],
        ),
        &["--game sc2"],
    );
    let out = output(
        &installed,
        &asked(&["--game-version", "4.10", "--max-loops", "200"]),
    );
    assert_eq!(
        out.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&out.stderr)
    );
    installed.write_executable("echo 'libGL is missing' >&2; exit 1");
    refused(&mut scc(&installed, &asked(&[])), &["libGL is missing"]);
}

#[test]
fn the_doctor_says_what_is_installed() {
    let installed = Installed::new();
    let out = output(&installed, &["doctor", "--json"]);
    let report: Value = serde_json::from_slice(&out.stdout).unwrap();
    let checks = report["checks"].as_array().unwrap();
    let sc2 = checks.iter().find(|check| check["name"] == "sc2").unwrap();
    assert_eq!(
        (&sc2["state"], &sc2["facts"]["simulator"]),
        (&"ok".into(), &true.into())
    );
    assert_eq!(sc2["facts"]["versions"], serde_json::json!([75689]));
    let maps = [
        "Melee/Flat64.SC2Map",
        "Melee/Ironbasin.SC2Map",
        "Melee/Tidewater.SC2Map",
    ];
    assert_eq!(sc2["facts"]["maps"], serde_json::json!(maps));
}
