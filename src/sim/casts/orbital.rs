//! What an orbital command calls down: scans, supply drops, MULEs.

use super::events::{self, What};
use crate::game::data::unit_ids as u;
use crate::game::{EffectId, Point};
use crate::sim::ability::Act;
use crate::sim::order::{Aim, Order, OrderKind};
use crate::sim::state::{Effect, State};
use crate::sim::unit::UnitRef;
use crate::sim::{death, economy, legal};

/// A MULE lives 90 s (MULETimedLife) from when its pod has come down; in recorded games it dies 1506 to 1510 loops after the call.
const MULE_LOOPS: u32 = 1440;
const MULE_POD_LOOPS: u32 = 68;
/// A scan: radius 13, 12.2775 s (effect ScannerSweep).
const SCAN_RADIUS: f32 = 13.0;
const SCAN_LOOPS: u32 = 196;
pub(super) const SCAN: EffectId = EffectId(6);
/// Supply drop: 8 more, for good.
pub const EXTRA_SUPPLY_HALVES: u32 = 16;
/// The pod is on its way for 4 s (SupplyDropEnRoute).
const POD_LOOPS: u32 = 64;

pub(super) fn call(state: &mut State, slot: usize, act: Act, aim: Aim) {
    state.units[slot].energy -= legal::ORBITAL_CAST_ENERGY;
    let (me, owner) = (state.units[slot].me, state.units[slot].owner);
    match (act, aim) {
        (Act::Scan, Aim::Point(at)) => {
            let until = state.game_loop + SCAN_LOOPS;
            state.effects.push(Effect {
                id: SCAN,
                owner,
                pos: at,
                radius: SCAN_RADIUS,
                until,
                sight: SCAN_RADIUS,
                detects: true,
                source: UnitRef::NONE,
            });
        }
        (Act::SupplyDrop, Aim::Unit(depot)) => {
            events::send(state, What::Pod, POD_LOOPS, me, Aim::Unit(depot));
        }
        (_, aim) => call_mule(state, owner, aim),
    }
}

/// Whether a supply pod is on its way to the depot.
pub(in crate::sim) fn awaits_pod(state: &State, depot: UnitRef) -> bool {
    state
        .events
        .iter()
        .any(|e| e.what == What::Pod && e.to == depot)
}

/// The pod has come down.
pub(super) fn land_pod(state: &mut State, depot: UnitRef) {
    if state.get(depot).is_none_or(|it| it.extra_supply) {
        return;
    }
    let slot = depot.slot();
    death::count_unit(state, slot, -1);
    state.units[slot].extra_supply = true;
    death::count_unit(state, slot, 1);
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
    let lands = state.game_loop + MULE_POD_LOOPS;
    let unit = &mut state.units[me.slot()];
    unit.expires = lands + MULE_LOOPS;
    unit.sleep(lands);
    if let Some(field) = field {
        let gather = economy::gather_ability(unit);
        unit.orders
            .push(Order::new(OrderKind::Gather, gather, Aim::Unit(field)));
    }
}

/// The side of a field that faces the nearest town hall.
fn beside(state: &State, field: UnitRef) -> Point {
    let it = &state.units[field.slot()];
    let hall = state.nearest(it.pos, f32::INFINITY, |h| {
        h.data.is_townhall && h.build_left <= 0.0
    });
    let toward = hall.map_or(it.pos + Point::new(0.0, -1.0), |h| {
        state.units[h.slot()].pos
    });
    it.pos.toward(toward, it.radius + 0.5)
}
