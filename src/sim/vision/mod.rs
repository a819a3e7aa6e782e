//! Fog of war: which cells each player sees, which units, and what it remembers. First version: circles, no heights.

use super::state::State;
use super::unit::{NEUTRAL, Unit, UnitRef};
use crate::game::{Grid, MapData, Point, UnitTypeId};

/// A structure, resource or rock as a player last saw it.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    pub unit: UnitRef,
    pub type_id: UnitTypeId,
    pub owner: u8,
    pub pos: Point,
    pub facing: f32,
    pub radius: f32,
    pub progress: f32,
    pub flying: bool,
}

/// What one player sees and remembers.
#[derive(Clone)]
pub struct Sight {
    /// 0 never seen, 1 seen before, 2 in view.
    pub cells: Grid<u8>,
    /// Remembered things that are out of view now, by unit slot.
    pub snapshots: Vec<Snapshot>,
}

impl Sight {
    /// Nothing seen yet.
    pub fn new(map: &MapData) -> Sight {
        Sight {
            cells: Grid::new(map.width(), map.height_cells(), 0),
            snapshots: Vec::new(),
        }
    }
}

/// Brings `Player::sight`, `Unit::seen_by` and `Unit::detected_by` up to date.
pub fn run(state: &mut State) {
    if state.game_loop % 4 != 1 {
        return;
    }
    for p in 0..2 {
        for v in state.players[p].sight.cells.as_mut_slice() {
            *v = (*v).min(1);
        }
        let all = state.players[p].sees_all;
        for i in 0..state.order.len() {
            let unit = &state.units[state.order[i] as usize];
            if usize::from(unit.owner) == p && !unit.inside {
                let (pos, sight) = (unit.pos, unit.data.sight);
                circle(&mut state.players[p].sight.cells, pos, sight);
            }
        }
        if all {
            state.players[p].sight.cells.as_mut_slice().fill(2);
        }
        forget_seen(state, p);
        for i in 0..state.order.len() {
            let slot = state.order[i] as usize;
            let cells = &state.players[p].sight.cells;
            let unit = &mut state.units[slot];
            let (x, y) = unit.pos.cell();
            let own = usize::from(unit.owner) == p;
            let seen = own || (!unit.inside && cells.get(x, y) == Some(2));
            let bit = Unit::bit(p);
            let before = unit.seen_by & bit != 0;
            unit.seen_by = if seen {
                unit.seen_by | bit
            } else {
                unit.seen_by & !bit
            };
            let lasting = unit.owner == NEUTRAL || unit.is_structure();
            if lasting && !own && before && !seen {
                let memory = snapshot_of(unit);
                state.players[p].sight.snapshots.push(memory);
            }
        }
    }
}

/// Drops memories of places that are in view again: what still stands there is seen itself.
fn forget_seen(state: &mut State, p: usize) {
    let sight = &mut state.players[p].sight;
    let cells = &sight.cells;
    sight.snapshots.retain(|s| {
        let (x, y) = s.pos.cell();
        cells.get(x, y) != Some(2)
    });
}

fn circle(cells: &mut Grid<u8>, pos: Point, sight: f32) {
    let (x0, y0) = Point::new(pos.x - sight, pos.y - sight).cell();
    let (x1, y1) = Point::new(pos.x + sight, pos.y + sight).cell();
    for y in y0..=y1 {
        for x in x0..=x1 {
            let center = Point::new(x as f32 + 0.5, y as f32 + 0.5);
            if center.distance_squared(pos) <= sight * sight {
                cells.set(x, y, 2);
            }
        }
    }
}

/// What a player will remember of a unit it sees now.
pub fn snapshot_of(unit: &Unit) -> Snapshot {
    Snapshot {
        unit: unit.me,
        type_id: unit.type_id,
        owner: unit.owner,
        pos: unit.pos,
        facing: unit.facing,
        radius: unit.radius,
        progress: unit.progress(),
        flying: unit.flying,
    }
}
