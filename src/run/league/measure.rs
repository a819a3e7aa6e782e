//! `scc league branch --z auto`: every z against the agent without one (SCC §6.2), beside a league that may be running.
//!
//! Nothing is written: a league that runs holds the state that its database says, which another's games would contradict.
//! What was measured goes to whoever asked, and what it comes to into the request for a branch.

use super::session::{networks, number_z};
use super::{Context, RunError, SUPERVISED_FILE, context, matches, pairings};
use crate::league::{Condition, League, PlayerId};
use crate::policy::Checkpoint;
use crate::run::config::LeagueRunConfig;
use crate::run::folder::RunOptions;
use crate::run::standings::ZTried;
use crate::storage::{Storage, StorageUrl};
use std::sync::{Mutex, PoisonError};

/// What was measured, and what a branch is to be rewarded for because of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// By number.
    pub tried: Vec<ZTried>,
    pub best: Condition,
}

/// Plays the config's `payoff.z_games` games of every z of the library (or `payoff.z_max` of them) by a league's player, as its
/// last checkpoint in the run folder `options.out` is. `storage`: the league's database, where it is not the folder's own.
///
/// # Errors
/// If the league's agents are not told their z, there is none to try, a checkpoint is missing, a game cannot be played, or
/// it is stopped.
pub fn measure_z(
    config: &LeagueRunConfig,
    options: &RunOptions,
    storage: Option<StorageUrl>,
    player: PlayerId,
) -> Result<Measured, RunError> {
    config.validate()?;
    if !config.rewards.shown {
        return Err(RunError::Folder {
            path: options.out.clone(),
            what: "this league's agents are not told their z (rewards.shown = false), so they play alike with each: which does \
                   best cannot be measured; give files with z's instead"
                .to_owned(),
        });
    }
    let supervised = Checkpoint::open(&options.out.join(SUPERVISED_FILE))?;
    let context = context(config, options, storage, &supervised)?;
    let mut storage = Storage::open_to_read(&context.at)?;
    number_z(&context, &mut storage)?;
    let library = storage.z_library()?;
    let mut league = storage.load_league()?;
    drop(storage);
    play(&context, &mut league, player)?;
    let records = league.z_statistics().iter().filter(|r| r.against == player);
    Ok(Measured {
        tried: records.map(|r| ZTried::of(r, &library)).collect(),
        best: league.choose_z(player)?,
    })
}

/// Into this copy of the league alone.
fn play(context: &Context, league: &mut League, player: PlayerId) -> Result<(), RunError> {
    let pairings = pairings::for_z(context, league, player)?;
    league.forget_z(player);
    let networks = networks(context)?;
    // Read at once and kept: a league that runs replaces the file at its next report.
    let checkpoint = &league.player(player)?.checkpoint;
    networks.frozen(&context.options.out.join(checkpoint))?;
    let league = Mutex::new(league);
    matches::play(context, &networks, &pairings, "z's", &|_, result, _| {
        let mut league = league.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(league.record(&result)?)
    })
}
