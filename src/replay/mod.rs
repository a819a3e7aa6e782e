//! Our own replay files, `*.screp`: a game as its seed and its commands, which the simulator re-plays exactly.
//!
//! Invariant: a file is either whole or absent (written beside its name, then renamed), every byte of it is under a
//! checksum, and reading it never panics whatever it holds. [`read_header`] reads the header alone, so that thousands
//! of files are scanned in seconds.
//!
//! Data flow: `evaluator` records a [`Replay`] -> [`write`] -> file -> [`read`] -> `env::Playback` runs it again and
//! checks the final state's hash.
//!
//! Leaves out: running a game again (`env::playback`), printing one (`env::text`), Blizzard's `.SC2Replay`.

mod file;
mod format;
mod info;
pub mod sc2;

#[cfg(test)]
mod tests;

pub use file::{EXTENSION, decode, encode, list, read, read_header, write};
pub use format::{Controller, Header, Replay, SeatRecord, TimedCommand};
pub use info::{InfoPlayer, ReplayInfo, info};

use std::path::PathBuf;

/// Why a replay file cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    #[error("cannot read {path}")]
    Read {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("cannot write replay {path}")]
    Write {
        path: PathBuf,
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    #[error("{path} is not a replay of this program (its first bytes are others)")]
    NotAReplay { path: PathBuf },
    #[error("{path} has replay format {found}; this program reads format {known}")]
    Version {
        path: PathBuf,
        found: u16,
        known: u16,
    },
    #[error("{path} is truncated: {expected} bytes expected, {actual} there")]
    Truncated {
        path: PathBuf,
        expected: u64,
        actual: u64,
    },
    #[error("{path} is damaged: {what}")]
    Damaged { path: PathBuf, what: &'static str },
}
