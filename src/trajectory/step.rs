//! One agent step as stored: observation, action, and what reinforcement learning adds.

use crate::action::Action;
use crate::obs::Observation;

/// What the behavior policy knew when it chose; only in reinforcement learning.
#[derive(Clone, Debug, Default, PartialEq)]
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
