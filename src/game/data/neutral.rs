//! What no player owns: mineral fields, geysers, rocks, plates, watch towers.
//!
//! Ids, names, radii and health as captures of the real game show them (4.8 to 5.0.14). Footprints were worked out from
//! the pathing grids of the same captures: the cells that are blocked under and around the unit.

use crate::game::geometry::Point;
use crate::game::ids::UnitTypeId;
use std::sync::LazyLock;

/// What a neutral type is to the rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NeutralKind {
    Minerals,
    RichMinerals,
    Geyser,
    RichGeyser,
    /// Blocks the way until it is destroyed.
    Rocks,
    /// Can be walked on but not built on, until it is destroyed.
    Plate,
    /// Gives sight to whoever stands beside it; cannot be destroyed.
    WatchTower,
    /// No part in a melee game's rules here: zones, critters, shrines.
    Scenery,
}

/// The cells that a neutral unit blocks, relative to its center.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Footprint {
    None,
    /// Width and height; from 4x4 on the four corner cells stay free.
    Rect(u8, u8),
    /// A diagonal from lower left to upper right in a box of 10x10, as many cells wide to each side of its middle line:
    /// captures show 1 for what bars a ramp, 3 for huge rocks.
    RisingBand(u8),
    /// A diagonal from upper left to lower right.
    FallingBand(u8),
}

/// One row of the neutral table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NeutralData {
    pub id: UnitTypeId,
    pub name: &'static str,
    pub kind: NeutralKind,
    /// Cells.
    pub radius: f32,
    pub footprint: Footprint,
    /// 0 = cannot be destroyed. Fields and geysers report 500 or 10000 and can't be attacked.
    pub health: f32,
    /// Minerals or vespene at the start of a game, where it is seldom otherwise.
    pub contents: u32,
}

impl NeutralKind {
    pub fn is_minerals(self) -> bool {
        matches!(self, NeutralKind::Minerals | NeutralKind::RichMinerals)
    }

    pub fn is_geyser(self) -> bool {
        matches!(self, NeutralKind::Geyser | NeutralKind::RichGeyser)
    }

    pub fn is_resource(self) -> bool {
        self.is_minerals() || self.is_geyser()
    }
}

impl Footprint {
    /// Lower left cell and extent of the box around the footprint of a unit at `pos`.
    fn bounds(self, pos: Point) -> (i32, i32, i32, i32) {
        let (w, h) = match self {
            Footprint::None => (0, 0),
            Footprint::Rect(w, h) => (i32::from(w), i32::from(h)),
            Footprint::RisingBand(_) | Footprint::FallingBand(_) => (10, 10),
        };
        let low = |center: f32, side: i32| (center - side as f32 / 2.0 + 0.5).floor() as i32;
        (low(pos.x, w), low(pos.y, h), w, h)
    }

    /// The cells blocked by a unit at `pos`.
    pub fn cells(self, pos: Point) -> impl Iterator<Item = (i32, i32)> {
        let (x0, y0, w, h) = self.bounds(pos);
        (0..h)
            .flat_map(move |y| (0..w).map(move |x| (x, y)))
            .filter(move |(x, y)| match self {
                Footprint::RisingBand(half) => (x - y).abs() <= i32::from(half),
                Footprint::FallingBand(half) => (x + y - 9).abs() <= i32::from(half),
                _ if w < 4 || h < 4 => true,
                _ => (1..w - 1).contains(x) || (1..h - 1).contains(y),
            })
            .map(move |(x, y)| (x0 + x, y0 + y))
    }
}

const fn row(
    id: u16,
    name: &'static str,
    kind: NeutralKind,
    radius: f32,
    footprint: Footprint,
    health: f32,
    contents: u32,
) -> NeutralData {
    NeutralData {
        id: UnitTypeId(id),
        name,
        kind,
        radius,
        footprint,
        health,
        contents,
    }
}

use Footprint::*;
use NeutralKind::*;

/// By id.
#[rustfmt::skip]
static ROWS: &[NeutralData] = &[
    row(146, "RichMineralField", RichMinerals, 1.125, Rect(2, 1), 500.0, 1800),
    row(147, "RichMineralField750", RichMinerals, 1.125, Rect(2, 1), 500.0, 900),
    row(149, "XelNagaTower", WatchTower, 1.125, Rect(2, 2), 0.0, 0),
    row(312, "Rocks2x2NonConjoined", Rocks, 1.4375, Rect(2, 2), 2000.0, 0),
    row(336, "Dog", Scenery, 0.375, Footprint::None, 0.0, 0),
    row(341, "MineralField", Minerals, 1.125, Rect(2, 1), 10000.0, 1800),
    row(342, "VespeneGeyser", Geyser, 1.5, Rect(3, 3), 10000.0, 2250),
    row(343, "SpacePlatformGeyser", Geyser, 1.5, Rect(3, 3), 10000.0, 2250),
    row(344, "RichVespeneGeyser", RichGeyser, 1.5, Rect(3, 3), 10000.0, 2250),
    row(350, "DestructibleBillboardTall", Rocks, 0.75, Rect(2, 1), 2000.0, 0),
    row(364, "DestructibleDebris4x4", Rocks, 2.25, Rect(4, 4), 2000.0, 0),
    row(365, "DestructibleDebris6x6", Rocks, 3.1875, Rect(6, 6), 2000.0, 0),
    row(370, "DestructibleRock4x4", Rocks, 2.25, Rect(4, 4), 2000.0, 0),
    row(371, "DestructibleRock6x6", Rocks, 3.1875, Rect(6, 6), 2000.0, 0),
    row(372, "DestructibleRampDiagonalHugeULBR", Rocks, 5.875, FallingBand(1), 2000.0, 0),
    row(373, "DestructibleRampDiagonalHugeBLUR", Rocks, 5.875, RisingBand(1), 2000.0, 0),
    row(376, "DestructibleDebrisRampDiagonalHugeULBR", Rocks, 5.875, FallingBand(1), 2000.0, 0),
    row(377, "DestructibleDebrisRampDiagonalHugeBLUR", Rocks, 5.875, RisingBand(1), 2000.0, 0),
    row(472, "UnbuildableRocksDestructible", Plate, 1.125, Rect(2, 2), 400.0, 0),
    row(473, "UnbuildableBricksDestructible", Plate, 1.125, Rect(2, 2), 400.0, 0),
    row(474, "UnbuildablePlatesDestructible", Plate, 1.125, Rect(2, 2), 400.0, 0),
    row(475, "Debris2x2NonConjoined", Rocks, 1.4375, Rect(2, 2), 2000.0, 0),
    row(483, "MineralField750", Minerals, 1.125, Rect(2, 1), 10000.0, 900),
    row(485, "CollapsibleTerranTowerDebris", Rocks, 2.9375, Rect(4, 4), 500.0, 0),
    row(588, "CollapsibleRockTowerDiagonal", Rocks, 2.9375, Rect(4, 4), 500.0, 0),
    row(589, "CollapsibleTerranTowerDiagonal", Rocks, 2.9375, Rect(4, 4), 500.0, 0),
    row(590, "CollapsibleTerranTowerRampLeft", Rocks, 2.9375, Rect(4, 4), 500.0, 0),
    row(591, "CollapsibleTerranTowerRampRight", Rocks, 2.9375, Rect(4, 4), 500.0, 0),
    row(606, "XelNagaHealingShrine", Scenery, 2.5, Footprint::None, 0.0, 0),
    row(608, "ProtossVespeneGeyser", Geyser, 1.5, Rect(3, 3), 10000.0, 2250),
    row(609, "CollapsibleRockTower", Rocks, 2.9375, Rect(4, 4), 500.0, 0),
    row(610, "CollapsibleTerranTower", Rocks, 2.9375, Rect(4, 4), 500.0, 0),
    row(612, "CleaningBot", Scenery, 0.375, Footprint::None, 0.0, 0),
    row(628, "DestructibleCityDebris4x4", Rocks, 2.25, Rect(4, 4), 2000.0, 0),
    row(629, "DestructibleCityDebris6x6", Rocks, 3.1875, Rect(6, 6), 2000.0, 0),
    row(630, "DestructibleCityDebrisHugeDiagonalBLUR", Rocks, 5.875, RisingBand(3), 2000.0, 0),
    row(638, "DestructibleRockEx14x4", Rocks, 2.25, Rect(4, 4), 2000.0, 0),
    row(639, "DestructibleRockEx16x6", Rocks, 3.1875, Rect(6, 6), 2000.0, 0),
    row(640, "DestructibleRockEx1DiagonalHugeULBR", Rocks, 5.875, FallingBand(3), 2000.0, 0),
    row(641, "DestructibleRockEx1DiagonalHugeBLUR", Rocks, 5.875, RisingBand(3), 2000.0, 0),
    row(642, "DestructibleRockEx1VerticalHuge", Rocks, 6.125, Rect(4, 12), 2000.0, 0),
    row(643, "DestructibleRockEx1HorizontalHuge", Rocks, 6.125, Rect(12, 4), 2000.0, 0),
    row(648, "DestructibleIce4x4", Rocks, 2.25, Rect(4, 4), 2000.0, 0),
    row(651, "DestructibleIceDiagonalHugeBLUR", Rocks, 5.875, RisingBand(3), 2000.0, 0),
    row(663, "CollapsibleRockTowerRampRight", Rocks, 2.9375, Rect(4, 4), 500.0, 0),
    row(664, "CollapsibleRockTowerRampLeft", Rocks, 2.9375, Rect(4, 4), 500.0, 0),
    row(665, "LabMineralField", Minerals, 1.125, Rect(2, 1), 10000.0, 1800),
    row(666, "LabMineralField750", Minerals, 1.125, Rect(2, 1), 10000.0, 900),
    row(796, "PurifierRichMineralField", RichMinerals, 1.125, Rect(2, 1), 10000.0, 1800),
    row(797, "PurifierRichMineralField750", RichMinerals, 1.125, Rect(2, 1), 10000.0, 900),
    row(836, "DestructibleExpeditionGate6x6", Rocks, 3.1875, Rect(6, 6), 2000.0, 0),
    row(880, "PurifierVespeneGeyser", Geyser, 1.5, Rect(3, 3), 10000.0, 2250),
    row(881, "ShakurasVespeneGeyser", Geyser, 1.5, Rect(3, 3), 10000.0, 2250),
    row(882, "CollapsiblePurifierTowerDiagonal", Rocks, 2.9375, Rect(4, 4), 500.0, 0),
    row(884, "PurifierMineralField", Minerals, 1.125, Rect(2, 1), 10000.0, 1800),
    row(885, "PurifierMineralField750", Minerals, 1.125, Rect(2, 1), 10000.0, 900),
    // Listed by python-sc2 for patch 4.10; on no captured map.
    row(886, "BattleStationMineralField", Minerals, 1.125, Rect(2, 1), 10000.0, 1800),
    row(887, "BattleStationMineralField750", Minerals, 1.125, Rect(2, 1), 10000.0, 900),
    row(1902, "XelNagaDestructibleBlocker8SE", Rocks, 4.5, RisingBand(3), 2000.0, 0),
    row(1904, "XelNagaDestructibleBlocker8NE", Rocks, 4.5, RisingBand(3), 2000.0, 0),
    row(1906, "XelNagaDestructibleBlocker8NW", Rocks, 4.5, RisingBand(3), 2000.0, 0),
    row(1908, "XelNagaDestructibleBlocker8SW", Rocks, 4.5, RisingBand(3), 2000.0, 0),
    row(1958, "InhibitorZoneSmall", Scenery, 0.5625, Footprint::None, 0.0, 0),
    row(1959, "InhibitorZoneMedium", Scenery, 0.5625, Footprint::None, 0.0, 0),
    row(1961, "MineralField450", Minerals, 1.125, Rect(2, 1), 500.0, 5),
    row(1971, "AccelerationZoneSmall", Scenery, 0.0, Footprint::None, 0.0, 0),
    row(1976, "MineralField450", Minerals, 1.125, Rect(2, 1), 500.0, 5),
    row(1982, "InhibitorZoneSmall", Scenery, 0.5625, Footprint::None, 0.0, 0),
    row(1983, "InhibitorZoneMedium", Scenery, 0.5625, Footprint::None, 0.0, 0),
    row(1985, "AccelerationZoneSmall", Scenery, 0.0, Footprint::None, 0.0, 0),
    row(1987, "AccelerationZoneLarge", Scenery, 0.0, Footprint::None, 0.0, 0),
    row(1996, "MineralField450", Minerals, 1.125, Rect(2, 1), 500.0, 5),
];

/// The whole table, by id.
pub fn rows() -> &'static [NeutralData] {
    ROWS
}

static INDEX: LazyLock<Vec<Option<&'static NeutralData>>> = LazyLock::new(|| {
    let last = ROWS.iter().map(|r| usize::from(r.id.0)).max().unwrap_or(0);
    let mut index: Vec<Option<&NeutralData>> = vec![Option::None; last + 1];
    for row in ROWS {
        index[usize::from(row.id.0)] = Some(row);
    }
    index
});

/// The table's row, or none for a type it does not know.
pub fn find(id: UnitTypeId) -> Option<&'static NeutralData> {
    INDEX.get(usize::from(id.0)).copied().flatten()
}
