//! The loop: what is due becomes runs, runs are played, falls are told.

use super::alert::{Alert, falls};
use super::follow::{Follow, Seen};
use super::plan::RunPlan;
use super::play::{Event, Player, Tell, is_the_matchs, lock, sleep};
use super::summary::{RunSummary, Summary};
use super::{Match, Schedule, ScheduleError, Trigger, due, history, webhook};
use crate::sc2::client::Places;
use crate::storage::{RunKey, RunRow, RunState, Storage};
use jiff::Timestamp;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// How often folders of checkpoints are looked into, and clocks are read again (which may be set).
const LOOK_EVERY: Duration = Duration::from_secs(10);
/// How often an alert that could not be posted is tried again.
const POST_EVERY: Duration = Duration::from_secs(300);
/// How keys of runs begin that somebody asked for.
pub const NOW: &str = "now ";

/// How long to go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Until stopped.
    Forever,
    /// Until what is due now is played.
    Once,
    /// One match, at once.
    Now(String),
}

/// How to play a schedule.
pub struct Options<'a> {
    pub mode: Mode,
    /// Games at once.
    pub threads: usize,
    /// Set from outside to stop.
    pub stop: &'a AtomicBool,
    /// Where StarCraft II may be.
    pub places: Places,
    pub tell: Tell<'a>,
}

/// Plays a schedule. Agents, maps and games are looked for before any work.
///
/// # Errors
/// [`ScheduleError`]: what cannot be had; a database that is full, lost or somebody else's. Games that were recorded stay, and
/// the next call goes on from there.
pub fn run(schedule: &Schedule, options: &Options) -> Result<Summary, ScheduleError> {
    if let Mode::Now(name) = &options.mode {
        schedule.named(name)?;
    }
    let _lock = schedule.lock()?;
    let storage = Mutex::new(Storage::create(&schedule.storage)?);
    let mut session = Session {
        player: Player {
            schedule,
            storage: &storage,
            threads: options.threads,
            stop: options.stop,
            places: &options.places,
            tell: options.tell,
            arenas: Mutex::default(),
        },
        mode: &options.mode,
        maps: Vec::new(),
        first_seen: Vec::new(),
        runs: lock(&storage).runs(&schedule.config.name)?,
        seen: Seen::new(),
        posted: None,
        summary: Summary::default(),
    };
    match session.prepare().and_then(|()| session.go()) {
        Ok(()) => {}
        Err(ScheduleError::Stopped) => session.summary.stopped = true,
        Err(error) if options.stop.load(Ordering::Relaxed) && is_stopped(&error) => {
            session.summary.stopped = true;
        }
        Err(error) => return Err(error),
    }
    Ok(session.summary)
}

/// Whether an error is what stopping comes to.
fn is_stopped(error: &ScheduleError) -> bool {
    use crate::env::EnvError;
    use crate::evaluator::EvaluatorError;
    match error {
        ScheduleError::Match { source, .. } => is_stopped(source),
        ScheduleError::Stopped
        | ScheduleError::Env(EnvError::Interrupted)
        | ScheduleError::Evaluator(EvaluatorError::Interrupted) => true,
        _ => false,
    }
}

struct Session<'a> {
    player: Player<'a>,
    mode: &'a Mode,
    /// The maps of each match.
    maps: Vec<Vec<String>>,
    /// When each match was first seen, in milliseconds since 1970.
    first_seen: Vec<u64>,
    /// All runs there are, as the database has them: nobody else writes them.
    runs: Vec<RunRow>,
    seen: Seen,
    /// When alerts were last posted.
    posted: Option<Instant>,
    summary: Summary,
}

impl Session<'_> {
    fn prepare(&mut self) -> Result<(), ScheduleError> {
        let schedule = self.player.schedule;
        for one in &schedule.matches {
            let name = &one.config.name;
            let is_wanted = !matches!(self.mode, Mode::Now(wanted) if wanted != name);
            let maps = match is_wanted {
                true => self
                    .player
                    .check(one)
                    .map_err(|e| ScheduleError::of(name, e))?,
                false => Vec::new(),
            };
            self.maps.push(maps);
            let seen = lock(self.player.storage).first_seen(&schedule.config.name, name)?;
            self.first_seen.push(seen);
        }
        Ok(())
    }

    fn go(&mut self) -> Result<(), ScheduleError> {
        self.post()?;
        let start = Timestamp::now();
        match self.mode {
            Mode::Now(name) => {
                let schedule = self.player.schedule;
                let i = schedule.matches.iter().position(|m| m.config.name == *name);
                let due = format!("{NOW}{start}");
                self.begin(
                    i.unwrap_or_default(),
                    &due,
                    start.as_millisecond() as u64,
                    None,
                )?;
            }
            Mode::Once | Mode::Forever => self.begin_due(start)?,
        }
        loop {
            match self.next_pending() {
                Some(at) => self.finish(at)?,
                None if *self.mode == Mode::Forever => {
                    self.wait()?;
                    self.begin_due(Timestamp::now())?;
                }
                None => return Ok(()),
            }
        }
    }

    /// The pending run that was due first.
    fn next_pending(&self) -> Option<usize> {
        let is_next = |run: &RunRow| {
            run.state == RunState::Pending
                && !matches!(self.mode, Mode::Now(name) if *name != run.key.match_name)
        };
        let pending = (0..self.runs.len()).filter(|&i| is_next(&self.runs[i]));
        pending.min_by_key(|&i| self.runs[i].due_ms)
    }

    /// Makes runs of what is due.
    fn begin_due(&mut self, now: Timestamp) -> Result<(), ScheduleError> {
        let schedule = self.player.schedule;
        for (i, one) in schedule.matches.iter().enumerate() {
            let name = &one.config.name;
            let begun = match &one.trigger {
                Trigger::Clock(clock) => {
                    let last = last_due(&self.runs, name);
                    match clock.due(last, self.first_seen[i], now) {
                        None => Ok(()),
                        Some(due) => {
                            self.begin(i, &due::key(due), due.as_millisecond() as u64, None)
                        }
                    }
                }
                Trigger::Checkpoint(follow) => self.begin_checkpoints(i, follow),
            };
            begun.map_err(|source| ScheduleError::of(name, source))?;
        }
        Ok(())
    }

    fn begin_checkpoints(&mut self, i: usize, follow: &Follow) -> Result<(), ScheduleError> {
        let schedule = self.player.schedule;
        let name = &schedule.matches[i].config.name;
        let folder = checkpoints_folder(schedule);
        for found in follow.look(&mut self.seen)? {
            let due = found.due();
            let known = |run: &RunRow| run.key.match_name == *name && run.key.due == due;
            if self.runs.iter().any(known) {
                continue;
            }
            if let Some(copy) = Follow::copy(&found, &folder, name)? {
                self.begin(i, &due, found.modified_ms, Some(&copy))?;
            }
        }
        Ok(())
    }

    fn begin(
        &mut self,
        i: usize,
        due: &str,
        due_ms: u64,
        checkpoint: Option<&Path>,
    ) -> Result<(), ScheduleError> {
        let schedule = self.player.schedule;
        let one = &schedule.matches[i];
        let key = RunKey {
            schedule: schedule.config.name.clone(),
            match_name: one.config.name.clone(),
            due: due.to_owned(),
        };
        let plan = RunPlan::new(one, due, checkpoint, &self.maps[i])?.text();
        lock(self.player.storage).begin_run(&key, due_ms, &plan)?;
        self.runs.push(RunRow {
            key,
            due_ms,
            plan,
            state: RunState::Pending,
            detail: String::new(),
            started_ms: Timestamp::now().as_millisecond() as u64,
            ended_ms: None,
            alerts: String::new(),
            told: true,
        });
        Ok(())
    }

    /// Plays a run to its end, and tells of it.
    fn finish(&mut self, at: usize) -> Result<(), ScheduleError> {
        let run = self.runs[at].clone();
        let (state, detail) = match self.player.play(&run) {
            Ok(()) => (RunState::Done, String::new()),
            Err(error) if is_the_matchs(&error) => (RunState::Abandoned, in_full(&error)),
            Err(error) => return Err(error),
        };
        let alerts = match state {
            RunState::Done => self.falls(&run.key)?,
            _ => Vec::new(),
        };
        let text = match alerts.is_empty() {
            true => String::new(),
            false => serde_json::to_string(&alerts).expect("alerts always serialize"),
        };
        lock(self.player.storage).end_run(&run.key, state, &detail, &text)?;
        let row = &mut self.runs[at];
        row.state = state;
        row.told = text.is_empty();
        row.alerts = text;
        self.forget_checkpoint(&run);
        self.summarize(&run.key, alerts)?;
        self.post()
    }

    /// What fell in a run whose games are all there.
    fn falls(&self, key: &RunKey) -> Result<Vec<Alert>, ScheduleError> {
        let schedule = self.player.schedule;
        let mut runs = history::load(&mut lock(self.player.storage), &key.schedule)?;
        let is_it = |r: &history::RunResult| r.match_name == key.match_name && r.due == key.due;
        let Some(at) = runs.iter().position(is_it) else {
            return Ok(Vec::new());
        };
        runs[at].state = RunState::Done;
        let earlier: Vec<&history::RunResult> = runs[..at].iter().collect();
        Ok(falls(&runs[at], &earlier, &schedule.config.alert))
    }

    fn summarize(&mut self, key: &RunKey, alerts: Vec<Alert>) -> Result<(), ScheduleError> {
        let runs = history::load(&mut lock(self.player.storage), &key.schedule)?;
        let is_it = |r: &&history::RunResult| r.match_name == key.match_name && r.due == key.due;
        let Some(run) = runs.iter().find(is_it) else {
            return Ok(());
        };
        let sum = |of: fn(&history::RowResult) -> u32| run.rows.iter().map(of).sum();
        let summary = RunSummary {
            match_name: key.match_name.clone(),
            due: key.due.clone(),
            state: run.state,
            detail: run.detail.clone(),
            games: run.games(),
            wins: sum(|r| r.wins),
            losses: sum(|r| r.losses),
            ties: sum(|r| r.ties),
            alerts,
        };
        (self.player.tell)(Event::Note(&summary.text()));
        for alert in &summary.alerts {
            (self.player.tell)(Event::Note(&format!("alert: {}", alert.text())));
        }
        self.summary.runs.push(summary);
        Ok(())
    }

    /// The copy of a checkpoint is of no more use.
    fn forget_checkpoint(&self, run: &RunRow) {
        let Ok(plan) = RunPlan::from_row(run) else {
            return;
        };
        let folder = checkpoints_folder(self.player.schedule);
        let folder = std::path::absolute(&folder).unwrap_or(folder);
        let copy = PathBuf::from(&plan.checkpoint);
        // Whatever the database says, only what lies in our own folder is deleted; a copy that stays is no harm.
        if copy.parent() == Some(&folder) {
            let _ = std::fs::remove_file(copy);
        }
    }

    /// Posts alerts that nobody was told of yet. What cannot be posted waits.
    fn post(&mut self) -> Result<(), ScheduleError> {
        let schedule = self.player.schedule;
        let alert = &schedule.config.alert;
        self.posted = Some(Instant::now());
        for run in self.runs.iter_mut().filter(|run| !run.told) {
            if !alert.webhook.is_empty() {
                let message = webhook::message(&run.key, &run.alerts);
                match webhook::post(alert, message, self.player.stop) {
                    Ok(()) => {}
                    Err(why) => {
                        let text = format!("cannot post an alert of {}: {why}", run.key.match_name);
                        (self.player.tell)(Event::Note(&text));
                        continue;
                    }
                }
            }
            lock(self.player.storage).mark_told(&run.key)?;
            run.told = true;
        }
        Ok(())
    }

    /// Sleeps until something may be due.
    fn wait(&mut self) -> Result<(), ScheduleError> {
        if self.player.stop.load(Ordering::Relaxed) {
            return Err(ScheduleError::Stopped);
        }
        let is_untold = self.runs.iter().any(|run| !run.told);
        if is_untold && self.posted.is_none_or(|at| at.elapsed() > POST_EVERY) {
            self.post()?;
        }
        let now = Timestamp::now();
        let next = |one: &Match| match &one.trigger {
            Trigger::Clock(clock) => clock.next_after(now),
            Trigger::Checkpoint(_) => None,
        };
        let soonest = self.player.schedule.matches.iter().filter_map(next).min();
        let until = soonest.and_then(|time| Duration::try_from(time.duration_since(now)).ok());
        sleep(
            until.unwrap_or(LOOK_EVERY).min(LOOK_EVERY),
            self.player.stop,
        );
        match self.player.stop.load(Ordering::Relaxed) {
            true => Err(ScheduleError::Stopped),
            false => Ok(()),
        }
    }
}

/// The due time of a match's last run by the clock.
fn last_due(runs: &[RunRow], match_name: &str) -> Option<u64> {
    let own = runs.iter().filter(|run| run.key.match_name == match_name);
    last_due_of(own.map(|run| (run.key.due.as_str(), run.due_ms)))
}

/// As [`last_due`], of one match's runs: keys and due times.
pub fn last_due_of<'a>(runs: impl Iterator<Item = (&'a str, u64)>) -> Option<u64> {
    let by_clock = runs.filter(|(due, _)| !due.starts_with(NOW));
    by_clock.map(|(_, due_ms)| due_ms).max()
}

/// Where copies of checkpoints are.
fn checkpoints_folder(schedule: &Schedule) -> PathBuf {
    schedule
        .folder
        .join(format!("{}.checkpoints", schedule.config.name))
}

/// An error and its causes in one line.
fn in_full(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text = format!("{text}: {cause}");
        next = cause.source();
    }
    text.chars().take(1000).collect()
}
