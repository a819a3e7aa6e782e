//! The encoded observation.

use crate::game::UnitTag;

/// The three unit groups of SCC App. A.2, in the order of the network's inputs and of `target_unit` indices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum UnitGroup {
    Mine = 0,
    Enemy = 1,
    Neutral = 2,
}

/// What the encoder keeps of a unit beside its features: enough for the action codec and the legal masks.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct UnitRow {
    pub tag: UnitTag,
    /// Index into the spec's table of unit types; 0 = a type the table does not have.
    pub type_idx: u16,
    /// Cell of the 64x64 minimap that the unit stands in: column, row (row 0 at the bottom).
    pub cell: (u8, u8),
    /// Bit set of what masks ask for: see `obs::flags`.
    pub flags: u32,
}

/// One player's encoded view at one step. Arrays are row-major; unit rows beyond the group's count do not exist
/// (padding is the collator's business).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Observation {
    pub game_loop: u32,
    /// `[S]` scalar features, each scaled to about -1..1 (or 0/1); slices are named by the spec.
    pub scalars: Vec<f32>,
    /// `[6, 64, 64]`: height, visibility, player-relative, alerts, pathable, buildable (SCC Fig. 4); row 0 at the bottom.
    pub planes: Vec<u8>,
    /// Per group, `n_units` rows.
    pub units: [Vec<UnitRow>; 3],
    /// Per group, `[n_units, D]` features (everything but the type, which is `UnitRow::type_idx`).
    pub features: [Vec<f32>; 3],
    /// Units left out because a group was full.
    pub overflow: [u32; 3],
    /// `[A]` legal functions, one bit each.
    pub legal_functions: Vec<u64>,
}
