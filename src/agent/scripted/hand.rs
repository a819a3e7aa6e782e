//! The hand: how fast, how exactly and how faultlessly a script's player acts.

use super::scripts::Hand;
use crate::game::{Command, Point, Seed, Target};
use crate::tactics::View;
use crate::tactics::kinds::ability;
use rand::RngExt;
use rand_pcg::Pcg64Mcg;

/// Chances and memory of one game's player.
pub struct Player {
    hand: Hand,
    rng: Pcg64Mcg,
    idle_until: u32,
}

impl Player {
    pub fn new(hand: Hand, seed: Seed) -> Player {
        Player {
            hand,
            rng: seed.rng(),
            idle_until: 0,
        }
    }

    /// True while the player looks at nothing in particular.
    pub fn is_idle(&mut self, game_loop: u32) -> bool {
        if game_loop < self.idle_until {
            return true;
        }
        if self.rng.random::<f32>() < self.hand.idle {
            self.idle_until = game_loop + self.rng.random_range(20..80);
            return true;
        }
        false
    }

    /// What becomes of an intended command: aimed a little beside, or a slip.
    pub fn handle(&mut self, v: &View, command: Option<Command>) -> Option<Command> {
        let mut command = command?;
        if self.rng.random::<f32>() < self.hand.slip {
            return self.slip(v, command);
        }
        let aims = command.ability == ability::ATTACK || command.ability == ability::MOVE;
        if let (true, Target::Point(p)) = (aims, command.target) {
            command.target = Target::Point(self.beside(v, p, self.hand.aim));
        }
        Some(command)
    }

    /// A disturbed action, from which the next looks have to recover.
    fn slip(&mut self, v: &View, mut command: Command) -> Option<Command> {
        match command.target {
            Target::Point(p) if command.ability == ability::ATTACK => {
                // The army goes somewhere else, or only half of it goes.
                if self.rng.random::<bool>() {
                    command.target = Target::Point(self.beside(v, p, 14.0));
                } else {
                    let half = command.units.len().div_ceil(2);
                    command.units.truncate(half);
                }
                Some(command)
            }
            // A click that misses.
            _ => None,
        }
    }

    fn beside(&mut self, v: &View, p: Point, by: f32) -> Point {
        let (dx, dy) = (
            self.rng.random_range(-by..=by),
            self.rng.random_range(-by..=by),
        );
        let q = Point::new(p.x + dx, p.y + dy);
        let (x, y) = q.cell();
        if v.know.map.pathing.get(x, y) == Some(true) {
            q
        } else {
            p
        }
    }

    /// Loops until the next look: around the mean, a few short ones, some long ones.
    pub fn skip(&mut self, v: &View) -> u16 {
        let fights = v.army().any(|a| {
            v.enemy_army()
                .any(|e| e.pos.distance_squared(a.pos) < 144.0)
        });
        let mean = if fights {
            self.hand.fight_skip_mean
        } else {
            self.hand.skip_mean
        };
        // The sum of three uniform numbers: bell-shaped between 0.4 and 1.6 of the mean.
        let bell: f32 = (0..3).map(|_| self.rng.random_range(0.0..0.4)).sum();
        ((mean * (0.4 + bell)) as u16).clamp(2, 128)
    }
}
