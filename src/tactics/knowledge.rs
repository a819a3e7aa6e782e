//! What a player knows of the map before the first look: bases in the order to take them, ways, building places.
//!
//! Made once a game from [`GameInfo`]; nothing in it changes afterwards.

use super::placement::{self, Places};
use crate::game::{GameInfo, Grid, MapData, PlayerId, Point, UnitTypeId};
use smallvec::SmallVec;
use std::sync::Arc;

/// Neutral types that are geysers; every other resource is a mineral field.
const GEYSERS: [u16; 6] = [342, 343, 344, 608, 880, 881];

/// Steps of a cell that cannot be reached.
pub const UNREACHED: u16 = u16::MAX;

/// A place for a town hall.
#[derive(Clone, Debug)]
pub struct Base {
    pub pos: Point,
    /// Steps on the ground from one's own and from the enemy's start; [`UNREACHED`] on islands.
    pub own_steps: u16,
    pub enemy_steps: u16,
    pub mineral_center: Point,
    pub geysers: SmallVec<[Point; 2]>,
    /// A point some cells before the town hall on the way to the enemy: where defenders stand.
    pub front: Point,
}

/// Fixed knowledge of one game.
#[derive(Clone, Debug)]
pub struct Knowledge {
    pub map: Arc<MapData>,
    pub player: PlayerId,
    pub start: Point,
    pub enemy_start: Point,
    /// Own start first, then in the order in which to take them.
    pub bases: Vec<Base>,
    /// Building places at `bases[0]` and `bases[1]`.
    pub places: [Places; 2],
    /// Where a hidden building may be: the bases from the enemy's start outward, then a coarse net over the map.
    pub hunt: Vec<Point>,
    /// A spot on the enemy's side of the map, away from the straight way, with building places around it.
    pub proxy: Places,
    enemy_steps: Grid<u16>,
    mineral_types: SmallVec<[UnitTypeId; 4]>,
}

impl Knowledge {
    /// Works everything out from what the player was told at the start.
    pub fn new(info: &GameInfo) -> Knowledge {
        let map = info.map.clone();
        let start = info.own_start;
        let enemy_start = info
            .enemy_starts
            .first()
            .copied()
            .unwrap_or_else(|| opposite(&map, start));
        let own_steps = flood(&map, start);
        let enemy_steps = flood(&map, enemy_start);
        let mut bases: Vec<Base> = map
            .expansions
            .iter()
            .map(|p| base(&map, *p, &own_steps, &enemy_steps))
            .collect();
        if !bases.iter().any(|b| b.pos.distance(start) < 4.0) {
            bases.push(base(&map, start, &own_steps, &enemy_steps));
        }
        bases.sort_by_key(|b| base_key(b, start));
        let places = [
            placement::places(&map, &bases, bases[0].pos, 30.0),
            placement::places(&map, &bases, bases[bases.len().min(2) - 1].pos, 22.0),
        ];
        let proxy_at = proxy_spot(&map, &own_steps, &enemy_steps);
        let proxy = placement::places(&map, &bases, proxy_at, 12.0);
        let hunt = hunting_grounds(&map, &bases, enemy_start);
        let mut mineral_types = SmallVec::new();
        for r in map.resources.iter().filter(|r| !is_geyser(r.unit_type)) {
            if !mineral_types.contains(&r.unit_type) {
                mineral_types.push(r.unit_type);
            }
        }
        Knowledge {
            player: info.player,
            start,
            enemy_start,
            bases,
            places,
            hunt,
            proxy,
            enemy_steps,
            mineral_types,
            map,
        }
    }

    /// True for the types of this map's mineral fields.
    pub fn is_mineral(&self, t: UnitTypeId) -> bool {
        self.mineral_types.contains(&t)
    }

    /// The point `steps` cells along the ground from `from` toward the enemy's start.
    pub fn on_the_way(&self, from: Point, steps: u16) -> Point {
        walk(&self.enemy_steps, from, steps)
    }

    /// Steps on the ground to the enemy's start.
    pub fn steps_to_enemy(&self, p: Point) -> u16 {
        let (x, y) = p.cell();
        self.enemy_steps.get(x, y).unwrap_or(UNREACHED)
    }

    /// The base whose town-hall place is nearest.
    pub fn nearest_base(&self, p: Point) -> usize {
        (0..self.bases.len())
            .min_by(|a, b| {
                let d = |i: usize| self.bases[i].pos.distance_squared(p);
                d(*a).total_cmp(&d(*b))
            })
            .unwrap_or(0)
    }
}

/// True for geysers of every look.
pub fn is_geyser(t: UnitTypeId) -> bool {
    GEYSERS.contains(&t.0)
}

fn opposite(map: &MapData, start: Point) -> Point {
    map.start_locations
        .iter()
        .copied()
        .max_by(|a, b| {
            a.distance_squared(start)
                .total_cmp(&b.distance_squared(start))
        })
        .unwrap_or(start)
}

fn base_key(b: &Base, start: Point) -> (bool, i32) {
    if b.pos.distance(start) < 4.0 {
        return (false, i32::MIN);
    }
    // Near to us and far from the enemy; islands last.
    let key = i32::from(b.own_steps) * 3 - i32::from(b.enemy_steps);
    (b.own_steps == UNREACHED, key)
}

fn base(map: &MapData, pos: Point, own: &Grid<u16>, enemy: &Grid<u16>) -> Base {
    let near = |r: &&crate::game::ResourceNode| r.pos.distance(pos) < 12.0;
    let (mut sum, mut n) = (Point::default(), 0.0);
    let mut geysers = SmallVec::new();
    for r in map.resources.iter().filter(near) {
        if is_geyser(r.unit_type) {
            geysers.push(r.pos);
        } else {
            sum = sum + r.pos;
            n += 1.0;
        }
    }
    let mineral_center = if n > 0.0 { sum * (1.0 / n) } else { pos };
    let (x, y) = pos.cell();
    Base {
        pos,
        own_steps: own.get(x, y).unwrap_or(UNREACHED),
        enemy_steps: enemy.get(x, y).unwrap_or(UNREACHED),
        mineral_center,
        geysers,
        front: walk(enemy, pos, 10),
    }
}

/// Steps (four neighbors) from `from` over pathable cells.
fn flood(map: &MapData, from: Point) -> Grid<u16> {
    let (w, h) = (map.width(), map.height_cells());
    let mut steps = Grid::new(w, h, UNREACHED);
    let mut queue = std::collections::VecDeque::new();
    let (cx, cy) = from.cell();
    for (dx, dy) in (-3..=3).flat_map(|dx| (-3..=3).map(move |dy| (dx, dy))) {
        if map.pathing.get(cx + dx, cy + dy) == Some(true) {
            steps.set(
                cx + dx,
                cy + dy,
                dx.unsigned_abs() as u16 + dy.unsigned_abs() as u16,
            );
            queue.push_back((cx + dx, cy + dy));
        }
    }
    while let Some((x, y)) = queue.pop_front() {
        let next = steps.get(x, y).unwrap_or(0) + 1;
        for (nx, ny) in [(x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)] {
            if map.pathing.get(nx, ny) == Some(true) && steps.get(nx, ny) == Some(UNREACHED) {
                steps.set(nx, ny, next);
                queue.push_back((nx, ny));
            }
        }
    }
    steps
}

/// Follows the steepest way down a field of steps.
fn walk(field: &Grid<u16>, from: Point, steps: u16) -> Point {
    let (mut x, mut y) = from.cell();
    for _ in 0..steps {
        let here = field.get(x, y).unwrap_or(UNREACHED);
        // Diagonal neighbors first: their value is lower by two, so ways come out straight.
        let best = [
            (1, 1),
            (1, -1),
            (-1, 1),
            (-1, -1),
            (1, 0),
            (-1, 0),
            (0, 1),
            (0, -1),
        ]
        .into_iter()
        .map(|(dx, dy)| (x + dx, y + dy))
        .min_by_key(|(nx, ny)| field.get(*nx, *ny).unwrap_or(UNREACHED));
        match best {
            Some((nx, ny)) if field.get(nx, ny).unwrap_or(UNREACHED) < here => (x, y) = (nx, ny),
            _ => break,
        }
    }
    Point::new(x as f32 + 0.5, y as f32 + 0.5)
}

fn hunting_grounds(map: &MapData, bases: &[Base], enemy_start: Point) -> Vec<Point> {
    let mut hunt: Vec<Point> = bases.iter().map(|b| b.pos).collect();
    hunt.sort_by(|a, b| {
        a.distance_squared(enemy_start)
            .total_cmp(&b.distance_squared(enemy_start))
    });
    let mut net = Vec::new();
    let p = &map.playable;
    for y in (p.y0 + 3..p.y1).step_by(7) {
        for x in (p.x0 + 3..p.x1).step_by(7) {
            net.extend(walkable_near(map, x, y));
        }
    }
    // In rings around the enemy's start, for what is hidden is most likely near it; once around in each, so that a
    // searcher never crosses the whole map between two points.
    net.sort_by(|a: &Point, b| {
        let key = |q: &Point| {
            (
                (q.distance(enemy_start) / 15.0) as i32,
                turn(*q - enemy_start),
            )
        };
        let (ka, kb) = (key(a), key(b));
        ka.0.cmp(&kb.0).then(ka.1.total_cmp(&kb.1))
    });
    hunt.extend(net);
    hunt
}

/// Grows with the direction's angle, from 0 to 4, without trigonometry.
fn turn(d: Point) -> f32 {
    let along = d.x / (d.x.abs() + d.y.abs()).max(1e-6);
    if d.y >= 0.0 { 1.0 - along } else { 3.0 + along }
}

/// The middle of the walkable cell nearest to a cell, within four.
fn walkable_near(map: &MapData, x: i32, y: i32) -> Option<Point> {
    (-4..=4)
        .flat_map(|dy| (-4..=4).map(move |dx| (dx, dy)))
        .filter(|(dx, dy)| map.pathing.get(x + dx, y + dy) == Some(true))
        .min_by_key(|(dx, dy): &(i32, i32)| dx * dx + dy * dy)
        .map(|(dx, dy)| Point::new((x + dx) as f32 + 0.5, (y + dy) as f32 + 0.5))
}

/// Buildable ground nearer to the enemy than to us, some ninety steps from his start: farther than his army waits, and off his way to us.
fn proxy_spot(map: &MapData, own: &Grid<u16>, enemy: &Grid<u16>) -> Point {
    let mut best = (f32::MAX, Point::default());
    for y in (map.playable.y0..map.playable.y1).step_by(3) {
        for x in (map.playable.x0..map.playable.x1).step_by(3) {
            let (Some(o), Some(e)) = (own.get(x, y), enemy.get(x, y)) else {
                continue;
            };
            if o == UNREACHED || e == UNREACHED || map.placement.get(x, y) != Some(true) {
                continue;
            }
            let cost = (f32::from(e) - 92.0).abs() * 2.0 + f32::from(o);
            if cost < best.0 {
                best = (cost, Point::new(x as f32 + 0.5, y as f32 + 0.5));
            }
        }
    }
    best.1
}
