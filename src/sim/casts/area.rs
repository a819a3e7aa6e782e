//! Who stands within a circle.

use crate::game::Point;
use crate::sim::state::State;
use crate::sim::unit::{Unit, UnitRef};
use smallvec::SmallVec;

/// Radius of the largest unit (a town hall's), by which a search must reach farther.
const RADIUS_MAX: f32 = 2.75;

pub(super) type Found = SmallVec<[UnitRef; 16]>;

/// Both players' units on the map whose edges are within `radius` of `at` and that `fit`, by slot. The index is this loop's.
pub(super) fn within(state: &State, at: Point, radius: f32, fits: impl Fn(&Unit) -> bool) -> Found {
    let mut found = Found::new();
    for owner in 0..2 {
        state.space.visit(owner, at, radius + RADIUS_MAX, |entry| {
            let it = &state.units[usize::from(entry.slot)];
            let near = it.pos.distance(at) - it.radius <= radius;
            if near && it.alive && !it.inside && !it.is_sheltered() && fits(it) {
                found.push(it.me);
            }
        });
    }
    found.sort_unstable();
    found
}
