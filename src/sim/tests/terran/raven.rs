//! The raven's three abilities.

use super::*;
use crate::game::data::{unit_ids as u, upgrade_ids as g};
use crate::game::{ActionResult, Point, Target};
use crate::sim::testing::*;

const TURRET: u16 = 1764;
const MATRIX: u16 = 3747;
const ANTI_ARMOR: u16 = 3753;

fn raven(sim: &mut Sim, energy: f32) -> UnitTag {
    let raven = spawn(sim, 1, u::RAVEN, 48.0, 40.0);
    edit(sim, raven).energy = energy;
    raven
}

#[test]
fn an_auto_turret_costs_50_energy_and_lives_14_seconds() {
    let mut sim = game(31);
    let raven = raven(&mut sim, 60.0);
    let structures = sim.state().players[0].structures;
    let at = Target::Point(Point::new(50.0, 40.0));
    assert_eq!(order(&mut sim, &[raven], TURRET, at), ActionResult::Success);
    sim.step(1);
    let turret = tags(sim.state(), 1, u::AUTO_TURRET)[0];
    assert!(unit_of(&sim, raven).energy < 10.1);
    assert_eq!(life(&sim, turret), 150.0);
    assert_eq!(
        sim.state().players[0].structures,
        structures,
        "does not keep its owner in the game"
    );
    let prey = spawn(&mut sim, 2, u::MEDIVAC, 55.0, 40.0);
    // It unfolds for 16 loops; then 18 damage less 1 armor, every 12.8 loops.
    sim.step(15);
    assert_eq!(life(&sim, prey), 150.0);
    sim.step(10);
    assert_eq!(life(&sim, prey), 133.0);
    sim.step(224 - 1 - 25);
    assert!(lives(&sim, turret));
    sim.step(1);
    assert!(!lives(&sim, turret));
    assert_eq!(
        order(&mut sim, &[raven], TURRET, at),
        ActionResult::NotEnoughEnergy
    );
}

#[test]
fn the_interference_matrix_leaves_machines_nothing_but_their_legs() {
    let mut sim = game(32);
    let raven = raven(&mut sim, 100.0);
    let tank = spawn(&mut sim, 2, u::SIEGE_TANK, 56.0, 40.0);
    let marine = spawn(&mut sim, 2, u::MARINE, 56.0, 46.0);
    let prey = spawn(&mut sim, 1, u::SUPPLY_DEPOT, 52.0, 34.0);
    edit(&mut sim, marine).arms.quiet_until = u32::MAX;
    sim.step(5);
    assert_eq!(
        order(&mut sim, &[raven], MATRIX, Target::Unit(marine)),
        ActionResult::CantTargetThatUnit,
        "neither mechanical nor psionic"
    );
    assert_eq!(
        order(&mut sim, &[raven], MATRIX, Target::Unit(tank)),
        ActionResult::Success
    );
    let flight = run_until(&mut sim, 40, |s| !unit_of(s, tank).buffs.is_empty());
    // 8 cells from rest at 16 cells a squared second are 1.00 s, 16 loops.
    assert!((16..=18).contains(&flight), "{flight}");
    assert!(unit_of(&sim, raven).energy < 52.0);
    assert!(
        look(&mut sim, 2)
            .units
            .iter()
            .any(|it| it.tag == tank && it.buffs[0].0 == 277)
    );
    let before = life(&sim, prey);
    sim.step(30);
    assert_eq!(life(&sim, prey), before, "no shot is fired");
    assert_eq!(
        order_as(&mut sim, 2, &[tank], 388, Target::None, false),
        ActionResult::Error
    );
    let away = Target::Point(Point::new(58.0, 40.0));
    assert_eq!(
        order_as(&mut sim, 2, &[tank], 3794, away, false),
        ActionResult::Success
    );
    sim.step(20);
    assert!(unit_of(&sim, tank).pos.x > 57.0);
    // 11 s in all.
    sim.step(176 - 30 - 20 - 1);
    assert!(!unit_of(&sim, tank).buffs.is_empty());
    sim.step(1);
    assert!(unit_of(&sim, tank).buffs.is_empty());
    order_as(&mut sim, 2, &[tank], 3674, Target::Unit(prey), false);
    sim.step(60);
    assert!(life(&sim, prey) < before);
}

#[test]
fn the_anti_armor_missile_takes_three_armor_for_30_seconds() {
    let mut sim = game(33);
    let raven = raven(&mut sim, 80.0);
    // 1 armor; 6 damage become 5, and 8 without three points of it.
    let target = spawn(&mut sim, 2, u::MARAUDER, 55.0, 40.0);
    let beside = spawn(&mut sim, 2, u::MARAUDER, 55.0, 43.0);
    let away = spawn(&mut sim, 2, u::MARAUDER, 55.0, 44.5);
    for tag in [target, beside, away] {
        edit(&mut sim, tag).arms.quiet_until = u32::MAX;
    }
    sim.step(5);
    order(&mut sim, &[raven], ANTI_ARMOR, Target::Unit(target));
    run_until(&mut sim, 40, |s| !unit_of(s, target).buffs.is_empty());
    assert!(unit_of(&sim, raven).energy < 7.0);
    let has = |sim: &Sim, tag| unit_of(sim, tag).buffs.iter().any(|b| b.id.0 == 280);
    // 2.88 cells around the target, to the edge: 3 - 0.5625 and 4.5 - 0.5625 away.
    assert!(has(&sim, target) && has(&sim, beside) && !has(&sim, away));
    assert_eq!(life(&sim, target), 125.0, "no damage in 4.10");
    let marine = spawn(&mut sim, 1, u::MARINE, 51.0, 40.0);
    order(&mut sim, &[marine], 3674, Target::Unit(target));
    run_until(&mut sim, 30, |s| life(s, target) < 125.0);
    assert_eq!(life(&sim, target), 117.0);
    edit(&mut sim, marine).arms.quiet_until = u32::MAX;
    let hurt = run_until(&mut sim, 500, |s| !has(s, beside));
    assert!(hurt < 480, "480 loops, the first of them gone");
}

#[test]
fn a_raven_of_the_corvid_reactor_starts_with_75_energy() {
    let mut sim = game(34);
    grant(&mut sim, &[g::RAVEN_CORVID_REACTOR]);
    fund(&mut sim, 0, 1000, 1000);
    let port = spawn(&mut sim, 1, u::STARPORT, 40.5, 40.5);
    let lab = spawn(&mut sim, 1, u::STARPORT_TECH_LAB, 43.0, 40.0);
    edit(&mut sim, port).add_on = UnitRef::of_tag(lab);
    edit(&mut sim, lab).host = UnitRef::of_tag(port);
    assert_eq!(
        order(&mut sim, &[port], 622, Target::None),
        ActionResult::Success
    );
    run_until(&mut sim, 962, |s| !tags(s.state(), 1, u::RAVEN).is_empty());
    let raven = tags(sim.state(), 1, u::RAVEN)[0];
    assert!((unit_of(&sim, raven).energy - 75.0).abs() < 0.1);
}
