//! Production queues, and what passes by itself: energy, buffs, life spans.

use super::ability::{Act, Offer};
use super::command::move_order;
use super::order::{Aim, Job, Order, OrderKind, Product};
use super::score::{self, Category};
use super::state::State;
use super::unit::{Unit, UnitRef};
use super::{casts, economy, morph, stalemate, upgrades};
use crate::game::data::{self, UnitData, unit_ids as u};
use crate::game::math::sin_cos;
use crate::game::raw_obs::Alert;
use crate::game::{Point, Target, UnitTypeId, UpgradeId};

/// Slots of a production queue, and with a reactor.
const QUEUE_SLOTS: usize = 5;
const QUEUE_SLOTS_REACTOR: usize = 8;

/// Finished add-on of a standing structure.
fn add_on_of<'a>(state: &'a State, unit: &Unit) -> Option<&'a Unit> {
    state.get(unit.add_on).filter(|a| a.build_left <= 0.0)
}

/// An add-on is being put up here now.
pub(super) fn builds_add_on(state: &State, unit: &Unit) -> bool {
    state.get(unit.add_on).is_some_and(|a| a.build_left > 0.0)
}

pub(super) fn has_tech_lab(state: &State, unit: &Unit) -> bool {
    add_on_of(state, unit).is_some_and(|a| {
        matches!(
            a.type_id,
            u::TECH_LAB | u::BARRACKS_TECH_LAB | u::FACTORY_TECH_LAB | u::STARPORT_TECH_LAB
        )
    })
}

pub(super) fn has_reactor(state: &State, unit: &Unit) -> bool {
    add_on_of(state, unit).is_some_and(|a| {
        matches!(
            a.type_id,
            u::REACTOR | u::BARRACKS_REACTOR | u::FACTORY_REACTOR | u::STARPORT_REACTOR
        )
    })
}

/// Jobs that make progress at the same time.
pub fn lanes(state: &State, unit: &Unit) -> usize {
    if unit.add_on.is_some() && has_reactor(state, unit) {
        2
    } else {
        1
    }
}

pub(super) fn queue_slots(state: &State, unit: &Unit) -> usize {
    if has_reactor(state, unit) {
        QUEUE_SLOTS_REACTOR
    } else {
        QUEUE_SLOTS
    }
}

/// What training a unit costs, and the loops it takes. A nuclear missile's figures the table lacks.
pub(super) fn recipe(row: &UnitData) -> ((u32, u32), f32) {
    if row.id == u::NUKE {
        (casts::NUKE_PRICE, casts::NUKE_LOOPS)
    } else {
        ((row.minerals, row.vespene), row.build_time)
    }
}

/// Pays for a unit or upgrade and puts it into the queue.
pub(super) fn enqueue(state: &mut State, p: usize, slot: usize, offer: &Offer) -> bool {
    let (product, price, time, kind) = match offer.act {
        Act::Train(id) => {
            let Some(row) = data::unit(id) else {
                return false;
            };
            let (price, time) = recipe(row);
            (Product::Unit(id), price, time, score::category(row))
        }
        Act::Research(up) => {
            let Some(row) = data::upgrade(up) else {
                return false;
            };
            let price = (row.minerals, row.vespene);
            state.players[p].researching.push(up);
            (
                Product::Upgrade(up),
                price,
                row.research_time,
                Category::Upgrade,
            )
        }
        _ => return false,
    };
    score::spend(state, p, price.0, price.1, kind);
    state.units[slot].queue.push(Job {
        ability: offer.exact,
        product,
        left: time,
        total: time,
        started: false,
        fresh: true,
        paid: (price.0 as u16, price.1 as u16),
    });
    true
}

/// Takes the newest job out of the queue; its whole price comes back.
pub(super) fn cancel_last(state: &mut State, slot: usize) -> bool {
    let Some(job) = state.units[slot].queue.pop() else {
        return false;
    };
    drop_job(state, slot, &job);
    true
}

/// Drops a dying structure's jobs. The game pays back what is queued, begun or not (Liquipedia, "Canceling").
pub(super) fn drop_all(state: &mut State, slot: usize) {
    if state.units[slot].queue.is_empty() {
        return;
    }
    for job in std::mem::take(&mut state.units[slot].queue) {
        drop_job(state, slot, &job);
    }
}

fn drop_job(state: &mut State, slot: usize, job: &Job) {
    let p = usize::from(state.units[slot].owner);
    let kind = match job.product {
        Product::Unit(id) => {
            let row = data::unit(id);
            if let Some(row) = row
                && job.started
            {
                release_supply(state, p, row.supply_used);
            }
            row.map_or(Category::Army, score::category)
        }
        Product::Upgrade(up) => {
            state.players[p].researching.retain(|&r| r != up);
            Category::Upgrade
        }
    };
    let amount = (u32::from(job.paid.0), u32::from(job.paid.1));
    score::refund(state, p, amount, kind);
}

fn release_supply(state: &mut State, p: usize, supply: f32) {
    let halves = (supply * 2.0) as u32;
    let player = &mut state.players[p];
    player.supply_used_halves -= halves.min(player.supply_used_halves);
    player.supply_queued_halves -= halves.min(player.supply_queued_halves);
}

/// Whether time passes for a unit beside its orders: a queue, a morph, energy, buffs, a life span.
#[inline]
pub(super) fn is_timed(unit: &Unit) -> bool {
    unit.energy_max > 0.0
        || unit.expires != u32::MAX
        || unit.morph.is_some()
        || !unit.queue.is_empty()
        || !unit.buffs.is_empty()
}

/// One loop of queues, morphs, energy and buffs, for those whom `orders` has listed.
pub(super) fn run(state: &mut State) {
    for i in 0..state.timed.len() {
        let slot = usize::from(state.timed[i]);
        let unit = &state.units[slot];
        if !unit.alive {
            continue;
        }
        let (queue, morphs) = (!unit.queue.is_empty(), unit.morph.is_some());
        if unit.energy_max > 0.0 || !unit.buffs.is_empty() || unit.expires != u32::MAX {
            casts::upkeep(state, slot);
        }
        if morphs {
            morph::advance(state, slot);
        }
        if queue && state.units[slot].build_left <= 0.0 {
            advance(state, slot);
        }
    }
}

fn advance(state: &mut State, slot: usize) {
    let lanes = lanes(state, &state.units[slot]);
    let p = usize::from(state.units[slot].owner);
    let mut lane = 0;
    while lane < lanes && lane < state.units[slot].queue.len() {
        let job = state.units[slot].queue[lane];
        if !job.started && !start(state, p, slot, lane) {
            lane += 1;
            continue;
        }
        stalemate::progressed(state);
        let job = &mut state.units[slot].queue[lane];
        // In recorded games the first unit comes a build time after its command, the next ones a loop less after it.
        if !job.fresh {
            job.left -= 1.0;
        }
        if job.left > 1e-3 {
            lane += 1;
            continue;
        }
        let job = state.units[slot].queue.remove(lane);
        complete(state, p, slot, &job);
    }
    for job in &mut state.units[slot].queue {
        job.fresh = false;
    }
}

/// Takes the supply a job needs; false while there is none.
fn start(state: &mut State, p: usize, slot: usize, lane: usize) -> bool {
    let job = state.units[slot].queue[lane];
    if let Product::Unit(id) = job.product {
        let halves = data::unit(id).map_or(0, |row| (row.supply_used * 2.0) as u32);
        let player = &mut state.players[p];
        if !player.has_room(halves) {
            return false;
        }
        player.supply_used_halves += halves;
        player.supply_queued_halves += halves;
    }
    state.units[slot].queue[lane].started = true;
    true
}

fn complete(state: &mut State, p: usize, slot: usize, job: &Job) {
    match job.product {
        Product::Upgrade(up) => finish_upgrade(state, p, up),
        Product::Unit(u::NUKE) => {
            state.units[slot].special.nukes += 1;
            state.alert(p as u8, Alert::NukeComplete);
        }
        Product::Unit(id) => {
            if let Some(row) = data::unit(id) {
                release_supply(state, p, row.supply_used);
            }
            hatch(state, p, slot, id);
        }
    }
}

fn finish_upgrade(state: &mut State, p: usize, up: UpgradeId) {
    let player = &mut state.players[p];
    player.researching.retain(|&r| r != up);
    if let Err(at) = player.upgrades.binary_search(&up) {
        player.upgrades.insert(at, up);
    }
    player.tech_version += 1;
    let leveled = data::upgrade(up).is_some_and(|row| row.level > 0);
    let alert = if leveled {
        Alert::UpgradeComplete
    } else {
        Alert::ResearchComplete
    };
    state.alert(p as u8, alert);
    upgrades::refresh_player(state, p as u8);
}

/// A trained unit steps out and follows the rally.
fn hatch(state: &mut State, p: usize, slot: usize, id: UnitTypeId) {
    let Some(row) = data::unit(id) else { return };
    let toward = rally_point(state, slot);
    let at = exit(state, slot, row.radius, row.is_flying, toward);
    let Some(me) = state.spawn(id, p as u8, at) else {
        return;
    };
    let alert = if row.is_worker {
        Alert::TrainWorkerComplete
    } else {
        Alert::TrainUnitComplete
    };
    state.alert(p as u8, alert);
    let energy = casts::energy_at_birth(state, p, id, row.energy_start);
    let unit = &mut state.units[me.slot()];
    unit.energy = energy;
    unit.autocast = matches!(id, u::MEDIVAC | u::WIDOW_MINE | u::CYCLONE);
    follow_rally(state, slot, me);
}

fn rally_point(state: &State, slot: usize) -> Option<Point> {
    match state.units[slot].rally? {
        Target::Point(at) => Some(at),
        Target::Unit(tag) => state.get(UnitRef::of_tag(tag)).map(|t| t.pos),
        Target::None => None,
    }
}

fn follow_rally(state: &mut State, from: usize, me: UnitRef) {
    let Some(rally) = state.units[from].rally else {
        return;
    };
    let slot = me.slot();
    let order = match rally {
        Target::None => None,
        Target::Point(at) => move_order(&state.units[slot], Aim::Point(at)),
        Target::Unit(tag) => {
            let it = UnitRef::of_tag(tag);
            let Some(target) = state.get(it) else { return };
            let worker = state.units[slot].data.is_worker;
            if worker && economy::can_gather(target, p_of(state, slot)) {
                Some(Order::new(
                    OrderKind::Gather,
                    economy::gather_ability(&state.units[slot]),
                    Aim::Unit(it),
                ))
            } else {
                move_order(&state.units[slot], Aim::Unit(it))
            }
        }
    };
    if let Some(order) = order {
        state.units[slot].orders.push(order);
    }
}

fn p_of(state: &State, slot: usize) -> u8 {
    state.units[slot].owner
}

/// A walkable spot beside a structure, on the side of `toward`, else below it.
pub(super) fn exit(
    state: &State,
    slot: usize,
    radius: f32,
    flying: bool,
    toward: Option<Point>,
) -> Point {
    let host = &state.units[slot];
    let distance = host.data.footprint.0.max(1) as f32 * 0.5 + radius + 0.25;
    let distance = if host.data.footprint.0 == 0 {
        host.radius + radius
    } else {
        distance
    };
    let down = Point::new(host.pos.x, host.pos.y - 10.0);
    let to = toward.unwrap_or(down) - host.pos;
    let start = if to.length() < 1e-3 {
        -1.57
    } else {
        crate::game::math::atan2(to.y, to.x)
    };
    for ring in 0..3 {
        for k in 0..16 {
            let turn = if k % 2 == 0 {
                (k / 2) as f32
            } else {
                -((k + 1) / 2) as f32
            };
            let (sin, cos) = sin_cos(start + turn * 0.393);
            // A square's corner is further away than its side.
            let stretch = 1.0 / sin.abs().max(cos.abs()).max(0.70);
            let far = (distance + ring as f32) * stretch;
            let at = host.pos + Point::new(cos * far, sin * far);
            let (x, y) = at.cell();
            if flying || state.blocked.walkable(&state.map, x, y) {
                return at;
            }
        }
    }
    down
}
