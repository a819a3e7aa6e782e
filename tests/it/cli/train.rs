//! `scc train`: a whole small run, one that is interrupted or killed, and refusals. Locks and lost work: `it/train.rs`.

use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::Fixture;

const SMOKE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/configs/smoke.toml");

/// Arguments of a run into `out`, with `more`.
fn train<'a>(out: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let mut args = vec![
        "train",
        "--stage",
        "imitation",
        "--config",
        SMOKE,
        "--out",
        out,
        "--threads",
        "1",
    ];
    args.extend(more);
    args
}

/// The rows of a summary without what depends on the clock and on where the run lies.
fn timeless(summary: &Value) -> Vec<(Value, Value, Value)> {
    let rows = summary["rows"].as_array().expect("a final table");
    rows.iter()
        .map(|row| {
            (
                row["opponent"].clone(),
                row["mean_loops"].clone(),
                row["state_hash"].clone(),
            )
        })
        .collect()
}

/// Waits until `path` exists while `child` runs; whether it does.
fn wait_for(path: &Path, child: &mut Child) -> bool {
    let deadline = Instant::now() + Duration::from_secs(120);
    while Instant::now() < deadline && child.try_wait().unwrap().is_none() {
        if path.exists() {
            return true;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    path.exists()
}

fn start(fixture: &Fixture, args: &[&str]) -> Child {
    fixture
        .command(args)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

fn signal(name: &str, child: &Child) {
    std::process::Command::new("kill")
        .args([name, &child.id().to_string()])
        .status()
        .unwrap();
}

#[test]
fn a_run_makes_an_agent_that_plays_and_says_no_to_damaged_checkpoints() {
    let fixture = Fixture::new();
    let summary = fixture.json(&train("run", &["--json"]));
    assert_eq!(summary["finished"], true, "{summary}");
    for file in [
        "config.toml",
        "manifest.json",
        "metrics.jsonl",
        "result.json",
        "report.html",
        "tensorboard",
    ] {
        assert!(
            fixture.path("run").join(file).exists(),
            "the run folder lacks {file}"
        );
    }
    let checkpoint = fixture.path(summary["checkpoint"].as_str().unwrap());
    let play = |spec: &str, more: &[&str]| {
        let spec = format!("checkpoint:{spec}");
        let base = [
            "match",
            "--agent",
            &spec,
            "--opponent",
            "builtin:VeryEasy:terran",
            "--map",
            "Flat64",
            "--games",
            "2",
            "--max-loops",
            "500",
        ];
        fixture.run(&[&base[..], more].concat())
    };
    let one = play(checkpoint.to_str().unwrap(), &["--json", "--threads", "1"]);
    let many = play(checkpoint.to_str().unwrap(), &["--json", "--threads", "2"]);
    let hash = |ran: &super::Ran| {
        serde_json::from_str::<Value>(&ran.stdout).unwrap()["rows"][0]["state_hash"].clone()
    };
    assert_eq!(
        (one.code, hash(&one)),
        (Some(0), hash(&many)),
        "{}",
        one.stderr
    );

    let bytes = std::fs::read(&checkpoint).unwrap();
    let damage: [(&str, Vec<u8>); 3] = [
        ("empty", Vec::new()),
        ("half", bytes[..bytes.len() / 2].to_vec()),
        ("text", b"no checkpoint at all".to_vec()),
    ];
    for (name, content) in damage {
        std::fs::write(fixture.path(name), content).unwrap();
        let ran = play(name, &[]);
        assert!(
            ran.code == Some(2) && ran.stderr.contains(name) && !ran.stderr.contains("panicked"),
            "{name}: {}",
            ran.stderr
        );
        fixture.refused(&train("other", &["--init", name]), name);
    }
    fixture.refused(&train("run", &[]), "--resume");
    assert_eq!(
        std::fs::read(&checkpoint).unwrap(),
        bytes,
        "a refused run changes nothing"
    );
}

#[test]
fn an_interrupted_or_killed_run_goes_on_to_the_same_end() {
    let fixture = Fixture::new();
    let straight = fixture.json(&train("straight", &["--json"]));
    for (sent, out) in [("-INT", "interrupted"), ("-KILL", "killed")] {
        let mut child = start(&fixture, &train(out, &[]));
        wait_for(&fixture.path(out).join("dataset"), &mut child);
        signal(sent, &child);
        let status = child.wait().unwrap();
        // A run that was through before the signal came is no failure of ours; resuming it must work all the same.
        assert!(
            sent == "-KILL" || matches!(status.code(), Some(0 | 1)),
            "{status}"
        );
        let resumed = fixture.json(&[
            "train",
            "--stage",
            "imitation",
            "--resume",
            out,
            "--threads",
            "1",
            "--json",
        ]);
        assert_eq!(resumed["finished"], true, "{out}: {resumed}");
        assert_eq!(timeless(&resumed), timeless(&straight), "{out}");
    }
}

#[test]
fn settings_are_checked_before_any_work() {
    let fixture = Fixture::new();
    fixture.refused(&train("run", &["--set", "no.such.key=1"]), "no");
    fixture.refused(&train("run", &["--set", "train.batch=0"]), "train.batch");
    fixture.refused(&train("run", &["--set", "map=Atlantis"]), "Atlantis");
    fixture.refused(&train("run", &["--game", "sc2"]), "simulator");
    fixture.refused(&train("run", &["--init", "nowhere"]), "nowhere");
    fixture.refused(&["train", "--stage", "league"], "imitation");
    fixture.refused(
        &["train", "--stage", "imitation", "--resume", "nowhere"],
        "nowhere",
    );
    assert!(
        !fixture.path("run/demonstrations").exists(),
        "nothing was played"
    );
}
