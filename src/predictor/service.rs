//! Batched inference for many games in one process.
//!
//! Worker threads take questions from one bounded channel, gather them up to the batch size or the wait time, and answer
//! each game on a channel of its own. New weights are put in place between batches, by version.

use super::PredictorError;
use super::batch::{Answer, Batcher, Memory, Question, Request};
use crate::action::Specs;
use crate::game::Seed;
use crate::policy::{Policy, Weights};
use crossbeam_channel::{Receiver, Sender, bounded};
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
        let requests = &self.requests;
        let gone = |_| PredictorError::ServiceGone;
        self.memory
            .ask(question, |request| requests.send(request).map_err(gone))
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
        while let Ok(first) = self.requests.recv() {
            gathered.push(first);
            self.gather(&mut gathered);
            self.take_weights();
            let start = Instant::now();
            // Counted before the answers go out: whoever has its answer finds itself counted.
            let count = gathered.len() as u64;
            self.shared.questions.fetch_add(count, Ordering::Relaxed);
            self.shared.batches.fetch_add(1, Ordering::Relaxed);
            self.batcher.answer(&mut gathered);
            let busy = start.elapsed().as_micros() as u64;
            self.shared.busy_us.fetch_add(busy, Ordering::Relaxed);
        }
    }

    fn gather(&self, gathered: &mut Vec<Request>) {
        let end = Instant::now() + Duration::from_micros(self.config.wait_us);
        while gathered.len() < self.config.batch_max {
            match self.requests.recv_deadline(end) {
                Ok(request) => gathered.push(request),
                Err(_) => break,
            }
        }
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
