//! Where things are: the grids that the network sees and aims at, laid over the playable area.

use super::types::MINIMAP;
use crate::game::{MapData, Point, Rect};

/// The 64x64 minimap and the target grid of one map. Both start at the playable area's lower left corner; a target
/// cell is one map cell where the playable area fits the grid, else as much larger as it must be, and a minimap cell
/// is `target_grid / 64` target cells, so that the policy's deconvolution lines up with both.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Space {
    pub playable: Rect,
    /// Target cells on a side.
    pub target_grid: usize,
    /// Map cells on a side of a target cell, at least 1.
    pub target_cell: f32,
    /// Map cells on a side of a minimap cell.
    pub minimap_cell: f32,
}

impl Space {
    /// `target_grid` must be a positive multiple of 64 (checked by [`ObsConfig::validate`](super::ObsConfig)).
    pub fn new(map: &MapData, target_grid: usize) -> Space {
        let playable = map.playable;
        let side = playable.width().max(playable.height()).max(1) as f32;
        let target_cell = (side / target_grid as f32).max(1.0);
        Space {
            playable,
            target_grid,
            target_cell,
            minimap_cell: target_cell * (target_grid / MINIMAP) as f32,
        }
    }

    /// Position from the playable area's lower left corner, in map cells.
    #[inline]
    pub fn relative(&self, p: Point) -> Point {
        Point::new(p.x - self.playable.x0 as f32, p.y - self.playable.y0 as f32)
    }

    /// Minimap column and row of a point; points outside fall on the nearest cell.
    #[inline]
    pub fn minimap(&self, p: Point) -> (u8, u8) {
        let r = self.relative(p);
        let clamp = |v: f32| ((v / self.minimap_cell) as i32).clamp(0, MINIMAP as i32 - 1) as u8;
        (clamp(r.x), clamp(r.y))
    }

    /// Minimap cell as an index, `row * 64 + column`.
    pub fn minimap_idx(&self, p: Point) -> u16 {
        let (x, y) = self.minimap(p);
        u16::from(y) * MINIMAP as u16 + u16::from(x)
    }

    /// Target cell that holds a point, or none outside the playable area.
    pub fn target_idx(&self, p: Point) -> Option<u32> {
        if !p.is_finite() || !self.playable.contains(p) {
            return None;
        }
        let r = self.relative(p);
        let last = self.target_grid as u32 - 1;
        let (x, y) = (
            ((r.x / self.target_cell) as u32).min(last),
            ((r.y / self.target_cell) as u32).min(last),
        );
        Some(y * self.target_grid as u32 + x)
    }

    /// Center of a target cell, brought into the playable area.
    pub fn target_point(&self, idx: u32) -> Point {
        let n = self.target_grid as u32;
        let (x, y) = (idx % n, (idx / n).min(n - 1));
        let at = |v: u32, lo: i32, hi: i32| {
            (lo as f32 + (v as f32 + 0.5) * self.target_cell).min(hi as f32 - 0.5)
        };
        Point::new(
            at(x, self.playable.x0, self.playable.x1),
            at(y, self.playable.y0, self.playable.y1),
        )
    }

    /// Columns and rows of the target grid that lie (at least in part) in the playable area.
    pub fn target_cells(&self) -> (u16, u16) {
        let n = |cells: i32| {
            let n = (cells as f32 / self.target_cell).ceil() as u16;
            n.clamp(1, self.target_grid as u16)
        };
        (n(self.playable.width()), n(self.playable.height()))
    }

    /// True if the target cell lies (at least in part) in the playable area.
    pub fn is_inside(&self, idx: u32) -> bool {
        let n = self.target_grid as u32;
        let (x, y) = (idx % n, idx / n);
        let (columns, rows) = self.target_cells();
        x < columns.into() && y < rows.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn space(w: i32, h: i32, grid: usize) -> Space {
        let map = crate::obs::testing::map(
            w + 8,
            h + 8,
            Rect {
                x0: 4,
                y0: 4,
                x1: 4 + w,
                y1: 4 + h,
            },
        );
        Space::new(&map, grid)
    }

    #[test]
    fn cells_are_one_to_one_where_the_map_fits() {
        let s = space(100, 120, 128);
        assert_eq!(s.target_cell, 1.0);
        assert_eq!(s.minimap_cell, 2.0);
        let p = Point::new(4.0 + 37.5, 4.0 + 99.5);
        assert_eq!(s.target_point(s.target_idx(p).unwrap()), p);
    }

    #[test]
    fn every_cell_comes_back_on_a_large_map() {
        let s = space(152, 176, 128);
        assert!(s.target_cell > 1.0);
        for idx in 0..128 * 128 {
            if s.is_inside(idx) {
                assert_eq!(s.target_idx(s.target_point(idx)), Some(idx), "cell {idx}");
            }
        }
        assert_eq!(s.target_idx(Point::new(0.0, 50.0)), None);
        assert_eq!(s.target_idx(Point::new(f32::NAN, 50.0)), None);
    }
}
