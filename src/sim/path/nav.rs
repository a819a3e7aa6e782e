//! The walkability grid: terrain minus footprints, one cell each, updated in place.

use crate::game::{MapData, Point};

/// Side of a sector in cells; the hierarchy of [`super::sectors`] is made of these.
pub(super) const SECTOR: usize = 16;

/// Half the width that a straight walk must keep free of walls, in cells.
const CLEARANCE: f32 = 0.3;

/// Which cells ground units can stand on.
#[derive(Clone, Debug)]
pub struct NavGrid {
    width: usize,
    height: usize,
    terrain: Vec<bool>,
    walkable: Vec<bool>,
    /// For each cell the steps that can be made from it, a bit for each of [`NEIGHBORS`].
    steps: Vec<u8>,
    dirty_sectors: Vec<usize>,
}

/// Neighbor offsets: four straight ones, then diagonal `4 + k` between the straight ones `k` and `k + 1`.
pub(super) const NEIGHBORS: [(i32, i32); 8] = [
    (1, 0),
    (0, 1),
    (-1, 0),
    (0, -1),
    (1, 1),
    (-1, 1),
    (-1, -1),
    (1, -1),
];

impl NavGrid {
    /// The terrain's own walkability; footprints come by [`NavGrid::sync`].
    pub fn new(map: &MapData) -> NavGrid {
        let (width, height) = (map.width(), map.height_cells());
        let mut terrain = map.pathing.as_slice().to_vec();
        for (i, cell) in terrain.iter_mut().enumerate() {
            let center = Point::new((i % width) as f32 + 0.5, (i / width) as f32 + 0.5);
            *cell &= map.playable.contains(center);
        }
        let mut nav = NavGrid {
            width,
            height,
            steps: vec![0; terrain.len()],
            walkable: terrain.clone(),
            terrain,
            dirty_sectors: Vec::new(),
        };
        for i in 0..nav.steps.len() {
            nav.steps[i] = nav.find_steps(i);
        }
        nav
    }

    /// The steps that can be made from a cell: a diagonal one needs both straight ones beside it.
    fn find_steps(&self, i: usize) -> u8 {
        let (x, y) = ((i % self.width) as i32, (i / self.width) as i32);
        let free = NEIGHBORS.map(|(dx, dy)| self.is_walkable(x + dx, y + dy));
        let open = |k: usize| free[k] && (k < 4 || free[k - 4] && free[(k - 3) % 4]);
        (0..8).map(|k| u8::from(open(k)) << k).sum()
    }

    /// The steps from a cell (by index), a bit for each of [`NEIGHBORS`].
    #[inline]
    pub(super) fn steps_from(&self, i: usize) -> u8 {
        self.steps[i]
    }

    pub fn width(&self) -> usize {
        self.width
    }

    pub fn height(&self) -> usize {
        self.height
    }

    /// Index of a cell, row-major; none off the map.
    #[inline]
    pub fn index(&self, x: i32, y: i32) -> Option<usize> {
        ((x as u32) < self.width as u32 && (y as u32) < self.height as u32)
            .then(|| y as usize * self.width + x as usize)
    }

    #[inline]
    pub fn is_walkable(&self, x: i32, y: i32) -> bool {
        self.index(x, y).is_some_and(|i| self.walkable[i])
    }

    #[inline]
    pub fn walkable_at(&self, p: Point) -> bool {
        let (x, y) = p.cell();
        self.is_walkable(x, y)
    }

    /// Whether the terrain alone, without footprints, can be walked on.
    pub fn terrain_walkable(&self, x: i32, y: i32) -> bool {
        self.index(x, y).is_some_and(|i| self.terrain[i])
    }

    /// Takes over which cells are occupied: one count a cell, row-major; 0 is free.
    ///
    /// # Panics
    /// If `occupied` has not one value a cell.
    pub fn sync(&mut self, occupied: &[u8]) {
        assert_eq!(occupied.len(), self.walkable.len(), "one count a cell");
        let mut changed = Vec::new();
        for (y, row) in occupied.chunks_exact(self.width).enumerate() {
            let first = y * self.width;
            for (x, &count) in row.iter().enumerate() {
                let i = first + x;
                let walkable = self.terrain[i] && count == 0;
                if walkable != self.walkable[i] {
                    self.walkable[i] = walkable;
                    changed.push((x as i32, y as i32));
                    let sector = self.sector_of(x as i32, y as i32);
                    if !self.dirty_sectors.contains(&sector) {
                        self.dirty_sectors.push(sector);
                    }
                }
            }
        }
        for (x, y) in changed {
            for (dx, dy) in NEIGHBORS {
                if let Some(i) = self.index(x + dx, y + dy) {
                    self.steps[i] = self.find_steps(i);
                }
            }
        }
    }

    pub(super) fn sector_cols(&self) -> usize {
        self.width.div_ceil(SECTOR)
    }

    pub(super) fn sector_rows(&self) -> usize {
        self.height.div_ceil(SECTOR)
    }

    /// Sector of a cell on the map.
    pub(super) fn sector_of(&self, x: i32, y: i32) -> usize {
        (y as usize / SECTOR) * self.sector_cols() + x as usize / SECTOR
    }

    pub(super) fn take_dirty(&mut self) -> Vec<usize> {
        std::mem::take(&mut self.dirty_sectors)
    }

    pub(super) fn is_dirty(&self) -> bool {
        !self.dirty_sectors.is_empty()
    }

    /// Whether a point can walk straight from `a` to `b`, touching walkable cells only.
    pub fn ray_clear(&self, a: Point, b: Point) -> bool {
        self.trace::<false>(a, b).is_some()
    }

    /// None if the straight walk from `a` to `b` is not free; else, with `ROOM`, the steps that can be made from every cell
    /// of it.
    #[inline]
    fn trace<const ROOM: bool>(&self, a: Point, b: Point) -> Option<u8> {
        let (mut x, y) = a.cell();
        let start = self.index(x, y).filter(|&i| self.walkable[i])?;
        let mut room = self.steps[start];
        let (ex, ey) = b.cell();
        if (x, y) == (ex, ey) {
            return Some(room);
        }
        let (step_x, inv_x, mut t_x) = axis(a.x, b.x, x);
        let (step_y, inv_y, mut t_y) = axis(a.y, b.y, y);
        let row = step_y as isize * self.width as isize;
        let mut i = start as isize;
        for _ in 0..(ex - x).abs() + (ey - y).abs() {
            // Which border comes next is a coin's toss: chosen by masks, as branches would be guessed wrong half the time.
            let along_x = u32::from(t_x < t_y).wrapping_neg();
            t_x += f32::from_bits(inv_x.to_bits() & along_x);
            t_y += f32::from_bits(inv_y.to_bits() & !along_x);
            x += step_x & along_x as i32;
            i += step_x as isize & along_x as i32 as isize | row & !along_x as i32 as isize;
            // Above and below the map there is no such index; beside it the index is another row's.
            let on_map = (x as u32) < self.width as u32;
            if !(on_map && self.walkable.get(i as usize) == Some(&true)) {
                return None;
            }
            if ROOM {
                room &= self.steps[i as usize];
            }
        }
        Some(room)
    }

    /// Whether a small unit can walk straight from `a` to `b` without grazing walls on the way. Close to both ends
    /// grazing is allowed: that is where units stand at walls.
    pub fn line_of_walk(&self, a: Point, b: Point) -> bool {
        let Some(room) = self.trace::<true>(a, b) else {
            return false;
        };
        // Where no cell of the way has a wall beside it, there is nothing to graze.
        if room == u8::MAX {
            return true;
        }
        let along = b - a;
        let length = along.length();
        if length < 1.5 {
            return true;
        }
        let unit = along * (1.0 / length);
        let side = Point::new(-unit.y, unit.x) * CLEARANCE;
        let (from, to) = (a + unit * 0.5, b - unit * 0.5);
        self.ray_clear(from + side, to + side) && self.ray_clear(from - side, to - side)
    }

    /// The point on a walkable cell nearest to `p`, within `reach` cells, that `accept` takes (by cell index).
    pub fn nearest_walkable(
        &self,
        p: Point,
        reach: i32,
        accept: impl Fn(usize) -> bool,
    ) -> Option<Point> {
        let (cx, cy) = p.cell();
        let mut best: Option<(f32, Point)> = None;
        for ring in 0..=reach {
            // Nothing on this ring or beyond can be nearer than ring - 1 cells.
            if best.is_some_and(|(d, _)| d < (ring - 1).max(0) as f32 * (ring - 1).max(0) as f32) {
                break;
            }
            for (x, y) in ring_cells(cx, cy, ring) {
                let Some(i) = self.index(x, y) else { continue };
                if !self.walkable[i] || !accept(i) {
                    continue;
                }
                let spot = nearest_in_cell(p, x, y);
                let d = p.distance_squared(spot);
                if best.is_none_or(|(b, _)| d < b) {
                    best = Some((d, spot));
                }
            }
        }
        best.map(|(_, spot)| spot)
    }
}

/// Step, distance per cell and distance to the first border, all along one axis, as fractions of the way.
#[inline]
fn axis(from: f32, to: f32, cell: i32) -> (i32, f32, f32) {
    let d = to - from;
    if d > 0.0 {
        (1, 1.0 / d, (cell as f32 + 1.0 - from) / d)
    } else if d < 0.0 {
        (-1, -1.0 / d, (from - cell as f32) / -d)
    } else {
        (0, f32::INFINITY, f32::INFINITY)
    }
}

/// The point of a cell nearest to `p`, kept a little inside.
pub(super) fn nearest_in_cell(p: Point, x: i32, y: i32) -> Point {
    Point::new(
        p.x.clamp(x as f32 + 0.1, x as f32 + 0.9),
        p.y.clamp(y as f32 + 0.1, y as f32 + 0.9),
    )
}

/// The cells at Chebyshev distance `ring`, in a fixed order.
pub(super) fn ring_cells(cx: i32, cy: i32, ring: i32) -> impl Iterator<Item = (i32, i32)> {
    let side = 2 * ring;
    let count = if ring == 0 { 1 } else { 4 * side };
    (0..count).map(move |i| match i / side.max(1) {
        0 => (cx - ring + i % side.max(1), cy - ring),
        1 => (cx + ring, cy - ring + i % side.max(1)),
        2 => (cx + ring - i % side.max(1), cy + ring),
        _ => (cx - ring, cy + ring - i % side.max(1)),
    })
}
