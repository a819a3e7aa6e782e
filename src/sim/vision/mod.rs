//! Fog of war: which cells each player sees, which units, and what it remembers.
//!
//! Invariant: a unit that stands on a cell its opponent has not in view is not in `seen_by`, and so in nobody's
//! observation but its owner's. A player's [`Sight`] depends on nothing that this player does not see, but for a watch tower that an
//! unseen enemy disputes.
//!
//! Flow: every [`REDRAW_LOOPS`] loops a fog is drawn anew from all sight circles (`fog`: bit rows, so that a circle costs
//! tens of operations), every [`REFRESH_LOOPS`] loops the circles are added to it that are new since; every loop the
//! units that move are looked up in it. So sight comes within 4 loops, and goes within 16. Structures, resources and
//! rocks that pass out of view leave a [`Snapshot`], which stays until its place is seen again.
//!
//! Left out: what blocks sight on one level (smoke, trees).

pub mod fog;
#[cfg(test)]
mod tests;
mod towers;

use super::state::State;
use super::unit::{NEUTRAL, Unit, UnitRef};
use crate::game::{Grid, Point, UnitTypeId};
use fog::{Fog, Heights, Spot};
use std::sync::Arc;

/// Game loops between two looks of everybody at what has come into view.
pub const REFRESH_LOOPS: u32 = 4;
/// Game loops between two drawings of a fog from nothing; the players' fall on different loops, to spread the work.
const REDRAW_LOOPS: u32 = 16;
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
    /// Remembered things that are out of view now, by unit.
    pub snapshots: Vec<Snapshot>,
    pub afterglow: Vec<Afterglow>,
}

impl Sight {
    pub fn new(heights: &Arc<Heights>) -> Sight {
        Sight {
            fog: Fog::new(heights.clone()),
            snapshots: Vec::new(),
            afterglow: Vec::new(),
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
    let now = state.game_loop;
    let anew = [0, REDRAW_LOOPS / 2].map(|shift| now == 0 || (now + shift) % REDRAW_LOOPS == 1);
    let refresh = now % REFRESH_LOOPS == 1 || now == 0;
    if refresh {
        draw(state, anew);
    }
    look(state, refresh);
    if anew[0] || anew[1] {
        look_around(state, anew);
    }
    detect(state);
}

/// Draws the fogs: from nothing where `anew`, else what has moved is added.
fn draw(state: &mut State, anew: [bool; 2]) {
    let now = state.game_loop;
    let first = state.first_player();
    for (player, anew) in state.players.iter_mut().zip(anew) {
        if anew {
            let sight = &mut player.sight;
            sight.afterglow.retain(|a| now < a.until);
            sight.fog.clear();
            for a in &sight.afterglow {
                sight.fog.look(a.pos, a.sight, a.flying);
            }
        }
    }
    for &slot in &state.order[first..] {
        let unit = &state.units[usize::from(slot)];
        let p = usize::from(unit.owner);
        // Workers at mining go back and forth, and what cannot move stays: what they see is drawn with the whole.
        let moves = unit.speed > 0.0 && !unit.phasing;
        if unit.alive && !unit.inside && (moves || anew[p]) {
            let fog = &mut state.players[p].sight.fog;
            fog.look_once(unit.pos, sight_range(unit), unit.flying);
        }
    }
    towers::look(state);
    for (p, player) in state.players.iter_mut().enumerate() {
        let fog = &mut player.sight.fog;
        for effect in &state.effects {
            if effect.sight > 0.0 && usize::from(effect.owner) == p && now < effect.until {
                fog.look(effect.pos, effect.sight, true);
            }
        }
        if player.sees_all {
            fog.reveal_all();
        }
        fog.settle();
    }
}

/// How far a unit sees now, in cells.
pub fn sight_range(unit: &Unit) -> f32 {
    if unit.data.is_structure && unit.build_left > 0.0 {
        unit.radius + SITE_SIGHT
    } else {
        unit.data.sight
    }
}

/// Notes which of the other player's units each player has in view, and remembers what passes out of it. Between two
/// drawings of the fog only what moves can come or go.
fn look(state: &mut State, all: bool) {
    for owner in 0..2 {
        let sight = &mut state.players[1 - owner].sight;
        // Combat has listed this loop's units; who has come since is looked at in the next loop.
        for entry in state.space.all(owner) {
            if all || !entry.structure || entry.flying {
                let unit = &mut state.units[usize::from(entry.slot)];
                let spot = sight.fog.spot(unit.pos);
                look_at(unit, spot, 1 - owner, sight);
            }
        }
    }
}

/// After a drawing from nothing also those are looked at that no list has: resources, rocks, and who has just come.
fn look_around(state: &mut State, anew: [bool; 2]) {
    for (p, player) in state.players.iter_mut().enumerate().filter(|it| anew[it.0]) {
        let Sight { fog, snapshots, .. } = &mut player.sight;
        snapshots.retain(|s| !fog.sees(s.pos));
        for &slot in &state.order {
            let unit = &mut state.units[usize::from(slot)];
            if usize::from(unit.owner) != p {
                let spot = player.sight.fog.spot(unit.pos);
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
    let known = &mut sight.snapshots;
    match known.binary_search_by_key(&unit.me, |s| s.unit) {
        Ok(at) if seen => drop(known.remove(at)),
        Ok(at) => known[at] = snapshot_of(unit),
        Err(at) if !seen => known.insert(at, snapshot_of(unit)),
        Err(_) => {}
    }
}

/// Finds which cloaked units stand within an opponent's detection.
fn detect(state: &mut State) {
    for i in 0..state.combat.cloaked.len() {
        let slot = usize::from(state.combat.cloaked[i]);
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
        effect.detects
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
