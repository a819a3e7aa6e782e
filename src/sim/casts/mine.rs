//! Widow mines: dug in, they take aim at whoever comes near and send a missile.

use super::events::{self, Event, What};
use super::{area, cloak};
use crate::game::data::{self, Spell, unit_ids as u, upgrade_ids as g};
use crate::sim::combat::splash;
use crate::sim::combat::target::{gap, visible_to};
use crate::sim::order::{Aim, Order, OrderKind};
use crate::sim::state::State;
use crate::sim::unit::{NEUTRAL, Unit, UnitRef};

/// WidowMineExplodeDirect and WidowMineExplodeSplash: the target, and everybody but structures and one's own mines within
/// 1.75 of it; shields take more. Armor does not count.
const DAMAGE: f32 = 125.0;
const DAMAGE_MORE_SHIELDS: f32 = 35.0;
const SPLASH: f32 = 40.0;
const SPLASH_MORE_SHIELDS: f32 = 25.0;
const SPLASH_RADIUS: f32 = 1.75;
/// The missile rises for about half a second, then flies at 28 cells a second (mover WidowMineWeapon).
const RISE_LOOPS: u32 = 8;
const SPEED: f32 = 28.0;
/// Digging in takes 3 s and coming out 1 s, both up to half a second longer at random: the mean, as the API's data has it.
/// Drilling claws take 2 s off (WidowMineBurrow, WidowMineUnburrow, DrillClaws).
const BURROW_FAST_LOOPS: f32 = 20.0;
const UNBURROW_LOOPS: f32 = 20.0;
/// Mines look around this often.
const LOOK_LOOPS: u32 = 2;
const RADIUS_MAX: f32 = 2.75;

/// Loops that a mine's digging in or out takes, where the unit table does not say.
pub(in crate::sim) fn burrow_loops(state: &State, unit: &Unit) -> Option<f32> {
    match unit.type_id {
        u::WIDOW_MINE if state.players[usize::from(unit.owner)].has(g::DRILL_CLAWS) => {
            Some(BURROW_FAST_LOOPS)
        }
        u::WIDOW_MINE_BURROWED => Some(UNBURROW_LOOPS),
        _ => None,
    }
}

/// A mine with autocast on takes aim at the nearest enemy in range.
pub(in crate::sim) fn watch(state: &mut State, slot: usize) {
    let unit = &state.units[slot];
    let now = state.game_loop;
    let waits = !unit.autocast
        || unit.owner >= NEUTRAL
        || unit.special.ready[0] > now
        || !(now + slot as u32).is_multiple_of(LOOK_LOOPS)
        || super::is_silenced(unit);
    if waits {
        return;
    }
    let row = data::spell(Spell::Sentinel);
    let enemy = usize::from(1 - unit.owner);
    let mut best: Option<(f32, UnitRef)> = None;
    let around = row.range + unit.radius + RADIUS_MAX;
    state.space.visit(enemy, unit.pos, around, |entry| {
        let it = &state.units[usize::from(entry.slot)];
        let key = (gap(unit, it), it.me);
        let suits = it.alive
            && !it.inside
            && !it.data.is_structure
            && key.0 <= row.range
            && visible_to(it, unit.owner);
        if suits && best.is_none_or(|b| key < b) {
            best = Some(key);
        }
    });
    if let Some((_, it)) = best {
        let order = Order::new(OrderKind::Cast(Spell::Sentinel), row.ability, Aim::Unit(it));
        state.units[slot].orders.push(order);
    }
}

/// The missile leaves; the mine lies open until it has loaded another.
pub(super) fn fire(state: &mut State, slot: usize, aim: Aim) {
    let Aim::Unit(to) = aim else { return };
    let unit = &state.units[slot];
    let me = unit.me;
    let distance = state.get(to).map_or(0.0, |it| it.pos.distance(unit.pos));
    let flight = RISE_LOOPS + (distance / SPEED * 16.0) as u32;
    events::send(state, What::Sentinel, flight, me, aim);
    let cooldown = data::spell(Spell::Sentinel).cooldown;
    events::send(state, What::Rearmed, cooldown, me, Aim::None);
    cloak::refresh(state, slot);
}

pub(super) fn explode(state: &mut State, event: &Event) {
    let Some(target) = state.get(event.to).filter(|it| !it.inside) else {
        return; // dead, or away in a transport
    };
    let at = target.pos;
    let owner = event.owner;
    let touched = area::within(state, at, SPLASH_RADIUS, |it| {
        let own_mine =
            it.owner == owner && matches!(it.type_id, u::WIDOW_MINE | u::WIDOW_MINE_BURROWED);
        it.me != event.to && !it.data.is_structure && !own_mine
    });
    strike(state, event.from, event.to, DAMAGE, DAMAGE_MORE_SHIELDS);
    for it in touched {
        strike(state, event.from, it, SPLASH, SPLASH_MORE_SHIELDS);
    }
}

fn strike(state: &mut State, from: UnitRef, to: UnitRef, damage: f32, more: f32) {
    let Some(it) = state.get(to) else { return };
    let on_shields = more.min((it.shields - damage).max(0.0));
    state.damage(from, to, damage + on_shields);
    splash::answer(state, from, to, true);
}
