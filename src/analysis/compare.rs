//! Two sets of games compared as in SCC Fig. 2: how many town halls, workers, production structures, and what share of
//! the trained units each type has, as distributions over the games, with distances and tests.
//!
//! Standing figures are taken at stated times, of games that lasted so long; what was made, over whole games. Shares are
//! of all units trained, workers left out. Both sides of a game are in the set as two players, if both were read: they
//! are not independent, which makes p values somewhat too small.

use super::game::{PlayerGame, Stage};
use super::kinds::{self, Kind};
use super::profile::{MINUTE_LOOPS, Profile, alive_of, sample_at};
use super::sets::by_race;
use super::stats::{self, Described, Difference, describe, difference};
use crate::game::{Race, Seed};
use rayon::prelude::*;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Minutes at which standing figures are compared.
pub const MINUTES: [u32; 5] = [4, 6, 8, 10, 15];
/// Types whose mean share is below this in both sets are not compared.
const SHARE_MIN: f64 = 0.02;
/// Fewer players of a race in either set are not compared.
pub const PLAYERS_MIN: usize = 2;

/// One quantity in both sets.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Compared {
    pub race: Race,
    /// E.g. `CommandCenter`, `Marine`; the town halls and production structures of a race by its first one's name.
    pub quantity: String,
    pub measure: Measure,
    /// When; none of whole games.
    pub game_loop: Option<u32>,
    pub set: Described,
    pub reference: Described,
    pub difference: Difference,
    /// The permutation test's p after Holm's correction over all quantities that were compared.
    pub p_adjusted: f64,
    pub histogram: Histogram,
}

/// What is counted of a quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// How many stand or live then.
    Standing,
    /// How many were made in the whole game, those at the begin left out.
    Made,
    /// The share of all units trained, by number.
    Share,
    /// Minerals and vespene.
    Value,
}

/// Both distributions over shared bins; shares of the players, which add up to 1 each.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Histogram {
    /// One more than bins, ascending.
    pub edges: Vec<f64>,
    pub set: Vec<f64>,
    pub reference: Vec<f64>,
}

/// Name, what is counted, and when: what identifies a quantity within a race.
type Key = (Measure, String, Option<u32>);

/// All quantities of all races that both sets have, the surest difference first within each race.
pub fn compare(
    set: (&[PlayerGame], &[Profile]),
    reference: (&[PlayerGame], &[Profile]),
    seed: Seed,
) -> Vec<Compared> {
    let (mine, theirs) = (by_race(set.1), by_race(reference.1));
    let mut tasks: Vec<(Race, Key, Vec<f64>, Vec<f64>)> = Vec::new();
    for (race, of_set) in &mine {
        let Some(of_reference) = theirs.get(race) else {
            continue;
        };
        if of_set.len().min(of_reference.len()) < PLAYERS_MIN {
            continue;
        }
        let a = quantities(set.0, set.1, of_set);
        let mut b = quantities(reference.0, reference.1, of_reference);
        fill_absent(&a, &mut b, of_reference.len());
        let mut a = a;
        fill_absent(&b, &mut a, of_set.len());
        for (key, values) in a {
            let Some(other) = b.remove(&key) else {
                continue;
            };
            let is_rare = key.0 == Measure::Share && mean(&values).max(mean(&other)) < SHARE_MIN;
            if values.len().min(other.len()) >= PLAYERS_MIN && !is_rare {
                tasks.push((*race, key, values, other));
            }
        }
    }
    let compared = tasks.into_par_iter().filter_map(|task| one(task, seed));
    adjusted(compared.collect())
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

/// A type that only one set has is there in the other as well: nobody made it.
fn fill_absent(from: &BTreeMap<Key, Vec<f64>>, to: &mut BTreeMap<Key, Vec<f64>>, n: usize) {
    let trained = to.get(&trained_key()).map_or(&[][..], Vec::as_slice);
    let n_trained = trained.iter().filter(|it| **it > 0.0).count();
    for key in from
        .keys()
        .filter(|key| matches!(key.0, Measure::Share | Measure::Made))
    {
        let n = if key.0 == Measure::Share {
            n_trained
        } else {
            n
        };
        to.entry(key.clone()).or_insert_with(|| vec![0.0; n]);
    }
}

fn trained_key() -> Key {
    (Measure::Made, "units".to_owned(), None)
}

fn one((race, key, a, b): (Race, Key, Vec<f64>, Vec<f64>), seed: Seed) -> Option<Compared> {
    let (measure, quantity, game_loop) = key;
    let name = format!("{race:?} {quantity} {measure:?}");
    let seed = seed.fork(&name, game_loop.map_or(0, u64::from));
    let edges = stats::bins(&a, &b);
    Some(Compared {
        race,
        quantity,
        measure,
        game_loop,
        set: describe(&a)?,
        reference: describe(&b)?,
        difference: difference(&a, &b, seed)?,
        p_adjusted: 1.0,
        histogram: Histogram {
            set: stats::histogram(&a, &edges),
            reference: stats::histogram(&b, &edges),
            edges,
        },
    })
}

fn adjusted(mut compared: Vec<Compared>) -> Vec<Compared> {
    let raw: Vec<f64> = compared
        .iter()
        .map(|it| it.difference.p_permutation)
        .collect();
    for (it, p) in compared.iter_mut().zip(stats::holm(&raw)) {
        it.p_adjusted = p;
    }
    compared.sort_by(|a, b| {
        let by = |it: &Compared| (it.race, it.measure, it.quantity.clone(), it.game_loop);
        let surest = a.p_adjusted.total_cmp(&b.p_adjusted);
        let largest = b.difference.ks.total_cmp(&a.difference.ks);
        (a.race.cmp(&b.race))
            .then(surest)
            .then(largest)
            .then_with(|| by(a).cmp(&by(b)))
    });
    compared
}

/// Every quantity of the players at `of`, with a value for each player that has one.
fn quantities(games: &[PlayerGame], profiles: &[Profile], of: &[usize]) -> BTreeMap<Key, Vec<f64>> {
    let mut found: BTreeMap<Key, Vec<f64>> = BTreeMap::new();
    let mut types: BTreeSet<&str> = BTreeSet::new();
    for idx in of {
        let last = profiles[*idx].mixes.last();
        types.extend(
            last.iter()
                .flat_map(|it| it.trained.keys().map(String::as_str)),
        );
    }
    for idx in of {
        let (game, profile) = (&games[*idx], &profiles[*idx]);
        let mut put = |measure, name: &str, at, value: f64| {
            let key = (measure, name.to_owned(), at);
            found.entry(key).or_default().push(value);
        };
        for minute in MINUTES {
            standing(game, minute * MINUTE_LOOPS, &mut put);
        }
        made(game, &mut put);
        let last = profile.mixes.last();
        let n = last.map_or(0, |it| it.n_trained);
        put(Measure::Made, "units", None, f64::from(n));
        if let Some(last) = last.filter(|_| n > 0) {
            for name in &types {
                let share = last.trained.get(*name).copied().unwrap_or(0.0);
                put(Measure::Share, name, None, share);
            }
        }
    }
    found
}

fn standing(game: &PlayerGame, at: u32, put: &mut impl FnMut(Measure, &str, Option<u32>, f64)) {
    let Some(sample) = sample_at(game, at).filter(|_| game.loops >= at) else {
        return;
    };
    let [hall, worker] = names(game.race);
    let kind = |kind| f64::from(alive_of(sample, kind));
    put(Measure::Standing, hall, Some(at), kind(Kind::TownHall));
    put(
        Measure::Standing,
        worker,
        Some(at),
        f64::from(sample.workers),
    );
    for name in production(game.race) {
        let of_type = sample
            .alive
            .iter()
            .filter(|(it, _)| kinds::counted_as(it) == *name);
        let n: u32 = of_type.map(|(_, n)| n).sum();
        put(Measure::Standing, name, Some(at), f64::from(n));
    }
    put(
        Measure::Value,
        "army",
        Some(at),
        f64::from(sample.army_value),
    );
}

fn made(game: &PlayerGame, put: &mut impl FnMut(Measure, &str, Option<u32>, f64)) {
    let [hall, worker] = names(game.race);
    let count = |is: &dyn Fn(&kinds::Facts) -> bool| {
        let done = game.makings.iter().filter(|it| it.stage == Stage::Done);
        let mine = done.filter_map(|it| kinds::facts(&it.what));
        mine.filter(|it| is(it)).count() as f64
    };
    put(
        Measure::Made,
        hall,
        None,
        count(&|it| it.kind == Kind::TownHall),
    );
    put(
        Measure::Made,
        worker,
        None,
        count(&|it| it.kind == Kind::Worker),
    );
    for name in production(game.race) {
        put(Measure::Made, name, None, count(&|it| it.name == *name));
    }
    let upgrades = game
        .makings
        .iter()
        .filter(|it| it.stage == Stage::Researched);
    put(Measure::Made, "upgrades", None, upgrades.count() as f64);
}

/// The names of a race's town halls, whatever they became, and workers.
fn names(race: Race) -> [&'static str; 2] {
    match race {
        Race::Terran => ["CommandCenter", "SCV"],
        Race::Zerg => ["Hatchery", "Drone"],
        Race::Protoss => ["Nexus", "Probe"],
        Race::Random => ["town hall", "worker"],
    }
}

fn production(race: Race) -> &'static [&'static str] {
    match race {
        Race::Terran => &["Barracks", "Factory", "Starport"],
        Race::Protoss => &["Gateway", "RoboticsFacility", "Stargate"],
        Race::Zerg | Race::Random => &[],
    }
}
