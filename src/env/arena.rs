//! What games are played on, and how a game there is begun.

use super::{Env, EnvError, GameSettings, Sc2Games, SimEnv, load_map};
use crate::game::MapData;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Where games are played; cheap to clone, for many threads.
#[derive(Clone, Debug, Default)]
pub enum Arena {
    /// The embedded simulator.
    #[default]
    Simulator,
    /// StarCraft II, or the simulator, over the API.
    Sc2(Arc<Sc2Games>),
    /// The simulator, but every so many-th game is lost.
    #[cfg(test)]
    Lossy {
        every: u32,
        begun: Arc<std::sync::atomic::AtomicU32>,
    },
}

impl Arena {
    /// Begins a game, at loop 0. Set `stop` from outside to have whatever waits for the game give up.
    ///
    /// # Errors
    /// [`EnvError::Setup`] if the map lacks what a game needs or a race cannot be played; over the API [`EnvError::Refused`] for
    /// the same, and [`EnvError::Start`] if no try comes to a game.
    pub fn open<'a>(
        &'a self,
        settings: &GameSettings,
        stop: &'a AtomicBool,
    ) -> Result<Box<dyn Env + 'a>, EnvError> {
        match self {
            Arena::Simulator => Ok(Box::new(SimEnv::new(settings)?)),
            Arena::Sc2(games) => Ok(Box::new(games.open(settings, stop)?)),
            #[cfg(test)]
            Arena::Lossy { every, begun } => {
                let before = begun.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                match (before + 1).is_multiple_of(*every) {
                    true => Err(EnvError::Lost("it was to be lost".into())),
                    false => Ok(Box::new(SimEnv::new(settings)?)),
                }
            }
        }
    }

    /// A map by its name or file; over the API also an installed one (`TritonLE`, `Ladder2019Season3/TritonLE`), whose game
    /// may have to be begun to see it.
    ///
    /// # Errors
    /// [`EnvError::Map`] or [`EnvError::NoSuchMap`] for a name that is none here, or a file that is no map.
    pub fn load_map(&self, name_or_path: &str) -> Result<Arc<MapData>, EnvError> {
        match self {
            Arena::Simulator => load_map(name_or_path),
            #[cfg(test)]
            Arena::Lossy { .. } => load_map(name_or_path),
            Arena::Sc2(games) => games.load_map(name_or_path, &AtomicBool::new(false)),
        }
    }
}
