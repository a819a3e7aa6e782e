//! What the API's debug commands do: units out of nothing, deaths, values, gifts, an end. Not part of the rules: a game
//! in which they were used cannot be replayed from its commands.

use super::grid;
use super::neutral::{self, NeutralKind};
use super::placement;
use super::running::Sim;
use super::state::{State, is_gas_structure};
use super::unit::{NEUTRAL, UnitRef};
use crate::game::data::{self, UnitData};
use crate::game::{PlayerId, Point, Race, Rect, UnitTag, UnitTypeId};

/// Units of one command, at most.
pub const CREATE_MAX: u32 = 500;
/// How far from the place asked for a free spot is looked for, in cells.
const SEARCH_CELLS: i32 = 40;

/// Why a debug command cannot be carried out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DebugFault {
    #[error("unit type {} cannot be simulated: Terran only so far", .0.0)]
    UnknownType(UnitTypeId),
    #[error("units can be made for players 1 and 2, not for {0}")]
    UnknownOwner(i32),
    #[error("there is no place for a unit near there, or too many units are in the game")]
    NoRoom,
}

/// A unit's value that can be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vital {
    Energy,
    Life,
    Shields,
}

impl Sim {
    /// Puts finished units on the map, each at the free spot nearest to `at`.
    ///
    /// # Errors
    /// If the type or owner is none the simulator plays, or there is no room; units made before that stay.
    pub fn debug_create(
        &mut self,
        id: UnitTypeId,
        owner: i32,
        at: Point,
        quantity: u32,
    ) -> Result<(), DebugFault> {
        let row = data::unit(id)
            .filter(|row| row.race == Race::Terran)
            .ok_or(DebugFault::UnknownType(id))?;
        let index = match owner {
            1 | 2 => (owner - 1) as u8,
            _ => return Err(DebugFault::UnknownOwner(owner)),
        };
        let state = self.state_mut();
        for _ in 0..quantity.min(CREATE_MAX) {
            let spot = spot_for(state, row, at).ok_or(DebugFault::NoRoom)?;
            let me = state.spawn(id, index, spot).ok_or(DebugFault::NoRoom)?;
            if is_gas_structure(&state.units[me.slot()]) {
                state.units[me.slot()].geyser = geyser_at(state, spot);
            }
        }
        Ok(())
    }

    /// Kills a unit, whoever owns it; a tag that names none does nothing.
    pub fn debug_kill(&mut self, tag: UnitTag) {
        self.state_mut().kill(UnitRef::of_tag(tag));
        self.check_end();
    }

    /// Sets a unit's value, within its limits; life of 0 kills.
    pub fn debug_set(&mut self, tag: UnitTag, vital: Vital, value: f32) {
        let me = UnitRef::of_tag(tag);
        let value = if value.is_finite() { value } else { 0.0 };
        if vital == Vital::Life && value <= 0.0 {
            return self.debug_kill(tag);
        }
        let Some(unit) = self.state_mut().get_mut(me) else {
            return;
        };
        match vital {
            Vital::Energy => unit.energy = value.clamp(0.0, unit.energy_max),
            Vital::Shields => unit.shields = value.clamp(0.0, unit.shields_max),
            Vital::Life => unit.life = value.min(unit.life_max),
        }
    }

    /// Adds to a player's bank.
    pub fn debug_give(&mut self, player: PlayerId, minerals: u32, vespene: u32) {
        let it = &mut self.state_mut().players[usize::from(player.0 == 2)];
        it.minerals = it.minerals.saturating_add(minerals);
        it.vespene = it.vespene.saturating_add(vespene);
    }

    /// Shows or hides the whole map to a player, from the next drawing of its fog on.
    pub fn debug_show_map(&mut self, player: PlayerId) {
        let it = &mut self.state_mut().players[usize::from(player.0 == 2)];
        it.sees_all = !it.sees_all;
    }

    /// Ends the game at once with the defeat of `loser`.
    pub fn debug_end(&mut self, loser: PlayerId) {
        self.state_mut().players[usize::from(loser.0 == 2)].left = true;
        self.check_end();
    }
}

fn geyser_at(state: &State, at: Point) -> UnitRef {
    let found = state.living().find(|it| {
        it.owner == NEUTRAL
            && it.pos.distance_squared(at) < 1.0
            && matches!(
                neutral::kind(it.type_id),
                NeutralKind::Geyser | NeutralKind::RichGeyser
            )
    });
    found.map_or(UnitRef::NONE, |it| it.me)
}

fn spot_for(state: &State, row: &UnitData, at: Point) -> Option<Point> {
    let inside = at.is_finite() && state.map.playable.contains(at);
    if !inside || row.is_flying {
        return inside.then_some(at);
    }
    if row.needs_geyser {
        return geyser_spot(state, at);
    }
    let step = match row.is_structure {
        true => 1.0,
        false => (row.radius * 2.0).max(0.5),
    };
    // Rings of squares around the place, nearest first within a ring.
    (0..=SEARCH_CELLS).find_map(|ring| {
        let mut spots: Vec<Point> = ring_of(ring)
            .map(|(x, y)| at + Point::new(x as f32, y as f32) * step)
            .filter(|&spot| is_free(state, row, spot))
            .collect();
        spots.sort_by(|a, b| a.distance_squared(at).total_cmp(&b.distance_squared(at)));
        let first = *spots.first()?;
        Some(match row.is_structure {
            true => grid::snap(row.footprint, first),
            false => first,
        })
    })
}

fn ring_of(ring: i32) -> impl Iterator<Item = (i32, i32)> {
    (-ring..=ring)
        .flat_map(move |y| (-ring..=ring).map(move |x| (x, y)))
        .filter(move |(x, y)| x.abs().max(y.abs()) == ring)
}

fn geyser_spot(state: &State, at: Point) -> Option<Point> {
    let geysers = state.living().filter(|it| it.owner == NEUTRAL);
    let free = geysers
        .filter(|it| placement::check_geyser(state, it.me) == crate::game::ActionResult::Success);
    let near = |a: &Point, b: &Point| a.distance_squared(at).total_cmp(&b.distance_squared(at));
    free.map(|it| it.pos).min_by(near)
}

fn is_free(state: &State, row: &UnitData, at: Point) -> bool {
    if !state.map.playable.contains(at) {
        return false;
    }
    if !row.is_structure {
        let (x, y) = at.cell();
        let near = |it: &super::unit::Unit| {
            !it.flying && !it.inside && it.pos.distance(at) < it.radius + row.radius
        };
        return state.blocked.walkable(&state.map, x, y) && !state.living().any(near);
    }
    let rect: Rect = grid::footprint_at(row.footprint, grid::snap(row.footprint, at));
    (rect.y0..rect.y1).all(|y| {
        (rect.x0..rect.x1).all(|x| {
            state.map.placement.get(x, y) == Some(true) && state.blocked.build.get(x, y) == Some(0)
        })
    })
}
