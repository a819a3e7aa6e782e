//! A map out of a capture: the game's `ResponseGameInfo` and the first `ResponseObservation` of a melee game.
//!
//! The pathing grid of a running game shows what stands on the map; here the terrain below is restored, so that the
//! simulator can put town halls, fields and rocks there itself.

use super::capture::{self, CaptureError};
use super::convert::{self, ConvertError};
use super::proto::{ResponseGameInfo, ResponseObservation};
use crate::game::data::neutral::{self, NeutralKind};
use crate::game::{
    Alliance, Destructible, MapData, Point, RawObservation, RawUnit, ResourceNode, UnitTypeId,
};
use crate::sim::maps::{self, MapFault};
use std::path::Path;

/// A later observation is no start of a game.
const FIRST_LOOP_MAX: u32 = 16;
const WORKERS_MAX: usize = 12;
/// Command center, hatchery, nexus.
const TOWN_HALLS: [u16; 3] = [18, 86, 59];
const WORKERS: [u16; 3] = [45, 104, 84];
/// Larva, overlord.
const COMPANIONS: [u16; 2] = [151, 106];

/// Why a capture gives no map.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error(transparent)]
    Capture(#[from] CaptureError),
    #[error("the capture cannot be used")]
    Convert(#[from] ConvertError),
    #[error("the observation is not the first of a melee game: {0}")]
    NotFirst(NotFirst),
    #[error("the observation shows no mineral fields")]
    NoResources,
    #[error("the map {name} cannot be played on")]
    Unplayable {
        name: String,
        #[source]
        fault: MapFault,
    },
}

/// What shows that a game is under way.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotFirst {
    #[error("it is of game loop {0}")]
    Loop(u32),
    #[error("the player has {0} town halls, not one")]
    TownHalls(usize),
    #[error("the player has {0} workers")]
    Workers(usize),
    #[error("the player already has units of type {0}")]
    OtherUnits(u16),
    #[error("it shows units of the opponent")]
    Enemies,
}

/// A map made from a capture.
#[derive(Clone, Debug, PartialEq)]
pub struct Imported {
    pub map: MapData,
    /// Neutral unit types that stand on the map and mean nothing to this program, ascending; they were left out.
    pub left_out: Vec<UnitTypeId>,
}

/// Reads both files (plain or gzip) and makes the map.
///
/// # Errors
/// If a file cannot be read or is another message, or as [`import`].
pub fn import_files(game_info: &Path, observation: &Path) -> Result<Imported, ImportError> {
    let info = capture::read_game_info(game_info)?;
    let first = capture::read_observation(observation)?;
    import(&info, &first)
}

/// Makes a map from a game's info and its first observation.
///
/// # Errors
/// If a message lacks what is needed, the observation is not the first of a melee game, or the map is faulty.
pub fn import(
    info: &ResponseGameInfo,
    first: &ResponseObservation,
) -> Result<Imported, ImportError> {
    let terrain = convert::terrain(info)?;
    let size = (terrain.pathing.width(), terrain.pathing.height());
    let mut raw = RawObservation::default();
    convert::observation(first, size, terrain.is_old_format, &mut raw)?;
    let own_start = check_first(&raw).map_err(ImportError::NotFirst)?;
    let mut map = terrain.into_bare_map();
    map.start_locations.insert(0, own_start);
    let left_out = add_neutrals(&raw, &mut map);
    if map.resources.is_empty() {
        return Err(ImportError::NoResources);
    }
    restore_terrain(&mut map);
    map.expansions = maps::expansions::find(&map);
    match maps::validate(&map) {
        Ok(()) => Ok(Imported { map, left_out }),
        Err(fault) => Err(ImportError::Unplayable {
            name: map.name,
            fault,
        }),
    }
}

/// The own town hall's place, if the observation is one of a melee game's first loops.
fn check_first(raw: &RawObservation) -> Result<Point, NotFirst> {
    if raw.game_loop > FIRST_LOOP_MAX {
        return Err(NotFirst::Loop(raw.game_loop));
    }
    if raw.units.iter().any(|u| u.alliance == Alliance::Enemy) {
        return Err(NotFirst::Enemies);
    }
    let own = || raw.units.iter().filter(|u| u.alliance == Alliance::Own);
    let is = |types: &[u16], u: &&RawUnit| types.contains(&u.unit_type.0);
    let halls: Vec<Point> = own()
        .filter(|u| is(&TOWN_HALLS, u))
        .map(|u| u.pos)
        .collect();
    let [start] = halls[..] else {
        return Err(NotFirst::TownHalls(halls.len()));
    };
    let workers = own().filter(|u| is(&WORKERS, u)).count();
    if !(1..=WORKERS_MAX).contains(&workers) {
        return Err(NotFirst::Workers(workers));
    }
    let known = |u: &&RawUnit| is(&TOWN_HALLS, u) || is(&WORKERS, u) || is(&COMPANIONS, u);
    match own().find(|u| !known(u)) {
        Some(other) => Err(NotFirst::OtherUnits(other.unit_type.0)),
        None => Ok(start),
    }
}

/// Puts resources, rocks, plates and towers on the map; the types that are none of these are the answer.
fn add_neutrals(raw: &RawObservation, map: &mut MapData) -> Vec<UnitTypeId> {
    let mut left_out = Vec::new();
    for unit in raw.units.iter().filter(|u| u.alliance == Alliance::Neutral) {
        match neutral::find(unit.unit_type) {
            Some(row) if row.kind.is_resource() => map.resources.push(ResourceNode {
                unit_type: unit.unit_type,
                pos: unit.pos,
                contents: contents(unit, row),
            }),
            Some(row) if row.kind != NeutralKind::Scenery => map.destructibles.push(Destructible {
                unit_type: unit.unit_type,
                pos: unit.pos,
                radius: unit.radius,
                health: row.health,
            }),
            _ => left_out.push(unit.unit_type),
        }
    }
    left_out.sort();
    left_out.dedup();
    left_out
}

/// What a resource holds: as seen, or for a snapshot by its type.
fn contents(unit: &RawUnit, row: &neutral::NeutralData) -> u32 {
    match unit.mineral_contents.max(unit.vespene_contents) {
        0 => row.contents,
        seen => seen,
    }
}

/// Makes walkable what the start's town hall, resources and rocks block.
fn restore_terrain(map: &mut MapData) {
    let hall = neutral::Footprint::Rect(5, 5);
    let resources = map.resources.iter().map(|r| (r.unit_type, r.pos));
    let rocks = map.destructibles.iter().map(|d| (d.unit_type, d.pos));
    let footprint = |id| neutral::find(id).map_or(neutral::Footprint::None, |n| n.footprint);
    let covered: Vec<(i32, i32)> = resources
        .chain(rocks)
        .map(|(id, pos)| (footprint(id), pos))
        .chain(map.start_locations.iter().map(|p| (hall, *p)))
        .flat_map(|(footprint, pos)| footprint.cells(pos))
        .collect();
    for (x, y) in covered {
        map.pathing.set(x, y, true);
    }
}
