//! One connection, and the single-threaded runtime that drives it: callers are plain threads and block.

use super::error::{Fault, StorageError};
use super::migrations;
use super::url::StorageUrl;
use sqlx::any::AnyConnectOptions;
use sqlx::{AnyConnection, Connection, Executor, Row};
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
}

/// How a process keeps others from leading the same league; gone with the process, and without any clock.
enum Lead {
    /// A locked file beside SQLite's.
    File { _held: std::fs::File },
    /// A lock of the server's, which it frees with the connection: taken again with every new one.
    Server,
}

/// How long to wait for the lock of a connection of ours that the server has not missed yet, in seconds.
const LEAD_SECONDS: u32 = 10;

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
        };
        link.connect()?;
        migrations::bring_up_to_date(&mut link, mode)?;
        Ok(link)
    }

    fn connect(&mut self) -> Result<(), StorageError> {
        let (at, mode) = (&self.at, self.mode);
        let url = url_for(at, mode)?;
        let fault = |op| move |e: sqlx::Error| Fault::from(e).at(op, at);
        let options = AnyConnectOptions::from_str(&url).map_err(fault("understand the URL"))?;
        let connected = within(CONNECT_SECONDS, AnyConnection::connect_with(&options));
        let connected = self.runtime.block_on(connected);
        let mut connection = connected.map_err(fault("open"))?;
        self.runtime
            .block_on(set_up(&mut connection, at, mode))
            .map_err(fault("set up the connection"))?;
        if matches!(self.lead, Some(Lead::Server)) {
            // Whoever took the lead meanwhile keeps it: this process must not write any more.
            self.lead_at_server(&mut connection)?;
        }
        self.connection = Some(connection);
        Ok(())
    }

    /// Makes this process the only one that leads the league, until it ends.
    pub fn lead(&mut self) -> Result<(), StorageError> {
        let path = match &self.at {
            StorageUrl::Sqlite(path) => path.with_extension("lead"),
            StorageUrl::Mysql(_) => {
                let Some(mut connection) = self.connection.take() else {
                    self.lead = Some(Lead::Server);
                    return self.connect();
                };
                self.lead_at_server(&mut connection)?;
                self.connection = Some(connection);
                self.lead = Some(Lead::Server);
                return Ok(());
            }
        };
        let fault = |e| Fault::Sql(sqlx::Error::Io(e)).at("take the lead", &self.at);
        let options = std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(path);
        let file = options.map_err(fault)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(std::fs::TryLockError::WouldBlock) => {
                let at = self.at.clone();
                return Err(StorageError::Led { at });
            }
            Err(std::fs::TryLockError::Error(e)) => return Err(fault(e)),
        }
        self.lead = Some(Lead::File { _held: file });
        Ok(())
    }

    fn lead_at_server(&self, connection: &mut AnyConnection) -> Result<(), StorageError> {
        let sql = "SELECT CAST(GET_LOCK(CONCAT('scc.', DATABASE()), ?) AS SIGNED)";
        let asked = async {
            let query = sqlx::query(sql).bind(i64::from(LEAD_SECONDS));
            let row = query.fetch_one(&mut *connection).await?;
            row.try_get::<Option<i64>, _>(0)
        };
        let limit = u64::from(LEAD_SECONDS) + CONNECT_SECONDS;
        let got = self.runtime.block_on(within(limit, asked));
        match got.map_err(|e| Fault::from(e).at("take the lead", &self.at))? {
            Some(1) => Ok(()),
            _ => Err(StorageError::Led {
                at: self.at.clone(),
            }),
        }
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
        if self.connection.is_none() {
            self.connect()?;
        }
        let Some(connection) = self.connection.as_mut() else {
            return Err(Fault::Sql(sqlx::Error::WorkerCrashed).at(op, &self.at));
        };
        let whole = async {
            let mut transaction = connection.begin_with(begin).await?;
            let done = work(&mut *transaction).await?;
            transaction.commit().await?;
            Ok(done)
        };
        let finished: Result<T, Fault> = self.runtime.block_on(within(self.work_seconds, whole));
        if matches!(finished, Err(Fault::Sql(_))) {
            // A full disk, for one, ends SQLite's transaction behind the driver's back, which then counts one too many:
            // the next call starts from a connection that is sound.
            self.connection = None;
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
