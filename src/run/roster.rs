//! Agents by their spec: the [`Roster`] of every command that plays.

use crate::agent::random::RandomAgent;
use crate::agent::scripted;
use crate::evaluator::{AgentSpec, EvaluatorError, Roster, SeatPlayer};
use crate::game::Race;

/// Why a spec gives no player.
#[derive(Debug, thiserror::Error)]
pub enum RosterError {
    #[error("there is no script {name:?}; known: {known}")]
    UnknownScript { name: String, known: String },
    #[error("league players need a league's storage, which this command is not connected to")]
    NoLeague,
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

/// Makes players: the built-in AI, scripts, random agents, and checkpoints.
#[derive(Default)]
pub struct Agents {
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
            checkpoints: super::checkpoints::Checkpoints::new(choice),
        }
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

impl Roster for Agents {
    fn player(&self, spec: &AgentSpec) -> Result<SeatPlayer, EvaluatorError> {
        let failed = |source: Box<dyn std::error::Error + Send + Sync>| EvaluatorError::Agent {
            spec: spec.to_string(),
            source,
        };
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
            #[cfg(feature = "torch")]
            AgentSpec::Checkpoint(path) => self
                .checkpoints
                .player(path)
                .map_err(|e| failed(Box::new(e))),
            #[cfg(not(feature = "torch"))]
            AgentSpec::Checkpoint(_) => Err(failed(Box::new(RosterError::NoTorch))),
            AgentSpec::League(_) => Err(failed(Box::new(RosterError::NoLeague))),
        }
    }

    #[cfg(feature = "torch")]
    fn group_max(&self, specs: [&AgentSpec; 2]) -> usize {
        let asks = |spec: &&AgentSpec| matches!(spec, AgentSpec::Checkpoint(_));
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
        let paths: Vec<&std::path::Path> = specs
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
