//! Who leads a league: one process, without any clock. A lock that goes with its holder keeps others out; on a server, where it
//! goes with the connection already, a number in the database tells whoever was cut off that another has led since.

use super::error::Fault;
use super::players::meta;
use sqlx::{AnyConnection, Row};
use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

/// How a process keeps others from leading the same league; gone with the process.
pub(super) enum Lead {
    /// A locked file beside SQLite's, whatever becomes of the connection.
    File { _held: File },
    /// A lock of the server's, which it frees with the connection: taken again with every new one.
    Server { term: i64 },
}

/// How long to wait for the lock of a connection of ours that the server has not missed yet, in seconds.
pub(super) const LEAD_SECONDS: u32 = 10;

/// The row of `meta` that counts how often the lead was taken.
const TERM: &str = "lead_term";

/// Locks the file beside the database `path`; none if another process holds it.
pub(super) fn lock_beside(path: &Path) -> std::io::Result<Option<File>> {
    let mut options = OpenOptions::new();
    let file = options.create(true).append(true);
    let file = file.open(path.with_extension("lead"))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// Takes the server's lock for this connection, waiting up to `seconds`: the term of the lead, a new one unless this process
/// leads already, in term `ours`. None if another leads, or has led since.
pub(super) async fn lock_at_server(
    c: &mut AnyConnection,
    ours: Option<i64>,
    seconds: u32,
) -> Result<Option<i64>, Fault> {
    // Before waiting as well as after: no wait makes up for another's lead.
    if ours.is_some() && ours != Some(term(c).await?) {
        return Ok(None);
    }
    let sql = "SELECT CAST(GET_LOCK(CONCAT('scc.', DATABASE()), ?) AS SIGNED)";
    let asked = sqlx::query(sql).bind(i64::from(seconds));
    let got: Option<i64> = asked.fetch_one(&mut *c).await?.try_get(0)?;
    if got != Some(1) {
        return Ok(None);
    }
    let now = term(c).await?;
    if let Some(ours) = ours {
        return Ok((ours == now).then_some(ours));
    }
    set_term(c, now + 1).await?;
    Ok(Some(now + 1))
}

/// How often the lead was taken.
async fn term(c: &mut AnyConnection) -> Result<i64, Fault> {
    let text = meta(c, TERM).await?;
    Ok(text.and_then(|text| text.parse().ok()).unwrap_or(0))
}

async fn set_term(c: &mut AnyConnection, term: i64) -> Result<(), Fault> {
    let update = "UPDATE meta SET value = ? WHERE name = ?";
    let insert = "INSERT INTO meta (value, name) VALUES (?, ?)";
    for sql in [update, insert] {
        let query = sqlx::query(sql).bind(term.to_string()).bind(TERM);
        if query.execute(&mut *c).await?.rows_affected() > 0 {
            break;
        }
    }
    Ok(())
}
