//! Limits of the observation.

use super::types::MINIMAP;
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

/// What is wrong with a config.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ObsConfigError {
    #[error("units_max must be 1..=4096 in each group, not {0:?}")]
    UnitsMax([usize; 3]),
    #[error("target_grid must be a multiple of 64 in 64..=512, not {0}")]
    TargetGrid(usize),
}

impl ObsConfig {
    /// # Errors
    /// If a limit is out of its range.
    pub fn validate(&self) -> Result<(), ObsConfigError> {
        if self.units_max.iter().any(|n| !(1..=4096).contains(n)) {
            return Err(ObsConfigError::UnitsMax(self.units_max));
        }
        if !self.target_grid.is_multiple_of(MINIMAP) || !(64..=512).contains(&self.target_grid) {
            return Err(ObsConfigError::TargetGrid(self.target_grid));
        }
        Ok(())
    }
}
