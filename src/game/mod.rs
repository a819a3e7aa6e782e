//! The vocabulary every other module speaks: ids, races, unit data, game time, coordinates, observations, commands.
//!
//! Invariant: imports no other module of this crate, does no I/O, and its arithmetic gives the same bits on every
//! platform (IEEE `+ - * /` and `sqrt` only; see [`math`]).
//!
//! Seam: [`RawObservation`] is one player's view of the game at one game loop, [`PlayerCommand`] what it may order.
//! The embedded simulator and the real game's API both speak exactly these two types.

pub mod command;
pub mod data;
pub mod geometry;
pub mod ids;
pub mod map;
pub mod math;
pub mod outcome;
pub mod raw_obs;
pub mod seed;
pub mod time;

pub use command::{ActionResult, Command, PlayerCommand, Target};
pub use geometry::{BitGrid, Grid, Point, Rect};
pub use ids::{
    AbilityId, Alliance, Attribute, BuffId, CloakState, DisplayType, EffectId, PlayerId, Race,
    UnitTag, UnitTypeId, UpgradeId,
};
pub use map::{Destructible, MapData, ResourceNode};
pub use outcome::{GameResult, PlayerResult};
pub use raw_obs::{GameInfo, PlayerCommon, PlayerInfo, RawObservation, RawOrder, RawUnit, Score};
pub use seed::Seed;
pub use time::{GameLoop, LOOPS_PER_SECOND};
