//! Checkpoints as players: loaded once, played by many games at a time.

use crate::action::Specs;
use crate::evaluator::SeatPlayer;
use crate::game::Race;
use crate::policy::{Checkpoint, Choice, Policy, PolicyError};
use crate::predictor::{AgentOptions, PolicyAgent};
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
        let mut loaded = self.lock();
        if !loaded.contains_key(path) {
            let file = Checkpoint::open(path)?;
            loaded.insert(path.to_owned(), (file.policy(Device::Cpu)?, file.specs()?));
        }
        let (policy, specs) = &loaded[path];
        Ok(SeatPlayer::Agent {
            race: Race::Terran,
            agent: Box::new(PolicyAgent::new(
                &path.display().to_string(),
                policy.share(),
                specs.clone(),
                AgentOptions {
                    choice: self.choice,
                    ..AgentOptions::default()
                },
            )),
        })
    }

    /// Forgets what was loaded from `path`: the file is about to change or go.
    pub fn forget(&self, path: &Path) {
        self.lock().remove(path);
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<PathBuf, (Policy, Specs)>> {
        self.loaded.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
