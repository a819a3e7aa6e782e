//! Sums, broadcasts and comparisons of tensors among processes, by libtorch's c10d: one TCP store to meet at, Gloo to
//! compute; NCCL, beside it, where every process has a GPU.
//!
//! Invariant: every call is made by all ranks of a group in the same order and with the same shapes; it gives the same
//! bits to all of them, or an error to each within the group's timeout. A group that had an error is of no use any more,
//! and another one can be joined in the same process.
//!
//! ```text
//! Rendezvous::open (one process) -> address -> Group::join (every process) -> sum, gather, broadcast, same
//!                                              shim.cc: TCPStore, ProcessGroupGloo of libtorch_cpu
//!                    Group::compute_on (every process) ──> nccl.rs: NCCL's communicator, named over Gloo
//! ```
//!
//! Leaves out: who is in a group, and what to do when one breaks (`run`); what is summed (`learner`).

mod error;
#[allow(unsafe_code)]
mod ffi;
mod group;
mod nccl;
#[allow(unsafe_code)]
mod nccl_ffi;
mod rendezvous;

#[cfg(test)]
mod tests;

pub use error::CollectiveError;
pub use group::{Group, Waits};
pub use rendezvous::Rendezvous;
