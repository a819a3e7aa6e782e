//! Translation between the game's messages and the `game` types.
//!
//! Invariant: no message can make it panic. Numbers outside their range become the default, lists stay as long as they
//! are, a grid whose bytes do not match its size is an error.

mod events;
mod grids;
mod info;
mod observation;
mod score;
mod units;

pub use events::orders;
pub use info::{Terrain, game_info, is_old_format, players, terrain};
pub use observation::{observation, results};

use super::proto;
use crate::game::{Point, Race};

/// Why a message could not be translated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConvertError {
    #[error("the message has no {field}; was the raw interface on?")]
    Missing { field: &'static str },
    #[error("the {grid} grid says {width}x{height} cells of {bits} bits, which no map has")]
    GridShape {
        grid: &'static str,
        width: i32,
        height: i32,
        bits: i32,
    },
    #[error("the {grid} grid holds {actual} bytes, its size needs {expected}")]
    GridBytes {
        grid: &'static str,
        expected: usize,
        actual: usize,
    },
    #[error("the {grid} grid is {width}x{height} cells, the map is not")]
    GridSize {
        grid: &'static str,
        width: usize,
        height: usize,
    },
    #[error("the playable area is missing, empty or beyond the map")]
    Playable,
}

/// Cells; far beyond every map, and small enough for all arithmetic on cells.
const POSITION_MAX: f32 = 4096.0;

/// A point near a map, whatever the message says: positions are compared and rounded everywhere.
fn point(x: Option<f32>, y: Option<f32>) -> Point {
    let on_a_map = |v| finite(v).clamp(-POSITION_MAX, POSITION_MAX);
    Point::new(on_a_map(x), on_a_map(y))
}

fn finite(value: Option<f32>) -> f32 {
    value.filter(|v| v.is_finite()).unwrap_or(0.0)
}

fn point3(p: Option<&proto::Point>) -> Point {
    p.map_or(Point::default(), |p| point(p.x, p.y))
}

/// An id that fits, or 0: "none" in every id space of the game.
fn id16(value: Option<u32>) -> u16 {
    value.and_then(|v| u16::try_from(v).ok()).unwrap_or(0)
}

fn signed_id16(value: Option<i32>) -> u16 {
    value.and_then(|v| u16::try_from(v).ok()).unwrap_or(0)
}

fn byte(value: Option<i32>) -> u8 {
    value.map_or(0, |v| v.clamp(0, 255) as u8)
}

fn count(value: Option<i32>) -> u32 {
    value.map_or(0, |v| v.max(0) as u32)
}

fn race(number: Option<i32>) -> Option<Race> {
    match number? {
        1 => Some(Race::Terran),
        2 => Some(Race::Zerg),
        3 => Some(Race::Protoss),
        4 => Some(Race::Random),
        _ => None,
    }
}
