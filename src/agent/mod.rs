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
