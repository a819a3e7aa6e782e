//! What a unit keeps of its way from loop to loop.

use super::coast::Coast;
use crate::game::Point;

/// A way to one goal.
#[derive(Clone, Debug, Default)]
pub struct Route {
    /// Corners still to walk by, the next one last, so that passing one is a pop.
    pub corners: Vec<Point>,
    /// The goal that `corners` lead to, or as near as one can come.
    pub planned: Point,
    /// Version of the footprints that `corners` were checked against; 0 = no plan.
    pub version: u32,
}

/// A unit's movement. Movement owns it.
#[derive(Clone, Debug, Default)]
pub struct Nav {
    /// The way of its order.
    pub order: Route,
    /// The way after a target, kept apart so that the order's is still there afterwards.
    pub chase: Route,
    pub chasing: bool,
    /// The straight walk it is on.
    pub coast: Coast,
    /// Was pushed or turned aside since its way was last looked at.
    pub strayed: bool,
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

impl Nav {
    /// The way that counts now.
    pub fn route(&mut self) -> &mut Route {
        if self.chasing {
            &mut self.chase
        } else {
            &mut self.order
        }
    }
}
