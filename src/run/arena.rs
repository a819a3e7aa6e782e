//! What games are played on, as a config says it.

use super::config::{GameConfig, GameKind};
use crate::env::{Arena, EnvError, Sc2Games};
use crate::game::MapData;
use crate::sc2::client::{Limits, Places, locate};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

/// Maps of the paper, by their file names: one of these is played on where none is named.
const PREFERRED_MAPS: [&str; 3] = ["TritonLE", "KairosJunctionLE", "CatalystLE"];

/// Finds and starts what is to be played on, so that what is missing shows before any work.
///
/// # Errors
/// If StarCraft II is to be played on and is not there, not in that version, or does not run.
pub fn open(config: &GameConfig, places: &Places, stop: &AtomicBool) -> Result<Arena, EnvError> {
    if config.kind == GameKind::Sim {
        return Ok(Arena::Simulator);
    }
    let version = Some(config.version.as_str()).filter(|v| !v.is_empty());
    let limits = Limits::of_request(Duration::from_secs_f64(config.timeout_seconds));
    let games = Sc2Games::start(locate(places)?, version, limits, stop)?;
    Ok(Arena::Sc2(Arc::new(games)))
}

/// The map that is played on where none is named: of StarCraft II's one of the paper's, or else its first.
///
/// # Errors
/// If no map is installed, or it cannot be read.
pub fn default_map(arena: &Arena) -> Result<Arc<MapData>, EnvError> {
    let own = super::default_map();
    let Arena::Sc2(games) = arena else {
        return Ok(own);
    };
    let installation = games.installation();
    if installation.is_simulator {
        return arena.load_map(&own.name);
    }
    let preferred = PREFERRED_MAPS
        .iter()
        .find_map(|n| installation.map_named(n));
    let first = || installation.maps().into_iter().next();
    arena.load_map(&preferred.or_else(first).unwrap_or_default())
}
