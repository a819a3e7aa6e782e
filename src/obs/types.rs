//! The encoded observation.

use crate::game::{PlayerCommon, UnitTag};

/// The three unit groups of SCC App. A.2, in the order of the network's inputs and of `target_unit` indices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum UnitGroup {
    Mine = 0,
    Enemy = 1,
    Neutral = 2,
}

impl UnitGroup {
    /// All groups, in index order.
    pub const ALL: [UnitGroup; 3] = [UnitGroup::Mine, UnitGroup::Enemy, UnitGroup::Neutral];
}

/// Side of the minimap planes, in cells (SCC App. A: 64x64).
pub const MINIMAP: usize = 64;
/// Number of minimap planes: height, visibility, player-relative, alerts, pathable, buildable (SCC Fig. 4).
pub const PLANES: usize = 6;
/// Entries of the build order in z (AlphaStar: the first 20 constructed things).
pub const BUILD_ORDER_LEN: usize = 20;
/// Orders per own unit that are given as categories (`UnitRow::orders`).
pub const ORDER_COLUMNS: usize = 2;

/// What the encoder keeps of a unit beside its features: categories for embeddings, and what masks and codec ask for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UnitRow {
    pub tag: UnitTag,
    /// Row of the spec's unit-type table, `0..ObsSpec::n_unit_types`; 0 = a type the table does not have.
    pub type_idx: u16,
    /// Rows of the spec's order table for the unit's first orders, `0..ObsSpec::n_orders`; 0 = none. Own units only.
    pub orders: [u16; ORDER_COLUMNS],
    /// Cell of the 64x64 minimap that the unit stands in: column, row (row 0 at the bottom).
    pub cell: (u8, u8),
    /// Whole points of energy.
    pub energy: u8,
    /// Bit set of what masks ask for: see [`flags`](super::flags).
    pub flags: u32,
}

/// One entry of z's build order.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize,
)]
pub struct BuildItem {
    /// Row of the spec's build-item table, `1..ObsSpec::n_build_items`; 0 = none (padding, or not conditioned on z).
    pub item: u16,
    /// Minimap cell, `row * 64 + column`; 0 for things without a place (units, upgrades).
    pub cell: u16,
}

/// What the player knows of itself, exactly; the legal masks are functions of it and of the unit rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    pub player: PlayerCommon,
    /// One bit per row of `game::data::upgrades()`: researched.
    pub upgrades: u128,
    /// One bit per row of `game::data::upgrades()`: some own structure is researching it.
    pub researching: u128,
    /// One bit per unit type of the spec's table: at least one own, finished.
    pub finished: [u64; 4],
}

/// One player's encoded view at one step. Arrays are row-major; unit rows beyond the group's count do not exist
/// (padding is the collator's business). Every float lies on its feature's quantization grid, so that storing it
/// loses nothing: a learner sees the very numbers the actor saw.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Observation {
    pub game_loop: u32,
    /// `[S]` scalar features, each scaled to about -1..1 (or 0/1); slices are named by the spec.
    pub scalars: Vec<f32>,
    /// The function of the agent's last step, `0..A` (an embedding index; 0 = no-op or first step).
    pub last_function: u16,
    /// z's build order as the target to follow (AlphaStar); all zero when the agent plays unconditioned.
    pub build_order: [BuildItem; BUILD_ORDER_LEN],
    /// `[6, 64, 64]`: height, visibility, player-relative, alerts, pathable, buildable (SCC Fig. 4); row 0 at the
    /// bottom. Ranges: `ObsSpec::planes`.
    pub planes: Vec<u8>,
    /// Per group, `n_units` rows.
    pub units: [Vec<UnitRow>; 3],
    /// Per group, `[n_units, D_g]` features (everything but the categories in [`UnitRow`]); `D_g` differs by group.
    pub features: [Vec<f32>; 3],
    /// Units of each group before the limits.
    pub totals: [u32; 3],
    /// Units left out because a group was full.
    pub overflow: [u32; 3],
    /// Columns and rows of the target grid that lie on this map's playable area; cells beyond are no targets.
    pub target_cells: (u16, u16),
    pub facts: Facts,
    /// `[A]` legal functions, one bit each, lowest bit first; bit 0 (no-op) is always set.
    pub legal_functions: Vec<u64>,
}

impl Observation {
    /// Units encoded, all groups.
    pub fn n_units(&self) -> usize {
        self.units.iter().map(Vec::len).sum()
    }

    /// Group and row of an index into the concatenation mine, enemy, neutral (as `Action::target_unit` counts).
    pub fn unit_at(&self, idx: usize) -> Option<(UnitGroup, usize)> {
        let mut rest = idx;
        for group in UnitGroup::ALL {
            let n = self.units[group as usize].len();
            if rest < n {
                return Some((group, rest));
            }
            rest -= n;
        }
        None
    }

    /// Inverse of [`Observation::unit_at`].
    pub fn concat_idx(&self, group: UnitGroup, row: usize) -> usize {
        self.units[..group as usize]
            .iter()
            .map(Vec::len)
            .sum::<usize>()
            + row
    }

    /// Index into the concatenation of the unit with this tag.
    pub fn find(&self, tag: UnitTag) -> Option<usize> {
        let mut at = 0;
        for group in &self.units {
            if let Some(row) = group.iter().position(|u| u.tag == tag) {
                return Some(at + row);
            }
            at += group.len();
        }
        None
    }

    /// True if the function may be chosen now.
    pub fn is_legal(&self, function: u16) -> bool {
        let at = usize::from(function);
        self.legal_functions
            .get(at / 64)
            .is_some_and(|w| w >> (at % 64) & 1 == 1)
    }
}
