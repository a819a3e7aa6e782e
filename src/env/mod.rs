//! Games as an environment: two seats, looks and commands, an outcome.
//!
//! Invariant: what a game does is a function of its settings and the commands submitted; looking changes nothing but
//! the "since the last look" lists of the player who looks.
//!
//! Data flow: [`GameSettings`] -> [`SimEnv`] -> `observe` / `submit` / `step` -> `results`. [`playback`] runs a replay
//! file again through the same trait.
//!
//! Leaves out: who decides (`agent`), who plays whom (`evaluator`).

pub mod playback;
mod sim_env;
pub mod text;

pub use crate::sim::{AiBuild, Difficulty, Seat, maps};
pub use playback::Playback;
pub use sim_env::{GameSettings, SimEnv, load_map};

use crate::game::{ActionResult, GameInfo, PlayerCommand, PlayerId, PlayerResult, RawObservation};

/// The two players of a game, in the order of every `[_; 2]` in this crate.
pub const PLAYERS: [PlayerId; 2] = [PlayerId(1), PlayerId(2)];

/// What can go wrong in setting up or running a game.
#[derive(Debug, thiserror::Error)]
pub enum EnvError {
    #[error(transparent)]
    Map(#[from] crate::sim::maps::MapError),
    #[error("the game cannot be set up")]
    Setup(#[from] crate::sim::SimError),
    #[error("replay does not re-play: {0}")]
    Playback(String),
}

/// A running game that two players share.
pub trait Env: Send {
    /// What `player` knows of the game as a whole.
    fn game_info(&self, player: PlayerId) -> GameInfo;
    /// Fills `obs` with what `player` sees now.
    fn observe(&mut self, player: PlayerId, obs: &mut RawObservation);
    /// Checks a command now; an accepted one takes effect in the next loop run.
    fn submit(&mut self, player: PlayerId, command: &PlayerCommand) -> ActionResult;
    /// Runs `loops` game loops, or fewer if the game ends.
    fn step(&mut self, loops: u32);
    /// Loops run so far.
    fn game_loop(&self) -> u32;
    /// Both players' results, sorted by id; empty while the game runs.
    fn results(&self) -> &[PlayerResult];
    /// Hash of all state that matters to how the game goes on.
    fn state_hash(&self) -> u64;
}
