//! Games as the league sees them: whom to play, and how it ended.

use super::matchmaking::Branch;
use super::payoff::Outcome;
use super::player::PlayerId;
use serde::{Deserialize, Serialize};

/// What a game was played for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GameKind {
    /// A match of [`League::next_match`], which the player learns from.
    Training,
    /// Played to know who is stronger.
    Evaluation,
    /// The agent conditioned on `player_z` against `opponent` without a condition: which z is worth a branch (SCC §6.2).
    ZEvaluation,
}

impl GameKind {
    /// `training`, `evaluation` or `z_evaluation`.
    pub fn name(self) -> &'static str {
        match self {
            GameKind::Training => "training",
            GameKind::Evaluation => "evaluation",
            GameKind::ZEvaluation => "z_evaluation",
        }
    }

    /// The kind of this name.
    pub fn from_name(name: &str) -> Option<GameKind> {
        [
            GameKind::Training,
            GameKind::Evaluation,
            GameKind::ZEvaluation,
        ]
        .into_iter()
        .find(|kind| kind.name() == name)
    }
}

/// A game that is over, as far as the league cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GameResult {
    pub kind: GameKind,
    pub player: PlayerId,
    pub opponent: PlayerId,
    /// How it ended for `player`.
    pub outcome: Outcome,
    /// What either side was conditioned on.
    pub player_z: Option<u32>,
    pub opponent_z: Option<u32>,
}

/// Whom to play, and with what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opponent {
    pub id: PlayerId,
    pub branch: Branch,
    /// The league's count of matches; goes into the game's row, so that a resumed league goes on counting.
    pub match_number: u64,
    /// For everything random in the game.
    pub seed: u64,
    /// What either side is to be conditioned on, drawn from its [`Condition`].
    pub player_z: Option<u32>,
    pub opponent_z: Option<u32>,
}
