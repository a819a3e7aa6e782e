//! A bot of python-sc2, installed from PyPI, plays unmodified: its library starts the server, and ends it.

use super::bots;
use std::path::Path;
use std::process::Command;

/// Runs a game of `tests/data/python_bot.py`; its last line of output.
fn play(python: &Path, mode: &str) -> String {
    let bot = Path::new(bots::ROOT).join("tests/data/python_bot.py");
    bots::play(Command::new(python).arg(bot).arg(mode))
}

#[test]
fn a_python_sc2_bot_plays_the_computer_to_the_end_and_its_replay_is_watched() {
    let Some(python) = bots::made_by("setup-python-sc2") else {
        return;
    };
    assert_eq!(play(&python, "computer"), "Victory, replay watched");
}

#[test]
fn two_python_sc2_bots_play_each_other() {
    let Some(python) = bots::made_by("setup-python-sc2") else {
        return;
    };
    assert_eq!(play(&python, "pair"), "Victory Defeat");
}
