//! Abilities that cost energy, life or time: spells, what they set going, and what runs by itself.
//!
//! A spell of the table (`game::data::spells`) is an order: [`order`] brings the caster into range, prepares, pays and channels;
//! what follows is a file a family. What takes effect later (a missile on its way, a nuke that falls) is an [`Event`] in
//! `State::events`; every loop those that are due take effect, in the order in which they were set going. Figures that stand
//! here without a source are the game's own data files' of 4.10 (see `game::data::spells`), in loops of 1/16 s.
//!
//! Also here: stimpack, cloaks and afterburners (at once, no order), `orbital` (MULE, scan, supply drop), `heal`, and [`upkeep`].

mod area;
mod burn;
mod check;
mod cloak;
mod events;
mod ghost;
mod heal;
mod jump;
mod kd8;
mod lock_on;
mod mine;
mod missile;
mod nuke;
mod orbital;
mod order;
mod turret;
mod zone;

pub(super) use burn::ignite;
pub(super) use check::check;
pub(super) use cloak::{is_cloaking, refresh as refresh_cloak};
pub(super) use events::run;
pub use events::{Event, What};
pub(super) use heal::{heal, heal_nearby};
pub(super) use lock_on::watch as watch_for_lock;
pub(super) use mine::{burrow_loops, watch as watch_for_prey};
pub(super) use nuke::{NUKE_LOOPS, NUKE_PRICE, is_stocked};
pub(super) use orbital::{EXTRA_SUPPLY_HALVES, awaits_pod};
pub(super) use order::{cancel, holds, is_cancelable, leave, step, take};
pub(super) use zone::close as close_zone;

use super::ability::{Act, Offer};
use super::order::Aim;
use super::state::State;
use super::unit::Unit;
use super::upgrades::{self, add_buff, buffs};
use crate::game::UnitTypeId;
use crate::game::data::{unit_ids as u, upgrade_ids as g};
use crate::game::raw_obs::Alert;

/// Energy a game loop: 0.5625 a second at speed Normal (Liquipedia, "Energy").
pub const ENERGY_PER_LOOP: f32 = 0.035_156_25;
/// Cloak: 25 to switch it on, then 1.4765 a second, regeneration going on (GhostCloak, BansheeCloak).
pub const CLOAK_ENERGY: f32 = 25.0;
const CLOAK_DRAIN: f32 = 1.4765 / 16.0;
/// Stim lasts 15 s (Stimpack).
const STIM_LOOPS: u32 = 240;
/// Afterburners burn for 8 s, again after 20 s, after 13 with high capacity fuel tanks (MedivacSpeedBoost,
/// MedivacIncreaseSpeedBoost).
const BOOST_LOOPS: u32 = 128;
const BOOST_COOLDOWN_LOOPS: u32 = 320;
const BOOST_COOLDOWN_FAST_LOOPS: u32 = 208;

/// Life that stim takes.
pub(super) fn stim_cost(id: UnitTypeId) -> f32 {
    if id == u::MARAUDER { 20.0 } else { 10.0 }
}

/// Under an interference matrix a unit can do nothing but move.
#[inline]
pub(super) fn is_silenced(unit: &Unit) -> bool {
    !unit.buffs.is_empty() && unit.has_buff(buffs::INTERFERENCE_MATRIX)
}

/// Carries out an instant ability that has been checked.
pub(super) fn cast(state: &mut State, slot: usize, offer: &Offer, aim: Aim) -> bool {
    match offer.act {
        Act::Stim => stim(state, slot),
        Act::CloakOn => cloak::set(state, slot, true),
        Act::CloakOff => cloak::set(state, slot, false),
        Act::HoldFire(true) => add_buff(state, slot, buffs::HOLD_FIRE, u32::MAX),
        Act::HoldFire(false) => upgrades::remove_buff(state, slot, buffs::HOLD_FIRE),
        Act::Boost => boost(state, slot),
        Act::Mule | Act::Scan | Act::SupplyDrop => orbital::call(state, slot, offer.act, aim),
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

fn boost(state: &mut State, slot: usize) {
    let p = usize::from(state.units[slot].owner);
    let fast = state.players[p].has(g::MEDIVAC_INCREASE_SPEED_BOOST);
    let wait = if fast {
        BOOST_COOLDOWN_FAST_LOOPS
    } else {
        BOOST_COOLDOWN_LOOPS
    };
    state.units[slot].boost_at = state.game_loop + wait;
    add_buff(state, slot, buffs::MEDIVAC_BOOST, BOOST_LOOPS);
}

/// Energy that a unit has when it has been trained. The Corvid reactor gives a raven 25 more.
pub(super) fn energy_at_birth(state: &State, p: usize, id: UnitTypeId, usual: f32) -> f32 {
    if id == u::RAVEN && state.players[p].has(g::RAVEN_CORVID_REACTOR) {
        usual + 25.0
    } else {
        usual
    }
}

/// Energy, buffs that end, cloak that runs dry, lives that are over.
pub(super) fn upkeep(state: &mut State, slot: usize) {
    let now = state.game_loop;
    let unit = &mut state.units[slot];
    if now >= unit.expires {
        let (me, owner, mule) = (unit.me, unit.owner, unit.type_id == u::MULE);
        if mule {
            state.alert(owner, Alert::MuleExpired);
        }
        state.kill(me);
        return;
    }
    if unit.energy_max > 0.0 && unit.build_left <= 0.0 {
        unit.energy = (unit.energy + ENERGY_PER_LOOP).min(unit.energy_max);
        if unit.cloaked || is_cloaking(unit) {
            unit.energy -= CLOAK_DRAIN;
            if unit.energy <= 0.0 {
                unit.energy = 0.0;
                cloak::set(state, slot, false);
            }
        }
    }
    let unit = &mut state.units[slot];
    if unit.buffs.iter().any(|b| now >= b.until) {
        unit.buffs.retain(|b| now < b.until);
        upgrades::refresh_unit(state, slot);
        cloak::refresh(state, slot);
    }
}
