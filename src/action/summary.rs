//! A short account of one encoded observation, for `scc observe`.

use super::interface::{Interface, Specs};
use crate::game::{GameInfo, RawObservation};
use crate::obs::{Conditioning, MINIMAP, Observation, PLANES};
use serde::Serialize;
use std::collections::BTreeMap;
use xxhash_rust::xxh3::Xxh3;

/// A number per unit group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct PerGroup {
    /// One's own and allies'.
    #[serde(rename = "self")]
    pub own: u32,
    pub enemy: u32,
    pub neutral: u32,
}

/// What `scc observe` prints.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ObserveSummary {
    /// Units as captured.
    pub units: PerGroup,
    /// Units after the limits.
    pub encoded: PerGroup,
    /// Name of each array -> its shape.
    pub shapes: BTreeMap<&'static str, Vec<usize>>,
    /// Functions that are legal now.
    pub legal_functions: usize,
    /// Hash of all arrays, as 16 hex digits: the same bits, the same hash.
    pub hash: String,
}

/// Encodes one observation as the first of a game.
pub fn summarize(specs: &Specs, info: &GameInfo, raw: &RawObservation) -> ObserveSummary {
    let mut obs = Observation::default();
    Interface::new(specs, info, Conditioning::default()).observe(raw, &mut obs);
    let group = |v: [u32; 3]| PerGroup {
        own: v[0],
        enemy: v[1],
        neutral: v[2],
    };
    let n: [usize; 3] = std::array::from_fn(|g| obs.units[g].len());
    let shapes = BTreeMap::from([
        ("scalars", vec![obs.scalars.len()]),
        ("planes", vec![PLANES, MINIMAP, MINIMAP]),
        ("mine", vec![n[0], specs.obs.unit_dim(0)]),
        ("enemy", vec![n[1], specs.obs.unit_dim(1)]),
        ("neutral", vec![n[2], specs.obs.unit_dim(2)]),
        ("legal_functions", vec![specs.obs.n_functions]),
        ("target_grid", vec![specs.obs.config.target_grid; 2]),
    ]);
    ObserveSummary {
        units: group(obs.totals),
        encoded: group(n.map(|n| n as u32)),
        shapes,
        legal_functions: obs
            .legal_functions
            .iter()
            .map(|w| w.count_ones() as usize)
            .sum(),
        hash: format!("{:016x}", hash(&obs)),
    }
}

/// Hash of everything that a network reads and of the unit rows.
pub fn hash(obs: &Observation) -> u64 {
    let mut h = Xxh3::new();
    let mut floats = |v: &[f32]| v.iter().for_each(|x| h.update(&x.to_bits().to_le_bytes()));
    floats(&obs.scalars);
    obs.features.iter().for_each(|f| floats(f));
    h.update(&obs.planes);
    for row in obs.units.iter().flatten() {
        h.update(&row.tag.0.to_le_bytes());
        h.update(&row.flags.to_le_bytes());
        h.update(&[row.cell.0, row.cell.1, row.energy]);
        for v in [row.type_idx, row.orders[0], row.orders[1]] {
            h.update(&v.to_le_bytes());
        }
    }
    for word in &obs.legal_functions {
        h.update(&word.to_le_bytes());
    }
    h.update(&obs.last_function.to_le_bytes());
    h.digest()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::game::Race;
    use crate::obs::testing::{crowd, info};

    #[test]
    fn the_hash_tells_observations_apart_and_json_has_the_agreed_keys() {
        let (specs, info) = (Specs::default(), info(Race::Terran, Race::Terran));
        let a = summarize(&specs, &info, &crowd(1));
        assert_eq!(a, summarize(&specs, &info, &crowd(1)));
        let mut moved = crowd(1);
        moved.units[0].health -= 30.0;
        assert_ne!(a.hash, summarize(&specs, &info, &moved).hash);
        let json = serde_json::to_value(&a).unwrap();
        assert_eq!(json["units"]["self"], json["encoded"]["self"]);
        assert_eq!(json["shapes"]["planes"], serde_json::json!([6, 64, 64]));
        assert!(json["hash"].as_str().is_some_and(|h| h.len() == 16));
    }
}
