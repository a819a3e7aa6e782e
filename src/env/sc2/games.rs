//! What all games of a program share: the installation, processes that wait for their next game, ports, maps.

use super::maps::Maps;
use super::play::Sc2Env;
use super::table::Table;
use crate::env::{EnvError, GameSettings, Seat};
use crate::game::{MapData, Seed};
use crate::sc2::client::{ClientError, Installation, Instance, Launch, Limits, Ports};
use crate::sc2::proto::LocalMap;
use crate::threads::side_by_side;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};

/// Games on one process before a fresh one takes its place: long-lived games grow.
pub(super) const GAMES_PER_PROCESS_MAX: u32 = 100;
/// Tries to begin a game before it is given up: each with fresh processes and ports.
const BEGIN_TRIES_MAX: u32 = 3;

/// Games of StarCraft II. Processes are started as they are needed, kept for the next game, and ended with this.
#[derive(Debug)]
pub struct Sc2Games {
    installation: Installation,
    launch: Launch,
    pub(super) limits: Limits,
    pub(super) ports: Arc<Ports>,
    idle: Mutex<Vec<Instance>>,
    pub(super) maps: Maps,
}

impl Sc2Games {
    /// Starts the game once to see that it runs; that process waits for the first game.
    ///
    /// # Errors
    /// [`EnvError::Locate`] if the wished version is not installed, [`EnvError::Start`] if it does not run.
    pub fn start(
        installation: Installation,
        version: Option<&str>,
        limits: Limits,
        stop: &AtomicBool,
    ) -> Result<Sc2Games, EnvError> {
        let launch = installation.launch(version)?;
        let games = Sc2Games {
            installation,
            launch,
            limits,
            ports: Arc::default(),
            idle: Mutex::default(),
            maps: Maps::default(),
        };
        let first = games.take(1, stop).map_err(|why| match why {
            EnvError::Lost(why) => EnvError::Start(why),
            why => why,
        })?;
        games.give_back(first);
        Ok(games)
    }

    pub fn installation(&self) -> &Installation {
        &self.installation
    }

    /// The base build that is played: 75689 of `Versions/Base75689`.
    pub fn base_build(&self) -> u32 {
        self.launch.base_build
    }

    /// A map by name: see [`crate::env::Arena::load_map`].
    ///
    /// # Errors
    /// If there is no such map, or it cannot be read.
    pub fn load_map(&self, name: &str, stop: &AtomicBool) -> Result<Arc<MapData>, EnvError> {
        self.maps.load(self, name, stop)
    }

    /// Begins a game.
    ///
    /// # Errors
    /// [`EnvError::Refused`] if the game will not have it so, [`EnvError::Start`] if no try comes to a game.
    pub fn open<'a>(
        &'a self,
        settings: &GameSettings,
        stop: &'a AtomicBool,
    ) -> Result<Sc2Env<'a>, EnvError> {
        let map = self.maps.message(&self.installation, &settings.map)?;
        let table = self.begin(map, &settings.seats, settings.seed, stop)?;
        Ok(Sc2Env::new(table, settings.map.clone()))
    }

    /// Begins a game, with fresh processes and ports at every try.
    pub(super) fn begin<'a>(
        &'a self,
        map: LocalMap,
        seats: &[Seat; 2],
        seed: Seed,
        stop: &'a AtomicBool,
    ) -> Result<Table<'a>, EnvError> {
        let mut tries = 1;
        loop {
            match Table::begin(self, map.clone(), seats, seed, stop) {
                Err(EnvError::Lost(why)) if tries < BEGIN_TRIES_MAX => {
                    tracing::warn!("a game does not begin, once more: {why}");
                    tries += 1;
                }
                Err(EnvError::Lost(why)) => return Err(EnvError::Start(why)),
                begun => return begun,
            }
        }
    }

    /// So many processes: idle ones first, then fresh ones, which come up at the same time.
    pub(super) fn take(&self, n: usize, stop: &AtomicBool) -> Result<Vec<Instance>, EnvError> {
        let mut taken = {
            let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
            idle.retain_mut(Instance::is_alive);
            let from = idle.len().saturating_sub(n);
            idle.split_off(from)
        };
        let missing = n - taken.len();
        let start = || Instance::start(&self.launch, &self.ports, &self.limits, stop);
        for instance in side_by_side((0..missing).map(|_| start)) {
            taken.push(instance?);
        }
        Ok(taken)
    }

    /// Keeps processes that have left their game for the next one.
    pub(super) fn give_back(&self, instances: Vec<Instance>) {
        let fresh = instances
            .into_iter()
            .filter(|i| i.games < GAMES_PER_PROCESS_MAX);
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.extend(fresh);
    }
}

impl From<ClientError> for EnvError {
    fn from(error: ClientError) -> EnvError {
        match error {
            ClientError::Stopped => EnvError::Interrupted,
            error => EnvError::Lost(Box::new(error)),
        }
    }
}
