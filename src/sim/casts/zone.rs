//! A liberator's defender zone: in ground mode it hits only who stands in a circle chosen before.

use super::events::{self, Event, What};
use crate::game::data::{self, Spell, unit_ids as u};
use crate::game::{EffectId, Point};
use crate::sim::combat::target::ZONE_RADIUS;
use crate::sim::morph;
use crate::sim::order::Aim;
use crate::sim::state::{Effect, State};
use crate::sim::unit::UnitRef;

/// The API's effects LiberatorDefenderZoneSetup and LiberatorDefenderZone.
const SETUP: EffectId = EffectId(8);
const ZONE: EffectId = EffectId(9);
/// LiberatorTargetMorphDelayPersistent: 4 s.
const SETUP_LOOPS: u32 = 64;
/// The zone's owner sees what is in it (RevealRadius).
const SIGHT: f32 = 5.5;

fn show(state: &mut State, id: EffectId, source: UnitRef, at: Point) {
    let owner = state.units[source.slot()].owner;
    state.effects.push(Effect {
        id,
        owner,
        pos: at,
        radius: ZONE_RADIUS,
        until: u32::MAX,
        sight: SIGHT,
        detects: false,
        source,
    });
}

/// In range of the place: the zone is marked, and the liberator unfolds.
pub(super) fn begin(state: &mut State, slot: usize, aim: Aim) {
    let Aim::Point(at) = aim else { return };
    let Some(row) = data::unit(u::LIBERATOR_AG) else {
        return;
    };
    let unit = &mut state.units[slot];
    unit.special.zone = at;
    let me = unit.me;
    show(state, SETUP, me, at);
    events::send(state, What::ZoneStands, SETUP_LOOPS, me, aim);
    morph::begin(
        state,
        slot,
        row,
        data::spell(Spell::DefenderZone).ability,
        (0, 0),
    );
}

pub(super) fn stand(state: &mut State, event: &Event) {
    let Some(unit) = state.get(event.from) else {
        return;
    };
    // Folded up again, or aimed elsewhere since.
    let same = state
        .effects
        .iter()
        .any(|e| e.source == event.from && e.id == SETUP && e.pos == event.at);
    let me = unit.me;
    if same {
        state.end_effects_of(me);
        show(state, ZONE, me, event.at);
    }
}

/// Back to the air: the zone is gone at once.
pub(in crate::sim) fn close(state: &mut State, slot: usize) {
    state.end_effects_of(state.units[slot].me);
}
