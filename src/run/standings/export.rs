//! A league's tables as files that any program reads: JSON and CSV, one of each a table.

use crate::files::write_atomic;
use crate::run::RunError;
use crate::storage::{Cell, Dump, Storage, StorageUrl};
use serde::Serialize;
use serde_json::{Map, Value};
use std::path::{Path, PathBuf};

/// One table's files.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Exported {
    pub table: &'static str,
    pub rows: usize,
    /// A list of objects, and a header and a line a row.
    pub json: PathBuf,
    pub csv: PathBuf,
}

/// Writes every table into `folder`, as of one moment.
///
/// # Errors
/// If the database cannot be read or a file not be written.
pub fn export(at: &StorageUrl, folder: &Path) -> Result<Vec<Exported>, RunError> {
    let tables = Storage::open_to_read(at)?.dump()?;
    let mut written = Vec::new();
    for table in &tables {
        let json = folder.join(format!("{}.json", table.table));
        let csv = folder.join(format!("{}.csv", table.table));
        write_atomic(&json, objects(table).to_string().as_bytes())?;
        write_atomic(&csv, lines(table).as_bytes())?;
        written.push(Exported {
            table: table.table,
            rows: table.rows.len(),
            json,
            csv,
        });
    }
    Ok(written)
}

fn objects(table: &Dump) -> Value {
    let value = |cell: &Option<Cell>| match cell {
        None => Value::Null,
        Some(Cell::Int(n)) => Value::from(*n),
        Some(Cell::Real(x)) => Value::from(*x),
        Some(Cell::Text(text)) => Value::from(text.as_str()),
    };
    let object = |row: &Vec<Option<Cell>>| {
        let pairs = table.columns.iter().cloned().zip(row.iter().map(value));
        Value::Object(pairs.collect::<Map<String, Value>>())
    };
    table.rows.iter().map(object).collect()
}

/// RFC 4180: a cell with a comma, a quote or a line break stands in quotes; an absent value is empty.
fn lines(table: &Dump) -> String {
    let value = |cell: &Option<Cell>| match cell {
        None => String::new(),
        Some(Cell::Int(n)) => n.to_string(),
        Some(Cell::Real(x)) => x.to_string(),
        Some(Cell::Text(text)) => quoted(text),
    };
    let mut out = table.columns.join(",");
    out.push('\n');
    for row in &table.rows {
        let cells: Vec<String> = row.iter().map(value).collect();
        out.push_str(&cells.join(","));
        out.push('\n');
    }
    out
}

fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        return format!("\"{}\"", text.replace('"', "\"\""));
    }
    text.to_owned()
}
