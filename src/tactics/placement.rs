//! Building places: few, regular, and chosen so that units can still walk between them.
//!
//! Production structures stand on a grid with room for an add-on to the right of each and lanes between them; depots
//! along the edge of the plateau; everything clear of ramps, of the mineral line and of places for town halls.

use super::knowledge::{Base, is_geyser};
use crate::game::{Grid, MapData, Point};

/// Places around one base, best first. Points are footprint centers on the game's build grid.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Places {
    /// For structures of 3x3 with an add-on.
    pub production: Vec<Point>,
    /// For structures of 3x3 without one.
    pub tech: Vec<Point>,
    /// For supply depots, 2x2.
    pub depot: Vec<Point>,
    /// For turrets near the mineral line, 2x2.
    pub turret: Vec<Point>,
}

/// Horizontal distance of production structures: 3 for itself, 2 for the add-on, 2 for the lane.
const PITCH_X: i32 = 7;
const PRODUCTION_MAX: usize = 14;
const TECH_MAX: usize = 6;
const DEPOT_MAX: usize = 20;

/// Places within `radius` cells of `center` on its plateau.
pub fn places(map: &MapData, bases: &[Base], center: Point, radius: f32) -> Places {
    let mut free = free_cells(map, bases, center, radius);
    let mut found = Places::default();
    for pitch_y in [5, 4, 3] {
        found.production = best_grid(&free, center, pitch_y);
        if found.production.len() >= PRODUCTION_MAX.min(10) {
            break;
        }
    }
    found.production.truncate(PRODUCTION_MAX);
    for p in &found.production {
        // The structure, its add-on, and the lane beside them.
        block(&mut free, p.x - 2.5, p.y - 2.5, 8, 5);
    }
    found.turret = squares(&mut free, center, 2, 2, |p| {
        let d = p.distance(center);
        (4.5..9.5).contains(&d).then_some(d)
    });
    found.depot = squares(&mut free, center, 2, DEPOT_MAX, |p| {
        let edge = edge_distance(map, p);
        (p.distance(center) > 6.0).then_some(p.distance(center) + 6.0 * edge)
    });
    found.tech = squares(&mut free, center, 3, TECH_MAX, |p| {
        let d = p.distance(center);
        (d > 6.0).then_some(d)
    });
    found
}

/// Cells that may carry a footprint: buildable, on the center's level, off ramps, mineral lines and town-hall places.
fn free_cells(map: &MapData, bases: &[Base], center: Point, radius: f32) -> Grid<bool> {
    let (w, h) = (map.width(), map.height_cells());
    let mut free = Grid::new(w, h, false);
    let level = map.z(center);
    let (cx, cy) = center.cell();
    let r = radius as i32;
    for (x, y) in (cy - r..=cy + r).flat_map(|y| (cx - r..=cx + r).map(move |x| (x, y))) {
        let p = Point::new(x as f32 + 0.5, y as f32 + 0.5);
        let fits = map.placement.get(x, y) == Some(true)
            && p.distance_squared(center) <= radius * radius
            && (map.z(p) - level).abs() < 0.6
            && map.playable.contains(p);
        if fits && !near_ramp(map, x, y) {
            free.set(x, y, true);
        }
    }
    for b in bases {
        block(&mut free, b.pos.x - 3.5, b.pos.y - 3.5, 7, 7);
        // An add-on grows to the right; keep the way around the hall open too.
        for node in map
            .resources
            .iter()
            .filter(|n| n.pos.distance(b.pos) < 12.0)
        {
            block_line(&mut free, b.pos, node.pos);
            let half = if is_geyser(node.unit_type) { 2.5 } else { 2.0 };
            let side = (2.0 * half) as i32;
            block(&mut free, node.pos.x - half, node.pos.y - half, side, side);
        }
    }
    for d in &map.destructibles {
        let side = (2.0 * d.radius).ceil() as i32 + 1;
        block(
            &mut free,
            d.pos.x - d.radius - 0.5,
            d.pos.y - d.radius - 0.5,
            side,
            side,
        );
    }
    free
}

/// Walkable ground that cannot be built on is a ramp or a path: nothing within two cells of it.
fn near_ramp(map: &MapData, x: i32, y: i32) -> bool {
    (-2..=2).any(|dy| {
        (-2..=2).any(|dx| {
            let (x, y) = (x + dx, y + dy);
            map.pathing.get(x, y) == Some(true) && map.placement.get(x, y) == Some(false)
        })
    })
}

fn block(free: &mut Grid<bool>, x0: f32, y0: f32, width: i32, height: i32) {
    let (x0, y0) = (x0.floor() as i32, y0.floor() as i32);
    for y in y0..y0 + height {
        for x in x0..x0 + width {
            free.set(x, y, false);
        }
    }
}

/// Blocks the cells within 1.5 of the straight way between a town hall and a resource.
fn block_line(free: &mut Grid<bool>, from: Point, to: Point) {
    let n = from.distance(to).ceil().max(1.0);
    for i in 0..=n as i32 {
        let p = from + (to - from) * (i as f32 / n);
        block(free, p.x - 1.5, p.y - 1.5, 4, 4);
    }
}

fn all_free(free: &Grid<bool>, x0: i32, y0: i32, width: i32, height: i32) -> bool {
    (y0..y0 + height).all(|y| (x0..x0 + width).all(|x| free.get(x, y) == Some(true)))
}

/// Production places of the best of all offsets of the grid: most places first, then nearest.
fn best_grid(free: &Grid<bool>, center: Point, pitch_y: i32) -> Vec<Point> {
    let (mut best, mut best_score) = (Vec::new(), f32::MIN);
    for offset in 0..PITCH_X * pitch_y {
        let (ox, oy) = (offset % PITCH_X, offset / PITCH_X);
        let mut found = Vec::new();
        let mut y = oy;
        while y < free.height() as i32 {
            let mut x = ox;
            while x < free.width() as i32 {
                if all_free(free, x, y, 5, 3) {
                    found.push(Point::new(x as f32 + 1.5, y as f32 + 1.5));
                }
                x += PITCH_X;
            }
            y += pitch_y;
        }
        found.sort_by(|a, b| {
            a.distance_squared(center)
                .total_cmp(&b.distance_squared(center))
        });
        found.truncate(PRODUCTION_MAX);
        let far: f32 = found.iter().map(|p| p.distance(center)).sum();
        let score = 100.0 * found.len() as f32 - far;
        if score > best_score {
            (best, best_score) = (found, score);
        }
    }
    best
}

/// Up to `n` disjoint squares of `side` cells, lowest `cost` first; each is taken out of `free` with a cell beside it
/// for squares of 3.
fn squares(
    free: &mut Grid<bool>,
    center: Point,
    side: i32,
    n: usize,
    cost: impl Fn(Point) -> Option<f32>,
) -> Vec<Point> {
    let half = side as f32 / 2.0;
    let (cx, cy) = center.cell();
    let mut candidates = Vec::new();
    for y in cy - 32..=cy + 32 {
        for x in cx - 32..=cx + 32 {
            let p = Point::new(x as f32 + half, y as f32 + half);
            if let (true, Some(c)) = (all_free(free, x, y, side, side), cost(p)) {
                candidates.push((c, p));
            }
        }
    }
    candidates.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut found = Vec::new();
    for (_, p) in candidates {
        if found.len() == n {
            break;
        }
        let (x, y) = ((p.x - half) as i32, (p.y - half) as i32);
        if all_free(free, x, y, side, side) {
            found.push(p);
            let lane = if side == 3 { 1 } else { 0 };
            block(
                free,
                (x - lane) as f32,
                (y - lane) as f32,
                side + 2 * lane,
                side + 2 * lane,
            );
        }
    }
    found
}

/// 0 at the edge of the walkable plateau, 1 where no edge is within three cells.
fn edge_distance(map: &MapData, p: Point) -> f32 {
    let (x, y) = p.cell();
    for d in 1..=3 {
        let blocked = |dx: i32, dy: i32| map.pathing.get(x + dx, y + dy) != Some(true);
        if blocked(d, 0) || blocked(-d - 1, 0) || blocked(0, d) || blocked(0, -d - 1) {
            return (d - 1) as f32 / 3.0;
        }
    }
    1.0
}
