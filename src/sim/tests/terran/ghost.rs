//! Ghosts: steady targeting, EMP rounds, nuclear missiles, hold fire.

use super::*;
use crate::game::data::{unit_ids as u, upgrade_ids as g};
use crate::game::raw_obs::Alert;
use crate::game::{ActionResult, Point, Target};
use crate::sim::testing::*;

const SNIPE: u16 = 2714;
const EMP: u16 = 1628;
const NUKE: u16 = 1622;
const ARM: u16 = 710;
const CANCEL: u16 = 3659;

fn ghost(sim: &mut Sim, energy: f32) -> UnitTag {
    let ghost = spawn(sim, 1, u::GHOST, 40.0, 40.0);
    let unit = edit(sim, ghost);
    unit.energy = energy;
    unit.arms.quiet_until = u32::MAX;
    ghost
}

#[test]
fn steady_targeting_takes_2_seconds_and_deals_170() {
    let mut sim = game(71);
    let ghost = ghost(&mut sim, 100.0);
    let target = spawn(&mut sim, 2, u::MARAUDER, 50.0, 40.0);
    let tank = spawn(&mut sim, 2, u::SIEGE_TANK, 50.0, 43.0);
    for tag in [target, tank] {
        edit(&mut sim, tag).arms.quiet_until = u32::MAX;
    }
    edit(&mut sim, target).life_max = 500.0;
    edit(&mut sim, target).life = 500.0;
    sim.step(5);
    assert_eq!(
        order(&mut sim, &[ghost], SNIPE, Target::Unit(tank)),
        ActionResult::CantTargetThatUnit,
        "biological units only"
    );
    assert_eq!(
        order(&mut sim, &[ghost], SNIPE, Target::Unit(target)),
        ActionResult::Success
    );
    sim.step(1);
    assert!((49.0..=51.0).contains(&unit_of(&sim, ghost).energy));
    sim.step(31);
    assert_eq!(life(&sim, target), 500.0);
    sim.step(1);
    assert_eq!(life(&sim, target), 330.0, "1 armor does not count");
    assert!(unit_of(&sim, ghost).buffs.is_empty());
}

#[test]
fn any_damage_spoils_the_shot_and_its_energy_comes_back() {
    let mut sim = game(72);
    let ghost = ghost(&mut sim, 60.0);
    let target = spawn(&mut sim, 2, u::MARAUDER, 50.0, 40.0);
    edit(&mut sim, target).arms.quiet_until = u32::MAX;
    sim.step(5);
    order(&mut sim, &[ghost], SNIPE, Target::Unit(target));
    sim.step(10);
    sim.state_mut()
        .damage(UnitRef::of_tag(target), UnitRef::of_tag(ghost), 1.0);
    sim.step(2);
    let unit = unit_of(&sim, ghost);
    assert!(unit.energy > 60.0 && unit.energy < 62.0 && unit.orders.is_empty());
    assert_eq!(life(&sim, target), 125.0);
    // And so it does when it is called off.
    order(&mut sim, &[ghost], SNIPE, Target::Unit(target));
    sim.step(5);
    assert_eq!(
        order(&mut sim, &[ghost], CANCEL, Target::None),
        ActionResult::Success
    );
    sim.step(1);
    assert!(unit_of(&sim, ghost).energy > 60.0);
}

#[test]
fn an_emp_round_drains_100_and_uncovers_the_cloaked() {
    for (upgrades, radius) in [(vec![], 1.5), (vec![g::ENHANCED_SHOCKWAVES], 2.0)] {
        let mut sim = game(73);
        grant(&mut sim, &upgrades);
        let ghost = ghost(&mut sim, 80.0);
        let at = Point::new(48.0, 40.0);
        let banshee = spawn(&mut sim, 2, u::BANSHEE, 48.0, 40.0);
        sim.state_mut().players[1].upgrades = vec![g::BANSHEE_CLOAK];
        edit(&mut sim, banshee).energy = 180.0;
        edit(&mut sim, banshee).arms.quiet_until = u32::MAX;
        order_as(&mut sim, 2, &[banshee], 3676, Target::None, false);
        // A medivac's radius is 0.75: one within the circle, one outside.
        let near = spawn(&mut sim, 2, u::MEDIVAC, 48.0, 40.0 + radius + 0.7);
        let far = spawn(&mut sim, 2, u::MEDIVAC, 48.0, 40.0 - radius - 0.85);
        for tag in [near, far] {
            edit(&mut sim, tag).energy = 150.0;
        }
        sim.step(3);
        assert!(unit_of(&sim, banshee).cloaked);
        assert_eq!(
            order(&mut sim, &[ghost], EMP, Target::Point(at)),
            ActionResult::Success
        );
        // 8 cells at 30 a second: 4.3 loops.
        sim.step(7);
        assert!((5.0..6.0).contains(&unit_of(&sim, ghost).energy));
        assert!(
            (54.0..55.0).contains(&unit_of(&sim, banshee).energy),
            "180 - 25 - 100"
        );
        assert!(!unit_of(&sim, banshee).cloaked);
        assert!((50.0..51.0).contains(&unit_of(&sim, near).energy));
        assert!(unit_of(&sim, far).energy > 150.0);
        // For 10 s, while its cloak goes on costing energy.
        sim.step(150);
        assert!(!unit_of(&sim, banshee).cloaked);
        sim.step(20);
        assert!(unit_of(&sim, banshee).cloaked);
    }
}

/// A silo with a missile, a ghost with a view of the target.
fn nuclear(seed: u64) -> (Sim, UnitTag, UnitTag) {
    let mut sim = game(seed);
    let academy = spawn(&mut sim, 1, u::GHOST_ACADEMY, 34.5, 34.5);
    edit(&mut sim, academy).special.nukes = 1;
    let ghost = ghost(&mut sim, 0.0);
    (sim, academy, ghost)
}

#[test]
fn a_silo_arms_one_missile_in_60_seconds_for_100_and_100() {
    let mut sim = game(74);
    fund(&mut sim, 0, 950, 1000);
    let academy = spawn(&mut sim, 1, u::GHOST_ACADEMY, 34.5, 34.5);
    assert_eq!(
        order(&mut sim, &[academy], ARM, Target::None),
        ActionResult::BuildTechRequirementsNotMet,
        "needs a factory"
    );
    spawn(&mut sim, 1, u::FACTORY, 40.5, 34.5);
    let spent = sim.state().players[0].score.spent_vespene;
    assert_eq!(
        order(&mut sim, &[academy], ARM, Target::None),
        ActionResult::Success
    );
    sim.step(1);
    assert_eq!(sim.state().players[0].score.spent_vespene, spent + 100.0);
    assert_eq!(
        order(&mut sim, &[academy], ARM, Target::None),
        ActionResult::QueueIsFull
    );
    sim.step(959);
    assert_eq!(unit_of(&sim, academy).special.nukes, 0);
    sim.step(1);
    assert_eq!(unit_of(&sim, academy).special.nukes, 1);
    assert!(look(&mut sim, 1).alerts.contains(&Alert::NukeComplete));
    assert_eq!(
        order(&mut sim, &[academy], ARM, Target::None),
        ActionResult::QueueIsFull
    );
}

#[test]
fn a_nuke_falls_20_seconds_after_the_call_and_fades_outward() {
    let (mut sim, academy, ghost) = nuclear(75);
    let at = Point::new(52.0, 40.0);
    let thor = spawn(&mut sim, 2, u::THOR, 52.0, 40.0);
    let hall = spawn(&mut sim, 2, u::COMMAND_CENTER, 57.5, 36.5);
    // Edges at 5 and 7 cells: half and a quarter. Beyond 8 nothing.
    let half = spawn(&mut sim, 2, u::MEDIVAC, 52.0, 45.75);
    let quarter = spawn(&mut sim, 2, u::MEDIVAC, 52.0, 47.75);
    let safe = spawn(&mut sim, 2, u::MEDIVAC, 54.5, 49.0);
    edit(&mut sim, thor).arms.quiet_until = u32::MAX;
    sim.step(5);
    look(&mut sim, 2);
    assert_eq!(
        order(&mut sim, &[ghost], NUKE, Target::Point(at)),
        ActionResult::Success
    );
    sim.step(1);
    assert_eq!(unit_of(&sim, academy).special.nukes, 0);
    let enemy = look(&mut sim, 2);
    assert!(enemy.alerts.contains(&Alert::NuclearLaunchDetected));
    assert_eq!(
        enemy.effects[0].effect.0, 7,
        "the dot, where it can be seen"
    );
    // Orders do not move the ghost before it is done.
    order(
        &mut sim,
        &[ghost],
        3794,
        Target::Point(Point::new(30.0, 40.0)),
    );
    sim.step(319);
    assert_eq!(life(&sim, half), 150.0);
    sim.step(1);
    assert_eq!(life(&sim, thor), 100.0, "300, no armor");
    let ring = Point::new(57.5, 36.5).distance(at) - 2.75;
    assert!(ring > 3.5 && ring < 4.0);
    assert_eq!(life(&sim, hall), 1000.0, "500 to structures");
    assert!(!lives(&sim, half), "150 of 150");
    assert_eq!(life(&sim, quarter), 75.0);
    assert_eq!(life(&sim, safe), 150.0);
    assert!(sim.state().effects.is_empty());
    assert!(unit_of(&sim, ghost).pos.x < 40.0, "left when it was done");
}

#[test]
fn a_nuke_is_lost_with_its_ghost_or_when_it_is_called_off() {
    for cancels in [false, true] {
        let (mut sim, academy, ghost) = nuclear(76);
        let target = spawn(&mut sim, 2, u::SUPPLY_DEPOT, 50.0, 40.0);
        order(
            &mut sim,
            &[ghost],
            NUKE,
            Target::Point(Point::new(50.0, 40.0)),
        );
        sim.step(100);
        if cancels {
            assert_eq!(
                order(&mut sim, &[ghost], CANCEL, Target::None),
                ActionResult::Success
            );
        } else {
            sim.state_mut().kill(UnitRef::of_tag(ghost));
        }
        sim.step(300);
        assert_eq!(life(&sim, target), 400.0);
        assert_eq!(unit_of(&sim, academy).special.nukes, 0);
        assert!(sim.state().effects.is_empty());
    }
}

#[test]
fn a_ghost_that_holds_its_fire_shoots_only_when_told_to() {
    let mut sim = game(77);
    let ghost = spawn(&mut sim, 1, u::GHOST, 40.0, 40.0);
    assert_eq!(
        order(&mut sim, &[ghost], 3688, Target::None),
        ActionResult::Success
    );
    let prey = spawn(&mut sim, 2, u::SUPPLY_DEPOT, 45.0, 40.0);
    sim.step(60);
    assert_eq!(life(&sim, prey), 400.0);
    order(&mut sim, &[ghost], 3674, Target::Unit(prey));
    sim.step(30);
    assert!(life(&sim, prey) < 400.0);
    order(&mut sim, &[ghost], 3688, Target::None);
    sim.step(1);
    assert_eq!(
        order(&mut sim, &[ghost], 3689, Target::None),
        ActionResult::Success
    );
}
