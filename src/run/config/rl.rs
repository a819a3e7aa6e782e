//! The config of `scc train --stage rl` (SCC §6.1).

use super::check::{device, invalid, not_negative, positive, share, within};
use super::imitation::{EvaluationConfig, LearningRateStep, learning_rate, rate_at};
use super::{ConfigError, GameConfig};
use crate::evaluator::AgentSpec;
use serde::{Deserialize, Serialize};

/// Everything a reinforcement learning run depends on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RlConfig {
    /// `rl`: tells this kind of config from the others.
    pub stage: String,
    /// Seed of everything random; any number.
    pub seed: u64,
    /// Map that is played on: a built-in one's name or a map file; on StarCraft II an installed one's name.
    pub map: String,
    /// Checkpoint of the supervised agent: training starts from its weights, and is held near it by the KL term. `--init`
    /// takes its place.
    #[serde(default)]
    pub init: String,
    /// Checkpoint whose weights training starts from, where they are not the supervised agent's: an agent of an earlier run
    /// learns on, still held near the supervised agent and rated against it. Of the same network; empty = the supervised one.
    #[serde(default)]
    pub start: String,
    /// What is played on.
    #[serde(default)]
    pub game: GameConfig,
    #[serde(default)]
    pub games: RlGamesConfig,
    #[serde(default)]
    pub predictor: PredictorConfig,
    #[serde(default)]
    pub rewards: RewardsConfig,
    #[serde(default)]
    pub learner: LearnerConfig,
    pub train: RlTrainConfig,
    #[serde(default)]
    pub evaluation: EvaluationConfig,
}

/// Games to learn from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RlGamesConfig {
    /// Whom the agent plays: `self` (both sides are learned from), `supervised` (the agent of `init`), or an agent spec.
    pub opponents: Vec<OpponentConfig>,
    /// Games at once, 1 to 4096.
    pub at_once: usize,
    /// Finished games that wait for the learner at most, 1 to 4096; beyond it, actors wait.
    pub queue_max: usize,
    /// Game loops after which a game is a tie, 1 to 524,288 (22.4 a second).
    pub loops_max: u32,
    /// Play and learn by turns, with the same batches every time: repeatable to the bit on a CPU, and slower.
    pub serial: bool,
    /// Replays of the games that ended last, kept in `replays` of the run folder, 0 to 10,000; on the embedded simulator only.
    pub replays_kept: usize,
}

/// One opponent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpponentConfig {
    pub agent: String,
    /// Share of the games, against the sum of all shares; 0 or more.
    pub share: f64,
}

/// Batched inference.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PredictorConfig {
    /// Where the networks of the games compute: `cpu`, `cuda` or `cuda:N`.
    pub device: String,
    /// Questions answered together at most, 1 to 4096.
    pub batch_max: usize,
    /// Microseconds that a batch waits for more questions after its first, 0 to 1,000,000.
    pub wait_us: u64,
    /// Threads a network, each with a copy of it, 1 to 256.
    pub workers: usize,
}

/// What is rewarded, each kind with a value head and advantages of its own (SCC §6.1).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RewardsConfig {
    /// Weights of the advantages: win (1) or loss (-1); nearness to z's build order; nearness to z's unit counts. 0 or
    /// more, not all 0.
    pub weights: [f64; 3],
    /// Game loops after which a reward counts half as much; 0 = no discount.
    pub half_life_loops: f64,
    /// GAE's lambda of a step, 0 to 1.
    pub lambda: f64,
    /// The same of the returns that the value heads learn, 0 to 1. Below 1, a fresh value head hears of a game's end only
    /// step by step.
    pub value_lambda: f64,
    /// z library (`scc replay z`), or `builtin:marine-flat64`, the one that comes with the kept agent; empty = no z, and nothing
    /// is earned by one.
    pub library: String,
    /// z's of winners only.
    pub winners_only: bool,
    /// Share of the games played toward a z, 0 to 1; in the others the agent plays unconditioned.
    pub z_share: f64,
    /// Probability that a part of z (build order; unit counts) is rewarded in a game with a z, 0 to 1.
    pub part_probability: f64,
    /// Show the network the z that it is rewarded for. `false` for agents that never learned what those inputs mean.
    pub shown: bool,
}

/// PPO (SCC §6.1: clipped objective, entropy, KL to the supervised policy).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LearnerConfig {
    /// Agent steps gathered for one training step, 1 or more (SCC App. B: 144,000).
    pub samples: usize,
    /// Agent steps an unroll, 1 to 1024.
    pub unroll: usize,
    /// Unrolls a minibatch, 1 to 65,536.
    pub minibatch: usize,
    /// Parts that each thread (or the GPU) computes its share of a minibatch in, one after the other, at least; 1 to 65,536. The
    /// update is the same; for a minibatch that is too large for the memory.
    pub accumulate: usize,
    /// Times that each sample is learned from in a training step, 1 to 64.
    pub epochs: usize,
    /// Training steps that each sample takes part in at most, 1 to 64, those used least first. Beyond 1, more is learned from
    /// what was played, and more of it by a policy that is no longer the present one.
    pub reuse_max: u32,
    /// Steps that were played by a policy more than this many training steps old are dropped.
    pub staleness_max: u64,
    /// First training steps in which only the value heads learn (SCC §6.1: 50).
    pub value_warmup_steps: u64,
    /// Learning rates, each from its share of the run on.
    pub learning_rate: Vec<LearningRateStep>,
    /// Ratio of new to old probability beyond which an action gains no more, above 0.
    pub clip: f64,
    /// Weight of the value loss, 0 or more.
    pub value_weight: f64,
    /// Share of the value loss' gradient that reaches the network it has in common with the policy, 0 to 1.
    pub value_gradient: f64,
    /// Learning rate of the value heads over that of everything else, above 0.
    pub value_rate: f64,
    /// Networks play at this temperature, and what is learned is the policy at it, 0.1 to 5. Imitation agents play best a little
    /// surer than trained, i.e. below 1.
    pub temperature: f64,
    /// Weight of each head's entropy: function, skip, queued, selected, target unit, target cell; 0 or more.
    pub entropy_weights: [f64; 6],
    /// Weight of each head's KL divergence to the supervised policy, 0 or more.
    pub kl_weights: [f64; 6],
    /// Global gradient norm is clipped to this; above 0.
    pub gradient_norm_max: f64,
    /// Read each game with the supervised policy from its beginning, so that the KL term sees it in its own LSTM state
    /// instead of the actor's: exact, for about a fifth more of the learner's time at one epoch.
    pub follow_supervised: bool,
}

/// How long, where, and how often something is written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RlTrainConfig {
    /// Training steps; 0 = no bound, then `minutes_max` must be set.
    pub steps_max: u64,
    /// Minutes of playing and learning, evaluation not counted; 0 = no bound, then `steps_max` must be set.
    pub minutes_max: f64,
    /// Where the learner computes: `cpu`, `cuda` or `cuda:N`.
    pub device: String,
    /// Compute in bf16 where that is safe; a GPU only.
    pub bf16: bool,
    /// Minutes between two checkpoints, above 0.
    pub checkpoint_every_minutes: f64,
}

impl Default for RlGamesConfig {
    fn default() -> Self {
        RlGamesConfig {
            opponents: vec![OpponentConfig {
                agent: "self".to_owned(),
                share: 1.0,
            }],
            at_once: 16,
            queue_max: 16,
            loops_max: 30_000,
            serial: false,
            replays_kept: 20,
        }
    }
}

impl Default for PredictorConfig {
    fn default() -> Self {
        PredictorConfig {
            device: "cpu".to_owned(),
            batch_max: 32,
            wait_us: 1000,
            workers: 1,
        }
    }
}

impl Default for RewardsConfig {
    fn default() -> Self {
        RewardsConfig {
            weights: [1.0, 0.25, 0.25],
            half_life_loops: 0.0,
            lambda: 0.95,
            value_lambda: 1.0,
            library: String::new(),
            winners_only: true,
            z_share: 1.0,
            part_probability: 0.25,
            shown: true,
        }
    }
}

impl Default for LearnerConfig {
    fn default() -> Self {
        LearnerConfig {
            samples: 4096,
            unroll: 16,
            minibatch: 32,
            accumulate: 1,
            epochs: 1,
            reuse_max: 1,
            staleness_max: 8,
            value_warmup_steps: 50,
            learning_rate: vec![LearningRateStep {
                from: 0.0,
                rate: 1e-4,
            }],
            clip: 0.2,
            value_weight: 0.5,
            value_gradient: 1.0,
            value_rate: 1.0,
            temperature: 1.0,
            entropy_weights: [1e-3; 6],
            kl_weights: [0.02; 6],
            gradient_norm_max: 1.0,
            follow_supervised: false,
        }
    }
}

impl Default for RlTrainConfig {
    fn default() -> Self {
        RlTrainConfig {
            steps_max: 0,
            minutes_max: 0.0,
            device: "cpu".to_owned(),
            bf16: false,
            checkpoint_every_minutes: 5.0,
        }
    }
}

impl RlConfig {
    /// Checks every value and the keys against each other; touches no file but the map's.
    ///
    /// # Errors
    /// [`ConfigError::Invalid`] with the first key that cannot be.
    pub fn validate(&self) -> Result<(), ConfigError> {
        self.game.validate(&self.map)?;
        self.games.validate()?;
        self.predictor.validate()?;
        self.rewards.validate()?;
        self.learner.validate()?;
        self.train.validate()?;
        self.evaluation.validate()
    }
}

impl RlGamesConfig {
    pub(super) fn validate(&self) -> Result<(), ConfigError> {
        within("games.at_once", self.at_once, 1, 4096)?;
        within("games.queue_max", self.queue_max, 1, 4096)?;
        within("games.loops_max", self.loops_max, 1, 1 << 19)?;
        within("games.replays_kept", self.replays_kept, 0, 10_000)?;
        for (i, opponent) in self.opponents.iter().enumerate() {
            not_negative(&format!("games.opponents.{i}.share"), opponent.share)?;
            let named = ["self", "supervised"].contains(&opponent.agent.as_str());
            if !named && let Err(e) = opponent.agent.parse::<AgentSpec>() {
                return invalid(&format!("games.opponents.{i}.agent"), e);
            }
        }
        if self.opponents.iter().map(|o| o.share).sum::<f64>() <= 0.0 {
            return invalid("games.opponents", "nobody is left to play against");
        }
        Ok(())
    }
}

impl PredictorConfig {
    pub(super) fn validate(&self) -> Result<(), ConfigError> {
        device("predictor.device", &self.device)?;
        within("predictor.batch_max", self.batch_max, 1, 4096)?;
        within("predictor.wait_us", self.wait_us, 0, 1_000_000)?;
        within("predictor.workers", self.workers, 1, 256)
    }
}

impl RewardsConfig {
    pub(super) fn validate(&self) -> Result<(), ConfigError> {
        for weight in self.weights {
            not_negative("rewards.weights", weight)?;
        }
        if self.weights.iter().sum::<f64>() <= 0.0 {
            return invalid("rewards.weights", "all are 0: nothing would be learned");
        }
        not_negative("rewards.half_life_loops", self.half_life_loops)?;
        share("rewards.lambda", self.lambda)?;
        share("rewards.value_lambda", self.value_lambda)?;
        share("rewards.z_share", self.z_share)?;
        share("rewards.part_probability", self.part_probability)
    }

    /// Discount of a reward that comes `loops` game loops later.
    pub fn discount(&self, loops: f64) -> f64 {
        if self.half_life_loops > 0.0 {
            0.5f64.powf(loops / self.half_life_loops)
        } else {
            1.0
        }
    }
}

impl LearnerConfig {
    pub(super) fn validate(&self) -> Result<(), ConfigError> {
        within("learner.samples", self.samples, 1, 100_000_000)?;
        within("learner.unroll", self.unroll, 1, 1024)?;
        within("learner.minibatch", self.minibatch, 1, 65_536)?;
        within("learner.accumulate", self.accumulate, 1, 65_536)?;
        within("learner.epochs", self.epochs, 1, 64)?;
        within("learner.reuse_max", self.reuse_max, 1, 64)?;
        learning_rate("learner.learning_rate", &self.learning_rate)?;
        positive("learner.clip", self.clip)?;
        not_negative("learner.value_weight", self.value_weight)?;
        share("learner.value_gradient", self.value_gradient)?;
        positive("learner.value_rate", self.value_rate)?;
        if !(0.1..=5.0).contains(&self.temperature) {
            return invalid("learner.temperature", "must be 0.1 to 5");
        }
        for (key, weights) in [
            ("learner.entropy_weights", self.entropy_weights),
            ("learner.kl_weights", self.kl_weights),
        ] {
            for weight in weights {
                not_negative(key, weight)?;
            }
        }
        positive("learner.gradient_norm_max", self.gradient_norm_max)
    }

    /// The rate when `share` (0..1) of the run has passed.
    pub fn rate_at(&self, share: f64) -> f64 {
        rate_at(&self.learning_rate, share)
    }
}

impl RlTrainConfig {
    pub(super) fn validate(&self) -> Result<(), ConfigError> {
        not_negative("train.minutes_max", self.minutes_max)?;
        if self.steps_max == 0 && self.minutes_max == 0.0 {
            return invalid(
                "train.steps_max",
                "0 means no bound, and minutes_max sets none either",
            );
        }
        device("train.device", &self.device)?;
        positive(
            "train.checkpoint_every_minutes",
            self.checkpoint_every_minutes,
        )
    }
}
