//! Unit encoder, one per group (SCC App. A: type embedding, position and the other fields, then FC).
//!
//! The embeddings have the width of the first layer's output and are added to it, which is the same function as
//! concatenating smaller ones to the features before it, at the cost of a table look-up.

use super::config::UnitsConfig;
use super::inputs::GroupTensors;
use super::layers::{Embedding, Linear};
use super::params::Scope;
use crate::obs::{ORDER_COLUMNS, ObsSpec};
use tch::Tensor;

/// Encoder of one group. Own units have their orders' embeddings, too.
#[derive(Debug)]
pub struct UnitEncoder {
    types: Embedding,
    orders: Vec<Embedding>,
    features: Linear,
    out: Linear,
}

impl UnitEncoder {
    pub fn new(
        mut scope: Scope<'_>,
        config: &UnitsConfig,
        spec: &ObsSpec,
        group: usize,
    ) -> UnitEncoder {
        let d = config.dim;
        let columns = if group == 0 { ORDER_COLUMNS } else { 0 };
        UnitEncoder {
            types: Embedding::new(scope.sub("types"), spec.n_unit_types as i64, d, 0.5),
            orders: (0..columns)
                .map(|i| Embedding::new(scope.idx("orders", i), spec.n_orders as i64, d, 0.3))
                .collect(),
            features: Linear::relu(scope.sub("features"), spec.unit_dim(group) as i64, d),
            out: Linear::relu(scope.sub("out"), d, d),
        }
    }

    /// `[R, N, D]`; zero in padding.
    pub fn forward(&self, units: &GroupTensors) -> Tensor {
        let mut x = self.features.forward(&units.features) + self.types.forward(&units.types);
        if let Some(orders) = &units.orders {
            for (i, table) in self.orders.iter().enumerate() {
                x += table.forward(&orders.select(2, i as i64));
            }
        }
        self.out.forward_relu(&x.relu()) * &units.valid
    }

    /// Multiply-adds of one unit.
    pub fn macs(config: &UnitsConfig, spec: &ObsSpec, group: usize) -> i64 {
        config.dim * (spec.unit_dim(group) as i64 + config.dim)
    }
}
