//! Tables of this program's version: made where there are none, brought up to date where they are older.

use super::error::{Fault, StorageError};
use super::link::{Link, Mode};
use super::url::StorageUrl;
use sqlx::AnyConnection;
use sqlx::Row;

/// The steps from nothing to today's tables; step n makes version n + 1.
const MIGRATIONS: &[&str] = &[
    include_str!("../../migrations/0001_league.sql"),
    include_str!("../../migrations/0002_schedule.sql"),
];

/// Version of the tables that this program writes.
pub const SCHEMA_VERSION: i64 = MIGRATIONS.len() as i64;

/// The oldest tables that can be read as they are: later steps only added tables of their own.
const READABLE_SINCE: i64 = 1;

/// What a database is, by its tables.
enum Found {
    Empty,
    Version(i64),
    Else { table: String },
}

/// Refuses a newer database and one of something else; applies what is missing to an older one, if it may.
pub(super) fn bring_up_to_date(link: &mut Link, mode: Mode) -> Result<(), StorageError> {
    let at = link.at().clone();
    let list = tables_of(&at);
    let found = link.read("read the tables", async |c| look(c, list).await)?;
    let version = match found {
        Found::Else { table } => return Err(StorageError::NotALeague { at, table }),
        Found::Empty if mode != Mode::Create => return Err(StorageError::NoLeague { at }),
        Found::Empty => 0,
        Found::Version(version) => version,
    };
    let known = SCHEMA_VERSION;
    if version > known {
        return Err(StorageError::Newer {
            at,
            found: version,
            known,
        });
    }
    if version == known {
        return Ok(());
    }
    if mode == Mode::Read && version >= READABLE_SINCE {
        return Ok(());
    }
    if mode == Mode::Read {
        return Err(StorageError::Older {
            at,
            found: version,
            known,
        });
    }
    apply(link, version)
}

/// The query for the names of a database's tables.
pub(super) fn tables_of(at: &StorageUrl) -> &'static str {
    match at {
        StorageUrl::Sqlite(_) => {
            "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
        }
        StorageUrl::Mysql(_) => {
            "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY 1"
        }
    }
}

async fn look(connection: &mut AnyConnection, list: &'static str) -> Result<Found, Fault> {
    let mut tables = Vec::new();
    for row in sqlx::query(list).fetch_all(&mut *connection).await? {
        tables.push(row.try_get::<String, _>(0)?);
    }
    if !tables.iter().any(|t| t == "schema_version") {
        return Ok(match tables.into_iter().next() {
            Some(table) => Found::Else { table },
            None => Found::Empty,
        });
    }
    let rows = sqlx::query("SELECT MAX(version) FROM schema_version")
        .fetch_all(&mut *connection)
        .await?;
    // A server stopped between making the table and filling it leaves none: as good as empty.
    let version = match rows.first() {
        Some(row) => row.try_get::<Option<i64>, _>(0)?,
        None => None,
    };
    Ok(version.map_or(Found::Empty, Found::Version))
}

/// In one transaction; servers commit each new table by itself, so that every step can also be repeated.
fn apply(link: &mut Link, from: i64) -> Result<(), StorageError> {
    let steps = async |connection: &mut AnyConnection| {
        for step in &MIGRATIONS[from as usize..] {
            for statement in step.split(";\n").filter(|s| has_sql(s)) {
                sqlx::query(statement).execute(&mut *connection).await?;
            }
        }
        // In this order: at no moment is there no version.
        for sql in [
            "INSERT INTO schema_version (version) VALUES (?)",
            "DELETE FROM schema_version WHERE version < ?",
        ] {
            let query = sqlx::query(sql).bind(SCHEMA_VERSION);
            query.execute(&mut *connection).await?;
        }
        Ok(())
    };
    link.change_tables("make the tables", steps)
}

/// Whether there is more than comments and space.
fn has_sql(statement: &str) -> bool {
    let lines = statement.lines().map(str::trim);
    let mut left = lines.filter(|line| !line.is_empty() && !line.starts_with("--"));
    left.next().is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_split_into_statements() {
        for step in MIGRATIONS {
            let statements: Vec<&str> = step.split(";\n").filter(|s| has_sql(s)).collect();
            let makes_table = |s: &&&str| s.contains("CREATE TABLE IF NOT EXISTS");
            assert_eq!(
                statements.iter().filter(makes_table).count(),
                statements.len()
            );
            assert_eq!(statements.len(), step.matches("CREATE TABLE").count());
        }
        assert!(!has_sql("-- only words\n\n"));
    }
}
