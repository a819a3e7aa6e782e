//! Shapes of the action space.

use serde::{Deserialize, Serialize};

/// Limits of the action space; part of every checkpoint.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ActionConfig {
    /// Units one action may select.
    pub selected_max: usize,
    /// Cells around the aimed-at place in which a blocked build action may settle.
    pub placement_radius: f32,
}

impl Default for ActionConfig {
    fn default() -> ActionConfig {
        ActionConfig {
            selected_max: 64,
            placement_radius: 4.0,
        }
    }
}

/// Everything a network needs to size its heads.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ActionSpec {
    pub config: ActionConfig,
    /// Rows of the function table, `A`; row 0 is no-op.
    pub n_functions: usize,
    /// Choices of the skip head: `SKIP_LOOPS_MIN..=SKIP_LOOPS_MAX`.
    pub n_skips: usize,
    /// Cells on a side of the target grid (`ObsConfig::target_grid`).
    pub target_grid: usize,
    /// Hash of the function table: the same value means the same rows.
    pub hash: u64,
}
