//! Where structures may stand.

use super::grid::{footprint, footprint_at, snap};
use super::neutral::{self, NeutralKind};
use super::state::{State, is_gas_structure};
use super::unit::{NEUTRAL, Unit, UnitRef};
use crate::game::data::{self, unit_ids as u};
use crate::game::{ActionResult, Point, UnitTypeId};

/// Add-ons stand at this offset from their host.
pub const ADD_ON_OFFSET: Point = Point::new(2.5, -0.5);

/// The center a structure of this type takes if ordered at `at`.
pub fn snapped(id: UnitTypeId, at: Point) -> Point {
    data::unit(id).map_or(at, |row| snap(row.footprint, at))
}

/// Whether a structure may be put up (or landed) at `at`, as far as the player knows: what stands there unseen does not
/// count against it. `ignore` is the unit that is going to stand there.
pub fn check_known(
    state: &State,
    player: usize,
    id: UnitTypeId,
    at: Point,
    ignore: UnitRef,
) -> ActionResult {
    check_cells(state, player, id, at, ignore, true)
}

/// Whether a structure can really be put up (or landed) at `at`, now that somebody is there to try.
pub fn check(
    state: &State,
    player: usize,
    id: UnitTypeId,
    at: Point,
    ignore: UnitRef,
) -> ActionResult {
    check_cells(state, player, id, at, ignore, false)
}

fn check_cells(
    state: &State,
    player: usize,
    id: UnitTypeId,
    at: Point,
    ignore: UnitRef,
    known_only: bool,
) -> ActionResult {
    let Some(row) = data::unit(id) else {
        return ActionResult::NotSupported;
    };
    let at = snap(row.footprint, at);
    let rect = footprint_at(row.footprint, at);
    for y in rect.y0..rect.y1 {
        for x in rect.x0..rect.x1 {
            let inside = state
                .map
                .playable
                .contains(Point::new(x as f32 + 0.5, y as f32 + 0.5));
            if !inside || state.map.placement.get(x, y) != Some(true) {
                return ActionResult::CantBuildLocationInvalid;
            }
            let free = state.blocked.build.get(x, y) == Some(0);
            let passes = free || (known_only && only_unknown(state, player, x, y));
            if !passes {
                return ActionResult::CantBuildOnThat;
            }
            if row.is_townhall && state.blocked.near_resource.get(x, y) != Some(0) {
                return ActionResult::CantBuildTooCloseToResources;
            }
        }
    }
    let half = Point::new(
        f32::from(row.footprint.0) / 2.0,
        f32::from(row.footprint.1) / 2.0,
    );
    let in_the_way = state.living().any(|unit| {
        stands_in_way(unit, player, ignore) && {
            let d = unit.pos - at;
            d.x.abs() < half.x + unit.radius * 0.7 && d.y.abs() < half.y + unit.radius * 0.7
        }
    });
    if in_the_way {
        return ActionResult::CantBuildLocationInvalid;
    }
    ActionResult::Success
}

/// Whether nothing that the player knows of stands on a cell: only enemy structures never seen.
fn only_unknown(state: &State, player: usize, x: i32, y: i32) -> bool {
    let center = Point::new(x as f32 + 0.5, y as f32 + 0.5);
    let on_it =
        |unit: &&Unit| !unit.flying && footprint(unit).is_some_and(|rect| rect.contains(center));
    let memory = &state.players[player].sight.snapshots;
    state.living().filter(on_it).all(|unit| {
        let own = usize::from(unit.owner) == player || unit.owner == NEUTRAL;
        let seen = unit.seen_by & Unit::bit(player) != 0;
        !own && !seen && !memory.iter().any(|s| s.unit == unit.me)
    })
}

/// Enemy ground units in view block; one's own are told to step aside when the work begins.
fn stands_in_way(unit: &Unit, player: usize, ignore: UnitRef) -> bool {
    !unit.flying
        && !unit.inside
        && !unit.data.is_structure
        && unit.owner != NEUTRAL
        && usize::from(unit.owner) != player
        && unit.me != ignore
        && unit.seen_by & Unit::bit(player) != 0
        && (!unit.cloaked || unit.detected_by & Unit::bit(player) != 0)
}

/// Whether a gas structure may be put on `geyser`.
pub fn check_geyser(state: &State, geyser: UnitRef) -> ActionResult {
    let Some(unit) = state.get(geyser) else {
        return ActionResult::MustTargetUnit;
    };
    match neutral::kind(unit.type_id) {
        NeutralKind::Geyser | NeutralKind::RichGeyser if unit.owner == NEUTRAL => {}
        _ => return ActionResult::CantTargetThatUnit,
    }
    let taken = state
        .living()
        .any(|it| is_gas_structure(it) && it.geyser == geyser);
    if taken {
        ActionResult::CantBuildOnThat
    } else {
        ActionResult::Success
    }
}

/// Where the add-on of a host at `host` would stand.
pub fn add_on_place(host: Point) -> Point {
    host + ADD_ON_OFFSET
}

/// Whether an add-on fits beside a host that stands (or will land) at `host`.
pub fn check_add_on(state: &State, player: usize, host: Point, me: UnitRef) -> ActionResult {
    match check_known(state, player, u::TECH_LAB, add_on_place(host), me) {
        ActionResult::Success => ActionResult::Success,
        _ => ActionResult::CantFindPlacementLocation,
    }
}
