//! Where the parts meet: config files, run folders, wiring, measuring, and what this machine has.
//!
//! Invariant: nothing below `run` knows that config files and run folders exist; they get typed structs.
//!
//! Leaves out: printing, arguments and exit codes (see the binary's `cli`).

pub mod analyze;
pub mod arena;
pub mod bench;
pub mod card;
#[cfg(feature = "torch")]
pub mod checkpoints;
#[cfg(feature = "torch")]
pub mod cluster;
pub mod config;
pub mod dashboard;
pub mod demonstrations;
#[cfg(feature = "torch")]
pub mod device;
pub mod doctor;
pub mod extraction;
pub mod folder;
pub mod host;
#[cfg(feature = "torch")]
pub mod imitation;
pub mod kept_replays;
#[cfg(feature = "torch")]
pub mod league;
pub mod lock;
pub mod manifest;
pub mod metrics;
pub mod observe;
pub mod progress;
#[cfg(feature = "torch")]
pub mod repertoire;
pub mod report;
#[cfg(feature = "torch")]
pub mod rl;
pub mod roster;
#[cfg(feature = "torch")]
mod saved;
pub mod schedule;
pub mod standings;
pub mod strategies;
#[cfg(feature = "torch")]
pub mod tables;
pub mod tensorboard;

pub use config::{ConfigError, ImitationConfig};
#[cfg(feature = "torch")]
pub use folder::RunOptions;
#[cfg(feature = "torch")]
pub use imitation::{RunSummary, train_imitation};
pub use roster::Agents;

/// The map that is played on where none is named: the first one of ladder size.
pub fn default_map() -> std::sync::Arc<crate::game::MapData> {
    crate::sim::maps::default_ladder().swap_remove(0)
}

/// Why a run cannot start or go on.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Lock(#[from] lock::LockError),
    #[error(transparent)]
    File(#[from] crate::files::FileError),
    #[error(transparent)]
    Spec(#[from] crate::evaluator::SpecError),
    #[error(transparent)]
    Env(#[from] crate::env::EnvError),
    #[error(transparent)]
    Replay(#[from] crate::replay::ReplayError),
    #[error(transparent)]
    Dataset(#[from] crate::dataset::DatasetError),
    #[error(transparent)]
    Evaluator(#[from] crate::evaluator::EvaluatorError),
    #[error(transparent)]
    Card(#[from] card::CardError),
    #[error(transparent)]
    Storage(#[from] crate::storage::StorageError),
    #[error(transparent)]
    League(#[from] crate::league::LeagueError),
    #[error(transparent)]
    Bus(#[from] crate::bus::BusError),
    /// The processes of a cluster do not fit together.
    #[error("{0}")]
    Cluster(String),
    #[error("{path}: {what}")]
    Folder {
        path: std::path::PathBuf,
        what: String,
    },
    #[cfg(feature = "torch")]
    #[error(transparent)]
    Device(#[from] device::DeviceError),
    #[cfg(feature = "torch")]
    #[error(transparent)]
    Learner(#[from] crate::learner::LearnerError),
    #[cfg(feature = "torch")]
    #[error(transparent)]
    Predictor(#[from] crate::predictor::PredictorError),
    #[cfg(feature = "torch")]
    #[error(transparent)]
    Imitation(#[from] crate::imitation::ImitationError),
    #[cfg(feature = "torch")]
    #[error(transparent)]
    Policy(#[from] crate::policy::PolicyError),
}

impl RunError {
    /// Stopped from outside: nothing is wrong.
    pub fn is_interruption(&self) -> bool {
        match self {
            RunError::Evaluator(crate::evaluator::EvaluatorError::Interrupted)
            | RunError::Dataset(crate::dataset::DatasetError::Interrupted)
            | RunError::Env(crate::env::EnvError::Interrupted) => true,
            #[cfg(feature = "torch")]
            RunError::Imitation(crate::imitation::ImitationError::Interrupted) => true,
            _ => false,
        }
    }

    /// The bus did not do what it was told; it may later.
    pub fn is_passing(&self) -> bool {
        matches!(self, RunError::Bus(error) if error.is_passing())
    }

    /// A game died or hung: another try may go well.
    pub fn is_lost_game(&self) -> bool {
        matches!(self, RunError::Evaluator(error) if error.is_lost_game())
    }
}
