//! How far apart two samples are, and whether that may be chance.
//!
//! Distances and the permutation test are ours (a few lines each, held by tests against values worked out by hand);
//! Mann-Whitney's test is the crate `statrs`'s. Samples are lists of finite numbers; empty ones give `None`.

use crate::game::Seed;
use rand::RngExt;
use serde::Serialize;
use statrs::stats_tests::Alternative;
use statrs::stats_tests::mannwhitneyu::{MannWhitneyUMethod, mannwhitneyu};

/// Random relabelings of a permutation test, so that p is at least 1 / 5000; of large samples fewer, by the work, but
/// not fewer than 999.
const PERMUTATIONS: [usize; 2] = [999, 4999];
/// Values that one test relabels in all.
const RELABELED_MAX: usize = 40_000_000;
/// Bins of the histograms that total variation compares, where values are no whole numbers.
const BINS: usize = 20;

/// What a sample looks like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Described {
    pub n: usize,
    pub mean: f64,
    /// Of the sample (n - 1); 0 of fewer than two.
    pub deviation: f64,
    pub q25: f64,
    pub median: f64,
    pub q75: f64,
}

/// Describes a sample.
pub fn describe(values: &[f64]) -> Option<Described> {
    if values.is_empty() {
        return None;
    }
    let sorted = sorted(values);
    let n = sorted.len() as f64;
    let mean = sorted.iter().sum::<f64>() / n;
    let squares: f64 = sorted.iter().map(|v| (v - mean).powi(2)).sum();
    Some(Described {
        n: sorted.len(),
        mean,
        deviation: (squares / (n - 1.0).max(1.0)).sqrt(),
        q25: quantile(&sorted, 0.25),
        median: quantile(&sorted, 0.5),
        q75: quantile(&sorted, 0.75),
    })
}

/// Quantile of sorted values, linear between neighbors; 0 of none.
pub fn quantile(sorted: &[f64], q: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else {
        return 0.0;
    };
    let at = q.clamp(0.0, 1.0) * last as f64;
    let (low, part) = (at.floor() as usize, at.fract());
    sorted[low] + part * (sorted[(low + 1).min(last)] - sorted[low])
}

fn sorted(values: &[f64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted
}

/// Two samples compared.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Difference {
    /// Wasserstein-1 (earth mover's) distance, in the values' own unit.
    pub wasserstein: f64,
    /// Kolmogorov-Smirnov: the largest gap between the two cumulative distributions, 0 to 1.
    pub ks: f64,
    /// Total variation between the histograms (by value where all are whole numbers of a small range, else in 20 bins
    /// over the joint range), 0 to 1.
    pub total_variation: f64,
    /// Chance of a Wasserstein distance as large if labels were random (permutation test).
    pub p_permutation: f64,
    /// Mann-Whitney's two-sided p: whether values of one sample tend to be larger.
    pub p_mann_whitney: f64,
}

/// Compares two samples; none if one is empty. `seed` decides the permutations.
pub fn difference(a: &[f64], b: &[f64], seed: Seed) -> Option<Difference> {
    if a.is_empty() || b.is_empty() {
        return None;
    }
    let pooled = Pooled::new(a, b);
    let (wasserstein, ks) = pooled.gaps(&pooled.is_first, a.len());
    let method = MannWhitneyUMethod::AsymptoticInclContinuityCorrection;
    let tested = mannwhitneyu(a, b, method, Alternative::TwoSided);
    // All values equal: nothing speaks for a difference, and the test divides by their spread.
    let p_mann_whitney = tested.map_or(1.0, |(_, p)| p);
    Some(Difference {
        wasserstein,
        ks,
        total_variation: total_variation(a, b),
        p_permutation: pooled.permutation_p(wasserstein, a.len(), seed),
        p_mann_whitney: if p_mann_whitney.is_finite() {
            p_mann_whitney.clamp(0.0, 1.0)
        } else {
            1.0
        },
    })
}

/// Both samples in one ascending list, with whose each value is.
struct Pooled {
    values: Vec<f64>,
    is_first: Vec<bool>,
}

impl Pooled {
    fn new(a: &[f64], b: &[f64]) -> Pooled {
        let first = a.iter().map(|v| (*v, true));
        let mut all: Vec<(f64, bool)> = first.chain(b.iter().map(|v| (*v, false))).collect();
        all.sort_by(|x, y| x.0.total_cmp(&y.0));
        Pooled {
            values: all.iter().map(|it| it.0).collect(),
            is_first: all.iter().map(|it| it.1).collect(),
        }
    }

    /// Area and largest gap between the two cumulative distributions, under a labeling with `n_first` firsts.
    fn gaps(&self, is_first: &[bool], n_first: usize) -> (f64, f64) {
        let (up, down) = (
            1.0 / n_first as f64,
            1.0 / (self.values.len() - n_first) as f64,
        );
        let (mut gap, mut area, mut largest) = (0.0f64, 0.0, 0.0f64);
        for (i, &first) in is_first.iter().enumerate() {
            gap += if first { up } else { -down };
            let next = self.values.get(i + 1).copied().unwrap_or(self.values[i]);
            let step = next - self.values[i];
            area += gap.abs() * step;
            // Between equal values the distributions have not been stepped through yet.
            if step > 0.0 {
                largest = largest.max(gap.abs());
            }
        }
        (area, largest)
    }

    fn permutation_p(&self, observed: f64, n_first: usize, seed: Seed) -> f64 {
        let mut rng = seed.rng();
        let mut labels = self.is_first.clone();
        let n = labels.len();
        let [fewest, most] = PERMUTATIONS;
        let permutations = (RELABELED_MAX / n.max(1)).clamp(fewest, most);
        let mut as_large = 0usize;
        for _ in 0..permutations {
            for i in (1..n).rev() {
                labels.swap(i, rng.random_range(0..=i));
            }
            // A rounding error must not make an equal labeling a smaller one.
            if self.gaps(&labels, n_first).0 >= observed * (1.0 - 1e-9) {
                as_large += 1;
            }
        }
        (as_large + 1) as f64 / (permutations + 1) as f64
    }
}

/// The histogram of a sample over shared bins; see [`bins`].
pub fn histogram(values: &[f64], edges: &[f64]) -> Vec<f64> {
    let mut shares = vec![0.0; edges.len().saturating_sub(1)];
    if let Some(last) = shares.len().checked_sub(1) {
        for value in values {
            let at = edges.partition_point(|edge| edge <= value);
            shares[at.saturating_sub(1).min(last)] += 1.0 / values.len() as f64;
        }
    }
    shares
}

/// Edges of bins that two samples share, ascending: one bin a whole number where all values are whole and spread over
/// fewer than 40, else 20 bins of one width.
pub fn bins(a: &[f64], b: &[f64]) -> Vec<f64> {
    let all = || a.iter().chain(b).copied();
    let low = all().fold(f64::INFINITY, f64::min);
    let high = all().fold(f64::NEG_INFINITY, f64::max);
    if !(low.is_finite() && high.is_finite()) {
        return Vec::new();
    }
    if all().all(|v| v.fract() == 0.0) && high - low < 40.0 {
        let n = (high - low) as usize + 1;
        return (0..=n).map(|i| low - 0.5 + i as f64).collect();
    }
    let width = (high - low).max(f64::MIN_POSITIVE) / BINS as f64;
    (0..=BINS).map(|i| low + width * i as f64).collect()
}

fn total_variation(a: &[f64], b: &[f64]) -> f64 {
    let edges = bins(a, b);
    let (p, q) = (histogram(a, &edges), histogram(b, &edges));
    p.iter().zip(&q).map(|(p, q)| (p - q).abs()).sum::<f64>() / 2.0
}

/// Holm's correction of the p values of many tests: each is the chance of any false alarm among all if it and all
/// smaller ones are called differences.
pub fn holm(p: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|&i, &j| p[i].total_cmp(&p[j]));
    let mut out = vec![1.0; p.len()];
    let mut so_far = 0.0f64;
    for (rank, &i) in order.iter().enumerate() {
        so_far = so_far.max(p[i] * (p.len() - rank) as f64).min(1.0);
        out[i] = so_far;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_equal_those_worked_out_by_hand() {
        // Shifting everything by 2 moves every grain by 2; the halves overlap in {3, 4}.
        let (a, b) = ([1.0, 2.0, 3.0, 4.0], [3.0, 4.0, 5.0, 6.0]);
        let found = difference(&a, &b, Seed(1)).unwrap();
        assert!((found.wasserstein - 2.0).abs() < 1e-12);
        assert!((found.ks - 0.5).abs() < 1e-12);
        assert!((found.total_variation - 0.5).abs() < 1e-12);
        // Different sizes: one grain of three goes from 0 to 3.
        let found = difference(&[0.0, 1.0, 1.0], &[1.0, 1.0, 1.0, 1.0], Seed(1)).unwrap();
        assert!((found.wasserstein - 1.0 / 3.0).abs() < 1e-12);
        assert!((found.ks - 1.0 / 3.0).abs() < 1e-12);
        assert!((found.total_variation - 1.0 / 3.0).abs() < 1e-12);
        let same = difference(&a, &a, Seed(1)).unwrap();
        assert_eq!(
            (same.wasserstein, same.ks, same.p_permutation),
            (0.0, 0.0, 1.0)
        );
        assert!(same.p_mann_whitney > 0.8);
        let flat = difference(&[2.0; 5], &[2.0; 3], Seed(1)).unwrap();
        assert_eq!((flat.p_permutation, flat.p_mann_whitney), (1.0, 1.0));
        assert!(difference(&a, &[], Seed(1)).is_none());
    }

    #[test]
    fn the_permutation_test_gives_the_exact_chance() {
        // Of the 70 ways to choose 4 of 8, two are as far apart as {1..4} and {5..8}.
        let (a, b) = ([1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0]);
        let found = difference(&a, &b, Seed(3)).unwrap();
        assert!((found.p_permutation - 2.0 / 70.0).abs() < 0.01, "{found:?}");
        // Mann-Whitney by the normal approximation with continuity: U = 0, mean 8, sd sqrt(12): z = 2.165, p = 0.0304.
        assert!((found.p_mann_whitney - 0.0304).abs() < 5e-4, "{found:?}");
        let again = difference(&a, &b, Seed(3)).unwrap();
        assert_eq!(found, again);
    }

    #[test]
    fn under_chance_alone_p_is_as_small_as_it_says_and_no_more() {
        let mut rng = Seed(11).rng();
        let mut sample =
            |n: usize| -> Vec<f64> { (0..n).map(|_| rng.random_range(0..6) as f64).collect() };
        let small = (0..200u64).filter(|i| {
            let (a, b) = (sample(15), sample(20));
            difference(&a, &b, Seed(*i)).unwrap().p_permutation < 0.1
        });
        // 20 expected, standard deviation 4.2.
        let n = small.count();
        assert!((6..=36).contains(&n), "{n} of 200 below 0.1");
    }

    #[test]
    fn holm_multiplies_the_smallest_by_the_number_of_tests() {
        let found = holm(&[0.01, 0.04, 0.03, 0.005]);
        let expected = [0.03, 0.06, 0.06, 0.02];
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-12);
        }
        assert!(holm(&[]).is_empty());
    }

    #[test]
    fn descriptions_and_histograms() {
        let it = describe(&[4.0, 1.0, 3.0, 2.0]).unwrap();
        assert_eq!((it.mean, it.q25, it.median, it.q75), (2.5, 1.75, 2.5, 3.25));
        assert!((it.deviation - (5.0f64 / 3.0).sqrt()).abs() < 1e-12);
        let edges = bins(&[1.0, 2.0], &[2.0, 4.0]);
        assert_eq!(edges, [0.5, 1.5, 2.5, 3.5, 4.5]);
        assert_eq!(histogram(&[2.0, 4.0], &edges), [0.0, 0.5, 0.0, 0.5]);
        let edges = bins(&[0.0, 0.35], &[1.0]);
        assert_eq!(edges.len(), 21);
        assert_eq!(histogram(&[1.0], &edges)[19], 1.0);
    }
}
