//! Where the parts meet: config files, run folders, wiring, measuring, and what this machine has.
//!
//! Invariant: nothing below `run` knows that config files and run folders exist; they get typed structs.
//!
//! Leaves out: printing, arguments and exit codes (see the binary's `cli`).

pub mod doctor;
pub mod lock;
pub mod manifest;
pub mod metrics;
pub mod report;
pub mod tensorboard;
