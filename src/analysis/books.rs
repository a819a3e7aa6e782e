//! What is kept of one player while a game of either kind goes by.

use super::game::{Death, Making, PlayerGame, Sample, Stage};
use super::kinds::{self, Kind};
use std::collections::BTreeMap;
use std::sync::Arc;

/// One player's game so far, and what lives.
pub(super) struct Books {
    game: PlayerGame,
    alive: BTreeMap<Arc<str>, u32>,
}

impl Books {
    pub fn new(game: PlayerGame) -> Books {
        Books {
            game,
            alive: BTreeMap::new(),
        }
    }

    /// The player's number in the file.
    pub fn number(&self) -> u8 {
        self.game.player
    }

    /// Something is there and finished: made, unless the game begins with it.
    pub fn appear(&mut self, now: u32, what: Arc<str>, position: [f32; 2]) {
        self.join(&what);
        if now == 0 {
            if kinds::kind(&what) == Kind::TownHall {
                self.game.start.get_or_insert(position);
            }
        } else {
            self.make(now, Stage::Done, what, Some(position));
        }
    }

    /// A line in the list of makings; larvae, eggs and cocoons make none.
    pub fn make(&mut self, now: u32, stage: Stage, what: Arc<str>, position: Option<[f32; 2]>) {
        if kinds::is_transitional(&what) {
            return;
        }
        self.game.makings.push(Making {
            game_loop: now,
            stage,
            what,
            position,
        });
    }

    /// A finished unit takes another form.
    pub fn change(&mut self, now: u32, before: &str, what: Arc<str>, position: [f32; 2]) {
        self.leave(before);
        self.join(&what);
        self.make(now, Stage::Morphed, what, Some(position));
    }

    /// One more lives.
    pub fn join(&mut self, what: &Arc<str>) {
        if !kinds::is_transitional(what) {
            *self.alive.entry(what.clone()).or_default() += 1;
        }
    }

    /// One less lives.
    pub fn leave(&mut self, what: &str) {
        if let Some(n) = self.alive.get_mut(what) {
            *n -= 1;
            if *n == 0 {
                self.alive.remove(what);
            }
        }
    }

    /// One was lost. What only went into something else (a drone into its building, templar into an archon, an egg
    /// into what hatches) is no loss.
    pub fn die(&mut self, now: u32, what: Arc<str>, position: [f32; 2], killer: Option<u8>) {
        let is_used_up = kinds::is_transitional(&what)
            || matches!(&*what, "Drone" | "HighTemplar" | "DarkTemplar");
        if killer.is_some() || !is_used_up {
            self.game.deaths.push(Death {
                game_loop: now,
                what,
                position,
                killer,
            });
        }
    }

    /// The player's figures of this moment; of two at the same loop the later one stays.
    pub fn sample(&mut self, mut sample: Sample) {
        sample.alive.clone_from(&self.alive);
        let last = self.game.samples.last();
        if last.is_some_and(|last| last.game_loop == sample.game_loop) {
            self.game.samples.pop();
        }
        self.game.samples.push(sample);
    }

    pub fn command(&mut self, now: u32) {
        self.game.commands.push(now);
    }

    pub fn into_game(self) -> PlayerGame {
        self.game
    }
}
