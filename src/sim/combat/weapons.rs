//! Weapons as the rules use them: the table's figures and what that table lacks.
//!
//! The API tells neither damage points, missile speeds, splash nor minimum ranges, and no weapon at all for the
//! Battlecruiser. Those figures are Liquipedia's for the 4.x patches (unit pages, "Weapon" boxes and the pages "Splash
//! damage" and "Damage point"), given there in seconds at speed Faster or Normal and here in loops and cells. Missile
//! speeds are estimates: they only decide by a few loops when damage arrives.

use crate::game::UnitTypeId;
use crate::game::data::{self, WeaponData, WeaponTarget, unit_ids as u};
use std::sync::LazyLock;

/// Units look for targets at least this far, edge to edge (the game's least scan range).
const SCAN_MIN: f32 = 5.0;
/// Beyond its range a unit looks this far, and goes there.
const SCAN_BEYOND: f32 = 0.5;
/// Loops between the start of an attack and its damage where no figure is given: 0.1667 s at speed Normal.
const DAMAGE_POINT: f32 = 2.667;

/// Whom a hit touches besides its target.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Splash {
    None,
    /// Rings around the target's center: (radius in cells, share of the damage), inner first.
    Circle {
        rings: &'static [(f32, f32)],
        /// Touches the shooter's own side as well.
        friendly_fire: bool,
    },
    /// A strip from the shooter through the target.
    Line {
        length: f32,
        half_width: f32,
    },
    /// A sector from the shooter, around the direction of the target; given by the cosine of half its angle.
    Arc {
        reach: f32,
        half_angle_cos: f32,
    },
}

/// A weapon with everything the rules need.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weapon {
    pub data: WeaponData,
    /// Loops from the start of an attack to its damage (or its missile's launch).
    pub damage_point: f32,
    /// Cells a loop; 0 = hits at once.
    pub missile_speed: f32,
    /// Cells, edge to edge.
    pub min_range: f32,
    pub splash: Splash,
    /// Cells, edge to edge, within which targets are looked for.
    pub scan: f32,
    /// Shoots without standing still.
    pub fires_moving: bool,
    /// Never aimed at structures.
    pub spares_structures: bool,
}

impl Weapon {
    /// Whether it can hit what flies, or what does not.
    #[inline]
    pub fn hits(&self, flying: bool) -> bool {
        match self.data.target {
            WeaponTarget::Both => true,
            WeaponTarget::Air => flying,
            WeaponTarget::Ground => !flying,
        }
    }
}

/// Laser batteries of patch 4.10: 8 against ground, 5 against air, one more a level, 0.225 s at speed Normal (Liquipedia,
/// "Battlecruiser (Legacy of the Void)": cooldown 0.16 s, 49.8 and 31.1 damage a second at speed Faster).
const BATTLECRUISER: [WeaponData; 2] = [
    laser_battery(WeaponTarget::Ground, 8.0),
    laser_battery(WeaponTarget::Air, 5.0),
];

const fn laser_battery(target: WeaponTarget, damage: f32) -> WeaponData {
    WeaponData {
        target,
        damage,
        damage_per_level: 1.0,
        attacks: 1,
        range: 6.0,
        cooldown_loops: 3.6,
        bonus: &[],
    }
}

/// Shock cannon and Ibiks cannons: full damage within 0.47, half within 0.78, a quarter within 1.25.
const SHELL: &[(f32, f32)] = &[(0.4687, 1.0), (0.7812, 0.5), (1.25, 0.25)];

/// A weapon of which nothing special is known.
fn plain(data: WeaponData) -> Weapon {
    Weapon {
        data,
        damage_point: DAMAGE_POINT,
        missile_speed: 0.0,
        min_range: 0.0,
        splash: Splash::None,
        scan: (data.range + SCAN_BEYOND).max(SCAN_MIN),
        fires_moving: false,
        spares_structures: false,
    }
}

fn complete(id: UnitTypeId, data: WeaponData) -> Weapon {
    let mut weapon = plain(data);
    match id {
        u::MARINE => weapon.damage_point = 0.8,
        u::REAPER => weapon.damage_point = 0.0,
        u::MARAUDER => (weapon.damage_point, weapon.missile_speed) = (0.0, 0.9),
        u::GHOST | u::GHOST_ALTERNATE => weapon.damage_point = 1.333,
        u::HELLION => {
            weapon.damage_point = 4.0;
            weapon.splash = Splash::Line {
                length: 5.5,
                half_width: 0.15,
            };
        }
        // 45 degrees.
        u::HELLION_TANK => {
            weapon.splash = Splash::Arc {
                reach: 2.0,
                half_angle_cos: 0.923_88,
            };
        }
        u::SIEGE_TANK_SIEGED => {
            weapon.min_range = 2.0;
            weapon.scan = data.range;
            weapon.splash = Splash::Circle {
                rings: SHELL,
                friendly_fire: true,
            };
        }
        u::PLANETARY_FORTRESS => {
            weapon.splash = Splash::Circle {
                rings: SHELL,
                friendly_fire: false,
            };
        }
        u::LIBERATOR => {
            weapon.missile_speed = 0.8;
            weapon.splash = Splash::Circle {
                rings: &[(1.5, 1.0)],
                friendly_fire: false,
            };
        }
        // LiberatorAGWeapon of the game's data: DamagePoint 0.125 s, no structures.
        u::LIBERATOR_AG => {
            weapon.damage_point = 2.0;
            weapon.scan = data.range;
            weapon.spares_structures = true;
        }
        u::THOR if data.target == WeaponTarget::Air => {
            weapon.missile_speed = 1.0;
            weapon.splash = Splash::Circle {
                rings: &[(0.5, 1.0)],
                friendly_fire: false,
            };
        }
        u::THOR | u::THOR_AP => weapon.damage_point = 13.3,
        u::CYCLONE => weapon.missile_speed = 1.2,
        u::VIKING_FIGHTER => (weapon.damage_point, weapon.missile_speed) = (0.8, 0.8),
        u::BANSHEE | u::MISSILE_TURRET => weapon.missile_speed = 0.8,
        u::BATTLECRUISER => {
            weapon.damage_point = 0.0;
            weapon.missile_speed = 1.2;
            weapon.fires_moving = true;
        }
        _ => {}
    }
    weapon
}

static TABLE: LazyLock<Vec<Vec<Weapon>>> = LazyLock::new(|| {
    let mut table = Vec::new();
    for row in data::units() {
        let at = usize::from(row.id.0);
        if table.len() <= at {
            table.resize(at + 1, Vec::new());
        }
        let weapons = match row.id {
            u::BATTLECRUISER => &BATTLECRUISER[..],
            _ => row.weapons,
        };
        table[at] = weapons.iter().map(|&w| complete(row.id, w)).collect();
    }
    table
});

/// The weapons of a unit type; empty for the unarmed.
#[inline]
pub fn weapons(id: UnitTypeId) -> &'static [Weapon] {
    TABLE.get(usize::from(id.0)).map_or(&[], |w| w.as_slice())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn battlecruisers_deal_the_published_damage_a_second() {
        let guns = weapons(u::BATTLECRUISER);
        let per_second = |w: &Weapon| w.data.damage / w.data.cooldown_loops * 22.4;
        assert!(
            (per_second(&guns[0]) - 49.8).abs() < 0.1 && guns[0].hits(false) && !guns[0].hits(true)
        );
        assert!(
            (per_second(&guns[1]) - 31.1).abs() < 0.1 && guns[1].hits(true) && !guns[1].hits(false)
        );
    }

    #[test]
    fn rings_narrow_outward_and_damage_points_fit_into_cooldowns() {
        for row in data::units() {
            for weapon in weapons(row.id) {
                assert!(
                    weapon.damage_point < weapon.data.cooldown_loops,
                    "{}",
                    row.name
                );
                assert!(weapon.scan >= weapon.data.range, "{}", row.name);
                if let Splash::Circle { rings, .. } = weapon.splash {
                    assert!(rings.windows(2).all(|w| w[0].0 < w[1].0 && w[0].1 > w[1].1));
                }
            }
        }
    }
}
