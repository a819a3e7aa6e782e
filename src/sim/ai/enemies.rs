//! What the built-in AI knows of the enemy's army: who has been seen lately, what all are worth, and what beats them.

use crate::game::data::unit_ids as u;
use crate::game::{Point, UnitTag, UnitTypeId};
use crate::tactics::kinds::kind;
use crate::tactics::plan::Share;
use crate::tactics::{View, army};
use smallvec::SmallVec;

/// How long a sighting counts, loops.
const SIGHTING_LOOPS: u32 = 2700;
/// A sighting is fresh for so long, loops.
const FRESH_LOOPS: u32 = 500;

/// An enemy fighter that has been seen.
#[derive(Clone, Copy, Debug)]
struct Seen {
    tag: UnitTag,
    unit_type: UnitTypeId,
    pos: Point,
    worth: f32,
    game_loop: u32,
}

/// Enemy fighters seen lately and not seen dead, by tag; with the whole map in view, all there are.
#[derive(Clone, Debug, Default)]
pub struct Enemies {
    seen: Vec<Seen>,
}

impl Enemies {
    /// Takes in one look.
    pub fn watch(&mut self, v: &View) {
        let now = v.obs.game_loop;
        for e in v.enemy_army() {
            let seen = Seen {
                tag: e.tag,
                unit_type: kind(e.unit_type).canonical,
                pos: e.pos,
                worth: army::worth(e),
                game_loop: now,
            };
            match self.seen.binary_search_by_key(&e.tag, |s| s.tag) {
                Ok(i) => self.seen[i] = seen,
                Err(i) => self.seen.insert(i, seen),
            }
        }
        for dead in &v.obs.dead_units {
            if let Ok(i) = self.seen.binary_search_by_key(dead, |s| s.tag) {
                self.seen.remove(i);
            }
        }
        self.seen.retain(|s| s.game_loop + SIGHTING_LOOPS > now);
    }

    /// True if some have just been seen.
    pub fn are_fresh(&self, v: &View) -> bool {
        let now = v.obs.game_loop;
        self.seen.iter().any(|s| s.game_loop + FRESH_LOOPS > now)
    }

    /// Worth of all of them.
    pub fn worth(&self) -> f32 {
        self.seen.iter().map(|s| s.worth).sum()
    }

    /// Minerals they cost.
    pub fn minerals(&self) -> f32 {
        let cost = |s: &Seen| f32::from(kind(s.unit_type).minerals);
        self.seen.iter().map(cost).sum()
    }

    /// Worth of those last seen within `radius` of a point.
    pub fn worth_near(&self, at: Point, radius: f32) -> f32 {
        let near = |s: &&Seen| s.pos.distance_squared(at) < radius * radius;
        self.seen.iter().filter(near).map(|s| s.worth).sum()
    }

    /// Share of their worth in types for which `is` holds; 0 if none has been seen.
    fn share(&self, is: impl Fn(UnitTypeId) -> bool) -> f32 {
        let part: f32 = self
            .seen
            .iter()
            .filter(|s| is(s.unit_type))
            .map(|s| s.worth)
            .sum();
        part / self.worth().max(1.0)
    }

    /// Share of their worth that fights from the air.
    pub fn air_share(&self) -> f32 {
        self.share(fights_from_the_air)
    }

    /// A plan's army, bent toward what beats the enemies seen: marines, Vikings and thors against what flies; with `all` in view
    /// also marauders and tanks against armor, and tanks against crowds of infantry.
    pub fn answer(&self, plan: &[Share], all: bool) -> SmallVec<[Share; 16]> {
        let mut army: SmallVec<[Share; 16]> = plan.iter().copied().take(15).collect();
        if self.worth() < 400.0 {
            return army;
        }
        let air = self.air_share();
        let known = if all { 1.0 } else { 0.0 };
        let armored = self.share(|t| kind(t).is_armored && !fights_from_the_air(t));
        let infantry = self.share(|t| matches!(t, u::MARINE | u::REAPER | u::GHOST | u::HELLION));
        let whole: f32 = army.iter().map(|s| f32::from(s.1)).sum();
        for (t, weight) in &mut army {
            let factor = match *t {
                u::MARINE | u::THOR | u::VIKING_FIGHTER => 1.0 + 0.6 * air,
                u::SIEGE_TANK => (1.0 - air) * (1.0 + 0.5 * known * infantry.max(armored)),
                u::MARAUDER => (1.0 - air) * (1.0 + known * (1.2 * armored - 0.4)),
                _ => 1.0,
            };
            *weight = (f32::from(*weight) * factor + 0.5).max(1.0) as u16;
        }
        if air > 0.15 {
            let vikings = (whole * 0.6 * air) as u16;
            match army.iter_mut().find(|s| s.0 == u::VIKING_FIGHTER) {
                Some(s) => s.1 = s.1.max(vikings),
                None => army.push((u::VIKING_FIGHTER, vikings.max(1))),
            }
        }
        army
    }
}

fn fights_from_the_air(t: UnitTypeId) -> bool {
    matches!(
        t,
        u::BANSHEE | u::BATTLECRUISER | u::VIKING_FIGHTER | u::LIBERATOR | u::RAVEN
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn crowd(types: &[(UnitTypeId, f32)]) -> Enemies {
        let seen = |(i, (t, worth)): (usize, &(UnitTypeId, f32))| Seen {
            tag: UnitTag(i as u64 + 1),
            unit_type: *t,
            pos: Point::new(i as f32, 0.0),
            worth: *worth,
            game_loop: 0,
        };
        Enemies {
            seen: types.iter().enumerate().map(seen).collect(),
        }
    }

    #[test]
    fn the_army_answers_what_has_been_seen() {
        let plan: &[Share] = &[(u::MARINE, 10), (u::MARAUDER, 6), (u::SIEGE_TANK, 4)];
        let weight = |e: &Enemies, t| {
            let army = e.answer(plan, true);
            army.iter().find(|s| s.0 == t).map_or(0, |s| s.1)
        };
        let nobody = crowd(&[]);
        assert_eq!(nobody.answer(plan, true).as_slice(), plan);
        let ships = crowd(&[(u::BANSHEE, 900.0), (u::BATTLECRUISER, 700.0)]);
        assert_eq!(ships.air_share(), 1.0);
        assert_eq!(
            weight(&ships, u::VIKING_FIGHTER),
            12,
            "6 in 10 of a weight of 20"
        );
        assert!(
            weight(&ships, u::SIEGE_TANK) < 4,
            "tanks hit nothing that flies"
        );
        let tanks = crowd(&[(u::SIEGE_TANK, 900.0)]);
        assert!(weight(&tanks, u::MARAUDER) > 6, "marauders beat armor");
        let marines = crowd(&[(u::MARINE, 900.0)]);
        assert!(weight(&marines, u::MARAUDER) < 6 && weight(&marines, u::SIEGE_TANK) > 4);
        assert_eq!(weight(&marines, u::VIKING_FIGHTER), 0);
        assert_eq!(
            marines.answer(plan, false).as_slice(),
            plan,
            "only air is answered by sightings"
        );
        assert_eq!(ships.worth_near(Point::new(0.0, 0.0), 0.5), 900.0);
    }
}
