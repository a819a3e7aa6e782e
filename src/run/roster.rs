//! Agents by their spec: the [`Roster`] of every command that plays.

use super::card::{CardError, checkpoint_of, is_card};
use crate::agent::random::RandomAgent;
use crate::agent::scripted;
use crate::evaluator::{AgentSpec, EvaluatorError, Roster, SeatPlayer};
use crate::game::Race;
use crate::league::LeagueError;
use crate::storage::{Storage, StorageError, StorageUrl};
use std::path::{Path, PathBuf};

/// Why a spec gives no player.
#[derive(Debug, thiserror::Error)]
pub enum RosterError {
    #[error("there is no script {name:?}; known: {known}")]
    UnknownScript { name: String, known: String },
    #[error("league players need a league's database: name it, or its run folder, by --storage")]
    NoLeague,
    #[error("{player} of the league {at} has its checkpoint at {path}, which is not there")]
    NoCheckpoint {
        player: String,
        at: StorageUrl,
        path: PathBuf,
    },
    #[error(transparent)]
    Storage(#[from] StorageError),
    #[error(transparent)]
    League(#[from] LeagueError),
    #[error(transparent)]
    Card(#[from] CardError),
    #[error(
        "this program was built without libtorch (feature `torch`), so it plays no checkpoints"
    )]
    NoTorch,
    #[error("random agents play Terran, Zerg or Protoss: name one")]
    RandomRace,
}

/// Games of checkpoints that go in step and share batches. The same on every machine, see [`Roster::group_max`]; twice
/// as many gain little on a CPU, and a group is as slow as its longest game.
#[cfg(feature = "torch")]
const GROUP_GAMES: usize = 8;

/// Makes players: the built-in AI, scripts, random agents, and checkpoints, named by themselves, by an agent's card or
/// by a league.
#[derive(Default)]
pub struct Agents {
    /// Where `league:ID` is looked up.
    storage: Option<StorageUrl>,
    #[cfg(feature = "torch")]
    checkpoints: super::checkpoints::Checkpoints,
}

impl Agents {
    /// A roster whose checkpoints sample as trained; they are loaded when first asked for.
    pub fn new() -> Agents {
        Agents::default()
    }

    /// A roster whose checkpoints choose as `choice` says.
    #[cfg(feature = "torch")]
    pub fn with_choice(choice: crate::policy::Choice) -> Agents {
        Agents {
            storage: None,
            checkpoints: super::checkpoints::Checkpoints::new(choice),
        }
    }

    /// As before, with `league:ID` looked up in a league's database.
    #[must_use]
    pub fn with_storage(mut self, storage: Option<StorageUrl>) -> Agents {
        self.storage = storage;
        self
    }

    /// The file behind a checkpoint named by itself, by a card (or an agent's folder), or by a league's player (name or
    /// number); `None` for other players. A league's player is its latest checkpoint at this moment.
    ///
    /// # Errors
    /// A card or a league that names none, or one that is not there.
    pub fn checkpoint_path(&self, spec: &AgentSpec) -> Result<Option<PathBuf>, RosterError> {
        match spec {
            AgentSpec::Checkpoint(path) if is_card(path) => Ok(Some(checkpoint_of(path)?)),
            AgentSpec::Checkpoint(path) => Ok(Some(path.clone())),
            AgentSpec::League(player) => {
                let at = self.storage.as_ref().ok_or(RosterError::NoLeague)?;
                league_checkpoint(at, player).map(Some)
            }
            AgentSpec::Builtin { .. } | AgentSpec::Scripted(_) | AgentSpec::Random(_) => Ok(None),
        }
    }

    /// The spec with the file in place of whatever names it, so that a match plays one and the same checkpoint.
    ///
    /// # Errors
    /// As [`Agents::checkpoint_path`].
    pub fn resolve(&self, spec: &AgentSpec) -> Result<AgentSpec, EvaluatorError> {
        let path = self.checkpoint_path(spec);
        let path = path.map_err(|e| failed(spec, Box::new(e)))?;
        Ok(path.map_or_else(|| spec.clone(), AgentSpec::Checkpoint))
    }

    /// The checkpoints in memory.
    #[cfg(feature = "torch")]
    pub fn checkpoints(&self) -> &super::checkpoints::Checkpoints {
        &self.checkpoints
    }

    /// Makes one player of the spec and throws it away: a spec that nothing stands behind is found before any work.
    ///
    /// # Errors
    /// As [`Roster::player`].
    pub fn check(&self, spec: &AgentSpec) -> Result<(), EvaluatorError> {
        self.player(spec).map(drop)
    }
}

/// The checkpoint of a league's player: relative to the database's folder, or to the current one for a server.
fn league_checkpoint(at: &StorageUrl, player: &str) -> Result<PathBuf, RosterError> {
    let league = Storage::open_to_read(at)?.load_league()?;
    let player = league.find(player)?;
    let folder = match at {
        StorageUrl::Sqlite(file) => file.parent().unwrap_or(Path::new(".")),
        StorageUrl::Mysql(_) => Path::new("."),
    };
    let path = folder.join(&player.checkpoint);
    if path.is_file() {
        return Ok(path);
    }
    Err(RosterError::NoCheckpoint {
        player: player.name.clone(),
        at: at.clone(),
        path,
    })
}

type Cause = Box<dyn std::error::Error + Send + Sync>;

fn failed(spec: &AgentSpec, source: Cause) -> EvaluatorError {
    EvaluatorError::Agent {
        spec: spec.to_string(),
        source,
    }
}

impl Roster for Agents {
    fn player(&self, spec: &AgentSpec) -> Result<SeatPlayer, EvaluatorError> {
        let failed = |source: Cause| failed(spec, source);
        match &self.resolve(spec)? {
            AgentSpec::Builtin { level, race, build } => Ok(SeatPlayer::Computer {
                race: *race,
                level: *level,
                build: *build,
            }),
            AgentSpec::Scripted(name) => {
                let agent = scripted::by_name(name).ok_or_else(|| {
                    failed(Box::new(RosterError::UnknownScript {
                        name: name.clone(),
                        known: scripted::names().join(", "),
                    }))
                })?;
                Ok(SeatPlayer::Agent {
                    race: Race::Terran,
                    agent: Box::new(agent),
                })
            }
            AgentSpec::Random(Race::Random) => Err(failed(Box::new(RosterError::RandomRace))),
            AgentSpec::Random(race) => Ok(SeatPlayer::Agent {
                race: *race,
                agent: Box::new(RandomAgent::default()),
            }),
            #[cfg(feature = "torch")]
            AgentSpec::Checkpoint(path) => self
                .checkpoints
                .player(path)
                .map_err(|e| failed(Box::new(e))),
            #[cfg(not(feature = "torch"))]
            AgentSpec::Checkpoint(_) => Err(failed(Box::new(RosterError::NoTorch))),
            // Resolved to a checkpoint above.
            AgentSpec::League(_) => Err(failed(Box::new(RosterError::NoLeague))),
        }
    }

    #[cfg(feature = "torch")]
    fn group_max(&self, specs: [&AgentSpec; 2]) -> usize {
        let asks =
            |spec: &&AgentSpec| matches!(spec, AgentSpec::Checkpoint(_) | AgentSpec::League(_));
        if specs.iter().any(asks) {
            GROUP_GAMES
        } else {
            1
        }
    }

    #[cfg(feature = "torch")]
    fn group(
        &self,
        specs: [&AgentSpec; 2],
        games: usize,
    ) -> Result<Vec<[SeatPlayer; 2]>, EvaluatorError> {
        let resolved = [self.resolve(specs[0])?, self.resolve(specs[1])?];
        let specs = [&resolved[0], &resolved[1]];
        let paths: Vec<&Path> = specs
            .into_iter()
            .filter_map(|spec| match spec {
                AgentSpec::Checkpoint(path) => Some(path.as_path()),
                _ => None,
            })
            .collect();
        let failed = |source| EvaluatorError::Agent {
            spec: specs.map(AgentSpec::to_string).join(", "),
            source,
        };
        let by_game = self
            .checkpoints
            .group(&paths, games)
            .map_err(|e| failed(Box::new(e)))?;
        by_game
            .into_iter()
            .map(|players| {
                let mut players = players.into_iter();
                let mut seat = |spec: &AgentSpec| match spec {
                    AgentSpec::Checkpoint(_) => Ok(players.next().expect("one each")),
                    other => self.player(other),
                };
                Ok([seat(specs[0])?, seat(specs[1])?])
            })
            .collect()
    }
}
