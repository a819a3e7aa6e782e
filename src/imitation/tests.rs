use super::*;
use crate::action::Specs;
use crate::dataset::tests::{build_with, replays};
use crate::dataset::{Dataset, EpisodeFilter};
use crate::game::Seed;
use std::sync::Arc;

#[test]
fn batches_do_not_depend_on_threads_nor_on_where_one_begins() {
    let dir = tempfile::tempdir().unwrap();
    let (dataset, _) = build_with(&dir.path().join("d"), &replays(dir.path(), 3), 2);
    let dataset = Arc::new(dataset);
    let load = |threads, skip, z_share| {
        let episodes = dataset.select(&EpisodeFilter::default());
        let lengths = episodes
            .iter()
            .map(|&e| dataset.episode(e).steps())
            .collect();
        let order = Order::new(lengths, Seed(3), 3, 5);
        let telling = Telling {
            z_share,
            rating_share: z_share,
            seed: Seed(8),
        };
        let options = LoaderOptions {
            skip,
            threads,
            telling,
        };
        Loader::start(
            dataset.clone(),
            episodes,
            order,
            &Specs::default(),
            &options,
        )
    };
    for z_share in [0.0, 0.6] {
        let (one, three, later) = (
            load(1, 0, z_share),
            load(3, 0, z_share),
            load(2, 6, z_share),
        );
        for i in 0..20 {
            let batch = one.next_batch().unwrap();
            assert_eq!(batch.valid, vec![1.0; 15], "no padding");
            assert!(
                batch == three.next_batch().unwrap(),
                "batch {i} differs by threads"
            );
            if i >= 6 {
                assert!(
                    batch == later.next_batch().unwrap(),
                    "batch {i} differs after skipping"
                );
            }
        }
    }
}

/// Of every step of some batches: whether z's build order, its counts and a rating are given.
fn told(telling: Telling, dataset: &Arc<Dataset>, batches: usize) -> Vec<[bool; 3]> {
    let specs = Specs::default();
    let at = |name: &str| {
        let slice = specs.obs.scalars.iter().find(|s| s.name == name).unwrap();
        slice.start
    };
    let (given, mmr) = (at("z_given"), at("mmr"));
    let episodes = dataset.select(&EpisodeFilter::default());
    let lengths = episodes
        .iter()
        .map(|&e| dataset.episode(e).steps())
        .collect();
    let order = Order::new(lengths, Seed(3), 2, 8);
    let options = LoaderOptions {
        skip: 0,
        threads: 1,
        telling,
    };
    let loader = Loader::start(dataset.clone(), episodes, order, &specs, &options);
    let mut out = Vec::new();
    for _ in 0..batches {
        let batch = loader.next_batch().unwrap();
        for scalars in batch.obs.scalars.chunks(specs.obs.scalar_dim()) {
            out.push([given, given + 1, mmr + 1].map(|i| scalars[i] > 0.5));
        }
    }
    out
}

#[test]
fn learners_are_told_whom_they_imitate_in_the_share_of_games_asked_for() {
    let dir = tempfile::tempdir().unwrap();
    let (dataset, _) = build_with(&dir.path().join("d"), &replays(dir.path(), 3), 2);
    let dataset = Arc::new(dataset);
    for e in 0..dataset.n_episodes() {
        let z = dataset.episode(e).z.as_ref().expect("stored");
        // They build nothing but SCVs, which are counted and stand in no build order.
        assert!(z.build_order.is_empty());
        assert!(z.counts.iter().sum::<u16>() > 2, "{z:?}");
    }
    let never = told(Telling::default(), &dataset, 10);
    assert!(never.iter().all(|t| *t == [false; 3]));
    let always = Telling {
        z_share: 1.0,
        rating_share: 1.0,
        seed: Seed(8),
    };
    let always = told(always, &dataset, 10);
    assert!(always.iter().all(|t| t[2] && !t[0]));
    let counts = always.iter().filter(|t| t[1]).count();
    assert!(
        counts > 0 && counts < always.len(),
        "in three games of four"
    );
}
