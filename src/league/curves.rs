//! Elo over training time (SCC Fig. 3): ratings of everybody, and of each trained player's copies in order.

use super::elo::{PairResult, Rating, ratings};
use super::payoff::{Payoff, PayoffEntry};
use super::player::{Player, PlayerId, SUPERVISED};
use serde::Serialize;

/// A point of a curve.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct CurvePoint {
    /// Whose rating it is: a copy, or the player as it is now.
    pub player: PlayerId,
    /// Agent steps behind it, those of the weights it started from included.
    pub steps: u64,
    pub elo: f64,
    pub standard_error: f64,
}

/// The curve of one player that trains.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Curve {
    pub player: PlayerId,
    /// By steps: its copies, then the player itself.
    pub points: Vec<CurvePoint>,
}

/// Ratings of all players, the supervised agent at 0.
///
/// `totals` are all games of each pair, which is right for two players that never change. Where one of a pair still
/// trains, what it did long ago says little, so that the pair is taken from `payoff`, in which older games fade.
pub fn rate(players: &[Player], totals: &[PayoffEntry], payoff: &Payoff) -> Vec<Rating> {
    let frozen = |id: PlayerId| players.get(id.idx()).is_some_and(Player::is_past);
    let both_frozen = |e: &PayoffEntry| frozen(e.player) && frozen(e.opponent);
    let lasting = totals.iter().filter(|e| both_frozen(e)).copied();
    let current = payoff.entries().filter(|e| !both_frozen(e));
    let results: Vec<PairResult> = lasting
        .chain(current)
        .filter(|e| e.player.idx().max(e.opponent.idx()) < players.len())
        .map(|e| PairResult {
            player: e.player.idx(),
            opponent: e.opponent.idx(),
            score: e.record.score(),
            games: e.record.games(),
        })
        .collect();
    if players.is_empty() {
        return Vec::new();
    }
    ratings(players.len(), &results, SUPERVISED.idx())
}

/// A curve for every player that trains or trained, from the ratings of [`rate`].
pub fn curves(players: &[Player], ratings: &[Rating]) -> Vec<Curve> {
    let point = |p: &Player| {
        let rating = ratings.get(p.id.idx()).copied().unwrap_or_default();
        CurvePoint {
            player: p.id,
            steps: p.start_step + p.steps,
            elo: rating.elo,
            standard_error: rating.standard_error,
        }
    };
    let curve = |player: &Player| {
        let copies = players.iter().filter(|p| p.past_of() == Some(player.id));
        Curve {
            player: player.id,
            points: copies.chain([player]).map(point).collect(),
        }
    };
    let trained = players.iter().filter(|p| p.role.learns());
    trained.map(curve).collect()
}
