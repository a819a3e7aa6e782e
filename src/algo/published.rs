//! Numbers that others publish for the same functions, held against ours: of rlax (google-deepmind/rlax, the tests in
//! `rlax/_src`) and of SciPy 1.17. Tolerances are the sources' own where they name one.

use super::rl::log_ratio;
use super::testing::{entries, matrix};
use super::*;
use tch::{Device, Kind, Tensor};

fn near(actual: &Tensor, expected: &[f64], tolerance: f64) {
    let actual = entries(actual);
    assert_eq!(actual.len(), expected.len());
    for (a, x) in actual.iter().zip(expected) {
        assert!((a - x).abs() < tolerance, "{actual:?} {expected:?}");
    }
}

fn vector(values: &[f32]) -> Tensor {
    Tensor::from_slice(values)
}

/// A head that takes `target` of these choices, one in each step.
fn head(logits: &Tensor, target: &[i64]) -> HeadDist {
    let rows: Vec<i64> = (0..target.len() as i64).collect();
    HeadDist::new(&HeadChoice {
        logits,
        target: &Tensor::from_slice(target),
        rows: &Tensor::from_slice(&rows),
    })
}

/// The three rows of logits of rlax's `policy_gradients_test.py`.
fn rlax_logits() -> Tensor {
    let rows = [[1.0, 1.0, 1.0], [2.0, 0.0, 0.0], [-1.0, -2.0, -3.0]];
    matrix(&rows.map(Vec::from))
}

/// rlax `multistep_test.py`, `TruncatedGeneralizedAdvantageEstimationTest`: two games, the second with an end in its middle,
/// by three lambdas (here three kinds).
#[test]
fn gae_gives_the_advantages_of_rlax() {
    let kinds = |values: &[f32], t: i64| vector(values).view([2, t, 1]).repeat([1, 1, 3]);
    #[rustfmt::skip]
    let reward = [0.0, 0.0, 1.0, 0.0, -0.5,
                  0.0, 0.0, 0.0, 0.0, 1.0];
    #[rustfmt::skip]
    let value = [1.0, 4.0, -3.0, -2.0, -1.0, -1.0,
                 -3.0, -2.0, -1.0, 0.0, 5.0, -1.0];
    #[rustfmt::skip]
    let discount = [0.99, 0.99, 0.99, 0.99, 0.99,
                    0.9, 0.9, 0.9, 0.0, 0.9];
    let out = gae(
        &kinds(&reward, 5),
        &kinds(&value, 6),
        &kinds(&discount, 5),
        &Tensor::ones([2, 5], (Kind::Bool, Device::Cpu)),
        &[1.0, 0.7, 0.4],
    );
    let expected = [
        [
            [-1.45118, -4.4557, 2.5396, 0.5249, -0.49],
            [3.0, 2.0, 1.0, 0.0, -4.9],
        ],
        [
            [-0.676979, -5.248167, 2.4846, 0.6704, -0.49],
            [2.2899, 1.73, 1.0, 0.0, -4.9],
        ],
        [
            [0.56731, -6.042, 2.3431, 0.815, -0.49],
            [1.725, 1.46, 1.0, 0.0, -4.9],
        ],
    ];
    for (kind, games) in expected.iter().enumerate() {
        let of_kind = out.advantage.select(2, kind as i64);
        near(&of_kind, &games.concat(), 1e-3);
    }
}

/// rlax `policy_gradients_test.py`, `ClippedSurrogatePGLossTest`: ratios of two policies, means over three steps.
#[test]
fn the_clipped_surrogate_is_that_of_rlax() {
    let old = [[1.0, 1.0, 1.0], [2.0, 0.0, 0.0], [-3.0, -2.0, -1.0]];
    let actions = [0, 1, 2];
    let behavior = head(&matrix(&old.map(Vec::from)), &actions).taken;
    let target = head(&rlax_logits(), &actions);
    let log_ratio = log_ratio(&[target], &behavior.unsqueeze(1));
    let advantage = vector(&[0.3, 0.2, 0.1]);
    for (sign, expected) in [(1.0, -0.171_174_67), (-1.0, 0.193_333_33)] {
        let out = clipped_surrogate(&log_ratio, &(&advantage * sign), 0.2);
        near(&out.loss.mean(Kind::Float), &[expected], 1e-4);
    }
}

/// rlax `policy_gradients_test.py`, `EntropyLossTest`: the negative mean of weighted entropies, not normalized (that is,
/// times ln 3 of ours). And the share of the largest entropy: `scipy.stats.entropy` of the same rows, base 3.
#[test]
fn entropies_are_those_of_rlax_and_scipy() {
    let head = head(&rlax_logits(), &[0, 0, 0]);
    let share = normalized_entropy(&head.log_probs, &head.legal);
    for (weights, expected) in [([-2.0, 2.0, 0.0], 0.288_693), ([-3.0, 1.0, -1.0], 1.154_22)] {
        let loss = -(&share * 3f64.ln() * vector(&weights)).mean(Kind::Float);
        near(&loss, &[expected], 1e-4);
    }
    near(&share, &[1.0, 0.605_830_36, 0.757_679_11], 1e-6);
}

/// `scipy.stats.entropy(p, q)`; the first two pairs are those of rlax `distributions_test.py`, `CategoricalKLTest`, the others
/// have a choice that is illegal in both (probability 0).
#[test]
fn divergences_are_those_of_scipy() {
    let a = [0.422_318_82, 0.422_318_82, 0.155_362_41];
    let b = [0.244_728_48, 0.665_240_94, 0.090_030_57];
    let (c, d) = ([0.5, 0.5, 0.0], [0.25, 0.75, 0.0]);
    let log = |p: [f64; 3]| p.map(|p| if p > 0.0 { p.ln() } else { -1e9 }).to_vec();
    let (p, q) = ([a, b, c, d].map(log), [b, a, d, c].map(log));
    let expected = [0.123_292_35, 0.119_629_79, 0.143_841_04, 0.130_812_04];
    near(&kl_divergence(&matrix(&p), &matrix(&q)), &expected, 1e-6);
}

/// rlax `losses_test.py`, `L2LossTest`. Of the clipped variant no source gives numbers: `value` has its plain loop.
#[test]
fn value_losses_are_those_of_rlax() {
    let errors = vector(&[-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0]).unsqueeze(1);
    let expected = [2.0, 0.5, 0.125, 0.0, 0.125, 0.5, 2.0];
    let loss = value_loss(&errors, &errors.zeros_like(), None);
    near(&loss, &expected, 1e-7);
}

/// rlax `distributions_test.py`, `CategoricalCrossEntropyTest`.
#[test]
fn log_likelihoods_are_those_of_rlax() {
    let logits = matrix(&[vec![10.0, 1.0, -2.0], vec![1.0, 4.0, 0.2]]);
    let loss = negative_log_likelihood(&logits, &Tensor::from_slice(&[1i64, 0]));
    near(&loss, &[9.000_13, 3.069_673_3], 1e-4);
}

/// The example in the documentation of `scipy.stats.zscore`, as exact as its four digits of input allow, and a step of padding.
#[test]
fn normalized_advantages_are_z_scores_of_scipy() {
    let given = [
        0.7972, 0.0767, 0.4383, 0.7866, 0.8091, 0.1954, 0.6307, 0.6599, 0.1065, 0.0508, 9.0,
    ];
    let expected = [
        1.1273, -1.247, -0.0552, 1.0923, 1.1664, -0.8559, 0.5786, 0.6748, -1.1488, -1.3324, 0.0,
    ];
    let x = vector(&given);
    near(&normalize(&x, &x.lt(2.0)), &expected, 3e-4);
}
