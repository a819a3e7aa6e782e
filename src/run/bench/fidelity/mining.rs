//! Minerals and gas a minute, at equal numbers of workers.
//!
//! Each recorded opening is played again: the same fields, workers that come and go at the same loops, and what came in within
//! the same windows of 240 loops is compared. So the number of workers, the age of each and the layout are the same on
//! both sides; what remains is who mines which field, and workers that a recorded player had elsewhere without our knowing.

use std::collections::BTreeMap;

use super::super::{BenchError, Figures};
use super::ground::{Ground, own};
use super::real::{Crews, Opening, Real};
use super::{Line, allowance, unexpected};
use crate::game::data::unit_ids as u;
use crate::game::{AbilityId, Point, Seed, Target, UnitTag};
use crate::sim::economy;

/// Loops in which the game counts what it calls a rate, and in a minute.
const WINDOW: u32 = 240;
const MINUTE: f64 = 1344.0;
const GATHER: AbilityId = AbilityId(295);
const LOAD: f64 = 5.0;
const GAS_LOAD: f64 = 4.0;
/// Numbers of workers that get a line: fewer or more were seen too seldom.
const WORKERS: std::ops::RangeInclusive<u32> = 12..=14;
/// Loops before gas is counted, and for which it is.
const GAS_START: u32 = 480;
const GAS_LOOPS: u32 = 2400;

/// What was brought home in like windows, recorded and simulated.
#[derive(Default)]
struct Pairs(Vec<Pair>);

struct Pair {
    /// The recorded player: windows of one are not independent.
    player: usize,
    real: f64,
    sim: f64,
}

impl Pairs {
    fn add_to(&self, figures: &mut Figures, name: String, load: f64) {
        let n = self.0.len() as f64;
        if self.0.is_empty() {
            return;
        }
        let a_minute = load * MINUTE / f64::from(WINDOW);
        let mean = |pick: fn(&Pair) -> f64| self.0.iter().map(pick).sum::<f64>() / n;
        let (real, sim) = (mean(|p| p.real), mean(|p| p.sim));
        let standard_error = self.standard_error(real - sim) * a_minute;
        let real = real * a_minute;
        Line {
            name,
            unit: "a minute",
            n: self.0.len(),
            sim: sim * a_minute,
            real,
            standard_error,
            allowed: allowance(real, standard_error),
            known: None,
        }
        .add_to(figures);
    }

    /// Standard error of the mean difference, by recorded player.
    fn standard_error(&self, mean: f64) -> f64 {
        let mut by_player: BTreeMap<usize, f64> = BTreeMap::new();
        for pair in &self.0 {
            *by_player.entry(pair.player).or_default() += pair.real - pair.sim - mean;
        }
        let k = by_player.len() as f64;
        if k < 2.0 {
            return 0.0;
        }
        let squares: f64 = by_player.values().map(|d| d * d).sum();
        (squares * k / (k - 1.0)).sqrt() / self.0.len() as f64
    }
}

/// `minerals.N`: with N workers at minerals, and `minerals.all`.
pub(super) fn minerals(figures: &mut Figures, real: &Real, seed: Seed) -> Result<(), BenchError> {
    let mut bins: BTreeMap<u32, Pairs> = BTreeMap::new();
    let mut all = Pairs::default();
    for (player, opening) in real.mining.iter().enumerate() {
        let loads = play(opening, seed.fork("mining", player as u64))?;
        for (&(end, real), sim) in opening.windows.iter().zip(loads) {
            let workers = workers_in(opening, end);
            if !WORKERS.contains(&workers) {
                continue;
            }
            for pairs in [bins.entry(workers).or_default(), &mut all] {
                pairs.0.push(Pair {
                    player,
                    real: f64::from(real),
                    sim,
                });
            }
        }
    }
    for (workers, pairs) in bins {
        pairs.add_to(figures, format!("minerals.{workers}"), LOAD);
    }
    all.add_to(figures, "minerals.all".to_owned(), LOAD);
    Ok(())
}

/// Workers at minerals in the window that ends at a loop: the mean over its loops, to the next whole number.
fn workers_in(opening: &Opening, end: u32) -> u32 {
    let mut mean = 12.0;
    for &(at, by) in &opening.changes {
        let loops = end.saturating_sub(at).min(WINDOW);
        mean += f64::from(by) * f64::from(loops) / f64::from(WINDOW);
    }
    mean.round() as u32
}

/// Loads of the simulator's workers in the recorded windows.
fn play(opening: &Opening, seed: Seed) -> Result<Vec<f64>, BenchError> {
    let mut ground = Ground::new(&opening.fields, &[], seed)?;
    let mut workers: Vec<UnitTag> = own(ground.sim.state(), u::SCV)
        .map(|w| w.me.tag())
        .collect();
    let last = opening.windows.last().map_or(0, |w| w.0);
    let mut collected = vec![0.0; last as usize + 1];
    let mut changes = opening.changes.iter().peekable();
    for now in 0..=last {
        while let Some(&(_, by)) = changes.next_if(|change| change.0 <= now) {
            for _ in 0..by.max(0) {
                workers.push(join(&mut ground)?);
            }
            for _ in 0..(-by).max(0) {
                let gone = workers
                    .pop()
                    .ok_or_else(|| unexpected("a worker that leaves"))?;
                ground.sim.debug_kill(gone);
            }
        }
        collected[now as usize] = f64::from(ground.minerals_collected());
        ground.sim.step(1);
    }
    let before = |end: u32| collected[(end - WINDOW) as usize];
    let loads = |end: u32| (collected[end as usize] - before(end)) / LOAD;
    Ok(opening.windows.iter().map(|w| loads(w.0)).collect())
}

/// A worker steps out of the town hall and goes to the nearest of the fields with the fewest workers.
fn join(ground: &mut Ground) -> Result<UnitTag, BenchError> {
    let state = ground.sim.state();
    let fields = economy::fields_near(state, ground.home);
    let field = fields
        .iter()
        .min_by_key(|field| state.units[field.slot()].harvesters)
        .ok_or_else(|| unexpected("a mineral field"))?;
    let (tag, at) = (field.tag(), state.units[field.slot()].pos);
    let worker = ground.put(u::SCV, ground.home.toward(at, 3.2))?;
    ground.order(worker, GATHER, Target::Unit(tag))?;
    Ok(worker)
}

/// `gas.three`: what a gas structure gives with its crew of three.
pub(super) fn gas(figures: &mut Figures, real: &Real, seed: Seed) -> Result<(), BenchError> {
    let mut pairs = Pairs::default();
    for (player, crews) in real.gas.iter().enumerate() {
        let loads = drill(crews, seed.fork("gas", player as u64))?;
        pairs
            .0
            .extend(crews.windows.iter().map(|&(structures, real)| Pair {
                player,
                real: f64::from(real) / f64::from(structures),
                sim: loads,
            }));
    }
    pairs.add_to(figures, "gas.three".to_owned(), GAS_LOAD);
    Ok(())
}

/// Loads in a window of the simulator's crews of three at the recorded geysers, a structure.
fn drill(crews: &Crews, seed: Seed) -> Result<f64, BenchError> {
    let mut ground = Ground::new(&[[7.0, 0.0]], &crews.geysers, seed)?;
    let mut workers = own(ground.sim.state(), u::SCV)
        .map(|w| w.me.tag())
        .collect::<Vec<_>>();
    for by in &crews.geysers {
        let at = Point::new(ground.home.x + by[0], ground.home.y + by[1]);
        let made = ground.sim.debug_create(u::REFINERY, 1, at, 1);
        made.map_err(super::super::failed("a refinery"))?;
    }
    let houses: Vec<UnitTag> = own(ground.sim.state(), u::REFINERY)
        .map(|r| r.me.tag())
        .collect();
    for house in &houses {
        for worker in workers.drain(..3) {
            ground.order(worker, GATHER, Target::Unit(*house))?;
        }
    }
    ground.sim.step(GAS_START);
    let before = ground.vespene_collected();
    ground.sim.step(GAS_LOOPS);
    let loads = f64::from(ground.vespene_collected() - before) / GAS_LOAD;
    Ok(loads * f64::from(WINDOW) / f64::from(GAS_LOOPS) / houses.len() as f64)
}
