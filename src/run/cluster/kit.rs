//! What the master sends to whoever takes part, made ready: config, specs, map, rewards; and checkpoints as they are needed.

use super::member::{Member, RoleOptions, refused};
use super::messages::{FromMaster, ServeMessage, ToMaster, Welcome, file};
use crate::action::Specs;
use crate::actor::{PoolOptions, RecorderOptions};
use crate::bus::QueueBounds;
use crate::env::Arena;
use crate::files::write_atomic;
use crate::game::MapData;
use crate::run::config::{self, ClusterConfig, GameKind, LeagueRunConfig};
use crate::run::rl::Rewards;
use crate::run::{Agents, RunError};
use crate::run::{arena, kept_replays};
use crate::trajectory::Wire;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

/// See the module.
pub struct Kit {
    pub config: LeagueRunConfig,
    pub specs: Specs,
    pub map: Arc<MapData>,
    pub rewards: Rewards,
    pub arena: Arena,
    pub agents: Arc<Agents>,
    /// The supervised agent's checkpoint, by its name in the run folder.
    pub supervised: String,
    cache: PathBuf,
}

impl Kit {
    /// # Errors
    /// If what was sent does not fit this program, or this machine cannot play it.
    pub fn open(
        welcome: Welcome,
        options: &RoleOptions,
        stop: &AtomicBool,
    ) -> Result<Kit, RunError> {
        let mut config: LeagueRunConfig = config::from_text(&welcome.config, "of the master")?;
        let specs = Specs::new(welcome.obs, welcome.action)
            .map_err(|e| RunError::Cluster(format!("the master's specs: {e}")))?;
        if specs.hash() != welcome.specs_hash {
            return Err(RunError::Cluster(
                "this program knows other tables of features and functions than the master's: run the same scc everywhere"
                    .to_owned(),
            ));
        }
        if let Some(library) = &welcome.library {
            let path = options.cache.join("z.library");
            write_atomic(&path, library)?;
            config.rewards.library = path.display().to_string();
        }
        let arena = arena::open(&config.game, &options.places, stop)?;
        let map = match config.game.kind {
            GameKind::Sim => Arc::new(postcard::from_bytes(&welcome.map).map_err(|_| {
                RunError::Cluster(
                    "the master's map cannot be read: run the same scc everywhere".to_owned(),
                )
            })?),
            GameKind::Sc2 => arena.load_map(&config.map)?,
        };
        Ok(Kit {
            rewards: Rewards::open(&config.rewards, &map)?,
            specs,
            map,
            arena,
            agents: Arc::default(),
            supervised: welcome.supervised,
            cache: options.cache.clone(),
            config,
        })
    }

    pub fn cluster(&self) -> &ClusterConfig {
        &self.config.cluster
    }

    /// How games are played that somebody learns from.
    pub fn pool_options(&self, at_once: Option<usize>) -> PoolOptions {
        let games = &self.config.games;
        PoolOptions {
            games: at_once.unwrap_or(games.at_once),
            queue_max: games.queue_max,
            loops_max: games.loops_max,
            recorder: RecorderOptions {
                wire: Wire::new(&self.specs),
                unroll: self.config.learner.unroll,
            },
            arena: self.arena.clone(),
            record: kept_replays::is_wanted(games.replays_kept, &self.arena),
        }
    }

    /// Of a player's queue of games.
    pub fn queue_bounds(&self) -> QueueBounds {
        let c = self.cluster();
        QueueBounds {
            messages_max: c.queue_games,
            bytes_max: c.queue_megabytes << 20,
            age_max: Duration::from_secs_f64(c.queue_seconds),
        }
    }

    /// A checkpoint of the master's run folder, as a file here; none if the process is to end.
    ///
    /// # Errors
    /// If the master does not have it, or it cannot be fetched or written.
    pub fn checkpoint(&self, member: &Member, path: &str) -> Result<Option<PathBuf>, RunError> {
        let here = self.cached(path)?;
        if here.exists() {
            return Ok(Some(here));
        }
        let object = file(path);
        let mut found = member.bus.get(&object)?;
        while found.is_none() {
            let provide = ToMaster::Provide {
                path: path.to_owned(),
            };
            match member.ask(&provide)? {
                None | Some(FromMaster::Finished) => return Ok(None),
                Some(FromMaster::Refused(what)) => return Err(refused(what)),
                Some(_) => found = member.bus.get(&object)?,
            }
        }
        write_atomic(&here, &found.unwrap_or_default())?;
        Ok(Some(here))
    }

    /// Where a frozen player's checkpoint is or will be.
    ///
    /// # Errors
    /// If its path leads out of the run folder.
    pub fn frozen(&self, player: &ServeMessage) -> Result<Option<PathBuf>, RunError> {
        player.path.as_deref().map(|p| self.cached(p)).transpose()
    }

    fn cached(&self, path: &str) -> Result<PathBuf, RunError> {
        if !is_inside(path) {
            return Err(RunError::Cluster(format!(
                "{path:?} leads out of the run folder"
            )));
        }
        Ok(self.cache.join("files").join(path))
    }
}

/// Whether a path stays below the folder that it is taken from.
pub fn is_inside(path: &str) -> bool {
    use std::path::Component;
    let path = Path::new(path);
    path.components().all(|c| matches!(c, Component::Normal(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_in_the_run_folder() {
        for (path, inside) in [
            ("players/main/0000000001.safetensors", true),
            ("../secret", false),
            ("players/../../secret", false),
            ("/etc/passwd", false),
        ] {
            assert_eq!(is_inside(path), inside, "{path}");
        }
    }
}
