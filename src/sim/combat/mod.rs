//! Combat: target choice, weapons, damage. First version: shoots the nearest enemy in range.

use super::state::State;
use super::unit::{Stance, UnitRef};

/// What combat keeps per unit beside `Unit::target` and `Unit::cooldown`.
#[derive(Clone, Default)]
pub struct Arms {}

/// One loop of fighting. Runs after orders and before movement; may set goals to chase.
pub fn run(state: &mut State) {
    for i in 0..state.order.len() {
        let slot = state.order[i] as usize;
        let me = &state.units[slot];
        if me.inside || me.stance == Stance::Passive || me.data.weapons.is_empty() {
            continue;
        }
        let (pos, owner, radius) = (me.pos, me.owner, me.radius);
        let range = me.data.weapons[0].range + radius;
        let mut best: Option<(f32, UnitRef)> = None;
        for &other in &state.order {
            let it = &state.units[other as usize];
            if it.owner == owner || it.owner > 1 || it.inside {
                continue;
            }
            let d = it.pos.distance(pos) - it.radius;
            if d <= range && best.is_none_or(|(b, _)| d < b) {
                best = Some((d, it.me));
            }
        }
        let me = &mut state.units[slot];
        me.cooldown = (me.cooldown - 1.0).max(0.0);
        me.target = best.map_or(UnitRef::NONE, |(_, r)| r);
        if me.target.is_some() && me.cooldown <= 0.0 {
            me.cooldown = me.data.weapons[0].cooldown_loops;
            let weapon = me.data.weapons[0];
            let (target, me) = (me.target, me.me);
            state.damage(me, target, weapon.damage * f32::from(weapon.attacks));
        }
    }
}
