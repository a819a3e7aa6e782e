//! Strategies: games of one race that are built and composed alike, by clustering.
//!
//! Invariant: the same games give the same strategies in any order and with any number of threads: games are worked on in
//! an order of their own content, and sums run over that order.
//!
//! Ward's linkage on the distances of [`Columns`](super::features::Columns)' vectors; the tree is cut where the mean
//! silhouette (Rousseeuw 1987) is greatest, groups below the least size counting 0; below `silhouette_min` there is one
//! strategy. Games far outside their cluster (Tukey's far fence) are outliers, as are groups below the least size.

mod cluster;
mod embed;
mod name;
mod shows;
#[cfg(test)]
mod tests;

use super::PlayerGame;
use super::features::{self, Columns, Outline, Rate};
use crate::game::{Race, Seed};
use cluster::Clusters;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How strategies are looked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct StrategyOptions {
    /// At most this many strategies a race.
    pub strategies_max: usize,
    /// A strategy has at least this share (0..1) of a race's games, and at least `games_min` of them.
    pub share_min: f32,
    pub games_min: usize,
    /// Mean silhouette (-1..1) below which the games are taken for one strategy; 0.25 is Kaufman and Rousseeuw's bound.
    pub silhouette_min: f32,
    /// Two strategies' centers are at least this far apart: silhouettes alone also split games of one strategy that are
    /// nearly alike by the one structure that some of them left out. The distance is that of `features::columns`.
    pub apart_min: f32,
    /// Of more games a race, this many are drawn for clustering; the others join the nearest cluster. Memory: 8 bytes a pair.
    pub clustered_max: usize,
    /// Example games a strategy.
    pub examples: usize,
    /// Of the draw.
    pub seed: u64,
}

impl Default for StrategyOptions {
    fn default() -> Self {
        StrategyOptions {
            strategies_max: 12,
            share_min: 0.02,
            games_min: 3,
            silhouette_min: 0.25,
            apart_min: 0.8,
            clustered_max: 1500,
            examples: 3,
            seed: 1,
        }
    }
}

/// The strategies of a set of games.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Strategies {
    /// Races that were played, in their order.
    pub races: Vec<RaceStrategies>,
    /// One point a game, in the order of the games given.
    pub points: Vec<StrategyPoint>,
}

/// The strategies of one race.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RaceStrategies {
    pub race: Race,
    pub games: u32,
    /// Most frequent first.
    pub strategies: Vec<Strategy>,
    /// Games that fit none: indices into the games given.
    pub outliers: Vec<usize>,
    /// Mean silhouette (-1..1) of the cut; none where there is one strategy.
    pub silhouette: Option<f32>,
    /// Shares (0..1) of the variance of vectors that the plot's two axes show.
    pub axes: [f32; 2],
    /// Games that took part in clustering; fewer than `games` where there were more than `clustered_max`.
    pub clustered: u32,
}

/// One strategy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Strategy {
    /// What is characteristic of it against the others, e.g. `Siege Tank, Viking; third base by 6:00`; unique in its race.
    pub name: String,
    /// Every characteristic with figures, strongest first.
    pub traits: Vec<String>,
    /// Among the race's games.
    pub frequency: Rate,
    pub win_rate: Rate,
    /// Indices into the games given, ascending.
    pub members: Vec<usize>,
    /// The most central members, most central first.
    pub examples: Vec<usize>,
    /// The earliest minute from which on its members can be told from the others: of games seen only until then, at least 80% of
    /// members are nearest to their own mean (which leaves the game itself out), and at least 80% of the others are not. None where that never holds, or nothing is to be told apart.
    pub shows_minute: Option<u32>,
}

/// A game in the plot of its race.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct StrategyPoint {
    /// Index into the games given.
    pub game: usize,
    pub race: Race,
    /// Index into its race's strategies; none of outliers.
    pub strategy: Option<usize>,
    /// First and second principal component, in units of the vectors' distance.
    pub x: f32,
    pub y: f32,
}

/// The strategies in `games`, race by race.
pub fn strategies(games: &[PlayerGame], options: &StrategyOptions) -> Strategies {
    let outlines = features::outlines(games);
    let mut by_race: BTreeMap<Race, Vec<usize>> = BTreeMap::new();
    for game in features::canonical(games) {
        by_race.entry(games[game].race).or_default().push(game);
    }
    let mut found = Strategies::default();
    for (race, order) in by_race {
        let field = Field::new(games, &outlines, &order, options);
        let (result, points) = field.strategies(race);
        found.races.push(result);
        found.points.extend(points);
    }
    found.points.sort_by_key(|point| point.game);
    found
}

/// The games of one race in canonical order; positions are places in that order.
struct Field<'a> {
    games: &'a [PlayerGame],
    /// Position -> index into `games`.
    order: &'a [usize],
    outlines: Vec<&'a Outline>,
    columns: Columns,
    /// `[games, columns]`
    vectors: Vec<Vec<f32>>,
    options: &'a StrategyOptions,
    /// Positions that take part in clustering, ascending.
    drawn: Vec<usize>,
}

impl<'a> Field<'a> {
    fn new(
        games: &'a [PlayerGame],
        outlines: &'a [Outline],
        order: &'a [usize],
        options: &'a StrategyOptions,
    ) -> Field<'a> {
        let outlines: Vec<&Outline> = order.iter().map(|game| &outlines[*game]).collect();
        let columns = Columns::of(&outlines);
        let vectors = outlines
            .par_iter()
            .map(|game| columns.vector(game, u32::MAX));
        Field {
            vectors: vectors.collect(),
            drawn: draw(games, order, options),
            games,
            order,
            outlines,
            columns,
            options,
        }
    }

    fn strategies(&self, race: Race) -> (RaceStrategies, Vec<StrategyPoint>) {
        let clusters = Clusters::of(&self.vectors, &self.drawn, self.options);
        let names = name::names(&self.outlines, &clusters);
        let shows = shows::minutes(&self.columns, &self.outlines, &clusters, &self.drawn);
        let strategies = (0..clusters.members.len())
            .zip(names)
            .map(|(at, (name, traits))| self.strategy(&clusters, at, name, traits, shows[at]))
            .collect();
        let plane = embed::plane(&self.vectors, &self.drawn);
        let points = self
            .order
            .iter()
            .enumerate()
            .map(|(at, game)| StrategyPoint {
                game: *game,
                race,
                strategy: clusters.labels[at],
                x: plane.points[at][0],
                y: plane.points[at][1],
            });
        let outliers = (0..self.order.len()).filter(|at| clusters.labels[*at].is_none());
        let result = RaceStrategies {
            race,
            games: self.order.len() as u32,
            strategies,
            outliers: self.indices(outliers),
            silhouette: clusters.silhouette,
            axes: plane.shares,
            clustered: self.drawn.len() as u32,
        };
        (result, points.collect())
    }

    fn strategy(
        &self,
        clusters: &Clusters,
        at: usize,
        name: String,
        traits: Vec<String>,
        shows_minute: Option<u32>,
    ) -> Strategy {
        let members = &clusters.members[at];
        let central = clusters.by_centrality(at, &self.vectors);
        let results = members.iter().map(|m| self.games[self.order[*m]].result);
        Strategy {
            name,
            traits,
            frequency: Rate::new(members.len() as f64, self.order.len() as u32),
            win_rate: Rate::wins(results),
            members: self.indices(members.iter().copied()),
            examples: central
                .iter()
                .take(self.options.examples)
                .map(|m| self.order[*m])
                .collect(),
            shows_minute,
        }
    }

    /// Positions to ascending indices into the games given.
    fn indices(&self, positions: impl Iterator<Item = usize>) -> Vec<usize> {
        let mut indices: Vec<usize> = positions.map(|at| self.order[at]).collect();
        indices.sort_unstable();
        indices
    }
}

/// Positions that take part in clustering: all, or `clustered_max` drawn by seed and content.
fn draw(games: &[PlayerGame], order: &[usize], options: &StrategyOptions) -> Vec<usize> {
    let mut positions: Vec<usize> = (0..order.len()).collect();
    if order.len() > options.clustered_max {
        let lot = |at: &usize| {
            let content = features::fingerprint(&games[order[*at]]);
            Seed(options.seed).fork("strategies", content).0
        };
        positions.sort_by_cached_key(lot);
        positions.truncate(options.clustered_max);
        positions.sort_unstable();
    }
    positions
}
