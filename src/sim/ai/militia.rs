//! Workers who fight, when the army cannot hold the mineral line.

use crate::game::{Target, UnitTag};
use crate::tactics::kinds::ability;
use crate::tactics::{Orders, View, army};
use smallvec::SmallVec;

/// Sends workers against attackers who have reached the mineral line, when the army cannot hold them.
pub fn call(v: &View, out: &mut Orders) {
    let Some(t) = army::threat(v, 7.0) else {
        return;
    };
    let own: f32 = v
        .army()
        .filter(|a| v.home_distance(a.pos) < 20.0)
        .map(army::worth)
        .sum();
    if t.in_air || t.worth < 1.1 * own || t.worth > 1200.0 {
        return;
    }
    let wanted = ((t.worth - own) / 40.0) as usize;
    let called: SmallVec<[UnitTag; 24]> = v
        .workers()
        .filter(|w| w.pos.distance_squared(t.pos) < 200.0 && w.health > 20.0 && !out.uses(w.tag))
        .filter(|w| army::obeys_attack(w, t.pos, 6.0) || w.orders.len() < 2)
        .map(|w| w.tag)
        .take(wanted.min(14))
        .collect();
    out.group(ability::ATTACK, &called, Target::Point(t.pos));
}
