//! Building, training, morphing: times, prices, refunds, queues.

use crate::game::data::{unit, unit_ids as u};
use crate::game::{AbilityId, ActionResult, Point, Target};
use crate::sim::order::Aim;
use crate::sim::testing::*;

#[test]
fn an_scv_takes_272_loops_and_50_minerals() {
    let mut sim = game(2);
    let hall = tags(sim.state(), 1, u::COMMAND_CENTER);
    let scv = unit(u::SCV).unwrap();
    assert_eq!(order(&mut sim, &hall, 524, Target::None) as u16, 1);
    sim.step(1);
    assert_eq!(sim.state().players[0].minerals, 0);
    assert_eq!(sim.state().players[0].supply_used_halves, 26);
    sim.step(scv.build_time as u32 - 1);
    assert_eq!(tags(sim.state(), 1, u::SCV).len(), 12);
    sim.step(1);
    assert_eq!(tags(sim.state(), 1, u::SCV).len(), 13);
}

/// As recorded games have it: 272 loops from the command's loop to the first, 271 from each to the next.
#[test]
fn the_next_of_a_queue_begins_in_the_loop_in_which_the_one_before_it_ends() {
    let mut sim = game(2);
    fund(&mut sim, 0, 100, 0);
    let hall = tags(sim.state(), 1, u::COMMAND_CENTER);
    for _ in 0..3 {
        order(&mut sim, &hall, 524, Target::None);
    }
    sim.step(1);
    for (loops, count) in [(271, 12), (1, 13), (270, 13), (1, 14), (270, 14), (1, 15)] {
        sim.step(loops);
        assert_eq!(tags(sim.state(), 1, u::SCV).len(), count);
    }
}

#[test]
fn a_depot_is_paid_at_the_order_built_in_480_loops_and_makes_room_for_8() {
    let mut sim = game(5);
    fund(&mut sim, 0, 100, 0);
    let scvs = tags(sim.state(), 1, u::SCV);
    let at = Target::Point(Point::new(34.0, 34.0));
    assert_eq!(order(&mut sim, &scvs, 319, at), ActionResult::Success);
    sim.step(1);
    assert_eq!(
        sim.state().players[0].minerals,
        50,
        "charged once, before the walk"
    );
    let builders = sim
        .state()
        .living()
        .filter(|w| w.current_ability() == Some(AbilityId(319)))
        .count();
    assert_eq!(builders, 1);
    run_until(&mut sim, 200, |s| {
        !tags(s.state(), 1, u::SUPPLY_DEPOT).is_empty()
    });
    let depot = tags(sim.state(), 1, u::SUPPLY_DEPOT)[0];
    assert!(unit_of(&sim, depot).progress() < 0.01);
    let worker = sim
        .state()
        .living()
        .find(|w| w.current_ability() == Some(AbilityId(319)))
        .unwrap();
    assert_eq!(worker.orders[0].aim, Aim::Point(Point::new(34.0, 34.0)));
    let took = run_until(&mut sim, 600, |s| unit_of(s, depot).is_done());
    assert_eq!(took, 480);
    assert_eq!(unit_of(&sim, depot).life, 400.0);
    assert_eq!(sim.state().players[0].supply_cap_halves(), 46);
    assert_eq!(
        order(&mut sim, &[depot], 556, Target::None),
        ActionResult::Success
    );
    sim.step(22);
    assert_eq!(unit_of(&sim, depot).type_id, u::SUPPLY_DEPOT_LOWERED);
    assert!(sim.state().blocked.walkable(&sim.state().map, 34, 34));
    assert_eq!(sim.state().players[0].supply_cap_halves(), 46);
}

#[test]
fn halting_leaves_a_site_that_another_worker_finishes_and_canceling_pays_back_three_quarters() {
    let mut sim = game(6);
    fund(&mut sim, 0, 150, 0);
    let _ = spawn(&mut sim, 1, u::SUPPLY_DEPOT, 40.0, 40.0);
    let scvs = tags(sim.state(), 1, u::SCV);
    order(
        &mut sim,
        &scvs[..1],
        321,
        Target::Point(Point::new(34.5, 34.5)),
    );
    run_until(&mut sim, 200, |s| {
        !tags(s.state(), 1, u::BARRACKS).is_empty()
    });
    let site = tags(sim.state(), 1, u::BARRACKS)[0];
    sim.step(100);
    assert_eq!(
        order(&mut sim, &scvs[..1], 3660, Target::None),
        ActionResult::Success
    );
    sim.step(1);
    let left = unit_of(&sim, site).build_left;
    sim.step(50);
    assert_eq!(unit_of(&sim, site).build_left, left, "nobody works");
    assert_eq!(
        order(&mut sim, &scvs[1..2], 1, Target::Unit(site)),
        ActionResult::Success
    );
    run_until(&mut sim, 200, |s| unit_of(s, site).build_left < left);
    let before = sim.state().players[0].minerals;
    let spent = sim.state().players[0].score.spent_minerals;
    assert_eq!(
        order(&mut sim, &[site], 3659, Target::None),
        ActionResult::Success
    );
    sim.step(1);
    assert!(tags(sim.state(), 1, u::BARRACKS).is_empty());
    assert!(
        sim.state().players[0].minerals >= before + 113,
        "75% of 150, rounded up"
    );
    assert_eq!(sim.state().players[0].score.spent_minerals, spent - 113.0);
}

#[test]
fn queues_hold_five_and_eight_with_a_reactor_that_trains_two_at_a_time() {
    let mut sim = game(7);
    fund(&mut sim, 0, 5000, 1000);
    spawn(&mut sim, 1, u::SUPPLY_DEPOT, 40.0, 40.0);
    let rax = spawn(&mut sim, 1, u::BARRACKS, 34.5, 34.5);
    for _ in 0..5 {
        assert_eq!(
            order(&mut sim, &[rax], 560, Target::None),
            ActionResult::Success
        );
        sim.step(1);
    }
    assert_eq!(
        order(&mut sim, &[rax], 560, Target::None),
        ActionResult::QueueIsFull
    );
    let m = sim.state().players[0].minerals;
    for _ in 0..5 {
        assert_eq!(
            order(&mut sim, &[rax], 3671, Target::None),
            ActionResult::Success
        );
        sim.step(1);
    }
    assert!(
        sim.state().players[0].minerals >= m + 250,
        "training comes back in full"
    );
    assert_eq!(sim.state().players[0].supply_queued_halves, 0);
    assert_eq!(
        order(&mut sim, &[rax], 3683, Target::None),
        ActionResult::Success
    );
    sim.step(1);
    assert_eq!(
        order(&mut sim, &[rax], 560, Target::None),
        ActionResult::CantQueueThatOrder
    );
    let took = run_until(&mut sim, 900, |s| {
        let add_on = unit_of(s, rax).add_on;
        s.state().get(add_on).is_some_and(|a| a.is_done())
    });
    assert_eq!(took, 800);
    for _ in 0..8 {
        assert_eq!(
            order(&mut sim, &[rax], 560, Target::None),
            ActionResult::Success
        );
        sim.step(1);
    }
    assert_eq!(
        order(&mut sim, &[rax], 560, Target::None),
        ActionResult::QueueIsFull
    );
    assert_eq!(
        unit_of(&sim, rax)
            .queue
            .iter()
            .filter(|j| j.started)
            .count(),
        2
    );
    sim.step(401);
    assert_eq!(tags(sim.state(), 1, u::MARINE).len(), 2);
}

#[test]
fn supply_stops_training_until_there_is_room() {
    let mut sim = game(8);
    fund(&mut sim, 0, 1000, 0);
    let hall = tags(sim.state(), 1, u::COMMAND_CENTER);
    for _ in 0..5 {
        order(&mut sim, &hall, 524, Target::None);
        sim.step(1);
    }
    sim.step(272 * 5);
    assert_eq!(tags(sim.state(), 1, u::SCV).len(), 15);
    assert_eq!(unit_of(&sim, hall[0]).queue.len(), 2);
    assert_eq!(
        order(&mut sim, &hall, 524, Target::None),
        ActionResult::Success,
        "queued ahead"
    );
    spawn(&mut sim, 1, u::SUPPLY_DEPOT, 40.0, 40.0);
    sim.step(274);
    assert_eq!(tags(sim.state(), 1, u::SCV).len(), 16);
}

#[test]
fn a_tech_lab_is_swapped_by_lifting_and_landing() {
    let mut sim = game(9);
    fund(&mut sim, 0, 1000, 1000);
    spawn(&mut sim, 1, u::SUPPLY_DEPOT, 40.0, 40.0);
    let rax = spawn(&mut sim, 1, u::BARRACKS, 34.5, 34.5);
    let factory = spawn(&mut sim, 1, u::FACTORY, 34.5, 45.5);
    assert_eq!(
        order(&mut sim, &[rax], 421, Target::None),
        ActionResult::Success
    );
    sim.step(402);
    assert_eq!(tags(sim.state(), 1, u::BARRACKS_TECH_LAB).len(), 1);
    assert_eq!(
        order(&mut sim, &[rax], 563, Target::None),
        ActionResult::Success,
        "marauders need it"
    );
    sim.step(1);
    assert_eq!(
        order(&mut sim, &[rax], 3679, Target::None),
        ActionResult::CantQueueThatOrder
    );
    order(&mut sim, &[rax], 3671, Target::None);
    sim.step(1);
    assert_eq!(
        order(&mut sim, &[rax], 3679, Target::None),
        ActionResult::Success
    );
    // In recorded games it is a flying barracks from the loop of the command, and may be told to land while it rises.
    sim.step(1);
    assert_eq!(unit_of(&sim, rax).type_id, u::BARRACKS_FLYING);
    assert_eq!(tags(sim.state(), 1, u::TECH_LAB).len(), 1);
    let away = Target::Point(Point::new(50.5, 50.5));
    assert_eq!(order(&mut sim, &[rax], 3678, away), ActionResult::Success);
    sim.step(31);
    assert_eq!(
        unit_of(&sim, rax).pos,
        Point::new(34.5, 34.5),
        "2 s at speed Normal"
    );
    sim.step(3);
    assert!(unit_of(&sim, rax).pos != Point::new(34.5, 34.5));
    assert_eq!(
        order(&mut sim, &[factory], 3679, Target::None),
        ActionResult::Success
    );
    sim.step(800);
    assert_eq!(unit_of(&sim, rax).type_id, u::BARRACKS);
    assert_eq!(unit_of(&sim, rax).pos, Point::new(50.5, 50.5));
    let beside = Target::Point(Point::new(34.5, 34.5));
    assert_eq!(
        order(&mut sim, &[factory], 3678, beside),
        ActionResult::Success
    );
    sim.step(800);
    assert_eq!(unit_of(&sim, factory).type_id, u::FACTORY);
    assert_eq!(tags(sim.state(), 1, u::FACTORY_TECH_LAB).len(), 1);
    assert_eq!(
        order(&mut sim, &[factory], 591, Target::None),
        ActionResult::Success,
        "tanks need it"
    );
}
