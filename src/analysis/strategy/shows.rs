//! When a strategy shows itself.

use super::super::features::{Columns, LOOPS_PER_MINUTE, Outline};
use super::cluster::{Clusters, centers, distance};
use rayon::prelude::*;

/// Minutes that are looked at.
const MINUTES_MAX: u32 = 20;
/// Least share of members that are recognized, and of others that are not taken for members.
const TOLD_MIN: f32 = 0.8;

/// By cluster, the earliest minute from which on its members can be told from the others' (see
/// [`Strategy::shows_minute`](super::Strategy::shows_minute)).
pub fn minutes(
    columns: &Columns,
    games: &[&Outline],
    clusters: &Clusters,
    drawn: &[usize],
) -> Vec<Option<u32>> {
    let count = clusters.members.len();
    let mut since = vec![None; count];
    if count < 2 {
        return since;
    }
    let seen: Vec<usize> = drawn
        .iter()
        .copied()
        .filter(|at| clusters.labels[*at].is_some())
        .collect();
    let labels: Vec<Option<usize>> = seen.iter().map(|at| clusters.labels[*at]).collect();
    let longest = seen.iter().map(|at| games[*at].loops).max().unwrap_or(0);
    let last = (longest as f32 / LOOPS_PER_MINUTE).ceil() as u32;
    for minute in 1..=last.clamp(1, MINUTES_MAX) {
        let until = (minute as f32 * LOOPS_PER_MINUTE) as u32;
        let vectors: Vec<Vec<f32>> = seen
            .par_iter()
            .map(|at| columns.vector(games[*at], until))
            .collect();
        let told = told(&vectors, &labels, count);
        for (since, told) in since.iter_mut().zip(told) {
            *since = if told { since.or(Some(minute)) } else { None };
        }
    }
    since
}

/// Which clusters' members are told from the others.
fn told(vectors: &[Vec<f32>], labels: &[Option<usize>], count: usize) -> Vec<bool> {
    let means = centers(vectors, labels, count);
    let mut sizes = vec![0.0_f32; count];
    labels
        .iter()
        .flatten()
        .for_each(|label| sizes[*label] += 1.0);
    let guesses: Vec<usize> = vectors
        .par_iter()
        .zip(labels)
        .map(|(vector, label)| guess(vector, label.unwrap_or(0), &means, &sizes))
        .collect();
    let share = |cluster: usize, members: bool| {
        let asked = labels
            .iter()
            .zip(&guesses)
            .filter(|(l, _)| (**l == Some(cluster)) == members);
        let (mut right, mut all) = (0.0, 0.0_f32);
        for (_, guess) in asked {
            all += 1.0;
            right += f32::from(u8::from((*guess == cluster) == members));
        }
        right / all.max(1.0)
    };
    (0..count)
        .map(|cluster| share(cluster, true) >= TOLD_MIN && share(cluster, false) >= TOLD_MIN)
        .collect()
}

/// The nearest mean; its own mean leaves the game itself out.
fn guess(vector: &[f32], own: usize, means: &[Vec<f32>], sizes: &[f32]) -> usize {
    let far = |cluster: usize| {
        let whole = distance(vector, &means[cluster]);
        let rest = sizes[cluster] - 1.0;
        // The mean without the game lies n / (n - 1) as far from it.
        if cluster == own && rest > 0.0 {
            whole * sizes[cluster] / rest
        } else {
            whole
        }
    };
    let before = |a: &usize, b: &usize| {
        // Games that look all the same so far are nobody's: its own comes last among equals.
        let mine = |c: usize| c == own;
        far(*a).total_cmp(&far(*b)).then(mine(*a).cmp(&mine(*b)))
    };
    (0..means.len()).min_by(before).unwrap_or(own)
}
