//! What a learner of a cluster has in memory of a player, and how it comes from and goes to the object store.

use crate::bus::encode;
use crate::league::PlayerId;
use crate::policy::checkpoint::{Checkpoint, CheckpointNotes, to_bytes};
use crate::policy::{Adam, Policy};
use crate::run::RunError;
use crate::run::cluster::kit::Kit;
use crate::run::cluster::member::Member;
use crate::run::cluster::messages::{
    Held, SeatMessage, WeightsMessage, announcement, state, weights,
};
use crate::run::rl::Trainee;
use std::path::Path;
use tch::Device;

/// Notes of a player's checkpoint, as in a league of one process.
const STEP: &str = "training_step";
const SAMPLES: &str = "agent_steps";
const SECONDS: &str = "seconds";
const RESETS: &str = "resets";

/// How far training is.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    /// Training steps, and version of the weights.
    pub step: u64,
    /// Agent steps learned from, over all learners.
    pub samples: u64,
    pub seconds: f64,
}

/// A player's training between two groups.
pub struct Kept {
    pub player: PlayerId,
    pub resets: u32,
    pub policy: Policy,
    /// None = as new.
    pub adam: Option<Adam>,
    pub counts: Counts,
}

impl Kept {
    pub fn held(&self) -> Held {
        Held {
            player: self.player,
            resets: self.resets,
            updates: self.adam.as_ref().map_or(0, Adam::step_count),
        }
    }

    pub fn is_of(&self, seat: &SeatMessage) -> bool {
        self.player == seat.player && self.resets == seat.resets
    }

    /// The player's last training state, or its checkpoint with a fresh optimizer; none if the process is to end.
    ///
    /// # Errors
    /// If neither can be had, or it does not fit.
    pub fn load(
        member: &Member,
        kit: &Kit,
        seat: &SeatMessage,
        device: Device,
    ) -> Result<Option<Kept>, RunError> {
        let kept = |policy, adam, counts| Kept {
            player: seat.player,
            resets: seat.resets,
            policy,
            adam,
            counts,
        };
        if let Some(bytes) = member.bus.get(&state(&seat.name))? {
            let file = Checkpoint::from_bytes(Path::new(&state(&seat.name)), bytes)?;
            let note = |key: &str| file.meta().notes.get(key)?.parse::<f64>().ok();
            // Of before a reset: the master was killed before it could take it away.
            if note(RESETS).is_none_or(|resets| resets as u32 == seat.resets) {
                let policy = file.policy(device)?;
                let adam = file.adam(&policy)?;
                let counts = Counts {
                    step: note(STEP).unwrap_or(0.0) as u64,
                    samples: note(SAMPLES).unwrap_or(0.0) as u64,
                    seconds: note(SECONDS).unwrap_or(0.0),
                };
                return Ok(Some(kept(policy, adam, counts)));
            }
        }
        let Some(path) = kit.checkpoint(member, &seat.checkpoint)? else {
            return Ok(None);
        };
        let policy = Checkpoint::open(&path)?.policy(device)?;
        Ok(Some(kept(policy, None, Counts::default())))
    }
}

/// A checkpoint's bytes of a trainee; with the optimizer it is a training state.
fn bytes_of(
    trainee: &Trainee,
    kit: &Kit,
    (counts, resets): (Counts, u32),
    with_optimizer: bool,
) -> Result<Vec<u8>, RunError> {
    let learner = &trainee.learner;
    let notes = CheckpointNotes {
        step: counts.step,
        map_hash: kit.map.hash(),
        notes: [
            (STEP.to_owned(), counts.step.to_string()),
            (SAMPLES.to_owned(), counts.samples.to_string()),
            (SECONDS.to_owned(), counts.seconds.to_string()),
            (RESETS.to_owned(), resets.to_string()),
        ]
        .into(),
    };
    let adam = with_optimizer.then_some(&learner.optimizer);
    to_bytes(&learner.policy, adam, &[], &notes)
        .map_err(|e| RunError::Cluster(format!("weights cannot be written: {e}")))
}

/// Gives out the newest weights.
///
/// # Errors
/// If the bus cannot take them.
pub fn publish(
    member: &Member,
    kit: &Kit,
    trainee: &Trainee,
    (seat, counts): (&SeatMessage, Counts),
) -> Result<(), RunError> {
    let mut message = WeightsMessage {
        player: seat.name.clone(),
        version: counts.step,
        checkpoint: bytes_of(trainee, kit, (counts, seat.resets), false)?,
    };
    member.bus.put(&weights(&seat.name), &encode(&message))?;
    message.checkpoint.clear();
    member
        .bus
        .publish(&announcement(&seat.name), &encode(&message))?;
    Ok(())
}

/// Puts the training state where another learner, and the master, find it.
///
/// # Errors
/// If the bus cannot take it.
pub fn save(
    member: &Member,
    kit: &Kit,
    trainee: &Trainee,
    (seat, counts): (&SeatMessage, Counts),
) -> Result<(), RunError> {
    let bytes = bytes_of(trainee, kit, (counts, seat.resets), true)?;
    Ok(member.bus.put(&state(&seat.name), &bytes)?)
}
