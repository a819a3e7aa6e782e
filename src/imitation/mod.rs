//! Learning from demonstrations (SCC §5): a dataset to batches, batches to weights.
//!
//! Invariant: which steps are in which batch is a function of the dataset, the config and the seed: a run that stops and
//! resumes sees the very batches of one that did not.
//!
//! ```text
//! dataset -- order, told, loader (threads) --> Batch -- trainer --> weights
//! ```
//!
//! Leaves out: making datasets (`dataset`), playing demonstrations and evaluation matches, run folders, progress on the
//! screen (all in `run`).

mod loader;
mod order;
mod told;
mod trainer;

#[cfg(test)]
mod tests;

pub use loader::{LOADED_BATCHES_MAX, Loader, LoaderOptions};
pub use order::{Order, Segment};
pub use told::Telling;
pub use trainer::{HeadStats, StepStats, Trainer, TrainerOptions};

/// Why data cannot be read, or training cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum ImitationError {
    #[error(transparent)]
    Dataset(#[from] crate::dataset::DatasetError),
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
