//! Checkpoints as players: loaded once, played by many games at a time.

use crate::action::Specs;
use crate::evaluator::SeatPlayer;
use crate::game::Race;
use crate::policy::{Checkpoint, Choice, Policy, PolicyError};
use crate::predictor::{AgentOptions, PolicyAgent, PredictorError, RoundClient, rounds};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tch::Device;

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

    /// A player of the checkpoint at `path`, which is loaded unless it was before.
    ///
    /// # Errors
    /// If the file is no whole checkpoint, or was made for other tables than this program's.
    pub fn player(&self, path: &Path) -> Result<SeatPlayer, PolicyError> {
        let (policy, specs) = self.network(path)?;
        let name = path.display().to_string();
        let agent = PolicyAgent::new(&name, policy, specs, self.agent_options());
        Ok(seated(agent))
    }

    /// Players of several checkpoints in each of `games` games that go in step, by game, in the order of `paths`.
    ///
    /// # Errors
    /// As [`Checkpoints::player`], and if no thread can be started.
    pub fn group(
        &self,
        paths: &[&Path],
        games: usize,
    ) -> Result<Vec<Vec<SeatPlayer>>, PredictorError> {
        let networks = paths
            .iter()
            .map(|path| self.network(path))
            .collect::<Result<Vec<_>, _>>()?;
        let specs: Vec<Specs> = networks.iter().map(|(_, specs)| specs.clone()).collect();
        let lines = rounds(networks, games)?;
        let player = |((client, path), specs): ((RoundClient, &&Path), &Specs)| {
            let name = path.display().to_string();
            let options = self.agent_options();
            seated(PolicyAgent::with_line(
                &name,
                client,
                specs.clone(),
                options,
            ))
        };
        Ok(lines
            .into_iter()
            .map(|game| {
                game.into_iter()
                    .zip(paths)
                    .zip(&specs)
                    .map(player)
                    .collect()
            })
            .collect())
    }

    fn network(&self, path: &Path) -> Result<(Policy, Specs), PolicyError> {
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

fn seated(agent: PolicyAgent) -> SeatPlayer {
    SeatPlayer::Agent {
        race: Race::Terran,
        agent: Box::new(agent),
    }
}
