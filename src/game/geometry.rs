//! Points and grids. Row 0 of every grid is the *bottom* of the map (y = 0), as in the API's raw interface.

use serde::{Deserialize, Serialize};

/// A position on the map, in cells; x grows to the right, y upward.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Point {
    pub x: f32,
    pub y: f32,
}

impl Point {
    pub const fn new(x: f32, y: f32) -> Point {
        Point { x, y }
    }

    pub fn distance_squared(self, other: Point) -> f32 {
        let (dx, dy) = (self.x - other.x, self.y - other.y);
        dx * dx + dy * dy
    }

    pub fn distance(self, other: Point) -> f32 {
        self.distance_squared(other).sqrt()
    }

    pub fn length(self) -> f32 {
        (self.x * self.x + self.y * self.y).sqrt()
    }

    /// The point `distance` cells from here toward `other`; here itself if the two coincide.
    pub fn toward(self, other: Point, distance: f32) -> Point {
        let length = self.distance(other);
        if length < 1e-6 {
            return self;
        }
        self + (other - self) * (distance / length)
    }

    /// The cell that holds this point; negative coordinates give negative cells.
    pub fn cell(self) -> (i32, i32) {
        (floor(self.x), floor(self.y))
    }

    pub fn is_finite(self) -> bool {
        self.x.is_finite() && self.y.is_finite()
    }
}

/// `v.floor() as i32` without the call to libm that targets older than SSE 4.1 make of it.
fn floor(v: f32) -> i32 {
    let cut = v as i32;
    cut - i32::from(v < cut as f32)
}

impl std::ops::Add for Point {
    type Output = Point;
    fn add(self, o: Point) -> Point {
        Point::new(self.x + o.x, self.y + o.y)
    }
}

impl std::ops::Sub for Point {
    type Output = Point;
    fn sub(self, o: Point) -> Point {
        Point::new(self.x - o.x, self.y - o.y)
    }
}

impl std::ops::Mul<f32> for Point {
    type Output = Point;
    fn mul(self, k: f32) -> Point {
        Point::new(self.x * k, self.y * k)
    }
}

/// A rectangle of cells: `x0 <= x < x1`, `y0 <= y < y1`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rect {
    pub x0: i32,
    pub y0: i32,
    pub x1: i32,
    pub y1: i32,
}

impl Rect {
    pub fn width(&self) -> i32 {
        self.x1 - self.x0
    }

    pub fn height(&self) -> i32 {
        self.y1 - self.y0
    }

    pub fn contains(&self, p: Point) -> bool {
        p.x >= self.x0 as f32
            && p.x < self.x1 as f32
            && p.y >= self.y0 as f32
            && p.y < self.y1 as f32
    }
}

/// A grid with one value a cell, row-major, row 0 at the bottom.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grid<T> {
    width: usize,
    height: usize,
    data: Vec<T>,
}

impl<T: Copy> Grid<T> {
    pub fn new(width: usize, height: usize, fill: T) -> Grid<T> {
        Grid {
            width,
            height,
            data: vec![fill; width * height],
        }
    }

    /// # Panics
    /// If `data` does not hold `width * height` values.
    pub fn from_vec(width: usize, height: usize, data: Vec<T>) -> Grid<T> {
        assert_eq!(
            data.len(),
            width * height,
            "grid data must fill {width}x{height}"
        );
        Grid {
            width,
            height,
            data,
        }
    }

    pub fn width(&self) -> usize {
        self.width
    }

    pub fn height(&self) -> usize {
        self.height
    }

    pub fn contains(&self, x: i32, y: i32) -> bool {
        x >= 0 && y >= 0 && (x as usize) < self.width && (y as usize) < self.height
    }

    /// The value at a cell, or none outside the grid.
    pub fn get(&self, x: i32, y: i32) -> Option<T> {
        self.contains(x, y)
            .then(|| self.data[y as usize * self.width + x as usize])
    }

    /// Sets a cell; outside the grid nothing happens.
    pub fn set(&mut self, x: i32, y: i32, value: T) {
        if self.contains(x, y) {
            self.data[y as usize * self.width + x as usize] = value;
        }
    }

    /// Row-major values, bottom row first.
    pub fn as_slice(&self) -> &[T] {
        &self.data
    }

    pub fn as_mut_slice(&mut self) -> &mut [T] {
        &mut self.data
    }
}

/// A grid of booleans. Same cell order as [`Grid`]; the API packs the same order high bit first.
pub type BitGrid = Grid<bool>;
