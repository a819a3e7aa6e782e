//! Rows for what no player owns: mineral fields, geysers, rocks. The game's tables hold melee units only.

use crate::game::data::{Attributes, BLANK, UnitData, neutral as table};
use crate::game::{Attribute, UnitTypeId};

/// What a neutral type is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NeutralKind {
    Minerals,
    RichMinerals,
    Geyser,
    RichGeyser,
    /// Rocks, plates and towers.
    Other,
}

/// Watch tower: `XelNagaTower` of the captures.
pub const WATCH_TOWER: UnitTypeId = UnitTypeId(149);

/// Kind by type id, from the neutral table.
pub fn kind(id: UnitTypeId) -> NeutralKind {
    use table::NeutralKind as Kind;
    match table::find(id).map(|row| row.kind) {
        Some(Kind::Minerals) => NeutralKind::Minerals,
        Some(Kind::RichMinerals) => NeutralKind::RichMinerals,
        Some(Kind::Geyser) => NeutralKind::Geyser,
        Some(Kind::RichGeyser) => NeutralKind::RichGeyser,
        _ => NeutralKind::Other,
    }
}

static MINERALS: UnitData = UnitData {
    name: "MineralField",
    radius: 1.125,
    footprint: (2, 1),
    life: 10_000.0,
    ..BLANK
};

static GEYSER: UnitData = UnitData {
    name: "VespeneGeyser",
    radius: 1.5,
    footprint: (3, 3),
    life: 10_000.0,
    ..BLANK
};

static ROCKS: UnitData = UnitData {
    name: "Destructible",
    is_structure: true,
    armor: 3.0,
    attributes: Attributes::of(&[Attribute::Armored, Attribute::Structure]),
    ..BLANK
};

/// Whether a unit's row is that of mineral fields, rich ones included.
#[inline]
pub fn has_minerals(row: &'static UnitData) -> bool {
    std::ptr::eq(row, &MINERALS)
}

/// The row shared by all neutral types of a kind. Its `id` is 0: a unit's own `type_id` counts.
pub fn row(id: UnitTypeId) -> &'static UnitData {
    match kind(id) {
        NeutralKind::Minerals | NeutralKind::RichMinerals => &MINERALS,
        NeutralKind::Geyser | NeutralKind::RichGeyser => &GEYSER,
        NeutralKind::Other => &ROCKS,
    }
}
