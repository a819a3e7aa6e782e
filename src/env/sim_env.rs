//! The embedded simulator as an [`Env`].

use super::{Env, EnvError, Seat};
use crate::game::{
    ActionResult, GameInfo, MapData, PlayerCommand, PlayerId, PlayerResult, RawObservation, Seed,
};
use crate::sim::{Sim, SimConfig, maps};
use std::sync::Arc;

/// Everything that decides how a game goes, commands apart.
#[derive(Clone, Debug)]
pub struct GameSettings {
    pub map: Arc<MapData>,
    pub seats: [Seat; 2],
    pub seed: Seed,
}

/// A game on the embedded simulator.
pub struct SimEnv {
    sim: Sim,
}

impl SimEnv {
    /// Sets a game up at loop 0, fog on.
    ///
    /// # Errors
    /// [`EnvError::Setup`] if the map lacks what a game needs or a race cannot be played.
    pub fn new(settings: &GameSettings) -> Result<SimEnv, EnvError> {
        let sim = Sim::new(SimConfig {
            map: settings.map.clone(),
            seats: settings.seats.clone(),
            seed: settings.seed,
            disable_fog: false,
        })?;
        Ok(SimEnv { sim })
    }

    /// The simulator itself, for whoever may see everything (replay texts, tests).
    pub fn sim(&self) -> &Sim {
        &self.sim
    }

    /// As [`Env::game_info`].
    pub fn game_info(&self, player: PlayerId) -> GameInfo {
        self.sim.game_info(player)
    }

    /// As [`Env::observe`], which cannot fail here.
    pub fn observe(&mut self, player: PlayerId, obs: &mut RawObservation) {
        self.sim.observe_into(player, obs);
    }

    /// One command, as [`Env::submit`], which cannot fail here.
    pub fn submit(&mut self, player: PlayerId, command: &PlayerCommand) -> ActionResult {
        self.sim.submit(player, command)
    }

    /// As [`Env::step`], which cannot fail here.
    pub fn step(&mut self, loops: u32) {
        self.sim.step(loops);
    }

    /// As [`Env::game_loop`].
    pub fn game_loop(&self) -> u32 {
        self.sim.game_loop()
    }

    /// As [`Env::results`].
    pub fn results(&self) -> &[PlayerResult] {
        self.sim.results()
    }

    /// As [`Env::state_hash`].
    pub fn state_hash(&self) -> u64 {
        self.sim.state_hash()
    }
}

impl Env for SimEnv {
    fn game_info(&self, player: PlayerId) -> GameInfo {
        self.game_info(player)
    }

    fn observe(&mut self, player: PlayerId, obs: &mut RawObservation) -> Result<(), EnvError> {
        self.observe(player, obs);
        Ok(())
    }

    fn submit(
        &mut self,
        player: PlayerId,
        commands: &[PlayerCommand],
    ) -> Result<Vec<ActionResult>, EnvError> {
        let answers = commands.iter().map(|c| self.submit(player, c));
        Ok(answers.collect())
    }

    fn step(&mut self, loops: u32) -> Result<(), EnvError> {
        self.step(loops);
        Ok(())
    }

    fn game_loop(&self) -> u32 {
        self.game_loop()
    }

    fn results(&self) -> &[PlayerResult] {
        self.results()
    }

    fn state_hash(&self) -> Option<u64> {
        Some(self.state_hash())
    }
}

/// A map by the name of a built-in one, or from a map file.
///
/// # Errors
/// [`EnvError::Map`] for a name that is neither, or a file that is no map.
pub fn load_map(name_or_path: &str) -> Result<Arc<MapData>, EnvError> {
    Ok(maps::load_or_name(name_or_path)?)
}
