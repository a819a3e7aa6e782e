//! What an extraction came to, kept beside its dataset: `extract.json`.

use super::ExtractReport;
use crate::files::{FileError, read_limited, write_atomic};
use serde::{Deserialize, Serialize};
use std::path::Path;

const NAME: &str = "extract.json";
const BYTES_MAX: u64 = 1 << 28;

/// What was asked for, and what became of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Record {
    /// Of the chosen files, in their order.
    pub plans: Vec<u64>,
    pub report: ExtractReport,
}

impl Record {
    /// Whether nothing is left to be tried again.
    pub fn is_final(&self) -> bool {
        self.report.failures.iter().all(|row| !row.tried_again)
    }

    /// The record of a finished extraction into this folder; none if there is none that can be read.
    pub fn read(folder: &Path) -> Option<Record> {
        let bytes = read_limited(&folder.join(NAME), BYTES_MAX).ok()?;
        serde_json::from_slice(&bytes).ok()
    }

    /// Writes it, whole or not at all.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write(&self, folder: &Path) -> Result<(), FileError> {
        let text = serde_json::to_string_pretty(self).unwrap_or_default();
        write_atomic(&folder.join(NAME), text.as_bytes())
    }

    /// Removes it: what it speaks of will not be there any more.
    pub fn remove(folder: &Path) {
        // Left behind it would speak of other plans, which whoever reads it compares.
        let _ = std::fs::remove_file(folder.join(NAME));
    }
}
