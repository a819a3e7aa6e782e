//! Scheduled matches (`scc schedule`): a file of matches, played when they are due, results into a database.
//!
//! ```text
//! file ──config──> Schedule ──due, follow──> due runs ──plan──> schedule_runs     (a run is fixed when it becomes due)
//!                                                        │
//!                              play ──evaluator──> schedule_games, game by game   (a killed run is gone on with)
//!                                                        │
//!                                  history ──alert──> log, webhook, exit code; status, report
//! ```
//!
//! A game's key is (match, due time or checkpoint, row of the plan, number): it is played until it is in the database,
//! and never after. One process plays a file; the others are refused by a lock.
//!
//! Leaves out: the tables (`storage`), what is printed (`cli`).

pub mod alert;
mod chart;
mod check;
mod due;
mod follow;
pub mod history;
mod page;
mod plan;
mod play;
pub mod report;
mod runner;
pub mod status;
mod summary;
mod webhook;

pub use play::Event;
pub use runner::{Mode, Options, run};
pub use summary::{RunSummary, Summary};

use super::config::schedule::MatchConfig;
use super::config::{ConfigError, GameKind, ScheduleConfig};
use super::roster::RosterError;
use super::{Agents, lock};
use crate::env::EnvError;
use crate::evaluator::{AgentSpec, EvaluatorError, SpecError};
use crate::files::FileError;
use crate::storage::{StorageError, StorageUrl};
use due::Clock;
use follow::Follow;
use jiff::Timestamp;
use std::fs::File;
use std::path::{Component, Path, PathBuf};

/// Why a schedule cannot be used, or cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum ScheduleError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(
        "cron expression {expression:?}: {what}; expected e.g. \"0 2 * * *\" for 02:00 every day"
    )]
    Cron { expression: String, what: String },
    #[error("time zone {zone:?} is unknown: take a name like UTC or Europe/Berlin")]
    Zone { zone: String },
    #[error("match {name}")]
    Match {
        name: String,
        #[source]
        source: Box<ScheduleError>,
    },
    #[error("there is no match {name:?} in the file; there are: {known}")]
    NoMatch { name: String, known: String },
    #[error("{key} names the environment variable {name}, which is not set")]
    Environment { key: &'static str, name: String },
    #[error("{file} is being played by process {holder}: wait for it, or end it")]
    InUse { file: PathBuf, holder: String },
    #[error("cannot lock {path}")]
    Lock {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error(
        "the plan of {match_name}, due {due}, is not what this program writes: it is another version's"
    )]
    Plan {
        match_name: String,
        due: String,
        #[source]
        source: serde_json::Error,
    },
    #[error(
        "game {game} of {match_name}, due {due}, was recorded by somebody else: another process plays this schedule with the same database"
    )]
    PlayedTwice {
        match_name: String,
        due: String,
        game: u32,
    },
    #[error(
        "the weights of {agent} are others than when the run began: its last games are not played"
    )]
    OtherWeights { agent: String },
    #[error(transparent)]
    Storage(#[from] StorageError),
    #[error(transparent)]
    Evaluator(#[from] EvaluatorError),
    #[error(transparent)]
    Env(#[from] EnvError),
    #[error(transparent)]
    Spec(#[from] SpecError),
    #[error(transparent)]
    Roster(#[from] RosterError),
    #[error(transparent)]
    File(#[from] FileError),
    #[error("stopped")]
    Stopped,
}

impl ScheduleError {
    fn of(name: &str, source: ScheduleError) -> ScheduleError {
        ScheduleError::Match {
            name: name.to_owned(),
            source: Box::new(source),
        }
    }
}

/// What the caller says over what the file says.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// Database of the results.
    pub storage: Option<StorageUrl>,
    /// What every match is played on.
    pub game: Option<GameKind>,
    pub game_version: Option<String>,
    pub game_timeout: Option<f64>,
}

/// A schedule with its paths and clocks.
#[derive(Clone, Debug)]
pub struct Schedule {
    /// The file.
    pub file: PathBuf,
    pub config: ScheduleConfig,
    /// Where results, locks and copies of checkpoints are.
    pub folder: PathBuf,
    pub storage: StorageUrl,
    pub matches: Vec<Match>,
}

/// What begins a match.
#[derive(Clone, Debug)]
enum Trigger {
    Clock(Box<Clock>),
    Checkpoint(Follow),
}

/// One match.
#[derive(Clone, Debug)]
pub struct Match {
    pub config: MatchConfig,
    trigger: Trigger,
    /// The schedule file's folder.
    base: PathBuf,
    league: Option<StorageUrl>,
}

impl Match {
    /// Who can play in it, choosing as it says.
    fn agents(&self) -> Agents {
        Agents::at_temperature(self.config.temperature as f32).with_storage(self.league.clone())
    }

    /// A spec with its paths as seen from here.
    fn resolved(&self, text: &str) -> Result<AgentSpec, SpecError> {
        Ok(plan::based(text.parse()?, &self.base))
    }
}

impl Schedule {
    /// Reads a file and checks all that can be checked without playing or looking at the database: keys, expressions, time
    /// zones, environment variables.
    ///
    /// # Errors
    /// [`ScheduleError`] with the match and key to blame.
    pub fn load(
        file: &Path,
        set: &[(String, String)],
        overrides: &Overrides,
    ) -> Result<Schedule, ScheduleError> {
        let mut config = ScheduleConfig::load(file, set)?;
        let base = parent(file);
        let folder = results_folder(&base, Path::new(&config.folder));
        for one in &mut config.matches {
            overrides.apply(one)?;
        }
        let storage = match &overrides.storage {
            Some(url) => url.clone(),
            None => storage(&config, &folder)?,
        };
        config.alert.webhook = from_environment("alert.webhook", &config.alert.webhook)?;
        let now = Timestamp::now();
        let matches = config.matches.iter().map(|one| {
            let made = matched(one, &base, now);
            made.map_err(|source| ScheduleError::of(&one.name, source))
        });
        Ok(Schedule {
            file: file.to_owned(),
            matches: matches.collect::<Result<_, _>>()?,
            folder,
            storage,
            config,
        })
    }

    /// The match with that name.
    ///
    /// # Errors
    /// [`ScheduleError::NoMatch`].
    pub fn named(&self, name: &str) -> Result<&Match, ScheduleError> {
        let found = self.matches.iter().find(|m| m.config.name == name);
        found.ok_or_else(|| ScheduleError::NoMatch {
            name: name.chars().take(100).collect(),
            known: self.names(),
        })
    }

    fn names(&self) -> String {
        let names: Vec<&str> = self
            .matches
            .iter()
            .map(|m| m.config.name.as_str())
            .collect();
        names.join(", ").chars().take(500).collect()
    }

    fn lock_path(&self) -> PathBuf {
        self.folder.join(format!("{}.lock", self.config.name))
    }

    /// Makes this process the only one that plays the file.
    fn lock(&self) -> Result<File, ScheduleError> {
        let path = self.lock_path();
        let failed = |source| ScheduleError::Lock {
            path: path.clone(),
            source,
        };
        std::fs::create_dir_all(&self.folder).map_err(failed)?;
        lock::hold(&path)
            .map_err(failed)?
            .map_err(|holder| ScheduleError::InUse {
                file: self.file.clone(),
                holder,
            })
    }

    /// The process that plays the file, if one does.
    pub fn player(&self) -> Option<String> {
        lock::holder(&self.lock_path())
    }
}

impl Overrides {
    fn apply(&self, one: &mut MatchConfig) -> Result<(), ConfigError> {
        if let Some(kind) = self.game {
            one.game = kind;
            if kind == GameKind::Sim {
                one.game_version.clear();
            }
        }
        if let Some(version) = &self.game_version {
            one.game_version.clone_from(version);
        }
        if let Some(seconds) = self.game_timeout {
            one.game_timeout = seconds;
        }
        if one.game == GameKind::Sim && self.game_version.is_some() {
            return Err(ConfigError::Invalid {
                key: format!("--game-version, match {}", one.name),
                what: "goes with --game sc2".to_owned(),
            });
        }
        Ok(())
    }
}

fn parent(file: &Path) -> PathBuf {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// The file's `folder`, without `..` where it can do without: people read it.
fn results_folder(base: &Path, folder: &Path) -> PathBuf {
    let goes_up = folder.components().any(|c| c == Component::ParentDir);
    // Only what is really there can be left by its parent's name.
    let Some(mut plain) = base.canonicalize().ok().filter(|_| goes_up) else {
        return base.join(folder);
    };
    for part in folder.components() {
        match part {
            Component::ParentDir => {
                plain.pop();
            }
            other => plain.push(other),
        }
    }
    plain
}

fn storage(config: &ScheduleConfig, folder: &Path) -> Result<StorageUrl, ScheduleError> {
    if config.storage.is_empty() {
        return Ok(StorageUrl::Sqlite(
            folder.join(format!("{}.db", config.name)),
        ));
    }
    let text = from_environment("storage", &config.storage)?;
    Ok(match text.parse::<StorageUrl>()? {
        StorageUrl::Sqlite(path) => StorageUrl::Sqlite(folder.join(path)),
        server => server,
    })
}

/// What `env:NAME` stands for; other text stands for itself.
fn from_environment(key: &'static str, text: &str) -> Result<String, ScheduleError> {
    let Some(name) = text.strip_prefix("env:") else {
        return Ok(text.to_owned());
    };
    std::env::var(name).map_err(|_| ScheduleError::Environment {
        key,
        name: name.to_owned(),
    })
}

fn matched(config: &MatchConfig, base: &Path, now: Timestamp) -> Result<Match, ScheduleError> {
    let trigger = match &config.cron {
        Some(cron) => Trigger::Clock(Box::new(Clock::new(cron, &config.time_zone, now)?)),
        None => Trigger::Checkpoint(Follow {
            run: below(base, &config.run),
            pattern: config.checkpoints.clone(),
        }),
    };
    let league = league(&config.league, base)?;
    Ok(Match {
        config: config.clone(),
        trigger,
        base: base.to_owned(),
        league,
    })
}

/// A path relative to the schedule file, or to the current folder where only that is there.
fn below(base: &Path, path: &str) -> PathBuf {
    let below = base.join(path);
    let here = PathBuf::from(path);
    if !below.exists() && here.exists() {
        here
    } else {
        below
    }
}

/// Where a league is, as the file says it.
fn league(text: &str, base: &Path) -> Result<Option<StorageUrl>, ScheduleError> {
    if text.is_empty() {
        return Ok(None);
    }
    Ok(Some(match text.parse::<StorageUrl>()? {
        StorageUrl::Sqlite(path) => StorageUrl::Sqlite(below(base, &path.display().to_string())),
        server => server,
    }))
}
