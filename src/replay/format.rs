//! What a replay holds.

use crate::game::{MapData, PlayerCommand, PlayerId, PlayerResult, Race, Seed};
use serde::{Deserialize, Serialize};

/// Who sat in a seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Controller {
    /// Ordered from outside; its commands are in the file.
    Participant,
    /// The built-in AI, by the API's numbers; it is run again, so the file has no commands of it.
    Computer { level: u8, build: u8 },
}

/// One seat of a game.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SeatRecord {
    /// Agent spec or name, e.g. `scripted:reaper_bio`, `builtin:Easy:terran`.
    pub name: String,
    pub race: Race,
    pub controller: Controller,
    /// Elo (in the place of a human's MMR): of scripts, measured among each other and the built-in levels.
    pub rating: Option<f32>,
}

/// A game in short; readable without the commands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// Version of the program that recorded it.
    pub program: String,
    pub map_name: String,
    pub map_hash: u64,
    pub seed: Seed,
    /// Players 1 and 2.
    pub seats: [SeatRecord; 2],
    /// Both players' results, sorted by id; a game cut off at its limit is a tie.
    pub results: Vec<PlayerResult>,
    /// Game loops played.
    pub game_loops: u32,
    /// `Env::state_hash` at the end.
    pub state_hash: u64,
    /// Commands recorded, per player.
    pub n_commands: [u32; 2],
}

/// A command as it was accepted: submitted when `game_loop` loops had been run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TimedCommand {
    pub game_loop: u32,
    pub player: PlayerId,
    pub command: PlayerCommand,
}

/// A whole game.
#[derive(Clone, Debug, PartialEq)]
pub struct Replay {
    pub header: Header,
    /// The map itself, unless it is built in.
    pub map: Option<MapData>,
    /// In the order submitted.
    pub commands: Vec<TimedCommand>,
}

impl Header {
    /// The winner's seat, 0 or 1; none for a tie.
    pub fn winner(&self) -> Option<usize> {
        self.results
            .iter()
            .find(|r| r.result == crate::game::GameResult::Victory)
            .map(|r| usize::from(r.player.0) - 1)
            .filter(|&seat| seat < 2)
    }
}
