//! The agent with a network behind it.

use super::PredictorError;
use super::masks::{arg_masks, cells_inside};
use super::remote::RemoteClient;
use super::rounds::RoundClient;
use super::service::Client;
use super::{Answer, Question};
use crate::action::{Interface, Specs};
use crate::agent::{Agent, AgentStep, Recordable, Taken};
use crate::game::{GameInfo, RawObservation, Seed};
use crate::obs::{Conditioning, Observation};
use crate::policy::{ActStep, Checkpoint, Choice, CoreState, Policy, Sampler};
use crate::trajectory::{ObsBatch, collate_observations};
use std::path::Path;
use tch::Device;

/// Loops until the next look after a step that failed.
const SKIP_AFTER_ERROR: u16 = 22;

/// How an agent plays.
#[derive(Clone, Debug, Default)]
pub struct AgentOptions {
    pub choice: Choice,
    /// z and the rating to play by.
    pub conditioning: Conditioning,
}

/// Plays by a network: its own, or one that others ask too.
pub struct PolicyAgent {
    name: String,
    specs: Specs,
    mind: Mind,
    options: AgentOptions,
    game: Option<Game>,
    last: ActStep,
    /// Version of the weights behind `last`; none if the last look failed.
    version: Option<u64>,
    steps: u64,
    failures: u64,
}

/// A line to a network that many games ask.
pub enum Line {
    /// In this process.
    Service(Client),
    /// In this process, in step with other games.
    Rounds(RoundClient),
    /// Over a bus.
    Remote(RemoteClient),
}

impl Line {
    fn ask(&mut self, question: Question) -> Result<Answer, PredictorError> {
        match self {
            Line::Service(client) => client.ask(question),
            Line::Rounds(client) => client.ask(question),
            Line::Remote(client) => client.ask(question),
        }
    }

    /// Forgets the game: the next question starts from a zero state.
    fn reset(&mut self) {
        match self {
            Line::Service(client) => client.reset(),
            Line::Rounds(client) => client.reset(),
            Line::Remote(client) => client.reset(),
        }
    }

    /// LSTM state before the last question, hidden and cell, `[L * H]` each; empty = zeros.
    fn before(&self) -> &[Vec<f32>; 2] {
        match self {
            Line::Service(client) => client.before(),
            Line::Rounds(client) => client.before(),
            Line::Remote(client) => client.before(),
        }
    }
}

impl From<Client> for Line {
    fn from(client: Client) -> Line {
        Line::Service(client)
    }
}

impl From<RoundClient> for Line {
    fn from(client: RoundClient) -> Line {
        Line::Rounds(client)
    }
}

impl From<RemoteClient> for Line {
    fn from(client: RemoteClient) -> Line {
        Line::Remote(client)
    }
}

enum Mind {
    Own(Box<OwnMind>),
    Asked(Line),
}

struct OwnMind {
    policy: Policy,
    state: CoreState,
    /// The state before the last step, `[L * H]` each.
    before: [Vec<f32>; 2],
    batch: ObsBatch,
}

struct Game {
    interface: Interface,
    obs: Box<Observation>,
    sampler: Sampler,
    cells: (usize, usize),
}

impl PolicyAgent {
    /// An agent with a network of its own.
    pub fn new(name: &str, policy: Policy, specs: Specs, options: AgentOptions) -> PolicyAgent {
        let mind = Mind::Own(Box::new(OwnMind {
            state: policy.initial_state(1),
            policy,
            before: Default::default(),
            batch: ObsBatch::default(),
        }));
        PolicyAgent::with_mind(name, specs, mind, options)
    }

    /// The agent of a checkpoint file.
    ///
    /// # Errors
    /// If the file is not a whole checkpoint that fits this program's tables.
    pub fn from_checkpoint(
        path: &Path,
        options: AgentOptions,
        device: Device,
    ) -> Result<PolicyAgent, PredictorError> {
        let file = Checkpoint::open(path)?;
        let name = path
            .file_stem()
            .map_or_else(|| "checkpoint".into(), |s| s.to_string_lossy().into_owned());
        let policy = file.policy(device)?;
        Ok(PolicyAgent::new(&name, policy, file.specs()?, options))
    }

    /// An agent that asks a network which others ask too.
    pub fn with_line(
        name: &str,
        line: impl Into<Line>,
        specs: Specs,
        options: AgentOptions,
    ) -> PolicyAgent {
        PolicyAgent::with_mind(name, specs, Mind::Asked(line.into()), options)
    }

    fn with_mind(name: &str, specs: Specs, mind: Mind, options: AgentOptions) -> PolicyAgent {
        PolicyAgent {
            name: name.into(),
            specs,
            mind,
            options,
            game: None,
            last: ActStep::default(),
            version: None,
            steps: 0,
            failures: 0,
        }
    }

    /// What it is told to be, from the next game on.
    pub fn tell(&mut self, conditioning: Conditioning) {
        self.options.conditioning = conditioning;
    }

    /// Steps taken, and those in which the network could not be asked or its action not be decoded.
    pub fn counts(&self) -> (u64, u64) {
        (self.steps, self.failures)
    }

    fn think(&mut self) -> Result<(), PredictorError> {
        self.version = None;
        let Some(game) = &mut self.game else {
            return Ok(());
        };
        match &mut self.mind {
            Mind::Own(own) => {
                let OwnMind {
                    policy,
                    state,
                    before,
                    batch,
                } = &mut **own;
                *before = [&state.hidden, &state.cell].map(crate::policy::params::values);
                collate_observations(batch, &[Some(&game.obs)], 1, 1, &self.specs);
                let (mut steps, next) =
                    policy.act(batch, state, &mut [&mut game.sampler], &mut |_, f| {
                        arg_masks(&game.obs, f, game.cells)
                    })?;
                *state = next;
                self.last = steps.pop().unwrap_or_default();
                self.version = Some(0);
            }
            Mind::Asked(line) => {
                let answer = line.ask(game.question())?;
                let version = answer.version;
                self.last = game.take(answer)?;
                self.version = Some(version);
            }
        }
        Ok(())
    }
}

impl Game {
    fn question(&mut self) -> Question {
        Question {
            obs: std::mem::take(&mut self.obs),
            sampler: self.sampler.clone(),
            cells: self.cells,
        }
    }

    fn take(&mut self, answer: Answer) -> Result<ActStep, PredictorError> {
        self.obs = answer.question.obs;
        self.sampler = answer.question.sampler;
        Ok(answer.step?)
    }
}

impl Agent for PolicyAgent {
    fn name(&self) -> &str {
        &self.name
    }

    fn begin(&mut self, info: &GameInfo, seed: Seed) {
        let interface = Interface::new(&self.specs, info, self.options.conditioning.clone());
        match &mut self.mind {
            Mind::Own(own) => own.state = own.policy.initial_state(1),
            Mind::Asked(line) => line.reset(),
        }
        self.game = Some(Game {
            cells: cells_inside(&interface.codec().space),
            interface,
            obs: Box::default(),
            sampler: Sampler::new(seed.fork("policy", 0), self.options.choice),
        });
    }

    /// A step that fails (a service that went away, an action that does not decode) gives no command, is counted and
    /// logged; the game goes on.
    fn act(&mut self, raw: &RawObservation) -> AgentStep {
        self.steps += 1;
        if let Some(game) = &mut self.game {
            game.interface.observe(raw, &mut game.obs);
        }
        if let Err(error) = self.think() {
            self.failures += 1;
            tracing::error!(agent = self.name, %error, "no action");
            return AgentStep {
                skip_loops: SKIP_AFTER_ERROR,
                ..AgentStep::default()
            };
        }
        let Some(game) = &mut self.game else {
            return AgentStep::default();
        };
        let action = self.last.action.clone();
        let command = game.interface.decode(&action, &game.obs, raw);
        game.interface.record(&action, &game.obs);
        let commands = match command {
            Ok(command) => command.into_iter().collect(),
            Err(error) => {
                self.failures += 1;
                tracing::debug!(agent = self.name, %error, "an action that does not decode");
                Vec::new()
            }
        };
        AgentStep {
            commands,
            skip_loops: action.skip_loops,
            action: Some(action),
        }
    }
}

impl Recordable for PolicyAgent {
    fn taken(&self) -> Option<Taken<'_>> {
        let [hidden, cell] = match &self.mind {
            Mind::Own(own) => &own.before,
            Mind::Asked(line) => line.before(),
        };
        Some(Taken {
            obs: &self.game.as_ref()?.obs,
            action: &self.last.action,
            log_probs: self.last.log_probs,
            values: &self.last.values,
            policy_version: self.version?,
            hidden,
            cell,
        })
    }
}
