//! Divergence between the target policy and the frozen supervised one, head by head.

use super::heads::{HeadDist, sum_per_step};
use serde::{Deserialize, Serialize};
use tch::{Kind, Tensor};

/// Which of the two policies the divergence is averaged over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KlDirection {
    /// `KL(supervised || target)`, AlphaStar's (Supplementary Data, `rl.py`: the teacher's probabilities weigh). Whatever a
    /// human might do must stay possible: the target may not forget a choice, but may add some.
    #[default]
    SupervisedTarget,
    /// `KL(target || supervised)`: the target may do nothing that the supervised policy would not, but may forget.
    TargetSupervised,
}

/// `KL(p || q)` of each row, `[M]` f32, from log-probabilities `[M, K]` under the same mask.
///
/// # Panics
/// If shapes disagree.
pub fn kl_divergence(p: &Tensor, q: &Tensor) -> Tensor {
    assert_eq!(p.size(), q.size(), "p, q: [M, K]");
    (p.exp() * (p - q)).sum_dim_intlist([-1i64].as_slice(), false, Kind::Float)
}

/// Divergence of a head step by step, `[N]`, along the choices that were made (teacher forcing); a sequence's entries add
/// up, as the chain rule has it; 0 where the head was not asked. No gradient flows into `supervised`.
///
/// Paper: SCC §6.1 (L_KL to the final supervised policy), AlphaStar Methods. Deviation: none known; SCC does not say which
/// direction, AlphaStar's is the default.
///
/// # Panics
/// If the two heads were not asked the same.
pub fn kl_per_step(
    target: &HeadDist,
    supervised: &HeadDist,
    direction: KlDirection,
    n: i64,
) -> Tensor {
    assert_eq!(target.m(), supervised.m(), "entries");
    let teacher = supervised.log_probs.detach();
    let kl = match direction {
        KlDirection::SupervisedTarget => kl_divergence(&teacher, &target.log_probs),
        KlDirection::TargetSupervised => kl_divergence(&target.log_probs, &teacher),
    };
    sum_per_step(&kl, &target.rows, n)
}

#[cfg(test)]
mod tests {
    use super::super::heads::HeadChoice;
    use super::super::testing::{close, entries, matrix, softmax};
    use super::*;

    fn reference(p: &[f64], q: &[f64]) -> f64 {
        let (p, q) = (softmax(p), softmax(q));
        p.iter()
            .zip(&q)
            .filter(|(p, _)| **p > 0.0)
            .map(|(p, q)| p * (p / q).ln())
            .sum()
    }

    #[test]
    fn divergences_equal_a_plain_loop_in_both_directions() {
        let target = vec![
            vec![0.5, -1e9, 2.0],
            vec![1.0, 0.0, -1.0],
            vec![0.0, 0.0, -1e9],
        ];
        let teacher = vec![
            vec![0.5, -1e9, 1.0],
            vec![1.0, 0.0, -1.0],
            vec![3.0, 0.0, -1e9],
        ];
        let (t, s) = (
            matrix(&target).set_requires_grad(true),
            matrix(&teacher).set_requires_grad(true),
        );
        let taken = Tensor::from_slice(&[0i64, 0, 0]);
        let rows = Tensor::from_slice(&[1i64, 0, 1]);
        let dist = |logits: &Tensor| {
            HeadDist::new(&HeadChoice {
                logits,
                target: &taken,
                rows: &rows,
            })
        };
        for (direction, turned) in [
            (KlDirection::TargetSupervised, false),
            (KlDirection::SupervisedTarget, true),
        ] {
            let kl: Vec<f64> = target
                .iter()
                .zip(&teacher)
                .map(|(t, s)| {
                    if turned {
                        reference(s, t)
                    } else {
                        reference(t, s)
                    }
                })
                .collect();
            assert!(kl[0] > 0.0 && kl[1].abs() < 1e-6, "{kl:?}");
            let steps = kl_per_step(&dist(&t), &dist(&s), direction, 3);
            close(&steps, &[kl[1], kl[0] + kl[2], 0.0]);
            steps.sum(Kind::Float).backward();
            assert!(entries(&t.grad()).iter().all(|x| x.is_finite()));
            assert!(!s.grad().defined(), "the supervised policy is frozen");
        }
    }
}
