//! A melee map: terrain, resources, start locations. Plain data; `sim::maps` makes and reads them.

use super::geometry::{BitGrid, Grid, Point, Rect};
use super::ids::UnitTypeId;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::Xxh3;

/// A mineral field or geyser.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ResourceNode {
    pub unit_type: UnitTypeId,
    pub pos: Point,
    /// Minerals or vespene at the start of the game.
    pub contents: u32,
}

/// A neutral unit that is no resource: destructible rocks, watch towers.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Destructible {
    pub unit_type: UnitTypeId,
    pub pos: Point,
    pub radius: f32,
    /// 0 = cannot be destroyed.
    pub health: f32,
}

/// Everything about a map that does not change during a game.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MapData {
    pub name: String,
    /// Cells that ground units can walk on, were there no structures, resources and rocks.
    pub pathing: BitGrid,
    /// Cells whose terrain can be built on.
    pub placement: BitGrid,
    /// Terrain height h as the API gives it; height in cells is `-16 + 32 h / 255`. 16 bytes are one cliff level.
    pub height: Grid<u8>,
    /// Where units and cameras may go.
    pub playable: Rect,
    /// Town-hall centers of the players' start locations.
    pub start_locations: Vec<Point>,
    /// Town-hall centers of all bases, start locations included.
    pub expansions: Vec<Point>,
    pub resources: Vec<ResourceNode>,
    pub destructibles: Vec<Destructible>,
}

impl MapData {
    pub fn width(&self) -> usize {
        self.pathing.width()
    }

    pub fn height_cells(&self) -> usize {
        self.pathing.height()
    }

    /// Terrain height at a point, in cells (the API's z); 0 outside the map.
    pub fn z(&self, p: Point) -> f32 {
        let (x, y) = p.cell();
        self.height
            .get(x, y)
            .map_or(0.0, |h| -16.0 + 32.0 * f32::from(h) / 255.0)
    }

    /// Hash of everything that matters to a game; replays and checkpoints name their map by it.
    pub fn hash(&self) -> u64 {
        let mut hasher = Xxh3::new();
        let bytes = postcard::to_stdvec(self).expect("a map always serializes");
        hasher.update(&bytes);
        hasher.digest()
    }
}
