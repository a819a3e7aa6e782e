//! The league (SCC §6.2, §6.3; AlphaStar, Methods): players, payoff, matchmaking, promotion, branching, ratings.
//!
//! Invariant: imports no other module, does no I/O, reads no clock and no ambient randomness: plain data in, plain data
//! out, so that the same calls in the same order give the same league.
//!
//! ```text
//! next_match(player) -> Opponent -> (a game, elsewhere) -> record(GameResult) -> Payoff, z statistics
//! on_progress(player, steps, checkpoint) -> LeagueEvents: who joined, was copied, was reset
//! Payoff -> matchmaking (exact chances of every opponent by pfsp) -> one draw
//!        -> rules (promotion, reset); curves, elo (maximum likelihood), interval (Wilson)
//! z statistics -> branch (the z's a new agent is rewarded for)
//! ```
//!
//! Leaves out: playing and training (`run`), keeping (`storage`).

pub mod branch;
pub mod config;
pub mod curves;
pub mod elo;
mod error;
mod game;
pub mod interval;
mod matchmaking;
mod payoff;
pub mod pfsp;
mod player;
mod progress;
pub mod rules;
mod state;

#[cfg(test)]
mod state_tests;
#[cfg(test)]
mod tests;

pub use branch::ZRecord;
pub use config::{InvalidConfig, LeagueConfig, Start, StartFrom};
pub use error::LeagueError;
pub use game::{GameKind, GameResult, Opponent};
pub use matchmaking::{Branch, Chance};
pub use payoff::{Outcome, Payoff, PayoffEntry, Record};
pub use player::{Condition, Player, PlayerId, Role, SUPERVISED};
pub use progress::{BranchOrder, LeagueEvent};
pub use rules::PromotionReason;
pub use state::{League, SUPERVISED_NAME};
