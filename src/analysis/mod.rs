//! What was played, and what is new in it: strategy analysis of real and own replays (SCC §5 Fig. 2, §7).
//!
//! Data flow: a replay file -> one [`PlayerGame`] per player (`.SC2Replay`: tracker and game events; own replays: played
//! again in the simulator) -> profiles (build order, curves, mixes, z) -> clusters, distances between two sets, discovered
//! strategies -> a report (HTML, JSON, CSV).
//!
//! Invariant: everything behind [`PlayerGame`] is the same for both kinds of replays, reads no file and no clock, and gives
//! the same result for the same games in any order of threads.

pub mod discover;
mod features;
mod game;
pub mod strategy;

pub use features::Rate;
pub use game::{Death, Making, PlayerGame, Sample, Stage};
