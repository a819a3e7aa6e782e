//! Badly damaged Terran structures burn until they fall or somebody repairs them.

use super::events::{Event, What};
use crate::game::Race;
use crate::game::data::unit_ids as u;
use crate::sim::score;
use crate::sim::state::State;
use crate::sim::unit::{Unit, UnitRef};

/// Below a third of its life a structure loses a point each 0.3332 s (TerranBuildingBurnDown): 3 in 16 loops.
const WAITS: [u32; 3] = [5, 6, 5];

fn is_low(unit: &Unit) -> bool {
    unit.life * 3.0 < unit.life_max
}

/// Sets a structure on fire if it is as badly off as that.
pub(in crate::sim) fn ignite(state: &mut State, me: UnitRef) {
    let Some(unit) = state.get(me) else { return };
    let burns = is_low(unit)
        && unit.data.is_structure
        && unit.data.race == Race::Terran
        && unit.type_id != u::KD8_CHARGE
        && unit.build_left <= 0.0
        && unit.owner < 2;
    let on_fire = |e: &Event| matches!(e.what, What::Burn(_)) && e.to == me;
    if !burns || state.events.iter().any(on_fire) {
        return;
    }
    let (owner, at) = (unit.owner, unit.pos);
    state.events.push(Event {
        what: What::Burn(0),
        due: state.game_loop + WAITS[0],
        from: UnitRef::NONE,
        owner,
        to: me,
        at,
    });
}

/// A point of life goes up in flames.
pub(super) fn burn(state: &mut State, event: &Event, step: u8) {
    let now = state.game_loop;
    let Some(unit) = state.get_mut(event.to).filter(|unit| is_low(unit)) else {
        return;
    };
    unit.life -= 1.0;
    if unit.life <= 0.0 {
        score::killed(state, UnitRef::NONE, event.to);
        state.kill(event.to);
        return;
    }
    let step = (step + 1) % 3;
    state.events.push(Event {
        what: What::Burn(step),
        due: now + WAITS[usize::from(step)],
        ..*event
    });
}
