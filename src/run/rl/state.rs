//! What a resumed run needs: weights, optimizer, and where training is, in one file written whole or not at all.

use super::super::RunError;
use super::waiting;
use crate::evaluator::MatchRow;
use crate::game::Seed;
use crate::learner::Learner;
use crate::policy::checkpoint::{self, Checkpoint, CheckpointNotes};
use crate::reward::KINDS;
use crate::run::saved;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use tch::Tensor;

/// A rating against the supervised agent, which stands at 0 (SCC §6.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct EloEstimate {
    pub elo: f64,
    /// 95% interval.
    pub ci95: [f64; 2],
}

/// What a run came to; `result.json`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RlSummary {
    pub run: PathBuf,
    /// The checkpoint that played the final table.
    pub checkpoint: PathBuf,
    /// Trained to the end and the final table played; else it was stopped and can be resumed.
    pub finished: bool,
    /// Training steps.
    pub steps: u64,
    /// Agent steps learned from.
    pub samples: u64,
    pub games: u64,
    pub train_seconds: f64,
    /// The command that plays the checkpoint against the supervised agent.
    pub play: String,
    pub elo: EloEstimate,
    /// The final table; its first row is against the supervised agent, whose own games against the others end it.
    pub rows: Vec<MatchRow>,
}

/// The best evaluation so far.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Best {
    pub step: u64,
    pub elo: f64,
}

/// One evaluation.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    pub step: u64,
    pub train_seconds: f64,
    pub elo: EloEstimate,
    /// The first row is against the supervised agent, but for the evaluation of this agent itself (step 0).
    pub rows: Vec<MatchRow>,
}

/// Where training is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RlState {
    /// Training steps done; also the version of the weights.
    pub step: u64,
    /// Agent steps learned from, each counted once.
    pub samples: u64,
    /// Games finished.
    pub games: u64,
    /// Number of the next game to be begun.
    pub next_game: u64,
    /// Playing and learning, without matches; over all parts of a resumed run.
    pub train_seconds: f64,
    /// Seconds of the last evaluation, and its step.
    pub evaluated: (u64, f64),
    pub best: Option<Best>,
    pub evaluations: Vec<Evaluation>,
}

/// Copies the weights that training starts from into the run folder: the run is whole without the file it came from.
///
/// # Errors
/// If it cannot be written.
pub fn keep_supervised(file: &Checkpoint, path: &Path) -> Result<(), RunError> {
    let mut policy = file.policy(tch::Device::Cpu)?;
    if policy.spec().config.value.kinds != KINDS.len() as i64 {
        // As imitation leaves it: its values were never trained.
        policy = policy.with_value_kinds(KINDS.len() as i64, Seed(0))?;
    }
    let meta = file.meta();
    let notes = CheckpointNotes {
        step: meta.step,
        map_hash: meta.map_hash,
        notes: [("role".to_owned(), "supervised".to_owned())].into(),
    };
    checkpoint::save(path, &policy, None, &[], &notes)?;
    Ok(())
}

impl RlState {
    /// Where training of a run folder stands; none before its first checkpoint.
    ///
    /// # Errors
    /// If the checkpoint is damaged.
    pub fn load(run: &Path) -> Result<Option<RlState>, RunError> {
        Ok(saved::open(run, NOTE)?.map(|(_, state)| state))
    }
}

/// Writes everything that training goes on from, over the last such file.
///
/// # Errors
/// If it cannot be written, e.g. on a full disk; the last one then stays.
pub fn save(
    run: &Path,
    learner: &Learner,
    waiting: Tensor,
    state: &RlState,
    map_hash: u64,
) -> Result<(), RunError> {
    checkpoint::save(
        &saved::last_path(run),
        &learner.policy,
        Some(&learner.optimizer),
        &[(waiting::TENSOR.to_owned(), waiting)],
        &notes(state, map_hash),
    )?;
    Ok(())
}

/// Writes the weights alone.
///
/// # Errors
/// If the file cannot be written.
pub fn save_weights(
    path: &Path,
    learner: &Learner,
    state: &RlState,
    map_hash: u64,
) -> Result<(), RunError> {
    checkpoint::save(path, &learner.policy, None, &[], &notes(state, map_hash))?;
    Ok(())
}

/// Puts the last checkpoint into `learner`; where training stands, and what waited to be learned from (none in checkpoints
/// of older programs). None if there is no checkpoint yet.
///
/// # Errors
/// If the checkpoint is damaged or does not fit.
pub fn load(
    run: &Path,
    learner: &mut Learner,
) -> Result<Option<(RlState, Option<Tensor>)>, RunError> {
    let Some((file, state)) = saved::open(run, NOTE)? else {
        return Ok(None);
    };
    file.load_into(&learner.policy)?;
    learner.optimizer = file
        .adam(&learner.policy)?
        .ok_or_else(|| saved::lacks(run, "the optimizer's state"))?;
    let waiting = file.extra(waiting::TENSOR)?;
    Ok(Some((state, waiting)))
}

/// The note that holds [`RlState`].
const NOTE: &str = "rl";

fn notes(state: &RlState, map_hash: u64) -> CheckpointNotes {
    saved::notes(NOTE, state, state.step, map_hash)
}
