//! StarCraft Commander in the open: a StarCraft II reinforcement-learning codebase after the SCC paper (ICML 2021).
//!
//! `docs/ARCHITECTURE.md` draws the data flow; `ls src` lists its parts in the same words. Two seams carry the design:
//! [`game::RawObservation`] / [`game::Command`] divide how the game runs from what a player sees and may order, and
//! a trajectory is all that an actor owes a learner.
#![deny(unsafe_code)]

pub mod action;
pub mod actor;
pub mod agent;
pub mod analysis;
pub mod bus;
pub mod dataset;
pub mod env;
pub mod evaluator;
pub mod files;
pub mod game;
pub mod league;
pub mod obs;
pub mod replay;
pub mod reward;
pub mod run;
pub mod sc2;
pub mod server;
pub mod sim;
pub mod storage;
pub mod tactics;
pub mod threads;
pub mod trajectory;

#[cfg(feature = "torch")]
pub mod algo;
#[cfg(feature = "torch")]
pub mod collective;
#[cfg(feature = "torch")]
pub mod imitation;
#[cfg(feature = "torch")]
pub mod learner;
#[cfg(feature = "torch")]
pub mod policy;
#[cfg(feature = "torch")]
pub mod predictor;

/// Servers that tests start; the integration tests compile the same folder, and each of the two uses a part of it.
#[cfg(test)]
#[path = "../tests/it/servers/mod.rs"]
#[allow(dead_code, unused_imports)]
mod test_servers;
