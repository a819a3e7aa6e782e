//! The coarse level: sectors of 16x16 cells, joined by portals, for long ways, distances and reachability.
//!
//! A portal is a run of at most [`RUN_MAX`] cell pairs across the border of two sectors. A change of footprints rebuilds
//! only the sectors that it touches and their four neighbors.

use super::local::{DIAGONAL, STRAIGHT, octile};
use super::nav::{NavGrid, SECTOR};
use smallvec::SmallVec;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Longer openings get several portals, so that ways do not bend far.
const RUN_MAX: usize = 6;
/// Portals a border can have: runs of at least one cell with a gap between.
const PORTALS_MAX: usize = 8;
const CELLS: usize = SECTOR * SECTOR;
const FAR: u16 = u16::MAX;
/// A sector's cells with a frame of closed ones, so that a flood need not look for the sector's borders.
const FRAME: usize = SECTOR + 2;
const FRAMED: usize = FRAME * FRAME;
type Distances = [u16; FRAMED];

#[derive(Clone, Copy, Debug, Default)]
struct Portal {
    /// The two cells it joins: in the owner, then in the right or upper neighbor.
    cells: [(i32, i32); 2],
    sectors: [u32; 2],
    alive: bool,
}

/// One end of a portal as a sector sees it.
#[derive(Clone, Copy, Debug)]
struct Gate {
    portal: u16,
    cell: (i32, i32),
    label: u8,
}

#[derive(Clone, Debug)]
struct Sector {
    /// Connected pieces within the sector, from 1; 0 is blocked.
    labels: [u8; CELLS],
    label_count: u8,
    gates: SmallVec<[Gate; 16]>,
    /// Walking distance between gates in tenths of cells, `gates.len()` squared; [`FAR`] between pieces.
    distances: Vec<u16>,
}

/// Sectors, portals and connected components over the whole map.
#[derive(Clone, Debug)]
pub(super) struct Hierarchy {
    cols: usize,
    rows: usize,
    sectors: Vec<Sector>,
    /// `(sector * 2 + side) * PORTALS_MAX + run`; side 0 is the right border, 1 the upper one.
    portals: Vec<Portal>,
    /// First component slot of each sector.
    base: Vec<u32>,
    /// Component of each (sector, label).
    component: Vec<u32>,
    search: GateSearch,
}

/// Working memory of the portal search.
#[derive(Clone, Debug, Default)]
struct GateSearch {
    stamp: u32,
    stamps: Vec<u32>,
    cost: Vec<u32>,
    parent: Vec<u16>,
    open: BinaryHeap<Reverse<(u32, u16)>>,
    /// The portals around the goal, and the cell that they were last found for: groups go to one goal.
    goal: Vec<(u16, u16)>,
    goal_cell: Option<(i32, i32)>,
}

const NO_PORTAL: u16 = u16::MAX;

impl Hierarchy {
    pub(super) fn new(nav: &NavGrid) -> Hierarchy {
        let (cols, rows) = (nav.sector_cols(), nav.sector_rows());
        let count = cols * rows;
        let blank = Sector {
            labels: [0; CELLS],
            label_count: 0,
            gates: SmallVec::new(),
            distances: Vec::new(),
        };
        let slots = count * 2 * PORTALS_MAX;
        let mut hierarchy = Hierarchy {
            cols,
            rows,
            sectors: vec![blank; count],
            portals: vec![Portal::default(); slots],
            base: vec![0; count + 1],
            component: Vec::new(),
            search: GateSearch {
                stamps: vec![0; slots],
                cost: vec![0; slots],
                parent: vec![NO_PORTAL; slots],
                ..GateSearch::default()
            },
        };
        let all: Vec<usize> = (0..count).collect();
        for &sector in &all {
            hierarchy.label(nav, sector);
        }
        hierarchy.rebuild(nav, &all, &all);
        hierarchy
    }

    /// Brings everything up to date after cells of the sectors in `changed` did.
    pub(super) fn update(&mut self, nav: &NavGrid, changed: &[usize]) {
        let mut touched: Vec<usize> = Vec::with_capacity(changed.len() * 5);
        for &sector in changed {
            let (col, row) = (sector % self.cols, sector / self.cols);
            touched.push(sector);
            if col > 0 {
                touched.push(sector - 1);
            }
            if col + 1 < self.cols {
                touched.push(sector + 1);
            }
            if row > 0 {
                touched.push(sector - self.cols);
            }
            if row + 1 < self.rows {
                touched.push(sector + self.cols);
            }
        }
        touched.sort_unstable();
        touched.dedup();
        for &sector in changed {
            self.label(nav, sector);
        }
        self.rebuild(nav, &touched, changed);
    }

    /// Finds the portals of the sectors in `touched`, and the walks between them: in those that `changed`, and where a
    /// portal did.
    fn rebuild(&mut self, nav: &NavGrid, touched: &[usize], changed: &[usize]) {
        for &sector in touched {
            self.find_portals(nav, sector);
        }
        for &sector in touched {
            let gates = self.gates_of(sector);
            let same = gates.iter().map(|g| (g.portal, g.cell));
            let known = self.sectors[sector]
                .gates
                .iter()
                .map(|g| (g.portal, g.cell));
            if changed.contains(&sector) || !same.eq(known) {
                self.join_gates(nav, sector, gates);
            }
        }
        self.connect();
        self.search.goal_cell = None;
    }

    fn origin(&self, sector: usize) -> (i32, i32) {
        (
            (sector % self.cols * SECTOR) as i32,
            (sector / self.cols * SECTOR) as i32,
        )
    }

    fn label(&mut self, nav: &NavGrid, sector: usize) {
        let (ox, oy) = self.origin(sector);
        let labels = &mut self.sectors[sector].labels;
        labels.fill(0);
        let (mut count, mut stack) = (0u8, Vec::with_capacity(CELLS));
        for start in 0..CELLS {
            let walkable =
                |i: usize| nav.is_walkable(ox + (i % SECTOR) as i32, oy + (i / SECTOR) as i32);
            if labels[start] != 0 || !walkable(start) {
                continue;
            }
            count += 1;
            labels[start] = count;
            stack.push(start);
            while let Some(i) = stack.pop() {
                let (x, y) = (i % SECTOR, i / SECTOR);
                let mut visit = |j: usize| {
                    if labels[j] == 0 && walkable(j) {
                        labels[j] = count;
                        stack.push(j);
                    }
                };
                if x > 0 {
                    visit(i - 1);
                }
                if x + 1 < SECTOR {
                    visit(i + 1);
                }
                if y > 0 {
                    visit(i - SECTOR);
                }
                if y + 1 < SECTOR {
                    visit(i + SECTOR);
                }
            }
        }
        self.sectors[sector].label_count = count;
    }

    /// Portals over the right and the upper border of a sector.
    fn find_portals(&mut self, nav: &NavGrid, sector: usize) {
        let (ox, oy) = self.origin(sector);
        let last = SECTOR as i32 - 1;
        for side in 0..2 {
            let first = (sector * 2 + side) * PORTALS_MAX;
            self.portals[first..first + PORTALS_MAX].fill(Portal::default());
            let neighbor = match side {
                0 if sector % self.cols + 1 < self.cols => sector + 1,
                1 if sector / self.cols + 1 < self.rows => sector + self.cols,
                _ => continue,
            };
            let pair = |i: i32| match side {
                0 => [(ox + last, oy + i), (ox + last + 1, oy + i)],
                _ => [(ox + i, oy + last), (ox + i, oy + last + 1)],
            };
            let open = |i: i32| pair(i).iter().all(|&(x, y)| nav.is_walkable(x, y));
            let (mut i, mut run) = (0, first);
            while i <= last {
                if !open(i) {
                    i += 1;
                    continue;
                }
                let mut end = i;
                while end < last && open(end + 1) && ((end + 1 - i) as usize) < RUN_MAX {
                    end += 1;
                }
                self.portals[run] = Portal {
                    cells: pair((i + end) / 2),
                    sectors: [sector as u32, neighbor as u32],
                    alive: true,
                };
                run += 1;
                i = end + 1;
            }
        }
    }

    /// The portals of a sector as it sees them.
    fn gates_of(&self, sector: usize) -> SmallVec<[Gate; 16]> {
        let mut gates: SmallVec<[Gate; 16]> = SmallVec::new();
        let mut borders: SmallVec<[(usize, usize); 4]> = SmallVec::new();
        borders.push((sector * 2, 0));
        borders.push((sector * 2 + 1, 0));
        if !sector.is_multiple_of(self.cols) {
            borders.push(((sector - 1) * 2, 1));
        }
        if sector >= self.cols {
            borders.push(((sector - self.cols) * 2 + 1, 1));
        }
        for (border, end) in borders {
            for slot in border * PORTALS_MAX..(border + 1) * PORTALS_MAX {
                if self.portals[slot].alive {
                    let cell = self.portals[slot].cells[end];
                    gates.push(Gate {
                        portal: slot as u16,
                        cell,
                        label: self.label_at(cell.0, cell.1),
                    });
                }
            }
        }
        gates
    }

    /// Finds the walks between the gates of a sector.
    fn join_gates(&mut self, nav: &NavGrid, sector: usize, gates: SmallVec<[Gate; 16]>) {
        let n = gates.len();
        let mut distances = vec![FAR; n * n];
        for a in 0..n {
            distances[a * n + a] = 0;
            let mut flood: Option<Distances> = None;
            for b in a + 1..n {
                if gates[a].label != gates[b].label {
                    continue;
                }
                let (from, to) = (gates[a].cell, gates[b].cell);
                let d = if nav.ray_clear(center(from), center(to)) {
                    octile(to.0 - from.0, to.1 - from.1) as u16
                } else {
                    flood.get_or_insert_with(|| self.flood(sector, from))[framed(to)]
                };
                distances[a * n + b] = d;
                distances[b * n + a] = d;
            }
        }
        self.sectors[sector].gates = gates;
        self.sectors[sector].distances = distances;
    }

    /// Walking distances in tenths of cells from `from` to all cells of its sector, within the sector.
    fn flood(&self, sector: usize, from: (i32, i32)) -> Distances {
        let mut open = [false; FRAMED];
        for (row, labels) in self.sectors[sector].labels.chunks_exact(SECTOR).enumerate() {
            for (x, &label) in labels.iter().enumerate() {
                open[(row + 1) * FRAME + x + 1] = label != 0;
            }
        }
        let mut distances = [FAR; FRAMED];
        // Steps cost 10 or 14: a ring of stacks by half the distance serves as the queue.
        let mut ring = Ring::default();
        let (mut d, mut waiting) = (0u16, 1);
        distances[framed(from)] = 0;
        ring.push(0, framed(from));
        while waiting > 0 {
            let Some(at) = ring.pop(d) else {
                d += 2;
                continue;
            };
            waiting -= 1;
            if d > distances[at] {
                continue;
            }
            let mut reach = |to: usize, cost: u32| {
                let next = d + cost as u16;
                if open[to] && next < distances[to] {
                    distances[to] = next;
                    ring.push(next, to);
                    waiting += 1;
                }
            };
            // Right, up, left, down; a diagonal step needs both straight ones beside it.
            let straight = [at + 1, at + FRAME, at - 1, at - FRAME];
            let diagonal = [
                at + FRAME + 1,
                at + FRAME - 1,
                at - FRAME - 1,
                at + 1 - FRAME,
            ];
            for k in 0..4 {
                reach(straight[k], STRAIGHT);
                if open[straight[k]] && open[straight[(k + 1) % 4]] {
                    reach(diagonal[k], DIAGONAL);
                }
            }
        }
        distances
    }

    fn label_at(&self, x: i32, y: i32) -> u8 {
        let sector = (y as usize / SECTOR) * self.cols + x as usize / SECTOR;
        self.sectors[sector].labels[local((x, y))]
    }

    /// Labels the connected components by union-find over (sector, label) pairs.
    fn connect(&mut self) {
        for s in 0..self.sectors.len() {
            self.base[s + 1] = self.base[s] + u32::from(self.sectors[s].label_count);
        }
        let mut root: Vec<u32> = (0..self.base[self.sectors.len()]).collect();
        fn find(root: &mut [u32], mut i: u32) -> u32 {
            while root[i as usize] != i {
                root[i as usize] = root[root[i as usize] as usize];
                i = root[i as usize];
            }
            i
        }
        for portal in self.portals.iter().filter(|p| p.alive) {
            let [a, b] = [0, 1].map(|end| {
                let (x, y) = portal.cells[end];
                self.base[portal.sectors[end] as usize] + u32::from(self.label_at(x, y)) - 1
            });
            let (a, b) = (find(&mut root, a), find(&mut root, b));
            // The lower number wins, so that the result does not depend on the order of unions.
            root[a.max(b) as usize] = a.min(b);
        }
        for i in 0..root.len() as u32 {
            let r = find(&mut root, i);
            root[i as usize] = r;
        }
        self.component = root;
    }

    /// Number of the connected component that a cell belongs to; none where nothing can stand.
    pub(super) fn component_at(&self, nav: &NavGrid, x: i32, y: i32) -> Option<u32> {
        nav.index(x, y)?;
        let label = self.label_at(x, y);
        let sector = nav.sector_of(x, y);
        (label != 0).then(|| self.component[(self.base[sector] + u32::from(label) - 1) as usize])
    }

    /// Appends the cells of the portals on the way to `out`; false if the two are not connected.
    pub(super) fn find(
        &mut self,
        nav: &NavGrid,
        from: (i32, i32),
        to: (i32, i32),
        out: &mut Vec<(i32, i32)>,
    ) -> bool {
        let (start, goal) = (nav.sector_of(from.0, from.1), nav.sector_of(to.0, to.1));
        let mut search = std::mem::take(&mut self.search);
        search.begin();
        if search.goal_cell != Some(to) {
            search.goal = self.gates_from(nav, goal, to);
            search.goal_cell = Some(to);
        }
        for (portal, cost) in self.gates_from(nav, start, from) {
            let estimate = || self.estimate(portal, to);
            search.reach(portal, u32::from(cost), NO_PORTAL, estimate);
        }
        let last = self.run(&mut search, to);
        if let Some(last) = last {
            self.unwind(&search, last, from, out);
        }
        self.search = search;
        last.is_some()
    }

    /// Portals that a cell's piece of its sector touches, with the walk to each.
    fn gates_from(&self, nav: &NavGrid, sector: usize, cell: (i32, i32)) -> Vec<(u16, u16)> {
        let label = self.label_at(cell.0, cell.1);
        let mut flood: Option<Distances> = None;
        let gates = self.sectors[sector].gates.iter();
        gates
            .filter(|g| g.label == label && label != 0)
            .map(|g| {
                let d = if nav.ray_clear(center(cell), center(g.cell)) {
                    octile(g.cell.0 - cell.0, g.cell.1 - cell.1) as u16
                } else {
                    flood.get_or_insert_with(|| self.flood(sector, cell))[framed(g.cell)]
                };
                (g.portal, d)
            })
            .collect()
    }

    fn estimate(&self, portal: u16, to: (i32, i32)) -> u32 {
        let (x, y) = self.portals[usize::from(portal)].cells[0];
        octile(to.0 - x, to.1 - y).saturating_sub(STRAIGHT)
    }

    /// Expands portals until one that opens on the goal's piece is settled and nothing can beat it.
    fn run(&self, search: &mut GateSearch, to: (i32, i32)) -> Option<u16> {
        let mut best: Option<(u32, u16)> = None;
        while let Some(Reverse((f, at))) = search.open.pop() {
            if best.is_some_and(|(cost, _)| cost <= f) {
                break;
            }
            let g = search.cost[usize::from(at)];
            if f > g + self.estimate(at, to) {
                continue;
            }
            if let Some(&(_, rest)) = search.goal.iter().find(|(portal, _)| *portal == at) {
                let total = g + u32::from(rest);
                if best.is_none_or(|(cost, _)| total < cost) {
                    best = Some((total, at));
                }
            }
            for sector in self.portals[usize::from(at)].sectors {
                self.expand(search, sector as usize, at, g, to);
            }
        }
        best.map(|(_, at)| at)
    }

    fn expand(&self, search: &mut GateSearch, sector: usize, at: u16, g: u32, to: (i32, i32)) {
        let sector = &self.sectors[sector];
        let n = sector.gates.len();
        let Some(a) = sector.gates.iter().position(|gate| gate.portal == at) else {
            return;
        };
        for (b, gate) in sector.gates.iter().enumerate() {
            let d = sector.distances[a * n + b];
            if d != FAR && gate.portal != at {
                // Stepping through the portal itself costs one cell.
                let cost = g + u32::from(d) + STRAIGHT;
                search.reach(gate.portal, cost, at, || self.estimate(gate.portal, to));
            }
        }
    }

    fn unwind(&self, search: &GateSearch, last: u16, from: (i32, i32), out: &mut Vec<(i32, i32)>) {
        let mut portals = Vec::new();
        let mut at = last;
        while at != NO_PORTAL {
            portals.push(at);
            at = search.parent[usize::from(at)];
        }
        let mut here = from;
        for &portal in portals.iter().rev() {
            let cells = self.portals[usize::from(portal)].cells;
            let near = |c: (i32, i32)| octile(c.0 - here.0, c.1 - here.1);
            let (first, second) = if near(cells[0]) <= near(cells[1]) {
                (cells[0], cells[1])
            } else {
                (cells[1], cells[0])
            };
            out.push(first);
            out.push(second);
            here = second;
        }
    }
}

impl GateSearch {
    fn begin(&mut self) {
        if self.stamp == u32::MAX {
            self.stamps.fill(0);
            self.stamp = 0;
        }
        self.stamp += 1;
        self.open.clear();
    }

    fn reach(&mut self, portal: u16, cost: u32, parent: u16, estimate: impl Fn() -> u32) {
        let i = usize::from(portal);
        if self.stamps[i] == self.stamp && self.cost[i] <= cost {
            return;
        }
        self.stamps[i] = self.stamp;
        self.cost[i] = cost;
        self.parent[i] = parent;
        self.open.push(Reverse((cost + estimate(), portal)));
    }
}

fn local((x, y): (i32, i32)) -> usize {
    (y as usize % SECTOR) * SECTOR + x as usize % SECTOR
}

/// Index of a cell in its sector's framed arrays.
fn framed((x, y): (i32, i32)) -> usize {
    (y as usize % SECTOR + 1) * FRAME + x as usize % SECTOR + 1
}

/// The flood's queue: stacks by half the distance, of which at most eight are in use at a time.
struct Ring {
    cells: [[u16; CELLS]; 8],
    counts: [usize; 8],
}

impl Default for Ring {
    fn default() -> Ring {
        Ring {
            cells: [[0; CELLS]; 8],
            counts: [0; 8],
        }
    }
}

impl Ring {
    fn push(&mut self, distance: u16, cell: usize) {
        let stack = usize::from(distance / 2) % 8;
        self.cells[stack][self.counts[stack]] = cell as u16;
        self.counts[stack] += 1;
    }

    fn pop(&mut self, distance: u16) -> Option<usize> {
        let stack = usize::from(distance / 2) % 8;
        self.counts[stack] = self.counts[stack].checked_sub(1)?;
        Some(usize::from(self.cells[stack][self.counts[stack]]))
    }
}

pub(super) fn center((x, y): (i32, i32)) -> crate::game::Point {
    crate::game::Point::new(x as f32 + 0.5, y as f32 + 0.5)
}
