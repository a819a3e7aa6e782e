//! Learning from demonstrations (SCC §5): replay files to a dataset, the dataset to batches, batches to weights.
//!
//! Invariant: the dataset is built from replay files alone, and everything in it (files, order, batches) is a function
//! of those files, the config and the seed: a run that stops and resumes sees the very batches of one that did not.
//!
//! ```text
//! *.screp -- extract --> steps of each player -- shard --> shards + dataset.json
//!         shards -- order, told, loader (threads) --> Batch -- trainer --> weights
//! ```
//!
//! Leaves out: playing demonstrations and evaluation matches, run folders, progress on the screen (all in `run`).

mod dataset;
mod extract;
mod loader;
mod order;
mod shard;
mod told;
mod trainer;

#[cfg(test)]
mod tests;

pub use dataset::{BuildOptions, BuildProgress, Dataset, EpisodeFilter, build};
pub use extract::{Extracted, extract};
pub use loader::{LOADED_BATCHES_MAX, Loader, LoaderOptions};
pub use order::{Order, Segment};
pub use shard::{Block, Counts, Episode, Shard, ShardIndex, ShardWriter};
pub use told::Telling;
pub use trainer::{HeadStats, StepStats, Trainer, TrainerOptions};

use std::path::PathBuf;

/// Why data cannot be built or read, or training cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum ImitationError {
    #[error("shard {path} cannot be read: {what}")]
    Shard { path: PathBuf, what: String },
    #[error("dataset {path}: {what}")]
    Dataset { path: PathBuf, what: String },
    #[error(transparent)]
    Replay(#[from] crate::replay::ReplayError),
    #[error("replay {path} does not re-play")]
    Playback {
        path: PathBuf,
        #[source]
        source: crate::env::EnvError,
    },
    #[error(transparent)]
    File(#[from] crate::files::FileError),
    #[error("the loader has ended")]
    LoaderEnded,
    #[error("interrupted")]
    Interrupted,
    #[error(
        "the loss is not a number: lower the learning rate, or go on from an earlier checkpoint"
    )]
    NotFinite,
    #[error(transparent)]
    Policy(#[from] crate::policy::PolicyError),
    #[error("libtorch failed")]
    Torch(#[from] tch::TchError),
}
