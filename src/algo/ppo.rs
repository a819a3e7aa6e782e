//! Proximal policy optimization: the clipped surrogate over whole actions.

use tch::{Kind, Tensor};

/// Log ratios are cut to this size before they are exponentiated: beyond it, f32 has no number, and no gradient is wanted.
const LOG_RATIO_MAX: f64 = 20.0;

/// What the surrogate gives, step by step.
#[derive(Debug)]
pub struct Surrogate {
    /// `[N]` f32, to be minimized.
    pub loss: Tensor,
    /// `[N]` f32, detached: target over behavior probability of the whole action.
    pub ratio: Tensor,
    /// `[N]` bool: the ratio lies outside of `1 - epsilon ..= 1 + epsilon`.
    pub clipped: Tensor,
}

/// PPO's clipped surrogate, negated so that it is minimized: `-min(r A, clip(r, 1 - epsilon, 1 + epsilon) A)`.
///
/// - `log_ratio`: `[N]` f32: target less behavior log-probability of the whole action, i.e. summed over the heads that
///   were asked
/// - `advantage`: `[N]` f32, detached
///
/// Paper: SCC §6.1; PPO (Schulman et al. 2017, arXiv 1707.06347) eq. 7. Deviation: log ratios beyond 20 count as 20.
///
/// # Panics
/// If shapes disagree.
pub fn clipped_surrogate(log_ratio: &Tensor, advantage: &Tensor, epsilon: f64) -> Surrogate {
    assert_eq!(
        log_ratio.size(),
        advantage.size(),
        "log_ratio, advantage: [N]"
    );
    let ratio = log_ratio.clamp(-LOG_RATIO_MAX, LOG_RATIO_MAX).exp();
    let kept = ratio.clamp(1.0 - epsilon, 1.0 + epsilon);
    let loss = -(&ratio * advantage).minimum(&(kept * advantage));
    let ratio = ratio.detach();
    Surrogate {
        loss,
        clipped: (&ratio - 1.0).abs().gt(epsilon),
        ratio,
    }
}

/// An estimate of KL(behavior || target) from actions of the behavior policy, `(r - 1) - log r` each (`[N]`, detached):
/// never negative, and without bias (Schulman, "Approximating KL divergence", 2020, k3).
pub fn approx_kl(log_ratio: &Tensor) -> Tensor {
    let log_ratio = log_ratio.detach().clamp(-LOG_RATIO_MAX, LOG_RATIO_MAX);
    log_ratio.expm1() - log_ratio
}

/// Advantages of all reward kinds as one: `advantage` `[.., R]`, `weights` `R` numbers; returns `[..]`.
///
/// # Panics
/// If shapes disagree.
pub fn weighted_sum(advantage: &Tensor, weights: &[f64]) -> Tensor {
    let r = advantage.size().last().copied().unwrap_or(0);
    assert_eq!(r, weights.len() as i64, "weights: [R]");
    let weights = Tensor::from_slice(weights)
        .to_kind(Kind::Float)
        .to_device(advantage.device());
    advantage.matmul(&weights)
}

/// Mean 0 and standard deviation 1 over the valid entries; 0 elsewhere. `x` f32 and `valid_mask` bool of the same shape.
/// With fewer than two valid entries, or when they are all the same, only the mean goes.
///
/// # Panics
/// If shapes disagree.
pub fn normalize(x: &Tensor, valid_mask: &Tensor) -> Tensor {
    assert_eq!(x.size(), valid_mask.size(), "valid_mask: as x");
    tch::no_grad(|| {
        let valid = valid_mask.to_kind(Kind::Float);
        let n = valid.sum(Kind::Float).clamp_min(1.0);
        let centered = (x - (x * &valid).sum(Kind::Float) / &n) * &valid;
        let variance = centered.square().sum(Kind::Float) / n;
        let deviation = variance.sqrt();
        let scale = deviation.where_self(&deviation.gt(1e-6), &deviation.ones_like());
        centered / scale
    })
}

/// [`normalize`] by a mean and a standard deviation that are known: those of more steps than these.
///
/// # Panics
/// If shapes disagree.
pub fn standardize(x: &Tensor, valid_mask: &Tensor, (mean, deviation): (f64, f64)) -> Tensor {
    assert_eq!(x.size(), valid_mask.size(), "valid_mask: as x");
    // The same floor as there; a deviation that is no number stays none.
    let scale = if deviation <= 1e-6 { 1.0 } else { deviation };
    tch::no_grad(|| (x - mean) / scale * valid_mask.to_kind(Kind::Float))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Numbers, close, entries};
    use super::*;

    fn vector(v: &[f64]) -> Tensor {
        Tensor::from_slice(v).to_kind(Kind::Float)
    }

    /// PPO's Figure 1 and a plain loop: with a positive advantage the objective is flat above 1 + epsilon, with a negative
    /// one below 1 - epsilon.
    #[test]
    fn the_surrogate_equals_a_plain_loop() {
        let mut numbers = Numbers::new(2);
        let log_ratio: Vec<f64> = numbers.take(40).iter().map(|x| x * 0.8).collect();
        let advantage = numbers.take(40);
        let out = clipped_surrogate(&vector(&log_ratio), &vector(&advantage), 0.2);
        let expected: Vec<f64> = log_ratio
            .iter()
            .zip(&advantage)
            .map(|(l, a)| -(l.exp() * a).min(l.exp().clamp(0.8, 1.2) * a))
            .collect();
        close(&out.loss, &expected);
        let outside = |l: &f64| f64::from(u8::from((l.exp() - 1.0).abs() > 0.2));
        close(
            &out.clipped.to_kind(Kind::Float),
            &log_ratio.iter().map(outside).collect::<Vec<_>>(),
        );
    }

    #[test]
    fn known_moments_standardize_as_ones_own_do() {
        let numbers = Numbers::new(9).take(6);
        let mask = Tensor::from_slice(&[1u8, 1, 0, 1, 1, 0]).ne(0);
        let valid = [0, 1, 3, 4].map(|i: usize| numbers[i]);
        let mean = valid.iter().sum::<f64>() / 4.0;
        let square = |x: &f64| (x - mean).powi(2);
        let deviation = (valid.iter().map(square).sum::<f64>() / 4.0).sqrt();
        let own = normalize(&vector(&numbers), &mask);
        let known = standardize(&vector(&numbers), &mask, (mean, deviation));
        close(&known, &entries(&own));
        let flat = standardize(&vector(&[2.0; 6]), &mask, (2.0, 0.0));
        close(&flat, &[0.0; 6]);
    }

    #[test]
    fn gradients_stop_where_the_ratio_went_far_enough() {
        // Ratio above, inside, below; advantage up and down.
        let log_ratio = vector(&[0.5, 0.5, 0.1, 0.1, -0.5, -0.5]).set_requires_grad(true);
        let advantage = vector(&[1.0, -1.0, 1.0, -1.0, 1.0, -1.0]);
        let out = clipped_surrogate(&log_ratio, &advantage, 0.2);
        out.loss.sum(Kind::Float).backward();
        let r = |x: f64| x.exp();
        close(
            &log_ratio.grad(),
            &[0.0, r(0.5), -r(0.1), r(0.1), -r(-0.5), 0.0],
        );
    }

    #[test]
    fn ratios_beyond_all_bounds_stay_numbers() {
        let log_ratio = vector(&[500.0, -500.0]).set_requires_grad(true);
        let out = clipped_surrogate(&log_ratio, &vector(&[-1.0, 1.0]), 0.2);
        out.loss.sum(Kind::Float).backward();
        let all = [entries(&out.loss), entries(&log_ratio.grad())].concat();
        assert!(all.iter().all(|x| x.is_finite()), "{all:?}");
        assert!(
            entries(&approx_kl(&log_ratio))
                .iter()
                .all(|x| x.is_finite())
        );
    }

    /// Over all actions of a known pair of distributions the estimate's mean is the KL itself.
    #[test]
    fn the_estimate_of_the_divergence_has_no_bias() {
        let (behavior, target) = ([0.5f64, 0.3, 0.2], [0.2f64, 0.3, 0.5]);
        let log_ratio: Vec<f64> = behavior
            .iter()
            .zip(&target)
            .map(|(b, t)| (t / b).ln())
            .collect();
        let estimates = entries(&approx_kl(&vector(&log_ratio)));
        assert!(estimates.iter().all(|&x| x >= 0.0));
        let mean: f64 = estimates.iter().zip(&behavior).map(|(e, b)| e * b).sum();
        let exact: f64 = behavior
            .iter()
            .zip(&target)
            .map(|(b, t)| b * (b / t).ln())
            .sum();
        assert!((mean - exact).abs() < 1e-6);
    }

    #[test]
    fn normalization_looks_at_valid_entries_only() {
        let x = vector(&[1.0, 2.0, 3.0, 1000.0]).view([2, 2]);
        let valid = Tensor::from_slice(&[1u8, 1, 1, 0]).view([2, 2]).ne(0);
        let s = (2.0f64 / 3.0).sqrt();
        close(&normalize(&x, &valid), &[-1.0 / s, 0.0, 1.0 / s, 0.0]);
        let same = vector(&[4.0, 4.0, 4.0, 7.0]).view([2, 2]);
        close(&normalize(&same, &valid), &[0.0; 4]);
        close(&weighted_sum(&x, &[1.0, 0.5]), &[2.0, 503.0]);
    }
}
