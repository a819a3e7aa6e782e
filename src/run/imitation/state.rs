//! What a resumed run needs beside config, games and shards: where training is, and every tensor it depends on.
//!
//! `checkpoints/latest` is one file, written whole or not at all: weights, optimizer, lanes, and [`TrainState`] as JSON in
//! its metadata, so that no two parts of a state can come from different steps.

use super::RunError;
use crate::evaluator::MatchRow;
use crate::imitation::Trainer;
use crate::policy::checkpoint::{self, CheckpointNotes};
use crate::run::saved;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// The best evaluation so far.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Best {
    pub step: u64,
    pub score: f64,
}

/// One evaluation while training.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    pub step: u64,
    pub train_seconds: f64,
    /// Mean win rate over the opponents.
    pub score: f64,
    pub rows: Vec<MatchRow>,
}

/// Where training is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TrainState {
    pub stage: usize,
    /// Steps of the present stage.
    pub stage_step: u64,
    /// Steps of all stages.
    pub step: u64,
    pub samples: u64,
    pub stage_seconds: f64,
    /// Training alone, without matches; over all parts of a resumed run.
    pub train_seconds: f64,
    /// Step and seconds of the last evaluation.
    pub evaluated: (u64, f64),
    pub best: Option<Best>,
    pub evaluations: Vec<Evaluation>,
    /// All stages are done.
    pub finished: bool,
    /// `Dataset::hash` of the data trained on: another dataset cannot be gone on with.
    pub dataset: u64,
}

impl TrainState {
    /// Where training of a run folder stands; none before its first checkpoint.
    ///
    /// # Errors
    /// If the checkpoint is damaged.
    pub fn load(run: &Path) -> Result<Option<TrainState>, RunError> {
        Ok(saved::open(run, NOTE)?.map(|(_, state)| state))
    }
}

/// Writes everything that the next step depends on, over the last such file, whole or not at all.
///
/// # Errors
/// If it cannot be written, e.g. on a full disk; the last one then stays.
pub fn save(
    run: &Path,
    trainer: &Trainer,
    state: &TrainState,
    map_hash: u64,
) -> Result<(), RunError> {
    let lanes = [
        (
            "core_hidden".to_owned(),
            trainer.core.hidden.shallow_clone(),
        ),
        ("core_cell".to_owned(), trainer.core.cell.shallow_clone()),
    ];
    let notes = notes(state, map_hash);
    checkpoint::save(
        &saved::last_path(run),
        &trainer.policy,
        Some(&trainer.optimizer),
        &lanes,
        &notes,
    )?;
    Ok(())
}

/// Writes the weights alone.
///
/// # Errors
/// If the file cannot be written.
pub fn save_weights(
    path: &Path,
    trainer: &Trainer,
    state: &TrainState,
    map_hash: u64,
) -> Result<(), RunError> {
    checkpoint::save(path, &trainer.policy, None, &[], &notes(state, map_hash))?;
    Ok(())
}

/// Puts the last checkpoint's state into `trainer`; none if there is no checkpoint yet.
///
/// # Errors
/// If the checkpoint is damaged or does not fit the config.
pub fn load(run: &Path, trainer: &mut Trainer) -> Result<Option<TrainState>, RunError> {
    let Some((file, state)) = saved::open(run, NOTE)? else {
        return Ok(None);
    };
    file.load_into(&trainer.policy)?;
    let lacks = |what: &str| saved::lacks(run, what);
    trainer.optimizer = file
        .adam(&trainer.policy)?
        .ok_or_else(|| lacks("the optimizer's state"))?;
    let device = trainer.policy.device();
    for (name, tensor) in [
        ("core_hidden", &mut trainer.core.hidden),
        ("core_cell", &mut trainer.core.cell),
    ] {
        let saved = file.extra(name)?.ok_or_else(|| lacks(name))?;
        if saved.size() != tensor.size() {
            return Err(lacks("as many lanes as train.batch says"));
        }
        *tensor = saved.to_device(device);
    }
    Ok(Some(state))
}

/// The note that holds [`TrainState`].
const NOTE: &str = "imitation";

fn notes(state: &TrainState, map_hash: u64) -> CheckpointNotes {
    saved::notes(NOTE, state, state.step, map_hash)
}
