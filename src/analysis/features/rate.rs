//! Shares with their intervals.

use crate::game::GameResult;
use crate::league::interval::wilson;
use serde::{Deserialize, Serialize};

/// A share of games with Wilson's 95% interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rate {
    /// Games that count; a tie is half a win.
    pub count: f64,
    /// Games in all.
    pub of: u32,
    /// `count / of`, 0..1; none of no games.
    pub rate: Option<f64>,
    /// Interval, 0..1; (0, 1) of no games.
    pub low: f64,
    pub high: f64,
}

impl Rate {
    /// `count` of `of` games.
    pub fn new(count: f64, of: u32) -> Rate {
        let (low, high) = wilson(count, f64::from(of));
        Rate {
            count,
            of,
            rate: (of > 0).then(|| count / f64::from(of)),
            low,
            high,
        }
    }

    /// Wins among the games that were decided; ties count half, results that are not known not at all.
    pub fn wins(results: impl Iterator<Item = Option<GameResult>>) -> Rate {
        let (mut score, mut games) = (0.0, 0);
        for result in results {
            let won = match result {
                Some(GameResult::Victory) => 1.0,
                Some(GameResult::Tie) => 0.5,
                Some(GameResult::Defeat) => 0.0,
                Some(GameResult::Undecided) | None => continue,
            };
            score += won;
            games += 1;
        }
        Rate::new(score, games)
    }
}
