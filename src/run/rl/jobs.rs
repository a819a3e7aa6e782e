//! Which games are played: opponents by their shares, seats by turns, everything drawn from the game's number.

use super::networks::Networks;
use super::rewards::Rewards;
use crate::actor::{Job, JobSeat, Jobs, Learnable};
use crate::evaluator::{AgentSpec, EvaluatorError, GamePlan, Roster, SeatPlayer};
use crate::game::{MapData, Race, Seed};
use crate::policy::Choice;
use crate::predictor::{AgentOptions, Line, PolicyAgent};
use crate::run::Agents;
use crate::run::config::OpponentConfig;
use rand::RngExt;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Whom the agent in training plays.
#[derive(Clone, Debug, PartialEq)]
pub enum Opponent {
    /// Itself: both seats are learned from.
    Current,
    /// A frozen network.
    Frozen(PathBuf),
    Other(AgentSpec),
}

/// The opponents of a run and their shares.
#[derive(Clone, Debug, PartialEq)]
pub struct Opponents {
    names: Vec<String>,
    who: Vec<(Opponent, f64)>,
}

impl Opponents {
    /// `supervised` is the checkpoint that the name stands for.
    ///
    /// # Errors
    /// If a name is no agent spec.
    pub fn new(
        config: &[OpponentConfig],
        supervised: &std::path::Path,
    ) -> Result<Opponents, crate::evaluator::SpecError> {
        let who = config.iter().map(|o| {
            let opponent = match o.agent.as_str() {
                "self" => Opponent::Current,
                "supervised" => Opponent::Frozen(supervised.to_owned()),
                text => match text.parse()? {
                    AgentSpec::Checkpoint(path) => Opponent::Frozen(path),
                    other => Opponent::Other(other),
                },
            };
            Ok((opponent, o.share))
        });
        Ok(Opponents {
            names: config.iter().map(|o| o.agent.clone()).collect(),
            who: who.collect::<Result<_, _>>()?,
        })
    }

    /// Index of the opponent of the game whose seed is given.
    pub fn draw(&self, seed: Seed) -> usize {
        let total: f64 = self.who.iter().map(|(_, share)| share).sum();
        let mut at = seed.fork("opponent", 0).rng().random_range(0.0..total);
        for (i, (_, share)) in self.who.iter().enumerate() {
            if at < *share {
                return i;
            }
            at -= share;
        }
        // Rounding at the very end: the last who can be drawn at all.
        self.who.iter().rposition(|(_, s)| *s > 0.0).unwrap_or(0)
    }

    pub fn name(&self, i: usize) -> &str {
        &self.names[i]
    }

    pub fn who(&self, i: usize) -> &Opponent {
        &self.who[i].0
    }
}

/// What is drawn for one game.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Draw {
    pub number: u64,
    pub seed: Seed,
    pub opponent: usize,
    /// Seat of the agent in training; against itself, of its first half.
    pub seat: usize,
}

/// Makes the games of a run.
pub struct Games {
    pub map: Arc<MapData>,
    pub seed: Seed,
    pub opponents: Opponents,
    pub rewards: Rewards,
    pub agents: Arc<Agents>,
}

impl Games {
    /// The game of that number.
    pub fn draw(&self, number: u64) -> Draw {
        let seed = self.seed.fork("game", number);
        Draw {
            number,
            seed,
            opponent: self.opponents.draw(seed),
            seat: (number % 2) as usize,
        }
    }

    /// The job of a draw. `lines` are to the agent in training, and to its opponent where that is a network (itself
    /// included).
    ///
    /// # Errors
    /// If nothing stands behind the opponent's spec.
    pub fn job(
        &self,
        draw: &Draw,
        learner: (Line, crate::action::Specs),
        opponent: Option<(Line, crate::action::Specs)>,
    ) -> Result<Job, EvaluatorError> {
        let learnable = |side: u64, (line, specs): (Line, crate::action::Specs)| {
            let (conditioning, scorer) = self.rewards.of_game(draw.seed.fork("z", side), &specs);
            let options = AgentOptions {
                choice: Choice::Sample { temperature: 1.0 },
                conditioning,
            };
            JobSeat::Recorded(Learnable {
                race: Race::Terran,
                agent: Box::new(PolicyAgent::with_line("current", line, specs, options)),
                scorer,
            })
        };
        let first = learnable(0, learner);
        let second = match (self.opponents.who(draw.opponent), opponent) {
            (Opponent::Current, Some(line)) => learnable(1, line),
            (Opponent::Other(spec), _) => JobSeat::Other(self.agents.player(spec)?),
            (_, line) => JobSeat::Other(network_player(line)?),
        };
        let mut seats = [first, second];
        let mut names = [
            "current".to_owned(),
            self.opponents.name(draw.opponent).to_owned(),
        ];
        if draw.seat == 1 {
            seats.reverse();
            names.reverse();
        }
        Ok(Job {
            plan: GamePlan {
                map: self.map.clone(),
                seed: draw.seed,
                names,
                ratings: [None, None],
            },
            seats,
            id: draw.number,
        })
    }
}

fn network_player(
    line: Option<(Line, crate::action::Specs)>,
) -> Result<SeatPlayer, EvaluatorError> {
    let Some((line, specs)) = line else {
        return Err(EvaluatorError::Agent {
            spec: "network".to_owned(),
            source: "no line to it was given".into(),
        });
    };
    Ok(SeatPlayer::Agent {
        race: Race::Terran,
        agent: Box::new(PolicyAgent::with_line(
            "frozen",
            line,
            specs,
            AgentOptions::default(),
        )),
    })
}

/// Games that never end to be given out, asking services.
pub struct Endless {
    pub games: Arc<Games>,
    pub networks: Arc<Networks>,
    /// Number of the next game.
    pub next: AtomicU64,
}

impl Jobs for Endless {
    fn next(&self) -> Result<Job, EvaluatorError> {
        let draw = self.games.draw(self.next.fetch_add(1, Ordering::Relaxed));
        let line = |(client, specs): (crate::predictor::Client, _)| (Line::from(client), specs);
        let opponent = match self.games.opponents.who(draw.opponent) {
            Opponent::Current => Some(line(self.networks.current())),
            Opponent::Frozen(path) => Some(line(self.networks.frozen(path)?)),
            Opponent::Other(_) => None,
        };
        self.games
            .job(&draw, line(self.networks.current()), opponent)
    }
}
