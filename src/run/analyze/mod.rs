//! What an analysis leaves behind: one HTML report, and its figures as JSON and CSV.
//!
//! `analysis` finds, this draws and writes: [`Sources`] says where games came from, [`write`] makes the files of a folder.

mod csv;
mod page;
mod report;
mod strategies;
mod svg;
#[cfg(test)]
mod tests;
mod words;

pub use words::{quantity_words, time_words};

use crate::analysis::Findings;
use crate::files::{FileError, write_atomic};
use serde::Serialize;
use std::path::{Path, PathBuf};

/// The report's name in its folder.
pub const REPORT: &str = "report.html";
/// All findings, as one JSON document.
pub const FINDINGS: &str = "findings.json";

/// Where a set of games came from.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Source {
    /// What was named: files and folders.
    pub paths: Vec<String>,
    pub n_files: usize,
    pub failures: Vec<Failure>,
}

/// Files that could not be read for one reason.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Failure {
    pub reason: String,
    pub files: usize,
    pub first: String,
}

impl Source {
    /// How many files could not be read.
    pub fn n_failed(&self) -> usize {
        self.failures.iter().map(|it| it.files).sum()
    }

    /// The set's name: what was named, in short.
    pub fn name(&self) -> String {
        let short = |path: &String| {
            let name = Path::new(path).file_name();
            name.map_or_else(|| path.clone(), |name| name.to_string_lossy().into_owned())
        };
        match self.paths.as_slice() {
            [] => String::new(),
            [one] => short(one),
            [first, rest @ ..] => format!("{} and {} more", short(first), rest.len()),
        }
    }
}

/// Where both sets came from.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Sources {
    pub set: Source,
    pub reference: Option<Source>,
}

impl Sources {
    /// Names of the two sets for legends, told apart even where both are called alike.
    pub fn names(&self) -> [String; 2] {
        let set = self.set.name();
        let reference = self
            .reference
            .as_ref()
            .map(Source::name)
            .unwrap_or_default();
        if set == reference {
            return [set, format!("{reference} (reference)")];
        }
        [set, reference]
    }
}

/// Writes the report and all tables into a folder; the paths of what was written, the report first.
///
/// # Errors
/// If a file cannot be written.
pub fn write(
    findings: &Findings,
    sources: &Sources,
    folder: &Path,
) -> Result<Vec<PathBuf>, FileError> {
    #[derive(Serialize)]
    struct Document<'a> {
        sources: &'a Sources,
        #[serde(flatten)]
        findings: &'a Findings,
    }
    let mut written = Vec::new();
    let mut put = |name: &str, content: &[u8]| {
        let path = folder.join(name);
        write_atomic(&path, content)?;
        written.push(path);
        Ok::<(), FileError>(())
    };
    put(REPORT, report::html(findings, sources).as_bytes())?;
    let document = Document { sources, findings };
    let json =
        serde_json::to_vec(&document).expect("findings have string keys and always serialize");
    put(FINDINGS, &json)?;
    for (name, table) in csv::tables(findings) {
        put(name, table.as_bytes())?;
    }
    Ok(written)
}
