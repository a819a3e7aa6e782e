//! Who plays, as typed on the command line: `builtin:LEVEL:RACE[:BUILD]`, `scripted:NAME`, `random:RACE`,
//! `checkpoint:PATH`, `league:ID`. The last two may be told what to be: `,z=FILE[:N[+N...]]`, `,z=none`, `,rating=N`.

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
    /// A network that is told what to be (SCC §6.1).
    Conditioned {
        /// A checkpoint or a league's player.
        agent: Box<AgentSpec>,
        by: Condition,
    },
}

/// What a network is told to be. Default: nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Condition {
    /// The strategies that it plays by, one drawn for each game; unset = as it comes: a league's player those that it is
    /// trained for, everybody else none.
    pub z: Option<ZChoice>,
    /// Rating of the players that it is to play like.
    pub rating: Option<i32>,
}

/// Strategies to play by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ZChoice {
    /// None.
    None,
    /// Those of a file: a z library, or one z as JSON.
    File {
        path: PathBuf,
        /// Numbers in the library, from 0; empty = all that fit the race and the map.
        entries: Vec<u32>,
    },
}

/// A spec that says nothing we know.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("agent {spec:?}: {reason}")]
pub struct SpecError {
    pub spec: String,
    pub reason: String,
}

const FORMS: &str = "builtin:LEVEL:RACE[:BUILD], scripted:NAME, random:RACE, checkpoint:PATH, league:ID (the last two \
     with ,z=FILE[:N[+N...]] ,z=none ,rating=N)";

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
        "checkpoint" => parse_conditioned(rest, |path| AgentSpec::Checkpoint(path.into())),
        "league" => parse_conditioned(rest, |id| AgentSpec::League(id.to_owned())),
        _ => Err(format!("unknown kind {kind:?}; expected one of {FORMS}")),
    }
}

const Z: &str = "z=";
const RATING: &str = "rating=";

/// A network's name and what may follow it. Names may hold commas, so it is read from the end.
fn parse_conditioned(text: &str, network: impl Fn(&str) -> AgentSpec) -> Result<AgentSpec, String> {
    let mut by = Condition::default();
    let mut name = text;
    while let Some((before, told)) = name.rsplit_once(',') {
        if let Some(z) = told.strip_prefix(Z) {
            if by.z.replace(parse_z(z)?).is_some() {
                return Err("z= stands there twice".to_owned());
            }
        } else if let Some(rating) = told.strip_prefix(RATING) {
            let number = rating.parse();
            let number = number.map_err(|_| format!("{told:?}: expected a whole number"))?;
            if by.rating.replace(number).is_some() {
                return Err("rating= stands there twice".to_owned());
            }
        } else {
            break;
        }
        name = before;
    }
    if name.is_empty() {
        return Err(format!("no name before {text:?}; expected one of {FORMS}"));
    }
    let agent = network(name);
    if by == Condition::default() {
        return Ok(agent);
    }
    let agent = Box::new(agent);
    Ok(AgentSpec::Conditioned { agent, by })
}

/// `none`, `FILE`, or `FILE:N+N+...`.
fn parse_z(text: &str) -> Result<ZChoice, String> {
    if text == "none" {
        return Ok(ZChoice::None);
    }
    let numbers =
        |list: &str| -> Option<Vec<u32>> { list.split('+').map(|n| n.parse().ok()).collect() };
    let (path, entries) = match text.rsplit_once(':') {
        Some((path, list)) => (path, numbers(list)),
        None => (text, Some(Vec::new())),
    };
    match entries {
        Some(entries) if !path.is_empty() => Ok(ZChoice::File {
            path: path.into(),
            entries,
        }),
        _ => Err(format!("z={text:?}: expected none, FILE or FILE:N[+N...]")),
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
            AgentSpec::Conditioned { agent, by } => write!(f, "{agent}{by}"),
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.z {
            None => {}
            Some(ZChoice::None) => write!(f, ",{Z}none")?,
            Some(ZChoice::File { path, entries }) => {
                write!(f, ",{Z}{}", path.display())?;
                for (i, entry) in entries.iter().enumerate() {
                    write!(f, "{}{entry}", if i == 0 { ':' } else { '+' })?;
                }
            }
        }
        match self.rating {
            Some(rating) => write!(f, ",{RATING}{rating}"),
            None => Ok(()),
        }
    }
}
