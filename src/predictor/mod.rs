//! Who asks the network: the policy-backed [`Agent`](crate::agent::Agent), and batched inference for many games at once.
//!
//! Invariant: what an agent does in a game depends on the weights, the observations and the game's seed, not on which
//! other games share its batches, nor on timing (up to the last bits of a matrix product, whose order of sums may
//! depend on the batch's size; [`rounds`] keeps even these, by making the same batches every time).
//!
//! ```text
//! RawObservation -> Interface -> Observation ─┬─ own network ───────────────────────┬─> Action -> Interface -> commands
//!                                             ├─ Client ──────> channel ─> Service ──┤      (batches by time, weights by version)
//!                                             ├─ RoundClient ─> channel ─> rounds ───┤      (a batch a round of all games)
//!                                             └─ RemoteClient ─> bus ─> a Service elsewhere ┘
//! ```
//!
//! The LSTM's state and the game's random numbers stay with the agent and travel with each request, so a service holds
//! nothing that is lost when it goes. Channels are bounded; a full one makes the asking game wait.
//!
//! Leaves out: the networks (`policy`), how messages travel (`bus`), which process answers for which player (`run::cluster`).

pub mod agent;
mod batch;
pub mod masks;
pub mod remote;
pub mod rounds;
pub mod service;
#[cfg(test)]
mod tests;

pub use agent::{AgentOptions, Line, PolicyAgent};
pub use batch::{Answer, Network, Question};
pub use masks::{arg_masks, cells_inside};
pub use remote::{RemoteClient, Remotes};
pub use rounds::{RoundClient, rounds};
pub use service::{Client, Service, ServiceConfig, ServiceStats};

use crate::policy::PolicyError;

/// Errors of `predictor`.
#[derive(Debug, thiserror::Error)]
pub enum PredictorError {
    #[error(transparent)]
    Policy(#[from] PolicyError),
    #[error("the inference service is gone")]
    ServiceGone,
    #[error(transparent)]
    Bus(#[from] crate::bus::BusError),
    #[error("the predictor could not answer: {0}")]
    Elsewhere(String),
    #[error("cannot start a thread of the inference service")]
    Spawn(#[source] std::io::Error),
    #[error("inference service: {key} is {value}, must be {range}")]
    Config {
        key: &'static str,
        value: u64,
        range: &'static str,
    },
}

/// Threads inside one libtorch operation, for the whole process: 1 where many actors share the machine (each games'
/// thread runs its own operations), more for a lone learner. Call it before the first tensor is made; spinning of idle
/// OpenMP threads is the process's environment's business (`OMP_WAIT_POLICY=PASSIVE`, set by the binary).
pub fn set_operation_threads(threads: usize) {
    tch::set_num_threads(i32::try_from(threads.max(1)).unwrap_or(i32::MAX));
}
