//! Checks that every kind of config makes: a value that cannot be is named by its key.

use super::ConfigError;
use crate::evaluator::AgentSpec;

pub fn invalid<T>(key: &str, what: impl ToString) -> Result<T, ConfigError> {
    Err(ConfigError::Invalid {
        key: key.to_owned(),
        what: what.to_string(),
    })
}

pub fn within<T: PartialOrd + Copy + std::fmt::Display>(
    key: &str,
    value: T,
    min: T,
    max: T,
) -> Result<(), ConfigError> {
    if !(min..=max).contains(&value) {
        return invalid(key, format!("is {value}, must be {min} to {max}"));
    }
    Ok(())
}

pub fn positive(key: &str, value: f64) -> Result<(), ConfigError> {
    if !(value.is_finite() && value > 0.0) {
        return invalid(key, format!("is {value}, must be above 0"));
    }
    Ok(())
}

pub fn specs(key: &str, list: &[String]) -> Result<(), ConfigError> {
    for text in list {
        if let Err(e) = text.parse::<AgentSpec>() {
            return invalid(key, e);
        }
    }
    Ok(())
}

/// 0 to 1.
pub fn share(key: &str, value: f64) -> Result<(), ConfigError> {
    within(key, value, 0.0, 1.0)
}

/// 0 or more.
pub fn not_negative(key: &str, value: f64) -> Result<(), ConfigError> {
    if !(value.is_finite() && value >= 0.0) {
        return invalid(key, format!("is {value}, must be 0 or more"));
    }
    Ok(())
}

/// A device by its name; whether it is there is seen when it is used.
pub fn device(key: &str, name: &str) -> Result<(), ConfigError> {
    let number = name.strip_prefix("cuda:").map(str::parse::<usize>);
    if !(name == "cpu" || name == "cuda" || matches!(number, Some(Ok(_)))) {
        return invalid(key, format!("{name:?} is none of cpu, cuda, cuda:N"));
    }
    Ok(())
}
