//! The part of the map that a client takes for the whole: all of it, or the playable area with the origin moved there.

use crate::game::{MapData, Point};
use crate::sc2::proto;

/// Cells of the map that the client sees; its coordinates begin at the lower left corner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Area {
    pub x0: usize,
    pub y0: usize,
    pub width: usize,
    pub height: usize,
}

impl Area {
    /// The whole map, or its playable area (the option `raw_crop_to_playable_area`).
    pub fn of(map: &MapData, cropped: bool) -> Area {
        let (width, height) = (map.width(), map.height_cells());
        if !cropped {
            return Area {
                x0: 0,
                y0: 0,
                width,
                height,
            };
        }
        let cut = |v: i32, max: usize| (v.max(0) as usize).min(max);
        let (x0, y0) = (cut(map.playable.x0, width), cut(map.playable.y0, height));
        Area {
            x0,
            y0,
            width: cut(map.playable.x1, width).saturating_sub(x0),
            height: cut(map.playable.y1, height).saturating_sub(y0),
        }
    }

    /// A place on the map in the client's coordinates.
    pub fn to_client(&self, p: Point) -> Point {
        Point::new(p.x - self.x0 as f32, p.y - self.y0 as f32)
    }

    /// A place in the client's coordinates on the map; what was not said is 0.
    pub fn to_map(&self, x: Option<f32>, y: Option<f32>) -> Point {
        Point::new(
            x.unwrap_or(0.0) + self.x0 as f32,
            y.unwrap_or(0.0) + self.y0 as f32,
        )
    }

    pub(super) fn point(&self, p: Point, z: f32) -> proto::Point {
        let p = self.to_client(p);
        proto::Point {
            x: Some(p.x),
            y: Some(p.y),
            z: Some(z),
        }
    }

    pub(super) fn point2d(&self, p: Point) -> proto::Point2D {
        let p = self.to_client(p);
        proto::Point2D {
            x: Some(p.x),
            y: Some(p.y),
        }
    }

    pub(super) fn size(&self) -> proto::Size2Di {
        proto::Size2Di {
            x: Some(self.width as i32),
            y: Some(self.height as i32),
        }
    }
}
