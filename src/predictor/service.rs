//! Batched inference for many games in one process.
//!
//! Worker threads take questions from one bounded channel, gather them up to the batch size or the wait time, and answer
//! each game on a channel of its own. New weights are put in place between batches, by version. The channel holds two
//! batches; when it is full, who asks waits, and the wait is counted ([`ServiceStats::blocked_us`]).

use super::PredictorError;
use super::batch::{Answer, Batcher, Memory, Question, Request};
use crate::action::Specs;
use crate::game::Seed;
use crate::policy::{Policy, Weights};
use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Settings of a service.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ServiceConfig {
    /// Questions answered together at most.
    pub batch_max: usize,
    /// Microseconds that a batch waits for more questions after its first.
    pub wait_us: u64,
    /// Worker threads, each with a copy of the network.
    pub workers: usize,
}

impl Default for ServiceConfig {
    fn default() -> ServiceConfig {
        ServiceConfig {
            batch_max: 32,
            wait_us: 1000,
            workers: 1,
        }
    }
}

impl ServiceConfig {
    /// # Errors
    /// If a value is out of range.
    pub fn validate(&self) -> Result<(), PredictorError> {
        let checks = [
            ("batch_max", self.batch_max as u64, 1..=4096, "1 to 4096"),
            ("wait_us", self.wait_us, 0..=1_000_000, "0 to 1000000"),
            ("workers", self.workers as u64, 1..=256, "1 to 256"),
        ];
        for (key, value, allowed, range) in checks {
            if !allowed.contains(&value) {
                return Err(PredictorError::Config { key, value, range });
            }
        }
        Ok(())
    }
}

/// What a service did so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ServiceStats {
    pub questions: u64,
    pub batches: u64,
    /// Time spent computing, over all workers.
    pub busy_us: u64,
    /// Time that games waited before their questions could wait for an answer: the channel was full. Over all games.
    pub blocked_us: u64,
    /// Version of the weights that are to be used now.
    pub version: u64,
}

#[derive(Default)]
struct Shared {
    /// Newest weights; their version is in `version`.
    weights: Mutex<Option<Arc<Weights>>>,
    version: AtomicU64,
    questions: AtomicU64,
    batches: AtomicU64,
    busy_us: AtomicU64,
    blocked_us: AtomicU64,
}

/// A running service. Workers end when it and all its clients are dropped.
pub struct Service {
    specs: Specs,
    requests: Option<Sender<Request>>,
    shared: Arc<Shared>,
    workers: Vec<JoinHandle<()>>,
}

/// One game's line to a service. It keeps the game's LSTM state.
pub struct Client {
    requests: Sender<Request>,
    shared: Arc<Shared>,
    memory: Memory,
}

impl Service {
    /// Starts the workers on copies of `policy` (weights version 0).
    ///
    /// # Errors
    /// If the config is out of range or a thread cannot be started.
    pub fn start(
        policy: &Policy,
        specs: &Specs,
        config: &ServiceConfig,
    ) -> Result<Service, PredictorError> {
        config.validate()?;
        let (requests, receiver) = bounded(config.batch_max * 2);
        let shared = Arc::new(Shared::default());
        let weights = policy.params().weights();
        let mut workers = Vec::new();
        for i in 0..config.workers {
            let copy = Policy::new(policy.spec(), Seed(0), policy.device())?;
            copy.params().set_weights(&weights)?;
            let worker = Worker {
                batcher: Batcher::new((copy, specs.clone())),
                config: config.clone(),
                requests: receiver.clone(),
                shared: shared.clone(),
            };
            let thread = std::thread::Builder::new()
                .name(format!("predictor-{i}"))
                .spawn(move || worker.run())
                .map_err(PredictorError::Spawn)?;
            workers.push(thread);
        }
        Ok(Service {
            specs: specs.clone(),
            requests: Some(requests),
            shared,
            workers,
        })
    }

    pub fn specs(&self) -> &Specs {
        &self.specs
    }

    /// A line for one game.
    ///
    /// # Panics
    /// If the service was closed.
    pub fn client(&self) -> Client {
        let requests = self.requests.clone().expect("open");
        Client {
            requests,
            shared: self.shared.clone(),
            memory: Memory::default(),
        }
    }

    /// Weights to use from the next batch on. An older version than the present one is ignored.
    pub fn publish(&self, version: u64, weights: Arc<Weights>) {
        let mut slot = self
            .shared
            .weights
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if version > self.shared.version.load(Ordering::Acquire) {
            *slot = Some(weights);
            self.shared.version.store(version, Ordering::Release);
        }
    }

    /// Takes no new clients; its workers end when those there are go. Nobody waits for them before the service is dropped.
    pub fn close(&mut self) {
        self.requests = None;
    }

    /// All workers have ended: closed, and no client is left.
    pub fn is_over(&self) -> bool {
        self.workers.iter().all(JoinHandle::is_finished)
    }

    pub fn stats(&self) -> ServiceStats {
        let s = &self.shared;
        ServiceStats {
            questions: s.questions.load(Ordering::Relaxed),
            batches: s.batches.load(Ordering::Relaxed),
            busy_us: s.busy_us.load(Ordering::Relaxed),
            blocked_us: s.blocked_us.load(Ordering::Relaxed),
            version: s.version.load(Ordering::Relaxed),
        }
    }
}

impl Drop for Service {
    /// Waits for the workers, which wait for the clients: drop these first.
    fn drop(&mut self) {
        self.requests = None;
        for worker in self.workers.drain(..) {
            let _ = worker.join();
        }
    }
}

impl Client {
    /// Forgets the game: the next question starts from a zero state.
    pub fn reset(&mut self) {
        self.memory.reset();
    }

    /// LSTM state before the last question, hidden and cell, `[L * H]` each; empty = zeros.
    pub(super) fn before(&self) -> &[Vec<f32>; 2] {
        &self.memory.before
    }

    /// Asks, and waits for the answer.
    ///
    /// # Errors
    /// [`PredictorError::ServiceGone`] if the service ended. A failed step is in the answer.
    pub fn ask(&mut self, question: Question) -> Result<Answer, PredictorError> {
        let (requests, shared) = (&self.requests, &self.shared);
        self.memory.ask(question, |request| {
            let request = match requests.try_send(request) {
                Ok(()) => return Ok(()),
                Err(TrySendError::Full(request)) => request,
                Err(TrySendError::Disconnected(_)) => return Err(PredictorError::ServiceGone),
            };
            let start = Instant::now();
            let sent = requests.send(request);
            let blocked = start.elapsed().as_micros() as u64;
            shared.blocked_us.fetch_add(blocked, Ordering::Relaxed);
            sent.map_err(|_| PredictorError::ServiceGone)
        })
    }

    /// Asks for a game whose LSTM state, hidden and cell, `[L * H]` each (empty = zeros), comes with its question; the
    /// answer, and the state after it.
    ///
    /// # Errors
    /// As [`Client::ask`].
    pub fn ask_in(
        &mut self,
        question: Question,
        [hidden, cell]: [Vec<f32>; 2],
    ) -> Result<(Answer, [Vec<f32>; 2]), PredictorError> {
        (self.memory.hidden, self.memory.cell) = (hidden, cell);
        let answer = self.ask(question)?;
        let Memory { hidden, cell, .. } = std::mem::take(&mut self.memory);
        Ok((answer, [hidden, cell]))
    }
}

struct Worker {
    batcher: Batcher,
    config: ServiceConfig,
    requests: Receiver<Request>,
    shared: Arc<Shared>,
}

impl Worker {
    fn run(mut self) {
        // Workers share the cores with actors and learner: an operation split among threads waits for the slowest.
        tch::set_num_threads(1);
        let mut gathered = Vec::with_capacity(self.config.batch_max);
        while self.gather(&mut gathered) {
            self.answer(&mut gathered);
        }
    }

    /// Waits for a question, then for as many more as may be answered with it; whether there are any.
    fn gather(&self, gathered: &mut Vec<Request>) -> bool {
        let Ok(first) = self.requests.recv() else {
            return false;
        };
        gathered.push(first);
        let end = Instant::now() + Duration::from_micros(self.config.wait_us);
        while gathered.len() < self.config.batch_max {
            match self.requests.recv_deadline(end) {
                Ok(request) => gathered.push(request),
                Err(_) => break,
            }
        }
        true
    }

    fn answer(&mut self, gathered: &mut Vec<Request>) {
        self.take_weights();
        let start = Instant::now();
        // Counted before the answers go out: whoever has its answer finds itself counted.
        let count = gathered.len() as u64;
        self.shared.questions.fetch_add(count, Ordering::Relaxed);
        self.shared.batches.fetch_add(1, Ordering::Relaxed);
        self.batcher.answer(gathered);
        let busy = start.elapsed().as_micros() as u64;
        self.shared.busy_us.fetch_add(busy, Ordering::Relaxed);
    }

    fn take_weights(&mut self) {
        if self.shared.version.load(Ordering::Acquire) == self.batcher.version {
            return;
        }
        let slot = self
            .shared
            .weights
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let version = self.shared.version.load(Ordering::Acquire);
        if let Some(weights) = &*slot {
            match self.batcher.policy.params().set_weights(weights) {
                Ok(()) => self.batcher.version = version,
                Err(error) => tracing::error!(%error, version, "published weights do not fit"),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::action::Interface;
    use crate::game::Race;
    use crate::obs::testing::{crowd, info};
    use crate::policy::{Choice, PolicyConfig, PolicySpec, Sampler};
    use crate::predictor::masks::cells_inside;
    use std::sync::Barrier;

    const BATCH_MAX: usize = 4;

    fn question(game: u64) -> Question {
        let info = info(Race::Terran, Race::Terran);
        let mut interface = Interface::new(&Specs::default(), &info, Default::default());
        let mut obs = Box::default();
        interface.observe(&crowd(game), &mut obs);
        Question {
            obs,
            sampler: Sampler::new(Seed(game), Choice::Greedy),
            cells: cells_inside(&interface.codec().space),
        }
    }

    fn worker(requests: Receiver<Request>) -> Worker {
        let specs = Specs::default();
        let spec = PolicySpec::new(PolicyConfig::tiny(), &specs);
        let policy = Policy::new(&spec, Seed(1), tch::Device::Cpu).expect("tiny is valid");
        Worker {
            batcher: Batcher::new((policy, specs)),
            config: ServiceConfig {
                batch_max: BATCH_MAX,
                ..ServiceConfig::default()
            },
            requests,
            shared: Arc::default(),
        }
    }

    /// Sizes of the batches in which `n` questions are answered that are all asked before a worker begins, and the time that
    /// games were blocked, in microseconds. The channel has `room`.
    fn answered(n: usize, room: usize) -> (Vec<usize>, u64) {
        let (requests, receiver) = bounded(room);
        let start = Barrier::new(n + 1);
        std::thread::scope(|scope| {
            let mut worker = worker(receiver);
            for game in 0..n {
                let question = question(game as u64);
                let mut client = Client {
                    requests: requests.clone(),
                    shared: worker.shared.clone(),
                    memory: Memory::default(),
                };
                let start = &start;
                scope.spawn(move || {
                    start.wait();
                    let answer = client.ask(question).expect("the worker lives");
                    answer.step.expect("a step");
                });
            }
            start.wait();
            while requests.len() < n.min(room) {
                std::thread::yield_now();
            }
            if n > room {
                std::thread::sleep(Duration::from_millis(500));
            }
            let mut sizes = Vec::new();
            let mut gathered = Vec::new();
            while sizes.iter().sum::<usize>() < n && worker.gather(&mut gathered) {
                sizes.push(gathered.len());
                worker.answer(&mut gathered);
            }
            (sizes, worker.shared.blocked_us.load(Ordering::Relaxed))
        })
    }

    #[test]
    fn questions_that_wait_are_answered_in_full_batches_and_none_is_larger() {
        assert_eq!(answered(3 * BATCH_MAX, 100), (vec![BATCH_MAX; 3], 0));
        let one_more = vec![BATCH_MAX, BATCH_MAX, BATCH_MAX, 1];
        assert_eq!(answered(3 * BATCH_MAX + 1, 100), (one_more, 0));
    }

    #[test]
    fn a_full_channel_makes_games_wait_and_the_wait_is_counted() {
        let (sizes, blocked_us) = answered(2, 1);
        assert_eq!(sizes.iter().sum::<usize>(), 2, "none is lost");
        assert!(blocked_us > 0);
    }
}
