//! Threads that make parts: each takes the next file, and keeps its process of the game while the version stays.

use super::plan::{FILE_BYTES_MAX, Job, Way};
use super::{ExtractOptions, Failure, RunError};
use crate::dataset::parts::Parts;
use crate::dataset::{Extracted, Subject, Watched, commands_of, extract, extract_watched};
use crate::env::{EnvError, Sc2Watcher};
use crate::files::read_limited;
use crate::game::{GameInfo, GameResult, PlayerCommand, PlayerId, RawObservation};
use crate::replay::{self, InfoPlayer};
use crate::sc2::client::{Launch, Ports};
use crate::threads::side_by_side;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// Tries to watch a replay whose game dies or hangs, each on a fresh process.
const TRIES_MAX: u32 = 3;
/// Replays lost one after the other, over all threads, before nothing more is tried: the game does not run.
const LOST_MAX: usize = 8;

/// What became of the jobs.
#[derive(Debug, Default)]
pub(super) struct Worked {
    /// Plans of the parts that are there, in the jobs' order.
    pub done: Vec<u64>,
    /// How many of them were there before.
    pub kept: usize,
    pub failures: Vec<(PathBuf, Failure)>,
    /// Stopped from outside, or given up: some jobs were not tried.
    pub is_stopped: bool,
}

/// What became of one job.
enum Outcome {
    Kept,
    Done,
    Failed(Failure),
    /// Not tried, or not to its end.
    Stopped,
}

/// What the threads share.
struct Shared<'a> {
    jobs: &'a [Job],
    /// Indices of jobs by what they are watched on, so that processes seldom change.
    order: Vec<usize>,
    parts: &'a Parts<'a>,
    options: &'a ExtractOptions<'a>,
    ports: Arc<Ports>,
    next: AtomicUsize,
    finished: AtomicUsize,
    /// Replays lost since one was not.
    lost: AtomicUsize,
    gave_up: AtomicBool,
}

/// Makes the parts that are missing.
///
/// # Errors
/// If a part cannot be written.
pub(super) fn work(
    jobs: &[Job],
    parts: &Parts,
    options: &ExtractOptions,
) -> Result<Worked, RunError> {
    let mut order: Vec<usize> = (0..jobs.len()).collect();
    order.sort_by_key(|&i| match &jobs[i].way {
        Way::Simulator => None,
        Way::Watched(launch) => Some((launch.base_build, launch.data_version.clone())),
    });
    let shared = Shared {
        jobs,
        order,
        parts,
        options,
        ports: Arc::default(),
        next: AtomicUsize::new(0),
        finished: AtomicUsize::new(0),
        lost: AtomicUsize::new(0),
        gave_up: AtomicBool::new(false),
    };
    let mut outcomes: Vec<(usize, Outcome)> = Vec::new();
    let threads = options.threads.clamp(1, jobs.len().max(1));
    for made in side_by_side((0..threads).map(|_| || shared.run())) {
        outcomes.extend(made?);
    }
    outcomes.sort_by_key(|(i, _)| *i);
    Ok(collect(jobs, outcomes))
}

fn collect(jobs: &[Job], outcomes: Vec<(usize, Outcome)>) -> Worked {
    let mut worked = Worked {
        is_stopped: outcomes.len() < jobs.len(),
        ..Worked::default()
    };
    for (i, outcome) in outcomes {
        match outcome {
            Outcome::Kept => {
                worked.kept += 1;
                worked.done.push(jobs[i].plan);
            }
            Outcome::Done => worked.done.push(jobs[i].plan),
            Outcome::Failed(failure) => worked.failures.push((jobs[i].path.clone(), failure)),
            Outcome::Stopped => worked.is_stopped = true,
        }
    }
    worked
}

impl Shared<'_> {
    /// One thread: the outcomes of the jobs that it took.
    fn run(&self) -> Result<Vec<(usize, Outcome)>, RunError> {
        let watching = self.options.watching.ok();
        let mut watcher = watching.map(|w| {
            let ports = self.ports.clone();
            Sc2Watcher::new(&w.installation, ports, w.limits, self.options.stop)
        });
        let mut outcomes = Vec::new();
        while !self.is_stopped() {
            let at = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(&i) = self.order.get(at) else { break };
            let outcome = self.one(&self.jobs[i], watcher.as_mut());
            if outcome.is_err() {
                // The others need not begin new files: nothing can be written.
                self.gave_up.store(true, Ordering::Relaxed);
            }
            outcomes.push((i, outcome?));
            let n = self.finished.fetch_add(1, Ordering::Relaxed) + 1;
            (self.options.on_file)(n, self.jobs.len());
        }
        Ok(outcomes)
    }

    fn is_stopped(&self) -> bool {
        self.options.stop.load(Ordering::Relaxed) || self.gave_up.load(Ordering::Relaxed)
    }

    fn one(&self, job: &Job, watcher: Option<&mut Sc2Watcher>) -> Result<Outcome, RunError> {
        if self.parts.find(job.plan).is_some() {
            return Ok(Outcome::Kept);
        }
        let extracted = match (&job.way, watcher) {
            (Way::Watched(launch), Some(watcher)) => self.watched(job, launch, watcher),
            _ => self.played_again(job),
        };
        Ok(match extracted {
            Ok(players) => {
                self.parts.write(job.plan, &players)?;
                Outcome::Done
            }
            Err(None) => Outcome::Stopped,
            Err(Some(failure)) => Outcome::Failed(failure),
        })
    }

    /// An own replay's players; no failure if it was stopped.
    fn played_again(&self, job: &Job) -> Result<Vec<Extracted>, Option<Failure>> {
        let game = replay::read(&job.path).map_err(|error| Failure::of_file(&error))?;
        let no_op_loops = self.options.dataset.no_op_loops;
        let players = extract(&game, &name(job), self.options.specs, no_op_loops);
        let players = players.map_err(|error| Failure {
            reason: general(&words(&error)),
            tried_again: false,
        })?;
        let is_meant = |it: &Extracted| job.players.contains(&it.episode.subject.player);
        Ok(players.into_iter().filter(is_meant).collect())
    }

    fn watched(
        &self,
        job: &Job,
        launch: &Launch,
        watcher: &mut Sc2Watcher,
    ) -> Result<Vec<Extracted>, Option<Failure>> {
        let bytes = read_limited(&job.path, FILE_BYTES_MAX).map_err(|_| Failure {
            reason: "the file cannot be read".to_owned(),
            tried_again: false,
        })?;
        let players = job.players.iter();
        let each = players.map(|&player| self.player(job, &bytes, player, launch, watcher));
        each.collect()
    }

    /// One player's steps, tried again where the game dies.
    fn player(
        &self,
        job: &Job,
        bytes: &[u8],
        player: u8,
        launch: &Launch,
        watcher: &mut Sc2Watcher,
    ) -> Result<Extracted, Option<Failure>> {
        for attempt in 1..=TRIES_MAX {
            match self.watch(job, bytes, player, launch, watcher) {
                Ok(extracted) => {
                    self.lost.store(0, Ordering::Relaxed);
                    return Ok(extracted);
                }
                Err(EnvError::Interrupted) => return Err(None),
                Err(error @ EnvError::Lost(_)) => {
                    let text = words(&error);
                    tracing::warn!("{}, player {player}, try {attempt}: {text}", name(job));
                    if attempt == TRIES_MAX {
                        self.count_lost();
                        return Err(Some(Failure::of_game(text)));
                    }
                }
                Err(error) => return Err(Some(Failure::of_game(words(&error)))),
            }
        }
        Err(None)
    }

    fn count_lost(&self) {
        let lost = self.lost.fetch_add(1, Ordering::Relaxed) + 1;
        if lost >= LOST_MAX && !self.gave_up.swap(true, Ordering::Relaxed) {
            tracing::error!("{lost} replays one after the other were lost: nothing more is tried");
        }
    }

    fn watch(
        &self,
        job: &Job,
        bytes: &[u8],
        player: u8,
        launch: &Launch,
        watcher: &mut Sc2Watcher,
    ) -> Result<Extracted, EnvError> {
        let subject = subject(job, player);
        let eyes = PlayerId(player);
        let stop = self.options.stop;
        let watched = watcher.open(bytes, launch, eyes)?;
        let mut first = Stoppable { watched, stop };
        let commands = commands_of(&mut first, subject.game_loops)?;
        drop(first);
        let watched = watcher.open(bytes, launch, eyes)?;
        let mut again = Stoppable { watched, stop };
        let no_op_loops = self.options.dataset.no_op_loops;
        let specs = self.options.specs;
        extract_watched(&mut again, &commands, &subject, specs, no_op_loops)
    }
}

/// A replay that is left at its next step once `stop` is set. The client itself looks only while it waits for the game,
/// and a game that answers at once never has it wait: the replay would be watched to its end, which takes minutes.
struct Stoppable<'a, W> {
    watched: W,
    stop: &'a AtomicBool,
}

impl<W: Watched> Watched for Stoppable<'_, W> {
    fn info(&self) -> &GameInfo {
        self.watched.info()
    }

    fn game_loop(&self) -> u32 {
        self.watched.game_loop()
    }

    fn is_over(&self) -> bool {
        self.watched.is_over()
    }

    fn observe(&mut self, raw: &mut RawObservation) -> Result<(), EnvError> {
        self.watched.observe(raw)
    }

    fn carried_out(&mut self) -> Result<Vec<(u32, PlayerCommand)>, EnvError> {
        self.watched.carried_out()
    }

    fn step(&mut self, loops: u32) -> Result<(), EnvError> {
        match self.stop.load(Ordering::Relaxed) {
            true => Err(EnvError::Interrupted),
            false => self.watched.step(loops),
        }
    }
}

fn name(job: &Job) -> String {
    let name = job.path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

fn subject(job: &Job, player: u8) -> Subject {
    let find = |same: bool| {
        let mut players = job.info.players.iter();
        players.find(|p| (p.id == player) == same)
    };
    let named = |p: Option<&InfoPlayer>| p.map_or(String::new(), |p| p.name.clone());
    let own = find(true);
    Subject {
        replay: name(job),
        player,
        agent: named(own),
        opponent: named(find(false)),
        map: job.info.map.clone(),
        rating: own.and_then(|p| p.mmr),
        result: match own.map(|p| p.result.as_str()) {
            Some("Win") => GameResult::Victory,
            Some("Loss") => GameResult::Defeat,
            Some("Tie") => GameResult::Tie,
            _ => GameResult::Undecided,
        },
        game_loops: job.info.loops,
    }
}

fn words(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(cause) => format!("{error}: {}", words(cause)),
        None => error.to_string(),
    }
}

/// A reason that files share: numbers are the file's own.
fn general(text: &str) -> String {
    let first = text.split(" at loop ").next().unwrap_or(text);
    first.chars().take(200).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A replay that shows everything at once, and of which somebody has enough at this loop.
    struct Prompt<'a> {
        game_loop: u32,
        enough: u32,
        stop: &'a AtomicBool,
    }

    impl Watched for Prompt<'_> {
        fn info(&self) -> &GameInfo {
            unreachable!("commands are the same on any map")
        }

        fn game_loop(&self) -> u32 {
            self.game_loop
        }

        fn is_over(&self) -> bool {
            false
        }

        fn observe(&mut self, _: &mut RawObservation) -> Result<(), EnvError> {
            Ok(())
        }

        fn carried_out(&mut self) -> Result<Vec<(u32, PlayerCommand)>, EnvError> {
            Ok(Vec::new())
        }

        fn step(&mut self, loops: u32) -> Result<(), EnvError> {
            self.game_loop += loops;
            self.stop
                .store(self.game_loop >= self.enough, Ordering::Relaxed);
            Ok(())
        }
    }

    #[test]
    fn a_replay_of_a_game_that_never_lets_wait_is_left_when_it_is_to_stop() {
        let stop = AtomicBool::new(false);
        let mut replay = Stoppable {
            watched: Prompt {
                game_loop: 0,
                enough: 300,
                stop: &stop,
            },
            stop: &stop,
        };
        let left = commands_of(&mut replay, 10_000);
        assert!(matches!(left, Err(EnvError::Interrupted)), "{left:?}");
        assert!((300..400).contains(&replay.game_loop()));
    }
}
