//! Statements that describe the same games become one discovery.

use super::statement::Statement;
use super::{DiscoverOptions, Rate};
use std::collections::BTreeSet;

/// A statement that passed, with the figures of all games.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Number of the race's field.
    pub field: usize,
    pub statement: Statement,
    pub p_adjusted: f64,
    /// Positions of the set's games with it, ascending.
    pub games: Vec<usize>,
    pub set_rate: Rate,
    pub reference_rate: Rate,
    pub strength: f64,
}

/// Strengths that are no further apart (as logarithms) are the same: the clearest words are chosen among these.
const STRENGTH_SAME: f64 = 0.25;

/// Groups of candidates that describe the same games, the one that speaks for the group first; strongest group first.
pub fn merged(mut candidates: Vec<Candidate>, options: &DiscoverOptions) -> Vec<Vec<Candidate>> {
    candidates.sort_by(|a, b| {
        let by_words = (a.field, words(a)).cmp(&(b.field, words(b)));
        b.strength.total_cmp(&a.strength).then(by_words)
    });
    let mut groups: Vec<Vec<Candidate>> = Vec::new();
    for candidate in candidates {
        let same = |group: &&mut Vec<Candidate>| describe_the_same(&group[0], &candidate, options);
        match groups.iter_mut().find(same) {
            Some(group) => group.push(candidate),
            None => groups.push(vec![candidate]),
        }
    }
    for group in &mut groups {
        let strongest = group[0].strength;
        let near = |c: &Candidate| c.strength >= strongest - STRENGTH_SAME;
        group.sort_by_key(|candidate| (!near(candidate), words(candidate)));
    }
    groups
}

/// Compositions say most, then forms, counts, times, orders; of one measure the highest threshold.
fn words(candidate: &Candidate) -> (super::DiscoveryKind, super::statement::Measure, u32) {
    let statement = candidate.statement;
    // Times are the stronger the earlier, everything else the more.
    let rank = match statement.measure.passes(0, 1) {
        true => statement.threshold,
        false => u32::MAX - statement.threshold,
    };
    (statement.kind(), statement.measure, rank)
}

/// Of a candidate's games about the same kinds, this share (0..1) within a stronger one's games makes it a shade of that.
const SHADE_MIN: f64 = 0.9;

/// Whether two candidates describe the same games, or the weaker is a shade of the stronger.
fn describe_the_same(stronger: &Candidate, weaker: &Candidate, options: &DiscoverOptions) -> bool {
    if stronger.field != weaker.field {
        return false;
    }
    let games: BTreeSet<usize> = stronger.games.iter().copied().collect();
    let both = weaker.games.iter().filter(|at| games.contains(at)).count() as f64;
    let either = (games.len() + weaker.games.len()) as f64 - both;
    let subjects = stronger.statement.measure.subjects();
    let related = weaker
        .statement
        .measure
        .subjects()
        .iter()
        .any(|what| subjects.contains(what));
    both >= options.same_games_min * either
        || related && both >= SHADE_MIN * weaker.games.len() as f64
}
