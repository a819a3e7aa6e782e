//! A predictor behind a bus, as a league's.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::action::Specs;
use crate::bus::{Bus, BusError, Question as Asked, decode, encode};
use crate::game::Seed;
use crate::policy::{Choice, Policy, PolicyConfig, PolicySpec, Sampler};
use crate::predictor::remote::{AnswerMessage, AskMessage};
use crate::predictor::{PredictorError, Question, RemoteClient, Remotes, Service, ServiceConfig};
use crate::reward::KINDS;
use crate::run::bench::{BenchError, failed};
use crate::trajectory::{Step, Wire};
use crossbeam_channel::{Receiver, bounded};
use tch::Device;

const SUBJECT: &str = "bench.infer";
const COMPLAINTS: &str = "bench.unanswered";
const POLL: Duration = Duration::from_millis(20);
/// No answer for so long is a failure.
const PATIENCE: Duration = Duration::from_secs(20);

/// A question and its answer.
pub(super) type Bytes = (Vec<u8>, Vec<u8>);

/// Answers on [`SUBJECT`] until it is dropped: one thread takes questions off the bus, as many as two batches hold answer
/// (as `run::cluster::predictor` has it).
pub(super) struct Predictor {
    bus: Arc<dyn Bus>,
    pub specs: Specs,
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
    pub service: Arc<Service>,
    last: Arc<Mutex<Bytes>>,
}

impl Predictor {
    /// With a fresh network of that size.
    ///
    /// # Errors
    /// If it cannot be made, or the bus is closed.
    pub fn start(
        bus: &Arc<dyn Bus>,
        specs: &Specs,
        size: &str,
        seed: Seed,
    ) -> Result<Predictor, BenchError> {
        let config = ServiceConfig::default();
        let service = service(specs, size, &config, seed).map_err(failed("a predictor"))?;
        let mut questions = bus
            .serve(SUBJECT, "bench")
            .map_err(failed("questions over the bus"))?;
        let (asked, todo) = bounded(2 * config.batch_max);
        let mut predictor = Predictor {
            bus: bus.clone(),
            specs: specs.clone(),
            stop: Arc::default(),
            threads: Vec::new(),
            service: Arc::new(service),
            last: Arc::default(),
        };
        for _ in 0..2 * config.batch_max {
            let handler = Handler {
                todo: todo.clone(),
                service: predictor.service.clone(),
                wire: Wire::new(specs),
                last: predictor.last.clone(),
            };
            let thread = std::thread::spawn(move || handler.run());
            predictor.threads.push(thread);
        }
        let stop = predictor.stop.clone();
        predictor.threads.push(std::thread::spawn(move || {
            while !stop.load(Ordering::Relaxed) {
                if let Ok(Some(question)) = questions.next(POLL)
                    && asked.send(question).is_err()
                {
                    return;
                }
            }
        }));
        Ok(predictor)
    }

    pub fn remotes(&self) -> Arc<Remotes> {
        Remotes::new(self.bus.clone(), &self.specs, self.stop.clone(), PATIENCE)
    }

    /// What was asked and answered last.
    pub fn last(&self) -> Bytes {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.clone()
    }
}

impl Drop for Predictor {
    /// The handlers end with the thread that gives them questions, the service's workers with the handlers.
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

/// A game's line to it.
pub(super) fn line(remotes: &Arc<Remotes>) -> RemoteClient {
    remotes.line(SUBJECT.to_owned(), COMPLAINTS.to_owned())
}

/// About a look, with random numbers of its own.
pub(super) fn question(look: &Step, seed: Seed) -> Question {
    let (columns, rows) = look.obs.target_cells;
    let choice = Choice::Sample { temperature: 1.0 };
    Question {
        obs: Box::new(look.obs.clone()),
        sampler: Sampler::new(seed, choice),
        cells: (columns.into(), rows.into()),
    }
}

fn service(
    specs: &Specs,
    size: &str,
    config: &ServiceConfig,
    seed: Seed,
) -> Result<Service, PredictorError> {
    let mut network = PolicyConfig::preset(size)?;
    network.value.kinds = KINDS.len() as i64;
    let spec = PolicySpec::new(network, specs);
    let policy = Policy::new(&spec, seed.fork("bench-policy", 0), Device::Cpu)?;
    Service::start(&policy, specs, config)
}

/// Puts questions to the network; one of many threads.
struct Handler {
    todo: Receiver<Asked>,
    service: Arc<Service>,
    wire: Wire,
    last: Arc<Mutex<Bytes>>,
}

impl Handler {
    fn run(self) {
        while let Ok(asked) = self.todo.recv() {
            match self.answer(&asked) {
                Ok(answer) => {
                    let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
                    *last = (asked.payload.clone(), answer.clone());
                    drop(last);
                    // Whoever got no answer asks again.
                    let _ = asked.answer(&answer);
                }
                Err(error) => tracing::warn!("no answer: {error}"),
            }
        }
    }

    fn answer(&self, asked: &Asked) -> Result<Vec<u8>, PredictorError> {
        let message: AskMessage = decode(&asked.payload).map_err(BusError::from)?;
        let answer = AnswerMessage::of(message, &mut self.service.client(), &self.wire)?;
        Ok(encode(&answer))
    }
}
