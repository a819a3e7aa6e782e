//! One run played to its end: every game that the database lacks, recorded as it ends.

use super::plan::{PlanRow, RunPlan, based, hash_of, map_at};
use super::{Schedule, ScheduleError, league, parent};
use crate::env::{Arena, EnvError};
use crate::evaluator::{EvaluatorError, MatchOptions, MatchPlan, PlayedGame, Progress, play_games};
use crate::game::{GameResult, Seed};
use crate::league::Outcome;
use crate::run::Agents;
use crate::run::arena;
use crate::run::config::GameConfig;
use crate::sc2::client::Places;
use crate::storage::{RunKey, RunRow, ScheduledGame, Storage, StorageError};
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Tries to record a game while the database is out of reach, seconds apart as the number of the try says.
const RECORD_TRIES_MAX: u64 = 8;

/// What happens while a schedule is played.
pub enum Event<'a> {
    /// Something to know.
    Note(&'a str),
    /// A run begins, or goes on: so many games are missing.
    Begin { run: &'a str, games: u32 },
    /// A game ended: so many of the missing ones are played; how its row stands.
    Game {
        row: &'a str,
        done: u32,
        progress: Progress,
    },
    /// The run ended, or was stopped.
    End,
}

/// Told of events, from any thread.
pub type Tell<'a> = &'a (dyn Fn(Event) + Sync);

/// What runs are played by.
pub struct Player<'a> {
    pub schedule: &'a Schedule,
    pub storage: &'a Mutex<Storage>,
    pub threads: usize,
    pub stop: &'a AtomicBool,
    pub places: &'a Places,
    pub tell: Tell<'a>,
    /// What was played on so far.
    pub arenas: Mutex<Vec<(GameConfig, Arena)>>,
}

/// Locks what no panic leaves half done.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What is at hand for the rows of one run.
struct Table<'a> {
    run: &'a RunRow,
    plan: &'a RunPlan,
    agents: Agents,
    arena: Arena,
    missing: u32,
}

impl Player<'_> {
    /// What a game is played on, found and started when it is first asked for.
    ///
    /// # Errors
    /// As [`arena::open`].
    pub fn arena(&self, game: &GameConfig) -> Result<Arena, ScheduleError> {
        let mut known = lock(&self.arenas);
        if let Some((_, arena)) = known.iter().find(|(config, _)| config == game) {
            return Ok(arena.clone());
        }
        let opened = arena::open(game, self.places, self.stop)?;
        known.push((game.clone(), opened.clone()));
        Ok(opened)
    }

    /// Plays what is missing of a run.
    ///
    /// # Errors
    /// [`ScheduleError::Stopped`], or whatever keeps a game from being played or recorded; what was recorded stays.
    pub fn play(&self, run: &RunRow) -> Result<(), ScheduleError> {
        let plan = RunPlan::from_row(run)?;
        let known = lock(self.storage).games_of_run(&run.key)?;
        let known: BTreeSet<(u32, u32)> = known.into_iter().collect();
        let missing: Vec<Vec<u32>> = (0..plan.rows.len() as u32)
            .map(|row| {
                (0..plan.games)
                    .filter(|&g| !known.contains(&(row, g)))
                    .collect()
            })
            .collect();
        let base = parent(&self.schedule.file);
        let agents = Agents::at_temperature(plan.settings.temperature as f32);
        let table = Table {
            run,
            plan: &plan,
            agents: agents.with_storage(league(&plan.league, &base)?),
            arena: self.arena(&plan.game())?,
            missing: missing.iter().map(|row| row.len() as u32).sum(),
        };
        let name = format!("{}, due {}", run.key.match_name, run.key.due);
        (self.tell)(Event::Begin {
            run: &name,
            games: table.missing,
        });
        let played = self.rows(&table, &missing, &base);
        (self.tell)(Event::End);
        played
    }

    fn rows(
        &self,
        table: &Table<'_>,
        missing: &[Vec<u32>],
        base: &Path,
    ) -> Result<(), ScheduleError> {
        let mut done = 0;
        let mut checked: Option<&str> = None;
        for (i, (row, games)) in table.plan.rows.iter().zip(missing).enumerate() {
            if games.is_empty() {
                continue;
            }
            if checked != Some(row.plays.as_str()) {
                same_weights(table, row, base)?;
                checked = Some(row.plays.as_str());
            }
            self.row(table, i as u32, games, done, base)?;
            done += games.len() as u32;
        }
        Ok(())
    }

    fn row(
        &self,
        table: &Table<'_>,
        number: u32,
        games: &[u32],
        done_before: u32,
        base: &Path,
    ) -> Result<(), ScheduleError> {
        let row = &table.plan.rows[number as usize];
        let plan = MatchPlan {
            agent: based(row.plays.parse()?, base),
            opponent: based(row.opponent.parse()?, base),
            map: table.arena.load_map(&map_at(&row.map, base))?,
            games: table.plan.games,
            loops_max: table.plan.settings.max_loops,
            seed: Seed(row.seed),
        };
        let name = format!("{} - {} on {}", row.agent, row.opponent, row.map);
        let on_game = |progress: Progress| {
            (self.tell)(Event::Game {
                row: &name,
                done: done_before + progress.done,
                progress,
            });
        };
        let options = MatchOptions {
            threads: self.threads,
            stop: self.stop,
            on_game: &on_game,
            save_replays: self.replay_folder(&table.run.key, number)?,
            arena: &table.arena,
        };
        let gave_up = AtomicBool::new(false);
        let keep = |game: &PlayedGame| {
            let recorded = self.record(&self.entry(table, number, game), &gave_up);
            recorded.map_err(|source| EvaluatorError::Keep {
                source: Box::new(source),
            })
        };
        match play_games(&plan, games, &table.agents, &options, &keep) {
            Ok(_) => Ok(()),
            Err(EvaluatorError::Interrupted) => Err(ScheduleError::Stopped),
            Err(error) => Err(error.into()),
        }
    }

    /// The folder for a row's replays, made; none if none are kept.
    fn replay_folder(&self, key: &RunKey, row: u32) -> Result<Option<PathBuf>, ScheduleError> {
        if self.schedule.config.replays.is_empty() {
            return Ok(None);
        }
        let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
        let due: String = key.due.chars().map(plain).collect();
        let folder = self.schedule.folder.join(&self.schedule.config.replays);
        let folder = folder.join(&key.match_name).join(due).join(row.to_string());
        std::fs::create_dir_all(&folder).map_err(|source| crate::files::FileError::Io {
            op: "make the folder",
            path: folder.clone(),
            source,
        })?;
        Ok(Some(folder))
    }

    fn entry(&self, table: &Table<'_>, number: u32, game: &PlayedGame) -> ScheduledGame {
        let row = &table.plan.rows[number as usize];
        let replay = game.replay.as_ref().map(|path| {
            let below = path.strip_prefix(&self.schedule.folder).unwrap_or(path);
            below.display().to_string()
        });
        ScheduledGame {
            key: table.run.key.clone(),
            plan_row: number,
            game: game.number,
            outcome: match game.result() {
                GameResult::Victory => Outcome::Win,
                GameResult::Defeat => Outcome::Loss,
                GameResult::Tie | GameResult::Undecided => Outcome::Draw,
            },
            seat: game.agent_seat as u8,
            seed: row.seed,
            loops: game.outcome.game_loops,
            state_hash: game.outcome.state_hash,
            agent_hash: row.agent_hash.clone(),
            program: concat!("scc ", env!("CARGO_PKG_VERSION")).to_owned(),
            game_version: version_of(&table.arena),
            replay: replay.unwrap_or_default(),
            ended_ms: Timestamp::now().as_millisecond().max(0) as u64,
        }
    }

    /// Records a game. A database that is out of reach is waited for; once that was in vain, nobody waits again.
    fn record(&self, game: &ScheduledGame, gave_up: &AtomicBool) -> Result<(), ScheduleError> {
        let mut tries = 0;
        loop {
            tries += 1;
            let told = lock(self.storage).record_scheduled_game(game);
            match told {
                Ok(true) => return Ok(()),
                // The try before got through, but its answer did not.
                Ok(false) if tries > 1 => return Ok(()),
                Ok(false) => {
                    return Err(ScheduleError::PlayedTwice {
                        match_name: game.key.match_name.clone(),
                        due: game.key.due.clone(),
                        game: game.game,
                    });
                }
                Err(error) => {
                    let is_over = tries == RECORD_TRIES_MAX
                        || !may_come_back(&error)
                        || gave_up.load(Ordering::Relaxed)
                        || self.stop.load(Ordering::Relaxed);
                    if is_over {
                        gave_up.store(true, Ordering::Relaxed);
                        return Err(error.into());
                    }
                    tracing::warn!("{error}; trying again in {tries} s");
                    sleep(Duration::from_secs(tries), self.stop);
                }
            }
        }
    }
}

/// A run that was stopped is gone on with by the same weights or not at all.
fn same_weights(table: &Table<'_>, row: &PlanRow, base: &Path) -> Result<(), ScheduleError> {
    let spec = based(row.plays.parse()?, base);
    if hash_of(&table.agents, &spec)? == row.agent_hash {
        return Ok(());
    }
    Err(ScheduleError::OtherWeights {
        agent: row.agent.clone(),
    })
}

fn may_come_back(error: &StorageError) -> bool {
    matches!(
        error,
        StorageError::Connect { .. } | StorageError::Busy { .. }
    )
}

/// Whether another try would end alike: the match's own fault, by which the others need not stop.
pub fn is_the_matchs(error: &ScheduleError) -> bool {
    match error {
        ScheduleError::OtherWeights { .. }
        | ScheduleError::Plan { .. }
        | ScheduleError::Spec(_)
        | ScheduleError::Roster(_) => true,
        ScheduleError::Evaluator(EvaluatorError::Agent { .. }) => true,
        ScheduleError::Env(error) | ScheduleError::Evaluator(EvaluatorError::Env(error)) => {
            matches!(
                error,
                EnvError::Map(_)
                    | EnvError::Setup(_)
                    | EnvError::NoSuchMap { .. }
                    | EnvError::Refused(_)
            )
        }
        _ => false,
    }
}

/// What games are played on, in words.
fn version_of(arena: &Arena) -> String {
    match arena {
        Arena::Sc2(games) => {
            let name = match games.installation().is_simulator {
                true => "simulator over the API",
                false => "StarCraft II",
            };
            format!("{name}, base build {}", games.base_build())
        }
        _ => "simulator, patch 4.10".to_owned(),
    }
}

/// Sleeps, unless and until `stop` is set.
pub fn sleep(how_long: Duration, stop: &AtomicBool) {
    let end = Instant::now() + how_long;
    while !stop.load(Ordering::Relaxed) {
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return;
        }
        std::thread::sleep(left.min(Duration::from_millis(100)));
    }
}
