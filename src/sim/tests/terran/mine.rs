//! Widow mines.

use super::*;
use crate::game::data::{unit_ids as u, upgrade_ids as g};
use crate::game::{ActionResult, Point, Target};
use crate::sim::testing::*;

const BURROW: u16 = 3661;
const UNBURROW: u16 = 3662;
const ATTACK: u16 = 2099;

/// A mine that has dug in, autocast off.
fn dug_in(sim: &mut Sim) -> UnitTag {
    let mine = spawn(sim, 1, u::WIDOW_MINE, 48.0, 40.0);
    assert_eq!(
        order(sim, &[mine], BURROW, Target::None),
        ActionResult::Success
    );
    sim.step(52);
    assert_eq!(unit_of(sim, mine).type_id, u::WIDOW_MINE_BURROWED);
    mine
}

#[test]
fn it_digs_in_in_52_loops_and_is_hidden_there() {
    let mut sim = game(21);
    let mine = spawn(&mut sim, 1, u::WIDOW_MINE, 48.0, 40.0);
    spawn(&mut sim, 2, u::SCV, 52.0, 40.0);
    order(&mut sim, &[mine], BURROW, Target::None);
    sim.step(51);
    assert_eq!(unit_of(&sim, mine).type_id, u::WIDOW_MINE);
    let seen = |obs: &RawObservation| obs.units.iter().any(|it| it.tag == mine);
    assert!(seen(&look(&mut sim, 2)));
    sim.step(1);
    let own = look(&mut sim, 1);
    let raw = own.units.iter().find(|it| it.tag == mine).unwrap();
    assert_eq!(raw.unit_type, u::WIDOW_MINE_BURROWED);
    assert!(raw.is_burrowed);
    sim.step(1);
    assert!(!seen(&look(&mut sim, 2)), "under the ground");
    // A turret's detection reaches 11 cells.
    spawn(&mut sim, 2, u::MISSILE_TURRET, 56.0, 40.0);
    sim.step(20);
    assert!(seen(&look(&mut sim, 2)));
    // Out again within 1 to 1.5 s at speed Normal.
    order(&mut sim, &[mine], UNBURROW, Target::None);
    sim.step(20);
    assert_eq!(unit_of(&sim, mine).type_id, u::WIDOW_MINE);
}

#[test]
fn its_missile_strikes_one_hard_and_those_around_less() {
    let mut sim = game(22);
    let mine = dug_in(&mut sim);
    let prey = spawn(&mut sim, 2, u::MEDIVAC, 52.0, 40.0);
    let near = spawn(&mut sim, 2, u::MARAUDER, 52.0, 41.5);
    let far = spawn(&mut sim, 2, u::MARAUDER, 52.0, 44.0);
    let friend = spawn(&mut sim, 1, u::MARINE, 52.0, 38.7);
    let depot = spawn(&mut sim, 2, u::SUPPLY_DEPOT, 54.0, 40.0);
    for tag in [near, far, friend] {
        edit(&mut sim, tag).arms.quiet_until = u32::MAX;
    }
    sim.step(5);
    assert_eq!(
        order(&mut sim, &[mine], ATTACK, Target::Unit(prey)),
        ActionResult::Success
    );
    // It takes aim for 1.5 s.
    sim.step(24);
    assert!(sim.state().events.is_empty());
    assert_eq!(life(&sim, prey), 150.0);
    sim.step(1);
    assert!(!sim.state().events.is_empty(), "on its way");
    assert!(!unit_of(&sim, mine).cloaked, "lies open while it reloads");
    sim.step(14);
    // 125 whatever the armor, 40 within 1.75 of the target; structures are spared, friends are not.
    assert_eq!(life(&sim, prey), 25.0);
    assert_eq!(life(&sim, near), 85.0);
    assert_eq!(life(&sim, friend), 5.0);
    assert_eq!(life(&sim, far), 125.0);
    assert_eq!(life(&sim, depot), 400.0);
    // The next one is ready 40 s after the first.
    sim.step(640 - 14 - 1);
    assert_eq!(
        order(&mut sim, &[mine], ATTACK, Target::Unit(prey)),
        ActionResult::Cooldown
    );
    assert!(!unit_of(&sim, mine).cloaked);
    sim.step(1);
    assert!(unit_of(&sim, mine).cloaked);
    assert_eq!(
        order(&mut sim, &[mine], ATTACK, Target::Unit(prey)),
        ActionResult::Success
    );
}

#[test]
fn it_fires_of_its_own_accord_within_five_cells_and_whoever_runs_gets_away() {
    let mut sim = game(23);
    let mine = dug_in(&mut sim);
    edit(&mut sim, mine).autocast = true;
    // Edge to edge 5.2 cells.
    let out = spawn(&mut sim, 2, u::SCV, 48.0, 46.075);
    sim.step(100);
    assert_eq!(life(&sim, out), 45.0);
    let runner = spawn(&mut sim, 2, u::REAPER, 51.0, 40.0);
    order_as(
        &mut sim,
        2,
        &[runner],
        3794,
        Target::Point(Point::new(60.0, 40.0)),
        false,
    );
    sim.step(40);
    assert!(lives(&sim, runner) && sim.state().events.is_empty());
    let fool = spawn(&mut sim, 2, u::SCV, 51.0, 40.0);
    sim.step(5 + 24 + 14);
    assert!(!lives(&sim, fool));
}

#[test]
fn drilling_claws_dig_faster_and_cover_it_always() {
    let mut sim = game(24);
    grant(&mut sim, &[g::DRILL_CLAWS]);
    let mine = spawn(&mut sim, 1, u::WIDOW_MINE, 48.0, 40.0);
    order(&mut sim, &[mine], BURROW, Target::None);
    sim.step(20);
    assert_eq!(unit_of(&sim, mine).type_id, u::WIDOW_MINE_BURROWED);
    let prey = spawn(&mut sim, 2, u::SCV, 51.0, 40.0);
    sim.step(5);
    order(&mut sim, &[mine], ATTACK, Target::Unit(prey));
    sim.step(40);
    assert!(!lives(&sim, prey));
    assert!(unit_of(&sim, mine).cloaked);
}

#[test]
fn units_walk_over_it_and_the_state_hash_knows_its_cooldown() {
    let mut sim = game(25);
    dug_in(&mut sim);
    let walker = spawn(&mut sim, 1, u::THOR, 44.0, 40.0);
    order(
        &mut sim,
        &[walker],
        3794,
        Target::Point(Point::new(52.0, 40.0)),
    );
    // 8 cells at 0.117188 a loop are 68.3 loops.
    sim.step(72);
    assert!(
        (unit_of(&sim, walker).pos.x - 52.0).abs() < 0.3,
        "in a straight line"
    );
    let before = sim.state_hash();
    let mine = tags(sim.state(), 1, u::WIDOW_MINE_BURROWED)[0];
    edit(&mut sim, mine).special.ready[0] = 99;
    assert_ne!(sim.state_hash(), before);
}
