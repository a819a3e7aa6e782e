//! One player's game in figures that people talk about: build order, curves, mixes, bases, upgrades, harassment, actions, z.
//!
//! Everything is worked out from [`PlayerGame`]s alone. What a player did to others stands in the others' games, so
//! profiles are made of a whole set at once.

mod harassment;
mod mix;
mod news;
mod order;
#[cfg(test)]
mod tests;

pub use harassment::{Harassment, LINE_CELLS, RAID_LOOPS, Raid};
pub use mix::{MixPoint, Shares, mixes};
pub use news::news;
pub use order::{
    BUILD_STEPS_MAX, BuildStep, Expansion, Researched, StrategyStatistic, build_order, expansions,
    statistic, upgrades,
};

use super::game::{PlayerGame, Sample};
use super::kinds::{self, Kind};
use crate::game::{GameResult, LOOPS_PER_SECOND, Race};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Loops between two points of the grid on which curves of all games lie: 20 seconds.
pub const GRID_LOOPS: u32 = 448;
/// Loops of a minute at speed Faster.
pub const MINUTE_LOOPS: u32 = 1344;

/// One player's game in figures. All times are game loops.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Profile {
    pub file: PathBuf,
    pub player: u8,
    pub name: String,
    pub race: Race,
    pub opponent_race: Option<Race>,
    pub map: String,
    pub version: String,
    pub mmr: Option<f32>,
    pub is_ai: bool,
    pub result: Option<GameResult>,
    pub loops: u32,
    pub build_order: Vec<BuildStep>,
    /// One point a [`GRID_LOOPS`] from 0 to the game's end.
    pub curve: Vec<CurvePoint>,
    /// One point a minute, and one at the end.
    pub mixes: Vec<MixPoint>,
    pub expansions: Vec<Expansion>,
    pub upgrades: Vec<Researched>,
    pub harassment: Harassment,
    pub actions: Actions,
    pub z: StrategyStatistic,
}

/// A player's state at a point of the grid: that of the last sample before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct CurvePoint {
    pub game_loop: u32,
    pub workers: u32,
    pub supply_used: f32,
    pub supply_made: f32,
    pub army_value: u32,
    pub bases: u32,
    pub production: u32,
    pub minerals: u32,
    pub vespene: u32,
    pub minerals_rate: u32,
    pub vespene_rate: u32,
    pub killed_value: u32,
    pub lost_value: u32,
}

/// How busy a player was; nothing where no commands are recorded (the built-in AI).
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Actions {
    /// Commands given: camera, selections and control groups left out.
    pub commands: usize,
    /// Commands a minute over the whole game.
    pub per_minute: Option<f64>,
    /// Most commands within any minute.
    pub peak_minute: Option<usize>,
    /// Commands of each whole minute.
    pub by_minute: Vec<u32>,
}

/// The profiles of a set of games, in their order.
pub fn profiles(games: &[PlayerGame]) -> Vec<Profile> {
    let mut by_file: BTreeMap<&Path, Vec<&PlayerGame>> = BTreeMap::new();
    for game in games {
        by_file.entry(&game.file).or_default().push(game);
    }
    games
        .iter()
        .map(|it| profile(it, &by_file[it.file.as_path()]))
        .collect()
}

/// One player's profile; `together` is every player's game of the same file.
pub fn profile(game: &PlayerGame, together: &[&PlayerGame]) -> Profile {
    Profile {
        file: game.file.clone(),
        player: game.player,
        name: game.name.clone(),
        race: game.race,
        opponent_race: game.opponent_race,
        map: game.map.clone(),
        version: game.version.clone(),
        mmr: game.mmr,
        is_ai: game.is_ai,
        result: game.result,
        loops: game.loops,
        build_order: build_order(game, BUILD_STEPS_MAX),
        curve: curve(game),
        mixes: mixes(game),
        expansions: expansions(game),
        upgrades: upgrades(game),
        harassment: Harassment::of(game, together),
        actions: actions(game),
        z: statistic(game),
    }
}

/// The last sample at or before a loop.
pub fn sample_at(game: &PlayerGame, game_loop: u32) -> Option<&Sample> {
    let at = game.samples.partition_point(|it| it.game_loop <= game_loop);
    game.samples[..at].last()
}

/// How many of a kind live in a sample.
pub fn alive_of(sample: &Sample, kind: Kind) -> u32 {
    let of_kind = sample
        .alive
        .iter()
        .filter(|(name, _)| kinds::kind(name) == kind);
    of_kind.map(|(_, n)| n).sum()
}

fn curve(game: &PlayerGame) -> Vec<CurvePoint> {
    let grid = (0..=game.loops / GRID_LOOPS).map(|i| i * GRID_LOOPS);
    grid.map(|game_loop| {
        // Before the first sample (loop 1) stands what that one says: nothing was made yet.
        let sample = sample_at(game, game_loop.max(1));
        let Some(it) = sample else {
            return CurvePoint {
                game_loop,
                ..CurvePoint::default()
            };
        };
        CurvePoint {
            game_loop,
            workers: it.workers,
            supply_used: it.supply_used,
            supply_made: it.supply_made,
            army_value: it.army_value,
            bases: alive_of(it, Kind::TownHall),
            production: alive_of(it, Kind::Production),
            minerals: it.minerals,
            vespene: it.vespene,
            minerals_rate: it.minerals_rate,
            vespene_rate: it.vespene_rate,
            killed_value: it.killed_value,
            lost_value: it.lost_value,
        }
    })
    .collect()
}

fn actions(game: &PlayerGame) -> Actions {
    let n = game.commands.len();
    let minutes = f64::from(game.loops) / LOOPS_PER_SECOND / 60.0;
    let whole = game.loops / MINUTE_LOOPS;
    let in_minute = |minute: u32| {
        let within = |at: &&u32| **at / MINUTE_LOOPS == minute;
        game.commands.iter().filter(within).count() as u32
    };
    let known = n > 0 && minutes > 0.0;
    let peak = || {
        let until = |at: u32| {
            let end = at.saturating_add(MINUTE_LOOPS);
            game.commands.partition_point(|it| *it < end)
        };
        let runs = game
            .commands
            .iter()
            .enumerate()
            .map(|(i, at)| until(*at) - i);
        runs.max()
    };
    Actions {
        commands: n,
        per_minute: known.then(|| n as f64 / minutes),
        peak_minute: if known { peak() } else { None },
        by_minute: if known {
            (0..whole).map(in_minute).collect()
        } else {
            Vec::new()
        },
    }
}
