//! What a set of games looks like as a whole, race by race: curves, mixes, when things come, harassment, actions.

use super::game::{PlayerGame, Stage};
use super::kinds::{self, Kind};
use super::profile::{CurvePoint, GRID_LOOPS, MINUTE_LOOPS, MixPoint, Profile, Shares, news};
use super::stats::{Described, describe, quantile};
use crate::game::{GameResult, Race};
use crate::league::interval::wilson95;
use serde::Serialize;
use std::collections::BTreeMap;

/// Curves end where fewer than this share of the games is still played (but not before two are).
const PLAYED_SHARE_MIN: f64 = 0.1;
/// What fewer than this share of the players makes is no landmark.
const LANDMARK_SHARE_MIN: f64 = 0.1;

/// A set of games.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SetSummary {
    /// Games by files, and players' sides of them.
    pub n_games: usize,
    pub n_players: usize,
    pub maps: BTreeMap<String, usize>,
    pub versions: BTreeMap<String, usize>,
    pub races: Vec<RaceSummary>,
}

/// All players of one race in a set.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RaceSummary {
    pub race: Race,
    pub n_players: usize,
    pub matchups: Vec<Matchup>,
    /// Curves by the names of [`CURVES`].
    pub curves: BTreeMap<&'static str, Vec<Band>>,
    /// Mean mix of the units trained so far, each minute, and over whole games (the last row).
    pub mixes: Vec<MeanMix>,
    /// What most make and when, by time.
    pub landmarks: Vec<Landmark>,
    pub harassment: HarassmentSummary,
    /// Commands a minute over whole games, of players whose commands are recorded.
    pub actions_per_minute: Option<Described>,
    /// Most commands within a minute.
    pub peak_actions: Option<Described>,
}

/// How players of a race did against another.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Matchup {
    /// E.g. `TvZ`; `Tv?` of games of more than two.
    pub matchup: String,
    pub games: u32,
    pub wins: u32,
    pub losses: u32,
    /// Wins among won and lost games, with Wilson's 95% interval; none without such games.
    pub win_rate: Option<[f64; 3]>,
}

/// A curve's point over all games that are still played then.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Band {
    pub game_loop: u32,
    pub n: usize,
    pub mean: f64,
    pub q25: f64,
    pub q75: f64,
}

/// The mean of all games' shares at a time; `game_loop` is none of whole games.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MeanMix {
    pub game_loop: Option<u32>,
    pub n: usize,
    pub trained: Shares,
    pub trained_value: Shares,
    pub alive_value: Shares,
}

/// When something first comes: structures put down, units and upgrades finished.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Landmark {
    pub what: String,
    pub kind: &'static str,
    /// Share of the players that make it at all.
    pub share: f64,
    /// Quartiles of the first one's game loop, among those.
    pub q25_loop: f64,
    pub median_loop: f64,
    pub q75_loop: f64,
}

/// Means a game; see [`super::profile::Harassment`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct HarassmentSummary {
    pub workers_killed: f64,
    pub workers_lost: f64,
    pub value_in_lines: f64,
    pub raids: f64,
    pub transports: f64,
}

/// A figure of a point of a curve.
type Figure = fn(&CurvePoint) -> f64;

/// The curves that are drawn: name, and what it is of a point.
pub const CURVES: [(&str, Figure); 8] = [
    ("supply", |it| f64::from(it.supply_used)),
    ("workers", |it| f64::from(it.workers)),
    ("army value", |it| f64::from(it.army_value)),
    ("town halls", |it| f64::from(it.bases)),
    ("production structures", |it| f64::from(it.production)),
    ("minerals a minute", |it| f64::from(it.minerals_rate)),
    ("vespene a minute", |it| f64::from(it.vespene_rate)),
    ("killed value", |it| f64::from(it.killed_value)),
];

/// The races that a set has, in their order, with the indices of their players.
pub fn by_race(profiles: &[Profile]) -> BTreeMap<Race, Vec<usize>> {
    let mut races: BTreeMap<Race, Vec<usize>> = BTreeMap::new();
    for (idx, it) in profiles.iter().enumerate() {
        races.entry(it.race).or_default().push(idx);
    }
    races
}

/// Sums a set up; `games` and `profiles` are of the same players in the same order.
pub fn summarize(games: &[PlayerGame], profiles: &[Profile]) -> SetSummary {
    let mut files: BTreeMap<_, &PlayerGame> = BTreeMap::new();
    for game in games {
        files.entry(&game.file).or_insert(game);
    }
    let counted = |of: fn(&PlayerGame) -> &String| {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for game in files.values() {
            *counts.entry(of(game).clone()).or_default() += 1;
        }
        counts
    };
    let races = by_race(profiles);
    let races = races.iter().map(|(race, of)| {
        let profiles: Vec<&Profile> = of.iter().map(|idx| &profiles[*idx]).collect();
        let games: Vec<&PlayerGame> = of.iter().map(|idx| &games[*idx]).collect();
        race_summary(*race, &games, &profiles)
    });
    SetSummary {
        n_games: files.len(),
        n_players: games.len(),
        maps: counted(|it| &it.map),
        versions: counted(|it| &it.version),
        races: races.collect(),
    }
}

fn race_summary(race: Race, games: &[&PlayerGame], profiles: &[&Profile]) -> RaceSummary {
    let per_minute = profiles.iter().filter_map(|it| it.actions.per_minute);
    let peaks = profiles.iter().filter_map(|it| it.actions.peak_minute);
    RaceSummary {
        race,
        n_players: profiles.len(),
        matchups: matchups(race, profiles),
        curves: CURVES
            .iter()
            .map(|(name, figure)| (*name, bands(profiles, *figure)))
            .collect(),
        mixes: mean_mixes(profiles),
        landmarks: landmarks(games),
        harassment: harassment(profiles),
        actions_per_minute: describe(&per_minute.collect::<Vec<f64>>()),
        peak_actions: describe(&peaks.map(|it| it as f64).collect::<Vec<f64>>()),
    }
}

/// A race's letter.
pub fn letter(race: Option<Race>) -> char {
    match race {
        Some(Race::Terran) => 'T',
        Some(Race::Zerg) => 'Z',
        Some(Race::Protoss) => 'P',
        Some(Race::Random) | None => '?',
    }
}

fn matchups(race: Race, profiles: &[&Profile]) -> Vec<Matchup> {
    let mut found: BTreeMap<String, [u32; 3]> = BTreeMap::new();
    for it in profiles {
        let name = format!("{}v{}", letter(Some(race)), letter(it.opponent_race));
        let counts = found.entry(name).or_default();
        counts[0] += 1;
        counts[1] += u32::from(it.result == Some(GameResult::Victory));
        counts[2] += u32::from(it.result == Some(GameResult::Defeat));
    }
    let row = |(matchup, [games, wins, losses]): (String, [u32; 3])| {
        let decided = wins + losses;
        let (low, high) = wilson95(wins, decided);
        Matchup {
            matchup,
            games,
            wins,
            losses,
            win_rate: (decided > 0).then(|| [f64::from(wins) / f64::from(decided), low, high]),
        }
    };
    found.into_iter().map(row).collect()
}

/// Fewest games that a point of a curve stands on.
fn n_min(n: usize) -> usize {
    ((n as f64 * PLAYED_SHARE_MIN).ceil() as usize).max(n.min(2))
}

fn bands(profiles: &[&Profile], figure: Figure) -> Vec<Band> {
    let longest = profiles.iter().map(|it| it.curve.len()).max().unwrap_or(0);
    let mut bands = Vec::new();
    for i in 0..longest {
        let points = profiles.iter().filter_map(|it| it.curve.get(i));
        let mut values: Vec<f64> = points.map(figure).collect();
        if values.len() < n_min(profiles.len()) {
            break;
        }
        values.sort_by(f64::total_cmp);
        bands.push(Band {
            game_loop: i as u32 * GRID_LOOPS,
            n: values.len(),
            mean: values.iter().sum::<f64>() / values.len() as f64,
            q25: quantile(&values, 0.25),
            q75: quantile(&values, 0.75),
        });
    }
    bands
}

fn mean_mixes(profiles: &[&Profile]) -> Vec<MeanMix> {
    let mut rows = Vec::new();
    let lasts: Vec<&MixPoint> = profiles.iter().filter_map(|it| it.mixes.last()).collect();
    let last_loop = lasts.iter().map(|it| it.game_loop).max().unwrap_or(0);
    for minute in 1..=last_loop / MINUTE_LOOPS {
        let game_loop = minute * MINUTE_LOOPS;
        let at = |it: &&Profile| -> Option<usize> {
            it.mixes
                .iter()
                .position(|point| point.game_loop == game_loop)
        };
        let points = profiles.iter().filter_map(|it| Some(&it.mixes[at(it)?]));
        let points: Vec<&MixPoint> = points.collect();
        if points.len() < n_min(profiles.len()) {
            break;
        }
        rows.push(mean_mix(Some(game_loop), &points));
    }
    rows.push(mean_mix(None, &lasts));
    rows
}

/// Players who have trained nothing yet take no part in the mean.
fn mean_mix(game_loop: Option<u32>, points: &[&MixPoint]) -> MeanMix {
    let mean = |of: fn(&MixPoint) -> &Shares| {
        let some: Vec<&Shares> = points
            .iter()
            .map(|it| of(it))
            .filter(|shares| !shares.is_empty())
            .collect();
        let mut sums = Shares::new();
        for (name, share) in some.iter().flat_map(|shares| shares.iter()) {
            *sums.entry(name.clone()).or_default() += share / some.len() as f64;
        }
        sums
    };
    MeanMix {
        game_loop,
        n: points.len(),
        trained: mean(|it| &it.trained),
        trained_value: mean(|it| &it.trained_value),
        alive_value: mean(|it| &it.alive_value),
    }
}

/// Of every type, when each player first makes it.
fn landmarks(games: &[&PlayerGame]) -> Vec<Landmark> {
    let mut firsts: BTreeMap<(&'static str, &str), Vec<f64>> = BTreeMap::new();
    for game in games {
        for (key, at) in first_of_each(game) {
            firsts.entry(key).or_default().push(f64::from(at));
        }
        let second = super::profile::expansions(game);
        for (nth, it) in second.iter().take(EXPANSIONS.len()).enumerate() {
            let times = firsts.entry(("expansion", EXPANSIONS[nth])).or_default();
            times.push(f64::from(it.begun_loop));
        }
    }
    let n = games.len() as f64;
    let mut rows: Vec<Landmark> = firsts
        .into_iter()
        .filter(|(_, times)| times.len() as f64 >= n * LANDMARK_SHARE_MIN)
        .map(|((kind, what), mut times)| {
            times.sort_by(f64::total_cmp);
            Landmark {
                what: what.to_owned(),
                kind,
                share: times.len() as f64 / n,
                q25_loop: quantile(&times, 0.25),
                median_loop: quantile(&times, 0.5),
                q75_loop: quantile(&times, 0.75),
            }
        })
        .collect();
    rows.sort_by(|a, b| a.median_loop.total_cmp(&b.median_loop));
    rows
}

/// Names of the town halls beyond the first.
const EXPANSIONS: [&str; 3] = ["second base", "third base", "fourth base"];

fn first_of_each(game: &PlayerGame) -> BTreeMap<(&'static str, &str), u32> {
    let mut firsts = BTreeMap::new();
    for making in news(game) {
        let key = match (making.stage, kinds::facts(&making.what)) {
            (Stage::Researched, _) => ("upgrade", &*making.what),
            (Stage::Begun, Some(it)) if it.is_structure() && it.kind != Kind::TownHall => {
                ("structure", it.name)
            }
            (Stage::Done, Some(it)) if it.kind == Kind::Unit => ("unit", it.name),
            (Stage::Morphed, Some(it)) if it.kind == Kind::Unit => ("unit", it.name),
            (Stage::Morphed, Some(it)) => ("structure", it.name),
            _ => continue,
        };
        firsts.entry(key).or_insert(making.game_loop);
    }
    firsts
}

fn harassment(profiles: &[&Profile]) -> HarassmentSummary {
    let n = profiles.len().max(1) as f64;
    let mean = |of: &dyn Fn(&Profile) -> f64| profiles.iter().map(|it| of(it)).sum::<f64>() / n;
    HarassmentSummary {
        workers_killed: mean(&|it| it.harassment.workers_killed.into()),
        workers_lost: mean(&|it| it.harassment.workers_lost.into()),
        value_in_lines: mean(&|it| it.harassment.value_in_lines.into()),
        raids: mean(&|it| it.harassment.raids.len() as f64),
        transports: mean(&|it| it.harassment.transports.into()),
    }
}
