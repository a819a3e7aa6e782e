//! A replay watched through one player's eyes, as StarCraft II shows it: the player's steps.
//!
//! What a player orders shows only after it was carried out, and a step needs the look before it. So a replay is watched
//! twice: first for the commands and their loops, then for the looks at those loops.

use super::extract::Extracted;
use super::shard::{Episode, Subject};
use super::watcher::Watcher;
use crate::action::Specs;
use crate::env::{EnvError, Sc2Watch};
use crate::game::{GameInfo, PlayerCommand, RawObservation};

/// Loops between two looks for commands.
const PROBE_LOOPS: u32 = 32;

/// A replay at some loop, seen through one player's eyes.
pub trait Watched {
    /// What the player knew of the game as a whole.
    fn info(&self) -> &GameInfo;

    /// Loops shown so far.
    fn game_loop(&self) -> u32;

    /// There is nothing more to show.
    fn is_over(&self) -> bool;

    /// What the player saw.
    ///
    /// # Errors
    /// If the game is lost, or was stopped from outside.
    fn observe(&mut self, raw: &mut RawObservation) -> Result<(), EnvError>;

    /// The player's commands that were carried out since this was asked, or looked, last, each with the loop in which.
    ///
    /// # Errors
    /// As [`Watched::observe`].
    fn carried_out(&mut self) -> Result<Vec<(u32, PlayerCommand)>, EnvError>;

    /// Shows so many loops more.
    ///
    /// # Errors
    /// As [`Watched::observe`].
    fn step(&mut self, loops: u32) -> Result<(), EnvError>;
}

impl Watched for Sc2Watch<'_> {
    fn info(&self) -> &GameInfo {
        self.game_info()
    }

    fn game_loop(&self) -> u32 {
        self.game_loop()
    }

    fn is_over(&self) -> bool {
        self.is_over()
    }

    fn observe(&mut self, raw: &mut RawObservation) -> Result<(), EnvError> {
        self.observe(raw)
    }

    fn carried_out(&mut self) -> Result<Vec<(u32, PlayerCommand)>, EnvError> {
        self.carried_out()
    }

    fn step(&mut self, loops: u32) -> Result<(), EnvError> {
        self.step(loops)
    }
}

/// All commands of a replay's player by the loop of the look that they were given on: the one before they show as carried
/// out.
///
/// # Errors
/// As [`Watched::observe`].
pub fn commands_of(
    watched: &mut impl Watched,
    game_loops: u32,
) -> Result<Vec<(u32, PlayerCommand)>, EnvError> {
    let mut commands = Vec::new();
    loop {
        let found = watched.carried_out()?;
        let given = found.into_iter();
        commands.extend(given.map(|(at, command)| (at.saturating_sub(1), command)));
        let now = watched.game_loop();
        if watched.is_over() || now >= game_loops {
            break;
        }
        watched.step(PROBE_LOOPS.min(game_loops - now))?;
    }
    // Told in order, but for a game that says a loop too late; the first of a loop stays the first.
    commands.sort_by_key(|(at, _)| *at);
    Ok(commands)
}

/// The steps of a player whose commands are known, from a replay at its first loop.
///
/// # Errors
/// As [`Watched::observe`].
pub fn extract_watched(
    watched: &mut impl Watched,
    commands: &[(u32, PlayerCommand)],
    subject: &Subject,
    specs: &Specs,
    no_op_loops: u16,
) -> Result<Extracted, EnvError> {
    let mut watcher = Watcher::new(watched.info(), specs, no_op_loops);
    let mut rest = commands;
    while !watched.is_over() && watched.game_loop() < subject.game_loops {
        let now = watched.game_loop();
        let n = rest.iter().take_while(|(at, _)| *at <= now).count();
        let (due, later) = rest.split_at(n);
        rest = later;
        let own: Vec<&PlayerCommand> = due.iter().map(|(_, command)| command).collect();
        watcher.look(now, &own, |raw| watched.observe(raw))?;
        let upcoming = rest.first().map_or(subject.game_loops, |(at, _)| *at);
        let next = watcher.next_no_op().min(upcoming).min(subject.game_loops);
        watched.step(next.max(now + 1) - now)?;
    }
    let followed = watcher.finish(subject.game_loops);
    Ok(Extracted {
        episode: Episode {
            subject: subject.clone(),
            blocks: Vec::new(),
            z: Some(followed.z),
        },
        steps: followed.steps,
        counts: followed.counts,
    })
}
