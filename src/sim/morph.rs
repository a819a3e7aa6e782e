//! Units that become another type: siege, lift and land, depots, orbital commands. And salvage.

use super::order::{Aim, Morph};
use super::orders::{self, Step};
use super::score::{self, Category};
use super::state::State;
use super::unit::{Stance, Unit, UnitRef};
use super::{casts, death, placement, production, upgrades};
use crate::game::data::{self, UnitData, unit_ids as u, upgrade_ids as g};
use crate::game::raw_obs::Alert;
use crate::game::{AbilityId, ActionResult, UnitTypeId};

/// Salvage gives back 75% after 5 seconds at speed Normal (Liquipedia, "Salvage").
const SALVAGE_LOOPS: f32 = 80.0;
const SALVAGE: UnitTypeId = UnitTypeId(0);

/// Minerals and vespene that a morph costs: nothing for a change of mode.
pub(super) fn price(unit: &Unit, to: &UnitData) -> (u32, u32) {
    let paid = to
        .produced_by
        .iter()
        .any(|p| p.producer == unit.type_id && p.kind == crate::game::data::ProductionKind::Morph);
    if paid {
        (to.minerals, to.vespene)
    } else {
        (0, 0)
    }
}

/// Game loops a morph takes. Going *into* a mode the table has the time; going back it has the base unit's build time,
/// so those stand here.
fn loops(from: UnitTypeId, row: &UnitData) -> f32 {
    match (from, row.id) {
        // Liquipedia: 2.71 s at speed Faster.
        (_, u::SIEGE_TANK) => 60.7,
        // Liquipedia: hellion and hellbat turn into each other in 2.86 s, Vikings take off as they land.
        (u::HELLION, u::HELLION_TANK) | (u::HELLION_TANK, u::HELLION) => 64.0,
        (_, u::VIKING_FIGHTER) => 41.4414,
        (_, u::THOR) => 42.0,
        // LiberatorMorphtoAA of the game's data: 0.5 s and 1.5417 s at speed Normal.
        (_, u::LIBERATOR) => 32.667,
        (u::SUPPLY_DEPOT_LOWERED, u::SUPPLY_DEPOT) => 20.8008,
        // Landing takes as long as lifting off, 2 s at speed Normal, and the 3 loops that recorded flights take longer than the
        // way alone (`scc bench fidelity`).
        _ if data::unit(from).is_some_and(|r| r.is_flying && r.is_structure) => 35.0,
        _ => row.build_time,
    }
}

fn has_servos(state: &State, unit: &Unit) -> bool {
    state.players[usize::from(unit.owner)].has(g::SMART_SERVOS)
}

/// Loops of a change of mode with smart servos (SmartServos of the game's data takes 2 s off a hellion's 4, about 1.34 off a
/// Viking's 2.59, 1.5 off a Thor's 2.5, at speed Normal).
fn with_servos(from: UnitTypeId) -> Option<f32> {
    match from {
        u::HELLION | u::HELLION_TANK => Some(32.0),
        u::VIKING_FIGHTER | u::VIKING_ASSAULT => Some(20.0),
        u::THOR | u::THOR_AP => Some(16.0),
        _ => None,
    }
}

/// Only what was paid for can be called off.
pub(super) fn is_cancelable(morph: &Morph) -> bool {
    morph.paid != (0, 0)
}

/// A lowered depot comes up only where nobody stands on it.
pub(super) fn can_raise(state: &State, depot: &Unit) -> bool {
    !state.living().any(|unit| {
        !unit.flying && !unit.inside && unit.me != depot.me && !unit.data.is_structure && {
            let d = unit.pos - depot.pos;
            let reach = 1.0 + unit.radius * 0.5;
            // One's own units step aside; the enemy's do not.
            unit.owner != depot.owner && d.x.abs() < reach && d.y.abs() < reach
        }
    })
}

/// First order is a morph: begins it.
pub(super) fn begin_ordered(state: &mut State, slot: usize) -> Step {
    let order = state.units[slot].orders[0];
    let p = usize::from(state.units[slot].owner);
    let unit = &state.units[slot];
    let Some(row) = data::unit(order.unit_type) else {
        return Step::Done;
    };
    if !unit.queue.is_empty() || production::builds_add_on(state, unit) {
        orders::fail(state, slot, ActionResult::CantQueueThatOrder);
        return Step::Going;
    }
    let cost = price(unit, row);
    if cost != (0, 0) {
        match super::legal::afford(state, p, cost, 0) {
            ActionResult::Success => score::spend(state, p, cost.0, cost.1, score::category(row)),
            why => {
                orders::fail(state, slot, why);
                return Step::Going;
            }
        }
    }
    begin(state, slot, row, order.ability, cost);
    Step::Done
}

pub(super) fn begin(
    state: &mut State,
    slot: usize,
    row: &'static UnitData,
    ability: AbilityId,
    cost: (u32, u32),
) {
    let unit = &state.units[slot];
    let mut total = casts::burrow_loops(state, unit).unwrap_or(loops(unit.type_id, row));
    if has_servos(state, unit) {
        total = with_servos(unit.type_id).unwrap_or(total);
    }
    let lifts = row.is_flying && row.is_structure;
    if lifts {
        detach(state, slot);
        // It is a flying structure from now on, as replays show; the morph is the time it takes to rise.
        retype(state, slot, row.id);
    }
    if state.units[slot].type_id == u::LIBERATOR_AG {
        casts::close_zone(state, slot);
    }
    let unit = &mut state.units[slot];
    unit.stance = Stance::Passive;
    unit.target = UnitRef::NONE;
    unit.clear_goal();
    // Coming out of the ground, a mine is seen at once.
    unit.cloaked &= !unit.is_burrowed();
    unit.morph = Some(Morph {
        to: row.id,
        ability,
        left: total,
        total,
        paid: (cost.0 as u16, cost.1 as u16),
    });
}

/// An add-on left behind becomes a plain one until another structure lands beside it.
fn detach(state: &mut State, slot: usize) {
    let add_on = std::mem::take(&mut state.units[slot].add_on);
    let Some(unit) = state.get(add_on) else {
        return;
    };
    let plain = if is_tech_lab(unit.type_id) {
        u::TECH_LAB
    } else {
        u::REACTOR
    };
    production::drop_all(state, add_on.slot());
    state.units[add_on.slot()].host = UnitRef::NONE;
    retype(state, add_on.slot(), plain);
}

fn is_tech_lab(id: UnitTypeId) -> bool {
    matches!(
        id,
        u::TECH_LAB | u::BARRACKS_TECH_LAB | u::FACTORY_TECH_LAB | u::STARPORT_TECH_LAB
    )
}

/// The add-on type that stands beside a host: tech lab or reactor.
fn attached_type(host: UnitTypeId, tech_lab: bool) -> Option<UnitTypeId> {
    Some(match (host, tech_lab) {
        (u::BARRACKS, true) => u::BARRACKS_TECH_LAB,
        (u::BARRACKS, false) => u::BARRACKS_REACTOR,
        (u::FACTORY, true) => u::FACTORY_TECH_LAB,
        (u::FACTORY, false) => u::FACTORY_REACTOR,
        (u::STARPORT, true) => u::STARPORT_TECH_LAB,
        (u::STARPORT, false) => u::STARPORT_REACTOR,
        _ => return None,
    })
}

/// Takes over a free add-on that stands where the structure's own would.
fn attach(state: &mut State, slot: usize) {
    let host = &state.units[slot];
    let (me, owner, id) = (host.me, host.owner, host.type_id);
    if attached_type(id, true).is_none() {
        return;
    }
    let place = placement::add_on_place(host.pos);
    let found = state.living().find(|it| {
        it.owner == owner
            && it.data.is_addon
            && it.host == UnitRef::NONE
            && it.build_left <= 0.0
            && it.pos.distance(place) < 0.1
    });
    let Some(add_on) = found.map(|it| (it.me, is_tech_lab(it.type_id))) else {
        return;
    };
    let Some(becomes) = attached_type(id, add_on.1) else {
        return;
    };
    let at = add_on.0.slot();
    state.units[at].host = me;
    state.units[slot].add_on = add_on.0;
    retype(state, at, becomes);
}

/// Changes a unit's type on the spot: books, footprint and figures follow; life keeps its share.
pub(super) fn retype(state: &mut State, slot: usize, to: UnitTypeId) {
    let Some(row) = data::unit(to) else { return };
    death::count_unit(state, slot, -1);
    {
        let (units, blocked) = (&state.units, &mut state.blocked);
        blocked.remove(&units[slot]);
    }
    let (life, life_max) = (state.units[slot].life, state.units[slot].life_max);
    state.set_type(slot, to, row);
    let unit = &mut state.units[slot];
    let share = if life_max > 0.0 { life / life_max } else { 1.0 };
    unit.life = (unit.life_max * share).clamp(1.0, unit.life_max.max(1.0));
    upgrades::refresh_unit(state, slot);
    {
        let (units, blocked) = (&state.units, &mut state.blocked);
        blocked.add(&units[slot]);
    }
    death::count_unit(state, slot, 1);
}

/// One loop of a morph.
pub(super) fn advance(state: &mut State, slot: usize) {
    let Some(morph) = &mut state.units[slot].morph else {
        return;
    };
    morph.left -= 1.0;
    if morph.left > 1e-3 {
        return;
    }
    let morph = *morph;
    state.units[slot].morph = None;
    if morph.to == SALVAGE {
        finish_salvage(state, slot);
        return;
    }
    let was_flying = state.units[slot].flying;
    if let Some(row) = data::unit(morph.to)
        && row.is_structure
        && was_flying
        && !row.is_flying
    {
        // The place may have been taken while it came down.
        let p = usize::from(state.units[slot].owner);
        let (at, me) = (state.units[slot].pos, state.units[slot].me);
        if placement::check(state, p, morph.to, at, me) != ActionResult::Success {
            orders::fail(state, slot, ActionResult::CantLandLocationInvalid);
            return;
        }
    }
    finish(state, slot, &morph, was_flying);
}

fn finish(state: &mut State, slot: usize, morph: &Morph, was_flying: bool) {
    retype(state, slot, morph.to);
    let unit = &mut state.units[slot];
    if morph.to == u::ORBITAL_COMMAND && morph.paid != (0, 0) {
        unit.energy = unit.data.energy_start;
    }
    let (owner, structure) = (unit.owner, unit.data.is_structure);
    casts::refresh_cloak(state, slot);
    let unit = &mut state.units[slot];
    if structure && was_flying && !unit.flying {
        unit.orders
            .retain(|o| o.kind != super::order::OrderKind::Land);
        attach(state, slot);
    }
    if is_cancelable(morph) {
        state.alert(owner, Alert::MorphComplete);
    } else if !structure {
        state.alert(owner, Alert::TransformationComplete);
    }
}

/// First order is to land: fly there, come down.
pub(super) fn land(state: &mut State, slot: usize) -> Step {
    let order = state.units[slot].orders[0];
    let Aim::Point(at) = order.aim else {
        return Step::Done;
    };
    if !state.units[slot].flying {
        return Step::Done;
    }
    let unit = &mut state.units[slot];
    unit.stance = Stance::Passive;
    unit.set_goal(at, 0.05);
    if !unit.arrived && !unit.stuck {
        return Step::Going;
    }
    let p = usize::from(unit.owner);
    let me = unit.me;
    if placement::check(state, p, order.unit_type, at, me) != ActionResult::Success {
        orders::fail(state, slot, ActionResult::CantLandLocationInvalid);
        return Step::Going;
    }
    let Some(row) = data::unit(order.unit_type) else {
        return Step::Done;
    };
    state.units[slot].pos = at;
    begin(state, slot, row, order.ability, (0, 0));
    // The order stays in the list until the structure stands.
    Step::Going
}

/// Calls a paid morph off: 75% comes back.
pub(super) fn cancel(state: &mut State, slot: usize) -> bool {
    let Some(morph) = state.units[slot].morph else {
        return false;
    };
    if !is_cancelable(&morph) {
        return false;
    }
    let p = usize::from(state.units[slot].owner);
    let kind = data::unit(morph.to).map_or(Category::Economy, score::category);
    let back = super::construct::refund_75(morph.paid);
    let lost = (
        u32::from(morph.paid.0) - back.0,
        u32::from(morph.paid.1) - back.1,
    );
    score::refund(state, p, back, kind);
    score::write_off(state, p, lost, kind);
    state.units[slot].morph = None;
    true
}

/// Takes a bunker down for 75% of its price.
pub(super) fn salvage(state: &mut State, slot: usize, ability: AbilityId) -> bool {
    if state.units[slot].morph.is_some() {
        return false;
    }
    super::transport::eject_all(state, slot);
    state.units[slot].morph = Some(Morph {
        to: SALVAGE,
        ability,
        left: SALVAGE_LOOPS,
        total: SALVAGE_LOOPS,
        paid: (0, 0),
    });
    true
}

fn finish_salvage(state: &mut State, slot: usize) {
    let unit = &state.units[slot];
    let (me, p, row) = (unit.me, usize::from(unit.owner), unit.data);
    let price = (row.minerals_total as u16, row.vespene_total as u16);
    let back = super::construct::refund_75(price);
    let lost = (u32::from(price.0) - back.0, u32::from(price.1) - back.1);
    score::refund(state, p, back, score::category(row));
    score::write_off(state, p, lost, score::category(row));
    state.kill(me);
}
