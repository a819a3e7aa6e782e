//! `scc dashboard`: one page for a run, a league or scheduled matches, served over HTTP to a browser; docs/DASHBOARD.md lists
//! what is served.
//!
//! Invariant: it only reads. Databases are opened read-only, run folders may be written to by a run meanwhile, and whatever
//! is torn, locked or missing for a moment leaves a section as it was, never an error page.
//!
//! ```text
//! browser ──GET──> server (bounded connections) ──> routes ──> Board ─┬─ overview, processes, prometheus
//!                                                                     ├─ series   <── metrics.jsonl, read as it grows
//!                                                                     ├─ league   <── storage
//!                                                                     ├─ games    <── storage, replay files
//!                                                                     └─ replay   <── film <── env::Playback
//! ```
//!
//! Leaves out: who tells of processes on other machines ([`ProcessSource`] is given), printing (the binary's `cli`).

mod cached;
mod film;
mod games;
mod league;
mod overview;
mod processes;
mod prometheus;
mod replay;
mod replay_files;
mod routes;
mod run_folder;
mod series;
mod server;
mod terrain;

#[cfg(test)]
mod tests;

pub use processes::{ProcessReport, ProcessSource, Processes, QueueReport};

use crate::storage::{Storage, StorageError, StorageUrl};
use cached::Cached;
use games::GameList;
use league::LeagueView;
use replay::ReplayCache;
use replay_files::ReplayFiles;
use run_folder::RunFolder;
use series::SeriesStore;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Why there is nothing to show, or nowhere to show it.
#[derive(Debug, thiserror::Error)]
pub enum DashboardError {
    #[error(
        "name what to show: a run folder, a database (--storage) or a folder of replays (--replays)"
    )]
    Nothing,
    #[error(
        "{path} is no run folder: it has neither config.toml nor league.db; name the folder given to `scc train` as --out"
    )]
    NotARun { path: PathBuf },
    #[error("{path} is no folder of replays")]
    NoReplays { path: PathBuf },
    #[error(transparent)]
    Storage(#[from] StorageError),
    #[error(
        "cannot listen on {address}: choose another with --listen ADDR:PORT (port 0: any that is free)"
    )]
    Listen {
        address: SocketAddr,
        #[source]
        source: std::io::Error,
    },
    #[error("cannot serve")]
    Serve(#[source] std::io::Error),
}

/// What to show, and where.
#[derive(Default)]
pub struct Options {
    /// A run folder: of imitation, reinforcement learning or a league.
    pub run: Option<PathBuf>,
    /// A league's or scheduled matches' database, where it is not the run folder's own.
    pub storage: Option<StorageUrl>,
    /// Folders with replays of ours, beside the run's own.
    pub replays: Vec<PathBuf>,
    /// Whoever asks must say this.
    pub token: Option<String>,
    /// Tells of processes, on this and other machines; without it a run folder's own process is shown.
    pub processes: Option<ProcessSource>,
}

/// Databases and folders are looked at again after so long.
const FRESH: Duration = Duration::from_secs(3);

/// Everything that requests are answered from.
struct Board {
    run: Option<RunFolder>,
    storage: Option<StorageUrl>,
    token: Option<String>,
    processes: Option<ProcessSource>,
    series: Mutex<SeriesStore>,
    league: Cached<LeagueView>,
    games: Cached<GameList>,
    files: ReplayFiles,
    replays: ReplayCache,
    /// Only this machine can ask: then only under names that are this machine's.
    is_local: bool,
    /// The server ends: whatever takes long gives up.
    closing: AtomicBool,
}

/// A dashboard that has its address and can be served.
pub struct Dashboard {
    listener: TcpListener,
    address: SocketAddr,
    board: Arc<Board>,
}

impl Dashboard {
    /// Checks that there is something to show, and takes the address.
    ///
    /// # Errors
    /// A folder that is no run's, a database that cannot be read (another version, something else's), an address in use.
    pub fn open(options: Options, listen: SocketAddr) -> Result<Dashboard, DashboardError> {
        let mut board = Board::open(options)?;
        let taken = |source| DashboardError::Listen {
            address: listen,
            source,
        };
        let listener = TcpListener::bind(listen).map_err(taken)?;
        let address = listener.local_addr().map_err(taken)?;
        board.is_local = address.ip().is_loopback();
        Ok(Dashboard {
            listener,
            address,
            board: Arc::new(board),
        })
    }

    /// Where it listens: with port 0, the port that it got.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers requests until `stop` is set.
    ///
    /// # Errors
    /// If the system gives no thread or timer.
    pub fn serve(self, stop: &AtomicBool) -> Result<(), DashboardError> {
        let board = self.board.clone();
        let served = server::serve(self.listener, self.board, stop);
        board.closing.store(true, Ordering::Relaxed);
        served.map_err(DashboardError::Serve)
    }
}

impl Board {
    fn open(options: Options) -> Result<Board, DashboardError> {
        let is_empty = options.run.is_none() && options.storage.is_none();
        if is_empty && options.replays.is_empty() && options.processes.is_none() {
            return Err(DashboardError::Nothing);
        }
        let run = options.run.map(RunFolder::open).transpose()?;
        for folder in &options.replays {
            if !folder.is_dir() {
                return Err(DashboardError::NoReplays {
                    path: folder.clone(),
                });
            }
        }
        let storage = match (options.storage, &run) {
            (Some(url), _) => {
                Storage::open_to_read(&url)?;
                Some(url)
            }
            (None, Some(run)) => own_storage(run.path())?,
            (None, None) => None,
        };
        let mut folders: Vec<PathBuf> = run.iter().flat_map(RunFolder::replays).collect();
        folders.extend(options.replays);
        Ok(Board {
            series: Mutex::new(SeriesStore::default()),
            run,
            storage,
            token: options.token,
            processes: options.processes,
            league: Cached::new(FRESH),
            games: Cached::new(FRESH),
            files: ReplayFiles::new(folders),
            replays: ReplayCache::default(),
            is_local: true,
            closing: AtomicBool::new(false),
        })
    }
}

/// The database in a run folder; a league that has just begun may not have it yet, or not have filled it.
fn own_storage(run: &Path) -> Result<Option<StorageUrl>, DashboardError> {
    let url = StorageUrl::in_run(run);
    match Storage::open_to_read(&url) {
        Ok(_) | Err(StorageError::NoLeague { .. } | StorageError::Busy { .. }) => Ok(Some(url)),
        // It may come: other stages have none.
        Err(StorageError::Missing { .. }) => Ok(Some(url)),
        Err(error) => Err(error.into()),
    }
}
