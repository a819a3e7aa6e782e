//! Shapes and names of everything in an [`Observation`](super::Observation).

use super::config::{ObsConfig, ObsConfigError};
use super::feature::{Feature, Quant};
use super::planes::plane_specs;
use super::scalars::SCALAR_FEATURES;
use super::units::UNIT_FEATURES;
use super::vocab::vocab;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::Xxh3;

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
    /// Hash of names, encodings, ranges, index tables and config: two specs with the same value encode alike.
    pub hash: u64,
}

impl ObsSpec {
    /// The spec under a config; `n_functions` is the number of rows of the function table
    /// (`action::ActionSpec::new` knows it).
    ///
    /// # Errors
    /// If the config is out of range.
    pub fn new(config: ObsConfig, n_functions: usize) -> Result<ObsSpec, ObsConfigError> {
        config.validate()?;
        let v = vocab();
        let mut spec = ObsSpec {
            config,
            scalars: slices(SCALAR_FEATURES, 0),
            unit_features: std::array::from_fn(|g| slices(UNIT_FEATURES, g)),
            planes: plane_specs(),
            n_unit_types: v.types().len(),
            n_orders: v.orders().len(),
            n_build_items: v.build_items().len() + 1,
            n_functions,
            hash: 0,
        };
        spec.hash = spec.compute_hash();
        Ok(spec)
    }

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

    /// Words of `Observation::legal_functions`.
    pub fn legal_words(&self) -> usize {
        self.n_functions.div_ceil(64)
    }

    fn compute_hash(&self) -> u64 {
        let mut hasher = Xxh3::new();
        for f in SCALAR_FEATURES.iter().chain(UNIT_FEATURES) {
            hasher.update(format!("{f:?}").as_bytes());
        }
        let v = vocab();
        let tables = (
            v.types().iter().map(|t| t.id.0).collect::<Vec<_>>(),
            v.counted(),
            v.orders(),
            v.build_items(),
        );
        hasher.update(format!("{:?} {:?} {tables:?}", self.config, self.planes).as_bytes());
        hasher.update(&(self.n_functions as u64).to_le_bytes());
        hasher.digest()
    }
}

fn slices(table: &[Feature], group: usize) -> Vec<Slice> {
    let mut start = 0;
    let of_group = table.iter().filter(|f| f.groups >> group & 1 == 1);
    of_group
        .map(|f| {
            let slice = Slice {
                name: f.name.into(),
                start,
                len: f.width.get(),
            };
            start += slice.len;
            slice
        })
        .collect()
}

/// Quantization of each column of the scalars.
pub fn scalar_columns() -> Vec<Quant> {
    columns(SCALAR_FEATURES, 0)
}

/// Quantization of each column of a group's unit features.
pub fn unit_columns(group: usize) -> Vec<Quant> {
    columns(UNIT_FEATURES, group)
}

fn columns(table: &[Feature], group: usize) -> Vec<Quant> {
    table
        .iter()
        .filter(|f| f.groups >> group & 1 == 1)
        .flat_map(|f| std::iter::repeat_n(f.quant, f.width.get()))
        .collect()
}
