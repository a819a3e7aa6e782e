//! Discovered strategies: what a set of games has that a reference set has not.
//!
//! Invariant: under the null hypothesis (the labels "set" and "reference" are exchangeable among the games of a race) anything
//! at all is reported with a chance of at most `level`, however many statements are tried.
//!
//! Every game is described by thousands of yes-or-no statements ([`statement`]): shares of the army, counts, times, orders.
//! A statement's statistic is the one-sided p-value of Fisher's exact test; its adjusted p-value is the share of random
//! relabelings in which the *smallest* p-value of all statements is as small (Westfall and Young 1993, single-step minP).
//! What passes must also hold among games that lasted long enough, must be rare in the reference, and is merged with what
//! describes the same games.

mod evidence;
mod merge;
mod report;
mod statement;
#[cfg(test)]
mod tests;

use super::PlayerGame;
use super::features::{self, Outline, Rate, clock};
use crate::game::{Race, Seed};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// How discoveries are looked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DiscoverOptions {
    /// Chance (0..1) of any false discovery at all, over everything that is looked at.
    pub level: f64,
    /// Random relabelings; the smallest adjusted p-value is 1 / (permutations + 1).
    pub permutations: u32,
    /// A race is looked at from this many independent games on in either set.
    pub games_min: usize,
    /// What more than this share (0..1) of the reference's games have is no discovery, however much more the set has of it.
    pub reference_rate_max: f64,
    /// Of more independent games of a race in a set, this many are drawn for the test; rates are of all.
    pub tested_max: usize,
    /// Discoveries that share at least this much (0..1, Jaccard) of the set's games are one.
    pub same_games_min: f64,
    /// Example games a discovery, and other statements told with it.
    pub examples: usize,
    pub also_max: usize,
    pub seed: u64,
}

impl Default for DiscoverOptions {
    fn default() -> Self {
        DiscoverOptions {
            level: 0.01,
            permutations: 999,
            games_min: 10,
            reference_rate_max: 0.2,
            tested_max: 1500,
            same_games_min: 0.6,
            examples: 3,
            also_max: 6,
            seed: 1,
        }
    }
}

/// What was found, and what was looked at.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Discoveries {
    /// Strongest first.
    pub found: Vec<Discovery>,
    /// Why nothing was found, or why a race was not looked at; empty where there is nothing to say.
    pub notes: Vec<String>,
    /// Different statements that were tried, over all races.
    pub statements: u32,
    /// The level that was held, and the relabelings.
    pub level: f64,
    pub permutations: u32,
    pub races: Vec<RaceTest>,
}

/// How many games of a race there were, and how many of them were tested: one side of each game at most.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct RaceTest {
    pub race: Race,
    pub games: u32,
    pub reference: u32,
    pub tested: u32,
    pub tested_reference: u32,
}

/// What a discovery is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DiscoveryKind {
    /// Shares of the living army.
    Composition,
    /// Forms that units took: landed, sieged, burrowed.
    Form,
    /// Numbers made.
    Count,
    Timing,
    Sequence,
}

/// Something that the set has and the reference has not, or seldom.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Discovery {
    /// E.g. `Viking (landed): at least 50% of the army`.
    pub title: String,
    pub kind: DiscoveryKind,
    pub race: Race,
    /// Logarithm of the least that the set's rate may be over the most that the reference's may be (bounds of their intervals).
    pub strength: f64,
    /// Chance of anything this clear by accident, over all statements tried.
    pub p_adjusted: f64,
    /// `1 - p_adjusted`.
    pub confidence: f64,
    /// Share of games with it, of those that lasted long enough to have it.
    pub set_rate: Rate,
    pub reference_rate: Rate,
    /// Of the set's games with it, and of the set's games of the race without it.
    pub win_rate: Rate,
    pub other_win_rate: Rate,
    /// The set's games with it: indices into the games given, ascending.
    pub games: Vec<usize>,
    /// Where to look, won games first.
    pub examples: Vec<Example>,
    /// Other statements that describe the same games.
    pub also: Vec<String>,
}

/// A replay and the moment in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Example {
    /// Index into the games given.
    pub game: usize,
    pub file: PathBuf,
    /// 1-based number of the player in the file.
    pub player: u8,
    /// When the statement came true.
    pub game_loop: u32,
    /// The same in minutes at speed Faster.
    pub minute: f32,
}

/// What `games` have that `reference` has not; why, where that is nothing.
pub fn discoveries(
    games: &[PlayerGame],
    reference: &[PlayerGame],
    options: &DiscoverOptions,
) -> Discoveries {
    let mut result = Discoveries {
        level: options.level,
        permutations: options.permutations,
        ..Discoveries::default()
    };
    let (mut sides, outlines) = (
        [Side::new(games), Side::new(reference)],
        [features::outlines(games), features::outlines(reference)],
    );
    let races: BTreeSet<Race> = sides
        .iter()
        .flat_map(|side| side.by_race.keys().copied())
        .collect();
    let mut fields = Vec::new();
    for race in races {
        let of = [0, 1].map(|side| sides[side].by_race.remove(&race).unwrap_or_default());
        let field = Field::new([games, reference], &outlines, of, race, options);
        result.races.push(field.counts());
        match field.too_few(options) {
            Some(note) => result.notes.push(note),
            None => fields.push(field),
        }
    }
    if games.is_empty() || reference.is_empty() {
        result.notes = vec![format!(
            "{} games against {} of reference: nothing to compare",
            games.len(),
            reference.len()
        )];
    }
    report::fill(&mut result, &fields, options);
    result
}

/// One of the two sets: its games by race, in canonical order.
struct Side {
    by_race: BTreeMap<Race, Vec<usize>>,
}

impl Side {
    fn new(games: &[PlayerGame]) -> Side {
        let mut by_race: BTreeMap<Race, Vec<usize>> = BTreeMap::new();
        for game in features::canonical(games) {
            by_race.entry(games[game].race).or_default().push(game);
        }
        Side { by_race }
    }
}

/// A game of one of the sets.
struct Entry<'a> {
    game: &'a PlayerGame,
    outline: &'a Outline,
    /// Index into its set as given.
    index: usize,
    in_set: bool,
}

/// The games of one race: the set's, then the reference's.
struct Field<'a> {
    race: Race,
    entries: Vec<Entry<'a>>,
    /// Positions of `entries` that are tested, the set's first.
    tested: Vec<usize>,
}

impl<'a> Field<'a> {
    fn new(
        sets: [&'a [PlayerGame]; 2],
        outlines: &'a [Vec<Outline>; 2],
        order: [Vec<usize>; 2],
        race: Race,
        options: &DiscoverOptions,
    ) -> Field<'a> {
        let mut field = Field {
            race,
            entries: Vec::new(),
            tested: Vec::new(),
        };
        for (side, order) in order.into_iter().enumerate() {
            let first = field.entries.len();
            field.entries.extend(order.into_iter().map(|index| Entry {
                game: &sets[side][index],
                outline: &outlines[side][index],
                index,
                in_set: side == 0,
            }));
            let tested = draw(&field.entries[first..], options);
            field.tested.extend(tested.into_iter().map(|at| first + at));
        }
        field
    }

    fn count(&self, tested: bool, in_set: bool) -> usize {
        let of = |at: usize| self.entries[at].in_set == in_set;
        match tested {
            true => self.tested.iter().filter(|at| of(**at)).count(),
            false => (0..self.entries.len()).filter(|at| of(*at)).count(),
        }
    }

    fn counts(&self) -> RaceTest {
        RaceTest {
            race: self.race,
            games: self.count(false, true) as u32,
            reference: self.count(false, false) as u32,
            tested: self.count(true, true) as u32,
            tested_reference: self.count(true, false) as u32,
        }
    }

    /// Why this race cannot be looked at.
    fn too_few(&self, options: &DiscoverOptions) -> Option<String> {
        let counts = self.counts();
        let few = counts.tested.min(counts.tested_reference) < options.games_min.max(2) as u32;
        few.then(|| {
            format!(
                "{:?}: {} independent games against {} of reference; at least {} of each are needed to tell a discovery from chance",
                self.race, counts.tested, counts.tested_reference, options.games_min.max(2)
            )
        })
    }
}

/// Positions of independent games, ascending: one side of each file, by lot, as two sides of one game are no two
/// observations; at most `tested_max`.
fn draw(entries: &[Entry], options: &DiscoverOptions) -> Vec<usize> {
    let lot = |at: usize| {
        let content = features::fingerprint(entries[at].game);
        Seed(options.seed).fork("discoveries", content).0
    };
    let mut by_file: BTreeMap<&PathBuf, (u64, usize)> = BTreeMap::new();
    for (at, entry) in entries.iter().enumerate() {
        let own = (lot(at), at);
        let chosen = by_file.entry(&entry.game.file).or_insert(own);
        *chosen = (*chosen).min(own);
    }
    let mut lots: Vec<(u64, usize)> = by_file.into_values().collect();
    lots.sort_unstable();
    lots.truncate(options.tested_max);
    let mut positions: Vec<usize> = lots.into_iter().map(|lot| lot.1).collect();
    positions.sort_unstable();
    positions
}
