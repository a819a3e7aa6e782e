//! Datasets of demonstrations (SCC §5): replay files to steps, steps to shards, shards to a folder that learners read.
//!
//! Invariant: a dataset is built from replay files alone, and everything in it is a function of those files, the
//! encoding and the options: threads, kills and resumes change nothing.
//!
//! ```text
//! *.screp ------ extract (simulator) --+
//! *.SC2Replay -- watched (SC2's API) --+--> steps of each player -- shard --> shards + dataset.json
//! ```
//! [`build`] makes one of own replays at once; [`parts`] keeps what was extracted file by file, where files take minutes and
//! some of them fail.
//!
//! Leaves out: which files and players are meant, threads that share the work, progress on the screen (all in `run`);
//! batches (`imitation`).

mod extract;
mod folder;
pub mod parts;
mod shard;
mod watched;
mod watcher;

#[cfg(test)]
pub(crate) mod tests;

pub use extract::{Extracted, extract};
pub use folder::{BuildOptions, BuildProgress, Dataset, EpisodeFilter, build};
pub use shard::{Block, Counts, Episode, Shard, ShardIndex, ShardWriter, Subject};
pub use watched::{Watched, commands_of, extract_watched};

use std::path::PathBuf;

/// Why a dataset cannot be built or read.
#[derive(Debug, thiserror::Error)]
pub enum DatasetError {
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
    #[error("interrupted")]
    Interrupted,
}
