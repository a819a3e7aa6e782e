//! What can go wrong between this program and the game.

use crate::files::FileError;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

/// Why there is no game that could be started.
#[derive(Debug, thiserror::Error)]
pub enum LocateError {
    #[error(
        "StarCraft II is not installed in {looked}; set SC2PATH to its folder, or play the simulator over the same API: \
         `scc sim install DIR`, then SC2PATH=DIR"
    )]
    NotFound { looked: String },
    #[error(
        "{} holds no StarCraft II (Versions/Base*/{executable}); set SC2PATH to a folder that does, or make one of the \
         simulator with `scc sim install DIR`",
        root.display()
    )]
    NotThere {
        root: PathBuf,
        executable: &'static str,
    },
    #[error("--game-version {wanted}: {} has {installed}", root.display())]
    NoSuchVersion {
        wanted: String,
        root: PathBuf,
        installed: String,
    },
    #[error(
        "--game-version {0:?} is neither a version (4.10), nor a build (75689, Base75689), nor latest"
    )]
    NoVersion(String),
}

/// Why a process of the game did not start, or did not answer.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    #[error("cannot start {}", path.display())]
    Spawn {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("no free port")]
    Ports(#[source] io::Error),
    #[error("no folder for temporary files")]
    Temp(#[source] io::Error),
    #[error("the game's process ended during {doing} ({status}){log}")]
    Exited {
        doing: &'static str,
        status: String,
        /// The end of what it wrote to stderr, if anything.
        log: String,
    },
    #[error("no answer to {doing} within {:.0} s{log}", limit.as_secs_f64())]
    Silent {
        doing: &'static str,
        limit: Duration,
        log: String,
    },
    #[error("the connection broke during {doing}")]
    Broken {
        doing: &'static str,
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    #[error("the answer to {doing} makes no sense: {what}")]
    Nonsense { doing: &'static str, what: String },
    #[error("the game refuses {doing}: {text}")]
    Refused { doing: &'static str, text: String },
    #[error(transparent)]
    File(#[from] FileError),
    /// The flag that says so was set.
    #[error("interrupted")]
    Stopped,
}

impl ClientError {
    pub(super) fn broken(
        doing: &'static str,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> ClientError {
        ClientError::Broken {
            doing,
            source: source.into(),
        }
    }

    pub fn nonsense(doing: &'static str, what: impl ToString) -> ClientError {
        ClientError::Nonsense {
            doing,
            what: what.to_string(),
        }
    }
}
