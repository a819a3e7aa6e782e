//! Clusters of vectors: Ward's tree, the cut with the greatest silhouette, and who fits none.

use super::StrategyOptions;
use kodama::{Dendrogram, Method, linkage};

/// Of a cluster's distances to its center, the fence lies this many interquartile ranges above the upper quartile (Tukey).
const FENCE: f32 = 3.0;
/// Least interquartile range that fences count with, in vectors' distance and as a share of the upper quartile: members
/// that are nearly the same game for game would fence off the slightest change.
const RANGE_MIN: f32 = 0.02;
const RANGE_SHARE_MIN: f32 = 0.1;
/// The tree is cut at up to this many times as many groups as there may be strategies: small groups are outliers.
const CUTS: usize = 3;

/// Who belongs together. Positions are rows of the vectors.
#[derive(Clone, Debug, PartialEq)]
pub struct Clusters {
    /// Cluster by position; none of outliers.
    pub labels: Vec<Option<usize>>,
    /// Positions by cluster, ascending; the largest cluster first, then the one with the lowest position.
    pub members: Vec<Vec<usize>>,
    /// Mean of members, by cluster.
    pub centers: Vec<Vec<f32>>,
    pub silhouette: Option<f32>,
}

impl Clusters {
    /// Clusters `vectors`; those `drawn` (ascending) make the clusters, the others join the nearest.
    pub fn of(vectors: &[Vec<f32>], drawn: &[usize], options: &StrategyOptions) -> Clusters {
        let rows: Vec<&[f32]> = drawn.iter().map(|at| &vectors[*at][..]).collect();
        let (cut, silhouette) = best_cut(&rows, options);
        let mut labels = vec![None; vectors.len()];
        for (row, at) in drawn.iter().enumerate() {
            labels[*at] = cut[row];
        }
        let clusters = cut.iter().flatten().max().map_or(0, |last| last + 1);
        let centers = centers(vectors, &labels, clusters);
        let fences = fences(vectors, &labels, &centers);
        let mut is_drawn = vec![false; vectors.len()];
        drawn.iter().for_each(|at| is_drawn[*at] = true);
        for (at, vector) in vectors.iter().enumerate() {
            let label = if is_drawn[at] {
                labels[at]
            } else {
                nearest(vector, &centers)
            };
            labels[at] = label.filter(|c| distance(vector, &centers[*c]) <= fences[*c]);
        }
        Clusters::ordered(vectors, labels, clusters, silhouette)
    }

    /// Gives clusters their final numbers.
    fn ordered(
        vectors: &[Vec<f32>],
        mut labels: Vec<Option<usize>>,
        clusters: usize,
        silhouette: Option<f32>,
    ) -> Clusters {
        let mut members = vec![Vec::new(); clusters];
        for (at, label) in labels.iter().enumerate() {
            if let Some(cluster) = label {
                members[*cluster].push(at);
            }
        }
        members.retain(|positions| !positions.is_empty());
        members.sort_by(|a, b| b.len().cmp(&a.len()).then(a[0].cmp(&b[0])));
        for (cluster, positions) in members.iter().enumerate() {
            positions.iter().for_each(|at| labels[*at] = Some(cluster));
        }
        Clusters {
            centers: centers(vectors, &labels, members.len()),
            labels,
            members,
            silhouette,
        }
    }

    /// Members from the most central on.
    pub fn by_centrality(&self, cluster: usize, vectors: &[Vec<f32>]) -> Vec<usize> {
        let mut members = self.members[cluster].clone();
        let far = |at: usize| distance(&vectors[at], &self.centers[cluster]);
        members.sort_by(|a, b| far(*a).total_cmp(&far(*b)).then(a.cmp(b)));
        members
    }
}

/// Euclidean distance.
pub fn distance(a: &[f32], b: &[f32]) -> f32 {
    let squares = a.iter().zip(b).map(|(a, b)| (a - b) * (a - b));
    squares.sum::<f32>().sqrt()
}

/// The cluster whose center is nearest; the first of equals.
pub fn nearest(vector: &[f32], centers: &[Vec<f32>]) -> Option<usize> {
    let far = |at: &usize| distance(vector, &centers[*at]);
    (0..centers.len()).min_by(|a, b| far(a).total_cmp(&far(b)))
}

/// The distance of the two centers that are nearest to each other.
fn least_apart(centers: &[Vec<f32>]) -> f32 {
    let pairs = (0..centers.len()).flat_map(|a| (0..a).map(move |b| (a, b)));
    let far = pairs.map(|(a, b)| distance(&centers[a], &centers[b]));
    far.fold(f32::INFINITY, f32::min)
}

/// Means of members by cluster.
pub fn centers(vectors: &[Vec<f32>], labels: &[Option<usize>], clusters: usize) -> Vec<Vec<f32>> {
    let rows: Vec<&[f32]> = vectors.iter().map(|vector| &vector[..]).collect();
    centers_of(&rows, labels, clusters)
}

fn centers_of(vectors: &[&[f32]], labels: &[Option<usize>], clusters: usize) -> Vec<Vec<f32>> {
    let width = vectors.first().map_or(0, |vector| vector.len());
    let mut sums = vec![vec![0.0_f64; width]; clusters];
    let mut counts = vec![0.0_f64; clusters];
    for (vector, label) in vectors.iter().zip(labels) {
        if let Some(cluster) = label {
            counts[*cluster] += 1.0;
            let sum = sums[*cluster].iter_mut().zip(vector.iter());
            sum.for_each(|(sum, value)| *sum += f64::from(*value));
        }
    }
    let mean =
        |(sum, count): (Vec<f64>, f64)| sum.iter().map(|s| (s / count.max(1.0)) as f32).collect();
    sums.into_iter().zip(counts).map(mean).collect()
}

/// The greatest distance from its center at which a game still belongs to a cluster.
fn fences(vectors: &[Vec<f32>], labels: &[Option<usize>], centers: &[Vec<f32>]) -> Vec<f32> {
    let mut distances = vec![Vec::new(); centers.len()];
    for (vector, label) in vectors.iter().zip(labels) {
        if let Some(cluster) = label {
            distances[*cluster].push(distance(vector, &centers[*cluster]));
        }
    }
    let fence = |mut far: Vec<f32>| {
        far.sort_by(f32::total_cmp);
        let quartile = |share: f32| far[((far.len() - 1) as f32 * share).round() as usize];
        let range = quartile(0.75) - quartile(0.25);
        let least = RANGE_MIN.max(RANGE_SHARE_MIN * quartile(0.75));
        quartile(0.75) + FENCE * range.max(least)
    };
    distances.into_iter().map(fence).collect()
}

/// Distances of all pairs, `[n, n]`.
struct Distances {
    n: usize,
    all: Vec<f32>,
}

impl Distances {
    fn of(rows: &[&[f32]]) -> Distances {
        let n = rows.len();
        let mut all = vec![0.0; n * n];
        for a in 0..n {
            for b in a + 1..n {
                let far = distance(rows[a], rows[b]);
                all[a * n + b] = far;
                all[b * n + a] = far;
            }
        }
        Distances { n, all }
    }

    fn tree(&self) -> Dendrogram<f32> {
        let n = self.n;
        let mut pairs: Vec<f32> = (0..n)
            .flat_map(|a| self.all[a * n + a + 1..(a + 1) * n].iter().copied())
            .collect();
        linkage(&mut pairs, n, Method::Ward)
    }
}

/// The cut of the tree with the greatest silhouette; a single cluster where none is great enough.
fn best_cut(rows: &[&[f32]], options: &StrategyOptions) -> (Vec<Option<usize>>, Option<f32>) {
    let n = rows.len();
    let one = (vec![Some(0); n], None);
    let share = (options.share_min * n as f32).ceil() as usize;
    let least = options.games_min.max(share).max(1);
    if n < 2 * least {
        return one;
    }
    let distances = Distances::of(rows);
    let tree = distances.tree();
    let mut best = (one.0.clone(), 0.0_f32, 1);
    for groups in 2..=n.min(CUTS * options.strategies_max) {
        let (labels, clusters) = cut(&tree, n, groups, least);
        if clusters < 2 || clusters > options.strategies_max {
            continue;
        }
        if least_apart(&centers_of(rows, &labels, clusters)) < options.apart_min {
            continue;
        }
        let score = silhouette(&distances, &labels, clusters);
        // A greater number of strategies has to be worth it: last bits decide nothing.
        if score > best.1 + 1e-4 {
            best = (labels, score, clusters);
        }
    }
    if best.2 < 2 || best.1 < options.silhouette_min {
        return one;
    }
    (best.0, Some(best.1))
}

/// The tree cut into `groups`; groups below `least` become outliers. Returns labels and the number of clusters.
fn cut(
    tree: &Dendrogram<f32>,
    n: usize,
    groups: usize,
    least: usize,
) -> (Vec<Option<usize>>, usize) {
    let mut parent: Vec<usize> = (0..2 * n).collect();
    for (step, merge) in tree.steps().iter().take(n - groups).enumerate() {
        parent[merge.cluster1] = n + step;
        parent[merge.cluster2] = n + step;
    }
    let root = |mut at: usize| {
        while parent[at] != at {
            at = parent[at];
        }
        at
    };
    let roots: Vec<usize> = (0..n).map(root).collect();
    let mut sizes = vec![0; 2 * n];
    roots.iter().for_each(|root| sizes[*root] += 1);
    let mut numbers = vec![None; 2 * n];
    let mut clusters = 0;
    let labels = roots.iter().map(|root| {
        if sizes[*root] >= least && numbers[*root].is_none() {
            numbers[*root] = Some(clusters);
            clusters += 1;
        }
        numbers[*root]
    });
    (labels.collect(), clusters)
}

/// Mean silhouette (Rousseeuw 1987); those in no cluster count 0.
fn silhouette(distances: &Distances, labels: &[Option<usize>], clusters: usize) -> f32 {
    let n = distances.n;
    let mut sizes = vec![0.0_f32; clusters];
    labels
        .iter()
        .flatten()
        .for_each(|label| sizes[*label] += 1.0);
    let mut total = 0.0_f64;
    let mut sums = vec![0.0_f32; clusters];
    for (at, own) in labels.iter().enumerate() {
        let Some(own) = *own else { continue };
        sums.fill(0.0);
        for (far, label) in distances.all[at * n..(at + 1) * n].iter().zip(labels) {
            if let Some(label) = label {
                sums[*label] += far;
            }
        }
        let inside = sums[own] / (sizes[own] - 1.0).max(1.0);
        let others = (0..clusters)
            .filter(|c| *c != own)
            .map(|c| sums[c] / sizes[c]);
        let outside = others.fold(f32::INFINITY, f32::min);
        let larger = inside.max(outside);
        if larger > 0.0 {
            total += f64::from((outside - inside) / larger);
        }
    }
    (total / n as f64) as f32
}
