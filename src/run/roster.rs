//! Agents by their spec: the [`Roster`] of every command that plays.

use super::card::{CardError, checkpoint_of, is_card};
#[cfg(feature = "torch")]
use super::checkpoints::Network;
use super::config::LeagueRunConfig;
#[cfg(feature = "torch")]
use super::repertoire::{self, Repertoire, RepertoireError, Strategy};
use crate::agent::random::RandomAgent;
use crate::agent::scripted;
use crate::evaluator::{AgentSpec, EvaluatorError, Roster, SeatPlayer};
#[cfg(feature = "torch")]
use crate::evaluator::{Condition, ZChoice};
use crate::game::Race;
use crate::league::LeagueError;
use crate::storage::{Storage, StorageError, StorageUrl};
use crate::trajectory::Z;
#[cfg(feature = "torch")]
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
#[cfg(feature = "torch")]
use std::sync::{Arc, Mutex, PoisonError};

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
    #[error("z {id} of the league {at} is damaged, or of other tables than this program's")]
    DamagedZ { at: StorageUrl, id: u32 },
    #[error(transparent)]
    Storage(#[from] StorageError),
    #[error(transparent)]
    League(#[from] LeagueError),
    #[error(transparent)]
    Card(#[from] CardError),
    #[cfg(feature = "torch")]
    #[error(transparent)]
    Repertoire(#[from] RepertoireError),
    #[error(
        "this program was built without libtorch (feature `torch`), so it plays no checkpoints"
    )]
    NoTorch,
    #[error("random agents play Terran, Zerg or Protoss: name one")]
    RandomRace,
    #[error("only checkpoints and league players can be told what to be")]
    NoNetwork,
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
    /// Files of strategies that were read.
    #[cfg(feature = "torch")]
    strategies: Mutex<BTreeMap<StrategyFile, Arc<Vec<Strategy>>>>,
}

/// A file, and which of its z's.
#[cfg(feature = "torch")]
type StrategyFile = (PathBuf, Vec<u32>);

impl Agents {
    /// A roster whose checkpoints sample as trained; they are loaded when first asked for.
    pub fn new() -> Agents {
        Agents::default()
    }

    /// A roster whose checkpoints choose as `choice` says.
    #[cfg(feature = "torch")]
    pub fn with_choice(choice: crate::policy::Choice) -> Agents {
        Agents {
            checkpoints: super::checkpoints::Checkpoints::new(choice),
            ..Agents::default()
        }
    }

    /// A roster whose checkpoints choose as freely as `temperature` says: 1 as trained, 0 always the best guess.
    #[cfg(feature = "torch")]
    pub fn at_temperature(temperature: f32) -> Agents {
        use crate::policy::Choice;
        Agents::with_choice(if temperature == 0.0 {
            Choice::Greedy
        } else {
            Choice::Sample { temperature }
        })
    }

    /// A roster without checkpoints: this program plays none.
    #[cfg(not(feature = "torch"))]
    pub fn at_temperature(_temperature: f32) -> Agents {
        Agents::default()
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
            AgentSpec::League(player) => Ok(Some(self.league_player(player)?.0)),
            AgentSpec::Conditioned { agent, .. } => self.checkpoint_path(agent),
            AgentSpec::Builtin { .. } | AgentSpec::Scripted(_) | AgentSpec::Random(_) => Ok(None),
        }
    }

    /// The checkpoint of a league's player, and the z's that it is trained for.
    fn league_player(&self, player: &str) -> Result<(PathBuf, Vec<Z>), RosterError> {
        let at = self.storage.as_ref().ok_or(RosterError::NoLeague)?;
        league_player(at, player)
    }

    /// The network behind a spec, and what it is told to be; `None` for other players.
    #[cfg(feature = "torch")]
    fn network(&self, spec: &AgentSpec) -> Result<Option<Network>, RosterError> {
        let (agent, by) = match spec {
            AgentSpec::Conditioned { agent, by } => (&**agent, by.clone()),
            other => (other, Condition::default()),
        };
        let (path, trained_for) = match agent {
            AgentSpec::League(player) => self.league_player(player)?,
            other => match self.checkpoint_path(other)? {
                Some(path) => (path, Vec::new()),
                None => return Ok(None),
            },
        };
        let strategies = match &by.z {
            Some(ZChoice::None) => Arc::default(),
            Some(ZChoice::File { path, entries }) => self.strategies(path, entries)?,
            None => {
                let every = |z| Strategy { z, map: None };
                Arc::new(trained_for.into_iter().map(every).collect())
            }
        };
        let by = Repertoire {
            strategies,
            rating: by.rating.map(|r| r as f32),
        };
        let by = (!by.is_empty()).then(|| Arc::new(by));
        Ok(Some(Network { path, by }))
    }

    #[cfg(feature = "torch")]
    fn strategies(&self, path: &Path, entries: &[u32]) -> Result<Arc<Vec<Strategy>>, RosterError> {
        let mut read = self
            .strategies
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let key = (path.to_owned(), entries.to_vec());
        if let Some(known) = read.get(&key) {
            return Ok(known.clone());
        }
        let found = Arc::new(repertoire::read(path, entries)?);
        read.insert(key, found.clone());
        Ok(found)
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

/// The checkpoint of a league's player (relative to the database's folder, or to the current one for a server), and the
/// z's that it is trained for.
fn league_player(at: &StorageUrl, name: &str) -> Result<(PathBuf, Vec<Z>), RosterError> {
    let mut storage = Storage::open_to_read(at)?;
    let league = storage.load_league()?;
    let player = league.find(name)?;
    let folder = match at {
        StorageUrl::Sqlite(file) => file.parent().unwrap_or(Path::new(".")),
        StorageUrl::Mysql(_) => Path::new("."),
    };
    let path = folder.join(&player.checkpoint);
    if !path.is_file() {
        return Err(RosterError::NoCheckpoint {
            player: player.name.clone(),
            at: at.clone(),
            path,
        });
    }
    let ids = player.condition.ids();
    if ids.is_empty() || !tells_z(folder) {
        return Ok((path, Vec::new()));
    }
    let rows = storage.z_library()?.into_iter();
    let trained_for = rows.filter(|row| ids.contains(&row.id));
    let trained_for = trained_for.map(|row| {
        let z = serde_json::from_str(&row.content).ok();
        z.filter(Z::is_known).ok_or_else(|| RosterError::DamagedZ {
            at: at.clone(),
            id: row.id,
        })
    });
    Ok((path, trained_for.collect::<Result<_, _>>()?))
}

/// Whether the league of this run folder tells its agents what they are rewarded for (`rewards.shown`): those that never
/// learned to hear it play badly when they are told.
fn tells_z(run: &Path) -> bool {
    let config = super::config::load::<LeagueRunConfig>(&run.join("config.toml"), &[]);
    config.map_or(true, |c| c.rewards.shown)
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
        match spec {
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
            AgentSpec::Checkpoint(_) | AgentSpec::League(_) | AgentSpec::Conditioned { .. } => {
                self.network_player(spec)
            }
        }
    }

    #[cfg(feature = "torch")]
    fn group_max(&self, specs: [&AgentSpec; 2]) -> usize {
        let asks = |spec: &&AgentSpec| {
            matches!(
                spec,
                AgentSpec::Checkpoint(_) | AgentSpec::League(_) | AgentSpec::Conditioned { .. }
            )
        };
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
        let network = |spec: &AgentSpec| self.network(spec).map_err(|e| failed(spec, Box::new(e)));
        let networks = [network(specs[0])?, network(specs[1])?];
        let asked: Vec<&Network> = networks.iter().flatten().collect();
        let by_game = self.checkpoints.group(&asked, games);
        let by_game = by_game.map_err(|e| EvaluatorError::Agent {
            spec: specs.map(AgentSpec::to_string).join(", "),
            source: Box::new(e),
        })?;
        by_game
            .into_iter()
            .map(|players| {
                let mut players = players.into_iter();
                let mut seat = |i: usize| match networks[i] {
                    Some(_) => Ok(players.next().expect("one each")),
                    None => self.player(specs[i]),
                };
                Ok([seat(0)?, seat(1)?])
            })
            .collect()
    }
}

impl Agents {
    #[cfg(feature = "torch")]
    fn network_player(&self, spec: &AgentSpec) -> Result<SeatPlayer, EvaluatorError> {
        let failed = |source: Cause| failed(spec, source);
        let network = self.network(spec).map_err(|e| failed(Box::new(e)))?;
        let network = network.ok_or_else(|| failed(Box::new(RosterError::NoNetwork)))?;
        let player = self.checkpoints.player(&network);
        player.map_err(|e| failed(Box::new(e)))
    }

    #[cfg(not(feature = "torch"))]
    fn network_player(&self, spec: &AgentSpec) -> Result<SeatPlayer, EvaluatorError> {
        let found = self.checkpoint_path(spec);
        let error = found.map_or_else(|e| e, |_| RosterError::NoTorch);
        Err(failed(spec, Box::new(error)))
    }
}
