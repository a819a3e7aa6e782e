//! What players can be conditioned on, what they were seen to do, and every table as it is.

use super::error::Fault;
use super::games::next_id;
use super::rows::{Cells, StrategyRow, ZRow, int};
use super::{Storage, StorageError};
use crate::league::PlayerId;
use serde::Serialize;
use sqlx::any::{AnyRow, AnyTypeInfoKind};
use sqlx::{Column, Row, ValueRef};

/// A table as it is.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Dump {
    pub table: &'static str,
    pub columns: Vec<String>,
    pub rows: Vec<Vec<Option<Cell>>>,
}

/// One value.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Cell {
    Int(i64),
    Real(f64),
    Text(String),
}

/// Every table, with the rows in an order that is the same each time.
const TABLES: &[(&str, &str)] = &[
    (
        "schema_version",
        "SELECT * FROM schema_version ORDER BY version",
    ),
    ("meta", "SELECT * FROM meta ORDER BY name"),
    ("players", "SELECT * FROM players ORDER BY id"),
    (
        "checkpoints",
        "SELECT * FROM checkpoints ORDER BY player, steps",
    ),
    ("games", "SELECT * FROM games ORDER BY id"),
    ("payoff", "SELECT * FROM payoff ORDER BY player, opponent"),
    ("z_library", "SELECT * FROM z_library ORDER BY id"),
    (
        "z_statistics",
        "SELECT * FROM z_statistics ORDER BY against, z",
    ),
    (
        "strategies",
        "SELECT * FROM strategies ORDER BY player, item",
    ),
    (
        "branch_requests",
        "SELECT * FROM branch_requests ORDER BY id",
    ),
    ("events", "SELECT * FROM events ORDER BY id"),
];

impl Storage {
    /// Adds a z to the library; its number. The same name and content again give the same number.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn add_z(&mut self, name: &str, content: &str) -> Result<u32, StorageError> {
        let known = self.z_library()?;
        let same = |row: &&ZRow| row.name == name && row.content == content;
        if let Some(row) = known.iter().find(same) {
            return Ok(row.id);
        }
        self.link.write("add a z", async |c| {
            let id = next_id(c, "SELECT MAX(id) FROM z_library").await?;
            let sql = "INSERT INTO z_library (id, name, content) VALUES (?, ?, ?)";
            let insert = sqlx::query(sql).bind(id).bind(name).bind(content);
            insert.execute(c).await?;
            Ok(id as u32)
        })
    }

    /// All z's by number.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn z_library(&mut self) -> Result<Vec<ZRow>, StorageError> {
        let row = |row: &AnyRow| {
            let table = "z_library";
            let cells = Cells { table, row };
            Ok(ZRow {
                id: cells.count("id")?,
                name: cells.text("name")?,
                content: cells.text("content")?,
            })
        };
        self.link.read("read the z's", async |c| {
            let rows = sqlx::query("SELECT * FROM z_library ORDER BY id");
            rows.fetch_all(c).await?.iter().map(row).collect()
        })
    }

    /// Drops the z statistics against a player, as [`crate::league::League::forget_z`] does. Their games stay.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn forget_z(&mut self, against: PlayerId) -> Result<(), StorageError> {
        self.link.write("drop z statistics", async |c| {
            let delete = sqlx::query("DELETE FROM z_statistics WHERE against = ?");
            delete.bind(i64::from(against.0)).execute(c).await?;
            Ok(())
        })
    }

    /// Adds one game's numbers of what a player made (Marines, Barracks, ...).
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn add_strategy(
        &mut self,
        player: PlayerId,
        made: &[(&str, f64)],
    ) -> Result<(), StorageError> {
        let update = "UPDATE strategies SET games = games + 1, total = total + ? WHERE player = ? AND item = ?";
        let insert = "INSERT INTO strategies (games, total, player, item) VALUES (1, ?, ?, ?)";
        self.link.write("add to the strategies", async |c| {
            for (item, amount) in made {
                for sql in [update, insert] {
                    let query = sqlx::query(sql).bind(*amount).bind(i64::from(player.0));
                    let done = query.bind(*item).execute(&mut *c).await?;
                    if done.rows_affected() > 0 {
                        break;
                    }
                }
            }
            Ok(())
        })
    }

    /// What players make on average, by player and item. An item counts the games in which it was told of.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn strategies(&mut self) -> Result<Vec<StrategyRow>, StorageError> {
        let row = |row: &AnyRow| {
            let table = "strategies";
            let cells = Cells { table, row };
            let games: u64 = cells.count("games")?;
            Ok(StrategyRow {
                player: cells.player("player")?,
                item: cells.text("item")?,
                games,
                mean: cells.real("total")? / int(games.max(1))? as f64,
            })
        };
        self.link.read("read the strategies", async |c| {
            let rows = sqlx::query("SELECT * FROM strategies ORDER BY player, item");
            rows.fetch_all(c).await?.iter().map(row).collect()
        })
    }

    /// Every table, all of one moment.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn dump(&mut self) -> Result<Vec<Dump>, StorageError> {
        self.link.read("read all tables", async |c| {
            let mut tables = Vec::new();
            for (table, sql) in TABLES {
                let rows = sqlx::query(*sql).fetch_all(&mut *c).await?;
                tables.push(dumped(table, &rows)?);
            }
            Ok(tables)
        })
    }
}

fn dumped(table: &'static str, rows: &[AnyRow]) -> Result<Dump, Fault> {
    let names = |row: &AnyRow| row.columns().iter().map(|c| c.name().to_owned()).collect();
    let values = |row: &AnyRow| (0..row.len()).map(|at| cell(row, at)).collect();
    Ok(Dump {
        table,
        columns: rows.first().map(names).unwrap_or_default(),
        rows: rows.iter().map(values).collect::<Result<_, Fault>>()?,
    })
}

fn cell(row: &AnyRow, at: usize) -> Result<Option<Cell>, Fault> {
    let value = row.try_get_raw(at)?;
    if value.is_null() {
        return Ok(None);
    }
    let kind = value.type_info().kind();
    Ok(Some(match kind {
        AnyTypeInfoKind::Double => Cell::Real(row.try_get(at)?),
        AnyTypeInfoKind::Text => Cell::Text(row.try_get(at)?),
        _ => Cell::Int(row.try_get(at)?),
    }))
}
