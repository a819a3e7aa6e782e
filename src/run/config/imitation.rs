//! The config of `scc train --stage imitation`.

use super::check::{device, invalid, positive, share, specs, within};
use super::{ConfigError, GameConfig};
use crate::action::ActionConfig;
use crate::obs::ObsConfig;
use serde::{Deserialize, Serialize};

/// Everything an imitation run depends on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImitationConfig {
    /// Seed of everything random; any number.
    pub seed: u64,
    /// Map that demonstrations and evaluation are played on: a built-in one's name or a map file; on StarCraft II an installed
    /// one's name.
    pub map: String,
    /// What is played on.
    #[serde(default)]
    pub game: GameConfig,
    #[serde(default)]
    pub demonstrations: DemonstrationsConfig,
    /// Limits of the observation.
    #[serde(default)]
    pub obs: ObsConfig,
    /// Limits of the action space.
    #[serde(default)]
    pub action: ActionConfig,
    pub network: NetworkConfig,
    #[serde(default)]
    pub dataset: DatasetConfig,
    #[serde(default)]
    pub train: TrainConfig,
    /// Trained one after the other (SCC §5: all games; then winners of high rating at a low rate).
    pub stages: Vec<StageConfig>,
    #[serde(default)]
    pub evaluation: EvaluationConfig,
}

/// Games to learn from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DemonstrationsConfig {
    /// Folder of replay files to learn from instead of playing any; empty = play.
    pub replays: String,
    /// Folder of a dataset (`scc replay extract`) to learn from, instead of replays or games; empty = none. It was made with the
    /// same `obs` and `action`.
    pub dataset: String,
    /// Games to play, 1 to 1,000,000.
    pub games: u32,
    /// Who demonstrates: agent specs, e.g. `scripted:marine_tank`. Empty = every script.
    pub agents: Vec<String>,
    /// Whom they play beside each other: agent specs, e.g. `builtin:Easy:terran`.
    pub opponents: Vec<String>,
    /// Share of the games played against `opponents`, 0 to 1.
    pub opponent_share: f64,
    /// Game loops after which a game is a tie, 1 to 524,288 (22.4 a second).
    pub loops_max: u32,
}

/// The network.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NetworkConfig {
    /// `tiny` (tests), `small` (a CPU), `paper` (49M parameters).
    pub size: String,
}

/// The dataset's files.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DatasetConfig {
    /// Steps a block: the unit of compression and reading, 1 to 4096.
    pub block_steps: usize,
    /// Where a player gave no command for this many game loops a no-op stands, 2 to 128. 128 = only where the skip head
    /// cannot say it otherwise; less = a learner also sees moments at which there is nothing to do.
    pub no_op_loops: u16,
    /// Replays a shard: the unit of resuming, 1 to 4096.
    pub replays_per_shard: usize,
}

/// The supervised loop.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TrainConfig {
    /// `cpu`, `cuda` or `cuda:N`.
    pub device: String,
    /// Compute in bf16 where that is safe (autocast; parameters and sums stay f32). A GPU only: on a CPU it changes
    /// nothing.
    pub bf16: bool,
    /// Lanes a batch, 1 to 65,536. (SCC §5: 15,400 samples a batch, i.e. lanes times unroll.)
    pub batch: usize,
    /// Steps a lane and batch, 1 to 1024.
    pub unroll: usize,
    /// Global gradient norm is clipped to this; above 0.
    pub gradient_norm_max: f64,
    /// Decoupled weight decay per step, times the learning rate; 0 = none.
    pub weight_decay: f64,
    /// Weight of each head's loss: function, skip, queued, selected, target unit, target cell; 0 or more.
    pub head_weights: [f64; 6],
    /// Share of the games in which the learner is told the player's strategy z, 0 to 1: in half of these all of it, in a
    /// quarter each its build order or its unit counts alone. 0 = never, and z means nothing to the agent.
    pub z_share: f64,
    /// The same of the player's rating.
    pub rating_share: f64,
    /// Steps between two rows of metrics, 1 or more.
    pub metrics_every_steps: u64,
    /// Minutes between two checkpoints, above 0. One is written at every stage's end too.
    pub checkpoint_every_minutes: f64,
    /// Threads that read the dataset, 1 to 64.
    pub loader_threads: usize,
}

/// One stage of training.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StageConfig {
    /// Name for metrics and reports.
    pub name: String,
    /// Training steps; 0 = no bound, then `minutes_max` must be set.
    #[serde(default)]
    pub steps_max: u64,
    /// Minutes of training, evaluation not counted; 0 = no bound, then `steps_max` must be set. A stage that ends by
    /// the clock is not repeatable to the bit.
    #[serde(default)]
    pub minutes_max: f64,
    /// Learning rates, each from its share of the stage on (SCC §5: 1e-3, later 1e-4).
    pub learning_rate: Vec<LearningRateStep>,
    /// Lowest rating of the players learned from (SCC §5: MMR); unset = all, unrated too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating_min: Option<f32>,
    /// Learn from winners only.
    #[serde(default)]
    pub winners_only: bool,
}

/// A learning rate from some point of a stage on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LearningRateStep {
    /// Share of the stage that has passed, 0 to below 1; the first is 0.
    pub from: f64,
    /// Above 0, at most 1.
    pub rate: f64,
}

/// Matches while training and at its end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct EvaluationConfig {
    /// Training steps between two evaluations; 0 = none by steps.
    pub every_steps: u64,
    /// Minutes of training between two evaluations; 0 = none by time.
    pub every_minutes: f64,
    /// Opponents while training: agent specs.
    pub opponents: Vec<String>,
    /// Games against each while training.
    pub games: u32,
    /// Opponents of the final table.
    pub final_opponents: Vec<String>,
    /// Games against each in the final table.
    pub final_games: u32,
    /// Game loops after which a game is a tie.
    pub loops_max: u32,
    /// Temperature of the function and argument choices, above 0; 1 samples as trained.
    pub temperature: f64,
    /// Best of the checkpoints evaluated plays the final table; else the last.
    pub keep_best: bool,
}

impl Default for DemonstrationsConfig {
    fn default() -> Self {
        DemonstrationsConfig {
            replays: String::new(),
            dataset: String::new(),
            games: 100,
            agents: Vec::new(),
            opponents: Vec::new(),
            opponent_share: 0.5,
            loops_max: 30_000,
        }
    }
}

impl Default for DatasetConfig {
    fn default() -> Self {
        DatasetConfig {
            block_steps: 64,
            no_op_loops: 32,
            replays_per_shard: 8,
        }
    }
}

impl Default for TrainConfig {
    fn default() -> Self {
        TrainConfig {
            device: "cpu".to_owned(),
            bf16: false,
            batch: 16,
            unroll: 16,
            gradient_norm_max: 1.0,
            weight_decay: 0.0,
            head_weights: [1.0; 6],
            z_share: 0.0,
            rating_share: 0.0,
            metrics_every_steps: 10,
            checkpoint_every_minutes: 5.0,
            loader_threads: 1,
        }
    }
}

impl Default for EvaluationConfig {
    fn default() -> Self {
        EvaluationConfig {
            every_steps: 0,
            every_minutes: 0.0,
            opponents: Vec::new(),
            games: 0,
            final_opponents: Vec::new(),
            final_games: 0,
            loops_max: crate::evaluator::LOOPS_MAX_DEFAULT,
            temperature: 1.0,
            keep_best: true,
        }
    }
}

impl ImitationConfig {
    /// Checks every value and the keys against each other; touches no file but the map's.
    ///
    /// # Errors
    /// [`ConfigError::Invalid`] with the first key that cannot be.
    pub fn validate(&self) -> Result<(), ConfigError> {
        self.game.validate(&self.map)?;
        if !["tiny", "small", "paper"].contains(&self.network.size.as_str()) {
            return invalid(
                "network.size",
                format!(
                    "unknown size {:?}; known: tiny, small, paper",
                    self.network.size
                ),
            );
        }
        if let Err(e) = self.obs.validate() {
            return invalid("obs", e);
        }
        if let Err(e) = self.action.validate() {
            return invalid("action", e);
        }
        self.demonstrations.validate()?;
        self.train.validate()?;
        within("dataset.block_steps", self.dataset.block_steps, 1, 4096)?;
        within("dataset.no_op_loops", self.dataset.no_op_loops, 2, 128)?;
        within(
            "dataset.replays_per_shard",
            self.dataset.replays_per_shard,
            1,
            4096,
        )?;
        if self.stages.is_empty() {
            return invalid("stages", "at least one [[stages]] is needed");
        }
        for (i, stage) in self.stages.iter().enumerate() {
            stage.validate(&format!("stages.{i}"))?;
        }
        self.evaluation.validate()
    }
}

impl DemonstrationsConfig {
    fn validate(&self) -> Result<(), ConfigError> {
        specs("demonstrations.agents", &self.agents)?;
        specs("demonstrations.opponents", &self.opponents)?;
        within("demonstrations.games", self.games, 1, 1_000_000)?;
        within("demonstrations.loops_max", self.loops_max, 1, 1 << 19)?;
        if !(0.0..=1.0).contains(&self.opponent_share) {
            return invalid("demonstrations.opponent_share", "must be 0 to 1");
        }
        if !self.replays.is_empty() && !self.dataset.is_empty() {
            return invalid(
                "demonstrations.dataset",
                "demonstrations.replays names something to learn from too: leave one of them empty",
            );
        }
        let plays = self.replays.is_empty() && self.dataset.is_empty();
        if self.opponents.is_empty() && self.opponent_share > 0.0 && plays {
            return invalid(
                "demonstrations.opponent_share",
                "is above 0, but demonstrations.opponents names nobody",
            );
        }
        Ok(())
    }
}

impl TrainConfig {
    fn validate(&self) -> Result<(), ConfigError> {
        within("train.batch", self.batch, 1, 65_536)?;
        within("train.unroll", self.unroll, 1, 1024)?;
        within("train.loader_threads", self.loader_threads, 1, 64)?;
        within(
            "train.metrics_every_steps",
            self.metrics_every_steps,
            1,
            u64::MAX,
        )?;
        positive("train.gradient_norm_max", self.gradient_norm_max)?;
        positive(
            "train.checkpoint_every_minutes",
            self.checkpoint_every_minutes,
        )?;
        if !(self.weight_decay.is_finite() && self.weight_decay >= 0.0) {
            return invalid("train.weight_decay", "must be 0 or more");
        }
        if self
            .head_weights
            .iter()
            .any(|w| !(w.is_finite() && *w >= 0.0))
        {
            return invalid("train.head_weights", "must be 0 or more each");
        }
        share("train.z_share", self.z_share)?;
        share("train.rating_share", self.rating_share)?;
        device("train.device", &self.device)?;
        Ok(())
    }
}

impl StageConfig {
    fn validate(&self, at: &str) -> Result<(), ConfigError> {
        if !(self.minutes_max.is_finite() && self.minutes_max >= 0.0) {
            return invalid(&format!("{at}.minutes_max"), "must be 0 or more");
        }
        if self.steps_max == 0 && self.minutes_max == 0.0 {
            return invalid(
                &format!("{at}.steps_max"),
                "0 means no bound, and minutes_max sets none either",
            );
        }
        learning_rate(&format!("{at}.learning_rate"), &self.learning_rate)?;
        Ok(())
    }

    /// The rate when `share` (0..1) of the stage has passed.
    pub fn rate_at(&self, share: f64) -> f64 {
        rate_at(&self.learning_rate, share)
    }
}

impl EvaluationConfig {
    /// Whether matches are due `now`; both are a training step and seconds of training, the other of the last ones.
    pub fn is_due(&self, now: (u64, f64), last: (u64, f64)) -> bool {
        let by_step = self.every_steps > 0 && now.0 >= last.0 + self.every_steps;
        let by_time = self.every_minutes > 0.0 && now.1 >= last.1 + self.every_minutes * 60.0;
        by_step || by_time
    }

    pub(super) fn validate(&self) -> Result<(), ConfigError> {
        specs("evaluation.opponents", &self.opponents)?;
        specs("evaluation.final_opponents", &self.final_opponents)?;
        within("evaluation.loops_max", self.loops_max, 1, 1 << 19)?;
        positive("evaluation.temperature", self.temperature)?;
        if !(self.every_minutes.is_finite() && self.every_minutes >= 0.0) {
            return invalid("evaluation.every_minutes", "must be 0 or more");
        }
        let asked = self.every_steps > 0 || self.every_minutes > 0.0;
        if asked && (self.opponents.is_empty() || self.games == 0) {
            return invalid(
                "evaluation.opponents",
                "matches while training are asked for, but opponents or games are missing",
            );
        }
        if !self.final_opponents.is_empty() && self.final_games == 0 {
            return invalid(
                "evaluation.final_games",
                "is 0, but final_opponents are named",
            );
        }
        Ok(())
    }
}

pub(super) fn learning_rate(key: &str, steps: &[LearningRateStep]) -> Result<(), ConfigError> {
    if steps.first().is_none_or(|first| first.from != 0.0) {
        return invalid(key, "the first rate must be from = 0");
    }
    if steps.windows(2).any(|w| w[0].from >= w[1].from) {
        return invalid(key, "`from` must rise from one rate to the next");
    }
    for step in steps {
        if !((0.0..1.0).contains(&step.from) && step.rate > 0.0 && step.rate <= 1.0) {
            return invalid(
                key,
                "`from` must be 0 to below 1, `rate` above 0 and at most 1",
            );
        }
    }
    Ok(())
}

/// The rate of `steps` when `share` (0..1) has passed.
pub(super) fn rate_at(steps: &[LearningRateStep], share: f64) -> f64 {
    let passed = steps.iter().rev().find(|s| s.from <= share);
    passed.or(steps.first()).map_or(0.0, |s| s.rate)
}
