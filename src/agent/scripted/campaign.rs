//! What a script's army does: wait, defend, attack as one, follow in groups.
//!
//! Worked out from the look alone: the units' present orders tell whether an attack is under way.

use super::scripts::Script;
use crate::game::data::unit_ids as u;
use crate::game::{Point, RawUnit, Target};
use crate::tactics::army::{self, SELECT_MAX, Tags};
use crate::tactics::kinds::{ability, kind};
use crate::tactics::view::attack_target;
use crate::tactics::{Orders, View, economy, micro};

/// True if the unit is on its way, attacking, to a point far from home and from where the army waits, or dug in there.
fn goes_far(v: &View, home: Point, a: &RawUnit) -> bool {
    let far = |p: Point| v.home_distance(p) > 32.0 && p.distance_squared(home) > 400.0;
    match attack_target(a) {
        Some(Target::Point(p)) => far(p),
        Some(Target::Unit(_)) => far(a.pos),
        _ => a.unit_type == u::SIEGE_TANK_SIEGED && far(a.pos),
    }
}

/// True if so much of the army is on its way to a far point that an attack is under way.
fn is_advancing(v: &View, home: Point) -> bool {
    let count = v.army().count();
    count > 0 && v.army().filter(|a| goes_far(v, home, a)).count() * 5 >= count * 2
}

/// Cells within which units come back for a threat, and for one that matters.
const GUARD_CELLS: f32 = 24.0;
const CALL_CELLS: f32 = 45.0;

/// Supply that follows an army under way; less waits at home for more, for one by one they only die.
const FOLLOWERS_SUPPLY: f32 = 12.0;

/// What the army is about, worked out from the look alone.
struct Campaign<'a> {
    v: &'a View<'a>,
    heart: Point,
    home: Point,
    attacks: bool,
    threat: Option<army::Threat>,
    /// A threat for which an attack is broken off.
    is_serious: bool,
}

impl<'a> Campaign<'a> {
    fn new(v: &'a View<'a>, script: &Script) -> Option<Campaign<'a>> {
        let heart = army::heart(fighters(v))?;
        let supply = v.army_supply();
        let home = waiting_place(v, script);
        let threat = army::threat(v, 13.0);
        let own: f32 = v.army().map(army::worth).sum();
        Some(Campaign {
            v,
            heart,
            home,
            attacks: supply >= script.attack_supply
                || v.obs.player.food_used >= 185
                || economy::is_spent(v)
                || supply >= script.retreat_supply && is_advancing(v, home),
            threat,
            is_serious: threat.is_some_and(|t| t.worth > 500.0 || t.worth > 0.3 * own),
        })
    }

    /// Who is near a threat defends.
    fn defends(&self, a: &RawUnit) -> bool {
        let radius = if self.is_serious {
            CALL_CELLS
        } else {
            GUARD_CELLS
        };
        self.threat
            .is_some_and(|t| a.pos.distance_squared(t.pos) < radius * radius)
    }

    /// Just trained, while the army is far away.
    fn is_late(&self, a: &RawUnit) -> bool {
        let at_home = self.v.home_distance(a.pos) < 35.0 || a.pos.distance(self.home) < 20.0;
        at_home && a.pos.distance_squared(self.heart) > 676.0 && !goes_far(self.v, self.home, a)
    }
}

fn fighters<'a>(v: &'a View<'a>) -> impl Iterator<Item = &'a RawUnit> + Clone {
    v.army()
        .filter(|a| a.unit_type != u::SIEGE_TANK_SIEGED && !army::is_changing(a))
        .filter(|a| a.unit_type != u::MEDIVAC)
}

/// At most one command to the army.
pub fn command_army(v: &View, script: &Script, out: &mut Orders) {
    let Some(c) = Campaign::new(v, script) else {
        return;
    };
    if let Some(t) = c.threat {
        let near = || fighters(v).filter(|a| c.defends(a));
        if near().next().is_some() {
            order(near(), t.pos, 6.0, 0.3, out);
        } else if !c.attacks || c.is_serious {
            order(fighters(v), t.pos, 6.0, 0.3, out);
        }
        if !c.attacks {
            return lead_healers(v, t.pos, out);
        }
    }
    if c.attacks {
        return attack(&c, script, out);
    }
    let strays = || fighters(v).filter(|a| a.pos.distance_squared(c.home) > 144.0);
    gather(strays(), c.home, v.army_supply() < 8.0, out);
    lead_healers(v, c.home, out);
}

/// Alone or not: whoever is far from home and idle, or away for an attack that is over, comes to the others.
fn gather<'a>(
    strays: impl Iterator<Item = &'a RawUnit> + Clone,
    home: Point,
    one_by_one: bool,
    out: &mut Orders,
) {
    let astray = |a: &&RawUnit| !army::obeys_attack(a, home, 8.0);
    let count = strays.clone().filter(astray).count();
    if count >= 3 || count > 0 && one_by_one {
        order(strays, home, 8.0, 0.0, out);
    }
}

fn attack(c: &Campaign, script: &Script, out: &mut Orders) {
    let v = c.v;
    let free = || fighters(v).filter(|a| !c.defends(a));
    let heading = common_target(v);
    let hit_air = v.army().any(|a| kind(a.unit_type).hits_air);
    if army::is_searching(v, hit_air) && may_split(v) {
        return army::scatter(v, free(), out);
    }
    let to = army::target(v, c.heart, heading, hit_air);
    let to = gathering_point(v, heading).unwrap_or(to);
    let late = || free().filter(|a| c.is_late(a));
    let waiting: f32 = late().map(|a| kind(a.unit_type).supply).sum();
    let enough = waiting >= FOLLOWERS_SUPPLY;
    if enough || v.obs.player.food_used >= 185 {
        order(free(), to, 5.0, script.reorder_share, out);
    } else {
        let go = free().filter(|a| !c.is_late(a));
        order(go, to, 5.0, script.reorder_share, out);
        let strays = late().filter(|a| a.pos.distance_squared(c.home) > 144.0);
        gather(strays, c.home, false, out);
    }
    lead_healers(v, c.heart, out);
}

/// True if even the parts of the army are stronger than all of the enemy's that is in view.
fn may_split(v: &View) -> bool {
    let theirs: f32 = v.enemy_army().map(army::worth).sum();
    let own: f32 = v.army().map(army::worth).sum();
    own > 8.0 * theirs
}

/// Medivacs go where the army is, not where it goes: they are faster and would arrive first.
fn lead_healers(v: &View, heart: Point, out: &mut Orders) {
    let astray = v
        .army()
        .any(|a| a.unit_type == u::MEDIVAC && !army::obeys_attack(a, heart, 10.0));
    if astray {
        micro::healers_follow(v, heart, 4.0, out);
    }
}

/// On the march, an army drawn out gathers where most of it is before it goes on.
fn gathering_point(v: &View, heading: Option<Point>) -> Option<Point> {
    // Who has just been trained is no part of the march.
    let marching = || {
        v.army()
            .filter(|a| a.unit_type != u::MEDIVAC && v.home_distance(a.pos) > 34.0)
    };
    let front = army::heart(marching())?;
    let quiet = || {
        marching().all(|a| {
            v.enemy_army()
                .all(|e| e.pos.distance_squared(a.pos) > 400.0)
        })
    };
    if v.know.steps_to_enemy(front) < 55 || !quiet() {
        return None;
    }
    let together = army::share_near(marching(), front, 12.0);
    // Where it goes tells whether it gathers already: then it waits until nearly all are there.
    let gathers = heading.filter(|h| h.distance_squared(front) < 400.0);
    let enough = if gathers.is_some() { 0.85 } else { 0.6 };
    (together < enough).then(|| gathers.unwrap_or(front))
}

/// Before the foremost base; where the barracks stand near the enemy, in front of these.
fn waiting_place(v: &View, script: &Script) -> Point {
    let barracks = v
        .standing(u::BARRACKS)
        .min_by_key(|b| v.know.steps_to_enemy(b.pos));
    match barracks {
        Some(b) if script.plan.proxy.is_some() => v.know.on_the_way(b.pos, 8),
        _ => army::staging(v),
    }
}

/// The point most of the army is ordered to attack.
fn common_target(v: &View) -> Option<Point> {
    let points = || {
        v.army().filter_map(|a| match attack_target(a) {
            Some(Target::Point(p)) => Some(p),
            _ => None,
        })
    };
    points().max_by_key(|p| points().filter(|q| q.distance_squared(*p) < 16.0).count())
}

/// Attack-moves all of `units` if more than `share` of them do not already go there.
fn order<'a>(
    units: impl Iterator<Item = &'a RawUnit> + Clone,
    to: Point,
    slack: f32,
    share: f32,
    out: &mut Orders,
) {
    let total = units.clone().count();
    let astray = units
        .clone()
        .filter(|x| !army::obeys_attack(x, to, slack))
        .count();
    if astray == 0 || (astray as f32) < share * total as f32 {
        return;
    }
    // Those astray first, should there be more than one command can select.
    let (mut tags, mut rest): (Tags, Tags) = (Tags::new(), Tags::new());
    for x in units {
        if army::obeys_attack(x, to, slack) {
            rest.push(x.tag);
        } else {
            tags.push(x.tag);
        }
    }
    tags.extend(rest);
    tags.truncate(SELECT_MAX);
    out.group(ability::ATTACK, &tags, Target::Point(to));
}
