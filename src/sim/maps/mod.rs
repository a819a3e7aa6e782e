//! Maps: those we ship, and the checks that every map must pass.
//!
//! Invariant: a map that [`validate`] accepts can be played on and survives what clients of the game compute from it
//! (bases from resources, ramps from slopes). Our maps are the same from both starts, to the cell.
//!
//! Data flow: `ours` draws on a `canvas` with base `layout`s -> `MapData` -> `validate` (with `reach`) -> [`by_name`].
//! `file` writes and reads maps as `.sccmap`, [`load_or_name`] takes what a user typed.
//! `expansions` finds the bases of a map that only says where its resources are; `picture` draws a map as text.
//!
//! Leaves out: reading captures of the real game, which is `sc2`'s.

mod canvas;
pub mod expansions;
mod file;
mod info;
mod layout;
mod ours;
pub mod picture;
pub mod reach;
mod validate;

#[cfg(test)]
mod tests;

pub use file::{MapError, decode, encode, load, load_or_name, save};
pub use info::{MapInfo, info};
pub use validate::{MapFault, validate};

use crate::game::MapData;
use std::sync::{Arc, LazyLock};

static OURS: LazyLock<Vec<Arc<MapData>>> = LazyLock::new(|| {
    [ours::flat64(), ours::tidewater(), ours::ironbasin()]
        .into_iter()
        .map(Arc::new)
        .collect()
});

/// Names of the maps that are built in, the smoke map first.
pub fn names() -> Vec<&'static str> {
    OURS.iter().map(|m| m.name.as_str()).collect()
}

/// A built-in map by its name.
pub fn by_name(name: &str) -> Option<Arc<MapData>> {
    OURS.iter().find(|m| m.name == name).cloned()
}

/// The built-in maps of ladder size, the training map first.
pub fn default_ladder() -> Vec<Arc<MapData>> {
    OURS.iter().skip(1).cloned().collect()
}
