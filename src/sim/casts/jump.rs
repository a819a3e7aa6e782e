//! Tactical jump: a battlecruiser leaves at once, and comes out of warp where it was sent, out of everybody's reach.

use crate::sim::order::{Aim, Order};
use crate::sim::state::State;
use crate::sim::unit::Unit;

/// It disappears for 0.6 s, then is in warp at its destination for 4.8 s and comes out for 0.6 s (HyperjumpTeleportOut,
/// HyperjumpTeleport, HyperjumpTeleportIn); 6 s in all.
const OUT_LOOPS: u32 = 10;
const JUMP_LOOPS: u32 = 96;

pub(super) fn begin(state: &mut State, slot: usize) {
    let until = state.game_loop + JUMP_LOOPS;
    let unit = &mut state.units[slot];
    unit.seen_by |= Unit::SHELTERED;
    unit.arms.quiet_until = until;
    unit.clear_goal();
}

/// A loop of the jump: moves the ship when it is time.
pub(super) fn tick(state: &mut State, slot: usize, order: &Order) {
    if state.game_loop + JUMP_LOOPS != order.timer + OUT_LOOPS {
        return;
    }
    let Aim::Point(to) = order.aim else { return };
    let unit = &mut state.units[slot];
    unit.pos = to;
    unit.post = to;
    unit.velocity = Default::default();
    unit.nav = Default::default();
}

pub(super) fn end(state: &mut State, slot: usize) {
    let unit = &mut state.units[slot];
    unit.seen_by &= !Unit::SHELTERED;
    unit.arms.quiet_until = 0;
}
