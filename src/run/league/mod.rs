//! `scc train --stage league`: several players learn at once, against each other and their past (SCC §6.2).
//!
//! One pool of actors plays for all players, who take turns in starting games; each has a learner of its own. The league
//! (`crate::league`) says who meets whom and when a copy joins, `crate::storage` keeps every game and event before the
//! run goes on, so that a league killed at any moment resumes with all that was reported.
//!
//! ```text
//! League::next_match ──> Matchup ──> actors ──> Played ─┬─> Storage::record_games, League::record
//!        ^                                              └─> the player's Trainee ──> new weights to its games
//!        └── on_progress <── checkpoint every few training steps (promoted, reset, branched)
//! ```
//!
//! A run folder holds `league.db`, `supervised.safetensors`, a folder a player in `players/`, and what every run has.

mod matches;
mod measure;
mod office;
mod pairings;
mod players;
mod session;

#[cfg(test)]
pub mod tests;

pub use measure::{Measured, measure_z};
pub(super) use office::{Match, Office, outcome};
pub(super) use pairings::{Pairing, Seated, against_the_past, of_each_z};
pub(super) use players::folder as player_folder;
pub(super) use session::{Totals, league as open_league, number_z, waits_for_z, words};

use super::config::LeagueRunConfig;
use super::folder::{RunOptions, in_folder};
use super::rl::{Rewards, keep_supervised};
use super::standings::{EloTable, Standings, report};
use super::{Agents, RunError};
use crate::action::Specs;
use crate::files::write_atomic;
use crate::game::MapData;
use crate::policy::{Checkpoint, Choice};
use crate::storage::StorageUrl;
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where the supervised agent's weights lie in the run folder.
pub(crate) const SUPERVISED_FILE: &str = "supervised.safetensors";

/// What a league came to; `result.json`.
#[derive(Debug, Default, Serialize)]
pub struct LeagueSummary {
    pub run: PathBuf,
    pub storage: String,
    /// Trained to the end; else it was stopped and can be resumed.
    pub finished: bool,
    /// Training steps over all players.
    pub steps: u64,
    pub games: u64,
    /// What happened: promotions, resets, branches.
    pub events: usize,
    pub train_seconds: f64,
    pub elo: Option<EloTable>,
}

/// What the parts of a run share.
pub(super) struct Context<'a> {
    pub config: &'a LeagueRunConfig,
    pub options: &'a RunOptions<'a>,
    pub at: StorageUrl,
    pub specs: Specs,
    pub map: Arc<MapData>,
    pub rewards: Rewards,
    pub agents: Arc<Agents>,
}

/// Makes or goes on with a league. `storage`: its database, where it is not the run folder's own.
///
/// # Errors
/// If the folder is another run's or in use, an input is bad, the database cannot be written, a loss is no number; what was
/// reported before stays, and the run can be resumed.
pub fn train_league(
    config: &LeagueRunConfig,
    options: &RunOptions,
    storage: Option<StorageUrl>,
) -> Result<LeagueSummary, RunError> {
    super::device::find(&config.train.device)?;
    super::device::find(&config.predictor.device)?;
    in_run(config, options, storage, session::train)
}

/// Makes or goes on with a league that `train` plays and learns for.
///
/// # Errors
/// As [`train_league`].
pub(super) fn in_run(
    config: &LeagueRunConfig,
    options: &RunOptions,
    storage: Option<StorageUrl>,
    train: impl FnOnce(&Context) -> Result<Totals, RunError>,
) -> Result<LeagueSummary, RunError> {
    config.validate()?;
    let kept = options.out.join(SUPERVISED_FILE);
    let given = source(config, options, &kept)?;
    let file = Checkpoint::open(&given)?;
    let context = context(config, options, storage, &file)?;
    in_folder(
        options,
        config,
        config.seed,
        || {
            if given != kept {
                keep_supervised(&file, &kept)?;
            }
            run(&context, train)
        },
        |summary| summary.finished,
    )
}

/// `supervised`: the checkpoint that everybody starts from.
fn context<'a>(
    config: &'a LeagueRunConfig,
    options: &'a RunOptions<'a>,
    storage: Option<StorageUrl>,
    supervised: &Checkpoint,
) -> Result<Context<'a>, RunError> {
    let map = options.arena.load_map(&config.map)?;
    Ok(Context {
        config,
        options,
        at: storage.unwrap_or_else(|| StorageUrl::in_run(&options.out)),
        specs: supervised.specs()?,
        rewards: Rewards::open(&config.rewards, &map)?,
        map,
        agents: Arc::new(Agents::with_choice(Choice::Sample {
            temperature: config.evaluation.temperature as f32,
        })),
    })
}

/// The checkpoint that the league starts or started from.
fn source(
    config: &LeagueRunConfig,
    options: &RunOptions,
    kept: &Path,
) -> Result<PathBuf, RunError> {
    if options.resume && kept.exists() {
        return Ok(kept.to_owned());
    }
    match &options.init {
        Some(path) => Ok(path.clone()),
        None if config.init.is_empty() => Err(RunError::Folder {
            path: options.out.clone(),
            what: "a league starts from a supervised agent: name its checkpoint by --init or the config's `init`"
                .to_owned(),
        }),
        None => Ok(PathBuf::from(&config.init)),
    }
}

fn run(
    context: &Context,
    train: impl FnOnce(&Context) -> Result<Totals, RunError>,
) -> Result<LeagueSummary, RunError> {
    let options = context.options;
    let trained = match train(context) {
        Err(error) if error.is_interruption() => {
            options.progress.note("stopped; --resume goes on from here");
            None
        }
        other => Some(other?),
    };
    let standings = Standings::read(&context.at)?;
    let status = standings.status();
    let summary = LeagueSummary {
        run: options.out.clone(),
        storage: status.storage.clone(),
        finished: trained.is_some(),
        steps: trained.as_ref().map_or(0, |t| t.steps),
        games: status.matches,
        events: status.events.len(),
        train_seconds: trained.as_ref().map_or(0.0, |t| t.seconds),
        elo: Some(standings.elo()),
    };
    let text = serde_json::to_string_pretty(&summary).unwrap_or_default();
    write_atomic(&options.out.join("result.json"), text.as_bytes())?;
    report(&standings).save(&options.out.join("report.html"))?;
    Ok(summary)
}
