//! Path finding. First version: none, units walk straight.

use crate::game::MapData;

/// Path finding shared by all units of a game: walkability, cached routes.
#[derive(Clone)]
pub struct Pathfinder {}

impl Pathfinder {
    pub fn new(_map: &MapData) -> Pathfinder {
        Pathfinder {}
    }
}
