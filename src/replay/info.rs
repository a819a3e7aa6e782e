//! A replay in short, with the keys that `scc replay info --json` prints.

use super::format::{Controller, Header};
use super::{ReplayError, read_header};
use crate::game::{GameResult, LOOPS_PER_SECOND, Race};
use serde::Serialize;
use std::path::Path;

/// One file's line. Where `error` is set the other fields are empty.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ReplayInfo {
    pub file: String,
    /// Version of the program that recorded it.
    pub version: String,
    /// The game's data build whose rules were played (4.10.0).
    pub base_build: u32,
    pub map: String,
    pub loops: u32,
    pub kind: String,
    /// E.g. `TvT`.
    pub matchup: String,
    pub players: Vec<InfoPlayer>,
    pub error: Option<String>,
}

/// One player's part of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct InfoPlayer {
    pub id: u8,
    pub name: String,
    pub race: String,
    pub result: String,
    /// Elo of scripts and agents; none where nothing was measured.
    pub mmr: Option<f32>,
    /// Commands a minute of game time; none of the built-in AI, whose commands are not recorded.
    pub apm: Option<f64>,
    pub is_ai: bool,
}

/// The base build whose tables the simulator plays by.
const BASE_BUILD: u32 = 75689;

/// Reads a file's header and puts it in words.
///
/// # Errors
/// As [`read_header`].
pub fn info(path: &Path) -> Result<ReplayInfo, ReplayError> {
    let header = read_header(path)?;
    let minutes = f64::from(header.game_loops) / LOOPS_PER_SECOND / 60.0;
    let players = (0..2).map(|i| player(&header, i, minutes)).collect();
    let letters = header.seats.each_ref().map(|s| race_letter(s.race));
    Ok(ReplayInfo {
        file: path.display().to_string(),
        version: header.program.clone(),
        base_build: BASE_BUILD,
        map: header.map_name.clone(),
        loops: header.game_loops,
        kind: "scc".to_owned(),
        matchup: format!("{}v{}", letters[0], letters[1]),
        players,
        error: None,
    })
}

fn player(header: &Header, seat: usize, minutes: f64) -> InfoPlayer {
    let it = &header.seats[seat];
    let is_ai = !matches!(it.controller, Controller::Participant);
    let result = header
        .results
        .iter()
        .find(|r| usize::from(r.player.0) == seat + 1);
    InfoPlayer {
        id: seat as u8 + 1,
        name: it.name.clone(),
        race: format!("{:?}", it.race),
        result: match result.map(|r| r.result) {
            Some(GameResult::Victory) => "Win",
            Some(GameResult::Defeat) => "Loss",
            Some(GameResult::Tie) => "Tie",
            Some(GameResult::Undecided) | None => "Unknown",
        }
        .to_owned(),
        mmr: it.rating,
        apm: (!is_ai && minutes > 0.0)
            .then(|| (f64::from(header.n_commands[seat]) / minutes * 10.0).round() / 10.0),
        is_ai,
    }
}

fn race_letter(race: Race) -> char {
    match race {
        Race::Terran => 'T',
        Race::Zerg => 'Z',
        Race::Protoss => 'P',
        Race::Random => 'R',
    }
}
