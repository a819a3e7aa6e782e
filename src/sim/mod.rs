//! The embedded simulator of StarCraft II's melee rules (patch 4.10): economy, production, movement, combat, fog of war.
//!
//! Invariant: same config and commands give the same [`Sim::state_hash`] at every game loop, on any machine and thread
//! count. So: no clock, file, environment, thread id or address; no hash map is iterated; floats are f32 with
//! `+ - * /`, `sqrt` and `game::math` only; random numbers come from the game's seed.
//!
//! Data flow of one game loop ([`Sim::step`]): `command` applies what players sent -> `orders` turns each unit's first
//! order into a goal, a stance, or progress (`economy`, `construct`, `transport`, ...) -> `combat` picks targets and
//! deals damage -> `casts` lets spells take effect -> `steer` moves -> `production` advances queues, morphs and buffs -> the dead are buried -> `vision`
//! refreshes the fog -> the end is checked. `observe` writes one player's view, built-in `ai` plays through the same
//! view and commands as everybody else.
//!
//! State is plain data: [`state::State`] owns units in slots ([`unit::Unit`]), players, the occupancy grid and effects.
//! What the rules need to know of a type stands in `game::data`; per-type code is kept to `ability`, `upgrades`, `neutral`.
//!
//! Leaves out: Zerg and Protoss mechanics (creep, larva, warp-in, shields' regeneration, power). docs/SIMULATOR.md has the list.

pub mod ability;
pub mod ai;
pub mod casts;
pub mod combat;
pub mod command;
mod construct;
pub mod death;
mod debug;
pub mod economy;
pub mod grid;
mod hash;
mod legal;
pub mod maps;
mod morph;
pub mod neutral;
mod observe;
pub mod order;
pub mod orders;
pub mod path;
mod phase;
pub mod placement;
pub mod player;
mod production;
mod query;
mod repair;
mod running;
pub mod score;
mod setup;
pub mod spatial;
mod stalemate;
pub mod state;
pub mod steer;
pub mod transport;
pub mod unit;
pub mod upgrades;
pub mod vision;

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

pub use ai::{AiBuild, Difficulty};
pub use debug::{CREATE_MAX, DebugFault, Vital};
pub use phase::{Phase, PhaseWatch};
pub use query::Unseen;
pub use running::Sim;
pub use setup::{LOOPS_MAX, Seat, SimConfig};
pub use stalemate::STALEMATE_LOOPS;

/// What can go wrong when a game is set up.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SimError {
    #[error("the map cannot be played on: {0}")]
    BadMap(&'static str),
    #[error("{0:?} cannot be played yet; the simulator knows Terran only")]
    RaceNotPlayable(crate::game::Race),
}
