//! The whole loop of reinforcement learning: actors, predictor, learner at once.

use super::{BenchError, Figures, failed};
use crate::action::Specs;
use crate::game::Seed;
use crate::policy::checkpoint::{self, CheckpointNotes};
use crate::policy::{Policy, PolicyConfig, PolicySpec};
use crate::run::config::{LearnerConfig, RlConfig, RlGamesConfig, RlTrainConfig};
use crate::run::folder::RunOptions;
use crate::run::metrics::read_metrics;
use crate::run::progress::Silent;
use crate::run::rl::train_rl;
use std::path::Path;
use std::sync::atomic::AtomicBool;

/// Training steps; the first two warm up and are left out.
const STEPS: u64 = 8;

/// `loop.agent_steps_per_second`: agent steps learned from a second (each once) with a fresh `small` network that plays
/// itself on Flat64, 16 games at once, actors and learner sharing all cores. A trained agent has more units, which costs
/// more: real runs say how fast they are in `metrics.jsonl`.
///
/// # Errors
/// If the run cannot be set up.
pub fn whole_loop(seed: Seed, device: &str, threads: usize) -> Result<Figures, BenchError> {
    let folder = tempfile::tempdir().map_err(failed("a folder"))?;
    let init = folder.path().join("init.safetensors");
    fresh(seed, &init).map_err(failed("a network"))?;
    let mut config = RlConfig {
        stage: "rl".to_owned(),
        seed: seed.0,
        map: "Flat64".to_owned(),
        games: RlGamesConfig {
            at_once: 16,
            loops_max: 4000,
            ..RlGamesConfig::default()
        },
        learner: LearnerConfig {
            samples: 1024,
            value_warmup_steps: 0,
            ..LearnerConfig::default()
        },
        train: RlTrainConfig {
            steps_max: STEPS,
            minutes_max: 0.6,
            device: device.to_owned(),
            ..RlTrainConfig::default()
        },
        ..RlConfig::default()
    };
    config.predictor.device = device.to_owned();
    let options = RunOptions {
        out: folder.path().join("run"),
        init: Some(init),
        resume: false,
        threads,
        stop: &AtomicBool::new(false),
        arena: crate::env::Arena::Simulator,
        progress: &Silent,
    };
    train_rl(&config, &options).map_err(failed("a run"))?;
    let rows = read_metrics(&options.out.join("metrics.jsonl")).map_err(failed("metrics"))?;
    let rates = rows
        .iter()
        .filter_map(|row| row.values.get("agent_steps_per_second").copied());
    let mut figures = Figures::default();
    figures.add(
        "loop.agent_steps_per_second",
        "steps/s",
        rates.skip(2).collect(),
    );
    Ok(figures)
}

fn fresh(seed: Seed, path: &Path) -> Result<(), crate::policy::PolicyError> {
    let spec = PolicySpec::new(PolicyConfig::preset("small")?, &Specs::default());
    let policy = Policy::new(&spec, seed, tch::Device::Cpu)?;
    checkpoint::save(path, &policy, None, &[], &CheckpointNotes::default())
}
