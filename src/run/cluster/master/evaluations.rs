//! Games between checkpoints that are to be played: waiting, given out, and given out again where no result came.

use crate::league::PlayerId;
use crate::run::league::Pairing;
use std::collections::{BTreeMap, VecDeque};

/// See the module. Times are seconds of the master's own clock.
#[derive(Debug, Default)]
pub struct Evaluations {
    next: u64,
    waiting: VecDeque<(u64, Pairing)>,
    /// By number: since when, and what.
    given: BTreeMap<u64, (f64, Pairing)>,
    /// Players whose z's are tried: the numbers of these games that have no result yet.
    z: BTreeMap<PlayerId, Vec<u64>>,
}

impl Evaluations {
    /// Numbers start from `first`: results of games that an earlier master gave out are none of these.
    pub fn new(first: u64) -> Evaluations {
        Evaluations {
            next: first,
            ..Evaluations::default()
        }
    }

    /// Adds games; `z_of`: they say which z is best for that player.
    pub fn add(&mut self, pairings: Vec<Pairing>, z_of: Option<PlayerId>) {
        for pairing in pairings {
            let id = self.next;
            self.next += 1;
            if let Some(player) = z_of {
                self.z.entry(player).or_default().push(id);
            }
            self.waiting.push_back((id, pairing));
        }
    }

    /// A game to play.
    pub fn give(&mut self, now: f64, lease: f64) -> Option<(u64, Pairing)> {
        let late = self
            .given
            .iter()
            .filter(|(_, (since, _))| now - since > lease);
        let late: Vec<u64> = late.map(|(id, _)| *id).collect();
        for id in late {
            if let Some((_, pairing)) = self.given.remove(&id) {
                self.waiting.push_front((id, pairing));
            }
        }
        let (id, pairing) = self.waiting.pop_front()?;
        self.given.insert(id, (now, pairing.clone()));
        Some((id, pairing))
    }

    /// The game of that number, unless it has its result or was never given out.
    pub fn find(&self, id: u64) -> Option<&Pairing> {
        let waits = || self.waiting.iter().find(|(i, _)| *i == id).map(|(_, p)| p);
        self.given.get(&id).map(|(_, p)| p).or_else(waits)
    }

    /// A game has its result; a player whose z's have all been tried by that.
    pub fn done(&mut self, id: u64) -> Option<PlayerId> {
        self.given.remove(&id);
        self.waiting.retain(|(i, _)| *i != id);
        let mut tried = None;
        self.z.retain(|player, open| {
            open.retain(|i| *i != id);
            if open.is_empty() {
                tried = Some(*player);
            }
            !open.is_empty()
        });
        tried
    }

    /// Whether z's are being tried for a player.
    pub fn tries_z(&self, player: PlayerId) -> bool {
        self.z.contains_key(&player)
    }

    /// Games without a result.
    pub fn open(&self) -> usize {
        self.waiting.len() + self.given.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::game::Seed;
    use crate::league::GameKind;
    use crate::run::league::Seated;

    fn pairing(n: u64) -> Pairing {
        let side = Seated {
            player: PlayerId(1),
            checkpoint: "a".to_owned(),
            z: None,
            version: 0,
        };
        Pairing {
            kind: GameKind::Evaluation,
            sides: [side.clone(), side],
            seed: Seed(n),
        }
    }

    #[test]
    fn a_game_without_a_result_is_given_out_again_and_counts_once() {
        let mut e = Evaluations::new(100);
        e.add(vec![pairing(1), pairing(2)], None);
        assert_eq!(e.give(0.0, 10.0).map(|g| g.0), Some(100));
        assert_eq!(e.give(1.0, 10.0).map(|g| g.0), Some(101));
        assert!(e.give(9.0, 10.0).is_none(), "both are being played");
        assert_eq!(
            e.give(10.5, 10.0).map(|g| g.0),
            Some(100),
            "its time is over"
        );
        assert!(e.find(100).is_some());
        e.done(100);
        assert!(e.find(100).is_none(), "the second result comes too late");
        assert_eq!(e.open(), 1);
    }

    #[test]
    fn a_result_that_comes_late_is_taken_before_the_game_is_given_out_again() {
        let mut e = Evaluations::new(0);
        e.add(vec![pairing(1)], None);
        e.give(0.0, 1.0);
        assert!(e.find(0).is_some());
        e.done(0);
        assert!(e.give(5.0, 1.0).is_none());
    }

    #[test]
    fn when_all_games_of_a_players_z_are_done_it_is_said() {
        let mut e = Evaluations::new(0);
        e.add(vec![pairing(1), pairing(2)], Some(PlayerId(3)));
        assert!(e.tries_z(PlayerId(3)));
        assert_eq!(e.done(0), None);
        assert_eq!(e.done(1), Some(PlayerId(3)));
        assert!(!e.tries_z(PlayerId(3)));
    }
}
