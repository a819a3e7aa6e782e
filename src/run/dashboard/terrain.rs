//! A map's terrain as rows of characters, small enough for a page and fine enough for a minimap.

use crate::game::data::neutral::{self, NeutralKind};
use crate::game::{MapData, Rect};
use serde::Serialize;

/// Most characters a row and rows: a cell of the map each, unless it is larger.
const SIDE_MAX: i32 = 256;
/// Ground from low to high.
const LEVELS: &[u8; 10] = b"0123456789";

/// See the module.
#[derive(Debug, Serialize)]
pub struct Terrain {
    pub name: String,
    /// The part of the map that is shown: `[x0, y0, x1, y1]` in cells, x1 and y1 exclusive.
    pub area: [i32; 4],
    /// Cells a character, either way.
    pub cell: i32,
    /// From north to south: `#` no way for ground units, `/` ramp, a digit is ground, 0 the lowest.
    pub rows: Vec<String>,
    /// `[x, y, kind]` of each mineral field (0), geyser (1) and rock or tower (2) at the start.
    pub neutrals: Vec<[f32; 3]>,
}

impl Terrain {
    pub fn of(map: &MapData) -> Terrain {
        let area = map.playable;
        let side = area.width().max(area.height());
        let cell = side.div_euclid(SIDE_MAX) + i32::from(side.rem_euclid(SIDE_MAX) > 0);
        let cell = cell.max(1);
        let bounds = heights(map, &area);
        let mut rows = Vec::new();
        let mut y = area.y1 - cell;
        while y > area.y0 - cell {
            let row = (area.x0..area.x1).step_by(cell as usize);
            let row = row.map(|x| char::from(symbol(map, bounds, x, y.max(area.y0))));
            rows.push(row.collect());
            y -= cell;
        }
        Terrain {
            name: map.name.clone(),
            area: [area.x0, area.y0, area.x1, area.y1],
            cell,
            rows,
            neutrals: neutrals(map),
        }
    }
}

/// Lowest and highest ground that can be walked on.
fn heights(map: &MapData, area: &Rect) -> (u8, u8) {
    let (mut low, mut high) = (u8::MAX, 0);
    for y in area.y0..area.y1 {
        for x in area.x0..area.x1 {
            if let (Some(true), Some(height)) = (map.pathing.get(x, y), map.height.get(x, y)) {
                (low, high) = (low.min(height), high.max(height));
            }
        }
    }
    (low.min(high), high)
}

fn symbol(map: &MapData, (low, high): (u8, u8), x: i32, y: i32) -> u8 {
    if map.pathing.get(x, y) != Some(true) {
        return b'#';
    }
    if map.placement.get(x, y) != Some(true) {
        return b'/';
    }
    let height = map.height.get(x, y).unwrap_or(low).clamp(low, high);
    let span = usize::from(high - low).max(1);
    LEVELS[usize::from(height - low) * (LEVELS.len() - 1) / span]
}

fn neutrals(map: &MapData) -> Vec<[f32; 3]> {
    let is_geyser = |id| neutral::find(id).is_some_and(|n| NeutralKind::is_geyser(n.kind));
    let resources = map.resources.iter().map(|r| {
        let kind = if is_geyser(r.unit_type) { 1.0 } else { 0.0 };
        [r.pos.x, r.pos.y, kind]
    });
    let others = map.destructibles.iter().map(|d| [d.pos.x, d.pos.y, 2.0]);
    resources.chain(others).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_map_has_ground_at_its_starts_and_fits() {
        for map in crate::sim::maps::default_ladder() {
            let terrain = Terrain::of(&map);
            let [x0, _, x1, y1] = terrain.area;
            let width = ((x1 - x0) as usize).div_ceil(terrain.cell as usize);
            assert!(
                terrain.rows.iter().all(|row| row.len() == width),
                "{}",
                map.name
            );
            assert!(terrain.rows.len() <= SIDE_MAX as usize && width <= SIDE_MAX as usize);
            for start in &map.start_locations {
                let (x, y) = start.cell();
                let row = &terrain.rows[((y1 - 1 - y) / terrain.cell) as usize];
                let there = row.as_bytes()[((x - x0) / terrain.cell) as usize];
                assert!(
                    there.is_ascii_digit() || there == b'/',
                    "{}: {}",
                    map.name,
                    there as char
                );
            }
            let fields = terrain.neutrals.iter().filter(|n| n[2] < 2.0).count();
            assert_eq!(fields, map.resources.len());
        }
    }
}
