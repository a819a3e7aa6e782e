//! Value loss and how much of the returns the value heads explain, per reward kind.

use tch::Tensor;

/// Half the squared error of each value, `[N, R]` f32.
///
/// - `value`, `returns`: `[N, R]`; gradients flow into `value` only
/// - `clip`: none = plain; else `(old, epsilon)` with `old` `[N, R]`, the value at acting time: the larger one of the plain
///   error and that of the value kept within `epsilon` of `old` (as in OpenAI's PPO baselines)
///
/// Paper: SCC §6.1 (a value function per reward). Clipping is off by default: the paper does not name it.
///
/// # Panics
/// If shapes disagree.
pub fn value_loss(value: &Tensor, returns: &Tensor, clip: Option<(&Tensor, f64)>) -> Tensor {
    assert_eq!(value.size(), returns.size(), "value, returns: [N, R]");
    let plain = (value - returns).square();
    let error = match clip {
        None => plain,
        Some((old, epsilon)) => {
            assert_eq!(old.size(), value.size(), "old: [N, R]");
            let kept = old + (value - old).clamp(-epsilon, epsilon);
            plain.maximum(&(kept - returns).square())
        }
    };
    error * 0.5
}

/// `1 - Var(return - value) / Var(return)` from sums over `n` steps: 1 = the values know the returns, 0 = no better than
/// their mean, below 0 = worse. `error` is return - value. None when the returns do not vary.
pub fn explained_variance(
    n: f64,
    (returns, returns_squared): (f64, f64),
    (error, error_squared): (f64, f64),
) -> Option<f64> {
    let variance = |sum: f64, squares: f64| squares / n - (sum / n).powi(2);
    let of_returns = variance(returns, returns_squared);
    (n > 0.0 && of_returns > 1e-9).then(|| 1.0 - variance(error, error_squared) / of_returns)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Numbers, close};
    use super::*;
    use tch::Kind;

    #[test]
    fn losses_equal_a_plain_loop_with_and_without_clipping() {
        let mut numbers = Numbers::new(3);
        let (v, g, o) = (numbers.take(12), numbers.take(12), numbers.take(12));
        let tensor = |x: &[f64]| Tensor::from_slice(x).to_kind(Kind::Float).view([4, 3]);
        let plain: Vec<f64> = v
            .iter()
            .zip(&g)
            .map(|(v, g)| 0.5 * (v - g).powi(2))
            .collect();
        close(&value_loss(&tensor(&v), &tensor(&g), None), &plain);
        let clipped: Vec<f64> = (0..12)
            .map(|i| {
                let kept = o[i] + (v[i] - o[i]).clamp(-0.2, 0.2);
                0.5 * (v[i] - g[i]).powi(2).max((kept - g[i]).powi(2))
            })
            .collect();
        let old = tensor(&o);
        close(
            &value_loss(&tensor(&v), &tensor(&g), Some((&old, 0.2))),
            &clipped,
        );
        assert_ne!(plain, clipped, "the option does something");
    }

    #[test]
    fn explained_variance_of_known_cases() {
        let of = |returns: &[f64], values: &[f64]| {
            let n = returns.len() as f64;
            let errors: Vec<f64> = returns.iter().zip(values).map(|(g, v)| g - v).collect();
            let sums = |x: &[f64]| (x.iter().sum::<f64>(), x.iter().map(|x| x * x).sum::<f64>());
            explained_variance(n, sums(returns), sums(&errors))
        };
        let returns = [1.0, 2.0, 3.0, 4.0];
        assert_eq!(of(&returns, &returns), Some(1.0));
        assert_eq!(of(&returns, &[7.0; 4]), Some(0.0));
        let worse = of(&returns, &[4.0, 3.0, 2.0, 1.0]).expect("varies");
        assert!((worse + 3.0).abs() < 1e-9);
        assert_eq!(of(&[2.0; 3], &[1.0, 2.0, 3.0]), None);
        assert_eq!(of(&[], &[]), None);
    }
}
