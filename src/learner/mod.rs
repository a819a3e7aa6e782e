//! Reinforcement learning's update (SCC §6.1, App. B Trainer): unrolls of the actors to a buffer, the buffer to
//! minibatches, a minibatch to one update of the weights.
//!
//! Invariant: nothing here has a thread of its own, a clock or a channel; what an update does is a function of the
//! weights, the batch and the options, and an update that fails or explodes leaves weights and optimizer as they were.
//! Learners on several processes make one update together, and stay the same to the bit.
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
mod replication;
mod stats;
mod update;

#[cfg(test)]
mod tests;

pub use buffer::{BufferCounts, ReplayBuffer, Round, Waiting};
pub use options::{LearnerOptions, ReplayOptions};
pub use replication::{Replication, ReplicationError};
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
    /// As [`LearnerError::NotFinite`], of what is a number, but one that nobody learns by.
    #[error(
        "the {what} is {value:.1e}, and beyond {bound:.0e} learning has exploded: lower the learning rate, or go on from an earlier checkpoint"
    )]
    Exploded {
        what: &'static str,
        value: f64,
        bound: f64,
    },
    /// Nobody of the group made the update; all can go on.
    #[error("learner {rank} of the group could not use its minibatch, so nobody made the update")]
    PeerFailed { rank: usize },
    /// Nobody of the group made the update.
    #[error(
        "the group's learners are apart: {what} {first} at learner 0, {other} at learner {rank}; all must follow one of them"
    )]
    Apart {
        what: &'static str,
        rank: usize,
        first: f64,
        other: f64,
    },
    /// The group is of no use any more. This learner did not make the update; others may have.
    #[error("the group of learners broke: join a new one, in which all follow one of them")]
    Peers(#[source] ReplicationError),
    #[error(transparent)]
    Policy(#[from] crate::policy::PolicyError),
    #[error("libtorch failed")]
    Torch(#[from] tch::TchError),
}

impl LearnerError {
    /// It lies with another learner of the group, or with the way there.
    pub fn is_of_a_peer(&self) -> bool {
        matches!(
            self,
            LearnerError::PeerFailed { .. } | LearnerError::Apart { .. } | LearnerError::Peers(_)
        )
    }
}
