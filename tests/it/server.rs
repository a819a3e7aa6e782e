//! The SC2 API server through real sockets: requests and states, errors, hostile clients, whole games, games of two.

mod bots;
mod client;
mod data;
mod games;
mod manners;
mod pairs;
mod process;
mod python;
mod questions;
mod replays;
mod rust_sc2;
mod sockets;
mod states;

pub use client::Host;
use client::{Client, against_computer, created, flat_game, raw_options};
