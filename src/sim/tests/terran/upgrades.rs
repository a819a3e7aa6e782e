//! What single upgrades change.

use super::*;
use crate::game::Target;
use crate::game::data::{unit_ids as u, upgrade_ids as g};
use crate::sim::testing::*;

#[test]
fn the_infernal_pre_igniter_burns_light_units_more() {
    let lit = &[g::HIGH_CAPACITY_BARRELS];
    // 8 + 6 against light, and 5 more; 18, and 12 more. A marauder has 1 armor and is not light.
    assert_eq!(first_hit([&[], &[]], u::HELLION, u::MARINE), 14.0);
    assert_eq!(first_hit([lit, &[]], u::HELLION, u::MARINE), 19.0);
    assert_eq!(first_hit([&[], &[]], u::HELLION_TANK, u::MARINE), 18.0);
    assert_eq!(first_hit([lit, &[]], u::HELLION_TANK, u::MARINE), 30.0);
    assert_eq!(first_hit([lit, &[]], u::HELLION, u::MARAUDER), 7.0);
    assert_eq!(first_hit([lit, &[]], u::MARINE, u::MARINE), 6.0);
}

#[test]
fn smart_servos_shorten_changes_of_mode() {
    // Ability, from, to, loops without and with (table: 41.4414, 42; the rest the game's data).
    for (ability, from, to, plain, fast) in [
        (403, u::VIKING_FIGHTER, u::VIKING_ASSAULT, 42, 20),
        (2362, u::THOR, u::THOR_AP, 42, 16),
        (1998, u::HELLION, u::HELLION_TANK, 64, 32),
    ] {
        for (upgrades, loops) in [(vec![], plain), (vec![g::SMART_SERVOS], fast)] {
            let mut sim = game(96);
            grant(&mut sim, &upgrades);
            spawn(&mut sim, 1, u::ARMORY, 34.5, 34.5);
            let unit = spawn(&mut sim, 1, from, 40.0, 40.0);
            order(&mut sim, &[unit], ability, Target::None);
            let took = run_until(&mut sim, 100, |s| unit_of(s, unit).type_id == to);
            assert_eq!(took, loops, "{from:?}");
        }
    }
}

#[test]
fn thor_fights_the_air_in_two_ways() {
    // Four missiles of 6, 1 armor; one of 40, 1 armor.
    assert_eq!(first_hit([&[], &[]], u::THOR, u::MEDIVAC), 20.0);
    assert_eq!(first_hit([&[], &[]], u::THOR_AP, u::MEDIVAC), 39.0);
    // 15 more against massive, 3 armor.
    assert_eq!(first_hit([&[], &[]], u::THOR_AP, u::BATTLECRUISER), 52.0);
}
