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

/// Services of one run. Games hold lines to them, so a pool of games is dropped before this.
pub struct Networks {
    device: Device,
    config: ServiceConfig,
    /// In training, by name.
    live: Mutex<BTreeMap<String, Arc<Asked>>>,
    frozen: Mutex<BTreeMap<PathBuf, Arc<Asked>>>,
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

type Failure = Box<dyn std::error::Error + Send + Sync>;

impl Networks {
    pub fn new(device: Device, config: &ServiceConfig) -> Networks {
        Networks {
            device,
            config: config.clone(),
            live: Mutex::default(),
            frozen: Mutex::default(),
        }
    }

    /// Starts the service of a network in training, on a copy of `policy`.
    ///
    /// # Errors
    /// If a thread cannot be started.
    pub fn add(&self, name: &str, policy: &Policy, specs: &Specs) -> Result<(), PredictorError> {
        let service = start(policy, specs, self.device, &self.config)?;
        let specs = specs.clone();
        lock(&self.live).insert(name.to_owned(), Arc::new(Asked { service, specs }));
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

    /// A line to the checkpoint at `path`, which is loaded unless it was before.
    ///
    /// # Errors
    /// If the file is no whole checkpoint, or no thread can be started.
    pub fn frozen(&self, path: &Path) -> Result<SpecLine, EvaluatorError> {
        let mut frozen = lock(&self.frozen);
        if let Some(asked) = frozen.get(path) {
            return Ok(asked.line());
        }
        let name = format!("checkpoint:{}", path.display());
        let (policy, specs) = load(path, self.device).map_err(|e| failed(&name, Box::new(e)))?;
        let service = start(&policy, &specs, self.device, &self.config)
            .map_err(|e| failed(&name, Box::new(e)))?;
        let asked = Arc::new(Asked { service, specs });
        frozen.insert(path.to_owned(), asked.clone());
        Ok(asked.line())
    }

    /// Forgets a frozen network that no game asks any more.
    pub fn forget(&self, path: &Path) {
        // Not under the lock: it waits for the service's threads.
        let forgotten = lock(&self.frozen).remove(path);
        drop(forgotten);
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

    /// What all services did so far.
    pub fn stats(&self) -> ServiceStats {
        let live: Vec<Arc<Asked>> = lock(&self.live).values().cloned().collect();
        let frozen: Vec<Arc<Asked>> = lock(&self.frozen).values().cloned().collect();
        let all = live.iter().chain(&frozen).map(|a| a.service.stats());
        all.fold(ServiceStats::default(), |sum, s| ServiceStats {
            questions: sum.questions + s.questions,
            batches: sum.batches + s.batches,
            busy_us: sum.busy_us + s.busy_us,
            version: sum.version.max(s.version),
        })
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
