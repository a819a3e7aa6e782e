//! Who plays, as typed on the command line: `builtin:LEVEL:RACE[:BUILD]`, `scripted:NAME`, `random:RACE`,
//! `checkpoint:PATH`, `league:ID`.

use crate::env::{AiBuild, Difficulty};
use crate::game::Race;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

/// A parsed spec. Printing one gives text that parses to it again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AgentSpec {
    Builtin {
        level: Difficulty,
        race: Race,
        build: AiBuild,
    },
    Scripted(String),
    Random(Race),
    Checkpoint(PathBuf),
    League(String),
}

/// A spec that says nothing we know.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("agent {spec:?}: {reason}")]
pub struct SpecError {
    pub spec: String,
    pub reason: String,
}

const FORMS: &str =
    "builtin:LEVEL:RACE[:BUILD], scripted:NAME, random:RACE, checkpoint:PATH, league:ID";

impl FromStr for AgentSpec {
    type Err = SpecError;

    fn from_str(text: &str) -> Result<AgentSpec, SpecError> {
        parse(text).map_err(|reason| SpecError {
            spec: text.chars().take(200).collect(),
            reason,
        })
    }
}

fn parse(text: &str) -> Result<AgentSpec, String> {
    let (kind, rest) = text
        .split_once(':')
        .ok_or_else(|| format!("expected one of {FORMS}"))?;
    if rest.is_empty() {
        return Err(format!("nothing after {kind:?}; expected one of {FORMS}"));
    }
    match kind {
        "builtin" => parse_builtin(rest),
        "scripted" => Ok(AgentSpec::Scripted(rest.to_owned())),
        "random" => Ok(AgentSpec::Random(parse_race(rest)?)),
        "checkpoint" => Ok(AgentSpec::Checkpoint(rest.into())),
        "league" => Ok(AgentSpec::League(rest.to_owned())),
        _ => Err(format!("unknown kind {kind:?}; expected one of {FORMS}")),
    }
}

fn parse_builtin(rest: &str) -> Result<AgentSpec, String> {
    let mut parts = rest.split(':');
    let level = parts.next().unwrap_or_default();
    let race = parts
        .next()
        .ok_or("no race; expected builtin:LEVEL:RACE[:BUILD]")?;
    let build = parts.next();
    if parts.next().is_some() {
        return Err("too many parts; expected builtin:LEVEL:RACE[:BUILD]".to_owned());
    }
    Ok(AgentSpec::Builtin {
        level: level.parse::<Difficulty>().map_err(|e| e.to_string())?,
        race: parse_race(race)?,
        build: match build {
            Some(build) => build.parse::<AiBuild>().map_err(|e| e.to_string())?,
            None => AiBuild::default(),
        },
    })
}

fn parse_race(text: &str) -> Result<Race, String> {
    match text.to_ascii_lowercase().as_str() {
        "terran" | "t" => Ok(Race::Terran),
        "zerg" | "z" => Ok(Race::Zerg),
        "protoss" | "p" => Ok(Race::Protoss),
        "random" | "r" => Ok(Race::Random),
        _ => Err(format!(
            "unknown race {text:?}; known: terran, zerg, protoss, random"
        )),
    }
}

fn race_name(race: Race) -> &'static str {
    match race {
        Race::Terran => "terran",
        Race::Zerg => "zerg",
        Race::Protoss => "protoss",
        Race::Random => "random",
    }
}

impl fmt::Display for AgentSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AgentSpec::Builtin { level, race, build } => {
                write!(f, "builtin:{level}:{}", race_name(*race))?;
                if *build != AiBuild::default() {
                    write!(f, ":{build}")?;
                }
                Ok(())
            }
            AgentSpec::Scripted(name) => write!(f, "scripted:{name}"),
            AgentSpec::Random(race) => write!(f, "random:{}", race_name(*race)),
            AgentSpec::Checkpoint(path) => write!(f, "checkpoint:{}", path.display()),
            AgentSpec::League(id) => write!(f, "league:{id}"),
        }
    }
}
