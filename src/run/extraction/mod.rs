//! `scc replay extract`: replay files of both kinds into one dataset for imitation.
//!
//! Replays of ours are played again in the simulator; `.SC2Replay` files are watched on StarCraft II, one process a thread,
//! of the version that each file needs. Every file becomes a part by itself (`dataset::parts`), so that whoever is killed
//! goes on where he stopped; what fails is counted by reason, and the others go on.

mod plan;
mod record;
mod work;

use super::RunError;
use super::lock::RunLock;
use crate::action::Specs;
use crate::dataset::Dataset;
use crate::dataset::parts::{self, Parts, is_dataset};
use crate::replay::{Filter, ReplayError};
use crate::run::config::DatasetConfig;
use crate::sc2::client::{Installation, Limits};
use record::Record;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

/// What `.SC2Replay` files are watched on.
#[derive(Debug)]
pub struct Watching {
    pub installation: Installation,
    /// One version for all; none takes the one that each replay needs.
    pub version: Option<String>,
    pub limits: Limits,
    /// Watch games of the simulator too, which could be played again without.
    pub all: bool,
}

/// How to extract.
pub struct ExtractOptions<'a> {
    /// The dataset's folder.
    pub out: &'a Path,
    pub specs: &'a Specs,
    pub dataset: &'a DatasetConfig,
    /// Of which players.
    pub filter: &'a Filter,
    /// None, and why: replays of the real game fail with that reason.
    pub watching: Result<&'a Watching, &'a str>,
    pub threads: usize,
    /// Set from outside to give up; what is done until then is kept.
    pub stop: &'a AtomicBool,
    /// Replace a dataset of other replays.
    pub force: bool,
    /// Told how many files are done, from any thread.
    pub on_file: &'a (dyn Fn(usize, usize) + Sync),
}

/// Files that gave no steps, for one reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailureRow {
    pub reason: String,
    pub files: usize,
    /// The first of them.
    pub first: String,
    /// Nothing is wrong with the file as far as is known: the next run tries it again.
    pub tried_again: bool,
}

/// What became of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ExtractReport {
    pub dataset: PathBuf,
    /// False if it was stopped: the same command goes on.
    pub finished: bool,
    /// Files looked at.
    pub scanned: usize,
    /// Files with a player who is meant and is no built-in AI, each content once.
    pub chosen: usize,
    /// Files whose steps are there.
    pub extracted: usize,
    /// Of these, extracted by an earlier run.
    pub kept: usize,
    /// Players' games.
    pub episodes: usize,
    pub steps: u64,
    pub no_ops: u64,
    /// Commands that the action space cannot say, by reason.
    pub left_out: BTreeMap<String, u64>,
    pub failures: Vec<FailureRow>,
}

/// Why one file gives no steps.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Failure {
    reason: String,
    tried_again: bool,
}

impl Failure {
    /// The file is not what it should be.
    fn of_file(error: &ReplayError) -> Failure {
        Failure {
            reason: error.reason(),
            tried_again: false,
        }
    }

    /// The file may be good: the game, a version or a map is missing, or the game died.
    fn of_game(reason: String) -> Failure {
        Failure {
            reason,
            tried_again: true,
        }
    }
}

/// Extracts what is missing of the dataset of these files.
///
/// # Errors
/// If the folder holds something else or is in use, nothing can be written, or no file gives any step; what was extracted
/// until then stays. Files that fail are no error: the report names them.
pub fn extract(files: &[PathBuf], options: &ExtractOptions) -> Result<ExtractReport, RunError> {
    is_free(options.out)?;
    let _lock = RunLock::take(options.out)?;
    let parts = Parts::new(
        options.out,
        options.specs,
        options.dataset.block_steps,
        options.dataset.no_op_loops,
    );
    let planned = plan::plan(files, &parts, options)?;
    let plans: Vec<u64> = planned.jobs.iter().map(|job| job.plan).collect();
    let before = usable(&plans, options)?;
    if let Some(record) = before.filter(Record::is_final) {
        return Ok(record.report);
    }
    let worked = work::work(&planned.jobs, &parts, options)?;
    let mut failures = planned.failures;
    failures.extend(worked.failures);
    let mut report = ExtractReport {
        dataset: options.out.to_owned(),
        scanned: files.len(),
        chosen: planned.jobs.len(),
        extracted: worked.done.len(),
        kept: worked.kept,
        failures: rows(&failures),
        ..ExtractReport::default()
    };
    if worked.is_stopped || worked.done.is_empty() {
        return Ok(report);
    }
    let dataset = parts.merge(&worked.done, options.dataset.replays_per_shard)?;
    report.finished = true;
    count(&dataset, &mut report);
    let record = Record { plans, report };
    record.write(options.out)?;
    if record.is_final() {
        parts.remove();
    }
    Ok(record.report)
}

/// Refuses a folder that holds something else than a dataset.
fn is_free(folder: &Path) -> Result<(), RunError> {
    let is_empty = std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none());
    if is_empty || !folder.exists() || is_dataset(folder) || folder.join(".lock").exists() {
        return Ok(());
    }
    refused(
        folder,
        "it holds something that is no dataset; choose another --out",
    )
}

fn refused<T>(folder: &Path, what: &str) -> Result<T, RunError> {
    Err(RunError::Folder {
        path: folder.to_owned(),
        what: what.to_owned(),
    })
}

/// What an earlier run left here, if it was of the same plans; none where there is nothing, or a dataset in the making, or
/// one that may be replaced.
fn usable(plans: &[u64], options: &ExtractOptions) -> Result<Option<Record>, RunError> {
    let folder = options.out;
    let Some(record) = Record::read(folder) else {
        let is_other = is_dataset(folder) && !folder.join(parts::FOLDER).exists();
        return match is_other && !options.force {
            true => refused(
                folder,
                "it holds a dataset that was made in another way; --force replaces it",
            ),
            false => Ok(None),
        };
    };
    if record.plans == plans {
        let is_whole = Dataset::open(folder, options.specs).is_ok();
        return Ok(is_whole.then_some(record));
    }
    if !options.force {
        let what = "it holds the dataset of other replays or another config; --force replaces it, another --out keeps it";
        return refused(folder, what);
    }
    Record::remove(folder);
    Ok(None)
}

fn rows(failures: &[(PathBuf, Failure)]) -> Vec<FailureRow> {
    let mut rows: Vec<FailureRow> = Vec::new();
    for (path, failure) in failures {
        match rows.iter_mut().find(|row| row.reason == failure.reason) {
            Some(row) => row.files += 1,
            None => rows.push(FailureRow {
                reason: failure.reason.clone(),
                files: 1,
                first: path.display().to_string(),
                tried_again: failure.tried_again,
            }),
        }
    }
    rows.sort_by_key(|row| std::cmp::Reverse(row.files));
    rows
}

fn count(dataset: &Dataset, report: &mut ExtractReport) {
    let counts = dataset.counts();
    report.episodes = dataset.n_episodes();
    report.steps = counts.steps;
    report.no_ops = counts.no_ops;
    report.left_out = counts.left_out.clone();
}
