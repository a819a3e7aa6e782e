//! What one attack takes from its target: bonus by attribute, upgrade levels, armor a hit.

use crate::game::data::{Attributes, WeaponData};

/// What of the target counts.
#[derive(Clone, Copy, Debug)]
pub struct Armor {
    pub attributes: Attributes,
    /// Armor of life, upgrades included.
    pub armor: f32,
    /// Shield points left, and their armor.
    pub shields: f32,
    pub shield_armor: f32,
}

/// No hit does less than this.
const DAMAGE_MIN: f32 = 0.5;

/// Damage of one hit before armor: base, bonus against the target's attributes, upgrades.
pub fn hit_damage(weapon: &WeaponData, level: u8, attributes: Attributes) -> f32 {
    let level = f32::from(level);
    let mut damage = weapon.damage + weapon.damage_per_level * level;
    for bonus in weapon.bonus {
        if attributes.has(bonus.attribute) {
            damage += bonus.damage + bonus.per_level * level;
        }
    }
    damage
}

/// What an attack (all of its hits) takes in all, `share` of it where it only splashes. Shields go first; armor is
/// subtracted from every hit, and what a hit takes from life is at least half a point.
pub fn attack_damage(weapon: &WeaponData, level: u8, share: f32, target: &Armor) -> f32 {
    let hit = hit_damage(weapon, level, target.attributes) * share;
    if target.shields <= 0.0 {
        return (hit - target.armor).max(DAMAGE_MIN) * f32::from(weapon.attacks);
    }
    let (mut shields, mut total) = (target.shields, 0.0);
    for _ in 0..weapon.attacks {
        let on_shields = (hit - target.shield_armor).max(DAMAGE_MIN);
        if on_shields <= shields {
            shields -= on_shields;
            total += on_shields;
        } else {
            let rest = on_shields - shields;
            total +=
                shields + (rest - target.armor).max(if shields > 0.0 { 0.0 } else { DAMAGE_MIN });
            shields = 0.0;
        }
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::game::Attribute;
    use crate::game::data::{self, unit_ids as u};

    fn against(row: &data::UnitData, armor_level: u8) -> Armor {
        Armor {
            attributes: row.attributes,
            armor: row.armor + f32::from(armor_level),
            shields: row.shields,
            shield_armor: 0.0,
        }
    }

    fn damage(
        from: crate::game::UnitTypeId,
        level: u8,
        to: crate::game::UnitTypeId,
        armor: u8,
    ) -> f32 {
        let (from, to) = (data::unit(from).unwrap(), data::unit(to).unwrap());
        attack_damage(&from.weapons[0], level, 1.0, &against(to, armor))
    }

    #[test]
    fn published_figures_come_out() {
        assert_eq!(damage(u::MARINE, 0, u::MARINE, 0), 6.0);
        assert_eq!(damage(u::MARINE, 0, u::SIEGE_TANK, 0), 5.0);
        assert_eq!(damage(u::MARINE, 3, u::MARINE, 1), 8.0);
        // 10 + 10 against armored, 1 armor.
        assert_eq!(damage(u::MARAUDER, 0, u::MARAUDER, 0), 19.0);
        // 40 + 30 against armored; a level adds 4 + 1.
        assert_eq!(damage(u::SIEGE_TANK_SIEGED, 0, u::SIEGE_TANK, 0), 69.0);
        assert_eq!(damage(u::SIEGE_TANK_SIEGED, 1, u::MARINE, 0), 44.0);
        // Two hits of 4, armor counts twice.
        assert_eq!(damage(u::REAPER, 0, u::MARINE, 1), 6.0);
        // 5 damage against 1 + 3 + ... armor never falls below half a point.
        assert_eq!(damage(u::SCV, 0, u::BATTLECRUISER, 3), 0.5);
    }

    #[test]
    fn shields_take_damage_before_armor_counts() {
        let marine = data::unit(u::MARINE).unwrap().weapons[0];
        let mut target = Armor {
            attributes: Attributes::of(&[Attribute::Light]),
            armor: 1.0,
            shields: 10.0,
            shield_armor: 0.0,
        };
        assert_eq!(attack_damage(&marine, 0, 1.0, &target), 6.0);
        target.shields = 2.0;
        // 2 on shields, of the other 4 armor takes 1.
        assert_eq!(attack_damage(&marine, 0, 1.0, &target), 5.0);
        target.shields = 0.0;
        assert_eq!(attack_damage(&marine, 0, 0.5, &target), 2.0);
    }
}
