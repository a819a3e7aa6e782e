//! What learners on several processes tell each other in an update, so that each makes the one that a single learner would
//! make of all their minibatches together (SCC App. B: several trainers).

use super::estimates::{Moments, Targets};
use super::{Learner, LearnerError};
use crate::collective::Group;
use crate::trajectory::Batch;
use std::error::Error;
use std::fmt::Debug;
use tch::Tensor;

/// Why the others cannot be reached.
pub type ReplicationError = Box<dyn Error + Send + Sync>;

/// A learner's tie to the others of its group. All make the same calls in the same order, and an error is one of all of
/// them sooner or later.
pub trait Replication: Send + Debug {
    /// Overwrites the tensors by their sums over the group, the same bits at all.
    ///
    /// # Errors
    /// If a learner is lost.
    fn sum_tensors(&mut self, tensors: &[Tensor]) -> Result<(), ReplicationError>;

    /// The numbers of all learners, in the same order everywhere.
    ///
    /// # Errors
    /// If a learner is lost.
    fn gather(&mut self, values: &[f64]) -> Result<Vec<Vec<f64>>, ReplicationError>;

    /// Overwrites the tensors by those of learner `root`.
    ///
    /// # Errors
    /// If a learner is lost.
    fn broadcast(&mut self, tensors: &[Tensor], root: usize) -> Result<(), ReplicationError>;

    /// Whether all have the same tensors, bit by bit.
    ///
    /// # Errors
    /// If a learner is lost.
    fn same(&mut self, tensors: &[Tensor]) -> Result<bool, ReplicationError>;
}

impl Replication for Group {
    fn sum_tensors(&mut self, tensors: &[Tensor]) -> Result<(), ReplicationError> {
        Ok(self.sum(tensors)?)
    }

    fn gather(&mut self, values: &[f64]) -> Result<Vec<Vec<f64>>, ReplicationError> {
        Ok(Group::gather(self, values)?)
    }

    fn broadcast(&mut self, tensors: &[Tensor], root: usize) -> Result<(), ReplicationError> {
        Ok(Group::broadcast(self, tensors, root)?)
    }

    fn same(&mut self, tensors: &[Tensor]) -> Result<bool, ReplicationError> {
        Ok(Group::same(self, tensors)?)
    }
}

/// A learner's tie to others, if it has one.
pub(super) type Peers = Option<Box<dyn Replication>>;

/// Tells the others `width` numbers, or that this learner cannot go on; gives back what came with them, and the numbers of
/// all learners in their order. Without others: this one's alone. If one cannot go on, nobody does, and nobody waits.
pub(super) fn exchange<T>(
    peers: &mut Peers,
    own: Result<(T, Vec<f64>), LearnerError>,
    width: usize,
) -> Result<(T, Vec<Vec<f64>>), LearnerError> {
    let Some(peers) = peers else {
        return own.map(|(kept, row)| (kept, vec![row]));
    };
    let mut told = vec![0.0; 1 + width];
    if let Ok((_, row)) = &own {
        told[0] = 1.0;
        told[1..].copy_from_slice(row);
    }
    let rows = peers.gather(&told);
    let (kept, _) = own?;
    let rows = rows.map_err(LearnerError::Peers)?;
    if let Some(rank) = rows.iter().position(|row| row[0] != 1.0) {
        return Err(LearnerError::PeerFailed { rank });
    }
    let rows = rows.into_iter().map(|row| row[1..].to_vec());
    Ok((kept, rows.collect()))
}

/// What all minibatches of an update have in common.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Joint {
    /// Real steps.
    pub n_real: f64,
    /// Of the advantages.
    pub moments: Moments,
    pub forced: [u32; 3],
}

/// Numbers in [`Joint::told`].
pub(super) const TOLD: usize = 9;

impl Joint {
    /// This learner's part, and where it stands: the update to be made and its learning rate.
    pub fn told(
        batch: &Batch,
        targets: &Targets,
        (step, rate): (u64, f64),
    ) -> Result<Vec<f64>, LearnerError> {
        let n_real: f64 = batch.valid.iter().map(|&v| f64::from(v)).sum();
        let m = targets.moments()?;
        let forced = batch.forced.map(f64::from);
        let mut out = vec![step as f64, rate, n_real, m.n, m.mean, m.squares];
        out.extend(forced);
        Ok(out)
    }

    /// Of all learners' parts.
    ///
    /// # Errors
    /// If they are not about to make the same update.
    pub fn of(rows: &[Vec<f64>]) -> Result<Joint, LearnerError> {
        let mut joint = Joint::default();
        for (rank, row) in rows.iter().enumerate() {
            for (i, what) in ["update", "learning rate"].into_iter().enumerate() {
                if row[i] != rows[0][i] {
                    let (first, other) = (rows[0][i], row[i]);
                    return Err(LearnerError::Apart {
                        what,
                        rank,
                        first,
                        other,
                    });
                }
            }
            joint.n_real += row[2];
            joint.moments = joint.moments.joined(Moments {
                n: row[3],
                mean: row[4],
                squares: row[5],
            });
            for (sum, x) in joint.forced.iter_mut().zip(&row[6..]) {
                *sum = sum.saturating_add(*x as u32);
            }
        }
        Ok(joint)
    }
}

impl Learner {
    /// From the next update on one of a group, or, with none, alone again. Every learner of the group calls
    /// [`Learner::step`] as often as the others, each with a minibatch of its own: together they make the update of all
    /// these minibatches joined. All begin with the same weights and optimizer ([`Learner::follow`]).
    ///
    /// When a learner is lost, the others' step is [`LearnerError::Peers`] and changes nothing, but some may have ended
    /// that update before they noticed: in the next group, all follow one of them.
    pub fn set_replication(&mut self, group: Option<Box<dyn Replication>>) {
        self.peers = group;
    }

    /// Everything that the next update depends on but its batch and the count of updates ([`crate::policy::Adam::step_count`]):
    /// the parameters, then each one's two moments. Handles: what is written into them is the learner's.
    pub fn state_tensors(&self) -> Vec<Tensor> {
        let params = self.policy.params().entries().iter();
        let mut out: Vec<Tensor> = params.map(|(_, t)| t.detach()).collect();
        for (m, v) in self.optimizer.moments() {
            out.extend([m.shallow_clone(), v.shallow_clone()]);
        }
        out
    }

    /// All learners of the group take over weights, moments and count of updates of learner `root`; nothing alone.
    ///
    /// # Errors
    /// If a learner is lost; what this one has is then a mixture, and is no use before it followed another.
    pub fn follow(&mut self, root: usize) -> Result<(), LearnerError> {
        let state = self.state_tensors();
        let count = self.optimizer.step_count();
        let Some(peers) = &mut self.peers else {
            return Ok(());
        };
        let counts = peers.gather(&[count as f64]).map_err(LearnerError::Peers)?;
        peers.broadcast(&state, root).map_err(LearnerError::Peers)?;
        if let Some(count) = counts.get(root) {
            self.optimizer.set_step_count(count[0] as u64);
        }
        Ok(())
    }

    /// Whether all learners of the group have the same weights and moments, bit by bit; true alone. Reads all of them:
    /// cheap beside a training step, not beside an update.
    ///
    /// # Errors
    /// If a learner is lost.
    pub fn is_alike(&mut self) -> Result<bool, LearnerError> {
        let state = self.state_tensors();
        match &mut self.peers {
            None => Ok(true),
            Some(peers) => peers.same(&state).map_err(LearnerError::Peers),
        }
    }
}
