//! Selected action (SCC App. A.4): one fully connected layer and a softmax; AlphaStar's residual blocks are gone.

use crate::policy::layers::Linear;
use crate::policy::params::Scope;
use tch::Tensor;

/// See the module.
#[derive(Debug)]
pub struct FunctionHead {
    layer: Linear,
}

impl FunctionHead {
    /// Starts near the uniform distribution.
    pub fn new(scope: Scope<'_>, input: i64, functions: i64) -> FunctionHead {
        FunctionHead {
            layer: Linear::scaled(scope, input, functions, 0.1),
        }
    }

    /// `core` `[M, H]`, `illegal` `[M, A]` bool; returns logits `[M, A]`.
    pub fn forward(&self, core: &Tensor, illegal: &Tensor) -> Tensor {
        super::masked(&self.layer.forward(core), illegal)
    }
}
