//! Config files: TOML into structs that know no other keys, changed by `--set`, checked across keys before any work.

mod check;
mod cluster;
mod edit;
mod game;
mod imitation;
mod league;
mod rl;
pub mod schedule;

#[cfg(test)]
mod tests;

pub use cluster::ClusterConfig;
pub use game::{GameConfig, GameKind};
pub use imitation::{
    DatasetConfig, DemonstrationsConfig, EvaluationConfig, ImitationConfig, LearningRateStep,
    NetworkConfig, StageConfig, TrainConfig,
};
pub use league::{LeagueGamesConfig, LeagueRunConfig, LeagueTrainConfig, PayoffConfig};
pub use rl::{
    LearnerConfig, OpponentConfig, PredictorConfig, RewardsConfig, RlConfig, RlGamesConfig,
    RlTrainConfig,
};

pub use schedule::ScheduleConfig;

use crate::files::{FileError, read_limited};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::path::{Path, PathBuf};

/// No config is larger.
const CONFIG_BYTES_MAX: u64 = 1 << 20;

/// Why a config cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error(transparent)]
    File(#[from] FileError),
    #[error("{path} is no TOML: {what}")]
    Syntax { path: PathBuf, what: String },
    #[error("config {path}: {what}")]
    Key { path: PathBuf, what: String },
    #[error("--set {key}={value}: {what}")]
    Set {
        key: String,
        value: String,
        what: String,
    },
    #[error("config key {key}: {what}")]
    Invalid { key: String, what: String },
}

/// A kind of config: what its keys are, and which values they may have.
pub trait RunConfig: Serialize + DeserializeOwned {
    /// Value of the key `stage`; a file without that key is one for imitation.
    const STAGE: &'static str;
    /// The config where none is named, as it was when the program was built: name and text.
    const DEFAULT: (&'static str, &'static str);

    /// Checks every value and the keys against each other, before any work.
    ///
    /// # Errors
    /// [`ConfigError::Invalid`] with the first key that cannot be.
    fn validate(&self) -> Result<(), ConfigError>;

    /// What is played on.
    fn game(&self) -> &GameConfig;
}

impl RunConfig for ImitationConfig {
    const STAGE: &'static str = "imitation";
    const DEFAULT: (&'static str, &'static str) = (
        "configs/demo.toml",
        include_str!("../../../configs/demo.toml"),
    );

    fn validate(&self) -> Result<(), ConfigError> {
        ImitationConfig::validate(self)
    }

    fn game(&self) -> &GameConfig {
        &self.game
    }
}

impl RunConfig for RlConfig {
    const STAGE: &'static str = "rl";
    const DEFAULT: (&'static str, &'static str) =
        ("configs/rl.toml", include_str!("../../../configs/rl.toml"));

    fn validate(&self) -> Result<(), ConfigError> {
        RlConfig::validate(self)
    }

    fn game(&self) -> &GameConfig {
        &self.game
    }
}

impl RunConfig for LeagueRunConfig {
    const STAGE: &'static str = "league";
    const DEFAULT: (&'static str, &'static str) = (
        "configs/league.toml",
        include_str!("../../../configs/league.toml"),
    );

    fn validate(&self) -> Result<(), ConfigError> {
        LeagueRunConfig::validate(self)
    }

    fn game(&self) -> &GameConfig {
        &self.game
    }
}

/// A config of whichever stage its file names, or a schedule.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum AnyConfig {
    Imitation(Box<ImitationConfig>),
    Rl(Box<RlConfig>),
    League(Box<LeagueRunConfig>),
    Schedule(Box<ScheduleConfig>),
}

/// Reads a config file, changes keys as `--set key=value` says, and checks it.
///
/// # Errors
/// A file that cannot be read or is no TOML, a key that does not exist, a value out of range or against another.
pub fn load<C: RunConfig>(path: &Path, set: &[(String, String)]) -> Result<C, ConfigError> {
    resolve(&read(path)?, path, set)
}

/// Reads a config file of any stage.
///
/// # Errors
/// As [`load`], and if its `stage` is unknown.
pub fn load_any(path: &Path, set: &[(String, String)]) -> Result<AnyConfig, ConfigError> {
    let text = read(path)?;
    let table = toml::from_str::<toml::Table>(&text).ok();
    if table.as_ref().is_some_and(|t| t.contains_key("match")) {
        let schedule = ScheduleConfig::parse(&text, path, set)?;
        return Ok(AnyConfig::Schedule(Box::new(schedule)));
    }
    let stage = table.and_then(|table| Some(table.get("stage")?.as_str()?.to_owned()));
    match stage.as_deref() {
        None | Some(ImitationConfig::STAGE) => {
            Ok(AnyConfig::Imitation(Box::new(resolve(&text, path, set)?)))
        }
        Some(RlConfig::STAGE) => Ok(AnyConfig::Rl(Box::new(resolve(&text, path, set)?))),
        Some(LeagueRunConfig::STAGE) => Ok(AnyConfig::League(Box::new(resolve(&text, path, set)?))),
        Some(other) => Err(ConfigError::Key {
            path: path.to_owned(),
            what: format!("stage {other:?} is none of imitation, rl, league"),
        }),
    }
}

/// The config of a stage where none is named, changed and checked as [`load`] does.
///
/// # Errors
/// As [`load`].
pub fn default_of<C: RunConfig>(set: &[(String, String)]) -> Result<C, ConfigError> {
    let (name, text) = C::DEFAULT;
    resolve(text, Path::new(name), set)
}

/// The config of a text that came from elsewhere; `from` is named in errors.
///
/// # Errors
/// As [`load`].
pub fn from_text<C: RunConfig>(text: &str, from: &str) -> Result<C, ConfigError> {
    resolve(text, Path::new(from), &[])
}

fn read(path: &Path) -> Result<String, ConfigError> {
    let bytes = read_limited(path, CONFIG_BYTES_MAX)?;
    String::from_utf8(bytes).map_err(|_| ConfigError::Syntax {
        path: path.to_owned(),
        what: "it is not UTF-8".to_owned(),
    })
}

/// The config that `text` comes to; `path` is for messages.
fn resolve<C: RunConfig>(
    text: &str,
    path: &Path,
    set: &[(String, String)],
) -> Result<C, ConfigError> {
    let mut table: toml::Table = toml::from_str(text).map_err(|e| ConfigError::Syntax {
        path: path.to_owned(),
        what: e.to_string(),
    })?;
    // The file alone first, so that an error says whether the file or a --set is to blame.
    parse::<C>(&table).map_err(|what| ConfigError::Key {
        path: path.to_owned(),
        what,
    })?;
    for (key, value) in set {
        let fail = |what| ConfigError::Set {
            key: key.clone(),
            value: value.clone(),
            what,
        };
        edit::set(&mut table, key, value).map_err(fail)?;
        parse::<C>(&table).map_err(fail)?;
    }
    let config: C = parse(&table).map_err(|what| ConfigError::Key {
        path: path.to_owned(),
        what,
    })?;
    config.validate()?;
    Ok(config)
}

/// The config as TOML, every key with the value it comes to (`scc config show`).
pub fn show(config: &impl Serialize) -> String {
    toml::to_string_pretty(config).expect("a config always serializes")
}

fn parse<C: RunConfig>(table: &toml::Table) -> Result<C, String> {
    let mut table = table.clone();
    let stage = table
        .get("stage")
        .map(|s| s.as_str().unwrap_or_default().to_owned());
    match stage.as_deref() {
        None if C::STAGE != ImitationConfig::STAGE => {
            return Err(format!("lacks stage = {:?}", C::STAGE));
        }
        Some(stage) if stage != C::STAGE => {
            return Err(format!("stage is {stage:?}, here {:?} is needed", C::STAGE));
        }
        _ if C::STAGE == ImitationConfig::STAGE => drop(table.remove("stage")),
        _ => {}
    }
    C::deserialize(table).map_err(|e| e.to_string().trim().to_owned())
}
