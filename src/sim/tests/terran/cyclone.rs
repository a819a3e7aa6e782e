//! Lock on.

use super::*;
use crate::game::data::{unit_ids as u, upgrade_ids as g};
use crate::game::{ActionResult, Point, Target};
use crate::sim::testing::*;

const LOCK_ON: u16 = 2350;
const CANCEL: u16 = 3659;

fn locked(sim: &mut Sim, target: UnitTag) -> UnitTag {
    let cyclone = spawn(sim, 1, u::CYCLONE, 40.0, 40.0);
    edit(sim, cyclone).arms.quiet_until = u32::MAX;
    sim.step(4);
    assert_eq!(
        order(sim, &[cyclone], LOCK_ON, Target::Unit(target)),
        ActionResult::Success
    );
    sim.step(1);
    cyclone
}

#[test]
fn it_deals_400_damage_in_20_seconds_whatever_the_armor() {
    let mut sim = game(51);
    // 1000 life, 1 armor; edge to edge 7 - 0.75 - 1.8125.
    let target = spawn(&mut sim, 2, u::BARRACKS, 47.5, 40.5);
    let cyclone = locked(&mut sim, target);
    assert_eq!(
        look(&mut sim, 2)
            .units
            .iter()
            .find(|it| it.tag == target)
            .unwrap()
            .buffs[0]
            .0,
        116
    );
    sim.step(15);
    assert_eq!(life(&sim, target), 1000.0);
    sim.step(1);
    assert_eq!(life(&sim, target), 980.0, "20 after a second");
    assert_eq!(
        order(&mut sim, &[cyclone], LOCK_ON, Target::Unit(target)),
        ActionResult::Cooldown
    );
    sim.step(320 - 16);
    assert_eq!(life(&sim, target), 600.0);
    sim.step(1);
    assert!(unit_of(&sim, target).buffs.is_empty());
    assert_eq!(
        order(&mut sim, &[cyclone], LOCK_ON, Target::Unit(target)),
        ActionResult::Cooldown
    );
    // 6 s after its end.
    sim.step(95);
    assert_eq!(
        order(&mut sim, &[cyclone], LOCK_ON, Target::Unit(target)),
        ActionResult::Success
    );
}

#[test]
fn the_mag_field_accelerator_doubles_it_against_armored() {
    let mut sim = game(52);
    grant(&mut sim, &[g::CYCLONE_LOCK_ON_DAMAGE_UPGRADE]);
    let target = spawn(&mut sim, 2, u::COMMAND_CENTER, 47.5, 40.5);
    locked(&mut sim, target);
    sim.step(320);
    assert_eq!(life(&sim, target), 1500.0 - 800.0);
}

#[test]
fn it_holds_on_the_move_up_to_15_cells_and_can_be_called_off() {
    let mut sim = game(53);
    let target = spawn(&mut sim, 2, u::BARRACKS, 47.5, 40.5);
    let cyclone = locked(&mut sim, target);
    order(
        &mut sim,
        &[cyclone],
        3794,
        Target::Point(Point::new(35.0, 40.5)),
    );
    sim.step(64);
    assert_eq!(life(&sim, target), 920.0, "12.5 cells away: four shots");
    order(
        &mut sim,
        &[cyclone],
        3794,
        Target::Point(Point::new(30.0, 40.5)),
    );
    sim.step(64);
    let left = life(&sim, target);
    assert!(
        unit_of(&sim, cyclone).special.lock == UnitRef::NONE,
        "17.5 cells away"
    );
    sim.step(100);
    assert_eq!(life(&sim, target), left);
    let other = locked(&mut sim, target);
    assert_eq!(
        order(&mut sim, &[other], CANCEL, Target::None),
        ActionResult::Success
    );
    sim.step(1);
    assert!(unit_of(&sim, target).buffs.is_empty());
}

#[test]
fn with_autocast_it_takes_the_nearest_fighter_and_no_house() {
    let mut sim = game(54);
    spawn(&mut sim, 2, u::SUPPLY_DEPOT, 46.0, 36.0);
    let turret = spawn(&mut sim, 2, u::MISSILE_TURRET, 47.0, 44.0);
    let cyclone = spawn(&mut sim, 1, u::CYCLONE, 40.0, 40.0);
    edit(&mut sim, cyclone).autocast = true;
    sim.step(12);
    assert_eq!(unit_of(&sim, cyclone).special.lock.tag(), turret);
}
