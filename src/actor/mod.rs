//! Plays games and hands out what can be learned from them (the paper's Sampler, SCC App. B).
//!
//! Invariant: an actor knows no network and no loss. It plays [`Job`]s with whatever agents these name, and what it hands
//! out is plain data: [`Experience`], encoded as it would be for another machine.
//!
//! ```text
//! jobs ──> threads, a game each ──> Recorder (steps, rewards) ──> Experience ──> bounded channel ──> learner
//!                 └─ agents ask the predictor, which answers many games at once
//! ```
//!
//! The channel holds [`PoolOptions::queue_max`] games. When it is full, threads wait with their finished game: nothing is
//! lost, the wait is counted ([`PoolStats::blocked_us`]).
//!
//! Leaves out: who plays whom (`league`, `run`), what is learned (`learner`), rewards' formulas (`reward`).

mod game;
mod pool;
mod recorder;
#[cfg(test)]
mod tests;

pub use game::{Job, JobSeat, Learnable, Played, play_job};
pub use pool::{Jobs, Pool, PoolOptions, PoolStats};
pub use recorder::{Experience, Recorder, RecorderOptions, Scorer, SeatStats};
