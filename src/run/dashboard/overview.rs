//! `/api/overview`: what runs here, how far it is, its processes and queues, the newest numbers.

use super::Board;
use super::processes::{self, Processes};
use super::run_folder::{RunFolder, RunKind, RunState};
use super::series::PlayerSeries;
use crate::run::host::now_ms;
use serde::Serialize;
use serde_json::Value;
use std::sync::PoisonError;

/// The document.
#[derive(Serialize)]
pub struct Overview {
    /// Version of the program that serves this.
    pub program: &'static str,
    pub now_ms: u64,
    pub run: Option<RunView>,
    /// The database, its password left out.
    pub storage: Option<String>,
    /// The furthest training step of the run, and the sum over a league's players.
    pub step: u64,
    pub steps: u64,
    /// Seconds of training of the player that trained longest.
    pub train_seconds: f64,
    #[serde(flatten)]
    pub processes: Processes,
    /// Everybody with metrics of its own; the run itself has the empty name.
    pub players: Vec<PlayerSeries>,
}

/// A run folder.
#[derive(Serialize)]
pub struct RunView {
    pub name: String,
    pub folder: String,
    pub kind: RunKind,
    pub state: RunState,
    /// How it ended, in the run's own words.
    pub exit_reason: String,
    pub seed: Option<u64>,
    pub map: Option<String>,
    /// Of the program that made it.
    pub version: Option<String>,
    pub commit: Option<String>,
    pub machine: Option<String>,
    pub command: Vec<String>,
    pub started_ms: Option<u64>,
    pub ended_ms: Option<u64>,
    /// Training steps and minutes that are asked for; 0 or none: no bound.
    pub steps_max: Option<f64>,
    pub minutes_max: Option<f64>,
    /// `config.toml` as it is.
    pub config: String,
    /// `result.json` as it is.
    pub result: Option<Value>,
}

impl Board {
    pub(super) fn overview(&self) -> Overview {
        let players = self.newest();
        Overview {
            program: env!("CARGO_PKG_VERSION"),
            now_ms: now_ms(),
            run: self.run.as_ref().map(view),
            storage: self.storage_in_words(),
            step: players.iter().map(|p| p.step).max().unwrap_or(0),
            steps: players.iter().map(|p| p.step).sum(),
            train_seconds: players.iter().map(|p| p.train_seconds).fold(0.0, f64::max),
            processes: self.processes(&players),
            players,
        }
    }

    /// Everybody's newest numbers.
    pub(super) fn newest(&self) -> Vec<PlayerSeries> {
        let Some(run) = &self.run else {
            return Vec::new();
        };
        let mut series = self.series.lock().unwrap_or_else(PoisonError::into_inner);
        series.refresh(&run.metrics());
        series.newest()
    }

    pub(super) fn processes(&self, players: &[PlayerSeries]) -> Processes {
        match (&self.processes, &self.run) {
            (Some(source), _) => source(),
            (None, Some(run)) => processes::of_run(run, players),
            (None, None) => Processes::default(),
        }
    }

    /// The database, if there is one.
    fn storage_in_words(&self) -> Option<String> {
        let url = self.storage.as_ref()?;
        let is_there = match url {
            crate::storage::StorageUrl::Sqlite(file) => file.is_file(),
            crate::storage::StorageUrl::Mysql(_) => true,
        };
        is_there.then(|| url.to_string())
    }
}

fn view(run: &RunFolder) -> RunView {
    let manifest = run.manifest();
    let state = run.state(manifest.as_ref());
    let m = manifest.unwrap_or_default();
    RunView {
        name: run.name(),
        folder: run.path().display().to_string(),
        kind: run.kind(),
        state,
        exit_reason: m.exit_reason,
        seed: (m.started_unix_seconds > 0).then_some(m.seed),
        map: run.config_word("map"),
        version: Some(m.version).filter(|v| !v.is_empty()),
        commit: m.commit,
        machine: Some(m.machine).filter(|m| !m.is_empty()),
        command: m.command,
        started_ms: (m.started_unix_seconds > 0).then_some(m.started_unix_seconds * 1000),
        ended_ms: m.ended_unix_seconds.map(|s| s * 1000),
        steps_max: run.config_number("train", "steps_max"),
        minutes_max: run.config_number("train", "minutes_max"),
        config: run.config_text(),
        result: run.result(),
    }
}
