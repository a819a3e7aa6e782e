//! Training with the real binary: killed in the middle, resumed, two runs on one folder.

use super::cli::Fixture;
use std::path::Path;
use std::time::{Duration, Instant};

const SMOKE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/configs/smoke.toml");

fn wait_for(what: &str, mut done: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !done() {
        assert!(
            begun.elapsed() < Duration::from_secs(300),
            "waited for {what}"
        );
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn lines(path: &Path) -> usize {
    std::fs::read_to_string(path).map_or(0, |text| text.lines().count())
}

/// Two games, 24 steps, a checkpoint after each.
#[rustfmt::skip]
const ARGS: &[&str] = &[
    "train", "--stage", "imitation", "--config", SMOKE, "--out", "run", "--threads", "2",
    "--set", "demonstrations.games=2", "--set", "stages.0.steps_max=24",
    "--set", "train.checkpoint_every_minutes=0.0001", "--set", "evaluation.every_steps=0",
    "--set", "train.metrics_every_steps=1",
];
const RESUME: &[&str] = &["train", "--stage", "imitation", "--resume", "run"];
const AGENT: &str = "checkpoint:run/checkpoints/best.safetensors";

#[test]
fn a_run_killed_without_warning_goes_on_and_ends() {
    let fixture = Fixture::new();
    let mut first = fixture
        .command(ARGS)
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let run = fixture.dir.path().join("run");
    wait_for("a checkpoint", || {
        run.join("checkpoints/latest.safetensors").exists()
    });
    // The folder is in use: neither a new run nor a resumed one may touch it.
    fixture.refused(ARGS, "in use by process");
    fixture.refused(RESUME, "in use by process");
    wait_for("some more steps", || lines(&run.join("metrics.jsonl")) >= 4);
    // SIGKILL; checkpoints are written after every step, so it falls into or near a write.
    first.kill().unwrap();
    first.wait().unwrap();
    fixture.refused(ARGS, "--resume");
    let resumed = fixture.run(&[RESUME, &["--threads", "2"]].concat());
    assert_eq!(resumed.code, Some(0), "{}", resumed.stderr);
    let told = &resumed.stderr;
    assert!(told.contains("goes on at step"), "{told}");
    for file in ["result.json", "report.html", "checkpoints/best.safetensors"] {
        assert!(run.join(file).exists(), "{file}");
    }
    the_agent_plays_until_its_file_is_cut(&fixture, &run);
}

fn the_agent_plays_until_its_file_is_cut(fixture: &Fixture, run: &Path) {
    let opponent = [
        "match",
        "--agent",
        AGENT,
        "--opponent",
        "builtin:VeryEasy:terran",
    ];
    let short = [
        "--map",
        "Flat64",
        "--games",
        "1",
        "--max-loops",
        "500",
        "--json",
    ];
    let played = fixture.json(&[&opponent[..], &short].concat());
    assert_eq!(played["rows"][0]["games"], 1);
    let path = run.join("checkpoints/best.safetensors");
    let whole = std::fs::read(&path).unwrap();
    std::fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    fixture.refused(&opponent, "best.safetensors");
}
