//! A* over single cells, for short ways; eight neighbors, no cutting of corners.

use super::buckets::BucketQueue;
use super::nav::{NEIGHBORS, NavGrid};

pub(super) const STRAIGHT: u32 = 10;
pub(super) const DIAGONAL: u32 = 14;

/// Lower bound of the walk between two cells, in tenths of cells.
pub(super) fn octile(dx: i32, dy: i32) -> u32 {
    let (a, b) = (dx.unsigned_abs(), dy.unsigned_abs());
    STRAIGHT * a.max(b) + (DIAGONAL - STRAIGHT) * a.min(b)
}

/// What the search knows of a cell; valid if the stamp is the search's.
#[derive(Clone, Copy, Debug, Default)]
struct Reached {
    stamp: u32,
    cost: u32,
    parent: u32,
}

/// Reused working memory of the cell search: one entry a cell.
#[derive(Clone, Debug, Default)]
pub(super) struct CellSearch {
    stamp: u32,
    cells: Vec<Reached>,
    open: BucketQueue,
}

impl CellSearch {
    /// Appends the cells from `from` (left out) to `to` to `out`; false if there is none within `expansions_max`.
    pub(super) fn find(
        &mut self,
        nav: &NavGrid,
        from: (i32, i32),
        to: (i32, i32),
        expansions_max: usize,
        out: &mut Vec<(i32, i32)>,
    ) -> bool {
        let (Some(start), Some(goal)) = (nav.index(from.0, from.1), nav.index(to.0, to.1)) else {
            return false;
        };
        self.begin(nav.width() * nav.height());
        self.reach(start, 0, start, (to.0 - from.0, to.1 - from.1));
        let width = nav.width() as i32;
        for _ in 0..expansions_max {
            let Some((f, at)) = self.open.pop() else {
                return false;
            };
            let at = at as usize;
            if at == goal {
                self.unwind(start, goal, width, out);
                return true;
            }
            let (x, y) = (at as i32 % width, at as i32 / width);
            let g = self.cells[at].cost;
            if f > g + octile(to.0 - x, to.1 - y) {
                continue; // reached more cheaply since
            }
            self.expand(nav, (x, y), g, to);
        }
        false
    }

    fn begin(&mut self, cells: usize) {
        if self.cells.len() != cells || self.stamp == u32::MAX {
            self.cells = vec![Reached::default(); cells];
            self.stamp = 0;
        }
        self.stamp += 1;
        self.open.clear();
    }

    /// `left`: cells from here to the goal.
    #[inline]
    fn reach(&mut self, cell: usize, cost: u32, parent: usize, left: (i32, i32)) {
        let known = &mut self.cells[cell];
        if known.stamp == self.stamp && known.cost <= cost {
            return;
        }
        *known = Reached {
            stamp: self.stamp,
            cost,
            parent: parent as u32,
        };
        self.open.push(cost + octile(left.0, left.1), cell as u32);
    }

    fn expand(&mut self, nav: &NavGrid, (x, y): (i32, i32), g: u32, to: (i32, i32)) {
        let width = nav.width() as i32;
        let at = y * width + x;
        let mut steps = nav.steps_from(at as usize);
        while steps != 0 {
            let k = steps.trailing_zeros() as usize;
            steps &= steps - 1;
            let (dx, dy) = NEIGHBORS[k];
            let cost = if k < 4 { STRAIGHT } else { DIAGONAL };
            let left = (to.0 - x - dx, to.1 - y - dy);
            let cell = (at + dy * width + dx) as usize;
            self.reach(cell, g + cost, at as usize, left);
        }
    }

    fn unwind(&self, start: usize, goal: usize, width: i32, out: &mut Vec<(i32, i32)>) {
        let first = out.len();
        let mut at = goal;
        while at != start {
            out.push((at as i32 % width, at as i32 / width));
            at = self.cells[at].parent as usize;
        }
        out[first..].reverse();
    }
}
