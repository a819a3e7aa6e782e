//! The checkpoints of a run folder, and the state of training that `latest` carries as JSON in its notes: one file, written
//! whole or not at all, so that no two parts of a state can come from different steps.

use super::RunError;
use crate::policy::checkpoint::{Checkpoint, CheckpointNotes};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::path::{Path, PathBuf};

fn folder(run: &Path) -> PathBuf {
    run.join("checkpoints")
}

/// The weights after the last step, with everything to go on.
pub fn last_path(run: &Path) -> PathBuf {
    folder(run).join("latest.safetensors")
}

/// The weights that did best in evaluations.
pub fn best_path(run: &Path) -> PathBuf {
    folder(run).join("best.safetensors")
}

/// The agent that reinforcement learning started from.
pub fn supervised_path(run: &Path) -> PathBuf {
    folder(run).join("supervised.safetensors")
}

/// Weights about to be evaluated.
pub fn candidate_path(run: &Path, step: u64) -> PathBuf {
    folder(run).join(format!("step-{step:07}.safetensors"))
}

/// Makes the weights of `path` the run's best, in one step.
///
/// # Errors
/// If the file cannot be moved.
pub fn keep_as_best(run: &Path, path: &Path) -> Result<(), RunError> {
    std::fs::rename(path, best_path(run)).map_err(|e| RunError::Folder {
        path: path.to_owned(),
        what: format!("cannot be kept as the best: {e}"),
    })
}

/// The last checkpoint and the state under `note` in it; none if there is no checkpoint yet.
///
/// # Errors
/// If the checkpoint is damaged, or holds no such state.
pub fn open<T: DeserializeOwned>(
    run: &Path,
    note: &str,
) -> Result<Option<(Checkpoint, T)>, RunError> {
    let path = last_path(run);
    if !path.exists() {
        return Ok(None);
    }
    let file = Checkpoint::open(&path)?;
    let text = file.meta().notes.get(note).map_or("", String::as_str);
    let state = serde_json::from_str(text).map_err(|e| RunError::Folder {
        path,
        what: format!("does not say where training was: {e}"),
    })?;
    Ok(Some((file, state)))
}

/// What the last checkpoint should hold and does not.
pub fn lacks(run: &Path, what: &str) -> RunError {
    RunError::Folder {
        path: last_path(run),
        what: format!("lacks {what}: it cannot be gone on with"),
    }
}

/// Notes with the state under `note`.
pub fn notes(note: &str, state: &impl Serialize, step: u64, map_hash: u64) -> CheckpointNotes {
    let text = serde_json::to_string(state).unwrap_or_default();
    CheckpointNotes {
        step,
        map_hash,
        notes: [(note.to_owned(), text)].into(),
    }
}
