//! From what the actors recorded to advantages and returns, before a batch is taken apart for threads.

use super::{LearnerError, LearnerOptions};
use crate::algo::{gae, normalize, standardize, weighted_sum};
use crate::trajectory::Batch;
use tch::{Kind, Tensor};

/// Of a whole batch, on the CPU.
#[derive(Debug)]
pub(super) struct Targets {
    /// `[B, T]` f32: all kinds together; 0 in padding.
    pub advantage: Tensor,
    /// `[B, T, R]` f32
    pub returns: Tensor,
    /// `[B, T]` bool: real steps.
    valid: Tensor,
}

impl Targets {
    /// Of the advantages in real steps.
    pub fn moments(&self) -> Result<Moments, LearnerError> {
        let real = self.advantage.masked_select(&self.valid);
        let real = Vec::<f64>::try_from(real.to_kind(Kind::Double))?;
        Ok(Moments::of(&real))
    }

    /// Brings the advantages to mean 0 and standard deviation 1: by `joint`, the moments of a batch of which these are a
    /// part, or else by their own.
    pub fn normalize(&mut self, joint: Option<&Moments>) {
        self.advantage = match joint {
            None => normalize(&self.advantage, &self.valid),
            Some(m) => standardize(&self.advantage, &self.valid, (m.mean, m.deviation())),
        };
    }
}

/// How many numbers there are, their mean, and the squares of their distances from it, summed.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Moments {
    pub n: f64,
    pub mean: f64,
    pub squares: f64,
}

impl Moments {
    pub fn of(values: &[f64]) -> Moments {
        if values.is_empty() {
            return Moments::default();
        }
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let squares = values.iter().map(|x| (x - mean).powi(2)).sum();
        Moments { n, mean, squares }
    }

    /// Of both sets of numbers together (Chan et al. 1983).
    pub fn joined(self, other: Moments) -> Moments {
        let n = self.n + other.n;
        if n == 0.0 {
            return Moments::default();
        }
        let apart = other.mean - self.mean;
        Moments {
            n,
            mean: self.mean + apart * other.n / n,
            squares: self.squares + other.squares + apart.powi(2) * self.n * other.n / n,
        }
    }

    /// Standard deviation; 0 of nothing.
    pub fn deviation(&self) -> f64 {
        (self.squares / self.n.max(1.0)).sqrt()
    }
}

/// Advantages, not normalized yet, and returns by the values at acting time.
///
/// # Errors
/// If the batch tells nothing of a behavior policy, or has other kinds than the options.
pub(super) fn targets(batch: &Batch, options: &LearnerOptions) -> Result<Targets, LearnerError> {
    let rl = &batch.rl;
    let kinds = options.lambda.len();
    if rl.r == 0 {
        return Err(LearnerError::NoBehavior);
    }
    if rl.r != kinds {
        return Err(LearnerError::Kinds {
            expected: kinds,
            actual: rl.r,
        });
    }
    let (b, t, r) = (batch.obs.b as i64, batch.obs.t as i64, rl.r as i64);
    let valid = Tensor::from_slice(&batch.valid).view([b, t]).gt(0.5);
    let rewards = Tensor::from_slice(&rl.rewards).view([b, t, r]);
    let discounts =
        Tensor::from_slice(&discounts(batch, &options.discount_per_loop)).view([b, t, r]);
    let estimates = |bootstrap: &[f32], lambda: &[f64]| {
        let values = Tensor::from_slice(&values(batch, bootstrap)).view([b, t + 1, r]);
        gae(&rewards, &values, &discounts, &valid, lambda)
    };
    let ahead = estimates(&rl.bootstrap, &options.lambda);
    let returns = estimates(&rl.return_bootstrap, &options.value_lambda).returns;
    Ok(Targets {
        advantage: weighted_sum(&ahead.advantage, &options.reward_weights),
        returns,
        valid,
    })
}

/// `[B, T + 1, R]`: the values at acting time, each row's `bootstrap` (`[B, R]`) behind its last real step.
fn values(batch: &Batch, bootstrap: &[f32]) -> Vec<f32> {
    let (t, r) = (batch.obs.t, batch.rl.r);
    let mut out = Vec::with_capacity(batch.obs.b * (t + 1) * r);
    for row in 0..batch.obs.b {
        let start = out.len();
        out.extend_from_slice(&batch.rl.values[row * t * r..(row + 1) * t * r]);
        out.extend(std::iter::repeat_n(0.0, r));
        let steps = &batch.valid[row * t..(row + 1) * t];
        let n = steps.iter().take_while(|&&v| v > 0.5).count();
        out[start + n * r..start + (n + 1) * r].copy_from_slice(&bootstrap[row * r..(row + 1) * r]);
    }
    out
}

/// `[B, T, R]`: what follows a step counts less the more game loops the step lasted, and nothing where the game ended.
fn discounts(batch: &Batch, per_loop: &[f64]) -> Vec<f32> {
    let steps = batch.rl.discounts.iter().zip(&batch.rl.loops);
    steps
        .flat_map(|(&goes_on, &loops)| {
            per_loop
                .iter()
                .map(move |gamma| goes_on * gamma.powf(loops.into()) as f32)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trajectory::{ObsBatch, RlBatch};

    /// Two rows of three steps: one goes on behind its end, one ends with its second step.
    fn batch() -> Batch {
        Batch {
            obs: ObsBatch {
                b: 2,
                t: 3,
                ..ObsBatch::default()
            },
            rl: RlBatch {
                r: 1,
                values: vec![0.1, 0.2, 0.3, 0.4, 0.5, 0.0],
                rewards: vec![0.0, 0.0, 0.0, 0.0, 1.0, 0.0],
                discounts: vec![1.0, 1.0, 1.0, 1.0, 0.0, 0.0],
                loops: vec![2.0, 4.0, 8.0, 2.0, 3.0, 0.0],
                bootstrap: vec![0.9, 0.0],
                return_bootstrap: vec![0.9, 0.0],
                ..RlBatch::default()
            },
            valid: vec![1.0, 1.0, 1.0, 1.0, 1.0, 0.0],
            ..Batch::default()
        }
    }

    fn options() -> LearnerOptions {
        LearnerOptions {
            discount_per_loop: vec![0.9],
            lambda: vec![0.0],
            value_lambda: vec![0.0],
            reward_weights: vec![2.0],
            ..LearnerOptions::default()
        }
    }

    #[test]
    fn bootstraps_and_discounts_stand_where_they_belong() {
        let out = targets(&batch(), &options()).expect("fits");
        let g = |loops: i32| 0.9f64.powi(loops);
        let expected = [[g(2) * 0.2, g(4) * 0.3, g(8) * 0.9], [g(2) * 0.5, 1.0, 0.0]];
        for (row, steps) in expected.iter().enumerate() {
            for (t, x) in steps.iter().enumerate() {
                let at = [row as i64, t as i64, 0];
                assert!(
                    (out.returns.double_value(&at) - x).abs() < 1e-6,
                    "{row} {t}"
                );
            }
        }
        let first = out.advantage.double_value(&[0, 0]);
        assert!((first - 2.0 * (g(2) * 0.2 - 0.1)).abs() < 1e-6);
        assert_eq!(out.advantage.double_value(&[1, 2]), 0.0);
        let real = [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1)];
        let real = real.map(|(row, t)| out.advantage.double_value(&[row, t]));
        let mean = real.iter().sum::<f64>() / 5.0;
        let variance = real.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / 5.0;
        let moments = out.moments().expect("numbers");
        assert_eq!(moments.n, 5.0, "padding is left out");
        assert!((moments.deviation() - variance.sqrt()).abs() < 1e-9);
    }

    /// With lambda 1 the values learn what came of the game: here the reward at its end, discounted, and for the row that
    /// goes on the return behind it. The advantages stay as they were.
    #[test]
    fn returns_may_look_further_ahead_than_advantages() {
        let mut batch = batch();
        batch.rl.return_bootstrap = vec![-0.5, 0.0];
        let near = targets(&batch, &options()).expect("fits");
        let far = LearnerOptions {
            value_lambda: vec![1.0],
            ..options()
        };
        let far = targets(&batch, &far).expect("fits");
        assert_eq!(far.advantage, near.advantage);
        let g = |loops: i32| 0.9f64.powi(loops);
        let expected = [[g(14) * -0.5, g(12) * -0.5, g(8) * -0.5], [g(2), 1.0, 0.0]];
        for (row, steps) in expected.iter().enumerate() {
            for (t, x) in steps.iter().enumerate() {
                let actual = far.returns.double_value(&[row as i64, t as i64, 0]);
                assert!((actual - x).abs() < 1e-6, "{row} {t}: {actual} {x}");
            }
        }
    }

    #[test]
    fn moments_of_parts_are_those_of_the_whole() {
        let all = [1.5, -2.0, 0.25, 7.0, 3.0, 3.5, -1.0];
        let whole = Moments::of(&all);
        for cut in 0..=all.len() {
            let parts = Moments::of(&all[..cut]).joined(Moments::of(&all[cut..]));
            assert_eq!(parts.n, 7.0);
            assert!((parts.mean - whole.mean).abs() < 1e-12, "cut at {cut}");
            assert!((parts.deviation() - whole.deviation()).abs() < 1e-12);
        }
        assert_eq!(
            Moments::default().joined(Moments::default()).deviation(),
            0.0
        );
        assert!(Moments::of(&[1.0, f64::NAN]).joined(whole).mean.is_nan());
    }

    #[test]
    fn batches_of_other_kinds_are_refused() {
        let three = LearnerOptions::default();
        assert!(matches!(
            targets(&batch(), &three),
            Err(LearnerError::Kinds {
                expected: 3,
                actual: 1
            })
        ));
        let mut imitation = batch();
        imitation.rl = RlBatch::default();
        assert!(matches!(
            targets(&imitation, &three),
            Err(LearnerError::NoBehavior)
        ));
    }
}
