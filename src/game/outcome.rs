//! How a game ended, for a player.

use super::ids::PlayerId;
use serde::{Deserialize, Serialize};

/// Result of a game for one player; numbered as in the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[repr(u8)]
pub enum GameResult {
    Victory = 1,
    Defeat = 2,
    Tie = 3,
    Undecided = 4,
}

/// One player's result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlayerResult {
    pub player: PlayerId,
    pub result: GameResult,
}
