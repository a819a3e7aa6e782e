//! A replay in short, with the keys that `scc replay info --json` prints.

use super::format::{Controller, Header};
use super::{ReplayError, read_header, sc2, wrapped};
use crate::game::{GameResult, LOOPS_PER_SECOND, Race};
use serde::Serialize;
use std::io::Read;
use std::path::Path;

/// One file's line. Where `error` is set the other fields are empty.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ReplayInfo {
    pub file: String,
    /// Version of the game, or of the program that recorded it.
    pub version: String,
    /// The game's build; of our own games the one whose rules were played (4.10.0).
    pub base_build: u32,
    pub map: String,
    pub loops: u32,
    /// `scc` for one of ours; else who played and where from, e.g. `human vs human`.
    pub kind: String,
    /// E.g. `TvT`; `multi4` of more than two.
    pub matchup: String,
    pub players: Vec<InfoPlayer>,
    pub error: Option<String>,
    /// Whose data the game was played with, for StarCraft II's flag `-dataVersion`; empty where the file does not say.
    #[serde(skip)]
    pub data_version: String,
}

/// One player's part of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct InfoPlayer {
    pub id: u8,
    pub name: String,
    pub race: String,
    pub result: String,
    /// The ladder's rating, or Elo of scripts and agents; none where nothing was measured.
    pub mmr: Option<f32>,
    /// Commands a minute of game time; none of the built-in AI, whose commands are not recorded.
    pub apm: Option<f64>,
    pub is_ai: bool,
}

/// The base build whose tables the simulator plays by.
const BASE_BUILD: u32 = 75689;

/// What a file says of itself, whether it is one of ours or an `.SC2Replay`: the first bytes tell.
///
/// # Errors
/// As [`read_header`]; of an `.SC2Replay`, [`ReplayError::Sc2`].
pub fn info(path: &Path) -> Result<ReplayInfo, ReplayError> {
    if is_sc2(path) && !wrapped::is_wrapped(path) {
        return Ok(of_sc2(path, &sc2::summary(&sc2::read_summary(path)?)));
    }
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
        data_version: String::new(),
    })
}

/// Whether a file begins like an archive, or could be nothing but an `.SC2Replay` by its name.
pub fn is_sc2(path: &Path) -> bool {
    let mut magic = [0; 3];
    let read = std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut magic));
    (read.is_ok() && magic == *b"MPQ") || path.extension().is_some_and(|e| e == sc2::EXTENSION)
}

fn of_sc2(path: &Path, it: &sc2::Summary) -> ReplayInfo {
    let players = it.players.iter().map(|player| InfoPlayer {
        id: player.id,
        name: player.name.clone(),
        race: player
            .race
            .map_or_else(|| "Unknown".to_owned(), |race| format!("{race:?}")),
        result: player.result.clone(),
        mmr: player.mmr.map(|mmr| mmr as f32),
        apm: player.apm,
        is_ai: player.is_ai,
    });
    ReplayInfo {
        file: path.display().to_string(),
        version: it.version.clone(),
        base_build: it.base_build,
        map: it.map.clone(),
        loops: u32::try_from(it.loops).unwrap_or(u32::MAX),
        kind: it.kind.clone(),
        matchup: it.matchup.clone(),
        players: players.collect(),
        error: None,
        data_version: it.data_version.clone(),
    }
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
