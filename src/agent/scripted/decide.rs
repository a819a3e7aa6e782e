//! One look, one command: the most important thing that is not yet under way.
//!
//! What is decided depends on the observation alone (the army's present orders tell whether an attack is under way),
//! so that a network which sees the same can learn it.

use super::scripts::Script;
use crate::game::data::unit_ids as u;
use crate::game::{Point, RawUnit, Target};
use crate::tactics::army::{self, SELECT_MAX, Tags};
use crate::tactics::kinds::{ability, kind};
use crate::tactics::production::{self, Limits};
use crate::tactics::view::attack_target;
use crate::tactics::{Budget, Orders, View, economy, micro};

/// Minerals from which spending comes before moving the army.
const RICH: u32 = 400;

/// Appends at most one command to `out`, whose limit is 1.
pub fn decide(v: &View, script: &Script, out: &mut Orders) {
    if script.skill {
        micro::stim(v, 4, out);
        micro::siege(v, true, out);
        micro::vikings(v, out);
    }
    // One command a look: a long fight must not leave the bank unspent.
    let rich = v.obs.player.minerals > RICH;
    let steps: &[fn(&View, &Script, &mut Orders)] = if rich {
        &[spend, command_army, tend]
    } else {
        &[command_army, spend, tend]
    };
    for step in steps {
        if !out.is_full() {
            step(v, script, out);
        }
    }
}

/// What costs money.
fn spend(v: &View, script: &Script, out: &mut Orders) {
    let plan = &script.plan;
    let mut budget = Budget::of(v);
    economy::supply(v, plan.supply_slack, &mut budget, out);
    let hold = production::morph_is_due(v, plan);
    economy::train_workers(v, worker_goal(v, script), hold, &mut budget, out);
    economy::mules(v, out);
    if out.is_full() {
        return;
    }
    economy::resume_construction(v, out);
    production::goals(v, plan, &mut budget, out);
    let limits = Limits {
        queue_extra: usize::from(budget.minerals > 500),
        ..Limits::NONE
    };
    production::units(v, plan.army, &limits, &mut budget, out);
}

/// Who works where.
fn tend(v: &View, script: &Script, out: &mut Orders) {
    let plan = &script.plan;
    if plan.proxy.is_some() {
        keep_builders(v, out);
    }
    economy::gas(v, plan.gas_workers, out);
    economy::idle_workers(v, out);
    economy::transfer(v, out);
    economy::repair(v, 3, &Budget::of(v), out);
}

/// Who has put up a structure near the enemy stays there for the next.
fn keep_builders(v: &View, out: &mut Orders) {
    for w in v.workers().filter(|w| w.orders.is_empty()) {
        if v.home_distance(w.pos) > 40.0 && v.obs.player.food_used < 40 {
            out.hold(w.tag);
        }
    }
}

/// Sixteen workers a base and three a refinery, up to the plan's limit.
fn worker_goal(v: &View, script: &Script) -> u16 {
    let bases = v.total(u::COMMAND_CENTER);
    let wanted = 16 * bases + 3 * v.total(u::REFINERY) + 2;
    wanted.min(script.plan.workers_max)
}

/// True if so much of the army is on its way to a far point that an attack is under way.
fn is_advancing(v: &View) -> bool {
    let far = |a: &&RawUnit| match attack_target(a) {
        Some(Target::Point(p)) => v.home_distance(p) > 32.0,
        Some(Target::Unit(_)) => v.home_distance(a.pos) > 32.0,
        _ => a.unit_type == u::SIEGE_TANK_SIEGED && v.home_distance(a.pos) > 32.0,
    };
    let count = v.army().count();
    count > 0 && v.army().filter(far).count() * 5 >= count * 2
}

fn command_army(v: &View, script: &Script, out: &mut Orders) {
    let fighters = || {
        v.army()
            .filter(|a| a.unit_type != u::SIEGE_TANK_SIEGED && !army::is_changing(a))
            .filter(|a| a.unit_type != u::MEDIVAC)
    };
    let Some(heart) = army::heart(fighters()) else {
        return;
    };
    let supply = v.army_supply();
    let attacks = supply >= script.attack_supply
        || v.obs.player.food_used >= 185
        || supply >= script.retreat_supply && is_advancing(v)
        || economy::is_spent(v);
    let threat = army::threat(v, 13.0);
    // Who is near a threat defends; the rest comes back from an attack for a serious threat only.
    let defends = |a: &RawUnit| threat.is_some_and(|t| a.pos.distance_squared(t.pos) < 2025.0);
    if let Some(t) = threat {
        let near = || fighters().filter(|a| defends(a));
        if near().next().is_some() {
            order(near(), t.pos, 6.0, 0.3, out);
        } else if !attacks || t.worth > 500.0 {
            order(fighters(), t.pos, 6.0, 0.3, out);
        }
        if !attacks {
            return lead_healers(v, t.pos, out);
        }
    }
    if attacks {
        let heading = common_target(v);
        let hit_air = v.army().any(|a| kind(a.unit_type).hits_air);
        if army::is_searching(v, hit_air) && may_split(v) {
            return army::scatter(v, fighters().filter(|a| !defends(a)), out);
        }
        let to = army::target(v, heart, heading, hit_air);
        let to = gathering_point(v, heading).unwrap_or(to);
        let go = || fighters().filter(|a| !defends(a));
        order(go(), to, 5.0, script.reorder_share, out);
        return lead_healers(v, heart, out);
    }
    let home = waiting_place(v, script);
    let strays = || fighters().filter(|a| a.pos.distance_squared(home) > 144.0);
    // Alone or not: whoever is far from home and idle, or away for an attack that is over, comes to the others.
    let count = strays()
        .filter(|a| !army::obeys_attack(a, home, 8.0))
        .count();
    if count >= 3 || count > 0 && supply < 8.0 {
        order(strays(), home, 8.0, 0.0, out);
    }
    lead_healers(v, home, out);
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
