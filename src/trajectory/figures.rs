//! Measurements of this module and the two below it, for `scc bench`.

use super::collate::{CollateOptions, collate};
use super::step::Unroll;
use super::wire::Wire;
use crate::action::{Interface, Specs};
use crate::game::{GameInfo, RawObservation};
use crate::obs::{Conditioning, Observation};
use std::time::Instant;

/// What encoding observations costs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ObserveFigures {
    /// Mean microseconds from a raw observation to arrays and legal functions, into reused buffers.
    pub us: f64,
    /// Mean units per observation.
    pub units: f64,
    /// Observations encoded.
    pub n: usize,
}

/// Encodes the observations in order, again and again, until `rounds` rounds are through; the first one warms up.
pub fn observe_figures(
    specs: &Specs,
    info: &GameInfo,
    raws: &[RawObservation],
    rounds: usize,
) -> ObserveFigures {
    let mut interface = Interface::new(specs, info, Conditioning::default());
    let mut obs = Observation::default();
    let mut round = || {
        for raw in raws {
            interface.observe(raw, &mut obs);
        }
    };
    round();
    let start = Instant::now();
    for _ in 0..rounds {
        round();
    }
    let n = rounds * raws.len();
    ObserveFigures {
        us: start.elapsed().as_secs_f64() * 1e6 / n.max(1) as f64,
        units: raws.iter().map(|r| r.units.len() as f64).sum::<f64>() / raws.len().max(1) as f64,
        n,
    }
}

/// What storing and loading steps costs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WireFigures {
    pub bytes_per_step: f64,
    /// Microseconds a step.
    pub encode_us: f64,
    pub decode_us: f64,
    pub collate_us: f64,
    /// Steps measured.
    pub n: usize,
}

/// Encodes, decodes and collates unrolls of up to `t` steps.
pub fn wire_figures(specs: &Specs, unrolls: &[Unroll], t: usize) -> WireFigures {
    let n = unrolls.iter().map(|u| u.steps.len()).sum::<usize>();
    let per_step = |start: Instant| start.elapsed().as_secs_f64() * 1e6 / n.max(1) as f64;
    let wire = Wire::new(specs);
    let start = Instant::now();
    let encoded: Vec<Vec<u8>> = unrolls.iter().map(|u| wire.encode(u)).collect();
    let encode_us = per_step(start);
    let start = Instant::now();
    let decoded: Vec<Unroll> = encoded.iter().filter_map(|b| wire.decode(b).ok()).collect();
    let decode_us = per_step(start);
    let start = Instant::now();
    for row in &decoded {
        let options = CollateOptions {
            t,
            reset_rows: false,
        };
        std::hint::black_box(collate(&[row], specs, options));
    }
    WireFigures {
        bytes_per_step: encoded.iter().map(Vec::len).sum::<usize>() as f64 / n.max(1) as f64,
        encode_us,
        decode_us,
        collate_us: per_step(start),
        n,
    }
}
