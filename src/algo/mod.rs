//! Losses: pure functions from tensors to tensors.
//!
//! Invariant: no function here knows a network, keeps state or draws a random number; each is held by a test against a
//! slow, plain loop, and where others publish numbers for the same function, against these (`published`).
//!
//! Data flow: a head's logits and targets (as `policy` gives them) -> log-probabilities (`heads`) -> losses, head by head
//! or step by step -> one scalar to differentiate, and numbers to report: [`imitation_loss`], [`rl_loss`]. Leaves out: the
//! optimizer (`policy::optim`) and what a batch is (`trajectory`).
//!
//! Letters: `B` batch, `T` steps, `N = B * T` rows, `R` reward kinds, `M` entries of a head, `K` choices, `H` heads.

pub mod entropy;
pub mod gae;
pub mod heads;
pub mod imitation;
pub mod kl;
pub mod ppo;
pub mod rl;
pub mod rl_stats;
pub mod value;

#[cfg(test)]
mod published;
#[cfg(test)]
mod testing;

pub use entropy::normalized_entropy;
pub use gae::{Estimates, gae};
pub use heads::{HeadChoice, HeadDist};
pub use imitation::{
    HeadLoss, ImitationLoss, SequenceWeight, accepted_negative_log_likelihood, imitation_loss,
    negative_log_likelihood,
};
pub use kl::{KlDirection, kl_divergence};
pub use ppo::{approx_kl, clipped_surrogate, normalize, standardize, weighted_sum};
pub use rl::{RlInputs, RlLoss, RlLossConfig, rl_loss};
pub use rl_stats::{HeadRlStats, KindStats, RlStats};
pub use value::value_loss;
