//! Draws a rotationally symmetric map: areas with a height level, ramps, bases, rocks. Everything is drawn twice, the
//! second time turned by 180 degrees about the middle of the playable area.
//!
//! Coordinates are cells relative to the lower left corner of the playable area.

use super::layout;
use crate::game::{
    BitGrid, Destructible, Grid, MapData, Point, Rect, ResourceNode, UnitTypeId, data::neutral,
};

/// Height byte of a level; 16 bytes (2 cells) apart, as on the game's ladder maps.
pub const HIGH: u8 = 223;
pub const MIDDLE: u8 = 207;
pub const LOW: u8 = 191;
/// What lies outside every area: deep, so that it hides nothing.
const ABYSS: u8 = 175;

/// The quarter that a ramp's upper end points to, or in which a base's resources lie: signs of x and y.
#[derive(Clone, Copy, Debug)]
pub enum Quarter {
    NorthEast,
    NorthWest,
    SouthEast,
    SouthWest,
}

impl Quarter {
    pub fn signs(self) -> (i32, i32) {
        match self {
            Quarter::NorthEast => (1, 1),
            Quarter::NorthWest => (-1, 1),
            Quarter::SouthEast => (1, -1),
            Quarter::SouthWest => (-1, -1),
        }
    }

    fn opposite(self) -> Quarter {
        match self {
            Quarter::NorthEast => Quarter::SouthWest,
            Quarter::NorthWest => Quarter::SouthEast,
            Quarter::SouthEast => Quarter::NorthWest,
            Quarter::SouthWest => Quarter::NorthEast,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Cell {
    Abyss,
    Ground,
    Ramp,
    /// Stands in the way for good: ramp walls, pillars.
    Wall,
}

pub struct Canvas {
    name: &'static str,
    playable: Rect,
    cells: Grid<Cell>,
    height: Grid<u8>,
    starts: Vec<Point>,
    expansions: Vec<Point>,
    resources: Vec<ResourceNode>,
    destructibles: Vec<Destructible>,
}

impl Canvas {
    /// A map of `width` x `height` cells, of which `margin` cells on each side are out of play.
    pub fn new(name: &'static str, width: i32, height: i32, margin: i32) -> Canvas {
        let (w, h) = (width as usize, height as usize);
        Canvas {
            name,
            playable: Rect {
                x0: margin,
                y0: margin,
                x1: width - margin,
                y1: height - margin,
            },
            cells: Grid::new(w, h, Cell::Abyss),
            height: Grid::new(w, h, ABYSS),
            starts: Vec::new(),
            expansions: Vec::new(),
            resources: Vec::new(),
            destructibles: Vec::new(),
        }
    }

    /// Sets the cell at `(x, y)` of the playable area and its turned twin.
    fn paint(&mut self, x: i32, y: i32, cell: Cell, height: u8) {
        let (w, h) = (self.playable.width(), self.playable.height());
        if x < 0 || y < 0 || x >= w || y >= h {
            return;
        }
        for (x, y) in [(x, y), (w - 1 - x, h - 1 - y)] {
            let at = (self.playable.x0 + x, self.playable.y0 + y);
            self.cells.set(at.0, at.1, cell);
            self.height.set(at.0, at.1, height);
        }
    }

    fn each_cell(&self) -> impl Iterator<Item = (i32, i32)> + use<> {
        let (w, h) = (self.playable.width(), self.playable.height());
        (0..h).flat_map(move |y| (0..w).map(move |x| (x, y)))
    }

    /// Level ground inside a polygon.
    pub fn area(&mut self, level: u8, corners: &[(i32, i32)]) {
        for (x, y) in self.each_cell() {
            if inside(corners, x, y) {
                self.paint(x, y, Cell::Ground, level);
            }
        }
    }

    /// A pillar or wall inside a polygon, as high as `level`: neither walkable nor buildable.
    pub fn wall(&mut self, level: u8, corners: &[(i32, i32)]) {
        for (x, y) in self.each_cell() {
            if inside(corners, x, y) {
                self.paint(x, y, Cell::Wall, level);
            }
        }
    }

    /// The ladder's main ramp: 16 cells, diagonal, two upper cells; `(x, y)` is the middle cell of the row below those
    /// two, `up` the quarter it climbs to. Joins `low` to the level above.
    ///
    /// `along` runs up the ramp from its foot (2) to its two upper cells (10), `across` from side to side (0 = middle).
    pub fn main_ramp(&mut self, x: i32, y: i32, up: Quarter, low: u8) {
        let (ux, uy) = up.signs();
        for (along, across) in (-2..=14).flat_map(|a| (-4..=4).map(move |c| (a, c))) {
            if (along - 9 + across) % 2 != 0 {
                continue;
            }
            let (dx, dy) = ((along - 9 + across) / 2, (along - 9 - across) / 2);
            let at = (x + ux * dx, y + uy * dy);
            let slope = low + 2 * (along - 3).clamp(0, 8) as u8;
            let on_ramp = (2..=10).contains(&along)
                && (i32::abs(across) <= 1 || (along == 9 && i32::abs(across) == 2));
            let (cell, height) = match along {
                _ if on_ramp => (Cell::Ramp, slope),
                i32::MIN..=3 => (Cell::Ground, low),
                4..=9 => (Cell::Wall, slope),
                _ => (Cell::Ground, low + 16),
            };
            self.paint(at.0, at.1, cell, height);
        }
    }

    /// A straight ramp from the middle of its foot to the middle of its head, walls on both sides.
    pub fn ramp(&mut self, foot: (i32, i32), head: (i32, i32), half_width: f32, low: u8) {
        let (fx, fy) = (foot.0 as f32, foot.1 as f32);
        let (dx, dy) = (head.0 as f32 - fx, head.1 as f32 - fy);
        let length = (dx * dx + dy * dy).sqrt();
        for (x, y) in self.each_cell() {
            let (px, py) = (x as f32 + 0.5 - fx, y as f32 + 0.5 - fy);
            let along = (px * dx + py * dy) / length;
            let across = ((px * dy - py * dx) / length).abs();
            if across > half_width + 1.7 || along < -3.0 || along > length + 3.0 {
                continue;
            }
            let on_slope = (0.0..length).contains(&along);
            let slope = low + (16.0 * (along / length).clamp(0.0, 1.0)) as u8;
            match (on_slope, across <= half_width) {
                (true, true) => self.paint(x, y, Cell::Ramp, slope),
                (true, false) => self.paint(x, y, Cell::Wall, slope),
                (false, true) if along < 0.0 => self.paint(x, y, Cell::Ground, low),
                (false, true) => self.paint(x, y, Cell::Ground, low + 16),
                (false, false) => {}
            }
        }
    }

    /// A base whose town hall stands at the middle of cell `(x, y)`, with resources toward `toward`.
    pub fn base(&mut self, x: i32, y: i32, toward: Quarter, layout: &layout::Layout) {
        let (w, h) = (self.playable.width(), self.playable.height());
        for (x, y, toward) in [(x, y, toward), (w - 1 - x, h - 1 - y, toward.opposite())] {
            let hall = Point::new(
                (self.playable.x0 + x) as f32 + 0.5,
                (self.playable.y0 + y) as f32 + 0.5,
            );
            self.expansions.push(hall);
            self.resources.extend(layout.place(hall, toward.signs()));
        }
    }

    /// As [`Canvas::base`], and a player starts there.
    pub fn start(&mut self, x: i32, y: i32, toward: Quarter, layout: &layout::Layout) {
        self.base(x, y, toward, layout);
        self.starts = self.expansions[self.expansions.len() - 2..].to_vec();
    }

    /// A neutral unit centered on the cell corner `(x, y)`: rocks, a watch tower.
    pub fn neutral(&mut self, unit_type: UnitTypeId, x: i32, y: i32) {
        let row = neutral::find(unit_type).expect("maps use types of the neutral table");
        let (w, h) = (self.playable.width(), self.playable.height());
        for (x, y) in [(x, y), (w - x, h - y)] {
            self.destructibles.push(Destructible {
                unit_type,
                pos: Point::new((self.playable.x0 + x) as f32, (self.playable.y0 + y) as f32),
                radius: row.radius,
                health: row.health,
            });
        }
    }

    /// The map: cliffs are where levels meet, and the lower side of a cliff is not walkable.
    pub fn finish(self) -> MapData {
        let (w, h) = (self.cells.width(), self.cells.height());
        let mut pathing = BitGrid::new(w, h, false);
        let mut placement = BitGrid::new(w, h, false);
        for (x, y) in (0..h as i32).flat_map(|y| (0..w as i32).map(move |x| (x, y))) {
            let cell = self.cells.get(x, y).unwrap_or(Cell::Abyss);
            let ground = cell == Cell::Ground && !self.under_cliff(x, y);
            pathing.set(x, y, ground || cell == Cell::Ramp);
            placement.set(x, y, ground);
        }
        MapData {
            name: self.name.to_owned(),
            pathing,
            placement,
            height: self.height,
            playable: self.playable,
            start_locations: self.starts,
            expansions: self.expansions,
            resources: self.resources,
            destructibles: self.destructibles,
        }
    }

    /// True where one of the eight neighbors is ground of a higher level.
    fn under_cliff(&self, x: i32, y: i32) -> bool {
        let here = i32::from(self.height.get(x, y).unwrap_or(0));
        (-1..=1).any(|dy| {
            (-1..=1).any(|dx| {
                let there = i32::from(self.height.get(x + dx, y + dy).unwrap_or(0));
                self.cells.get(x + dx, y + dy) == Some(Cell::Ground) && there >= here + 8
            })
        })
    }
}

/// Even-odd rule at the middle of cell `(x, y)`.
fn inside(corners: &[(i32, i32)], x: i32, y: i32) -> bool {
    let (px, py) = (x as f32 + 0.5, y as f32 + 0.5);
    let mut inside = false;
    for (i, a) in corners.iter().enumerate() {
        let b = corners[(i + 1) % corners.len()];
        let (ax, ay, bx, by) = (a.0 as f32, a.1 as f32, b.0 as f32, b.1 as f32);
        if (ay > py) != (by > py) && px < (bx - ax) * (py - ay) / (by - ay) + ax {
            inside = !inside;
        }
    }
    inside
}
