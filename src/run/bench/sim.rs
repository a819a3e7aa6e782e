//! The simulator: how fast, and where its time goes.

use std::time::Instant;

use super::game::{GAME_LOOPS, very_hard_game};
use super::{BenchError, Figures, repeat};
use crate::game::Seed;
use crate::run::default_map;
use crate::sim::{Phase, PhaseWatch};

/// `sim.loops_per_second`: one core, a TvT between VeryHard AIs on a ladder-sized map, fog and AI included, up to 15
/// minutes of game time; `sim.<phase>_us`: microseconds of each phase a loop, in the same games played again.
///
/// # Errors
/// If the game cannot be set up.
pub fn sim(seed: Seed) -> Result<Figures, BenchError> {
    let map = default_map();
    let runs = repeat(7, |idx| {
        let mut sim = very_hard_game(&map, seed.fork("bench-sim", idx as u64), false)?;
        let started = Instant::now();
        sim.step(GAME_LOOPS);
        Ok((started.elapsed().as_secs_f64(), sim.game_loop()))
    });
    let runs = runs
        .into_iter()
        .collect::<Result<Vec<(f64, u32)>, BenchError>>()?;
    let mut figures = Figures::default();
    let loops = |run: &(f64, u32)| f64::from(run.1);
    figures.add(
        "sim.loops_per_second",
        "loops/s",
        runs.iter().map(|run| loops(run) / run.0).collect(),
    );
    figures.add("sim.game_loops", "loops", runs.iter().map(loops).collect());
    let phases = repeat(7, |idx| {
        let mut sim = very_hard_game(&map, seed.fork("bench-sim", idx as u64), false)?;
        let mut clock = PhaseClock::start();
        sim.step_watched(GAME_LOOPS, &mut clock);
        Ok(clock.seconds.map(|s| s / f64::from(sim.game_loop())))
    });
    let phases = phases.into_iter().collect::<Result<Vec<_>, BenchError>>()?;
    for phase in Phase::ALL {
        let us = phases.iter().map(|run| run[phase as usize] * 1e6);
        figures.add(format!("sim.{}_us", phase.name()), "us/loop", us.collect());
    }
    Ok(figures)
}

/// Seconds spent in each phase.
struct PhaseClock {
    seconds: [f64; Phase::ALL.len()],
    last: Instant,
}

impl PhaseClock {
    fn start() -> PhaseClock {
        PhaseClock {
            seconds: [0.0; Phase::ALL.len()],
            last: Instant::now(),
        }
    }
}

impl PhaseWatch for PhaseClock {
    fn ended(&mut self, phase: Phase) {
        let now = Instant::now();
        self.seconds[phase as usize] += (now - self.last).as_secs_f64();
        self.last = now;
    }
}
