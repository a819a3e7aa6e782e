//! One batch of questions, asked by games that wait: what [`Service`](super::Service) and [`Rounds`](super::Rounds) share.

use super::PredictorError;
use super::masks::arg_masks;
use crate::action::Specs;
use crate::obs::Observation;
use crate::policy::{ActStep, CoreState, Policy, PolicyError, Sampler};
use crate::trajectory::{ObsBatch, collate_observations};
use crossbeam_channel::{Sender, bounded};
use tch::Tensor;

/// One game's question: what it sees, and its random numbers.
#[derive(Debug)]
pub struct Question {
    pub obs: Box<Observation>,
    pub sampler: Sampler,
    /// See [`super::cells_inside`].
    pub cells: (usize, usize),
}

/// The answer; the question comes back for its buffers and its advanced sampler.
#[derive(Debug)]
pub struct Answer {
    pub question: Question,
    pub step: Result<ActStep, PolicyError>,
    /// Version of the weights that answered.
    pub version: u64,
    /// LSTM state after the step, `[L * H]` each.
    pub(super) hidden: Vec<f32>,
    pub(super) cell: Vec<f32>,
}

/// A question on its way.
pub(super) struct Request {
    pub question: Question,
    /// LSTM state before the step, `[L * H]` each; empty = the first of a game.
    hidden: Vec<f32>,
    cell: Vec<f32>,
    reply: Sender<Answer>,
}

/// What a game keeps between its questions, whoever answers them: its LSTM state.
#[derive(Default)]
pub(super) struct Memory {
    pub hidden: Vec<f32>,
    pub cell: Vec<f32>,
    /// The state before the last question, `[L * H]` each; empty = zeros.
    pub before: [Vec<f32>; 2],
}

impl Memory {
    /// Forgets the game: the next question starts from a zero state.
    pub fn reset(&mut self) {
        self.hidden.clear();
        self.cell.clear();
    }

    /// Hands a question to `send`, and waits for the answer.
    ///
    /// # Errors
    /// [`PredictorError::ServiceGone`] if it cannot be sent, or nobody is left to answer it.
    pub fn ask(
        &mut self,
        question: Question,
        send: impl FnOnce(Request) -> Result<(), PredictorError>,
    ) -> Result<Answer, PredictorError> {
        // A channel for each question: a worker that dies drops its end, and the wait ends.
        let (reply, answers) = bounded(1);
        self.before[0].clone_from(&self.hidden);
        self.before[1].clone_from(&self.cell);
        send(Request {
            question,
            hidden: std::mem::take(&mut self.hidden),
            cell: std::mem::take(&mut self.cell),
            reply,
        })?;
        let mut answer = answers.recv().map_err(|_| PredictorError::ServiceGone)?;
        self.hidden = std::mem::take(&mut answer.hidden);
        self.cell = std::mem::take(&mut answer.cell);
        Ok(answer)
    }
}

/// A network to ask, and which of its versions it is.
pub struct Network {
    pub policy: Policy,
    pub specs: Specs,
    pub version: u64,
}

impl From<(Policy, Specs)> for Network {
    fn from((policy, specs): (Policy, Specs)) -> Network {
        Network {
            policy,
            specs,
            version: 0,
        }
    }
}

/// A step and the LSTM state after it.
type Stepped = (ActStep, Vec<f32>, Vec<f32>);

/// A network and the buffers to ask it for many games at once.
pub(super) struct Batcher {
    pub policy: Policy,
    pub version: u64,
    specs: Specs,
    batch: ObsBatch,
}

impl Batcher {
    pub fn new(network: impl Into<Network>) -> Batcher {
        let network = network.into();
        Batcher {
            policy: network.policy,
            version: network.version,
            specs: network.specs,
            batch: ObsBatch::default(),
        }
    }

    /// Answers a batch, in its order. If it fails as a whole, every question is asked alone, so that one bad one spoils
    /// no other.
    pub fn answer(&mut self, gathered: &mut Vec<Request>) {
        match self.step(gathered) {
            Ok(results) => {
                for (request, (step, hidden, cell)) in gathered.drain(..).zip(results) {
                    reply(request, Ok(step), hidden, cell, self.version);
                }
            }
            Err(error) if gathered.len() == 1 => {
                if let Some(request) = gathered.pop() {
                    reply(request, Err(error), Vec::new(), Vec::new(), self.version);
                }
            }
            Err(_) => {
                for request in std::mem::take(gathered) {
                    self.answer(&mut vec![request]);
                }
            }
        }
    }

    fn step(&mut self, gathered: &mut [Request]) -> Result<Vec<Stepped>, PolicyError> {
        let b = gathered.len();
        let state = self.join_states(gathered);
        let mut samplers: Vec<Sampler> = gathered
            .iter()
            .map(|r| r.question.sampler.clone())
            .collect();
        let observations: Vec<Option<&Observation>> =
            gathered.iter().map(|r| Some(&*r.question.obs)).collect();
        collate_observations(&mut self.batch, &observations, b, 1, &self.specs);
        let mut handles: Vec<&mut Sampler> = samplers.iter_mut().collect();
        let (steps, next) =
            self.policy
                .act(&self.batch, &state, &mut handles, &mut |row, function| {
                    let q = &gathered[row].question;
                    arg_masks(&q.obs, function, q.cells)
                })?;
        for (request, sampler) in gathered.iter_mut().zip(samplers) {
            request.question.sampler = sampler;
        }
        let (hidden, cell) = (split(&next.hidden, b), split(&next.cell, b));
        Ok(steps
            .into_iter()
            .zip(hidden.into_iter().zip(cell))
            .map(|(step, (h, c))| (step, h, c))
            .collect())
    }

    /// `[L, B, H]` of the games' states.
    fn join_states(&self, gathered: &[Request]) -> CoreState {
        let core = &self.policy.spec().config.core;
        let (l, h, b) = (core.layers, core.hidden, gathered.len() as i64);
        let width = (l * h) as usize;
        let join = |part: fn(&Request) -> &Vec<f32>| {
            let mut all = Vec::with_capacity(gathered.len() * width);
            for request in gathered {
                let state = part(request);
                if state.len() == width {
                    all.extend_from_slice(state);
                } else {
                    all.resize(all.len() + width, 0.0);
                }
            }
            // [B, L, H] -> [L, B, H]
            Tensor::from_slice(&all)
                .view([b, l, h])
                .transpose(0, 1)
                .contiguous()
                .to_device(self.policy.device())
        };
        CoreState {
            hidden: join(|r| &r.hidden),
            cell: join(|r| &r.cell),
        }
    }
}

/// `[L, B, H]` to `B` times `[L * H]`.
fn split(state: &Tensor, b: usize) -> Vec<Vec<f32>> {
    let all = crate::policy::params::values(&state.transpose(0, 1));
    let width = all.len() / b.max(1);
    all.chunks(width.max(1)).map(<[f32]>::to_vec).collect()
}

fn reply(
    request: Request,
    step: Result<ActStep, PolicyError>,
    hidden: Vec<f32>,
    cell: Vec<f32>,
    version: u64,
) {
    // A client that is gone wants no answer.
    let _ = request.reply.send(Answer {
        question: request.question,
        step,
        version,
        hidden,
        cell,
    });
}
