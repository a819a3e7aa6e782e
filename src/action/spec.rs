//! Shapes of the action space.

use super::functions::{functions, table};
use super::types::{SKIP_LOOPS_MAX, SKIP_LOOPS_MIN};
use crate::obs::{ObsConfig, ObsConfigError, ObsSpec};
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::Xxh3;

/// Limits of the action space; part of every checkpoint.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ActionConfig {
    /// Units one action may select.
    pub selected_max: usize,
    /// Cells around the aimed-at place in which a blocked build action may settle; 0 = never moved.
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

/// What is wrong with a config.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ActionConfigError {
    #[error("selected_max must be 1..=512, not {0}")]
    SelectedMax(usize),
    #[error("placement_radius must be 0..=16 cells, not {0}")]
    PlacementRadius(f32),
}

impl ActionConfig {
    /// # Errors
    /// If a limit is out of its range.
    pub fn validate(&self) -> Result<(), ActionConfigError> {
        if !(1..=512).contains(&self.selected_max) {
            return Err(ActionConfigError::SelectedMax(self.selected_max));
        }
        if !(0.0..=16.0).contains(&self.placement_radius) {
            return Err(ActionConfigError::PlacementRadius(self.placement_radius));
        }
        Ok(())
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
    /// Hash of the function table: the same value means the same rows with the same requirements.
    pub hash: u64,
}

impl ActionSpec {
    /// # Errors
    /// If the config is out of range.
    pub fn new(config: ActionConfig, target_grid: usize) -> Result<ActionSpec, ActionConfigError> {
        config.validate()?;
        let mut hasher = Xxh3::new();
        for f in functions() {
            hasher.update(
                format!("{} {:?} {:?} {:?}", f.name, f.ability, f.kind, f.offers).as_bytes(),
            );
        }
        hasher.update(format!("{:?}", table().gates).as_bytes());
        Ok(ActionSpec {
            config,
            n_functions: functions().len(),
            n_skips: usize::from(SKIP_LOOPS_MAX - SKIP_LOOPS_MIN) + 1,
            target_grid,
            hash: hasher.digest(),
        })
    }
}

/// The spec of the observation that goes with this action space.
///
/// # Errors
/// If the config is out of range.
pub fn obs_spec(config: ObsConfig) -> Result<ObsSpec, ObsConfigError> {
    ObsSpec::new(config, functions().len())
}
