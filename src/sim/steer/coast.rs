//! Going straight on: who walks along a free leg repeats its step for some loops without planning it anew.
//!
//! Most movers of a loop are workers and marching armies on straight legs. A coast ends by itself before anything is due
//! (a corner, the goal, braking), and at once when the unit stands elsewhere than it stepped: pushed, turned aside or
//! set down. It ends as well when its goal or its speed changes, or something is put up in its way.

use super::follow::Plan;
use crate::game::Point;
use crate::sim::path::Pathfinder;
use crate::sim::unit::{Goal, Unit};

/// Steps repeated at most; then the way is looked at again.
const STEPS_MAX: f32 = 14.0;
/// Fewer are not worth noting.
const STEPS_MIN: f32 = 2.0;

/// A straight walk under way.
#[derive(Clone, Copy, Debug, Default)]
pub struct Coast {
    /// Steps that may still be repeated.
    pub left: u8,
    /// Nothing but this leg is left.
    last: bool,
    /// Version of the footprints that the leg was found free on.
    version: u32,
    /// Direction, of length 1.
    heading: Point,
    /// Cells made in the last step, and gained a step until the speed is reached.
    pace: f32,
    gain: f32,
    speed: f32,
    /// Where the last step leads.
    at: Point,
    goal: Option<Goal>,
}

/// The next step of a coast, if the unit is on one.
#[inline]
pub fn go_on(unit: &mut Unit, goal: Goal, paths: &Pathfinder) -> Option<Plan> {
    let coast = &mut unit.nav.coast;
    if coast.left == 0 {
        return None;
    }
    let same = coast.at == unit.pos && coast.goal == Some(goal) && coast.speed == unit.speed;
    if !same || !coast.is_free(unit.flying, paths) {
        coast.left = 0;
        return None;
    }
    coast.left -= 1;
    coast.pace = (coast.pace + coast.gain).min(coast.speed);
    let step = coast.heading * coast.pace;
    coast.at = unit.pos + step;
    Some(Plan {
        step,
        last_leg: coast.last.then_some(goal.at),
        coasts: true,
    })
}

/// Begins a coast with the step just planned, if `free` cells are left in which nothing is due.
pub fn begin(unit: &mut Unit, goal: Goal, plan: Plan, free: f32, paths: &Pathfinder) {
    let steps = (free / unit.speed - 1.0).min(STEPS_MAX);
    let pace = plan.step.length();
    if steps < STEPS_MIN || pace < 1e-4 {
        return;
    }
    let steps = steps as u8;
    let heading = plan.step * (1.0 / pace);
    let end = unit.pos + heading * (unit.speed * f32::from(steps));
    if !unit.flying && !paths.nav().ray_clear(unit.pos, end) {
        return;
    }
    let acceleration = unit.data.acceleration;
    unit.nav.coast = Coast {
        left: steps,
        last: plan.last_leg.is_some(),
        version: paths.version(),
        heading,
        pace,
        gain: if acceleration > 0.0 {
            acceleration
        } else {
            unit.speed
        },
        speed: unit.speed,
        at: unit.pos + plan.step,
        goal: Some(goal),
    };
}

impl Coast {
    /// Whether nothing has been put up in the way. A structure elsewhere must change nothing, not even a rounding: it may
    /// be one that the unit's owner does not know of.
    #[inline]
    fn is_free(&mut self, flying: bool, paths: &Pathfinder) -> bool {
        if flying || self.version == paths.version() {
            return true;
        }
        self.version = paths.version();
        let end = self.at + self.heading * (self.speed * f32::from(self.left));
        paths.nav().ray_clear(self.at, end)
    }

    /// Whether the unit made the step it was to make.
    #[inline]
    pub fn is_at(&self, pos: Point) -> bool {
        self.left > 0 && self.at == pos
    }
}
