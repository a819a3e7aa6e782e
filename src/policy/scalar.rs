//! Scalar encoder (SCC App. A, Fig. 4).
//!
//! Scalars, the available functions, the last function and z's build order, each through a layer of its own, summed
//! (which is concatenation followed by one fully connected layer), then a second layer.

use super::config::ScalarConfig;
use super::inputs::ObsTensors;
use super::layers::{Embedding, Linear};
use super::params::Scope;
use crate::obs::{BUILD_ORDER_LEN, ObsSpec};
use tch::Tensor;

/// See the module.
#[derive(Debug)]
pub struct ScalarEncoder {
    scalars: Linear,
    available: Linear,
    last_function: Embedding,
    last: Linear,
    build_item: Embedding,
    build_place: Linear,
    build: Linear,
    out: Linear,
}

impl ScalarEncoder {
    pub fn new(mut scope: Scope<'_>, config: &ScalarConfig, spec: &ObsSpec) -> ScalarEncoder {
        let h = config.hidden;
        let functions = spec.n_functions as i64;
        let build = BUILD_ORDER_LEN as i64 * config.build_dim;
        ScalarEncoder {
            scalars: Linear::relu(scope.sub("scalars"), spec.scalar_dim() as i64, h),
            available: Linear::no_bias(scope.sub("available"), functions, h),
            last_function: Embedding::new(
                scope.sub("last_function"),
                functions,
                config.function_dim,
                1.0,
            ),
            last: Linear::no_bias(scope.sub("last"), config.function_dim, h),
            build_item: Embedding::new(
                scope.sub("build_item"),
                spec.n_build_items as i64,
                config.build_dim,
                1.0,
            ),
            build_place: Linear::no_bias(scope.sub("build_place"), 2, config.build_dim),
            build: Linear::no_bias(scope.sub("build"), build, h),
            out: Linear::relu(scope.sub("out"), h, config.out),
        }
    }

    /// `[R, out]`.
    pub fn forward(&self, obs: &ObsTensors) -> Tensor {
        let items =
            self.build_item.forward(&obs.build_items) + self.build_place.forward(&obs.build_places);
        let build = items.relu().flatten(1, 2);
        let sum = self.scalars.forward(&obs.scalars)
            + self.available.forward(&obs.available)
            + self
                .last
                .forward(&self.last_function.forward(&obs.last_function))
            + self.build.forward(&build);
        self.out.forward_relu(&sum.relu())
    }

    /// Multiply-adds a row.
    pub fn macs(config: &ScalarConfig, spec: &ObsSpec) -> i64 {
        let inputs = spec.scalar_dim() as i64 + spec.n_functions as i64 + config.function_dim;
        let build = BUILD_ORDER_LEN as i64 * config.build_dim;
        inputs * config.hidden + build * (2 + config.hidden) + config.hidden * config.out
    }
}
