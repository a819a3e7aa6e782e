//! What a resumed run needs: weights, optimizer, and where training is, in one file written whole or not at all.

use super::super::RunError;
use crate::evaluator::MatchRow;
use crate::learner::Learner;
use crate::policy::checkpoint::{self, Checkpoint, CheckpointNotes};
use crate::reward::KINDS;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

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
    /// The final table; its first row is against the supervised agent.
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

fn folder(run: &Path) -> PathBuf {
    run.join("checkpoints")
}

/// The weights after the last step, with everything to go on.
pub fn last_path(run: &Path) -> PathBuf {
    folder(run).join("latest.safetensors")
}

/// The weights with the highest rating.
pub fn best_path(run: &Path) -> PathBuf {
    folder(run).join("best.safetensors")
}

/// The agent that training started from.
pub fn supervised_path(run: &Path) -> PathBuf {
    folder(run).join("supervised.safetensors")
}

/// Weights about to be evaluated.
pub fn candidate_path(run: &Path, step: u64) -> PathBuf {
    folder(run).join(format!("step-{step:07}.safetensors"))
}

/// Copies the weights that training starts from into the run folder: the run is whole without the file it came from.
///
/// # Errors
/// If it cannot be written.
pub fn keep_supervised(file: &Checkpoint, path: &Path) -> Result<(), RunError> {
    let policy = file.policy_with_values(KINDS.len() as i64, tch::Device::Cpu)?;
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
        match open(run)? {
            Some(file) => Ok(Some(state_of(run, &file)?)),
            None => Ok(None),
        }
    }
}

/// Writes everything that training goes on from, over the last such file.
///
/// # Errors
/// If it cannot be written, e.g. on a full disk; the last one then stays.
pub fn save(run: &Path, learner: &Learner, state: &RlState, map_hash: u64) -> Result<(), RunError> {
    checkpoint::save(
        &last_path(run),
        &learner.policy,
        Some(&learner.optimizer),
        &[],
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

/// Puts the last checkpoint into `learner`; none if there is no checkpoint yet.
///
/// # Errors
/// If the checkpoint is damaged or does not fit.
pub fn load(run: &Path, learner: &mut Learner) -> Result<Option<RlState>, RunError> {
    let Some(file) = open(run)? else {
        return Ok(None);
    };
    let state = state_of(run, &file)?;
    file.load_into(&learner.policy)?;
    learner.optimizer = file
        .adam(&learner.policy)?
        .ok_or_else(|| RunError::Folder {
            path: last_path(run),
            what: "lacks the optimizer's state: it cannot be gone on with".to_owned(),
        })?;
    Ok(Some(state))
}

fn open(run: &Path) -> Result<Option<Checkpoint>, RunError> {
    let path = last_path(run);
    if !path.exists() {
        return Ok(None);
    }
    Ok(Some(Checkpoint::open(&path)?))
}

fn state_of(run: &Path, file: &Checkpoint) -> Result<RlState, RunError> {
    let text = file.meta().notes.get(NOTE).map_or("", String::as_str);
    serde_json::from_str(text).map_err(|e| RunError::Folder {
        path: last_path(run),
        what: format!("does not say where training was: {e}"),
    })
}

/// The note that holds [`RlState`].
const NOTE: &str = "rl";

fn notes(state: &RlState, map_hash: u64) -> CheckpointNotes {
    let text = serde_json::to_string(state).unwrap_or_default();
    CheckpointNotes {
        step: state.step,
        map_hash,
        notes: [(NOTE.to_owned(), text)].into(),
    }
}
