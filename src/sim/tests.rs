//! The rules at work, with the figures of the tables.

use super::testing::*;
use crate::game::data::{unit, unit_ids as u};
use crate::game::{PlayerId, RawObservation, Target};

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
