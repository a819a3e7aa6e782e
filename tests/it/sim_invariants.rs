//! Thousands of random orders, sensible and not: nothing panics, the books stay straight, equal runs stay equal.

use rand::{Rng as _, RngExt as _};
use rand_pcg::Pcg64Mcg;
use rayon::prelude::*;
use scc::game::data::{self, unit_ids as u};
use scc::game::{
    AbilityId, ActionResult, Alliance, Command, PlayerCommand, PlayerId, Point, Race,
    RawObservation, Seed, Target, UnitTag,
};
use scc::sim::state::State;
use scc::sim::{Seat, Sim, SimConfig, ability, death, maps};

fn game(seed: u64) -> Sim {
    let seat = |name: &str| Seat::Participant {
        race: Race::Terran,
        name: name.into(),
    };
    let mut sim = Sim::new(SimConfig {
        map: maps::by_name("Flat64").expect("the repository's own map"),
        seats: [seat("a"), seat("b")],
        seed: Seed(seed),
        disable_fog: false,
    })
    .expect("Flat64 is playable");
    stock(&mut sim);
    sim
}

/// One of nearly everything, money, and all but a few upgrades, so that random orders reach deep.
fn stock(sim: &mut Sim) {
    let types = [
        u::BARRACKS,
        u::FACTORY,
        u::STARPORT,
        u::ENGINEERING_BAY,
        u::ARMORY,
        u::BUNKER,
        u::SUPPLY_DEPOT,
        u::MARINE,
        u::MARAUDER,
        u::REAPER,
        u::GHOST,
        u::HELLION,
        u::SIEGE_TANK,
        u::CYCLONE,
        u::MEDIVAC,
        u::VIKING_FIGHTER,
        u::BANSHEE,
        u::BATTLECRUISER,
        u::LIBERATOR,
        u::WIDOW_MINE,
        u::RAVEN,
        u::THOR,
        u::FUSION_CORE,
        u::GHOST_ACADEMY,
    ];
    let state = sim.state_mut();
    for p in 0..2u8 {
        let start = state.players[usize::from(p)].start;
        let inward = if start.x < 32.0 { 1.0 } else { -1.0 };
        for (i, id) in types.into_iter().enumerate() {
            let at = Point::new(
                start.x + inward * (5.0 + 4.0 * (i % 5) as f32),
                start.y + inward * (4.0 * (i / 5) as f32 - 4.0),
            );
            state.spawn(id, p, at);
        }
        let player = &mut state.players[usize::from(p)];
        (player.minerals, player.vespene) = (3000, 2000);
    }
}

/// A random order: any ability of the table, or one that the unit offers, at anything.
fn random_command(rng: &mut Pcg64Mcg, obs: &RawObservation) -> PlayerCommand {
    let pick = |rng: &mut Pcg64Mcg| obs.units[rng.random_range(0..obs.units.len())].clone();
    let own: Vec<_> = obs
        .units
        .iter()
        .filter(|it| it.alliance == Alliance::Own)
        .collect();
    let first = if own.is_empty() || rng.random_bool(0.05) {
        pick(rng)
    } else {
        own[rng.random_range(0..own.len())].clone()
    };
    let mut units = vec![first.tag];
    for _ in 0..rng.random_range(0..4) {
        units.push(pick(rng).tag);
    }
    if rng.random_bool(0.02) {
        units.push(UnitTag(rng.next_u64()));
    }
    let offers = ability::offers(first.unit_type);
    let ability = if offers.is_empty() || rng.random_bool(0.2) {
        let all = data::abilities();
        all[rng.random_range(0..all.len())].id
    } else {
        let offer = offers[rng.random_range(0..offers.len())];
        if rng.random_bool(0.5) {
            offer.exact
        } else {
            offer.general
        }
    };
    let target = match rng.random_range(0..8) {
        0 => Target::None,
        1 => Target::Point(Point::new(f32::NAN, 3.0)),
        2 => Target::Point(Point::new(1e9, -1e9)),
        3 | 4 => Target::Unit(pick(rng).tag),
        _ => Target::Point(Point::new(
            rng.random_range(0.0..64.0),
            rng.random_range(0.0..64.0),
        )),
    };
    let queued = rng.random_bool(0.2);
    if rng.random_bool(0.02) {
        return PlayerCommand::ToggleAutocast {
            ability,
            units: units.into(),
        };
    }
    PlayerCommand::Unit(Command {
        ability,
        target,
        units: units.into(),
        queued,
    })
}

/// What must hold in every state.
fn check_books(state: &State, income: [u32; 2]) {
    for (p, player) in state.players.iter().enumerate() {
        let own = || state.living().filter(move |it| usize::from(it.owner) == p);
        let units: f32 = own().map(|it| it.data.supply_used).sum();
        let queued: f32 = own()
            .flat_map(|it| it.queue.iter().filter(|job| job.started))
            .map(|job| match job.product {
                scc::sim::order::Product::Unit(id) => data::unit(id).expect("known").supply_used,
                scc::sim::order::Product::Upgrade(_) => 0.0,
            })
            .sum();
        assert_eq!(
            player.supply_used_halves,
            ((units + queued) * 2.0) as u32,
            "supply used"
        );
        let made: f32 = own()
            .filter(|it| it.is_done())
            .map(|it| it.data.supply_provided + if it.extra_supply { 8.0 } else { 0.0 })
            .sum();
        assert_eq!(
            player.supply_made_halves,
            (made * 2.0) as u32,
            "supply made"
        );
        assert_eq!(
            player.structures as usize,
            own().filter(|it| death::prevents_defeat(it.data)).count(),
            "structures"
        );
        let s = &player.score;
        let bank = income[p] as f32 + s.collected_minerals - s.spent_minerals;
        assert_eq!(player.minerals as f32, bank, "minerals of player {}", p + 1);
        let bank = 2000.0 + s.collected_vespene - s.spent_vespene;
        assert_eq!(player.vespene as f32, bank, "vespene of player {}", p + 1);
    }
    for it in state.living() {
        assert!(
            it.pos.is_finite() && it.life > 0.0 && it.life <= it.life_max,
            "{:?}",
            it.type_id
        );
        assert!(it.energy >= 0.0 && it.energy <= it.energy_max.max(it.energy));
        for &passenger in &it.passengers {
            let inside = state.get(passenger).expect("passengers live");
            assert!(inside.inside && inside.container == it.me);
        }
        if let Some(add_on) = state.get(it.add_on) {
            assert_eq!(add_on.host, it.me);
        }
        if it.inside {
            assert!(
                state.get(it.container).is_some(),
                "inside of something that lives"
            );
        }
    }
}

/// Plays random orders; the state hash after each round.
fn play(seed: u64, rounds: usize) -> (Vec<u64>, usize) {
    let mut sim = game(seed);
    let mut rng = Seed(seed).fork("orders", 0).rng();
    let mut obs = RawObservation::default();
    let (mut hashes, mut accepted) = (Vec::new(), 0);
    let start = [
        sim.state().players[0].minerals,
        sim.state().players[1].minerals,
    ];
    for _ in 0..rounds {
        for p in [1, 2] {
            sim.observe_into(PlayerId(p), &mut obs);
            if obs.units.is_empty() {
                continue;
            }
            for _ in 0..3 {
                let command = random_command(&mut rng, &obs);
                let answer = sim.submit(PlayerId(p), &command);
                accepted += usize::from(answer == ActionResult::Success);
            }
        }
        sim.step(rng.random_range(1..12));
        check_books(sim.state(), start);
        hashes.push(sim.state_hash());
        if !sim.results().is_empty() {
            break;
        }
    }
    (hashes, accepted)
}

#[test]
fn random_orders_break_nothing() {
    let accepted: usize = (0..12u64)
        .into_par_iter()
        .map(|seed| play(seed, 400).1)
        .sum();
    assert!(
        accepted > 2000,
        "only {accepted} orders were good: the test tests little"
    );
}

#[test]
fn equal_games_are_equal_on_any_number_of_threads() {
    let run = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .expect("threads");
        pool.install(|| {
            (0..6u64)
                .into_par_iter()
                .map(|seed| play(seed, 120).0)
                .collect::<Vec<_>>()
        })
    };
    let alone = run(1);
    assert_eq!(alone, run(4));
    assert!(
        alone
            .iter()
            .flatten()
            .collect::<std::collections::BTreeSet<_>>()
            .len()
            > 500,
        "hashes differ by state"
    );
}

#[test]
fn nobody_orders_what_is_not_theirs() {
    let mut sim = game(77);
    let mut obs = RawObservation::default();
    sim.observe_into(PlayerId(2), &mut obs);
    let theirs = obs
        .units
        .iter()
        .find(|it| it.unit_type == u::SCV)
        .expect("workers")
        .tag;
    let attempt = Command {
        ability: AbilityId(4),
        units: [theirs].into_iter().collect(),
        ..Command::default()
    };
    let before = sim.state_hash();
    assert_ne!(
        sim.submit(PlayerId(1), &PlayerCommand::Unit(attempt.clone())),
        ActionResult::Success
    );
    assert_eq!(
        sim.submit(PlayerId(2), &PlayerCommand::Unit(attempt)),
        ActionResult::Success
    );
    assert_eq!(
        sim.submit(PlayerId(16), &PlayerCommand::Leave),
        ActionResult::Error
    );
    assert_eq!(sim.state_hash(), before, "orders wait for the next loop");
}
