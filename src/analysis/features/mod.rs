//! What of a game strategies are told apart by: its outline in known kinds of things, and vectors of it.
//!
//! Invariant: pure functions of [`PlayerGame`](super::PlayerGame)s; no clock, no file, no hash map is iterated.

pub(super) mod columns;
pub(super) mod kinds;
pub(super) mod outline;
mod rate;
#[cfg(test)]
pub(super) mod testing;

pub(super) use columns::Columns;
pub(super) use outline::Outline;
pub use rate::Rate;

use super::PlayerGame;
use rayon::prelude::*;
use xxhash_rust::xxh3::Xxh3;

/// Game loops a minute at speed Faster.
pub(super) const LOOPS_PER_MINUTE: f32 = 1344.0;

/// A clock time as the game shows it.
pub(super) fn clock(loops: u32) -> String {
    crate::game::GameLoop(loops).to_string()
}

/// Outlines of all games, in their order.
pub(super) fn outlines(games: &[PlayerGame]) -> Vec<Outline> {
    games.par_iter().map(Outline::new).collect()
}

/// The order in which games are worked on, whatever order they were given in: by file, player and content.
pub(super) fn canonical(games: &[PlayerGame]) -> Vec<usize> {
    let content: Vec<u64> = games.par_iter().map(fingerprint).collect();
    let mut order: Vec<usize> = (0..games.len()).collect();
    order.sort_by(|a, b| {
        let key = |i: usize| (&games[i].file, games[i].player, content[i]);
        key(*a).cmp(&key(*b)).then(a.cmp(b))
    });
    order
}

/// A number that differs where what is looked at differs.
pub(super) fn fingerprint(game: &PlayerGame) -> u64 {
    let mut hash = Xxh3::new();
    hash.update(game.file.to_string_lossy().as_bytes());
    hash.update(&[game.player, game.race as u8]);
    hash.update(&[game.result.map_or(0, |result| result as u8)]);
    hash.update(&game.loops.to_le_bytes());
    for making in &game.makings {
        hash.update(&making.game_loop.to_le_bytes());
        hash.update(&[making.stage as u8]);
        hash.update(making.what.as_bytes());
    }
    for sample in &game.samples {
        hash.update(&sample.game_loop.to_le_bytes());
        hash.update(&sample.workers.to_le_bytes());
        for (what, count) in &sample.alive {
            hash.update(what.as_bytes());
            hash.update(&count.to_le_bytes());
        }
    }
    hash.digest()
}
