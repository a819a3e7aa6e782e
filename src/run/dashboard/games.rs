//! `/api/games`: games that ended lately, of a database and of replay files, a game that is in both once.

use super::Board;
use super::league::{LeagueView, in_words};
use super::replay_files::Found;
use crate::game::GameLoop;
use crate::league::Outcome;
use crate::run::kept_replays;
use crate::storage::{GameRow, ScheduledGame, Storage, StorageError};
use serde::Serialize;
use std::path::Path;

/// Games that are given out at most.
pub const GAMES_MAX: usize = 200;
/// And unless another number is asked for.
pub const GAMES_DEFAULT: usize = 50;

/// One game.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GameView {
    /// What it was played for: `training`, `evaluation`, `z_evaluation`, `schedule`, or `replay` of what only a file tells.
    pub kind: &'static str,
    /// Number of the match, or of the game in its row.
    pub number: Option<u64>,
    pub players: [String; 2],
    /// For the first player: `win`, `loss` or `draw`.
    pub result: &'static str,
    pub map: String,
    pub loops: u32,
    /// Of game time.
    pub seconds: f64,
    /// When it ended, in milliseconds since 1970; of a file alone, when that was written.
    pub ended_ms: u64,
    /// Name to ask `/api/replay` with, if it can be watched.
    pub replay: Option<String>,
    /// Schedule and match of a scheduled game.
    pub schedule: Option<String>,
}

/// The newest first.
pub type GameList = Vec<GameView>;

/// The document.
#[derive(Serialize)]
struct GamesReply<'a> {
    games: &'a [GameView],
    problem: Option<String>,
}

impl Board {
    pub(super) fn games_json(&self, limit: usize) -> Vec<u8> {
        let (games, problem) = self.games.get(|| self.read_games());
        let games = games.as_deref().map_or(&[][..], Vec::as_slice);
        let reply = GamesReply {
            games: &games[..games.len().min(limit)],
            problem,
        };
        serde_json::to_vec(&reply).unwrap_or_default()
    }

    fn read_games(&self) -> Result<GameList, String> {
        let mut files = self.files.newest(GAMES_MAX);
        let mut games = Vec::new();
        let (league, _) = self.league();
        if let (Some(at), Some(league)) = (&self.storage, league) {
            match Storage::open_to_read(at) {
                Ok(mut storage) => games = stored(&mut storage, &league, &mut files)?,
                Err(StorageError::NoLeague { .. } | StorageError::Missing { .. }) => {}
                Err(error) => return Err(in_words(&error)),
            }
        }
        games.extend(files.into_iter().map(of_file));
        games.sort_by(|a, b| b.ended_ms.cmp(&a.ended_ms).then(b.number.cmp(&a.number)));
        games.truncate(GAMES_MAX);
        Ok(games)
    }
}

/// Games of the database, with their files, which are taken out of `files`.
fn stored(
    storage: &mut Storage,
    league: &LeagueView,
    files: &mut Vec<Found>,
) -> Result<GameList, String> {
    let failed = |error: StorageError| in_words(&error);
    let mut games = Vec::new();
    if league.league.is_some() {
        let rows = storage.recent_games(GAMES_MAX as u64).map_err(failed)?;
        games.extend(rows.iter().map(|row| of_league(row, league, files)));
    }
    if !league.schedules.is_empty() {
        let rows = storage
            .recent_scheduled_games(GAMES_MAX as u64)
            .map_err(failed)?;
        games.extend(rows.iter().map(|row| of_schedule(row, files)));
    }
    Ok(games)
}

/// Takes the file out that `is_it` is true of; its name.
fn take(files: &mut Vec<Found>, is_it: impl Fn(&Found) -> bool) -> Option<String> {
    let at = files.iter().position(is_it)?;
    Some(files.remove(at).name)
}

fn of_league(row: &GameRow, league: &LeagueView, files: &mut Vec<Found>) -> GameView {
    let result = &row.result;
    let name = |id: crate::league::PlayerId| {
        let known = league.names.get(id.idx()).cloned();
        known.unwrap_or_else(|| id.to_string())
    };
    let replay = row.match_number.and_then(|number| {
        take(files, |f| {
            kept_replays::number_of(Path::new(&f.name)) == Some(number)
                && f.header.game_loops == row.loops
        })
    });
    GameView {
        kind: result.kind.name(),
        number: row.match_number,
        players: [name(result.player), name(result.opponent)],
        result: word(result.outcome),
        map: row.map.clone(),
        loops: row.loops,
        seconds: GameLoop(row.loops).seconds(),
        ended_ms: row.ended_ms,
        replay,
        schedule: None,
    }
}

fn of_schedule(row: &ScheduledGame, files: &mut Vec<Found>) -> GameView {
    let own = Path::new(&row.replay)
        .file_name()
        .and_then(|name| name.to_str());
    // Files of two runs have the same names in folders of their own: the final state says which it is.
    let same = |f: &Found| Some(f.name.as_str()) == own && f.header.state_hash == row.state_hash;
    let of = files.iter().find(|f| same(f)).map(|f| &f.header);
    let agent = usize::from(row.seat.min(1));
    let named = |seat: usize| of.map(|header| header.seats[seat].name.clone());
    let (agent, opponent) = (named(agent), named(1 - agent));
    let map = of.map_or(String::new(), |header| header.map_name.clone());
    GameView {
        kind: "schedule",
        number: Some(row.game.into()),
        players: [
            agent.unwrap_or_else(|| "agent".to_owned()),
            opponent.unwrap_or_else(|| format!("row {}", row.plan_row)),
        ],
        result: word(row.outcome),
        map,
        loops: row.loops,
        seconds: GameLoop(row.loops).seconds(),
        ended_ms: row.ended_ms,
        replay: take(files, same),
        schedule: Some(format!("{}: {}", row.key.schedule, row.key.match_name)),
    }
}

fn of_file(file: Found) -> GameView {
    let header = &file.header;
    GameView {
        kind: "replay",
        number: kept_replays::number_of(Path::new(&file.name)),
        players: header.seats.each_ref().map(|seat| seat.name.clone()),
        result: match header.winner() {
            Some(0) => "win",
            Some(_) => "loss",
            None => "draw",
        },
        map: header.map_name.clone(),
        loops: header.game_loops,
        seconds: GameLoop(header.game_loops).seconds(),
        ended_ms: file.written_ms,
        replay: Some(file.name),
        schedule: None,
    }
}

fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Win => "win",
        Outcome::Draw => "draw",
        Outcome::Loss => "loss",
    }
}
