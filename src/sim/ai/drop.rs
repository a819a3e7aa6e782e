//! A medivac carries marines along the map's edge into one of the enemy's mineral lines, and takes them up again.

use crate::game::data::unit_ids as u;
use crate::game::{Point, RawUnit, Seed, Target, UnitTag};
use crate::tactics::flight::{self, Danger, Route};
use crate::tactics::kinds::{ability, kind};
use crate::tactics::{Orders, View, army};
use rand::RngExt;
use smallvec::SmallVec;

/// A medivac's slots, and the least with which it flies.
const SLOTS: u32 = 8;
const SQUAD_MIN: usize = 4;
/// Infantry that must be there for a squad to be spared.
const INFANTRY_MIN: usize = 22;
/// Loops after which loading, or picking up, is given up.
const LOADING_LOOPS: u32 = 500;
const PICKUP_LOOPS: u32 = 220;
/// Loops between the end of one drop and the next.
const PAUSE_LOOPS: u32 = 2200;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Phase {
    Idle,
    Loading { since: u32 },
    Flying,
    Unloading { since: u32 },
    Raiding,
    Boarding { since: u32 },
    Returning,
}

/// Memory of one medivac's drops.
#[derive(Clone, Debug)]
pub struct Drop {
    phase: Phase,
    next_loop: u32,
    medivac: UnitTag,
    /// The medivac first, then the infantry, aboard or on foot.
    squad: SmallVec<[UnitTag; 12]>,
    route: Route,
    goal: Point,
}

impl Drop {
    pub fn new(seed: Seed) -> Drop {
        Drop {
            phase: Phase::Idle,
            next_loop: seed.rng().random_range(9_900..10_700),
            medivac: UnitTag::NONE,
            squad: SmallVec::new(),
            route: Route::new(),
            goal: Point::default(),
        }
    }

    /// Units that are away, the medivac first.
    pub fn away(&self) -> &[UnitTag] {
        &self.squad
    }

    /// `dangers`: enemies seen lately who shoot at fliers.
    pub fn run(&mut self, v: &View, dangers: &[Danger], out: &mut Orders) {
        if self.phase == Phase::Idle {
            return self.muster(v);
        }
        let medivac = v.army().find(|a| a.tag == self.medivac);
        let aboard = |t: &UnitTag| {
            medivac.is_some_and(|m| m.tag == *t || m.passengers.iter().any(|p| p.tag == *t))
        };
        self.squad
            .retain(|t| aboard(t) || v.army().any(|a| a.tag == *t));
        let Some(m) = medivac else {
            // Those on foot go on without it.
            return match self.phase {
                Phase::Raiding | Phase::Boarding { .. } | Phase::Unloading { .. } => {
                    self.raid(v, None, out);
                }
                _ => self.stop(v),
            };
        };
        match self.phase {
            Phase::Idle => {}
            Phase::Loading { since } => self.load(v, m, since, dangers, out),
            Phase::Flying => self.fly(v, m, dangers, out),
            Phase::Unloading { since } => self.unload(v, m, since, dangers, out),
            Phase::Raiding => self.raid(v, Some(m), out),
            Phase::Boarding { since } => self.pick_up(v, m, since, dangers, out),
            Phase::Returning => self.come_home(v, m, out),
        }
    }

    fn stop(&mut self, v: &View) {
        self.phase = Phase::Idle;
        self.squad.clear();
        self.medivac = UnitTag::NONE;
        self.next_loop = v.obs.game_loop + PAUSE_LOOPS;
    }

    fn on_foot<'a>(&'a self, v: &'a View<'a>) -> impl Iterator<Item = &'a RawUnit> + Clone {
        v.army()
            .filter(|a| a.tag != self.medivac && self.squad.contains(&a.tag))
    }

    /// Chooses a medivac at home and infantry near it, in times of peace; marines first, who fill it best.
    fn muster(&mut self, v: &View) {
        if v.obs.game_loop < self.next_loop || army::threat(v, 20.0).is_some() {
            return;
        }
        let infantry = |t| v.army().filter(move |a| a.unit_type == t);
        if infantry(u::MARINE).count() + infantry(u::MARAUDER).count() < INFANTRY_MIN {
            return;
        }
        let at_home = |m: &RawUnit| v.home_distance(m.pos) < 30.0;
        let Some(m) = v.army().find(|a| {
            let whole = a.health > 0.7 * a.health_max && a.cargo_space_taken == 0;
            a.unit_type == u::MEDIVAC && whole && at_home(a)
        }) else {
            return;
        };
        let mut squad = SmallVec::from_slice(&[m.tag]);
        let mut slots = 0;
        for (t, size) in [(u::MARINE, 1), (u::MARAUDER, 2)] {
            for a in infantry(t).filter(|a| a.pos.distance_squared(m.pos) < 400.0) {
                if slots + size <= SLOTS {
                    slots += size;
                    squad.push(a.tag);
                }
            }
        }
        if squad.len() > SQUAD_MIN {
            self.medivac = m.tag;
            self.squad = squad;
            let since = v.obs.game_loop;
            self.phase = Phase::Loading { since };
        }
    }

    fn load(&mut self, v: &View, m: &RawUnit, since: u32, dangers: &[Danger], out: &mut Orders) {
        let late = v.obs.game_loop > since + LOADING_LOOPS;
        if self.on_foot(v).next().is_some() && !late {
            return self.call_aboard(v, m, out);
        }
        // Who has missed it belongs to the army again.
        let aboard = |t: &UnitTag| *t == m.tag || m.passengers.iter().any(|p| p.tag == *t);
        self.squad.retain(|t| aboard(t));
        if m.passengers.len() < SQUAD_MIN {
            return self.go_home(v, m, dangers);
        }
        self.depart(v, m, dangers);
    }

    /// The medivac and its squad go to meet each other.
    fn call_aboard(&self, v: &View, m: &RawUnit, out: &mut Orders) {
        let waiting: SmallVec<[UnitTag; 12]> = self
            .on_foot(v)
            .filter(|a| {
                let first = a.orders.first();
                first.is_none_or(|o| o.target != Target::Unit(m.tag))
            })
            .map(|a| a.tag)
            .collect();
        out.group(ability::SMART, &waiting, Target::Unit(m.tag));
        if let Some(middle) = army::center(self.on_foot(v)) {
            army::walk(std::iter::once(m), middle, 2.0, out);
        }
    }

    /// Sets course for the mineral line that is least guarded, as far as one knows; not the one it comes from.
    fn depart(&mut self, v: &View, m: &RawUnit, dangers: &[Danger]) {
        let goals = mineral_lines(v);
        let fresh = |p: &Point| p.distance_squared(m.pos) > 400.0;
        let goal = goals.into_iter().filter(fresh).min_by(|a, b| {
            flight::danger_at(dangers, *a).total_cmp(&flight::danger_at(dangers, *b))
        });
        let Some(goal) = goal else {
            return self.go_home(v, m, dangers);
        };
        self.goal = goal;
        self.route = flight::along_the_edge(&v.know.map.playable, m.pos, goal, dangers);
        self.phase = Phase::Flying;
    }

    fn go_home(&mut self, v: &View, m: &RawUnit, dangers: &[Danger]) {
        self.goal = v.know.start + (v.know.bases[0].front - v.know.start) * 0.5;
        self.route = flight::along_the_edge(&v.know.map.playable, m.pos, self.goal, dangers);
        if m.pos.distance_squared(self.goal) < 900.0 {
            self.route = Route::from_slice(&[self.goal]);
        }
        self.phase = Phase::Returning;
    }

    /// Flies the next leg; true at the end of the way.
    fn follow_route(&mut self, m: &RawUnit, out: &mut Orders) -> bool {
        if let Some(next) = self.route.first()
            && m.pos.distance_squared(*next) < 9.0
        {
            self.route.remove(0);
        }
        match self.route.first() {
            Some(next) => {
                army::walk(std::iter::once(m), *next, 1.0, out);
                false
            }
            None => true,
        }
    }

    fn fly(&mut self, v: &View, m: &RawUnit, dangers: &[Danger], out: &mut Orders) {
        let far = m.pos.distance_squared(self.goal) > 300.0;
        if far && m.health < 0.45 * m.health_max {
            return self.go_home(v, m, dangers);
        }
        if self.follow_route(m, out) {
            let since = v.obs.game_loop;
            self.phase = Phase::Unloading { since };
        }
    }

    fn unload(&mut self, v: &View, m: &RawUnit, since: u32, dangers: &[Danger], out: &mut Orders) {
        if m.passengers.is_empty() {
            self.phase = Phase::Raiding;
        } else if v.obs.game_loop > since + LOADING_LOOPS {
            // No ground to stand on under it.
            return self.go_home(v, m, dangers);
        } else {
            unload_at(m, self.goal, out);
        }
        self.assault(v, out);
    }

    /// The squad kills workers, then what stands nearest.
    fn assault(&self, v: &View, out: &mut Orders) {
        let Some(heart) = army::heart(self.on_foot(v)) else {
            return;
        };
        let near = |e: &&RawUnit| e.pos.distance_squared(heart) < 225.0;
        let nearest = |a: &&RawUnit, b: &&RawUnit| {
            let d = |e: &RawUnit| e.pos.distance_squared(heart);
            d(a).total_cmp(&d(b))
        };
        let workers = v.units(&v.ix.enemy_workers).filter(near).min_by(nearest);
        let prey = workers.or_else(|| v.enemy_structures().min_by(nearest));
        let at = prey.map_or(v.know.enemy_start, |e| e.pos);
        army::attack_move(self.on_foot(v), at, 4.0, out);
    }

    fn raid(&mut self, v: &View, medivac: Option<&RawUnit>, out: &mut Orders) {
        let Some(heart) = army::heart(self.on_foot(v)) else {
            return self.stop(v);
        };
        let own = army::strength_near(self.on_foot(v), heart, 12.0);
        let hostile = army::strength_near(v.enemy_army(), heart, 12.0);
        let pays = |m: &RawUnit| m.health > 40.0 && m.pos.distance_squared(heart) < 100.0;
        if hostile > 1.4 * own && medivac.is_some_and(pays) {
            let since = v.obs.game_loop;
            self.phase = Phase::Boarding { since };
            return;
        }
        self.assault(v, out);
        // It heals as it follows.
        army::attack_move(medivac.into_iter(), heart, 2.0, out);
    }

    /// Out again before the enemy's army kills all; to another mineral line if enough are left.
    fn pick_up(&mut self, v: &View, m: &RawUnit, since: u32, dangers: &[Danger], out: &mut Orders) {
        let late = v.obs.game_loop > since + PICKUP_LOOPS || m.health < 30.0;
        if self.on_foot(v).next().is_some() && !late {
            return self.call_aboard(v, m, out);
        }
        if m.passengers.is_empty() {
            self.phase = Phase::Raiding;
        } else if m.passengers.len() >= SQUAD_MIN && m.health > 0.6 * m.health_max {
            self.depart(v, m, dangers);
        } else {
            self.go_home(v, m, dangers);
        }
    }

    fn come_home(&mut self, v: &View, m: &RawUnit, out: &mut Orders) {
        if m.passengers.is_empty() {
            self.stop(v);
        } else if self.follow_route(m, out) {
            unload_at(m, self.goal, out);
        }
    }
}

fn unload_at(m: &RawUnit, at: Point, out: &mut Orders) {
    let first = m.orders.first();
    let under_way = first.is_some_and(|o| match o.target {
        Target::Point(p) => p.distance_squared(at) < 1.0 && o.ability != MOVE_EXACT,
        _ => false,
    });
    if !under_way {
        out.one(ability::UNLOAD_AT, m.tag, Target::Point(at));
    }
}

/// What a walk looks like among a unit's orders.
const MOVE_EXACT: crate::game::AbilityId = crate::game::AbilityId(16);

/// Between hall and minerals of every enemy base one knows of; his start he must have.
fn mineral_lines(v: &View) -> SmallVec<[Point; 8]> {
    let held = |at: Point| {
        at.distance_squared(v.know.enemy_start) < 16.0
            || v.enemy_structures()
                .any(|s| kind(s.unit_type).is_townhall && s.pos.distance_squared(at) < 36.0)
    };
    v.know
        .bases
        .iter()
        .filter(|b| held(b.pos))
        .map(|b| b.pos + (b.mineral_center - b.pos) * 0.6)
        .collect()
}
