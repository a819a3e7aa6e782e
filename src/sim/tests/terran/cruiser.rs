//! Battlecruisers: Yamato cannon and tactical jump.

use super::*;
use crate::game::data::{unit_ids as u, upgrade_ids as g};
use crate::game::{ActionResult, Point, Target};
use crate::sim::testing::*;

const YAMATO: u16 = 401;
const JUMP: u16 = 2358;

#[test]
fn the_yamato_cannon_charges_3_seconds_for_240_damage() {
    let mut sim = game(61);
    let ship = spawn(&mut sim, 1, u::BATTLECRUISER, 40.0, 40.0);
    let target = spawn(&mut sim, 2, u::PLANETARY_FORTRESS, 51.5, 40.5);
    edit(&mut sim, target).arms.quiet_until = u32::MAX;
    edit(&mut sim, ship).arms.quiet_until = u32::MAX;
    sim.step(5);
    let fire = Target::Unit(target);
    assert_eq!(
        order(&mut sim, &[ship], YAMATO, fire),
        ActionResult::TechRequirementsNotMet
    );
    grant(&mut sim, &[g::BATTLECRUISER_ENABLE_SPECIALIZATIONS]);
    assert_eq!(
        order(&mut sim, &[ship], YAMATO, fire),
        ActionResult::Success
    );
    sim.step(48);
    assert!(
        sim.state().events.is_empty(),
        "in range, 7.5 cells from edge to edge; it charges"
    );
    // While it charges nothing else is done.
    order(
        &mut sim,
        &[ship],
        3794,
        Target::Point(Point::new(30.0, 40.0)),
    );
    sim.step(1);
    assert_eq!(sim.state().events.len(), 1);
    // 11.5 cells at 20 a second: 9.2 loops.
    sim.step(12);
    assert_eq!(life(&sim, target), 1500.0 - 240.0, "3 armor do not count");
    assert!(
        unit_of(&sim, ship).pos.x < 40.0,
        "the order that came meanwhile"
    );
    assert_eq!(
        order(&mut sim, &[ship], YAMATO, fire),
        ActionResult::Cooldown
    );
    sim.step(1600 - 12 - 1);
    assert_eq!(
        order(&mut sim, &[ship], YAMATO, fire),
        ActionResult::Cooldown
    );
    sim.step(1);
    assert_eq!(
        order(&mut sim, &[ship], YAMATO, fire),
        ActionResult::Success
    );
}

#[test]
fn the_tactical_jump_takes_6_seconds_in_which_nothing_reaches_it() {
    let mut sim = game(62);
    let ship = spawn(&mut sim, 1, u::BATTLECRUISER, 40.0, 40.0);
    let viking = spawn(&mut sim, 2, u::VIKING_FIGHTER, 44.0, 40.0);
    let to = Point::new(60.0, 30.0);
    sim.step(6);
    assert_eq!(
        order(&mut sim, &[ship], JUMP, Target::Point(to)),
        ActionResult::Success
    );
    sim.step(1);
    let hurt = life(&sim, ship);
    assert_eq!(
        order_as(&mut sim, 2, &[viking], 3674, Target::Unit(ship), false),
        ActionResult::Error
    );
    sim.step(9);
    assert_eq!(unit_of(&sim, ship).pos, Point::new(40.0, 40.0));
    // After 0.6 s it is in warp over its destination.
    sim.step(1);
    assert_eq!(unit_of(&sim, ship).pos, to);
    spawn(&mut sim, 2, u::MISSILE_TURRET, 62.0, 32.0);
    sim.step(84);
    assert_eq!(life(&sim, ship), hurt);
    order(
        &mut sim,
        &[ship],
        3794,
        Target::Point(Point::new(70.0, 30.0)),
    );
    sim.step(1);
    assert_eq!(unit_of(&sim, ship).pos, to, "it comes out of warp first");
    sim.step(60);
    assert!(life(&sim, ship) < hurt, "within reach again");
    assert!(unit_of(&sim, ship).pos.x > 61.0);
    assert_eq!(
        order(&mut sim, &[ship], JUMP, Target::Point(to)),
        ActionResult::Cooldown
    );
}
