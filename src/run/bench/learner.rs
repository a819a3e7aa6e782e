//! Reinforcement learning's updates, of one learner on a batch in memory.

use std::time::Instant;

use super::network::{CUDA_BATCH, Size, fresh, kinds, place, sizes, wait_for};
use super::{BenchError, Figures, failed, repeat};
use crate::game::Seed;
use crate::learner::{Learner, LearnerError, LearnerOptions};
use crate::policy::dummy::{DummyShape, batch};
use crate::policy::{Policy, PolicySpec};
use crate::trajectory::{Batch, LstmBatch, RlBatch};
use rand::RngExt;
use tch::Device;

/// Kinds of rewards: win/loss and two of z.
pub(super) const VALUE_KINDS: usize = 3;

/// `learner.{small,paper}.samples_per_second`: agent steps that reinforcement learning's learner learns from a second on
/// `threads` threads: the network and the supervised one beside it, the loss of all heads and three values, gradients, Adam.
/// `size` is one of the two, none = both. On a GPU (`cuda` in the names) in f32 and in bf16.
///
/// # Errors
/// If a network cannot be made or an update fails.
pub fn learner(
    seed: Seed,
    device: Device,
    threads: usize,
    size: Option<&str>,
) -> Result<Figures, BenchError> {
    let mut figures = Figures::default();
    for size in sizes(size) {
        for &bf16 in kinds(device) {
            let rates = rates(size, seed, (device, bf16), threads)?;
            let kind = if bf16 { ".bf16" } else { "" };
            let name = format!("learner.{}{}{kind}", size.name, place(device));
            figures.add(format!("{name}.samples_per_second"), "samples/s", rates);
        }
    }
    Ok(figures)
}

fn rates(
    size: &Size,
    seed: Seed,
    (device, bf16): (Device, bool),
    threads: usize,
) -> Result<Vec<f64>, BenchError> {
    let mut learner = new_learner(size.name, seed, (device, bf16), threads)?;
    let (b, t) = if device.is_cuda() {
        CUDA_BATCH
    } else {
        size.minibatch
    };
    let data = minibatch(learner.policy.spec(), (b, t, size.units), seed);
    let rates = repeat(6, |_| {
        let started = Instant::now();
        learner.step(&data, 1e-5)?;
        wait_for(device);
        Ok((b * t) as f64 / started.elapsed().as_secs_f64())
    });
    let rates: Result<Vec<f64>, LearnerError> = rates.into_iter().collect();
    // The first update warms up.
    Ok(rates.map_err(failed("an update"))?[1..].to_vec())
}

/// A learner past its value warm-up whose network and supervised policy are fresh, and differ.
pub(super) fn new_learner(
    size: &str,
    seed: Seed,
    (device, bf16): (Device, bool),
    threads: usize,
) -> Result<Learner, BenchError> {
    let network = |name| {
        let mut policy = learnable(size, seed.fork(name, 0), device)?;
        policy.set_bf16(bf16);
        Ok(policy)
    };
    let options = LearnerOptions {
        value_warmup_steps: 0,
        ..LearnerOptions::default()
    };
    let (policy, supervised) = (network("bench-policy")?, network("bench-supervised")?);
    let learner = Learner::new(policy, Some(supervised), options, threads);
    learner.map_err(failed("a learner"))
}

/// A fresh network as reinforcement learning has it: imitation's values only two kinds.
pub(super) fn learnable(size: &str, seed: Seed, device: Device) -> Result<Policy, BenchError> {
    fresh(size, Some(VALUE_KINDS), seed, device)
}

/// `b` made-up unrolls of `t` steps with what actors send beside them: log-probabilities of the heads that were asked,
/// values, rewards, the LSTM's state before each unroll.
pub(super) fn minibatch(
    spec: &PolicySpec,
    (b, t, units): (usize, usize, usize),
    seed: Seed,
) -> Batch {
    let mut data = batch(spec, &DummyShape::full(b, t, units), seed);
    let mut rng = seed.fork("rewards", 0).rng();
    let mut numbers =
        |n: usize, max: f32| -> Vec<f32> { (0..n).map(|_| rng.random_range(-max..max)).collect() };
    let (rows, r) = (b * t, VALUE_KINDS);
    let width = (spec.config.core.layers * spec.config.core.hidden) as usize;
    let lstm = LstmBatch {
        width,
        hidden: numbers(b * width, 0.5),
        cell: numbers(b * width, 0.5),
    };
    data.rl = RlBatch {
        r,
        log_probs: data
            .act
            .head_mask
            .iter()
            .map(|asked| -2.0 * asked)
            .collect(),
        values: numbers(rows * r, 0.1),
        rewards: numbers(rows * r, 0.1),
        discounts: vec![1.0; rows],
        loops: vec![8.0; rows],
        bootstrap: numbers(b * r, 0.1),
        return_bootstrap: numbers(b * r, 0.1),
        policy_version: vec![0; b],
        supervised_lstm: lstm.clone(),
        lstm,
    };
    data
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::action::Specs;
    use crate::policy::PolicyConfig;
    use crate::policy::params::values;
    use crate::trajectory::HEADS;

    fn made_up(spec: &PolicySpec) -> Batch {
        minibatch(spec, (3, 4, 12), Seed(2))
    }

    #[test]
    fn a_minibatch_is_what_collated_unrolls_are_at_every_size() {
        for size in ["small", "paper"] {
            let config = PolicyConfig::preset(size).expect("a size");
            let spec = PolicySpec::new(config, &Specs::default());
            let data = made_up(&spec);
            let (rl, core) = (&data.rl, &spec.config.core);
            let width = (core.layers * core.hidden) as usize;
            for lstm in [&rl.lstm, &rl.supervised_lstm] {
                let lengths = (lstm.width, lstm.hidden.len(), lstm.cell.len());
                assert_eq!(lengths, (width, 3 * width, 3 * width), "{size}");
            }
            assert_eq!(rl.log_probs.len(), 3 * 4 * HEADS.len());
            assert_eq!((rl.r, rl.values.len()), (3, 3 * 4 * 3));
        }
    }

    /// What is timed is an update: it has states to start from, and moves the weights.
    #[test]
    fn an_update_of_the_benchmark_depends_on_states_and_moves_weights() {
        let mut spec = PolicySpec::new(PolicyConfig::tiny(), &Specs::default());
        spec.config.value.kinds = VALUE_KINDS as i64;
        let learner = || {
            let policy = |seed| Policy::new(&spec, Seed(seed), Device::Cpu).expect("valid");
            let options = LearnerOptions {
                value_warmup_steps: 0,
                ..LearnerOptions::default()
            };
            Learner::new(policy(1), Some(policy(2)), options, 1).expect("valid")
        };
        let data = made_up(&spec);
        let mut without = data.clone();
        (without.rl.lstm, without.rl.supervised_lstm) = Default::default();
        let mut one = learner();
        let before = values(&one.policy.params().entries()[0].1);
        let stats = one.step(&data, 1e-3).expect("an update");
        let other = learner().step(&without, 1e-3).expect("an update");
        let after = values(&one.policy.params().entries()[0].1);
        assert_ne!(before, after);
        assert!(!stats.is_warmup && stats.loss != other.loss);
    }
}
