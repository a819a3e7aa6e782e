//! What made a run: enough to make it again.

use crate::files::{FileError, read_limited, write_atomic};
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

/// Written to `run/manifest.json` when a run starts, and again when it ends.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// The command line as typed.
    pub command: Vec<String>,
    /// Version of this program.
    pub version: String,
    /// Commit of the working tree the program was started in, if it is one of this project.
    pub commit: Option<String>,
    /// Uncommitted changes of that tree, as a patch; empty if there are none.
    pub uncommitted: String,
    /// The resolved config as TOML.
    pub config: String,
    pub seed: u64,
    /// The machine in words: processor, cores, memory, GPU.
    pub machine: String,
    /// Seconds since 1970.
    pub started_unix_seconds: u64,
    pub ended_unix_seconds: Option<u64>,
    /// `running`, `finished`, `interrupted`, or the error that ended it.
    pub exit_reason: String,
}

/// Longest patch kept of uncommitted changes.
const PATCH_BYTES_MAX: usize = 256 * 1024;

impl Manifest {
    /// A manifest for a run that starts now.
    pub fn start(config: String, seed: u64) -> Manifest {
        Manifest {
            command: std::env::args().collect(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            commit: git(&["rev-parse", "HEAD"]),
            uncommitted: git(&["diff", "HEAD"]).map_or(String::new(), |p| cut(p, PATCH_BYTES_MAX)),
            config,
            seed,
            machine: machine(),
            started_unix_seconds: unix_seconds(),
            ended_unix_seconds: None,
            exit_reason: "running".into(),
        }
    }

    /// Notes how the run ended.
    pub fn end(&mut self, reason: impl Into<String>) {
        self.ended_unix_seconds = Some(unix_seconds());
        self.exit_reason = reason.into();
    }

    /// Writes `run/manifest.json`.
    ///
    /// # Errors
    /// If the folder cannot be written.
    pub fn save(&self, run: &Path) -> Result<(), FileError> {
        let text = serde_json::to_string_pretty(self).unwrap_or_default();
        write_atomic(&run.join("manifest.json"), text.as_bytes())
    }

    /// Reads `run/manifest.json`; none if it is no manifest.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn load(run: &Path) -> Result<Option<Manifest>, FileError> {
        let bytes = read_limited(&run.join("manifest.json"), 4 << 20)?;
        Ok(serde_json::from_slice(&bytes).ok())
    }
}

fn unix_seconds() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |d| d.as_secs())
}

fn cut(mut text: String, bytes_max: usize) -> String {
    if text.len() > bytes_max {
        let mut end = bytes_max;
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text.truncate(end);
        text.push_str("\n[cut]\n");
    }
    text
}

/// Output of a git command in the current folder, if git is there and the folder is a working tree.
fn git(args: &[&str]) -> Option<String> {
    let output = Command::new("git").args(args).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    (output.status.success() && !text.is_empty()).then_some(text)
}

/// The machine in words, e.g. "AMD EPYC 9B14, 2 cores, 24 GiB".
pub fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let find = |file: &str, key: &str| -> Option<String> {
        let text = std::fs::read_to_string(file).ok()?;
        let line = text.lines().find(|l| l.starts_with(key))?;
        Some(line.split(':').nth(1)?.trim().to_owned())
    };
    let cpu = find("/proc/cpuinfo", "model name").unwrap_or_else(|| "unknown processor".into());
    let memory = find("/proc/meminfo", "MemTotal")
        .and_then(|m| m.split(' ').next()?.parse::<u64>().ok())
        .map_or(String::new(), |kib| {
            format!(", {} GiB", (kib + (1 << 19)) >> 20)
        });
    format!("{cpu}, {cores} cores{memory}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_survives_the_disk() {
        let folder = tempfile::tempdir().unwrap();
        let mut manifest = Manifest::start("seed = 1\n".into(), 1);
        manifest.end("finished");
        manifest.save(folder.path()).unwrap();
        assert_eq!(Manifest::load(folder.path()).unwrap(), Some(manifest));
        assert!(Manifest::load(&folder.path().join("absent")).is_err());
    }

    #[test]
    fn long_patches_are_cut_between_characters() {
        assert_eq!(cut("äöü".into(), 3), "ä\n[cut]\n");
        assert_eq!(cut("ab".into(), 3), "ab");
    }
}
