//! Everything that an analysis finds, section by section: what reports and files are made of.

use super::Rate;
use super::compare::{Compared, compare};
use super::discover::{DiscoverOptions, Discoveries, discoveries};
use super::game::PlayerGame;
use super::profile::{Profile, profiles};
use super::sets::{SetSummary, summarize};
use super::strategy::{Strategies, Strategy, StrategyOptions, strategies};
use crate::game::Seed;
use serde::Serialize;

/// What was found in a set of games, and against a reference set if there is one.
#[derive(Clone, Debug, Serialize)]
pub struct Findings {
    pub seed: Seed,
    pub summary: SetSummary,
    /// Of the reference set.
    pub reference: Option<SetSummary>,
    /// None without a reference set.
    pub discoveries: Option<Discoveries>,
    /// Of both sets together: indices are into `profiles` followed by `reference_profiles`.
    pub strategies: Strategies,
    /// One list a race of `strategies`, one entry a strategy.
    pub played: Vec<Vec<Played>>,
    /// Empty without a reference set.
    pub comparison: Vec<Compared>,
    /// Each player's game in figures, in the order of the files.
    pub profiles: Vec<Profile>,
    pub reference_profiles: Vec<Profile>,
}

/// How often a strategy is played in each of the two sets, and how it fares there.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Played {
    pub frequency: Rate,
    pub win_rate: Rate,
    /// None without a reference set.
    pub reference: Option<Rate>,
    pub reference_win_rate: Option<Rate>,
}

impl Findings {
    /// Works everything out. The first `n_set` games are the set, the others the reference if `has_reference`. Same games
    /// and seed, same findings, whatever the number of threads.
    pub fn of(games: &[PlayerGame], n_set: usize, has_reference: bool, seed: Seed) -> Findings {
        let (set, reference) = games.split_at(n_set.min(games.len()));
        let (mine, theirs) = (profiles(set), profiles(reference));
        let options = StrategyOptions {
            seed: seed.fork("strategies", 0).0,
            ..StrategyOptions::default()
        };
        let strategies = strategies(games, &options);
        let found = has_reference.then(|| {
            let options = DiscoverOptions {
                seed: seed.fork("discover", 0).0,
                ..DiscoverOptions::default()
            };
            discoveries(set, reference, &options)
        });
        let comparison = match has_reference {
            true => compare((set, &mine), (reference, &theirs), seed.fork("compare", 0)),
            false => Vec::new(),
        };
        Findings {
            seed,
            summary: summarize(set, &mine),
            reference: has_reference.then(|| summarize(reference, &theirs)),
            discoveries: found,
            played: played(games, set.len(), has_reference, &strategies),
            strategies,
            comparison,
            profiles: mine,
            reference_profiles: theirs,
        }
    }

    /// A player's game by its index into both sets together.
    pub fn profile(&self, index: usize) -> Option<&Profile> {
        let n = self.profiles.len();
        let theirs = index
            .checked_sub(n)
            .and_then(|index| self.reference_profiles.get(index));
        self.profiles.get(index).or(theirs)
    }
}

fn played(
    games: &[PlayerGame],
    n_set: usize,
    has_reference: bool,
    strategies: &Strategies,
) -> Vec<Vec<Played>> {
    let of_race = |race| {
        let n = |games: &[PlayerGame]| games.iter().filter(|it| it.race == race).count() as u32;
        [n(&games[..n_set]), n(&games[n_set..])]
    };
    let one = |it: &Strategy, [n_mine, n_theirs]: [u32; 2]| {
        let is_mine = |index: &&usize| **index < n_set;
        let mine = it.members.iter().filter(is_mine);
        let theirs = it.members.iter().filter(|index| !is_mine(index));
        Played {
            frequency: Rate::new(mine.clone().count() as f64, n_mine),
            win_rate: wins(games, mine),
            reference: has_reference.then(|| Rate::new(theirs.clone().count() as f64, n_theirs)),
            reference_win_rate: has_reference.then(|| wins(games, theirs)),
        }
    };
    let races = strategies.races.iter();
    races
        .map(|race| {
            let n = of_race(race.race);
            race.strategies.iter().map(|it| one(it, n)).collect()
        })
        .collect()
}

fn wins<'a>(games: &[PlayerGame], members: impl Iterator<Item = &'a usize>) -> Rate {
    Rate::wins(members.map(|index| games[*index].result))
}
