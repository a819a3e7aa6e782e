//! Abilities that cost energy or life, and what runs by itself: regeneration, buffs, cloak, heal.

use super::ability::{Act, Offer};
use super::economy;
use super::order::{Aim, Order, OrderKind};
use super::orders::Step;
use super::state::{Effect, State};
use super::unit::{Stance, Unit, UnitRef};
use super::upgrades::{add_buff, buffs};
use crate::game::data::unit_ids as u;
use crate::game::raw_obs::Alert;
use crate::game::{EffectId, Point, UnitTypeId};

/// Energy a game loop: 0.5625 a second at speed Normal (Liquipedia, "Energy").
pub const ENERGY_PER_LOOP: f32 = 0.035_156_25;
/// Cloak: 25 to switch it on, then 0.9 a second at speed Normal, regeneration going on (Liquipedia, "Cloak").
pub const CLOAK_ENERGY: f32 = 25.0;
const CLOAK_DRAIN: f32 = 0.9 / 16.0 + ENERGY_PER_LOOP;
/// Stim lasts 11 s (Liquipedia, "Stimpack").
const STIM_LOOPS: u32 = 246;
/// A MULE lives 64 s (Liquipedia, "MULE", patch 4.10).
const MULE_LOOPS: u32 = 1434;
/// A scan: radius 13, 9.8 s (Liquipedia, "Scanner Sweep").
const SCAN_RADIUS: f32 = 13.0;
const SCAN_LOOPS: u32 = 220;
const SCAN: EffectId = EffectId(6);
/// Supply drop: 8 more, for good; the pod takes 3 s to arrive (left out: it counts at once).
pub const EXTRA_SUPPLY_HALVES: u32 = 16;
/// Afterburners: 4.29 s, again after 20 s, 14.3 s of it a cooldown with the upgrade (Liquipedia, "Ignite Afterburners").
const BOOST_LOOPS: u32 = 96;
const BOOST_COOLDOWN_LOOPS: u32 = 448;
const BOOST_COOLDOWN_FAST_LOOPS: u32 = 320;
/// Medivacs give 12.6 life a second at speed Normal for a third of that in energy, within 4 cells (Liquipedia, "Heal").
const HEAL_PER_LOOP: f32 = 12.6 / 22.4;
const HEAL_PER_ENERGY: f32 = 3.0;
const HEAL_RANGE: f32 = 4.0;
const HEAL_LOOK: f32 = 6.0;

/// Life that stim takes.
pub(super) fn stim_cost(id: UnitTypeId) -> f32 {
    if id == u::MARAUDER { 20.0 } else { 10.0 }
}

/// Carries out an instant ability that has been checked.
pub(super) fn cast(state: &mut State, slot: usize, offer: &Offer, aim: Aim) -> bool {
    match offer.act {
        Act::Stim => stim(state, slot),
        Act::CloakOn => set_cloak(state, slot, true),
        Act::CloakOff => set_cloak(state, slot, false),
        Act::Boost => boost(state, slot),
        Act::Mule | Act::Scan | Act::SupplyDrop => orbital(state, slot, offer.act, aim),
        _ => return false,
    }
    true
}

fn stim(state: &mut State, slot: usize) {
    let unit = &mut state.units[slot];
    let marauder = unit.type_id == u::MARAUDER;
    unit.life -= stim_cost(unit.type_id);
    let buff = if marauder {
        buffs::STIM_MARAUDER
    } else {
        buffs::STIM
    };
    add_buff(state, slot, buff, STIM_LOOPS);
}

fn set_cloak(state: &mut State, slot: usize, on: bool) {
    let unit = &mut state.units[slot];
    unit.cloaked = on;
    let id = if unit.type_id == u::GHOST {
        buffs::GHOST_CLOAK
    } else {
        buffs::BANSHEE_CLOAK
    };
    if on {
        unit.energy -= CLOAK_ENERGY;
        add_buff(state, slot, id, u32::MAX);
    } else {
        super::upgrades::remove_buff(state, slot, id);
    }
}

fn boost(state: &mut State, slot: usize) {
    let p = usize::from(state.units[slot].owner);
    let fast = state.players[p].has(crate::game::data::upgrade_ids::MEDIVAC_INCREASE_SPEED_BOOST);
    let wait = if fast {
        BOOST_COOLDOWN_FAST_LOOPS
    } else {
        BOOST_COOLDOWN_LOOPS
    };
    state.units[slot].boost_at = state.game_loop + wait;
    add_buff(state, slot, buffs::MEDIVAC_BOOST, BOOST_LOOPS);
}

fn orbital(state: &mut State, slot: usize, act: Act, aim: Aim) {
    state.units[slot].energy -= super::legal::ORBITAL_CAST_ENERGY;
    let owner = state.units[slot].owner;
    match (act, aim) {
        (Act::Scan, Aim::Point(at)) => {
            let until = state.game_loop + SCAN_LOOPS;
            state.effects.push(Effect {
                id: SCAN,
                owner,
                pos: at,
                radius: SCAN_RADIUS,
                until,
                reveals: true,
            });
        }
        (Act::SupplyDrop, Aim::Unit(depot)) => {
            let slot = depot.slot();
            super::death::count_unit(state, slot, -1);
            state.units[slot].extra_supply = true;
            super::death::count_unit(state, slot, 1);
        }
        (_, aim) => call_mule(state, owner, aim),
    }
}

fn call_mule(state: &mut State, owner: u8, aim: Aim) {
    let (at, field) = match aim {
        Aim::Unit(field) => match state.get(field) {
            Some(it) => (beside(state, it.me), Some(field)),
            None => return,
        },
        Aim::Point(at) => (at, None),
        Aim::None => return,
    };
    let Some(me) = state.spawn(u::MULE, owner, at) else {
        return;
    };
    let expires = state.game_loop + MULE_LOOPS;
    let unit = &mut state.units[me.slot()];
    unit.expires = expires;
    if let Some(field) = field {
        let gather = economy::gather_ability(unit);
        unit.orders
            .push(Order::new(OrderKind::Gather, gather, Aim::Unit(field)));
    }
}

/// The side of a field that faces the nearest town hall.
fn beside(state: &State, field: UnitRef) -> Point {
    let it = &state.units[field.slot()];
    let is_hall = |h: &Unit| h.data.is_townhall && h.build_left <= 0.0;
    let hall = state.nearest(it.pos, f32::INFINITY, is_hall);
    let toward = hall.map_or(it.pos + Point::new(0.0, -1.0), |h| {
        state.units[h.slot()].pos
    });
    it.pos.toward(toward, it.radius + 0.5)
}

/// Energy, buffs that end, cloak that runs dry, lives that are over.
pub(super) fn upkeep(state: &mut State, slot: usize) {
    let now = state.game_loop;
    let unit = &mut state.units[slot];
    if now >= unit.expires {
        let (me, owner) = (unit.me, unit.owner);
        state.alert(owner, Alert::MuleExpired);
        state.kill(me);
        return;
    }
    if unit.energy_max > 0.0 && unit.build_left <= 0.0 {
        unit.energy = (unit.energy + ENERGY_PER_LOOP).min(unit.energy_max);
        if unit.cloaked {
            unit.energy -= CLOAK_DRAIN;
            if unit.energy <= 0.0 {
                unit.energy = 0.0;
                set_cloak(state, slot, false);
            }
        }
    }
    let unit = &mut state.units[slot];
    if unit.buffs.iter().any(|b| now >= b.until) {
        unit.buffs.retain(|b| now < b.until);
        super::upgrades::refresh_unit(state, slot);
    }
}

/// First order is to heal one unit, or to go and heal along the way.
pub(super) fn heal(state: &mut State, slot: usize, aim: Aim) -> Step {
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
            super::orders::go(state, slot, aim, Stance::Passive)
        }
    }
}

/// Heals who is hurt nearby, of its own accord; `ordered` even with autocast off. False if there is nobody.
pub(super) fn heal_nearby(state: &mut State, slot: usize, ordered: bool) -> bool {
    let unit = &state.units[slot];
    if !(unit.autocast || ordered) || unit.energy < 1.0 {
        return false;
    }
    let mut patient = unit.target;
    let still = state.get(patient).is_some_and(|t| {
        super::legal::can_heal(unit, t) && t.pos.distance(unit.pos) <= HEAL_LOOK + unit.radius
    });
    if !still {
        // A new patient is looked for now and then only.
        if !(state.game_loop + slot as u32).is_multiple_of(4) {
            return false;
        }
        let at = unit.pos;
        let reach = HEAL_LOOK + unit.radius;
        let found = state.nearest_own(unit.owner, at, reach, |t| {
            super::legal::can_heal(unit, t) && t.pos.distance(at) <= reach
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
    if !super::legal::can_heal(me, target) || me.energy <= 0.2 {
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
