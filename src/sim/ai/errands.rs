//! What single units of the built-in AI do on their own: a worker scouts, a medivac drops marines in the enemy's base.

use super::profile::Profile;
use crate::game::data::unit_ids as u;
use crate::game::{Point, RawUnit, Seed, Target, UnitTag};
use crate::tactics::kinds::ability;
use crate::tactics::{Orders, View, army, economy};
use rand::RngExt;
use smallvec::SmallVec;

/// Marines and marauders of one drop fill the medivac's eight slots.
const DROP_SLOTS: u32 = 8;
/// Fewer do not set out.
const DROP_SLOTS_MIN: u32 = 6;

#[derive(Clone, Debug, PartialEq)]
enum Drop {
    None,
    Loading {
        since: u32,
    },
    Flying,
    /// On the enemy's ground, until nothing is left.
    Raiding,
}

/// Memory of errands.
#[derive(Clone, Debug)]
pub struct Errands {
    scout: Option<UnitTag>,
    scouted: bool,
    scout_loop: u32,
    drop: Drop,
    drop_loop: u32,
    medivac: UnitTag,
    squad: SmallVec<[UnitTag; 12]>,
}

impl Errands {
    pub fn new(seed: Seed) -> Errands {
        let mut rng = seed.rng();
        Errands {
            scout: None,
            scouted: false,
            scout_loop: rng.random_range(800..1400),
            drop: Drop::None,
            drop_loop: rng.random_range(11_300..12_200),
            medivac: UnitTag::NONE,
            squad: SmallVec::new(),
        }
    }

    /// Army units that are away on an errand, the medivac first.
    pub fn away(&self) -> &[UnitTag] {
        &self.squad
    }

    pub fn run(&mut self, v: &View, profile: &Profile, out: &mut Orders) {
        if profile.scouts {
            self.scout(v, out);
        }
        if profile.drops {
            self.drop(v, profile, out);
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

    fn drop(&mut self, v: &View, profile: &Profile, out: &mut Orders) {
        let medivac = v.army().find(|a| a.tag == self.medivac);
        match self.drop {
            Drop::None => self.muster(v, profile.sees_all),
            Drop::Loading { since } => self.load(v, medivac, since, out),
            Drop::Flying => self.fly(v, medivac, out),
            Drop::Raiding => self.raid(v, medivac, out),
        }
        if self.drop != Drop::None {
            let alive = |tag: &UnitTag| {
                v.army().any(|a| a.tag == *tag)
                    || medivac.is_some_and(|m| m.passengers.iter().any(|p| p.tag == *tag))
            };
            self.squad.retain(|tag| alive(tag));
            if self.squad.is_empty() {
                self.stop(v);
            }
        }
    }

    fn stop(&mut self, v: &View) {
        self.drop = Drop::None;
        self.squad.clear();
        self.medivac = UnitTag::NONE;
        self.drop_loop = v.obs.game_loop + 3000;
    }

    /// Chooses an idle medivac and enough infantry near it, in times of peace.
    fn muster(&mut self, v: &View, sees_all: bool) {
        if v.obs.game_loop < self.drop_loop || army::threat(v, 20.0).is_some() {
            return;
        }
        let infantry = |a: &&RawUnit| matches!(a.unit_type, u::MARINE | u::MARAUDER);
        if v.army().filter(infantry).count() < 24 {
            return;
        }
        let at_home = |m: &RawUnit| v.home_distance(m.pos) < 30.0;
        let Some(m) = v
            .army()
            .find(|a| a.unit_type == u::MEDIVAC && at_home(a) && a.health > 100.0)
        else {
            return;
        };
        if sees_all && army::strength_near(v.enemy_army(), drop_point(v), 16.0) > 400.0 {
            // Somebody waits there.
            return;
        }
        self.medivac = m.tag;
        self.squad.push(m.tag);
        let mut slots = 0;
        for a in v
            .army()
            .filter(infantry)
            .filter(|a| a.pos.distance_squared(m.pos) < 400.0)
        {
            let size = if a.unit_type == u::MARAUDER { 2 } else { 1 };
            if slots + size <= DROP_SLOTS {
                slots += size;
                self.squad.push(a.tag);
            }
        }
        if slots < DROP_SLOTS_MIN {
            // Too few are near: the army is out, or fighting.
            self.squad.clear();
            self.medivac = UnitTag::NONE;
            return;
        }
        self.drop = Drop::Loading {
            since: v.obs.game_loop,
        };
    }

    fn load(&mut self, v: &View, medivac: Option<&RawUnit>, since: u32, out: &mut Orders) {
        let Some(m) = medivac else {
            return self.stop(v);
        };
        let waiting: SmallVec<[UnitTag; 12]> = v
            .army()
            .filter(|a| a.tag != m.tag && self.squad.contains(&a.tag))
            .filter(|a| {
                a.orders
                    .first()
                    .is_none_or(|o| o.target != Target::Unit(m.tag))
            })
            .map(|a| a.tag)
            .collect();
        out.group(ability::SMART, &waiting, Target::Unit(m.tag));
        let on_foot = v
            .army()
            .any(|a| a.tag != m.tag && self.squad.contains(&a.tag));
        let late = v.obs.game_loop > since + 600;
        if !on_foot || late && m.cargo_space_taken >= 4 {
            self.squad
                .retain(|t| *t == m.tag || m.passengers.iter().any(|p| p.tag == *t));
            self.drop = Drop::Flying;
        } else if late {
            self.stop(v);
        }
    }

    /// Flies to the edge of the map first, then along it, to the enemy's mineral line.
    fn fly(&mut self, v: &View, medivac: Option<&RawUnit>, out: &mut Orders) {
        let Some(m) = medivac else {
            return self.stop(v);
        };
        let to = drop_point(v);
        if m.cargo_space_taken == 0 {
            self.drop = Drop::Raiding;
            return;
        }
        if m.pos.distance_squared(to) < 25.0 || m.health < 60.0 && v.know.steps_to_enemy(m.pos) < 40
        {
            out.one(ability::UNLOAD_AT, m.tag, Target::Point(m.pos));
            return;
        }
        let leg = flight_leg(v, m.pos, to);
        army::walk(std::iter::once(m), leg, 3.0, out);
    }

    fn raid(&mut self, v: &View, medivac: Option<&RawUnit>, out: &mut Orders) {
        let squad = |a: &&RawUnit| self.squad.contains(&a.tag) && a.unit_type != u::MEDIVAC;
        let Some(heart) = army::heart(v.army().filter(squad)) else {
            // Only the medivac is left: it goes back to the army.
            return self.stop(v);
        };
        let prey = v
            .units(&v.ix.enemy_workers)
            .chain(v.enemy_structures())
            .min_by(|a, b| {
                a.pos
                    .distance_squared(heart)
                    .total_cmp(&b.pos.distance_squared(heart))
            })
            .map_or(v.know.enemy_start, |e| e.pos);
        army::attack_move(v.army().filter(squad), prey, 5.0, out);
        if let Some(m) = medivac {
            army::walk(std::iter::once(m), heart, 2.0, out);
        }
    }
}

fn drop_point(v: &View) -> Point {
    let know = v.know;
    let base = know
        .bases
        .iter()
        .find(|b| b.pos.distance_squared(know.enemy_start) < 16.0);
    match base {
        Some(b) => know.enemy_start + (b.mineral_center - know.enemy_start) * 0.6,
        None => know.enemy_start,
    }
}

/// The next point on a flight that keeps to the map's edge until it is level with its goal.
fn flight_leg(v: &View, at: Point, to: Point) -> Point {
    let area = v.know.map.playable;
    let (x0, x1) = (area.x0 as f32 + 3.0, area.x1 as f32 - 3.0);
    let edge_x = if to.x - x0 < x1 - to.x { x0 } else { x1 };
    let near_goal = (at.y - to.y).abs() < 8.0;
    let on_edge = (at.x - edge_x).abs() < 4.0;
    if near_goal {
        to
    } else if on_edge {
        Point::new(edge_x, to.y)
    } else {
        Point::new(edge_x, at.y)
    }
}
