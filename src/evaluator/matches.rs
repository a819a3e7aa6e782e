//! Many games of one agent against one opponent, in parallel.

use super::{
    AgentSpec, EvaluatorError, GAME_TRIES_MAX, GameOptions, GameOutcome, GamePlan, Roster,
    SeatPlayer, play_game,
};
use crate::env::Arena;
use crate::files;
use crate::game::{GameResult, MapData, Seed};
use crate::league::interval::wilson95;
use crate::replay;
use crate::threads::side_by_side;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;
use xxhash_rust::xxh3::Xxh3;

/// What a match is; everything that its row depends on.
#[derive(Clone, Debug)]
pub struct MatchPlan {
    pub agent: AgentSpec,
    pub opponent: AgentSpec,
    pub map: Arc<MapData>,
    pub games: u32,
    /// Loops after which a game is a tie.
    pub loops_max: u32,
    pub seed: Seed,
}

/// How to play it.
pub struct MatchOptions<'a> {
    /// Games at once, or groups of games whose players share work.
    pub threads: usize,
    /// Set from outside to give up.
    pub stop: &'a AtomicBool,
    /// Told after every game, from any thread.
    pub on_game: &'a (dyn Fn(Progress) + Sync),
    /// An existing folder for a replay of every game.
    pub save_replays: Option<PathBuf>,
    /// Where it is played.
    pub arena: &'a Arena,
}

/// How far a match is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    pub games: u32,
    pub done: u32,
    pub wins: u32,
    pub losses: u32,
    pub ties: u32,
}

/// One row of a table of matches (`scc match --json`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MatchRow {
    pub agent: String,
    pub opponent: String,
    pub map: String,
    pub games: u32,
    pub wins: u32,
    pub losses: u32,
    pub ties: u32,
    /// wins / games, in 0..1.
    pub win_rate: f64,
    /// Wilson's 95% interval of `win_rate`.
    pub ci95: [f64; 2],
    pub mean_loops: f64,
    /// Game loops of all games over the match's wall-clock time.
    pub loops_per_second: f64,
    /// Over the final states of all games in order, as 16 hexadecimal digits; over the final views where only the game
    /// itself knows its state (StarCraft II's API).
    pub state_hash: String,
    /// Over the results, and the agents' last looks, of all games in order: the same in any arena.
    #[serde(default)]
    pub view_hash: String,
    /// Games that were lost (a process died or hung) and played again.
    #[serde(default)]
    pub repeated: u32,
}

/// A game of a match that was played to its end.
#[derive(Debug)]
pub struct PlayedGame {
    /// Its number in the match: decides its seed and who sits where.
    pub number: u32,
    /// The agent's seat, 0 or 1.
    pub agent_seat: usize,
    pub outcome: GameOutcome,
    /// Where its replay was written.
    pub replay: Option<PathBuf>,
    /// Tries before it that were lost.
    pub repeats: u32,
}

impl PlayedGame {
    /// How it went for the agent.
    pub fn result(&self) -> GameResult {
        self.outcome.result(self.agent_seat)
    }
}

/// Told of every game that ended, from any thread, before it counts; an error of it ends the match.
pub type KeepGame<'a> = &'a (dyn Fn(&PlayedGame) -> Result<(), EvaluatorError> + Sync);

/// Plays all games of a match.
///
/// # Errors
/// The first error of any game; [`EvaluatorError::Interrupted`] if `stop` was set.
pub fn play_match(
    plan: &MatchPlan,
    roster: &dyn Roster,
    options: &MatchOptions,
) -> Result<MatchRow, EvaluatorError> {
    let start = Instant::now();
    let all: Vec<u32> = (0..plan.games).collect();
    let games = play_games(plan, &all, roster, options, &|_| Ok(()))?;
    Ok(row(plan, &games, start.elapsed().as_secs_f64()))
}

/// Plays some games of a match, by their numbers, and tells `keep` of each as it ends; they come back in order of their
/// numbers. A game is the same whichever others are played, but for the last bits of networks' choices, which may depend on
/// who shares a batch ([`Roster::group_max`]).
///
/// # Errors
/// As [`play_match`], and the first error of `keep`. Games that were kept before stay so.
pub fn play_games(
    plan: &MatchPlan,
    numbers: &[u32],
    roster: &dyn Roster,
    options: &MatchOptions,
    keep: KeepGame,
) -> Result<Vec<PlayedGame>, EvaluatorError> {
    let group_max = roster.group_max([&plan.agent, &plan.opponent]).max(1);
    let groups: Vec<&[u32]> = numbers.chunks(group_max).collect();
    let next = AtomicUsize::new(0);
    let failed = AtomicBool::new(false);
    let progress = Mutex::new(Progress {
        games: numbers.len() as u32,
        ..Progress::default()
    });
    let work = || {
        let mut played = Vec::new();
        loop {
            let group = groups.get(next.fetch_add(1, Ordering::Relaxed));
            let Some(group) = group.filter(|_| !failed.load(Ordering::Relaxed)) else {
                return played;
            };
            let outcomes = play_group(plan, group, roster, options, &progress, keep);
            if outcomes.iter().any(|(_, outcome)| outcome.is_err()) {
                failed.store(true, Ordering::Relaxed);
            }
            played.extend(outcomes);
        }
    };
    let threads = options.threads.clamp(1, groups.len().max(1));
    let played = side_by_side((0..threads).map(|_| work));
    let mut played: Vec<Played> = played.into_iter().flatten().collect();
    played.sort_by_key(|(i, _)| *i);
    played.into_iter().map(|(_, game)| game).collect()
}

/// A game's number and how it went.
type Played = (u32, Result<PlayedGame, EvaluatorError>);

/// Plays a game again that was lost, with new players of the same specs.
fn again(
    plan: &MatchPlan,
    i: u32,
    mut error: EvaluatorError,
    roster: &dyn Roster,
    options: &MatchOptions,
) -> Result<PlayedGame, EvaluatorError> {
    for repeats in 1..GAME_TRIES_MAX {
        if !error.is_lost_game() {
            break;
        }
        tracing::warn!(
            "game {i} is lost and played again with the same seed: {}",
            in_full(&error)
        );
        let players = roster.group([&plan.agent, &plan.opponent], 1)?;
        let pair = players.into_iter().next();
        let pair = pair.expect("a roster makes as many pairs as it is asked for");
        match play_one(plan, i, pair, options) {
            Ok(game) => return Ok(PlayedGame { repeats, ..game }),
            Err(next) => error = next,
        }
    }
    Err(error)
}

/// An error and its causes.
fn in_full(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text = format!("{text}: {cause}");
        next = cause.source();
    }
    text
}

/// Games whose players share work, each in a thread of its own; a single one here.
fn play_group(
    plan: &MatchPlan,
    games: &[u32],
    roster: &dyn Roster,
    options: &MatchOptions,
    progress: &Mutex<Progress>,
    keep: KeepGame,
) -> Vec<Played> {
    let specs = [&plan.agent, &plan.opponent];
    let players = match roster.group(specs, games.len()) {
        Ok(players) => players,
        Err(error) => return vec![(games[0], Err(error))],
    };
    let play = |i: u32, players| {
        let played = play_one(plan, i, players, options)
            .or_else(|error| again(plan, i, error, roster, options))
            .and_then(|game| keep(&game).map(|()| game));
        if let Ok(game) = &played {
            tell(progress, game.result(), options);
        }
        (i, played)
    };
    let mut games: Vec<(u32, [SeatPlayer; 2])> = games.iter().copied().zip(players).collect();
    if games.len() == 1 {
        return games.drain(..).map(|(i, pair)| play(i, pair)).collect();
    }
    let play = &play;
    side_by_side(games.into_iter().map(|(i, pair)| move || play(i, pair)))
}

/// The agent sits in seat 0 in even games, in seat 1 in odd ones.
fn agent_seat(game: u32) -> usize {
    game as usize % 2
}

fn tell(progress: &Mutex<Progress>, result: GameResult, options: &MatchOptions) {
    let mut now = progress.lock().unwrap_or_else(PoisonError::into_inner);
    now.done += 1;
    match result {
        GameResult::Victory => now.wins += 1,
        GameResult::Defeat => now.losses += 1,
        GameResult::Tie | GameResult::Undecided => now.ties += 1,
    }
    (options.on_game)(*now);
}

fn play_one(
    plan: &MatchPlan,
    i: u32,
    mut players: [SeatPlayer; 2],
    options: &MatchOptions,
) -> Result<PlayedGame, EvaluatorError> {
    let mut specs = [&plan.agent, &plan.opponent];
    if agent_seat(i) == 1 {
        specs.reverse();
        players.reverse();
    }
    let game = GamePlan {
        map: plan.map.clone(),
        seed: plan.seed.fork("game", i.into()),
        names: specs.map(AgentSpec::to_string),
        ratings: [None, None],
    };
    let game_options = GameOptions {
        loops_max: plan.loops_max,
        record: options.save_replays.is_some(),
        stop: options.stop,
        arena: options.arena,
    };
    let mut outcome = play_game(&game, players, game_options)?;
    let mut kept = None;
    if let Some(folder) = &options.save_replays {
        let path = |extension| {
            let name = format!("{}-{:04}.{extension}", file_part(&game.names), i);
            folder.join(name)
        };
        if let Some(replay) = outcome.replay.take() {
            let path = path(replay::EXTENSION);
            replay::write(&path, &replay)?;
            kept = Some(path);
        }
        if let Some(bytes) = outcome.sc2_replay.take() {
            let path = path(SC2_EXTENSION);
            if let Err(source) = files::write_atomic(&path, &bytes) {
                return Err(EvaluatorError::Write { path, source });
            }
            kept = Some(path);
        }
    }
    Ok(PlayedGame {
        number: i,
        agent_seat: agent_seat(i),
        outcome,
        replay: kept,
        repeats: 0,
    })
}

/// Extension of StarCraft II's replay files.
const SC2_EXTENSION: &str = "SC2Replay";

/// Names of both players as part of a file name.
fn file_part(names: &[String; 2]) -> String {
    let plain = |name: &String| -> String {
        let tail = name.rsplit('/').next().unwrap_or(name);
        let keep = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
        tail.chars().take(40).map(keep).collect()
    };
    format!("{}-vs-{}", plain(&names[0]), plain(&names[1]))
}

fn row(plan: &MatchPlan, games: &[PlayedGame], seconds: f64) -> MatchRow {
    let outcomes: Vec<&GameOutcome> = games.iter().map(|g| &g.outcome).collect();
    let count = |result| games.iter().filter(|g| g.result() == result).count() as u32;
    let hash = |of: fn(&GameOutcome) -> u64| {
        let mut hasher = Xxh3::new();
        for outcome in &outcomes {
            hasher.update(&of(outcome).to_le_bytes());
        }
        format!("{:016x}", hasher.digest())
    };
    let loops: f64 = outcomes.iter().map(|o| f64::from(o.game_loops)).sum();
    let repeated = games.iter().map(|g| g.repeats).sum();
    let (games, wins) = (outcomes.len() as u32, count(GameResult::Victory));
    let losses = count(GameResult::Defeat);
    MatchRow {
        agent: plan.agent.to_string(),
        opponent: plan.opponent.to_string(),
        map: plan.map.name.clone(),
        games,
        wins,
        losses,
        ties: games - wins - losses,
        win_rate: f64::from(wins) / f64::from(games.max(1)),
        ci95: wilson95(wins, games).into(),
        mean_loops: loops / f64::from(games.max(1)),
        loops_per_second: loops / seconds.max(1e-9),
        state_hash: hash(|o| o.state_hash),
        view_hash: hash(|o| o.view_hash),
        repeated,
    }
}
