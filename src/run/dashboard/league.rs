//! `/api/league`: who is in the league, how strong, who beats whom, what happened; and scheduled matches.

use super::Board;
use crate::run::standings::{EloTable, PayoffTable, Standings, Status};
use crate::storage::{RowTotal, RunState, Storage, StorageError, StorageUrl};
use serde::Serialize;
use std::collections::BTreeMap;

/// Events that are given out at most, the newest.
const EVENTS_MAX: usize = 200;
/// Players in the matrix at most, the newest: more cannot be read.
const MATRIX_MAX: usize = 60;
/// Runs of a schedule that are given out at most, the newest.
const RUNS_MAX: usize = 60;

/// What a database says.
#[derive(Default, Serialize)]
pub struct LeagueView {
    /// None in a database without a league, and before it begins.
    pub league: Option<Table>,
    pub schedules: Vec<ScheduleView>,
    /// Names by a player's number, for games.
    #[serde(skip)]
    pub names: Vec<String>,
}

/// A league.
#[derive(Serialize)]
pub struct Table {
    #[serde(flatten)]
    pub status: Status,
    pub elo: EloTable,
    /// Rows and columns are the newest players, in the order in which they joined; pairs are left out.
    pub payoff: PayoffTable,
    /// Games behind each win rate of the payoff.
    pub games: Vec<Vec<u64>>,
}

/// A schedule, in its database.
#[derive(Serialize)]
pub struct ScheduleView {
    pub name: String,
    /// The newest first.
    pub runs: Vec<ScheduledRun>,
}

/// One run of a match.
#[derive(Serialize)]
pub struct ScheduledRun {
    pub match_name: String,
    pub due: String,
    pub due_ms: u64,
    pub state: RunState,
    pub detail: String,
    /// What was noticed at its end; empty = nothing.
    pub alerts: String,
    pub wins: u32,
    pub draws: u32,
    pub losses: u32,
}

/// The document: the newest that could be read, and why it is not newer.
#[derive(Serialize)]
pub struct LeagueReply<'a> {
    #[serde(flatten)]
    view: Option<&'a LeagueView>,
    problem: Option<String>,
}

impl Board {
    pub(super) fn league_json(&self) -> Vec<u8> {
        let (view, problem) = self.league();
        let empty = LeagueView::default();
        let reply = LeagueReply {
            view: Some(view.as_deref().unwrap_or(&empty)),
            problem,
        };
        serde_json::to_vec(&reply).unwrap_or_default()
    }

    /// The league, read again if it is old; and what is in the way, if something is.
    pub(super) fn league(&self) -> (Option<std::sync::Arc<LeagueView>>, Option<String>) {
        let Some(at) = &self.storage else {
            return (None, None);
        };
        self.league
            .get(|| read(at).map_err(|error| in_words(&error)))
    }
}

/// An error and its causes.
pub fn in_words(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text = format!("{text}: {cause}");
        next = cause.source();
    }
    text
}

fn read(at: &StorageUrl) -> Result<LeagueView, StorageError> {
    let standings = match Standings::read(at) {
        Ok(standings) => Some(standings),
        // It has not begun, or there are only schedules.
        Err(StorageError::NoLeague { .. } | StorageError::Missing { .. }) => None,
        Err(error) => return Err(error),
    };
    let schedules = match Storage::open_to_read(at) {
        Ok(mut storage) => schedules(&mut storage)?,
        Err(StorageError::NoLeague { .. } | StorageError::Missing { .. }) => Vec::new(),
        Err(error) => return Err(error),
    };
    let names = standings.iter().flat_map(|s| s.league().players());
    Ok(LeagueView {
        names: names.map(|p| p.name.clone()).collect(),
        league: standings.as_ref().map(table),
        schedules,
    })
}

fn table(standings: &Standings) -> Table {
    let mut status = standings.status();
    let old = status.events.len().saturating_sub(EVENTS_MAX);
    status.events.drain(..old);
    let mut payoff = standings.payoff();
    let number: BTreeMap<String, usize> = payoff
        .players
        .iter()
        .enumerate()
        .map(|(i, name)| (name.clone(), i))
        .collect();
    let n = payoff.players.len();
    let mut games = vec![vec![0u64; n]; n];
    for pair in std::mem::take(&mut payoff.pairs) {
        if let (Some(&a), Some(&b)) = (number.get(&pair.player), number.get(&pair.opponent)) {
            games[a][b] = pair.wins + pair.draws + pair.losses;
            games[b][a] = games[a][b];
        }
    }
    let skipped = n.saturating_sub(MATRIX_MAX);
    payoff.players.drain(..skipped);
    cut(&mut payoff.win_rates, skipped);
    cut(&mut games, skipped);
    Table {
        elo: standings.elo(),
        status,
        payoff,
        games,
    }
}

/// A square matrix without its first rows and columns.
fn cut<T>(matrix: &mut Vec<Vec<T>>, skipped: usize) {
    matrix.drain(..skipped);
    for row in matrix {
        row.drain(..skipped);
    }
}

fn schedules(storage: &mut Storage) -> Result<Vec<ScheduleView>, StorageError> {
    let mut views = Vec::new();
    for name in storage.schedules()? {
        let mut runs = storage.runs(&name)?;
        let totals = storage.row_totals(&name)?;
        runs.reverse();
        runs.truncate(RUNS_MAX);
        let runs = runs.into_iter().map(|run| {
            let of = |t: &&RowTotal| t.match_name == run.key.match_name && t.due == run.key.due;
            let sum =
                |count: fn(&RowTotal) -> u32| totals.iter().filter(of).map(count).sum::<u32>();
            ScheduledRun {
                wins: sum(|t| t.wins),
                draws: sum(|t| t.draws),
                losses: sum(|t| t.losses),
                match_name: run.key.match_name.clone(),
                due: run.key.due.clone(),
                due_ms: run.due_ms,
                state: run.state,
                detail: run.detail.clone(),
                alerts: run.alerts.clone(),
            }
        });
        let runs = runs.collect();
        views.push(ScheduleView { name, runs });
    }
    Ok(views)
}
