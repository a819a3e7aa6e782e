//! The `game` types to the game's messages: what a server of the API answers.
//!
//! Invariant: [`super::convert`] reads back what is written here, field by field; fields that the game leaves out (an
//! enemy's orders, a snapshot's life) are left out.

mod area;
mod data;
mod grids;
mod info;
mod observation;
mod score;
mod units;

pub use area::Area;
pub use data::{DataWanted, data};
pub use grids::{bits, bytes};
pub use info::{StaticGrids, player_info, start_raw};
pub use observation::{ObservationParts, observation};
pub use units::unit;
