//! What a database holds, in three numbers.

use super::{Storage, StorageError};
use crate::storage::error::Fault;
use serde::Serialize;
use sqlx::{AnyConnection, Row};

/// How old a database's tables are, and how much is in them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Version of its tables.
    pub schema: i64,
    /// Players of its league; 0 where it holds none (yet).
    pub players: u64,
    /// Games of its league.
    pub games: u64,
}

impl Storage {
    /// Counts; changes nothing.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn summary(&mut self) -> Result<Summary, StorageError> {
        self.link.read("count what is there", async |c| {
            Ok(Summary {
                schema: number(c, "SELECT MAX(version) FROM schema_version").await?,
                players: number(c, "SELECT COUNT(*) FROM players").await? as u64,
                games: number(c, "SELECT COUNT(*) FROM games").await? as u64,
            })
        })
    }
}

async fn number(c: &mut AnyConnection, sql: &'static str) -> Result<i64, Fault> {
    Ok(sqlx::query(sql).fetch_one(c).await?.try_get(0)?)
}
