//! Reinforcement learning's update (SCC §6.1, App. B Trainer): unrolls of the actors to a buffer, the buffer to
//! minibatches, a minibatch to one update of the weights.
//!
//! Invariant: nothing here has a thread of its own, a clock or a channel; what an update does is a function of the
//! weights, the batch and the options, and an update that fails leaves weights and optimizer as they were.
//!
//! ```text
//! Unroll -> ReplayBuffer -> Round (epochs of minibatches, seeded) -> collate -> Learner::step -> weights, LearnerStats
//!           (stale, overflow: dropped and counted)                   (GAE, PPO, values, entropy, KL)
//! ```
//!
//! Leaves out: who plays (`predictor`, `run`), losses (`algo`), publishing weights, checkpoints and metrics files (`run`).

mod buffer;
mod estimates;
mod options;
mod stats;
mod update;

#[cfg(test)]
mod tests;

pub use buffer::{BufferCounts, ReplayBuffer, Round, Waiting};
pub use options::{LearnerOptions, ReplayOptions};
pub use stats::LearnerStats;
pub use update::Learner;

/// Why there is no learner, or no update.
#[derive(Debug, thiserror::Error)]
pub enum LearnerError {
    #[error("{key} is {value}, must be {range}")]
    Option {
        key: &'static str,
        value: String,
        range: &'static str,
    },
    #[error("the batch tells nothing of a behavior policy: it is no reinforcement learning's")]
    NoBehavior,
    #[error("the batch has {actual} kinds of rewards, the network values {expected}")]
    Kinds { expected: usize, actual: usize },
    /// Weights and optimizer are as before; the batch is the caller's to keep.
    #[error(
        "the {what} is not a number: lower the learning rate, or go on from an earlier checkpoint"
    )]
    NotFinite { what: &'static str },
    #[error(transparent)]
    Policy(#[from] crate::policy::PolicyError),
    #[error("libtorch failed")]
    Torch(#[from] tch::TchError),
}
