//! A bot of python-sc2 and an agent of pysc2, both installed from PyPI, play unmodified: their libraries start the server, and
//! end it.

use super::bots;
use std::path::Path;
use std::process::Command;

/// Runs a game of a program in tests/data; its last line of output. None if its library is not installed.
fn play(library: &str, program: &str, mode: &str) -> Option<String> {
    let python = bots::made_by(&format!("setup-python-client {library}"))?;
    let program = Path::new(bots::ROOT).join("tests/data").join(program);
    Some(bots::play(Command::new(python).arg(program).arg(mode)))
}

#[test]
fn a_python_sc2_bot_plays_the_computer_to_the_end_and_its_replay_is_watched() {
    if let Some(said) = play("python-sc2", "python_bot.py", "computer") {
        assert_eq!(said, "Victory, replay watched");
    }
}

#[test]
fn two_python_sc2_bots_play_each_other() {
    if let Some(said) = play("python-sc2", "python_bot.py", "pair") {
        assert_eq!(said, "Victory Defeat");
    }
}

#[test]
fn an_agent_of_pysc2_plays_two_episodes_with_raw_units_and_actions_and_saves_their_replays() {
    if let Some(said) = play("pysc2", "pysc2_agent.py", "computer") {
        assert_eq!(said, "[1, 1], 2 replays");
    }
}

#[test]
fn two_agents_of_pysc2_play_each_other() {
    if let Some(said) = play("pysc2", "pysc2_agent.py", "pair") {
        assert_eq!(said, "[1] -1");
    }
}
