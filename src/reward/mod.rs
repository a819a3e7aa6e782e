//! Rewards of one player's game (SCC §6.1, AlphaStar Methods): win or loss at the end, and pseudo-rewards for following a
//! strategy statistic z, a kind each.
//!
//! Invariant: what a game's steps earn in a z kind adds up to the potential reached at its end: no reward depends on when
//! one looks, and none can be earned twice.
//!
//! ```text
//! ZLibrary ── ZTask::draw (once a game) ──┬─ conditioning ──> the network's inputs
//!                                         └─ GameRewards ──observe(raw), finish(result)──> [f32; KINDS] a step
//! ```
//!
//! Leaves out: discounting and advantages (`algo`), and where z's come from (`trajectory::z`, `run::strategies`).

mod potential;
mod task;

pub use potential::{build_order_potential, unit_counts_potential};
pub use task::{GameRewards, ZOptions, ZTask};

/// Reward kinds, in the order of every `[.., R]` array: the result of the game, z's build order, z's unit counts.
pub const KINDS: [&str; 3] = ["win_loss", "build_order", "unit_counts"];
