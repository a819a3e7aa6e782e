//! `scc dashboard` with the real binary over plain HTTP: every endpoint, beside a run, stopped, refused; its page in a browser.

#[cfg(feature = "torch")]
mod browser;
#[cfg(feature = "torch")]
mod chromium;
mod films;
#[cfg(feature = "torch")]
mod league;
mod manners;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use scc::league::{GameKind, GameResult, League, LeagueConfig, Outcome, PlayerId, SUPERVISED};
use scc::storage::{GameRow, Storage, StorageUrl};
use serde_json::Value;

use crate::cli::{Fixture, own_replays};

/// A dashboard that runs; killed when dropped.
struct Served {
    child: Child,
    address: SocketAddr,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Starts one on any free port; it says which before anything else.
fn serve(fixture: &Fixture, more: &[&str]) -> Served {
    let args = [&["dashboard", "--json", "--listen", "127.0.0.1:0"], more].concat();
    let mut command = fixture.command(&args);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    out.read_line(&mut line).unwrap();
    let told: Value = serde_json::from_str(&line).unwrap_or_else(|e| panic!("{e}: {line:?}"));
    let url = told["url"].as_str().unwrap();
    let address = url
        .strip_prefix("http://")
        .and_then(|rest| rest.strip_suffix('/'));
    Served {
        child,
        address: address.unwrap().parse().unwrap(),
    }
}

/// Status, head and body of what is answered to `request`.
fn send(to: SocketAddr, request: &str) -> (u16, String, String) {
    let mut stream = TcpStream::connect(to).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(120)))
        .unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut all = Vec::new();
    stream.read_to_end(&mut all).unwrap();
    let all = String::from_utf8(all).unwrap();
    let (head, body) = all.split_once("\r\n\r\n").unwrap_or((&all, ""));
    let status = head
        .split(' ')
        .nth(1)
        .and_then(|s| s.parse().ok())
        .unwrap_or(0);
    (status, head.to_owned(), body.to_owned())
}

fn get(to: SocketAddr, path: &str) -> (u16, String, String) {
    send(to, &format!("GET {path} HTTP/1.1\r\nHost: {to}\r\n\r\n"))
}

fn json(to: SocketAddr, path: &str) -> Value {
    let (status, _, body) = get(to, path);
    assert_eq!(status, 200, "{path}: {body}");
    serde_json::from_str(&body).unwrap()
}

/// Sends SIGTERM; the exit code.
fn stop(served: &mut Served) -> Option<i32> {
    let id = served.child.id().to_string();
    std::process::Command::new("kill").arg(id).status().unwrap();
    let begun = Instant::now();
    loop {
        if let Some(status) = served.child.try_wait().unwrap() {
            return status.code();
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "it does not end");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// A league of 40 games in the folder `run`.
fn league_in(fixture: &Fixture) {
    let run = fixture.path("run");
    let mut storage = Storage::create(&StorageUrl::in_run(&run)).unwrap();
    let league = League::new(LeagueConfig::default(), 3, "supervised.safetensors").unwrap();
    storage.create_league(&league).unwrap();
    let game = |n: u64| GameRow {
        result: GameResult {
            kind: GameKind::Training,
            player: PlayerId(1),
            opponent: SUPERVISED,
            outcome: [Outcome::Loss, Outcome::Win][usize::from(!n.is_multiple_of(4))],
            player_z: None,
            opponent_z: None,
        },
        match_number: Some(n),
        branch: None,
        player_version: 0,
        opponent_version: 0,
        map: "Flat64".into(),
        seed: n,
        loops: 500,
        ended_ms: 1 + n,
    };
    let games: Vec<GameRow> = (0..40).map(game).collect();
    storage.record_games(&games).unwrap();
    let player = run.join("players/main");
    std::fs::create_dir_all(&player).unwrap();
    let rows = (1..=3000)
        .map(|n| format!("{{\"step\":{n},\"train_seconds\":{n},\"values\":{{\"loss\":{n}.5}}}}\n"));
    // The last row is being written.
    let text: String = rows.collect::<String>() + "{\"step\":3001,\"tra";
    std::fs::write(player.join("metrics.jsonl"), text).unwrap();
}

#[test]
fn a_leagues_folder_is_served_until_sigterm() {
    let fixture = Fixture::new();
    league_in(&fixture);
    let mut served = serve(&fixture, &["run", "--replays", &own_replays()]);
    let to = served.address;
    let (status, head, page) = get(to, "/");
    assert_eq!(status, 200);
    let head = head.to_lowercase();
    assert!(
        head.contains("content-type: text/html")
            && head.contains("content-security-policy: default-src 'none'"),
        "{head}"
    );
    assert!(!head.contains("access-control"), "{head}");
    assert!(page.starts_with("<!doctype html>") && page.contains("</html>"));
    let elsewhere = page.replace("http://www.w3.org/2000/svg", "");
    assert!(
        !elsewhere.contains("http://") && !elsewhere.contains("https://"),
        "the page names another place"
    );
    let overview = json(to, "/api/overview");
    assert_eq!(
        (&overview["run"]["kind"], &overview["step"]),
        (&"league".into(), &3000.into())
    );
    let metrics = json(to, "/api/metrics?player=main");
    let points = metrics["series"]["loss"].as_array().unwrap();
    assert!((1000..=2000).contains(&points.len()), "{}", points.len());
    assert_eq!(metrics["thinned"], true);
    let league = json(to, "/api/league");
    assert_eq!(league["league"]["matches"], 40);
    assert_eq!(league["league"]["payoff"]["win_rates"][1][0], 0.75);
    let games = json(to, "/api/games?limit=30");
    let games = games["games"].as_array().unwrap();
    assert_eq!(games.len(), 30);
    // Files were written long after 1970, which the league's games ended in.
    assert!(
        games[0]["kind"] == "replay" && games[29]["kind"] == "training",
        "{games:?}"
    );
    let (status, head, text) = get(to, "/metrics");
    assert!(status == 200 && head.contains("version=0.0.4"), "{head}");
    assert!(
        text.lines().any(|l| l == "scc_step{player=\"main\"} 3000"),
        "{text}"
    );
    assert_eq!(stop(&mut served), Some(0));
}

#[test]
fn the_address_comes_first_as_text_too() {
    let fixture = Fixture::new();
    let mut command = fixture.command(&["dashboard", "--replays", ".", "--listen", "127.0.0.1:0"]);
    let child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut served = Served {
        child,
        address: SocketAddr::from(([127, 0, 0, 1], 0)),
    };
    let mut line = String::new();
    BufReader::new(served.child.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    assert!(
        line.starts_with("http://127.0.0.1:") && line.ends_with("/\n"),
        "{line:?}"
    );
    assert_eq!(stop(&mut served), Some(0));
}

/// A real run, looked at from its first moment to its end.
#[cfg(feature = "torch")]
#[test]
fn a_run_that_goes_on_is_shown_until_it_ends() {
    const SMOKE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/configs/smoke.toml");
    let fixture = Fixture::new();
    #[rustfmt::skip]
    let mut training = fixture.command(&[
        "train", "--stage", "imitation", "--config", SMOKE, "--out", "run", "--threads", "2",
        "--set", "demonstrations.games=2", "--set", "stages.0.steps_max=24",
        "--set", "train.checkpoint_every_minutes=0.0001", "--set", "train.metrics_every_steps=1",
    ]);
    let mut training = training
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    while !fixture.path("run/config.toml").exists() {
        assert!(begun.elapsed() < Duration::from_secs(120), "no run begins");
        std::thread::sleep(Duration::from_millis(10));
    }
    let mut served = serve(&fixture, &["run"]);
    let to = served.address;
    let mut states = Vec::new();
    let overview = loop {
        let overview = json(to, "/api/overview");
        for path in ["/api/league", "/api/games", "/metrics", "/"] {
            assert_eq!(get(to, path).0, 200, "{path}");
        }
        let state = overview["run"]["state"].as_str().unwrap().to_owned();
        if states.last() != Some(&state) {
            states.push(state.clone());
        }
        let is_over = training.try_wait().unwrap().is_some();
        if is_over && state == "finished" {
            break overview;
        }
        assert!(begun.elapsed() < Duration::from_secs(600), "{states:?}");
        std::thread::sleep(Duration::from_millis(50));
    };
    assert!(states.contains(&"running".to_owned()), "{states:?}");
    let result = std::fs::read_to_string(fixture.path("run/result.json")).expect("written");
    let result: serde_json::Value = serde_json::from_str(&result).expect("JSON");
    assert_eq!(
        (&overview["run"]["kind"], &overview["step"]),
        (&"imitation".into(), &result["steps"])
    );
    assert!(
        overview["run"]["result"]["rows"]
            .as_array()
            .is_some_and(|rows| !rows.is_empty())
    );
    let loss = json(to, "/api/metrics")["series"]["loss"]
        .as_array()
        .map_or(0, Vec::len);
    assert_eq!(Some(loss as u64), result["steps"].as_u64());
    let games = json(to, "/api/games");
    assert_eq!(
        games["games"].as_array().unwrap().len(),
        2,
        "its demonstrations"
    );
    assert_eq!(stop(&mut served), Some(0));
}
