//! Sets of made-up games: what differs is found, what does not is not.

use super::compare::{Measure, compare};
use super::game::{PlayerGame, Stage};
use super::profile::profiles;
use super::testing::{blank, making, sample};
use super::{Findings, sets};
use crate::game::{GameResult, Race, Seed};
use rand::RngExt;

/// Games in which `marines` of ten trained units are marines, give or take two, and the number of SCVs is chance.
fn games(n: usize, marines: usize, seed: u64) -> Vec<PlayerGame> {
    let mut rng = Seed(seed).rng();
    (0..n)
        .map(|i| {
            let mut game = blank(1);
            game.file = format!("game-{i}.screp").into();
            game.result = Some(if i % 4 == 0 {
                GameResult::Defeat
            } else {
                GameResult::Victory
            });
            let bases = rng.random_range(1..=3u32);
            game.samples = vec![sample(1, 12.0, &[("CommandCenter", bases), ("Marine", 1)])];
            let marines = (marines + rng.random_range(0..=4usize))
                .saturating_sub(2)
                .min(10);
            for at in 0..10u32 {
                let what = if (at as usize) < marines {
                    "Marine"
                } else {
                    "Marauder"
                };
                game.makings.push(making(1000 + at, Stage::Done, what));
            }
            for at in 0..rng.random_range(10..20u32) {
                game.makings.push(making(2000 + at, Stage::Done, "SCV"));
            }
            game
        })
        .collect()
}

fn compared(a: &[PlayerGame], b: &[PlayerGame]) -> Vec<super::compare::Compared> {
    let (pa, pb) = (profiles(a), profiles(b));
    compare((a, &pa), (b, &pb), Seed(5))
}

#[test]
fn a_planted_difference_comes_first_and_chance_gives_none() {
    let (many, few) = (games(30, 8, 1), games(40, 3, 2));
    let found = compared(&many, &few);
    let first = &found[0];
    assert_eq!(first.measure, Measure::Share);
    assert!(
        ["Marine", "Marauder"].contains(&first.quantity.as_str()),
        "{}",
        first.quantity
    );
    assert!(first.p_adjusted < 0.02 && first.difference.ks > 0.9);
    let by_chance = found.iter().filter(|it| it.measure != Measure::Share);
    assert!(by_chance.clone().all(|it| it.p_adjusted > 0.05));
    assert!(by_chance.clone().any(|it| it.quantity == "SCV"));
    let same = compared(&games(30, 5, 3), &games(40, 5, 4));
    assert!(same.iter().all(|it| it.p_adjusted > 0.05), "{:?}", same[0]);
}

#[test]
fn a_type_that_one_set_never_makes_is_compared_with_zero() {
    let mut with = games(20, 5, 1);
    for game in &mut with {
        game.makings
            .push(making(3000, Stage::Done, "VikingFighter"));
    }
    let found = compared(&with, &games(20, 5, 2));
    let it = found
        .iter()
        .find(|it| it.quantity == "VikingFighter")
        .unwrap();
    assert_eq!((it.reference.n, it.reference.mean), (20, 0.0));
    assert!(it.set.mean > 0.0 && it.p_adjusted < 0.05);
    assert!(it.histogram.set.iter().sum::<f64>() > 0.999);
}

#[test]
fn races_that_only_one_set_has_are_not_compared() {
    let mut zerg = games(5, 5, 1);
    zerg.iter_mut().for_each(|it| it.race = Race::Zerg);
    assert!(compared(&zerg, &games(5, 5, 2)).is_empty());
    assert!(
        compared(&games(1, 5, 1), &games(5, 5, 2)).is_empty(),
        "one player is no distribution"
    );
    assert!(compared(&[], &[]).is_empty());
}

#[test]
fn a_summary_counts_matchups_and_when_things_come() {
    let games = games(8, 5, 1);
    let found = sets::summarize(&games, &profiles(&games));
    assert_eq!(
        (found.n_games, found.n_players, found.maps["Flat64"]),
        (8, 8, 8)
    );
    let terran = &found.races[0];
    let row = &terran.matchups[0];
    assert_eq!(
        (row.matchup.as_str(), row.games, row.wins, row.losses),
        ("TvT", 8, 6, 2)
    );
    assert!((row.win_rate.unwrap()[0] - 0.75).abs() < 1e-12);
    let marine = terran
        .landmarks
        .iter()
        .find(|it| it.what == "Marine")
        .unwrap();
    assert_eq!(
        (marine.kind, marine.share, marine.median_loop),
        ("unit", 1.0, 1000.0)
    );
    assert_eq!(terran.curves["supply"].len(), 31);
    assert!(
        terran
            .mixes
            .iter()
            .all(|it| (it.trained.values().sum::<f64>() - 1.0).abs() < 1e-9)
    );
}

#[test]
fn findings_do_not_depend_on_threads() {
    let (a, b) = (games(12, 8, 1), games(12, 3, 2));
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        let both = [a.clone(), b.clone()].concat();
        let found = pool.install(|| Findings::of(&both, a.len(), true, Seed(9)));
        serde_json::to_string(&found).unwrap()
    };
    assert_eq!(with(1), with(4));
}
