//! What games are played on, and how a game there is begun.

use super::{Env, EnvError, GameSettings, SimEnv, load_map};
use crate::game::MapData;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Where games are played; cheap to clone, for many threads.
#[derive(Clone, Debug, Default)]
pub enum Arena {
    /// The embedded simulator.
    #[default]
    Simulator,
}

impl Arena {
    /// Begins a game, at loop 0. Set `stop` from outside to have whatever waits for the game give up.
    ///
    /// # Errors
    /// [`EnvError::Setup`] if the map lacks what a game needs or a race cannot be played.
    pub fn open<'a>(
        &'a self,
        settings: &GameSettings,
        _stop: &'a AtomicBool,
    ) -> Result<Box<dyn Env + 'a>, EnvError> {
        match self {
            Arena::Simulator => Ok(Box::new(SimEnv::new(settings)?)),
        }
    }

    /// A map by its name or file.
    ///
    /// # Errors
    /// [`EnvError::Map`] for a name that is none here, or a file that is no map.
    pub fn load_map(&self, name_or_path: &str) -> Result<Arc<MapData>, EnvError> {
        match self {
            Arena::Simulator => load_map(name_or_path),
        }
    }
}
