//! The raven's auto-turret.

use crate::game::ActionResult;
use crate::game::data::{self, unit_ids as u};
use crate::sim::order::Aim;
use crate::sim::placement;
use crate::sim::state::State;
use crate::sim::unit::UnitRef;

/// AutoTurretTimedLife: 14 s.
const LIFE_LOOPS: u32 = 224;

/// Puts a turret down; it opens fire when it has unfolded, after its build time.
pub(super) fn place(state: &mut State, slot: usize, aim: Aim) {
    let Aim::Point(at) = aim else { return };
    let owner = state.units[slot].owner;
    let p = usize::from(owner);
    if placement::check(state, p, u::AUTO_TURRET, at, UnitRef::NONE) != ActionResult::Success {
        return;
    }
    let Some(turret) = state.spawn(u::AUTO_TURRET, owner, at) else {
        return;
    };
    let now = state.game_loop;
    let unfolds = data::unit(u::AUTO_TURRET).map_or(0, |row| row.build_time as u32);
    let unit = &mut state.units[turret.slot()];
    unit.expires = now + LIFE_LOOPS;
    unit.arms.quiet_until = now + unfolds;
}
