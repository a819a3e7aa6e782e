use crate::game::data::{unit_ids as u, upgrade_ids as g};
use crate::game::{BitGrid, Point, Seed, Target, UnitTag, UnitTypeId};
use crate::sim::Sim;
use crate::sim::path::tests::map_of;
use crate::sim::steer::tests::{block, game_on, unit};
use crate::sim::testing::order_as;
use crate::sim::unit::UnitRef;
use rand::RngExt;

const MOVE: u16 = 3794;
const ATTACK: u16 = 3674;
const HOLD: u16 = 3793;

fn arena() -> Sim {
    game_on(map_of(BitGrid::new(80, 64, true)))
}

fn put(sim: &mut Sim, owner: u8, id: UnitTypeId, x: f32, y: f32) -> UnitTag {
    block(sim, owner, id, 1, Point::new(x, y), 1.0)[0]
}

fn alive(sim: &Sim, tag: UnitTag) -> bool {
    sim.state().get(UnitRef::of_tag(tag)).is_some()
}

fn count(sim: &Sim, tags: &[UnitTag]) -> usize {
    tags.iter().filter(|&&t| alive(sim, t)).count()
}

/// Loops until `victim` is dead, from the first damage on.
fn loops_to_kill(sim: &mut Sim, victim: UnitTag, limit: u32) -> u32 {
    let full = unit(sim.state(), victim).life;
    let mut first = None;
    for _ in 0..limit {
        sim.step(1);
        let now = sim.game_loop();
        match sim.state().get(UnitRef::of_tag(victim)) {
            None => return now - first.expect("hurt before dead"),
            Some(it) if it.life < full && first.is_none() => first = Some(now),
            _ => {}
        }
    }
    panic!("still alive after {limit} loops");
}

#[test]
fn rate_of_fire_and_damage_are_the_tables() {
    let mut sim = arena();
    // Not Terran, so that it does not burn.
    let house = put(&mut sim, 1, u::EVOLUTION_CHAMBER, 40.5, 32.5);
    let marine = put(&mut sim, 0, u::MARINE, 36.0, 32.0);
    order_as(&mut sim, 1, &[marine], ATTACK, Target::Unit(house), false);
    // 750 life, 6 damage less 1 armor: 150 shots, 149 waits of 13.7734 loops.
    let loops = loops_to_kill(&mut sim, house, 2400) as f32;
    assert!(
        (loops / (149.0 * 13.7734) - 1.0).abs() < 0.02,
        "{loops} loops"
    );
}

#[test]
fn weapon_upgrades_and_stim_speed_a_kill_up() {
    let mut sim = arena();
    sim.state_mut().players[0].upgrades = vec![
        g::TERRAN_INFANTRY_WEAPONS_LEVEL1,
        g::TERRAN_INFANTRY_WEAPONS_LEVEL2,
    ];
    let house = put(&mut sim, 1, u::EVOLUTION_CHAMBER, 40.5, 32.5);
    let marine = put(&mut sim, 0, u::MARINE, 36.0, 32.0);
    order_as(&mut sim, 1, &[marine], ATTACK, Target::Unit(house), false);
    let slot = UnitRef::of_tag(marine).slot();
    crate::sim::upgrades::add_buff(
        sim.state_mut(),
        slot,
        crate::sim::upgrades::buffs::STIM,
        5000,
    );
    // 6 + 2 less 1: 108 shots; half as fast again.
    let loops = loops_to_kill(&mut sim, house, 2400) as f32;
    assert!(
        (loops / (107.0 * 13.7734 / 1.5) - 1.0).abs() < 0.03,
        "{loops} loops"
    );
}

#[test]
fn a_siege_shell_hurts_everybody_around_its_target_by_distance() {
    let mut sim = arena();
    let tank = put(&mut sim, 0, u::SIEGE_TANK_SIEGED, 30.0, 32.0);
    let target = put(&mut sim, 1, u::SCV, 40.0, 32.0);
    // SCVs have a radius of 0.375: edges at 0.425, 0.725, 1.125 and 1.425 from the shell.
    let full = put(&mut sim, 1, u::SCV, 40.0, 32.8);
    let half = put(&mut sim, 1, u::SCV, 40.0, 30.9);
    let quarter = put(&mut sim, 1, u::SCV, 41.5, 32.0);
    let none = put(&mut sim, 1, u::SCV, 38.2, 32.0);
    let friend = put(&mut sim, 0, u::SUPPLY_DEPOT, 41.0, 34.0);
    let flyer = put(&mut sim, 1, u::MEDIVAC, 40.0, 32.4);
    sim.step(1);
    order_as(&mut sim, 1, &[tank], ATTACK, Target::Unit(target), false);
    for _ in 0..30 {
        sim.step(1);
        if unit(sim.state(), target).life < 45.0 {
            break;
        }
    }
    let life = |tag| unit(sim.state(), tag).life;
    assert_eq!(
        [
            life(target),
            life(full),
            life(half),
            life(quarter),
            life(none)
        ],
        [5.0, 5.0, 25.0, 35.0, 45.0]
    );
    // Friendly fire: its edge is 2.24 - 1.25 = 0.99 away: a quarter of 40 + 30, less 1 armor.
    assert_eq!(life(friend), 400.0 - 16.5);
    assert_eq!(life(flyer), 150.0, "shells do not touch what flies");
}

#[test]
fn sieged_tanks_cannot_hit_what_stands_at_their_tracks() {
    let mut sim = arena();
    put(&mut sim, 0, u::SIEGE_TANK_SIEGED, 30.0, 32.0);
    let near = put(&mut sim, 1, u::SUPPLY_DEPOT, 33.0, 32.0);
    sim.step(120);
    assert_eq!(unit(sim.state(), near).life, 400.0);
    let far = put(&mut sim, 1, u::SUPPLY_DEPOT, 38.0, 32.0);
    sim.step(120);
    assert!(unit(sim.state(), far).life < 400.0);
}

#[test]
fn hellions_burn_a_line() {
    let mut sim = arena();
    let hellion = put(&mut sim, 0, u::HELLION, 30.0, 32.0);
    let scvs: Vec<_> = (0..3)
        .map(|i| put(&mut sim, 1, u::SCV, 32.5 + i as f32, 32.0))
        .collect();
    let aside = put(&mut sim, 1, u::SCV, 33.5, 33.2);
    order_as(
        &mut sim,
        1,
        &[hellion],
        ATTACK,
        Target::Unit(scvs[0]),
        false,
    );
    sim.step(12);
    for scv in scvs {
        assert_eq!(
            unit(sim.state(), scv).life,
            45.0 - 14.0,
            "8 + 6 against light"
        );
    }
    assert_eq!(unit(sim.state(), aside).life, 45.0);
}

#[test]
fn nobody_shoots_up_a_cliff_without_sight_of_it() {
    let mut map = map_of(BitGrid::new(80, 64, true));
    for y in 0..64 {
        for x in 40..80 {
            map.height.set(x, y, 223);
        }
        // The cliff's edge cannot be walked on.
        map.pathing.set(39, y, false);
    }
    let mut sim = game_on(map);
    let below = put(&mut sim, 0, u::MARINE, 38.0, 32.0);
    let above = put(&mut sim, 1, u::MARINE, 41.0, 32.0);
    sim.step(60);
    assert_eq!(unit(sim.state(), above).life, 45.0);
    assert!(unit(sim.state(), below).life < 45.0);
    // A flyer of one's own shows the high ground.
    put(&mut sim, 0, u::MEDIVAC, 37.0, 32.0);
    sim.step(30);
    assert!(unit(sim.state(), above).life < 45.0);
}

#[test]
fn cloaked_units_are_shot_at_only_where_they_are_detected() {
    let mut sim = arena();
    let banshee = put(&mut sim, 0, u::BANSHEE, 40.0, 32.0);
    let slot = UnitRef::of_tag(banshee).slot();
    sim.state_mut().units[slot].cloaked = true;
    sim.state_mut().units[slot].energy = 200.0;
    let marine = put(&mut sim, 1, u::MARINE, 43.0, 32.0);
    order_as(&mut sim, 1, &[banshee], HOLD, Target::None, false);
    sim.step(40);
    assert_eq!(unit(sim.state(), banshee).life, 140.0);
    assert!(!alive(&sim, marine) || unit(sim.state(), marine).life < 45.0);
    put(&mut sim, 1, u::MISSILE_TURRET, 46.0, 32.0);
    sim.step(80);
    assert!(unit(sim.state(), banshee).life < 140.0);
}

#[test]
fn those_who_hold_stay_and_those_on_guard_come_back() {
    let mut sim = arena();
    let holder = put(&mut sim, 0, u::MARINE, 30.0, 20.0);
    let guard = put(&mut sim, 0, u::MARAUDER, 30.0, 44.0);
    order_as(&mut sim, 1, &[holder], HOLD, Target::None, false);
    sim.step(4);
    let near = put(&mut sim, 1, u::SCV, 35.9, 20.0);
    let prey = put(&mut sim, 1, u::SCV, 36.5, 44.0);
    order_as(
        &mut sim,
        2,
        &[prey],
        MOVE,
        Target::Point(Point::new(60.0, 44.0)),
        false,
    );
    sim.step(20);
    assert_eq!(unit(sim.state(), holder).pos, Point::new(30.0, 20.0));
    assert_eq!(
        unit(sim.state(), near).life,
        45.0,
        "out of reach: 5.15 from edge to edge"
    );
    assert!(unit(sim.state(), guard).pos.x > 30.5, "chases");
    sim.step(600);
    let home = unit(sim.state(), guard);
    assert!(
        home.pos.distance(Point::new(30.0, 44.0)) < 1.1,
        "back at {:?}",
        home.pos
    );
}

#[test]
fn fighters_are_shot_before_workers_and_workers_before_structures() {
    let mut sim = arena();
    let marine = put(&mut sim, 0, u::MARINE, 30.0, 32.0);
    let depot = put(&mut sim, 1, u::SUPPLY_DEPOT, 33.0, 32.0);
    let scv = put(&mut sim, 1, u::SCV, 33.0, 35.0);
    let fighter = put(&mut sim, 1, u::MARINE, 34.5, 29.0);
    order_as(&mut sim, 2, &[fighter], HOLD, Target::None, false);
    sim.step(8);
    let target = unit(sim.state(), marine).target.tag();
    assert_eq!(target, fighter);
    sim.state_mut().kill(UnitRef::of_tag(fighter));
    sim.step(4);
    assert_eq!(unit(sim.state(), marine).target.tag(), scv);
    sim.state_mut().kill(UnitRef::of_tag(scv));
    sim.step(4);
    assert_eq!(unit(sim.state(), marine).target.tag(), depot);
}

#[test]
fn idle_friends_help_whoever_is_shot_at_from_afar() {
    let mut sim = arena();
    let front = put(&mut sim, 0, u::MARINE, 30.0, 32.0);
    let back = put(&mut sim, 0, u::MARINE, 26.0, 32.0);
    let tank = put(&mut sim, 1, u::SIEGE_TANK, 38.2, 32.0);
    order_as(&mut sim, 2, &[tank], ATTACK, Target::Unit(front), false);
    sim.step(40);
    assert_eq!(unit(sim.state(), back).target.tag(), tank);
}

#[test]
fn those_in_a_bunker_shoot_one_farther() {
    let mut sim = arena();
    let bunker = put(&mut sim, 0, u::BUNKER, 30.5, 32.5);
    let marine = put(&mut sim, 0, u::MARINE, 27.0, 32.5);
    order_as(&mut sim, 1, &[marine], 1, Target::Unit(bunker), false);
    sim.step(60);
    assert_eq!(unit(sim.state(), bunker).passengers.len(), 1);
    // Edge of the bunker at 1.8125, of the depot at 1.25: gaps of 5.94 and 6.44.
    let near = put(&mut sim, 1, u::SUPPLY_DEPOT, 39.5, 32.5);
    let far = put(&mut sim, 1, u::SUPPLY_DEPOT, 21.0, 32.5);
    sim.step(100);
    assert!(unit(sim.state(), near).life < 400.0);
    assert_eq!(unit(sim.state(), far).life, 400.0);
}

#[test]
fn battlecruisers_shoot_on_the_move_and_planes_only_what_they_can() {
    let mut sim = arena();
    let cruiser = put(&mut sim, 0, u::BATTLECRUISER, 20.0, 32.0);
    let depot = put(&mut sim, 1, u::SUPPLY_DEPOT, 30.0, 35.0);
    let viking = put(&mut sim, 0, u::VIKING_FIGHTER, 30.0, 40.0);
    order_as(
        &mut sim,
        1,
        &[cruiser],
        MOVE,
        Target::Point(Point::new(40.0, 32.0)),
        false,
    );
    sim.step(240);
    assert!(unit(sim.state(), cruiser).pos.x > 38.0, "does not stop");
    assert!(unit(sim.state(), depot).life < 400.0);
    assert_eq!(unit(sim.state(), viking).target, UnitRef::NONE);
}

#[test]
fn missiles_take_time_and_fly_on_when_their_shooter_dies() {
    let mut sim = arena();
    let viking = put(&mut sim, 0, u::VIKING_FIGHTER, 30.0, 32.0);
    let prey = put(&mut sim, 1, u::MEDIVAC, 39.0, 32.0);
    order_as(&mut sim, 1, &[viking], ATTACK, Target::Unit(prey), false);
    while sim.state().shots.is_empty() {
        sim.step(1);
    }
    sim.state_mut().kill(UnitRef::of_tag(viking));
    assert_eq!(unit(sim.state(), prey).life, 150.0);
    sim.step(16);
    // Two hits of 10 + 4 against armored, 1 armor.
    assert_eq!(unit(sim.state(), prey).life, 150.0 - 26.0);
}

/// Survivors of both sides of a fight of `a` against `b` marines under attack-move.
fn fight(a: usize, b: usize, seed: u32) -> (usize, usize) {
    let mut sim = arena();
    let mut rng = Seed(u64::from(seed)).rng();
    // Sides change, so that what the ground may favor evens out.
    let (x1, x2) = if seed.is_multiple_of(2) {
        (54.4, 22.0)
    } else {
        (22.0, 54.4)
    };
    let one = block(&mut sim, 0, u::MARINE, a, Point::new(x1, 28.0), 0.9);
    let two = block(&mut sim, 1, u::MARINE, b, Point::new(x2, 28.0), 0.9);
    for tag in one.iter().chain(&two) {
        let at = &mut sim.state_mut().units[UnitRef::of_tag(*tag).slot()].pos;
        *at = *at + Point::new(rng.random_range(-2.0..2.0), rng.random_range(-2.0..2.0));
    }
    let middle = |x| Target::Point(Point::new(x, 30.0));
    order_as(&mut sim, 1, &one, ATTACK, middle(x2 + 1.8), false);
    order_as(&mut sim, 2, &two, ATTACK, middle(x1 + 1.8), false);
    for _ in 0..60 {
        sim.step(16);
        if count(&sim, &one) == 0 || count(&sim, &two) == 0 {
            break;
        }
    }
    (count(&sim, &one), count(&sim, &two))
}

#[test]
fn mirrored_fights_are_even_and_numbers_tell() {
    let (mut left, mut right) = (0, 0);
    for seed in 1..=24 {
        let (a, b) = fight(25, 25, seed);
        assert!(a == 0 || b == 0, "a fight ends: {a} against {b}");
        assert!(a < 20 && b < 20, "no walk-over: {a} against {b}");
        left += a;
        right += b;
    }
    // 600 marines a side went in; both lost nearly the same.
    let difference = left.abs_diff(right);
    assert!(difference < 80, "{left} against {right}");
    // Lanchester's square law: 33 against 25 leaves about 21.
    for seed in 1..4 {
        let (a, b) = fight(33, 25, seed);
        assert!(b == 0 && (10..=27).contains(&a), "{a} against {b}");
    }
}
