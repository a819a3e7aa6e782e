//! What structures do with their eyes and guns: turrets, scans, planetary fortresses.

use super::*;
use crate::game::data::{unit_ids as u, upgrade_ids as g};
use crate::game::{ActionResult, Point, Target};
use crate::sim::testing::*;

#[test]
fn a_missile_turret_reaches_7_cells_and_8_with_hi_sec_and_finds_the_cloaked_within_11() {
    // Edges: a turret's radius is 1.125, a medivac's 0.75.
    for (ups, at, hit) in [
        (&[][..], 6.9, true),
        (&[], 7.2, false),
        (&[g::HI_SEC_AUTO_TRACKING], 7.9, true),
        (&[g::HI_SEC_AUTO_TRACKING], 8.2, false),
    ] {
        let mut sim = game(102);
        grant(&mut sim, ups);
        spawn(&mut sim, 1, u::MISSILE_TURRET, 40.0, 60.0);
        let it = victim(&mut sim, u::MEDIVAC, 40.0 + 1.875 + at, 60.0);
        sim.step(40);
        assert_eq!(life(&sim, it) < 150.0, hit, "{at}");
    }
    for (at, seen) in [(10.0, true), (14.0, false)] {
        let mut sim = game(103);
        spawn(&mut sim, 1, u::MISSILE_TURRET, 40.0, 60.0);
        let it = victim(&mut sim, u::BANSHEE, 40.0 + at, 60.0);
        (edit(&mut sim, it).cloaked, edit(&mut sim, it).energy) = (true, 200.0);
        sim.step(8);
        assert_eq!(unit_of(&sim, it).detected_by & 1 != 0, seen, "{at}");
    }
}

#[test]
fn a_scan_costs_50_and_uncovers_13_cells_around_for_196_loops() {
    let mut sim = game(104);
    let orbital = spawn(&mut sim, 1, u::ORBITAL_COMMAND, 40.5, 40.5);
    edit(&mut sim, orbital).energy = 50.0;
    let cloaked = [12.0, 15.0].map(|y| {
        let it = victim(&mut sim, u::BANSHEE, 72.0, 30.0 + y);
        (edit(&mut sim, it).cloaked, edit(&mut sim, it).energy) = (true, 200.0);
        it
    });
    let there = Target::Point(Point::new(72.0, 30.0));
    assert_eq!(
        order(&mut sim, &[orbital], 399, there),
        ActionResult::Success
    );
    let found = |sim: &Sim| cloaked.map(|it| unit_of(sim, it).detected_by & 1 != 0);
    sim.step(9);
    assert!(unit_of(&sim, orbital).energy < 1.0);
    assert_eq!(found(&sim), [true, false]);
    sim.step(180);
    assert_eq!(found(&sim), [true, false]);
    sim.step(16);
    assert_eq!(found(&sim), [false, false]);
}

#[test]
fn a_planetary_fortress_deals_40_within_six_cells() {
    // Edges: its radius is 2.75, a marine's 0.375.
    for (at, left) in [(5.8, 5.0), (6.4, 45.0)] {
        let mut sim = game(105);
        spawn(&mut sim, 1, u::PLANETARY_FORTRESS, 40.5, 60.5);
        let marine = victim(&mut sim, u::MARINE, 40.5 + 3.125 + at, 60.5);
        order_as(&mut sim, 2, &[marine], 3793, Target::None, false);
        sim.step(25);
        assert_eq!(life(&sim, marine), left, "{at}");
    }
}

#[test]
fn a_command_center_becomes_a_planetary_fortress_in_800_loops_beside_an_engineering_bay() {
    let mut sim = game(108);
    fund(&mut sim, 0, 100, 150);
    let base = tags(sim.state(), 1, u::COMMAND_CENTER);
    let grow = |sim: &mut Sim| order(sim, &base, 1450, Target::None);
    assert_ne!(grow(&mut sim), ActionResult::Success);
    spawn(&mut sim, 1, u::ENGINEERING_BAY, 40.5, 60.5);
    assert_eq!(grow(&mut sim), ActionResult::Success);
    let took = run_until(&mut sim, 900, |s| {
        unit_of(s, base[0]).type_id == u::PLANETARY_FORTRESS
    });
    assert!((800..=802).contains(&took), "{took} loops");
    assert_eq!(life(&sim, base[0]), 1500.0);
    assert_ne!(
        order(&mut sim, &base, 417, Target::None),
        ActionResult::Success,
        "it stays"
    );
}
