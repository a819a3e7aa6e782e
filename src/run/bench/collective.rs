//! Two processes of this program: sums of tensors between them, and learners that share their updates.

use super::learner::{minibatch, new_learner};
use super::{BenchError, Figures, failed};
use crate::collective::{CollectiveError, Group, Rendezvous};
use crate::game::Seed;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tch::{Cuda, Device, Kind, Tensor};

/// Numbers in a sum: about a `small` and a `paper` network's.
const SUMS: [(&str, i64); 2] = [("4m", 4_000_000), ("49m", 49_000_000)];
const SUM_RUNS: usize = 7;
const UPDATES: usize = 5;
/// Unrolls and steps of a learner's minibatch, units of a step.
const MINIBATCH: (usize, usize, usize) = (16, 16, 150);
/// A process that does not answer for so long is lost.
const TIMEOUT: Duration = Duration::from_secs(60);

/// `collective.sum_{4m,49m}.ms`: so many f32 in one tensor summed over two processes on loopback, copies into and out of the
/// flat vector included. `collective.learner_{1,2}.samples_per_second`: real steps learned from a second by one and by two
/// learners (`small`, supervised policy and all losses), a process and a thread each, 256 steps a learner and update.
///
/// With a GPU as `device` the second process takes the next one, and tensors go by NCCL; where there is no other, both share
/// it, and tensors go through the CPU. `peer` makes the command that runs [`collective_peer`] with the address of the
/// rendezvous on that device.
///
/// # Errors
/// If the second process cannot be started or is lost.
pub fn collective(
    seed: Seed,
    device: Device,
    peer: impl FnOnce(&str, &str) -> std::io::Result<Command>,
) -> Result<Figures, BenchError> {
    let second = match device {
        Device::Cuda(n) if ((n + 1) as i64) < Cuda::device_count() => format!("cuda:{}", n + 1),
        Device::Cuda(n) => format!("cuda:{n}"),
        _ => "cpu".to_owned(),
    };
    let mut figures = Figures::default();
    let alone = Group::join("", 0, 1, TIMEOUT).map_err(failed("a group of one"))?;
    let rates = learning_rates(seed, device, alone)?;
    figures.add(
        "collective.learner_1.samples_per_second",
        "samples/s",
        rates,
    );
    let meeting = Rendezvous::open("127.0.0.1").map_err(failed("a rendezvous"))?;
    let address = meeting.address();
    let child = peer(&address, &second).and_then(|mut command| {
        let quiet = command.stdin(Stdio::null()).stdout(Stdio::null());
        quiet.spawn().map(Ended)
    });
    let _child = child.map_err(failed("a second process"))?;
    both((seed, device), &address, 0, &mut figures)?;
    Ok(figures)
}

/// The second process of [`collective`].
///
/// # Errors
/// If the first one is lost.
pub fn collective_peer(seed: Seed, device: Device, address: &str) -> Result<(), BenchError> {
    both((seed, device), address, 1, &mut Figures::default())
}

/// What both processes do.
fn both(
    (seed, device): (Seed, Device),
    address: &str,
    rank: usize,
    figures: &mut Figures,
) -> Result<(), BenchError> {
    let group = Group::join(address, rank, 2, TIMEOUT);
    let mut group = group.map_err(failed("a group of two processes"))?;
    let agreed = group.compute_on(device);
    agreed.map_err(failed("a group of two processes"))?;
    for (name, n) in SUMS {
        let ms = sums(&mut group, device, n).map_err(failed("a sum of two processes"))?;
        figures.add(format!("collective.sum_{name}.ms"), "ms", ms);
    }
    let rates = learning_rates(seed, device, group)?;
    figures.add(
        "collective.learner_2.samples_per_second",
        "samples/s",
        rates,
    );
    Ok(())
}

fn sums(group: &mut Group, device: Device, n: i64) -> Result<Vec<f64>, CollectiveError> {
    let tensors = [Tensor::zeros([n], (Kind::Float, device))];
    let mut times = Vec::with_capacity(SUM_RUNS);
    for run in 0..=SUM_RUNS {
        let begun = Instant::now();
        group.sum(&tensors)?;
        // The first one warms up.
        if run > 0 {
            times.push(begun.elapsed().as_secs_f64() * 1e3);
        }
    }
    Ok(times)
}

/// Real steps a second of all learners of the group, each update.
fn learning_rates(seed: Seed, device: Device, group: Group) -> Result<Vec<f64>, BenchError> {
    let threads = tch::get_num_threads();
    tch::set_num_threads(1);
    let rates = updates(seed, device, group);
    tch::set_num_threads(threads);
    rates
}

fn updates(seed: Seed, device: Device, group: Group) -> Result<Vec<f64>, BenchError> {
    let mut learner = new_learner("small", seed, (device, false), 1)?;
    let seed = seed.fork("bench-minibatch", group.rank() as u64);
    let data = minibatch(learner.policy.spec(), MINIBATCH, seed);
    let samples = (group.size() * data.valid.len()) as f64;
    learner.set_replication(Some(Box::new(group)));
    let mut rates = Vec::with_capacity(UPDATES);
    for update in 0..=UPDATES {
        let begun = Instant::now();
        learner.step(&data, 1e-5).map_err(failed("an update"))?;
        if update > 0 {
            rates.push(samples / begun.elapsed().as_secs_f64());
        }
    }
    Ok(rates)
}

/// A process that does not outlive the measurement.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        // It is done by itself unless something failed here.
        for _ in 0..50 {
            if matches!(self.0.try_wait(), Ok(Some(_))) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
