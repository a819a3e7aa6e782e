//! Maps of an installation: known by their files where it is the simulator's, else by a look at the start of a game.

use super::Sc2Games;
use crate::env::{AiBuild, Difficulty, EnvError, Seat, load_map};
use crate::files;
use crate::game::{MapData, Race, Seed};
use crate::sc2::client::locate::MAP_EXTENSION;
use crate::sc2::client::{Installation, requests};
use crate::sc2::import;
use crate::sc2::proto::{
    LocalMap, RequestObservation, request::Request as Q, response::Response as Body,
};
use crate::sim::maps;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};

/// Maps of ours are far smaller.
const MAP_BYTES_MAX: u64 = 64 << 20;

/// How the game is told of the maps that were loaded, by their hash.
#[derive(Debug, Default)]
pub(super) struct Maps {
    known: Mutex<BTreeMap<u64, LocalMap>>,
}

impl Maps {
    /// A map by name: an installed one, or on the simulator also a built-in one or a map file of ours.
    pub fn load(
        &self,
        games: &Sc2Games,
        name: &str,
        stop: &AtomicBool,
    ) -> Result<Arc<MapData>, EnvError> {
        let installation = games.installation();
        let map = match (installation.map_named(name), installation.is_simulator) {
            (Some(path), false) => {
                let map = Arc::new(look_at(games, &path, stop)?);
                self.remember(&map, by_path(&path));
                Some(map)
            }
            (None, false) => None,
            (path, true) => self.load_ours(installation, path, name)?,
        };
        map.ok_or_else(|| unknown(installation, name))
    }

    /// On the simulator: a map that this program has too comes before an installed one of the same name.
    fn load_ours(
        &self,
        installation: &Installation,
        path: Option<String>,
        name: &str,
    ) -> Result<Option<Arc<MapData>>, EnvError> {
        let own = match load_map(name) {
            Ok(map) => Some(map),
            Err(EnvError::Map(maps::MapError::Unknown { .. })) => None,
            Err(why) => return Err(why),
        };
        let Some(path) = path else {
            return Ok(own);
        };
        let installed = read(&installation.maps_folder().join(&path))?;
        let map = own.unwrap_or_else(|| installed.clone());
        if map == installed {
            self.remember(&map, by_path(&path));
        }
        Ok(Some(map))
    }

    fn remember(&self, map: &MapData, message: LocalMap) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(map.hash(), message);
    }

    /// The map as `create_game` takes it. What is not installed is sent along, if the game can read it.
    pub fn message(
        &self,
        installation: &Installation,
        map: &MapData,
    ) -> Result<LocalMap, EnvError> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(message) = known.get(&map.hash()) {
            return Ok(message.clone());
        }
        if !installation.is_simulator {
            return Err(unknown(installation, &map.name));
        }
        let message = LocalMap {
            map_data: Some(maps::encode(map).into()),
            ..by_path(&format!("{}.{MAP_EXTENSION}", map.name))
        };
        known.insert(map.hash(), message.clone());
        Ok(message)
    }
}

fn by_path(path: &str) -> LocalMap {
    LocalMap {
        map_path: Some(path.to_owned()),
        map_data: None,
    }
}

fn unknown(installation: &Installation, name: &str) -> EnvError {
    EnvError::NoSuchMap {
        name: name.chars().take(200).collect(),
        folder: installation.maps_folder(),
        known: few(&installation.maps()),
    }
}

fn read(file: &Path) -> Result<Arc<MapData>, EnvError> {
    let bytes = files::read_limited(file, MAP_BYTES_MAX).map_err(maps::MapError::File)?;
    Ok(Arc::new(maps::decode(&bytes, file)?))
}

/// Names for an error message.
fn few(paths: &[String]) -> String {
    match paths.len() {
        0 => "none".into(),
        1..=12 => paths.join(", "),
        n => format!("{} and {} more", paths[..10].join(", "), n - 10),
    }
}

/// Begins a game on an installed map, looks at it, and makes a map of what is seen.
fn look_at(games: &Sc2Games, path: &str, stop: &AtomicBool) -> Result<MapData, EnvError> {
    let seats = [
        Seat::Participant {
            race: Race::Terran,
            name: "scc".into(),
        },
        Seat::Computer {
            race: Race::Terran,
            level: Difficulty::VeryEasy,
            build: AiBuild::default(),
        },
    ];
    let mut table = games.begin(by_path(path), &seats, Seed(0), stop)?;
    let body = table.ask(0, Q::Observation(RequestObservation::default()))?;
    let Body::Observation(first) = body else {
        return Err(table.lost(requests::other("observation")));
    };
    let imported = import::import(&table.clients[0].info, &first);
    let imported = imported
        .map_err(|why| EnvError::Refused(format!("the map {path} cannot be used: {why}")))?;
    Ok(imported.map)
}
