//! `scc schedule` with the real binary: due matches, kills, locks, alerts, checkpoints, what is refused.

mod alerts;
mod faults;
mod refusals;
mod server;
mod shipped;

use std::path::Path;
use std::process::Child;
use std::time::{Duration, Instant};

use scc::league::Outcome;
use scc::storage::{RunKey, ScheduledGame, Storage, StorageUrl};
use xxhash_rust::xxh3::Xxh3;

use crate::cli::{Fixture, Ran};

/// A match of games that end in a tie by a limit: nobody needs to win here.
const MATCH: &str = "
[[match]]
name = \"m\"
agent = \"scripted:marine\"
opponents = [\"builtin:VeryEasy:terran\", \"random:terran\"]
maps = [\"Flat64\"]
";

/// A folder with the schedule `s.toml`: one match that was due some minutes ago, and will not be soon.
fn fixture(more: &str) -> Fixture {
    let fixture = Fixture::new();
    let due = jiff::Timestamp::now() - jiff::SignedDuration::from_mins(5);
    let cron = due.strftime("%M %H %d %m *");
    write(&fixture, &format!("{MATCH}cron = \"{cron}\"\n{more}"));
    fixture
}

fn write(fixture: &Fixture, text: &str) {
    std::fs::write(fixture.path("s.toml"), text).expect("writable");
}

fn storage(fixture: &Fixture) -> Storage {
    Storage::open(&StorageUrl::Sqlite(fixture.path("s.db"))).expect("a database")
}

fn games(fixture: &Fixture) -> Vec<ScheduledGame> {
    storage(fixture).scheduled_games("s").expect("readable")
}

/// Runs, and gives the JSON document whatever the exit code.
fn document(fixture: &Fixture, args: &[&str]) -> (Ran, serde_json::Value) {
    let ran = fixture.run(args);
    let document = serde_json::from_str(&ran.stdout);
    let document = document.unwrap_or_else(|e| panic!("{e}: {}\n{}", ran.stdout, ran.stderr));
    (ran, document)
}

/// Waits until `is_so`, for a minute at most.
fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < Duration::from_secs(60), "{what}");
        std::thread::sleep(Duration::from_millis(30));
    }
}

fn terminate(child: &Child) {
    let pid = rustix::process::Pid::from_child(child);
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).expect("it runs");
}

#[test]
fn what_is_due_is_played_once_recorded_and_told() {
    let fixture = fixture("games = 4\nmax_loops = 400\n");
    let text = std::fs::read_to_string(fixture.path("s.toml")).unwrap();
    write(&fixture, &format!("replays = \"games\"\n{text}"));
    let next = fixture.json(&["schedule", "next", "s.toml", "-n", "2", "--json"]);
    let next = next.as_array().unwrap();
    assert_eq!(next.len(), 3, "{next:?}");
    assert_eq!(
        (&next[0]["is_due"], &next[0]["games"]),
        (&true.into(), &8.into())
    );
    assert!(next[1]["due"].as_str() < next[2]["due"].as_str());
    let summary = fixture.json(&["schedule", "run", "s.toml", "--once", "--json"]);
    assert_eq!(summary["runs"][0]["state"], "done");
    assert_eq!(summary["runs"][0]["ties"], 8, "{summary}");
    let again = fixture.json(&["schedule", "run", "s.toml", "--once", "--json"]);
    assert_eq!(again["runs"].as_array().unwrap().len(), 0, "nothing twice");
    let games = games(&fixture);
    assert_eq!(games.len(), 8);
    for game in &games {
        assert!(fixture.path(&game.replay).is_file(), "{}", game.replay);
        assert!(game.program.starts_with("scc ") && game.game_version.contains("4.10"));
        assert_eq!(
            (game.loops, game.outcome, game.seat as u32),
            (400, Outcome::Draw, game.game % 2)
        );
    }
    let status = fixture.json(&["schedule", "status", "s.toml", "--json"]);
    assert_eq!(
        status["matches"][0]["last"]["due"],
        summary["runs"][0]["due"]
    );
    assert!(status["playing"].is_null());
    let out = [
        "schedule",
        "report",
        "s.toml",
        "--json",
        "--out",
        "page.html",
    ];
    let report = fixture.json(&out);
    assert_eq!(report["matches"][0]["rows"].as_array().unwrap().len(), 2);
    assert_eq!(report["matches"][0]["rows"][1]["points"][0]["games"], 4);
    let page = std::fs::read_to_string(fixture.path("page.html")).unwrap();
    assert!(page.contains("<table>") && page.contains("random:terran"));
    the_same_as_a_match(&fixture, &games, (1, "random:terran"), "400");
}

/// The games of a row are those that `scc match` plays by the row's seed.
fn the_same_as_a_match(
    fixture: &Fixture,
    games: &[ScheduledGame],
    (plan_row, opponent): (u32, &str),
    max_loops: &str,
) {
    let row: Vec<&ScheduledGame> = games.iter().filter(|g| g.plan_row == plan_row).collect();
    let seed = row[0].seed.to_string();
    let n = row.len().to_string();
    let mut args = vec![
        "match",
        "--json",
        "--agent",
        "scripted:marine",
        "--opponent",
        opponent,
    ];
    args.extend([
        "--map",
        "Flat64",
        "--games",
        &n,
        "--max-loops",
        max_loops,
        "--seed",
        &seed,
    ]);
    let table = fixture.json(&args);
    let mut hasher = Xxh3::new();
    for game in row {
        hasher.update(&game.state_hash.to_le_bytes());
    }
    assert_eq!(
        table["rows"][0]["state_hash"],
        format!("{:016x}", hasher.digest())
    );
}

/// Plays what is due on two threads, in the background.
fn start_once(fixture: &Fixture) -> Child {
    let mut command = fixture.command(&["schedule", "run", "s.toml", "--once", "--threads", "2"]);
    command
        .stderr(std::process::Stdio::null())
        .stdout(std::process::Stdio::null());
    command.spawn().expect("it starts")
}

/// SIGTERM ends it within seconds.
fn stop_in_time(child: &mut Child) {
    terminate(child);
    // Batch systems tell a process twice: itself, and by its parent.
    terminate(child);
    let asked = Instant::now();
    let status = child.wait().expect("it ended");
    assert_eq!(status.code(), Some(1), "stopped, not done");
    assert!(
        asked.elapsed() < Duration::from_secs(10),
        "{:?}",
        asked.elapsed()
    );
}

#[test]
fn a_killed_schedule_loses_no_game_and_plays_none_twice() {
    let fixture = fixture("games = 12\nmax_loops = 2500\n");
    let count = || match fixture.path("s.db").exists() {
        true => reading(&fixture).len(),
        false => 0,
    };
    let mut before: Vec<ScheduledGame> = Vec::new();
    for (kill, so_many) in [3, 8, 13].into_iter().enumerate() {
        let mut child = start_once(&fixture);
        wait_until("games are played", || count() >= so_many);
        // Twice SIGKILL, which nobody can catch; once SIGTERM.
        if kill == 1 {
            stop_in_time(&mut child);
        } else {
            child.kill().expect("it runs");
            child.wait().expect("it ended");
        }
        let now = games(&fixture);
        assert!(
            before.iter().all(|game| now.contains(game)),
            "what was there stays as it was"
        );
        assert!(
            now.len() >= so_many && now.len() < 24,
            "{} games",
            now.len()
        );
        before = now;
    }
    let summary = fixture.json(&["schedule", "run", "s.toml", "--once", "--json"]);
    assert_eq!(summary["runs"].as_array().unwrap().len(), 1);
    let after = games(&fixture);
    assert!(before.iter().all(|game| after.contains(game)));
    let keys: Vec<(u32, u32)> = after.iter().map(|g| (g.plan_row, g.game)).collect();
    let expected: Vec<(u32, u32)> = (0..2).flat_map(|r| (0..12).map(move |g| (r, g))).collect();
    assert_eq!(keys, expected, "every game once");
    // And they are the games of a match that nobody stopped.
    the_same_as_a_match(&fixture, &after, (0, "builtin:VeryEasy:terran"), "2500");
}

/// The games so far, read beside a process that writes.
fn reading(fixture: &Fixture) -> Vec<ScheduledGame> {
    let at = StorageUrl::Sqlite(fixture.path("s.db"));
    let read = Storage::open_to_read(&at).and_then(|mut s| s.scheduled_games("s"));
    // While the tables are being made there are none.
    read.unwrap_or_default()
}

fn weights(byte: u8) -> Vec<u8> {
    use safetensors::tensor::{Dtype, TensorView, serialize};
    let data = [byte; 16];
    let view = TensorView::new(Dtype::U8, vec![16], &data).expect("a tensor");
    serialize([("w", view)], None).expect("serializes")
}

fn checkpoint(folder: &Path, name: &str, byte: u8) {
    std::fs::create_dir_all(folder).expect("a folder");
    let path = folder.join(format!("{name}.safetensors"));
    scc::files::write_atomic(&path, &weights(byte)).expect("writable");
}

fn following(games: u32) -> String {
    format!(
        "{MATCH}on = \"checkpoint\"\nrun = \"run\"\ncheckpoints = \"step-*\"\ngames = {games}\nmax_loops = 200\n"
    )
}

#[test]
fn a_run_is_followed_checkpoint_by_checkpoint() {
    let fixture = Fixture::new();
    write(&fixture, &following(2));
    let played = || {
        let summary = fixture.json(&["schedule", "run", "s.toml", "--once", "--json"]);
        summary["runs"].as_array().unwrap().len()
    };
    assert_eq!(played(), 0, "no run yet");
    let folder = fixture.path("run/checkpoints");
    checkpoint(&folder, "step-1", 1);
    checkpoint(&folder, "other", 7);
    std::fs::write(folder.join("step-half.safetensors"), &weights(5)[..20]).unwrap();
    assert_eq!(played(), 1);
    assert_eq!(played(), 0, "the same is not new");
    checkpoint(&folder, "step-2", 2);
    checkpoint(&folder, "step-1", 3);
    std::fs::write(folder.join("step-half.safetensors"), weights(5)).unwrap();
    let next = fixture.json(&["schedule", "next", "s.toml", "--json"]);
    let due = next
        .as_array()
        .unwrap()
        .iter()
        .filter(|n| n["is_due"] == true);
    assert_eq!(due.count(), 3, "{next}");
    assert_eq!(
        played(),
        3,
        "a new one, one that took another's name, one that is whole now"
    );
    assert_eq!(games(&fixture).len(), 4 * 4);
    let left = std::fs::read_dir(fixture.path("s.checkpoints"))
        .unwrap()
        .count();
    assert_eq!(left, 0, "copies are deleted when they were played");
}

#[test]
fn one_process_plays_a_file_and_stops_when_it_is_told() {
    let fixture = Fixture::new();
    write(&fixture, &following(1));
    let mut command = fixture.command(&["schedule", "run", "s.toml"]);
    let mut child = command
        .stderr(std::process::Stdio::null())
        .spawn()
        .expect("it starts");
    let playing = || fixture.json(&["schedule", "status", "s.toml", "--json"])["playing"].clone();
    let id = child.id().to_string();
    wait_until("it has the lock", || playing() == id);
    fixture.refused(
        &["schedule", "run", "s.toml", "--once"],
        &child.id().to_string(),
    );
    fixture.refused(&["schedule", "run", "s.toml", "--now", "m"], "being played");
    checkpoint(&fixture.path("run/checkpoints"), "step-9", 9);
    wait_until("the checkpoint is played", || reading(&fixture).len() == 2);
    terminate(&child);
    let asked = Instant::now();
    assert_eq!(child.wait().expect("it ended").code(), Some(0));
    assert!(
        asked.elapsed() < Duration::from_secs(10),
        "{:?}",
        asked.elapsed()
    );
    assert!(playing().is_null());
}

#[test]
fn a_match_that_lost_its_weights_does_not_stop_the_others() {
    let fixture = Fixture::new();
    let due = jiff::Timestamp::now() - jiff::SignedDuration::from_mins(5);
    let cron = due.strftime("%M %H %d %m *");
    let maps = "Flat64";
    write(
        &fixture,
        &format!(
            "[defaults]\ncron = \"{cron}\"\nmaps = [\"{maps}\"]\ngames = 1\nmax_loops = 60\nagent = \"scripted:marine\"\n\
        opponents = [\"random:terran\"]\n[[match]]\nname = \"a\"\n[[match]]\nname = \"b\"\n"
        ),
    );
    // A run of `a` that was begun with an agent that is no more.
    let mut storage = Storage::create(&StorageUrl::Sqlite(fixture.path("s.db"))).unwrap();
    let plan = "{\"settings\":{\"game\":\"sim\",\"game_version\":\"\",\"max_loops\":60,\"temperature\":1.0},\"game_timeout\":60.0,\
        \"league\":\"\",\"games\":1,\"rows\":[{\"agent\":\"x\",\"plays\":\"scripted:gone\",\"opponent\":\"random:terran\",\"map\":\"Flat64\",\
        \"seed\":1,\"agent_hash\":\"\"}],\"checkpoint\":\"\"}";
    let key = RunKey {
        schedule: "s".into(),
        match_name: "a".into(),
        due: "before".into(),
    };
    storage.begin_run(&key, 1, plan).unwrap();
    drop(storage);
    let (ran, summary) = document(&fixture, &["schedule", "run", "s.toml", "--once", "--json"]);
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    let states: Vec<&str> = summary["runs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| r["state"].as_str().unwrap())
        .collect();
    assert_eq!(states, ["abandoned", "done", "done"]);
    assert!(
        summary["runs"][0]["detail"]
            .as_str()
            .unwrap()
            .contains("gone")
    );
}

/// Checkpoints take the same way as in `scc match`.
#[cfg(feature = "torch")]
#[test]
fn a_trained_agent_plays_every_new_checkpoint() {
    let fixture = Fixture::new();
    let kept =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("agents/marine-flat64/weights.safetensors");
    let text = MATCH.replace("agent = \"scripted:marine\"\n", "");
    write(
        &fixture,
        &format!(
            "{text}on = \"checkpoint\"\nrun = \"run\"\ntemperature = 0.7\ngames = 2\nmax_loops = 120\n"
        ),
    );
    std::fs::create_dir_all(fixture.path("run/checkpoints")).unwrap();
    std::fs::copy(kept, fixture.path("run/checkpoints/best.safetensors")).unwrap();
    let summary = fixture.json(&["schedule", "run", "s.toml", "--once", "--json"]);
    assert_eq!(summary["runs"][0]["games"], 4, "{summary}");
    let games = games(&fixture);
    assert!(games.iter().all(|g| g.agent_hash.len() == 64), "{games:?}");
    let seed = games[0].seed.to_string();
    let path = fixture
        .path("run/checkpoints/best.safetensors")
        .display()
        .to_string();
    let agent = format!("checkpoint:{path}");
    let mut args = vec![
        "match",
        "--json",
        "--agent",
        &agent,
        "--opponent",
        "builtin:VeryEasy:terran",
    ];
    args.extend([
        "--map",
        "Flat64",
        "--games",
        "2",
        "--max-loops",
        "120",
        "--temperature",
        "0.7",
        "--seed",
        &seed,
    ]);
    let table = fixture.json(&args);
    let mut hasher = Xxh3::new();
    for game in games.iter().filter(|g| g.plan_row == 0) {
        hasher.update(&game.state_hash.to_le_bytes());
    }
    assert_eq!(
        table["rows"][0]["state_hash"],
        format!("{:016x}", hasher.digest())
    );
}
