//! The database of a league, and of scheduled matches: SQLite in a file by default, MySQL or MariaDB by their URL (SCC App. B:
//! Storage).
//!
//! Invariant: what a call has acknowledged is on the disk, whole: every call is one transaction, flushed before it
//! returns, so that a process killed at any moment resumes with all that was reported and nothing half done.
//! [`Storage::load_league`] then equals the league in memory.
//!
//! ```text
//! League ──create_league──> players, payoff, meta          scc league ... <── dump, pair_totals, events, ...
//! GameRow ──record_game──> games, payoff, z_statistics     scc league branch ──request_branch──> branch_requests
//! LeagueEvent ──save_progress──> players, checkpoints, events        (all of it) ──load_league──> League
//! RunKey ──begin_run──> schedule_runs <──end_run── alerts          ScheduledGame ──record_scheduled_game──> schedule_games
//! ```
//!
//! Calls block; a single-threaded runtime inside drives the driver. One `Storage` is one connection: share it between
//! threads by a lock, or open one each. Queries are the same for all databases; what differs (how a writer locks, how
//! tables are listed) stands in `link` and `migrations`.
//!
//! Leaves out: what the rows mean (`league`), what a z's content is and where checkpoints lie (`run`).

mod error;
mod games;
mod lead;
mod library;
mod link;
mod migrations;
mod players;
mod recent;
mod rows;
mod schedule;
mod summary;
mod url;

#[cfg(test)]
mod contract_tests;
#[cfg(test)]
mod lead_tests;
#[cfg(test)]
mod refusal_tests;
#[cfg(test)]
mod schedule_tests;
#[cfg(test)]
mod server_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod update_tests;

pub use error::StorageError;
pub use library::{Cell, Dump};
pub use migrations::SCHEMA_VERSION;
pub use rows::{BranchRequest, CheckpointRow, EventRow, GameRow, RequestStatus, StrategyRow, ZRow};
pub use schedule::{RowTotal, RunKey, RunRow, RunState, ScheduledGame};
pub use summary::Summary;
pub use url::{DATABASE_FILE, StorageUrl};

use crate::league::LeagueConfig;
use error::Fault;
use link::{Link, Mode};

/// An open database.
pub struct Storage {
    link: Link,
    /// Settings of the league in it, once they were read: they never change.
    config: Option<LeagueConfig>,
}

impl Storage {
    /// Opens a database for a league to run on, and makes it if there is none.
    ///
    /// # Errors
    /// [`StorageError`]: a newer database, one of something else, no database, no right to write, ...
    pub fn create(at: &StorageUrl) -> Result<Storage, StorageError> {
        Storage::with_mode(at, Mode::Create)
    }

    /// Opens a database that is there.
    ///
    /// # Errors
    /// As [`Storage::create`], and [`StorageError::Missing`], [`StorageError::NoLeague`].
    pub fn open(at: &StorageUrl) -> Result<Storage, StorageError> {
        Storage::with_mode(at, Mode::Write)
    }

    /// Opens a database that is there, to look only: works beside a running league, and where nothing can be written.
    ///
    /// # Errors
    /// As [`Storage::open`]; whatever writes is [`StorageError::ReadOnly`].
    pub fn open_to_read(at: &StorageUrl) -> Result<Storage, StorageError> {
        Storage::with_mode(at, Mode::Read)
    }

    /// Makes this process the one that leads the league, until it ends: two that draw matches and promote players would
    /// undo each other's work. Others may read, and ask for branches.
    ///
    /// # Errors
    /// [`StorageError::Led`] if another does.
    pub fn lead(&mut self) -> Result<(), StorageError> {
        self.link.lead()
    }

    fn with_mode(at: &StorageUrl, mode: Mode) -> Result<Storage, StorageError> {
        Ok(Storage {
            link: Link::open(at, mode)?,
            config: None,
        })
    }

    /// Where it is.
    pub fn at(&self) -> &StorageUrl {
        self.link.at()
    }
}

/// Milliseconds since 1970.
pub fn now_ms() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    // A clock before 1970 is wrong anyway.
    since.map_or(0, |d| d.as_millis() as u64)
}
