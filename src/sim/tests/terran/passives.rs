//! What works by itself once it is researched: levels, life, speeds; and what is had from the start.

use super::*;
use crate::game::data::{self, unit_ids as u, upgrade_ids as g};
use crate::game::{ActionResult, Point, Target, UnitTypeId};
use crate::sim::testing::*;

const MOVE: u16 = 3794;
const ATTACK: u16 = 3674;

/// The table's damage of a type's first weapon to a marine.
fn table(by: UnitTypeId, level: f32) -> f32 {
    let weapon = &data::unit(by).expect("in the table").weapons[0];
    weapon.damage + level * weapon.damage_per_level
}

#[test]
fn each_level_of_weapons_and_armor_adds_what_the_table_says() {
    let lines = [
        (u::MARINE, g::TERRAN_INFANTRY_WEAPONS_LEVEL1),
        (u::SIEGE_TANK, g::TERRAN_VEHICLE_WEAPONS_LEVEL1),
        (u::VIKING_ASSAULT, g::TERRAN_SHIP_WEAPONS_LEVEL1),
    ];
    for (by, first) in lines {
        for level in 0..4u16 {
            let ups: Vec<_> = (0..level).map(|i| UpgradeId(first.0 + i)).collect();
            let taken = first_hit([&ups, &[]], by, u::MARINE);
            assert_eq!(taken, table(by, f32::from(level)), "{by:?} at {level}");
        }
    }
    let armors = [
        (u::MARINE, g::TERRAN_INFANTRY_ARMORS_LEVEL1),
        (u::HELLION, g::TERRAN_VEHICLE_AND_SHIP_ARMORS_LEVEL1),
        (u::VIKING_ASSAULT, g::TERRAN_VEHICLE_AND_SHIP_ARMORS_LEVEL1),
    ];
    for (on, first) in armors {
        for level in 0..4u16 {
            let ups: Vec<_> = (0..level).map(|i| UpgradeId(first.0 + i)).collect();
            let taken = first_hit([&[], &ups], u::MARINE, on);
            assert_eq!(taken, table(u::MARINE, 0.0) - f32::from(level), "{on:?}");
        }
    }
}

#[test]
fn combat_shield_gives_marines_ten_life() {
    let mut sim = game(98);
    let hurt = spawn(&mut sim, 1, u::MARINE, 40.0, 40.0);
    edit(&mut sim, hurt).life = 20.0;
    grant(&mut sim, &[g::SHIELD_WALL]);
    assert_eq!(
        (life(&sim, hurt), unit_of(&sim, hurt).life_max),
        (30.0, 55.0)
    );
    let fresh = spawn(&mut sim, 1, u::MARINE, 42.0, 40.0);
    assert_eq!(life(&sim, fresh), 55.0);
}

#[test]
fn concussive_shells_halve_a_small_units_speed_for_24_loops() {
    // 1.5 s at speed Normal; massive units are immune.
    let shells = [g::PUNISHER_GRENADES];
    for (ups, on, slow) in [
        (&[][..], u::MARINE, false),
        (&shells, u::MARINE, true),
        (&shells, u::THOR, false),
    ] {
        let mut sim = game(99);
        grant(&mut sim, ups);
        let marauder = spawn(&mut sim, 1, u::MARAUDER, 40.0, 40.0);
        let on = victim(&mut sim, on, 44.0, 40.0);
        let (full, speed) = (life(&sim, on), unit_of(&sim, on).speed);
        order(&mut sim, &[marauder], ATTACK, Target::Unit(on));
        run_until(&mut sim, 90, |s| life(s, on) < full);
        let now = unit_of(&sim, on).speed;
        assert_eq!(now, if slow { speed / 2.0 } else { speed });
        sim.state_mut().kill(UnitRef::of_tag(marauder));
        let took = run_until(&mut sim, 60, |s| unit_of(s, on).speed == speed);
        assert_eq!(took, if slow { 24 } else { 0 });
    }
}

fn flown(sim: &mut Sim, tag: UnitTag, loops: u32) -> f32 {
    let from = unit_of(sim, tag).pos;
    sim.step(loops);
    unit_of(sim, tag).pos.distance(from)
}

#[test]
fn hyperflight_rotors_add_a_cell_a_second() {
    // Table: 0.171875 cells a loop.
    for (ups, speed) in [(&[][..], 0.171_875), (&[g::BANSHEE_SPEED], 0.234_375)] {
        let mut sim = game(100);
        grant(&mut sim, ups);
        let banshee = spawn(&mut sim, 1, u::BANSHEE, 10.0, 60.0);
        let goal = Target::Point(Point::new(80.0, 60.0));
        order(&mut sim, &[banshee], MOVE, goal);
        sim.step(60);
        let cells = flown(&mut sim, banshee, 100);
        assert!((cells - 100.0 * speed).abs() < 0.1, "{cells}");
    }
}

#[test]
fn afterburners_burn_for_8_seconds_and_again_after_20_or_13() {
    // Table: 0.15625 cells a loop. 1.7 times as much for 128 loops; 320 from one to the next, 208 with the fuel tanks.
    for (ups, again) in [(&[][..], 320), (&[g::MEDIVAC_INCREASE_SPEED_BOOST], 208)] {
        let mut sim = game(101);
        grant(&mut sim, ups);
        let medivac = spawn(&mut sim, 1, u::MEDIVAC, 6.0, 60.0);
        let goal = Target::Point(Point::new(90.0, 60.0));
        order(&mut sim, &[medivac], MOVE, goal);
        sim.step(60);
        let boost = |sim: &mut Sim| order(sim, &[medivac], 2116, Target::None);
        assert_eq!(boost(&mut sim), ActionResult::Success);
        sim.step(40);
        let fast = flown(&mut sim, medivac, 80);
        assert!((fast - 80.0 * 0.15625 * 1.7).abs() < 0.3, "{fast}");
        sim.step(40);
        let slow = flown(&mut sim, medivac, 40);
        assert!((slow - 40.0 * 0.15625).abs() < 0.1, "{slow}");
        // The order of the first took a loop to arrive.
        let mut waited = 200 - 1;
        while boost(&mut sim) != ActionResult::Success {
            sim.step(1);
            waited += 1;
            assert!(waited <= again);
        }
        assert_eq!(waited, again);
    }
}

#[test]
fn a_ghost_cloaks_for_25_energy_once_it_is_researched_and_until_its_energy_is_gone() {
    let mut sim = game(106);
    let ghost = spawn(&mut sim, 1, u::GHOST, 40.0, 60.0);
    spawn(&mut sim, 2, u::MARINE, 44.0, 60.0);
    edit(&mut sim, ghost).arms.quiet_until = u32::MAX;
    edit(&mut sim, ghost).energy = 45.0;
    let cloak = |sim: &mut Sim| order(sim, &[ghost], 3676, Target::None);
    assert_eq!(cloak(&mut sim), ActionResult::TechRequirementsNotMet);
    grant(&mut sim, &[g::PERSONAL_CLOAKING]);
    assert_eq!(cloak(&mut sim), ActionResult::Success);
    sim.step(2);
    let seen = |sim: &mut Sim| {
        look(sim, 2)
            .units
            .iter()
            .any(|it| it.unit_type == u::GHOST && it.health > 0.0)
    };
    assert!(unit_of(&sim, ghost).cloaked && !seen(&mut sim));
    // 20 left; 1.4765 a second of 16 loops go, 0.5625 come back.
    let took = run_until(&mut sim, 400, |s| !unit_of(s, ghost).cloaked) as f32;
    let expected = 20.0 / ((1.4765 - 0.5625) / 16.0);
    assert!(
        (took - expected).abs() < 6.0,
        "{took} loops, not {expected}"
    );
    sim.step(1);
    assert!(seen(&mut sim));
}

#[test]
fn a_reaper_heals_2_life_a_second_from_10_seconds_after_it_was_hurt() {
    let mut sim = game(107);
    let reaper = spawn(&mut sim, 1, u::REAPER, 40.0, 60.0);
    let marine = spawn(&mut sim, 2, u::MARINE, 44.0, 60.0);
    edit(&mut sim, reaper).arms.quiet_until = u32::MAX;
    run_until(&mut sim, 60, |s| life(s, reaper) < 60.0);
    sim.state_mut().kill(UnitRef::of_tag(marine));
    let hurt = life(&sim, reaper);
    sim.step(158);
    assert_eq!(life(&sim, reaper), hurt);
    sim.step(4 + 32);
    // Two seconds at speed Normal, and the loops about the start.
    let healed = life(&sim, reaper) - hurt;
    assert!((4.0..=4.5).contains(&healed), "{healed}");
}
