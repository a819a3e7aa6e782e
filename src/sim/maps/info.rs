//! What there is to say about a map in a few lines.

use super::reach;
use crate::game::data::neutral::{self, NeutralKind};
use crate::game::{MapData, UnitTypeId};
use serde::Serialize;

/// A map in figures; `scc map info --json` prints exactly this.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MapInfo {
    pub name: String,
    /// Cells.
    pub width: usize,
    pub height: usize,
    /// Lower left corner and upper right corner (exclusive) of the playable area.
    pub playable: [i32; 4],
    pub start_locations: Vec<[f32; 2]>,
    /// Town-hall places, start locations included.
    pub expansions: Vec<[f32; 2]>,
    pub mineral_fields: usize,
    pub geysers: usize,
    pub minerals: u64,
    pub vespene: u64,
    pub rocks: usize,
    pub watch_towers: usize,
    /// Ground path between the first two starts, in cells, with all rocks gone.
    pub main_to_main: Option<f32>,
    /// Ground path from the first start to the base nearest by foot, in cells.
    pub main_to_natural: Option<f32>,
    /// Hexadecimal; replays and checkpoints name their map by it.
    pub hash: String,
}

/// Sums up a map.
pub fn info(map: &MapData) -> MapInfo {
    let kind = |id: UnitTypeId| neutral::find(id).map(|n| n.kind);
    let resources = |is: fn(NeutralKind) -> bool| {
        let nodes = map.resources.iter();
        nodes.filter(move |r| kind(r.unit_type).is_some_and(is))
    };
    let others = |want: NeutralKind| {
        let units = map.destructibles.iter();
        units.filter(|d| kind(d.unit_type) == Some(want)).count()
    };
    let amount = |is| resources(is).map(|r| u64::from(r.contents)).sum();
    let pair = |p: &crate::game::Point| [p.x, p.y];
    let (main_to_main, main_to_natural) = distances(map);
    MapInfo {
        name: map.name.clone(),
        width: map.width(),
        height: map.height_cells(),
        playable: [
            map.playable.x0,
            map.playable.y0,
            map.playable.x1,
            map.playable.y1,
        ],
        start_locations: map.start_locations.iter().map(pair).collect(),
        expansions: map.expansions.iter().map(pair).collect(),
        mineral_fields: resources(NeutralKind::is_minerals).count(),
        geysers: resources(NeutralKind::is_geyser).count(),
        minerals: amount(NeutralKind::is_minerals),
        vespene: amount(NeutralKind::is_geyser),
        rocks: others(NeutralKind::Rocks),
        watch_towers: others(NeutralKind::WatchTower),
        main_to_main,
        main_to_natural,
        hash: format!("{:016x}", map.hash()),
    }
}

fn distances(map: &MapData) -> (Option<f32>, Option<f32>) {
    let [main, enemy, ..] = map.start_locations[..] else {
        return (None, None);
    };
    let to_natural = map
        .expansions
        .iter()
        .filter(|e| **e != main)
        .filter_map(|e| reach::ground_distance(map, main, *e))
        .min_by(f32::total_cmp);
    (reach::ground_distance(map, main, enemy), to_natural)
}

impl std::fmt::Display for MapInfo {
    /// A line a fact.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let cells = |d: Option<f32>| d.map_or("no path".to_owned(), |d| format!("{d:.0} cells"));
        let [x0, y0, x1, y1] = self.playable;
        writeln!(f, "{}", self.name)?;
        writeln!(
            f,
            "  size        {}x{} cells, playable {}x{} from {x0},{y0}",
            self.width,
            self.height,
            x1 - x0,
            y1 - y0
        )?;
        for start in &self.start_locations {
            writeln!(f, "  start       {}, {}", start[0], start[1])?;
        }
        writeln!(f, "  bases       {}", self.expansions.len())?;
        writeln!(
            f,
            "  minerals    {} in {} fields",
            self.minerals, self.mineral_fields
        )?;
        writeln!(
            f,
            "  vespene     {} in {} geysers",
            self.vespene, self.geysers
        )?;
        writeln!(
            f,
            "  others      {} rocks, {} watch towers",
            self.rocks, self.watch_towers
        )?;
        writeln!(
            f,
            "  on foot     {} from main to main, {} to the natural",
            cells(self.main_to_main),
            cells(self.main_to_natural)
        )?;
        writeln!(f, "  hash        {}", self.hash)
    }
}
