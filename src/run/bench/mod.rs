//! How fast the parts are on this machine, and how true the simulator is to recorded games: `scc bench`.
//!
//! Invariant: measures what ships, on fixed seeds, and says how often; a figure is the median over its runs, so that one
//! disturbed run does not move it. Each kind ends within 50 s on two cores (its budget is checked between runs).

#[cfg(feature = "torch")]
mod behavior;
mod bus;
mod captured;
#[cfg(feature = "torch")]
mod collective;
mod fidelity;
mod game;
#[cfg(feature = "torch")]
mod learner;
#[cfg(feature = "torch")]
mod learning;
#[cfg(feature = "torch")]
mod network;
mod replays;
mod sim;
mod wire;

use std::time::{Duration, Instant};

use serde::Serialize;
use serde::ser::SerializeMap;

pub use bus::bus;
pub use captured::captured;
#[cfg(feature = "torch")]
pub use collective::{collective, collective_peer};
pub use fidelity::fidelity;
pub use game::{observe, replay};
#[cfg(feature = "torch")]
pub use learner::learner;
#[cfg(feature = "torch")]
pub use learning::whole_loop;
#[cfg(feature = "torch")]
pub use network::{device, policy, train};
pub use replays::real_replays;
pub use sim::sim;

/// No new run is started after this.
const BUDGET: Duration = Duration::from_secs(30);

/// One measured number.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Figure {
    /// Median over the runs.
    pub value: f64,
    pub unit: &'static str,
    /// Runs; of a comparison: how often it was seen in recorded games.
    pub n: usize,
    /// What it is held against, where it is.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub against: Option<Against>,
}

/// What a figure is held against: recorded games, or first principles.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Against {
    pub real: f64,
    /// Of `real`; 0 where it is no mean.
    pub standard_error: f64,
    /// The figure less `real`.
    pub error: f64,
    /// Greatest error that counts as none.
    pub allowed: f64,
    pub within: bool,
    /// Why it differs, where that is known and meant: no miss then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub known: Option<&'static str>,
}

/// Measured numbers by name, in the order in which they were measured; serializes as one map.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Figures(pub Vec<(String, Figure)>);

impl Figures {
    fn add(&mut self, name: impl Into<String>, unit: &'static str, mut runs: Vec<f64>) {
        let n = runs.len();
        let value = median(&mut runs);
        let figure = Figure {
            value,
            unit,
            n,
            against: None,
        };
        self.0.push((name.into(), figure));
    }

    /// Figures that are farther from what they are held against than they may be.
    pub fn misses(&self) -> usize {
        let held = self
            .0
            .iter()
            .filter_map(|(_, figure)| figure.against.as_ref());
        held.filter(|against| !against.within && against.known.is_none())
            .count()
    }

    /// Shows a number under a second name; nothing where the first is none.
    pub fn repeat_as(&mut self, name: &str, second: &str) {
        let figure = self.0.iter().find(|(n, _)| n == name).cloned();
        self.0.extend(figure.map(|(_, f)| (second.to_owned(), f)));
    }

    /// Takes over all numbers of `other`.
    pub fn extend(&mut self, other: Figures) {
        self.0.extend(other.0);
    }
}

impl Serialize for Figures {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, figure) in &self.0 {
            map.serialize_entry(name, figure)?;
        }
        map.end()
    }
}

/// Why something could not be measured: the benchmark's own game could not be set up or written.
#[derive(Debug, thiserror::Error)]
#[error("cannot set up the benchmark: {doing}")]
pub struct BenchError {
    doing: &'static str,
    #[source]
    source: Box<dyn std::error::Error + Send + Sync>,
}

fn failed<E: std::error::Error + Send + Sync + 'static>(
    doing: &'static str,
) -> impl FnOnce(E) -> BenchError {
    move |source| BenchError {
        doing,
        source: Box::new(source),
    }
}

/// The middle value, or the mean of the two in the middle; 0 of nothing.
fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    match values.len() {
        0 => 0.0,
        n if n % 2 == 1 => values[n / 2],
        n => (values[n / 2 - 1] + values[n / 2]) / 2.0,
    }
}

/// Calls `run` up to `runs` times (at least twice) within the budget; what it returned, in order.
fn repeat<T>(runs: usize, mut run: impl FnMut(usize) -> T) -> Vec<T> {
    let started = Instant::now();
    let mut results = Vec::with_capacity(runs);
    for idx in 0..runs {
        if idx >= 2 && started.elapsed() > BUDGET {
            break;
        }
        results.push(run(idx));
    }
    results
}

/// Mean seconds of a call, per run: one run to warm up and to choose how many calls last about `run_seconds`, then
/// `runs` runs of that many calls.
fn seconds_per_call(runs: usize, run_seconds: f64, mut call: impl FnMut()) -> Vec<f64> {
    let started = Instant::now();
    call();
    let first = started.elapsed().as_secs_f64();
    let calls = (run_seconds / first.max(1e-9)).clamp(1.0, 1e6) as usize;
    repeat(runs, |_| {
        let started = Instant::now();
        (0..calls).for_each(|_| call());
        started.elapsed().as_secs_f64() / calls as f64
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_ignore_one_disturbed_run() {
        assert_eq!(median(&mut [3.0, 900.0, 1.0]), 3.0);
        assert_eq!(median(&mut [4.0, 1.0]), 2.5);
        assert_eq!(median(&mut []), 0.0);
    }

    #[test]
    fn figures_serialize_as_one_map_in_order() {
        let mut figures = Figures::default();
        figures.add("sim.loops_per_second", "loops/s", vec![2.0, 1.0, 3.0]);
        figures.add("a", "us", vec![1.0]);
        let text = serde_json::to_string(&figures).unwrap();
        assert_eq!(
            text,
            r#"{"sim.loops_per_second":{"value":2.0,"unit":"loops/s","n":3},"a":{"value":1.0,"unit":"us","n":1}}"#
        );
    }

    #[test]
    fn calls_are_timed_in_the_runs_asked_for() {
        let mut calls = 0;
        let runs = seconds_per_call(3, 0.001, || calls += 1);
        assert_eq!(runs.len(), 3);
        assert!(calls > 3 && runs.iter().all(|seconds| *seconds >= 0.0));
    }
}
