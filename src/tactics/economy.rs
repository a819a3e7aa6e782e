//! Workers, supply, gas, MULEs, repairs: what keeps a base running under every plan.

use super::army::Tags;
use super::kinds::{ability, kind};
use super::orders::{Budget, Orders, cost};
use super::production::{self, Spot};
use super::view::{View, is_building, is_harvesting};
use crate::game::data::unit_ids as u;
use crate::game::{AbilityId, Point, RawUnit, Target, UnitTag};

const TRAIN_SCV: AbilityId = AbilityId(524);
/// Minerals and geysers within this many cells belong to a town hall.
const BASE_RADIUS: f32 = 11.0;
/// An SCV's build time, loops.
const SCV_LOOPS: f32 = 272.0;

/// One more SCV from the idle town hall that needs it most, until there are `workers_max`.
///
/// `hold`: plain command centers are about to be morphed and start nothing new.
pub fn train_workers(
    v: &View,
    workers_max: u16,
    hold: bool,
    budget: &mut Budget,
    out: &mut Orders,
) {
    let mut missing = i32::from(workers_max) - i32::from(v.total(u::SCV));
    for hall in v.halls() {
        if missing <= 0 || out.is_full() {
            return;
        }
        // One in work, the next is ordered shortly before it is done.
        let busy = match hall.orders.as_slice() {
            [] => false,
            [one] => one.ability != TRAIN_SCV || (1.0 - one.progress) * SCV_LOOPS > 24.0,
            _ => true,
        };
        let held = hold && hall.unit_type == u::COMMAND_CENTER;
        if hall.build_progress < 1.0 || busy || held || !budget.affords(cost(u::SCV)) {
            continue;
        }
        if out.one(TRAIN_SCV, hall.tag, Target::None) {
            budget.take(cost(u::SCV));
            missing -= 1;
        }
    }
}

/// Harvesters that the bases have room for: what finished town halls and refineries ask for, and a mineral line's for each
/// town hall in work.
pub fn harvesters_wanted(v: &View) -> u16 {
    let refineries = v.standing(u::REFINERY).map(|r| r.ideal_harvesters);
    let halls = v.halls().map(|h| {
        if h.build_progress < 1.0 {
            16
        } else {
            h.ideal_harvesters
        }
    });
    refineries.chain(halls).sum()
}

/// Supply that production structures will use up while a depot is built.
fn supply_demand(v: &View) -> f32 {
    let halls = v.halls().filter(|h| h.build_progress >= 1.0).count() as f32;
    let per_structure = |t, rate: f32| v.done(t) as f32 * rate;
    // Supply per depot time (480 loops): SCV 272, marine 400, tank 720 loops.
    halls * 1.8
        + per_structure(u::BARRACKS, 1.7)
        + per_structure(u::FACTORY, 2.0)
        + per_structure(u::STARPORT, 2.0)
        + (v.done(u::BARRACKS_REACTOR) + v.done(u::STARPORT_REACTOR) + v.done(u::FACTORY_REACTOR))
            as f32
            * 1.5
}

/// A depot, before supply blocks. Its money is kept when the block is near.
pub fn supply(v: &View, slack: u16, budget: &mut Budget, out: &mut Orders) {
    let p = &v.obs.player;
    let halls_coming = v
        .halls()
        .filter(|h| h.build_progress < 1.0 && h.build_progress > 0.6)
        .count() as u32;
    let depots = u32::from(v.total(u::SUPPLY_DEPOT)) - u32::from(v.done(u::SUPPLY_DEPOT));
    let cap = p.food_cap + 8 * depots + 15 * halls_coming;
    if p.food_cap >= 200 || cap >= 200 {
        return;
    }
    let free = cap as f32 - p.food_used as f32;
    // The very first depot comes at 13 or 14 supply, as every build order has it.
    let early = p.food_cap == 15 && p.food_used < 13;
    if early || free > supply_demand(v) + f32::from(slack) || out.is_full() {
        return;
    }
    if budget.affords(cost(u::SUPPLY_DEPOT)) {
        production::build(v, u::SUPPLY_DEPOT, Spot::Home, budget, out);
    } else if free < 2.0 {
        budget.take(cost(u::SUPPLY_DEPOT));
    }
}

/// A MULE from every orbital command with the energy, onto the richest field of the least worked base.
pub fn mules(v: &View, out: &mut Orders) {
    for orbital in v.standing(u::ORBITAL_COMMAND).filter(|o| o.energy >= 50.0) {
        if let Some(field) = best_field(v, orbital.pos) {
            out.one(ability::MULE, orbital.tag, Target::Unit(field.tag));
        }
    }
}

/// The mineral field to put more harvesters on: at a finished hall with room, else at the nearest hall.
pub fn best_field<'a>(v: &View<'a>, from: Point) -> Option<&'a RawUnit> {
    let hall = v
        .halls()
        .filter(|h| h.build_progress >= 1.0 && h.ideal_harvesters > 0)
        .min_by(|a, b| {
            let key = |h: &RawUnit| {
                let over = f32::from(h.assigned_harvesters) - f32::from(h.ideal_harvesters);
                (over >= 0.0, over.max(0.0) * 10.0 + h.pos.distance(from))
            };
            let (ka, kb) = (key(a), key(b));
            ka.0.cmp(&kb.0).then(ka.1.total_cmp(&kb.1))
        })?;
    field_at(v, hall.pos)
}

/// The field nearest to a hall, of those with the most left (fresh observations differ in what they hold).
pub fn field_at<'a>(v: &View<'a>, hall: Point) -> Option<&'a RawUnit> {
    v.units(&v.ix.minerals)
        .filter(|m| m.pos.distance_squared(hall) < BASE_RADIUS * BASE_RADIUS)
        .max_by(|a, b| {
            let key = |m: &RawUnit| m.mineral_contents as f32 - 40.0 * m.pos.distance(hall);
            key(a).total_cmp(&key(b))
        })
}

/// Sends idle workers to work, those who stand together with one command.
pub fn idle_workers(v: &View, out: &mut Orders) {
    while !out.is_full() {
        let idle = |w: &&RawUnit| w.orders.is_empty() && !out.uses(w.tag);
        let Some(first) = v.workers().find(idle) else {
            return;
        };
        let Some(field) = best_field(v, first.pos) else {
            return;
        };
        let group: Tags = v
            .workers()
            .filter(idle)
            .filter(|w| w.pos.distance_squared(first.pos) < 225.0)
            .map(|w| w.tag)
            .take(16)
            .collect();
        out.group(ability::GATHER, &group, Target::Unit(field.tag));
    }
}

/// Fills refineries to `per_refinery` workers and empties those that hold more.
pub fn gas(v: &View, per_refinery: u16, out: &mut Orders) {
    for r in v.standing(u::REFINERY).filter(|r| r.ideal_harvesters > 0) {
        if out.is_full() {
            return;
        }
        if r.assigned_harvesters < per_refinery {
            // Where all minerals are mined out, workers must not change refineries for ever.
            let w = harvester_near(v, r.pos, out).filter(|w| !on_gas(v, w));
            if let Some(w) = w {
                out.one(ability::GATHER, w.tag, Target::Unit(r.tag));
            }
        } else if r.assigned_harvesters > per_refinery.max(3) {
            let surplus = v.workers().find(|w| harvests(w, r.tag) && !out.uses(w.tag));
            if let (Some(w), Some(field)) = (surplus, best_field(v, r.pos)) {
                out.one(ability::GATHER, w.tag, Target::Unit(field.tag));
            }
        }
    }
}

fn harvests(w: &RawUnit, what: UnitTag) -> bool {
    w.orders
        .first()
        .is_some_and(|o| o.target == Target::Unit(what))
}

fn on_gas(v: &View, w: &RawUnit) -> bool {
    v.standing(u::REFINERY).any(|r| harvests(w, r.tag))
}

/// The nearest worker that mines minerals.
pub fn harvester_near<'a>(v: &View<'a>, at: Point, out: &Orders) -> Option<&'a RawUnit> {
    v.workers()
        .filter(|w| w.orders.is_empty() || is_harvesting(w))
        .filter(|w| !out.uses(w.tag))
        .min_by(|a, b| {
            let key = |w: &RawUnit| {
                // Prefer one that goes to a field over one that carries its load home.
                let loaded = w.orders.first().is_some_and(|o| {
                    o.ability == ability::RETURN_SCV_EXACT || o.ability == ability::RETURN
                });
                w.pos.distance(at)
                    + if loaded { 4.0 } else { 0.0 }
                    + if on_gas(v, w) { 20.0 } else { 0.0 }
            };
            key(a).total_cmp(&key(b))
        })
}

/// True if nothing is left to mine at any own base and there is no money for another: waiting brings nothing.
pub fn is_spent(v: &View) -> bool {
    v.obs.player.minerals < 400
        && v.halls()
            .all(|h| h.build_progress < 1.0 || h.ideal_harvesters == 0)
}

/// Moves workers from an overfull base to one with room.
pub fn transfer(v: &View, out: &mut Orders) {
    let spare = |h: &RawUnit| i32::from(h.assigned_harvesters) - i32::from(h.ideal_harvesters);
    let full = v
        .halls()
        .filter(|h| h.build_progress >= 1.0)
        .max_by_key(|h| spare(h));
    let open = v
        .halls()
        .filter(|h| h.build_progress >= 1.0 && h.ideal_harvesters > 0)
        .min_by_key(|h| spare(h));
    let (Some(full), Some(open)) = (full, open) else {
        return;
    };
    let count = spare(full).min(-spare(open)).min(8);
    if count < 2 || out.is_full() {
        return;
    }
    let Some(field) = field_at(v, open.pos) else {
        return;
    };
    let movers: Tags = v
        .workers()
        .filter(|w| w.pos.distance_squared(full.pos) < 100.0 && !out.uses(w.tag))
        .filter(|w| {
            let order = w.orders.first();
            order.is_some_and(|o| o.ability == ability::GATHER_SCV_EXACT) && !on_gas(v, w)
        })
        .map(|w| w.tag)
        .take(count as usize)
        .collect();
    out.group(ability::GATHER, &movers, Target::Unit(field.tag));
}

/// Sends a worker to every unfinished structure that nobody builds.
pub fn resume_construction(v: &View, out: &mut Orders) {
    for s in v.structures().filter(|s| s.build_progress < 1.0) {
        let k = kind(s.unit_type);
        if out.is_full() {
            return;
        }
        if k.is_addon {
            continue;
        }
        let built = v.workers().any(|w| {
            let busy = is_building(w)
                || w.orders
                    .first()
                    .is_some_and(|o| o.target == Target::Unit(s.tag));
            busy && w.pos.distance_squared(s.pos) < 36.0
        });
        let danger = v
            .enemy_army()
            .any(|e| e.pos.distance_squared(s.pos) < 144.0);
        let coming = v.workers().any(|w| harvests(w, s.tag));
        if built || danger || coming {
            continue;
        }
        if let Some(w) = harvester_near(v, s.pos, out) {
            out.one(ability::SMART, w.tag, Target::Unit(s.tag));
        }
    }
}

/// Up to `workers` SCVs repair what is damaged at home, town halls, bunkers and tanks alike.
pub fn repair(v: &View, workers: usize, budget: &Budget, out: &mut Orders) {
    if budget.minerals < 50 {
        return;
    }
    let at_work = v
        .workers()
        .filter(|w| {
            w.orders
                .first()
                .is_some_and(|o| o.ability == AbilityId(316))
        })
        .count();
    if at_work >= workers || out.is_full() {
        return;
    }
    let hurt = v
        .structures()
        .chain(v.army().filter(|a| kind(a.unit_type).is_mechanical))
        .filter(|s| s.build_progress >= 1.0 && s.health < 0.7 * s.health_max)
        .find(|s| v.home_distance(s.pos) < 14.0);
    if let Some(s) = hurt
        && let Some(w) = harvester_near(v, s.pos, out)
    {
        out.one(ability::REPAIR, w.tag, Target::Unit(s.tag));
    }
}

/// Lowers depots, so that they block nobody's way.
pub fn lower_depots(v: &View, out: &mut Orders) {
    for d in v.structures() {
        if d.unit_type == u::SUPPLY_DEPOT && d.build_progress >= 1.0 && d.orders.is_empty() {
            out.one(ability::LOWER_DEPOT, d.tag, Target::None);
        }
    }
}
