//! Checkpoints as players: loaded once, played by many games at a time.

use super::repertoire::{Repertoire, Told};
use crate::action::Specs;
use crate::evaluator::SeatPlayer;
use crate::game::Race;
use crate::policy::{Checkpoint, Choice, Policy, PolicyError};
use crate::predictor::{AgentOptions, PolicyAgent, PredictorError, RoundClient, rounds};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tch::Device;

/// A checkpoint, and what it is told to be.
#[derive(Clone, Debug)]
pub struct Network {
    pub path: PathBuf,
    pub by: Option<Arc<Repertoire>>,
}

/// Checkpoints in memory, by path.
#[derive(Default)]
pub struct Checkpoints {
    choice: Choice,
    loaded: Mutex<BTreeMap<PathBuf, (Policy, Specs)>>,
}

impl Checkpoints {
    pub fn new(choice: Choice) -> Checkpoints {
        Checkpoints {
            choice,
            loaded: Mutex::default(),
        }
    }

    /// A player of a checkpoint, which is loaded unless it was before.
    ///
    /// # Errors
    /// If the file is no whole checkpoint, or was made for other tables than this program's.
    pub fn player(&self, network: &Network) -> Result<SeatPlayer, PolicyError> {
        let (policy, specs) = self.load(&network.path)?;
        let name = network.path.display().to_string();
        let agent = PolicyAgent::new(&name, policy, specs, self.agent_options());
        Ok(seated(agent, network.by.clone()))
    }

    /// Players of several checkpoints in each of `games` games that go in step, by game, in the order of `networks`.
    ///
    /// # Errors
    /// As [`Checkpoints::player`], and if no thread can be started.
    pub fn group(
        &self,
        networks: &[&Network],
        games: usize,
    ) -> Result<Vec<Vec<SeatPlayer>>, PredictorError> {
        let loaded = networks
            .iter()
            .map(|network| self.load(&network.path))
            .collect::<Result<Vec<_>, _>>()?;
        let specs: Vec<Specs> = loaded.iter().map(|(_, specs)| specs.clone()).collect();
        let lines = rounds(loaded, games)?;
        let player = |((client, network), specs): ((RoundClient, &&Network), &Specs)| {
            let name = network.path.display().to_string();
            let (specs, options) = (specs.clone(), self.agent_options());
            let agent = PolicyAgent::with_line(&name, client, specs, options);
            seated(agent, network.by.clone())
        };
        Ok(lines
            .into_iter()
            .map(|game| {
                let seats = game.into_iter().zip(networks).zip(&specs);
                seats.map(player).collect()
            })
            .collect())
    }

    fn load(&self, path: &Path) -> Result<(Policy, Specs), PolicyError> {
        let mut loaded = self.lock();
        if !loaded.contains_key(path) {
            let file = Checkpoint::open(path)?;
            loaded.insert(path.to_owned(), (file.policy(Device::Cpu)?, file.specs()?));
        }
        let (policy, specs) = &loaded[path];
        Ok((policy.share(), specs.clone()))
    }

    fn agent_options(&self) -> AgentOptions {
        AgentOptions {
            choice: self.choice,
            ..AgentOptions::default()
        }
    }

    /// Forgets what was loaded from `path`: the file is about to change or go.
    pub fn forget(&self, path: &Path) {
        self.lock().remove(path);
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<PathBuf, (Policy, Specs)>> {
        self.loaded.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn seated(agent: PolicyAgent, by: Option<Arc<Repertoire>>) -> SeatPlayer {
    SeatPlayer::Agent {
        race: Race::Terran,
        agent: match by {
            Some(by) => Box::new(Told { agent, by }),
            None => Box::new(agent),
        },
    }
}
