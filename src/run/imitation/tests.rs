use super::*;
use crate::policy::Checkpoint;
use crate::run::config;
use crate::run::lock::RunLock;
use crate::run::progress::Progress;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

const CONFIG: &str = include_str!("../../../configs/smoke.toml");

/// Stops the run when training reports its `at`-th step.
struct StopAt<'a> {
    stop: &'a AtomicBool,
    at: u64,
    training: AtomicBool,
    last: AtomicU64,
}

impl Progress for StopAt<'_> {
    fn begin(&self, phase: &str, _: u64) {
        self.training
            .store(phase.starts_with("train"), Ordering::Relaxed);
    }

    fn at(&self, done: u64, _: &str) {
        if self.training.load(Ordering::Relaxed) {
            self.last.store(done, Ordering::Relaxed);
            if done >= self.at {
                self.stop.store(true, Ordering::Relaxed);
            }
        }
    }

    fn end(&self, _: &str) {}

    fn note(&self, _: &str) {}
}

fn config(folder: &Path) -> ImitationConfig {
    let path = folder.join("c.toml");
    std::fs::write(&path, CONFIG).unwrap();
    let set = [
        ("demonstrations.games", "2"),
        ("demonstrations.loops_max", "2500"),
        ("train.metrics_every_steps", "1"),
        ("evaluation.every_steps", "3"),
        ("evaluation.games", "1"),
        ("evaluation.final_games", "1"),
        ("evaluation.loops_max", "400"),
        ("stages.0.steps_max", "6"),
    ]
    .map(|(k, v)| (k.to_owned(), v.to_owned()));
    config::load(&path, &set).unwrap()
}

fn go(
    config: &ImitationConfig,
    out: &Path,
    resume: bool,
    stop_at: u64,
) -> Result<RunSummary, RunError> {
    let stop = AtomicBool::new(false);
    let progress = StopAt {
        stop: &stop,
        at: stop_at,
        training: AtomicBool::new(false),
        last: AtomicU64::new(0),
    };
    train_imitation(
        config,
        &RunOptions {
            out: out.to_owned(),
            init: None,
            resume,
            threads: 2,
            stop: &stop,
            arena: crate::env::Arena::Simulator,
            progress: &progress,
        },
    )
}

#[test]
fn a_run_that_stops_and_resumes_ends_with_the_bits_of_one_that_does_not() {
    let dir = tempfile::tempdir().unwrap();
    let mut config = config(dir.path());
    let [straight, parts] = ["straight", "parts"].map(|n| dir.path().join(n));
    let whole = go(&config, &straight, false, u64::MAX).unwrap();
    assert!(
        whole.finished && whole.steps == 8 && whole.rows.len() == 1,
        "{whole:?}"
    );
    // The same games for both: where they come from is no part of what training depends on.
    config.demonstrations.replays = straight.join("demonstrations").display().to_string();
    let mut resume = false;
    for stop_at in [2, 5] {
        let part = go(&config, &parts, resume, stop_at).unwrap();
        assert!(!part.finished && part.steps == stop_at, "{part:?}");
        resume = true;
    }
    let last = go(&config, &parts, true, u64::MAX).unwrap();
    assert!(last.finished);
    let hash = |run: &Path| {
        let file = Checkpoint::open(&saved::last_path(run)).unwrap();
        (file.meta().data_hash, file.meta().adam.clone())
    };
    assert_eq!(
        hash(&straight),
        hash(&parts),
        "weights, optimizer and lanes"
    );
    let rows = crate::run::metrics::read_metrics(&parts.join("metrics.jsonl")).unwrap();
    let losses = rows
        .iter()
        .filter(|r| r.values.contains_key("loss"))
        .count();
    assert_eq!(losses, 8, "each step appears once");
    assert_eq!(whole.rows[0].state_hash, last.rows[0].state_hash);
    for file in ["report.html", "result.json", "manifest.json", "config.toml"] {
        assert!(parts.join(file).exists(), "{file}");
    }
}

#[test]
fn folders_and_inputs_that_cannot_be_used_are_named() {
    let dir = tempfile::tempdir().unwrap();
    let mut config = config(dir.path());
    let out = dir.path().join("run");
    let told = go(&config, &out, true, 1).unwrap_err().to_string();
    assert!(told.contains("no run to resume"), "{told}");
    let lock = RunLock::take(&out).unwrap();
    let told = go(&config, &out, false, 1).unwrap_err();
    assert!(matches!(told, RunError::Lock(_)), "{told}");
    drop(lock);
    config.demonstrations.agents = vec!["scripted:nobody".to_owned()];
    let told = go(&config, &out, false, 1).unwrap_err();
    let cause = std::error::Error::source(&told)
        .map(ToString::to_string)
        .unwrap_or_default();
    assert!(
        format!("{told} {cause}").contains("nobody"),
        "{told}: {cause}"
    );
    assert!(
        !out.join("config.toml").exists(),
        "a wrong name leaves no run behind"
    );
    config.demonstrations.agents.clear();
    go(&config, &out, false, 1).unwrap();
    let told = go(&config, &out, false, 1).unwrap_err().to_string();
    assert!(told.contains("there is a run here already"), "{told}");
}

#[test]
fn a_damaged_checkpoint_stops_a_resume_and_stays() {
    let dir = tempfile::tempdir().unwrap();
    let mut config = config(dir.path());
    config.evaluation.every_steps = 0;
    config.evaluation.opponents.clear();
    let out = dir.path().join("run");
    go(&config, &out, false, 1).unwrap();
    let path = saved::last_path(&out);
    let whole = std::fs::read(&path).unwrap();
    std::fs::write(&path, &whole[..whole.len() - 100]).unwrap();
    let told = go(&config, &out, true, 2).unwrap_err().to_string();
    assert!(told.contains("latest.safetensors"), "{told}");
    assert_eq!(std::fs::read(&path).unwrap().len(), whole.len() - 100);
    std::fs::write(&path, &whole).unwrap();
    assert_eq!(go(&config, &out, true, 2).unwrap().steps, 2);
}

#[test]
fn a_stage_that_nobody_passes_is_an_error() {
    let dir = tempfile::tempdir().unwrap();
    let mut config = config(dir.path());
    config.stages[0].rating_min = Some(1e6);
    let told = go(&config, &dir.path().join("run"), false, 1)
        .unwrap_err()
        .to_string();
    assert!(
        told.contains("no player's game passes the filter"),
        "{told}"
    );
}
