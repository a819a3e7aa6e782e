//! A network in another process: questions over a bus, and their answers (SCC App. B: Predictor).
//!
//! The LSTM's state and the random numbers travel with the question, so any predictor of the player can answer any
//! question, and a question that got no answer is asked again as it was: with the same weights it gets the same answer.

use super::PredictorError;
use super::batch::{Answer, Memory, Question};
use super::service::Client;
use crate::action::{Action, Specs};
use crate::bus::{Bus, BusError, Message, decode, encode};
use crate::policy::{ActStep, PolicyError, Sampler};
use crate::trajectory::{HEADS, Step, Unroll, Wire};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// An answer that has not come by then is asked for again: the predictor died, or the bus lost it.
const ANSWER_WAIT: Duration = Duration::from_secs(5);
/// Pause before a question is asked again: at first, and at most.
const PAUSE_MIN: Duration = Duration::from_millis(20);
const PAUSE_MAX: Duration = Duration::from_millis(500);
/// A line says so often that nobody answers, at most.
const COMPLAIN_EVERY: Duration = Duration::from_secs(1);

/// One game's question, with its memory.
#[derive(Debug, Serialize, Deserialize)]
pub struct AskMessage {
    /// The observation, as an unroll of one step ([`Wire`]).
    obs: Vec<u8>,
    sampler: Sampler,
    cells: (u32, u32),
    /// LSTM state before the step, hidden and cell, `[L * H]` each; empty = zeros.
    state: [Vec<f32>; 2],
}

impl Message for AskMessage {
    const KIND: u16 = 1;
    const NAME: &'static str = "inference request";
    // The observation is, and a state hardly packs.
    const IS_DENSE: bool = true;
}

/// The answer to an [`AskMessage`].
#[derive(Debug, Serialize, Deserialize)]
pub struct AnswerMessage {
    step: Result<StepMessage, String>,
    sampler: Sampler,
    version: u64,
    state: [Vec<f32>; 2],
}

impl Message for AnswerMessage {
    const KIND: u16 = 2;
    const NAME: &'static str = "inference answer";
    const IS_DENSE: bool = true;
}

/// A question got no answer; the subject says whose it is. It is asked again all the while.
#[derive(Debug, Serialize, Deserialize)]
pub struct UnansweredMessage;

impl Message for UnansweredMessage {
    const KIND: u16 = 3;
    const NAME: &'static str = "complaint that nobody answers";
}

#[derive(Debug, Serialize, Deserialize)]
struct StepMessage {
    action: Action,
    log_probs: [f32; HEADS.len()],
    values: Vec<f32>,
}

impl AnswerMessage {
    /// Lets `client`'s service answer a question that came over a bus.
    ///
    /// # Errors
    /// If the observation cannot be read, or the service is gone.
    pub fn of(
        asked: AskMessage,
        client: &mut Client,
        wire: &Wire,
    ) -> Result<AnswerMessage, PredictorError> {
        let unreadable = |what: String| PredictorError::Elsewhere(what);
        let unroll = wire
            .decode(&asked.obs)
            .map_err(|e| unreadable(e.to_string()))?;
        let step = unroll.steps.into_iter().next();
        let step =
            step.ok_or_else(|| unreadable("a question without an observation".to_owned()))?;
        let question = Question {
            obs: Box::new(step.obs),
            sampler: asked.sampler,
            cells: (asked.cells.0 as usize, asked.cells.1 as usize),
        };
        let (answer, state) = client.ask_in(question, asked.state)?;
        let step = answer.step.map(|step| StepMessage {
            action: step.action,
            log_probs: step.log_probs,
            values: step.values,
        });
        Ok(AnswerMessage {
            step: step.map_err(|e| e.to_string()),
            sampler: answer.question.sampler,
            version: answer.version,
            state,
        })
    }
}

/// What all lines of a process have in common.
pub struct Remotes {
    bus: Arc<dyn Bus>,
    wire: Wire,
    /// Set when the process is to end: questions are asked no more.
    stop: Arc<AtomicBool>,
    /// How long a game waits for a predictor before it plays on without an answer.
    patience: Duration,
    asked: AtomicU64,
    again: AtomicU64,
    waited_us: AtomicU64,
    question_bytes: AtomicU64,
    answer_bytes: AtomicU64,
}

/// What a process' lines did so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RemoteStats {
    /// Questions answered.
    pub questions: u64,
    /// Times that a question was asked again.
    pub again: u64,
    /// Time from questions to answers, summed.
    pub waited_us: u64,
    /// Sizes of these questions and of their answers, as the bus was given them, summed.
    pub question_bytes: u64,
    pub answer_bytes: u64,
}

impl Remotes {
    pub fn new(
        bus: Arc<dyn Bus>,
        specs: &Specs,
        stop: Arc<AtomicBool>,
        patience: Duration,
    ) -> Arc<Remotes> {
        Arc::new(Remotes {
            bus,
            wire: Wire::new(specs),
            stop,
            patience,
            asked: AtomicU64::new(0),
            again: AtomicU64::new(0),
            waited_us: AtomicU64::new(0),
            question_bytes: AtomicU64::new(0),
            answer_bytes: AtomicU64::new(0),
        })
    }

    /// A line for one game to whoever answers at `subject`; where nobody does, [`UnansweredMessage`]s go to `complaints`.
    pub fn line(self: &Arc<Remotes>, subject: String, complaints: String) -> RemoteClient {
        RemoteClient {
            remotes: self.clone(),
            subject,
            complaints,
            memory: Memory::default(),
        }
    }

    pub fn stats(&self) -> RemoteStats {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        RemoteStats {
            questions: read(&self.asked),
            again: read(&self.again),
            waited_us: read(&self.waited_us),
            question_bytes: read(&self.question_bytes),
            answer_bytes: read(&self.answer_bytes),
        }
    }

    /// Asks until there is an answer, the process is to end, or patience is.
    fn answer(
        &self,
        (subject, complaints): (&str, &str),
        message: &[u8],
    ) -> Result<AnswerMessage, PredictorError> {
        let begun = Instant::now();
        let mut pause = PAUSE_MIN;
        let mut complained: Option<Instant> = None;
        loop {
            if self.stop.load(Ordering::Relaxed) {
                return Err(PredictorError::ServiceGone);
            }
            let answer = self.bus.ask(subject, message, ANSWER_WAIT);
            match answer.and_then(|bytes| Ok((decode(&bytes)?, bytes.len()))) {
                Ok((answer, bytes)) => {
                    let add = |counter: &AtomicU64, n| counter.fetch_add(n, Ordering::Relaxed);
                    add(&self.asked, 1);
                    add(&self.waited_us, begun.elapsed().as_micros() as u64);
                    add(&self.question_bytes, message.len() as u64);
                    add(&self.answer_bytes, bytes as u64);
                    return Ok(answer);
                }
                Err(error) if is_passing(&error) && begun.elapsed() < self.patience => {
                    self.again.fetch_add(1, Ordering::Relaxed);
                    if complained.is_none_or(|at| at.elapsed() >= COMPLAIN_EVERY) {
                        complained = Some(Instant::now());
                        // One that is lost is followed by another.
                        let _ = self.bus.publish(complaints, &encode(&UnansweredMessage));
                    }
                    std::thread::sleep(pause);
                    pause = (pause * 2).min(PAUSE_MAX);
                }
                Err(error) => return Err(error.into()),
            }
        }
    }
}

/// A predictor of another schema answers nothing that can be read; the next one may.
fn is_passing(error: &BusError) -> bool {
    error.is_passing() || matches!(error, BusError::Message(_))
}

/// One game's line to a network elsewhere. It keeps the game's LSTM state.
pub struct RemoteClient {
    remotes: Arc<Remotes>,
    subject: String,
    complaints: String,
    memory: Memory,
}

impl RemoteClient {
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
    /// If nobody answered for as long as patience lasts, the process is to end, or what was answered is a failure.
    pub fn ask(&mut self, question: Question) -> Result<Answer, PredictorError> {
        let Question {
            obs,
            sampler,
            cells,
        } = question;
        let step = Step {
            obs: *obs,
            ..Step::default()
        };
        let mut unroll = Unroll {
            steps: vec![step],
            ..Unroll::default()
        };
        let memory = &mut self.memory;
        memory.before[0].clone_from(&memory.hidden);
        memory.before[1].clone_from(&memory.cell);
        let message = encode(&AskMessage {
            obs: self.remotes.wire.encode(&unroll),
            sampler,
            cells: (cells.0 as u32, cells.1 as u32),
            state: memory.before.clone(),
        });
        let to = (self.subject.as_str(), self.complaints.as_str());
        let answer = self.remotes.answer(to, &message)?;
        [memory.hidden, memory.cell] = answer.state;
        let obs = unroll.steps.pop().map(|s| Box::new(s.obs));
        let step = answer.step.map(|step| ActStep {
            action: step.action,
            log_probs: step.log_probs,
            values: step.values,
        });
        Ok(Answer {
            question: Question {
                obs: obs.unwrap_or_default(),
                sampler: answer.sampler,
                cells,
            },
            step: step.map_err(PolicyError::Config),
            version: answer.version,
            hidden: Vec::new(),
            cell: Vec::new(),
        })
    }
}
