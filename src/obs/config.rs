//! Limits of the observation.

use serde::{Deserialize, Serialize};

/// How much of the game an observation holds. Part of every checkpoint and dataset header: it fixes array widths.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ObsConfig {
    /// Unit rows per group at most: mine, enemy, neutral. The rest is left out and counted.
    pub units_max: [usize; 3],
    /// Cells on a side of the grid that `Action::target_cell` indexes; a multiple of 64.
    pub target_grid: usize,
}

impl Default for ObsConfig {
    fn default() -> ObsConfig {
        ObsConfig {
            units_max: [256, 200, 200],
            target_grid: 128,
        }
    }
}
