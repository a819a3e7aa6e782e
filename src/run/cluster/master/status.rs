//! How things stand, for dashboards, autoscalers and people; and what is done every second.

use super::scheduler::{wanted, wanted_actors};
use super::{Master, passing};
use crate::bus::{QueueBounds, encode};
use crate::run::RunError;
use crate::run::cluster::messages::{ClusterRole, Heartbeat, OVER, OverMessage, games};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::time::Duration;

/// A process that has been silent this long is no longer listed, in seconds.
const LISTED_SECONDS: f64 = 300.0;

/// What the master answers to a request for its status, as JSON.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct StatusReport {
    /// Share of the run that has passed.
    pub share: f64,
    /// Training steps over all players.
    pub steps: u64,
    pub seconds: f64,
    /// Matches whose results are kept.
    pub matches: u64,
    /// Games between checkpoints that have no result yet.
    pub evaluations_open: u64,
    /// The database did the last thing it was told.
    pub storage_ok: bool,
    /// Training is over.
    pub closing: bool,
    pub players: Vec<PlayerStatus>,
    pub queues: Vec<QueueStatus>,
    pub processes: Vec<ProcessStatus>,
    /// How many processes of a role there should be, for autoscalers.
    pub wanted: BTreeMap<String, u64>,
}

/// A player that trains.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct PlayerStatus {
    pub name: String,
    pub step: u64,
    pub samples: u64,
    /// Learners that train it, the first first.
    pub learners: Vec<String>,
    /// Predictors that answer for it.
    pub predictors: Vec<String>,
}

/// A queue of games.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct QueueStatus {
    pub name: String,
    pub waiting: u64,
    pub bytes: u64,
    pub pushed: u64,
    pub dropped: u64,
}

/// A process by its last sign of life.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ProcessStatus {
    #[serde(flatten)]
    pub beat: Heartbeat,
    /// Seconds since its last sign of life, by the master's clock.
    pub silent_seconds: f64,
    pub alive: bool,
}

impl Master<'_> {
    /// Everything that nobody asks for.
    pub(super) fn tick(&mut self) -> Result<(), RunError> {
        let now = self.now();
        self.seen.retain(|_, seen| now - seen.at <= LISTED_SECONDS);
        if self.closing.is_none() {
            self.requests()?;
        } else {
            passing(self.bus.publish(OVER, &encode(&OverMessage)))?;
        }
        self.tidy_objects()?;
        self.look_at_queues()?;
        self.member.tell([
            ("share", self.share()),
            ("steps", self.totals().steps as f64),
            ("matches", self.taken.len() as f64),
            ("evaluations_open", self.evaluations.open() as f64),
        ]);
        Ok(())
    }

    fn look_at_queues(&mut self) -> Result<(), RunError> {
        let c = &self.context.config.cluster;
        let bounds = QueueBounds {
            messages_max: c.queue_games,
            bytes_max: c.queue_megabytes << 20,
            age_max: Duration::from_secs_f64(c.queue_seconds),
        };
        let active = self.office.league.players().iter().filter(|p| p.active);
        let names: Vec<String> = active.map(|p| games(&p.name)).collect();
        self.queues.retain(|name, _| names.contains(name));
        for name in names {
            let queue = passing(self.bus.queue(&name, &bounds))?;
            let stats = queue.map(|q| passing(q.stats())).transpose()?.flatten();
            let Some(stats) = stats else { continue };
            let status = QueueStatus {
                name: name.clone(),
                waiting: stats.waiting,
                bytes: stats.bytes,
                pushed: stats.pushed,
                dropped: stats.dropped,
            };
            self.queues.insert(name, status);
        }
        Ok(())
    }

    /// JSON of the [`StatusReport`].
    pub(super) fn status(&self) -> String {
        serde_json::to_string(&self.report()).unwrap_or_default()
    }

    fn report(&self) -> StatusReport {
        let totals = self.totals();
        StatusReport {
            share: self.share(),
            steps: totals.steps,
            seconds: totals.seconds,
            matches: self.taken.len() as u64,
            evaluations_open: self.evaluations.open() as u64,
            storage_ok: !self.doubt,
            closing: self.closing.is_some(),
            players: self.player_reports(),
            queues: self.queues.values().cloned().collect(),
            processes: self.processes(),
            wanted: self.wanted(),
        }
    }

    fn player_reports(&self) -> Vec<PlayerStatus> {
        let active = self.office.league.players().iter().filter(|p| p.active);
        let report = |p: &crate::league::Player| {
            let known = self.players.get(&p.id);
            let group = self.groups.members().find(|(id, _)| *id == p.id);
            let answers = self
                .plan
                .iter()
                .filter(|(_, s)| s.iter().any(|s| s.name == p.name));
            PlayerStatus {
                name: p.name.clone(),
                step: known.map_or(0, |k| k.step),
                samples: p.steps,
                learners: group.map_or_else(Vec::new, |(_, m)| {
                    m.iter().filter(|m| !m.is_empty()).cloned().collect()
                }),
                predictors: answers.map(|(id, _)| id.clone()).collect(),
            }
        };
        active.map(report).collect()
    }

    fn processes(&self) -> Vec<ProcessStatus> {
        let (now, silent) = (self.now(), self.context.config.cluster.silent_seconds);
        let seen = self.seen.values();
        seen.map(|seen| ProcessStatus {
            beat: seen.beat.clone(),
            silent_seconds: now - seen.at,
            alive: now - seen.at <= silent,
        })
        .collect()
    }

    /// Predictors by how busy they are; actors by how long learners wait for games, and how many games are dropped.
    fn wanted(&self) -> BTreeMap<String, u64> {
        let c = &self.context.config.cluster;
        let n = self.busy.len();
        let load = self.busy.values().sum::<f64>() / n.max(1) as f64;
        let predictors = wanted(n, load, c.load, c.predictors_min, c.predictors_max);
        let learners = self.living(ClusterRole::Learner);
        let waits: Vec<f64> = learners
            .filter_map(|seen| seen.beat.rates.get("waiting").copied())
            .collect();
        let waits = waits.iter().sum::<f64>() / waits.len().max(1) as f64;
        let (pushed, dropped) = self
            .queues
            .values()
            .fold((0, 0), |(p, d), q| (p + q.pushed, d + q.dropped));
        let dropped = dropped as f64 / pushed.max(1) as f64;
        let actors = self.alive(ClusterRole::Actor);
        let actors = wanted_actors(actors, waits, dropped, c.actors_min, c.actors_max);
        [("predictor", predictors), ("actor", actors)]
            .map(|(role, n)| (role.to_owned(), n as u64))
            .into()
    }
}
