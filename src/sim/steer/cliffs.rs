//! Reapers jump up and down cliffs: a second grid of ways, on which narrow cliffs can be walked over.
//!
//! A cliff cell is one that nobody can stand on, between two cells on opposite sides of it that can be walked on, one cliff
//! level or more apart in height. Made from the terrain when the first reaper of a game moves.

use super::follow::Plan;
use crate::game::{MapData, Point};
use crate::sim::path::{NavGrid, Pathfinder};
use crate::sim::unit::Unit;

/// The widest cliff that is jumped, in cells.
const WIDTH_MAX: i32 = 3;
/// Terrain height of a cliff level, as the API gives heights.
const LEVEL: i32 = 16;

/// The ways of those who jump.
pub(super) fn paths(map: &MapData) -> Pathfinder {
    let mut open = map.clone();
    for y in 0..map.height_cells() as i32 {
        for x in 0..map.width() as i32 {
            if is_cliff(map, x, y) {
                open.pathing.set(x, y, true);
            }
        }
    }
    Pathfinder::new(&open)
}

/// Whether a cell lies on a cliff that can be jumped.
fn is_cliff(map: &MapData, x: i32, y: i32) -> bool {
    let walkable = |x, y| map.pathing.get(x, y) == Some(true);
    if walkable(x, y) {
        return false;
    }
    // The nearest ground in a direction: how far, and how high.
    let ground = |dx: i32, dy: i32| {
        (1..=WIDTH_MAX)
            .find(|k| walkable(x + dx * k, y + dy * k))
            .map(|k| {
                (
                    k,
                    i32::from(map.height.get(x + dx * k, y + dy * k).unwrap_or(0)),
                )
            })
    };
    [(1, 0), (0, 1), (1, 1), (1, -1)]
        .into_iter()
        .any(|(dx, dy)| match (ground(dx, dy), ground(-dx, -dy)) {
            (Some((a, high)), Some((b, low))) => {
                a + b - 1 <= WIDTH_MAX && (high - low).abs() >= LEVEL
            }
            _ => false,
        })
}

/// A loop of a unit that jumps: true if it is over a cliff, and so has been moved already, past everybody.
pub(super) fn over_cliff(unit: &Unit, plan: &Plan, ground: &NavGrid) -> bool {
    let moves = plan.step != Point::default();
    moves && !(ground.walkable_at(unit.pos) && ground.walkable_at(unit.pos + plan.step))
}
