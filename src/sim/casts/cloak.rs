//! Who is hidden: cloaked by energy or burrowed, unless something gives it away.

use super::CLOAK_ENERGY;
use crate::game::data::{unit_ids as u, upgrade_ids as g};
use crate::sim::state::State;
use crate::sim::unit::Unit;
use crate::sim::upgrades::{add_buff, buffs, remove_buff};

/// Whether a unit's own cloak is switched on, at work or not.
#[inline]
pub(in crate::sim) fn is_cloaking(unit: &Unit) -> bool {
    !unit.buffs.is_empty()
        && (unit.has_buff(buffs::GHOST_CLOAK) || unit.has_buff(buffs::BANSHEE_CLOAK))
}

/// Switches a ghost's or banshee's cloak on, which costs energy, or off.
pub(super) fn set(state: &mut State, slot: usize, on: bool) {
    let unit = &mut state.units[slot];
    let id = if unit.type_id == u::GHOST {
        buffs::GHOST_CLOAK
    } else {
        buffs::BANSHEE_CLOAK
    };
    unit.cloaked = on;
    if on {
        unit.energy -= CLOAK_ENERGY;
        add_buff(state, slot, id, u32::MAX);
        refresh(state, slot);
    } else {
        remove_buff(state, slot, id);
    }
}

/// Brings `Unit::cloaked` up to date after a buff has come or gone, or a mine has dug in or fired. EMP rounds and the
/// interference matrix keep cloaks from working (SuppressCloak), but not what is under the ground from being there.
pub(in crate::sim) fn refresh(state: &mut State, slot: usize) {
    let unit = &state.units[slot];
    let hidden = match unit.type_id {
        u::GHOST | u::BANSHEE => is_cloaking(unit) && !unit.has_buff(buffs::EMP_DECLOAK),
        u::WIDOW_MINE | u::WIDOW_MINE_BURROWED => unit.is_burrowed() && is_covered(state, unit),
        _ => return,
    };
    let hidden = hidden && !unit.has_buff(buffs::INTERFERENCE_MATRIX);
    let unit = &mut state.units[slot];
    if hidden && !unit.cloaked {
        unit.detected_by = 0;
    }
    unit.cloaked = hidden;
}

/// A mine lies open while it reloads (WidowMineBurrowedCloakingBehavior), unless its owner has drilling claws.
fn is_covered(state: &State, mine: &Unit) -> bool {
    mine.special.ready[0] <= state.game_loop
        || state.players[usize::from(mine.owner)].has(g::DRILL_CLAWS)
}
