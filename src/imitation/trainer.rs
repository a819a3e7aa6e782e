//! The supervised loop's inner step: a batch through the network, masked losses, one update (SCC §5).

use super::ImitationError;
use crate::algo::{HeadLoss, SequenceWeight, imitation_loss};
use crate::policy::optim::{Adam, AdamConfig};
use crate::policy::{ActTensors, CoreState, ObsTensors, Policy, Replicas};
use crate::trajectory::{Batch, HEADS, lanes};
use tch::Tensor;

/// How updates are made.
#[derive(Clone, Debug, PartialEq)]
pub struct TrainerOptions {
    /// Lanes of a batch, `B`.
    pub lanes: usize,
    /// Factors of the heads' losses, in the order of [`HEADS`].
    pub head_weights: [f64; HEADS.len()],
    pub adam: AdamConfig,
    /// Threads that share the lanes, each with gradients of its own; on a GPU one is used.
    pub threads: usize,
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
    replicas: Replicas,
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
            replicas: Replicas::new(&policy, options.threads),
            policy,
            options,
        })
    }

    /// Forgets what the lanes were in: a stage begins with other games.
    pub fn reset_core(&mut self) {
        self.core = self.policy.initial_state(self.options.lanes as i64);
    }

    /// One update at learning rate `rate`. The lanes are shared out among the threads; gradients are summed in a fixed
    /// order, so that the same number of threads gives the same bits.
    ///
    /// # Errors
    /// If the batch does not have the network's shapes, or the loss is no number.
    pub fn step(&mut self, batch: &Batch, rate: f64) -> Result<StepStats, ImitationError> {
        let samples: f64 = batch.valid.iter().map(|&v| f64::from(v)).sum();
        let parts = lanes::schedule(batch, self.replicas.len(), 1);
        let states: Vec<Vec<CoreState>> = parts
            .iter()
            .map(|p| p.iter().map(|l| state_of(&self.core, l)).collect())
            .collect();
        let weights = self.options.head_weights;
        let inputs = parts.iter().zip(states).collect();
        let results = self.replicas.each(inputs, |replica, (parts, states)| {
            learn(replica, batch, parts, states, &weights, samples)
        });
        let results: Vec<Vec<Learned>> = results.into_iter().collect::<Result<_, _>>()?;
        let (mut total, mut stats) = (0.0, [0f64; 3 * HEADS.len()]);
        for learned in results.iter().flatten() {
            total += learned.total;
            for (sum, x) in stats.iter_mut().zip(&learned.stats) {
                *sum += f64::from(*x);
            }
        }
        if !total.is_finite() {
            self.replicas.zero_grad();
            return Err(ImitationError::NotFinite);
        }
        let grads = self.replicas.gradients(self.policy.params());
        let update = self
            .optimizer
            .update_with(self.policy.params(), &grads, rate);
        self.replicas.zero_grad();
        for (lanes, learned) in parts.iter().flatten().zip(results.iter().flatten()) {
            put_state(&mut self.core, lanes, &learned.state);
        }
        Ok(StepStats {
            loss: total,
            heads: std::array::from_fn(|h| {
                let [nll, right, n] = [0, 1, 2].map(|i| stats[3 * h + i]);
                HeadStats {
                    loss: nll / n.max(1.0),
                    accuracy: right / n.max(1.0),
                    n,
                }
            }),
            gradient_norm: update.grad_norm,
            samples,
        })
    }
}

/// What one part of a batch gave.
struct Learned {
    total: f64,
    stats: Vec<f32>,
    state: CoreState,
}

/// Forward and backward passes of the parts, one after the other; gradients add up in the replica.
fn learn(
    policy: &mut Policy,
    batch: &Batch,
    parts: &[Vec<usize>],
    states: Vec<CoreState>,
    weights: &[f64; HEADS.len()],
    samples: f64,
) -> Result<Vec<Learned>, ImitationError> {
    let whole = batch.obs.b;
    parts
        .iter()
        .zip(states)
        .map(|(lanes, state)| {
            if lanes.len() == whole && lanes.is_sorted() {
                learn_part(policy, batch, &state, weights, samples)
            } else {
                let part = lanes::take(batch, lanes);
                learn_part(policy, &part, &state, weights, samples)
            }
        })
        .collect()
}

fn learn_part(
    policy: &Policy,
    batch: &Batch,
    state: &CoreState,
    weights: &[f64; HEADS.len()],
    samples: f64,
) -> Result<Learned, ImitationError> {
    let (device, spec) = (policy.device(), policy.spec());
    let obs = ObsTensors::new(&batch.obs, &spec.obs, device)?;
    let act = ActTensors::new(&batch.act, &batch.obs, &spec.action, device)?;
    let (b, t) = (obs.b, obs.t);
    let resets: Vec<f32> = batch.resets.iter().map(|&r| f32::from(r)).collect();
    let resets = Tensor::from_slice(&resets).view([b, t]).to_device(device);
    let out = policy.unroll(&obs, &act, &resets, state);
    let heads: Vec<HeadLoss> = out
        .heads
        .iter()
        .zip(weights)
        .map(|(head, &weight)| HeadLoss {
            logits: &head.logits,
            target: &head.target,
            accepted: head.accepted.as_ref(),
            rows: &head.rows,
            weight,
        })
        .collect();
    let loss = imitation_loss(&heads, b * t, samples, SequenceWeight::Mean);
    let total = loss.total.double_value(&[]);
    if total.is_finite() && loss.total.requires_grad() {
        loss.total.backward();
    }
    Ok(Learned {
        total,
        stats: Vec::<f32>::try_from(loss.stats.to_device(tch::Device::Cpu).view([-1]))?,
        state: out.state.detach(),
    })
}

/// The lanes' part of a state.
fn state_of(core: &CoreState, lanes: &[usize]) -> CoreState {
    let index = index_of(core, lanes);
    CoreState {
        hidden: core.hidden.index_select(1, &index),
        cell: core.cell.index_select(1, &index),
    }
}

fn put_state(core: &mut CoreState, lanes: &[usize], part: &CoreState) {
    let index = index_of(core, lanes);
    core.hidden = core.hidden.index_copy(1, &index, &part.hidden);
    core.cell = core.cell.index_copy(1, &index, &part.cell);
}

fn index_of(core: &CoreState, lanes: &[usize]) -> Tensor {
    let lanes: Vec<i64> = lanes.iter().map(|&l| l as i64).collect();
    Tensor::from_slice(&lanes).to_device(core.hidden.device())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::action::Specs;
    use crate::game::Seed;
    use crate::policy::dummy::{DummyShape, batch};
    use crate::policy::{PolicyConfig, PolicySpec, params};

    fn trained(threads: usize) -> (Vec<f32>, Vec<StepStats>, Vec<f32>) {
        let spec = PolicySpec::new(PolicyConfig::tiny(), &Specs::default());
        let policy = Policy::new(&spec, Seed(3), tch::Device::Cpu).expect("valid");
        let options = TrainerOptions {
            lanes: 8,
            head_weights: [1.0; HEADS.len()],
            adam: AdamConfig::default(),
            threads,
        };
        let shape = DummyShape {
            b: 8,
            t: 3,
            n: [9, 5, 6],
            n_min: [2, 0, 1],
            selected_max: 4,
        };
        let mut trainer = Trainer::new(policy, options).expect("valid");
        let stats = (0..3)
            .map(|i| {
                let data = batch(&spec, &shape, Seed(i));
                trainer.step(&data, 1e-3).expect("learns")
            })
            .collect();
        let weights = trainer.policy.params().entries();
        (
            weights
                .iter()
                .flat_map(|(_, t)| params::values(t))
                .collect(),
            stats,
            params::values(&trainer.core.hidden),
        )
    }

    #[test]
    fn threads_share_the_work_and_change_no_bit_from_run_to_run() {
        let (one, two, again) = (trained(1), trained(2), trained(2));
        assert_eq!(two.0, again.0);
        assert_eq!(two.2, again.2);
        for (a, b) in one.1.iter().zip(&two.1) {
            assert!((a.loss - b.loss).abs() < 1e-3, "{} {}", a.loss, b.loss);
            assert_eq!(a.samples, b.samples);
            assert!((a.gradient_norm - b.gradient_norm).abs() < 1e-2);
            for (x, y) in a.heads.iter().zip(&b.heads) {
                assert_eq!(x.n, y.n);
            }
        }
        for (x, y) in one.2.iter().zip(&two.2) {
            assert!((x - y).abs() < 1e-3, "{x} {y}");
        }
    }
}
