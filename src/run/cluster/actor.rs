//! `scc actor`: plays games that the master draws, asks predictors, gives games to learners and results to the master (SCC
//! App. B: Sampler).
//!
//! A result is handed over until the master has kept it. A game for the learners may be lost: a queue that is full drops its
//! oldest, and a bus that is away takes none.

use super::kit::Kit;
use super::member::{Member, RoleOptions, RoleSummary};
use super::messages::{
    self, ClusterRole, FromMaster, GameMessage, JobMessage, ResultMessage, ToMaster,
};
use crate::actor::{Job, Jobs, Played, Pool};
use crate::bus::{Queue, encode};
use crate::evaluator::EvaluatorError;
use crate::game::Seed;
use crate::predictor::Remotes;
use crate::replay;
use crate::run::RunError;
use crate::run::league::outcome;
use crate::run::rl::{Games, KeptGame, Matchup, Side, SpecLine};
use crate::trajectory::Z;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How long a wait for a game lasts before it is looked whether to stop.
const WAIT: Duration = Duration::from_millis(200);
/// Pause before the master is asked again for a game when it has none.
const PAUSE: Duration = Duration::from_millis(500);

/// Plays until training is over or the process is asked to stop.
///
/// # Errors
/// If the master refuses, or games cannot be played here.
pub fn run_actor(options: &RoleOptions) -> Result<RoleSummary, RunError> {
    let member = Arc::new(Member::start(options, ClusterRole::Actor)?);
    let Some(kit) = member.welcome(options)? else {
        return Ok(member.summary());
    };
    let patience = Duration::from_secs_f64(kit.cluster().patience_seconds);
    let remotes = Remotes::new(member.bus.clone(), &kit.specs, member.stop_flag(), patience);
    let games = Games {
        map: kit.map.clone(),
        rewards: kit.rewards.clone(),
        agents: kit.agents.clone(),
        temperature: kit.config.learner.temperature as f32,
    };
    let jobs = Arc::new(ClusterJobs {
        member: member.clone(),
        games,
        specs: kit.specs.clone(),
        remotes: remotes.clone(),
        playing: Mutex::default(),
        numbered: Mutex::default(),
    });
    let pool = Pool::start(jobs.clone(), &kit.pool_options(options.at_once))
        .map_err(super::member::thread_error)?;
    let mut hands = Hands {
        member: &member,
        kit: &kit,
        queues: BTreeMap::new(),
        lost: 0,
    };
    while !member.is_over() {
        if let Some(played) = pool.next(WAIT)? {
            let job = jobs.lock_playing().remove(&played.id);
            if let Some(job) = job {
                hands.give(played, job)?;
            }
        }
        let (stats, asked) = (pool.stats(), remotes.stats());
        let mean = |sum: u64| sum as f64 / asked.questions.max(1) as f64;
        member.tell([
            ("games", stats.games as f64),
            ("games_lost", stats.lost as f64),
            ("games_waiting", stats.queued as f64),
            ("blocked_seconds", stats.blocked_us as f64 / 1e6),
            ("questions", asked.questions as f64),
            ("questions_again", asked.again as f64),
            ("question_ms", mean(asked.waited_us) / 1e3),
            ("question_bytes", mean(asked.question_bytes)),
            ("answer_bytes", mean(asked.answer_bytes)),
            ("trajectories_lost", hands.lost as f64),
        ]);
    }
    Ok(member.summary())
}

/// The master's games, for the pool's threads.
struct ClusterJobs {
    member: Arc<Member>,
    games: Games,
    specs: crate::action::Specs,
    remotes: Arc<Remotes>,
    playing: Mutex<BTreeMap<u64, JobMessage>>,
    /// The z's that jobs named so far, by number.
    numbered: Mutex<Vec<Option<Z>>>,
}

impl ClusterJobs {
    fn lock_playing(&self) -> std::sync::MutexGuard<'_, BTreeMap<u64, JobMessage>> {
        self.playing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn draw(&self) -> Result<JobMessage, EvaluatorError> {
        loop {
            match self.member.ask(&ToMaster::Job).map_err(failed)? {
                Some(FromMaster::Job(job)) => return Ok(*job),
                Some(FromMaster::Refused(what)) => {
                    return Err(failed(super::member::refused(what)));
                }
                None | Some(FromMaster::Finished) => return Err(EvaluatorError::Interrupted),
                Some(_) => std::thread::sleep(PAUSE),
            }
            if self.member.is_over() {
                return Err(EvaluatorError::Interrupted);
            }
        }
    }

    /// The rewards know a z by its number.
    fn number_z(&self, job: &JobMessage) {
        let mut numbered = self.numbered.lock().unwrap_or_else(PoisonError::into_inner);
        let numbers = [job.opponent.player_z, job.opponent.opponent_z];
        let mut is_new = false;
        for (number, z) in numbers.into_iter().zip(&job.z) {
            let (Some(number), Some(z)) = (number, z) else {
                continue;
            };
            let at = number as usize;
            if numbered.len() <= at {
                numbered.resize(at + 1, None);
            }
            is_new |= numbered[at].as_ref() != Some(z);
            numbered[at] = Some(z.clone());
        }
        if is_new {
            self.games.rewards.set_numbered(numbered.clone());
        }
    }

    fn line(&self, player: &str) -> SpecLine {
        let (asked, unanswered) = (messages::infer(player), messages::unanswered(player));
        let line = self.remotes.line(asked, unanswered);
        (line.into(), self.specs.clone())
    }
}

impl Jobs for ClusterJobs {
    fn next(&self) -> Result<Job, EvaluatorError> {
        let job = self.draw()?;
        self.number_z(&job);
        let matchup = matchup(&job);
        let lines = [0, 1].map(|i| self.line(&job.names[i]));
        let [player, opponent] = lines;
        let made = self.games.job(&matchup, player, Some(opponent))?;
        self.lock_playing().insert(made.id, job);
        Ok(made)
    }
}

fn matchup(job: &JobMessage) -> Matchup {
    let number = job.opponent.match_number;
    Matchup {
        number,
        seed: Seed(job.opponent.seed),
        seat: seat(job),
        names: job.names.clone(),
        opponent: Side::Live(job.names[1].clone()),
        both: job.player == job.opponent.id,
        z: [job.opponent.player_z, job.opponent.opponent_z],
    }
}

/// Seat of the player that learns.
pub fn seat(job: &JobMessage) -> usize {
    (job.opponent.match_number % 2) as usize
}

fn failed(source: RunError) -> EvaluatorError {
    EvaluatorError::Agent {
        spec: "league".to_owned(),
        source: Box::new(source),
    }
}

/// What becomes of finished games.
struct Hands<'a> {
    member: &'a Member,
    kit: &'a Kit,
    queues: BTreeMap<String, Arc<dyn Queue>>,
    lost: u64,
}

impl Hands<'_> {
    fn give(&mut self, mut played: Played, job: JobMessage) -> Result<(), RunError> {
        let seat = seat(&job);
        let made = played.experience[seat]
            .as_ref()
            .map(|e| e.stats.made.clone());
        let made = made.unwrap_or_default().into_iter();
        let result = ResultMessage {
            outcome: outcome(played.outcome.result(seat)),
            loops: played.outcome.game_loops,
            made: made
                .map(|(name, n)| (name.to_owned(), f64::from(n)))
                .collect(),
            replay: played
                .outcome
                .replay
                .take()
                .map_or_else(Vec::new, |r| replay::encode(&r)),
            job,
        };
        if played.experience.iter().any(Option::is_some) {
            self.hand_to_learners(&played, &result.job);
        }
        match self.member.hand_over(&ToMaster::Result(Box::new(result)))? {
            Some(FromMaster::Refused(what)) => {
                tracing::warn!("the master takes no result of this game: {what}");
            }
            None => tracing::warn!("stopped before the master could take a game's result"),
            Some(_) => {}
        }
        Ok(())
    }

    fn hand_to_learners(&mut self, played: &Played, job: &JobMessage) {
        let message = encode(&GameMessage {
            opponent: job.names[1].clone(),
            seat: (job.player != job.opponent.id).then(|| seat(job)),
            played: KeptGame::of(played),
        });
        let pushed = self
            .queue(&job.names[0])
            .and_then(|queue| Ok(queue.push(&message)?));
        if let Err(error) = pushed {
            self.lost += 1;
            tracing::warn!("a game does not reach its learner: {error}");
        }
    }

    fn queue(&mut self, player: &str) -> Result<Arc<dyn Queue>, RunError> {
        if let Some(queue) = self.queues.get(player) {
            return Ok(queue.clone());
        }
        let name = messages::games(player);
        let queue = self.member.bus.queue(&name, &self.kit.queue_bounds())?;
        self.queues.insert(player.to_owned(), queue.clone());
        Ok(queue)
    }
}
