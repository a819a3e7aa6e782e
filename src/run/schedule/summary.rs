//! What came of playing a schedule.

use super::alert::Alert;
use crate::storage::RunState;
use serde::Serialize;

/// A run that ended.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RunSummary {
    #[serde(rename = "match")]
    pub match_name: String,
    pub due: String,
    pub state: RunState,
    /// Why it was abandoned.
    pub detail: String,
    pub games: u32,
    pub wins: u32,
    pub losses: u32,
    pub ties: u32,
    pub alerts: Vec<Alert>,
}

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Summary {
    /// Runs that ended, in that order.
    pub runs: Vec<RunSummary>,
    /// It was stopped from outside.
    pub stopped: bool,
}

impl RunSummary {
    /// In one line.
    pub fn text(&self) -> String {
        let (name, due) = (&self.match_name, &self.due);
        match self.state {
            RunState::Abandoned => format!("{name}, due {due}: given up: {}", self.detail),
            _ => format!(
                "{name}, due {due}: {} games: {} won, {} lost, {} tied",
                self.games, self.wins, self.losses, self.ties
            ),
        }
    }
}
