//! The built-in AI's army: gathers, attacks in waves, defends, retreats when outnumbered.

use super::profile::Profile;
use crate::game::data::unit_ids as u;
use crate::game::{Point, RawUnit, Target, UnitTag};
use crate::tactics::army::{self, Threat};
use crate::tactics::kinds::{ability, kind};
use crate::tactics::{Orders, View, micro};
use smallvec::SmallVec;

/// What the main army is about.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Mode {
    /// Wait before the foremost base.
    Gather,
    /// Go for the enemy; the point is where to, now.
    Attack(Point),
    /// Go home without looking back, at least until this loop.
    Retreat { until: u32 },
}

/// An enemy fighter that has been seen.
#[derive(Clone, Copy, Debug)]
struct Seen {
    tag: UnitTag,
    worth: f32,
    game_loop: u32,
}

/// How long a sighting counts, loops.
const SIGHTING_LOOPS: u32 = 2700;

/// The army's memory.
#[derive(Clone, Debug)]
pub struct General {
    /// Enemy fighters seen lately and not seen dead, by tag.
    seen: Vec<Seen>,
    mode: Mode,
    /// Earliest loop of the next wave.
    next_wave: u32,
    /// Units told to do something of their own.
    detached: SmallVec<[UnitTag; 12]>,
    pub waves: u32,
}

const LOOPS_PER_SECOND: f32 = 22.4;

impl General {
    /// `jitter_seconds` shifts the first wave, so that no two games are alike.
    pub fn new(profile: &Profile, jitter_seconds: f32) -> General {
        General {
            seen: Vec::new(),
            mode: Mode::Gather,
            next_wave: ((profile.attack_second + jitter_seconds) * LOOPS_PER_SECOND) as u32,
            detached: SmallVec::new(),
            waves: 0,
        }
    }

    /// True while it pays to look often.
    pub fn is_fighting(&self, v: &View) -> bool {
        v.army().any(|a| {
            v.enemy_army()
                .any(|e| e.pos.distance_squared(a.pos) < 196.0)
        })
    }

    /// Units the main army does not command.
    pub fn detach(&mut self, tags: &[UnitTag]) {
        self.detached.clear();
        self.detached.extend_from_slice(tags);
    }

    /// Keeps book of the enemy's fighters.
    fn watch(&mut self, v: &View) {
        for e in v.enemy_army() {
            let now = Seen {
                tag: e.tag,
                worth: army::worth(e),
                game_loop: v.obs.game_loop,
            };
            match self.seen.binary_search_by_key(&e.tag, |s| s.tag) {
                Ok(i) => self.seen[i] = now,
                Err(i) => self.seen.insert(i, now),
            }
        }
        for dead in &v.obs.dead_units {
            if let Ok(i) = self.seen.binary_search_by_key(dead, |s| s.tag) {
                self.seen.remove(i);
            }
        }
        let now = v.obs.game_loop;
        self.seen.retain(|s| s.game_loop + SIGHTING_LOOPS > now);
    }

    /// True if the enemy has just been seen with an army that one's own clearly beats.
    fn has_the_upper_hand(&self, v: &View) -> bool {
        let fresh = self
            .seen
            .iter()
            .any(|s| s.game_loop + 500 > v.obs.game_loop);
        let theirs: f32 = self.seen.iter().map(|s| s.worth).sum();
        let own: f32 = v.army().map(army::worth).sum();
        fresh && own > 1500.0 && own > 1.6 * theirs + 400.0
    }

    fn is_main(&self, unit: &RawUnit) -> bool {
        !self.detached.contains(&unit.tag)
    }

    /// Everything the army does this look.
    pub fn command(&mut self, v: &View, profile: &Profile, out: &mut Orders) {
        self.watch(v);
        let Some(heart) = army::heart(v.army().filter(|a| self.is_main(a))) else {
            self.mode = Mode::Gather;
            return;
        };
        if profile.skill {
            micro::stim(v, 1, out);
            micro::siege(v, false, out);
            micro::vikings(v, out);
            micro::cloak(v, out);
            micro::kite(v, out);
            micro::healers_follow(v, heart, 5.0, out);
        }
        let threat = army::threat(v, 14.0);
        self.decide(v, profile, heart, threat);
        match self.mode {
            Mode::Attack(_) => self.attack(v, profile, heart, out),
            Mode::Retreat { .. } => {
                let home = army::staging(v);
                army::walk(v.army().filter(|a| self.is_main(a)), home, 5.0, out);
            }
            Mode::Gather => self.gather(v, threat, out),
        }
    }

    fn decide(&mut self, v: &View, profile: &Profile, heart: Point, threat: Option<Threat>) {
        let now = v.obs.game_loop;
        let outnumbered = profile.retreat_ratio > 0.0 && {
            let own = army::strength_near(v.army(), heart, 14.0);
            let hostile = v.enemy_army().chain(v.enemy_structures());
            army::strength_near(hostile, heart, 15.0) > profile.retreat_ratio * own.max(1.0)
        };
        match self.mode {
            Mode::Gather => {
                let strong = v.army_minerals() as f32 >= profile.attack_army_min
                    || v.obs.player.food_used >= 190;
                let follows_up = profile.counters && self.has_the_upper_hand(v);
                if (now >= self.next_wave && strong || follows_up) && threat.is_none() {
                    self.waves += 1;
                    self.mode = Mode::Attack(v.know.enemy_start);
                }
            }
            Mode::Attack(_) => {
                let own: f32 = v.army().map(army::worth).sum();
                let raided = profile.skill
                    && threat.is_some_and(|t| t.worth > 0.5 * own)
                    && v.home_distance(heart) > 25.0;
                let spent = (v.army_minerals() as f32) < 0.2 * profile.attack_army_min;
                if outnumbered && v.home_distance(heart) > 16.0 || raided || spent {
                    self.mode = Mode::Retreat {
                        until: now + 12 * 22,
                    };
                    self.next_wave = now + (profile.attack_every * LOOPS_PER_SECOND) as u32;
                }
            }
            Mode::Retreat { until } => {
                let home = v.home_distance(heart) < 18.0;
                if home || now >= until && !outnumbered {
                    self.mode = Mode::Gather;
                }
            }
        }
    }

    fn gather(&self, v: &View, threat: Option<Threat>, out: &mut Orders) {
        let main = v.army().filter(|a| self.is_main(a));
        match threat {
            Some(t) => {
                let able = main.filter(|a| {
                    let k = kind(a.unit_type);
                    if t.in_air {
                        k.hits_air || !k.hits_ground
                    } else {
                        true
                    }
                });
                army::attack_move(able, t.pos, 4.0, out);
            }
            None => {
                let to = army::staging(v);
                let idle = main.filter(|a| {
                    a.unit_type != u::SIEGE_TANK_SIEGED && a.pos.distance_squared(to) > 49.0
                });
                army::attack_move(idle, to, 6.0, out);
            }
        }
    }

    /// On the march, who is far ahead of the others waits where he is.
    fn close_ranks(&self, v: &View, heart: Point, out: &mut Orders) {
        let middle = v.know.steps_to_enemy(heart);
        if middle == crate::tactics::knowledge::UNREACHED {
            return;
        }
        for a in v.army().filter(|a| self.is_main(a) && !a.is_flying) {
            let lead = i32::from(middle) - i32::from(v.know.steps_to_enemy(a.pos));
            let waits = a.orders.is_empty();
            if lead > 18 && !waits {
                // An attack on the spot: it ends at once and leaves the unit ready.
                out.one(ability::ATTACK, a.tag, Target::Point(a.pos));
            } else if lead > 8 && waits {
                out.hold(a.tag);
            }
        }
    }

    fn attack(&mut self, v: &View, profile: &Profile, heart: Point, out: &mut Orders) {
        let heading = match self.mode {
            Mode::Attack(p) => Some(p),
            _ => None,
        };
        let hit_air = v.army().any(|a| kind(a.unit_type).hits_air);
        let to = army::target(v, heart, heading, hit_air);
        self.mode = Mode::Attack(to);
        if army::is_searching(v, hit_air) {
            let hunters = v.army().filter(|a| self.is_main(a));
            return army::scatter(v, hunters.filter(|a| a.unit_type != u::MEDIVAC), out);
        }
        let quiet = !v
            .enemy_army()
            .any(|e| e.pos.distance_squared(heart) < 400.0);
        if profile.gathers && quiet {
            self.close_ranks(v, heart, out);
        }
        // Reinforcements gather at home and follow as a group.
        let late = |a: &&RawUnit| {
            profile.gathers
                && a.pos.distance_squared(heart) > 1600.0
                && v.home_distance(a.pos) < 35.0
        };
        let waiting: f32 = v.army().filter(late).map(army::worth).sum();
        let send = waiting > 0.3 * profile.attack_army_min || v.obs.player.food_used > 180;
        let led = |a: &RawUnit| profile.skill && a.unit_type == u::MEDIVAC;
        let go = v.army().filter(|a| {
            self.is_main(a) && (send || !late(a)) && a.unit_type != u::SIEGE_TANK_SIEGED && !led(a)
        });
        army::attack_move(go, to, 3.0, out);
        if !send {
            let home = army::staging(v);
            let stay = v
                .army()
                .filter(|a| self.is_main(a) && late(a) && a.pos.distance_squared(home) > 49.0);
            army::attack_move(stay, home, 6.0, out);
        }
    }
}

/// Sends workers against attackers who have reached the mineral line, when the army cannot hold them.
pub fn militia(v: &View, out: &mut Orders) {
    let Some(t) = army::threat(v, 7.0) else {
        return;
    };
    let own: f32 = v
        .army()
        .filter(|a| v.home_distance(a.pos) < 20.0)
        .map(army::worth)
        .sum();
    if t.in_air || t.worth < 1.1 * own || t.worth > 1200.0 {
        return;
    }
    let wanted = ((t.worth - own) / 40.0) as usize;
    let called: SmallVec<[UnitTag; 24]> = v
        .workers()
        .filter(|w| w.pos.distance_squared(t.pos) < 200.0 && w.health > 20.0 && !out.uses(w.tag))
        .filter(|w| army::obeys_attack(w, t.pos, 6.0) || w.orders.len() < 2)
        .map(|w| w.tag)
        .take(wanted.min(14))
        .collect();
    out.group(ability::ATTACK, &called, Target::Point(t.pos));
}
