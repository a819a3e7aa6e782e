//! Made-up games for tests.

use super::game::{Death, Making, PlayerGame, Sample, Stage};
use crate::game::Race;

/// Player 1's game of 10 minutes (13440 loops) in which nothing happens; it began at (20, 20).
pub(crate) fn blank(player: u8) -> PlayerGame {
    PlayerGame {
        file: "game.screp".into(),
        player,
        name: format!("P{player}"),
        race: Race::Terran,
        opponent_race: Some(Race::Terran),
        map: "Flat64".into(),
        version: "4.10".into(),
        mmr: None,
        is_ai: false,
        result: None,
        loops: 13_440,
        start: Some([20.0, 20.0]),
        makings: Vec::new(),
        deaths: Vec::new(),
        samples: Vec::new(),
        commands: Vec::new(),
    }
}

pub(crate) fn making(game_loop: u32, stage: Stage, what: &str) -> Making {
    Making {
        game_loop,
        stage,
        what: what.into(),
        position: Some([25.0, 25.0]),
    }
}

pub(crate) fn death(game_loop: u32, what: &str, position: [f32; 2], killer: u8) -> Death {
    Death {
        game_loop,
        what: what.into(),
        position,
        killer: Some(killer),
    }
}

/// A sample with what lives, and the supply used.
pub(crate) fn sample(game_loop: u32, supply_used: f32, alive: &[(&str, u32)]) -> Sample {
    Sample {
        game_loop,
        supply_used,
        alive: alive.iter().map(|(name, n)| ((*name).into(), *n)).collect(),
        ..Sample::default()
    }
}
