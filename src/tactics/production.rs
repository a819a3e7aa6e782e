//! Works at a [`Plan`]: goals in order, then units in proportion.

use super::economy::harvester_near;
use super::kinds::{Product, general, kind, product, recipe};
use super::orders::{Budget, Orders, Price, cost};
use super::placement::Places;
use super::plan::{Goal, Item, Plan, Share};
use super::view::{View, is_reactor, is_tech_lab};
use crate::game::data::{self, Production, ProductionKind, unit_ids as u};
use crate::game::{LOOPS_PER_SECOND, Point, RawUnit, Target, UnitTypeId, UpgradeId};
use smallvec::SmallVec;

/// Where a structure goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spot {
    Home,
    Proxy,
}

/// Limits on what a look may start, beside money.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Minerals the army may be worth, units in work included.
    pub army_minerals: u32,
    /// Units a structure may hold in its queue beyond those it works at.
    pub queue_extra: usize,
}

impl Limits {
    /// No limit but money and time.
    pub const NONE: Limits = Limits {
        army_minerals: u32::MAX,
        queue_extra: 0,
    };
}

/// Works at the goals in order. Money for the first that can be started but not paid is kept back.
pub fn goals(v: &View, plan: &Plan, budget: &mut Budget, out: &mut Orders) {
    let second = (f64::from(v.obs.game_loop) / LOOPS_PER_SECOND) as u32;
    for goal in plan.goals {
        if out.is_full() || budget.minerals < 0 {
            return;
        }
        if !is_due(v, goal, second) {
            continue;
        }
        match goal.item {
            Item::Unit(t, count) if v.total(t) >= count => {}
            Item::Unit(t, _) => work_at(v, plan, t, goal.saves, budget, out),
            Item::Upgrade(id) => work_at_upgrade(v, id, goal.saves, budget, out),
        }
    }
}

/// True if a morph of a command center is due: it must not start another SCV.
pub fn morph_is_due(v: &View, plan: &Plan) -> bool {
    let second = (f64::from(v.obs.game_loop) / LOOPS_PER_SECOND) as u32;
    plan.goals.iter().any(|goal| match goal.item {
        Item::Unit(t @ (u::ORBITAL_COMMAND | u::PLANETARY_FORTRESS), n) => {
            v.total(t) < n
                && is_due(v, goal, second)
                && recipe(t).is_some_and(|row| requirements_met(v, row))
        }
        _ => false,
    })
}

fn is_due(v: &View, goal: &Goal, second: u32) -> bool {
    let used = v.obs.player.food_used;
    used >= u32::from(goal.supply)
        && (goal.before == 0 || used < u32::from(goal.before))
        && second >= u32::from(goal.second)
        && v.obs.player.minerals >= u32::from(goal.bank)
        && goal.after.is_none_or(|(t, n)| {
            let done = v.done(t).max(if t == u::COMMAND_CENTER {
                v.halls().filter(|h| h.build_progress >= 1.0).count() as u16
            } else {
                0
            });
            done >= n
        })
}

fn work_at(
    v: &View,
    plan: &Plan,
    t: UnitTypeId,
    saves: bool,
    budget: &mut Budget,
    out: &mut Orders,
) {
    let Some(row) = recipe(t) else { return };
    if !requirements_met(v, row) || has_no_place(v, t) {
        return;
    }
    if !budget.affords(cost(t)) {
        if saves {
            budget.take(cost(t));
        }
        return;
    }
    match row.kind {
        ProductionKind::Build | ProductionKind::BuildOnGeyser => {
            let standing = v.total(u::BARRACKS) + v.total(u::FACTORY) + v.total(u::STARPORT);
            let spot = match plan.proxy {
                Some(n) if is_producer(t) && standing >= n => Spot::Proxy,
                _ => Spot::Home,
            };
            build(v, t, spot, budget, out);
        }
        ProductionKind::BuildAddon => add_on(v, t, row, budget, out),
        ProductionKind::Morph => morph(v, t, row, budget, out),
        _ => {
            if let Some(s) = shortest_queue(v, row, 0, out) {
                train(t, row, s, budget, out);
            }
        }
    }
}

/// True for a structure that needs a place of its kind when there is none left: no money is kept for it.
fn has_no_place(v: &View, t: UnitTypeId) -> bool {
    match t {
        u::COMMAND_CENTER => next_base(v).is_none(),
        u::REFINERY => free_geyser(v).is_none(),
        _ => false,
    }
}

fn is_producer(t: UnitTypeId) -> bool {
    matches!(t, u::BARRACKS | u::FACTORY | u::STARPORT)
}

fn requirements_met(v: &View, row: &Production) -> bool {
    row.structures.iter().all(|t| v.has(*t)) && row.upgrades.iter().all(|up| v.has_upgrade(*up))
}

/// Sends the nearest harvester to put up a structure at the first free place of its kind. True if one goes.
pub fn build(v: &View, t: UnitTypeId, spot: Spot, budget: &mut Budget, out: &mut Orders) -> bool {
    let Some(row) = recipe(t) else { return false };
    let target = match t {
        u::REFINERY => free_geyser(v).map(|g| (Target::Unit(g.tag), g.pos)),
        u::COMMAND_CENTER => next_base(v).map(|p| (Target::Point(p), p)),
        _ => free_place(v, t, spot).map(|p| (Target::Point(p), p)),
    };
    let Some((target, at)) = target else {
        return false;
    };
    let Some(worker) = harvester_near(v, at, out) else {
        return false;
    };
    let sent = out.one(general(row.ability), worker.tag, target);
    if sent {
        budget.take(cost(t));
    }
    sent
}

/// The geyser nearest to a finished town hall that nobody has built on.
fn free_geyser<'a>(v: &View<'a>) -> Option<&'a RawUnit> {
    let taken = |g: &RawUnit| {
        let on = |p: Point| p.distance_squared(g.pos) < 4.0;
        v.structures()
            .chain(v.enemy_structures())
            .any(|s| on(s.pos))
            || v.ix.planned.iter().any(|(_, p)| on(*p))
    };
    v.units(&v.ix.geysers)
        .filter(|g| !taken(g))
        .filter_map(|g| {
            let hall = v.halls().filter(|h| h.build_progress >= 1.0);
            let d = hall.map(|h| h.pos.distance(g.pos)).fold(1e9, f32::min);
            (d < 12.0).then_some((d, g))
        })
        .min_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, g)| g)
}

/// The next base that nobody holds.
pub fn next_base(v: &View) -> Option<Point> {
    v.know
        .bases
        .iter()
        .filter(|b| b.own_steps != super::knowledge::UNREACHED)
        // Not in the enemy's half, seen or not.
        .filter(|b| u32::from(b.own_steps) * 4 < u32::from(b.enemy_steps) * 5)
        .map(|b| b.pos)
        .find(|p| {
            let near = |s: &RawUnit, d: f32| s.pos.distance_squared(*p) < d * d;
            !v.halls().any(|h| near(h, 5.0))
                && !v.enemy_structures().any(|s| near(s, 12.0))
                && !v
                    .enemy_army()
                    .any(|e| near(e, 10.0) && kind(e.unit_type).hits_ground)
                && !v
                    .ix
                    .planned
                    .iter()
                    .any(|(_, q)| q.distance_squared(*p) < 25.0)
        })
}

/// The first free place for a structure type.
fn free_place(v: &View, t: UnitTypeId, spot: Spot) -> Option<Point> {
    let production: fn(&Places) -> &[Point] = |p| &p.production;
    let tech: fn(&Places) -> &[Point] = |p| &p.tech;
    let depot: fn(&Places) -> &[Point] = |p| &p.depot;
    let turret: fn(&Places) -> &[Point] = |p| &p.turret;
    // Where the first choice has run out, another kind of place serves.
    let lists = match t {
        u::BARRACKS | u::FACTORY | u::STARPORT => [production, tech],
        u::SUPPLY_DEPOT => [depot, production],
        u::MISSILE_TURRET => [turret, depot],
        _ => [tech, production],
    };
    let know = v.know;
    let sets: &[&Places] = match spot {
        Spot::Proxy => &[&know.proxy],
        Spot::Home => &[&know.places[0], &know.places[1]],
    };
    let half = kind(t).half_width;
    for (choice, list) in lists.iter().enumerate() {
        for set in sets {
            let mut places = list(set).iter();
            let free = places.find(|p| is_free(v, **p, half, is_producer(t) && choice == 0));
            if free.is_some() {
                return free.copied();
            }
        }
    }
    None
}

/// True if no seen structure, planned structure or resource covers the footprint (and the add-on's, if asked).
pub fn is_free(v: &View, at: Point, half: f32, add_on: bool) -> bool {
    let clear = |p: Point, half: f32| {
        let hits = |q: Point, other: f32| {
            (q.x - p.x).abs() < half + other - 0.1 && (q.y - p.y).abs() < half + other - 0.1
        };
        let structures = v.structures().chain(v.enemy_structures());
        !structures
            .filter(|s| !s.is_flying)
            .any(|s| hits(s.pos, kind(s.unit_type).half_width) || grows_over(s, p, half))
            && !v
                .ix
                .planned
                .iter()
                .any(|(t, q)| hits(*q, kind(*t).half_width))
    };
    clear(at, half) && (!add_on || clear(Point::new(at.x + 2.5, at.y - 0.5), 1.0))
}

/// True if the place for the structure's future add-on overlaps a footprint.
fn grows_over(s: &RawUnit, p: Point, half: f32) -> bool {
    is_producer(s.unit_type)
        && (s.pos.x + 2.5 - p.x).abs() < half + 0.9
        && (s.pos.y - 0.5 - p.y).abs() < half + 0.9
}

/// Puts an add-on on an idle structure that has none and has room for one.
fn add_on(v: &View, t: UnitTypeId, row: &Production, budget: &mut Budget, out: &mut Orders) {
    let host = v
        .standing(row.producer)
        .find(|s| !s.add_on.is_some() && s.orders.is_empty() && !out.uses(s.tag) && has_room(v, s));
    match host {
        Some(s) => {
            if out.one(general(row.ability), s.tag, Target::None) {
                budget.take(cost(t));
            }
        }
        // A structure that is working will be free soon; its next unit waits for the add-on.
        None => reserve_idle(v, row.producer, t, budget),
    }
}

fn reserve_idle(v: &View, producer: UnitTypeId, t: UnitTypeId, budget: &mut Budget) {
    if v.standing(producer)
        .any(|s| !s.add_on.is_some() && has_room(v, s))
    {
        budget.take(Price {
            supply: 0,
            ..cost(t)
        });
    }
}

fn has_room(v: &View, s: &RawUnit) -> bool {
    let p = Point::new(s.pos.x + 2.5, s.pos.y - 0.5);
    !v.structures().any(|o| {
        let reach = 1.0 + kind(o.unit_type).half_width - 0.1;
        o.tag != s.tag
            && !o.is_flying
            && (o.pos.x - p.x).abs() < reach
            && (o.pos.y - p.y).abs() < reach
    })
}

fn morph(v: &View, t: UnitTypeId, row: &Production, budget: &mut Budget, out: &mut Orders) {
    let host = v.structures().find(|s| {
        s.unit_type == row.producer
            && s.build_progress >= 1.0
            && s.orders.is_empty()
            && !s.is_flying
            && !out.uses(s.tag)
    });
    if let Some(s) = host
        && out.one(general(row.ability), s.tag, Target::None)
    {
        budget.take(cost(t));
    }
}

fn work_at_upgrade(v: &View, id: UpgradeId, saves: bool, budget: &mut Budget, out: &mut Orders) {
    if v.has_upgrade(id) || v.ix.researching.contains(&id) {
        return;
    }
    let Some(d) = data::upgrade(id) else { return };
    let host = d.researched_at.iter().find_map(|row| {
        let idle = v.structures().find(|s| {
            s.unit_type == row.producer
                && s.build_progress >= 1.0
                && s.orders.is_empty()
                && !out.uses(s.tag)
        });
        idle.filter(|_| requirements_met(v, row)).map(|s| (s, row))
    });
    let Some((s, row)) = host else { return };
    let price = Price {
        minerals: d.minerals as i32,
        vespene: d.vespene as i32,
        supply: 0,
    };
    if budget.affords(price) {
        if out.one(general(row.ability), s.tag, Target::None) {
            budget.take(price);
        }
    } else if saves {
        budget.take(price);
    }
}

/// Trains units from structures with room in their queues; the share furthest behind comes first, wherever it is made.
///
/// Where that share waits for minerals only and is far behind, money is kept for it.
pub fn units(v: &View, shares: &[Share], limits: &Limits, budget: &mut Budget, out: &mut Orders) {
    let mut in_work = [0u16; SHARES_MAX];
    let mut army = army_minerals_with_queued(v);
    let mut slots = free_slots(v, limits);
    while !out.is_full() {
        let mut best: Option<(Pick, usize)> = None;
        for (i, slot) in slots.iter().enumerate() {
            if let Some(pick) = pick(v, shares, &in_work, slot, budget)
                && best.as_ref().is_none_or(|b| pick.behind < b.0.behind)
            {
                best = Some((pick, i));
            }
        }
        let Some((pick, i)) = best else { return };
        let t = shares[pick.share].0;
        let minerals = u32::from(kind(t).minerals);
        if army + minerals > limits.army_minerals.saturating_add(25) {
            return;
        }
        in_work[pick.share] += 1;
        slots[i].free -= 1;
        if slots[i].free == 0 {
            slots.remove(i);
        }
        if pick.affordable {
            train(t, pick.row, v.unit(pick.host), budget, out);
            army += minerals;
        } else {
            budget.take(cost(t));
        }
    }
}

const SHARES_MAX: usize = 16;

/// A production structure with room in its queue.
struct Slot {
    host: u16,
    add_on: Option<UnitTypeId>,
    free: usize,
}

/// A unit to make next.
struct Pick {
    behind: f32,
    share: usize,
    row: &'static Production,
    affordable: bool,
    host: u16,
}

fn free_slots(v: &View, limits: &Limits) -> SmallVec<[Slot; 16]> {
    let mut slots = SmallVec::new();
    for &host in &v.ix.structures {
        let s = v.unit(host);
        let builds_add_on = s
            .orders
            .iter()
            .any(|o| matches!(product(o.ability), Some((_, ProductionKind::BuildAddon))));
        if !is_producer(s.unit_type) || s.build_progress < 1.0 || builds_add_on {
            continue;
        }
        let add_on = v.add_on(s);
        let width = if add_on.is_some_and(is_reactor) { 2 } else { 1 };
        let free = (width + limits.queue_extra).saturating_sub(s.orders.len());
        if free > 0 {
            slots.push(Slot { host, add_on, free });
        }
    }
    slots
}

/// Minerals in the army and in the units being trained.
pub fn army_minerals_with_queued(v: &View) -> u32 {
    let queued: u32 = v
        .structures()
        .flat_map(|s| s.orders.iter())
        .filter_map(|o| match product(o.ability) {
            Some((Product::Unit(t), ProductionKind::Train)) if kind(t).is_army => {
                Some(u32::from(kind(t).minerals))
            }
            _ => None,
        })
        .sum();
    v.army_minerals() + queued
}

/// The share furthest behind among those a structure can make: one that can be paid, or one so far behind that it is
/// worth waiting for its minerals.
fn pick(
    v: &View,
    shares: &[Share],
    in_work: &[u16; SHARES_MAX],
    slot: &Slot,
    budget: &Budget,
) -> Option<Pick> {
    let canonical = kind(v.unit(slot.host).unit_type).canonical;
    let (mut now, mut later): (Option<Pick>, Option<Pick>) = (None, None);
    for (share, (t, weight)) in shares.iter().enumerate().take(SHARES_MAX) {
        let Some(row) = recipe(*t) else { continue };
        let fits = canonical == row.producer
            && (!row.tech_lab || slot.add_on.is_some_and(is_tech_lab))
            && requirements_met(v, row);
        let price = cost(*t);
        let affordable = budget.affords(price);
        let waits =
            budget.minerals > 0 && budget.vespene >= price.vespene && budget.supply >= price.supply;
        if !fits || !affordable && !waits {
            continue;
        }
        let have = f32::from(v.total(*t) + in_work[share]) * kind(*t).supply.max(0.5);
        // A tech lab that makes what needs none is wasted while its own units can be paid.
        let bonus = if row.tech_lab { 0.6 } else { 1.0 };
        let behind = have / f32::from(*weight) * bonus;
        let best = if affordable { &mut now } else { &mut later };
        if best.as_ref().is_none_or(|b| behind < b.behind) {
            *best = Some(Pick {
                behind,
                share,
                row,
                affordable,
                host: slot.host,
            });
        }
    }
    match (now, later) {
        (Some(n), Some(l)) if l.behind < 0.6 * n.behind => Some(l),
        (None, later) => later,
        (now, _) => now,
    }
}

fn shortest_queue<'a>(
    v: &View<'a>,
    row: &Production,
    extra: usize,
    out: &Orders,
) -> Option<&'a RawUnit> {
    v.standing(row.producer)
        .filter(|s| !row.tech_lab || v.add_on(s).is_some_and(is_tech_lab))
        .filter(|s| s.orders.len() <= extra && !out.uses(s.tag))
        .min_by_key(|s| s.orders.len())
}

fn train(
    t: UnitTypeId,
    row: &Production,
    s: &RawUnit,
    budget: &mut Budget,
    out: &mut Orders,
) -> bool {
    let sent = out.one(general(row.ability), s.tag, Target::None);
    if sent {
        budget.take(cost(t));
    }
    sent
}
