//! `scc train --game sc2`: evaluation, reinforcement learning and a league on games over the API, some of which are killed.

use super::Installed;
use super::commands::{games_running, scc, signal};
use serde_json::Value;
use std::process::{Child, Output, Stdio};
use std::time::{Duration, Instant};

const SMOKE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/configs/smoke.toml");
/// What makes a run of seconds of the committed configs.
const SHORT: &[&str] = &[
    "games.at_once=2",
    "games.loops_max=400",
    "learner.samples=32",
    "learner.unroll=8",
    "learner.minibatch=4",
    "train.minutes_max=0",
    "evaluation.loops_max=400",
];

fn start(installed: &Installed, stage: &str, args: &[&str], sets: &[&str]) -> Child {
    let mut words = vec!["train", "--stage", stage, "--threads", "2", "--json"];
    words.extend(args);
    words.extend(sets.iter().flat_map(|set| ["--set", set]));
    let mut command = scc(installed, &words);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().unwrap()
}

fn summary(out: &Output) -> Value {
    let told = String::from_utf8_lossy(&out.stderr);
    assert_eq!(out.status.code(), Some(0), "{told}");
    serde_json::from_slice(&out.stdout).unwrap()
}

/// An imitation agent of seconds, its table played in this arena.
fn imitation(installed: &Installed, game: &str) -> Value {
    let args = ["--config", SMOKE, "--game", game, "--out", game];
    summary(
        &start(installed, "imitation", &args, &[])
            .wait_with_output()
            .unwrap(),
    )
}

/// Kills the games of a run, twice: a game that dies before it begins at every try, of which there are three, ends the run.
fn kill_games_of(child: &mut Child, installed: &Installed, run: &str) {
    // Before the run has begun, a game that cannot be had is an error.
    let (run, since) = (installed.folder().join(run), Instant::now());
    while !run.exists() && since.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(20));
    }
    for _ in 0..2 {
        // A run that is through by then needs no more.
        if child.try_wait().unwrap().is_none() {
            for id in games_running(installed, 1) {
                signal("-KILL", id);
            }
        }
        std::thread::sleep(Duration::from_millis(400));
    }
}

#[test]
fn training_runs_over_the_api_and_survives_games_that_are_killed() {
    let installed = Installed::new();
    let (over_api, embedded) = (imitation(&installed, "sc2"), imitation(&installed, "sim"));
    let rows = |summary: &Value| {
        let rows = summary["rows"].as_array().unwrap().clone();
        let plain = rows
            .into_iter()
            .map(|row| (row["mean_loops"].clone(), row["view_hash"].clone()));
        plain.collect::<Vec<_>>()
    };
    assert_eq!(rows(&over_api), rows(&embedded));

    let init = over_api["checkpoint"].as_str().unwrap();
    let args = ["--init", init, "--out", "rl", "--game", "sc2"];
    let sets = [
        SHORT,
        &[
            "train.steps_max=30",
            "evaluation.games=0",
            "evaluation.every_minutes=0",
            "evaluation.final_opponents=[]",
            "evaluation.final_games=2",
        ],
    ]
    .concat();
    let mut child = start(&installed, "rl", &args, &sets);
    kill_games_of(&mut child, &installed, "rl");
    let out = child.wait_with_output().unwrap();
    let learned = summary(&out);
    assert_eq!(
        (&learned["finished"], &learned["steps"]),
        (&true.into(), &30.into())
    );
    let told = String::from_utf8_lossy(&out.stderr);
    assert!(
        told.contains("is lost") || told.contains("once more"),
        "{told}"
    );
    let metrics = std::fs::read_to_string(installed.folder().join("rl/metrics.jsonl")).unwrap();
    assert!(metrics.contains("games_lost"), "{metrics}");

    let args = ["--init", init, "--out", "league", "--game", "sc2"];
    let sets = [
        SHORT,
        &[
            "train.steps_max=4",
            "payoff.games=1",
            "train.report_every_steps=1",
        ],
    ]
    .concat();
    let trained = summary(
        &start(&installed, "league", &args, &sets)
            .wait_with_output()
            .unwrap(),
    );
    assert_eq!(trained["finished"], true, "{trained}");
    let since = Instant::now();
    installed.nothing_left();
    assert!(since.elapsed() < Duration::from_secs(5));
}
