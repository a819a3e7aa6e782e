//! A group at work: games in, training steps together, weights and reports out.

mod reports;

use super::Met;
use super::state::{Counts, Kept};
use super::ties::Ties;
use crate::actor::Played;
use crate::bus::{Queue, read};
use crate::game::Seed;
use crate::learner::{LearnerError, Replication, Round};
use crate::policy::Checkpoint;
use crate::run::RunError;
use crate::run::cluster::kit::Kit;
use crate::run::cluster::member::{Member, RoleOptions};
use crate::run::cluster::messages::{GameMessage, SeatMessage, games};
use crate::run::config::LearnerConfig;
use crate::run::device;
use crate::run::rl::{Trainee, Training};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long a learner that lacks games waits for one before it looks whether the others still go on.
const WAIT: Duration = Duration::from_millis(200);

/// Why a group ends.
enum End {
    /// All leave together, and have the same.
    Together,
    /// Somebody is lost.
    Lost(String),
}

/// Trains in a group until it ends; what this learner has then. None if that is of no use.
///
/// # Errors
/// If a loss is no number, or something is wrong that another group does not mend.
pub fn train(
    member: &Member,
    kit: &Kit,
    options: &RoleOptions,
    seat: &SeatMessage,
    met: Met,
    kept: Option<Kept>,
) -> Result<Option<Kept>, RunError> {
    let config = &kit.config;
    let name = options.device.as_deref().unwrap_or(&config.train.device);
    let device = device::find(name)?;
    let kept = match kept {
        Some(kept) => kept,
        None => match Kept::load(member, kit, seat, device)? {
            Some(kept) => kept,
            None => return Ok(None),
        },
    };
    let Some(supervised) = kit.checkpoint(member, &kit.supervised)? else {
        return Ok(None);
    };
    let mut group = met.group;
    if let Err(error) = group.compute_on(device) {
        tracing::warn!(
            "{}'s group has lost a learner, another forms: {error}",
            seat.name
        );
        return Ok(Some(kept));
    }
    let supervised = Checkpoint::open(&supervised)?.policy(device)?;
    let share = share_of(&config.learner, seat.size);
    let training = Training {
        learner: &share,
        rewards: &config.rewards,
        specs: &kit.specs,
        bf16: config.train.bf16,
        threads: options.threads,
        seed: Seed(config.seed).fork("rank", seat.rank as u64),
    };
    let mut trainee = Trainee::new(kept.policy, supervised, training)?;
    if let Some(adam) = kept.adam {
        trainee.learner.optimizer = adam;
    }
    let team = Team {
        member,
        kit,
        seat,
        ties: Ties::new(group),
        trainee,
        counts: kept.counts,
        reported: kept.counts.step,
        share: seat.share,
        queue: member.bus.queue(&games(&seat.name), &kit.queue_bounds())?,
        since: Instant::now(),
        asked: Instant::now(),
        waited: Duration::ZERO,
        leaves: false,
        reset: false,
    };
    team.work()
}

/// What one of `size` learners gathers and puts into a minibatch.
fn share_of(config: &LearnerConfig, size: usize) -> LearnerConfig {
    LearnerConfig {
        samples: config.samples.div_ceil(size),
        minibatch: config.minibatch.div_ceil(size),
        ..config.clone()
    }
}

struct Team<'a> {
    member: &'a Member,
    kit: &'a Kit,
    seat: &'a SeatMessage,
    ties: Ties,
    trainee: Trainee<'a>,
    counts: Counts,
    /// Training step of the last report to the master.
    reported: u64,
    /// Share of the run that has passed.
    share: f64,
    queue: Arc<dyn Queue>,
    /// Since the last training step.
    since: Instant,
    /// Since the master last heard of this group.
    asked: Instant,
    /// Of that, time without enough games.
    waited: Duration,
    /// The master wants the group to end.
    leaves: bool,
    /// And what it has is of no more use.
    reset: bool,
}

impl Team<'_> {
    fn work(mut self) -> Result<Option<Kept>, RunError> {
        self.member.at("player", &self.seat.name);
        let end = match self.begin() {
            Ok(()) => self.steps(),
            Err(error) => Err(error),
        };
        match end {
            Ok(End::Together) => {
                if self.seat.rank == 0 && self.counts.step > self.reported && !self.reset {
                    self.report();
                }
            }
            Ok(End::Lost(what)) => {
                let name = &self.seat.name;
                tracing::warn!("{name}'s group has lost a learner, another forms: {what}");
            }
            Err(error) => return Err(error),
        }
        if self.reset {
            return Ok(None);
        }
        let learner = self.trainee.learner;
        Ok(Some(Kept {
            player: self.seat.player,
            resets: self.seat.resets,
            policy: learner.policy,
            adam: Some(learner.optimizer),
            counts: self.counts,
        }))
    }

    /// All take over what the first has.
    fn begin(&mut self) -> Result<(), RunError> {
        let ties = Box::new(self.ties.clone());
        self.trainee.learner.set_replication(Some(ties));
        // An error shows again at the first exchange, where it is dealt with.
        if self.trainee.learner.follow(0).is_ok() {
            let own = [
                self.counts.step as f64,
                self.counts.samples as f64,
                self.counts.seconds,
            ];
            if let Ok(rows) = self.ties.gather(&own) {
                self.counts = Counts {
                    step: (rows[0][0] as u64).max(self.seat.step_min),
                    samples: (rows[0][1] as u64).max(self.seat.samples),
                    seconds: rows[0][2].max(self.seat.seconds),
                };
            }
        }
        self.trainee.step = self.counts.step;
        self.reported = self.counts.step;
        if self.seat.rank == 0 {
            self.publish();
        }
        Ok(())
    }

    fn steps(&mut self) -> Result<End, RunError> {
        self.since = Instant::now();
        let mut round: Option<Round> = None;
        loop {
            round = round.or_else(|| self.trainee.round());
            let leaves = self.leaves || self.member.is_over();
            let told = [
                f64::from(u8::from(round.is_some())),
                f64::from(u8::from(leaves)),
                self.share,
            ];
            let rows = match self.ties.gather(&told) {
                Ok(rows) => rows,
                Err(error) => return Ok(End::Lost(error.to_string())),
            };
            if rows.iter().any(|row| row[1] != 0.0) {
                return Ok(End::Together);
            }
            self.share = rows[0][2];
            if rows.iter().any(|row| row[0] == 0.0) {
                if round.is_none() {
                    self.gather_games()?;
                }
                self.ask_whether_to_go_on();
                continue;
            }
            if let Some(round) = round.take()
                && let Some(lost) = self.step(&round)?
            {
                return Ok(End::Lost(lost));
            }
        }
    }

    /// Takes games from the queue until there is enough for a step, or none came for a moment.
    fn gather_games(&mut self) -> Result<(), RunError> {
        let begun = Instant::now();
        while begun.elapsed() < WAIT {
            let pulled = match self.queue.pull(WAIT) {
                Ok(pulled) => pulled,
                Err(error) if error.is_passing() => {
                    std::thread::sleep(WAIT);
                    None
                }
                Err(error) => return Err(error.into()),
            };
            let Some(bytes) = pulled else { break };
            if let Some(game) = read::<GameMessage>(&games(&self.seat.name), &bytes) {
                self.take(game);
            }
        }
        // Also while all that comes is too old, and no step tells of it.
        let stale = self.trainee.stale() as f64;
        self.member.tell([("unrolls_stale", stale)]);
        self.waited += begun.elapsed();
        Ok(())
    }

    fn take(&mut self, game: GameMessage) {
        let played = Played::from(game.played);
        self.trainee.window.game(&played, &game.opponent, game.seat);
        for experience in played.experience.iter().flatten() {
            if let Err(error) = self
                .trainee
                .take(experience, Path::new("a game of an actor"))
            {
                tracing::warn!("a game is dropped: {error}");
            }
        }
    }

    /// A training step; why somebody is lost, if somebody is.
    fn step(&mut self, round: &Round) -> Result<Option<String>, RunError> {
        let rate = self.kit.config.learner.rate_at(self.share);
        if let Err(failed) = self.trainee.learn(round, rate) {
            if failed.error.is_of_a_peer() {
                return Ok(Some(failed.error.to_string()));
            }
            let folder = format!("failed-{}", self.member.id);
            let folder = failed.keep(Path::new(&folder), self.trainee.step)?;
            tracing::error!("the batch that did it is in {}", folder.display());
            return Err(failed.error.into());
        }
        let own: usize = round.unrolls.iter().map(|u| u.steps.len()).sum();
        let seconds = self.since.elapsed().as_secs_f64();
        let waiting = self.waited.as_secs_f64() / seconds.max(1e-9);
        (self.since, self.waited) = (Instant::now(), Duration::ZERO);
        let all = match self.ties.gather(&[own as f64]) {
            Ok(rows) => rows.iter().map(|row| row[0]).sum::<f64>(),
            Err(error) => return Ok(Some(error.to_string())),
        };
        self.counts.step = self.trainee.step;
        self.counts.samples += all as u64;
        self.counts.seconds += seconds;
        let alike = match self.check_alike() {
            Ok(alike) => alike,
            Err(error) => return Ok(Some(error.to_string())),
        };
        self.tell(round, (seconds, waiting, rate, alike));
        if self.seat.rank == 0 {
            self.publish();
            if self.counts.step >= self.reported + self.kit.config.train.report_every_steps {
                self.report();
            }
        }
        Ok(None)
    }

    /// Now and then: whether all have the same weights. Where they have not, all go on with the first one's.
    fn check_alike(&mut self) -> Result<bool, LearnerError> {
        let every = self.kit.cluster().same_every_steps;
        if !self.counts.step.is_multiple_of(every) {
            return Ok(true);
        }
        let alike = self.trainee.learner.is_alike()?;
        if !alike {
            tracing::error!(
                "replicas of {} differ; all go on with the first one's weights",
                self.seat.name
            );
            self.trainee.learner.follow(0)?;
        }
        Ok(alike)
    }
}
