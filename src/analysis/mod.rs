//! What was played, and what is new in it: strategy analysis of real and own replays (SCC §5 Fig. 2, §7).
//!
//! Data flow: a replay file -> one [`PlayerGame`] per player (`.SC2Replay`: tracker and game events; own replays: played
//! again in the simulator) -> profiles (build order, curves, mixes, z) -> clusters, distances between two sets, discovered
//! strategies -> a report (HTML, JSON, CSV).
//!
//! Invariant: everything behind [`PlayerGame`] is the same for both kinds of replays, reads no file and no clock, and gives
//! the same result for the same games in any order of threads.
//!
//! In the order in which one reads it: [`kinds`], [`load`] (of both kinds, kept by `books`), [`profile`], [`sets`],
//! [`compare`] with [`stats`], `features` of games for [`strategy`] and [`discover`], [`Findings`].
//!
//! Leaves out: drawing and writing (`run::analyze`).

mod books;
pub mod compare;
pub mod discover;
mod features;
pub mod findings;
mod game;
pub mod kinds;
mod load;
mod own;
pub mod profile;
mod sc2;
pub mod sets;
pub mod stats;
pub mod strategy;

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

pub use features::Rate;
pub use findings::Findings;
pub use game::{Death, Making, PlayerGame, Sample, Stage};
pub use load::{LoadError, LoadOptions, Loaded, find, games, load};
