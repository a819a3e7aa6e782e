//! Replay files: our own, `*.screp`, a game as its seed and its commands, which the simulator re-plays exactly; and
//! Blizzard's, `*.SC2Replay`, read without the game ([`sc2`]).
//!
//! Invariant: a file is either whole or absent (written beside its name, then renamed), every byte of it is under a
//! checksum, and reading it never panics whatever it holds. [`read_header`] reads the header alone, so that thousands
//! of files are scanned in seconds.
//!
//! Data flow: `evaluator` records a [`Replay`] -> [`write`] -> file -> [`read`] -> `env::Playback` runs it again and
//! checks the final state's hash.
//!
//! What `scc sim` saves for clients of the game is a replay of ours in an archive ([`wrapped`]), and read as one.
//!
//! [`info`] says of either kind what it is, [`scan`] of many at once, and [`Filter`] chooses among them.
//!
//! Leaves out: running a game again (`env::playback`), printing one (`env::text`).

mod file;
mod filter;
mod format;
mod info;
pub mod sc2;
mod scan;
pub mod wrapped;

#[cfg(test)]
pub(crate) mod tests;

pub use file::{EXTENSION, decode, encode, list, read, read_header, write};
pub use filter::{Chosen, Condition, Filter, FilterError};
pub use format::{Controller, Header, Replay, SeatRecord, TimedCommand};
pub use info::{InfoPlayer, ReplayInfo, info, is_sc2};

pub use scan::{Failures, find, scan};

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
    #[error(transparent)]
    Sc2(#[from] sc2::ReadError),
    #[error("{path} is damaged: {what}")]
    Damaged { path: PathBuf, what: &'static str },
}

impl ReplayError {
    /// In few words that many files share, for counts.
    pub fn reason(&self) -> String {
        match self {
            ReplayError::Read { .. } | ReplayError::Write { .. } => {
                "the file cannot be read".to_owned()
            }
            ReplayError::NotAReplay { .. } => "it is no replay".to_owned(),
            ReplayError::Version { found, .. } => format!("it has format {found}"),
            ReplayError::Truncated { .. } => "it is truncated".to_owned(),
            ReplayError::Sc2(error) => error.reason(),
            ReplayError::Damaged { what, .. } => (*what).to_owned(),
        }
    }
}
