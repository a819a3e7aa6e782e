//! A bot of the crate rust-sc2, as published, plays on a map without ramps and on one that is like a ladder's: at the start
//! of a game the crate computes expansions, ramps and ways, and at each step it asks for the abilities of all its units.
//! The bot is tests/data/rust_bot, whose Cargo.lock pins what it is built of.

use super::bots;
use std::process::Command;
use std::sync::{Mutex, PoisonError};

/// The crate takes the first free port from 5000 on and waits for ever where another was quicker: one bot at a time.
static PORTS: Mutex<()> = Mutex::new(());

fn plays_on(map: &str) {
    let Some(bot) = bots::made_by("setup-rust-sc2") else {
        return;
    };
    let _alone = PORTS.lock().unwrap_or_else(PoisonError::into_inner);
    let said = bots::play(Command::new(bot).arg(map));
    assert_eq!(said, "Some(Victory) Some(Victory)");
}

#[test]
fn a_rust_sc2_bot_plays_the_computer_on_a_flat_map() {
    plays_on("Melee/Flat64");
}

#[test]
fn a_rust_sc2_bot_plays_the_computer_on_a_map_with_ramps() {
    plays_on("Melee/Tidewater");
}
