//! One agent step as stored: observation, action, and what reinforcement learning adds.

use crate::action::Action;
use crate::obs::Observation;
use serde::{Deserialize, Serialize};

/// What the behavior policy knew when it chose; only in reinforcement learning.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Behavior {
    /// Log-probability of the choice of each head ([`super::HEADS`]); 0 where the head was not asked.
    pub log_probs: [f32; 6],
    /// Value per reward kind, `[R]`.
    pub values: Vec<f32>,
    pub policy_version: u64,
    /// Rewards that followed this step, `[R]`.
    pub rewards: Vec<f32>,
    /// The game terminated with this step.
    pub terminated: bool,
}

/// One agent step.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Step {
    /// The network's state is zeroed before this step (first of a game).
    pub reset: bool,
    pub obs: Observation,
    pub action: Action,
    pub behavior: Option<Behavior>,
}

/// A network's LSTM state in one game, `[L * H]` each, layer by layer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LstmState {
    pub hidden: Vec<f32>,
    pub cell: Vec<f32>,
}

/// Consecutive steps of one player in one game.
///
/// The last four fields are reinforcement learning's. What masks, z and the discount need is in the steps already: masks
/// are functions of the observation, z is one of its inputs, and a step lasts its action's `skip_loops`. No observation
/// follows the last step: the actor has its value, having acted on it (docs/DECISIONS.md).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Unroll {
    pub steps: Vec<Step>,
    /// The behavior policy's values after the last step, `[R]`; empty in imitation and after the end of a game.
    pub bootstrap: Vec<f32>,
    /// The same for what the value heads learn, where their returns look further ahead than the advantages, `[R]`; empty =
    /// `bootstrap`.
    pub return_bootstrap: Vec<f32>,
    /// State of the behavior policy before the first step; none = zero (a game's first step).
    pub lstm: Option<LstmState>,
    /// State of the frozen supervised policy before the first step; none = take `lstm` for it, which is exact as long as
    /// the two networks are the same and drifts away with them.
    pub supervised_lstm: Option<LstmState>,
}

impl Unroll {
    /// The oldest version of the behavior policy that acted in these steps; none in imitation.
    pub fn policy_version(&self) -> Option<u64> {
        let versions = self.steps.iter().filter_map(|s| s.behavior.as_ref());
        versions.map(|b| b.policy_version).min()
    }
}

/// Cuts the steps of one game into unrolls of `t_max` steps; the last may be shorter. Only the game's first step has
/// `reset` set: who trains through an LSTM either carries its state from unroll to unroll or starts each from zero
/// (`collate` takes that choice).
///
/// # Panics
/// If `t_max` is 0.
pub fn slice_unrolls(steps: Vec<Step>, t_max: usize) -> Vec<Unroll> {
    assert!(t_max > 0, "an unroll has at least one step");
    let mut unrolls = Vec::with_capacity(steps.len().div_ceil(t_max));
    let mut current = Unroll::default();
    for step in steps {
        current.steps.push(step);
        if current.steps.len() == t_max {
            unrolls.push(std::mem::take(&mut current));
        }
    }
    if !current.steps.is_empty() {
        unrolls.push(current);
    }
    unrolls
}
