//! Liberators in ground mode.

use super::*;
use crate::game::data::{unit_ids as u, upgrade_ids as g};
use crate::game::{ActionResult, Point, Target};
use crate::sim::testing::*;

const ZONE: u16 = 2558;
const AIR: u16 = 2560;

fn effect(sim: &mut Sim, player: u8) -> Option<(u16, Point)> {
    let obs = look(sim, player);
    assert!(obs.effects.len() <= 1);
    obs.effects.first().map(|e| (e.effect.0, e.pos[0]))
}

#[test]
fn it_sets_up_in_65_loops_and_hits_ground_units_in_its_zone_alone() {
    let mut sim = game(41);
    let ship = spawn(&mut sim, 1, u::LIBERATOR, 40.0, 40.0);
    let center = Point::new(45.0, 40.0);
    assert_eq!(
        order(&mut sim, &[ship], ZONE, Target::Point(center)),
        ActionResult::Success
    );
    sim.step(1);
    assert_eq!(effect(&mut sim, 1), Some((8, center)));
    sim.step(63);
    assert_eq!(effect(&mut sim, 1), Some((8, center)));
    sim.step(1);
    assert_eq!(effect(&mut sim, 1), Some((9, center)));
    assert_eq!(unit_of(&sim, ship).type_id, u::LIBERATOR_AG, "64.668 loops");
    let inside = spawn(&mut sim, 2, u::THOR, 48.0, 40.0);
    let depot = spawn(&mut sim, 2, u::SUPPLY_DEPOT, 45.0, 36.0);
    let flyer = spawn(&mut sim, 2, u::MEDIVAC, 45.0, 43.0);
    // In range of its weapon (10 edge to edge), outside of the zone.
    let outside = spawn(&mut sim, 2, u::THOR, 35.0, 33.0);
    for tag in [inside, outside] {
        edit(&mut sim, tag).arms.quiet_until = u32::MAX;
    }
    run_until(&mut sim, 30, |s| life(s, inside) < 400.0);
    // 75 less 1 armor, every 25.6 loops, by one more or less.
    assert_eq!(life(&sim, inside), 400.0 - 74.0);
    let wait = run_until(&mut sim, 30, |s| life(s, inside) < 400.0 - 74.0);
    assert!((24..=27).contains(&wait), "{wait}");
    assert_eq!(life(&sim, inside), 400.0 - 2.0 * 74.0);
    for (tag, full) in [(depot, 400.0), (flyer, 150.0), (outside, 400.0)] {
        assert_eq!(life(&sim, tag), full);
    }
    assert_eq!(
        order(&mut sim, &[ship], 3794, Target::Point(center)),
        ActionResult::NotSupported,
        "it does not move"
    );
    order(&mut sim, &[ship], AIR, Target::None);
    sim.step(1);
    assert_eq!(effect(&mut sim, 1), None);
    sim.step(32);
    assert_eq!(unit_of(&sim, ship).type_id, u::LIBERATOR, "32.667 loops");
}

#[test]
fn its_zone_lies_within_five_cells_and_within_nine_with_advanced_ballistics() {
    let far = Target::Point(Point::new(60.0, 40.0));
    let place = |upgraded: bool| {
        let mut sim = game(42);
        if upgraded {
            grant(&mut sim, &[g::LIBERATOR_AG_RANGE_UPGRADE]);
        }
        let ship = spawn(&mut sim, 1, u::LIBERATOR, 40.0, 40.0);
        order(&mut sim, &[ship], ZONE, far);
        run_until(&mut sim, 200, |s| unit_of(s, ship).morph.is_some());
        unit_of(&sim, ship).pos.x
    };
    // From the ship's edge, 0.75 from its center; at most one step inside.
    for (upgraded, range) in [(false, 5.0), (true, 9.0)] {
        let x = place(upgraded);
        let gap = 60.0 - x - 0.75;
        assert!((range - 0.3..=range).contains(&gap), "{gap}");
    }
}

#[test]
fn its_owner_sees_the_zone_and_the_zone_ends_with_it() {
    let mut sim = game(43);
    grant(&mut sim, &[g::LIBERATOR_AG_RANGE_UPGRADE]);
    let ship = spawn(&mut sim, 1, u::LIBERATOR, 40.0, 40.0);
    let center = Point::new(49.5, 40.0);
    order(&mut sim, &[ship], ZONE, Target::Point(center));
    sim.step(20);
    // 14.5 cells from the ship, whose sight is 10; 5 from the zone's center, whose sight is 5.5.
    assert!(sim.state().players[0].sight.sees(Point::new(54.5, 40.0)));
    sim.state_mut().kill(UnitRef::of_tag(ship));
    sim.step(80);
    assert!(sim.state().effects.is_empty());
    assert!(!sim.state().players[0].sight.sees(Point::new(54.5, 40.0)));
}
