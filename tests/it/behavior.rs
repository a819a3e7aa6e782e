//! What the strongest built-in level does in a game, one behavior a test: expands, scouts, upgrades, drops, defends, retreats.
//! And what every level does: attack. Small games of fixed seed.

use crate::players::{army, computer, game, look, own, participant, starts};
use scc::game::data::{unit_ids as u, upgrade_ids as up};
use scc::game::{Point, RawObservation, RawUnit, Target};
use scc::sim::{Difficulty, Sim};
use scc::tactics::kinds::{ability, kind};

/// Loops of a minute at speed Faster.
const MINUTE: u32 = 1344;

/// VeryHard in seat 1 against somebody who does nothing.
fn against_nobody(seed: u64) -> Sim {
    let seats = [computer(Difficulty::VeryHard), participant("nobody")];
    game("Tidewater", seats, seed)
}

/// Steps until `happened` says so, looking every second; false at `end`.
fn wait(sim: &mut Sim, end: u32, mut happened: impl FnMut(&RawObservation) -> bool) -> bool {
    while sim.game_loop() < end && sim.results().is_empty() {
        sim.step(22);
        if happened(&look(sim)) {
            return true;
        }
    }
    false
}

#[test]
fn it_expands() {
    let mut sim = against_nobody(2);
    for (halls, minute) in [(2, 5), (3, 9)] {
        // The third is still being built when its army has already won.
        let holds = |obs: &RawObservation| {
            own(obs).filter(|x| kind(x.unit_type).is_townhall).count() >= halls
        };
        assert!(
            wait(&mut sim, minute * MINUTE, holds),
            "{halls} bases by {minute}:00"
        );
    }
}

#[test]
fn it_scouts() {
    let mut sim = against_nobody(3);
    let [_, enemy] = starts(&sim);
    let there = |obs: &RawObservation| {
        own(obs).any(|x| kind(x.unit_type).is_worker && x.pos.distance(enemy) < 12.0)
    };
    assert!(
        wait(&mut sim, 3 * MINUTE, there),
        "a worker sees the enemy's main"
    );
    let home = |obs: &RawObservation| {
        own(obs).all(|x| !kind(x.unit_type).is_worker || x.pos.distance(enemy) > 60.0)
    };
    assert!(wait(&mut sim, 6 * MINUTE, home), "and comes back to work");
}

#[test]
fn it_upgrades() {
    let mut sim = against_nobody(4);
    let has = |obs: &RawObservation| {
        let basic = [
            up::STIMPACK,
            up::SHIELD_WALL,
            up::TERRAN_INFANTRY_WEAPONS_LEVEL1,
        ];
        basic.iter().all(|id| obs.upgrades.contains(id))
    };
    assert!(
        wait(&mut sim, 9 * MINUTE, has),
        "{:?}",
        look(&mut sim).upgrades
    );
}

#[test]
fn it_drops() {
    let flies_in = |seed| {
        let seats = [computer(Difficulty::VeryHard), computer(Difficulty::Hard)];
        let mut sim = game("Tidewater", seats, seed);
        let [_, enemy] = starts(&sim);
        let near = |x: &RawUnit| x.pos.distance(enemy) < 14.0;
        let over_it = |obs: &RawObservation| {
            own(obs).any(|x| x.unit_type == u::MEDIVAC && x.passengers.len() >= 4 && near(x))
        };
        let on_foot = |obs: &RawObservation| {
            own(obs)
                .filter(|x| x.unit_type == u::MARINE && near(x))
                .count()
                >= 3
        };
        wait(&mut sim, 13 * MINUTE, over_it) && {
            let end = sim.game_loop() + 300;
            wait(&mut sim, end, on_foot)
        }
    };
    // A drop sets out in times of peace only, which not every game has.
    assert!(
        (1..=12).any(flies_in),
        "no marines in the enemy's mineral line in twelve games"
    );
}

#[test]
fn it_defends() {
    let mut sim = against_nobody(5);
    sim.step(5 * MINUTE);
    let [home, enemy] = starts(&sim);
    let at = home + (enemy - home) * 0.12;
    let raid: Vec<_> = (0..6)
        .filter_map(|i| {
            let by = Point::new((i % 3) as f32, (i / 3) as f32);
            sim.state_mut().spawn(u::MARINE, 1, at + by)
        })
        .collect();
    assert_eq!(raid.len(), 6);
    let before = army(&look(&mut sim)).count();
    let beaten = |_: &RawObservation| false;
    wait(&mut sim, 6 * MINUTE, beaten);
    let left = raid
        .iter()
        .filter(|r| sim.state().get(**r).is_some())
        .count();
    assert_eq!(left, 0, "raiders left");
    assert!(
        army(&look(&mut sim)).count() + 4 > before,
        "at a small price"
    );
}

/// Whether an attack turns back when eighty fighters appear in its way.
fn turns_back(seed: u64) -> bool {
    let mut sim = against_nobody(seed);
    let [home, enemy] = starts(&sim);
    let away = |x: &&RawUnit| x.pos.distance(home) > x.pos.distance(enemy);
    let attacks = |obs: &RawObservation| army(obs).filter(away).count() >= 20;
    assert!(wait(&mut sim, 11 * MINUTE, attacks), "it attacks first");
    let middle = enemy + (home - enemy) * 0.1;
    for i in 0..40 {
        let by = Point::new((i % 8) as f32 - 4.0, (i / 8) as f32 - 2.0);
        sim.state_mut().spawn(u::MARAUDER, 1, middle + by);
        sim.state_mut().spawn(u::MARINE, 1, middle - by);
    }
    let flees = |obs: &RawObservation| {
        let turned = army(obs).filter(|x| {
            x.orders.first().is_some_and(|o| {
                let back =
                    matches!(o.target, Target::Point(p) if p.distance(home) < p.distance(enemy));
                o.ability != ability::ATTACK_EXACT && back
            })
        });
        turned.count() * 2 > army(obs).count()
    };
    let end = sim.game_loop() + MINUTE;
    wait(&mut sim, end, flees)
}

#[test]
fn it_retreats() {
    // Who is caught in the open does not always get away; most armies turn.
    let turned = (6..=10).filter(|seed| turns_back(*seed)).count();
    assert!(
        turned >= 3,
        "in {turned} of 5 games most of the army walks home"
    );
}

#[test]
fn every_level_attacks() {
    for level in &Difficulty::ALL[..7] {
        let mut sim = game("Flat64", [computer(*level), participant("nobody")], 8);
        let [home, enemy] = starts(&sim);
        let attacks = |obs: &RawObservation| {
            let there = army(obs).filter(|x| x.pos.distance(enemy) < x.pos.distance(home));
            there.count() >= 3
        };
        assert!(
            wait(&mut sim, 12 * MINUTE, attacks),
            "{level} has not attacked by 12:00"
        );
    }
}
