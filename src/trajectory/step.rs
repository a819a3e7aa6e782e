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

/// Consecutive steps of one player in one game.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Unroll {
    pub steps: Vec<Step>,
    /// Values after the last step, `[R]`; empty in imitation and after the end of a game.
    pub bootstrap: Vec<f32>,
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
