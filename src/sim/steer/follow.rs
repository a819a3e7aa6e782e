//! One unit's way: which goal counts, which corner comes next, how fast it may go.

use super::coast;
use super::nav::{Nav, Route};
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
    /// The last step once more, along a leg known to be free.
    pub coasts: bool,
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
        return Plan::default();
    };
    if let Some(plan) = coast::go_on(unit, goal, paths) {
        return plan;
    }
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
        return fly(unit, goal, left, speed, paths);
    }
    if !paths.nav().walkable_at(unit.pos) && !unit.phasing {
        return Plan::default(); // `eject` moves it
    }
    route(unit, goal, paths, tick);
    walk(unit, goal, left, speed, tick, paths)
}

/// The step straight to the goal.
fn fly(unit: &mut Unit, goal: Goal, left: f32, speed: f32, paths: &Pathfinder) -> Plan {
    let plan = Plan {
        step: (goal.at - unit.pos) * (speed.min(left - goal.reach) / left),
        ..Plan::default()
    };
    // Braking begins this far from the goal.
    let acceleration = unit.data.acceleration;
    let braking = if acceleration > 0.0 {
        unit.speed * unit.speed / (2.0 * acceleration)
    } else {
        0.0
    };
    let free = left - goal.reach - braking;
    coast::begin(unit, goal, plan, free, paths);
    plan
}

/// The step along the planned corners.
fn walk(unit: &mut Unit, goal: Goal, left: f32, speed: f32, tick: u32, paths: &Pathfinder) -> Plan {
    let pos = unit.pos;
    let corners = &unit.nav.route().corners;
    let Some(&corner) = corners.last() else {
        rest(unit, false);
        return Plan::default();
    };
    let last = corners.len() == 1;
    let distance = pos.distance(corner);
    let exact = corner == goal.at;
    // Without progress, or as near as one can come.
    let gives_up = last && tick.is_multiple_of(8) && !progresses(&mut unit.nav, left, speed);
    if gives_up || (last && !exact && distance <= 0.1) {
        rest(unit, false);
        return Plan::default();
    }
    let length = if last && exact {
        speed.min(left - goal.reach)
    } else {
        speed.min(distance)
    };
    let plan = Plan {
        step: (corner - pos) * (length / distance.max(1e-4)),
        last_leg: last.then_some(goal.at),
        coasts: false,
    };
    let to_corner = if last && exact {
        distance
    } else {
        distance - CORNER_REACH
    };
    let free = to_corner.min(left - goal.reach);
    coast::begin(unit, goal, plan, free, paths);
    plan
}

/// The unit is where it wanted to be, or as near as it can get.
pub fn rest(unit: &mut Unit, arrived: bool) {
    let Some(goal) = goal_of(unit) else { return };
    if unit.arms.motion == Motion::Orders {
        unit.arrived = arrived;
        unit.stuck = !arrived;
        unit.nav.rest = Some(goal.at);
    }
    unit.nav.route().version = 0;
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

/// Keeps the unit's corners leading from where it is to its goal.
fn route(unit: &mut Unit, goal: Goal, finder: &mut Pathfinder, tick: u32) {
    let chasing = unit.arms.motion != Motion::Orders;
    let (pos, nav) = (unit.pos, &mut unit.nav);
    let back = nav.chasing && !chasing;
    nav.chasing = chasing;
    // Who keeps to the way it was given finds the next corner in sight only at the corner.
    let strayed = nav.strayed && tick.is_multiple_of(8);
    nav.strayed &= !strayed;
    let route = nav.route();
    if route.version == 0 || route.planned != goal.at {
        let drifts = retarget(route, pos, goal, finder, tick);
        route.version = finder.version();
        if !drifts {
            nav.slow = 0;
            nav.left_before = f32::INFINITY;
        }
        return;
    }
    if route.version != finder.version() || back {
        if !still_clear(route, pos, goal, finder) {
            replan(route, pos, goal, finder);
        }
        route.version = finder.version();
    } else if strayed {
        look_at_way(route, pos, goal, finder);
    } else if let [end] = route.corners[..]
        && end != goal.at
        && tick.is_multiple_of(4)
        && finder.nav().line_of_walk(pos, stop_of(pos, goal))
    {
        route.corners[0] = goal.at;
    }
    pass_corners(route, pos, finder);
}

/// Looks for a shorter way after a push, and whether the push has brought a wall into the way.
fn look_at_way(route: &mut Route, pos: Point, goal: Goal, finder: &mut Pathfinder) {
    match route.corners[..] {
        [.., next, _] if finder.nav().line_of_walk(pos, next) => {
            route.corners.pop();
        }
        [.., corner] if !leg_clear(corner, pos, goal, finder) => replan(route, pos, goal, finder),
        _ => {}
    }
}

/// Takes corners off the way that the unit has come by.
fn pass_corners(route: &mut Route, pos: Point, finder: &Pathfinder) {
    while let [.., next, corner] = route.corners[..] {
        let d2 = pos.distance_squared(corner);
        let near = d2 < CORNER_REACH * CORNER_REACH;
        if !(d2 < 0.02 || (near && finder.nav().ray_clear(pos, next))) {
            return;
        }
        route.corners.pop();
    }
}

/// Where the unit would stop on the straight way to its goal: short of a structure or field, which nobody walks on.
fn stop_of(pos: Point, goal: Goal) -> Point {
    goal.at.toward(pos, goal.reach)
}

/// Whether the way to a corner is free, up to where the unit stops if the corner is the goal itself.
fn leg_clear(corner: Point, pos: Point, goal: Goal, finder: &Pathfinder) -> bool {
    let to = if corner == goal.at {
        stop_of(pos, goal)
    } else {
        corner
    };
    finder.nav().ray_clear(pos, to)
}

/// A new goal: straight if that is free; a goal that only drifts (true) keeps the way to it for some loops.
fn retarget(route: &mut Route, pos: Point, goal: Goal, finder: &mut Pathfinder, tick: u32) -> bool {
    let known = route.version != 0 && !route.corners.is_empty();
    let drifts = known && route.planned.distance_squared(goal.at) < DRIFT_MAX * DRIFT_MAX;
    if finder.nav().line_of_walk(pos, stop_of(pos, goal)) {
        route.corners.clear();
        route.corners.push(goal.at);
    } else if drifts
        && route.corners.len() > 1
        && !tick.is_multiple_of(16)
        && finder.nav().walkable_at(goal.at)
    {
        route.corners[0] = goal.at;
    } else {
        replan(route, pos, goal, finder);
    }
    route.planned = goal.at;
    drifts
}

fn replan(route: &mut Route, pos: Point, goal: Goal, finder: &mut Pathfinder) {
    finder.find(pos, goal.at, &mut route.corners);
    route.corners.reverse();
}

fn still_clear(route: &Route, pos: Point, goal: Goal, finder: &Pathfinder) -> bool {
    // A way that ends beside a blocked goal may lead to the goal itself now.
    let ends = match route.corners.first() {
        Some(&end) => end == goal.at || !finder.nav().walkable_at(goal.at),
        None => false,
    };
    let mut here = pos;
    ends && route.corners.iter().rev().all(|&corner| {
        let clear = leg_clear(corner, here, goal, finder);
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

/// Turns a unit by at most its turn rate toward where it goes; false if it has to go on turning.
pub fn face(unit: &mut Unit, direction: Point) -> bool {
    if direction.x == 0.0 && direction.y == 0.0 {
        return true;
    }
    let wanted = wrap_angle(atan2(direction.y, direction.x));
    let rate = unit.data.turn_rate;
    let mut turn = wanted - unit.facing;
    if turn > PI {
        turn -= 2.0 * PI;
    } else if turn < -PI {
        turn += 2.0 * PI;
    }
    if rate <= 0.0 || turn.abs() <= rate {
        unit.facing = wanted;
        return true;
    }
    unit.facing = wrap_angle(unit.facing + turn.clamp(-rate, rate));
    false
}
