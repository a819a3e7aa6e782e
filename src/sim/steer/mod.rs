//! Movement: brings units to their goals, past walls and each other.
//!
//! Invariant: a ground unit on a walkable cell never leaves walkable cells; who stands has nobody inside of him for long.
//!
//! Flow of a loop: each unit plans a step as if it were alone (`follow`), or on a straight leg makes the last one again
//! (`coast`); ground units go through the `crowd`, which turns them `aside` and pushes overlaps apart; workers at mining
//! pass through everybody; reapers jump `cliffs`; flyers pass over everybody and part slowly while they stand. Who ends up under a new
//! structure walks out of it first.

mod aside;
mod cliffs;
mod coast;
pub mod crowd;
pub mod follow;
mod nav;
mod places;
#[cfg(test)]
pub(crate) mod tests;

pub use nav::Nav;

use super::combat::Motion;
use super::state::State;
use super::unit::{Stance, Unit};
use crate::game::Point;
use crate::game::data::unit_ids as u;
use crowd::{Body, Crowd, Firmness};
use follow::Plan;

/// Loops for which somebody who was moved keeps looking after overlaps.
const AWAKE_LOOPS: u8 = 16;
/// Cells a loop at which flyers that stand on each other part.
const DRIFT: f32 = 0.03;
/// Cells a loop at which somebody walks out from under a structure, at least.
const EJECT_SPEED: f32 = 0.2;

/// Working memory of movement, reused from loop to loop; holds nothing that matters between loops.
#[derive(Clone, Debug, Default)]
pub struct Scratch {
    crowd: Crowd,
    /// Slots of the crowd's bodies, and of flyers.
    walkers: Vec<u16>,
    flyers: Vec<u16>,
}

/// Moves every unit that has a goal by at most its speed, and makes room.
pub fn run(state: &mut State) {
    let now = state.game_loop;
    let mut scratch = std::mem::take(&mut state.steer);
    let (walk, version) = (state.blocked.walk.as_slice(), state.blocked.version);
    state.paths.sync(walk, version);
    scratch.crowd.bodies.clear();
    scratch.walkers.clear();
    scratch.flyers.clear();
    for i in state.first_player()..state.order.len() {
        let slot = state.order[i];
        let unit = &mut state.units[usize::from(slot)];
        // What is under the ground is nobody's obstacle.
        let fixed = unit.data.is_structure && !unit.flying || unit.is_burrowed();
        if unit.inside || !unit.alive || fixed || unit.asleep > now {
            continue;
        }
        let jumps = unit.type_id == u::REAPER;
        let plan = if jumps {
            let map = &state.map;
            let ways = state
                .jumps
                .get_or_insert_with(|| Box::new(cliffs::paths(map)));
            ways.sync(state.blocked.walk.as_slice(), version);
            follow::plan(unit, ways, now)
        } else {
            follow::plan(unit, &mut state.paths, now)
        };
        if jumps && cliffs::over_cliff(unit, &plan, state.paths.nav()) {
            let to = unit.pos + plan.step;
            place(unit, to, plan.coasts, now);
            continue;
        }
        if unit.flying {
            move_flyer(unit, &plan, now);
            scratch.flyers.push(slot);
        } else if !plan.coasts && eject(unit, &state.paths, now) {
        } else if unit.phasing && plan.step == Point::default() {
            unit.velocity = plan.step;
        } else if unit.phasing {
            let alone = unit.pos + plan.step;
            let to = crowd::on_terrain(state.paths.nav(), unit.pos, alone);
            unit.nav.strayed |= to != alone;
            place(unit, to, plan.coasts, now);
        } else {
            scratch.crowd.bodies.push(body(unit, plan, now));
            scratch.walkers.push(slot);
        }
    }
    scratch.crowd.solve(state.paths.nav());
    for (body, &slot) in scratch.crowd.bodies.iter().zip(&scratch.walkers) {
        write_back(&mut state.units[usize::from(slot)], body, now);
    }
    part_flyers(state, &scratch.flyers);
    state.steer = scratch;
}

fn body(unit: &Unit, plan: Plan, now: u32) -> Body {
    let moves = plan.step.x != 0.0 || plan.step.y != 0.0;
    let holds = unit.stance == Stance::Hold
        || unit.arms.motion == Motion::Stand
        || unit.speed <= 0.0
        || (!unit.orders.is_empty() && !unit.arrived && !unit.stuck);
    let firmness = if moves {
        Firmness::Moving
    } else if holds {
        Firmness::Firm
    } else {
        Firmness::Idle
    };
    let tick = now.wrapping_add(unit.me.slot() as u32);
    Body {
        pos: unit.pos,
        radius: unit.radius,
        step: plan.step,
        alone: unit.pos + plan.step,
        coasts: plan.coasts,
        owner: unit.owner,
        firmness,
        // Who goes straight on undisturbed looks every other loop; players' slots alternate, so that of two who head for
        // each other one always looks. Now and then everybody does: units are also set down on each other.
        awake: (moves && !(plan.coasts && tick.is_multiple_of(2)))
            || tick.is_multiple_of(16)
            || (unit.nav.awake > 0 && firmness == Firmness::Idle),
        side: unit.nav.side,
        slot: unit.me.slot() as u16,
        goal: if moves { plan.last_leg } else { unit.nav.rest },
        joined: false,
        next: unit.pos,
    }
}

fn write_back(unit: &mut Unit, body: &Body, now: u32) {
    let moved = body.next != unit.pos;
    unit.nav.awake = if moved {
        AWAKE_LOOPS
    } else {
        unit.nav.awake.saturating_sub(1)
    };
    unit.nav.side = body.side;
    if body.firmness == Firmness::Moving {
        unit.nav.strayed |= body.next != body.alone;
        place(unit, body.next, body.coasts, now);
        if body.joined {
            follow::rest(unit, false);
        }
    } else {
        unit.velocity = Point::default();
        if moved {
            // Who is pushed while idle does not go back.
            unit.pos = body.next;
            stays_here(unit);
        }
    }
}

/// An idle unit that was pushed has its post where it is now.
fn stays_here(unit: &mut Unit) {
    if unit.orders.is_empty() && unit.arms.motion == Motion::Orders {
        unit.post = unit.pos;
    }
}

/// Puts a unit where its own movement brought it. `coasts`: it faces that way already, if it came as far as it meant to.
/// Who is pushed about turns every other loop only.
fn place(unit: &mut Unit, to: Point, coasts: bool, now: u32) {
    unit.velocity = to - unit.pos;
    unit.pos = to;
    let as_planned = unit.nav.coast.is_at(to);
    if coasts && as_planned {
        return;
    }
    let turns = as_planned || (now + unit.me.slot() as u32).is_multiple_of(2);
    let direction = unit.velocity;
    if !(turns && follow::face(unit, direction) && as_planned) {
        unit.nav.coast.left = 0;
    }
}

fn move_flyer(unit: &mut Unit, plan: &Plan, now: u32) {
    let step = plan.step;
    let to = unit.pos + step;
    let moved = step.x != 0.0 || step.y != 0.0;
    unit.nav.awake = if moved {
        AWAKE_LOOPS
    } else {
        unit.nav.awake.saturating_sub(1)
    };
    place(unit, to, plan.coasts, now);
}

/// Moves a unit that stands where nobody can toward the nearest free cell; true if it did.
fn eject(unit: &mut Unit, paths: &super::path::Pathfinder, now: u32) -> bool {
    // Builders work from within the structure they put up.
    if unit.phasing || unit.speed <= 0.0 || paths.nav().walkable_at(unit.pos) {
        return false;
    }
    let Some(free) = paths.nearest_walkable(unit.pos, 12) else {
        return false;
    };
    let to = unit.pos.toward(
        free,
        unit.speed.max(EJECT_SPEED).min(unit.pos.distance(free)),
    );
    place(unit, to, false, now);
    unit.nav.awake = AWAKE_LOOPS;
    true
}

/// Flyers that stand and overlap drift apart.
fn part_flyers(state: &mut State, flyers: &[u16]) {
    let now = state.game_loop;
    for (k, &slot) in flyers.iter().enumerate() {
        let me = &state.units[usize::from(slot)];
        let still = me.velocity.x == 0.0 && me.velocity.y == 0.0;
        let looks = me.nav.awake > 0 || now.wrapping_add(u32::from(slot)) % 16 == 0;
        if !still || !looks || me.data.is_structure {
            continue;
        }
        let (pos, radius) = (me.pos, me.radius);
        let mut push = Point::default();
        for (j, &other) in flyers.iter().enumerate() {
            let it = &state.units[usize::from(other)];
            let width = radius + it.radius;
            let apart = pos - it.pos;
            let d2 = apart.x * apart.x + apart.y * apart.y;
            if j == k || d2 >= width * width || it.data.is_structure {
                continue;
            }
            let d = d2.sqrt();
            push = push
                + if d > 1e-3 {
                    apart * ((width - d) / d)
                } else {
                    let (sin, cos) = crate::game::math::sin_cos((k * 5 + j) as f32 % 6.25);
                    Point::new(cos, sin) * if k < j { width } else { -width }
                };
        }
        let length = push.length();
        if length > 1e-3 {
            let playable = state.map.playable;
            let me = &mut state.units[usize::from(slot)];
            let to = me.pos + push * (DRIFT.min(length * 0.5) / length);
            if playable.contains(to) {
                me.pos = to;
                me.nav.awake = AWAKE_LOOPS;
                stays_here(me);
            }
        }
    }
}
