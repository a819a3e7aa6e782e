//! Orders: how units take them, and one step of each unit's first order per loop.

use super::ability::{Act, Offer};
use super::order::{Aim, Order, OrderKind};
use super::score::{self, Category};
use super::state::State;
use super::unit::{NEUTRAL, Stance, Unit, UnitRef};
use super::upgrades::{self, buffs};
use super::{casts, construct, economy, legal, morph, placement, production, repair, transport};
use crate::game::data::{self, unit_ids as u};
use crate::game::raw_obs::ActionError;
use crate::game::{ActionResult, Point, Target};

/// Orders a unit can hold.
const QUEUE_MAX: usize = 32;

/// What a step of an order leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Going,
    /// Finished or not possible any more: on to the next order.
    Done,
}

/// Hands a checked command to one unit. False if it cannot be carried out any more.
pub(super) fn take(
    state: &mut State,
    p: usize,
    me: UnitRef,
    offer: &Offer,
    aim: Aim,
    queued: bool,
) -> bool {
    let Some(unit) = state.get(me) else {
        return false;
    };
    if legal::check(state, p, unit, offer, aim, queued) != ActionResult::Success {
        return false;
    }
    let slot = me.slot();
    let kind = match offer.act {
        act if act.is_instant() => return take_instant(state, p, slot, offer, aim),
        Act::Stop => {
            give_way(state, slot);
            return true;
        }
        Act::Build(_) => return construct::take_build(state, p, slot, offer, aim, queued),
        Act::AddOn(_) => return construct::take_add_on(state, slot, offer, aim, queued),
        Act::Repair => return repair::take(state, slot, offer, aim, queued),
        Act::Move => return take_move(state, slot, offer, aim, queued),
        Act::Load => return transport::take_load(state, slot, offer, aim, queued),
        Act::Cast(spell) => return casts::take(state, slot, spell, offer, aim, queued),
        Act::Morph(id) | Act::Land(id) => {
            let land = matches!(offer.act, Act::Land(_));
            let kind = if land {
                OrderKind::Land
            } else {
                OrderKind::Morph
            };
            let aim = match aim {
                Aim::Point(at) if land => Aim::Point(placement::snapped(id, at)),
                _ => Aim::None,
            };
            let mut order = Order::new(kind, offer.exact, aim);
            order.unit_type = id;
            return give(state, slot, order, queued);
        }
        Act::Attack if state.units[slot].type_id == u::GHOST => {
            // Whoever is told to attack does not hold his fire.
            upgrades::remove_buff(state, slot, buffs::HOLD_FIRE);
            OrderKind::Attack
        }
        Act::Hold => OrderKind::Hold,
        Act::Patrol => OrderKind::Patrol,
        Act::Attack => OrderKind::Attack,
        Act::ScanMove => OrderKind::ScanMove,
        Act::Gather => OrderKind::Gather,
        Act::Return => OrderKind::Return,
        Act::Heal => OrderKind::Heal,
        Act::UnloadAll => OrderKind::Unload,
        Act::UnloadAllAt => OrderKind::UnloadAt,
        _ => return false,
    };
    let mut order = Order::new(kind, offer.exact, aim);
    order.origin = state.units[slot].pos;
    give(state, slot, order, queued)
}

fn take_move(state: &mut State, slot: usize, offer: &Offer, aim: Aim, queued: bool) -> bool {
    let boards = match aim {
        Aim::Unit(it) => state
            .get(it)
            .is_some_and(|t| transport::can_board(state, t, &state.units[slot])),
        _ => false,
    };
    let kind = if boards {
        OrderKind::Board
    } else {
        OrderKind::Move
    };
    give(state, slot, Order::new(kind, offer.exact, aim), queued)
}

fn take_instant(state: &mut State, p: usize, slot: usize, offer: &Offer, aim: Aim) -> bool {
    match offer.act {
        Act::Train(_) | Act::Research(_) => production::enqueue(state, p, slot, offer),
        Act::Rally => {
            state.units[slot].rally = match aim {
                Aim::Point(at) => Some(Target::Point(at)),
                // A rally onto oneself takes the rally away.
                Aim::Unit(it) if it.slot() == slot => None,
                Aim::Unit(it) => Some(Target::Unit(it.tag())),
                Aim::None => None,
            };
            true
        }
        Act::Cancel => construct::cancel(state, slot),
        Act::CancelLast => production::cancel_last(state, slot),
        Act::Halt => construct::halt(state, slot),
        Act::Salvage => morph::salvage(state, slot, offer.exact),
        Act::LoadAll => transport::load_all(state, slot),
        _ => casts::cast(state, slot, offer, aim),
    }
}

/// Puts an order into a unit's queue, or in place of it. An order equal to the current one changes nothing.
pub(super) fn give(state: &mut State, slot: usize, order: Order, queued: bool) -> bool {
    let unit = &state.units[slot];
    if !queued {
        if let Some(now) = unit.orders.first()
            && now.kind == order.kind
            && now.ability == order.ability
            && same_aim(now, &order)
            && now.unit_type == order.unit_type
        {
            refund(state, usize::from(state.units[slot].owner), &order);
            return true;
        }
        give_way(state, slot);
    } else if unit.orders.len() >= QUEUE_MAX {
        refund(state, usize::from(state.units[slot].owner), &order);
        return false;
    }
    state.units[slot].orders.push(order);
    true
}

fn same_aim(now: &Order, new: &Order) -> bool {
    // A patrol swaps its ends under way; either end is the same patrol.
    now.aim == new.aim || (now.kind == OrderKind::Patrol && new.aim == Aim::Point(now.origin))
}

/// Makes room for a new order: all others are dropped but one that must run its course.
fn give_way(state: &mut State, slot: usize) {
    if !casts::holds(&state.units[slot]) {
        clear(state, slot);
        return;
    }
    let owner = usize::from(state.units[slot].owner);
    for order in state.units[slot].orders.drain(1..).collect::<Vec<_>>() {
        refund(state, owner, &order);
    }
}

/// Drops all of a unit's orders: what was paid and not begun comes back, work under way is halted.
pub(super) fn clear(state: &mut State, slot: usize) {
    let owner = usize::from(state.units[slot].owner);
    if state.units[slot].morph.is_some() && state.units[slot].orders.is_empty() {
        return;
    }
    let orders = std::mem::take(&mut state.units[slot].orders);
    for order in &orders {
        refund(state, owner, order);
        leave_work(state, slot, order);
    }
    stand(&mut state.units[slot]);
}

fn refund(state: &mut State, owner: usize, order: &Order) {
    if order.paid != (0, 0) && order.site == UnitRef::NONE && owner < 2 {
        let row = data::unit(order.unit_type);
        let kind = row.map_or(Category::Technology, score::category);
        let amount = (u32::from(order.paid.0), u32::from(order.paid.1));
        score::refund(state, owner, amount, kind);
    }
}

/// Frees the field, the site or the patient that an order holds.
fn leave_work(state: &mut State, slot: usize, order: &Order) {
    let me = state.units[slot].me;
    match order.kind {
        OrderKind::Gather => {
            if let Aim::Unit(field) = order.aim
                && let Some(field) = state.get_mut(field)
                && field.occupant == me
            {
                field.occupant = UnitRef::NONE;
            }
        }
        OrderKind::Build => {
            if let Some(site) = state.get_mut(order.site)
                && site.builder == me
            {
                site.builder = UnitRef::NONE;
            }
        }
        OrderKind::Cast(spell) => casts::leave(state, slot, spell, order),
        _ => {}
    }
}

fn stand(unit: &mut Unit) {
    unit.clear_goal();
    unit.asleep = 0;
    unit.phasing = false;
    unit.target = UnitRef::NONE;
    unit.post = unit.pos;
}

/// A unit leaves the game: its work is left, what it had paid comes back (the real game refunds a builder killed on the
/// way).
pub(super) fn on_unit_gone(state: &mut State, slot: usize) {
    if state.units[slot].owner < NEUTRAL {
        clear(state, slot);
    }
}

/// Ends the first order and turns to the next.
pub(super) fn finish(state: &mut State, slot: usize) {
    if state.units[slot].orders.is_empty() {
        return;
    }
    let order = state.units[slot].orders.remove(0);
    leave_work(state, slot, &order);
    stand(&mut state.units[slot]);
}

/// Ends the first order as failed: paid prices come back and the player hears of it.
pub(super) fn fail(state: &mut State, slot: usize, result: ActionResult) {
    let Some(order) = state.units[slot].orders.first().copied() else {
        return;
    };
    let owner = usize::from(state.units[slot].owner);
    refund(state, owner, &order);
    let unit = state.units[slot].me.tag();
    if let Some(player) = state.players.get_mut(owner) {
        player.errors.push(ActionError {
            unit,
            ability: order.ability,
            result,
        });
    }
    finish(state, slot);
}

/// One step of every unit's first order. Lists for `production` those for whom time passes.
pub(super) fn run(state: &mut State) {
    let mut timed = std::mem::take(&mut state.timed);
    timed.clear();
    for i in state.first_player()..state.order.len() {
        let slot = usize::from(state.order[i]);
        let unit = &state.units[slot];
        if unit.alive && unit.asleep <= state.game_loop {
            act(state, slot);
            if production::is_timed(&state.units[slot]) {
                timed.push(slot as u16);
            }
        }
    }
    state.timed = timed;
}

/// One step of a unit's first order.
fn act(state: &mut State, slot: usize) {
    let unit = &mut state.units[slot];
    if unit.inside {
        economy::inside_gas(state, slot);
    } else if unit.build_left > 0.0 || unit.morph.is_some() {
        unit.stance = Stance::Passive;
    } else if unit.orders.is_empty() {
        idle(state, slot);
    } else if step(state, slot) == Step::Done && state.units[slot].alive {
        finish(state, slot);
    }
}

fn idle(state: &mut State, slot: usize) {
    let unit = &mut state.units[slot];
    if unit.data.is_worker || unit.type_id == u::MULE {
        unit.stance = Stance::Passive;
        if unit.autocast {
            repair::look_for_work(state, slot);
        }
        return;
    }
    unit.stance = Stance::Guard;
    match unit.type_id {
        u::MEDIVAC => {
            unit.stance = Stance::Passive;
            casts::heal_nearby(state, slot, false);
        }
        u::GHOST if unit.has_buff(buffs::HOLD_FIRE) => unit.stance = Stance::Passive,
        u::CYCLONE if unit.autocast => casts::watch_for_lock(state, slot),
        u::WIDOW_MINE_BURROWED => casts::watch_for_prey(state, slot),
        _ => {}
    }
}

fn step(state: &mut State, slot: usize) -> Step {
    let order = state.units[slot].orders[0];
    match order.kind {
        OrderKind::Move => go(state, slot, order.aim, Stance::Passive),
        OrderKind::ScanMove => scan_move(state, slot, order.aim),
        OrderKind::Attack => attack(state, slot, order.aim),
        OrderKind::Patrol => patrol(state, slot, order.aim),
        OrderKind::Hold => {
            let unit = &mut state.units[slot];
            unit.stance = Stance::Hold;
            unit.goal = None;
            Step::Going
        }
        OrderKind::Gather => economy::gather(state, slot),
        OrderKind::Return => economy::bring_home(state, slot),
        OrderKind::Build => construct::build(state, slot),
        OrderKind::AddOn => construct::add_on(state, slot),
        OrderKind::Repair => repair::work(state, slot),
        OrderKind::Heal => casts::heal(state, slot, order.aim),
        OrderKind::Load => transport::load(state, slot, order.aim),
        OrderKind::Board => transport::board(state, slot, order.aim),
        OrderKind::Unload => transport::unload(state, slot),
        OrderKind::UnloadAt => transport::unload_at(state, slot, order.aim),
        OrderKind::Land => morph::land(state, slot),
        OrderKind::Morph => morph::begin_ordered(state, slot),
        OrderKind::Cast(spell) => casts::step(state, slot, spell),
    }
}

/// Toward a point, or after a unit; a unit is followed until it dies or is lost from view.
pub(super) fn go(state: &mut State, slot: usize, aim: Aim, stance: Stance) -> Step {
    state.units[slot].stance = stance;
    match aim {
        Aim::Point(at) => {
            let unit = &mut state.units[slot];
            unit.set_goal(at, 0.0);
            if unit.arrived || unit.stuck {
                Step::Done
            } else {
                Step::Going
            }
        }
        Aim::Unit(it) => {
            let Some((at, radius)) = followed(state, slot, it) else {
                return Step::Done;
            };
            let unit = &mut state.units[slot];
            unit.set_goal(at, unit.radius + radius + 0.2);
            Step::Going
        }
        Aim::None => Step::Done,
    }
}

/// Place and radius of a unit that `slot` can still see.
fn followed(state: &State, slot: usize, it: UnitRef) -> Option<(Point, f32)> {
    let target = state.get(it)?;
    let bit = Unit::bit(usize::from(state.units[slot].owner));
    let lost = target.inside || (target.owner < NEUTRAL && target.seen_by & bit == 0);
    (!lost).then_some((target.pos, target.radius))
}

fn scan_move(state: &mut State, slot: usize, aim: Aim) -> Step {
    if state.units[slot].type_id == u::MEDIVAC && casts::heal_nearby(state, slot, true) {
        return Step::Going;
    }
    go(state, slot, aim, Stance::Passive)
}

fn attack(state: &mut State, slot: usize, aim: Aim) -> Step {
    match aim {
        Aim::Point(at) => {
            let unit = &mut state.units[slot];
            unit.stance = Stance::Advance;
            if unit.speed <= 0.0 {
                return Step::Done;
            }
            unit.set_goal(at, 0.0);
            let there = unit.arrived || unit.stuck;
            if unit.type_id == u::CYCLONE && unit.autocast {
                casts::watch_for_lock(state, slot);
            }
            if there && state.units[slot].target == UnitRef::NONE {
                Step::Done
            } else {
                Step::Going
            }
        }
        Aim::Unit(it) => {
            if followed(state, slot, it).is_none() || !detected(state, slot, it) {
                return Step::Done;
            }
            let unit = &mut state.units[slot];
            unit.stance = Stance::Focus;
            unit.target = it;
            Step::Going
        }
        Aim::None => Step::Done,
    }
}

fn detected(state: &State, slot: usize, it: UnitRef) -> bool {
    let me = &state.units[slot];
    state.get(it).is_some_and(|target| {
        target.owner == me.owner
            || !target.cloaked
            || target.detected_by & Unit::bit(usize::from(me.owner)) != 0
    })
}

fn patrol(state: &mut State, slot: usize, aim: Aim) -> Step {
    let at = match aim {
        Aim::Point(at) => at,
        Aim::Unit(it) => match followed(state, slot, it) {
            Some((at, _)) => at,
            None => return Step::Done,
        },
        Aim::None => return Step::Done,
    };
    let unit = &mut state.units[slot];
    unit.stance = Stance::Advance;
    unit.set_goal(at, 0.0);
    if (unit.arrived || unit.stuck) && unit.target == UnitRef::NONE {
        let order = &mut unit.orders[0];
        order.aim = Aim::Point(order.origin);
        order.origin = at;
    }
    Step::Going
}
