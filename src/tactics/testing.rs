//! A small flat map and units for the tests of this module.

use crate::game::data::{self, unit_ids as u};
use crate::game::{
    Alliance, DisplayType, GameInfo, Grid, MapData, PlayerId, Point, RawObservation, RawUnit, Rect,
    ResourceNode, UnitTag, UnitTypeId,
};
use smallvec::SmallVec;
use std::sync::Arc;

const MINERAL: UnitTypeId = UnitTypeId(341);
const GEYSER: UnitTypeId = UnitTypeId(342);

/// 120x120, flat, a start in two corners and a natural before each; a wall with a gap across the middle.
pub fn map() -> MapData {
    let n = 120;
    let mut open = Grid::new(n, n, false);
    for y in 4..116 {
        for x in 4..116 {
            let wall = (58..62).contains(&y) && !(52..68).contains(&x);
            open.set(x, y, !wall);
        }
    }
    let corner = |x: f32, y: f32| [Point::new(x, y), Point::new(120.0 - x, 120.0 - y)];
    let starts = corner(24.5, 24.5);
    let naturals = corner(60.5, 26.5);
    let mut resources = Vec::new();
    for (i, p) in starts.iter().chain(&naturals).enumerate() {
        let up = if i % 2 == 0 { -1.0 } else { 1.0 };
        for k in 0..8 {
            let pos = Point::new(p.x - 7.0 + 2.0 * k as f32 - 0.5, p.y + up * 7.0);
            resources.push(ResourceNode {
                unit_type: MINERAL,
                pos,
                contents: 1800,
            });
        }
        for side in [-1.0, 1.0] {
            let pos = Point::new(p.x + side * 7.0, p.y - up);
            resources.push(ResourceNode {
                unit_type: GEYSER,
                pos,
                contents: 2250,
            });
        }
    }
    MapData {
        name: "Test".into(),
        pathing: open.clone(),
        placement: open,
        height: Grid::new(n, n, 127),
        playable: Rect {
            x0: 4,
            y0: 4,
            x1: 116,
            y1: 116,
        },
        start_locations: starts.into(),
        expansions: starts.into_iter().chain(naturals).collect(),
        resources,
        destructibles: Vec::new(),
    }
}

pub fn info() -> GameInfo {
    let map = map();
    GameInfo {
        player: PlayerId(1),
        players: Vec::new(),
        own_start: map.start_locations[0],
        enemy_starts: vec![map.start_locations[1]],
        map: Arc::new(map),
    }
}

/// A finished unit.
pub fn unit(tag: u64, t: UnitTypeId, alliance: Alliance, pos: Point) -> RawUnit {
    let d = data::unit(t);
    RawUnit {
        tag: UnitTag(tag),
        unit_type: t,
        alliance,
        display: DisplayType::Visible,
        pos,
        radius: d.map_or(1.0, |d| d.radius),
        build_progress: 1.0,
        health: d.map_or(0.0, |d| d.life),
        health_max: d.map_or(0.0, |d| d.life),
        is_flying: d.is_some_and(|d| d.is_flying),
        ..RawUnit::default()
    }
}

/// An own unit with one order.
pub fn ordered(mut unit: RawUnit, ability: u16, target: crate::game::Target) -> RawUnit {
    unit.orders = SmallVec::from_elem(
        crate::game::RawOrder {
            ability: crate::game::AbilityId(ability),
            target,
            progress: 0.0,
        },
        1,
    );
    unit
}

/// The start of a game: a town hall, twelve workers on the way to a field, the map's resources in view.
pub fn opening(info: &GameInfo) -> RawObservation {
    let mut units = vec![unit(1, u::COMMAND_CENTER, Alliance::Own, info.own_start)];
    units[0].assigned_harvesters = 12;
    units[0].ideal_harvesters = 16;
    let first_field = UnitTag(1000);
    for i in 0..12 {
        let at = Point::new(
            info.own_start.x - 4.0 + i as f32 * 0.6,
            info.own_start.y - 4.0,
        );
        let scv = unit(10 + i, u::SCV, Alliance::Own, at);
        units.push(ordered(scv, 295, crate::game::Target::Unit(first_field)));
    }
    for (i, r) in info.map.resources.iter().enumerate() {
        let mut node = unit(1000 + i as u64, r.unit_type, Alliance::Neutral, r.pos);
        if r.unit_type == MINERAL {
            node.mineral_contents = r.contents;
        }
        units.push(node);
    }
    let mut obs = RawObservation {
        units,
        visibility: Grid::new(info.map.width(), info.map.height_cells(), 0),
        ..RawObservation::default()
    };
    obs.player.minerals = 50;
    obs.player.food_cap = 15;
    obs.player.food_used = 12;
    obs.player.food_workers = 12;
    obs
}
