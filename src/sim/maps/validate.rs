//! What every map must satisfy before a game is played on it, ours and imported ones alike.

use super::expansions::clearance;
use super::reach;
use crate::game::data::neutral;
use crate::game::{MapData, Point};

/// Cells; no map of the game is larger.
const SIDE_MAX: usize = 256;

/// Why a map cannot be played on.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum MapFault {
    #[error("the map is {width}x{height} cells; a side is 16 to 256")]
    Size { width: usize, height: usize },
    #[error("the map is {width}x{height} cells; the game's interface needs a multiple of 8 in all")]
    NotWholeBytes { width: usize, height: usize },
    #[error("the {grid} grid ({width}x{height} cells) does not cover the map")]
    GridSize {
        grid: &'static str,
        width: usize,
        height: usize,
    },
    #[error("the playable area is empty or reaches beyond the map")]
    Playable,
    #[error("the map has {count} start locations; a game of two needs at least two")]
    StartCount { count: usize },
    #[error("the start location at {x}, {y} is no town-hall place of the map's resources")]
    StartWithoutBase { x: f32, y: f32 },
    #[error("the {what} at {x}, {y} is outside the playable area")]
    Outside { what: &'static str, x: f32, y: f32 },
    #[error("a town hall does not fit on the terrain at {x}, {y}")]
    HallDoesNotFit { x: f32, y: f32 },
    #[error("unit type {unit_type} at {x}, {y} is no resource this program knows")]
    UnknownResource { unit_type: u16, x: f32, y: f32 },
    #[error("the resource at {x}, {y} is empty")]
    EmptyResource { x: f32, y: f32 },
    #[error(
        "the resource at {x}, {y} is {distance} cells from the town hall at {hall_x}, {hall_y}: too near"
    )]
    ResourceTooNear {
        x: f32,
        y: f32,
        hall_x: f32,
        hall_y: f32,
        distance: f32,
    },
    #[error("no ground path leads from the start at {from_x}, {from_y} to the base at {x}, {y}")]
    Unreachable {
        from_x: f32,
        from_y: f32,
        x: f32,
        y: f32,
    },
}

/// Checks a map; the first fault found is the answer.
///
/// # Errors
/// See [`MapFault`].
pub fn validate(map: &MapData) -> Result<(), MapFault> {
    check_grids(map)?;
    check_bases(map)?;
    check_resources(map)?;
    check_reach(map)
}

fn check_grids(map: &MapData) -> Result<(), MapFault> {
    let (width, height) = (map.width(), map.height_cells());
    if !(16..=SIDE_MAX).contains(&width) || !(16..=SIDE_MAX).contains(&height) {
        return Err(MapFault::Size { width, height });
    }
    if width * height % 8 != 0 {
        return Err(MapFault::NotWholeBytes { width, height });
    }
    let grids = [
        ("pathing", width, height, map.pathing.as_slice().len()),
        (
            "placement",
            map.placement.width(),
            map.placement.height(),
            map.placement.as_slice().len(),
        ),
        (
            "height",
            map.height.width(),
            map.height.height(),
            map.height.as_slice().len(),
        ),
    ];
    // A file may claim a size that its cells do not fill.
    for (grid, w, h, cells) in grids {
        if (w, h, cells) != (width, height, width * height) {
            return Err(MapFault::GridSize {
                grid,
                width: w,
                height: h,
            });
        }
    }
    let p = &map.playable;
    let inside = p.x0 >= 0 && p.y0 >= 0 && p.x1 <= width as i32 && p.y1 <= height as i32;
    if !inside || p.x0 >= p.x1 || p.y0 >= p.y1 {
        return Err(MapFault::Playable);
    }
    Ok(())
}

fn inside(map: &MapData, what: &'static str, p: Point) -> Result<(), MapFault> {
    if p.is_finite() && map.playable.contains(p) {
        return Ok(());
    }
    Err(MapFault::Outside {
        what,
        x: p.x,
        y: p.y,
    })
}

fn check_bases(map: &MapData) -> Result<(), MapFault> {
    if map.start_locations.len() < 2 {
        return Err(MapFault::StartCount {
            count: map.start_locations.len(),
        });
    }
    for p in &map.expansions {
        inside(map, "base", *p)?;
    }
    for start in &map.start_locations {
        inside(map, "start location", *start)?;
        if !hall_fits(map, *start) {
            return Err(MapFault::HallDoesNotFit {
                x: start.x,
                y: start.y,
            });
        }
        if !map.expansions.contains(start) {
            return Err(MapFault::StartWithoutBase {
                x: start.x,
                y: start.y,
            });
        }
    }
    Ok(())
}

/// True if the 5x5 cells of a town hall are buildable.
fn hall_fits(map: &MapData, hall: Point) -> bool {
    let (x, y) = hall.cell();
    (-2..=2).all(|dy| (-2..=2).all(|dx| map.placement.get(x + dx, y + dy) == Some(true)))
}

fn check_resources(map: &MapData) -> Result<(), MapFault> {
    for r in &map.resources {
        inside(map, "resource", r.pos)?;
        let (x, y) = (r.pos.x, r.pos.y);
        if !neutral::find(r.unit_type).is_some_and(|n| n.kind.is_resource()) {
            return Err(MapFault::UnknownResource {
                unit_type: r.unit_type.0,
                x,
                y,
            });
        }
        if r.contents == 0 {
            return Err(MapFault::EmptyResource { x, y });
        }
        for hall in &map.expansions {
            let distance = hall.distance(r.pos);
            if distance < clearance(r) {
                return Err(MapFault::ResourceTooNear {
                    x,
                    y,
                    hall_x: hall.x,
                    hall_y: hall.y,
                    distance,
                });
            }
        }
    }
    for d in &map.destructibles {
        inside(map, "neutral unit", d.pos)?;
    }
    Ok(())
}

/// Every base must be reachable on the ground from every start, once rocks are gone.
fn check_reach(map: &MapData) -> Result<(), MapFault> {
    for start in &map.start_locations {
        let reached = reach::distances(map, *start);
        for base in &map.expansions {
            let (x, y) = base.cell();
            if reached.get(x, y).is_none_or(|d| d == u32::MAX) {
                return Err(MapFault::Unreachable {
                    from_x: start.x,
                    from_y: start.y,
                    x: base.x,
                    y: base.y,
                });
            }
        }
    }
    Ok(())
}
