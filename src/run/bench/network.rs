//! The network: acting steps and training steps.

use std::time::Instant;

use super::{BenchError, Figures, failed, repeat};
use crate::action::Specs;
use crate::game::Seed;
use crate::imitation::{Trainer, TrainerOptions};
use crate::policy::bench::act_ms;
use crate::policy::dummy::{DummyShape, batch};
use crate::policy::{AdamConfig, Policy, PolicyConfig, PolicySpec};
use crate::trajectory::HEADS;

/// Size, units a step shows, acting runs, training lanes and steps a lane.
const SIZES: &[(&str, usize, usize, usize, usize)] =
    &[("small", 150, 60, 16, 16), ("paper", 250, 20, 8, 4)];

/// `policy.{small,paper}.ms`: an acting step of one game, all heads asked, 8 units selected, at 150 and 250 units;
/// `policy.{small,paper}.batch16.ms`: the same a game where 16 games are asked together. From collated arrays to actions;
/// threads inside an operation as set by `--threads`.
///
/// # Errors
/// If a network cannot be made.
pub fn policy(seed: Seed) -> Result<Figures, BenchError> {
    let mut figures = Figures::default();
    for &(size, units, runs, _, _) in SIZES {
        let policy = network(size, seed)?;
        for (b, name) in [(1, "ms"), (16, "batch16.ms")] {
            let runs = if b == 1 { runs } else { runs / 2 };
            let ms = act_ms(&policy, b, units, runs).map_err(failed("an acting step"))?;
            figures.add(
                format!("policy.{size}.{name}"),
                "ms",
                ms.into_iter().map(|ms| ms / b as f64).collect(),
            );
        }
    }
    Ok(figures)
}

/// `train.{small,paper}.samples_per_second`: supervised updates (forward, loss of all heads, backward, Adam) on a batch in
/// memory, with as many threads as there are cores.
///
/// # Errors
/// If a network cannot be made or trained.
pub fn train(seed: Seed) -> Result<Figures, BenchError> {
    let threads = std::thread::available_parallelism().map_or(1, |n| n.get());
    let mut figures = Figures::default();
    for &(size, units, _, lanes, steps) in SIZES {
        let policy = network(size, seed)?;
        let data = batch(policy.spec(), &DummyShape::full(lanes, steps, units), seed);
        let options = TrainerOptions {
            lanes,
            head_weights: [1.0; HEADS.len()],
            adam: AdamConfig::default(),
            threads,
        };
        let mut trainer = Trainer::new(policy, options).map_err(failed("a trainer"))?;
        let rates = repeat(6, |_| {
            let started = Instant::now();
            trainer.step(&data, 1e-4)?;
            Ok((lanes * steps) as f64 / started.elapsed().as_secs_f64())
        });
        let rates: Vec<f64> = rates
            .into_iter()
            .collect::<Result<_, crate::imitation::ImitationError>>()
            .map_err(failed("a training step"))?;
        // The first step warms up.
        let rates = rates[1..].to_vec();
        figures.add(
            format!("train.{size}.samples_per_second"),
            "samples/s",
            rates,
        );
    }
    Ok(figures)
}

fn network(size: &str, seed: Seed) -> Result<Policy, BenchError> {
    let config = PolicyConfig::preset(size).map_err(failed("a network"))?;
    let spec = PolicySpec::new(config, &Specs::default());
    Policy::new(&spec, seed.fork("bench-policy", 0), tch::Device::Cpu).map_err(failed("a network"))
}
