//! Demonstrations: scripts against each other and against the built-in AI, into replay files that name ratings.

use super::RunError;
use super::config::ImitationConfig;
use super::progress::Progress;
use crate::env::Arena;
use crate::evaluator::{AgentSpec, GameOptions, GamePlan, Roster, game_seed, play_game};
use crate::files::write_atomic;
use crate::game::{GameResult, MapData, Seed};
use crate::league::elo::{PairResult, ratings};
use crate::replay::{self, Replay};
use crate::threads::side_by_side;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// A demonstrator's or opponent's rating, by maximum likelihood over all demonstration games.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DemonstratorRating {
    pub name: String,
    /// Elo; the mean of all demonstrators is 0.
    pub elo: f64,
    pub games: u32,
    pub score: f64,
}

/// One game to be played.
struct Pairing {
    players: [AgentSpec; 2],
    seed: Seed,
    path: PathBuf,
}

/// Plays what is missing of the demonstrations into `folder`, rates the players, and writes the ratings into the files.
///
/// A game whose file is there, whole and of the same players and seed, is not played again.
///
/// # Errors
/// If a game cannot be played or written, or `stop` was set.
pub fn make(
    config: &ImitationConfig,
    map: &Arc<MapData>,
    folder: &Path,
    roster: &dyn Roster,
    threads: usize,
    stop: &AtomicBool,
    progress: &dyn Progress,
) -> Result<Vec<PathBuf>, RunError> {
    let plan = pairings(config, folder)?;
    progress.begin("demonstrations", plan.len() as u64);
    let next = AtomicUsize::new(0);
    let done = AtomicUsize::new(0);
    let work = || -> Result<(), RunError> {
        while let Some(pairing) = plan.get(next.fetch_add(1, Ordering::Relaxed)) {
            let played = if is_there(pairing) {
                Ok(())
            } else {
                play(pairing, map, config.demonstrations.loops_max, roster, stop)
            };
            if played.is_err() {
                next.store(plan.len(), Ordering::Relaxed);
            }
            played?;
            let n = done.fetch_add(1, Ordering::Relaxed) + 1;
            progress.at(n as u64, "games");
        }
        Ok(())
    };
    let worked: Vec<Result<(), RunError>> = side_by_side((0..threads.max(1)).map(|_| work));
    worked.into_iter().collect::<Result<(), _>>()?;
    let files: Vec<PathBuf> = plan.into_iter().map(|p| p.path).collect();
    let rated = rate(&files)?;
    let text = serde_json::to_string_pretty(&rated).unwrap_or_default();
    write_atomic(&folder.join("ratings.json"), text.as_bytes())?;
    progress.end(&format!("{} games", files.len()));
    Ok(files)
}

/// Everybody who demonstrates: those named, or every script.
fn demonstrators(config: &ImitationConfig) -> Result<Vec<AgentSpec>, RunError> {
    if config.demonstrations.agents.is_empty() {
        let names = crate::agent::scripted::names().into_iter();
        return Ok(names.map(|n| AgentSpec::Scripted(n.to_owned())).collect());
    }
    parse(&config.demonstrations.agents)
}

fn parse(list: &[String]) -> Result<Vec<AgentSpec>, RunError> {
    list.iter().map(|text| Ok(text.parse()?)).collect()
}

/// Who plays whom: by turns through all pairs of demonstrators, and through demonstrators against opponents, in the
/// share that the config says; seats are swapped every other round.
fn pairings(config: &ImitationConfig, folder: &Path) -> Result<Vec<Pairing>, RunError> {
    let demos = &config.demonstrations;
    let agents = demonstrators(config)?;
    let opponents = parse(&demos.opponents)?;
    let among: Vec<[&AgentSpec; 2]> = (0..agents.len())
        .flat_map(|a| (a..agents.len()).map(move |b| (a, b)))
        .map(|(a, b)| [&agents[a], &agents[b]])
        .collect();
    let against: Vec<[&AgentSpec; 2]> = agents
        .iter()
        .flat_map(|a| opponents.iter().map(move |o| [a, o]))
        .collect();
    let seed = Seed(config.seed).fork("demonstrations", 0);
    let (mut n_among, mut n_against) = (0, 0);
    let mut plan = Vec::new();
    for i in 0..demos.games {
        let wanted = (f64::from(i + 1) * demos.opponent_share).floor() as usize;
        let (list, n) = if wanted > n_against {
            (&against, &mut n_against)
        } else {
            (&among, &mut n_among)
        };
        // A stride that shares no factor with the list visits it in a mixed order, so that a short run sees everybody.
        let mut players = list[(*n * stride(list.len())) % list.len()].map(Clone::clone);
        if (*n / list.len() + *n) % 2 == 1 {
            players.reverse();
        }
        *n += 1;
        plan.push(Pairing {
            players,
            seed: seed.fork("game", i.into()),
            path: folder.join(format!("{i:06}.{}", replay::EXTENSION)),
        });
    }
    Ok(plan)
}

fn stride(n: usize) -> usize {
    let gcd = |mut a: usize, mut b: usize| {
        while b > 0 {
            (a, b) = (b, a % b);
        }
        a
    };
    (n * 5 / 8..)
        .find(|&s| s > 0 && gcd(s, n) == 1)
        .unwrap_or(1)
}

fn is_there(pairing: &Pairing) -> bool {
    replay::read(&pairing.path).is_ok_and(|r| {
        let names = pairing.players.each_ref().map(AgentSpec::to_string);
        r.header.seed == game_seed(pairing.seed)
            && r.header.seats[0].name == names[0]
            && r.header.seats[1].name == names[1]
    })
}

fn play(
    pairing: &Pairing,
    map: &Arc<MapData>,
    loops_max: u32,
    roster: &dyn Roster,
    stop: &AtomicBool,
) -> Result<(), RunError> {
    let plan = GamePlan {
        map: map.clone(),
        seed: pairing.seed,
        names: pairing.players.each_ref().map(AgentSpec::to_string),
        ratings: [None, None],
    };
    let players = [
        roster.player(&pairing.players[0])?,
        roster.player(&pairing.players[1])?,
    ];
    let options = GameOptions {
        loops_max,
        record: true,
        stop,
        // Demonstrations are replays of the simulator, whatever is played on else.
        arena: &Arena::Simulator,
    };
    let outcome = play_game(&plan, players, options)?;
    if let Some(game) = outcome.replay {
        replay::write(&pairing.path, &game)?;
    }
    Ok(())
}

/// Rates everybody and writes the ratings into the files whose ratings differ.
fn rate(files: &[PathBuf]) -> Result<Vec<DemonstratorRating>, RunError> {
    let mut names: BTreeMap<String, usize> = BTreeMap::new();
    let mut games: Vec<Replay> = Vec::new();
    for file in files {
        let game = replay::read(file)?;
        for seat in &game.header.seats {
            let n = names.len();
            names.entry(seat.name.clone()).or_insert(n);
        }
        games.push(game);
    }
    let index = |name: &str| names[name];
    let results: Vec<PairResult> = games
        .iter()
        .map(|game| PairResult {
            player: index(&game.header.seats[0].name),
            opponent: index(&game.header.seats[1].name),
            score: score(game),
            games: 1.0,
        })
        .collect();
    let rated = ratings(names.len(), &results, 0);
    let scripts: Vec<usize> = names
        .iter()
        .filter(|(name, _)| !name.starts_with("builtin:"))
        .map(|(_, &i)| i)
        .collect();
    let mean = scripts.iter().map(|&i| rated[i].elo).sum::<f64>() / scripts.len().max(1) as f64;
    for (file, game) in files.iter().zip(&mut games) {
        let new = game.header.seats.each_ref().map(|seat| {
            // Tenths are well below the standard error, and stable when one more game is played.
            Some(((rated[index(&seat.name)].elo - mean) * 10.0).round() as f32 / 10.0)
        });
        if new != game.header.seats.each_ref().map(|s| s.rating) {
            for (seat, rating) in game.header.seats.iter_mut().zip(new) {
                seat.rating = rating;
            }
            replay::write(file, game)?;
        }
    }
    Ok(table(&names, &results, |i| rated[i].elo - mean))
}

fn score(game: &Replay) -> f64 {
    match game.header.results.first().map(|r| r.result) {
        Some(GameResult::Victory) => 1.0,
        Some(GameResult::Defeat) => 0.0,
        _ => 0.5,
    }
}

fn table(
    names: &BTreeMap<String, usize>,
    results: &[PairResult],
    elo: impl Fn(usize) -> f64,
) -> Vec<DemonstratorRating> {
    let mut list: Vec<DemonstratorRating> = names
        .iter()
        .map(|(name, &i)| {
            let mut row = DemonstratorRating {
                name: name.clone(),
                elo: elo(i),
                games: 0,
                score: 0.0,
            };
            for r in results {
                if r.player == i {
                    row.games += 1;
                    row.score += r.score;
                }
                if r.opponent == i {
                    row.games += 1;
                    row.score += 1.0 - r.score;
                }
            }
            row
        })
        .collect();
    list.sort_by(|a, b| b.elo.total_cmp(&a.elo));
    list
}
