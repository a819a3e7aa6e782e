//! The network: acting and training steps on made-up observations of 250 units, at sizes `small` and `paper`.

use tch::Device;

use super::{BenchError, Figures, failed, game, repeat};
use crate::game::Seed;
use crate::imitation::{Trainer, TrainerOptions};
use crate::policy::bench::act_ms;
use crate::policy::dummy::{DummyShape, batch};
use crate::policy::optim::AdamConfig;
use crate::policy::{Policy, PolicyConfig, PolicySpec};
use crate::trajectory::HEADS;

/// Units of every made-up observation: what the peers were measured at.
const UNITS: usize = 250;
/// Games of a batched acting step.
const ACT_BATCH: usize = 16;

/// `policy.{small,paper}.ms`: one acting step with all heads at batch 1; `.batch16_ms`: per sample, 16 games at once.
///
/// # Errors
/// If a network cannot be made.
pub fn policy(seed: Seed) -> Result<Figures, BenchError> {
    let mut figures = Figures::default();
    for (size, single_runs, batch_runs) in [("small", 40, 10), ("paper", 20, 5)] {
        let policy = network(size, seed)?;
        let single = act_ms(&policy, 1, UNITS, single_runs).map_err(failed("an acting step"))?;
        figures.add(format!("policy.{size}.ms"), "ms", single);
        let batched = act_ms(&policy, ACT_BATCH, UNITS, batch_runs).map_err(failed("an acting step"))?;
        let per_sample = batched.iter().map(|ms| ms / ACT_BATCH as f64).collect();
        figures.add(format!("policy.{size}.batch16_ms"), "ms", per_sample);
        figures.add(format!("policy.{size}.parameters"), "parameters", vec![policy.params().count() as f64]);
    }
    Ok(figures)
}

/// `train.{small,paper}.samples_per_second`: supervised updates, forward, backward and Adam.
///
/// # Errors
/// If a network cannot be made.
pub fn train(seed: Seed) -> Result<Figures, BenchError> {
    let mut figures = Figures::default();
    for (size, lanes, unroll) in [("small", 16, 8), ("paper", 4, 4)] {
        let policy = network(size, seed)?;
        let data = batch(policy.spec(), &DummyShape::full(lanes, unroll, UNITS), seed.fork("bench-train", 0));
        let options = TrainerOptions { lanes, head_weights: [1.0; HEADS.len()], adam: AdamConfig::default() };
        let mut trainer = Trainer::new(policy, options).map_err(failed("a trainer"))?;
        trainer.step(&data, 1e-5).map_err(failed("a training step"))?; // warms up
        let runs = repeat(7, |_| {
            let started = std::time::Instant::now();
            trainer.step(&data, 1e-5)?;
            Ok((lanes * unroll) as f64 / started.elapsed().as_secs_f64())
        });
        let rates: Result<Vec<f64>, crate::imitation::ImitationError> = runs.into_iter().collect();
        figures.add(format!("train.{size}.samples_per_second"), "samples/s", rates.map_err(failed("a training step"))?);
    }
    Ok(figures)
}

fn network(size: &str, seed: Seed) -> Result<Policy, BenchError> {
    let specs = game::specs()?;
    let config = PolicyConfig::preset(size).map_err(failed("a network"))?;
    let spec = PolicySpec { config, obs: (*specs.obs).clone(), action: (*specs.action).clone() };
    Policy::new(&spec, seed, Device::Cpu).map_err(failed("a network"))
}
