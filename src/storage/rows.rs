//! What is kept, as rows: the league's own types, and what it does not care about (maps, loops, times).

use super::error::bad_row;
use super::{Fault, StorageError};
use crate::league::{
    Branch, BranchOrder, Condition, GameKind, GameResult, LeagueEvent, Outcome, Player, PlayerId,
    Role,
};
use serde::{Deserialize, Serialize};
use sqlx::Row;
use sqlx::any::AnyRow;

/// One game.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GameRow {
    pub result: GameResult,
    /// Of the league's draw, for a training game: its `Opponent`'s `match_number` and `branch`.
    pub match_number: Option<u64>,
    pub branch: Option<Branch>,
    /// Agent steps behind either side's weights.
    pub player_version: u64,
    pub opponent_version: u64,
    pub map: String,
    pub seed: u64,
    /// Its length in game loops.
    pub loops: u32,
    /// When it ended, in milliseconds since 1970.
    pub ended_ms: u64,
}

/// A saved checkpoint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckpointRow {
    pub player: PlayerId,
    pub steps: u64,
    /// Relative to the run folder.
    pub path: String,
    pub saved_ms: u64,
}

/// Something that happened to the players.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventRow {
    pub id: u64,
    pub event: LeagueEvent,
    pub happened_ms: u64,
}

/// A strategy statistic that players can be conditioned on; `content` is its text in whatever form its maker chose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ZRow {
    pub id: u32,
    pub name: String,
    pub content: String,
}

/// How much of something a player makes or builds in a game, on average.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StrategyRow {
    pub player: PlayerId,
    /// A unit, a structure, an upgrade.
    pub item: String,
    pub games: u64,
    pub mean: f64,
}

/// A branch that somebody asked for (`scc league branch`), which the running league carries out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BranchRequest {
    pub id: u64,
    pub order: BranchOrder,
    pub status: RequestStatus,
    /// Why it failed.
    pub detail: String,
    pub asked_ms: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestStatus {
    Waiting,
    Done,
    Failed,
}

impl RequestStatus {
    pub(super) fn name(self) -> &'static str {
        match self {
            RequestStatus::Waiting => "waiting",
            RequestStatus::Done => "done",
            RequestStatus::Failed => "failed",
        }
    }

    fn from_name(name: &str) -> Option<RequestStatus> {
        let all = [
            RequestStatus::Waiting,
            RequestStatus::Done,
            RequestStatus::Failed,
        ];
        all.into_iter().find(|status| status.name() == name)
    }
}

/// Columns of one row, read by name.
pub(super) struct Cells<'a> {
    pub table: &'static str,
    pub row: &'a AnyRow,
}

impl Cells<'_> {
    pub fn text(&self, column: &str) -> Result<String, Fault> {
        Ok(self.row.try_get::<String, _>(column)?)
    }

    pub fn real(&self, column: &str) -> Result<f64, Fault> {
        Ok(self.row.try_get::<f64, _>(column)?)
    }

    pub fn int(&self, column: &str) -> Result<i64, Fault> {
        Ok(self.row.try_get::<i64, _>(column)?)
    }

    /// A count: not negative, and small enough for its type.
    pub fn count<T: TryFrom<i64>>(&self, column: &str) -> Result<T, Fault> {
        let value = self.int(column)?;
        T::try_from(value).map_err(|_| self.bad(column, value))
    }

    pub fn count_if_any<T: TryFrom<i64>>(&self, column: &str) -> Result<Option<T>, Fault> {
        let value = self.row.try_get::<Option<i64>, _>(column)?;
        let checked = |v| T::try_from(v).map_err(|_| self.bad(column, v));
        value.map(checked).transpose()
    }

    pub fn player(&self, column: &str) -> Result<PlayerId, Fault> {
        Ok(PlayerId(self.count(column)?))
    }

    /// A word that `known` understands.
    pub fn word<T>(&self, column: &str, known: impl Fn(&str) -> Option<T>) -> Result<T, Fault> {
        let word = self.text(column)?;
        known(&word).ok_or_else(|| self.bad(column, word))
    }

    fn bad(&self, column: &str, value: impl std::fmt::Display) -> Fault {
        bad_row(self.table, format!("{column} {value:.100}")).into()
    }

    pub fn as_player(&self) -> Result<Player, Fault> {
        let past_of = self.count_if_any("past_of")?.map(PlayerId);
        Ok(Player {
            id: self.player("id")?,
            name: self.text("name")?,
            role: self.word("role", |name| Role::from_name(name, past_of))?,
            parent: self.count_if_any("parent")?.map(PlayerId),
            start_step: self.count("start_step")?,
            steps: self.count("steps")?,
            promoted_step: self.count("promoted_step")?,
            resets: self.count("resets")?,
            condition: self.word("z_ids", condition)?,
            checkpoint: self.text("checkpoint")?,
            active: self.int("active")? != 0,
        })
    }

    pub fn as_game(&self) -> Result<GameRow, Fault> {
        let branch = self.row.try_get::<Option<String>, _>("branch")?;
        let known = |name: String| Branch::from_name(&name).ok_or_else(|| self.bad("branch", name));
        Ok(GameRow {
            result: GameResult {
                kind: self.word("purpose", GameKind::from_name)?,
                player: self.player("player")?,
                opponent: self.player("opponent")?,
                outcome: self.word("outcome", Outcome::from_name)?,
                player_z: self.count_if_any("player_z")?,
                opponent_z: self.count_if_any("opponent_z")?,
            },
            match_number: self.count_if_any("match_number")?,
            branch: branch.map(known).transpose()?,
            player_version: self.count("player_version")?,
            opponent_version: self.count("opponent_version")?,
            map: self.text("map")?,
            seed: self.int("seed")? as u64,
            loops: self.count("loops")?,
            ended_ms: self.count("ended_ms")?,
        })
    }

    pub fn as_event(&self) -> Result<EventRow, Fault> {
        let parsed = |text: &str| serde_json::from_str(text).ok();
        Ok(EventRow {
            id: self.count("id")?,
            event: self.word("detail", parsed)?,
            happened_ms: self.count("happened_ms")?,
        })
    }

    pub fn as_request(&self) -> Result<BranchRequest, Fault> {
        Ok(BranchRequest {
            id: self.count("id")?,
            order: BranchOrder {
                name: self.text("name")?,
                from: self.player("from_player")?,
                role: self.word("role", |name| Role::from_name(name, None))?,
                condition: self.word("z_ids", condition)?,
            },
            status: self.word("status", RequestStatus::from_name)?,
            detail: self.text("detail")?,
            asked_ms: self.count("asked_ms")?,
        })
    }
}

/// A condition's z's as text: numbers with spaces between.
pub(super) fn z_ids(condition: &Condition) -> String {
    let ids = condition.ids().iter().map(u32::to_string);
    ids.collect::<Vec<_>>().join(" ")
}

fn condition(text: &str) -> Option<Condition> {
    let ids = text.split_whitespace().map(str::parse);
    ids.collect::<Result<Vec<u32>, _>>().ok().map(Condition::of)
}

/// A count as the database's type, which has one bit less than ours; no game or step ever needs it.
pub(super) fn int(count: u64) -> Result<i64, StorageError> {
    i64::try_from(count).map_err(|_| bad_row("(none)", format!("the number {count}")))
}
