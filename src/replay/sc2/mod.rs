//! Blizzard's `.SC2Replay` files, read without the game.
//!
//! Invariant: reading never panics, and never takes more memory or time than a file of its size may: lengths are checked
//! against the bytes there or a limit before anything is allocated, and what is unpacked has a limit too.
//!
//! Data flow: bytes -> `archive` (MPQ, bzip2) -> sections -> `packed`/`tagged` values by `layout` (tables of all builds)
//! -> typed events (`game`, `tracker`, `message`) and what stands once (`header`, `details`, `lobby`, `attributes`,
//! `metadata`) -> `report` (the JSON of `scc replay events`) or `summary` (one line of `scc replay info`).
//!
//! Leaves out: what a replay does not hold (where everything was; that needs the game), and playing it.

mod archive;
mod attributes;
mod bits;
pub(crate) mod cipher;
mod details;
mod game;
mod header;
mod json;
mod layout;
mod lobby;
mod message;
mod metadata;
mod names;
mod packed;
mod read;
mod report;
mod selection;
mod stream;
mod summary;
mod tagged;
mod tracker;
mod value;

#[cfg(test)]
mod tests;

pub use archive::{Archive, ArchiveError, SECTION_BYTES_MAX};
pub use attributes::{Attribute, Attributes};
pub use bits::Fault;
pub use details::{Details, DetailsPlayer};
pub use game::{
    Ability, Action, BitString, Camera, Command, ControlGroup, GameEvent, Mask, Point,
    SelectionDelta, Subgroup, Target, TargetUnit, game_events,
};
pub use header::Header;
pub use layout::{builds, nearest};
pub use lobby::{GameDescription, GameOption, Lobby, Slot, User};
pub use message::{Message, MessageContent, messages};
pub use metadata::{Metadata, MetadataPlayer};
pub use names::Name;
pub use read::{EXTENSION, ReadError, Sc2Replay, decode, decode_summary, read, read_summary};
pub use report::report;
pub use selection::{Order, Selections, orders};
pub use stream::StreamError;
pub use summary::{Summary, summary};
pub use tracker::{
    Creator, PlayerSetup, PlayerStats, Tracked, TrackerEvent, UnitDeath, UnitPosition, UnitStart,
    UnitTag, tracker_events,
};
