//! One player's side of one game, as far as replays of both kinds tell it.

use crate::game::{GameResult, Race};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// One player's side of one game. All times are game loops since its begin, all lists in their order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlayerGame {
    pub file: PathBuf,
    /// 1-based number of the player in the file.
    pub player: u8,
    pub name: String,
    pub race: Race,
    /// None where there were more than two players.
    pub opponent_race: Option<Race>,
    pub map: String,
    /// Version of the game, or of the program that recorded it.
    pub version: String,
    /// The ladder's rating, or Elo of scripts and agents.
    pub mmr: Option<f32>,
    pub is_ai: bool,
    /// None where the file does not say.
    pub result: Option<GameResult>,
    /// Length of the game.
    pub loops: u32,
    /// Where the player began, in map coordinates.
    pub start: Option<[f32; 2]>,
    /// Everything that came into being: units, structures, morphs, upgrades, those at the start left out.
    pub makings: Vec<Making>,
    pub deaths: Vec<Death>,
    /// About every ten seconds (160 loops in `.SC2Replay`).
    pub samples: Vec<Sample>,
    /// Loops of the player's commands; empty where none are recorded (the built-in AI).
    pub commands: Vec<u32>,
}

/// Something that was made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Making {
    pub game_loop: u32,
    pub stage: Stage,
    /// The game's name of the unit type or upgrade, e.g. `SiegeTankSieged`, `Stimpack`.
    pub what: Arc<str>,
    /// None of upgrades.
    pub position: Option<[f32; 2]>,
}

/// How far it has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// A structure was put down (or a warp-in begun).
    Begun,
    /// It stands, or the unit was born.
    Done,
    /// A unit took another form: `what` is the new one.
    Morphed,
    /// An upgrade is researched.
    Researched,
}

/// One of the player's own was lost.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Death {
    pub game_loop: u32,
    pub what: Arc<str>,
    pub position: [f32; 2],
    /// 1-based number of the player who killed it, if one did.
    pub killer: Option<u8>,
}

/// The player's state at one moment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Sample {
    pub game_loop: u32,
    pub workers: u32,
    pub supply_used: f32,
    pub supply_made: f32,
    pub minerals: u32,
    pub vespene: u32,
    /// Resources a minute, by the game's own estimate.
    pub minerals_rate: u32,
    pub vespene_rate: u32,
    /// Minerals and vespene in living fighting units.
    pub army_value: u32,
    /// Minerals and vespene in enemies killed, and in own losses, since the begin.
    pub killed_value: u32,
    pub lost_value: u32,
    /// What lives and is finished, by type, structures too.
    pub alive: BTreeMap<Arc<str>, u32>,
}
