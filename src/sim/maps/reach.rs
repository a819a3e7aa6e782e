//! Ground that can be walked to, and how far it is. Terrain only: rocks and structures do not stand in the way.

use crate::game::{Grid, MapData, Point};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// A straight step and a diagonal one, in 1/70 cells: whole numbers keep the order of search the same everywhere.
const STRAIGHT: u32 = 70;
const DIAGONAL: u32 = 99;

/// Ground distances, in 1/70 cells, from the cell of `from` to every cell; `u32::MAX` where no path leads.
///
/// Diagonal steps need both cells beside them free.
pub fn distances(map: &MapData, from: Point) -> Grid<u32> {
    let mut best = Grid::new(map.width(), map.height_cells(), u32::MAX);
    let start = from.cell();
    let free = |x: i32, y: i32| map.pathing.get(x, y) == Some(true);
    let mut open = BinaryHeap::new();
    if free(start.0, start.1) {
        best.set(start.0, start.1, 0);
        open.push(Reverse((0, start)));
    }
    while let Some(Reverse((cost, (x, y)))) = open.pop() {
        if best.get(x, y).is_some_and(|b| b < cost) {
            continue;
        }
        for (dx, dy) in (-1..=1).flat_map(|dx| (-1..=1).map(move |dy| (dx, dy))) {
            let (nx, ny) = (x + dx, y + dy);
            if !free(nx, ny) || !free(x, ny) || !free(nx, y) {
                continue;
            }
            let next = cost
                + if dx != 0 && dy != 0 {
                    DIAGONAL
                } else {
                    STRAIGHT
                };
            if best.get(nx, ny).is_some_and(|b| next < b) {
                best.set(nx, ny, next);
                open.push(Reverse((next, (nx, ny))));
            }
        }
    }
    best
}

/// Length of the shortest ground path, in cells; none if there is no path.
pub fn ground_distance(map: &MapData, from: Point, to: Point) -> Option<f32> {
    let (x, y) = to.cell();
    let steps = distances(map, from).get(x, y)?;
    (steps != u32::MAX).then_some(steps as f32 / STRAIGHT as f32)
}
