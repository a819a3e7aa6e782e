use super::*;
use crate::game::Seed;
use crate::policy::checkpoint::{self, CheckpointNotes};
use crate::policy::{Policy, PolicyConfig, PolicySpec};
use crate::run::metrics::read_metrics;
use crate::run::metrics::tests::are_documented;
use crate::run::progress::{Progress, Silent};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use tch::Device;

const CONFIG: &str = r#"
stage = "rl"
seed = 5
map = "Flat64"
[games]
at_once = 3
loops_max = 900
serial = true
opponents = [
    { agent = "self", share = 1.0 },
    { agent = "supervised", share = 1.0 },
    { agent = "builtin:VeryEasy:terran", share = 1.0 },
]
[rewards]
half_life_loops = 2000.0
[learner]
samples = 48
unroll = 8
minibatch = 4
value_warmup_steps = 1
learning_rate = [{ from = 0.0, rate = 1e-3 }]
[train]
steps_max = 3
[evaluation]
every_steps = 2
opponents = ["builtin:VeryEasy:terran"]
games = 2
final_opponents = ["builtin:VeryEasy:terran"]
final_games = 2
loops_max = 600
"#;

/// A supervised agent of two value heads, as imitation leaves it: reinforcement learning has three.
fn supervised(folder: &Path) -> PathBuf {
    let specs = Specs::default();
    let spec = PolicySpec::new(PolicyConfig::tiny(), &specs);
    let policy = Policy::new(&spec, Seed(1), Device::Cpu).expect("tiny is valid");
    let path = folder.join("supervised.safetensors");
    let notes = CheckpointNotes::default();
    checkpoint::save(&path, &policy, None, &[], &notes).expect("writable");
    path
}

fn config(folder: &Path, set: &[(&str, &str)]) -> RlConfig {
    let path = folder.join("rl.toml");
    std::fs::write(&path, CONFIG).expect("writable");
    let set: Vec<(String, String)> = set
        .iter()
        .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
        .collect();
    crate::run::config::load(&path, &set).expect("valid")
}

fn train(
    config: &RlConfig,
    folder: &Path,
    name: &str,
    resume: bool,
    stop: &AtomicBool,
    progress: &dyn Progress,
) -> Result<RlSummary, RunError> {
    let options = RunOptions {
        out: folder.join(name),
        init: (!resume).then(|| folder.join("supervised.safetensors")),
        resume,
        threads: 2,
        stop,
        arena: crate::env::Arena::Simulator,
        progress,
    };
    train_rl(config, &options)
}

fn whole(config: &RlConfig, folder: &Path, name: &str) -> RlSummary {
    let stop = AtomicBool::new(false);
    train(config, folder, name, false, &stop, &Silent).expect("trains")
}

fn weights(summary: &RlSummary, name: &str) -> Vec<f32> {
    let path = summary.run.join("checkpoints").join(name);
    let file = Checkpoint::open(&path).expect("whole");
    let policy = file.policy(Device::Cpu).expect("fits");
    let entries = policy.params().entries();
    let values = entries
        .iter()
        .flat_map(|(_, t)| crate::policy::params::values(t));
    values.collect()
}

#[test]
fn a_serial_run_is_the_same_every_time_and_leaves_everything_behind() {
    let folder = tempfile::tempdir().expect("a folder");
    supervised(folder.path());
    let config = config(folder.path(), &[]);
    let (one, two) = (
        whole(&config, folder.path(), "one"),
        whole(&config, folder.path(), "two"),
    );
    assert!(
        one.finished && one.steps == 3 && one.samples > 100,
        "{one:?}"
    );
    assert_eq!(
        weights(&one, "latest.safetensors"),
        weights(&two, "latest.safetensors")
    );
    assert_ne!(
        weights(&one, "latest.safetensors"),
        weights(&one, "supervised.safetensors")
    );
    assert_eq!(one.elo, two.elo);
    assert_eq!(one.rows.len(), 3);
    assert!(one.rows[2].agent.ends_with("supervised.safetensors"));
    assert_eq!(one.rows[2].opponent, one.rows[1].opponent);
    assert!(one.rows[0].opponent.ends_with("supervised.safetensors"));
    let rows = read_metrics(&one.run.join("metrics.jsonl")).expect("there");
    let trained: Vec<_> = rows
        .iter()
        .filter(|r| r.values.contains_key("loss/ppo"))
        .collect();
    assert_eq!(trained.len(), 3);
    for row in &trained {
        assert!(row.values["policy_lag_max"] <= 1.0, "{:?}", row.values);
        assert_eq!(row.values["forced"], 0.0);
    }
    // Only values move in the first step, so the second finds the policy that played.
    assert!(
        (trained[0].values["ratio_mean"] - 1.0).abs() < 1e-3,
        "{:?}",
        trained[0]
    );
    let sections = [
        "learner",
        "Of a training step",
        "Of the run's games",
        "After matches",
    ];
    // Nobody wins in so short a game, and nothing else is rewarded.
    are_documented(&rows, &sections, &["explained_variance/KIND"]);
    for file in ["report.html", "result.json", "manifest.json", "config.toml"] {
        assert!(one.run.join(file).exists(), "{file}");
    }
    let kept = crate::replay::list(&one.run.join(crate::run::kept_replays::FOLDER)).expect("there");
    assert!((3..=20).contains(&kept.len()), "{kept:?}");
    for path in kept {
        let replay = crate::replay::read(&path).expect("whole");
        let played = crate::env::Playback::new(&replay).and_then(|it| it.finish());
        played.expect("ends as recorded");
    }
}

/// Stops the run when training reports its first step.
struct StopAfter<'a> {
    stop: &'a AtomicBool,
    steps: u64,
    seen: AtomicU64,
}

impl Progress for StopAfter<'_> {
    fn begin(&self, _: &str, _: u64) {}
    fn at(&self, done: u64, message: &str) {
        if message.contains("steps/s") {
            self.seen.fetch_max(done, Ordering::Relaxed);
            if done >= self.steps {
                self.stop.store(true, Ordering::Relaxed);
            }
        }
    }
    fn end(&self, _: &str) {}
    fn note(&self, _: &str) {}
}

#[test]
fn a_serial_run_that_was_stopped_ends_with_the_weights_of_one_that_was_not() {
    let folder = tempfile::tempdir().expect("a folder");
    supervised(folder.path());
    let without = [
        ("evaluation.games", "0"),
        ("evaluation.every_steps", "0"),
        ("train.steps_max", "4"),
    ];
    let config = config(folder.path(), &without);
    let straight = whole(&config, folder.path(), "straight");
    for steps in [1, 3] {
        let name = format!("stopped-{steps}");
        let stop = AtomicBool::new(false);
        let progress = StopAfter {
            stop: &stop,
            steps,
            seen: AtomicU64::new(0),
        };
        let stopped = train(&config, folder.path(), &name, false, &stop, &progress);
        let stopped = stopped.expect("stops");
        assert!(!stopped.finished && stopped.steps == steps, "{stopped:?}");
        let file = Checkpoint::open(&stopped.run.join("checkpoints/latest.safetensors"));
        let waited = file.expect("whole").extra(waiting::TENSOR).expect("whole");
        let wire = crate::trajectory::Wire::new(&Specs::default());
        let (buffer, games) = waiting::unpack(&waited.expect("there"), &wire).expect("whole");
        // Else this would show nothing.
        assert!(buffer.unrolls.len() + games.len() > 0);
        stop.store(false, Ordering::Relaxed);
        let done = train(&config, folder.path(), &name, true, &stop, &Silent).expect("goes on");
        assert!(done.finished && done.steps == 4, "{done:?}");
        assert_eq!(done.samples, straight.samples);
        assert_eq!(
            weights(&done, "latest.safetensors"),
            weights(&straight, "latest.safetensors")
        );
    }
}

#[test]
fn actors_and_learner_at_once_can_be_stopped_and_gone_on_with() {
    let folder = tempfile::tempdir().expect("a folder");
    let init = supervised(folder.path());
    let config = config(
        folder.path(),
        &[
            ("games.serial", "false"),
            ("evaluation.games", "0"),
            ("evaluation.every_steps", "0"),
        ],
    );
    let stop = AtomicBool::new(false);
    let progress = StopAfter {
        stop: &stop,
        steps: 1,
        seen: AtomicU64::new(0),
    };
    let stopped = train(&config, folder.path(), "run", false, &stop, &progress).expect("stops");
    assert!(!stopped.finished && stopped.steps >= 1, "{stopped:?}");
    // The run is whole without the file it came from.
    std::fs::remove_file(init).expect("there");
    stop.store(false, Ordering::Relaxed);
    let done = train(&config, folder.path(), "run", true, &stop, &Silent).expect("goes on");
    assert!(done.finished && done.steps == 3, "{done:?}");
    assert!(done.samples > 100);
    let rows = read_metrics(&done.run.join("metrics.jsonl")).expect("there");
    assert_eq!(rows.iter().map(|r| r.step).collect::<Vec<_>>(), [1, 2, 3]);
}

#[test]
fn an_agent_of_an_earlier_run_learns_on_against_the_same_supervised_agent() {
    let folder = tempfile::tempdir().expect("a folder");
    supervised(folder.path());
    let without = [("evaluation.games", "0"), ("evaluation.every_steps", "0")];
    let earlier = whole(&config(folder.path(), &without), folder.path(), "earlier");
    let start = earlier.run.join("checkpoints/latest.safetensors");
    let start = start.to_str().expect("text");
    // Nothing but values changes in a warm-up.
    let mut set = without.to_vec();
    set.extend([
        ("start", start),
        ("learner.value_warmup_steps", "1"),
        ("train.steps_max", "1"),
    ]);
    let on = whole(&config(folder.path(), &set), folder.path(), "on");
    let [before, after, kept, first] = [
        policy_of(&earlier, "latest.safetensors"),
        policy_of(&on, "latest.safetensors"),
        policy_of(&on, "supervised.safetensors"),
        policy_of(&earlier, "supervised.safetensors"),
    ];
    assert_eq!(after, before, "begins where the earlier run ended");
    assert_eq!(kept, first, "held near the same agent");
    assert_ne!(after, kept);
    set[2].1 = "nowhere.safetensors";
    let (stop, config) = (AtomicBool::new(false), config(folder.path(), &set));
    let missing = train(&config, folder.path(), "none", false, &stop, &Silent).unwrap_err();
    assert!(
        missing.to_string().contains("nowhere.safetensors"),
        "{missing}"
    );
    assert!(!folder.path().join("none").exists(), "nothing was begun");
}

/// All weights but the values'.
fn policy_of(summary: &RlSummary, name: &str) -> Vec<f32> {
    let file = Checkpoint::open(&summary.run.join("checkpoints").join(name)).expect("whole");
    let policy = file.policy(Device::Cpu).expect("fits");
    let entries = policy.params().entries().iter();
    let entries = entries.filter(|(name, _)| !name.starts_with("value."));
    entries
        .flat_map(|(_, t)| crate::policy::params::values(t))
        .collect()
}

#[test]
fn a_run_needs_a_supervised_agent_that_is_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let config = config(folder.path(), &[]);
    let stop = AtomicBool::new(false);
    let missing = train(&config, folder.path(), "run", false, &stop, &Silent).unwrap_err();
    assert!(
        missing.to_string().contains("supervised.safetensors"),
        "{missing}"
    );
    std::fs::write(folder.path().join("supervised.safetensors"), b"nothing").expect("writable");
    let damaged = train(&config, folder.path(), "run", false, &stop, &Silent).unwrap_err();
    assert!(
        damaged.to_string().contains("supervised.safetensors"),
        "{damaged}"
    );
    assert!(!folder.path().join("run").exists(), "nothing was begun");
    let options = RunOptions {
        out: folder.path().join("run"),
        init: None,
        resume: false,
        threads: 1,
        stop: &stop,
        arena: crate::env::Arena::Simulator,
        progress: &Silent,
    };
    let none = train_rl(&config, &options).unwrap_err();
    assert!(none.to_string().contains("--init"), "{none}");
}

#[test]
fn a_loss_that_is_no_number_keeps_state_and_batch() {
    let folder = tempfile::tempdir().expect("a folder");
    supervised(folder.path());
    let config = config(
        folder.path(),
        &[
            ("learner.value_weight", "1e300"),
            ("evaluation.games", "0"),
            ("evaluation.every_steps", "0"),
        ],
    );
    let stop = AtomicBool::new(false);
    let error = train(&config, folder.path(), "run", false, &stop, &Silent).unwrap_err();
    assert!(error.to_string().contains("not a number"), "{error}");
    let run = folder.path().join("run");
    assert!(state::RlState::load(&run).expect("whole").is_some());
    let kept = std::fs::read_dir(run.join("failed"))
        .expect("there")
        .count();
    assert!(kept >= 1);
}
