//! Fog of war: which cells each player sees, which units, and what it remembers.
//!
//! Invariant: a unit that stands on a cell its opponent has not in view is not in `seen_by`, and so in nobody's
//! observation but its owner's. A player's [`Sight`] depends on nothing that this player does not see.
//!
//! Flow: every [`REFRESH_LOOPS`] loops both fogs are drawn anew from all sight circles (`fog`: bit rows, so that a
//! circle costs tens of operations); every loop the units that move are looked up in them. Structures, resources and
//! rocks that pass out of view leave a [`Snapshot`], which stays until its place is seen again.
//!
//! Left out: what blocks sight on one level (smoke, trees).

pub mod fog;
#[cfg(test)]
mod tests;

use super::state::State;
use super::unit::{NEUTRAL, Unit, UnitRef};
use crate::game::{Grid, Point, UnitTypeId};
use fog::{Fog, Heights, Spot};
use std::sync::Arc;

/// Game loops between two looks of everybody at everything.
pub const REFRESH_LOOPS: u32 = 4;
/// Game loops between two drawings of what structures and workers at mining see.
const BASE_LOOPS: u32 = 16;
/// What a dead viewer saw stays in view for this long.
const LINGER_LOOPS: u32 = 60;
/// Structures under construction see this far around their edge.
const SITE_SIGHT: f32 = 2.0;

/// A structure, resource or rock as a player last saw it.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    pub unit: UnitRef,
    pub type_id: UnitTypeId,
    pub owner: u8,
    pub pos: Point,
    pub facing: f32,
    pub radius: f32,
    pub progress: f32,
    pub flying: bool,
}

/// Where somebody looked from who is dead now.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Afterglow {
    pub pos: Point,
    pub sight: f32,
    pub flying: bool,
    /// Game loop from which it is gone.
    pub until: u32,
}

/// What one player sees and remembers.
#[derive(Clone, Debug)]
pub struct Sight {
    pub fog: Fog,
    /// Remembered things that are out of view now.
    pub snapshots: Vec<Snapshot>,
    pub afterglow: Vec<Afterglow>,
    /// Changes when the steady viewers do.
    base_stamp: u64,
}

impl Sight {
    pub fn new(heights: &Arc<Heights>) -> Sight {
        Sight {
            fog: Fog::new(heights.clone()),
            snapshots: Vec::new(),
            afterglow: Vec::new(),
            base_stamp: 0,
        }
    }

    /// Whether the place is in view now.
    pub fn sees(&self, at: Point) -> bool {
        self.fog.sees(at)
    }

    /// Writes 0 never seen, 1 seen before, 2 in view, for each cell of the map.
    pub fn write_cells(&self, out: &mut Grid<u8>) {
        self.fog.write_to(out);
    }
}

/// Brings `Player::sight`, `Unit::seen_by` and `Unit::detected_by` up to date.
pub fn run(state: &mut State) {
    let refresh = state.game_loop % REFRESH_LOOPS == 1 || state.game_loop == 0;
    if refresh {
        for p in 0..2 {
            draw(state, p);
        }
    }
    look(state, refresh);
    detect(state);
}

/// Draws a player's fog anew.
fn draw(state: &mut State, p: usize) {
    let (now, first) = (state.game_loop, state.first_player());
    let (player, units, order) = (&mut state.players[p], &state.units, &state.order[first..]);
    let sight = &mut player.sight;
    sight.afterglow.retain(|a| now < a.until);
    if player.sees_all {
        sight.fog.reveal_all();
        sight.fog.settle();
        return;
    }
    draw_base(sight, units, order, p, now);
    for &slot in order {
        let unit = &units[usize::from(slot)];
        if usize::from(unit.owner) == p && unit.alive && !unit.inside && !is_steady(unit) {
            sight.fog.look(unit.pos, sight_range(unit), unit.flying);
        }
    }
    for a in &sight.afterglow {
        sight.fog.look(a.pos, a.sight, a.flying);
    }
    for effect in &state.effects {
        if effect.reveals && usize::from(effect.owner) == p && now < effect.until {
            sight.fog.look(effect.pos, effect.radius, true);
        }
    }
    sight.fog.settle();
}

/// Viewers that need not be drawn anew each time: structures on the ground, and workers at mining.
fn is_steady(unit: &Unit) -> bool {
    (unit.data.is_structure && !unit.flying) || unit.phasing
}

/// Begins the drawing with the steady viewers: as kept, unless a structure came, went or was finished, or it is time.
fn draw_base(sight: &mut Sight, units: &[Unit], order: &[u16], p: usize, now: u32) {
    let own = order
        .iter()
        .map(|&slot| &units[usize::from(slot)])
        .filter(|unit| usize::from(unit.owner) == p && unit.alive && !unit.inside);
    let mut stamp = u64::from(now / BASE_LOOPS);
    for unit in own.clone().filter(|unit| unit.data.is_structure) {
        let state = u64::from(unit.flying) << 1 | u64::from(unit.build_left > 0.0);
        stamp = (stamp ^ (u64::from(unit.me.0) << 2 | state)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
    if stamp == sight.base_stamp {
        sight.fog.restore_base();
        return;
    }
    sight.base_stamp = stamp;
    sight.fog.clear();
    for unit in own.filter(|unit| is_steady(unit)) {
        sight.fog.look(unit.pos, sight_range(unit), unit.flying);
    }
    sight.fog.keep_base();
}

/// How far a unit sees now, in cells.
pub fn sight_range(unit: &Unit) -> f32 {
    if unit.data.is_structure && unit.build_left > 0.0 {
        unit.radius + SITE_SIGHT
    } else {
        unit.data.sight
    }
}

/// Notes which units each player has in view, and remembers what passes out of it. Between two drawings of the fog only
/// what moves can come or go.
fn look(state: &mut State, all: bool) {
    if !all {
        for owner in 0..2 {
            // Combat has listed this loop's units; who has come since is looked at in the next loop.
            for entry in state.space.all(owner) {
                if !entry.structure || entry.flying {
                    let unit = &mut state.units[usize::from(entry.slot)];
                    let sight = &mut state.players[1 - owner].sight;
                    let spot = sight.fog.spot(unit.pos);
                    look_at(unit, spot, 1 - owner, sight);
                }
            }
        }
        return;
    }
    for player in &mut state.players {
        let Sight { fog, snapshots, .. } = &mut player.sight;
        snapshots.retain(|s| !fog.sees(s.pos));
    }
    for &slot in &state.order {
        let unit = &mut state.units[usize::from(slot)];
        let spot = state.players[0].sight.fog.spot(unit.pos);
        for (p, player) in state.players.iter_mut().enumerate() {
            if usize::from(unit.owner) != p {
                look_at(unit, spot, p, &mut player.sight);
            }
        }
    }
}

/// Notes whether player `p` has the unit, which stands at `spot`, in view.
#[inline]
fn look_at(unit: &mut Unit, spot: Option<Spot>, p: usize, sight: &mut Sight) {
    let before = unit.seen_by & Unit::bit(p) != 0;
    let in_view = spot.is_some_and(|spot| sight.fog.sees_spot(spot));
    let seen = in_view && unit.alive && !unit.inside;
    if seen == before {
        return;
    }
    unit.seen_by ^= Unit::bit(p);
    remember(unit, seen, sight);
}

/// A structure, resource or rock has come into view or passed out of it.
fn remember(unit: &Unit, seen: bool, sight: &mut Sight) {
    if unit.owner != NEUTRAL && !unit.data.is_structure {
        return;
    }
    sight.snapshots.retain(|s| s.unit != unit.me);
    if !seen {
        sight.snapshots.push(snapshot_of(unit));
    }
}

/// Finds which cloaked units stand within an opponent's detection.
fn detect(state: &mut State) {
    for i in state.first_player()..state.order.len() {
        let slot = usize::from(state.order[i]);
        if !state.units[slot].cloaked {
            continue;
        }
        let enemy = 1 - state.units[slot].owner;
        let bit = Unit::bit(usize::from(enemy));
        let found = detected(state, slot, enemy);
        let unit = &mut state.units[slot];
        unit.detected_by = if found { bit } else { 0 };
    }
}

fn detected(state: &State, slot: usize, by: u8) -> bool {
    let unit = &state.units[slot];
    let scanned = state.effects.iter().any(|effect| {
        effect.reveals
            && effect.owner == by
            && effect.pos.distance(unit.pos) <= effect.radius + unit.radius
    });
    scanned
        || state.player_order().iter().any(|&other| {
            let it = &state.units[usize::from(other)];
            let range = it.data.detect_range;
            range > 0.0
                && it.owner == by
                && it.alive
                && !it.inside
                && it.build_left <= 0.0
                && it.pos.distance(unit.pos) <= range + unit.radius
        })
}

/// What a player will remember of a unit it sees now.
pub fn snapshot_of(unit: &Unit) -> Snapshot {
    Snapshot {
        unit: unit.me,
        type_id: unit.type_id,
        owner: unit.owner,
        pos: unit.pos,
        facing: unit.facing,
        radius: unit.radius,
        progress: unit.progress(),
        flying: unit.flying,
    }
}

/// Keeps what a dying unit saw in view for a while.
pub(super) fn linger(state: &mut State, slot: usize) {
    let unit = &state.units[slot];
    if unit.owner >= NEUTRAL || unit.inside {
        return;
    }
    let glow = Afterglow {
        pos: unit.pos,
        sight: sight_range(unit),
        flying: unit.flying,
        until: state.game_loop + LINGER_LOOPS,
    };
    let owner = usize::from(unit.owner);
    state.players[owner].sight.afterglow.push(glow);
}
