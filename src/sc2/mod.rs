//! The SC2 API: the game's own messages, their translation to and from the `game` types, and a client of the game.
//!
//! Invariant: no bytes from outside can make it panic; what a message lacks is the default, what it holds beyond our
//! vocabulary is dropped. Nobody is waited for without a limit, and no process that was started here is left behind.

/// The game's protocol (proto2 package `SC2APIProtocol`), compiled by `build.rs`.
#[allow(clippy::all, clippy::pedantic, missing_docs, rustdoc::all)]
pub mod proto {
    include!(concat!(env!("OUT_DIR"), "/sc2api_protocol.rs"));
}

pub mod capture;
pub mod client;
pub mod convert;
pub mod encode;
pub mod import;
