//! The config of `scc train --stage league` (SCC §6.2).

use super::check::{device, invalid, not_negative, positive, within};
use super::imitation::EvaluationConfig;
use super::rl::{LearnerConfig, PredictorConfig, RewardsConfig};
use super::{ClusterConfig, ConfigError, GameConfig};
use crate::league::{LeagueConfig, Start, StartFrom};
use serde::{Deserialize, Serialize};

/// Everything a league depends on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeagueRunConfig {
    /// `league`: tells this kind of config from the others.
    pub stage: String,
    /// Seed of everything random; any number.
    pub seed: u64,
    /// Map that is played on: a built-in one's name or a map file; on StarCraft II an installed one's name.
    pub map: String,
    /// Checkpoint of the supervised agent: everybody starts from it, is held near it, and is rated against it (Elo 0).
    /// `--init` takes its place.
    #[serde(default)]
    pub init: String,
    /// What is played on.
    #[serde(default)]
    pub game: GameConfig,
    /// Who plays whom, promotion, resets, branches, and who joins when.
    pub league: LeagueConfig,
    #[serde(default)]
    pub games: LeagueGamesConfig,
    #[serde(default)]
    pub predictor: PredictorConfig,
    #[serde(default)]
    pub rewards: RewardsConfig,
    #[serde(default)]
    pub learner: LearnerConfig,
    pub train: LeagueTrainConfig,
    #[serde(default)]
    pub payoff: PayoffConfig,
    #[serde(default)]
    pub evaluation: EvaluationConfig,
    #[serde(default)]
    pub cluster: ClusterConfig,
}

/// Games to learn from; players take turns in starting them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LeagueGamesConfig {
    /// Games at once, over all players, 1 to 4096.
    pub at_once: usize,
    /// Finished games that wait for the learners at most, 1 to 4096; beyond it, actors wait.
    pub queue_max: usize,
    /// Game loops after which a game is a tie, 1 to 524,288 (22.4 a second).
    pub loops_max: u32,
    /// Replays of the games that ended last, kept in `replays` of the run folder, 0 to 10,000; on the embedded simulator only.
    pub replays_kept: usize,
}

/// How long, where, and how often something is written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LeagueTrainConfig {
    /// Training steps over all players; 0 = no bound, then `minutes_max` must be set.
    pub steps_max: u64,
    /// Minutes of playing and learning, matches between players not counted; 0 = no bound.
    pub minutes_max: f64,
    /// Where the learners compute: `cpu`, `cuda` or `cuda:N`.
    pub device: String,
    /// Compute in bf16 where that is safe; a GPU only.
    pub bf16: bool,
    /// Training steps of a player between two reports to the league: checkpoints, promotions, resets, branches; 1 or more.
    pub report_every_steps: u64,
}

/// Matches that fill the payoff beside the training games, and those that say which z is worth a branch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PayoffConfig {
    /// Games of a new past player against the supervised agent and against the latest past players; 0 = none.
    pub games: u32,
    /// How many of the latest past players.
    pub opponents_max: usize,
    /// Games of each z against the main agent, where a branch is to choose one by itself; `league.branch.games_min` if that is
    /// more.
    pub z_games: u32,
    /// z's that are tried at most, evenly spread over the library; 0 = all.
    pub z_max: usize,
}

impl Default for LeagueGamesConfig {
    fn default() -> Self {
        LeagueGamesConfig {
            at_once: 16,
            queue_max: 8,
            loops_max: 30_000,
            replays_kept: 20,
        }
    }
}

impl Default for LeagueTrainConfig {
    fn default() -> Self {
        LeagueTrainConfig {
            steps_max: 0,
            minutes_max: 0.0,
            device: "cpu".to_owned(),
            bf16: false,
            report_every_steps: 4,
        }
    }
}

impl Default for PayoffConfig {
    fn default() -> Self {
        PayoffConfig {
            games: 8,
            opponents_max: 4,
            z_games: 10,
            z_max: 8,
        }
    }
}

impl LeagueRunConfig {
    /// Checks every value and the keys against each other; touches no file but the map's.
    ///
    /// # Errors
    /// [`ConfigError::Invalid`] with the first key that cannot be.
    pub fn validate(&self) -> Result<(), ConfigError> {
        self.game.validate(&self.map)?;
        if let Err(e) = self.league.validate() {
            return invalid(&format!("league.{}", e.key), e.what);
        }
        within("games.at_once", self.games.at_once, 1, 4096)?;
        within("games.queue_max", self.games.queue_max, 1, 4096)?;
        within("games.loops_max", self.games.loops_max, 1, 1 << 19)?;
        within("games.replays_kept", self.games.replays_kept, 0, 10_000)?;
        self.predictor.validate()?;
        self.rewards.validate()?;
        self.validate_branches()?;
        self.learner.validate()?;
        self.train.validate()?;
        positive("payoff.z_games", f64::from(self.payoff.z_games))?;
        self.evaluation.validate()?;
        self.cluster.validate()
    }

    /// How a z does shows only in an agent that is told it.
    fn validate_branches(&self) -> Result<(), ConfigError> {
        let by_itself = |s: &&Start| s.from == StartFrom::BranchAuto;
        match self.league.starts.iter().find(by_itself) {
            Some(start) if !self.rewards.shown => {
                let what = format!(
                    "{} branches by the z that does best (branch_auto), which nobody can measure while agents are not told \
                     their z: set this to true, or name its z's by from = {{ branch = [N] }}",
                    start.name
                );
                invalid("rewards.shown", what)
            }
            _ => Ok(()),
        }
    }
}

impl LeagueTrainConfig {
    fn validate(&self) -> Result<(), ConfigError> {
        not_negative("train.minutes_max", self.minutes_max)?;
        if self.steps_max == 0 && self.minutes_max == 0.0 {
            return invalid(
                "train.steps_max",
                "0 means no bound, and minutes_max sets none either",
            );
        }
        device("train.device", &self.device)?;
        within(
            "train.report_every_steps",
            self.report_every_steps,
            1,
            u64::MAX,
        )
    }
}
