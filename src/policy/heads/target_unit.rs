//! Target unit (SCC App. A.4): conditioned concat-attention over the units of all groups; the query is conditioned on
//! the function and the selected units' mean and maximum.

use super::{ConcatAttention, Condition, masked};
use crate::policy::config::PolicyConfig;
use crate::policy::params::Scope;
use tch::Tensor;

/// See the module.
#[derive(Debug)]
pub struct TargetUnitHead {
    condition: Condition,
    attention: ConcatAttention,
}

impl TargetUnitHead {
    pub fn new(mut scope: Scope<'_>, config: &PolicyConfig) -> TargetUnitHead {
        let heads = &config.heads;
        TargetUnitHead {
            condition: Condition::on_units(scope.sub("condition"), config),
            attention: ConcatAttention::new(
                scope.sub("attention"),
                heads.hidden,
                config.units.dim,
                heads.action_dim,
            ),
        }
    }

    /// `core` `[M, H]`, `e_a` `[M, A]`, `selected` `[M, 2 D]`, `units` `[M, N, D]` (mine, enemy, neutral), `illegal`
    /// `[M, N]` bool; returns logits `[M, N]`.
    pub fn forward(
        &self,
        core: &Tensor,
        e_a: &Tensor,
        selected: &Tensor,
        units: &Tensor,
        illegal: &Tensor,
    ) -> Tensor {
        let query = self.condition.forward(core, e_a, Some(selected));
        let scores = self.attention.scores(
            &self.attention.keys(units),
            &self.attention.queries(&query),
            e_a,
        );
        masked(&scores, illegal)
    }

    /// Multiply-adds of one row with `n` units.
    pub fn macs(config: &PolicyConfig, n: i64) -> i64 {
        let a = config.heads.action_dim;
        Condition::macs(config, true) + config.heads.hidden * a + n * a * (config.units.dim + 1)
    }
}
