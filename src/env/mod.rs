//! Games as an environment: two seats, looks and commands, an outcome.
//!
//! Invariant: what a game does is a function of its settings and the commands submitted; looking changes nothing but
//! the "since the last look" lists of the player who looks.
//!
//! Data flow: [`GameSettings`] -> [`Arena::open`] -> a game ([`Env`]): `observe` / `submit` / `step` -> `results`.
//! [`playback`] runs a replay file again on the simulator; [`Sc2Watcher`] watches one on StarCraft II.
//!
//! Leaves out: who decides (`agent`), who plays whom (`evaluator`).

mod arena;
pub mod playback;
mod sc2;
mod sim_env;
pub mod text;

pub use crate::sim::{AiBuild, Difficulty, Seat, maps};
pub use arena::Arena;
pub use playback::Playback;
pub use sc2::{Sc2Env, Sc2Games, Sc2Watch, Sc2Watcher};
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
    #[error(transparent)]
    Locate(#[from] crate::sc2::client::LocateError),
    #[error(
        "StarCraft II has no map {name} in {}; there: {known} (on the simulator, `scc sim install DIR` also the built-in \
         maps and map files)",
        folder.display()
    )]
    NoSuchMap {
        name: String,
        folder: std::path::PathBuf,
        known: String,
    },
    /// It does not come up, or no game on it begins, however often it is tried.
    #[error("StarCraft II does not play")]
    Start(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// It will not have it so; another try would end alike.
    #[error("StarCraft II refuses: {0}")]
    Refused(String),
    /// It died, hung or made no sense; another try may go well.
    #[error("the game is lost")]
    Lost(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Stopped from outside.
    #[error("interrupted")]
    Interrupted,
}

/// A running game that two players share.
///
/// A game in a process of its own may die at any time: whatever asks it can fail, and once something has failed the game
/// is gone. The embedded simulator never fails.
pub trait Env: Send {
    /// What `player` knows of the game as a whole.
    fn game_info(&self, player: PlayerId) -> GameInfo;

    /// Fills `obs` with what `player` sees now.
    ///
    /// # Errors
    /// If the game is lost, or was stopped from outside.
    fn observe(&mut self, player: PlayerId, obs: &mut RawObservation) -> Result<(), EnvError>;

    /// Checks commands now, one answer each; accepted ones take effect in the next loop run.
    ///
    /// # Errors
    /// As [`Env::observe`].
    fn submit(
        &mut self,
        player: PlayerId,
        commands: &[PlayerCommand],
    ) -> Result<Vec<ActionResult>, EnvError>;

    /// Runs `loops` game loops, or fewer if the game ends.
    ///
    /// # Errors
    /// As [`Env::observe`].
    fn step(&mut self, loops: u32) -> Result<(), EnvError>;

    /// Loops run so far.
    fn game_loop(&self) -> u32;

    /// Both players' results, sorted by id; empty while the game runs.
    fn results(&self) -> &[PlayerResult];

    /// Hash of all state that matters to how the game goes on; none where only the game itself knows that.
    fn state_hash(&self) -> Option<u64>;

    /// The game so far as the game's own replay file (`.SC2Replay`), where it makes one.
    ///
    /// # Errors
    /// As [`Env::observe`].
    fn save_replay(&mut self) -> Result<Option<Vec<u8>>, EnvError> {
        Ok(None)
    }
}
