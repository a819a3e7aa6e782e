//! Planted strategies come first, samples of one set give nothing, whatever the order and the number of threads.

use super::*;
use crate::analysis::features::testing;
use crate::analysis::{Making, Sample, Stage};
use rand::seq::SliceRandom;

fn quick() -> DiscoverOptions {
    DiscoverOptions {
        permutations: 199,
        ..DiscoverOptions::default()
    }
}

/// A reference without, and a set in which every third game masses landed vikings.
fn planted(seed: u64, games: u64) -> (Vec<PlayerGame>, Vec<PlayerGame>) {
    let mut set = testing::mixed("agent", games - games / 3, seed);
    set.extend(testing::games(
        &testing::landed_vikings(),
        "landed",
        games / 3,
        seed,
    ));
    (set, testing::mixed("human", 120, seed))
}

#[test]
fn massed_landed_vikings_come_first() {
    let mut wins = [0.0; 2];
    for seed in 1..=5 {
        let (set, reference) = planted(seed, 60);
        let result = discoveries(&set, &reference, &DiscoverOptions::default());
        let first = &result.found[0];
        assert_eq!(
            first.kind,
            DiscoveryKind::Composition,
            "seed {seed}: {}",
            first.title
        );
        assert!(
            first.title.starts_with("Viking (landed)"),
            "seed {seed}: {}",
            first.title
        );
        assert!(first.p_adjusted <= 0.001 + 1e-9, "{}", first.p_adjusted);
        assert_eq!(first.reference_rate.count, 0.0);
        assert!(first.set_rate.low > first.reference_rate.high);
        let landed = first
            .games
            .iter()
            .filter(|g| set[**g].name == "landed")
            .count();
        assert!(
            landed >= 16 && landed == first.games.len(),
            "{landed} of {}",
            first.games.len()
        );
        wins[0] += first.win_rate.count;
        wins[1] += first.other_win_rate.count / f64::from(first.other_win_rate.of)
            * f64::from(first.win_rate.of);
        for example in &first.examples {
            assert_eq!(set[example.game].file, example.file);
            assert_eq!(
                set[example.game].result,
                Some(crate::game::GameResult::Victory)
            );
            assert!((3.0..10.0).contains(&example.minute), "{}", example.minute);
        }
    }
    // They win 80% of their games, the others 50%; over five seeds that shows.
    assert!(wins[0] > wins[1] + 10.0, "{wins:?}");
}

#[test]
fn what_describes_the_same_games_is_told_once() {
    let (set, reference) = planted(3, 60);
    let result = discoveries(&set, &reference, &quick());
    let vikings: Vec<&String> = result
        .found
        .iter()
        .map(|d| &d.title)
        .filter(|title| title.contains("Viking"))
        .collect();
    assert!(vikings.len() <= 2, "{vikings:?}");
    assert!(!result.found[0].also.is_empty());
    let strengths: Vec<f64> = result.found.iter().map(|d| d.strength).collect();
    assert!(strengths.is_sorted_by(|a, b| a >= b), "{strengths:?}");
}

#[test]
fn a_new_timing_and_a_new_sequence_are_found() {
    let reference = testing::games(&testing::tanks(), "human", 80, 1);
    let mut plan = testing::tanks();
    plan.builds.insert(1, ("EngineeringBay", 0.5));
    plan.builds.insert(2, ("EngineeringBay", 0.6));
    let set = testing::games(&plan, "agent", 30, 1);
    let result = discoveries(&set, &reference, &quick());
    let told: Vec<&String> = result
        .found
        .iter()
        .flat_map(|d| std::iter::once(&d.title).chain(&d.also))
        .collect();
    let has = |text: &str| told.iter().any(|title| title.contains(text));
    assert!(has("Engineering Bay by "), "{told:?}");
    assert!(has("in a row"), "{told:?}");
}

/// In how many of `rounds` splits of one set anything is found.
fn false_discoveries(
    games: &[PlayerGame],
    set: usize,
    rounds: u64,
    options: &DiscoverOptions,
) -> u64 {
    let mut false_ones = 0;
    for round in 0..rounds {
        let mut order: Vec<usize> = (0..games.len()).collect();
        order.shuffle(&mut Seed(round).fork("split", 0).rng());
        let part = |range: &[usize]| {
            range
                .iter()
                .map(|at| games[*at].clone())
                .collect::<Vec<_>>()
        };
        let (set, reference) = (part(&order[..set]), part(&order[set..]));
        let options = DiscoverOptions {
            seed: round,
            ..options.clone()
        };
        let result = discoveries(&set, &reference, &options);
        assert!(result.statements > 100, "{}", result.statements);
        assert!(
            !result.found.is_empty() || result.notes.len() == 1,
            "{:?}",
            result.notes
        );
        false_ones += u64::from(!result.found.is_empty());
    }
    false_ones
}

#[test]
fn samples_of_one_set_give_nothing() {
    let games = testing::mixed("human", 100, 11);
    let options = quick();
    assert_eq!(false_discoveries(&games, 50, 30, &options), 0);
    assert_eq!(false_discoveries(&games, 20, 30, &options), 0);
}

/// At a level of 20%, about 20% of splits may give something, and not more: the level means what it says.
#[test]
fn the_level_is_held() {
    let games = testing::mixed("human", 80, 5);
    let options = DiscoverOptions {
        level: 0.2,
        permutations: 99,
        reference_rate_max: 1.0,
        ..DiscoverOptions::default()
    };
    let rounds = 100;
    let found = false_discoveries(&games, 30, rounds, &options);
    // 20 +- 4; 34 is 3.5 deviations more. Nothing at all would be a test that cannot find anything.
    assert!((1..=34).contains(&found), "{found} of {rounds}");
}

#[test]
fn few_games_find_nothing_and_say_why() {
    let (set, reference) = planted(1, 60);
    for (set, reference) in [(&set[51..], &reference[..]), (&set[..], &reference[..9])] {
        let result = discoveries(set, reference, &quick());
        assert!(result.found.is_empty());
        assert!(
            result.notes[0].contains("at least 10 of each are needed"),
            "{:?}",
            result.notes
        );
    }
    let result = discoveries(
        &set,
        &reference,
        &DiscoverOptions {
            permutations: 20,
            ..quick()
        },
    );
    assert!(
        result.notes[0].contains("at least 99 are needed"),
        "{:?}",
        result.notes
    );
}

#[test]
fn longer_games_alone_are_no_discovery() {
    let mut reference = testing::games(&testing::bio(), "human", 80, 1);
    for game in &mut reference {
        let end = 1344 * 5;
        game.loops = end;
        game.makings.retain(|making| making.game_loop <= end);
        game.samples.retain(|sample| sample.game_loop <= end);
    }
    let set = testing::games(&testing::bio(), "agent", 40, 2);
    let result = discoveries(&set, &reference, &quick());
    let titles: Vec<&String> = result.found.iter().map(|d| &d.title).collect();
    assert!(titles.is_empty(), "{titles:?}");
    assert!(
        result.notes[0].contains("lasted as long"),
        "{:?}",
        result.notes
    );
}

#[test]
fn neither_the_order_of_games_nor_threads_change_discoveries() {
    let (set, reference) = planted(4, 45);
    let first = discoveries(&set, &reference, &quick());
    let one = rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .build()
        .unwrap();
    assert_eq!(
        one.install(|| discoveries(&set, &reference, &quick())),
        first
    );
    let mut order: Vec<usize> = (0..set.len()).collect();
    order.shuffle(&mut Seed(8).rng());
    let shuffled: Vec<PlayerGame> = order.iter().map(|at| set[*at].clone()).collect();
    let turned: Vec<PlayerGame> = reference.iter().rev().cloned().collect();
    let mut again = discoveries(&shuffled, &turned, &quick());
    for discovery in &mut again.found {
        discovery.games = discovery.games.iter().map(|at| order[*at]).collect();
        discovery.games.sort_unstable();
        discovery
            .examples
            .iter_mut()
            .for_each(|example| example.game = order[example.game]);
    }
    assert_eq!(again, first);
}

#[test]
fn two_sides_of_one_game_are_one_observation() {
    let mut set = testing::games(&testing::landed_vikings(), "landed", 12, 1);
    for (at, game) in set.iter_mut().enumerate() {
        game.file = format!("landed/{}.screp", at / 2).into();
        game.player = 1 + (at % 2) as u8;
    }
    let result = discoveries(&set, &testing::mixed("human", 60, 1), &quick());
    assert_eq!((result.races[0].games, result.races[0].tested), (12, 6));
    assert!(result.found.is_empty());
}

#[test]
fn degenerate_games_are_no_trouble() {
    let game = testing::game(&testing::bio(), "bio", 0, 1);
    let mut empty = game.clone();
    (empty.loops, empty.result) = (0, None);
    (empty.makings, empty.samples) = (Vec::new(), vec![Sample::default()]);
    let mut strange = game.clone();
    let what = Making {
        game_loop: u32::MAX,
        stage: Stage::Done,
        what: "Marine".into(),
        position: None,
    };
    strange.makings = vec![what; 50];
    let many = |game: &PlayerGame, name: &str| -> Vec<PlayerGame> {
        let one = |at: usize| PlayerGame {
            file: format!("{name}{at}").into(),
            ..game.clone()
        };
        (0..20).map(one).collect()
    };
    let sets = [
        Vec::new(),
        vec![game.clone()],
        many(&game, "g"),
        many(&empty, "e"),
        many(&strange, "s"),
    ];
    for set in &sets {
        for reference in &sets {
            let result = discoveries(set, reference, &quick());
            assert!(!result.found.is_empty() || !result.notes.is_empty());
            for discovery in &result.found {
                assert!(discovery.strength.is_finite() && discovery.p_adjusted.is_finite());
                assert!(discovery.set_rate.rate.is_some());
            }
            serde_json::to_string(&result).unwrap();
        }
        let same = discoveries(set, set, &quick());
        assert!(same.found.is_empty(), "{:?}", same.found);
    }
}
