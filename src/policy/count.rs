//! Parameters and FLOPs by part, from a config: the figures of docs/PAPER.md.

use super::params::Params;
use super::pooling::AttentionPooling;
use super::scalar::ScalarEncoder;
use super::spatial::SpatialEncoder;
use super::transformer::GroupTransformer;
use super::units::UnitEncoder;
use super::value::ValueHeads;
use super::{Policy, PolicyError, PolicySpec, core, heads};

/// Selection steps that a forward pass is counted with.
pub const COUNTED_STEPS: i64 = 8;

/// One part's share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartCount {
    /// First one or two components of its parameters' names, e.g. `heads.selected`.
    pub part: String,
    pub params: usize,
    /// Floating-point operations of a forward pass of one row (two a multiply-add; matrix products and convolutions
    /// only). The part `units` is counted as a whole.
    pub flops: i64,
}

/// A network's size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    pub parts: Vec<PartCount>,
    /// The largest single parameter (a layer's weight): its name and size.
    pub largest: (String, usize),
}

impl Count {
    pub fn params(&self) -> usize {
        self.parts.iter().map(|p| p.params).sum()
    }

    pub fn flops(&self) -> i64 {
        self.parts.iter().map(|p| p.flops).sum()
    }
}

/// Counts parameters (as the parts ask for them) and FLOPs, with `units` units of the groups mine, enemy, neutral,
/// all heads asked, and [`COUNTED_STEPS`] selection steps.
///
/// # Errors
/// As [`Policy::new`].
pub fn count(spec: &PolicySpec, units: [i64; 3]) -> Result<Count, PolicyError> {
    let policy = Policy::build(spec, Params::dry())?;
    let mut parts: Vec<PartCount> = Vec::new();
    let mut largest = (String::new(), 0);
    for (name, tensor) in policy.params().entries() {
        let part = part_of(name);
        let n = tensor.numel();
        match parts.iter_mut().find(|p| p.part == part) {
            Some(p) => p.params += n,
            None => parts.push(PartCount {
                flops: 2 * macs(spec, units, &part),
                params: n,
                part,
            }),
        }
        if n > largest.1 {
            largest = (name.clone(), n);
        }
    }
    Ok(Count { parts, largest })
}

fn part_of(name: &str) -> String {
    let mut split = name.split('.');
    let first = split.next().unwrap_or_default();
    match (first, split.next()) {
        ("heads", Some(second)) => format!("{first}.{second}"),
        _ => first.to_string(),
    }
}

fn macs(spec: &PolicySpec, units: [i64; 3], part: &str) -> i64 {
    let c = &spec.config;
    let all: i64 = units.iter().sum();
    let grid = spec.action.target_grid as i64;
    match part {
        "scalar" => ScalarEncoder::macs(&c.scalar, &spec.obs),
        "units" => (0..3)
            .map(|g| units[g] * UnitEncoder::macs(&c.units, &spec.obs, g))
            .sum(),
        "transformer" => GroupTransformer::macs(&c.units, all),
        "pooling" => units
            .iter()
            .map(|&n| AttentionPooling::macs(&c.pooling, c.units.dim, n))
            .sum(),
        "spatial" => SpatialEncoder::macs(&c.spatial, &spec.obs, c.units.dim, all),
        "core" => {
            let joined = c.scalar.out + c.spatial.out + 3 * AttentionPooling::out(&c.pooling);
            core::Core::macs(&c.core, joined)
        }
        "value" => ValueHeads::macs(&c.value, c.core.hidden),
        "heads.function" => c.core.hidden * spec.action.n_functions as i64,
        "heads.skip" => heads::SkipHead::macs(c, spec.action.n_skips as i64),
        "heads.queued" => heads::QueuedHead::macs(c),
        "heads.selected" => heads::SelectedHead::macs(c, units[0], COUNTED_STEPS),
        "heads.target_unit" => heads::TargetUnitHead::macs(c, all),
        "heads.target_cell" => heads::TargetCellHead::macs(c, grid),
        // The function's embedding is a look-up.
        _ => 0,
    }
}
