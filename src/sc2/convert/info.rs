//! `ResponseGameInfo`: the terrain, the players.

use super::grids::{FirstRow, equals, same_size, unpack};
use super::{ConvertError, point, race};
use crate::game::{BitGrid, GameInfo, Grid, MapData, PlayerId, PlayerInfo, Point, Race, Rect};
use crate::sc2::proto::{self, PlayerType, ResponseGameInfo};
use std::sync::Arc;

/// What `ResponseGameInfo` says of the map.
#[derive(Clone, Debug, PartialEq)]
pub struct Terrain {
    pub name: String,
    /// As it is now: structures, resources in view and some rocks block.
    pub pathing: BitGrid,
    pub placement: BitGrid,
    /// Bytes as the API gives them since 4.8; see [`MapData::height`].
    pub height: Grid<u8>,
    pub playable: Rect,
    /// The opponents' start locations.
    pub enemy_starts: Vec<Point>,
    /// True for game versions before 4.8, whose raw grids have row 0 at the top.
    pub is_old_format: bool,
}

impl Terrain {
    /// A map with this terrain and nothing on it.
    pub fn into_bare_map(self) -> MapData {
        MapData {
            name: self.name,
            pathing: self.pathing,
            placement: self.placement,
            height: self.height,
            playable: self.playable,
            start_locations: self.enemy_starts,
            expansions: Vec::new(),
            resources: Vec::new(),
            destructibles: Vec::new(),
        }
    }
}

/// The terrain of a game.
///
/// # Errors
/// If the message has no raw part, or a grid's bytes, size or the playable area make no sense.
pub fn terrain(message: &ResponseGameInfo) -> Result<Terrain, ConvertError> {
    let missing = |field| ConvertError::Missing { field };
    let raw = message
        .start_raw
        .as_ref()
        .ok_or_else(|| missing("start_raw"))?;
    let is_old_format = is_old_format(message);
    let first_row = match is_old_format {
        true => FirstRow::Top,
        false => FirstRow::Bottom,
    };
    let pathing = unpack("pathing", raw.pathing_grid.as_ref(), first_row)?;
    let placement = unpack("placement", raw.placement_grid.as_ref(), first_row)?;
    let mut height = unpack("terrain height", raw.terrain_height.as_ref(), first_row)?;
    if is_old_format {
        height.as_mut_slice().iter_mut().for_each(modernize);
    }
    let pathing = equals(&pathing, |v| (v != 0) != is_old_format);
    let placement = equals(&placement, |v| v != 0);
    let size = (pathing.width(), pathing.height());
    same_size("placement", &placement, size)?;
    same_size("terrain height", &height, size)?;
    Ok(Terrain {
        name: message.map_name.clone().unwrap_or_default(),
        playable: playable(raw.playable_area.as_ref(), size)?,
        enemy_starts: raw
            .start_locations
            .iter()
            .map(|p| point(p.x, p.y))
            .collect(),
        pathing,
        placement,
        height,
        is_old_format,
    })
}

/// Whether the game writes grids as it did before 4.8. The format changed as a whole: 8-bit pathing means the old row
/// order, and 255 for "blocked".
pub fn is_old_format(message: &ResponseGameInfo) -> bool {
    let raw = message.start_raw.as_ref();
    let pathing = raw.and_then(|raw| raw.pathing_grid.as_ref());
    pathing.and_then(|grid| grid.bits_per_pixel) == Some(8)
}

/// Versions before 4.8 spread -100..100 cells of height over a byte, later ones -16..16.
fn modernize(byte: &mut u8) {
    let z = -100.0 + 200.0 * f32::from(*byte) / 255.0;
    *byte = ((z + 16.0) * 255.0 / 32.0).round().clamp(0.0, 255.0) as u8;
}

fn playable(area: Option<&proto::RectangleI>, size: (usize, usize)) -> Result<Rect, ConvertError> {
    let corner = |p: Option<proto::PointI>| {
        let p = p.unwrap_or_default();
        (p.x.unwrap_or(0), p.y.unwrap_or(0))
    };
    let area = area.ok_or(ConvertError::Playable)?;
    let ((x0, y0), (x1, y1)) = (corner(area.p0), corner(area.p1));
    let inside = x0 >= 0 && y0 >= 0 && x1 <= size.0 as i32 && y1 <= size.1 as i32;
    if !inside || x0 >= x1 || y0 >= y1 {
        return Err(ConvertError::Playable);
    }
    Ok(Rect { x0, y0, x1, y1 })
}

/// The players, sorted by id; observers left out.
pub fn players(message: &ResponseGameInfo) -> Vec<PlayerInfo> {
    let mut players: Vec<PlayerInfo> = message
        .player_info
        .iter()
        .filter(|p| p.r#type != Some(PlayerType::Observer as i32))
        .map(|p| PlayerInfo {
            id: PlayerId(
                p.player_id
                    .and_then(|id| u8::try_from(id).ok())
                    .unwrap_or(0),
            ),
            race_requested: race(p.race_requested).unwrap_or(Race::Random),
            race_actual: race(p.race_actual),
            name: p.player_name.clone().unwrap_or_default(),
            is_computer: p.r#type == Some(PlayerType::Computer as i32),
        })
        .collect();
    players.sort_by_key(|p| p.id);
    players
}

/// What stays fixed for a game, on a map already known.
///
/// The own start is the start location that `message` does not list as an opponent's; `fallback_start` (the own town
/// hall, say) where that leaves none.
pub fn game_info(
    message: &ResponseGameInfo,
    map: Arc<MapData>,
    player: PlayerId,
    fallback_start: Point,
) -> GameInfo {
    let listed = message
        .start_raw
        .iter()
        .flat_map(|raw| &raw.start_locations);
    let enemy_starts: Vec<Point> = listed.map(|p| point(p.x, p.y)).collect();
    let is_enemys = |p: &Point| enemy_starts.iter().any(|e| e.distance_squared(*p) < 1.0);
    let own_start = map
        .start_locations
        .iter()
        .copied()
        .find(|p| !is_enemys(p))
        .unwrap_or(fallback_start);
    GameInfo {
        map,
        player,
        players: players(message),
        own_start,
        enemy_starts,
    }
}
