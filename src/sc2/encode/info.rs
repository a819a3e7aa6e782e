//! What `ResponseGameInfo` says of the map and the players.

use super::Area;
use super::grids::{bits, bytes};
use crate::game::{MapData, PlayerInfo, Point, Rect};
use crate::sc2::proto::{self, ImageData, PlayerType, StartRaw};

/// The grids that never change, ready to be sent: copies share their bytes.
#[derive(Clone, Debug)]
pub struct StaticGrids {
    pub area: Area,
    /// Walkable terrain, were there nothing on it.
    pub pathing: ImageData,
    placement: ImageData,
    height: ImageData,
    playable: Rect,
}

impl StaticGrids {
    pub fn new(map: &MapData, area: Area) -> StaticGrids {
        StaticGrids {
            area,
            pathing: bits(&map.pathing, &area),
            placement: bits(&map.placement, &area),
            height: bytes(&map.height, &area),
            playable: map.playable,
        }
    }

    /// The pathing grid with `blocked` cells (of the map) taken out.
    pub fn pathing_without(&self, blocked: impl Iterator<Item = (i32, i32)>) -> ImageData {
        let mut data = self.pathing.data.as_deref().unwrap_or_default().to_vec();
        for (x, y) in blocked {
            let (x, y) = (x - self.area.x0 as i32, y - self.area.y0 as i32);
            let inside = x >= 0
                && y >= 0
                && (x as usize) < self.area.width
                && (y as usize) < self.area.height;
            if inside {
                let i = y as usize * self.area.width + x as usize;
                data[i / 8] &= !(0x80 >> (i % 8));
            }
        }
        super::grids::image(1, &self.area, data)
    }
}

/// The raw part: grids, playable area and the opponents' start locations.
pub fn start_raw(grids: &StaticGrids, pathing: ImageData, enemy_starts: &[Point]) -> StartRaw {
    let area = grids.area;
    let corner = |x: i32, y: i32| proto::PointI {
        x: Some(x - area.x0 as i32),
        y: Some(y - area.y0 as i32),
    };
    let p = grids.playable;
    StartRaw {
        map_size: Some(area.size()),
        pathing_grid: Some(pathing),
        terrain_height: Some(grids.height.clone()),
        placement_grid: Some(grids.placement.clone()),
        playable_area: Some(proto::RectangleI {
            p0: Some(corner(p.x0, p.y0)),
            p1: Some(corner(p.x1, p.y1)),
        }),
        start_locations: enemy_starts.iter().map(|&s| area.point2d(s)).collect(),
    }
}

/// One player; a computer's level and build are the caller's to add.
pub fn player_info(player: &PlayerInfo) -> proto::PlayerInfo {
    let kind = match player.is_computer {
        true => PlayerType::Computer,
        false => PlayerType::Participant,
    };
    proto::PlayerInfo {
        player_id: Some(player.id.0.into()),
        r#type: Some(kind as i32),
        race_requested: Some(player.race_requested as i32),
        race_actual: player.race_actual.map(|race| race as i32),
        difficulty: None,
        ai_build: None,
        player_name: (!player.name.is_empty()).then(|| player.name.clone()),
    }
}
