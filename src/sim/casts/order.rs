//! A spell as an order. Stages: 0 on the way into range, 1 preparing, 2 channeling, 3 done.

use super::{check, ghost, jump, kd8, lock_on, mine, missile, nuke, turret, zone};
use crate::game::data::upgrade_ids as g;
use crate::game::data::{self, Spell, unit_ids as u};
use crate::game::{ActionResult, Point};
use crate::sim::ability::Offer;
use crate::sim::legal;
use crate::sim::order::{Aim, Order, OrderKind};
use crate::sim::orders::{self, Step};
use crate::sim::placement;
use crate::sim::state::State;
use crate::sim::steer::follow;
use crate::sim::unit::{Stance, Unit};
use crate::sim::upgrades::BALLISTICS_RANGE;

const PREPARES: u8 = 1;
const CHANNELS: u8 = 2;
const DONE: u8 = 3;
/// Casters stop this far inside their range.
const MARGIN: f32 = 0.05;

/// Gives a unit the order to cast.
pub(in crate::sim) fn take(
    state: &mut State,
    slot: usize,
    spell: Spell,
    offer: &Offer,
    aim: Aim,
    queued: bool,
) -> bool {
    let aim = match aim {
        Aim::Point(at) if spell == Spell::AutoTurret => {
            Aim::Point(placement::snapped(u::AUTO_TURRET, at))
        }
        aim => aim,
    };
    orders::give(
        state,
        slot,
        Order::new(OrderKind::Cast(spell), offer.exact, aim),
        queued,
    )
}

/// First order is to cast.
pub(in crate::sim) fn step(state: &mut State, slot: usize, spell: Spell) -> Step {
    let order = state.units[slot].orders[0];
    state.units[slot].stance = Stance::Passive;
    match order.stage {
        0 => approach(state, slot, spell, &order),
        PREPARES | CHANNELS => go_on(state, slot, spell, &order),
        _ => Step::Done,
    }
}

/// Cells from edge to edge within which the unit can cast.
fn range(state: &State, slot: usize, spell: Spell) -> f32 {
    let p = usize::from(state.units[slot].owner);
    let far = spell == Spell::DefenderZone && state.players[p].has(g::LIBERATOR_AG_RANGE_UPGRADE);
    data::spell(spell).range + if far { BALLISTICS_RANGE } else { 0.0 }
}

/// Place and radius of what is aimed at; none if it is gone or can no longer be seen.
fn spot(state: &State, slot: usize, aim: Aim) -> Option<(Point, f32)> {
    match aim {
        Aim::Point(at) => Some((at, 0.0)),
        Aim::Unit(it) => {
            let it = state.get(it)?;
            let p = usize::from(state.units[slot].owner);
            legal::can_aim_at(state, p, it).then_some((it.pos, it.radius))
        }
        Aim::None => None,
    }
}

fn approach(state: &mut State, slot: usize, spell: Spell, order: &Order) -> Step {
    let p = usize::from(state.units[slot].owner);
    let Some((at, radius)) = spot(state, slot, order.aim) else {
        return Step::Done;
    };
    match check::check(state, p, &state.units[slot], spell, order.aim) {
        ActionResult::Success => {}
        why => {
            orders::fail(state, slot, why);
            return Step::Going;
        }
    }
    let reach = range(state, slot, spell) + radius + state.units[slot].radius;
    let unit = &mut state.units[slot];
    if unit.pos.distance(at) > reach {
        unit.set_goal(at, reach - MARGIN);
        return if unit.stuck || unit.speed <= 0.0 {
            Step::Done
        } else {
            Step::Going
        };
    }
    unit.clear_goal();
    let toward = at - unit.pos;
    follow::face(unit, toward);
    let prep = data::spell(spell).prep;
    if prep > 0 {
        let until = state.game_loop + prep;
        let order = &mut state.units[slot].orders[0];
        (order.stage, order.timer) = (PREPARES, until);
        return Step::Going;
    }
    pay(state, slot, spell)
}

/// Preparing is over: energy and cooldown are spent, and the spell or its channel begins.
fn pay(state: &mut State, slot: usize, spell: Spell) -> Step {
    let row = data::spell(spell);
    let now = state.game_loop;
    let unit = &mut state.units[slot];
    unit.energy -= row.energy;
    // A lock's cooldown begins when it ends.
    if row.cooldown > 0 && spell != Spell::LockOn {
        unit.special.ready[usize::from(row.slot)] = now + row.cooldown;
    }
    if row.channel == 0 {
        return release(state, slot, spell);
    }
    let order = &mut unit.orders[0];
    (order.stage, order.timer) = (CHANNELS, now + row.channel);
    let aim = order.aim;
    match spell {
        Spell::Snipe => ghost::aim(state, slot),
        Spell::Nuke => nuke::call(state, slot, aim),
        Spell::TacticalJump => jump::begin(state, slot),
        _ => {}
    }
    Step::Going
}

/// A loop of preparing or channeling.
fn go_on(state: &mut State, slot: usize, spell: Spell, order: &Order) -> Step {
    let unit = &state.units[slot];
    if super::is_silenced(unit) || !goes_on(state, slot, spell, order) {
        return Step::Done;
    }
    let now = state.game_loop;
    if spell == Spell::TacticalJump {
        jump::tick(state, slot, order);
    }
    if now < order.timer {
        return Step::Going;
    }
    if order.stage == PREPARES {
        pay(state, slot, spell)
    } else {
        release(state, slot, spell)
    }
}

fn goes_on(state: &State, slot: usize, spell: Spell, order: &Order) -> bool {
    let unit = &state.units[slot];
    match spell {
        // Once begun only its death saves the target.
        Spell::Yamato => matches!(order.aim, Aim::Unit(it) if state.get(it).is_some()),
        Spell::Snipe => ghost::still_aims(unit, order) && spot(state, slot, order.aim).is_some(),
        // Whoever leaves the range in time is not shot at.
        Spell::Sentinel => spot(state, slot, order.aim).is_some_and(|(at, radius)| {
            unit.pos.distance(at) <= range(state, slot, spell) + radius + unit.radius
        }),
        _ => true,
    }
}

/// The spell takes effect, or sets off.
fn release(state: &mut State, slot: usize, spell: Spell) -> Step {
    let order = &mut state.units[slot].orders[0];
    order.stage = DONE;
    let aim = order.aim;
    match spell {
        Spell::Yamato | Spell::Emp | Spell::InterferenceMatrix | Spell::AntiArmor => {
            missile::launch(state, slot, spell, aim);
        }
        Spell::Sentinel => mine::fire(state, slot, aim),
        Spell::Snipe => ghost::shoot(state, slot, aim),
        Spell::Nuke => nuke::drop(state, slot, aim),
        Spell::TacticalJump => jump::end(state, slot),
        Spell::AutoTurret => turret::place(state, slot, aim),
        Spell::LockOn => lock_on::begin(state, slot, aim),
        Spell::Kd8Charge => kd8::lob(state, slot, aim),
        Spell::DefenderZone => zone::begin(state, slot, aim),
    }
    Step::Done
}

/// What an order leaves behind that ends before it is done.
pub(in crate::sim) fn leave(state: &mut State, slot: usize, spell: Spell, order: &Order) {
    match (spell, order.stage) {
        (Spell::Snipe, CHANNELS) => ghost::give_up(state, slot),
        (Spell::Nuke, CHANNELS) => state.end_effects_of(state.units[slot].me),
        (Spell::TacticalJump, CHANNELS) => jump::end(state, slot),
        _ => {}
    }
}

/// Whether the unit's first order is a spell that lets no other order come before its end.
pub(in crate::sim) fn holds(unit: &Unit) -> bool {
    unit.orders.first().is_some_and(|o| match o.kind {
        OrderKind::Cast(spell) => o.stage > 0 && data::spell(spell).holds,
        _ => false,
    })
}

/// Whether there is something that the cancel button ends: a channel that can be broken off, or a lock.
pub(in crate::sim) fn is_cancelable(unit: &Unit) -> bool {
    let channels = unit.orders.first().is_some_and(|o| {
        matches!(o.kind, OrderKind::Cast(Spell::Snipe | Spell::Nuke)) && o.stage == CHANNELS
    });
    channels || unit.special.lock.is_some()
}

/// Ends it.
pub(in crate::sim) fn cancel(state: &mut State, slot: usize) -> bool {
    if !is_cancelable(&state.units[slot]) {
        return false;
    }
    if state.units[slot].special.lock.is_some() {
        lock_on::end(state, slot);
    } else {
        orders::finish(state, slot);
    }
    true
}

/// Ends what a unit casts and holds, against its will.
pub(super) fn break_off(state: &mut State, slot: usize) {
    if state.units[slot].special.lock.is_some() {
        lock_on::end(state, slot);
    }
    let casts = state.units[slot]
        .orders
        .first()
        .is_some_and(|o| matches!(o.kind, OrderKind::Cast(spell) if spell != Spell::TacticalJump));
    if casts {
        orders::finish(state, slot);
    }
}
