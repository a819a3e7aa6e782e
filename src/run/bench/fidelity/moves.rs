//! Ways between recorded positions: structures that fly over, workers that walk.

use super::super::{BenchError, Figures};
use super::ground::{Ground, SITE, get, row};
use super::real::{Flight, Real};
use super::{Line, SHARE, unexpected};
use crate::game::data::{self, ProductionKind, unit_ids as u};
use crate::game::{AbilityId, Point, Seed, Target};

const LIMIT: u32 = 2000;
const MOVE: AbilityId = AbilityId(16);
/// Recorded positions of walking units are whole cells: either end is off by half a cell or less.
const ROUNDING: f32 = 1.0;

/// `flight.NAME.CELLS`: from the lift-off to standing again; within 3%, for like flights of recorded games differ by as much.
pub(super) fn flights(figures: &mut Figures, real: &Real, seed: Seed) -> Result<(), BenchError> {
    for (i, flight) in real.flights.iter().enumerate() {
        let sim = fly(flight, seed)?;
        let [x, y] = flight.by;
        let name = format!("flight.{}.{}_by_{x}_{y}", i + 1, flight.structure);
        Line {
            allowed: SHARE * f64::from(flight.loops),
            ..Line::exact(name, sim, flight.loops, 1)
        }
        .add_to(figures);
    }
    Ok(())
}

fn fly(flight: &Flight, seed: Seed) -> Result<u32, BenchError> {
    let mut ground = Ground::rich(&[[7.0, 0.0]], &[], seed)?;
    let stands = row(&flight.structure)?;
    let flies = row(&format!("{}Flying", flight.structure))?;
    let way = |from, to: &data::UnitData| {
        let ways = data::unit(to.id).map_or(&[][..], |row| row.produced_by);
        let found = ways
            .iter()
            .find(|w| w.producer == from && w.kind == ProductionKind::ModeChange);
        found
            .map(|w| w.ability)
            .ok_or_else(|| unexpected("a way to lift off and land"))
    };
    let (up, down) = (way(stands.id, flies)?, way(flies.id, stands)?);
    let tag = ground.put(stands.id, SITE)?;
    ground.sim.step(1);
    ground.order(tag, up, Target::None)?;
    let lifted = ground.sim.game_loop() + 1;
    let to = SITE + Point::new(flight.by[0], flight.by[1]);
    let mut lands = flight.land_after.iter().peekable();
    let mut flew = false;
    for _ in 0..LIMIT {
        let now = ground.sim.game_loop();
        if lands.next_if(|after| lifted + **after <= now + 1).is_some() {
            ground.order(tag, down, Target::Point(to))?;
        }
        ground.sim.step(1);
        let id = get(ground.sim.state(), tag).map(|it| it.type_id);
        flew |= id == Some(flies.id);
        if flew && id == Some(stands.id) {
            return Ok(ground.sim.game_loop() - lifted);
        }
    }
    Err(unexpected("a landing"))
}

/// `walk.N`: loops for a worker's straight way between two recorded positions; within 3% and their rounding.
pub(super) fn walks(figures: &mut Figures, real: &Real, seed: Seed) -> Result<(), BenchError> {
    for (i, walk) in real.walks.iter().enumerate() {
        let by = Point::new(walk.by[0], walk.by[1]);
        let sim = stride(by, seed)?;
        let cells = by.length();
        let rounding = f64::from(walk.loops) * f64::from(ROUNDING / cells);
        Line {
            sim,
            allowed: SHARE * f64::from(walk.loops) + rounding,
            ..Line::exact(format!("walk.{}", i + 1), 0, walk.loops, 1)
        }
        .add_to(figures);
    }
    Ok(())
}

/// Loops in which a worker under way makes a distance.
fn stride(by: Point, seed: Seed) -> Result<f64, BenchError> {
    let mut ground = Ground::rich(&[[7.0, 0.0]], &[], seed)?;
    let half = by * 0.5;
    let (from, to) = (SITE - half, SITE + half);
    // A run-up and a run-out: recorded workers were under way at both ends.
    let ahead = by * (4.0 / by.length());
    let worker = ground.put(u::SCV, from - ahead)?;
    ground.order(worker, MOVE, Target::Point(to + ahead))?;
    let along = |at: Point| {
        let way = at - from;
        (way.x * by.x + way.y * by.y) / by.length()
    };
    let passed = |ground: &mut Ground, cells: f32| -> Result<f64, BenchError> {
        let mut last = along(from - ahead);
        for _ in 0..LIMIT {
            ground.sim.step(1);
            let now = get(ground.sim.state(), worker).map_or(last, |it| along(it.pos));
            if now >= cells {
                let part = f64::from((now - cells) / (now - last).max(1e-6));
                return Ok(f64::from(ground.sim.game_loop()) - part);
            }
            last = now;
        }
        Err(unexpected("a straight walk"))
    };
    let started = passed(&mut ground, 0.0)?;
    let ended = passed(&mut ground, by.length())?;
    Ok(ended - started)
}
