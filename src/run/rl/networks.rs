//! The networks that games ask, by name: the one in training, and frozen ones as they are needed (the paper's naming
//! service, SCC App. B).

use crate::action::Specs;
use crate::evaluator::EvaluatorError;
use crate::policy::{Checkpoint, Policy, PolicyError};
use crate::predictor::{Client, PredictorError, Service, ServiceConfig, ServiceStats};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use tch::Device;

/// Services of one run. Games hold lines to them, so a pool of games is dropped before this.
pub struct Networks {
    specs: Specs,
    device: Device,
    config: ServiceConfig,
    /// Newest weights of the network in training.
    pub current: Service,
    frozen: Mutex<BTreeMap<PathBuf, Arc<Frozen>>>,
}

struct Frozen {
    service: Service,
    specs: Specs,
}

impl Networks {
    /// Starts the service of the network in training, on a copy of `policy`.
    ///
    /// # Errors
    /// If a thread cannot be started.
    pub fn new(
        policy: &Policy,
        specs: &Specs,
        device: Device,
        config: &ServiceConfig,
    ) -> Result<Networks, PredictorError> {
        Ok(Networks {
            specs: specs.clone(),
            device,
            config: config.clone(),
            current: start(policy, specs, device, config)?,
            frozen: Mutex::default(),
        })
    }

    /// A line to the network in training.
    pub fn current(&self) -> (Client, Specs) {
        (self.current.client(), self.specs.clone())
    }

    /// A line to the checkpoint at `path`, which is loaded unless it was before.
    ///
    /// # Errors
    /// If the file is no whole checkpoint, or no thread can be started.
    pub fn frozen(&self, path: &Path) -> Result<(Client, Specs), EvaluatorError> {
        let failed = |source: Box<dyn std::error::Error + Send + Sync>| EvaluatorError::Agent {
            spec: format!("checkpoint:{}", path.display()),
            source,
        };
        let mut frozen = self.frozen.lock().unwrap_or_else(PoisonError::into_inner);
        if !frozen.contains_key(path) {
            let (policy, specs) = load(path, self.device).map_err(|e| failed(Box::new(e)))?;
            let service = start(&policy, &specs, self.device, &self.config)
                .map_err(|e| failed(Box::new(e)))?;
            frozen.insert(path.to_owned(), Arc::new(Frozen { service, specs }));
        }
        let found = &frozen[path];
        Ok((found.service.client(), found.specs.clone()))
    }

    /// What all services did so far.
    pub fn stats(&self) -> ServiceStats {
        let frozen = self.frozen.lock().unwrap_or_else(PoisonError::into_inner);
        let all = frozen.values().map(|f| f.service.stats());
        all.fold(self.current.stats(), |sum, s| ServiceStats {
            questions: sum.questions + s.questions,
            batches: sum.batches + s.batches,
            busy_us: sum.busy_us + s.busy_us,
            version: sum.version,
        })
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
