//! Results over time: win rates with intervals for every agent, opponent and map of every match, and where they fell.

use super::alert::{Alert, falls};
use super::history::RunResult;
use super::status::Past;
use super::{Schedule, ScheduleError, page};
use crate::files::{FileError, write_atomic};
use crate::storage::RunState;
use serde::Serialize;
use std::path::Path;

/// A row in one run.
#[derive(Clone, Debug, Serialize)]
pub struct Point {
    /// The due time, or the checkpoint.
    pub due: String,
    /// Milliseconds since 1970.
    pub due_ms: u64,
    /// Whether all of the run's games are in.
    pub state: RunState,
    pub games: u32,
    pub wins: u32,
    pub losses: u32,
    pub ties: u32,
    /// wins / games, in 0..1.
    pub win_rate: f64,
    /// Wilson's 95% interval of it.
    pub ci95: [f64; 2],
    /// sha256 of the agent's weights; empty for agents without.
    pub agent_hash: String,
    /// What `scc match --seed` takes to play the same games.
    pub seed: u64,
    /// Set where the win rate fell.
    pub alert: Option<Alert>,
}

/// One agent against one opponent on one map over time.
#[derive(Clone, Debug, Serialize)]
pub struct Curve {
    pub agent: String,
    pub opponent: String,
    pub map: String,
    pub points: Vec<Point>,
}

/// One match.
#[derive(Clone, Debug, Serialize)]
pub struct MatchReport {
    pub name: String,
    pub rows: Vec<Curve>,
    /// What fell in its last whole run.
    pub alerts: Vec<Alert>,
}

/// The document of `scc schedule report`.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    pub schedule: String,
    pub storage: String,
    /// In the file's order.
    pub matches: Vec<MatchReport>,
}

impl Report {
    /// The report on what was played so far, by the file's alert settings of now.
    ///
    /// # Errors
    /// As [`Past::read`].
    pub fn new(schedule: &Schedule) -> Result<Report, ScheduleError> {
        let past = Past::read(schedule)?;
        let one = |name: &str| {
            let runs = past.runs.iter().filter(|run| run.match_name == name);
            matched(name, &runs.collect::<Vec<_>>(), schedule)
        };
        let matches = schedule.matches.iter();
        Ok(Report {
            schedule: schedule.config.name.clone(),
            storage: schedule.storage.to_string(),
            matches: matches.map(|m| one(&m.config.name)).collect(),
        })
    }

    /// What fell in the last whole runs, a line each.
    pub fn alerts(&self) -> Vec<String> {
        let lines = |m: &MatchReport| -> Vec<String> {
            let name = &m.name;
            m.alerts
                .iter()
                .map(|a| format!("{name}: {}", a.text()))
                .collect()
        };
        self.matches.iter().flat_map(lines).collect()
    }

    /// Writes the page: one HTML file that needs nothing beside it.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn save(&self, path: &Path) -> Result<(), FileError> {
        write_atomic(path, page::html(self).as_bytes())
    }
}

/// `runs` are the match's, by due time.
fn matched(name: &str, runs: &[&RunResult], schedule: &Schedule) -> MatchReport {
    let mut rows: Vec<Curve> = Vec::new();
    let mut last = Vec::new();
    for (i, run) in runs.iter().enumerate() {
        let alerts = falls(run, &runs[..i], &schedule.config.alert);
        for row in run.rows.iter().filter(|row| row.games > 0) {
            let key = (&row.agent, &row.opponent, &row.map);
            let alert = alerts
                .iter()
                .find(|a| (&a.agent, &a.opponent, &a.map) == key);
            let point = Point {
                due: run.due.clone(),
                due_ms: run.due_ms,
                state: run.state,
                games: row.games,
                wins: row.wins,
                losses: row.losses,
                ties: row.ties,
                win_rate: row.win_rate,
                ci95: row.ci95,
                agent_hash: row.agent_hash.clone(),
                seed: row.seed,
                alert: alert.cloned(),
            };
            let found = rows
                .iter_mut()
                .find(|c| (&c.agent, &c.opponent, &c.map) == key);
            match found {
                Some(curve) => curve.points.push(point),
                None => rows.push(Curve {
                    agent: row.agent.clone(),
                    opponent: row.opponent.clone(),
                    map: row.map.clone(),
                    points: vec![point],
                }),
            }
        }
        if run.state == RunState::Done {
            last = alerts;
        }
    }
    MatchReport {
        name: name.to_owned(),
        rows,
        alerts: last,
    }
}
