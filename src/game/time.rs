//! Game time. The only place where loops and seconds are converted.

use serde::{Deserialize, Serialize};

/// Game loops a second at speed Faster, the speed of all melee play (patch 4.10).
pub const LOOPS_PER_SECOND: f64 = 22.4;

/// Game loops a second at speed Normal, in which the game's data tables state times and speeds.
pub const LOOPS_PER_NORMAL_SECOND: f64 = 16.0;

/// A point in game time, counted in game loops from the start of the game.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct GameLoop(pub u32);

impl GameLoop {
    /// Seconds at speed Faster since the start of the game.
    pub fn seconds(self) -> f64 {
        f64::from(self.0) / LOOPS_PER_SECOND
    }

    /// The loop nearest to `seconds` at speed Faster.
    pub fn from_seconds(seconds: f64) -> GameLoop {
        GameLoop((seconds * LOOPS_PER_SECOND).round().max(0.0) as u32)
    }
}

impl std::fmt::Display for GameLoop {
    /// Minutes and seconds as the game's clock shows them, e.g. `4:07`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let seconds = self.seconds() as u32;
        write!(f, "{}:{:02}", seconds / 60, seconds % 60)
    }
}
