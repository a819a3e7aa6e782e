//! What a schedule has played, is playing and will play: looking only.

use super::history::{self, RunResult};
use super::runner::last_due_of;
use super::{Match, Schedule, ScheduleError, Trigger, due};
use crate::storage::{RunState, Storage, StorageError};
use jiff::Timestamp;
use serde::Serialize;

/// What the database of a schedule says; nothing where there is none yet.
#[derive(Debug, Default)]
pub struct Past {
    pub runs: Vec<RunResult>,
    /// When matches were first seen, by name.
    seen: Vec<(String, u64)>,
    /// Runs with alerts that nobody was told of yet.
    untold: usize,
}

impl Past {
    /// Reads it; works beside a process that plays.
    ///
    /// # Errors
    /// If the database is there and cannot be read.
    pub fn read(schedule: &Schedule) -> Result<Past, ScheduleError> {
        let name = &schedule.config.name;
        let mut storage = match Storage::open_to_read(&schedule.storage) {
            Err(StorageError::Missing { .. } | StorageError::NoLeague { .. }) => {
                return Ok(Past::default());
            }
            other => other?,
        };
        let runs = match history::load(&mut storage, name) {
            Err(ScheduleError::Storage(StorageError::NoSchedule { .. })) => {
                return Ok(Past::default());
            }
            other => other?,
        };
        let untold = storage.runs(name)?.iter().filter(|run| !run.told).count();
        Ok(Past {
            runs,
            seen: storage.matches_seen(name)?,
            untold,
        })
    }

    fn of<'a>(&'a self, name: &'a str) -> impl DoubleEndedIterator<Item = &'a RunResult> {
        self.runs.iter().filter(move |run| run.match_name == name)
    }
}

/// One match.
#[derive(Clone, Debug, Serialize)]
pub struct MatchStatus {
    pub name: String,
    /// What begins it, in words.
    pub when: String,
    /// Its next time; none for one that follows a run.
    pub next: Option<String>,
    /// The last run that ended.
    pub last: Option<RunResult>,
    /// Runs that have begun and lack games.
    pub pending: Vec<RunResult>,
}

/// The document of `scc schedule status`.
#[derive(Clone, Debug, Serialize)]
pub struct Status {
    pub schedule: String,
    pub storage: String,
    /// The process that plays it now.
    pub playing: Option<String>,
    /// Runs with alerts that were not told yet.
    pub untold: usize,
    pub matches: Vec<MatchStatus>,
}

/// What was played, and what is being played.
///
/// # Errors
/// As [`Past::read`].
pub fn status(schedule: &Schedule) -> Result<Status, ScheduleError> {
    let past = Past::read(schedule)?;
    let now = Timestamp::now();
    let one = |m: &Match| {
        let name = &m.config.name;
        let ended = |run: &&RunResult| run.state != RunState::Pending;
        let pending = |run: &&RunResult| run.state == RunState::Pending;
        MatchStatus {
            name: name.clone(),
            when: when(m),
            next: match &m.trigger {
                Trigger::Clock(clock) => clock.next_after(now).map(due::key),
                Trigger::Checkpoint(_) => None,
            },
            last: past.of(name).rfind(ended).cloned(),
            pending: past.of(name).filter(pending).cloned().collect(),
        }
    };
    Ok(Status {
        schedule: schedule.config.name.clone(),
        storage: schedule.storage.to_string(),
        playing: schedule.player(),
        untold: past.untold,
        matches: schedule.matches.iter().map(one).collect(),
    })
}

fn when(one: &Match) -> String {
    match (&one.trigger, &one.config.cron) {
        (Trigger::Checkpoint(follow), _) => {
            format!("checkpoints {} of {}", follow.pattern, follow.run.display())
        }
        (Trigger::Clock(_), cron) => {
            format!(
                "{} {}",
                cron.as_deref().unwrap_or_default(),
                one.config.time_zone
            )
        }
    }
}

/// A time at which a match is due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Next {
    #[serde(rename = "match")]
    pub match_name: String,
    /// The time, or the checkpoint; none for a match that waits for a checkpoint.
    pub due: Option<String>,
    /// What begins it, in words.
    pub when: String,
    /// Whether `scc schedule run --once` would play it now.
    pub is_due: bool,
    /// Games that would be played; none where that is told only by the run's beginning.
    pub games: Option<u32>,
}

/// What is due now, and the next `n` times to come, in order.
///
/// # Errors
/// As [`Past::read`].
pub fn next(schedule: &Schedule, n: usize) -> Result<Vec<Next>, ScheduleError> {
    let past = Past::read(schedule)?;
    let now = Timestamp::now();
    let mut all: Vec<Next> = Vec::new();
    for run in past.runs.iter().filter(|r| r.state == RunState::Pending) {
        all.push(Next {
            match_name: run.match_name.clone(),
            due: Some(run.due.clone()),
            when: "begun".to_owned(),
            is_due: true,
            games: Some(run.games_planned.saturating_sub(run.games())),
        });
    }
    for one in &schedule.matches {
        all.extend(due_now(one, &past, now)?);
    }
    let mut coming: Vec<(Timestamp, Next)> = Vec::new();
    for one in &schedule.matches {
        coming.extend(to_come(one, now, n));
    }
    coming.sort_by(|a, b| (a.0, &a.1.match_name).cmp(&(b.0, &b.1.match_name)));
    all.extend(coming.into_iter().take(n).map(|(_, next)| next));
    let waiting = schedule
        .matches
        .iter()
        .filter(|m| matches!(m.trigger, Trigger::Checkpoint(_)));
    all.extend(waiting.map(|m| entry(m, None, false)));
    Ok(all)
}

fn entry(one: &Match, due: Option<String>, is_due: bool) -> Next {
    let config = &one.config;
    let rows = config.all_agents().len() * config.all_opponents().len() * config.maps.len().max(1);
    Next {
        match_name: config.name.clone(),
        due,
        when: when(one),
        is_due,
        games: Some(config.games * rows as u32),
    }
}

fn due_now(one: &Match, past: &Past, now: Timestamp) -> Result<Vec<Next>, ScheduleError> {
    let name = &one.config.name;
    match &one.trigger {
        Trigger::Clock(clock) => {
            let last = last_due_of(past.of(name).map(|run| (run.due.as_str(), run.due_ms)));
            let seen = past.seen.iter().find(|(seen, _)| seen == name);
            let first_seen = seen.map_or(now.as_millisecond() as u64, |(_, ms)| *ms);
            let due = clock.due(last, first_seen, now);
            Ok(due
                .map(|due| entry(one, Some(due::key(due)), true))
                .into_iter()
                .collect())
        }
        Trigger::Checkpoint(follow) => {
            let found = follow.look(&mut Default::default())?;
            let is_new = |due: &String| !past.of(name).any(|run| run.due == *due);
            let new = found.iter().map(|f| f.due()).filter(is_new);
            Ok(new.map(|due| entry(one, Some(due), true)).collect())
        }
    }
}

fn to_come(one: &Match, now: Timestamp, n: usize) -> Vec<(Timestamp, Next)> {
    let Trigger::Clock(clock) = &one.trigger else {
        return Vec::new();
    };
    let times = std::iter::successors(clock.next_after(now), |time| clock.next_after(*time));
    times
        .take(n)
        .map(|time| (time, entry(one, Some(due::key(time)), false)))
        .collect()
}
