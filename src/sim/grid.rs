//! Which cells structures and resources take: for walking, and for building.

use super::neutral::{self, NeutralKind};
use super::unit::{NEUTRAL, Unit};
use crate::game::data::{self, unit_ids as u};
use crate::game::{Grid, MapData, Point, Rect};

/// Counts of units per cell; 0 is free. Counts, not flags, so that overlapping rocks come off one by one.
#[derive(Clone)]
pub struct Occupancy {
    /// Structures, resources and rocks that cannot be walked through.
    pub walk: Grid<u8>,
    /// Everything that keeps structures off: the above, lowered depots, plates.
    pub build: Grid<u8>,
    /// Cells within 3 of a resource, where no town hall may stand.
    pub near_resource: Grid<u8>,
    /// Changes with `walk`; path caches compare it.
    pub version: u32,
    /// Bounding box of the last change to `walk`.
    pub changed: Rect,
}

impl Occupancy {
    pub fn new(map: &MapData) -> Occupancy {
        let grid = || Grid::new(map.width(), map.height_cells(), 0u8);
        Occupancy {
            walk: grid(),
            build: grid(),
            near_resource: grid(),
            version: 1,
            changed: Rect::default(),
        }
    }

    /// True if terrain and structures let a ground unit stand on the cell.
    pub fn walkable(&self, map: &MapData, x: i32, y: i32) -> bool {
        map.pathing.get(x, y) == Some(true) && self.walk.get(x, y) == Some(0)
    }

    pub fn add(&mut self, unit: &Unit) {
        self.mark(unit, 1);
    }

    pub fn remove(&mut self, unit: &Unit) {
        self.mark(unit, -1);
    }

    fn mark(&mut self, unit: &Unit, by: i16) {
        if unit.flying {
            return;
        }
        let Some(rect) = footprint(unit) else { return };
        let plate = matches!(unit.type_id.0, 472..=475);
        if unit.type_id != u::SUPPLY_DEPOT_LOWERED && !plate {
            bump(&mut self.walk, unit, rect, by, true);
            self.version += 1;
            self.changed = rect;
        }
        bump(&mut self.build, unit, rect, by, false);
        if neutral::kind(unit.type_id) != NeutralKind::Other && !unit.data.is_structure {
            let wide = Rect {
                x0: rect.x0 - 3,
                y0: rect.y0 - 3,
                x1: rect.x1 + 3,
                y1: rect.y1 + 3,
            };
            for y in wide.y0..wide.y1 {
                for x in wide.x0..wide.x1 {
                    let corner = (x < rect.x0 - 2 || x >= rect.x1 + 2)
                        && (y < rect.y0 - 2 || y >= rect.y1 + 2);
                    if !corner {
                        add(&mut self.near_resource, x, y, by);
                    }
                }
            }
        }
    }
}

fn bump(grid: &mut Grid<u8>, unit: &Unit, rect: Rect, by: i16, walking: bool) {
    let known = data::neutral::find(unit.type_id).filter(|_| unit.owner == NEUTRAL);
    if let Some(row) = known {
        for (x, y) in row.footprint.cells(unit.pos) {
            add(grid, x, y, by);
        }
        return;
    }
    // Captured pathing grids show that one can walk over the corner cells of a town hall's 5 x 5.
    let round = walking && rect.width() == 5 && rect.height() == 5 && unit.data.is_townhall;
    for y in rect.y0..rect.y1 {
        for x in rect.x0..rect.x1 {
            let (dx, dy) = (x as f32 + 0.5 - unit.pos.x, y as f32 + 0.5 - unit.pos.y);
            let corner = round && dx.abs() > 1.5 && dy.abs() > 1.5;
            if !corner {
                add(grid, x, y, by);
            }
        }
    }
}

fn add(grid: &mut Grid<u8>, x: i32, y: i32, by: i16) {
    if let Some(v) = grid.get(x, y) {
        grid.set(x, y, (i16::from(v) + by).clamp(0, 255) as u8);
    }
}

/// Cells under a unit that stands where it is; none for what covers no cells.
pub fn footprint(unit: &Unit) -> Option<Rect> {
    let (w, h) = unit.data.footprint;
    if w > 0 {
        return Some(footprint_at((w, h), unit.pos));
    }
    // Rocks: the captures give a radius that is a little over half their side. Towers and the like stand on 2 x 2.
    let rocks = unit.owner == NEUTRAL && unit.radius > 0.5;
    rocks.then(|| {
        let side = ((unit.radius - 0.1) * 2.0).floor().max(1.0) as u8;
        footprint_at((side, side), unit.pos)
    })
}

/// Cells of a footprint centered at `center`.
pub fn footprint_at((w, h): (u8, u8), center: Point) -> Rect {
    let x0 = (center.x - f32::from(w) / 2.0).round() as i32;
    let y0 = (center.y - f32::from(h) / 2.0).round() as i32;
    Rect {
        x0,
        y0,
        x1: x0 + i32::from(w),
        y1: y0 + i32::from(h),
    }
}

/// The center nearest to `at` on which a footprint covers whole cells: odd sides at x.5, even ones at whole numbers.
pub fn snap((w, h): (u8, u8), at: Point) -> Point {
    let axis = |side: u8, v: f32| {
        if side % 2 == 1 {
            v.floor() + 0.5
        } else {
            (v + 0.5).floor()
        }
    };
    Point::new(axis(w, at.x), axis(h, at.y))
}
