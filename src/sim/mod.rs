//! The embedded simulator of StarCraft II's melee rules (patch 4.10).

pub mod ai;

pub use ai::{AiBuild, Difficulty};
