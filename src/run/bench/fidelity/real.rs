//! What recorded games show: the shape of `real.json`, as far as the comparison reads it.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::super::{BenchError, failed};

/// Loops and how often.
pub(super) type Seen = (u32, usize);

#[derive(Debug, Deserialize)]
pub(super) struct Real {
    pub mining: Vec<Opening>,
    pub gas: Vec<Crews>,
    /// Structure to loops to how often.
    pub construction: BTreeMap<String, BTreeMap<u32, usize>>,
    /// From one unit to the next of a queue that never ran dry.
    pub training: BTreeMap<String, Seen>,
    /// From the command to the first unit.
    pub first: BTreeMap<String, Seen>,
    /// From the command to the upgrade.
    pub research: BTreeMap<String, Seen>,
    pub morph: BTreeMap<String, Seen>,
    pub mule_life: BTreeMap<u32, usize>,
    pub flights: Vec<Flight>,
    pub walks: Vec<Walk>,
}

/// One recorded player's workers at minerals, while their number is known.
#[derive(Debug, Deserialize)]
pub(super) struct Opening {
    /// Centers of mineral fields, from the town hall's.
    pub fields: Vec<[f32; 2]>,
    /// Game loops at which workers come and go, and how many.
    pub changes: Vec<(u32, i32)>,
    /// Last loop of a window of 240, loads of 5 in it.
    pub windows: Vec<(u32, u32)>,
}

/// One recorded player's gas structures while all have their crew of three.
#[derive(Debug, Deserialize)]
pub(super) struct Crews {
    pub geysers: Vec<[f32; 2]>,
    /// Gas structures, loads of 4 in a window of 240 loops.
    pub windows: Vec<(u32, u32)>,
}

/// A structure's flight.
#[derive(Debug, Deserialize)]
pub(super) struct Flight {
    pub structure: String,
    pub by: [f32; 2],
    /// Loops after the lift-off at which it was told to land.
    pub land_after: Vec<u32>,
    /// From the lift-off to standing again.
    pub loops: u32,
}

/// A worker's straight walk between two recorded positions.
#[derive(Debug, Deserialize)]
pub(super) struct Walk {
    pub by: [f32; 2],
    pub loops: u32,
}

/// The table that is built in.
pub(super) fn table() -> Result<Real, BenchError> {
    serde_json::from_str(include_str!("real.json")).map_err(failed("the recorded figures"))
}
