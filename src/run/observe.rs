//! One captured observation of the real game through the encoder that the agents use.

use crate::action::{Interface, Specs};
use crate::game::{Alliance, GameInfo, PlayerId, Point, RawObservation};
use crate::obs::{Conditioning, Observation, UnitGroup};
use crate::sc2::capture::{self, CaptureError};
use crate::sc2::convert::{self, ConvertError};
use crate::sc2::proto::{ResponseGameInfo, ResponseObservation};
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use xxhash_rust::xxh3::Xxh3;

/// Town halls of three races with their morphs: command center, orbital, planetary fortress, hatchery, lair, hive, nexus.
const TOWN_HALLS: [u16; 7] = [18, 132, 130, 86, 100, 101, 59];

/// Why a capture cannot be encoded.
#[derive(Debug, thiserror::Error)]
pub enum ObserveError {
    #[error(transparent)]
    Capture(#[from] CaptureError),
    #[error("{path} cannot be used")]
    Convert {
        path: PathBuf,
        #[source]
        source: ConvertError,
    },
    #[error("a line of a list is \"GAME_INFO OBSERVATION\", not {0:?}")]
    Line(String),
}

/// Units by whose they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct UnitCounts {
    /// Allies' units included.
    #[serde(rename = "self")]
    pub own: usize,
    pub enemy: usize,
    pub neutral: usize,
}

/// Lengths of the encoded arrays, outermost dimension first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Shapes {
    pub scalars: [usize; 1],
    pub planes: [usize; 3],
    /// `[n_units, features]`.
    #[serde(rename = "self")]
    pub own: [usize; 2],
    pub enemy: [usize; 2],
    pub neutral: [usize; 2],
    pub build_order: [usize; 1],
    /// Words of 64 functions each.
    pub legal_functions: [usize; 1],
}

/// What became of a captured observation.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Observed {
    /// As captured.
    pub units: UnitCounts,
    /// After the encoder's limits.
    pub encoded: UnitCounts,
    pub shapes: Shapes,
    /// Hexadecimal; of all encoded arrays.
    pub hash: String,
}

/// Reads two files, plain or gzip, and encodes the observation.
///
/// # Errors
/// If a file cannot be read, is another message, or lacks the raw interface's data.
pub fn observe_files(
    game_info: &Path,
    observation: &Path,
    specs: &Specs,
) -> Result<Observed, ObserveError> {
    let (game, raw) = read_files(game_info, observation)?;
    Ok(observed(&game, &raw, specs))
}

/// Reads two files, plain or gzip: the game and its only observation that is known.
///
/// # Errors
/// As [`observe_files`].
pub fn read_files(
    game_info: &Path,
    observation: &Path,
) -> Result<(GameInfo, RawObservation), ObserveError> {
    let info = capture::read_game_info(game_info)?;
    let message = capture::read_observation(observation)?;
    let failed = |path: &Path| {
        let path = path.to_path_buf();
        move |source| ObserveError::Convert { path, source }
    };
    let terrain = convert::terrain(&info).map_err(failed(game_info))?;
    converted(&info, terrain, &message).map_err(failed(observation))
}

/// Encodes `message`, the only observation of its game that is known.
///
/// # Errors
/// If the message lacks raw data, or its grids do not fit the terrain.
pub fn observe(
    info: &ResponseGameInfo,
    terrain: convert::Terrain,
    message: &ResponseObservation,
    specs: &Specs,
) -> Result<Observed, ConvertError> {
    let (game, raw) = converted(info, terrain, message)?;
    Ok(observed(&game, &raw, specs))
}

fn converted(
    info: &ResponseGameInfo,
    terrain: convert::Terrain,
    message: &ResponseObservation,
) -> Result<(GameInfo, RawObservation), ConvertError> {
    let size = (terrain.pathing.width(), terrain.pathing.height());
    let mut raw = RawObservation::default();
    convert::observation(message, size, terrain.is_old_format, &mut raw)?;
    let map = Arc::new(terrain.into_bare_map());
    let player = PlayerId(raw.player.player_id);
    let game = convert::game_info(info, map, player, own_hall(&raw));
    Ok((game, raw))
}

fn observed(game: &GameInfo, raw: &RawObservation, specs: &Specs) -> Observed {
    let mut interface = Interface::new(specs, game, Conditioning::default());
    let mut encoded = Observation::default();
    interface.observe(raw, &mut encoded);
    Observed {
        units: captured(raw),
        encoded: UnitCounts {
            own: encoded.units[UnitGroup::Mine as usize].len(),
            enemy: encoded.units[UnitGroup::Enemy as usize].len(),
            neutral: encoded.units[UnitGroup::Neutral as usize].len(),
        },
        shapes: shapes(&encoded, specs),
        hash: format!("{:016x}", hash(&encoded)),
    }
}

/// The own town hall, or the camera where there is none: the best guess at the own start.
fn own_hall(raw: &RawObservation) -> Point {
    let mut own = raw.units.iter().filter(|u| u.alliance == Alliance::Own);
    own.find(|u| TOWN_HALLS.contains(&u.unit_type.0))
        .map_or(raw.camera, |u| u.pos)
}

fn captured(raw: &RawObservation) -> UnitCounts {
    let count = |of: &[Alliance]| {
        raw.units
            .iter()
            .filter(|u| of.contains(&u.alliance))
            .count()
    };
    UnitCounts {
        own: count(&[Alliance::Own, Alliance::Ally]),
        enemy: count(&[Alliance::Enemy]),
        neutral: count(&[Alliance::Neutral]),
    }
}

fn shapes(encoded: &Observation, specs: &Specs) -> Shapes {
    let width = |g: UnitGroup| {
        let slices = specs.obs.unit_features[g as usize].iter();
        slices.map(|s| s.len).sum::<usize>()
    };
    let group = |g: UnitGroup| [encoded.units[g as usize].len(), width(g)];
    let side = crate::obs::MINIMAP;
    Shapes {
        scalars: [encoded.scalars.len()],
        planes: [encoded.planes.len() / (side * side), side, side],
        own: group(UnitGroup::Mine),
        enemy: group(UnitGroup::Enemy),
        neutral: group(UnitGroup::Neutral),
        build_order: [encoded.build_order.len()],
        legal_functions: [encoded.legal_functions.len()],
    }
}

/// A hash of everything that a network would read.
fn hash(encoded: &Observation) -> u64 {
    let mut hasher = Xxh3::new();
    let mut floats = |values: &[f32]| {
        hasher.update(&(values.len() as u64).to_le_bytes());
        for v in values {
            hasher.update(&v.to_bits().to_le_bytes());
        }
    };
    floats(&encoded.scalars);
    encoded.features.iter().for_each(|f| floats(f));
    hasher.update(&encoded.planes);
    for unit in encoded.units.iter().flatten() {
        hasher.update(&unit.tag.0.to_le_bytes());
        for id in [unit.type_idx, unit.orders[0], unit.orders[1]] {
            hasher.update(&id.to_le_bytes());
        }
        hasher.update(&[unit.cell.0, unit.cell.1, unit.energy]);
        hasher.update(&unit.flags.to_le_bytes());
    }
    for word in &encoded.legal_functions {
        hasher.update(&word.to_le_bytes());
    }
    hasher.digest()
}

/// The two paths of a line "GAME_INFO OBSERVATION". Where paths hold spaces themselves, the split that finds both files.
///
/// # Errors
/// If the line has no space.
pub fn split_line(line: &str) -> Result<(PathBuf, PathBuf), ObserveError> {
    let splits = || {
        let spaces = line.match_indices(' ');
        spaces.map(|(at, _)| (Path::new(&line[..at]), Path::new(line[at..].trim_start())))
    };
    splits()
        .find(|(info, observation)| info.is_file() && observation.is_file())
        .or_else(|| splits().next())
        .map(|(info, observation)| (info.to_path_buf(), observation.to_path_buf()))
        .ok_or_else(|| ObserveError::Line(line.chars().take(200).collect()))
}
