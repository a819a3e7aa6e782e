//! Sensor towers, bunkers, supply drops.

use super::*;
use crate::game::data::{unit_ids as u, upgrade_ids as g};
use crate::game::{ActionResult, DisplayType, Point, Target, UnitTypeId};
use crate::sim::testing::*;

#[test]
fn a_sensor_tower_shows_that_somebody_is_within_30_cells_and_nothing_else() {
    let mut sim = game(91);
    spawn(&mut sim, 1, u::SENSOR_TOWER, 30.5, 40.5);
    let near = Point::new(60.0, 40.5);
    spawn(&mut sim, 2, u::THOR, near.x, near.y);
    spawn(&mut sim, 2, u::THOR, 60.5, 45.0);
    let hidden = spawn(&mut sim, 2, u::BANSHEE, 58.0, 42.0);
    edit(&mut sim, hidden).cloaked = true;
    edit(&mut sim, hidden).energy = 200.0;
    sim.step(5);
    let obs = look(&mut sim, 1);
    let blips: Vec<_> = obs.units.iter().filter(|it| it.is_blip).collect();
    assert_eq!(blips.len(), 1, "29.5 cells away, not 30.3");
    assert_eq!(blips[0].pos, near);
    assert_eq!(blips[0].display, DisplayType::Hidden);
    assert_eq!((blips[0].unit_type, blips[0].health), (UnitTypeId(0), 0.0));
    // Who comes into view is a blip no more.
    spawn(&mut sim, 1, u::MARINE, 56.0, 40.5);
    sim.step(5);
    let obs = look(&mut sim, 1);
    assert!(obs.units.iter().all(|it| !it.is_blip));
    assert!(obs.units.iter().any(|it| it.unit_type == u::THOR));
    assert!(
        look(&mut sim, 2).units.iter().all(|it| !it.is_blip),
        "its owner's alone"
    );
}

#[test]
fn extra_supplies_come_down_after_4_seconds() {
    let mut sim = game(92);
    let orbital = spawn(&mut sim, 1, u::ORBITAL_COMMAND, 40.5, 40.5);
    let depot = spawn(&mut sim, 1, u::SUPPLY_DEPOT, 46.0, 46.0);
    let cap = |sim: &mut Sim| look(sim, 1).player.food_cap;
    let before = cap(&mut sim);
    let drop = Target::Unit(depot);
    assert_eq!(
        order(&mut sim, &[orbital], 255, drop),
        ActionResult::Success
    );
    sim.step(64);
    assert_eq!(cap(&mut sim), before);
    assert_eq!(
        order(&mut sim, &[depot], 556, Target::None),
        ActionResult::Error,
        "not while it waits"
    );
    sim.step(1);
    assert_eq!(cap(&mut sim), before + 8);
    let obs = look(&mut sim, 1);
    let raw = obs.units.iter().find(|it| it.tag == depot).unwrap();
    assert_eq!(raw.buffs[0].0, 25);
    assert!(unit_of(&sim, orbital).energy < 5.0);
    edit(&mut sim, orbital).energy = 50.0;
    assert_eq!(
        order(&mut sim, &[orbital], 255, drop),
        ActionResult::CantTargetThatUnit
    );
}

#[test]
fn neosteel_armor_makes_room_and_armor() {
    let mut sim = game(93);
    let bunker = spawn(&mut sim, 1, u::BUNKER, 40.5, 40.5);
    let hall = tags(sim.state(), 1, u::COMMAND_CENTER)[0];
    let room = |sim: &mut Sim, tag| {
        let obs = look(sim, 1);
        obs.units
            .iter()
            .find(|it| it.tag == tag)
            .unwrap()
            .cargo_space_max
    };
    assert_eq!((room(&mut sim, bunker), room(&mut sim, hall)), (4, 5));
    grant(&mut sim, &[g::TERRAN_BUILDING_ARMOR]);
    assert_eq!((room(&mut sim, bunker), room(&mut sim, hall)), (6, 10));
    assert_eq!(unit_of(&sim, bunker).armor_level, 2);
}

#[test]
fn a_manned_bunker_is_not_salvaged_and_takes_no_hellbats() {
    let mut sim = game(94);
    let bunker = spawn(&mut sim, 1, u::BUNKER, 40.5, 40.5);
    let hellbat = spawn(&mut sim, 1, u::HELLION_TANK, 37.0, 40.5);
    assert_ne!(
        order(&mut sim, &[bunker], 407, Target::Unit(hellbat)),
        ActionResult::Success
    );
    let marine = spawn(&mut sim, 1, u::MARINE, 38.0, 41.5);
    assert_eq!(
        order(&mut sim, &[bunker], 407, Target::Unit(marine)),
        ActionResult::Success
    );
    run_until(&mut sim, 60, |s| unit_of(s, bunker).passengers.len() == 1);
    assert_eq!(
        order(&mut sim, &[bunker], 32, Target::None),
        ActionResult::Error
    );
}

#[test]
fn structures_below_a_third_of_their_life_burn_down_unless_repaired() {
    let mut sim = game(97);
    let depot = spawn(&mut sim, 1, u::SUPPLY_DEPOT, 40.0, 40.0);
    let hurt = |sim: &mut Sim, amount| {
        let me = UnitRef::of_tag(depot);
        sim.state_mut().damage(UnitRef::NONE, me, amount);
    };
    hurt(&mut sim, 260.0);
    sim.step(64);
    assert_eq!(life(&sim, depot), 140.0, "a third of 400 is 133.3");
    hurt(&mut sim, 10.0);
    sim.step(160);
    assert_eq!(
        life(&sim, depot),
        100.0,
        "a point each 0.3332 s, three in 16 loops"
    );
    edit(&mut sim, depot).life = 200.0;
    sim.step(64);
    assert_eq!(life(&sim, depot), 200.0);
    hurt(&mut sim, 198.0);
    sim.step(16);
    assert!(!lives(&sim, depot));
}
