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
    fixture.refused(&["train", "--stage", "sleep"], "imitation");
    for stage in ["rl", "league"] {
        // The default config's agent comes with the repository, which is not here.
        fixture.refused(&["train", "--stage", stage], "agents/marine-flat64");
    }
    fixture.refused(
        &["train", "--stage", "imitation", "--resume", "nowhere"],
        "nowhere",
    );
    assert!(
        !fixture.path("run/demonstrations").exists(),
        "nothing was played"
    );
}

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

fn sets<'a>(more: &[&'a str]) -> Vec<&'a str> {
    let all = SHORT.iter().copied().chain(more.iter().copied());
    all.flat_map(|set| ["--set", set]).collect()
}

#[test]
fn an_imitation_agent_goes_on_by_reinforcement_learning_and_in_a_league() {
    let fixture = Fixture::new();
    let imitation = fixture.json(&train("run", &["--json"]));
    let init = imitation["checkpoint"].as_str().unwrap().to_owned();
    let rl = [
        "train",
        "--stage",
        "rl",
        "--init",
        &init,
        "--out",
        "rl",
        "--threads",
        "2",
        "--json",
    ];
    let short = sets(&[
        "train.steps_max=2",
        "evaluation.games=0",
        "evaluation.every_minutes=0",
        "evaluation.final_opponents=[]",
        "evaluation.final_games=2",
    ]);
    let learned = fixture.json(&[&rl[..], &short].concat());
    assert_eq!(
        (&learned["finished"], &learned["steps"]),
        (&true.into(), &2.into())
    );
    assert_eq!(learned["rows"].as_array().map(Vec::len), Some(1));
    assert!(learned["elo"]["ci95"][1].as_f64() > learned["elo"]["ci95"][0].as_f64());

    let checkpoint = learned["checkpoint"].as_str().unwrap();
    let league = [
        "train",
        "--stage",
        "league",
        "--init",
        checkpoint,
        "--out",
        "league",
        "--threads",
        "2",
        "--json",
    ];
    let short = sets(&[
        "train.steps_max=4",
        "payoff.games=1",
        "train.report_every_steps=1",
    ]);
    let trained = fixture.json(&[&league[..], &short].concat());
    assert_eq!(trained["finished"], true, "{trained}");
    assert!(trained["games"].as_u64() > Some(0));
    let status = fixture.json(&["league", "status", "league", "--json"]);
    let names: Vec<&str> = status["players"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|p| p["name"].as_str())
        .collect();
    for name in ["supervised", "main", "main-exploiter", "league-exploiter"] {
        assert!(names.contains(&name), "{names:?}");
    }
    let refused = fixture.run(&["train", "--stage", "rl", "--storage", "sqlite://x.db"]);
    assert_eq!(refused.code, Some(2), "{}", refused.stderr);
    assert!(
        refused.stderr.contains("--stage league"),
        "{}",
        refused.stderr
    );
}

/// `scc replay extract`, then `demonstrations.dataset`: the run that one from the replays themselves is.
#[test]
fn a_run_learns_from_an_extracted_dataset_as_from_its_replays() {
    let fixture = Fixture::new();
    let games = [
        "match",
        "--agent",
        "scripted:marine",
        "--opponent",
        "scripted:bio",
        "--map",
        "Flat64",
        "--games",
        "2",
        "--max-loops",
        "1500",
        "--save-replays",
        "games",
        "--json",
    ];
    fixture.json(&games);
    let from = |key: &str, out: &str| {
        let set = format!("demonstrations.{key}");
        timeless(&fixture.json(&train(out, &["--json", "--set", &set])))
    };
    let extract = [
        "replay", "extract", "games", "--config", SMOKE, "--out", "data", "--json",
    ];
    let report = fixture.json(&extract);
    assert_eq!(
        (&report["episodes"], &report["finished"]),
        (&4.into(), &true.into())
    );
    assert_eq!(from("dataset=data", "a"), from("replays=games", "b"));
    assert!(!fixture.path("a/demonstrations").exists() && !fixture.path("a/dataset").exists());
    let refused = |sets: [&str; 2], words: &str| {
        let args = train(words, &["--set", sets[0], "--set", sets[1]]);
        fixture.refused(&args, words);
    };
    let own = "demonstrations.dataset=data";
    refused(
        [own, "demonstrations.replays=games"],
        "leave one of them empty",
    );
    refused([own, "obs.units_max=[100, 100, 100]"], "another encoding");
    refused(["demonstrations.dataset=nowhere", "seed=2"], "nowhere");
}
