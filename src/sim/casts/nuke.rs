//! Nuclear missiles: armed in a ghost academy, called down by a ghost that points the place out until they fall.

use super::area;
use super::events::{self, Event, What};
use crate::game::EffectId;
use crate::game::data::unit_ids as u;
use crate::game::raw_obs::Alert;
use crate::sim::order::Aim;
use crate::sim::state::{Effect, State};
use crate::sim::unit::Unit;

/// ArmSiloWithNuke: 60 s; the unit Nuke costs 100 and 100 (the unit table has that as its total).
pub const NUKE_LOOPS: f32 = 960.0;
pub const NUKE_PRICE: (u32, u32) = (100, 100);
/// The API's effect NukeDot with its radius.
const DOT: EffectId = EffectId(7);
const DOT_RADIUS: f32 = 0.5;
/// NukeDetonate: the blast comes 1.25 s after the ghost is done.
const FALL_LOOPS: u32 = 20;
/// NukeDamage: 300, 200 more for structures, in rings of (cells, share); everybody, one's own included. No armor counts.
const DAMAGE: f32 = 300.0;
const DAMAGE_MORE_STRUCTURES: f32 = 200.0;
const RINGS: [(f32, f32); 3] = [(4.0, 1.0), (6.0, 0.5), (8.0, 0.25)];

/// Slot of the player's first ghost academy with a missile in store.
pub(super) fn silo(state: &State, p: usize) -> Option<usize> {
    state
        .players_units()
        .find(|it| usize::from(it.owner) == p && it.special.nukes > 0)
        .map(|it| it.me.slot())
}

/// A silo holds one missile, loaded or being armed.
pub(in crate::sim) fn is_stocked(academy: &Unit) -> bool {
    let armed =
        |job: &crate::sim::order::Job| job.product == crate::sim::order::Product::Unit(u::NUKE);
    academy.special.nukes > 0 || academy.queue.iter().any(armed)
}

/// The ghost begins to point the place out: a missile is on its way, and the enemy is told.
pub(super) fn call(state: &mut State, slot: usize, aim: Aim) {
    let Aim::Point(at) = aim else { return };
    let (me, owner) = (state.units[slot].me, state.units[slot].owner);
    if let Some(silo) = silo(state, usize::from(owner)) {
        state.units[silo].special.nukes -= 1;
    }
    state.effects.push(Effect {
        id: DOT,
        owner,
        pos: at,
        radius: DOT_RADIUS,
        until: u32::MAX,
        sight: 0.0,
        detects: false,
        source: me,
    });
    state.alert(1 - owner, Alert::NuclearLaunchDetected);
}

/// The ghost is done: nothing stops the missile now.
pub(super) fn drop(state: &mut State, slot: usize, aim: Aim) {
    let me = state.units[slot].me;
    state.end_effects_of(me);
    events::send(state, What::NukeFalls, FALL_LOOPS, me, aim);
}

pub(super) fn fall(state: &mut State, event: &Event) {
    let at = event.at;
    for it in area::within(state, at, RINGS[2].0, |_| true) {
        let unit = &state.units[it.slot()];
        let distance = unit.pos.distance(at) - unit.radius;
        let more = if unit.data.is_structure {
            DAMAGE_MORE_STRUCTURES
        } else {
            0.0
        };
        let ring = RINGS.iter().find(|ring| distance <= ring.0);
        state.damage(event.from, it, (DAMAGE + more) * ring.map_or(0.0, |r| r.1));
    }
}
