//! What a run plays, fixed when it becomes due: a change of the file, or a crash, changes nothing of a run that has begun.

use super::{Match, ScheduleError};
use crate::evaluator::{AgentSpec, ZChoice};
use crate::files::read_limited;
use crate::game::Seed;
use crate::run::Agents;
use crate::run::config::schedule::CHECKPOINT;
use crate::run::config::{GameConfig, GameKind};
use crate::storage::RunRow;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::path::Path;

/// No checkpoint is larger.
pub const CHECKPOINT_BYTES_MAX: u64 = 1 << 32;

/// Under which conditions games are played; results under others do not compare.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    pub game: GameKind,
    pub game_version: String,
    pub max_loops: u32,
    pub temperature: f64,
}

/// One agent against one opponent on one map.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlanRow {
    /// As the file names it; what results are compared by.
    pub agent: String,
    /// Who that is: a spec with a checkpoint in the place of `{checkpoint}`.
    pub plays: String,
    pub opponent: String,
    /// As the file names it.
    pub map: String,
    /// `scc match --seed` plays the same games by it.
    pub seed: u64,
    /// sha256 of the agent's weights; empty for agents without.
    pub agent_hash: String,
}

/// The plan of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunPlan {
    pub settings: Settings,
    pub game_timeout: f64,
    /// Where `league:ID` is looked up; nowhere if empty.
    pub league: String,
    /// Games of each row.
    pub games: u32,
    pub rows: Vec<PlanRow>,
    /// Copy of the checkpoint that the run is for; empty for one that is due by the clock.
    pub checkpoint: String,
}

impl RunPlan {
    /// The plan of a match that became due; `checkpoint` is the copy of the one it follows.
    ///
    /// # Errors
    /// If an agent's weights cannot be read.
    pub fn new(
        one: &Match,
        due: &str,
        checkpoint: Option<&Path>,
        maps: &[String],
    ) -> Result<RunPlan, ScheduleError> {
        let config = &one.config;
        let copy = checkpoint.map(|path| path.display().to_string());
        let copy = copy.unwrap_or_default();
        let agents = one.agents();
        let seed = Seed(config.seed).fork(&config.name, 0).fork(due, 0);
        let mut rows = Vec::new();
        for label in config.all_agents() {
            let plays = label.replace(CHECKPOINT, &copy);
            let spec = one.resolved(&plays)?;
            let agent_hash = hash_of(&agents, &spec)?;
            for opponent in config.all_opponents() {
                for map in maps {
                    let seed = seed.fork(&label, 0).fork(&opponent, 0).fork(map, 0);
                    rows.push(PlanRow {
                        agent: label.clone(),
                        plays: plays.clone(),
                        opponent: opponent.clone(),
                        map: map.clone(),
                        seed: seed.0,
                        agent_hash: agent_hash.clone(),
                    });
                }
            }
        }
        Ok(RunPlan {
            settings: Settings {
                game: config.game,
                game_version: config.game_version.clone(),
                max_loops: config.max_loops,
                temperature: config.temperature,
            },
            game_timeout: config.game_timeout,
            league: config.league.clone(),
            games: config.games,
            rows,
            checkpoint: copy,
        })
    }

    /// The plan that the database holds for a run.
    ///
    /// # Errors
    /// [`ScheduleError::Plan`] if this program does not understand it.
    pub fn from_row(run: &RunRow) -> Result<RunPlan, ScheduleError> {
        serde_json::from_str(&run.plan).map_err(|source| ScheduleError::Plan {
            match_name: run.key.match_name.clone(),
            due: run.key.due.clone(),
            source,
        })
    }

    /// The plan as the database holds it.
    pub fn text(&self) -> String {
        serde_json::to_string(self).expect("a plan always serializes")
    }

    /// What is played on.
    pub fn game(&self) -> GameConfig {
        GameConfig {
            kind: self.settings.game,
            version: self.settings.game_version.clone(),
            timeout_seconds: self.game_timeout,
        }
    }
}

/// sha256 of the weights behind a spec; empty if there are none.
///
/// # Errors
/// If they cannot be found or read.
pub fn hash_of(agents: &Agents, spec: &AgentSpec) -> Result<String, ScheduleError> {
    match agents.checkpoint_path(spec)? {
        None => Ok(String::new()),
        Some(path) => Ok(sha256(&read_limited(&path, CHECKPOINT_BYTES_MAX)?)),
    }
}

/// As 64 hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A spec with paths that are there relative to `base` made so; others stay, relative to the current folder.
pub fn based(spec: AgentSpec, base: &Path) -> AgentSpec {
    let moved = |path: std::path::PathBuf| {
        let below = base.join(&path);
        if below.exists() { below } else { path }
    };
    match spec {
        AgentSpec::Checkpoint(path) => AgentSpec::Checkpoint(moved(path)),
        AgentSpec::Conditioned { agent, mut by } => {
            by.z = by.z.map(|z| match z {
                ZChoice::File { path, entries } => ZChoice::File {
                    path: moved(path),
                    entries,
                },
                ZChoice::None => ZChoice::None,
            });
            let agent = Box::new(based(*agent, base));
            AgentSpec::Conditioned { agent, by }
        }
        other => other,
    }
}

/// A map's file where there is one relative to `base`; else its name, or a path from the current folder.
pub fn map_at(map: &str, base: &Path) -> String {
    let below = base.join(map);
    match below.is_file() {
        true => below.display().to_string(),
        false => map.to_owned(),
    }
}
