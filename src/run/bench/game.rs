//! The encoder and replay files.

use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use super::wire::wire;
use super::{BenchError, Figures, failed, repeat, seconds_per_call};
use crate::action::{ActionConfig, Specs};
use crate::agent::scripted::{self, ScriptedAgent};
use crate::env::{AiBuild, Arena, Difficulty, PLAYERS, Seat};
use crate::evaluator::{GameOptions, GamePlan, SeatPlayer, play_game};
use crate::game::{GameInfo, LOOPS_PER_SECOND, MapData, Race, RawObservation, Seed};
use crate::obs::ObsConfig;
use crate::replay as replays;
use crate::run::default_map;
use crate::sim::{Sim, SimConfig};
use crate::trajectory::figures::observe_figures;

/// Game loops of a 15-minute game.
pub(super) const GAME_LOOPS: u32 = (15.0 * 60.0 * LOOPS_PER_SECOND) as u32;
/// The observation that is encoded holds at least so many units.
const OBSERVED_UNITS: usize = 200;
/// Such observations to encode.
const OBSERVATIONS: usize = 8;
/// Where the search for one ends.
const OBSERVED_LOOPS_MAX: u32 = 40_000;

/// `observe.us`: one player's raw observations to the arrays that the network reads, legal functions included, at
/// `observe.units` units on average; `trajectory.*`: agent steps on the wire, see [`wire`].
///
/// # Errors
/// If the games cannot be set up.
pub fn observe(seed: Seed) -> Result<Figures, BenchError> {
    let map = default_map();
    let specs = specs()?;
    let (info, raws, raw_seconds) = crowded_observations(&map, seed)?;
    let runs = repeat(9, |_| observe_figures(&specs, &info, &raws, 100));
    let mut figures = Figures::default();
    figures.add("observe.us", "us", runs.iter().map(|run| run.us).collect());
    figures.add(
        "observe.units",
        "units",
        runs.iter().map(|run| run.units).collect(),
    );
    figures.add(
        "observe.raw_us",
        "us",
        raw_seconds.iter().map(|s| s * 1e6).collect(),
    );
    figures.extend(wire(&map, &specs, seed)?);
    Ok(figures)
}

/// Observations with at least [`OBSERVED_UNITS`] units of a game without fog, and how long the game took for each.
fn crowded_observations(
    map: &Arc<MapData>,
    seed: Seed,
) -> Result<(GameInfo, Vec<RawObservation>, Vec<f64>), BenchError> {
    let mut sim = very_hard_game(map, seed.fork("bench-observe", 0), true)?;
    let (mut raws, mut seconds) = (Vec::new(), Vec::new());
    let mut last = RawObservation::default();
    while raws.len() < OBSERVATIONS
        && sim.game_loop() < OBSERVED_LOOPS_MAX
        && sim.results().is_empty()
    {
        sim.step(112);
        let started = Instant::now();
        sim.observe_into(PLAYERS[0], &mut last);
        seconds.push(started.elapsed().as_secs_f64());
        if last.units.len() >= OBSERVED_UNITS {
            raws.push(last.clone());
        }
    }
    if raws.is_empty() {
        raws.push(last); // a game that ended early: `observe.units` says so
    }
    Ok((sim.game_info(PLAYERS[0]), raws, seconds))
}

/// `replay.own_ms`: a whole replay file of ours read and decoded; `replay.own_info_ms`: its header alone.
///
/// # Errors
/// If the game cannot be set up, or the file cannot be written to the temporary folder and read again.
pub fn replay(seed: Seed) -> Result<Figures, BenchError> {
    let folder = tempfile::tempdir().map_err(failed("a temporary folder"))?;
    let path = folder
        .path()
        .join("bench")
        .with_extension(replays::EXTENSION);
    let plan = GamePlan {
        map: default_map(),
        seed: seed.fork("bench-replay", 0),
        names: ["bench-1", "bench-2"].map(str::to_owned),
        ratings: [None, None],
    };
    let players = [scripted_player()?, scripted_player()?];
    let options = GameOptions {
        loops_max: GAME_LOOPS,
        record: true,
        stop: &AtomicBool::new(false),
        arena: &Arena::Simulator,
    };
    let outcome = play_game(&plan, players, options).map_err(failed("a game to record"))?;
    let recorded = outcome
        .replay
        .ok_or_else(|| failed("a game to record")(std::io::Error::other("no replay was kept")))?;
    replays::write(&path, &recorded).map_err(failed("a replay file"))?;
    let read = || replays::read(&path).map(|replay| black_box(replay.commands.len()));
    let commands = read().map_err(failed("a replay file"))?;
    let seconds = seconds_per_call(9, 0.2, || {
        black_box(read().ok());
    });
    let info_seconds = seconds_per_call(9, 0.2, || {
        black_box(replays::info(&path).ok());
    });
    let mut figures = Figures::default();
    figures.add(
        "replay.own_ms",
        "ms",
        seconds.iter().map(|s| s * 1e3).collect(),
    );
    figures.add(
        "replay.own_info_ms",
        "ms",
        info_seconds.iter().map(|s| s * 1e3).collect(),
    );
    figures.add("replay.own_commands", "commands", vec![commands as f64]);
    Ok(figures)
}

pub(super) fn specs() -> Result<Specs, BenchError> {
    Specs::new(ObsConfig::default(), ActionConfig::default()).map_err(failed("the action space"))
}

pub(super) fn very_hard() -> Seat {
    Seat::Computer {
        race: Race::Terran,
        level: Difficulty::VeryHard,
        build: AiBuild::default(),
    }
}

pub(super) fn very_hard_game(
    map: &Arc<MapData>,
    seed: Seed,
    disable_fog: bool,
) -> Result<Sim, BenchError> {
    let config = SimConfig {
        map: map.clone(),
        seats: [very_hard(), very_hard()],
        seed,
        disable_fog,
    };
    Sim::new(config).map_err(failed("a game"))
}

/// The first scripted player: one whose commands are recorded.
pub(super) fn first_script() -> Result<ScriptedAgent, BenchError> {
    let first = scripted::names()
        .first()
        .and_then(|name| scripted::by_name(name));
    first.ok_or_else(|| failed("a scripted player")(std::io::Error::other("there is none")))
}

fn scripted_player() -> Result<SeatPlayer, BenchError> {
    Ok(SeatPlayer::Agent {
        race: Race::Terran,
        agent: Box::new(first_script()?),
    })
}
