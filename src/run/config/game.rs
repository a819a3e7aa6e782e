//! The `[game]` of a config: what is played on.

use super::ConfigError;
use super::check::{invalid, within};
use serde::{Deserialize, Serialize};

/// What games are played on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum GameKind {
    /// The embedded simulator.
    #[default]
    Sim,
    /// What SC2PATH names, over the SC2 API: StarCraft II, or the simulator (`scc sim install`).
    Sc2,
}

/// What games are played on. `--game`, `--game-version` and `--game-timeout` take its place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct GameConfig {
    /// `sim` or `sc2`. Demonstrations are played on the simulator in any case.
    pub kind: GameKind,
    /// Version of StarCraft II: `4.10`, `75689`, `Base75689`; empty = the newest installed.
    pub version: String,
    /// Seconds that StarCraft II may take to answer, 1 to 3600; thrice as many to come up. Then the game is lost.
    pub timeout_seconds: f64,
}

impl Default for GameConfig {
    fn default() -> GameConfig {
        GameConfig {
            kind: GameKind::Sim,
            version: String::new(),
            timeout_seconds: 60.0,
        }
    }
}

impl GameConfig {
    /// Checks the values, and the map as far as it can be known before the game is looked for.
    ///
    /// # Errors
    /// [`ConfigError::Invalid`] with the key.
    pub fn validate(&self, map: &str) -> Result<(), ConfigError> {
        within("game.timeout_seconds", self.timeout_seconds, 1.0, 3600.0)?;
        if self.kind == GameKind::Sim {
            if !self.version.is_empty() {
                return invalid("game.version", "goes with game.kind = \"sc2\"");
            }
            if let Err(e) = crate::env::load_map(map) {
                return invalid("map", e);
            }
        }
        Ok(())
    }
}
