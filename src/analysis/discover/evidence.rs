//! Which statements hold in which games, and how sure it is that the set has more of them.

use super::statement::{Measure, Statement, measures};
use super::{DiscoverOptions, Field};
use crate::game::Seed;
use rand::seq::SliceRandom;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Statements that hold in exactly the same tested games.
pub struct Column {
    pub statements: Vec<Statement>,
    /// One bit a tested game.
    bits: Vec<u64>,
    /// Tested games in which they hold.
    hits: u32,
}

/// All statements about one race's games.
pub struct Evidence {
    /// Tested games, and those of the set among them, which come first.
    games: u32,
    in_set: u32,
    pub columns: Vec<Column>,
    /// Logarithms of factorials, 0..=games.
    factorials: Vec<f64>,
}

impl Evidence {
    /// The statements about `field`'s tested games that could be significant at `level` by how often they hold.
    pub fn of(field: &Field, level: f64) -> Evidence {
        let mut evidence = Evidence {
            games: field.tested.len() as u32,
            in_set: field.counts().tested,
            columns: Vec::new(),
            factorials: factorials(field.tested.len()),
        };
        evidence.columns = columns(field)
            .into_iter()
            .filter(|column| {
                evidence.p(column.hits, column.hits.min(evidence.in_set)) <= level.ln()
            })
            .collect();
        evidence
    }

    /// How many of the set's games a column holds in.
    fn hits_in(column: &Column, set: &[u64]) -> u32 {
        column
            .bits
            .iter()
            .zip(set)
            .map(|(bits, set)| (bits & set).count_ones())
            .sum()
    }

    /// Logarithm of Fisher's one-sided p: the chance that of `hits` games at least `inside` are the set's.
    fn p(&self, hits: u32, inside: u32) -> f64 {
        tail(&self.factorials, self.games, hits, self.in_set, inside)
    }

    /// p of each column as labeled.
    pub fn observed(&self) -> Vec<f64> {
        let set = self.labels(&(0..self.games).collect::<Vec<u32>>());
        let p = |column: &Column| self.p(column.hits, Self::hits_in(column, &set));
        self.columns.iter().map(p).collect()
    }

    /// Share of the reference's tested games in which a column holds, 0..1.
    pub fn reference_rate(&self, column: &Column) -> f64 {
        let set = self.labels(&(0..self.games).collect::<Vec<u32>>());
        let outside = column.hits - Self::hits_in(column, &set);
        f64::from(outside) / f64::from((self.games - self.in_set).max(1))
    }

    /// The smallest p of all columns with the labels dealt anew.
    fn smallest(&self, seed: Seed) -> f64 {
        let mut order: Vec<u32> = (0..self.games).collect();
        order.shuffle(&mut seed.rng());
        let set = self.labels(&order);
        let (n, all) = (f64::from(self.in_set), f64::from(self.games));
        let share = n / all;
        let mut smallest = 0.0_f64;
        for column in &self.columns {
            let inside = Self::hits_in(column, &set);
            let hits = f64::from(column.hits);
            let variance = hits * share * (1.0 - share) * (all - hits) / (all - 1.0).max(1.0);
            let above = f64::from(inside) - hits * share;
            // Less than 1.5 deviations is never the smallest of many, and the tail costs more than the count.
            if above > 0.0 && above * above > 2.25 * variance {
                smallest = smallest.min(self.p(column.hits, inside));
            }
        }
        smallest
    }

    /// The first `in_set` of `order` as bits.
    fn labels(&self, order: &[u32]) -> Vec<u64> {
        let mut bits = vec![0; order.len().div_ceil(64)];
        for at in &order[..self.in_set as usize] {
            bits[*at as usize / 64] |= 1 << (at % 64);
        }
        bits
    }
}

/// The smallest p of everything in each relabeling, ascending: what a p has to beat.
pub fn null_distribution(all: &[Evidence], options: &DiscoverOptions) -> Vec<f64> {
    let seed = Seed(options.seed).fork("permutations", 0);
    let mut smallest: Vec<f64> = (0..options.permutations)
        .into_par_iter()
        .map(|round| {
            let own = seed.fork("round", u64::from(round));
            let races = all.iter().enumerate();
            let each = races.map(|(at, evidence)| evidence.smallest(own.fork("race", at as u64)));
            each.fold(0.0, f64::min)
        })
        .collect();
    smallest.sort_by(f64::total_cmp);
    smallest
}

/// Share of relabelings with something as clear, the labels as they are being one of them.
pub fn adjusted(null: &[f64], p: f64) -> f64 {
    let as_clear = null.partition_point(|smallest| *smallest <= p + 1e-9);
    (1 + as_clear) as f64 / (1 + null.len()) as f64
}

/// Fisher's one-sided p for rates among other games than the tested ones; not a logarithm.
pub fn fisher(inside: u32, set: u32, outside: u32, reference: u32) -> f64 {
    let games = set + reference;
    tail(
        &factorials(games as usize),
        games,
        inside + outside,
        set,
        inside,
    )
    .exp()
}

fn factorials(n: usize) -> Vec<f64> {
    let mut sums = vec![0.0; n + 1];
    for at in 1..=n {
        sums[at] = sums[at - 1] + (at as f64).ln();
    }
    sums
}

/// Logarithm of the chance that of `hits` among `games`, `set` of which are drawn, at least `inside` are drawn.
fn tail(factorials: &[f64], games: u32, hits: u32, set: u32, inside: u32) -> f64 {
    let choose = |n: u32, k: u32| {
        let at = |i: u32| factorials[i as usize];
        at(n) - at(k) - at(n - k)
    };
    let least = (hits + set).saturating_sub(games);
    if inside <= least {
        return 0.0;
    }
    let most = hits.min(set);
    let first = choose(hits, inside) + choose(games - hits, set - inside) - choose(games, set);
    let (mut sum, mut term) = (1.0_f64, 1.0_f64);
    for k in inside..most {
        let up = f64::from(hits - k) * f64::from(set - k);
        let down = f64::from(k + 1) * f64::from(games + k + 1 - hits - set);
        term *= up / down;
        sum += term;
        if term < 1e-14 * sum {
            break;
        }
    }
    (first + sum.ln()).min(0.0)
}

fn columns(field: &Field) -> Vec<Column> {
    let measured: Vec<Vec<(Measure, u32)>> = field
        .tested
        .par_iter()
        .map(|at| measures(field.entries[*at].outline))
        .collect();
    let mut by_measure: BTreeMap<Measure, Vec<(u32, u32)>> = BTreeMap::new();
    for (game, measures) in measured.into_iter().enumerate() {
        for (measure, value) in measures {
            by_measure
                .entry(measure)
                .or_default()
                .push((game as u32, value));
        }
    }
    let mut columns: BTreeMap<Vec<u64>, Vec<Statement>> = BTreeMap::new();
    for (measure, values) in by_measure {
        for threshold in measure.thresholds() {
            let mut bits = vec![0_u64; field.tested.len().div_ceil(64)];
            let passing = values
                .iter()
                .filter(|entry| measure.passes(entry.1, threshold));
            passing.for_each(|(game, _)| bits[*game as usize / 64] |= 1 << (game % 64));
            let statement = Statement { measure, threshold };
            columns.entry(bits).or_default().push(statement);
        }
    }
    let column = |(bits, statements): (Vec<u64>, Vec<Statement>)| Column {
        hits: bits.iter().map(|word| word.count_ones()).sum(),
        statements,
        bits,
    };
    columns.into_iter().map(column).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tail_is_the_hypergeometric_distribution_s() {
        // Sums of binomials in exact arithmetic.
        for ((games, hits, set, inside), expected) in [
            ((20, 10, 10, 10), 5.412_544e-6),
            ((20, 5, 10, 4), 0.151_702_8),
            ((100, 30, 40, 20), 4.310_626e-4),
            ((50, 3, 10, 0), 1.0),
        ] {
            let got = tail(&factorials(games as usize), games, hits, set, inside).exp();
            assert!(
                (got / expected - 1.0_f64).abs() < 1e-4,
                "{games} {hits} {set} {inside}: {got}"
            );
        }
    }
}
