//! Standard output: text for people or one JSON document, and a closed pipe that is no error.

use std::io::{BufWriter, ErrorKind, Write};

use serde::Serialize;

use super::error::CliError;

/// Where results go.
pub struct Output {
    to: Box<dyn Write>,
    json: bool,
}

impl Output {
    pub fn stdout(json: bool) -> Output {
        Output {
            to: Box::new(BufWriter::new(std::io::stdout())),
            json,
        }
    }

    /// Prints `value` as the one JSON document if `--json` was given, else `text()`.
    pub fn result<T: Serialize>(
        &mut self,
        value: &T,
        text: impl FnOnce() -> String,
    ) -> Result<(), CliError> {
        if self.json {
            self.json_line(value)
        } else {
            self.text(&text())
        }
    }

    /// One JSON document on one line.
    pub fn json_line<T: Serialize>(&mut self, value: &T) -> Result<(), CliError> {
        let line = serde_json::to_string(value)
            .map_err(|source| CliError::library("cannot print the result", source))?;
        self.text(&line)
    }

    /// `text` and, if it does not end in one, a newline.
    pub fn text(&mut self, text: &str) -> Result<(), CliError> {
        let newline = if text.ends_with('\n') { "" } else { "\n" };
        closed_is_fine(
            self.to
                .write_all(text.as_bytes())
                .and_then(|()| self.to.write_all(newline.as_bytes())),
        )
    }

    /// For what prints by itself; its errors go through [`write_error`].
    pub fn writer(&mut self) -> &mut dyn Write {
        &mut self.to
    }

    pub fn flush(&mut self) -> Result<(), CliError> {
        closed_is_fine(self.to.flush())
    }
}

fn closed_is_fine(written: std::io::Result<()>) -> Result<(), CliError> {
    written.map_err(write_error)
}

/// An error of writing to stdout; a reader that went away is none.
pub fn write_error(source: std::io::Error) -> CliError {
    match source.kind() {
        ErrorKind::BrokenPipe => CliError::OutputClosed,
        _ => CliError::library("cannot write to stdout", source),
    }
}

/// Columns aligned by the widest cell; the first row is the header. Columns of numbers align right, the rest left.
pub fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let layout: Vec<(usize, bool)> = (0..columns)
        .map(|column| {
            let cells = || rows.iter().filter_map(move |row| row.get(column));
            let width = cells().map(|cell| cell.chars().count()).max().unwrap_or(0);
            let starts_as_number =
                |cell: &String| cell.starts_with(|first: char| first.is_ascii_digit());
            (
                width,
                rows.len() > 1 && cells().skip(1).all(starts_as_number),
            )
        })
        .collect();
    let mut text = String::new();
    for row in rows {
        let cells = row.iter().zip(&layout).map(|(cell, &(width, is_number))| {
            if is_number {
                format!("{cell:>width$}")
            } else {
                format!("{cell:<width$}")
            }
        });
        text.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_align_text_left_and_numbers_right() {
        let rows = [
            vec!["name".to_owned(), "games".into()],
            vec!["a".into(), "7".into()],
            vec!["bcdef".into(), "12345678".into()],
        ];
        assert_eq!(
            table(&rows),
            "name      games\na             7\nbcdef  12345678\n"
        );
    }
}
