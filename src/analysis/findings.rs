//! Everything that an analysis finds, section by section: what reports and files are made of.

use super::compare::{Compared, compare};
use super::game::PlayerGame;
use super::profile::{Profile, profiles};
use super::sets::{SetSummary, summarize};
use crate::game::Seed;
use serde::Serialize;

/// What was found in a set of games, and against a reference set if there is one.
#[derive(Clone, Debug, Serialize)]
pub struct Findings {
    pub seed: Seed,
    pub summary: SetSummary,
    /// Of the reference set.
    pub reference: Option<SetSummary>,
    /// Empty without a reference set.
    pub comparison: Vec<Compared>,
    /// Each player's game in figures, in the order of the files.
    pub profiles: Vec<Profile>,
    pub reference_profiles: Vec<Profile>,
}

impl Findings {
    /// Works everything out. Same games and seed, same findings, whatever the number of threads.
    pub fn of(games: &[PlayerGame], reference: Option<&[PlayerGame]>, seed: Seed) -> Findings {
        let mine = profiles(games);
        let theirs = reference.map(profiles).unwrap_or_default();
        let comparison = reference.map(|reference| {
            let (set, against) = ((games, mine.as_slice()), (reference, theirs.as_slice()));
            compare(set, against, seed.fork("compare", 0))
        });
        Findings {
            seed,
            summary: summarize(games, &mine),
            reference: reference.map(|reference| summarize(reference, &theirs)),
            comparison: comparison.unwrap_or_default(),
            profiles: mine,
            reference_profiles: theirs,
        }
    }
}
