//! Vectors that clustering works on: blocks of numbers, each scaled so that no block drowns another.
//!
//! Euclidean distance between two vectors: Hellinger distance of what was made by some minutes, distance of the forms
//! in which the army lived, of the times at which structures and upgrades came, of the opening's order, of economy.

use super::kinds::{Kind, Role, info};
use super::{LOOPS_PER_MINUTE, Outline};
use std::collections::{BTreeMap, BTreeSet};

/// Minutes by which what was made is compared.
const MIX_MINUTES: [f32; 5] = [3.0, 5.0, 7.0, 10.0, 14.0];
/// Minutes at which production and workers are counted.
const COUNT_MINUTES: [f32; 3] = [4.0, 6.0, 8.0];
/// A thing that comes one such time later counts a factor e less.
const FADE_MINUTES: f32 = 5.0;
/// Structures of the opening whose order counts.
const OPENING: usize = 8;
/// Town halls after the first whose times count.
const BASES: usize = 4;
/// Army that is large enough to attack, in resources.
pub const ATTACK_VALUE: u32 = 1000;
/// Orders that fewer than this share of games have tell nothing.
const PAIR_SHARE_MIN: f32 = 0.05;

const MIX_WEIGHT: f32 = 0.8;
const FORM_WEIGHT: f32 = 1.0;
const TIME_WEIGHT: f32 = 0.7;
const PAIR_WEIGHT: f32 = 0.2;
const COUNT_WEIGHT: f32 = 0.2;
const WORKER_WEIGHT: f32 = 0.5;

/// What the columns of vectors mean, for games of one race.
#[derive(Clone, Debug)]
pub struct Columns {
    army: Vec<Kind>,
    forms: Vec<Kind>,
    /// Structures and upgrades whose first time counts.
    timed: Vec<Kind>,
    production: Vec<Kind>,
    /// Pairs of structures that follow each other in openings.
    pairs: Vec<(Kind, Kind)>,
}

impl Columns {
    /// The columns that these games need.
    pub fn of(games: &[&Outline]) -> Columns {
        let (mut army, mut forms, mut timed) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        let mut pairs: BTreeMap<(Kind, Kind), u32> = BTreeMap::new();
        for game in games {
            army.extend(game.made.iter().map(|made| made.1));
            forms.extend(game.forms.iter().map(|form| form.1));
            let known = game
                .begun
                .iter()
                .filter(|begun| info(begun.1).role != Role::Minor);
            timed.extend(known.map(|begun| begun.1));
            timed.extend(game.researched.iter().map(|done| done.1));
            for pair in opening_pairs(game) {
                *pairs.entry(pair).or_default() += 1;
            }
        }
        let enough = (games.len() as f32 * PAIR_SHARE_MIN).max(2.0);
        let production = timed
            .iter()
            .copied()
            .filter(|what| info(*what).role == Role::Production);
        Columns {
            production: production.collect(),
            army: army.into_iter().collect(),
            forms: forms.into_iter().collect(),
            timed: timed.into_iter().collect(),
            pairs: pairs
                .into_iter()
                .filter(|pair| pair.1 as f32 >= enough)
                .map(|pair| pair.0)
                .collect(),
        }
    }

    /// A game's vector, as if it had been seen only until loop `until`. All numbers are finite.
    pub fn vector(&self, game: &Outline, until: u32) -> Vec<f32> {
        let mut vector = Vec::new();
        self.push_mixes(game, until, &mut vector);
        self.push_forms(game, until, &mut vector);
        self.push_times(game, until, &mut vector);
        self.push_pairs(game, until, &mut vector);
        self.push_counts(game, until, &mut vector);
        vector
    }

    fn push_mixes(&self, game: &Outline, until: u32, vector: &mut Vec<f32>) {
        let weight = MIX_WEIGHT / (MIX_MINUTES.len() as f32).sqrt();
        for minute in MIX_MINUTES {
            let shares = made_shares(game, loops(minute).min(until));
            let share = |what: &Kind| shares.get(what).copied().unwrap_or(0.0);
            vector.extend(self.army.iter().map(|what| weight * share(what).sqrt()));
        }
    }

    fn push_forms(&self, game: &Outline, until: u32, vector: &mut Vec<f32>) {
        let shares = alive_shares(game, until);
        let share = |what: &Kind| shares.get(what).copied().unwrap_or(0.0);
        vector.extend(self.forms.iter().map(|what| FORM_WEIGHT * share(what)));
    }

    fn push_times(&self, game: &Outline, until: u32, vector: &mut Vec<f32>) {
        let firsts = first_times(game, until);
        let time = |what: &Kind| earliness(firsts.get(what).copied());
        vector.extend(self.timed.iter().map(|what| TIME_WEIGHT * time(what)));
        let bases = base_times(game);
        let seen = |at: Option<&u32>| at.copied().filter(|at| *at <= until);
        vector.extend((0..BASES).map(|n| TIME_WEIGHT * earliness(seen(bases.get(n)))));
        let army = game.army_reaches(ATTACK_VALUE).filter(|at| *at <= until);
        vector.push(TIME_WEIGHT * earliness(army));
    }

    fn push_pairs(&self, game: &Outline, until: u32, vector: &mut Vec<f32>) {
        let opening: Vec<(u32, Kind)> = game.opening(OPENING);
        let seen: BTreeSet<(Kind, Kind)> = opening
            .windows(2)
            .filter(|pair| pair[1].0 <= until)
            .map(|pair| (pair[0].1, pair[1].1))
            .collect();
        let has = |pair: &(Kind, Kind)| f32::from(u8::from(seen.contains(pair)));
        vector.extend(self.pairs.iter().map(|pair| PAIR_WEIGHT * has(pair)));
    }

    fn push_counts(&self, game: &Outline, until: u32, vector: &mut Vec<f32>) {
        for minute in COUNT_MINUTES {
            let at = loops(minute).min(until);
            for what in &self.production {
                let begun = game
                    .begun
                    .iter()
                    .filter(|b| b.0 <= at && b.1 == *what)
                    .count();
                vector.push(COUNT_WEIGHT * (1.0 + begun as f32).ln());
            }
            let seen = game.workers.iter().take_while(|w| w.0 <= at).last();
            vector.push(WORKER_WEIGHT * seen.map_or(0.0, |w| w.1 as f32 / 40.0).min(3.0));
        }
    }
}

fn opening_pairs(game: &Outline) -> BTreeSet<(Kind, Kind)> {
    let opening = game.opening(OPENING);
    opening
        .windows(2)
        .map(|pair| (pair[0].1, pair[1].1))
        .collect()
}

fn loops(minute: f32) -> u32 {
    (minute * LOOPS_PER_MINUTE) as u32
}

/// 1 at the begin, less the later, 0 of what never came.
fn earliness(at: Option<u32>) -> f32 {
    at.map_or(0.0, |at| {
        (-(at as f32) / (FADE_MINUTES * LOOPS_PER_MINUTE)).exp()
    })
}

/// Shares (0..1, by resources) of base kinds in all army made until `until`.
pub fn made_shares(game: &Outline, until: u32) -> BTreeMap<Kind, f32> {
    let mut sums: BTreeMap<Kind, f32> = BTreeMap::new();
    for (_, what) in game.made.iter().take_while(|made| made.0 <= until) {
        *sums.entry(*what).or_default() += info(*what).value as f32;
    }
    shares(sums)
}

/// Shares (0..1, by resources, over time) of kinds, forms apart, in the army that lived until `until`.
pub fn alive_shares(game: &Outline, until: u32) -> BTreeMap<Kind, f32> {
    let mut sums: BTreeMap<Kind, f32> = BTreeMap::new();
    for army in game
        .armies
        .iter()
        .take_while(|army| army.game_loop <= until)
    {
        for (what, value) in &army.parts {
            *sums.entry(*what).or_default() += *value as f32;
        }
    }
    shares(sums)
}

fn shares(mut sums: BTreeMap<Kind, f32>) -> BTreeMap<Kind, f32> {
    let total: f32 = sums.values().sum();
    for sum in sums.values_mut() {
        *sum /= total.max(1.0);
    }
    sums
}

/// When the first of each structure (base kinds) and upgrade came, until `until`.
pub fn first_times(game: &Outline, until: u32) -> BTreeMap<Kind, u32> {
    let mut firsts = BTreeMap::new();
    for (at, what) in game.begun.iter().chain(&game.researched) {
        if *at <= until {
            firsts.entry(*what).or_insert(*at);
        }
    }
    firsts
}

/// When town halls after the first were begun: new ones, not better ones.
pub fn base_times(game: &Outline) -> Vec<u32> {
    let new = |what: Kind| matches!(info(what).name, "CommandCenter" | "Hatchery" | "Nexus");
    game.begun
        .iter()
        .filter(|begun| new(begun.1))
        .map(|begun| begun.0)
        .collect()
}
