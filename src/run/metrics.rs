//! A run's numbers over time: `metrics.jsonl` (one JSON object a line) and TensorBoard event files, from one call.

use super::tensorboard::EventFile;
use crate::files::FileError;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// All numbers of one training step. Names are listed in docs/METRICS.md.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MetricsRow {
    /// Training step, from 1.
    pub step: u64,
    /// Seconds of training so far, over all parts of a resumed run.
    pub train_seconds: f64,
    /// Name -> value; not-a-number is never written.
    pub values: BTreeMap<String, f64>,
}

/// Appends rows to a run folder.
#[derive(Debug)]
pub struct MetricsWriter {
    path: PathBuf,
    lines: File,
    events: EventFile,
}

fn io_error(path: &Path) -> impl FnOnce(std::io::Error) -> FileError {
    let path = path.to_path_buf();
    move |source| FileError::Io {
        op: "write",
        path,
        source,
    }
}

fn unix_seconds() -> f64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0.0, |d| d.as_secs_f64())
}

impl MetricsWriter {
    /// Opens `run/metrics.jsonl` and a fresh event file in `run/tensorboard`. Rows beyond `last_step`, written after
    /// the checkpoint that a resumed run starts from, are cut off: each step appears once.
    ///
    /// # Errors
    /// If the folder cannot be written.
    pub fn open(run: &Path, last_step: u64) -> Result<MetricsWriter, FileError> {
        let path = run.join("metrics.jsonl");
        if path.exists() {
            let kept: Vec<MetricsRow> = read_metrics(&path)?
                .into_iter()
                .filter(|row| row.step <= last_step)
                .collect();
            let mut text = String::new();
            for row in &kept {
                text.push_str(&serde_json::to_string(row).unwrap_or_default());
                text.push('\n');
            }
            crate::files::write_atomic(&path, text.as_bytes())?;
        }
        std::fs::create_dir_all(run).map_err(io_error(run))?;
        let lines = OpenOptions::new()
            .create(true)
            .append(true)
            .open(&path)
            .map_err(io_error(&path))?;
        let folder = run.join("tensorboard");
        let events =
            EventFile::create(&folder, unix_seconds() as u64).map_err(io_error(&folder))?;
        Ok(MetricsWriter {
            path,
            lines,
            events,
        })
    }

    /// Appends one row to both files. Values that are not finite are left out of both.
    ///
    /// # Errors
    /// If the disk is full or the folder has gone.
    pub fn write(&mut self, row: &MetricsRow) -> Result<(), FileError> {
        let mut row = row.clone();
        row.values.retain(|_, v| v.is_finite());
        let mut line = serde_json::to_string(&row).unwrap_or_default();
        line.push('\n');
        self.lines
            .write_all(line.as_bytes())
            .map_err(io_error(&self.path))?;
        let scalars = row.values.iter().map(|(k, v)| (k.as_str(), *v));
        self.events
            .scalars(row.step, unix_seconds(), scalars)
            .map_err(io_error(self.events.path()))
    }
}

/// Reads `metrics.jsonl` back. A last line cut short by a kill is left out.
///
/// # Errors
/// If the file cannot be read.
pub fn read_metrics(path: &Path) -> Result<Vec<MetricsRow>, FileError> {
    let read = |source| FileError::Io {
        op: "read",
        path: path.to_path_buf(),
        source,
    };
    let file = File::open(path).map_err(read)?;
    let mut rows = Vec::new();
    for line in BufReader::new(file).split(b'\n') {
        if let Ok(row) = serde_json::from_slice(&line.map_err(read)?) {
            rows.push(row);
        }
    }
    Ok(rows)
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use crate::reward::KINDS;
    use crate::trajectory::HEADS;

    /// Holds rows against docs/METRICS.md: every name in them has a line in the tables of one of these sections, and every
    /// line there has a name in them, but for those `absent`.
    pub fn are_documented(rows: &[MetricsRow], sections: &[&str], absent: &[&str]) {
        let lines: Vec<String> = sections.iter().flat_map(|s| listed(s)).collect();
        let written: std::collections::BTreeSet<&String> =
            rows.iter().flat_map(|row| row.values.keys()).collect();
        for name in &written {
            let found = lines.iter().any(|line| fits(line, name));
            assert!(found, "docs/METRICS.md says nothing of {name}");
        }
        for line in &lines {
            let found = written.iter().any(|name| fits(line, name));
            assert!(
                found || absent.contains(&line.as_str()),
                "no row has {line}, which docs/METRICS.md promises"
            );
        }
    }

    /// The names in the first column of a section's tables.
    fn listed(section: &str) -> Vec<String> {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/METRICS.md");
        let text = std::fs::read_to_string(path).unwrap();
        let is_heading = |line: &str| line.trim_start_matches('#').trim() == section;
        let lines = text.lines().skip_while(|line| !is_heading(line)).skip(1);
        let lines = lines.take_while(|line| !line.starts_with('#'));
        let first = lines.filter_map(|line| line.strip_prefix("| `")?.split(" |").next());
        let names: Vec<String> = first
            .flat_map(|cell| cell.split("`, `"))
            .map(|name| name.trim_end_matches('`').to_owned())
            .collect();
        assert!(
            !names.is_empty(),
            "docs/METRICS.md has no table in {section}"
        );
        names
    }

    /// Whether a line of the document is of this name: words in capitals stand for others.
    fn fits(line: &str, name: &str) -> bool {
        let Some((prefix, word)) = line.rsplit_once('/') else {
            return line == name;
        };
        let rest = name.strip_prefix(prefix).and_then(|r| r.strip_prefix('/'));
        rest.is_some_and(|rest| match word {
            "HEAD" => HEADS.contains(&rest),
            "KIND" => KINDS.contains(&rest),
            "OPPONENT" | "UNIT" => !rest.is_empty(),
            word => word == rest,
        })
    }

    #[test]
    fn capitals_in_the_document_stand_for_what_they_name() {
        for (line, name, expected) in [
            ("loss", "loss", true),
            ("loss", "loss/ppo", false),
            ("loss/kl/HEAD", "loss/kl/skip", true),
            ("loss/kl/HEAD", "loss/kl/win_loss", false),
            ("return/KIND", "return/win_loss", true),
            ("win_rate/OPPONENT", "win_rate/checkpoint:runs/a", true),
            ("made/UNIT", "made/", false),
        ] {
            assert_eq!(fits(line, name), expected, "{line} {name}");
        }
    }

    fn row(step: u64, loss: f64) -> MetricsRow {
        MetricsRow {
            step,
            train_seconds: step as f64,
            values: BTreeMap::from([("loss/total".to_owned(), loss)]),
        }
    }

    #[test]
    fn a_resumed_run_repeats_no_step_and_survives_a_torn_line() {
        let folder = tempfile::tempdir().unwrap();
        let mut metrics = MetricsWriter::open(folder.path(), 0).unwrap();
        for step in 1..=4 {
            metrics.write(&row(step, step as f64)).unwrap();
        }
        metrics.lines.write_all(b"{\"step\":5,\"trai").unwrap();
        drop(metrics);
        let mut resumed = MetricsWriter::open(folder.path(), 2).unwrap();
        resumed.write(&row(3, 30.0)).unwrap();
        let rows = read_metrics(&folder.path().join("metrics.jsonl")).unwrap();
        assert_eq!(rows, [row(1, 1.0), row(2, 2.0), row(3, 30.0)]);
    }

    #[test]
    fn numbers_that_are_none_are_left_out() {
        let folder = tempfile::tempdir().unwrap();
        let mut metrics = MetricsWriter::open(folder.path(), 0).unwrap();
        metrics.write(&row(1, f64::NAN)).unwrap();
        let rows = read_metrics(&folder.path().join("metrics.jsonl")).unwrap();
        assert!(rows[0].values.is_empty());
    }
}
