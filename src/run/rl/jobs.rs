//! Which games are played without a league: opponents by their shares, seats by turns, everything drawn from the game's
//! number.

use super::games::{Games, Matchup, Side};
use super::networks::Networks;
use crate::actor::{Job, Jobs};
use crate::evaluator::{AgentSpec, EvaluatorError, SpecError};
use crate::game::Seed;
use crate::run::config::OpponentConfig;
use rand::RngExt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Name of the network in training.
pub const CURRENT: &str = "current";

/// The opponents of a run, their shares, and the seed that decides whom a game is against.
#[derive(Clone, Debug, PartialEq)]
pub struct Opponents {
    seed: Seed,
    names: Vec<String>,
    who: Vec<(Side, f64)>,
}

impl Opponents {
    /// `supervised` is the checkpoint that the name stands for.
    ///
    /// # Errors
    /// If a name is no agent spec.
    pub fn new(
        config: &[OpponentConfig],
        supervised: &Path,
        seed: Seed,
    ) -> Result<Opponents, SpecError> {
        let who = config.iter().map(|o| {
            let side = match o.agent.as_str() {
                "self" => Side::Live(CURRENT.to_owned()),
                "supervised" => Side::Frozen(supervised.to_owned()),
                text => match text.parse()? {
                    AgentSpec::Checkpoint(path) => Side::Frozen(path),
                    other => Side::Other(other),
                },
            };
            Ok((side, o.share))
        });
        Ok(Opponents {
            seed,
            names: config.iter().map(|o| o.agent.clone()).collect(),
            who: who.collect::<Result<_, _>>()?,
        })
    }

    /// The game of that number.
    pub fn matchup(&self, number: u64) -> Matchup {
        let seed = self.seed.fork("game", number);
        let i = self.draw(seed);
        let opponent = self.who[i].0.clone();
        Matchup {
            number,
            seed,
            seat: (number % 2) as usize,
            names: [CURRENT.to_owned(), self.names[i].clone()],
            both: matches!(opponent, Side::Live(_)),
            opponent,
            z: [None, None],
        }
    }

    fn draw(&self, seed: Seed) -> usize {
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
}

/// Games that never end to be given out, asking services.
pub struct Endless {
    pub games: Arc<Games>,
    pub opponents: Opponents,
    pub networks: Arc<Networks>,
    /// Number of the next game.
    pub next: AtomicU64,
}

impl Jobs for Endless {
    fn next(&self) -> Result<Job, EvaluatorError> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let matchup = self.opponents.matchup(number);
        let opponent = self.networks.line(&matchup.opponent)?;
        let player = self.networks.live(CURRENT)?;
        self.games.job(&matchup, player, opponent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opponents(shares: &[(&str, f64)]) -> Opponents {
        let config: Vec<OpponentConfig> = shares
            .iter()
            .map(|(agent, share)| OpponentConfig {
                agent: (*agent).to_owned(),
                share: *share,
            })
            .collect();
        Opponents::new(&config, Path::new("s"), Seed(3)).expect("specs")
    }

    #[test]
    fn opponents_come_by_their_shares_and_the_seats_by_turns() {
        let o = opponents(&[
            ("self", 1.0),
            ("supervised", 0.0),
            ("builtin:Hard:terran", 3.0),
        ]);
        let games: Vec<Matchup> = (0..4000).map(|n| o.matchup(n)).collect();
        let hard = games
            .iter()
            .filter(|m| m.names[1] == "builtin:Hard:terran")
            .count();
        assert!((2900..3100).contains(&hard), "{hard}");
        assert!(games.iter().all(|m| m.names[1] != "supervised"));
        assert!(games.iter().all(|m| m.both == (m.names[1] == "self")));
        assert_eq!(games.iter().map(|m| m.seat).sum::<usize>(), 2000);
        assert_eq!(o.matchup(17), games[17]);
        assert_ne!(games[1].seed, games[2].seed);
    }

    #[test]
    fn names_stand_for_networks() {
        let o = opponents(&[("supervised", 1.0)]);
        assert_eq!(o.matchup(0).opponent, Side::Frozen("s".into()));
        let o = opponents(&[("checkpoint:a/b", 1.0)]);
        assert_eq!(o.matchup(0).opponent, Side::Frozen("a/b".into()));
    }
}
