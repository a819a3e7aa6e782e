//! Medivacs' heal, ordered or of their own accord.

use crate::sim::legal;
use crate::sim::order::Aim;
use crate::sim::orders::{self, Step};
use crate::sim::state::State;
use crate::sim::unit::{Stance, UnitRef};

/// Medivacs give 12.6 life a second at speed Normal for a third of that in energy, within 4 cells (Liquipedia, "Heal").
const HEAL_PER_LOOP: f32 = 12.6 / 22.4;
const HEAL_PER_ENERGY: f32 = 3.0;
const HEAL_RANGE: f32 = 4.0;
const HEAL_LOOK: f32 = 6.0;

/// First order is to heal one unit, or to go and heal along the way.
pub(in crate::sim) fn heal(state: &mut State, slot: usize, aim: Aim) -> Step {
    match aim {
        Aim::Unit(it) => {
            if heal_one(state, slot, it) {
                Step::Going
            } else {
                Step::Done
            }
        }
        _ => {
            if heal_nearby(state, slot, true) {
                return Step::Going;
            }
            orders::go(state, slot, aim, Stance::Passive)
        }
    }
}

/// Heals who is hurt nearby, of its own accord; `ordered` even with autocast off. False if there is nobody.
pub(in crate::sim) fn heal_nearby(state: &mut State, slot: usize, ordered: bool) -> bool {
    let unit = &state.units[slot];
    if !(unit.autocast || ordered) || unit.energy < 1.0 || super::is_silenced(unit) {
        return false;
    }
    let mut patient = unit.target;
    let still = state.get(patient).is_some_and(|t| {
        legal::can_heal(unit, t) && t.pos.distance(unit.pos) <= HEAL_LOOK + unit.radius
    });
    if !still {
        // A new patient is looked for now and then only.
        if !(state.game_loop + slot as u32).is_multiple_of(4) {
            return false;
        }
        let at = unit.pos;
        let reach = HEAL_LOOK + unit.radius;
        let found = state.nearest_own(unit.owner, at, reach, |t| {
            legal::can_heal(unit, t) && t.pos.distance(at) <= reach
        });
        let Some(found) = found else {
            state.units[slot].target = UnitRef::NONE;
            return false;
        };
        patient = found;
    }
    heal_one(state, slot, patient)
}

fn heal_one(state: &mut State, slot: usize, it: UnitRef) -> bool {
    let me = &state.units[slot];
    let Some(target) = state.get(it) else {
        return false;
    };
    if !legal::can_heal(me, target) || me.energy <= 0.2 || super::is_silenced(me) {
        return false;
    }
    let reach = HEAL_RANGE + me.radius + target.radius;
    let (at, near) = (target.pos, target.pos.distance(me.pos) <= reach);
    let unit = &mut state.units[slot];
    unit.target = it;
    unit.stance = Stance::Passive;
    if !near {
        unit.set_goal(at, reach - 0.5);
        return true;
    }
    unit.clear_goal();
    let target = &mut state.units[it.slot()];
    let gain = HEAL_PER_LOOP.min(target.life_max - target.life);
    target.life += gain;
    let owner = usize::from(target.owner);
    state.units[slot].energy -= gain / HEAL_PER_ENERGY;
    state.players[owner].score.total_healed.life += gain;
    true
}
