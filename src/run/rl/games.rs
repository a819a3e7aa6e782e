//! From who meets whom to a job for the actors: agents, what they are told to be, rewards.

use super::rewards::Rewards;
use crate::action::Specs;
use crate::actor::{Job, JobSeat, Learnable};
use crate::evaluator::{AgentSpec, EvaluatorError, GamePlan, Roster, SeatPlayer};
use crate::game::{MapData, Race, Seed};
use crate::policy::Choice;
use crate::predictor::{AgentOptions, Line, PolicyAgent};
use crate::reward::ZTask;
use crate::run::Agents;
use std::path::PathBuf;
use std::sync::Arc;

/// A line to a network, and what its observations are made by.
pub type SpecLine = (Line, Specs);

/// Whom a learning player meets.
#[derive(Clone, Debug, PartialEq)]
pub enum Side {
    /// A network in training, by name.
    Live(String),
    /// A frozen network.
    Frozen(PathBuf),
    Other(AgentSpec),
}

/// One game.
#[derive(Clone, Debug, PartialEq)]
pub struct Matchup {
    pub number: u64,
    pub seed: Seed,
    /// Seat of the learning player.
    pub seat: usize,
    /// Names of the learning player, which asks the network of this name, and of its opponent.
    pub names: [String; 2],
    pub opponent: Side,
    /// The opponent is learned from, too: it is the player itself.
    pub both: bool,
    /// z's that either side is conditioned on; none = drawn as the config says for who learns, no z for who does not.
    pub z: [Option<u32>; 2],
}

/// Makes the games of a run.
pub struct Games {
    pub map: Arc<MapData>,
    pub rewards: Rewards,
    pub agents: Arc<Agents>,
    /// Of all networks.
    pub temperature: f32,
}

impl Games {
    /// The job of a matchup. `player` and `opponent` are lines to their networks, where they are some.
    ///
    /// # Errors
    /// If nothing stands behind the opponent's spec, or a line is missing.
    pub fn job(
        &self,
        matchup: &Matchup,
        player: SpecLine,
        opponent: Option<SpecLine>,
    ) -> Result<Job, EvaluatorError> {
        let first = self.learnable(matchup, 0, player);
        let second = match (&matchup.opponent, opponent) {
            (Side::Other(spec), _) => JobSeat::Other(self.agents.player(spec)?),
            (_, None) => {
                return Err(EvaluatorError::Agent {
                    spec: matchup.names[1].clone(),
                    source: "no line to its network was given".into(),
                });
            }
            (_, Some(line)) if matchup.both => self.learnable(matchup, 1, line),
            (_, Some(line)) => JobSeat::Other(self.network_player(matchup, line)),
        };
        let mut seats = [first, second];
        let mut names = matchup.names.clone();
        if matchup.seat == 1 {
            seats.reverse();
            names.reverse();
        }
        Ok(Job {
            plan: GamePlan {
                map: self.map.clone(),
                seed: matchup.seed,
                names,
                ratings: [None, None],
            },
            seats,
            id: matchup.number,
        })
    }

    fn learnable(&self, matchup: &Matchup, side: usize, (line, specs): SpecLine) -> JobSeat {
        let seed = matchup.seed.fork("z", side as u64);
        let task = self.rewards.task(seed, matchup.z[side]);
        let options = AgentOptions {
            choice: self.choice(),
            conditioning: self.rewards.conditioning(&task),
        };
        let scorer = self.rewards.scorer(task, &specs);
        let name = &matchup.names[side];
        JobSeat::Recorded(Learnable {
            race: Race::Terran,
            agent: Box::new(PolicyAgent::with_line(name, line, specs, options)),
            scorer,
        })
    }

    fn choice(&self) -> Choice {
        Choice::Sample {
            temperature: self.temperature,
        }
    }

    fn network_player(&self, matchup: &Matchup, (line, specs): SpecLine) -> SeatPlayer {
        let task =
            matchup.z[1].map_or_else(ZTask::default, |z| self.rewards.task(matchup.seed, Some(z)));
        let options = AgentOptions {
            choice: self.choice(),
            conditioning: self.rewards.conditioning(&task),
        };
        let agent = PolicyAgent::with_line(&matchup.names[1], line, specs, options);
        SeatPlayer::Agent {
            race: Race::Terran,
            agent: Box::new(agent),
        }
    }
}
