//! Data tables of patch 4.10: units, upgrades, abilities, and named constants for their ids.
//!
//! Tables are sorted by id; look-ups are one index away. Figures that no 4.10 source has are named in `docs/DECISIONS.md`.

mod abilities;
pub mod neutral;
#[allow(clippy::approx_constant)] // turn rates: the figures of the game, rounded as they are
mod protoss;
mod spells;
#[allow(clippy::approx_constant)] // turn rates: the figures of the game, rounded as they are
mod terran;
pub mod types;
pub mod unit_ids;
pub mod upgrade_ids;
mod upgrades;
#[allow(clippy::approx_constant)] // turn rates: the figures of the game, rounded as they are
mod zerg;

pub use spells::{Spell, SpellData, spell, spells};
pub use types::*;

use super::ids::{AbilityId, UnitTypeId, UpgradeId};
use std::sync::LazyLock;

/// Every unit type of the melee game, three races, by race and then id.
pub fn units() -> impl Iterator<Item = &'static UnitData> {
    terran::UNITS
        .iter()
        .chain(zerg::UNITS)
        .chain(protoss::UNITS)
}

/// Every upgrade that a melee game offers, by id.
pub fn upgrades() -> &'static [UpgradeData] {
    upgrades::UPGRADES
}

/// Every ability in the table, by id.
pub fn abilities() -> &'static [AbilityData] {
    abilities::ABILITIES
}

static UNIT_INDEX: LazyLock<Vec<Option<&'static UnitData>>> =
    LazyLock::new(|| index(units(), |u| u.id.0));
static UPGRADE_INDEX: LazyLock<Vec<Option<&'static UpgradeData>>> =
    LazyLock::new(|| index(upgrades().iter(), |u| u.id.0));
static ABILITY_INDEX: LazyLock<Vec<Option<&'static AbilityData>>> =
    LazyLock::new(|| index(abilities().iter(), |a| a.id.0));

fn index<T>(rows: impl Iterator<Item = &'static T>, id: fn(&T) -> u16) -> Vec<Option<&'static T>> {
    let mut table = Vec::new();
    for row in rows {
        let at = usize::from(id(row));
        if table.len() <= at {
            table.resize(at + 1, None);
        }
        table[at] = Some(row);
    }
    table
}

/// The unit table's row, or none for a type that no melee player has (neutrals have none).
pub fn unit(id: UnitTypeId) -> Option<&'static UnitData> {
    UNIT_INDEX.get(usize::from(id.0)).copied().flatten()
}

/// The upgrade table's row.
pub fn upgrade(id: UpgradeId) -> Option<&'static UpgradeData> {
    UPGRADE_INDEX.get(usize::from(id.0)).copied().flatten()
}

/// The ability table's row.
pub fn ability(id: AbilityId) -> Option<&'static AbilityData> {
    ABILITY_INDEX.get(usize::from(id.0)).copied().flatten()
}
