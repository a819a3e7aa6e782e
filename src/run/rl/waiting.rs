//! What was played and not yet learned from, kept in a checkpoint: unrolls in the replay buffer and, where play and learning
//! take turns, games of the last group. With them a serial run that was stopped goes on to the very weights of one that was
//! not.

use crate::actor::{Experience, Played, SeatStats};
use crate::evaluator::GameOutcome;
use crate::game::PlayerResult;
use crate::learner::Waiting;
use crate::trajectory::Wire;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use tch::Tensor;

/// Name of the tensor that it is kept as.
pub const TENSOR: &str = "waiting";

#[derive(Serialize, Deserialize)]
struct Kept {
    rounds: u64,
    /// Encoded unrolls, with version and uses.
    unrolls: Vec<(Vec<u8>, u64, u32)>,
    games: Vec<KeptGame>,
}

/// A game, without what only a league wants to know of it.
#[derive(Debug, Serialize, Deserialize)]
pub struct KeptGame {
    id: u64,
    results: Vec<PlayerResult>,
    game_loops: u32,
    state_hash: u64,
    truncated: bool,
    steps: [u32; 2],
    seats: [Option<Seat>; 2],
}

#[derive(Debug, Serialize, Deserialize)]
struct Seat {
    unrolls: Vec<Vec<u8>>,
    lengths: Vec<u32>,
    values: Vec<f32>,
    rewards: Vec<f32>,
    loops: Vec<u16>,
    terminated: bool,
    version_min: u64,
    actions: u32,
    total_rewards: Vec<f32>,
}

/// What waits, as a tensor.
pub fn pack<'a>(buffer: &Waiting, games: impl Iterator<Item = &'a Played>, wire: &Wire) -> Tensor {
    let unrolls = buffer.unrolls.iter();
    let kept = Kept {
        rounds: buffer.rounds,
        unrolls: unrolls
            .map(|(unroll, version, uses)| (wire.encode(unroll), *version, *uses))
            .collect(),
        games: games.map(KeptGame::of).collect(),
    };
    let bytes = postcard::to_stdvec(&kept).expect("plain data always serializes");
    to_tensor(&bytes)
}

/// The reverse of [`pack`]; none if the tensor does not hold what it wrote.
pub fn unpack(tensor: &Tensor, wire: &Wire) -> Option<(Waiting, Vec<Played>)> {
    let kept: Kept = postcard::from_bytes(&to_bytes(tensor)?).ok()?;
    let unrolls = kept.unrolls.into_iter().map(|(bytes, version, uses)| {
        let unroll = wire.decode(&bytes).ok()?;
        Some((Arc::new(unroll), version, uses))
    });
    let waiting = Waiting {
        unrolls: unrolls.collect::<Option<_>>()?,
        rounds: kept.rounds,
    };
    Some((waiting, kept.games.into_iter().map(Played::from).collect()))
}

/// The number of bytes, then two bytes a value: checkpoints hold f32, which holds these exactly.
fn to_tensor(bytes: &[u8]) -> Tensor {
    let length = (bytes.len() as u64).to_le_bytes();
    let all = length.chunks(2).chain(bytes.chunks(2));
    let value = |pair: &[u8]| {
        let high = pair.get(1).copied().unwrap_or(0);
        f32::from(u16::from_le_bytes([pair[0], high]))
    };
    Tensor::from_slice(&all.map(value).collect::<Vec<f32>>())
}

fn to_bytes(tensor: &Tensor) -> Option<Vec<u8>> {
    let values = crate::policy::params::values(tensor);
    let mut bytes: Vec<u8> = values
        .iter()
        .flat_map(|v| (*v as u16).to_le_bytes())
        .collect();
    let length = u64::from_le_bytes(bytes.get(..8)?.try_into().ok()?);
    bytes.drain(..8);
    let length = usize::try_from(length).ok()?;
    // One byte may be filling.
    let fits = length <= bytes.len() && bytes.len() <= length.saturating_add(1);
    bytes.truncate(length);
    fits.then_some(bytes)
}

impl KeptGame {
    pub fn of(played: &Played) -> KeptGame {
        let o = &played.outcome;
        let seat = |e: &Experience| Seat {
            unrolls: e.unrolls.clone(),
            lengths: e.lengths.clone(),
            values: e.values.clone(),
            rewards: e.rewards.clone(),
            loops: e.loops.clone(),
            terminated: e.terminated,
            version_min: e.version_min,
            actions: e.stats.actions,
            total_rewards: e.stats.rewards.clone(),
        };
        KeptGame {
            id: played.id,
            results: o.results.clone(),
            game_loops: o.game_loops,
            state_hash: o.state_hash,
            truncated: o.truncated,
            steps: o.steps,
            seats: played.experience.each_ref().map(|e| e.as_ref().map(seat)),
        }
    }
}

impl From<KeptGame> for Played {
    fn from(game: KeptGame) -> Played {
        let experience = |s: Seat| Experience {
            unrolls: s.unrolls,
            lengths: s.lengths,
            values: s.values,
            rewards: s.rewards,
            loops: s.loops,
            terminated: s.terminated,
            version_min: s.version_min,
            stats: SeatStats {
                actions: s.actions,
                rewards: s.total_rewards,
                made: Vec::new(),
            },
        };
        Played {
            id: game.id,
            outcome: GameOutcome {
                results: game.results,
                game_loops: game.game_loops,
                state_hash: game.state_hash,
                truncated: game.truncated,
                steps: game.steps,
                // Not kept: nobody asks for it after the game.
                view_hash: 0,
                replay: None,
                sc2_replay: None,
            },
            experience: game.seats.map(|s| s.map(experience)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_bytes_survive_as_a_tensor() {
        for n in [0usize, 1, 2, 255, 256, 1001] {
            let bytes: Vec<u8> = (0..n).map(|i| (i * 37 % 256) as u8).collect();
            assert_eq!(to_bytes(&to_tensor(&bytes)), Some(bytes), "{n}");
        }
        assert_eq!(to_bytes(&Tensor::from_slice(&[1f32, 2.0])), None);
        let lies = to_tensor(&[1, 2, 3]).narrow(0, 0, 5);
        assert_eq!(to_bytes(&lies), None, "cut short");
    }
}
