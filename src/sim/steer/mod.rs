//! Movement: brings units to their goals. First version: a straight line, nobody in the way.

use super::state::State;
use crate::game::Point;
use crate::game::math::{atan2, wrap_angle};

/// What movement keeps per unit from loop to loop: path, progress.
#[derive(Clone, Default)]
pub struct Nav {}

/// Moves every unit that has a goal by at most its speed.
pub fn run(state: &mut State) {
    for i in 0..state.order.len() {
        let slot = state.order[i] as usize;
        let unit = &mut state.units[slot];
        unit.velocity = Point::default();
        let Some(goal) = unit.goal else { continue };
        if unit.inside || unit.arrived || unit.speed <= 0.0 {
            continue;
        }
        let left = unit.pos.distance(goal.at);
        if left <= goal.reach + 1e-3 {
            unit.arrived = true;
            continue;
        }
        let next = unit.pos.toward(goal.at, unit.speed.min(left - goal.reach));
        unit.velocity = next - unit.pos;
        unit.facing = wrap_angle(atan2(unit.velocity.y, unit.velocity.x));
        unit.pos = next;
        unit.arrived = unit.pos.distance(goal.at) <= goal.reach + 1e-3;
    }
}
