//! A group that the updates and what is said between them share.

use crate::collective::Group;
use crate::learner::{Replication, ReplicationError};
use std::sync::{Arc, Mutex, PoisonError};
use tch::Tensor;

/// The group, for the updates and for what is said between them.
#[derive(Clone, Debug)]
pub struct Ties(Arc<Mutex<Group>>);

impl Ties {
    pub fn new(group: Group) -> Ties {
        Ties(Arc::new(Mutex::new(group)))
    }

    fn with<T>(&self, work: impl FnOnce(&mut Group) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Replication for Ties {
    fn sum_tensors(&mut self, tensors: &[Tensor]) -> Result<(), ReplicationError> {
        self.with(|g| g.sum_tensors(tensors))
    }

    fn gather(&mut self, values: &[f64]) -> Result<Vec<Vec<f64>>, ReplicationError> {
        self.with(|g| Replication::gather(g, values))
    }

    fn broadcast(&mut self, tensors: &[Tensor], root: usize) -> Result<(), ReplicationError> {
        self.with(|g| Replication::broadcast(g, tensors, root))
    }

    fn same(&mut self, tensors: &[Tensor]) -> Result<bool, ReplicationError> {
        self.with(|g| Replication::same(g, tensors))
    }
}
