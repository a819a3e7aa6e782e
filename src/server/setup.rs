//! `create_game`: what is asked for, checked before anybody joins.

use super::folders::Folders;
use crate::files;
use crate::game::{MapData, Race, Seed};
use crate::sc2::proto::{
    self, PlayerType, RequestCreateGame, ResponseCreateGame, request_create_game::Map,
    response_create_game::Error,
};
use crate::sim::{AiBuild, Difficulty, maps};
use std::path::Path;
use std::sync::Arc;

/// Maps of ours are far smaller.
const MAP_BYTES_MAX: u64 = 64 << 20;

/// A game that has been created and waits for its players.
#[derive(Clone, Debug)]
pub(super) struct Setup {
    pub map: Arc<MapData>,
    /// As the client gave it.
    pub map_path: String,
    /// Players 1 and 2.
    pub seats: [SeatSetup; 2],
    /// Somebody may join to watch.
    pub observers: usize,
    pub seed: Seed,
    pub disable_fog: bool,
    pub realtime: bool,
}

/// Who will sit in a seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SeatSetup {
    Participant,
    Computer {
        race: Race,
        level: Difficulty,
        build: AiBuild,
    },
}

impl Setup {
    /// Seats that clients take.
    pub fn participants(&self) -> usize {
        let is_participant = |seat: &&SeatSetup| **seat == SeatSetup::Participant;
        self.seats.iter().filter(is_participant).count()
    }
}

/// Why a game cannot be created, as the API says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault(pub Error, pub String);

impl Fault {
    pub fn response(self) -> ResponseCreateGame {
        ResponseCreateGame {
            error: Some(self.0 as i32),
            error_details: Some(self.1),
        }
    }
}

fn fault<T>(error: Error, details: impl Into<String>) -> Result<T, Fault> {
    Err(Fault(error, details.into()))
}

/// Checks a request; `seed` is taken where it names none.
pub(super) fn setup(
    request: &RequestCreateGame,
    folders: &Folders,
    seed: Seed,
) -> Result<Setup, Fault> {
    let (map, map_path) = map(request.map.as_ref(), folders)?;
    let mut seats = Vec::new();
    let mut observers = 0;
    for player in &request.player_setup {
        match player.r#type {
            Some(t) if t == PlayerType::Observer as i32 => observers += 1,
            _ => seats.push(seat(player)?),
        }
    }
    let seats: [SeatSetup; 2] = match <[SeatSetup; 2]>::try_from(seats) {
        Ok(seats) => seats,
        Err(seats) if seats.is_empty() => {
            return fault(Error::MissingPlayerSetup, "the game has no players");
        }
        Err(seats) => {
            let text = format!(
                "the simulator plays games of two players; {} were set up",
                seats.len()
            );
            return fault(Error::InvalidPlayerSetup, text);
        }
    };
    Ok(Setup {
        map,
        map_path,
        seats,
        observers,
        seed: request.random_seed.map_or(seed, |n| Seed(n.into())),
        disable_fog: request.disable_fog(),
        realtime: request.realtime(),
    })
}

fn seat(player: &proto::PlayerSetup) -> Result<SeatSetup, Fault> {
    if player.r#type != Some(PlayerType::Computer as i32) {
        return Ok(SeatSetup::Participant);
    }
    let race = match playable(player.race) {
        Ok(race) => race,
        Err(text) => return fault(Error::InvalidPlayerSetup, text),
    };
    let level = player.difficulty.unwrap_or(Difficulty::VeryEasy as i32);
    let build = player.ai_build.unwrap_or(AiBuild::RandomBuild as i32);
    let (Some(level), Some(build)) = (Difficulty::from_api(level), AiBuild::from_api(build)) else {
        let text = format!("there is no computer player of difficulty {level}, build {build}");
        return fault(Error::InvalidPlayerSetup, text);
    };
    Ok(SeatSetup::Computer { race, level, build })
}

/// The race, if the simulator plays it; none or 0 is a random one.
pub(super) fn playable(race: Option<i32>) -> Result<Race, String> {
    match race {
        Some(1) => Ok(Race::Terran),
        None | Some(0 | 4) => Ok(Race::Random),
        Some(2) => Err("the simulator plays Terran only so far, not Zerg".into()),
        Some(3) => Err("the simulator plays Terran only so far, not Protoss".into()),
        Some(other) => Err(format!("there is no race {other}")),
    }
}

fn map(map: Option<&Map>, folders: &Folders) -> Result<(Arc<MapData>, String), Fault> {
    let local = match map {
        Some(Map::LocalMap(local)) => local,
        Some(Map::BattlenetMapName(name)) => {
            let text = format!("{name:?}: maps of Battle.net are not here; use local_map");
            return fault(Error::InvalidMapName, text);
        }
        None => return fault(Error::MissingMap, "the request names no map"),
    };
    let path = local.map_path.clone().unwrap_or_default();
    if let Some(data) = local.map_data.as_ref().filter(|data| !data.is_empty()) {
        return Ok((decode(data, Path::new(&path))?, path));
    }
    if path.is_empty() {
        return fault(Error::MissingMap, "the request names no map");
    }
    if let Some(file) = folders.map_file(&path) {
        let bytes = match files::read_limited(&file, MAP_BYTES_MAX) {
            Ok(bytes) => bytes,
            Err(why) => return fault(Error::InvalidMapPath, why.to_string()),
        };
        return Ok((decode(&bytes, &file)?, path));
    }
    // The maps that are built in need no file.
    let stem = Path::new(&path).file_stem().and_then(|stem| stem.to_str());
    match stem.and_then(maps::by_name) {
        Some(map) => Ok((map, path)),
        None => fault(
            Error::InvalidMapPath,
            format!("there is no map {path:?} under Maps, and none of that name is built in"),
        ),
    }
}

/// A map of ours in a file's bytes.
pub(super) fn decode(bytes: &[u8], path: &Path) -> Result<Arc<MapData>, Fault> {
    if bytes.starts_with(b"MPQ") {
        return fault(
            Error::InvalidMapData,
            "this is a map file of StarCraft II itself, which the simulator cannot read; \
             `scc map import` makes a map of a capture",
        );
    }
    match maps::decode(bytes, path) {
        Ok(map) => Ok(Arc::new(map)),
        Err(why) => fault(Error::InvalidMapData, why.to_string()),
    }
}
