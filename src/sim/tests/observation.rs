//! What observations show, and what they must not.

use crate::game::data::unit_ids as u;
use crate::game::{
    ActionResult, Alliance, BuffId, CloakState, DisplayType, Grid, MapData, PlayerId, Point,
    RawObservation, RawUnit, Target, UnitTag,
};
use crate::sim::testing::*;
use crate::sim::unit::UnitRef;

fn look(sim: &mut crate::sim::Sim, player: u8) -> RawObservation {
    let mut obs = RawObservation::default();
    sim.observe_into(PlayerId(player), &mut obs);
    obs
}

fn find(obs: &RawObservation, tag: UnitTag) -> &RawUnit {
    obs.units.iter().find(|it| it.tag == tag).expect("listed")
}

#[test]
fn tags_are_the_documented_bits() {
    let mut sim = game(30);
    let obs = look(&mut sim, 1);
    for it in &obs.units {
        assert!(
            it.tag.0 >> 32 == 1 && it.tag.0 & 0x3_ffff == 1,
            "first generation of a slot"
        );
        assert_eq!(UnitRef::of_tag(it.tag).tag(), it.tag);
    }
    assert_eq!(UnitRef::of_tag(UnitTag(7)), UnitRef::NONE);
    assert_eq!(UnitRef::of_tag(UnitTag(u64::MAX)), UnitRef::NONE);
}

/// Games that differ in what player 2 does out of sight look the same to player 1, to the bit.
#[test]
fn hidden_enemies_never_change_what_is_seen() {
    let (mut idle, mut busy) = (game(31), game(31));
    fund(&mut busy, 1, 5000, 5000);
    let hall = tags(busy.state(), 2, u::COMMAND_CENTER);
    let scvs = tags(busy.state(), 2, u::SCV);
    let (mut a, mut b) = (RawObservation::default(), RawObservation::default());
    for round in 0..60 {
        order_as(&mut busy, 2, &hall, 524, Target::None, false);
        if round == 3 {
            let at = Target::Point(Point::new(64.0, 70.0));
            assert_eq!(
                order_as(&mut busy, 2, &scvs[..1], 319, at, false),
                ActionResult::Success
            );
        }
        let own = tags(idle.state(), 1, u::COMMAND_CENTER);
        for sim in [&mut idle, &mut busy] {
            order(sim, &own, 524, Target::None);
            sim.step(16);
        }
        idle.observe_into(PlayerId(1), &mut a);
        busy.observe_into(PlayerId(1), &mut b);
        for (x, y) in a.units.iter().zip(&b.units) {
            assert_eq!(x, y, "at loop {}", a.game_loop);
        }
        assert!(a == b, "observations differ at loop {}", a.game_loop);
    }
    assert_ne!(idle.state_hash(), busy.state_hash());
}

#[test]
fn workers_show_gather_and_return_with_their_targets_and_loads() {
    let mut sim = game(32);
    let hall = tags(sim.state(), 1, u::COMMAND_CENTER)[0];
    let (mut gathering, mut returning) = (0, 0);
    for _ in 0..40 {
        sim.step(8);
        let obs = look(&mut sim, 1);
        for scv in obs.units.iter().filter(|it| it.unit_type == u::SCV) {
            let order = scv.orders[0];
            match order.ability.0 {
                295 => {
                    let Target::Unit(field) = order.target else {
                        panic!("a field")
                    };
                    assert!(find(&obs, field).mineral_contents > 0);
                    gathering += 1;
                }
                296 => {
                    assert_eq!(scv.buffs.as_slice(), [BuffId(271)]);
                    // The town hall is chosen as the worker sets off.
                    returning += u32::from(order.target == Target::Unit(hall));
                }
                other => panic!("ability {other}"),
            }
        }
    }
    assert!(gathering > 100 && returning > 50, "{gathering} {returning}");
}

#[test]
fn structures_stay_as_snapshots_and_fields_are_known_from_the_start() {
    let mut sim = game(33);
    let obs = look(&mut sim, 1);
    let fields = obs
        .units
        .iter()
        .filter(|it| it.alliance == Alliance::Neutral);
    let snapshots = fields
        .clone()
        .filter(|it| it.display == DisplayType::Snapshot);
    assert_eq!((fields.count(), snapshots.clone().count()), (20, 10));
    assert!(
        snapshots
            .into_iter()
            .all(|it| it.mineral_contents == 0 && it.health == 0.0)
    );
    let depot = spawn(&mut sim, 2, u::SUPPLY_DEPOT, 48.0, 60.0);
    let scout = spawn(&mut sim, 1, u::MARINE, 48.0, 54.0);
    sim.step(20);
    let seen = look(&mut sim, 1);
    assert_eq!(find(&seen, depot).display, DisplayType::Visible);
    assert!(find(&seen, depot).health > 380.0);
    sim.state_mut().kill(UnitRef::of_tag(scout));
    sim.step(120);
    let later = look(&mut sim, 1);
    assert!(later.dead_units.contains(&scout));
    let memory = find(&later, depot);
    assert_eq!(
        (memory.display, memory.cloak),
        (DisplayType::Snapshot, CloakState::Unknown)
    );
    assert_eq!((memory.health, memory.build_progress), (0.0, 1.0));
    sim.state_mut().kill(UnitRef::of_tag(depot));
    sim.step(20);
    let after = look(&mut sim, 1);
    assert!(after.dead_units.is_empty(), "nobody saw it fall");
    assert_eq!(find(&after, depot).display, DisplayType::Snapshot);
}

#[test]
fn the_score_is_what_was_given_and_collected_less_what_was_lost() {
    let mut sim = game(34);
    let hall = tags(sim.state(), 1, u::COMMAND_CENTER);
    order(&mut sim, &hall, 524, Target::None);
    sim.step(1000);
    let obs = look(&mut sim, 1);
    assert_eq!(
        obs.score.score as f32,
        1050.0 + obs.score.collected_minerals
    );
    assert_eq!(obs.score.total_value_units, 650.0);
    assert!(obs.score.idle_production_time > 0.0);
    let marine = spawn(&mut sim, 2, u::MARINE, 30.0, 30.0);
    let victim = tags(sim.state(), 1, u::SCV)[0];
    sim.state_mut()
        .damage(UnitRef::of_tag(marine), UnitRef::of_tag(victim), 100.0);
    sim.step(1);
    let (mine, theirs) = (look(&mut sim, 1), look(&mut sim, 2));
    assert_eq!(
        mine.score.score as f32,
        1000.0 + mine.score.collected_minerals
    );
    assert_eq!(mine.score.lost_minerals.economy, 50.0);
    assert_eq!(theirs.score.killed_value_units, 50.0);
    assert_eq!(theirs.score.killed_minerals.economy, 50.0);
    assert_eq!(theirs.score.total_damage_dealt.life, 45.0);
}

/// An enemy structure that was never seen does not show in the answer to a build order; the builder finds out.
#[test]
fn building_on_the_unseen_fails_on_arrival_only() {
    let mut sim = game(35);
    fund(&mut sim, 0, 500, 0);
    spawn(&mut sim, 2, u::SUPPLY_DEPOT, 48.0, 48.0);
    let scvs = tags(sim.state(), 1, u::SCV);
    let at = Target::Point(Point::new(48.0, 48.0));
    assert_eq!(order(&mut sim, &scvs[..1], 319, at), ActionResult::Success);
    sim.step(1);
    let paid = sim.state().players[0].minerals;
    sim.step(300);
    let obs = look(&mut sim, 1);
    assert_eq!(obs.action_errors.len(), 1);
    assert_eq!(obs.action_errors[0].result, ActionResult::CantBuildOnThat);
    assert!(sim.state().players[0].minerals >= paid + 100, "paid back");
}

#[test]
fn maps_that_cannot_be_played_are_refused() {
    let mut map: MapData = (*flat_map()).clone();
    map.start_locations.truncate(1);
    let seat = || crate::sim::Seat::Participant {
        race: crate::game::Race::Terran,
        name: String::new(),
    };
    let config = |map: MapData| crate::sim::SimConfig {
        map: std::sync::Arc::new(map),
        seats: [seat(), seat()],
        seed: crate::game::Seed(1),
        disable_fog: false,
    };
    assert!(matches!(
        crate::sim::Sim::new(config(map)),
        Err(crate::sim::SimError::BadMap(_))
    ));
    let mut map: MapData = (*flat_map()).clone();
    map.height = Grid::new(3, 3, 0);
    assert!(matches!(
        crate::sim::Sim::new(config(map)),
        Err(crate::sim::SimError::BadMap(_))
    ));
}

/// A game's text and a library of strategies look at seats that nobody looked at while it was played.
#[test]
fn looking_at_a_built_in_ai_leaves_its_game_as_it_was() {
    use crate::sim::{AiBuild, Difficulty, Seat, Sim, SimConfig, maps};
    let play = |watched: bool| {
        let seat = |level| Seat::Computer {
            race: crate::game::Race::Terran,
            level,
            build: AiBuild::Rush,
        };
        let mut sim = Sim::new(SimConfig {
            map: maps::by_name("Flat64").expect("built in"),
            seats: [seat(Difficulty::VeryHard), seat(Difficulty::Hard)],
            seed: crate::game::Seed(3),
            disable_fog: false,
        })
        .expect("playable");
        let mut dead = 0;
        while sim.results().is_empty() && sim.game_loop() < 14_000 {
            sim.step(56);
            if watched {
                for player in [1, 2] {
                    dead += look(&mut sim, player).dead_units.len();
                }
            }
        }
        (sim.state_hash(), dead)
    };
    let (alone, _) = play(false);
    let (watched, dead) = play(true);
    assert_eq!(alone, watched);
    assert!(dead > 20, "{dead} deaths seen: the test needs a fight");
}
