//! Queued (SCC App. A.4): conditioned on the function, FC, sigmoid.

use super::Condition;
use crate::policy::config::PolicyConfig;
use crate::policy::layers::Linear;
use crate::policy::params::Scope;
use tch::{Kind, Tensor};

/// See the module.
#[derive(Debug)]
pub struct QueuedHead {
    condition: Condition,
    layer: Linear,
}

impl QueuedHead {
    pub fn new(mut scope: Scope<'_>, config: &PolicyConfig) -> QueuedHead {
        QueuedHead {
            condition: Condition::on_function(scope.sub("condition"), config),
            layer: Linear::scaled(scope.sub("out"), config.heads.hidden, 1, 0.1),
        }
    }

    /// `core` `[M, H]`, `e_a` `[M, A]`; returns logits `[M, 2]` of "no" (always 0) and "yes": their softmax is the
    /// sigmoid, and the losses need to know one kind of head only.
    pub fn forward(&self, core: &Tensor, e_a: &Tensor) -> Tensor {
        let yes = self
            .layer
            .forward(&self.condition.forward(core, e_a, None))
            .to_kind(Kind::Float);
        Tensor::cat(&[yes.zeros_like(), yes], 1)
    }

    pub fn macs(config: &PolicyConfig) -> i64 {
        Condition::macs(config, false) + config.heads.hidden
    }
}
