//! A run folder as somebody outside sees it: what kind of run, its config, whether it is alive. Read again at every look.

use super::DashboardError;
use crate::files::read_limited;
use crate::run::manifest::Manifest;
use crate::run::{kept_replays, lock};
use crate::storage::DATABASE_FILE;
use serde::Serialize;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// No config or result is larger.
const TEXT_BYTES_MAX: u64 = 1 << 20;

/// What trains there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RunKind {
    Imitation,
    Rl,
    League,
}

/// How a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// A process has the folder.
    Running,
    Finished,
    /// Stopped by somebody; it can be resumed.
    Interrupted,
    /// Ended by an error, or killed.
    Failed,
}

/// See the module.
pub struct RunFolder {
    path: PathBuf,
}

impl RunFolder {
    /// # Errors
    /// [`DashboardError::NotARun`].
    pub fn open(path: PathBuf) -> Result<RunFolder, DashboardError> {
        let is_run = ["config.toml", DATABASE_FILE]
            .iter()
            .any(|name| path.join(name).is_file());
        match is_run {
            true => Ok(RunFolder { path }),
            false => Err(DashboardError::NotARun { path }),
        }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The folder's own name.
    pub fn name(&self) -> String {
        let whole = self
            .path
            .canonicalize()
            .unwrap_or_else(|_| self.path.clone());
        let name = whole
            .file_name()
            .map(|name| name.to_string_lossy().into_owned());
        name.unwrap_or_else(|| self.path.display().to_string())
    }

    /// Folders in which its replays lie, there or not yet.
    pub fn replays(&self) -> Vec<PathBuf> {
        vec![
            self.path.join(kept_replays::FOLDER),
            self.path.join("demonstrations"),
        ]
    }

    /// The config's text; empty if there is none yet.
    pub fn config_text(&self) -> String {
        let bytes = read_limited(&self.path.join("config.toml"), TEXT_BYTES_MAX);
        bytes.map_or_else(
            |_| String::new(),
            |b| String::from_utf8_lossy(&b).into_owned(),
        )
    }

    fn config(&self) -> toml::Table {
        // Read as it is, and not as this program's config: a run of another version shows as well.
        toml::from_str(&self.config_text()).unwrap_or_default()
    }

    /// A number of the config.
    pub fn config_number(&self, table: &str, key: &str) -> Option<f64> {
        match self.config().get(table)?.get(key)? {
            toml::Value::Integer(n) => Some(*n as f64),
            toml::Value::Float(x) => Some(*x),
            _ => None,
        }
    }

    /// A word of the config's first level.
    pub fn config_word(&self, key: &str) -> Option<String> {
        Some(self.config().get(key)?.as_str()?.to_owned())
    }

    pub fn kind(&self) -> RunKind {
        match self.config_word("stage").as_deref() {
            Some("rl") => RunKind::Rl,
            Some("league") => RunKind::League,
            _ if self.path.join(DATABASE_FILE).is_file() => RunKind::League,
            _ => RunKind::Imitation,
        }
    }

    pub fn manifest(&self) -> Option<Manifest> {
        Manifest::load(&self.path).ok().flatten()
    }

    /// Number of the process that writes in it; none if there is none on this machine.
    pub fn holder(&self) -> Option<String> {
        lock::holder(&self.path.join(".lock"))
    }

    pub fn state(&self, manifest: Option<&Manifest>) -> RunState {
        if self.holder().is_some() {
            return RunState::Running;
        }
        match manifest.map(|m| m.exit_reason.as_str()) {
            Some("finished") => RunState::Finished,
            Some("interrupted") => RunState::Interrupted,
            _ => RunState::Failed,
        }
    }

    /// `result.json`, once there is one.
    pub fn result(&self) -> Option<Value> {
        let bytes = read_limited(&self.path.join("result.json"), TEXT_BYTES_MAX).ok()?;
        serde_json::from_slice(&bytes).ok()
    }

    /// Files with metrics: name of a player (empty: the run itself) and path, sorted.
    pub fn metrics(&self) -> Vec<(String, PathBuf)> {
        const FILE: &str = "metrics.jsonl";
        let mut found = vec![(String::new(), self.path.join(FILE))];
        let players = std::fs::read_dir(self.path.join("players"));
        for entry in players.into_iter().flatten().flatten().take(PLAYERS_MAX) {
            let Ok(name) = entry.file_name().into_string() else {
                continue;
            };
            found.push((name, entry.path().join(FILE)));
        }
        found.retain(|(_, path)| path.is_file());
        found.sort();
        found
    }
}

/// More players than these train in no league.
const PLAYERS_MAX: usize = 1000;
