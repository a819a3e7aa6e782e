//! Where played games come from: threads that never stop, or groups of games by turns with learning.

use super::games::{Games, Matchup, Side};
use super::jobs::{CURRENT, Endless, Opponents};
use super::networks::Networks;
use crate::action::Specs;
use crate::actor::{Played, Pool, PoolOptions, PoolStats, play_job};
use crate::evaluator::{EvaluatorError, GAME_TRIES_MAX, GameOptions};
use crate::policy::{Checkpoint, Policy};
use crate::predictor::{Line, Network, RoundClient, ServiceStats, rounds};
use crate::run::kept_replays::KeptReplays;
use crate::threads::side_by_side;
use std::collections::{BTreeMap, VecDeque};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// How long a wait for a game lasts before it is looked whether to stop.
const WAIT: Duration = Duration::from_millis(200);

/// Gives played games.
pub enum Collector {
    /// Actors that play while the learner learns.
    Pool {
        // Before the networks: its games hold lines to them.
        pool: Pool,
        endless: Arc<Endless>,
        networks: Arc<Networks>,
    },
    Serial(Box<Serial>),
}

/// Groups of games by turns with learning: the same batches every time.
pub struct Serial {
    pub games: Arc<Games>,
    pub opponents: Opponents,
    pub specs: Specs,
    /// A handle to the network in training.
    pub current: Policy,
    pub version: u64,
    pub options: PoolOptions,
    pub next: u64,
    pub ready: VecDeque<Played>,
    pub frozen: BTreeMap<PathBuf, (Policy, Specs)>,
}

impl Collector {
    /// The next finished game; none if `stop` was set.
    ///
    /// # Errors
    /// If a game cannot be played.
    pub fn next(&mut self, stop: &AtomicBool) -> Result<Option<Played>, EvaluatorError> {
        match self {
            Collector::Pool { pool, .. } => {
                while !stop.load(Ordering::Relaxed) {
                    if let Some(played) = pool.next(WAIT)? {
                        return Ok(Some(played));
                    }
                }
                Ok(None)
            }
            Collector::Serial(serial) => serial.next(stop),
        }
    }

    /// New weights are to be used from now on.
    pub fn publish(&mut self, version: u64, policy: &Policy) {
        match self {
            Collector::Pool { networks, .. } => {
                networks.publish(CURRENT, version, policy);
            }
            // It holds a handle to the very parameters.
            Collector::Serial(serial) => serial.version = version,
        }
    }

    /// Number of the next game to be begun.
    pub fn next_game(&self) -> u64 {
        match self {
            Collector::Pool { endless, .. } => endless.next.load(Ordering::Relaxed),
            Collector::Serial(s) => s.next,
        }
    }

    /// Finished games that nobody has taken yet, where games are played by turns with learning.
    pub fn ready(&self) -> impl Iterator<Item = &Played> {
        let ready = match self {
            Collector::Pool { .. } => None,
            Collector::Serial(serial) => Some(&serial.ready),
        };
        ready.into_iter().flatten()
    }

    /// What the actors and the predictor did so far (docs/METRICS.md).
    pub fn metrics(&self, replays: Option<&KeptReplays>) -> Vec<(String, f64)> {
        shared_metrics(self.pool_stats(), self.predictor_stats(), replays)
    }

    fn pool_stats(&self) -> PoolStats {
        match self {
            Collector::Pool { pool, .. } => pool.stats(),
            Collector::Serial(serial) => PoolStats {
                queued: serial.ready.len(),
                ..PoolStats::default()
            },
        }
    }

    fn predictor_stats(&self) -> ServiceStats {
        match self {
            Collector::Pool { networks, .. } => networks.stats(),
            Collector::Serial(_) => ServiceStats::default(),
        }
    }
}

/// The metrics of what a run has one of, however many players learn: its actors, its predictor, its replays.
pub fn shared_metrics(
    pool: PoolStats,
    predictor: ServiceStats,
    replays: Option<&KeptReplays>,
) -> Vec<(String, f64)> {
    let batches = predictor.batches.max(1) as f64;
    let dropped = replays.map_or(0, KeptReplays::dropped);
    [
        ("games_queued", pool.queued as f64),
        ("games_lost", pool.lost as f64),
        ("actors_blocked_seconds", pool.blocked_us as f64 / 1e6),
        ("predictor_batch", predictor.questions as f64 / batches),
        (
            "predictor_blocked_seconds",
            predictor.blocked_us as f64 / 1e6,
        ),
        ("replays_dropped", dropped as f64),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into()
}

impl Serial {
    fn next(&mut self, stop: &AtomicBool) -> Result<Option<Played>, EvaluatorError> {
        if self.ready.is_empty() {
            match self.whole_group(stop) {
                Err(EvaluatorError::Interrupted) => return Ok(None),
                played => self.ready.extend(played?),
            }
        }
        Ok(self.ready.pop_front())
    }

    /// The next games; all of them are played again where one is lost (its process died or hung), for they share batches.
    fn whole_group(&mut self, stop: &AtomicBool) -> Result<Vec<Played>, EvaluatorError> {
        for _ in 1..GAME_TRIES_MAX {
            match self.group(stop) {
                Err(error) if error.is_lost_game() => {
                    tracing::warn!("a game is lost and its group played again: {error:?}");
                }
                done => return done,
            }
        }
        self.group(stop)
    }

    /// Plays the next games, all at once and in step.
    fn group(&mut self, stop: &AtomicBool) -> Result<Vec<Played>, EvaluatorError> {
        let numbers = self.next..self.next + self.options.games as u64;
        let games: Vec<Matchup> = numbers.map(|n| self.opponents.matchup(n)).collect();
        let frozen = self.frozen_of(&games)?;
        let lines =
            rounds(self.networks(&frozen), games.len()).map_err(|e| EvaluatorError::Agent {
                spec: "current".to_owned(),
                source: Box::new(e),
            })?;
        let mut jobs = Vec::new();
        for (matchup, lines) in games.iter().zip(lines) {
            jobs.push(self.job(matchup, lines, &frozen)?);
        }
        let options = GameOptions {
            loops_max: self.options.loops_max,
            record: self.options.record,
            stop,
            arena: &self.options.arena,
        };
        let recorder = &self.options.recorder;
        let jobs = jobs.into_iter();
        let played = side_by_side(jobs.map(|job| move || play_job(job, recorder, options)));
        let played = played.into_iter().collect::<Result<Vec<_>, _>>()?;
        self.next += games.len() as u64;
        Ok(played)
    }

    /// The frozen networks that these games ask, loaded unless they were before.
    fn frozen_of(&mut self, games: &[Matchup]) -> Result<Vec<PathBuf>, EvaluatorError> {
        let mut paths: Vec<PathBuf> = Vec::new();
        for matchup in games {
            if let Side::Frozen(path) = &matchup.opponent {
                paths.push(path.clone());
            }
        }
        paths.sort();
        paths.dedup();
        for path in &paths {
            if !self.frozen.contains_key(path) {
                let load = || {
                    let file = Checkpoint::open(path)?;
                    Ok((file.policy(self.current.device())?, file.specs()?))
                };
                let loaded =
                    load().map_err(|e: crate::policy::PolicyError| EvaluatorError::Agent {
                        spec: format!("checkpoint:{}", path.display()),
                        source: Box::new(e),
                    })?;
                self.frozen.insert(path.clone(), loaded);
            }
        }
        Ok(paths)
    }

    /// The network in training for either seat, then the frozen ones.
    fn networks(&self, frozen: &[PathBuf]) -> Vec<Network> {
        let current = || Network {
            policy: self.current.share(),
            specs: self.specs.clone(),
            version: self.version,
        };
        let frozen = frozen.iter().map(|path| {
            let (policy, specs) = &self.frozen[path];
            Network::from((policy.share(), specs.clone()))
        });
        [current(), current()].into_iter().chain(frozen).collect()
    }

    fn job(
        &self,
        matchup: &Matchup,
        lines: Vec<RoundClient>,
        frozen: &[PathBuf],
    ) -> Result<crate::actor::Job, EvaluatorError> {
        let mut lines: Vec<Option<Line>> = lines.into_iter().map(|l| Some(l.into())).collect();
        let first = lines[0].take().expect("a line a network");
        let second = match &matchup.opponent {
            Side::Live(_) => lines[1].take().map(|l| (l, self.specs.clone())),
            Side::Frozen(path) => frozen.iter().position(|p| p == path).and_then(|i| {
                let line = lines[2 + i].take()?;
                Some((line, self.frozen[path].1.clone()))
            }),
            Side::Other(_) => None,
        };
        self.games.job(matchup, (first, self.specs.clone()), second)
    }
}
