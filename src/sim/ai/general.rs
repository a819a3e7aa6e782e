//! The built-in AI's army: gathers, attacks in waves, defends, retreats when outnumbered.

use super::enemies::Enemies;
use super::profile::Profile;
use super::sight;
use crate::game::data::unit_ids as u;
use crate::game::{Point, RawUnit, Target, UnitTag};
use crate::tactics::army::{self, Threat};
use crate::tactics::kinds::{ability, kind};
use crate::tactics::{Orders, View, economy, micro};
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

/// The army's memory.
#[derive(Clone, Debug)]
pub struct General {
    pub enemies: Enemies,
    mode: Mode,
    /// Earliest loop of the next wave, and of a strike outside the waves.
    next_wave: u32,
    next_strike: u32,
    /// Units told to do something of their own.
    detached: SmallVec<[UnitTag; 12]>,
    pub waves: u32,
}

const LOOPS_PER_SECOND: f32 = 22.4;

impl General {
    /// `jitter_seconds` shifts the first wave, so that no two games are alike.
    pub fn new(profile: &Profile, jitter_seconds: f32) -> General {
        let first = (profile.attack_second + jitter_seconds) * LOOPS_PER_SECOND;
        General {
            enemies: Enemies::default(),
            mode: Mode::Gather,
            next_wave: first as u32,
            next_strike: (first * profile.patience) as u32,
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

    /// True if the enemy has just been seen with an army that one's own clearly beats.
    fn has_the_upper_hand(&self, v: &View) -> bool {
        let own: f32 = v.army().map(army::worth).sum();
        self.enemies.are_fresh(v) && own > 1500.0 && own > 1.6 * self.enemies.worth() + 400.0
    }

    /// True if it is time to set out.
    fn sets_out(&self, v: &View, profile: &Profile) -> bool {
        let now = v.obs.game_loop;
        // With nothing left to mine the army will never be larger.
        let full = v.obs.player.food_used >= 190 || economy::is_spent(v);
        let grown = v.army_minerals() as f32 >= self.army_min(profile);
        // Who sees all and is as large as he can be does not wait until the other is, too.
        let early = full && profile.sees_all && self.waves == 0;
        let due = now >= self.next_wave && (grown || full) || early;
        if !profile.sees_all {
            let may_strike = profile.counters && now >= self.next_strike;
            return due || may_strike && self.has_the_upper_hand(v);
        }
        // Who sees all does not set out against a stronger enemy, unless it has nothing to wait for.
        let fair = full || sight::ratio(v, &self.enemies) > sight::ATTACKS;
        due && fair || now >= self.next_strike && sight::strikes(v, &self.enemies, profile.eager)
    }

    /// Minerals that the next attack needs.
    fn army_min(&self, profile: &Profile) -> f32 {
        if self.waves == 0 {
            profile.first_army_min
        } else {
            profile.attack_army_min
        }
    }

    fn is_main(&self, unit: &RawUnit) -> bool {
        !self.detached.contains(&unit.tag)
    }

    /// Everything the army does this look.
    pub fn command(&mut self, v: &View, profile: &Profile, out: &mut Orders) {
        self.enemies.watch(v);
        let Some(heart) = army::heart(v.army().filter(|a| self.is_main(a))) else {
            self.mode = Mode::Gather;
            return;
        };
        if profile.skill {
            micro::stim(v, 1, out);
            micro::siege(v, profile.sees_all, out);
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
                if threat.is_none() && self.sets_out(v, profile) {
                    self.waves += 1;
                    self.mode = Mode::Attack(v.know.enemy_start);
                }
            }
            Mode::Attack(_) => {
                let own: f32 = v.army().map(army::worth).sum();
                let raided = profile.skill
                    && threat.is_some_and(|t| t.worth > 0.5 * own)
                    && v.home_distance(heart) > 25.0;
                let spent = (v.army_minerals() as f32)
                    < 0.2 * profile.first_army_min.min(profile.attack_army_min);
                let too_strong =
                    profile.sees_all && v.obs.player.food_used < 190 && sight::turns_back(v, heart);
                let beaten = (outnumbered || too_strong) && v.home_distance(heart) > 16.0;
                if beaten || raided || spent {
                    self.mode = Mode::Retreat {
                        until: now + 12 * 22,
                    };
                    self.next_wave = now + (profile.attack_every * LOOPS_PER_SECOND) as u32;
                    self.next_strike = self.next_wave;
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
        let weak = if profile.sees_all {
            sight::weak_spot(v, &self.enemies, heart, heading)
        } else {
            None
        };
        let to = weak.unwrap_or_else(|| army::target(v, heart, heading, hit_air));
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
