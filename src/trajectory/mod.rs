//! Unroll schema, padding, collation, wire format: all that an actor owes a learner, as plain arrays.
//!
//! Invariant: decoding gives back bit-identical steps; collation of a batch does not depend on the other rows but for
//! the padded widths.
//!
//! Data flow: [`Step`]s -> wire bytes -> [`Step`]s -> [`Batch`] (`policy` makes tensors of it). Leaves out: files of
//! datasets (`imitation`) and transport (`bus`).

pub mod batch;
mod codes;
pub mod collate;
pub mod figures;
pub mod lanes;
pub mod step;
#[cfg(test)]
mod tests;
pub mod wire;
pub mod z;

pub use batch::{ActionBatch, Batch, HEADS, LstmBatch, ObsBatch, RlBatch};
pub use collate::{CollateOptions, collate, collate_into, collate_observations};
pub use step::{Behavior, LstmState, Step, Unroll, slice_unrolls};
pub use wire::{Wire, WireError};
pub use z::{Z, ZEntry, ZError, ZLibrary, ZTracker};
