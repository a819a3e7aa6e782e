//! What single units of the built-in AI do on their own: a worker scouts, a medivac drops marines (`drop`).

use super::drop::Drop;
use super::profile::Profile;
use crate::game::{Seed, Target, UnitTag};
use crate::tactics::flight::Danger;
use crate::tactics::kinds::ability;
use crate::tactics::{Orders, View, economy};
use rand::RngExt;

/// Memory of errands.
#[derive(Clone, Debug)]
pub struct Errands {
    scout: Option<UnitTag>,
    scouted: bool,
    scout_loop: u32,
    drop: Drop,
}

impl Errands {
    pub fn new(seed: Seed) -> Errands {
        let mut rng = seed.rng();
        Errands {
            scout: None,
            scouted: false,
            scout_loop: rng.random_range(800..1400),
            drop: Drop::new(seed.fork("drop", 0)),
        }
    }

    /// Army units that are away on an errand, which nobody else may command.
    pub fn away(&self) -> &[UnitTag] {
        self.drop.away()
    }

    /// `dangers`: enemies seen lately who shoot at fliers.
    pub fn run(&mut self, v: &View, profile: &Profile, dangers: &[Danger], out: &mut Orders) {
        if profile.scouts {
            self.scout(v, out);
        }
        if profile.drops {
            self.drop.run(v, dangers, out);
        }
        for tag in self.drop.away() {
            out.hold(*tag);
        }
    }

    /// One worker runs to the enemy's start and natural, then comes home.
    fn scout(&mut self, v: &View, out: &mut Orders) {
        let goal = v.know.enemy_start;
        match self.scout.map(|tag| v.workers().find(|w| w.tag == tag)) {
            None if !self.scouted && v.obs.game_loop >= self.scout_loop => {
                if let Some(w) = economy::harvester_near(v, v.know.start, out) {
                    out.one(ability::MOVE, w.tag, Target::Point(goal));
                    self.scout = Some(w.tag);
                    self.scouted = true;
                }
            }
            Some(Some(w)) => {
                let arrived = w.pos.distance_squared(goal) < 64.0;
                let hunted = v.enemy_army().any(|e| e.pos.distance_squared(w.pos) < 49.0);
                if arrived || hunted || w.orders.is_empty() {
                    self.scout = None;
                    if let Some(field) = economy::best_field(v, v.know.start) {
                        out.one(ability::GATHER, w.tag, Target::Unit(field.tag));
                    }
                }
            }
            Some(None) => self.scout = None,
            None => {}
        }
    }
}
