//! Strategies of made-up games are found again, whatever the order and the number of threads.

use super::*;
use crate::analysis::features::testing::{self, Plan};
use crate::analysis::{Making, Sample, Stage};
use rand::seq::SliceRandom;

/// Agreement of two labelings, corrected for chance (Hubert and Arabie 1985): 1 = the same, about 0 = by chance.
fn adjusted_rand(a: &[usize], b: &[usize]) -> f64 {
    let pairs = |n: f64| n * (n - 1.0) / 2.0;
    let mut both: BTreeMap<(usize, usize), f64> = BTreeMap::new();
    let (mut left, mut right) = (BTreeMap::new(), BTreeMap::new());
    for (a, b) in a.iter().zip(b) {
        *both.entry((*a, *b)).or_default() += 1.0;
        *left.entry(*a).or_insert(0.0) += 1.0;
        *right.entry(*b).or_insert(0.0) += 1.0;
    }
    let index: f64 = both.values().map(|n| pairs(*n)).sum();
    let (l, r): (f64, f64) = (
        left.values().map(|n| pairs(*n)).sum(),
        right.values().map(|n| pairs(*n)).sum(),
    );
    let expected = l * r / pairs(a.len() as f64);
    (index - expected) / (0.5 * (l + r) - expected)
}

fn plans() -> Vec<(&'static str, Plan)> {
    vec![
        ("bio", testing::bio()),
        ("tanks", testing::tanks()),
        ("battlecruisers", testing::battlecruisers()),
        ("proxy", testing::proxy()),
        ("vikings", testing::landed_vikings()),
    ]
}

/// Games of all plans with their plan's number; unlike sizes.
fn labeled(seed: u64) -> (Vec<PlayerGame>, Vec<usize>) {
    let (mut games, mut truth) = (Vec::new(), Vec::new());
    for (at, (name, plan)) in plans().iter().enumerate() {
        let count = 15 + 10 * at as u64;
        games.extend(testing::games(plan, name, count, seed));
        truth.extend(vec![at; count as usize]);
    }
    (games, truth)
}

/// Labels by game; outliers are a label of their own.
fn labels(found: &Strategies) -> Vec<usize> {
    found
        .points
        .iter()
        .map(|point| point.strategy.unwrap_or(99))
        .collect()
}

#[test]
fn planted_strategies_are_found_again() {
    for seed in 1..=5 {
        let (games, truth) = labeled(seed);
        let found = strategies(&games, &StrategyOptions::default());
        let ari = adjusted_rand(&labels(&found), &truth);
        let names: Vec<&str> = found.races[0]
            .strategies
            .iter()
            .map(|s| &s.name[..])
            .collect();
        assert!(ari > 0.9, "seed {seed}: {ari}, {names:?}");
        assert_eq!(found.races[0].strategies.len(), 5, "seed {seed}: {names:?}");
    }
}

#[test]
fn a_strategy_is_named_and_shown_by_what_it_does() {
    let (games, _) = labeled(7);
    let found = strategies(&games, &StrategyOptions::default());
    let race = &found.races[0];
    let of = |file: &str| {
        let member = |s: &&Strategy| games[s.members[0]].name == file;
        race.strategies.iter().find(member).unwrap()
    };
    assert!(
        of("tanks").name.starts_with("Siege Tank"),
        "{}",
        of("tanks").name
    );
    assert!(
        of("vikings").name.starts_with("Viking"),
        "{}",
        of("vikings").name
    );
    assert!(
        of("battlecruisers").name.contains("Battlecruiser"),
        "{}",
        of("battlecruisers").name
    );
    assert!(
        of("proxy").name.starts_with("Marine"),
        "{}",
        of("proxy").name
    );
    for strategy in &race.strategies {
        let minute = strategy.shows_minute.unwrap();
        assert!((1..=7).contains(&minute), "{}: {minute}", strategy.name);
        assert_eq!(strategy.examples.len(), 3);
        assert!(
            strategy
                .examples
                .iter()
                .all(|e| strategy.members.contains(e))
        );
        let (rate, wins) = (strategy.frequency, strategy.win_rate);
        assert_eq!(rate.count as usize, strategy.members.len());
        assert_eq!(rate.of as usize, games.len());
        assert!(wins.low <= wins.rate.unwrap() && wins.rate.unwrap() <= wins.high);
    }
    // Three barracks within a minute and a half: nobody else does that.
    assert!(of("proxy").shows_minute.unwrap() <= 3);
    let names: std::collections::BTreeSet<&String> =
        race.strategies.iter().map(|s| &s.name).collect();
    assert_eq!(names.len(), race.strategies.len());
}

#[test]
fn one_strategy_with_noise_stays_one() {
    for (name, plan) in plans() {
        let games = testing::games(&plan, name, 60, 3);
        let found = strategies(&games, &StrategyOptions::default());
        assert_eq!(found.races[0].strategies.len(), 1, "{name}");
        assert!(found.races[0].outliers.len() <= 6, "{name}");
        assert_eq!(found.races[0].strategies[0].shows_minute, None);
    }
}

#[test]
fn a_game_that_fits_none_is_an_outlier() {
    let (mut games, _) = labeled(4);
    let odd = games.len();
    let mut plan = testing::bio();
    plan.builds = vec![
        ("CommandCenter", 0.5),
        ("CommandCenter", 1.0),
        ("Armory", 3.0),
        ("GhostAcademy", 4.0),
    ];
    plan.army = vec![("Thor", 6.0, 0.5), ("Ghost", 5.0, 2.0)];
    games.push(testing::game(&plan, "odd", 0, 4));
    let found = strategies(&games, &StrategyOptions::default());
    assert!(found.races[0].outliers.contains(&odd));
    assert_eq!(found.points[odd].strategy, None);
    assert!(
        found.races[0].outliers.len() < 10,
        "{:?}",
        found.races[0].outliers
    );
}

#[test]
fn neither_the_order_of_games_nor_threads_change_strategies() {
    let (games, _) = labeled(2);
    let options = StrategyOptions {
        clustered_max: 100,
        ..StrategyOptions::default()
    };
    let first = strategies(&games, &options);
    let one = rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .build()
        .unwrap();
    assert_eq!(one.install(|| strategies(&games, &options)), first);
    let mut order: Vec<usize> = (0..games.len()).collect();
    order.shuffle(&mut Seed(1).rng());
    let shuffled: Vec<PlayerGame> = order.iter().map(|at| games[*at].clone()).collect();
    let again = strategies(&shuffled, &options);
    for (place, at) in order.iter().enumerate() {
        let (a, b) = (&again.points[place], &first.points[*at]);
        assert_eq!((a.strategy, a.x, a.y), (b.strategy, b.x, b.y));
    }
    for (a, b) in again.races[0]
        .strategies
        .iter()
        .zip(&first.races[0].strategies)
    {
        assert_eq!(
            (&a.name, &a.traits, a.shows_minute),
            (&b.name, &b.traits, b.shows_minute)
        );
        let back: Vec<usize> = a.examples.iter().map(|e| order[*e]).collect();
        assert_eq!(back, b.examples);
    }
}

#[test]
fn more_games_than_are_clustered_join_the_nearest() {
    let (games, truth) = labeled(9);
    let options = StrategyOptions {
        clustered_max: 80,
        ..StrategyOptions::default()
    };
    let found = strategies(&games, &options);
    assert_eq!(found.races[0].clustered, 80);
    let ari = adjusted_rand(&labels(&found), &truth);
    assert!(ari > 0.85, "{ari}");
}

#[test]
fn races_are_told_apart_before_anything_else() {
    let mut games = testing::games(&testing::bio(), "bio", 20, 1);
    for game in &mut games[10..] {
        game.race = Race::Zerg;
    }
    let found = strategies(&games, &StrategyOptions::default());
    let races: Vec<(Race, u32)> = found.races.iter().map(|r| (r.race, r.games)).collect();
    assert_eq!(races, [(Race::Terran, 10), (Race::Zerg, 10)]);
    assert_eq!(found.points.len(), 20);
}

/// Finite wherever a number is told.
fn assert_finite(found: &Strategies) {
    for point in &found.points {
        assert!(point.x.is_finite() && point.y.is_finite(), "{point:?}");
    }
    for race in &found.races {
        assert!(
            race.axes.iter().all(|share| (0.0..=1.001).contains(share)),
            "{:?}",
            race.axes
        );
        for strategy in &race.strategies {
            let rate = strategy.win_rate;
            assert!(rate.low.is_finite() && rate.high.is_finite());
            assert!(!strategy.name.is_empty() && !strategy.name.contains("NaN"));
        }
    }
    serde_json::to_string(found).unwrap();
}

#[test]
fn degenerate_games_are_no_trouble() {
    let options = StrategyOptions::default();
    assert_eq!(strategies(&[], &options), Strategies::default());
    let game = testing::game(&testing::bio(), "bio", 0, 1);
    let one = strategies(std::slice::from_ref(&game), &options);
    assert_eq!(one.races[0].strategies[0].members, [0]);
    let same = strategies(&vec![game.clone(); 30], &options);
    assert_eq!(same.races[0].strategies.len(), 1);
    assert_eq!(same.races[0].strategies[0].members.len(), 30);
    let mut empty = game.clone();
    (empty.loops, empty.result) = (0, None);
    (empty.makings, empty.samples) = (Vec::new(), vec![Sample::default()]);
    let empties = strategies(&vec![empty.clone(); 12], &options);
    assert_eq!(empties.races[0].strategies[0].win_rate.rate, None);
    let mut strange = game.clone();
    strange.makings = vec![
        Making {
            game_loop: u32::MAX,
            stage: Stage::Done,
            what: "Marine".into(),
            position: None,
        },
        Making {
            game_loop: 0,
            stage: Stage::Begun,
            what: "NoSuchThing".into(),
            position: None,
        },
    ];
    let mixed = strategies(&[game, empty, strange], &options);
    for found in [&one, &same, &empties, &mixed] {
        assert_finite(found);
    }
}
