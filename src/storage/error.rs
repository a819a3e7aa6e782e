//! What can go wrong with a league's database, each with what to do about it.

use super::url::StorageUrl;
use crate::league::LeagueError;
use sqlx::error::DatabaseError;

/// Why the database cannot be used, or did not take something in. What was acknowledged before is safe in every case.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    #[error(
        "--storage {url:?}: {what}; expected sqlite://PATH, mysql://USER:PASSWORD@HOST/DATABASE or a run folder"
    )]
    Url { url: String, what: String },
    #[error(
        "there is no league database at {at}: name a league's run folder or its database by --storage"
    )]
    Missing { at: StorageUrl },
    #[error("{at} holds no league yet: start one with `scc train --stage league`")]
    NoLeague { at: StorageUrl },
    #[error("{at} holds no scheduled matches: it is a league's, of before there were any")]
    NoSchedule { at: StorageUrl },
    #[error("{at} holds a league already: resume it, or choose another database")]
    LeagueExists { at: StorageUrl },
    #[error("{at} is no database: name the file league.db of a league's run folder")]
    NotADatabase { at: StorageUrl },
    #[error("{at} is a database of something else (table {table:?}): give scc one of its own")]
    NotALeague { at: StorageUrl, table: String },
    #[error(
        "{at} was written by a newer program (schema {found}, this one knows {known}): update scc"
    )]
    Newer {
        at: StorageUrl,
        found: i64,
        known: i64,
    },
    #[error(
        "{at} was written by an older program (schema {found}, this one needs {known}): resume the league once, which updates it"
    )]
    Older {
        at: StorageUrl,
        found: i64,
        known: i64,
    },
    #[error(
        "{at} is read-only, or was opened to look only: make it writable (a file with its folder), or copy it"
    )]
    ReadOnly { at: StorageUrl },
    #[error(
        "the disk (or the database's allowed space) is full while writing to {at}: make room and resume; nothing reported is lost"
    )]
    Full { at: StorageUrl },
    #[error(
        "another process leads the league in {at}, or has led it since this one was cut off: end it first (a master, or `scc train --stage league`)"
    )]
    Led { at: StorageUrl },
    #[error("{at} is kept busy by another process: end it, or try again")]
    Busy { at: StorageUrl },
    #[error("{at} is damaged: restore a copy, or start a new league from its latest checkpoints")]
    Damaged {
        at: StorageUrl,
        #[source]
        source: sqlx::Error,
    },
    #[error("cannot connect to {at}: is the server up, and are user, password and database right?")]
    Connect {
        at: StorageUrl,
        #[source]
        source: sqlx::Error,
    },
    #[error(
        "cannot log in to {at}: its user's password goes by TLS or RSA only (caching_sha2_password, MySQL's default), and the server offers no TLS (or the URL says ssl-mode=DISABLED): switch it on, or give it a user that is IDENTIFIED WITH mysql_native_password"
    )]
    Login {
        at: StorageUrl,
        #[source]
        source: sqlx::Error,
    },
    #[error("cannot {op} in {at}")]
    Database {
        op: &'static str,
        at: StorageUrl,
        #[source]
        source: sqlx::Error,
    },
    #[error("cannot start the database's thread")]
    Runtime(#[source] std::io::Error),
    #[error(
        "table {table} of the league's database holds {what}, which this program does not understand"
    )]
    Row { table: &'static str, what: String },
    #[error(transparent)]
    League(#[from] LeagueError),
}

/// What stops the work inside a transaction: the database's own error, or one of ours.
pub(super) enum Fault {
    Sql(sqlx::Error),
    Ours(StorageError),
}

impl From<sqlx::Error> for Fault {
    fn from(error: sqlx::Error) -> Fault {
        Fault::Sql(error)
    }
}

impl From<StorageError> for Fault {
    fn from(error: StorageError) -> Fault {
        Fault::Ours(error)
    }
}

impl From<LeagueError> for Fault {
    fn from(error: LeagueError) -> Fault {
        Fault::Ours(error.into())
    }
}

/// A row that says what cannot be.
pub(super) fn bad_row(table: &'static str, what: impl std::fmt::Display) -> StorageError {
    StorageError::Row {
        table,
        what: what.to_string(),
    }
}

impl Fault {
    /// The fault as callers see it: `op` is what was being done.
    pub fn at(self, op: &'static str, at: &StorageUrl) -> StorageError {
        let source = match self {
            Fault::Ours(error) => return error,
            Fault::Sql(source) => source,
        };
        let at = at.clone();
        let code = source.as_database_error().and_then(|e| code(e, &at));
        match (code, &source) {
            (Some(Code::ReadOnly), _) => StorageError::ReadOnly { at },
            (Some(Code::Full), _) => StorageError::Full { at },
            (Some(Code::Busy), _) => StorageError::Busy { at },
            (Some(Code::NotADatabase), _) => StorageError::NotADatabase { at },
            (Some(Code::Damaged), _) => StorageError::Damaged { at, source },
            (Some(Code::Connect), _) | (None, sqlx::Error::Io(_) | sqlx::Error::Tls(_)) => {
                StorageError::Connect { at, source }
            }
            _ => StorageError::Database { op, at, source },
        }
    }
}

/// What both databases' error codes come to.
enum Code {
    ReadOnly,
    Full,
    Busy,
    NotADatabase,
    Damaged,
    Connect,
}

fn code(error: &dyn DatabaseError, at: &StorageUrl) -> Option<Code> {
    match at {
        StorageUrl::Sqlite(_) => sqlite_code(error),
        StorageUrl::Mysql(_) => mysql_code(error),
    }
}

/// SQLite's result codes (sqlite.org/rescode.html); the low byte is the kind.
fn sqlite_code(error: &dyn DatabaseError) -> Option<Code> {
    let code: i64 = error.code()?.parse().ok()?;
    match code & 0xff {
        5 | 6 => Some(Code::Busy),
        8 => Some(Code::ReadOnly),
        11 => Some(Code::Damaged),
        13 => Some(Code::Full),
        // "cannot open" is what a folder without the right to write comes to.
        14 => Some(Code::ReadOnly),
        26 => Some(Code::NotADatabase),
        _ => None,
    }
}

/// MySQL's error numbers: 1021 and 1114 full, 1205 and 1213 locked, 1290, 1792 and 1836 read-only, 1044, 1045 and 1049 refused.
fn mysql_code(error: &dyn DatabaseError) -> Option<Code> {
    let error = error.try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>()?;
    match error.number() {
        1021 | 1114 => Some(Code::Full),
        1205 | 1213 => Some(Code::Busy),
        1290 | 1792 | 1836 => Some(Code::ReadOnly),
        1044 | 1045 | 1049 => Some(Code::Connect),
        _ => None,
    }
}
