//! What can go wrong with a network or its checkpoint.

use std::path::PathBuf;

/// Errors of `policy`.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    #[error("{0}")]
    Config(String),
    #[error(transparent)]
    File(#[from] crate::files::FileError),
    #[error("{path} is not a whole checkpoint: {reason}")]
    NotACheckpoint { path: PathBuf, reason: String },
    #[error("checkpoint {path} does not fit: {what} is {actual}, expected {expected}")]
    Mismatch {
        path: PathBuf,
        what: String,
        expected: String,
        actual: String,
    },
    #[error("{part}: {what} is {actual}, expected {expected}")]
    Shape {
        part: &'static str,
        what: &'static str,
        expected: String,
        actual: String,
    },
    #[error("the mask of head {head} allows nothing in row {row}")]
    NothingLegal { head: &'static str, row: usize },
    #[error("libtorch: {0}")]
    Torch(#[from] tch::TchError),
}
