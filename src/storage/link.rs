//! One connection, and the single-threaded runtime that drives it: callers are plain threads and block.

use super::error::{Fault, StorageError};
use super::lead::{self, LEAD_SECONDS, Lead};
use super::migrations;
use super::url::StorageUrl;
use sqlx::any::AnyConnectOptions;
use sqlx::mysql::MySqlConnectOptions;
use sqlx::{AnyConnection, Connection, Executor};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use tokio::runtime::{Builder, Runtime};

/// What a database is opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// Makes it if it is not there, and brings its tables up to date.
    Create,
    /// Must be there; its tables are brought up to date.
    Write,
    /// Must be there; nothing is written, not even beside it.
    Read,
}

/// A connection to one database.
pub(super) struct Link {
    // In this order: the connection is closed by the runtime.
    connection: Option<AnyConnection>,
    runtime: Runtime,
    at: StorageUrl,
    mode: Mode,
    /// What shows others that this process leads the league.
    lead: Option<Lead>,
    /// How long one transaction may take.
    pub(super) work_seconds: u64,
    /// How long to wait for the lead.
    pub(super) lead_seconds: u32,
}

/// How long to wait for another process that writes, in milliseconds.
const BUSY_MS: u32 = 30_000;
/// How long to wait for a server to let us in.
const CONNECT_SECONDS: u64 = 10;
/// How long one transaction may take, waiting for others included; the longest read of a league is far below.
const WORK_SECONDS: u64 = 120;

impl Link {
    pub fn open(at: &StorageUrl, mode: Mode) -> Result<Link, StorageError> {
        sqlx::any::install_default_drivers();
        let runtime = Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(StorageError::Runtime)?;
        let mut link = Link {
            connection: None,
            runtime,
            at: at.clone(),
            mode,
            lead: None,
            work_seconds: WORK_SECONDS,
            lead_seconds: LEAD_SECONDS,
        };
        link.connection = Some(link.connect()?);
        migrations::bring_up_to_date(&mut link, mode)?;
        Ok(link)
    }

    /// A new connection; the lead goes with it if it is this process's, and is lost for good if another has led since.
    fn connect(&self) -> Result<AnyConnection, StorageError> {
        let (at, mode) = (&self.at, self.mode);
        let url = url_for(at, mode)?;
        let fault = |op| move |e: sqlx::Error| Fault::from(e).at(op, at);
        let understand = "understand the URL";
        let options = AnyConnectOptions::from_str(&url).map_err(fault(understand))?;
        let is_server = matches!(at, StorageUrl::Mysql(_));
        if is_server {
            MySqlConnectOptions::from_str(&url).map_err(fault(understand))?;
        }
        let connected = within(CONNECT_SECONDS, AnyConnection::connect_with(&options));
        let connected = self.runtime.block_on(connected);
        let mut connection = connected.map_err(|error| match error {
            // The URL makes sense, so it is what the server asks for that the driver was built without.
            source @ sqlx::Error::Configuration(_) if is_server => StorageError::Login {
                at: at.clone(),
                source,
            },
            error => fault("open")(error),
        })?;
        self.runtime
            .block_on(set_up(&mut connection, at, mode))
            .map_err(fault("set up the connection"))?;
        if let Some(Lead::Server { term }) = self.lead {
            self.lead_at_server(&mut connection, Some(term))?;
        }
        Ok(connection)
    }

    /// The connection, which the caller puts back if it is sound, or a new one.
    fn take_connection(&mut self) -> Result<AnyConnection, StorageError> {
        match self.connection.take() {
            Some(connection) => Ok(connection),
            None => self.connect(),
        }
    }

    /// Makes this process the only one that leads the league, until it ends.
    pub fn lead(&mut self) -> Result<(), StorageError> {
        match (&self.at, &self.lead) {
            (_, Some(_)) => {}
            (StorageUrl::Sqlite(path), None) => {
                let held = lead::lock_beside(path);
                let fault = |e| Fault::Sql(sqlx::Error::Io(e)).at("take the lead", &self.at);
                let at = self.at.clone();
                let held = held.map_err(fault)?.ok_or(StorageError::Led { at })?;
                self.lead = Some(Lead::File { _held: held });
            }
            (StorageUrl::Mysql(_), None) => {
                let mut connection = self.take_connection()?;
                let term = self.lead_at_server(&mut connection, None)?;
                self.connection = Some(connection);
                self.lead = Some(Lead::Server { term });
            }
        }
        Ok(())
    }

    /// The term of the lead that `connection` has taken; `ours` is that of this process so far.
    fn lead_at_server(
        &self,
        connection: &mut AnyConnection,
        ours: Option<i64>,
    ) -> Result<i64, StorageError> {
        let limit = u64::from(self.lead_seconds) + CONNECT_SECONDS;
        let asked = lead::lock_at_server(connection, ours, self.lead_seconds);
        let got: Result<_, Fault> = self.runtime.block_on(within(limit, asked));
        let at = self.at.clone();
        got.map_err(|fault| fault.at("take the lead", &self.at))?
            .ok_or(StorageError::Led { at })
    }

    pub fn at(&self) -> &StorageUrl {
        &self.at
    }

    /// Runs `work` in a transaction of its own: all of it happens, on the disk when this returns, or nothing.
    pub fn write<T>(
        &mut self,
        op: &'static str,
        work: impl AsyncFnOnce(&mut AnyConnection) -> Result<T, Fault>,
    ) -> Result<T, StorageError> {
        let is_mysql = matches!(self.at, StorageUrl::Mysql(_));
        self.transact(op, self.begin_write(), async |connection| {
            if is_mysql {
                // One writer at a time, as in SQLite: numbers are given by looking at the largest one.
                let lock = "SELECT version FROM schema_version FOR UPDATE";
                sqlx::query(lock).fetch_all(&mut *connection).await?;
            }
            work(connection).await
        })
    }

    /// As [`Link::write`], before there is a table to lock.
    pub fn change_tables(
        &mut self,
        op: &'static str,
        work: impl AsyncFnOnce(&mut AnyConnection) -> Result<(), Fault>,
    ) -> Result<(), StorageError> {
        self.transact(op, self.begin_write(), work)
    }

    /// Runs `work`, which only reads, on one state of the database.
    pub fn read<T>(
        &mut self,
        op: &'static str,
        work: impl AsyncFnOnce(&mut AnyConnection) -> Result<T, Fault>,
    ) -> Result<T, StorageError> {
        let begin = match self.at {
            StorageUrl::Sqlite(_) => "BEGIN",
            StorageUrl::Mysql(_) => "START TRANSACTION",
        };
        self.transact(op, begin, work)
    }

    /// SQLite: a transaction that reads before it writes must take the lock at once, or may find it taken later.
    fn begin_write(&self) -> &'static str {
        match self.at {
            StorageUrl::Sqlite(_) => "BEGIN IMMEDIATE",
            StorageUrl::Mysql(_) => "START TRANSACTION",
        }
    }

    fn transact<T>(
        &mut self,
        op: &'static str,
        begin: &'static str,
        work: impl AsyncFnOnce(&mut AnyConnection) -> Result<T, Fault>,
    ) -> Result<T, StorageError> {
        let mut connection = self.take_connection()?;
        let whole = async {
            let mut transaction = connection.begin_with(begin).await?;
            let done = work(&mut *transaction).await?;
            transaction.commit().await?;
            Ok(done)
        };
        let finished: Result<T, Fault> = self.runtime.block_on(within(self.work_seconds, whole));
        // A full disk, for one, ends SQLite's transaction behind the driver's back, which then counts one too many: after
        // an error of the database the next call starts from a new connection.
        if !matches!(finished, Err(Fault::Sql(_))) {
            self.connection = Some(connection);
        }
        finished.map_err(|fault| fault.at(op, &self.at))
    }
}

/// `work`, or an error of a lost connection where it takes longer: a server that is gone may never say so.
async fn within<T, E: From<sqlx::Error>>(
    seconds: u64,
    work: impl Future<Output = Result<T, E>>,
) -> Result<T, E> {
    let limit = std::time::Duration::from_secs(seconds);
    tokio::time::timeout(limit, work).await.unwrap_or_else(|_| {
        let what = format!("no answer within {seconds} s");
        let late = std::io::Error::new(std::io::ErrorKind::TimedOut, what);
        Err(sqlx::Error::Io(late).into())
    })
}

impl Drop for Link {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            // A clean end folds SQLite's log into the file; without one the next opening does, so an error is no loss.
            let closed = within(CONNECT_SECONDS, connection.close());
            let _ = self.runtime.block_on(closed);
        }
    }
}

async fn set_up(
    connection: &mut AnyConnection,
    at: &StorageUrl,
    mode: Mode,
) -> Result<(), sqlx::Error> {
    if matches!(at, StorageUrl::Mysql(_)) {
        if mode == Mode::Read {
            let refuse = sqlx::query("SET SESSION TRANSACTION READ ONLY");
            connection.execute(refuse).await?;
        }
        return Ok(());
    }
    let wait = sqlx::AssertSqlSafe(format!("PRAGMA busy_timeout = {BUSY_MS}"));
    connection.execute(sqlx::query(wait)).await?;
    if mode == Mode::Read {
        return Ok(());
    }
    // The log is flushed to the disk at each commit: what was acknowledged survives a kill and a power cut.
    for pragma in ["PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL"] {
        connection.execute(sqlx::query(pragma)).await?;
    }
    Ok(())
}

/// The URL that the driver is given; for a file, after looking whether it is there.
fn url_for(at: &StorageUrl, mode: Mode) -> Result<String, StorageError> {
    let path = match at {
        StorageUrl::Mysql(url) => return Ok(url.clone()),
        StorageUrl::Sqlite(path) => path,
    };
    if path.is_dir() {
        return Err(StorageError::NotADatabase { at: at.clone() });
    }
    let missing = || StorageError::Missing { at: at.clone() };
    if mode != Mode::Create && !path.exists() {
        return Err(missing());
    }
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    if mode == Mode::Create {
        let made = std::fs::create_dir_all(folder);
        made.map_err(|e| Fault::Sql(sqlx::Error::Io(e)).at("make the folder", at))?;
    }
    // Without `..`, which the driver would resolve by the text alone.
    let folder = folder.canonicalize().map_err(|_| missing())?;
    let file = folder.join(path.file_name().ok_or_else(missing)?);
    let options = match mode {
        Mode::Create => "mode=rwc",
        Mode::Write => "mode=rw",
        Mode::Read if is_at_rest(&file) => "mode=ro&immutable=1",
        Mode::Read => "mode=ro",
    };
    Ok(format!("sqlite://{}?{options}", encoded(&file)?))
}

/// Whether nobody writes to the database: then it can be read where nothing can be written beside it.
fn is_at_rest(file: &Path) -> bool {
    let mut log: PathBuf = file.to_owned();
    log.as_mut_os_string().push("-wal");
    !log.exists()
}

/// The path with everything that means something in a URL as `%XX`.
fn encoded(path: &Path) -> Result<String, StorageError> {
    let text = path.to_str().ok_or_else(|| StorageError::Url {
        url: path.display().to_string(),
        what: "its path is no UTF-8".to_owned(),
    })?;
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => {
                out.push(byte.into());
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    Ok(out)
}
