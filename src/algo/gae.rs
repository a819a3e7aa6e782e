//! Generalized advantage estimation, one estimate per reward kind.

use tch::{Kind, Tensor};

/// What GAE gives.
#[derive(Debug)]
pub struct Estimates {
    /// `[B, T, R]` f32; 0 where a step is not valid.
    pub advantage: Tensor,
    /// `[B, T, R]` f32: advantage + value, what the value heads learn; 0 where a step is not valid.
    pub returns: Tensor,
}

/// Advantages by GAE and the returns that belong to them, per reward kind.
///
/// - `reward`:     `[B, T, R]` f32, received after step t
/// - `value`:      `[B, T + 1, R]` f32; value `t + 1` follows step t, so that the column behind a row's last valid step is
///   its bootstrap
/// - `discount`:   `[B, T, R]` f32, of what follows step t; 0 where the game terminated. Steps last different numbers of
///   game loops, so each has its own
/// - `valid_mask`: `[B, T]` bool; false only behind a row's last real step
/// - `lambda`:     `R` numbers in 0..=1, per step
///
/// `delta_t = reward_t + discount_t * value_{t+1} - value_t`,
/// `advantage_t = delta_t + discount_t * lambda * advantage_{t+1}`.
///
/// Detached. Paper: SCC §6.1; GAE (Schulman et al. 2016, arXiv 1506.02438) eq. 16. Deviation: none.
///
/// # Panics
/// If shapes disagree: a bug in the caller, never bad data.
pub fn gae(
    reward: &Tensor,
    value: &Tensor,
    discount: &Tensor,
    valid_mask: &Tensor,
    lambda: &[f64],
) -> Estimates {
    let (b, t, r) = reward.size3().expect("reward: [B, T, R]");
    assert_eq!(value.size(), [b, t + 1, r], "value: [B, T + 1, R]");
    assert_eq!(discount.size(), [b, t, r], "discount: [B, T, R]");
    assert_eq!(valid_mask.size(), [b, t], "valid_mask: [B, T]");
    assert_eq!(lambda.len() as i64, r, "lambda: [R]");
    tch::no_grad(|| {
        let lambda = Tensor::from_slice(lambda)
            .to_kind(Kind::Float)
            .to_device(reward.device());
        let valid = valid_mask.to_kind(Kind::Float).unsqueeze(-1);
        let (before, after) = (value.narrow(1, 0, t), value.narrow(1, 1, t));
        let delta = (reward + discount * after - &before) * &valid;
        let decay = discount * lambda * &valid;
        let mut advantage = Vec::with_capacity(t as usize);
        let mut next = Tensor::zeros([b, r], (Kind::Float, reward.device()));
        for step in (0..t).rev() {
            next = delta.select(1, step) + decay.select(1, step) * next;
            advantage.push(next.shallow_clone());
        }
        advantage.reverse();
        let advantage = if advantage.is_empty() {
            reward.zeros_like()
        } else {
            Tensor::stack(&advantage, 1)
        };
        Estimates {
            returns: (&advantage + before) * valid,
            advantage,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Numbers, close};
    use super::*;

    /// Eq. 16 as it stands: a sum over all later deltas, for every step anew.
    fn reference(
        reward: &[f64],
        value: &[f64],
        discount: &[f64],
        n_valid: usize,
        lambda: f64,
    ) -> Vec<f64> {
        let deltas: Vec<(f64, f64)> = (0..n_valid)
            .map(|t| {
                (
                    reward[t] + discount[t] * value[t + 1] - value[t],
                    discount[t],
                )
            })
            .collect();
        (0..reward.len())
            .map(|t| {
                let (mut factor, mut sum) = (1.0, 0.0);
                for (delta, discount) in deltas.iter().skip(t) {
                    sum += factor * delta;
                    factor *= discount * lambda;
                }
                sum
            })
            .collect()
    }

    /// By hand, gamma 0.5 and lambda 0.5, rewards 1 each, values 1, 2, 3, bootstrap 4:
    /// deltas 1 + 1 - 1 = 1, 1 + 1.5 - 2 = 0.5, 1 + 2 - 3 = 0; advantages 1 + 0.25 * 0.5 = 1.125, 0.5, 0.
    #[test]
    fn a_case_by_hand() {
        let reward = Tensor::from_slice(&[1.0f32, 1.0, 1.0]).view([1, 3, 1]);
        let value = Tensor::from_slice(&[1.0f32, 2.0, 3.0, 4.0]).view([1, 4, 1]);
        let half = Tensor::full([1, 3, 1], 0.5, (Kind::Float, tch::Device::Cpu));
        let valid = Tensor::ones([1, 3], (Kind::Bool, tch::Device::Cpu));
        let out = gae(&reward, &value, &half, &valid, &[0.5]);
        close(&out.advantage, &[1.125, 0.5, 0.0]);
        close(&out.returns, &[2.125, 2.5, 3.0]);
        // The game ends with the second step: nothing behind it counts.
        let ends = Tensor::from_slice(&[0.5f32, 0.0, 0.5]).view([1, 3, 1]);
        let out = gae(&reward, &value, &ends, &valid, &[0.5]);
        close(&out.advantage, &[0.75, -1.0, 0.0]);
    }

    #[test]
    fn estimates_equal_a_plain_loop_for_every_kind_length_and_end() {
        let (b, t, r) = (4usize, 6usize, 3usize);
        let mut numbers = Numbers::new(1);
        let (reward, value) = (numbers.take(b * t * r), numbers.take(b * (t + 1) * r));
        // Different every step, and a termination in the second row.
        let mut discount: Vec<f64> = numbers
            .take(b * t * r)
            .iter()
            .map(|x| 0.9 + 0.1 * x.abs())
            .collect();
        discount[(t + 2) * r..(t + 3) * r].fill(0.0);
        let n_valid = [t, t, 3, 1];
        let lambda = [0.0, 0.8, 1.0];
        let valid: Vec<u8> = (0..b * t)
            .map(|i| u8::from(i % t < n_valid[i / t]))
            .collect();
        let tensor = |v: &[f64], t: usize| {
            Tensor::from_slice(v)
                .to_kind(Kind::Float)
                .view([b as i64, t as i64, r as i64])
        };
        let out = gae(
            &tensor(&reward, t),
            &tensor(&value, t + 1),
            &tensor(&discount, t),
            &Tensor::from_slice(&valid).view([b as i64, t as i64]).ne(0),
            &lambda,
        );
        for row in 0..b {
            for kind in 0..r {
                let column = |v: &[f64], t: usize| -> Vec<f64> {
                    (0..t).map(|i| v[(row * t + i) * r + kind]).collect()
                };
                let values = column(&value, t + 1);
                let expected = reference(
                    &column(&reward, t),
                    &values,
                    &column(&discount, t),
                    n_valid[row],
                    lambda[kind],
                );
                for (i, x) in expected.iter().enumerate() {
                    let at = [row as i64, i as i64, kind as i64];
                    let (a, g) = (
                        out.advantage.double_value(&at),
                        out.returns.double_value(&at),
                    );
                    assert!(
                        (a - x).abs() < 1e-5,
                        "row {row} kind {kind} step {i}: {a} {x}"
                    );
                    let target = if i < n_valid[row] { x + values[i] } else { 0.0 };
                    assert!((g - target).abs() < 1e-5);
                }
            }
        }
    }

    /// Lambda 1 gives the discounted sum of rewards less the value, lambda 0 the one-step error (Schulman et al. §3).
    #[test]
    fn the_ends_of_lambda_are_what_they_should_be() {
        let reward = Tensor::from_slice(&[0.0f32, 0.0, 1.0]).view([1, 3, 1]);
        let value = Tensor::from_slice(&[0.5f32, 0.25, 0.0, 9.0]).view([1, 4, 1]);
        let discount = Tensor::from_slice(&[0.5f32, 0.5, 0.0]).view([1, 3, 1]);
        let valid = Tensor::ones([1, 3], (Kind::Bool, tch::Device::Cpu));
        let all = gae(&reward, &value, &discount, &valid, &[1.0]);
        close(&all.returns, &[0.25, 0.5, 1.0]);
        let one = gae(&reward, &value, &discount, &valid, &[0.0]);
        close(&one.advantage, &[0.125 - 0.5, -0.25, 1.0]);
    }
}
