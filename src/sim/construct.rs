//! Putting structures up: SCVs at their sites, add-ons, halting, resuming, canceling.

use super::ability::{Act, Offer};
use super::order::{Aim, Order, OrderKind};
use super::orders::{self, Step};
use super::score;
use super::state::{State, is_gas_structure};
use super::unit::{Stance, UnitRef};
use super::{
    ability, casts, death, economy, legal, morph, neutral, placement, production, stalemate,
};
use crate::game::data::{self, unit_ids as u};
use crate::game::raw_obs::Alert;
use crate::game::{ActionResult, Point, UnitTypeId};

/// Structures start with a tenth of their life and gain the rest evenly while they are built.
const LIFE_AT_START: f32 = 0.1;

/// Three quarters, rounded up: what comes back for structures, add-ons and morphs.
pub(super) fn refund_75((minerals, vespene): (u16, u16)) -> (u32, u32) {
    let part = |v: u16| (u32::from(v) * 3).div_ceil(4);
    (part(minerals), part(vespene))
}

/// Pays for a structure and sends the worker.
pub(super) fn take_build(
    state: &mut State,
    p: usize,
    slot: usize,
    offer: &Offer,
    aim: Aim,
    queued: bool,
) -> bool {
    let Act::Build(id) = offer.act else {
        return false;
    };
    let Some(row) = data::unit(id) else {
        return false;
    };
    let mut order = Order::new(OrderKind::Build, offer.exact, aim);
    order.unit_type = id;
    if let Aim::Point(at) = aim {
        order.aim = Aim::Point(placement::snapped(id, at));
    }
    if let Aim::Unit(geyser) = aim
        && let Some(it) = state.get(geyser)
        && neutral::kind(it.type_id) == neutral::NeutralKind::RichGeyser
    {
        order.unit_type = u::REFINERY_RICH;
    }
    order.paid = (row.minerals as u16, row.vespene as u16);
    score::spend(state, p, row.minerals, row.vespene, score::category(row));
    orders::give(state, slot, order, queued)
}

/// First order is to build: walk there, begin, work until it stands.
pub(super) fn build(state: &mut State, slot: usize) -> Step {
    let order = state.units[slot].orders[0];
    state.units[slot].stance = Stance::Passive;
    if order.site.is_some() {
        return work(state, slot, order.site);
    }
    let Some(at) = site_center(state, &order) else {
        orders::fail(state, slot, ActionResult::CantBuildOnThat);
        return Step::Going;
    };
    let side = data::unit(order.unit_type).map_or(2, |row| row.footprint.0.max(row.footprint.1));
    let reach = f32::from(side) / 2.0 + 0.75;
    let unit = &mut state.units[slot];
    unit.set_goal(at, reach);
    let near = unit.pos.distance(at) <= reach + 2.5;
    if unit.arrived || (unit.stuck && near) {
        begin(state, slot, &order, at);
        return Step::Going;
    }
    if unit.stuck {
        orders::fail(state, slot, ActionResult::CantFindPlacementLocation);
    }
    Step::Going
}

fn site_center(state: &State, order: &Order) -> Option<Point> {
    match order.aim {
        Aim::Point(at) => Some(at),
        Aim::Unit(geyser) => state.get(geyser).map(|g| g.pos),
        Aim::None => None,
    }
}

fn begin(state: &mut State, slot: usize, order: &Order, at: Point) {
    let (me, p) = (state.units[slot].me, usize::from(state.units[slot].owner));
    let geyser = match order.aim {
        Aim::Unit(geyser) => geyser,
        _ => UnitRef::NONE,
    };
    let fits = if geyser.is_some() {
        placement::check_geyser(state, geyser)
    } else {
        placement::check(state, p, order.unit_type, at, me)
    };
    if fits != ActionResult::Success {
        orders::fail(state, slot, fits);
        return;
    }
    let Some(site) = spawn_unfinished(state, order.unit_type, p, at) else {
        orders::fail(state, slot, ActionResult::Error);
        return;
    };
    state.units[site.slot()].builder = me;
    state.units[site.slot()].geyser = geyser;
    let unit = &mut state.units[slot];
    unit.clear_goal();
    let order = &mut unit.orders[0];
    order.site = site;
    order.aim = Aim::Point(at);
}

/// A structure at the start of its construction.
fn spawn_unfinished(state: &mut State, id: UnitTypeId, p: usize, at: Point) -> Option<UnitRef> {
    let me = state.spawn(id, p as u8, at)?;
    let slot = me.slot();
    death::count_unit(state, slot, -1);
    let unit = &mut state.units[slot];
    unit.build_total = unit.data.build_time;
    unit.build_left = unit.build_total;
    unit.life = (unit.life_max * LIFE_AT_START).floor();
    unit.facing = 5.497_787;
    death::count_unit(state, slot, 1);
    Some(me)
}

/// One loop of work on a site.
fn work(state: &mut State, slot: usize, site: UnitRef) -> Step {
    let me = state.units[slot].me;
    let Some(it) = state.get(site) else {
        return Step::Done;
    };
    if it.build_left <= 0.0 || (it.builder.is_some() && it.builder != me) {
        return Step::Done;
    }
    let (at, reach) = (it.pos, f32::from(it.data.footprint.0) / 2.0 + 0.75);
    let unit = &mut state.units[slot];
    if unit.pos.distance(at) > reach + 2.5 {
        // Resuming from afar: the work begins on arrival.
        unit.set_goal(at, reach);
        return if unit.stuck { Step::Done } else { Step::Going };
    }
    unit.clear_goal();
    state.units[site.slot()].builder = me;
    if progress(state, site) {
        finished(state, slot, site);
        return Step::Done;
    }
    Step::Going
}

/// Adds a loop of construction; true when it stands.
fn progress(state: &mut State, site: UnitRef) -> bool {
    stalemate::progressed(state);
    let unit = &mut state.units[site.slot()];
    unit.build_left -= 1.0;
    unit.life += unit.life_max * (1.0 - LIFE_AT_START) / unit.build_total.max(1.0);
    unit.life = unit.life.min(unit.life_max);
    if unit.build_left > 1e-3 {
        return false;
    }
    // Counted as unfinished so far.
    let slot = site.slot();
    state.units[slot].build_left = 1.0;
    death::count_unit(state, slot, -1);
    let unit = &mut state.units[slot];
    unit.build_left = 0.0;
    unit.builder = UnitRef::NONE;
    death::count_unit(state, slot, 1);
    true
}

fn finished(state: &mut State, builder: usize, site: UnitRef) {
    let it = &state.units[site.slot()];
    let (owner, gas) = (it.owner, is_gas_structure(it));
    state.alert(owner, Alert::BuildingComplete);
    casts::ignite(state, site);
    if gas {
        let gather = economy::gather_ability(&state.units[builder]);
        let unit = &mut state.units[builder];
        if unit.orders.len() == 1 {
            unit.orders
                .push(Order::new(OrderKind::Gather, gather, Aim::Unit(site)));
        }
    }
}

/// Orders for an add-on: right here, or elsewhere by lifting off, landing there and building it.
pub(super) fn take_add_on(
    state: &mut State,
    slot: usize,
    offer: &Offer,
    aim: Aim,
    queued: bool,
) -> bool {
    let Act::AddOn(id) = offer.act else {
        return false;
    };
    let mut order = Order::new(OrderKind::AddOn, offer.exact, Aim::None);
    order.unit_type = id;
    let unit = &state.units[slot];
    let (type_id, flying, pos) = (unit.type_id, unit.flying, unit.pos);
    let ground = if flying {
        legal::landed_type(type_id)
    } else {
        type_id
    };
    let place = match aim {
        Aim::Point(at) => placement::snapped(ground, at),
        _ => pos,
    };
    if !flying && place.distance(pos) < 0.5 {
        return orders::give(state, slot, order, queued);
    }
    let mut queued = queued;
    if !flying {
        let lift = ability::offers(type_id).iter().find_map(|o| match o.act {
            Act::Morph(to) if data::unit(to).is_some_and(|r| r.is_flying) => Some((o.exact, to)),
            _ => None,
        });
        let Some((ability, to)) = lift else {
            return false;
        };
        let mut first = Order::new(OrderKind::Morph, ability, Aim::None);
        first.unit_type = to;
        orders::give(state, slot, first, queued);
        queued = true;
    }
    let airborne = data::unit(ground).and_then(|r| {
        r.produced_by
            .iter()
            .find(|p| p.kind == crate::game::data::ProductionKind::ModeChange)
    });
    let Some(landing) = airborne else {
        return false;
    };
    let mut down = Order::new(OrderKind::Land, landing.ability, Aim::Point(place));
    down.unit_type = ground;
    orders::give(state, slot, down, queued);
    orders::give(state, slot, order, true)
}

/// First order is an add-on: pay and begin, then wait until it stands.
pub(super) fn add_on(state: &mut State, slot: usize) -> Step {
    let order = state.units[slot].orders[0];
    if order.site.is_some() {
        let Some(it) = state.get(order.site) else {
            return Step::Done;
        };
        if it.build_left > 0.0 && !progress(state, order.site) {
            return Step::Going;
        }
        let owner = state.units[slot].owner;
        state.alert(owner, Alert::AddOnComplete);
        return Step::Done;
    }
    match begin_add_on(state, slot, &order) {
        ActionResult::Success => {}
        why => orders::fail(state, slot, why),
    }
    Step::Going
}

fn begin_add_on(state: &mut State, slot: usize, order: &Order) -> ActionResult {
    let unit = &state.units[slot];
    let (me, p, pos) = (unit.me, usize::from(unit.owner), unit.pos);
    if unit.flying || unit.add_on.is_some() || !unit.queue.is_empty() {
        return ActionResult::CantQueueThatOrder;
    }
    let Some(row) = data::unit(order.unit_type) else {
        return ActionResult::NotSupported;
    };
    let fits = placement::check(state, p, order.unit_type, placement::add_on_place(pos), me);
    if fits != ActionResult::Success {
        return fits;
    }
    let afford = legal::afford(state, p, (row.minerals, row.vespene), 0);
    if afford != ActionResult::Success {
        return afford;
    }
    let at = placement::add_on_place(pos);
    let Some(site) = spawn_unfinished(state, order.unit_type, p, at) else {
        return ActionResult::Error;
    };
    score::spend(state, p, row.minerals, row.vespene, score::category(row));
    state.units[site.slot()].host = me;
    let unit = &mut state.units[slot];
    unit.add_on = site;
    unit.orders[0].site = site;
    unit.orders[0].paid = (row.minerals as u16, row.vespene as u16);
    ActionResult::Success
}

/// Calls off what can be called off on a structure: its own construction, a paid morph, the add-on it puts up.
pub(super) fn cancel(state: &mut State, slot: usize) -> bool {
    if state.units[slot].build_left > 0.0 {
        cancel_site(state, slot);
        return true;
    }
    if morph::cancel(state, slot) || casts::cancel(state, slot) {
        return true;
    }
    let unit = &state.units[slot];
    if production::builds_add_on(state, unit) {
        cancel_site(state, unit.add_on.slot());
        orders::finish(state, slot);
        return true;
    }
    false
}

fn cancel_site(state: &mut State, slot: usize) {
    let unit = &state.units[slot];
    let (me, p, row) = (unit.me, usize::from(unit.owner), unit.data);
    let price = if unit.type_id == u::REFINERY_RICH {
        (75, 0)
    } else {
        (row.minerals as u16, row.vespene as u16)
    };
    let back = refund_75(price);
    let lost = (u32::from(price.0) - back.0, u32::from(price.1) - back.1);
    score::refund(state, p, back, score::category(row));
    score::write_off(state, p, lost, score::category(row));
    state.kill(me);
}

/// Stops the work on a site, ordered of the worker or of the site; the site waits for another worker.
pub(super) fn halt(state: &mut State, slot: usize) -> bool {
    let worker = if state.units[slot].data.is_structure {
        state.units[slot].builder
    } else {
        state.units[slot].me
    };
    let Some(unit) = state.get(worker) else {
        return false;
    };
    if !unit.orders.first().is_some_and(|o| o.site.is_some()) {
        return false;
    }
    orders::clear(state, worker.slot());
    true
}

/// A site that a worker may take over: one's own, unfinished, nobody at work.
pub(super) fn can_resume(state: &State, owner: u8, site: UnitRef) -> bool {
    state.get(site).is_some_and(|it| {
        it.owner == owner
            && it.data.is_structure
            && it.build_left > 0.0
            && !it.data.is_addon
            && state.get(it.builder).is_none()
    })
}

/// Sends a worker to go on with a halted site.
pub(super) fn resume(state: &mut State, slot: usize, site: UnitRef, queued: bool) -> bool {
    let Some(it) = state.get(site) else {
        return false;
    };
    let ability = it
        .data
        .produced_by
        .iter()
        .find(|p| p.producer == u::SCV)
        .map_or(it.data.creation_ability, |p| p.ability);
    let mut order = Order::new(OrderKind::Build, ability, Aim::Point(it.pos));
    order.unit_type = it.type_id;
    order.site = site;
    orders::give(state, slot, order, queued)
}
