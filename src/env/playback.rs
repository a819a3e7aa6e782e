//! A replay run again: the same settings, the same commands at the same loops, so the same game.

use super::{AiBuild, Difficulty, EnvError, GameSettings, Seat, SimEnv};
use crate::game::{ActionResult, MapData, PlayerId, RawObservation};
use crate::replay::{Controller, Header, Replay, SeatRecord, TimedCommand};
use crate::sim::maps;
use std::sync::Arc;

/// A game being re-played. It stands before the commands of the present loop: look first, then [`Playback::advance`].
pub struct Playback<'a> {
    env: SimEnv,
    header: &'a Header,
    commands: &'a [TimedCommand],
    next: usize,
}

impl<'a> Playback<'a> {
    /// Sets the game up at loop 0.
    ///
    /// # Errors
    /// If the map is neither in the file nor built in with the same hash, or a seat makes no sense.
    pub fn new(replay: &'a Replay) -> Result<Playback<'a>, EnvError> {
        let settings = GameSettings {
            map: map_of(replay)?,
            seats: [
                seat_of(&replay.header.seats[0])?,
                seat_of(&replay.header.seats[1])?,
            ],
            seed: replay.header.seed,
        };
        Ok(Playback {
            env: SimEnv::new(&settings)?,
            header: &replay.header,
            commands: &replay.commands,
            next: 0,
        })
    }

    pub fn env(&self) -> &SimEnv {
        &self.env
    }

    /// What `player` sees now.
    pub fn observe(&mut self, player: PlayerId, obs: &mut RawObservation) {
        self.env.observe(player, obs);
    }

    /// Commands recorded for the present loop, in the order submitted.
    pub fn due(&self) -> &'a [TimedCommand] {
        let now = self.env.game_loop();
        let rest = &self.commands[self.next..];
        let n = rest.iter().take_while(|c| c.game_loop <= now).count();
        &rest[..n]
    }

    /// Commands submitted so far.
    pub fn n_submitted(&self) -> usize {
        self.next
    }

    /// The loop of the first command not yet submitted.
    pub fn next_command_loop(&self) -> Option<u32> {
        self.commands.get(self.next).map(|c| c.game_loop)
    }

    /// Submits what is due and runs on to loop `until`, or to the game's recorded end if that comes first. What is due
    /// there is not submitted yet.
    ///
    /// # Errors
    /// If the game does not take a recorded command: it is not the game that was recorded.
    pub fn advance(&mut self, until: u32) -> Result<(), EnvError> {
        let until = until.min(self.header.game_loops);
        while self.env.game_loop() < until && self.env.results().is_empty() {
            for due in self.due() {
                let answer = self.env.submit(due.player, &due.command);
                if answer != ActionResult::Success {
                    return Err(EnvError::Playback(format!(
                        "at loop {} the game refuses a recorded command of player {} ({answer:?})",
                        due.game_loop, due.player.0
                    )));
                }
                self.next += 1;
            }
            let now = self.env.game_loop();
            let stop = self.next_command_loop().map_or(until, |l| l.min(until));
            self.env.step(stop.saturating_sub(now).max(1));
        }
        Ok(())
    }

    /// True once the recorded number of loops has been run or the game has ended.
    pub fn is_over(&self) -> bool {
        self.env.game_loop() >= self.header.game_loops || !self.env.results().is_empty()
    }

    /// Runs to the end and checks the final state against the recorded hash.
    ///
    /// # Errors
    /// [`EnvError::Playback`] if the game went another way than the recorded one.
    pub fn finish(mut self) -> Result<(), EnvError> {
        self.advance(self.header.game_loops)?;
        let (loops, hash) = (self.env.game_loop(), self.env.state_hash());
        if loops != self.header.game_loops || hash != self.header.state_hash {
            return Err(EnvError::Playback(format!(
                "it ends at loop {loops} with state {hash:016x}, recorded were loop {} and state {:016x} (by program {})",
                self.header.game_loops, self.header.state_hash, self.header.program
            )));
        }
        Ok(())
    }
}

fn map_of(replay: &Replay) -> Result<Arc<MapData>, EnvError> {
    let header = &replay.header;
    let map = match &replay.map {
        Some(map) => Arc::new(map.clone()),
        None => maps::by_name(&header.map_name).ok_or_else(|| {
            EnvError::Map(maps::MapError::Unknown {
                name: header.map_name.clone(),
                built_in: maps::names().join(", "),
            })
        })?,
    };
    if map.hash() != header.map_hash {
        return Err(EnvError::Playback(format!(
            "the map {} is another today than when it was recorded",
            header.map_name
        )));
    }
    Ok(map)
}

fn seat_of(seat: &SeatRecord) -> Result<Seat, EnvError> {
    let unknown = |what: &str, n: u8| EnvError::Playback(format!("there is no {what} {n}"));
    Ok(match seat.controller {
        Controller::Participant => Seat::Participant {
            race: seat.race,
            name: seat.name.clone(),
        },
        Controller::Computer { level, build } => Seat::Computer {
            race: seat.race,
            level: Difficulty::from_api(level.into()).ok_or_else(|| unknown("AI level", level))?,
            build: AiBuild::from_api(build.into()).ok_or_else(|| unknown("AI build", build))?,
        },
    })
}
