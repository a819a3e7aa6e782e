//! A planted fall: exit codes, the report, the webhook.

use std::io::{Read, Write};
use std::net::TcpListener;

use scc::league::Outcome;
use scc::storage::{RunKey, RunState, ScheduledGame};

use super::{MATCH, document, storage, write};
use crate::cli::Fixture;

/// Takes so many posts, answers each with 200, and gives their bodies.
fn listener(posts: usize) -> (String, std::thread::JoinHandle<Vec<serde_json::Value>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}/hook", listener.local_addr().expect("bound"));
    let thread = std::thread::spawn(move || {
        let one = |_| {
            let (mut stream, _) = listener.accept().expect("a post");
            let mut got = Vec::new();
            let mut bytes = [0; 4096];
            loop {
                let len = stream.read(&mut bytes).expect("readable");
                got.extend(&bytes[..len]);
                let text = String::from_utf8_lossy(&got);
                let body = text.split_once("\r\n\r\n").map_or("", |(_, body)| body);
                if let Ok(json) = serde_json::from_str(body) {
                    let answer =
                        b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
                    stream.write_all(answer).expect("writable");
                    return json;
                }
            }
        };
        (0..posts).map(one).collect()
    });
    (url, thread)
}

/// A run as the last one was, but with every game won.
fn plant_wins(fixture: &Fixture) {
    let mut storage = storage(fixture);
    let last = storage.runs("s").unwrap().pop().expect("a run");
    let key = RunKey {
        due: "planted".into(),
        ..last.key.clone()
    };
    storage
        .begin_run(&key, last.due_ms + 1, &last.plan)
        .unwrap();
    for game in storage.scheduled_games("s").unwrap() {
        let won = ScheduledGame {
            key: key.clone(),
            outcome: Outcome::Win,
            ..game
        };
        storage.record_scheduled_game(&won).unwrap();
    }
    storage.end_run(&key, RunState::Done, "", "").unwrap();
}

#[test]
fn a_win_rate_that_falls_is_told_by_exit_code_report_and_webhook() {
    let fixture = Fixture::new();
    let text = |url: &str| {
        format!(
            "[alert]\nwebhook = \"{url}\"\ntries = 1\ntimeout_seconds = 5.0\n{MATCH}cron = \"0 0 1 1 *\"\ngames = 10\nmax_loops = 60\n"
        )
    };
    // Nobody listens yet.
    let deaf = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    write(&fixture, &text(&format!("http://{deaf}/hook")));
    let now = ["schedule", "run", "s.toml", "--now", "m", "--json"];
    let first = fixture.json(&now);
    assert_eq!(first["runs"][0]["alerts"].as_array().unwrap().len(), 0);
    plant_wins(&fixture);
    let (ran, summary) = document(&fixture, &now);
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    assert!(
        ran.stderr.contains("fell") && ran.stderr.contains("cannot post"),
        "{}",
        ran.stderr
    );
    let alerts = summary["runs"][0]["alerts"].as_array().unwrap();
    assert_eq!(alerts.len(), 2);
    // 0 of 10 after 10 of 10: 1 / C(20, 10).
    let p = alerts[0]["p"].as_f64().unwrap();
    assert!((p - 1.0 / 184_756.0).abs() < 1e-12, "{p}");
    let (ran, report) = document(
        &fixture,
        &["schedule", "report", "s.toml", "--json", "--out", "p.html"],
    );
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    assert_eq!(report["matches"][0]["alerts"].as_array().unwrap().len(), 2);
    let page = std::fs::read_to_string(fixture.path("p.html")).unwrap();
    assert_eq!(page.matches("class=\"fall\"").count(), 2);
    // What could not be posted is posted by the next run, once.
    let (url, thread) = listener(1);
    write(&fixture, &text(&url));
    assert_eq!(
        fixture.json(&["schedule", "status", "s.toml", "--json"])["untold"],
        1
    );
    fixture.json(&["schedule", "run", "s.toml", "--once", "--json"]);
    let posts = thread.join().expect("served");
    assert_eq!(
        (&posts[0]["match"], &posts[0]["schedule"]),
        (&"m".into(), &"s".into())
    );
    assert_eq!(posts[0]["alerts"][1]["before"]["wins"], 10);
    assert!(posts[0]["text"].as_str().unwrap().contains("random:terran"));
    assert_eq!(
        fixture.json(&["schedule", "status", "s.toml", "--json"])["untold"],
        0
    );
    // Equally bad once more: no fall.
    assert_eq!(fixture.run(&now).code, Some(0));
}
