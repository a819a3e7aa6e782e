//! Shapes and names of everything in an [`Observation`](super::Observation).

use super::config::ObsConfig;
use serde::{Deserialize, Serialize};

/// A named, contiguous part of a feature vector.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slice {
    pub name: String,
    pub start: usize,
    pub len: usize,
}

/// A minimap plane: its values are `0..=max`; `categories` says whether they are classes (one-hot) or an amount.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaneSpec {
    pub name: String,
    pub max: u8,
    pub categories: bool,
}

/// Everything a network needs to size its inputs. Derived from the feature table and the config.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObsSpec {
    pub config: ObsConfig,
    /// Slices of `Observation::scalars`, in order, without gaps.
    pub scalars: Vec<Slice>,
    /// Slices of each group's unit features, in order, without gaps.
    pub unit_features: [Vec<Slice>; 3],
    pub planes: Vec<PlaneSpec>,
    /// Rows of the unit-type table, the unknown type 0 included.
    pub n_unit_types: usize,
    /// Rows of the order table, "no order" 0 included.
    pub n_orders: usize,
    /// Rows of z's build-item table, "none" 0 included.
    pub n_build_items: usize,
    /// Rows of the function table (`action::functions`), which `last_function` and `legal_functions` index.
    pub n_functions: usize,
    /// Hash of names, encodings and ranges: two specs with the same value encode alike.
    pub hash: u64,
}

impl ObsSpec {
    /// Width of the scalar vector, `S`.
    pub fn scalar_dim(&self) -> usize {
        self.scalars.last().map_or(0, |s| s.start + s.len)
    }

    /// Width of a group's unit features, `D_g`.
    pub fn unit_dim(&self, group: usize) -> usize {
        self.unit_features[group]
            .last()
            .map_or(0, |s| s.start + s.len)
    }
}
