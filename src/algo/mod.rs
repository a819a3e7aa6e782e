//! Losses: pure functions from tensors to tensors.
//!
//! Invariant: no function here knows a network, keeps state or draws a random number; each is held by a test against a
//! slow, plain loop.
//!
//! Data flow: a head's logits and targets (as `policy` gives them) -> negative log-likelihoods -> one scalar to
//! differentiate, and numbers to report. Leaves out: the optimizer (`policy::optim`) and what a batch is (`trajectory`).

pub mod imitation;

pub use imitation::{
    HeadLoss, ImitationLoss, SequenceWeight, accepted_negative_log_likelihood, imitation_loss,
    negative_log_likelihood,
};
