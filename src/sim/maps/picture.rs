//! A map as text: one character for two by two cells.

use crate::game::data::neutral::{self, NeutralKind};
use crate::game::{MapData, Point};

/// What the characters mean.
pub const LEGEND: &str = "S start, H base, m minerals, g geyser, r rocks, t watch tower, / ramp, # no way, . : + * ground from low to high";

/// Draws the playable area, north up; see [`LEGEND`].
pub fn picture(map: &MapData) -> String {
    let p = &map.playable;
    let levels = levels(map);
    let mut text = String::new();
    let mut y = p.y1 - 2;
    while y >= p.y0 - 1 {
        for x in (p.x0..p.x1).step_by(2) {
            text.push(symbol(map, &levels, x, y));
        }
        text.push('\n');
        y -= 2;
    }
    text
}

/// Height bytes of buildable ground that cover a real share of the map, ascending.
pub fn levels(map: &MapData) -> Vec<u8> {
    let mut counts = [0usize; 256];
    let cells = map.placement.as_slice().iter().zip(map.height.as_slice());
    for (_, h) in cells.filter(|(buildable, _)| **buildable) {
        counts[usize::from(*h)] += 1;
    }
    let enough = counts.iter().sum::<usize>() / 50;
    let mut levels: Vec<u8> = Vec::new();
    for h in (0..=255u8).filter(|h| counts[usize::from(*h)] > enough) {
        // A level's cells differ by a few bytes on hand-made terrain.
        if levels.last().is_none_or(|last| h - last >= 8) {
            levels.push(h);
        }
    }
    levels
}

fn symbol(map: &MapData, levels: &[u8], x: i32, y: i32) -> char {
    let here = |p: &Point| (0..2).contains(&(p.cell().0 - x)) && (0..2).contains(&(p.cell().1 - y));
    if map.start_locations.iter().any(here) {
        return 'S';
    }
    if map.expansions.iter().any(here) {
        return 'H';
    }
    if let Some(r) = map.resources.iter().find(|r| here(&r.pos)) {
        let kind = neutral::find(r.unit_type).map(|n| n.kind);
        return if kind.is_some_and(NeutralKind::is_geyser) {
            'g'
        } else {
            'm'
        };
    }
    if let Some(d) = map.destructibles.iter().find(|d| here(&d.pos)) {
        let tower = neutral::find(d.unit_type).is_some_and(|n| n.kind == NeutralKind::WatchTower);
        return if tower { 't' } else { 'r' };
    }
    let cells = [(x, y), (x + 1, y), (x, y + 1), (x + 1, y + 1)];
    let walkable = |c: &(i32, i32)| map.pathing.get(c.0, c.1) == Some(true);
    if cells.iter().filter(|c| walkable(c)).count() < 3 {
        return '#';
    }
    let buildable = |c: &(i32, i32)| map.placement.get(c.0, c.1) == Some(true);
    if !cells.iter().any(buildable) {
        return '/';
    }
    let height = map.height.get(x, y).unwrap_or(0);
    let level = levels.iter().filter(|l| **l <= height).count();
    ['.', '.', ':', '+', '*'][level.min(4)]
}
