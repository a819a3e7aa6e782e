//! Whoever chooses what to do: the trait [`Agent`], and the agents that need no network.
//!
//! Invariant: an agent sees nothing but its own [`RawObservation`]s, and what it does is a function of them, the
//! [`GameInfo`] and the seed it was given at the start: no clock, no ambient randomness.
//!
//! Data flow: `begin` once a game, then for every look `act`, whose `skip_loops` says when the next look is.
//!
//! Leaves out: the network's agent (`predictor`), the built-in AI (`sim`), who plays whom (`evaluator`).

pub mod random;
pub mod scripted;

use crate::action::Action;
use crate::game::{GameInfo, PlayerCommand, RawObservation, Seed};
use crate::obs::Observation;

/// What an agent answers to one look.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AgentStep {
    /// Sent to the game in this order, now.
    pub commands: Vec<PlayerCommand>,
    /// Game loops until the next look; 0 counts as 1.
    pub skip_loops: u16,
    /// The choice in the policy's action space, where the agent acts through it.
    pub action: Option<Action>,
}

/// One player of one game at a time.
pub trait Agent: Send {
    /// Name for tables and replays.
    fn name(&self) -> &str;

    /// A new game starts: everything of the last one is forgotten.
    fn begin(&mut self, info: &GameInfo, seed: Seed);

    /// One look.
    fn act(&mut self, obs: &RawObservation) -> AgentStep;
}

/// What an agent knew and did at a look, as reinforcement learning needs it (SCC §6.1).
#[derive(Clone, Copy, Debug)]
pub struct Taken<'a> {
    pub obs: &'a Observation,
    pub action: &'a Action,
    /// Log-probability of each head's choice; 0 where the head was not asked.
    pub log_probs: [f32; 6],
    /// Value per reward kind, `[R]`, of the situation looked at.
    pub values: &'a [f32],
    /// Version of the weights that chose.
    pub policy_version: u64,
    /// LSTM state before the step, `[L * H]` each; empty = zeros, as at the start of a game.
    pub hidden: &'a [f32],
    pub cell: &'a [f32],
}

/// An agent whose steps can be learned from.
pub trait Recordable: Agent {
    /// The last look's step; none before the first, and where it failed.
    fn taken(&self) -> Option<Taken<'_>>;
}
