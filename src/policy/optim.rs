//! Adam (Kingma and Ba 2015) with its state in the open, so that training resumes bit-exactly; gradient clipping by
//! global norm; the learning rate in steps (SCC §5: 1e-3 until step 40,000, then 1e-4).

use super::error::PolicyError;
use super::params::Params;
use serde::{Deserialize, Serialize};
use tch::{Kind, Tensor};

/// Settings of the optimizer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AdamConfig {
    pub beta1: f64,
    pub beta2: f64,
    pub epsilon: f64,
    /// Decoupled weight decay per step, times the learning rate (Loshchilov and Hutter 2019); 0 = none.
    pub weight_decay: f64,
    /// Gradients are scaled down to this global norm; 0 = never.
    pub clip_norm: f64,
}

impl Default for AdamConfig {
    fn default() -> AdamConfig {
        AdamConfig {
            beta1: 0.9,
            beta2: 0.999,
            epsilon: 1e-8,
            weight_decay: 0.0,
            clip_norm: 1.0,
        }
    }
}

impl AdamConfig {
    /// # Errors
    /// [`PolicyError::Config`] for a value out of range.
    pub fn validate(&self) -> Result<(), PolicyError> {
        let fits = (0.0..1.0).contains(&self.beta1)
            && (0.0..1.0).contains(&self.beta2)
            && self.epsilon > 0.0
            && self.weight_decay >= 0.0
            && self.clip_norm >= 0.0;
        if fits {
            return Ok(());
        }
        Err(PolicyError::Config(
            "optimizer: beta1 and beta2 must be in 0..1, epsilon above 0, weight_decay and clip_norm 0 or more".into(),
        ))
    }
}

/// A learning rate that changes at given steps, after a linear warm-up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LearningRate {
    /// `(first step, rate)`, by rising step, the first at step 0.
    pub steps: Vec<(u64, f64)>,
    /// Steps over which the rate rises from near 0.
    pub warmup_steps: u64,
}

impl Default for LearningRate {
    /// The paper's (SCC §5).
    fn default() -> LearningRate {
        LearningRate {
            steps: vec![(0, 1e-3), (40_000, 1e-4)],
            warmup_steps: 0,
        }
    }
}

impl LearningRate {
    /// The rate of optimizer step `step`, counted from 0.
    pub fn at(&self, step: u64) -> f64 {
        let rate = self
            .steps
            .iter()
            .take_while(|&&(first, _)| first <= step)
            .last()
            .map_or(0.0, |&(_, rate)| rate);
        if step < self.warmup_steps {
            rate * (step + 1) as f64 / self.warmup_steps as f64
        } else {
            rate
        }
    }

    /// # Errors
    /// [`PolicyError::Config`] if the steps do not start at 0 and rise, or a rate is not positive.
    pub fn validate(&self) -> Result<(), PolicyError> {
        let starts = self.steps.first().is_some_and(|&(first, _)| first == 0);
        let rises = self.steps.windows(2).all(|w| w[0].0 < w[1].0);
        let positive = self.steps.iter().all(|&(_, r)| r > 0.0 && r.is_finite());
        if starts && rises && positive {
            return Ok(());
        }
        Err(PolicyError::Config(
            "learning rate: steps must start at 0 and rise, rates must be positive".into(),
        ))
    }
}

/// What one update did.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct UpdateInfo {
    /// Global norm of the gradients, before clipping.
    pub grad_norm: f64,
    /// False if the norm was not finite: parameters and state are then as before.
    pub applied: bool,
}

/// The optimizer of one [`Params`].
#[derive(Debug)]
pub struct Adam {
    config: AdamConfig,
    /// Updates applied.
    step: u64,
    /// First and second moment per parameter, in their order.
    moments: Vec<(Tensor, Tensor)>,
}

impl Adam {
    /// # Errors
    /// As [`AdamConfig::validate`].
    pub fn new(config: &AdamConfig, params: &Params) -> Result<Adam, PolicyError> {
        config.validate()?;
        let moments = params
            .entries()
            .iter()
            .map(|(_, t)| {
                let zeros = || Tensor::zeros(t.size(), (Kind::Float, t.device()));
                (zeros(), zeros())
            })
            .collect();
        Ok(Adam {
            config: config.clone(),
            step: 0,
            moments,
        })
    }

    pub fn config(&self) -> &AdamConfig {
        &self.config
    }

    /// Updates applied so far.
    pub fn step_count(&self) -> u64 {
        self.step
    }

    /// Goes on as after so many updates: with another's moments comes its count.
    pub fn set_step_count(&mut self, step: u64) {
        self.step = step;
    }

    /// First and second moments, in the order of the parameters.
    pub fn moments(&self) -> &[(Tensor, Tensor)] {
        &self.moments
    }

    /// Applies the gradients that `params` hold, and clears them. Parameters without a gradient keep their value.
    ///
    /// # Panics
    /// If `params` is not what the optimizer was made for.
    pub fn update(&mut self, params: &mut Params, rate: f64) -> UpdateInfo {
        let info = self.update_with(params, &params.grads(), rate);
        params.zero_grad();
        info
    }

    /// Applies gradients given in the order of the parameters (undefined: that parameter keeps its value).
    ///
    /// # Panics
    /// If `params` is not what the optimizer was made for.
    pub fn update_with(&mut self, params: &Params, grads: &[Tensor], rate: f64) -> UpdateInfo {
        self.update_by(params, grads, |_| rate)
    }

    /// [`Adam::update_with`] at a rate for each parameter, by its name.
    ///
    /// # Panics
    /// As there.
    pub fn update_by(
        &mut self,
        params: &Params,
        grads: &[Tensor],
        rate: impl Fn(&str) -> f64,
    ) -> UpdateInfo {
        assert_eq!(self.moments.len(), params.entries().len());
        assert_eq!(self.moments.len(), grads.len());
        tch::no_grad(|| {
            let grad_norm = global_norm(grads);
            if !grad_norm.is_finite() {
                return UpdateInfo {
                    grad_norm,
                    applied: false,
                };
            }
            let clip = self.config.clip_norm;
            let scale = if clip > 0.0 && grad_norm > clip {
                clip / grad_norm
            } else {
                1.0
            };
            self.apply(params, grads, scale, rate);
            UpdateInfo {
                grad_norm,
                applied: true,
            }
        })
    }

    fn apply(&mut self, params: &Params, grads: &[Tensor], scale: f64, rate: impl Fn(&str) -> f64) {
        self.step += 1;
        let c = &self.config;
        let t = i32::try_from(self.step).unwrap_or(i32::MAX);
        let bias1 = 1.0 - c.beta1.powi(t);
        let bias2 = 1.0 - c.beta2.powi(t);
        for (((name, param), grad), (m, v)) in
            params.entries().iter().zip(grads).zip(&mut self.moments)
        {
            if !grad.defined() {
                continue;
            }
            let mut param = param.detach();
            let rate = rate(name);
            let grad = if scale == 1.0 {
                grad.shallow_clone()
            } else {
                grad * scale
            };
            if c.weight_decay > 0.0 {
                let _ = param.g_mul_scalar_(1.0 - rate * c.weight_decay);
            }
            *m *= c.beta1;
            *m += &grad * (1.0 - c.beta1);
            *v *= c.beta2;
            *v += grad.square() * (1.0 - c.beta2);
            let denominator = (v.sqrt() * bias2.sqrt().recip()) + c.epsilon;
            param -= (&*m * (rate / bias1)) / denominator;
        }
    }
}

/// Of all gradients that are defined, as one vector; 0 of none.
pub fn global_norm(grads: &[Tensor]) -> f64 {
    let squares: Vec<Tensor> = grads
        .iter()
        .filter(|g| g.defined())
        .map(|g| g.square().sum(Kind::Double))
        .collect();
    if squares.is_empty() {
        return 0.0;
    }
    Tensor::stack(&squares, 0)
        .sum(Kind::Double)
        .sqrt()
        .double_value(&[])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::game::Seed;
    use crate::policy::params::{Init, values};
    use tch::Device;

    fn params() -> Params {
        let mut params = Params::new(Seed(1), Device::Cpu);
        let mut root = params.root();
        let _ = root.add("a", &[2, 3], Init::Uniform(1.0));
        let _ = root.add("b", &[4], Init::Uniform(1.0));
        let _ = root.add("unused", &[2], Init::Ones);
        params
    }

    /// Adam by plain loops over f64.
    fn reference(
        x: &mut [f64],
        moments: &mut [(f64, f64)],
        grad: &[f64],
        step: i32,
        c: &AdamConfig,
        rate: f64,
    ) {
        for ((x, (m, v)), g) in x.iter_mut().zip(moments).zip(grad) {
            *x *= 1.0 - rate * c.weight_decay;
            *m = c.beta1 * *m + (1.0 - c.beta1) * g;
            *v = c.beta2 * *v + (1.0 - c.beta2) * g * g;
            let mean = *m / (1.0 - c.beta1.powi(step));
            let square = *v / (1.0 - c.beta2.powi(step));
            *x -= rate * mean / (square.sqrt() + c.epsilon);
        }
    }

    #[test]
    fn updates_equal_plain_loops_with_clipping_and_decay() {
        let config = AdamConfig {
            weight_decay: 0.1,
            clip_norm: 0.7,
            ..AdamConfig::default()
        };
        let mut params = params();
        let mut adam = Adam::new(&config, &params).expect("valid");
        let wide = |p: &Params| -> Vec<f64> {
            p.entries()[..2]
                .iter()
                .flat_map(|(_, t)| values(t))
                .map(f64::from)
                .collect()
        };
        let mut x = wide(&params);
        let mut moments = vec![(0.0, 0.0); x.len()];
        for step in 1..=5 {
            let (a, b) = (&params.entries()[0].1, &params.entries()[1].1);
            // d/dx of sum x^3 + 2 sum x is 3 x^2 + 2.
            let loss =
                |t: &Tensor| t.pow_tensor_scalar(3).sum(Kind::Float) + t.sum(Kind::Float) * 2.0;
            (loss(a) + loss(b)).backward();
            let mut grad: Vec<f64> = x.iter().map(|x| 3.0 * x * x + 2.0).collect();
            let norm = grad.iter().map(|g| g * g).sum::<f64>().sqrt();
            grad.iter_mut().for_each(|g| *g *= 0.7 / norm);
            let info = adam.update(&mut params, 1e-2);
            assert!(info.applied && (info.grad_norm - norm).abs() < 1e-4);
            reference(&mut x, &mut moments, &grad, step, &config, 1e-2);
            for (x, y) in x.iter().zip(wide(&params)) {
                assert!((x - y).abs() < 1e-5, "step {step}: {x} {y}");
            }
        }
        assert_eq!(
            values(&params.entries()[2].1),
            [1.0, 1.0],
            "no gradient, no change"
        );
    }

    #[test]
    fn a_gradient_that_is_not_finite_changes_nothing() {
        let mut params = params();
        let mut adam = Adam::new(&AdamConfig::default(), &params).expect("valid");
        let before = values(&params.entries()[0].1);
        (&params.entries()[0].1 * f64::NAN)
            .sum(Kind::Float)
            .backward();
        assert!(!adam.update(&mut params, 1e-2).applied);
        assert_eq!(before, values(&params.entries()[0].1));
        assert_eq!(adam.step_count(), 0);
    }

    #[test]
    fn the_rate_steps_and_warms_up() {
        let rate = LearningRate {
            warmup_steps: 10,
            ..LearningRate::default()
        };
        assert!((rate.at(0) - 1e-4).abs() < 1e-12);
        assert_eq!(rate.at(10), 1e-3);
        assert_eq!(rate.at(39_999), 1e-3);
        assert_eq!(rate.at(40_000), 1e-4);
        let unordered = LearningRate {
            steps: vec![(0, 1e-3), (5, 1e-4), (5, 1e-5)],
            warmup_steps: 0,
        };
        assert!(unordered.validate().is_err());
        assert!(rate.validate().is_ok());
    }
}
