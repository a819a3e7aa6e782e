//! One unit's way: which goal counts, which corner comes next, how fast it may go.

use super::Nav;
use crate::game::Point;
use crate::game::math::{atan2, wrap_angle};
use crate::sim::combat::Motion;
use crate::sim::path::Pathfinder;
use crate::sim::unit::{Goal, Unit};
use std::f32::consts::PI;

/// Center distance that counts as being there.
const EPSILON: f32 = 1e-3;
/// A corner closer than this may be left for the next one if that is in sight.
const CORNER_REACH: f32 = 0.6;
/// A chased unit that has moved less than this since the last plan changes only the plan's end.
const DRIFT_MAX: f32 = 2.0;
/// Checks of progress without any, eight loops each, until a unit takes where it is for its goal.
const SLOW_MAX: u8 = 5;
/// Farther away than this nobody gives up.
const GIVE_UP_REACH: f32 = 10.0;

/// What a unit would do in this loop, were it alone.
#[derive(Clone, Copy, Debug, Default)]
pub struct Plan {
    pub step: Point,
    /// The goal, if nothing but the last straight leg to it is left.
    pub last_leg: Option<Point>,
}

/// The goal that counts now: combat's while it chases, none while it stands to shoot, else the order's.
pub fn goal_of(unit: &Unit) -> Option<Goal> {
    match unit.arms.motion {
        Motion::Orders if unit.arrived || unit.stuck => None,
        Motion::Orders => unit.goal,
        Motion::Stand => None,
        Motion::Chase(goal) => Some(goal),
    }
}

/// Plans a unit's step and notes when it has arrived.
pub fn plan(unit: &mut Unit, paths: &mut Pathfinder, now: u32) -> Plan {
    let Some(goal) = goal_of(unit) else {
        unit.nav.version = 0;
        return Plan::default();
    };
    let left = unit.pos.distance(goal.at);
    if left <= goal.reach + EPSILON {
        rest(unit, true);
        return Plan::default();
    }
    if unit.speed <= 0.0 {
        return Plan::default();
    }
    let tick = now.wrapping_add(unit.me.slot() as u32);
    let speed = speed_now(unit, left - goal.reach);
    if unit.flying {
        let step = (goal.at - unit.pos) * (speed.min(left - goal.reach) / left);
        return Plan {
            step,
            last_leg: None,
        };
    }
    if !paths.nav().walkable_at(unit.pos) {
        return Plan::default(); // `eject` moves it
    }
    route(unit, goal.at, paths, tick);
    let Some(&corner) = unit.nav.corners.last() else {
        rest(unit, false);
        return Plan::default();
    };
    let last = unit.nav.corners.len() == 1;
    if last && tick % 8 == 0 && !progresses(&mut unit.nav, left, speed) {
        rest(unit, false);
        return Plan::default();
    }
    let distance = unit.pos.distance(corner);
    let exact = corner == goal.at;
    if last && !exact && distance <= 0.1 {
        // As near as one can come.
        rest(unit, false);
        return Plan::default();
    }
    let length = if last && exact {
        speed.min(left - goal.reach)
    } else {
        speed.min(distance)
    };
    Plan {
        step: (corner - unit.pos) * (length / distance.max(1e-4)),
        last_leg: last.then_some(goal.at),
    }
}

/// The unit is where it wanted to be, or as near as it can get.
pub fn rest(unit: &mut Unit, arrived: bool) {
    let Some(goal) = goal_of(unit) else { return };
    if unit.arms.motion == Motion::Orders {
        unit.arrived = arrived;
        unit.stuck = !arrived;
        unit.nav.rest = Some(goal.at);
    }
    unit.nav.version = 0;
    unit.nav.slow = 0;
}

/// Speed in this loop: gained by acceleration, and for flyers lost again before the goal.
fn speed_now(unit: &Unit, left: f32) -> f32 {
    let acceleration = unit.data.acceleration;
    if acceleration <= 0.0 {
        return unit.speed;
    }
    let speed = unit.speed.min(unit.velocity.length() + acceleration);
    if !unit.flying {
        return speed;
    }
    speed.min((2.0 * acceleration * left.max(0.0)).sqrt() + acceleration)
}

/// Keeps `unit.nav.corners` leading from where the unit is to `goal`.
fn route(unit: &mut Unit, goal: Point, paths: &mut Pathfinder, tick: u32) {
    let version = paths.version();
    let (pos, nav) = (unit.pos, &mut unit.nav);
    let finder = paths;
    if nav.version == 0 || nav.planned != goal {
        retarget(nav, pos, goal, finder, tick);
        nav.version = version;
    } else if nav.version != version {
        if !still_clear(nav, pos, finder) {
            replan(nav, pos, goal, finder);
        }
        nav.version = version;
    } else if tick % 4 == 0 {
        let grid = finder.nav();
        let count = nav.corners.len();
        if count > 1 && grid.line_of_walk(pos, nav.corners[count - 2]) {
            nav.corners.pop();
        } else if count > 0 && !grid.ray_clear(pos, nav.corners[count - 1]) && tick % 16 == 0 {
            replan(nav, pos, goal, finder);
        }
    }
    while nav.corners.len() > 1 {
        let count = nav.corners.len();
        let d2 = pos.distance_squared(nav.corners[count - 1]);
        let passed = d2 < 0.02
            || (d2 < CORNER_REACH * CORNER_REACH
                && finder.nav().ray_clear(pos, nav.corners[count - 2]));
        if !passed {
            break;
        }
        nav.corners.pop();
    }
}

/// A new goal: straight if that is free; a goal that only drifts keeps the way to it for some loops.
fn retarget(nav: &mut Nav, pos: Point, goal: Point, finder: &mut Pathfinder, tick: u32) {
    let known = nav.version != 0 && nav.corners.len() > 1;
    let drifts = known && nav.planned.distance_squared(goal) < DRIFT_MAX * DRIFT_MAX;
    if finder.nav().line_of_walk(pos, goal) {
        nav.corners.clear();
        nav.corners.push(goal);
    } else if drifts && tick % 16 != 0 && finder.nav().walkable_at(goal) {
        nav.corners[0] = goal;
    } else {
        replan(nav, pos, goal, finder);
    }
    if !drifts {
        nav.slow = 0;
        nav.left_before = f32::INFINITY;
    }
    nav.planned = goal;
}

fn replan(nav: &mut Nav, pos: Point, goal: Point, finder: &mut Pathfinder) {
    finder.find(pos, goal, &mut nav.corners);
    nav.corners.reverse();
}

fn still_clear(nav: &Nav, pos: Point, finder: &Pathfinder) -> bool {
    // A way that ends beside a blocked goal may have become exact, so it is looked for again.
    let exact = nav.corners.first() == Some(&nav.planned);
    let mut here = pos;
    exact
        && nav.corners.iter().rev().all(|&corner| {
            let clear = finder.nav().ray_clear(here, corner);
            here = corner;
            clear
        })
}

/// Looks at the way made in the last eight loops; false when the unit should give up.
fn progresses(nav: &mut Nav, left: f32, speed: f32) -> bool {
    let made = nav.left_before - left;
    nav.left_before = left;
    if made > 0.25 * 8.0 * speed {
        nav.slow = 0;
        return true;
    }
    nav.slow = nav.slow.saturating_add(1);
    if nav.slow % 3 == 2 {
        // Perhaps there is a way around the other side.
        nav.side = -nav.side;
    }
    nav.slow < SLOW_MAX || left > GIVE_UP_REACH
}

/// Turns a unit by at most its turn rate toward where it goes.
pub fn face(unit: &mut Unit, direction: Point) {
    if direction.x == 0.0 && direction.y == 0.0 {
        return;
    }
    let wanted = wrap_angle(atan2(direction.y, direction.x));
    let rate = unit.data.turn_rate;
    if rate <= 0.0 {
        unit.facing = wanted;
        return;
    }
    let mut turn = wanted - unit.facing;
    if turn > PI {
        turn -= 2.0 * PI;
    } else if turn < -PI {
        turn += 2.0 * PI;
    }
    unit.facing = wrap_angle(unit.facing + turn.clamp(-rate, rate));
}
