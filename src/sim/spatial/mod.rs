//! Who is near: look-ups of units by place. First version: none.

use crate::game::MapData;

/// Units by place, rebuilt each loop.
#[derive(Clone)]
pub struct Index {}

impl Index {
    pub fn new(_map: &MapData) -> Index {
        Index {}
    }
}
