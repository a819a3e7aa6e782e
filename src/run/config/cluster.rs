//! The section `cluster` of a league's config: how its processes work together (`scc master` and the other roles).

use super::ConfigError;
use super::check::{invalid, positive, within};
use serde::{Deserialize, Serialize};

/// Of no account where the league trains in one process.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ClusterConfig {
    /// Learner processes a player, 1 to 256; each has a share of every batch.
    pub learners_max: usize,
    /// Predictors that are asked for at least and at most (`scc_wanted{role="predictor"}` of the dashboard's metrics), 1 to 4096.
    pub predictors_min: usize,
    pub predictors_max: usize,
    /// The same of actors, 1 to 65,536.
    pub actors_min: usize,
    pub actors_max: usize,
    /// Share of the time that predictors are to be computing, above 0, at most 1.
    pub load: f64,
    /// Games of a player that wait for its learners: number, megabytes, age. Beyond that the oldest are dropped.
    pub queue_games: u64,
    pub queue_megabytes: u64,
    pub queue_seconds: f64,
    /// A process that says nothing for so long counts as lost.
    pub silent_seconds: f64,
    /// A game waits so long for a predictor before it is given up.
    pub patience_seconds: f64,
    /// A game between checkpoints that has no result by then is given to another evaluator.
    pub lease_seconds: f64,
    /// Learners of a group wait so long for each other: longer than the slowest takes for an update.
    pub collective_seconds: f64,
    /// Training steps between two checks that the replicas of a group are the same, 1 or more.
    pub same_every_steps: u64,
}

impl Default for ClusterConfig {
    fn default() -> Self {
        ClusterConfig {
            learners_max: 8,
            predictors_min: 1,
            predictors_max: 64,
            actors_min: 1,
            actors_max: 1024,
            load: 0.7,
            queue_games: 256,
            queue_megabytes: 512,
            queue_seconds: 900.0,
            silent_seconds: 6.0,
            patience_seconds: 120.0,
            lease_seconds: 900.0,
            collective_seconds: 60.0,
            same_every_steps: 8,
        }
    }
}

impl ClusterConfig {
    pub(super) fn validate(&self) -> Result<(), ConfigError> {
        within("cluster.learners_max", self.learners_max, 1, 256)?;
        within("cluster.predictors_min", self.predictors_min, 1, 4096)?;
        within("cluster.predictors_max", self.predictors_max, 1, 4096)?;
        within("cluster.actors_min", self.actors_min, 1, 65_536)?;
        within("cluster.actors_max", self.actors_max, 1, 65_536)?;
        for (key, min, max) in [
            ("predictors", self.predictors_min, self.predictors_max),
            ("actors", self.actors_min, self.actors_max),
        ] {
            if min > max {
                let what = format!("{min} is more than {key}_max, {max}");
                return invalid(&format!("cluster.{key}_min"), what);
            }
        }
        positive("cluster.load", self.load)?;
        if self.load > 1.0 {
            return invalid("cluster.load", "is a share: at most 1");
        }
        within("cluster.queue_games", self.queue_games, 1, 1 << 20)?;
        within("cluster.queue_megabytes", self.queue_megabytes, 1, 1 << 20)?;
        for (key, value) in [
            ("queue_seconds", self.queue_seconds),
            ("silent_seconds", self.silent_seconds),
            ("patience_seconds", self.patience_seconds),
            ("lease_seconds", self.lease_seconds),
            ("collective_seconds", self.collective_seconds),
        ] {
            positive(&format!("cluster.{key}"), value)?;
            if value > 1e6 {
                return invalid(&format!("cluster.{key}"), "is more than a million seconds");
            }
        }
        within(
            "cluster.same_every_steps",
            self.same_every_steps,
            1,
            u64::MAX,
        )
    }
}
