//! One player's learning: what its games gave, to updates of its weights. The same in `rl` and in a league.

use super::window::Window;
use crate::action::Specs;
use crate::actor::Experience;
use crate::files::FileError;
use crate::game::Seed;
use crate::learner::{
    Learner, LearnerError, LearnerOptions, ReplayBuffer, ReplayOptions, Round, Waiting,
};
use crate::policy::{AdamConfig, Policy};
use crate::run::RunError;
use crate::run::config::{LearnerConfig, RewardsConfig};
use crate::trajectory::{CollateOptions, Unroll, Wire, collate};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What is the same for all players of a run.
#[derive(Clone, Copy)]
pub struct Training<'a> {
    pub learner: &'a LearnerConfig,
    pub rewards: &'a RewardsConfig,
    pub specs: &'a Specs,
    /// Compute in bf16 where that is safe; a GPU only.
    pub bf16: bool,
    /// Threads that share an update.
    pub threads: usize,
    pub seed: Seed,
}

/// See the module.
pub struct Trainee<'a> {
    pub learner: Learner,
    pub window: Window,
    /// Training steps done; also the version of the weights.
    pub step: u64,
    training: Training<'a>,
    buffer: ReplayBuffer,
    wire: Wire,
}

/// A training step that gave no number.
#[derive(Debug)]
pub struct Failed {
    pub error: LearnerError,
    /// Encoded unrolls of the minibatch that did it.
    pub batch: Vec<Vec<u8>>,
}

impl<'a> Trainee<'a> {
    /// # Errors
    /// If a setting does not fit the network.
    pub fn new(
        mut policy: Policy,
        mut supervised: Policy,
        training: Training<'a>,
    ) -> Result<Trainee<'a>, RunError> {
        policy.set_bf16(training.bf16);
        supervised.set_bf16(training.bf16);
        let options = learner_options(training.learner, training.rewards);
        Ok(Trainee {
            learner: Learner::new(policy, Some(supervised), options, training.threads)?,
            window: Window::default(),
            step: 0,
            buffer: ReplayBuffer::new(replay_options(training.learner))?,
            wire: Wire::new(training.specs),
            training,
        })
    }

    /// Takes in one player's game; `path` is named where it cannot be read.
    ///
    /// # Errors
    /// If an unroll is damaged.
    pub fn take(&mut self, experience: &Experience, path: &Path) -> Result<(), RunError> {
        let rewards = self.training.rewards;
        let discount = |loops: u16| rewards.discount(f64::from(loops)) as f32;
        // Bootstraps that say how the whole game went on.
        let bootstraps = experience.bootstraps(rewards.lambda as f32, discount);
        let of_returns = experience.bootstraps(rewards.value_lambda as f32, discount);
        let bootstraps = bootstraps.into_iter().zip(of_returns);
        let mut unrolls = Vec::with_capacity(experience.unrolls.len());
        for (bytes, (bootstrap, return_bootstrap)) in experience.unrolls.iter().zip(bootstraps) {
            let unroll = self.wire.decode(bytes).map_err(|e| RunError::Folder {
                path: path.to_owned(),
                what: format!("an actor's unroll cannot be read: {e}"),
            })?;
            unrolls.push(Unroll {
                bootstrap,
                return_bootstrap,
                ..unroll
            });
        }
        if self.training.learner.follow_supervised {
            self.learner.follow_game(&mut unrolls, |unroll| {
                let options = CollateOptions {
                    t: unroll.steps.len(),
                    reset_rows: false,
                };
                collate(&[unroll], self.training.specs, options)
            })?;
        }
        for unroll in unrolls {
            self.buffer.push(unroll, self.step);
        }
        Ok(())
    }

    /// What there is to learn from, if it is enough for a training step.
    pub fn round(&mut self) -> Option<Round> {
        let seed = self.training.seed.fork("minibatches", self.step);
        self.buffer.next_round(self.step, seed)
    }

    /// All updates of one training step.
    ///
    /// # Errors
    /// If a loss or a gradient is no number; the weights are those after the last update that went well.
    pub fn learn(&mut self, round: &Round, rate: f64) -> Result<(), Box<Failed>> {
        let options = CollateOptions {
            t: self.training.learner.unroll,
            reset_rows: false,
        };
        for chosen in &round.minibatches {
            let unrolls: Vec<&Unroll> = chosen.iter().map(|&i| &*round.unrolls[i]).collect();
            let batch = collate(&unrolls, self.training.specs, options);
            match self.learner.step(&batch, rate) {
                Ok(stats) => self.window.update(&stats),
                Err(error) => {
                    let batch = unrolls.iter().map(|u| self.wire.encode(u)).collect();
                    return Err(Box::new(Failed { error, batch }));
                }
            }
        }
        self.step += 1;
        Ok(())
    }

    /// What waits to be learned from.
    pub fn waiting(&self) -> Waiting {
        self.buffer.waiting()
    }

    /// Goes on with what waited in a run that was stopped.
    pub fn restore(&mut self, waiting: Waiting) {
        self.buffer.restore(waiting);
    }

    /// Unrolls that wait to be learned from.
    pub fn buffered(&self) -> usize {
        self.buffer.len()
    }

    /// Unrolls dropped so far because they were too old.
    pub fn stale(&self) -> u64 {
        self.buffer.counts().stale
    }

    /// The metrics of a training step that took `seconds` (docs/METRICS.md); the next ones begin from nothing.
    ///
    /// `samples`: agent steps learned from since the player began.
    pub fn metrics(
        &mut self,
        round: &Round,
        seconds: f64,
        rate: f64,
        samples: u64,
    ) -> BTreeMap<String, f64> {
        let mut values = self.window.take(round, seconds);
        let counts = self.buffer.counts();
        let more = [
            ("learning_rate", rate),
            ("buffer_unrolls", self.buffer.len() as f64),
            ("unrolls_stale", counts.stale as f64),
            ("unrolls_overflowed", counts.overflowed as f64),
            ("samples_total", samples as f64),
        ];
        values.extend(more.map(|(name, value)| (name.to_owned(), value)));
        values
    }
}

impl Failed {
    /// Writes the batch into `run/failed`; the folder.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn keep(&self, run: &Path, step: u64) -> Result<PathBuf, FileError> {
        let folder = run.join("failed");
        for (i, bytes) in self.batch.iter().enumerate() {
            let name = format!("step-{step:07}-unroll-{i:04}.sccu");
            crate::files::write_atomic(&folder.join(name), bytes)?;
        }
        Ok(folder)
    }
}

fn learner_options(l: &LearnerConfig, r: &RewardsConfig) -> LearnerOptions {
    LearnerOptions {
        clip_epsilon: l.clip,
        discount_per_loop: vec![r.discount(1.0); r.weights.len()],
        lambda: vec![r.lambda; r.weights.len()],
        value_lambda: vec![r.value_lambda; r.weights.len()],
        reward_weights: r.weights.to_vec(),
        normalize_advantages: true,
        value_cost: l.value_weight,
        value_clip: 0.0,
        value_gradient: l.value_gradient,
        value_rate: l.value_rate,
        temperature: l.temperature,
        accumulate: l.accumulate,
        // There it counts updates, of which a training step makes several.
        value_warmup_steps: l.value_warmup_steps * updates_per_step(l),
        entropy_cost: 1.0,
        entropy_weights: l.entropy_weights,
        kl_cost: 1.0,
        kl_weights: l.kl_weights,
        adam: AdamConfig {
            clip_norm: l.gradient_norm_max,
            ..AdamConfig::default()
        },
        ..LearnerOptions::default()
    }
}

/// Updates of the weights in one training step.
fn updates_per_step(l: &LearnerConfig) -> u64 {
    let options = replay_options(l);
    (options.minibatches * options.epochs) as u64
}

fn replay_options(l: &LearnerConfig) -> ReplayOptions {
    let round = l.samples.div_ceil(l.unroll).max(1);
    ReplayOptions {
        // Whole games come at once: more than a round needs may wait for the next.
        capacity_unrolls: round * 4,
        round_unrolls: round,
        epochs: l.epochs,
        minibatches: round.div_ceil(l.minibatch).clamp(1, round),
        reuse_max: l.reuse_max,
        staleness_max_versions: l.staleness_max,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::{PolicyConfig, PolicySpec};
    use std::sync::Arc;

    /// Of rounds of two unrolls: what each reports as `reuse`, until there is nothing left.
    fn reuse(reuse_max: u32) -> Vec<f64> {
        let specs = Specs::default();
        let mut network = PolicyConfig::tiny();
        network.value.kinds = 3;
        let spec = PolicySpec::new(network, &specs);
        let policy = || Policy::new(&spec, Seed(1), tch::Device::Cpu).expect("valid");
        let learner = LearnerConfig {
            samples: 2,
            unroll: 1,
            reuse_max,
            ..LearnerConfig::default()
        };
        let training = Training {
            learner: &learner,
            rewards: &RewardsConfig::default(),
            specs: &specs,
            bf16: false,
            threads: 1,
            seed: Seed(1),
        };
        let mut trainee = Trainee::new(policy(), policy(), training).expect("valid");
        let unroll = Unroll {
            steps: vec![Default::default()],
            ..Unroll::default()
        };
        trainee.restore(Waiting {
            unrolls: vec![(Arc::new(unroll), 0, 0); 2],
            rounds: 0,
        });
        let mut reported = Vec::new();
        while let Some(round) = trainee.round() {
            reported.push(trainee.metrics(&round, 1.0, 1e-3, 0)["reuse"]);
        }
        reported
    }

    #[test]
    fn samples_are_used_as_often_as_the_config_says_and_it_is_reported() {
        assert_eq!(reuse(LearnerConfig::default().reuse_max), [0.0]);
        assert_eq!(reuse(3), [0.0, 1.0, 2.0]);
    }
}
