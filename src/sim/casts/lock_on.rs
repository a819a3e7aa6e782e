//! Lock on: a cyclone fires at its target over a long distance, on the move, until it is out of reach.

use super::events::{self, Event, What};
use crate::game::Attribute;
use crate::game::data::{self, Spell, unit_ids as u, upgrade_ids as g};
use crate::sim::combat::splash;
use crate::sim::combat::target::{gap, visible_to};
use crate::sim::order::Aim;
use crate::sim::state::State;
use crate::sim::unit::{NEUTRAL, UnitRef};
use crate::sim::upgrades::{add_buff, buffs, remove_buff};

/// LockOnCP: 20 shots, one a second, the first after one.
const SHOT_LOOPS: u16 = 16;
const SHOTS: u16 = 20;
/// CycloneWeaponDamage: 20, armor does not count; the Mag-Field Accelerator adds 20 against armored.
const DAMAGE: f32 = 20.0;
const DAMAGE_MORE_ARMORED: f32 = 20.0;
/// LockOnCasterNearTargetUpgraded: looked at before every shot, from center to center.
const REACH: f32 = 15.0;
/// Cyclones that lock on of their own accord look around this often.
const LOOK_LOOPS: u32 = 4;
/// Radius of the largest thing to lock on to.
const RADIUS_MAX: f32 = 2.75;

pub(super) fn begin(state: &mut State, slot: usize, aim: Aim) {
    let Aim::Unit(to) = aim else { return };
    let unit = &mut state.units[slot];
    unit.special.lock = to;
    // Its own weapon is silent meanwhile (LockOnDisableAttack).
    unit.arms.quiet_until = u32::MAX;
    let me = unit.me;
    add_buff(state, to.slot(), buffs::LOCK_ON, u32::MAX);
    events::send(state, What::Lock(0), 1, me, aim);
}

/// A loop of a lock that has held for `held` loops.
pub(super) fn hold(state: &mut State, event: &Event, held: u16) {
    let held = held + 1;
    let Some(cyclone) = state.get(event.from) else {
        release(state, event.to);
        return;
    };
    if cyclone.special.lock != event.to {
        return; // ended already
    }
    let shot = held.is_multiple_of(SHOT_LOOPS);
    let lost = match state.get(event.to) {
        None => true,
        Some(it) if it.inside || it.is_sheltered() || cyclone.inside => true,
        Some(it) => {
            it.cloaked && !visible_to(it, event.owner)
                || shot && it.pos.distance(cyclone.pos) >= REACH
        }
    };
    if lost {
        end(state, event.from.slot());
        return;
    }
    if shot {
        fire(state, event);
    }
    if held >= SHOT_LOOPS * SHOTS {
        end(state, event.from.slot());
    } else {
        let due = state.game_loop + 1;
        state.events.push(Event {
            what: What::Lock(held),
            due,
            ..*event
        });
    }
}

fn fire(state: &mut State, event: &Event) {
    let armored = state.units[event.to.slot()]
        .data
        .attributes
        .has(Attribute::Armored);
    let better = state.players[usize::from(event.owner)].has(g::CYCLONE_LOCK_ON_DAMAGE_UPGRADE);
    let more = if armored && better {
        DAMAGE_MORE_ARMORED
    } else {
        0.0
    };
    state.damage(event.from, event.to, DAMAGE + more);
    splash::answer(state, event.from, event.to, true);
}

/// The cyclone lets go: its cooldown begins.
pub(super) fn end(state: &mut State, slot: usize) {
    let ready = state.game_loop + data::spell(Spell::LockOn).cooldown;
    let unit = &mut state.units[slot];
    let to = std::mem::take(&mut unit.special.lock);
    unit.special.ready[0] = ready;
    unit.arms.quiet_until = 0;
    release(state, to);
}

/// Takes the mark off the target unless another cyclone has locked on to it.
fn release(state: &mut State, to: UnitRef) {
    if state.get(to).is_some() && !is_locked(state, to) {
        remove_buff(state, to.slot(), buffs::LOCK_ON);
    }
}

fn is_locked(state: &State, to: UnitRef) -> bool {
    state.events.iter().any(|e| {
        matches!(e.what, What::Lock(_))
            && e.to == to
            && state.get(e.from).is_some_and(|c| c.special.lock == to)
    })
}

/// A cyclone with autocast on locks on to the nearest fighter in range that nobody has locked on to: units, and structures
/// that defend (the autocast validators of LockOn).
pub(in crate::sim) fn watch(state: &mut State, slot: usize) {
    let unit = &state.units[slot];
    let now = state.game_loop;
    let idle = unit.special.lock.is_some()
        || unit.special.ready[0] > now
        || unit.arms.quiet_until > now
        || !(now + slot as u32).is_multiple_of(LOOK_LOOPS)
        || super::is_silenced(unit);
    if idle || unit.owner >= NEUTRAL {
        return;
    }
    let range = data::spell(Spell::LockOn).range;
    let mut best: Option<(f32, UnitRef)> = None;
    let enemy = usize::from(1 - unit.owner);
    state
        .space
        .visit(enemy, unit.pos, range + unit.radius + RADIUS_MAX, |entry| {
            let it = &state.units[usize::from(entry.slot)];
            let distance = gap(unit, it);
            let key = (distance, it.me);
            let suits = it.alive
                && !it.inside
                && distance <= range
                && visible_to(it, unit.owner)
                && !it.has_buff(buffs::LOCK_ON)
                && (!it.data.is_structure || defends(it.type_id));
            if suits && best.is_none_or(|b| key < b) {
                best = Some(key);
            }
        });
    if let Some((_, it)) = best {
        begin(state, slot, Aim::Unit(it));
    }
}

fn defends(id: crate::game::UnitTypeId) -> bool {
    matches!(
        id,
        u::BUNKER
            | u::MISSILE_TURRET
            | u::PLANETARY_FORTRESS
            | u::PHOTON_CANNON
            | u::SPINE_CRAWLER
            | u::SPORE_CRAWLER
    )
}
