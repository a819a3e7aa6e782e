//! Harvesting, against recorded games and published rates.

use crate::game::data::unit_ids as u;
use crate::game::{ActionResult, Point, Target};
use crate::sim::Difficulty;
use crate::sim::order::Aim;
use crate::sim::testing::*;
use crate::sim::unit::UnitRef;

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
                    .get(UnitRef::of_tag(hall[0]))
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
        let slot = UnitRef::of_tag(scv);
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
    sim.step(1507);
    assert_eq!(tags(sim.state(), 1, u::MULE).len(), 1);
    sim.step(1);
    assert!(
        tags(sim.state(), 1, u::MULE).is_empty(),
        "its pod came down, and 90 seconds at speed Normal have passed"
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
    assert_eq!(keeps.aim, Aim::Unit(UnitRef::of_tag(refinery)));
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

/// Minerals a minute with so many workers on eight fields of a ladder map.
fn income(n: usize) -> f32 {
    let mut sim = game(20);
    let mut scvs = tags(sim.state(), 1, u::SCV);
    while scvs.len() > n {
        let it = UnitRef::of_tag(scvs.pop().unwrap());
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
    let cap = 8.0 * 5.0 * 1344.0 / crate::sim::economy::MINE_LOOPS as f32;
    assert!(income(30) <= cap, "one worker at a field at a time");
}

/// The bonus of `Difficulty::harvest_permille`: at the start 1.2 and rising for CheatInsane, none for two minutes of the
/// script's clock (1920 loops) for CheatMoney.
#[test]
fn cheating_levels_harvest_more_by_the_scripts_clock() {
    let collected = |level: Option<Difficulty>, loops: u32| {
        let mut sim = game(3);
        sim.state_mut().players[0].level = level;
        sim.step(loops);
        sim.state().players[0].score.collected_minerals
    };
    let fair = collected(None, 1344);
    assert_eq!(collected(Some(Difficulty::VeryHard), 1344), fair);
    assert_eq!(collected(Some(Difficulty::CheatMoney), 1344), fair);
    assert!(collected(Some(Difficulty::CheatMoney), 4000) > 1.01 * collected(None, 4000));
    // From loop 150 (the first loads) to 1344 the factor rises from 1.206 to 1.256.
    let factor = collected(Some(Difficulty::CheatInsane), 1344) / fair;
    assert!((1.206..1.256).contains(&factor), "{factor}");
}
