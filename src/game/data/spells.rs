//! What casting takes: range, energy, time and cooldown of the abilities that are aimed and carried out as an order.
//!
//! Source of all figures: the game's own data files of patch 4.10 (`AbilData.xml`, `EffectData.xml`, `BehaviorData.xml` of the
//! mods liberty to voidmulti, builds 75689 to 76811, as published in the repository SC2Mapster/SC2GameData). They count seconds
//! at speed Normal, which are 16 game loops each; here all times are loops. Ranges are the ability table's, from the API.

use super::types::AbilityTarget;
use super::upgrade_ids as g;
use crate::game::ids::{AbilityId, UpgradeId};

/// Abilities that are cast at something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spell {
    Yamato,
    TacticalJump,
    /// Steady Targeting.
    Snipe,
    Emp,
    Nuke,
    AutoTurret,
    InterferenceMatrix,
    AntiArmor,
    LockOn,
    Kd8Charge,
    /// A burrowed widow mine's missile.
    Sentinel,
    /// A liberator's way into its ground mode.
    DefenderZone,
}

/// One row of the table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SpellData {
    pub spell: Spell,
    /// Exact ability.
    pub ability: AbilityId,
    pub target: AbilityTarget,
    /// Cells from edge to edge; infinite = anywhere.
    pub range: f32,
    pub energy: f32,
    /// Game loops from being paid for to the next use.
    pub cooldown: u32,
    /// Which of a unit's two cooldowns it is.
    pub slot: u8,
    /// Game loops of preparing, at the end of which it is paid for.
    pub prep: u32,
    /// Game loops after that until it is done.
    pub channel: u32,
    /// From preparing on, other orders wait for its end.
    pub holds: bool,
    /// Only one of the units that are ordered does it.
    pub single: bool,
    pub upgrade: Option<UpgradeId>,
}

const PLAIN: SpellData = SpellData {
    spell: Spell::Emp,
    ability: AbilityId(0),
    target: AbilityTarget::Unit,
    range: 0.0,
    energy: 0.0,
    cooldown: 0,
    slot: 0,
    prep: 0,
    channel: 0,
    holds: false,
    single: true,
    upgrade: None,
};

#[rustfmt::skip]
static SPELLS: &[SpellData] = &[
    // Yamato: PrepTime 3, Cooldown 100.
    SpellData { spell: Spell::Yamato, ability: AbilityId(401), range: 10.0, cooldown: 1600, prep: 48, holds: true,
        upgrade: Some(g::BATTLECRUISER_ENABLE_SPECIALIZATIONS), ..PLAIN },
    // Hyperjump: CastOutroTime 6, Cooldown 100, BestUnit 0.
    SpellData { spell: Spell::TacticalJump, ability: AbilityId(2358), target: AbilityTarget::Point, range: f32::INFINITY,
        cooldown: 1600, slot: 1, channel: 96, holds: true, single: false, ..PLAIN },
    // ChannelSnipe: Energy 50, 32 periods of 0.0625.
    SpellData { spell: Spell::Snipe, ability: AbilityId(2714), range: 10.0, energy: 50.0, channel: 32, holds: true, ..PLAIN },
    // EMP: Energy 75.
    SpellData { spell: Spell::Emp, ability: AbilityId(1628), target: AbilityTarget::Point, range: 10.0, energy: 75.0, ..PLAIN },
    // TacNukeStrike: Range 12; NukePersistent: InitialDelay 8.75 and 50 periods of 0.2.
    SpellData { spell: Spell::Nuke, ability: AbilityId(1622), target: AbilityTarget::Point, range: 12.0, channel: 300,
        holds: true, ..PLAIN },
    // BuildAutoTurret: Energy 50.
    SpellData { spell: Spell::AutoTurret, ability: AbilityId(1764), target: AbilityTarget::Point, range: 2.0, energy: 50.0, ..PLAIN },
    // RavenScramblerMissile: Energy 50 (75 from 4.11 on).
    SpellData { spell: Spell::InterferenceMatrix, ability: AbilityId(3747), range: 9.0, energy: 50.0, ..PLAIN },
    // RavenShredderMissile: Energy 75.
    SpellData { spell: Spell::AntiArmor, ability: AbilityId(3753), range: 10.0, energy: 75.0, ..PLAIN },
    // LockOn: Cooldown 6, which LockOnClearSet starts when the lock ends.
    SpellData { spell: Spell::LockOn, ability: AbilityId(2350), range: 7.0, cooldown: 96, ..PLAIN },
    // KD8Charge: Cooldown 20.
    SpellData { spell: Spell::Kd8Charge, ability: AbilityId(2588), target: AbilityTarget::PointOrUnit, range: 5.0,
        cooldown: 320, ..PLAIN },
    // WidowMineAttack: PrepTime 1.5, Cooldown 40.
    SpellData { spell: Spell::Sentinel, ability: AbilityId(2099), range: 5.0, cooldown: 640, prep: 24, ..PLAIN },
    // LiberatorAGTarget.
    SpellData { spell: Spell::DefenderZone, ability: AbilityId(2558), target: AbilityTarget::Point, range: 5.0, ..PLAIN },
];

/// All of them.
pub fn spells() -> &'static [SpellData] {
    SPELLS
}

/// The row of a spell.
pub fn spell(spell: Spell) -> &'static SpellData {
    // A row for each, in the order of the enum; the test below holds it.
    &SPELLS[spell as usize]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::game::data;

    #[test]
    fn rows_stand_in_the_order_of_the_enum_and_ranges_are_the_ability_tables() {
        for (i, row) in spells().iter().enumerate() {
            assert_eq!(row.spell as usize, i);
            // Calling down a nuke has no row in the ability table: no idle ghost offers it.
            if let Some(ability) = data::ability(row.ability) {
                let range = if row.range.is_finite() {
                    row.range
                } else {
                    500.0
                };
                assert_eq!(ability.cast_range.max(0.0), range, "{:?}", row.spell);
                assert_eq!(ability.target, row.target, "{:?}", row.spell);
            } else {
                assert_eq!(row.spell, Spell::Nuke);
            }
        }
    }
}
