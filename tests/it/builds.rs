//! The built-in AI's builds and cheats, by what stands and is alive at fixed times. Small games of fixed seed.

use crate::players::{army, game, look, own, participant, starts};
use scc::game::data::{unit_ids as u, upgrade_ids as up};
use scc::game::{Alliance, PlayerId, Point, Race, RawObservation, RawUnit, UnitTypeId};
use scc::sim::{AiBuild, Difficulty, Seat, Sim};
use scc::tactics::kinds::kind;

const BUILDS: [AiBuild; 5] = [
    AiBuild::Rush,
    AiBuild::Timing,
    AiBuild::Power,
    AiBuild::Macro,
    AiBuild::Air,
];

/// A level with a build in seat 1 against somebody who does nothing.
fn against_nobody(level: Difficulty, build: AiBuild, map: &str, seed: u64) -> Sim {
    let seat = Seat::Computer {
        race: Race::Terran,
        level,
        build,
    };
    game(map, [seat, participant("nobody")], seed)
}

/// The same on Tidewater against 30 marauders at home, so that no drop wins the game before the army has set out.
fn against_guards(level: Difficulty, build: AiBuild, seed: u64) -> Sim {
    let mut sim = against_nobody(level, build, "Tidewater", seed);
    let [_, enemy] = starts(&sim);
    for i in 0..30 {
        let by = Point::new((i % 6) as f32 - 3.0, (i / 6) as f32 - 7.0);
        sim.state_mut().spawn(u::MARAUDER, 1, enemy + by);
    }
    sim
}

/// Standing or in construction, under its name on the ground.
fn count(obs: &RawObservation, what: UnitTypeId) -> usize {
    own(obs)
        .filter(|x| kind(x.unit_type).canonical == what)
        .count()
}

fn halls(obs: &RawObservation) -> usize {
    own(obs).filter(|x| kind(x.unit_type).is_townhall).count()
}

/// Minerals and vespene in the army; in all of it, or in what flies and fights.
fn value(obs: &RawObservation, flying: bool) -> f32 {
    let counts = |x: &&RawUnit| !flying || x.is_flying && x.unit_type != u::MEDIVAC;
    army(obs)
        .filter(counts)
        .map(|x| f32::from(kind(x.unit_type).value))
        .sum()
}

/// The look at which `many` of the army have crossed the map's middle for the first time; none by `end`. A drop has eight.
fn first_attack(sim: &mut Sim, many: usize, end: u32) -> Option<RawObservation> {
    let [home, enemy] = starts(sim);
    while sim.game_loop() < end && sim.results().is_empty() {
        sim.step(22);
        let obs = look(sim);
        let there = army(&obs).filter(|x| x.pos.distance(enemy) < x.pos.distance(home));
        if there.count() >= many {
            return Some(obs);
        }
    }
    None
}

/// Looks at some game seconds.
fn looks<const N: usize>(build: AiBuild, seed: u64, seconds: [u32; N]) -> [RawObservation; N] {
    let mut sim = against_nobody(Difficulty::VeryHard, build, "Tidewater", seed);
    seconds.map(|s| {
        sim.step((s * 112).div_ceil(5) - sim.game_loop());
        look(&mut sim)
    })
}

#[test]
fn a_rush_has_barracks_first_and_a_macro_build_town_halls_and_workers() {
    for seed in [1, 2] {
        let all = BUILDS.map(|b| looks(b, seed, [150, 240, 390]));
        let barracks = all.each_ref().map(|l| count(&l[0], u::BARRACKS));
        assert!(barracks[0] >= 3, "{barracks:?}");
        assert!(
            barracks[2..].iter().all(|n| *n < barracks[0]),
            "{barracks:?}"
        );
        let early = all.each_ref().map(|l| halls(&l[1]));
        assert_eq!(
            early[..2],
            [1, 1],
            "Rush and Timing stay on one base: {early:?}"
        );
        assert!(
            early[2..].iter().all(|n| *n >= 2),
            "the others do not: {early:?}"
        );
        for (at, least) in [(1, 2), (2, 3)] {
            let halls = all.each_ref().map(|l| halls(&l[at]));
            let workers = all.each_ref().map(|l| count(&l[at], u::SCV));
            let others = [0, 1, 2, 4];
            assert!(halls[3] >= least, "{halls:?}");
            assert!(others.iter().all(|i| halls[*i] <= halls[3]), "{halls:?}");
            assert!(
                others.iter().all(|i| workers[*i] < workers[3]),
                "{workers:?}"
            );
            assert!(workers[1..].iter().all(|n| *n > workers[0]), "{workers:?}");
        }
        let late = all.each_ref().map(|l| halls(&l[2]));
        assert!(late[..3].iter().all(|n| *n < late[3]), "{late:?}");
    }
}

#[test]
fn an_air_build_has_starports_and_an_army_that_flies() {
    for seed in [3, 4] {
        let all = BUILDS[1..].iter().map(|b| looks(*b, seed, [470]));
        let all: Vec<RawObservation> = all.map(|[l]| l).collect();
        let ports: Vec<usize> = all.iter().map(|l| count(l, u::STARPORT)).collect();
        assert!(
            ports[..3].iter().all(|n| *n <= 1) && ports[3] >= 3,
            "{ports:?}"
        );
        let share = |l: &RawObservation| value(l, true) / value(l, false);
        let shares: Vec<f32> = all.iter().map(share).collect();
        assert!(shares[3] > 0.5, "{shares:?}");
        assert!(shares[..3].iter().all(|s| *s < 0.4), "{shares:?}");
    }
}

#[test]
fn first_attacks_come_when_and_with_what_the_build_says() {
    for seed in [5, 6] {
        let attacks = [
            AiBuild::Rush,
            AiBuild::Timing,
            AiBuild::Power,
            AiBuild::Macro,
        ]
        .map(|b| {
            let mut sim = against_guards(Difficulty::VeryHard, b, seed);
            let many = if b == AiBuild::Rush { 5 } else { 12 };
            first_attack(&mut sim, many, 17_000).unwrap_or_else(|| panic!("{b} does not attack"))
        });
        let second = attacks.each_ref().map(|l| l.game_loop as f32 / 22.4);
        let worth = attacks.each_ref().map(|l| value(l, false));
        let [rush, timing, power, late] = second;
        assert!(rush < 250.0, "{second:?}");
        // Set out for 8:05, 6 seconds earlier to 18 later; the way there takes under a minute.
        assert!((479.0..570.0).contains(&timing), "{second:?}");
        // 105 seconds later, give or take the jitter of 24 on each side.
        assert!(power > timing + 45.0 && late > timing + 45.0, "{second:?}");
        assert!(worth[0] < worth[1] && worth[1] < worth[2], "{worth:?}");
        let has = |i: usize, id| attacks[i].upgrades.contains(&id);
        let both = |id| has(1, id) && has(2, id);
        for id in [up::STIMPACK, up::SHIELD_WALL] {
            assert!(!has(0, id) && both(id), "{id:?}");
        }
        let weapons = [0, 1, 2].map(|i| has(i, up::TERRAN_INFANTRY_WEAPONS_LEVEL1));
        assert!(!weapons[0] && weapons[2], "{weapons:?}");
        assert!(
            has(2, up::TERRAN_VEHICLE_WEAPONS_LEVEL1),
            "Power has the most technology"
        );
        assert!(count(&attacks[2], u::FACTORY) > count(&attacks[1], u::FACTORY));
    }
}

#[test]
fn the_strongest_level_attacks_before_eight_minutes_whatever_it_builds() {
    let second = |level, build| {
        let mut sim = against_guards(level, build, 5);
        let attack = first_attack(&mut sim, 12, 17_000);
        attack.map_or(f32::MAX, |l| l.game_loop as f32 / 22.4)
    };
    for build in [AiBuild::Power, AiBuild::Macro] {
        // Set out for 7:05, 6 seconds earlier to 18 later, or for a strike before; the others' is due at 9:50.
        let early = second(Difficulty::CheatInsane, build);
        assert!((300.0..480.0).contains(&early), "{build}: {early}");
        let late = second(Difficulty::CheatVision, build);
        assert!(late > early + 60.0, "{build}: {early}, {late}");
    }
}

#[test]
fn cheating_levels_see_the_whole_map_and_do_not_scout() {
    for level in [
        Difficulty::VeryHard,
        Difficulty::CheatVision,
        Difficulty::CheatInsane,
    ] {
        let mut sim = against_nobody(level, AiBuild::Timing, "Tidewater", 3);
        let [_, enemy] = starts(&sim);
        sim.step(2);
        let obs = look(&mut sim);
        let foes = obs.units.iter().filter(|x| x.alliance == Alliance::Enemy);
        let seen = foes.filter(|x| kind(x.unit_type).is_townhall).count();
        assert_eq!(seen, usize::from(level.sees_all()), "{level}");
        let mut scouted = false;
        while sim.game_loop() < 3 * 1344 {
            sim.step(22);
            scouted |= own(&look(&mut sim))
                .any(|x| kind(x.unit_type).is_worker && x.pos.distance(enemy) < 30.0);
        }
        assert_eq!(scouted, !level.sees_all(), "{level}");
    }
}

#[test]
fn a_level_that_sees_an_army_it_cannot_beat_stays_at_home() {
    for level in [Difficulty::VeryHard, Difficulty::CheatVision] {
        let mut sim = against_nobody(level, AiBuild::Timing, "Tidewater", 7);
        let [home, enemy] = starts(&sim);
        let at = enemy + (home - enemy) * 0.05;
        for i in 0..60 {
            let by = Point::new((i % 10) as f32 - 5.0, (i / 10) as f32 - 3.0);
            sim.state_mut().spawn(u::MARAUDER, 1, at + by);
            sim.state_mut().spawn(u::SIEGE_TANK_SIEGED, 1, at - by);
        }
        let attacks = first_attack(&mut sim, 12, 13_000).is_some();
        assert_eq!(attacks, !level.sees_all(), "{level}");
    }
}

#[test]
fn a_level_that_sees_all_strikes_where_the_enemy_is_weak() {
    let mut sim = against_nobody(Difficulty::CheatVision, AiBuild::Timing, "Tidewater", 8);
    let [home, enemy] = starts(&sim);
    // An outlying base of the enemy's, nearer to him than to us and away from his start.
    let info = sim.game_info(PlayerId(1));
    let bases = info.map.expansions.iter().copied();
    let outpost = bases
        .filter(|b| b.distance(enemy) > 45.0 && b.distance(enemy) < b.distance(home))
        .max_by(|a, b| a.distance(enemy).total_cmp(&b.distance(enemy)))
        .expect("the map has such a base");
    sim.state_mut()
        .spawn(u::COMMAND_CENTER, 1, outpost)
        .expect("there is room");
    for i in 0..12 {
        let by = Point::new((i % 4) as f32 - 2.0, (i / 4) as f32 + 4.0);
        sim.state_mut().spawn(u::MARAUDER, 1, enemy + by);
    }
    for i in 0..90 {
        let by = Point::new((i % 10) as f32 - 5.0, (i / 10) as f32 - 4.0);
        sim.state_mut()
            .spawn(u::MARINE, 0, home + (enemy - home) * 0.1 + by);
    }
    let near = |obs: &RawObservation, p: Point| {
        army(obs).filter(|x| x.pos.distance(p) < 15.0).count() >= 10
    };
    while sim.game_loop() < 4000 {
        sim.step(22);
        let obs = look(&mut sim);
        assert!(
            !near(&obs, enemy),
            "it runs into the guarded base at {}",
            sim.game_loop()
        );
        if near(&obs, outpost) {
            return;
        }
    }
    panic!("it does not strike");
}
