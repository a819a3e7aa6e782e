//! What a unit keeps of its way from loop to loop.

use crate::game::Point;

/// A unit's way. Movement owns it.
#[derive(Clone, Debug, Default)]
pub struct Nav {
    /// Corners still to walk by, the next one last, so that passing one is a pop.
    pub corners: Vec<Point>,
    /// The goal that `corners` lead to, or as near as one can come.
    pub planned: Point,
    /// Grid version that `corners` were checked against; 0 = no plan.
    pub version: u32,
    /// Which side it passes obstacles on: -1 right, 1 left, 0 not decided.
    pub side: i8,
    /// Loops for which overlaps with others are still looked after.
    pub awake: u8,
    /// Loops in a row of little progress, in eights.
    pub slow: u8,
    /// Distance to the goal when progress was last looked at.
    pub left_before: f32,
    /// The goal it came to rest for; others with the same goal stop beside it.
    pub rest: Option<Point>,
}
