//! Tests of wire format and collation.

use super::*;
use crate::action::{Action, Interface, SKIP_LOOPS_MIN, Specs, functions, selectable};
use crate::game::{Race, Seed};
use crate::obs::testing::{crowd, info};
use crate::obs::{Conditioning, Observation, UnitGroup};
use proptest::prelude::*;
use rand::RngExt;

/// A made-up game: the crowd of a seed, drifting, with some dying and some hurt, and actions in between.
fn game(seed: u64, n: usize, behavior: bool) -> Vec<Step> {
    let mut rng = Seed(seed).rng();
    let specs = Specs::default();
    let mut interface = Interface::new(
        &specs,
        &info(Race::Terran, Race::Terran),
        Conditioning::default(),
    );
    let mut world = crowd(seed);
    let attack = functions::by_name("Attack_unit").unwrap();
    (0..n)
        .map(|i| {
            world.game_loop += 16;
            world.player.minerals += 7;
            for u in &mut world.units {
                u.pos.x = (u.pos.x + rng.random_range(-0.3..0.3)).clamp(4.0, 99.0);
                u.facing = rng.random_range(0.0..6.2);
            }
            if i % 3 == 2 {
                let at = rng.random_range(0..world.units.len());
                world.units.remove(at);
            }
            let mut obs = Observation::default();
            interface.observe(&world, &mut obs);
            let mut mask = Vec::new();
            selectable(&obs, attack, &mut mask);
            let action = if i % 2 == 0 {
                Action {
                    skip_loops: 16,
                    ..Action::default()
                }
            } else {
                Action {
                    function: attack,
                    skip_loops: 9,
                    queued: true,
                    selected: (0..mask.len() as u16)
                        .filter(|&k| mask[usize::from(k)] == 1)
                        .take(1 + i)
                        .collect(),
                    target_unit: Some(obs.concat_idx(UnitGroup::Enemy, i % 3) as u16),
                    target_cell: None,
                }
            };
            interface.record(&action, &obs);
            Step {
                reset: i == 0,
                obs,
                action,
                behavior: behavior.then(|| Behavior {
                    log_probs: [-0.5; 6],
                    values: vec![0.25, i as f32],
                    policy_version: 7,
                    rewards: vec![0.0, 1.0],
                    terminated: i + 1 == n,
                }),
            }
        })
        .collect()
}

fn specs() -> Specs {
    Specs::default()
}

#[test]
fn decoding_gives_back_the_very_same_steps() {
    let wire = Wire::new(&specs());
    for seed in 0..3 {
        let unroll = Unroll {
            steps: game(seed, 12, seed == 1),
            bootstrap: vec![0.5; seed as usize],
            ..Unroll::default()
        };
        let bytes = wire.encode(&unroll);
        assert_eq!(wire.decode(&bytes).unwrap(), unroll);
    }
    assert_eq!(
        wire.decode(&wire.encode(&Unroll::default())).unwrap(),
        Unroll::default()
    );
}

/// A state as wide as the `paper` network's: three layers of 1024, noisy as real ones are.
fn state(seed: u64) -> LstmState {
    let mut rng = Seed(seed).rng();
    let mut draw = || (0..3 * 1024).map(|_| rng.random_range(-1.0..1.0)).collect();
    LstmState {
        hidden: draw(),
        cell: draw(),
    }
}

#[test]
fn what_reinforcement_learning_adds_survives_and_stays_small() {
    let wire = Wire::new(&specs());
    let n = 16;
    let unroll = Unroll {
        steps: game(1, n, true),
        bootstrap: vec![0.5, 0.25, -1.0],
        return_bootstrap: vec![1.0, 0.125, -2.0],
        lstm: Some(state(1)),
        supervised_lstm: Some(state(2)),
    };
    let bytes = wire.encode(&unroll);
    assert_eq!(wire.decode(&bytes).unwrap(), unroll);
    let plain = wire.encode(&Unroll {
        steps: game(1, n, false),
        ..Unroll::default()
    });
    let added = (bytes.len() - plain.len()) / n;
    assert!(added < 3500, "{added} bytes a step beside the game's");
    assert!(bytes.len() / n < 8192, "{} bytes a step", bytes.len() / n);
    assert_eq!(unroll.policy_version(), Some(7));
}

/// Imitation's unrolls have the same content in all versions, so shards neither grow nor become unreadable.
#[test]
fn unrolls_of_older_versions_are_still_read() {
    let wire = Wire::new(&specs());
    let unroll = Unroll {
        steps: game(3, 4, false),
        ..Unroll::default()
    };
    let mut bytes = wire.encode(&unroll);
    assert_eq!(bytes[4..6], [3, 0]);
    for version in [1, 2] {
        bytes[4] = version;
        assert_eq!(wire.decode(&bytes).unwrap(), unroll);
    }
}

#[test]
fn states_are_rows_and_the_supervised_ones_default_to_the_behavior_policys() {
    let with = |lstm, supervised_lstm| Unroll {
        steps: game(1, 2, true),
        bootstrap: vec![1.0, 2.0],
        return_bootstrap: Vec::new(),
        lstm,
        supervised_lstm,
    };
    let small = |x: f32| LstmState {
        hidden: vec![x, x + 1.0],
        cell: vec![-x, -x],
    };
    let unrolls = [
        with(None, None),
        with(Some(small(3.0)), None),
        with(Some(small(5.0)), Some(small(7.0))),
    ];
    let b = collate(&unrolls.iter().collect::<Vec<_>>(), &specs(), OPTIONS);
    assert_eq!(b.rl.lstm.width, 2);
    assert_eq!(b.rl.lstm.hidden, [0.0, 0.0, 3.0, 4.0, 5.0, 6.0]);
    assert_eq!(b.rl.supervised_lstm.hidden, [0.0, 0.0, 3.0, 4.0, 7.0, 8.0]);
    assert_eq!(
        b.rl.supervised_lstm.cell,
        [0.0, 0.0, -3.0, -3.0, -7.0, -7.0]
    );
    assert_eq!(b.rl.loops[..3], [16.0, 9.0, 0.0]);
    let part = lanes::take(&b, &[2, 1]);
    assert_eq!(part.rl.lstm.hidden, [5.0, 6.0, 3.0, 4.0]);
    assert_eq!(part.rl.values[..4], b.rl.values[2 * 6 * 2..][..4]);
    assert_eq!(part.rl.bootstrap, [1.0, 2.0, 1.0, 2.0]);
    assert_eq!(part.rl.return_bootstrap, [1.0, 2.0, 1.0, 2.0]);
}

#[test]
fn units_that_reorder_or_share_no_tag_survive() {
    let wire = Wire::new(&specs());
    let mut steps = game(4, 4, false);
    for (i, step) in steps.iter_mut().enumerate() {
        let dim = step.obs.features[0].len() / step.obs.units[0].len();
        step.obs.units[0].rotate_left(i * 7);
        step.obs.features[0].rotate_left(i * 7 * dim);
        step.obs.units[1].swap(0, 1);
        for row in &mut step.obs.units[2][..3] {
            row.tag = crate::game::UnitTag(0);
        }
    }
    let unroll = Unroll {
        steps,
        bootstrap: vec![],
        ..Unroll::default()
    };
    assert_eq!(wire.decode(&wire.encode(&unroll)).unwrap(), unroll);
}

#[test]
fn damage_is_named_and_never_a_panic() {
    let wire = Wire::new(&specs());
    let bytes = wire.encode(&Unroll {
        steps: game(1, 3, false),
        bootstrap: vec![],
        ..Unroll::default()
    });
    assert!(matches!(wire.decode(b"PNG!....."), Err(WireError::Magic)));
    assert!(matches!(
        wire.decode(&bytes[..10]),
        Err(WireError::Truncated)
    ));
    assert!(wire.decode(&bytes[..bytes.len() / 2]).is_err());
    let mut newer = bytes.clone();
    newer[4] = 99;
    assert!(matches!(wire.decode(&newer), Err(WireError::Version(99))));
    let mut other = bytes.clone();
    other[6] ^= 1;
    assert!(matches!(wire.decode(&other), Err(WireError::Specs { .. })));
    let mut long = bytes.clone();
    long[14..18].copy_from_slice(&u32::MAX.to_le_bytes());
    assert!(matches!(wire.decode(&long), Err(WireError::Damaged(_))));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// A few bits of a zstd frame say nothing about its content (the window's size): those may flip unnoticed.
    #[test]
    fn flipped_bits_are_refused_or_change_nothing(at in 0usize..1_000_000, bit in 0u32..8) {
        let wire = Wire::new(&specs());
        let unroll = Unroll { steps: game(1, 2, false), ..Unroll::default() };
        let mut bytes = wire.encode(&unroll);
        let n = bytes.len();
        bytes[at % n] ^= 1 << bit;
        if let Ok(decoded) = wire.decode(&bytes) {
            prop_assert_eq!(decoded, unroll);
        }
    }
}

#[test]
fn unrolls_keep_all_steps_in_order() {
    let steps = game(2, 10, false);
    let unrolls = slice_unrolls(steps.clone(), 4);
    assert_eq!(
        unrolls.iter().map(|u| u.steps.len()).collect::<Vec<_>>(),
        [4, 4, 2]
    );
    assert_eq!(
        unrolls
            .into_iter()
            .flat_map(|u| u.steps)
            .collect::<Vec<_>>(),
        steps
    );
}

const OPTIONS: CollateOptions = CollateOptions {
    t: 6,
    reset_rows: false,
};

fn batch_of(games: &[Vec<Step>]) -> Batch {
    let unrolls: Vec<Unroll> = games
        .iter()
        .map(|g| Unroll {
            steps: g.clone(),
            bootstrap: vec![1.0, 2.0],
            ..Unroll::default()
        })
        .collect();
    collate(&unrolls.iter().collect::<Vec<_>>(), &specs(), OPTIONS)
}

#[test]
fn shapes_follow_the_batch() {
    let b = batch_of(&[game(1, 6, true), game(2, 3, true)]);
    let s = specs();
    let rows = 2 * 6;
    assert_eq!((b.obs.b, b.obs.t), (2, 6));
    assert_eq!(b.obs.scalars.len(), rows * s.obs.scalar_dim());
    assert_eq!(b.obs.planes.len(), rows * 6 * 64 * 64);
    assert_eq!(b.obs.legal_functions.len(), rows * s.obs.n_functions);
    for g in 0..3 {
        assert_eq!(b.obs.unit_types[g].len(), rows * b.obs.n[g]);
        assert_eq!(
            b.obs.unit_features[g].len(),
            rows * b.obs.n[g] * s.obs.unit_dim(g)
        );
    }
    assert_eq!(b.obs.unit_orders.len(), rows * b.obs.n[0] * 2);
    assert_eq!(b.act.s, 7, "six units and the end token");
    assert_eq!(b.act.selected.len(), rows * b.act.s);
    assert_eq!(b.act.targetable.len(), rows * b.obs.n.iter().sum::<usize>());
    assert_eq!(
        b.valid,
        [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0]
    );
    assert_eq!(b.resets, [1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0]);
    assert_eq!(
        (b.rl.r, b.rl.values.len(), b.rl.bootstrap.len()),
        (2, rows * 2, 4)
    );
    assert_eq!(b.rl.discounts[5], 0.0);
    assert_eq!(b.rl.policy_version, [7, 7]);
    assert_eq!(b.forced, [0; 3]);
}

#[test]
fn targets_point_at_what_was_chosen() {
    let steps = game(1, 6, false);
    let b = batch_of(&[steps.clone(), game(9, 6, false)]);
    assert_eq!(b.rl, RlBatch::default());
    let (n, s) = (b.obs.n, b.act.s);
    for (i, step) in steps.iter().enumerate() {
        let a = &step.action;
        assert_eq!(b.act.function[i], i64::from(a.function));
        assert_eq!(b.act.skip[i], i64::from(a.skip_loops - SKIP_LOOPS_MIN));
        let mask = &b.act.head_mask[i * 6..][..6];
        if a.function == 0 {
            assert_eq!(mask, [1.0, 1.0, 0.0, 0.0, 0.0, 0.0]);
            assert_eq!(b.act.selected_mask[i * s..][..s], vec![0.0; s]);
            continue;
        }
        assert_eq!(mask, [1.0, 1.0, 1.0, 1.0, 1.0, 0.0]);
        let k = a.selected.len();
        let row = &b.act.selected[i * s..][..s];
        assert!(
            row[..k]
                .iter()
                .zip(&a.selected)
                .all(|(x, y)| *x == i64::from(*y))
        );
        assert!(
            row[k..].iter().all(|x| *x == n[0] as i64),
            "the end token, repeated"
        );
        assert_eq!(
            b.act.selected_mask[i * s..][..s].iter().sum::<f32>(),
            k as f32 + 1.0
        );
        let (group, at) = step.obs.unit_at(a.target_unit.unwrap().into()).unwrap();
        assert_eq!(group, UnitGroup::Enemy);
        assert_eq!(b.act.target_unit[i], (n[0] + at) as i64);
        let all = n.iter().sum::<usize>();
        assert_eq!(b.act.targetable[i * all + n[0] + at], 1);
    }
}

#[test]
fn rows_do_not_leak_into_each_other() {
    let one = batch_of(&[game(1, 6, false), game(2, 6, false)]);
    let two = batch_of(&[game(1, 6, false), game(3, 6, false)]);
    assert_eq!(one.obs.n, two.obs.n);
    let half = |v: &[f32]| v[..v.len() / 2].to_vec();
    assert_eq!(half(&one.obs.scalars), half(&two.obs.scalars));
    for g in 0..3 {
        assert_eq!(
            half(&one.obs.unit_features[g]),
            half(&two.obs.unit_features[g])
        );
    }
    assert_ne!(one.obs.scalars, two.obs.scalars);
}

#[test]
fn reused_batches_hold_nothing_of_the_past() {
    let mut batch = batch_of(&[game(5, 6, true), game(6, 6, true)]);
    let unroll = Unroll {
        steps: game(1, 2, false),
        bootstrap: vec![],
        ..Unroll::default()
    };
    collate_into(&mut batch, &[&unroll], &specs(), OPTIONS);
    assert_eq!(batch, collate(&[&unroll], &specs(), OPTIONS));
}

#[test]
fn choices_that_break_the_masks_are_allowed_and_counted() {
    let mut steps = game(1, 1, false);
    let stim = functions::by_name("Effect_Stim_quick").unwrap();
    assert!(!steps[0].obs.is_legal(stim));
    steps[0].action = Action {
        function: stim,
        skip_loops: 2,
        selected: [0, 1].into_iter().collect(),
        ..Action::default()
    };
    let b = batch_of(&[steps]);
    assert_eq!(b.forced, [1, 2, 0]);
    assert_eq!(b.obs.legal_functions[usize::from(stim)], 1);
    assert_eq!(b.act.selectable[..2], [1, 1]);
}

#[test]
fn a_full_selection_has_no_end_token() {
    let mut steps = game(1, 1, false);
    let action = &mut steps[0].action;
    *action = Action {
        function: functions::by_name("Attack_pt").unwrap(),
        skip_loops: 2,
        target_cell: Some(5),
        ..Action::default()
    };
    action.selected = (0..64).collect();
    let b = batch_of(&[steps]);
    assert_eq!(b.act.s, 64);
    assert_eq!(b.act.selected[..64], (0..64).collect::<Vec<i64>>());
    assert_eq!(b.act.selected_mask[..64], [1.0; 64]);
}
