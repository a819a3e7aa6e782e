//! Agent steps on the wire: as demonstrations are stored, and as actors send them to a learner.

use std::sync::Arc;

#[cfg(feature = "torch")]
use super::behavior;
use super::game::{GAME_LOOPS, first_script, very_hard};
use super::{BenchError, Figures, failed, repeat};
use crate::action::{Interface, Specs};
use crate::agent::Agent;
use crate::env::{PLAYERS, Seat};
use crate::game::{MapData, Race, RawObservation, Seed};
use crate::obs::{Conditioning, Observation};
use crate::sim::{Sim, SimConfig};
use crate::trajectory::figures::wire_figures;
use crate::trajectory::{Step, Unroll, slice_unrolls};

/// Steps an unroll of demonstrations.
const DEMONSTRATION_STEPS: usize = 32;

/// A scripted player's 15 minutes against VeryHard on the wire, mean bytes and microseconds a step:
/// `trajectory.imitation.*` as stored for imitation (observation and action alone), `trajectory.{small,paper}.*` as an
/// actor with this network sends every third unroll for reinforcement learning: with log-probabilities of all heads, values,
/// rewards, and the LSTM's state before the unroll. `trajectory.bytes_per_step` is the largest of them.
///
/// # Errors
/// If the game or a network cannot be set up.
pub(super) fn wire(map: &Arc<MapData>, specs: &Specs, seed: Seed) -> Result<Figures, BenchError> {
    let steps = scripted_steps(map, specs, seed, GAME_LOOPS)?;
    let mut figures = Figures::default();
    let mut largest = 0.0f64;
    let mut measure = |name: &str, unrolls: &[Unroll], t| {
        largest = largest.max(measured(&mut figures, name, specs, unrolls, t));
    };
    #[cfg(feature = "torch")]
    for (size, unrolls) in behavior::sent(specs, &steps, seed)? {
        measure(size, &unrolls, behavior::unroll_steps());
    }
    let unrolls = slice_unrolls(steps, DEMONSTRATION_STEPS);
    measure("imitation", &unrolls, DEMONSTRATION_STEPS);
    figures.add("trajectory.bytes_per_step", "bytes", vec![largest]);
    Ok(figures)
}

/// Adds the figures of some unrolls of up to `t` steps; their bytes a step.
fn measured(figures: &mut Figures, name: &str, specs: &Specs, unrolls: &[Unroll], t: usize) -> f64 {
    let runs = repeat(5, |_| wire_figures(specs, unrolls, t));
    let mut add = |figure: &str, unit, of: fn(&_) -> f64| {
        let values = runs.iter().map(of).collect();
        figures.add(format!("trajectory.{name}.{figure}"), unit, values);
    };
    add("bytes_per_step", "bytes", |run| run.bytes_per_step);
    add("encode_us", "us", |run| run.encode_us);
    add("decode_us", "us", |run| run.decode_us);
    add("collate_us", "us", |run| run.collate_us);
    add("steps", "steps", |run| run.n as f64);
    runs[0].bytes_per_step
}

/// The agent steps of a scripted player's first `loops` game loops against VeryHard.
pub(super) fn scripted_steps(
    map: &Arc<MapData>,
    specs: &Specs,
    seed: Seed,
    loops: u32,
) -> Result<Vec<Step>, BenchError> {
    let seats = [
        Seat::Participant {
            race: Race::Terran,
            name: "bench".to_owned(),
        },
        very_hard(),
    ];
    let config = SimConfig {
        map: map.clone(),
        seats,
        seed: seed.fork("bench-wire", 0),
        disable_fog: false,
    };
    let mut sim = Sim::new(config).map_err(failed("a game"))?;
    let info = sim.game_info(PLAYERS[0]);
    let mut agent = first_script()?;
    agent.begin(&info, seed.fork("bench-wire-agent", 0));
    let mut interface = Interface::new(specs, &info, Conditioning::default());
    let mut raw = RawObservation::default();
    let mut steps = Vec::new();
    while sim.game_loop() < loops && sim.results().is_empty() {
        sim.observe_into(PLAYERS[0], &mut raw);
        let mut obs = Observation::default();
        interface.observe(&raw, &mut obs);
        let chosen = agent.act(&raw);
        for command in &chosen.commands {
            sim.submit(PLAYERS[0], command);
        }
        if let Some(action) = chosen.action {
            interface.record(&action, &obs);
            steps.push(Step {
                reset: steps.is_empty(),
                obs,
                action,
                behavior: None,
            });
        }
        sim.step(u32::from(chosen.skip_loops.max(1)));
    }
    Ok(steps)
}
