//! Scheduled matches: runs with their plans, and games as they end. What plans and keys mean is `run::schedule`'s.

use super::error::Fault;
use super::rows::{Cells, int};
use super::{Storage, StorageError, now_ms};
use crate::league::Outcome;
use serde::{Deserialize, Serialize};
use sqlx::AnyConnection;
use sqlx::Row;
use sqlx::any::AnyRow;

/// Version of the tables since which there are those of schedules.
const SINCE_VERSION: i64 = 2;

/// Which run: one time at which a match was due, or one checkpoint.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RunKey {
    /// At most 60 characters each.
    pub schedule: String,
    pub match_name: String,
    /// At most 120 characters.
    pub due: String,
}

/// How far a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// Games are missing.
    Pending,
    /// All games are there.
    Done,
    /// It could not be gone on with; its games stay.
    Abandoned,
}

impl RunState {
    fn name(self) -> &'static str {
        match self {
            RunState::Pending => "pending",
            RunState::Done => "done",
            RunState::Abandoned => "abandoned",
        }
    }

    fn from_name(name: &str) -> Option<RunState> {
        let all = [RunState::Pending, RunState::Done, RunState::Abandoned];
        all.into_iter().find(|state| state.name() == name)
    }
}

/// One run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunRow {
    pub key: RunKey,
    /// When it was due, in milliseconds since 1970.
    pub due_ms: u64,
    /// What is played, as text in whatever form its maker chose.
    pub plan: String,
    pub state: RunState,
    /// Why it was abandoned.
    pub detail: String,
    pub started_ms: u64,
    pub ended_ms: Option<u64>,
    /// What was noticed at its end, as text; empty = nothing.
    pub alerts: String,
    /// Whether somebody was told of the alerts, or there is nothing to tell.
    pub told: bool,
}

/// One game of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScheduledGame {
    pub key: RunKey,
    /// Row of the plan.
    pub plan_row: u32,
    /// Number in the row.
    pub game: u32,
    /// For the agent.
    pub outcome: Outcome,
    /// The agent's, 0 or 1.
    pub seat: u8,
    /// Of the row.
    pub seed: u64,
    pub loops: u32,
    pub state_hash: u64,
    /// Of the agent's weights; empty for agents that have none.
    pub agent_hash: String,
    pub program: String,
    pub game_version: String,
    /// Where its replay is; empty if none was kept.
    pub replay: String,
    pub ended_ms: u64,
}

/// Games of one row of a run, counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowTotal {
    pub match_name: String,
    pub due: String,
    pub plan_row: u32,
    pub wins: u32,
    pub draws: u32,
    pub losses: u32,
}

impl Storage {
    /// Remembers when a match of a schedule was first seen: now, unless that is known already. Milliseconds since 1970.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn first_seen(&mut self, schedule: &str, match_name: &str) -> Result<u64, StorageError> {
        let now = int(now_ms())?;
        self.link.write("note a match", async |c| {
            if let Some(ms) = seen(c, schedule, match_name).await? {
                return Ok(ms);
            }
            let sql = "INSERT INTO schedule_matches (schedule, match_name, first_seen_ms) VALUES (?, ?, ?)";
            let insert = sqlx::query(sql).bind(schedule).bind(match_name).bind(now);
            insert.execute(c).await?;
            Ok(now as u64)
        })
    }

    /// When the matches of a schedule were first seen, by name. Milliseconds since 1970.
    ///
    /// # Errors
    /// As [`Storage::runs`].
    pub fn matches_seen(&mut self, schedule: &str) -> Result<Vec<(String, u64)>, StorageError> {
        self.needs_schedules()?;
        self.link.read("read the matches", async |c| {
            let sql = "SELECT match_name, first_seen_ms FROM schedule_matches WHERE schedule = ? ORDER BY match_name";
            let pair = |row: &AnyRow| {
                let cells = Cells { table: "schedule_matches", row };
                Ok((cells.text("match_name")?, cells.count("first_seen_ms")?))
            };
            let rows = sqlx::query(sql).bind(schedule).fetch_all(c).await?;
            rows.iter().map(pair).collect()
        })
    }

    /// Begins a run, pending; `false` if it is there already, which changes nothing.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn begin_run(
        &mut self,
        key: &RunKey,
        due_ms: u64,
        plan: &str,
    ) -> Result<bool, StorageError> {
        let (due_ms, now) = (int(due_ms)?, int(now_ms())?);
        self.link.write("begin a scheduled match", async |c| {
            let known = "SELECT state FROM schedule_runs WHERE schedule = ? AND match_name = ? AND due = ?";
            if sqlx::query(known).bind(&key.schedule).bind(&key.match_name).bind(&key.due).fetch_optional(&mut *c).await?.is_some() {
                return Ok(false);
            }
            let sql = "INSERT INTO schedule_runs (schedule, match_name, due, due_ms, plan, state, detail, started_ms, \
                alerts, told) VALUES (?, ?, ?, ?, ?, 'pending', '', ?, '', 1)";
            let insert = sqlx::query(sql).bind(&key.schedule).bind(&key.match_name).bind(&key.due);
            insert.bind(due_ms).bind(plan).bind(now).execute(c).await?;
            Ok(true)
        })
    }

    /// Ends a run. Alerts wait to be told unless they are empty.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn end_run(
        &mut self,
        key: &RunKey,
        state: RunState,
        detail: &str,
        alerts: &str,
    ) -> Result<(), StorageError> {
        let now = int(now_ms())?;
        self.link.write("end a scheduled match", async |c| {
            let sql = "UPDATE schedule_runs SET state = ?, detail = ?, ended_ms = ?, alerts = ?, told = ? \
                WHERE schedule = ? AND match_name = ? AND due = ?";
            let update = sqlx::query(sql).bind(state.name()).bind(detail).bind(now).bind(alerts);
            let update = update.bind(i64::from(alerts.is_empty())).bind(&key.schedule);
            update.bind(&key.match_name).bind(&key.due).execute(c).await?;
            Ok(())
        })
    }

    /// Somebody was told of a run's alerts.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn mark_told(&mut self, key: &RunKey) -> Result<(), StorageError> {
        self.link.write("note that an alert was sent", async |c| {
            let sql = "UPDATE schedule_runs SET told = 1 WHERE schedule = ? AND match_name = ? AND due = ?";
            let update = sqlx::query(sql).bind(&key.schedule);
            update.bind(&key.match_name).bind(&key.due).execute(c).await?;
            Ok(())
        })
    }

    /// Keeps a game; on the disk when this returns. `false` if that game is there already, which changes nothing.
    ///
    /// # Errors
    /// [`StorageError`]; nothing of the game is kept then.
    pub fn record_scheduled_game(&mut self, game: &ScheduledGame) -> Result<bool, StorageError> {
        self.link.write("record a game", async |c| {
            let known = "SELECT game FROM schedule_games \
                WHERE schedule = ? AND match_name = ? AND due = ? AND plan_row = ? AND game = ?";
            let query = sqlx::query(known)
                .bind(&game.key.schedule)
                .bind(&game.key.match_name);
            let query = query
                .bind(&game.key.due)
                .bind(i64::from(game.plan_row))
                .bind(i64::from(game.game));
            if query.fetch_optional(&mut *c).await?.is_some() {
                return Ok(false);
            }
            insert(c, game).await?;
            Ok(true)
        })
    }

    /// All runs of a schedule, by due time; those of one moment by match and key.
    ///
    /// # Errors
    /// [`StorageError`]; [`StorageError::NoSchedule`] in a league's database of before there were schedules.
    pub fn runs(&mut self, schedule: &str) -> Result<Vec<RunRow>, StorageError> {
        self.needs_schedules()?;
        self.link.read("read the runs", async |c| {
            let sql =
                "SELECT * FROM schedule_runs WHERE schedule = ? ORDER BY due_ms, match_name, due";
            let rows = sqlx::query(sql).bind(schedule).fetch_all(c).await?;
            rows.iter().map(as_run).collect()
        })
    }

    /// The games of a run that are there: row of the plan and number.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn games_of_run(&mut self, key: &RunKey) -> Result<Vec<(u32, u32)>, StorageError> {
        self.link.read("read a run's games", async |c| {
            let sql = "SELECT plan_row, game FROM schedule_games WHERE schedule = ? AND match_name = ? AND due = ? \
                ORDER BY plan_row, game";
            let query = sqlx::query(sql).bind(&key.schedule).bind(&key.match_name).bind(&key.due);
            let pair = |row: &AnyRow| {
                let cells = Cells { table: "schedule_games", row };
                Ok((cells.count("plan_row")?, cells.count("game")?))
            };
            query.fetch_all(c).await?.iter().map(pair).collect()
        })
    }

    /// All games of a schedule in order of their keys.
    ///
    /// # Errors
    /// As [`Storage::runs`].
    pub fn scheduled_games(&mut self, schedule: &str) -> Result<Vec<ScheduledGame>, StorageError> {
        self.needs_schedules()?;
        self.link.read("read the games", async |c| {
            let sql = "SELECT * FROM schedule_games WHERE schedule = ? ORDER BY match_name, due, plan_row, game";
            let rows = sqlx::query(sql).bind(schedule).fetch_all(c).await?;
            rows.iter().map(as_game).collect()
        })
    }

    /// All games of a schedule, counted by row.
    ///
    /// # Errors
    /// As [`Storage::runs`].
    pub fn row_totals(&mut self, schedule: &str) -> Result<Vec<RowTotal>, StorageError> {
        self.needs_schedules()?;
        self.link.read("count the games", async |c| {
            let sql = "SELECT match_name, due, plan_row, outcome, COUNT(*) AS n FROM schedule_games WHERE schedule = ? \
                GROUP BY match_name, due, plan_row, outcome ORDER BY match_name, due, plan_row, outcome";
            let rows = sqlx::query(sql).bind(schedule).fetch_all(c).await?;
            let mut totals: Vec<RowTotal> = Vec::new();
            for row in &rows {
                add_to(&mut totals, row)?;
            }
            Ok(totals)
        })
    }

    /// A league's database of before there were schedules can be read, but has none.
    pub(super) fn needs_schedules(&mut self) -> Result<(), StorageError> {
        let sql = "SELECT MAX(version) FROM schema_version";
        let version = self.link.read("read the version", async |c| {
            let row = sqlx::query(sql).fetch_one(c).await?;
            Ok(row.try_get::<Option<i64>, _>(0)?)
        })?;
        if version.is_none_or(|version| version < SINCE_VERSION) {
            return Err(StorageError::NoSchedule {
                at: self.at().clone(),
            });
        }
        Ok(())
    }
}

async fn seen(
    c: &mut AnyConnection,
    schedule: &str,
    match_name: &str,
) -> Result<Option<u64>, Fault> {
    let sql = "SELECT first_seen_ms FROM schedule_matches WHERE schedule = ? AND match_name = ?";
    let query = sqlx::query(sql).bind(schedule).bind(match_name);
    let table = "schedule_matches";
    let row = query.fetch_optional(c).await?;
    row.map(|row| Cells { table, row: &row }.count("first_seen_ms"))
        .transpose()
}

async fn insert(c: &mut AnyConnection, game: &ScheduledGame) -> Result<(), Fault> {
    let sql = "INSERT INTO schedule_games (schedule, match_name, due, plan_row, game, outcome, seat, seed, loops, \
        state_hash, agent_hash, program, game_version, replay, ended_ms) \
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    sqlx::query(sql)
        .bind(&game.key.schedule)
        .bind(&game.key.match_name)
        .bind(&game.key.due)
        .bind(i64::from(game.plan_row))
        .bind(i64::from(game.game))
        .bind(game.outcome.name())
        .bind(i64::from(game.seat))
        // As text: a reader of the table should see the number that `--seed` takes.
        .bind(game.seed.to_string())
        .bind(i64::from(game.loops))
        .bind(format!("{:016x}", game.state_hash))
        .bind(&game.agent_hash)
        .bind(&game.program)
        .bind(&game.game_version)
        .bind(&game.replay)
        .bind(int(game.ended_ms)?)
        .execute(c)
        .await?;
    Ok(())
}

fn key_of(cells: &Cells<'_>) -> Result<RunKey, Fault> {
    Ok(RunKey {
        schedule: cells.text("schedule")?,
        match_name: cells.text("match_name")?,
        due: cells.text("due")?,
    })
}

fn as_run(row: &AnyRow) -> Result<RunRow, Fault> {
    let table = "schedule_runs";
    let cells = Cells { table, row };
    Ok(RunRow {
        key: key_of(&cells)?,
        due_ms: cells.count("due_ms")?,
        plan: cells.text("plan")?,
        state: cells.word("state", RunState::from_name)?,
        detail: cells.text("detail")?,
        started_ms: cells.count("started_ms")?,
        ended_ms: cells.count_if_any("ended_ms")?,
        alerts: cells.text("alerts")?,
        told: cells.int("told")? != 0,
    })
}

pub(super) fn as_game(row: &AnyRow) -> Result<ScheduledGame, Fault> {
    let table = "schedule_games";
    let cells = Cells { table, row };
    Ok(ScheduledGame {
        key: key_of(&cells)?,
        plan_row: cells.count("plan_row")?,
        game: cells.count("game")?,
        outcome: cells.word("outcome", Outcome::from_name)?,
        seat: cells.count("seat")?,
        seed: cells.word("seed", |text| text.parse().ok())?,
        loops: cells.count("loops")?,
        state_hash: cells.word("state_hash", |text| u64::from_str_radix(text, 16).ok())?,
        agent_hash: cells.text("agent_hash")?,
        program: cells.text("program")?,
        game_version: cells.text("game_version")?,
        replay: cells.text("replay")?,
        ended_ms: cells.count("ended_ms")?,
    })
}

/// One count by outcome; those of a row follow each other.
fn add_to(totals: &mut Vec<RowTotal>, row: &AnyRow) -> Result<(), Fault> {
    let table = "schedule_games";
    let cells = Cells { table, row };
    let (match_name, due) = (cells.text("match_name")?, cells.text("due")?);
    let plan_row = cells.count("plan_row")?;
    let is_last =
        |t: &&mut RowTotal| t.match_name == match_name && t.due == due && t.plan_row == plan_row;
    if totals.last_mut().filter(is_last).is_none() {
        totals.push(RowTotal {
            match_name,
            due,
            plan_row,
            ..RowTotal::default()
        });
    }
    let outcome = cells.word("outcome", Outcome::from_name)?;
    let n = cells.count("n")?;
    if let Some(total) = totals.last_mut() {
        match outcome {
            Outcome::Win => total.wins = n,
            Outcome::Draw => total.draws = n,
            Outcome::Loss => total.losses = n,
        }
    }
    Ok(())
}
