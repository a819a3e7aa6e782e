//! What can go wrong among processes.

/// Errors of `collective`.
#[derive(Debug, thiserror::Error)]
pub enum CollectiveError {
    #[error("{address:?} is no address of a rendezvous: {reason}")]
    Address { address: String, reason: String },
    #[error("no rendezvous can be opened at {host}: is it an address of this machine?")]
    Listen {
        host: String,
        #[source]
        source: std::io::Error,
    },
    #[error("no rendezvous can be opened at {host}: {reason}")]
    Store { host: String, reason: String },
    #[error("rank {rank} of {size} is none: ranks count from 0")]
    Rank { rank: usize, size: usize },
    #[error(
        "the group of {size} at {address} did not come together (is every process up, and the address right?): {reason}"
    )]
    Join {
        address: String,
        size: usize,
        reason: String,
    },
    /// The group is of no use any more.
    #[error("a process of the group is gone or does not answer ({op}): {reason}")]
    Lost { op: &'static str, reason: String },
    #[error("the group had an error before: join a new one")]
    Broken,
    #[error("only f32 tensors are exchanged, not {kind}")]
    Kind { kind: String },
}
