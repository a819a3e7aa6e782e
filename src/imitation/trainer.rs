//! The supervised loop's inner step: a batch through the network, masked losses, one update (SCC §5).

use super::ImitationError;
use crate::algo::{HeadLoss, SequenceWeight, imitation_loss};
use crate::policy::optim::{Adam, AdamConfig};
use crate::policy::{ActTensors, CoreState, ObsTensors, Policy};
use crate::trajectory::{Batch, HEADS};

/// How updates are made.
#[derive(Clone, Debug, PartialEq)]
pub struct TrainerOptions {
    /// Lanes of a batch, `B`.
    pub lanes: usize,
    /// Factors of the heads' losses, in the order of [`HEADS`].
    pub head_weights: [f64; HEADS.len()],
    pub adam: AdamConfig,
}

/// One head in one batch.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct HeadStats {
    /// Mean negative log-likelihood of the choices, in nats.
    pub loss: f64,
    /// Share of the choices that are the head's best guess, 0 to 1.
    pub accuracy: f64,
    /// Choices that the head was asked for.
    pub n: f64,
}

/// One update.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct StepStats {
    /// Weighted sum of the heads' losses per step, before the update.
    pub loss: f64,
    pub heads: [HeadStats; HEADS.len()],
    /// Before clipping.
    pub gradient_norm: f64,
    /// Steps learned from.
    pub samples: f64,
}

/// A network being trained, with everything that the next update depends on.
#[derive(Debug)]
pub struct Trainer {
    pub policy: Policy,
    pub optimizer: Adam,
    /// Of every lane, after its last step.
    pub core: CoreState,
    options: TrainerOptions,
}

impl Trainer {
    /// Starts with fresh optimizer and core state.
    ///
    /// # Errors
    /// If the optimizer's settings are out of range.
    pub fn new(policy: Policy, options: TrainerOptions) -> Result<Trainer, ImitationError> {
        Ok(Trainer {
            optimizer: Adam::new(&options.adam, policy.params())?,
            core: policy.initial_state(options.lanes as i64),
            policy,
            options,
        })
    }

    /// Forgets what the lanes were in: a stage begins with other games.
    pub fn reset_core(&mut self) {
        self.core = self.policy.initial_state(self.options.lanes as i64);
    }

    /// One update at learning rate `rate`.
    ///
    /// # Errors
    /// If the batch does not have the network's shapes, or the loss is no number.
    pub fn step(&mut self, batch: &Batch, rate: f64) -> Result<StepStats, ImitationError> {
        let (device, spec) = (self.policy.device(), self.policy.spec());
        let obs = ObsTensors::new(&batch.obs, &spec.obs, device)?;
        let act = ActTensors::new(&batch.act, &batch.obs, &spec.action, device)?;
        let (b, t) = (obs.b, obs.t);
        let resets: Vec<f32> = batch.resets.iter().map(|&r| f32::from(r)).collect();
        let resets = tch::Tensor::from_slice(&resets)
            .view([b, t])
            .to_device(device);
        let out = self.policy.unroll(&obs, &act, &resets, &self.core);
        let heads: Vec<HeadLoss> = out
            .heads
            .iter()
            .zip(self.options.head_weights)
            .map(|(head, weight)| HeadLoss {
                logits: &head.logits,
                target: &head.target,
                accepted: head.accepted.as_ref(),
                rows: &head.rows,
                weight,
            })
            .collect();
        let samples: f64 = batch.valid.iter().map(|&v| f64::from(v)).sum();
        let loss = imitation_loss(&heads, b * t, samples, SequenceWeight::Mean);
        let total = loss.total.double_value(&[]);
        if !total.is_finite() {
            return Err(ImitationError::NotFinite);
        }
        loss.total.backward();
        let update = self.optimizer.update(self.policy.params_mut(), rate);
        self.core = out.state.detach();
        let stats = Vec::<f32>::try_from(loss.stats.to_device(tch::Device::Cpu).view([-1]))?;
        let heads = std::array::from_fn(|h| {
            let [nll, right, n] = [0, 1, 2].map(|i| f64::from(stats[3 * h + i]));
            HeadStats {
                loss: nll / n.max(1.0),
                accuracy: right / n.max(1.0),
                n,
            }
        });
        Ok(StepStats {
            loss: total,
            heads,
            gradient_norm: update.grad_norm,
            samples,
        })
    }
}
