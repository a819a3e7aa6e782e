//! The networks that games ask, by name: those in training, and frozen ones as they are needed (the paper's naming
//! service, SCC App. B).

use super::games::{Side, SpecLine};
use crate::action::Specs;
use crate::evaluator::EvaluatorError;
use crate::policy::{Checkpoint, Policy, PolicyError};
use crate::predictor::{PredictorError, Service, ServiceConfig, ServiceStats};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tch::Device;

/// Frozen networks that are kept ready when no game asks them: a past player is met again, but a league gets ever more of
/// them, and each has its weights, and a thread, in memory.
const FROZEN_KEPT_MAX: usize = 16;

/// Services of one run. Games hold lines to them, so a pool of games is dropped before this.
pub struct Networks {
    device: Device,
    config: ServiceConfig,
    /// In training, by name.
    live: Mutex<BTreeMap<String, Asked>>,
    frozen: Mutex<Frozen>,
}

struct Asked {
    service: Service,
    specs: Specs,
}

impl Asked {
    fn line(&self) -> SpecLine {
        (self.service.client().into(), self.specs.clone())
    }
}

/// Networks that do not change: those asked for last, at most so many.
struct Frozen {
    kept_max: usize,
    /// With the number of the request that asked for it last.
    kept: BTreeMap<PathBuf, (Asked, u64)>,
    requests: u64,
    /// No longer kept, but a game may still ask them.
    leaving: Vec<Service>,
    /// What those that are gone did.
    gone: ServiceStats,
}

impl Frozen {
    fn line(&mut self, path: &Path) -> Option<SpecLine> {
        self.requests += 1;
        let (asked, last) = self.kept.get_mut(path)?;
        *last = self.requests;
        Some(asked.line())
    }

    fn keep(&mut self, path: &Path, asked: Asked) {
        self.kept.insert(path.to_owned(), (asked, self.requests));
        while self.kept.len() > self.kept_max {
            let oldest = self.kept.iter().min_by_key(|(_, (_, last))| *last);
            let Some(oldest) = oldest.map(|(path, _)| path.clone()) else {
                return;
            };
            self.leave(&oldest);
        }
    }

    /// Its games go on; when the last has ended, so does it.
    fn leave(&mut self, path: &Path) {
        if let Some((mut asked, _)) = self.kept.remove(path) {
            asked.service.close();
            self.leaving.push(asked.service);
        }
        let all = std::mem::take(&mut self.leaving).into_iter();
        let (over, asked): (Vec<Service>, Vec<Service>) = all.partition(Service::is_over);
        self.gone = over.iter().map(Service::stats).fold(self.gone, sum);
        self.leaving = asked;
    }

    fn stats(&self) -> ServiceStats {
        let kept = self.kept.values().map(|(asked, _)| &asked.service);
        let all = kept.chain(&self.leaving).map(Service::stats);
        all.fold(self.gone, sum)
    }
}

fn sum(a: ServiceStats, b: ServiceStats) -> ServiceStats {
    ServiceStats {
        questions: a.questions + b.questions,
        batches: a.batches + b.batches,
        busy_us: a.busy_us + b.busy_us,
        blocked_us: a.blocked_us + b.blocked_us,
        version: a.version.max(b.version),
    }
}

type Failure = Box<dyn std::error::Error + Send + Sync>;

impl Networks {
    pub fn new(device: Device, config: &ServiceConfig) -> Networks {
        Networks {
            device,
            config: config.clone(),
            live: Mutex::default(),
            frozen: Mutex::new(Frozen {
                kept_max: FROZEN_KEPT_MAX,
                kept: BTreeMap::new(),
                requests: 0,
                leaving: Vec::new(),
                gone: ServiceStats::default(),
            }),
        }
    }

    /// Starts the service of a network in training, on a copy of `policy`.
    ///
    /// # Errors
    /// If a thread cannot be started.
    pub fn add(&self, name: &str, policy: &Policy, specs: &Specs) -> Result<(), PredictorError> {
        let service = start(policy, specs, self.device, &self.config)?;
        let specs = specs.clone();
        lock(&self.live).insert(name.to_owned(), Asked { service, specs });
        Ok(())
    }

    /// Weights that the network in training is to answer by from now on.
    pub fn publish(&self, name: &str, version: u64, policy: &Policy) {
        if let Some(asked) = lock(&self.live).get(name) {
            asked
                .service
                .publish(version, Arc::new(policy.params().weights()));
        }
    }

    /// A line to a network in training.
    ///
    /// # Errors
    /// If there is none of this name.
    pub fn live(&self, name: &str) -> Result<SpecLine, EvaluatorError> {
        let live = lock(&self.live);
        let asked = live
            .get(name)
            .ok_or_else(|| failed(name, "it is not in training".into()))?;
        Ok(asked.line())
    }

    /// Forgets a network in training; waits for those who ask it.
    pub fn remove(&self, name: &str) {
        let removed = lock(&self.live).remove(name);
        drop(removed);
    }

    /// What was asked of each network that is kept, by name (frozen ones: path), and the time spent computing, in
    /// microseconds.
    pub fn asked(&self) -> BTreeMap<String, ServiceStats> {
        let mut all = BTreeMap::new();
        for (name, asked) in lock(&self.live).iter() {
            all.insert(name.clone(), asked.service.stats());
        }
        for (path, (asked, _)) in &lock(&self.frozen).kept {
            all.insert(path.display().to_string(), asked.service.stats());
        }
        all
    }

    /// A line to the checkpoint at `path`, which is loaded unless it is kept. Whoever was asked for longest ago makes room
    /// for it; games that hold lines to that one go on.
    ///
    /// # Errors
    /// If the file is no whole checkpoint, or no thread can be started.
    pub fn frozen(&self, path: &Path) -> Result<SpecLine, EvaluatorError> {
        let mut frozen = lock(&self.frozen);
        if let Some(line) = frozen.line(path) {
            return Ok(line);
        }
        let name = format!("checkpoint:{}", path.display());
        let (policy, specs) = load(path, self.device).map_err(|e| failed(&name, Box::new(e)))?;
        let service = start(&policy, &specs, self.device, &self.config)
            .map_err(|e| failed(&name, Box::new(e)))?;
        let asked = Asked { service, specs };
        let line = asked.line();
        frozen.keep(path, asked);
        Ok(line)
    }

    /// Forgets a frozen network that no game will ask for any more.
    pub fn forget(&self, path: &Path) {
        lock(&self.frozen).leave(path);
    }

    /// A line to a side, if it is a network.
    ///
    /// # Errors
    /// As [`Networks::live`] and [`Networks::frozen`].
    pub fn line(&self, side: &Side) -> Result<Option<SpecLine>, EvaluatorError> {
        match side {
            Side::Live(name) => self.live(name).map(Some),
            Side::Frozen(path) => self.frozen(path).map(Some),
            Side::Other(_) => Ok(None),
        }
    }

    /// What all services did so far, those that are gone included.
    pub fn stats(&self) -> ServiceStats {
        let frozen = lock(&self.frozen).stats();
        let live = lock(&self.live);
        live.values().map(|a| a.service.stats()).fold(frozen, sum)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn failed(spec: &str, source: Failure) -> EvaluatorError {
    EvaluatorError::Agent {
        spec: spec.to_owned(),
        source,
    }
}

fn load(path: &Path, device: Device) -> Result<(Policy, Specs), PolicyError> {
    let file = Checkpoint::open(path)?;
    Ok((file.policy(device)?, file.specs()?))
}

/// A service on `device`, wherever `policy` is.
fn start(
    policy: &Policy,
    specs: &Specs,
    device: Device,
    config: &ServiceConfig,
) -> Result<Service, PredictorError> {
    if policy.device() == device {
        return Service::start(policy, specs, config);
    }
    let copy = Policy::new(policy.spec(), crate::game::Seed(0), device)?;
    copy.params().set_weights(&policy.params().weights())?;
    Service::start(&copy, specs, config)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::{Agent as _, Recordable as _};
    use crate::game::{Race, Seed};
    use crate::obs::testing::{crowd, info};
    use crate::policy::checkpoint::{self, CheckpointNotes};
    use crate::policy::{PolicyConfig, PolicySpec};
    use crate::predictor::{AgentOptions, PolicyAgent};

    fn written(folder: &Path, n: u64) -> PathBuf {
        let spec = PolicySpec::new(PolicyConfig::tiny(), &Specs::default());
        let policy = Policy::new(&spec, Seed(n), Device::Cpu).expect("valid");
        let path = folder.join(format!("{n}.safetensors"));
        checkpoint::save(&path, &policy, None, &[], &CheckpointNotes::default()).expect("writable");
        path
    }

    fn kept(networks: &Networks) -> Vec<PathBuf> {
        lock(&networks.frozen).kept.keys().cloned().collect()
    }

    #[test]
    fn only_those_asked_for_last_are_kept_and_no_game_loses_its_network() {
        let folder = tempfile::tempdir().expect("a folder");
        let paths: Vec<PathBuf> = (0..4).map(|n| written(folder.path(), n)).collect();
        let networks = Networks::new(Device::Cpu, &ServiceConfig::default());
        lock(&networks.frozen).kept_max = 2;
        let ask = |n: usize| networks.frozen(&paths[n]).expect("there");
        let (line, specs) = ask(0);
        let mut playing = PolicyAgent::with_line("playing", line, specs, AgentOptions::default());
        playing.begin(&info(Race::Terran, Race::Terran), Seed(1));
        let mut looks = 0;
        let mut look = |agent: &mut PolicyAgent| {
            let mut raw = crowd(1);
            looks += 16;
            raw.game_loop = looks;
            agent.act(&raw);
            assert!(agent.taken().is_some(), "answered");
        };
        look(&mut playing);
        drop(ask(1));
        assert_eq!(kept(&networks), paths[..2]);
        drop(ask(0));
        drop(ask(2));
        let two = [paths[0].clone(), paths[2].clone()];
        assert_eq!(kept(&networks), two, "1 was asked for longest ago");
        drop(ask(3));
        assert_eq!(kept(&networks), paths[2..]);
        // Its network stays as long as it plays.
        look(&mut playing);
        drop(playing);
        networks.forget(&paths[3]);
        assert_eq!(kept(&networks), paths[2..3]);
        assert_eq!(
            networks.stats().questions,
            2,
            "of a network that is kept no more"
        );
        ask(0);
        assert_eq!(kept(&networks), two, "and it can be had again");
    }
}
