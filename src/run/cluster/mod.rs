//! A league on many machines (SCC App. B): the same actors, predictors, learners and evaluators as in one process, each a
//! process of its own, that find each other over a bus.
//!
//! ```text
//!                      ┌────────────── master: league, storage, seats, plans ──────────────┐
//!            Job,Result│            Plan│              Join,Progress│            Evaluation│
//!  actor ──infer.PLAYER──> predictor <──weights.PLAYER── learner <──c10d──> learner      evaluator
//!    └────────────────────────games-PLAYER (queue)──────────^
//! ```
//!
//! Invariant: any process may be killed at any time, and another started. What storage has acknowledged is not lost; a
//! trajectory may be. Nobody goes by another machine's clock, and nothing breaks if one is wrong or set back. Everything that a
//! process needs comes from the master, so all it is told is where the bus is.
//!
//! `messages` is what they say; `member` what all have in common; `kit` what the master sends to newcomers; then a file, or a
//! folder, a role. Leaves out: how messages travel (`bus`), gradients' sums (`collective`), what a league is (`league`).

mod actor;
mod evaluator;
mod kit;
mod learner;
mod master;
mod member;
mod messages;
mod predictor;
mod watch;

#[cfg(test)]
mod tests;

pub use actor::run_actor;
pub use evaluator::run_evaluator;
pub use learner::run_learner;
pub use master::{MasterOptions, ProcessStatus, QueueStatus, StatusReport, run_master};
pub use member::{RoleOptions, RoleSummary};
pub use messages::ClusterRole;
pub(super) use messages::GameMessage;
pub use predictor::run_predictor;
pub use watch::process_source;

use crate::bus::{Bus, BusError, ask_typed};
use messages::{FromMaster, MASTER, ToMaster};
use std::time::Duration;

/// Asks the cluster's master how things stand.
///
/// # Errors
/// If there is no master, or it does not answer in time.
pub fn status(bus: &dyn Bus, wait: Duration) -> Result<StatusReport, BusError> {
    let unreadable = || BusError::Failed {
        doing: "read the master's status".to_owned(),
        what: "it is none".to_owned(),
    };
    match ask_typed(bus, MASTER, &ToMaster::Status, wait)? {
        FromMaster::Status(text) => serde_json::from_str(&text).map_err(|_| unreadable()),
        _ => Err(unreadable()),
    }
}
