//! Reapers: KD8 charges.

use super::*;
use crate::game::data::unit_ids as u;
use crate::game::{ActionResult, Point, Target};
use crate::sim::testing::*;

const CHARGE: u16 = 2588;

#[test]
fn a_kd8_charge_goes_off_after_2_seconds_and_throws_back() {
    let mut sim = game(81);
    let reaper = spawn(&mut sim, 1, u::REAPER, 40.0, 40.0);
    edit(&mut sim, reaper).arms.quiet_until = u32::MAX;
    let at = Point::new(45.0, 40.0);
    // Edges at 0.625 and at 2.5 cells; a thor is massive, a depot a structure.
    let near = spawn(&mut sim, 2, u::MARINE, 46.0, 40.0);
    let far = spawn(&mut sim, 2, u::MARINE, 45.0, 42.875);
    let thor = spawn(&mut sim, 2, u::THOR, 45.0, 38.0);
    for tag in [near, far, thor] {
        edit(&mut sim, tag).arms.quiet_until = u32::MAX;
    }
    assert_eq!(
        order(&mut sim, &[reaper], CHARGE, Target::Point(at)),
        ActionResult::Success
    );
    sim.step(1);
    let charge = tags(sim.state(), 1, u::KD8_CHARGE)[0];
    assert_eq!(unit_of(&sim, charge).pos, at);
    sim.step(31);
    assert_eq!(life(&sim, near), 45.0);
    sim.step(1);
    assert!(!lives(&sim, charge));
    assert_eq!((life(&sim, near), life(&sim, far)), (40.0, 45.0));
    assert_eq!(life(&sim, thor), 395.0, "5, no armor");
    sim.step(14);
    // 3 cells within 0.9 s.
    assert!((unit_of(&sim, near).pos.x - 49.0).abs() < 0.05);
    assert!(unit_of(&sim, thor).pos.distance(Point::new(45.0, 38.0)) < 0.1);
    assert_eq!(
        order(&mut sim, &[reaper], CHARGE, Target::Point(at)),
        ActionResult::Cooldown
    );
    sim.step(320 - 14 - 33);
    assert_eq!(
        order(&mut sim, &[reaper], CHARGE, Target::Point(at)),
        ActionResult::Cooldown
    );
    sim.step(1);
    assert_eq!(
        order(&mut sim, &[reaper], CHARGE, Target::Point(at)),
        ActionResult::Success
    );
}

#[test]
fn nobody_can_aim_at_a_charge_and_it_keeps_nobody_in_the_game() {
    let mut sim = game(82);
    let reaper = spawn(&mut sim, 1, u::REAPER, 40.0, 40.0);
    let marine = spawn(&mut sim, 2, u::MARINE, 48.0, 40.0);
    order(
        &mut sim,
        &[reaper],
        CHARGE,
        Target::Point(Point::new(44.5, 40.0)),
    );
    let hall = tags(sim.state(), 1, u::COMMAND_CENTER)[0];
    sim.step(2);
    let charge = tags(sim.state(), 1, u::KD8_CHARGE)[0];
    assert_eq!(
        order_as(&mut sim, 2, &[marine], 3674, Target::Unit(charge), false),
        ActionResult::Error
    );
    sim.state_mut().kill(UnitRef::of_tag(hall));
    sim.step(1);
    assert!(!sim.results().is_empty());
}

#[test]
fn it_jumps_cliffs_that_others_walk_around() {
    use crate::sim::path::tests::map_of;
    use crate::sim::steer::tests::game_on;
    // A cliff of two cells and 16 height steps, one level, and a wall of two cells without a step.
    let mut map = map_of(crate::game::BitGrid::new(80, 40, true));
    for y in 0..40 {
        for x in 30..80 {
            map.height.set(x, y, 223);
        }
        for x in [30, 31, 50, 51] {
            map.pathing.set(x, y, false);
            map.placement.set(x, y, false);
        }
    }
    let mut sim = game_on(map);
    let reaper = spawn(&mut sim, 1, u::REAPER, 26.0, 20.0);
    let marine = spawn(&mut sim, 1, u::MARINE, 26.0, 24.0);
    let to = Target::Point(Point::new(40.0, 20.0));
    order(&mut sim, &[reaper, marine], 3794, to);
    // 14 cells at 0.234375 a loop are 60 loops.
    sim.step(75);
    assert!(unit_of(&sim, reaper).pos.distance(Point::new(40.0, 20.0)) < 0.5);
    sim.step(100);
    assert!(unit_of(&sim, marine).pos.x < 30.0);
    order(
        &mut sim,
        &[reaper],
        3794,
        Target::Point(Point::new(60.0, 20.0)),
    );
    sim.step(150);
    assert!(unit_of(&sim, reaper).pos.x < 50.0, "a wall is no cliff");
    // Down again, stopped on the edge: it does not stay where nobody can stand.
    order(
        &mut sim,
        &[reaper],
        3794,
        Target::Point(Point::new(20.0, 20.0)),
    );
    run_until(&mut sim, 200, |s| {
        (30.2..31.8).contains(&unit_of(s, reaper).pos.x)
    });
    order(&mut sim, &[reaper], 3665, Target::None);
    sim.step(20);
    let x = unit_of(&sim, reaper).pos.x;
    assert!(!(30.0..32.0).contains(&x), "{x}");
}
