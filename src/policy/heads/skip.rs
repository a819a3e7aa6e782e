//! Skip frames (SCC App. A.4): conditioned on the function, FC, softmax over 2..=128 game loops.

use super::Condition;
use crate::policy::config::PolicyConfig;
use crate::policy::layers::Linear;
use crate::policy::params::Scope;
use tch::{Kind, Tensor};

/// See the module.
#[derive(Debug)]
pub struct SkipHead {
    condition: Condition,
    layer: Linear,
}

impl SkipHead {
    pub fn new(mut scope: Scope<'_>, config: &PolicyConfig, skips: i64) -> SkipHead {
        SkipHead {
            condition: Condition::on_function(scope.sub("condition"), config),
            layer: Linear::scaled(scope.sub("out"), config.heads.hidden, skips, 0.1),
        }
    }

    /// `core` `[M, H]`, `e_a` `[M, A]`; returns logits `[M, skips]`.
    pub fn forward(&self, core: &Tensor, e_a: &Tensor) -> Tensor {
        self.layer
            .forward(&self.condition.forward(core, e_a, None))
            .to_kind(Kind::Float)
    }

    pub fn macs(config: &PolicyConfig, skips: i64) -> i64 {
        Condition::macs(config, false) + config.heads.hidden * skips
    }
}
