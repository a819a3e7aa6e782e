//! One update: a minibatch through the network and the supervised one, the loss, gradients, Adam.

use super::estimates::{Targets, targets};
use super::replication::{Joint, Peers, TOLD, exchange};
use super::{LearnerError, LearnerOptions, LearnerStats};
use crate::algo::{HeadChoice, RlInputs, RlLossConfig, RlStats, rl_loss};
use crate::policy::optim::global_norm;
use crate::policy::{ActTensors, Adam, CoreState, ObsTensors, Policy, Replicas, Unrolled};
use crate::trajectory::{Batch, HEADS, LstmState, Unroll, lanes};
use tch::{Device, Kind, Tensor};

/// Names of the parameters that the value warm-up moves.
const VALUE_PREFIX: &str = "value.";

/// No update is made by a loss, or by gradients of a norm (before clipping), beyond this. In the runs of docs/RESULTS.md a training
/// step's mean loss stays below 0.3 and its mean norm below 8. A config's factors may well make them a hundred times larger, and
/// one freak step does no harm, being clipped; but who comes this far does not come back.
const EXPLODED_ABOVE: f64 = 1e4;

/// A network being trained, with everything that the next update depends on.
#[derive(Debug)]
pub struct Learner {
    pub policy: Policy,
    /// Its count of updates decides whether the values are still warming up, so a resumed run goes on where it was.
    pub optimizer: Adam,
    options: LearnerOptions,
    replicas: Replicas,
    /// Handles to the frozen supervised policy, one a thread; none = no such term in the loss.
    supervised: Vec<Policy>,
    /// The others of its group; none = alone.
    pub(super) peers: Peers,
}

impl Learner {
    /// Starts with a fresh optimizer. `supervised`: the frozen policy of SCC §6.1, on the same device; it may be left out
    /// where `kl_cost` is 0. `threads` share the rows of a batch (on a GPU one does).
    ///
    /// # Errors
    /// If an option is out of range, or does not have as many entries as the network has values.
    pub fn new(
        policy: Policy,
        supervised: Option<Policy>,
        options: LearnerOptions,
        threads: usize,
    ) -> Result<Learner, LearnerError> {
        options.validate(policy.spec().config.value.kinds as usize)?;
        if supervised.is_none() && options.kl_cost > 0.0 {
            return Err(LearnerError::Option {
                key: "kl_cost",
                value: options.kl_cost.to_string(),
                range: "0 without a supervised policy",
            });
        }
        let replicas = Replicas::new(&policy, threads);
        let supervised = supervised.map_or_else(Vec::new, |s| {
            (0..replicas.len()).map(|_| s.share()).collect()
        });
        Ok(Learner {
            optimizer: Adam::new(&options.adam, policy.params())?,
            policy,
            options,
            replicas,
            supervised,
            peers: None,
        })
    }

    pub fn options(&self) -> &LearnerOptions {
        &self.options
    }

    /// The next update moves the value heads only (SCC §6.1).
    pub fn is_warming_up(&self) -> bool {
        self.optimizer.step_count() < self.options.value_warmup_steps
    }

    /// One update at learning rate `rate`. Rows start from the states that their actors had. The rows are shared out among
    /// the threads; gradients are summed in a fixed order, so that the same number of threads gives the same bits.
    ///
    /// In a group ([`Learner::set_replication`]) the update is that of all learners' batches joined, and its statistics are
    /// theirs, too.
    ///
    /// # Errors
    /// If the batch does not fit the network, or the loss or a gradient is no number or explodes, here or at another learner
    /// of the group, or one is lost; weights and optimizer are then as they were.
    pub fn step(&mut self, batch: &Batch, rate: f64) -> Result<LearnerStats, LearnerError> {
        let is_warmup = self.is_warming_up();
        let config = self.loss_config(is_warmup);
        let (targets, joint) = self.prepare(batch, rate)?;
        let learned = self.learn(batch, &targets, &config, joint.n_real);
        let updated = self.losses(learned, config.value_weights.len());
        let updated = updated.and_then(|told| Ok((told, self.update(is_warmup, rate)?)));
        // Not before the update: with a single replica these are its very gradients.
        self.replicas.zero_grad();
        let ((loss, rl), gradient_norm) = updated?;
        Ok(LearnerStats {
            loss,
            rl,
            gradient_norm,
            advantage_std: joint.moments.deviation(),
            is_warmup,
            forced: joint.forced,
        })
    }

    /// What is learned from this batch as a part of all learners' batches.
    fn prepare(&mut self, batch: &Batch, rate: f64) -> Result<(Targets, Joint), LearnerError> {
        let at = (self.optimizer.step_count(), rate);
        let own = targets(batch, &self.options)
            .and_then(|targets| Joint::told(batch, &targets, at).map(|told| (targets, told)));
        let (mut targets, rows) = exchange(&mut self.peers, own, TOLD)?;
        let joint = Joint::of(&rows)?;
        if self.options.normalize_advantages {
            targets.normalize((rows.len() > 1).then_some(&joint.moments));
        }
        Ok((targets, joint))
    }

    /// The loss and its statistics, of all learners' parts.
    fn losses(
        &mut self,
        learned: Vec<Result<Vec<Learned>, LearnerError>>,
        kinds: usize,
    ) -> Result<(f64, RlStats), LearnerError> {
        let heads = HEADS.len();
        let learned: Result<Vec<Vec<Learned>>, LearnerError> = learned.into_iter().collect();
        let own = learned.map(|lists| {
            let parts: Vec<Learned> = lists.into_iter().flatten().collect();
            let loss: f64 = parts.iter().map(|l| l.total).sum();
            let stats: Vec<Vec<f64>> = parts.into_iter().map(|l| l.stats).collect();
            let sums = RlStats::joined(&stats, heads, kinds);
            ((), [vec![loss], sums].concat())
        });
        let width = 1 + RlStats::len_of(heads, kinds);
        let ((), rows) = exchange(&mut self.peers, own, width)?;
        let loss = bounded("loss", rows.iter().map(|row| row[0]).sum())?;
        let sums: Vec<Vec<f64>> = rows.into_iter().map(|row| row[1..].to_vec()).collect();
        Ok((loss, RlStats::from_parts(&sums, heads, kinds)))
    }

    /// Moves the weights by the gradients of all learners; the gradients' norm.
    fn update(&mut self, is_warmup: bool, rate: f64) -> Result<f64, LearnerError> {
        let grads = self.gradients(is_warmup);
        if let Some(peers) = &mut self.peers {
            let defined = grads.iter().filter(|g| g.defined());
            let defined: Vec<Tensor> = defined.map(Tensor::shallow_clone).collect();
            peers.sum_tensors(&defined).map_err(LearnerError::Peers)?;
        }
        // Sums are the same at all learners, so that all stop or none.
        let norm = bounded("gradient norm", tch::no_grad(|| global_norm(&grads)))?;
        let of_values = rate * self.options.value_rate;
        let update = self
            .optimizer
            .update_by(self.policy.params(), &grads, |name| {
                if name.starts_with(VALUE_PREFIX) {
                    of_values
                } else {
                    rate
                }
            });
        debug_assert!(update.applied, "the norm is a number");
        Ok(norm)
    }

    fn loss_config(&self, values_only: bool) -> RlLossConfig {
        let o = &self.options;
        RlLossConfig {
            clip_epsilon: o.clip_epsilon,
            value_cost: o.value_cost,
            value_weights: o.reward_weights.clone(),
            value_clip: o.value_clip,
            entropy_cost: o.entropy_cost,
            entropy_weights: o.entropy_weights.to_vec(),
            kl_cost: o.kl_cost,
            kl_weights: o.kl_weights.to_vec(),
            kl_direction: o.kl_direction,
            values_only,
        }
    }

    /// Forward and backward passes of all parts; gradients stay in the replicas.
    fn learn(
        &mut self,
        batch: &Batch,
        targets: &Targets,
        config: &RlLossConfig,
        n_real: f64,
    ) -> Vec<Result<Vec<Learned>, LearnerError>> {
        let parts = lanes::schedule(batch, self.replicas.len(), self.options.accumulate);
        let mut supervised = self.supervised.iter_mut();
        let inputs = parts
            .iter()
            .map(|lists| {
                let parts: Vec<Part> = lists.iter().map(|l| Part::new(batch, targets, l)).collect();
                (parts, supervised.next())
            })
            .collect();
        // Only value heads warm up: what lies before them needs no gradient then.
        let value_gradient = if config.values_only {
            0.0
        } else {
            self.options.value_gradient
        };
        let temperature = self.options.temperature;
        self.replicas.each(inputs, |policy, (parts, teacher)| {
            policy.set_value_gradient(value_gradient);
            let teacher = teacher.as_deref();
            parts
                .iter()
                .map(|part| learn_part(policy, teacher, part, (config, temperature), n_real))
                .collect()
        })
    }

    /// Undefined (that is, left alone) for everything but the value heads while these warm up.
    fn gradients(&self, is_warmup: bool) -> Vec<Tensor> {
        let params = self.policy.params();
        let mut grads = self.replicas.gradients(params);
        if is_warmup {
            for (grad, (name, _)) in grads.iter_mut().zip(params.entries()) {
                if !name.starts_with(VALUE_PREFIX) {
                    *grad = Tensor::new();
                }
            }
        }
        grads
    }

    /// The supervised policy's state after each of the batch's rows, for the `supervised_lstm` of the unrolls that follow
    /// in the same games; empty without a supervised policy. Right only for rows without padding.
    ///
    /// # Errors
    /// If the batch does not fit the network.
    pub fn follow_supervised(&self, batch: &Batch) -> Result<Vec<LstmState>, LearnerError> {
        let Some(teacher) = self.supervised.first() else {
            return Ok(Vec::new());
        };
        let obs = ObsTensors::new(&batch.obs, &teacher.spec().obs, teacher.device())?;
        let state = CoreState::from_lstm(
            &teacher.spec().config.core,
            &batch.rl.supervised_lstm,
            obs.b,
            teacher.device(),
        )?;
        let resets = resets(batch, teacher.device());
        let after = tch::no_grad(|| teacher.follow(&obs, &resets, &state));
        Ok(after.to_lstm())
    }
}

impl Learner {
    /// Gives every unroll of one player's game, all of them in order, the state that the supervised policy itself would have
    /// there; nothing without a supervised policy. `batch_of` makes a batch of one unroll without padding.
    ///
    /// Costs a forward pass without heads.
    ///
    /// # Errors
    /// If a batch does not fit the network.
    pub fn follow_game(
        &self,
        unrolls: &mut [Unroll],
        batch_of: impl Fn(&Unroll) -> Batch,
    ) -> Result<(), LearnerError> {
        for next in 1..unrolls.len() {
            let batch = batch_of(&unrolls[next - 1]);
            unrolls[next].supervised_lstm = self.follow_supervised(&batch)?.pop();
        }
        Ok(())
    }
}

/// `value`, if an update may be made by it.
fn bounded(what: &'static str, value: f64) -> Result<f64, LearnerError> {
    if !value.is_finite() {
        return Err(LearnerError::NotFinite { what });
    }
    let bound = EXPLODED_ABOVE;
    if value.abs() > bound {
        return Err(LearnerError::Exploded { what, value, bound });
    }
    Ok(value)
}

/// Some rows of a batch, and what they are to learn.
struct Part {
    batch: Batch,
    /// `[n]`
    advantage: Tensor,
    /// `[n, R]`
    returns: Tensor,
}

impl Part {
    fn new(batch: &Batch, targets: &Targets, rows: &[usize]) -> Part {
        let index: Vec<i64> = rows.iter().map(|&r| r as i64).collect();
        let index = Tensor::from_slice(&index);
        Part {
            batch: lanes::take(batch, rows),
            advantage: targets.advantage.index_select(0, &index).view([-1]),
            returns: targets
                .returns
                .index_select(0, &index)
                .view([-1, batch.rl.r as i64]),
        }
    }
}

/// What one part of a batch gave.
struct Learned {
    total: f64,
    stats: Vec<f64>,
}

fn learn_part(
    policy: &Policy,
    teacher: Option<&Policy>,
    part: &Part,
    (config, temperature): (&RlLossConfig, f64),
    n_real: f64,
) -> Result<Learned, LearnerError> {
    let (batch, rl, device) = (&part.batch, &part.batch.rl, policy.device());
    let spec = policy.spec();
    let obs = ObsTensors::new(&batch.obs, &spec.obs, device)?;
    let act = ActTensors::new(&batch.act, &batch.obs, &spec.action, device)?;
    let resets = resets(batch, device);
    let core = &spec.config.core;
    let state = CoreState::from_lstm(core, &rl.lstm, obs.b, device)?;
    let out = tempered(policy.unroll(&obs, &act, &resets, &state), temperature);
    let supervised = match teacher {
        None => None,
        Some(teacher) => {
            let core = &teacher.spec().config.core;
            let state = CoreState::from_lstm(core, &rl.supervised_lstm, obs.b, device)?;
            Some(tch::no_grad(|| {
                tempered(teacher.unroll(&obs, &act, &resets, &state), temperature)
            }))
        }
    };
    let supervised = supervised.as_ref().map(choices);
    let (n, r) = (obs.b * obs.t, rl.r as i64);
    let on_device = |t: &Tensor| t.to_device(device);
    let loss = rl_loss(
        &RlInputs {
            heads: &choices(&out),
            supervised: supervised.as_deref(),
            behavior_log_probs: &on_device(
                &Tensor::from_slice(&rl.log_probs).view([n, HEADS.len() as i64]),
            ),
            advantage: &on_device(&part.advantage),
            value: &out.values.view([n, r]),
            behavior_value: &on_device(&Tensor::from_slice(&rl.values).view([n, r])),
            returns: &on_device(&part.returns),
            valid_mask: &on_device(&Tensor::from_slice(&batch.valid).gt(0.5)),
            n_real,
        },
        config,
    );
    let total = loss.total.double_value(&[]);
    if total.is_finite() && loss.total.requires_grad() {
        loss.total.backward();
    }
    Ok(Learned {
        total,
        stats: Vec::<f64>::try_from(loss.stats.to_device(Device::Cpu))?,
    })
}

/// Logits as acting divides them.
fn tempered(mut out: Unrolled, temperature: f64) -> Unrolled {
    if temperature != 1.0 {
        for head in &mut out.heads {
            head.logits = &head.logits / temperature;
        }
    }
    out
}

/// The heads' choices in the order in which they were made: for a selection the likelihood of this very sequence, not, as
/// in imitation, of any that comes to the same set.
fn choices(out: &Unrolled) -> Vec<HeadChoice<'_>> {
    out.heads
        .iter()
        .map(|head| HeadChoice {
            logits: &head.logits,
            target: &head.target,
            rows: &head.rows,
        })
        .collect()
}

/// `[B, T]` f32
fn resets(batch: &Batch, device: Device) -> Tensor {
    Tensor::from_slice(&batch.resets)
        .view([batch.obs.b as i64, batch.obs.t as i64])
        .to_kind(Kind::Float)
        .to_device(device)
}
