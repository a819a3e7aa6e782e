//! Ground paths: the walkability grid, ways between points, distances, reachability, nearest free spots.
//!
//! Invariant: answers are a pure function of the grid and the question; caches only save time. A path's corners can be
//! walked one after the other without leaving walkable cells.
//!
//! Flow: `NavGrid` (terrain minus footprints) -> straight line if that is free, else A* over cells for short ways
//! (`local`) or over portals of 16x16 sectors for long ones (`sectors`) -> string pulling (`smooth`) -> corners.
//! Left out: widths beyond a small unit's; units in the way, which are the business of `steer`.

mod buckets;
mod local;
mod nav;
mod sectors;
mod smooth;
#[cfg(test)]
pub(crate) mod tests;

pub use nav::NavGrid;

use crate::game::{MapData, Point};
use local::CellSearch;
use sectors::{Hierarchy, center};

/// Up to this many cells (Chebyshev) a way is looked for cell by cell first.
const NEAR_CELLS: i32 = 20;
/// Cells that the near search may expand before the coarse level takes over.
const NEAR_EXPANSIONS_MAX: usize = 500;
/// Cells between two portals of one sector: the whole of it at most, several times over.
const REFINE_EXPANSIONS_MAX: usize = 4000;
/// Remembered paths; units of a group share them.
const CACHE_SIZE: usize = 48;
/// Who stands within this many cells of a remembered path to its goal takes it from there.
const BESIDE: f32 = 4.0;
/// How far from a blocked goal a free cell is looked for.
const GOAL_REACH: i32 = 40;

/// Remembered way between two points.
#[derive(Clone, Debug)]
struct CachedPath {
    from: Point,
    to: Point,
    /// Whether it ends at `to` itself.
    exact: bool,
    points: Vec<Point>,
}

/// Answers questions about ground ways; owns the grid.
#[derive(Clone, Debug)]
pub struct Pathfinder {
    nav: NavGrid,
    hierarchy: Hierarchy,
    cells: CellSearch,
    cache: Vec<CachedPath>,
    cache_next: usize,
    scratch: Vec<(i32, i32)>,
    version: u32,
}

impl Pathfinder {
    /// Terrain only; [`Pathfinder::sync`] adds what stands on it.
    pub fn new(map: &MapData) -> Pathfinder {
        let nav = NavGrid::new(map);
        let hierarchy = Hierarchy::new(&nav);
        Pathfinder {
            nav,
            hierarchy,
            cells: CellSearch::default(),
            cache: Vec::new(),
            cache_next: 0,
            scratch: Vec::new(),
            version: 0,
        }
    }

    pub fn nav(&self) -> &NavGrid {
        &self.nav
    }

    /// Takes over what stands on the terrain (one count a cell, row-major; 0 is free) if `version` is a new one.
    /// Versions begin at 1.
    pub fn sync(&mut self, occupied: &[u8], version: u32) {
        if self.version != version {
            self.version = version;
            self.nav.sync(occupied);
        }
    }

    /// Version of the footprints that answers hold for.
    pub fn version(&self) -> u32 {
        self.version
    }

    fn refresh(&mut self) {
        if self.nav.is_dirty() {
            let changed = self.nav.take_dirty();
            self.hierarchy.update(&self.nav, &changed);
            self.cache.clear();
            self.cache_next = 0;
        }
    }

    /// Fills `out` with the corners of a way from `from` to `to`, the end included. Where `to` cannot be reached the way
    /// leads to the reachable point nearest to it (of those about equally near, the one nearest to `from`). Returns
    /// whether the end is `to` itself; `out` stays empty if nothing can be walked on near `from`.
    pub fn find(&mut self, from: Point, to: Point, out: &mut Vec<Point>) -> bool {
        out.clear();
        if self.nav.line_of_walk(from, to) {
            out.push(to);
            return true;
        }
        self.refresh();
        let start = if self.nav.walkable_at(from) {
            from
        } else {
            match self.nav.nearest_walkable(from, 8, |_| true) {
                Some(start) => start,
                None => return false,
            }
        };
        if let Some(exact) = self.recall(start, to, out) {
            return exact;
        }
        let Some(goal) = self.reachable_goal(start, to) else {
            return false;
        };
        // What was asked first need not be asked again.
        let asked = start == from && goal == to;
        self.search(start, goal, !asked, out);
        let exact = goal.distance_squared(to) < 1e-6;
        self.remember(start, to, exact, out);
        exact
    }

    fn search(&mut self, start: Point, goal: Point, may_be_free: bool, out: &mut Vec<Point>) {
        if may_be_free && self.nav.line_of_walk(start, goal) {
            out.push(goal);
            return;
        }
        let (from, to) = (start.cell(), goal.cell());
        self.scratch.clear();
        let near = (from.0 - to.0).abs().max((from.1 - to.1).abs()) <= NEAR_CELLS;
        let found = near
            && self
                .cells
                .find(&self.nav, from, to, NEAR_EXPANSIONS_MAX, &mut self.scratch);
        if !found {
            self.search_far(from, to);
        }
        out.extend(self.scratch.iter().map(|&c| center(c)));
        match out.last_mut() {
            Some(last) => *last = goal,
            None => out.push(goal),
        }
        smooth::pull(&self.nav, start, out);
        smooth::tighten(&self.nav, start, out);
    }

    /// Portal cells on the way into `scratch`, with single cells between where the straight walk is not free.
    fn search_far(&mut self, from: (i32, i32), to: (i32, i32)) {
        let mut gates = Vec::new();
        if !self.hierarchy.find(&self.nav, from, to, &mut gates) {
            // Connected, so they lie in one sector: the piece has no portal at all.
            gates.clear();
        }
        gates.push(to);
        let mut here = from;
        for gate in gates {
            if self.nav.ray_clear(center(here), center(gate)) {
                self.scratch.push(gate);
            } else {
                self.cells.find(
                    &self.nav,
                    here,
                    gate,
                    REFINE_EXPANSIONS_MAX,
                    &mut self.scratch,
                );
            }
            here = gate;
        }
    }

    /// The goal itself where it can be reached, else the nearest point that can.
    fn reachable_goal(&self, start: Point, to: Point) -> Option<Point> {
        let (sx, sy) = start.cell();
        let component = self.hierarchy.component_at(&self.nav, sx, sy)?;
        let same = |x: i32, y: i32| self.hierarchy.component_at(&self.nav, x, y) == Some(component);
        let (gx, gy) = to.cell();
        if same(gx, gy) {
            return Some(to);
        }
        let width = self.nav.width() as i32;
        let accept = |i: usize| same(i as i32 % width, i as i32 / width);
        let first = self.nav.nearest_walkable(to, GOAL_REACH, accept)?;
        // Around a building all sides are about as near: take the one that faces the unit.
        let slack = first.distance(to) + 1.0;
        let reach = slack.ceil() as i32 + 1;
        let mut best = (first.distance_squared(start), first);
        for ring in 0..=reach.min(8) {
            for (x, y) in nav::ring_cells(gx, gy, ring) {
                if !same(x, y) {
                    continue;
                }
                let spot = nav::nearest_in_cell(to, x, y);
                let d = spot.distance_squared(start);
                if spot.distance(to) <= slack && d < best.0 {
                    best = (d, spot);
                }
            }
        }
        Some(best.1)
    }

    /// A remembered way to `to` that `start` stands beside, from there on; says whether it ends at `to` itself. Groups set
    /// off together, and who was held up on the way goes on along it.
    fn recall(&self, start: Point, to: Point, out: &mut Vec<Point>) -> Option<bool> {
        for known in self.cache.iter().filter(|c| c.to == to) {
            let mut before = known.from;
            for (i, &corner) in known.points.iter().enumerate() {
                if is_beside(start, before, corner) && self.nav.line_of_walk(start, corner) {
                    // The next corner may already be in sight from here.
                    let next = known.points.get(i + 1);
                    let skips = next.is_some_and(|&next| self.nav.line_of_walk(start, next));
                    out.extend_from_slice(&known.points[i + usize::from(skips)..]);
                    return Some(known.exact);
                }
                before = corner;
            }
        }
        None
    }

    fn remember(&mut self, from: Point, to: Point, exact: bool, points: &[Point]) {
        if points.is_empty() {
            return;
        }
        let entry = CachedPath {
            from,
            to,
            exact,
            points: points.to_vec(),
        };
        if self.cache.len() < CACHE_SIZE {
            self.cache.push(entry);
        } else {
            self.cache[self.cache_next] = entry;
            self.cache_next = (self.cache_next + 1) % CACHE_SIZE;
        }
    }

    /// Length of the way over the ground in cells; none if there is none.
    pub fn distance(&mut self, from: Point, to: Point) -> Option<f32> {
        if !self.reachable(from, to) {
            return None;
        }
        let mut points = Vec::new();
        self.find(from, to, &mut points);
        let mut length = 0.0;
        let mut here = from;
        for p in points {
            length += here.distance(p);
            here = p;
        }
        Some(length)
    }

    /// Whether a ground unit at `from` can walk to `to`.
    pub fn reachable(&mut self, from: Point, to: Point) -> bool {
        self.refresh();
        let (fx, fy) = from.cell();
        let (tx, ty) = to.cell();
        let a = self.hierarchy.component_at(&self.nav, fx, fy);
        a.is_some() && a == self.hierarchy.component_at(&self.nav, tx, ty)
    }

    /// The point nearest to `p` that can be walked on, within `reach` cells.
    pub fn nearest_walkable(&self, p: Point, reach: i32) -> Option<Point> {
        self.nav.nearest_walkable(p, reach, |_| true)
    }

    /// The point nearest to `p` from which `from` can be walked to.
    pub fn nearest_reachable(&mut self, p: Point, from: Point) -> Option<Point> {
        self.refresh();
        self.reachable_goal(from, p)
    }
}

/// Whether `p` is near the leg from `a` to `b`.
fn is_beside(p: Point, a: Point, b: Point) -> bool {
    let (leg, off) = (b - a, p - a);
    let length_squared = leg.x * leg.x + leg.y * leg.y;
    let along = (off.x * leg.x + off.y * leg.y) / length_squared.max(1e-6);
    let nearest = a + leg * along.clamp(0.0, 1.0);
    p.distance_squared(nearest) < BESIDE * BESIDE
}
