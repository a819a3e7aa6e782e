//! Entropy of the heads, as a share of what it could be.

use super::heads::{HeadDist, mean_per_step};
use tch::{Kind, Tensor};

/// Entropy of each row's distribution over that of the uniform one on the legal choices, `[M]` f32 in 0..=1; 0 where there
/// is at most one legal choice.
///
/// - `log_probs`: `[M, K]` f32; `legal`: `[M, K]` bool
///
/// Paper: SCC §6.1 (an entropy term), AlphaStar Supplementary Data `rl.py` (divided by the logarithm of the number of
/// choices). Deviation: the number of *legal* choices, so that a head that may choose among two is pressed as much as
/// one that may choose among 300.
///
/// # Panics
/// If shapes disagree.
pub fn normalized_entropy(log_probs: &Tensor, legal: &Tensor) -> Tensor {
    assert_eq!(log_probs.size(), legal.size(), "log_probs, legal: [M, K]");
    // Illegal entries have probability 0 and a finite logarithm, so that their product is 0.
    let entropy =
        -(log_probs.exp() * log_probs).sum_dim_intlist([-1i64].as_slice(), false, Kind::Float);
    let n_legal = legal.sum_dim_intlist([-1i64].as_slice(), false, Kind::Float);
    let most = n_legal.clamp_min(2.0).log();
    entropy / most * n_legal.gt(1.5).to_kind(Kind::Float)
}

/// [`normalized_entropy`] of a head step by step, `[N]`; of a sequence (selected units) the mean over its entries, end
/// token included, so that long selections count as one choice; 0 where the head was not asked.
pub fn entropy_per_step(head: &HeadDist, n: i64) -> Tensor {
    mean_per_step(
        &normalized_entropy(&head.log_probs, &head.legal),
        &head.rows,
        n,
    )
}

#[cfg(test)]
mod tests {
    use super::super::heads::HeadChoice;
    use super::super::testing::{close, matrix, softmax};
    use super::*;

    fn reference(row: &[f64]) -> f64 {
        let legal = row.iter().filter(|x| **x > -1e8).count() as f64;
        if legal < 2.0 {
            return 0.0;
        }
        let h: f64 = softmax(row)
            .iter()
            .filter(|p| **p > 0.0)
            .map(|p| -p * p.ln())
            .sum();
        h / legal.ln()
    }

    #[test]
    fn entropies_equal_a_plain_loop_under_masks() {
        let logits = vec![
            vec![1.0, 1.0, -1e9, -1e9],
            vec![0.5, -1.0, 2.0, 0.0],
            vec![-1e9, 3.0, -1e9, -1e9],
            vec![40.0, 0.0, 0.0, -1e9],
        ];
        let l = matrix(&logits).set_requires_grad(true);
        let rows = Tensor::from_slice(&[2i64, 0, 2, 3]);
        let head = HeadDist::new(&HeadChoice {
            logits: &l,
            target: &Tensor::from_slice(&[0i64, 1, 1, 0]),
            rows: &rows,
        });
        let e: Vec<f64> = logits.iter().map(|r| reference(r)).collect();
        assert!((e[0] - 1.0).abs() < 1e-9, "uniform on two");
        close(&normalized_entropy(&head.log_probs, &head.legal), &e);
        let steps = entropy_per_step(&head, 5);
        close(&steps, &[e[1], 0.0, (e[0] + e[2]) / 2.0, e[3], 0.0]);
        steps.sum(Kind::Float).backward();
        let finite = l.grad().isfinite().all();
        assert_eq!(
            finite.int64_value(&[]),
            1,
            "masked entries have finite gradients"
        );
    }
}
