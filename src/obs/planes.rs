//! The six minimap planes (SCC Fig. 4), one byte a cell, row 0 at the bottom.

use super::encoder::is_mine;
use super::space::Space;
use super::spec::PlaneSpec;
use super::types::MINIMAP;
use crate::game::{Alliance, MapData, RawObservation, RawUnit, UnitTag};

const CELLS: usize = MINIMAP * MINIMAP;

/// Plane indices.
pub mod plane {
    pub const HEIGHT: usize = 0;
    pub const VISIBILITY: usize = 1;
    pub const PLAYER_RELATIVE: usize = 2;
    pub const ALERTS: usize = 3;
    pub const PATHABLE: usize = 4;
    pub const BUILDABLE: usize = 5;
}

/// Names and ranges of the planes.
pub fn plane_specs() -> Vec<PlaneSpec> {
    let spec = |name: &str, max, categories| PlaneSpec {
        name: name.into(),
        max,
        categories,
    };
    vec![
        spec("height", 255, false),
        spec("visibility", 2, true),
        spec("player_relative", 4, true),
        spec("alerts", 1, false),
        spec("pathable", 1, false),
        spec("buildable", 1, false),
    ]
}

/// The planes that stay as they are, and where each minimap cell samples the map's grids.
#[derive(Clone, Debug)]
pub(super) struct Planes {
    height: Vec<u8>,
    pathable: Vec<u8>,
    buildable: Vec<u8>,
    /// Map cell at the center of each minimap column and row; -1 outside the playable area.
    columns: [i32; MINIMAP],
    rows: [i32; MINIMAP],
    /// Columns inside; they are the first ones.
    n_columns: usize,
}

impl Planes {
    pub(super) fn new(map: &MapData, space: &Space) -> Planes {
        let sample = |lo: i32, hi: i32| {
            std::array::from_fn(|i| {
                let at = lo + ((i as f32 + 0.5) * space.minimap_cell) as i32;
                if at < hi { at } else { -1 }
            })
        };
        let columns = sample(space.playable.x0, space.playable.x1);
        let rows = sample(space.playable.y0, space.playable.y1);
        let grid = |at: &dyn Fn(i32, i32) -> u8| {
            let mut out = vec![0; CELLS];
            for (r, &y) in rows.iter().enumerate().filter(|(_, y)| **y >= 0) {
                for (c, &x) in columns.iter().enumerate().filter(|(_, x)| **x >= 0) {
                    out[r * MINIMAP + c] = at(x, y);
                }
            }
            out
        };
        Planes {
            height: grid(&|x, y| map.height.get(x, y).unwrap_or(0)),
            pathable: grid(&|x, y| u8::from(map.pathing.get(x, y).unwrap_or(false))),
            buildable: grid(&|x, y| u8::from(map.placement.get(x, y).unwrap_or(false))),
            n_columns: columns.iter().take_while(|&&x| x >= 0).count(),
            columns,
            rows,
        }
    }

    /// Fills `out` (`[6, 64, 64]`) and brings `vitals` up to date.
    pub(super) fn encode(
        &self,
        raw: &RawObservation,
        space: &Space,
        vitals: &mut Vec<(UnitTag, f32, (u8, u8))>,
        out: &mut [u8],
    ) {
        let (before, rest) = out.split_at_mut(plane::VISIBILITY * CELLS);
        before.copy_from_slice(&self.height);
        let (visibility, rest) = rest.split_at_mut(CELLS);
        let (relative, rest) = rest.split_at_mut(CELLS);
        let (alerts, rest) = rest.split_at_mut(CELLS);
        rest[..CELLS].copy_from_slice(&self.pathable);
        rest[CELLS..].copy_from_slice(&self.buildable);
        self.visibility(raw, visibility);
        player_relative(raw, space, relative);
        alerts.fill(0);
        mark_losses(raw, space, vitals, alerts);
    }

    fn visibility(&self, raw: &RawObservation, out: &mut [u8]) {
        out.fill(0);
        let width = raw.visibility.width();
        let cells = raw.visibility.as_slice();
        for (row, &y) in out.chunks_exact_mut(MINIMAP).zip(&self.rows) {
            if y < 0 || y as usize >= raw.visibility.height() {
                continue;
            }
            let line = &cells[y as usize * width..][..width];
            for (cell, &x) in row.iter_mut().zip(&self.columns[..self.n_columns]) {
                *cell = line.get(x as usize).copied().unwrap_or(0);
            }
        }
    }
}

/// 0 nobody, 1 own, 2 ally, 3 neutral, 4 enemy; where several stand, the enemy shows before own before the rest.
fn player_relative(raw: &RawObservation, space: &Space, out: &mut [u8]) {
    const RANK: [u8; 5] = [0, 3, 2, 1, 4];
    out.fill(0);
    for unit in &raw.units {
        let (x, y) = space.minimap(unit.pos);
        let cell = &mut out[usize::from(y) * MINIMAP + usize::from(x)];
        let side = unit.alliance as u8;
        if RANK[usize::from(side)] > RANK[usize::from(*cell)] {
            *cell = side;
        }
    }
}

/// Marks cells where one's own units lost life since the last observation, or died.
fn mark_losses(
    raw: &RawObservation,
    space: &Space,
    vitals: &mut Vec<(UnitTag, f32, (u8, u8))>,
    alerts: &mut [u8],
) {
    let find = |list: &[(UnitTag, f32, (u8, u8))], tag: UnitTag| {
        list.binary_search_by_key(&tag, |v| v.0)
            .ok()
            .map(|i| list[i])
    };
    let mut mark = |cell: (u8, u8)| alerts[usize::from(cell.1) * MINIMAP + usize::from(cell.0)] = 1;
    for &tag in &raw.dead_units {
        if let Some((_, _, cell)) = find(vitals, tag) {
            mark(cell);
        }
    }
    // A half point is more than regeneration and rounding take away, and less than any hit.
    let life = |u: &RawUnit| u.health + u.shield;
    for u in raw.units.iter().filter(|u| is_mine(u)) {
        if find(vitals, u.tag).is_some_and(|(_, before, _)| life(u) < before - 0.5) {
            mark(space.minimap(u.pos));
        }
    }
    vitals.clear();
    vitals.extend(
        raw.units
            .iter()
            .filter(|u| u.alliance == Alliance::Own)
            .map(|u| (u.tag, life(u), space.minimap(u.pos))),
    );
    vitals.sort_unstable_by_key(|v| v.0);
}
