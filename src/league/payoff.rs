//! Who beats whom: wins, draws and losses of every pair, older games fading (AlphaStar, Methods and pseudocode).

use super::interval::wilson;
use super::player::PlayerId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How a game ended for the player it is told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Win,
    Draw,
    Loss,
}

impl Outcome {
    /// The same game as the other side tells it.
    pub fn flipped(self) -> Outcome {
        match self {
            Outcome::Win => Outcome::Loss,
            Outcome::Draw => Outcome::Draw,
            Outcome::Loss => Outcome::Win,
        }
    }

    /// `win`, `draw` or `loss`.
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Win => "win",
            Outcome::Draw => "draw",
            Outcome::Loss => "loss",
        }
    }

    /// The outcome of this name.
    pub fn from_name(name: &str) -> Option<Outcome> {
        [Outcome::Win, Outcome::Draw, Outcome::Loss]
            .into_iter()
            .find(|outcome| outcome.name() == name)
    }
}

/// Games of one player against another. Fractional where older games count less.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Record {
    pub wins: f64,
    pub draws: f64,
    pub losses: f64,
}

impl Record {
    /// Fades what was, by `decay` in 0..=1 (1 keeps all), and adds one game.
    pub fn add(&mut self, outcome: Outcome, decay: f64) {
        self.wins *= decay;
        self.draws *= decay;
        self.losses *= decay;
        match outcome {
            Outcome::Win => self.wins += 1.0,
            Outcome::Draw => self.draws += 1.0,
            Outcome::Loss => self.losses += 1.0,
        }
    }

    /// The same games as the other side tells them.
    pub fn flipped(self) -> Record {
        Record {
            wins: self.losses,
            draws: self.draws,
            losses: self.wins,
        }
    }

    pub fn games(self) -> f64 {
        self.wins + self.draws + self.losses
    }

    /// Wins, and draws as half.
    pub fn score(self) -> f64 {
        self.wins + 0.5 * self.draws
    }

    /// Share of games won, a draw being half; 0.5 while nothing is known.
    pub fn win_rate(self) -> f64 {
        let games = self.games();
        if games > 0.0 {
            self.score() / games
        } else {
            0.5
        }
    }

    /// Wilson's 95% interval of the win rate; `(0, 1)` while nothing is known.
    pub fn interval95(self) -> (f64, f64) {
        wilson(self.score(), self.games())
    }
}

/// One pair's entry, as the player with the smaller number tells it: what is saved.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PayoffEntry {
    pub player: PlayerId,
    pub opponent: PlayerId,
    pub record: Record,
}

/// All pairs' records. What one side wins the other loses, by construction: each pair is kept once.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "Vec<PayoffEntry>", into = "Vec<PayoffEntry>")]
pub struct Payoff {
    pairs: BTreeMap<(PlayerId, PlayerId), Record>,
}

impl From<Vec<PayoffEntry>> for Payoff {
    fn from(entries: Vec<PayoffEntry>) -> Payoff {
        let mut payoff = Payoff::default();
        for e in entries {
            payoff.set(e.player, e.opponent, e.record);
        }
        payoff
    }
}

impl From<Payoff> for Vec<PayoffEntry> {
    fn from(payoff: Payoff) -> Vec<PayoffEntry> {
        payoff.entries().collect()
    }
}

impl Payoff {
    /// Adds a game of `player`. Games of a player against itself tell nothing and are left out.
    pub fn record(&mut self, player: PlayerId, opponent: PlayerId, outcome: Outcome, decay: f64) {
        if player == opponent {
            return;
        }
        let (key, outcome) = if player < opponent {
            ((player, opponent), outcome)
        } else {
            ((opponent, player), outcome.flipped())
        };
        self.pairs.entry(key).or_default().add(outcome, decay);
    }

    /// What is known of `player` against `opponent`; an empty record where they have not met.
    pub fn get(&self, player: PlayerId, opponent: PlayerId) -> Record {
        let found = |a, b| self.pairs.get(&(a, b)).copied().unwrap_or_default();
        if player < opponent {
            found(player, opponent)
        } else {
            found(opponent, player).flipped()
        }
    }

    /// Replaces what is known of a pair.
    pub fn set(&mut self, player: PlayerId, opponent: PlayerId, record: Record) {
        if player < opponent {
            self.pairs.insert((player, opponent), record);
        } else if player > opponent {
            self.pairs.insert((opponent, player), record.flipped());
        }
    }

    /// Win rates of `player` against each of `opponents`, 0.5 where nothing is known.
    pub fn win_rates(&self, player: PlayerId, opponents: &[PlayerId]) -> Vec<f64> {
        let rate = |o: &PlayerId| self.get(player, *o).win_rate();
        opponents.iter().map(rate).collect()
    }

    /// Drops everything about `player`: its weights were replaced, so what was known holds no more.
    pub fn forget(&mut self, player: PlayerId) {
        self.pairs.retain(|(a, b), _| *a != player && *b != player);
    }

    /// The two of `players` that have met least, the smallest numbers first among equals: whom an evaluator lets play
    /// next. `None` for fewer than two players.
    pub fn least_played(&self, players: &[PlayerId]) -> Option<(PlayerId, PlayerId)> {
        let pairs = players.iter().enumerate().flat_map(|(i, a)| {
            let others = players[i + 1..].iter();
            others.map(move |b| (*a.min(b), *a.max(b)))
        });
        let games = |(a, b): &(PlayerId, PlayerId)| self.get(*a, *b).games();
        pairs.min_by(|x, y| games(x).total_cmp(&games(y)).then(x.cmp(y)))
    }

    /// All pairs that have met, in order of their numbers.
    pub fn entries(&self) -> impl Iterator<Item = PayoffEntry> + '_ {
        self.pairs
            .iter()
            .map(|(&(player, opponent), &record)| PayoffEntry {
                player,
                opponent,
                record,
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: PlayerId = PlayerId(1);
    const B: PlayerId = PlayerId(2);

    #[test]
    fn both_sides_tell_the_same_games() {
        let mut payoff = Payoff::default();
        payoff.record(B, A, Outcome::Win, 1.0);
        payoff.record(A, B, Outcome::Draw, 1.0);
        payoff.record(A, B, Outcome::Loss, 1.0);
        payoff.record(A, A, Outcome::Win, 1.0);
        let expected = Record {
            wins: 0.0,
            draws: 1.0,
            losses: 2.0,
        };
        assert_eq!(payoff.get(A, B), expected);
        assert_eq!(payoff.get(B, A), expected.flipped());
        assert!((payoff.get(A, B).win_rate() + payoff.get(B, A).win_rate() - 1.0).abs() < 1e-12);
        assert_eq!(payoff.get(A, A), Record::default(), "nobody beats itself");
        assert_eq!(payoff.entries().count(), 1);
        payoff.forget(B);
        assert_eq!(payoff, Payoff::default());
    }

    #[test]
    fn those_who_met_least_play_next() {
        let mut payoff = Payoff::default();
        let all = [PlayerId(0), A, B];
        assert_eq!(payoff.least_played(&all[..1]), None);
        let mut played = Vec::new();
        for _ in 0..4 {
            let (a, b) = payoff.least_played(&all).unwrap();
            payoff.record(a, b, Outcome::Draw, 1.0);
            played.push((a.0, b.0));
        }
        assert_eq!(played, [(0, 1), (0, 2), (1, 2), (0, 1)]);
    }

    #[test]
    fn what_is_not_known_is_even_and_open() {
        let unknown = Payoff::default().get(A, B);
        assert_eq!(
            (unknown.win_rate(), unknown.interval95()),
            (0.5, (0.0, 1.0))
        );
    }

    #[test]
    fn older_games_fade() {
        let mut record = Record::default();
        (0..50).for_each(|_| record.add(Outcome::Loss, 0.99));
        (0..200).for_each(|_| record.add(Outcome::Win, 0.99));
        // By hand: losses (1 - 0.99^50)/0.01 * 0.99^200 = 5.292, wins (1 - 0.99^200)/0.01 = 86.602.
        assert!((record.losses - 5.292).abs() < 1e-3 && (record.wins - 86.602).abs() < 1e-3);
        assert!(
            record.games() < 100.0,
            "never more than 1 / (1 - decay) games"
        );
        let mut kept = Record::default();
        (0..50).for_each(|_| kept.add(Outcome::Loss, 1.0));
        (0..200).for_each(|_| kept.add(Outcome::Win, 1.0));
        assert_eq!((kept.wins, kept.losses), (200.0, 50.0));
    }
}
