//! What is refused, and by which words.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use super::{MATCH, fixture, games, write};
use crate::cli::Fixture;

/// A schedule that is fine but for this line.
fn with(line: &str) -> String {
    format!("{MATCH}cron = \"0 2 * * *\"\n{line}\n")
}

#[test]
fn what_cannot_be_is_refused_before_any_work() {
    let fixture = Fixture::new();
    let refused = |text: &str, hint: &str| {
        write(&fixture, text);
        fixture.refused(&["schedule", "run", "s.toml", "--once"], hint);
        assert!(!fixture.path("s.db").exists() || games(&fixture).is_empty());
    };
    refused(&with("gmaes = 3"), "gmaes");
    refused(&with("games = 0"), "match.0 (m)");
    refused(&with("time_zone = \"Mars/Olympus\""), "Mars/Olympus");
    refused(&with("levels = [\"Godlike\"]"), "VeryEasy");
    refused(&with("on = \"checkpoint\""), "choose one");
    refused(&with("run = \"x\""), "checkpoint");
    refused(&with("temperature = 11.0"), "temperature");
    refused(&with("[alert]\nlevel = 2.0"), "alert.level");
    refused(
        &with("[alert]\nwebhook = \"env:SCC_TEST_NO_SUCH\""),
        "SCC_TEST_NO_SUCH",
    );
    refused(&with("[alert]\nwebhook = \"mail\""), "http");
    refused(MATCH, "cron");
    refused("name = \"x\"\n", "[[match]]");
    refused(&format!("{0}{0}", with("")), "another match");
    refused(&format!("{MATCH}cron = \"0 0 31 2 *\"\n"), "never comes");
    refused(&format!("{MATCH}cron = \"at noon\"\n"), "at noon");
    refused(&with("").replace("Flat64", "Nowhere"), "Nowhere");
    refused(
        &with("").replace("scripted:marine", "scripted:nobody"),
        "nobody",
    );
    refused(
        &with("").replace("scripted:marine", "checkpoint:none.safetensors"),
        "none.safetensors",
    );
    refused(&with("").replace("random:terran", "random:zerg"), "match m");
    refused("not toml at all", "TOML");
    refused(
        &format!("storage = \"postgres://x/y\"\n{}", with("")),
        "postgres",
    );
}

#[test]
fn words_that_do_not_fit_the_file_are_refused() {
    let fixture = Fixture::new();
    write(&fixture, &with(""));
    fixture.refused(
        &["schedule", "run", "s.toml", "--now", "other"],
        "there are: m",
    );
    fixture.refused(&["schedule", "run", "none.toml"], "none.toml");
    fixture.refused(&["schedule", "next", "."], "folder");
    fixture.refused(&["schedule", "next", "s.toml", "-n", "0"], "1 to");
    fixture.refused(
        &[
            "schedule",
            "run",
            "s.toml",
            "--once",
            "--game-version",
            "4.10",
        ],
        "sc2",
    );
    fixture.refused(
        &["schedule", "status", "s.toml", "--set", "match.0.gamez=1"],
        "gamez",
    );
    std::fs::write(fixture.path("junk.db"), "no database".repeat(200)).unwrap();
    fixture.refused(
        &[
            "schedule",
            "report",
            "s.toml",
            "--storage",
            "sqlite://junk.db",
        ],
        "no database",
    );
}

#[test]
fn a_server_that_never_answers_is_an_error_and_no_hang() {
    let fixture = fixture("games = 1\nmax_loops = 60\n");
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("mysql://u:secret@{}/d", silent.local_addr().unwrap());
    let start = Instant::now();
    let ran = fixture.run(&["schedule", "run", "s.toml", "--once", "--storage", &url]);
    assert_eq!(ran.code, Some(2), "{}", ran.stderr);
    assert!(
        ran.stderr.contains("is the server up") && !ran.stderr.contains("secret"),
        "{}",
        ran.stderr
    );
    assert!(
        start.elapsed() < Duration::from_secs(40),
        "{:?}",
        start.elapsed()
    );
}
