//! `RawObservation` to `Observation`: the fixed-shape arrays that the network reads, and the spec that describes them.
//!
//! Invariant: sees what the player may see; changing hidden enemy state leaves the observation bit-identical.
//! Every feature is one row of one table (name, source, encoding, range), from which the encoder, the docs and
//! [`ObsSpec`] are derived.
//!
//! Leaves out: tensors (see `policy`) and legality of actions (see `action`).

pub mod config;
pub mod flags;
pub mod spec;
pub mod types;

pub use config::ObsConfig;
pub use spec::{ObsSpec, PlaneSpec, Slice};
pub use types::*;
