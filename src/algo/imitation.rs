//! Imitation loss (SCC §5): the negative log-likelihood of the demonstrated action, head by head.

use tch::{Kind, Reduction, Tensor};

/// One head's share, where it was asked.
#[derive(Debug)]
pub struct HeadLoss<'a> {
    /// `[M, K]` f32; illegal entries very negative.
    pub logits: &'a Tensor,
    /// `[M]` i64
    pub target: &'a Tensor,
    /// `[M, K]` bool: choices as good as `target`, itself among them; none = `target` alone.
    pub accepted: Option<&'a Tensor>,
    /// `[M]` i64: the step (of `steps`) that each entry belongs to. A sequence's entries share a step.
    pub rows: &'a Tensor,
    /// Factor of this head in the total.
    pub weight: f64,
}

/// How the entries of one sequence (selected units) add up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SequenceWeight {
    /// Each entry counts 1 / length: a long selection counts as one choice, like every other head's.
    #[default]
    Mean,
    /// Each entry counts 1: the exact likelihood, in which large selections dominate.
    Sum,
}

/// The loss of a batch.
#[derive(Debug)]
pub struct ImitationLoss {
    /// Scalar to differentiate: the weighted sum of all heads' negative log-likelihoods, per real step.
    pub total: Tensor,
    /// `[heads, 3]` f32, detached: sum of negative log-likelihoods, entries that the head's best guess got right,
    /// entries.
    pub stats: Tensor,
}

/// Negative log-likelihood of each target, `[M]`. `logits` `[M, K]`, `target` `[M]`.
///
/// # Panics
/// If shapes disagree.
pub fn negative_log_likelihood(logits: &Tensor, target: &Tensor) -> Tensor {
    let (m, _) = logits.size2().expect("logits: [M, K]");
    assert_eq!(target.size(), [m], "target: [M]");
    logits
        .log_softmax(-1, Kind::Float)
        .nll_loss_nd::<Tensor>(target, None, Reduction::None, -100)
}

/// Negative log-likelihood of making any of the accepted choices, `[M]`. `logits` `[M, K]` f32, `accepted` `[M, K]` bool
/// with at least one entry a row.
///
/// A selection is a set: the pointer network names its units one after the other, and whichever of those still missing
/// comes next is right. Counting only one order as right would teach the order in which units happen to be listed.
///
/// # Panics
/// If shapes disagree.
pub fn accepted_negative_log_likelihood(logits: &Tensor, accepted: &Tensor) -> Tensor {
    assert_eq!(accepted.size(), logits.size(), "accepted: [M, K]");
    let logits = logits.to_kind(Kind::Float);
    let among = logits.masked_fill(&accepted.logical_not(), EXCLUDED);
    logits.logsumexp([-1], false) - among.logsumexp([-1], false)
}

/// Far below any score, and finite, so that gradients stay numbers.
const EXCLUDED: f64 = -1e9;

/// The masked loss of all heads over `steps` steps (`B * T`, padding included), of which `real` are real.
///
/// Paper: SCC §5 (supervised learning on every head). Deviation: none known; the paper gives no weights, ours are 1 by
/// default, and a sequence of selected units counts as [`SequenceWeight`] says.
///
/// # Panics
/// If shapes disagree.
pub fn imitation_loss(
    heads: &[HeadLoss<'_>],
    steps: i64,
    real: f64,
    sequence: SequenceWeight,
) -> ImitationLoss {
    let device = heads[0].logits.device();
    let mut total = Tensor::zeros([], (Kind::Float, device));
    let mut stats = Vec::with_capacity(heads.len());
    for head in heads {
        let m = head.target.size()[0];
        assert_eq!(head.rows.size(), [m], "rows: [M]");
        if m == 0 {
            stats.push(Tensor::zeros([3], (Kind::Float, device)));
            continue;
        }
        let nll = match head.accepted {
            Some(accepted) => accepted_negative_log_likelihood(head.logits, accepted),
            None => negative_log_likelihood(head.logits, head.target),
        };
        stats.push(head_stats(head, &nll, m));
        let sum = match sequence {
            SequenceWeight::Sum => nll.sum(Kind::Float),
            SequenceWeight::Mean => {
                let weight = entry_weights(head.rows, steps);
                nll.dot(&weight)
            }
        };
        total = total.g_add(&(sum * (head.weight / real.max(1.0))));
    }
    ImitationLoss {
        total,
        stats: Tensor::stack(&stats, 0),
    }
}

/// 1 / (entries of the same step), `[M]`.
fn entry_weights(rows: &Tensor, steps: i64) -> Tensor {
    let options = (Kind::Float, rows.device());
    let ones = Tensor::ones(rows.size(), options);
    Tensor::zeros([steps], options)
        .index_add(0, rows, &ones)
        .index_select(0, rows)
        .reciprocal()
}

fn head_stats(head: &HeadLoss<'_>, nll: &Tensor, m: i64) -> Tensor {
    tch::no_grad(|| {
        let guess = head.logits.argmax(-1, true);
        let right = match head.accepted {
            Some(accepted) => accepted.gather(1, &guess, false),
            None => guess.eq_tensor(&head.target.view([m, 1])),
        }
        .sum(Kind::Float);
        let count = Tensor::full([], m as f64, (Kind::Float, nll.device()));
        Tensor::stack(&[nll.detach().sum(Kind::Float), right, count], 0)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reference(logits: &[Vec<f64>], target: &[usize]) -> Vec<f64> {
        logits
            .iter()
            .zip(target)
            .map(|(row, &t)| {
                let total: f64 = row.iter().map(|x| x.exp()).sum();
                total.ln() - row[t]
            })
            .collect()
    }

    fn case() -> (Vec<Vec<f64>>, Vec<usize>, Tensor, Tensor) {
        let logits = vec![
            vec![0.5, -1.0, 2.0],
            vec![1.5, 0.0, -0.25],
            vec![0.0, 0.0, 3.0],
            vec![-2.0, 1.0, 0.5],
        ];
        let target = vec![2, 1, 0, 1];
        let flat: Vec<f32> = logits.iter().flatten().map(|&x| x as f32).collect();
        let indices: Vec<i64> = target.iter().map(|&t| t as i64).collect();
        let tensors = (
            Tensor::from_slice(&flat).view([4, 3]),
            Tensor::from_slice(&indices),
        );
        (logits, target, tensors.0, tensors.1)
    }

    #[test]
    fn likelihoods_equal_a_plain_loop() {
        let (logits, target, l, t) = case();
        let nll = negative_log_likelihood(&l, &t);
        for (i, expected) in reference(&logits, &target).iter().enumerate() {
            assert!((nll.double_value(&[i as i64]) - expected).abs() < 1e-5);
        }
    }

    #[test]
    fn an_entry_far_below_the_others_takes_no_part() {
        let (_, _, l, t) = case();
        let extra = Tensor::full([4, 1], -1e9, (Kind::Float, tch::Device::Cpu));
        let wide = Tensor::cat(&[&l, &extra], 1);
        let (a, b) = (
            negative_log_likelihood(&l, &t),
            negative_log_likelihood(&wide, &t),
        );
        assert!(a.allclose(&b, 1e-6, 1e-6, false));
    }

    #[test]
    fn any_member_of_a_set_is_a_right_choice() {
        let (logits, _, l, t) = case();
        let accepted = [[1u8, 0, 1], [0, 1, 0], [1, 1, 1], [0, 1, 1]];
        let flat: Vec<u8> = accepted.iter().flatten().copied().collect();
        let mask = Tensor::from_slice(&flat).view([4, 3]).ne(0);
        let nll = accepted_negative_log_likelihood(&l, &mask);
        for (i, (row, right)) in logits.iter().zip(&accepted).enumerate() {
            let sum = |only: bool| -> f64 {
                let kept = row.iter().zip(right).filter(|(_, r)| !only || **r == 1);
                kept.map(|(x, _)| x.exp()).sum()
            };
            let expected = -(sum(true) / sum(false)).ln();
            assert!((nll.double_value(&[i as i64]) - expected).abs() < 1e-5);
        }
        // A set of one is the plain likelihood.
        let single = Tensor::from_slice(&[0u8, 0, 1, 0, 1, 0, 1, 0, 0, 0, 1, 0])
            .view([4, 3])
            .ne(0);
        let plain = negative_log_likelihood(&l, &t);
        assert!(accepted_negative_log_likelihood(&l, &single).allclose(&plain, 1e-5, 1e-6, false));
    }

    #[test]
    fn totals_weight_heads_and_sequences_as_a_plain_loop_does() {
        let (logits, target, l, t) = case();
        let nll = reference(&logits, &target);
        let single = Tensor::from_slice(&[0i64, 1, 2, 3]);
        // Entries 0, 1 and 3 are one sequence of step 4; entry 2 one of step 1.
        let grouped = Tensor::from_slice(&[4i64, 4, 1, 4]);
        let heads = |weight: f64| {
            [
                HeadLoss {
                    logits: &l,
                    target: &t,
                    accepted: None,
                    rows: &single,
                    weight: 1.0,
                },
                HeadLoss {
                    logits: &l,
                    target: &t,
                    accepted: None,
                    rows: &grouped,
                    weight,
                },
            ]
        };
        let total = |weight, sequence| {
            imitation_loss(&heads(weight), 5, 5.0, sequence)
                .total
                .double_value(&[])
        };
        let all: f64 = nll.iter().sum();
        let mean = (nll[0] + nll[1] + nll[3]) / 3.0 + nll[2];
        let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-5, "{a} {b}");
        close(total(1.0, SequenceWeight::Sum), 2.0 * all / 5.0);
        close(total(0.5, SequenceWeight::Mean), (all + 0.5 * mean) / 5.0);
        let stats = imitation_loss(&heads(1.0), 5, 5.0, SequenceWeight::Sum).stats;
        close(stats.double_value(&[0, 0]), all);
        close(stats.double_value(&[1, 1]), 2.0); // entries 0 and 3
        close(stats.double_value(&[1, 2]), 4.0);
    }

    #[test]
    fn a_head_that_nobody_asked_adds_nothing() {
        let (_, _, l, t) = case();
        let rows = Tensor::from_slice(&[0i64, 1, 2, 3]);
        let empty = (
            Tensor::zeros([0, 3], (Kind::Float, tch::Device::Cpu)),
            Tensor::zeros([0], (Kind::Int64, tch::Device::Cpu)),
        );
        let asked = || HeadLoss {
            logits: &l,
            target: &t,
            accepted: None,
            rows: &rows,
            weight: 1.0,
        };
        let nobody = HeadLoss {
            logits: &empty.0,
            target: &empty.1,
            accepted: None,
            rows: &empty.1,
            weight: 1.0,
        };
        let one = imitation_loss(&[asked()], 4, 4.0, SequenceWeight::Mean);
        let two = imitation_loss(&[asked(), nobody], 4, 4.0, SequenceWeight::Mean);
        assert_eq!(one.total.double_value(&[]), two.total.double_value(&[]));
    }
}
