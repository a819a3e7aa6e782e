//! Config files: TOML into structs that know no other keys, changed by `--set`, checked across keys before any work.

mod edit;
mod imitation;

#[cfg(test)]
mod tests;

pub use imitation::{
    DatasetConfig, DemonstrationsConfig, EvaluationConfig, ImitationConfig, LearningRateStep,
    NetworkConfig, StageConfig, TrainConfig,
};

use crate::files::{FileError, read_limited};
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

/// The config of `scc train` where none is named: `configs/demo.toml`, as it was when the program was built.
const DEMO: &str = include_str!("../../../configs/demo.toml");

/// Reads a config file, changes keys as `--set key=value` says, and checks it.
///
/// # Errors
/// A file that cannot be read or is no TOML, a key that does not exist, a value out of range or against another.
pub fn load(path: &Path, set: &[(String, String)]) -> Result<ImitationConfig, ConfigError> {
    let bytes = read_limited(path, CONFIG_BYTES_MAX)?;
    let text = String::from_utf8(bytes).map_err(|_| ConfigError::Syntax {
        path: path.to_owned(),
        what: "it is not UTF-8".to_owned(),
    })?;
    resolve(&text, path, set)
}

/// The config of `scc train` where none is named, changed and checked as [`load`] does.
///
/// # Errors
/// As [`load`].
pub fn default_imitation(set: &[(String, String)]) -> Result<ImitationConfig, ConfigError> {
    resolve(DEMO, Path::new("configs/demo.toml"), set)
}

/// The config that `text` comes to; `path` is for messages.
fn resolve(
    text: &str,
    path: &Path,
    set: &[(String, String)],
) -> Result<ImitationConfig, ConfigError> {
    let mut table: toml::Table = toml::from_str(text).map_err(|e| ConfigError::Syntax {
        path: path.to_owned(),
        what: e.to_string(),
    })?;
    // The file alone first, so that an error says whether the file or a --set is to blame.
    parse(&table).map_err(|what| ConfigError::Key {
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
        parse(&table).map_err(fail)?;
    }
    let config: ImitationConfig = parse(&table).map_err(|what| ConfigError::Key {
        path: path.to_owned(),
        what,
    })?;
    config.validate()?;
    Ok(config)
}

/// The config as TOML, every key with the value it comes to (`scc config show`).
pub fn show(config: &ImitationConfig) -> String {
    toml::to_string_pretty(config).expect("a config always serializes")
}

fn parse(table: &toml::Table) -> Result<ImitationConfig, String> {
    use serde::Deserialize as _;
    ImitationConfig::deserialize(table.clone()).map_err(|e| e.to_string().trim().to_owned())
}
