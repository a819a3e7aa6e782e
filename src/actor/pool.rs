//! Threads that play one job after the other.

use super::game::{Job, Played, play_job};
use super::recorder::RecorderOptions;
use crate::env::Arena;
use crate::evaluator::{EvaluatorError, GameOptions};
use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Gives out games, to several threads.
pub trait Jobs: Send + Sync {
    /// The next game.
    ///
    /// # Errors
    /// If no more can be made; the pool then ends with this error.
    fn next(&self) -> Result<Job, EvaluatorError>;
}

/// How a pool plays.
#[derive(Clone, Debug)]
pub struct PoolOptions {
    /// Games at once, a thread each.
    pub games: usize,
    /// Finished games that wait for the learner at most; beyond it, threads wait.
    pub queue_max: usize,
    /// Game loops after which a game is a tie.
    pub loops_max: u32,
    pub recorder: RecorderOptions,
    /// Where games are played.
    pub arena: Arena,
    /// Hand out a replay with every game ([`GameOutcome::replay`](crate::evaluator::GameOutcome::replay)).
    pub record: bool,
}

/// A thread whose games are lost so often in a row gives up: something is wrong that another try does not mend.
const LOST_MAX: u32 = 5;

/// What a pool did so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PoolStats {
    pub games: u64,
    /// Games that died or hung; what was recorded of them is dropped.
    pub lost: u64,
    /// Finished games that wait now.
    pub queued: usize,
    /// Time that threads waited because the queue was full, over all threads.
    pub blocked_us: u64,
}

#[derive(Default)]
struct Shared {
    stop: AtomicBool,
    games: AtomicU64,
    lost: AtomicU64,
    blocked_us: AtomicU64,
}

/// Running threads. Dropped, it gives up the games under way and waits for the threads.
pub struct Pool {
    played: Option<Receiver<Result<Played, EvaluatorError>>>,
    shared: Arc<Shared>,
    threads: Vec<JoinHandle<()>>,
}

impl Pool {
    /// Starts to play.
    ///
    /// # Errors
    /// If a thread cannot be started.
    pub fn start(jobs: Arc<dyn Jobs>, options: &PoolOptions) -> Result<Pool, std::io::Error> {
        let (sender, played) = bounded(options.queue_max.max(1));
        let mut pool = Pool {
            played: Some(played),
            shared: Arc::default(),
            threads: Vec::new(),
        };
        for i in 0..options.games.max(1) {
            let worker = Worker {
                jobs: jobs.clone(),
                options: options.clone(),
                sender: sender.clone(),
                shared: pool.shared.clone(),
            };
            let thread = std::thread::Builder::new().name(format!("actor-{i}"));
            pool.threads.push(thread.spawn(move || worker.run())?);
        }
        Ok(pool)
    }

    /// The next finished game; none if there is none within `wait`, or all threads have ended.
    ///
    /// # Errors
    /// The error that ended a thread.
    pub fn next(&self, wait: Duration) -> Result<Option<Played>, EvaluatorError> {
        let Some(played) = &self.played else {
            return Ok(None);
        };
        match played.recv_timeout(wait) {
            Ok(result) => result.map(Some),
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => Ok(None),
        }
    }

    pub fn stats(&self) -> PoolStats {
        PoolStats {
            games: self.shared.games.load(Ordering::Relaxed),
            lost: self.shared.lost.load(Ordering::Relaxed),
            queued: self.played.as_ref().map_or(0, Receiver::len),
            blocked_us: self.shared.blocked_us.load(Ordering::Relaxed),
        }
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.shared.stop.store(true, Ordering::Relaxed);
        // Threads that wait to hand something over find nobody there.
        self.played = None;
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

struct Worker {
    jobs: Arc<dyn Jobs>,
    options: PoolOptions,
    sender: Sender<Result<Played, EvaluatorError>>,
    shared: Arc<Shared>,
}

impl Worker {
    fn run(self) {
        let mut lost_in_a_row = 0;
        while !self.shared.stop.load(Ordering::Relaxed) {
            let options = GameOptions {
                loops_max: self.options.loops_max,
                record: self.options.record,
                stop: &self.shared.stop,
                arena: &self.options.arena,
            };
            let played = self
                .jobs
                .next()
                .and_then(|job| play_job(job, &self.options.recorder, options));
            let over = match &played {
                Err(EvaluatorError::Interrupted) => return,
                Err(error) if error.is_lost_game() => {
                    self.shared.lost.fetch_add(1, Ordering::Relaxed);
                    lost_in_a_row += 1;
                    if lost_in_a_row < LOST_MAX {
                        tracing::warn!("a game is lost, the next one begins: {error:?}");
                        continue;
                    }
                    true
                }
                Err(_) => true,
                Ok(_) => false,
            };
            lost_in_a_row = 0;
            self.shared.games.fetch_add(1, Ordering::Relaxed);
            let begun = Instant::now();
            if self.sender.send(played).is_err() || over {
                return;
            }
            let waited = begun.elapsed().as_micros() as u64;
            self.shared.blocked_us.fetch_add(waited, Ordering::Relaxed);
        }
    }
}
