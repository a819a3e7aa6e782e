//! The built-in AI: the API's levels, played from the seat's own [`RawObservation`] and nothing else.
//!
//! Invariant: its commands are a function of seed, game info and the observations it was given. It sees through fog
//! only where the simulator hands it an observation without fog (the cheating levels, [`Difficulty::sees_all`]).
//!
//! The simulator asks [`BuiltinAi::think`] every [`THINK_LOOPS`] loops and submits what it answers like a player's.

mod level;

pub use level::{AiBuild, Difficulty, UnknownName};

use crate::game::{GameInfo, PlayerCommand, Race, RawObservation, Seed};

/// Loops between two looks of the built-in AI.
pub const THINK_LOOPS: u32 = 8;

/// One computer seat's player.
#[derive(Clone, Debug)]
pub struct BuiltinAi {
    level: Difficulty,
    #[allow(dead_code)]
    seed: Seed,
}

impl BuiltinAi {
    /// A player for the seat that `info` describes.
    pub fn new(
        level: Difficulty,
        build: AiBuild,
        race: Race,
        info: &GameInfo,
        seed: Seed,
    ) -> BuiltinAi {
        let _ = (build, race, info);
        BuiltinAi { level, seed }
    }

    /// The level it plays.
    pub fn level(&self) -> Difficulty {
        self.level
    }

    /// Looks at its own view of the game and appends what it orders.
    pub fn think(&mut self, obs: &RawObservation, commands: &mut Vec<PlayerCommand>) {
        let _ = (obs, commands);
    }
}
