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
use tch::{Cuda, Device};

/// One network size and how it is measured.
pub(super) struct Size {
    pub name: &'static str,
    /// Units that a step shows.
    pub units: usize,
    /// Acting steps.
    runs: usize,
    /// Supervised training's batch on a CPU: lanes, and steps a lane.
    batch: (usize, usize),
    /// Reinforcement learning's: unrolls, and steps an unroll.
    pub minibatch: (usize, usize),
}

/// Either's batch on a GPU.
pub(super) const CUDA_BATCH: (usize, usize) = (128, 16);

pub(super) const SIZES: &[Size] = &[
    Size {
        name: "small",
        units: 150,
        runs: 60,
        batch: (16, 16),
        minibatch: (16, 16),
    },
    Size {
        name: "paper",
        units: 250,
        runs: 20,
        batch: (8, 4),
        minibatch: (8, 16),
    },
];

/// `policy.{small,paper}.ms`: an acting step of one game, all heads asked, 8 units selected, at 150 and 250 units;
/// `policy.{small,paper}.batch16.ms`: the same a game where 16 games are asked together (`batch256` on a GPU). From
/// collated arrays to actions; threads inside an operation as set by `--threads`. `size` is one of the two, none = both. On a
/// GPU `cuda` stands in the names.
///
/// # Errors
/// If a network cannot be made.
pub fn policy(seed: Seed, device: Device, size: Option<&str>) -> Result<Figures, BenchError> {
    let many = if device.is_cuda() { 256 } else { 16 };
    let mut figures = Figures::default();
    for size in sizes(size) {
        let policy = network(size.name, seed, device)?;
        for b in [1, many] {
            let runs = if b == 1 { size.runs } else { size.runs / 2 };
            let ms = act_ms(&policy, b, size.units, runs).map_err(failed("an acting step"))?;
            let batch = if b == 1 {
                "".into()
            } else {
                format!("batch{b}.")
            };
            figures.add(
                format!("policy.{}{}.{batch}ms", size.name, place(device)),
                "ms",
                ms.into_iter().map(|ms| ms / b as f64).collect(),
            );
        }
    }
    Ok(figures)
}

/// `train.{small,paper}.samples_per_second`: supervised updates (forward, loss of all heads, backward, Adam) on a batch in
/// memory, with as many threads as there are cores; `size` is one of the two, none = both. On a GPU (`cuda` in the names) in
/// f32 and in bf16.
///
/// # Errors
/// If a network cannot be made or trained.
pub fn train(seed: Seed, device: Device, size: Option<&str>) -> Result<Figures, BenchError> {
    let mut figures = Figures::default();
    for size in sizes(size) {
        for &bf16 in kinds(device) {
            let rates = training_rates(size, seed, device, bf16)?;
            let kind = if bf16 { ".bf16" } else { "" };
            figures.add(
                format!(
                    "train.{}{}{kind}.samples_per_second",
                    size.name,
                    place(device)
                ),
                "samples/s",
                rates,
            );
        }
    }
    Ok(figures)
}

fn training_rates(
    size: &Size,
    seed: Seed,
    device: Device,
    bf16: bool,
) -> Result<Vec<f64>, BenchError> {
    let mut policy = network(size.name, seed, device)?;
    policy.set_bf16(bf16);
    let (lanes, steps) = if device.is_cuda() {
        CUDA_BATCH
    } else {
        size.batch
    };
    let shape = DummyShape::full(lanes, steps, size.units);
    let data = batch(policy.spec(), &shape, seed);
    let options = TrainerOptions {
        lanes,
        head_weights: [1.0; HEADS.len()],
        adam: AdamConfig::default(),
        threads: std::thread::available_parallelism().map_or(1, |n| n.get()),
    };
    let mut trainer = Trainer::new(policy, options).map_err(failed("a trainer"))?;
    let rates = repeat(6, |_| {
        let started = Instant::now();
        trainer.step(&data, 1e-4)?;
        wait_for(device);
        Ok((lanes * steps) as f64 / started.elapsed().as_secs_f64())
    });
    let rates: Vec<f64> = rates
        .into_iter()
        .collect::<Result<_, crate::imitation::ImitationError>>()
        .map_err(failed("a training step"))?;
    // The first step warms up.
    Ok(rates[1..].to_vec())
}

/// The device of that name.
///
/// # Errors
/// If this machine has none.
pub fn device(name: &str) -> Result<Device, BenchError> {
    crate::run::device::find(name).map_err(failed("a device"))
}

/// The size of that name, or all.
pub(super) fn sizes(name: Option<&str>) -> impl Iterator<Item = &'static Size> {
    let asked = move |size: &&Size| name.is_none_or(|name| name == size.name);
    SIZES.iter().filter(asked)
}

/// Whether to compute in bf16: it only does something on a GPU.
pub(super) fn kinds(device: Device) -> &'static [bool] {
    if device.is_cuda() {
        &[false, true]
    } else {
        &[false]
    }
}

/// Returns when a GPU has done what it was told.
pub(super) fn wait_for(device: Device) {
    if let Device::Cuda(number) = device {
        Cuda::synchronize(number as i64);
    }
}

/// Part of a figure's name.
pub(super) fn place(device: Device) -> &'static str {
    if device.is_cuda() { ".cuda" } else { "" }
}

fn network(size: &str, seed: Seed, device: Device) -> Result<Policy, BenchError> {
    fresh(size, None, seed.fork("bench-policy", 0), device)
}

/// A fresh network with so many kinds of values, none = the size's own.
pub(super) fn fresh(
    size: &str,
    value_kinds: Option<usize>,
    seed: Seed,
    device: Device,
) -> Result<Policy, BenchError> {
    let mut config = PolicyConfig::preset(size).map_err(failed("a network"))?;
    config.value.kinds = value_kinds.map_or(config.value.kinds, |kinds| kinds as i64);
    let spec = PolicySpec::new(config, &Specs::default());
    Policy::new(&spec, seed, device).map_err(failed("a network"))
}
