//! What was played so far: runs of a schedule with the results of their rows.

use super::ScheduleError;
use super::alert::Score;
use super::plan::{RunPlan, Settings};
use crate::league::interval::wilson95;
use crate::storage::{RowTotal, RunRow, RunState, Storage};
use serde::Serialize;
use std::collections::BTreeMap;

/// One agent against one opponent on one map, in one run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RowResult {
    /// As the schedule file names it.
    pub agent: String,
    pub opponent: String,
    pub map: String,
    /// sha256 of the agent's weights; empty for agents without.
    pub agent_hash: String,
    /// What `scc match --seed` takes to play the same games.
    pub seed: u64,
    /// Games that were played.
    pub games: u32,
    pub wins: u32,
    pub losses: u32,
    pub ties: u32,
    /// wins / games, in 0..1.
    pub win_rate: f64,
    /// Wilson's 95% interval of it.
    pub ci95: [f64; 2],
}

impl RowResult {
    pub fn score(&self) -> Score {
        Score {
            wins: self.wins,
            games: self.games,
        }
    }

    /// Whether this is another run's result of the same players on the same map.
    pub fn is_same(&self, other: &RowResult) -> bool {
        (&self.agent, &self.opponent, &self.map) == (&other.agent, &other.opponent, &other.map)
    }
}

/// One run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RunResult {
    #[serde(rename = "match")]
    pub match_name: String,
    /// The due time, or the checkpoint.
    pub due: String,
    /// Milliseconds since 1970, as the next two.
    pub due_ms: u64,
    pub started_ms: u64,
    pub ended_ms: Option<u64>,
    pub state: RunState,
    /// Why it was abandoned.
    pub detail: String,
    /// Games that it has when it is whole.
    pub games_planned: u32,
    pub settings: Settings,
    pub rows: Vec<RowResult>,
}

impl RunResult {
    /// Games that were played.
    pub fn games(&self) -> u32 {
        self.rows.iter().map(|row| row.games).sum()
    }
}

/// All runs of a schedule by due time.
///
/// # Errors
/// If the database cannot be read, or holds a plan that this program does not understand.
pub fn load(storage: &mut Storage, schedule: &str) -> Result<Vec<RunResult>, ScheduleError> {
    let runs = storage.runs(schedule)?;
    let totals = storage.row_totals(schedule)?;
    let mut by_run: BTreeMap<(&str, &str), Vec<&RowTotal>> = BTreeMap::new();
    for total in &totals {
        let key = (total.match_name.as_str(), total.due.as_str());
        by_run.entry(key).or_default().push(total);
    }
    let none = Vec::new();
    let result = |run: &RunRow| {
        let key = (run.key.match_name.as_str(), run.key.due.as_str());
        result(run, by_run.get(&key).unwrap_or(&none))
    };
    runs.iter().map(result).collect()
}

fn result(run: &RunRow, totals: &[&RowTotal]) -> Result<RunResult, ScheduleError> {
    let plan = RunPlan::from_row(run)?;
    let row = |(i, planned): (usize, &super::plan::PlanRow)| {
        let found = totals.iter().find(|t| t.plan_row as usize == i);
        let total = found.map(|t| (*t).clone()).unwrap_or_default();
        let games = total.wins + total.draws + total.losses;
        RowResult {
            agent: planned.agent.clone(),
            opponent: planned.opponent.clone(),
            map: planned.map.clone(),
            agent_hash: planned.agent_hash.clone(),
            seed: planned.seed,
            games,
            wins: total.wins,
            losses: total.losses,
            ties: total.draws,
            win_rate: f64::from(total.wins) / f64::from(games.max(1)),
            ci95: wilson95(total.wins, games).into(),
        }
    };
    Ok(RunResult {
        match_name: run.key.match_name.clone(),
        due: run.key.due.clone(),
        due_ms: run.due_ms,
        started_ms: run.started_ms,
        ended_ms: run.ended_ms,
        state: run.state,
        detail: run.detail.clone(),
        games_planned: plan.games * plan.rows.len() as u32,
        settings: plan.settings.clone(),
        rows: plan.rows.iter().enumerate().map(row).collect(),
    })
}

#[cfg(test)]
pub mod testing {
    //! Results without games.

    use super::*;

    pub fn row(opponent: &str, wins: u32, games: u32) -> RowResult {
        RowResult {
            agent: "a".into(),
            opponent: opponent.into(),
            map: "m".into(),
            agent_hash: String::new(),
            seed: 0,
            games,
            wins,
            losses: games - wins,
            ties: 0,
            win_rate: f64::from(wins) / f64::from(games),
            ci95: wilson95(wins, games).into(),
        }
    }

    /// A whole run on that day of 1970.
    pub fn run(match_name: &str, day: u64, rows: Vec<RowResult>) -> RunResult {
        let ms = day * 86_400_000;
        RunResult {
            match_name: match_name.into(),
            due: super::super::due::key(super::super::due::moment(ms)),
            due_ms: ms,
            started_ms: ms,
            ended_ms: Some(ms + 1),
            state: RunState::Done,
            detail: String::new(),
            games_planned: rows.iter().map(|r| r.games).sum(),
            settings: Settings::default(),
            rows,
        }
    }
}
