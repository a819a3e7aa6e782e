//! What single units and whole games do.

use crate::game::data::unit_ids as u;
use crate::game::{
    ActionResult, GameResult, PlayerCommand, PlayerId, Point, RawObservation, Target,
};
use crate::sim::testing::*;
use crate::sim::unit::UnitRef;

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
    let hurt = UnitRef::of_tag(marines[1]);
    sim.state_mut().get_mut(hurt).unwrap().life = 10.0;
    sim.state_mut()
        .get_mut(UnitRef::of_tag(medivac))
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
    sim.state_mut().get_mut(UnitRef::of_tag(rax)).unwrap().life = 500.0;
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
    sim.state_mut().kill(UnitRef::of_tag(hall));
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
