//! The rules at work, with the figures of the tables.

use super::order::Aim;
use super::testing::*;
use crate::game::data::{unit, unit_ids as u};
use crate::game::{
    AbilityId, ActionResult, GameResult, PlayerCommand, PlayerId, Point, RawObservation, Target,
};

#[test]
fn a_game_starts_as_melee_games_do() {
    let mut sim = game(1);
    let mut obs = RawObservation::default();
    sim.observe_into(PlayerId(1), &mut obs);
    assert_eq!(obs.game_loop, 0);
    assert_eq!(
        (
            obs.player.minerals,
            obs.player.food_used,
            obs.player.food_cap
        ),
        (50, 12, 15)
    );
    let workers: Vec<_> = obs.units.iter().filter(|w| w.unit_type == u::SCV).collect();
    assert_eq!(workers.len(), 12);
    assert!(
        workers
            .iter()
            .all(|w| w.orders.len() == 1 && w.orders[0].ability.0 == 295)
    );
    assert_eq!(obs.score.score, 1050);
    let hall = obs
        .units
        .iter()
        .find(|h| h.unit_type == u::COMMAND_CENTER)
        .unwrap();
    assert_eq!((hall.assigned_harvesters, hall.ideal_harvesters), (12, 16));
}

#[test]
fn an_scv_takes_272_loops_and_50_minerals() {
    let mut sim = game(2);
    let hall = tags(sim.state(), 1, u::COMMAND_CENTER);
    let scv = unit(u::SCV).unwrap();
    assert_eq!(order(&mut sim, &hall, 524, Target::None) as u16, 1);
    sim.step(1);
    assert_eq!(sim.state().players[0].minerals, 0);
    assert_eq!(sim.state().players[0].supply_used_halves, 26);
    sim.step(scv.build_time as u32 - 2);
    assert_eq!(tags(sim.state(), 1, u::SCV).len(), 12);
    sim.step(1);
    assert_eq!(tags(sim.state(), 1, u::SCV).len(), 13);
}

#[test]
fn workers_bring_minerals_home() {
    let mut sim = game(3);
    sim.step(1344);
    let got = sim.state().players[0].score.collected_minerals;
    assert!(
        (500.0..900.0).contains(&got),
        "12 workers brought {got} in a minute"
    );
}

/// Minerals collected by loop: medians of the 4.x ladder games in the reference data, where the worker counts match.
#[test]
fn income_follows_real_games() {
    let mut sim = game(4);
    let hall = tags(sim.state(), 1, u::COMMAND_CENTER);
    let mut seen = Vec::new();
    for step in 1..=8 {
        for _ in 0..16 {
            let workers = tags(sim.state(), 1, u::SCV).len();
            if workers < 15 && sim.state().units[0].me.0 > 0 {
                let busy = sim
                    .state()
                    .get(super::unit::UnitRef::of_tag(hall[0]))
                    .unwrap()
                    .queue
                    .len();
                if busy == 0 {
                    order(&mut sim, &hall, 524, Target::None);
                }
            }
            sim.step(10);
        }
        let workers = tags(sim.state(), 1, u::SCV).len();
        seen.push((
            step * 160,
            sim.state().players[0].score.collected_minerals,
            workers,
        ));
    }
    // Loop, median minerals of 35 recorded openings, workers alive then.
    for (at, median, workers) in [
        (320, 120.0, 13),
        (640, 280.0, 14),
        (960, 440.0, 15),
        (1280, 620.0, 15),
    ] {
        let (_, got, count) = seen[at / 160 - 1];
        assert_eq!(count, workers, "loop {at}");
        assert!(
            (got - median) / median < 0.08 && (median - got) / median < 0.08,
            "{got} against {median} at loop {at}"
        );
    }
}

fn unit_of(sim: &super::Sim, tag: crate::game::UnitTag) -> &super::unit::Unit {
    sim.state()
        .get(super::unit::UnitRef::of_tag(tag))
        .expect("it lives")
}

fn spawn(
    sim: &mut super::Sim,
    player: u8,
    id: crate::game::UnitTypeId,
    x: f32,
    y: f32,
) -> crate::game::UnitTag {
    sim.state_mut()
        .spawn(id, player - 1, Point::new(x, y))
        .expect("room")
        .tag()
}

fn run_until(sim: &mut super::Sim, limit: u32, mut done: impl FnMut(&super::Sim) -> bool) -> u32 {
    let start = sim.game_loop();
    while sim.game_loop() - start < limit {
        if done(sim) {
            return sim.game_loop() - start;
        }
        sim.step(1);
    }
    panic!("not within {limit} loops");
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
    sim.step(33);
    assert_eq!(unit_of(&sim, rax).type_id, u::BARRACKS_FLYING);
    assert_eq!(tags(sim.state(), 1, u::TECH_LAB).len(), 1);
    let away = Target::Point(Point::new(50.5, 50.5));
    assert_eq!(order(&mut sim, &[rax], 3678, away), ActionResult::Success);
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

#[test]
fn an_orbital_command_takes_560_loops_and_calls_mules_that_bring_225() {
    let mut sim = game(10);
    fund(&mut sim, 0, 1000, 0);
    spawn(&mut sim, 1, u::BARRACKS, 40.5, 40.5);
    let hall = tags(sim.state(), 1, u::COMMAND_CENTER);
    assert_eq!(
        order(&mut sim, &hall, 1516, Target::None),
        ActionResult::Success
    );
    sim.step(1);
    assert_eq!(
        order(&mut sim, &hall, 524, Target::None),
        ActionResult::CantQueueThatOrder
    );
    let took = run_until(&mut sim, 700, |s| {
        unit_of(s, hall[0]).type_id == u::ORBITAL_COMMAND
    });
    assert_eq!(took, 559);
    assert_eq!(unit_of(&sim, hall[0]).energy, 50.0);
    let field = sim.state().units[0].me.tag();
    for scv in tags(sim.state(), 1, u::SCV) {
        let slot = super::unit::UnitRef::of_tag(scv);
        sim.state_mut().kill(slot);
    }
    let before = sim.state().players[0].score.collected_minerals;
    assert_eq!(
        order(&mut sim, &hall, 171, Target::Unit(field)),
        ActionResult::Success
    );
    sim.step(1);
    assert_eq!(
        order(&mut sim, &hall, 399, Target::Point(Point::new(70.0, 70.0))),
        ActionResult::NotEnoughEnergy
    );
    assert_eq!(tags(sim.state(), 1, u::MULE).len(), 1);
    sim.step(1440);
    assert!(
        tags(sim.state(), 1, u::MULE).is_empty(),
        "64 seconds have passed"
    );
    let got = sim.state().players[0].score.collected_minerals - before;
    assert!((200.0..=250.0).contains(&got), "a MULE brought {got}");
}

#[test]
fn a_refinery_keeps_its_builder_and_three_workers_bring_about_160_a_minute() {
    let mut sim = game(11);
    fund(&mut sim, 0, 100, 0);
    let geyser = sim
        .state()
        .living()
        .find(|g| g.type_id.0 == 342)
        .unwrap()
        .me
        .tag();
    let scvs = tags(sim.state(), 1, u::SCV);
    assert_eq!(
        order(&mut sim, &scvs[..1], 295, Target::Unit(geyser)),
        ActionResult::MustBuildRefineryFirst
    );
    assert_eq!(
        order(&mut sim, &scvs[..1], 320, Target::Unit(geyser)),
        ActionResult::Success
    );
    run_until(&mut sim, 900, |s| {
        tags(s.state(), 1, u::REFINERY)
            .iter()
            .any(|&r| unit_of(s, r).is_done())
    });
    let refinery = tags(sim.state(), 1, u::REFINERY)[0];
    sim.step(2);
    let keeps = &unit_of(&sim, scvs[0]).orders[0];
    assert_eq!(keeps.aim, Aim::Unit(super::unit::UnitRef::of_tag(refinery)));
    order(&mut sim, &scvs[1..3], 3666, Target::Unit(refinery));
    sim.step(300);
    let before = sim.state().players[0].score.collected_vespene;
    sim.step(1344);
    let got = sim.state().players[0].score.collected_vespene - before;
    println!("gas per minute {got}");
    assert!(
        (150.0..=170.0).contains(&got),
        "three workers brought {got}"
    );
    assert_eq!(unit_of(&sim, refinery).harvesters, 3);
}

#[test]
fn a_medivac_carries_marines_and_heals_them() {
    let mut sim = game(12);
    let medivac = spawn(&mut sim, 1, u::MEDIVAC, 40.0, 40.0);
    let marines: Vec<_> = (0..3)
        .map(|i| spawn(&mut sim, 1, u::MARINE, 42.0 + i as f32, 42.0))
        .collect();
    assert_eq!(
        order(&mut sim, &marines, 1, Target::Unit(medivac)),
        ActionResult::Success
    );
    run_until(&mut sim, 200, |s| unit_of(s, medivac).passengers.len() == 3);
    let mut obs = RawObservation::default();
    sim.observe_into(PlayerId(1), &mut obs);
    assert!(
        obs.units.iter().all(|it| it.unit_type != u::MARINE),
        "passengers leave the list"
    );
    let raw = obs
        .units
        .iter()
        .find(|it| it.unit_type == u::MEDIVAC)
        .unwrap();
    assert_eq!(
        (
            raw.cargo_space_taken,
            raw.cargo_space_max,
            raw.passengers.len()
        ),
        (3, 8, 3)
    );
    let there = Target::Point(Point::new(60.0, 40.0));
    assert_eq!(
        order(&mut sim, &[medivac], 396, there),
        ActionResult::Success
    );
    run_until(&mut sim, 400, |s| unit_of(s, medivac).passengers.is_empty());
    assert!(
        unit_of(&sim, marines[0])
            .pos
            .distance(Point::new(60.0, 40.0))
            < 3.0
    );
    let hurt = super::unit::UnitRef::of_tag(marines[1]);
    sim.state_mut().get_mut(hurt).unwrap().life = 10.0;
    sim.state_mut()
        .get_mut(super::unit::UnitRef::of_tag(medivac))
        .unwrap()
        .autocast = true;
    let took = run_until(&mut sim, 200, |s| unit_of(s, marines[1]).life >= 45.0);
    assert!((60..75).contains(&took), "35 life took {took} loops");
}

#[test]
fn siege_mode_stim_and_cloak_do_what_they_cost() {
    let mut sim = game(13);
    let tank = spawn(&mut sim, 1, u::SIEGE_TANK, 40.0, 40.0);
    let marine = spawn(&mut sim, 1, u::MARINE, 42.0, 40.0);
    let banshee = spawn(&mut sim, 1, u::BANSHEE, 44.0, 40.0);
    assert_eq!(
        order(&mut sim, &[tank], 388, Target::None),
        ActionResult::Success
    );
    sim.step(70);
    assert_eq!(unit_of(&sim, tank).type_id, u::SIEGE_TANK_SIEGED);
    assert_eq!(
        order(
            &mut sim,
            &[tank],
            3794,
            Target::Point(Point::new(50.0, 50.0))
        ),
        ActionResult::NotSupported
    );
    order(&mut sim, &[tank], 390, Target::None);
    sim.step(70);
    assert_eq!(unit_of(&sim, tank).type_id, u::SIEGE_TANK);
    assert_eq!(
        order(&mut sim, &[marine], 3675, Target::None),
        ActionResult::TechRequirementsNotMet
    );
    let player = &mut sim.state_mut().players[0];
    player.upgrades = vec![crate::game::UpgradeId(15), crate::game::UpgradeId(20)];
    assert_eq!(
        order(&mut sim, &[marine], 3675, Target::None),
        ActionResult::Success
    );
    sim.step(1);
    assert_eq!(unit_of(&sim, marine).life, 35.0);
    assert!((unit_of(&sim, marine).speed - 0.140625 * 1.5).abs() < 1e-6);
    sim.step(246);
    assert_eq!(unit_of(&sim, marine).speed, 0.140625);
    let energy = unit_of(&sim, banshee).energy;
    assert_eq!(
        order(&mut sim, &[banshee], 3676, Target::None),
        ActionResult::Success
    );
    sim.step(1);
    assert!(unit_of(&sim, banshee).cloaked);
    assert!(unit_of(&sim, banshee).energy < energy - 24.9);
    let mut obs = RawObservation::default();
    sim.observe_into(PlayerId(2), &mut obs);
    assert!(obs.units.iter().all(|it| it.unit_type != u::BANSHEE));
}

#[test]
fn a_bunker_takes_four_marines_and_its_salvage_pays_three_quarters() {
    let mut sim = game(14);
    let bunker = spawn(&mut sim, 1, u::BUNKER, 40.5, 40.5);
    let marines: Vec<_> = (0..5)
        .map(|i| spawn(&mut sim, 1, u::MARINE, 36.0 + i as f32, 36.0))
        .collect();
    order(&mut sim, &marines, 1, Target::Unit(bunker));
    sim.step(200);
    assert_eq!(unit_of(&sim, bunker).passengers.len(), 4);
    assert_eq!(
        order(&mut sim, &[bunker], 408, Target::None),
        ActionResult::Success
    );
    sim.step(2);
    assert_eq!(unit_of(&sim, bunker).passengers.len(), 0);
    let spent = sim.state().players[0].score.spent_minerals;
    order(&mut sim, &[bunker], 32, Target::None);
    sim.step(81);
    assert!(tags(sim.state(), 1, u::BUNKER).is_empty());
    assert_eq!(sim.state().players[0].score.spent_minerals, spent - 75.0);
}

#[test]
fn repair_costs_a_quarter_of_the_price() {
    let mut sim = game(15);
    fund(&mut sim, 0, 1000, 0);
    let rax = spawn(&mut sim, 1, u::BARRACKS, 34.5, 34.5);
    sim.state_mut()
        .get_mut(super::unit::UnitRef::of_tag(rax))
        .unwrap()
        .life = 500.0;
    let scvs = tags(sim.state(), 1, u::SCV);
    let spent = sim.state().players[0].score.spent_minerals;
    assert_eq!(
        order(&mut sim, &scvs[..1], 3685, Target::Unit(rax)),
        ActionResult::Success
    );
    run_until(&mut sim, 200, |s| unit_of(s, rax).life > 500.0);
    let took = run_until(&mut sim, 600, |s| unit_of(s, rax).life >= 1000.0);
    assert!(
        (518..=521).contains(&took),
        "half the life bar took {took} loops, half of 1040"
    );
    let cost = sim.state().players[0].score.spent_minerals - spent;
    assert!(
        (18.0..=19.0).contains(&cost),
        "half of 25% of 150 is 18.75, paid {cost}"
    );
}

#[test]
fn losing_all_structures_is_defeat_and_both_at_once_a_tie() {
    let mut sim = game(16);
    let hall = tags(sim.state(), 2, u::COMMAND_CENTER)[0];
    sim.state_mut().kill(super::unit::UnitRef::of_tag(hall));
    sim.step(5);
    assert_eq!(sim.game_loop(), 1);
    let results: Vec<_> = sim.results().iter().map(|r| r.result).collect();
    assert_eq!(results, [GameResult::Victory, GameResult::Defeat]);
    let mut both = game(16);
    assert_eq!(
        both.submit(PlayerId(1), &PlayerCommand::Leave),
        ActionResult::Success
    );
    assert_eq!(
        both.submit(PlayerId(2), &PlayerCommand::Leave),
        ActionResult::Success
    );
    both.step(1);
    assert!(both.results().iter().all(|r| r.result == GameResult::Tie));
}

/// Minerals a minute with so many workers on eight fields of a ladder map.
fn income(n: usize) -> f32 {
    let mut sim = game(20);
    let mut scvs = tags(sim.state(), 1, u::SCV);
    while scvs.len() > n {
        let it = super::unit::UnitRef::of_tag(scvs.pop().unwrap());
        sim.state_mut().kill(it);
    }
    for k in 0..n - scvs.len() {
        let it = spawn(&mut sim, 1, u::SCV, 20.0, 24.0);
        let field = sim.state().units[k % 8].me.tag();
        order(&mut sim, &[it], 295, Target::Unit(field));
    }
    sim.step(1344);
    let before = sim.state().players[0].score.collected_minerals;
    sim.step(2688);
    (sim.state().players[0].score.collected_minerals - before) / 2.0
}

/// Liquipedia, "Mining Minerals": 55 to 60 a worker and minute up to two on a field, about 900 with sixteen, little more
/// from a third worker on a field.
#[test]
fn income_is_linear_to_two_workers_a_field_and_saturates_at_three() {
    let per_worker = income(8) / 8.0;
    assert!(
        (55.0..62.0).contains(&per_worker),
        "{per_worker} each for 8"
    );
    let sixteen = income(16);
    assert!(
        (850.0..950.0).contains(&sixteen),
        "{sixteen} with 16 workers"
    );
    let full = income(24);
    assert!((1050.0..1180.0).contains(&full), "{full} with 24 workers");
    let cap = 8.0 * 5.0 * 1344.0 / super::economy::MINE_LOOPS as f32;
    assert!(income(30) <= cap, "one worker at a field at a time");
}

#[test]
fn scratch_speed() {
    use super::{AiBuild, Difficulty, Seat, Sim, SimConfig};
    let Some(map) = super::maps::by_name(&std::env::var("MAP").unwrap_or("Flat64".into())) else {
        return;
    };
    let seat = || Seat::Computer {
        race: crate::game::Race::Terran,
        level: Difficulty::VeryHard,
        build: AiBuild::Macro,
    };
    let mut sim = Sim::new(SimConfig {
        map,
        seats: [seat(), seat()],
        seed: crate::game::Seed(5),
        disable_fog: false,
    })
    .unwrap();
    let mut obs = RawObservation::default();
    for minute in 1..=15 {
        let t = std::time::Instant::now();
        sim.step(1344);
        let dt = t.elapsed().as_secs_f64();
        sim.observe_into(PlayerId(1), &mut obs);
        let s = sim.state();
        println!(
            "min {minute}: {:.1} us/loop, units {} pop {}/{} {:?} min {} gas {} {:?}",
            dt * 1e6 / 1344.0,
            s.order.len(),
            s.players[0].supply_used_halves / 2,
            s.players[1].supply_used_halves / 2,
            sim.results().len(),
            s.players[0].minerals,
            s.players[0].vespene,
            (
                obs.player.food_workers,
                obs.player.food_army,
                obs.player.army_count
            )
        );
    }
}
