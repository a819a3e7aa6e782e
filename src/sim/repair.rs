//! Repair by SCVs and MULEs, ordered or of their own accord.

use super::ability::Offer;
use super::order::{Aim, Order, OrderKind};
use super::orders::{self, Step};
use super::state::State;
use super::unit::Stance;
use super::{construct, legal};
use crate::game::AbilityId;
use crate::game::data::unit_ids as u;

/// Share of the price that a whole life bar costs (Liquipedia, "Repair").
const PRICE_SHARE: f32 = 0.25;
/// Autocasting workers look this far, in cells, every this many loops.
const LOOK_CELLS: f32 = 6.0;
const LOOK_LOOPS: u32 = 16;
/// The largest radius there is (a town hall's).
const RADIUS_MAX: f32 = 2.75;

pub(super) fn take(state: &mut State, slot: usize, offer: &Offer, aim: Aim, queued: bool) -> bool {
    let Aim::Unit(it) = aim else { return false };
    if construct::can_resume(state, state.units[slot].owner, it) {
        return construct::resume(state, slot, it, queued);
    }
    let order = Order::new(OrderKind::Repair, offer.exact, aim);
    orders::give(state, slot, order, queued)
}

/// Loops in which one worker repairs a whole life bar: the build time, morphs' own included.
fn full_loops(state: &State, target: usize) -> f32 {
    let row = state.units[target].data;
    let source = crate::game::data::unit(row.unit_alias).unwrap_or(row);
    source.build_time.max(row.build_time).max(16.0)
}

/// First order is to repair: go there, give life, take the price bit by bit.
pub(super) fn work(state: &mut State, slot: usize) -> Step {
    let order = state.units[slot].orders[0];
    let Aim::Unit(it) = order.aim else {
        return Step::Done;
    };
    let me = &state.units[slot];
    let Some(target) = state.get(it) else {
        return Step::Done;
    };
    if !legal::can_repair(me, target) {
        return Step::Done;
    }
    let reach = me.radius + target.radius + 0.3;
    let (at, near) = (target.pos, target.pos.distance(me.pos) <= reach + 0.1);
    let unit = &mut state.units[slot];
    unit.stance = Stance::Passive;
    if !near {
        unit.set_goal(at, reach);
        return if unit.stuck { Step::Done } else { Step::Going };
    }
    unit.clear_goal();
    let gain = state.units[it.slot()].life_max / full_loops(state, it.slot());
    if !pay(state, slot, it.slot(), gain) {
        return Step::Done;
    }
    let target = &mut state.units[it.slot()];
    let healed = gain.min(target.life_max - target.life);
    target.life += healed;
    let owner = usize::from(target.owner);
    state.players[owner].score.total_healed.life += healed;
    Step::Going
}

/// Takes whole minerals and vespene as soon as the repaired life has cost them; false if they are not there.
fn pay(state: &mut State, slot: usize, target: usize, gain: f32) -> bool {
    let unit = &state.units[target];
    let (row, life) = (unit.data, unit.life);
    let (before, after) = (life / unit.life_max, (life + gain) / unit.life_max);
    let due = |price: u32| {
        let full = price as f32 * PRICE_SHARE;
        (full * after).floor() as u32 - (full * before).floor().min(full * after) as u32
    };
    let (minerals, vespene) = (due(row.minerals_total), due(row.vespene_total));
    let p = usize::from(state.units[slot].owner);
    if !state.players[p].can_pay(minerals, vespene) {
        return false;
    }
    if minerals + vespene > 0 {
        let player = &mut state.players[p];
        player.minerals -= minerals;
        player.vespene -= vespene;
        player.score.spent_minerals += minerals as f32;
        player.score.spent_vespene += vespene as f32;
    }
    true
}

/// An idle worker with autocast on takes up the nearest repair.
pub(super) fn look_for_work(state: &mut State, slot: usize) {
    if !(state.game_loop + slot as u32).is_multiple_of(LOOK_LOOPS) {
        return;
    }
    let me = &state.units[slot];
    let at = me.pos;
    let found = state.nearest_own(me.owner, at, LOOK_CELLS + RADIUS_MAX, |it| {
        legal::can_repair(me, it) && it.pos.distance(at) <= LOOK_CELLS + it.radius
    });
    if let Some(it) = found {
        let ability = if me.type_id == u::MULE {
            AbilityId(78)
        } else {
            AbilityId(316)
        };
        let order = Order::new(OrderKind::Repair, ability, Aim::Unit(it));
        orders::give(state, slot, order, false);
    }
}
