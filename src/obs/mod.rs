//! `RawObservation` to `Observation`: the fixed-shape arrays that the network reads, and the spec that describes them.
//!
//! Invariant: sees what the player may see; changing hidden enemy state leaves the observation bit-identical.
//! Every feature is one row of one table (name, source, encoding, range: [`units::UNIT_FEATURES`],
//! [`scalars::SCALAR_FEATURES`]), from which the encoder, docs/OBSERVATION.md and [`ObsSpec`] are derived; every value
//! lies on its feature's quantization grid, so that trajectories store it without loss.
//!
//! Data flow: `RawObservation` -> `select` (groups, limits, counts) -> `rows` and `units`, `planes`, `scalars` ->
//! [`Observation`]. State between steps (last action, own units' life, the opponent's race) is [`EncoderState`], which
//! actors and dataset builders carry alike.
//!
//! Leaves out: tensors (see `policy`) and legality of actions (see `action`).

pub mod buffs;
pub mod conditioning;
pub mod config;
pub mod docs;
pub mod encoder;
pub mod feature;
pub mod flags;
pub mod planes;
mod rows;
pub mod scalars;
pub mod select;
pub mod space;
pub mod spec;
#[cfg(test)]
pub mod testing;
#[cfg(test)]
mod tests;
pub mod types;
pub mod units;
pub mod vocab;

pub use conditioning::Conditioning;
pub use config::{ObsConfig, ObsConfigError};
pub use encoder::{EncoderState, LastAction, ObsEncoder};
pub use space::Space;
pub use spec::{ObsSpec, PlaneSpec, Slice};
pub use types::*;
pub use vocab::{Vocab, vocab};
