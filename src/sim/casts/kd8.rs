//! KD8 charges: thrown by reapers, they hurt a little and throw everybody back who stands near.

use super::area;
use super::events::{self, Event, What};
use crate::game::data::unit_ids as u;
use crate::game::{Attribute, Point};
use crate::sim::order::Aim;
use crate::sim::state::State;
use crate::sim::unit::Unit;

/// It goes off 2 s after it is thrown (KD8ChargeFate), for 5 within 2 cells, ground only, friend or foe (KD8SearchArea).
const FUSE_LOOPS: u32 = 32;
const DAMAGE: f32 = 5.0;
const RADIUS: f32 = 2.0;
/// Who is thrown back lands 3 cells farther away after 0.9 s (ReaperKD8Knockback, UnitKnockbackMover3).
const THROW_CELLS: f32 = 3.0;
const THROW_LOOPS: u8 = 14;
/// The throw is tried in steps of this many cells: it ends before walls.
const STEP: f32 = 0.25;

pub(super) fn lob(state: &mut State, slot: usize, aim: Aim) {
    let at = match aim {
        Aim::Point(at) => at,
        Aim::Unit(it) => match state.get(it) {
            Some(it) => it.pos,
            None => return,
        },
        Aim::None => return,
    };
    let (me, owner) = (state.units[slot].me, state.units[slot].owner);
    let Some(charge) = state.spawn(u::KD8_CHARGE, owner, at) else {
        return;
    };
    state.units[charge.slot()].seen_by |= Unit::SHELTERED;
    events::send(state, What::Charge, FUSE_LOOPS, me, Aim::Unit(charge));
}

pub(super) fn explode(state: &mut State, event: &Event) {
    let at = event.at;
    for it in area::within(state, at, RADIUS, |it| !it.flying) {
        state.damage(event.from, it, DAMAGE);
        let Some(unit) = state.get(it) else { continue };
        let stays = unit.data.is_structure
            || unit.is_burrowed()
            || unit.data.attributes.has(Attribute::Massive);
        if !stays {
            throw_back(state, it.slot(), at);
        }
    }
    state.kill(event.to);
}

/// Begins a throw away from `center`, as far as the ground allows.
fn throw_back(state: &mut State, slot: usize, center: Point) {
    let pos = state.units[slot].pos;
    let away = pos - center;
    let length = away.length();
    let direction = if length > 1e-3 {
        away * (1.0 / length)
    } else {
        Point::new(0.0, 1.0)
    };
    let mut cells = 0.0;
    while cells + STEP <= THROW_CELLS {
        let (x, y) = (pos + direction * (cells + STEP)).cell();
        if !state.blocked.walkable(&state.map, x, y) {
            break;
        }
        cells += STEP;
    }
    if cells <= 0.0 {
        return;
    }
    let until = state.game_loop + u32::from(THROW_LOOPS);
    let unit = &mut state.units[slot];
    let (me, owner) = (unit.me, unit.owner);
    unit.sleep(until);
    unit.arms.quiet_until = unit.arms.quiet_until.max(until);
    state.events.push(Event {
        what: What::Throw(THROW_LOOPS),
        due: state.game_loop + 1,
        from: me,
        owner,
        to: me,
        at: direction * (cells / f32::from(THROW_LOOPS)),
    });
}

/// A loop of being thrown.
pub(super) fn throw(state: &mut State, event: &Event, left: u8) {
    let Some(unit) = state.get_mut(event.to) else {
        return;
    };
    if unit.inside {
        return;
    }
    unit.pos = unit.pos + event.at;
    unit.post = unit.pos;
    unit.nav.coast.left = 0;
    unit.nav.strayed = true;
    if left > 1 {
        let due = state.game_loop + 1;
        state.events.push(Event {
            what: What::Throw(left - 1),
            due,
            ..*event
        });
    }
}
