//! What heals by itself in the field: reapers.

use crate::sim::state::State;

/// Reapers recover once they have not been hurt for 10 s at speed Normal, by 2 life a second (ReaperOutOfCombat, ReaperRegen
/// of the game's data).
const REAPER_CALM_LOOPS: u32 = 160;
const REAPER_LIFE_PER_LOOP: f32 = 0.125;

/// `reapers`: slots of those who lived when the loop began.
pub(super) fn run(state: &mut State, reapers: &[u16]) {
    let now = state.game_loop;
    for &slot in reapers {
        let unit = &mut state.units[usize::from(slot)];
        if !unit.alive || unit.life >= unit.life_max {
            continue;
        }
        if now.saturating_sub(unit.hurt_loop) >= REAPER_CALM_LOOPS {
            unit.life = (unit.life + REAPER_LIFE_PER_LOOP).min(unit.life_max);
        }
    }
}
