//! What an update may and may not change.

use super::play::{tiny, unrolls};
use crate::action::Specs;
use crate::learner::{Learner, LearnerError, LearnerOptions, LearnerStats};
use crate::policy::Policy;
use crate::policy::params::values;
use crate::trajectory::{Batch, CollateOptions, Unroll, collate};

fn played(policy: &Policy) -> Batch {
    let played = [unrolls(policy, 3, 16, 8), unrolls(policy, 4, 16, 8)].concat();
    let options = CollateOptions {
        t: 8,
        reset_rows: false,
    };
    collate(
        &played.iter().collect::<Vec<_>>(),
        &Specs::default(),
        options,
    )
}

fn learner(policy: &Policy, warmup: u64, threads: usize) -> Learner {
    let options = LearnerOptions {
        value_warmup_steps: warmup,
        ..LearnerOptions::default()
    };
    with_options(policy, options, threads)
}

fn with_options(policy: &Policy, options: LearnerOptions, threads: usize) -> Learner {
    // Weights of its own: `policy` stays what it is.
    let own = policy
        .with_value_kinds(3, crate::game::Seed(0))
        .expect("valid");
    let teacher = own
        .with_value_kinds(3, crate::game::Seed(0))
        .expect("valid");
    Learner::new(own, Some(teacher), options, threads).expect("valid")
}

/// Names of the parameters that differ.
fn moved(a: &Policy, b: &Policy) -> Vec<String> {
    let pairs = a.params().entries().iter().zip(b.params().entries());
    pairs
        .filter(|((_, x), (_, y))| !x.equal(y))
        .map(|((name, _), _)| name.clone())
        .collect()
}

#[test]
fn the_warm_up_moves_the_value_heads_alone() {
    let policy = tiny(3, 5);
    let batch = played(&policy);
    let mut learner = learner(&policy, 2, 1);
    for step in 0..3 {
        assert_eq!(learner.is_warming_up(), step < 2);
        let stats = learner.step(&batch, 1e-3).expect("learns");
        assert_eq!(stats.is_warmup, step < 2);
        let names = moved(&policy, &learner.policy);
        let others = names.iter().filter(|n| !n.starts_with("value.")).count();
        assert!(names.iter().any(|n| n.starts_with("value.kind.2")));
        assert_eq!(others == 0, step < 2, "step {step}: {names:?}");
    }
}

/// Adam's first step moves a parameter by the rate, whatever the size of its gradient.
#[test]
fn the_value_heads_have_a_rate_of_their_own() {
    let policy = tiny(3, 5);
    let batch = played(&policy);
    let options = LearnerOptions {
        value_rate: 5.0,
        value_warmup_steps: 0,
        ..LearnerOptions::default()
    };
    let mut learner = with_options(&policy, options, 1);
    learner.step(&batch, 1e-3).expect("learns");
    let pairs = policy.params().entries().iter();
    let pairs = pairs.zip(learner.policy.params().entries());
    for ((name, before), (_, after)) in pairs {
        let moved = (after - before).abs().max().double_value(&[]);
        let rate = if name.starts_with("value.") {
            5e-3
        } else {
            1e-3
        };
        assert!(moved < 1.01 * rate, "{name} moved by {moved}");
        let is_output = name.starts_with("value.") && name.ends_with("bias");
        assert!(!is_output || moved > 0.9 * rate, "{name} moved by {moved}");
    }
}

#[test]
fn repeated_updates_on_one_batch_do_what_the_loss_says() {
    let policy = tiny(3, 6);
    let batch = played(&policy);
    let mut learner = learner(&policy, 0, 1);
    let all: Vec<LearnerStats> = (0..12)
        .map(|_| learner.step(&batch, 3e-3).expect("learns"))
        .collect();
    let (first, last) = (&all[0], &all[11]);
    assert!(last.loss < first.loss, "{} {}", first.loss, last.loss);
    for (a, b) in first.rl.kinds.iter().zip(&last.rl.kinds) {
        assert!(b.value_loss < a.value_loss);
        assert!(b.explained_variance > a.explained_variance);
    }
    assert!(last.rl.loss_ppo < first.rl.loss_ppo);
    assert!(last.rl.approx_kl > 0.0 && last.rl.clip_fraction > 0.0);
    assert!(last.rl.heads.iter().any(|h| h.kl > 0.0));
}

/// Weights and moments.
fn snapshot(learner: &Learner) -> Vec<f32> {
    learner.state_tensors().iter().flat_map(values).collect()
}

#[test]
fn a_loss_that_is_no_number_changes_nothing() {
    let policy = tiny(3, 7);
    let mut learner = learner(&policy, 0, 2);
    let good = played(&policy);
    learner.step(&good, 1e-3).expect("learns");
    let before = snapshot(&learner);
    let mut bad = good.clone();
    bad.rl.rewards[4] = f32::NAN;
    assert!(matches!(
        learner.step(&bad, 1e-3),
        Err(LearnerError::NotFinite { what: "loss" })
    ));
    assert_eq!(snapshot(&learner), before);
    assert_eq!(learner.optimizer.step_count(), 1);
    learner.step(&good, 1e-3).expect("goes on");
}

/// A reward that no game gives: all numbers are finite, and the loss is far beyond what anybody learns by.
#[test]
fn a_loss_that_explodes_changes_nothing() {
    let policy = tiny(3, 7);
    let mut learner = learner(&policy, 0, 2);
    let good = played(&policy);
    learner.step(&good, 1e-3).expect("learns");
    let before = snapshot(&learner);
    let step = |learner: &mut Learner, reward| {
        let mut batch = good.clone();
        batch.rl.rewards[4] = reward;
        learner.step(&batch, 1e-3)
    };
    let error = step(&mut learner, 1e5).expect_err("explodes");
    let LearnerError::Exploded { what, value, bound } = error else {
        panic!("{error}");
    };
    assert!(what == "loss" && value.is_finite() && value > bound);
    assert!(error.to_string().contains("exploded"), "{error}");
    assert_eq!(snapshot(&learner), before);
    assert_eq!(learner.optimizer.step_count(), 1);
    step(&mut learner, 10.0).expect("large, but learned from");
}

/// Activations of millions behind a value head whose weights are 0: the loss does not see them, the gradient does.
#[test]
fn a_gradient_that_explodes_changes_nothing() {
    let policy = tiny(3, 7);
    let batch = played(&policy);
    let mut learner = learner(&policy, 0, 1);
    tch::no_grad(|| {
        for (name, weight) in learner.policy.params().entries() {
            match name.as_str() {
                "value.kind.0.hidden.weight" => drop(weight.detach().g_mul_scalar_(1e7)),
                "value.kind.0.out.weight" => drop(weight.detach().zero_()),
                _ => {}
            }
        }
    });
    let before = snapshot(&learner);
    let error = learner.step(&batch, 1e-3).expect_err("explodes");
    let explodes = matches!(error, LearnerError::Exploded { what: "gradient norm", value, bound } if value > bound);
    assert!(explodes, "{error}");
    assert_eq!(snapshot(&learner), before);
    assert_eq!(learner.optimizer.step_count(), 0);
}

#[test]
fn threads_share_the_work_and_change_no_bit_from_run_to_run() {
    let policy = tiny(3, 8);
    let batch = played(&policy);
    let run = |threads| {
        let mut learner = learner(&policy, 1, threads);
        let stats: Vec<LearnerStats> = (0..3)
            .map(|_| learner.step(&batch, 1e-3).expect("learns"))
            .collect();
        let weights: Vec<f32> = learner
            .policy
            .params()
            .entries()
            .iter()
            .flat_map(|(_, t)| values(t))
            .collect();
        (weights, stats)
    };
    let (one, two, again) = (run(1), run(2), run(2));
    assert_eq!(two, again);
    for (a, b) in one.1.iter().zip(&two.1) {
        assert!((a.loss - b.loss).abs() < 1e-3, "{} {}", a.loss, b.loss);
        assert!((a.gradient_norm - b.gradient_norm).abs() < 1e-2 * (1.0 + a.gradient_norm));
        assert_eq!(a.rl.n, b.rl.n);
    }
}

#[test]
fn the_supervised_policys_state_can_be_carried_along() {
    let policy = tiny(3, 9);
    let batch = played(&policy);
    let learner = learner(&policy, 0, 1);
    let after = learner.follow_supervised(&batch).expect("fits");
    // Rows 0 and 1 are one game, and the supervised policy has the actor's weights: what comes behind row 0 is what the
    // actor had at the start of row 1.
    let width = batch.rl.lstm.width;
    let actor = &batch.rl.lstm.hidden[width..2 * width];
    assert_eq!(after[0].hidden.len(), width);
    for (a, b) in after[0].hidden.iter().zip(actor) {
        assert!((a - b).abs() < 1e-4, "{a} {b}");
    }
}

/// The supervised policy has other weights than the actor here, so only its own way through the game gives its state.
#[test]
fn a_game_is_followed_unroll_by_unroll() {
    let (actor, teacher) = (tiny(3, 9), tiny(3, 77));
    let options = LearnerOptions::default();
    let learner = Learner::new(actor.share(), Some(teacher.share()), options, 1).expect("valid");
    let batch_of = |unroll: &Unroll| {
        let options = CollateOptions {
            t: unroll.steps.len(),
            reset_rows: false,
        };
        collate(&[unroll], &Specs::default(), options)
    };
    let mut game = unrolls(&actor, 3, 21, 8);
    learner.follow_game(&mut game, batch_of).expect("fits");
    assert!(game[0].supervised_lstm.is_none(), "a game begins with none");
    let begun = Unroll {
        steps: game[..2].iter().flat_map(|u| u.steps.clone()).collect(),
        ..Unroll::default()
    };
    let at_once = learner.follow_supervised(&batch_of(&begun)).expect("fits");
    let own = game[2].supervised_lstm.as_ref().expect("followed");
    let pairs = at_once[0].hidden.iter().zip(&own.hidden);
    let cells = at_once[0].cell.iter().zip(&own.cell);
    assert!(pairs.chain(cells).all(|(a, b)| (a - b).abs() < 1e-4));
    let actors = game[2].lstm.as_ref().expect("recorded");
    let differs = own.hidden.iter().zip(&actors.hidden);
    assert!(differs.filter(|(a, b)| (*a - *b).abs() > 1e-2).count() > 3);
}

#[test]
fn options_out_of_range_are_named() {
    let refused = |change: fn(&mut LearnerOptions)| {
        let mut options = LearnerOptions::default();
        change(&mut options);
        let error = Learner::new(tiny(3, 1), Some(tiny(3, 1)), options, 1).expect_err("refused");
        error.to_string()
    };
    assert!(refused(|o| o.clip_epsilon = 0.0).starts_with("clip_epsilon is 0"));
    assert!(refused(|o| o.lambda = vec![0.9]).starts_with("lambda is 1"));
    assert!(refused(|o| o.discount_per_loop[1] = 1.5).starts_with("discount_per_loop is 1.5"));
    assert!(refused(|o| o.kl_weights[0] = f64::NAN).starts_with("kl_weights is NaN"));
    let without = Learner::new(tiny(3, 1), None, LearnerOptions::default(), 1);
    assert!(
        without
            .expect_err("refused")
            .to_string()
            .contains("kl_cost")
    );
}

#[test]
fn metrics_have_their_promised_names() {
    let policy = tiny(3, 10);
    let mut learner = learner(&policy, 0, 1);
    let stats = learner.step(&played(&policy), 1e-3).expect("learns");
    let names: Vec<String> = stats
        .metrics(&["win_loss", "build_order", "unit_counts"])
        .into_iter()
        .map(|(name, value)| {
            assert!(value.is_finite(), "{name}");
            name
        })
        .collect();
    for name in [
        "loss/ppo",
        "loss/value/build_order",
        "explained_variance/win_loss",
        "loss/kl/target_cell",
        "entropy/selected",
        "clip_fraction",
        "approx_kl",
        "gradient_norm",
    ] {
        assert!(names.iter().any(|n| n == name), "{name} in {names:?}");
    }
}
