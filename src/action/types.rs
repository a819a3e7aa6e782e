//! The policy's choice (SCC App. A.4: six heads).

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

/// Bounds of the skip head, in game loops (SCC §3: 2 to 128 frames).
pub const SKIP_LOOPS_MIN: u16 = 2;
/// See [`SKIP_LOOPS_MIN`].
pub const SKIP_LOOPS_MAX: u16 = 128;

/// One agent step's choice. Arguments that the function does not take are `None`, empty or false.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Action {
    /// Row of the function table; 0 = no-op.
    pub function: u16,
    /// Loops until the next look, `SKIP_LOOPS_MIN..=SKIP_LOOPS_MAX`.
    pub skip_loops: u16,
    pub queued: bool,
    /// Indices into the observation's group of own units, in the order they were chosen, without repeats.
    pub selected: SmallVec<[u16; 16]>,
    /// Index into the concatenation of the three unit groups (mine, enemy, neutral) as encoded.
    pub target_unit: Option<u16>,
    /// Cell of the target grid over the playable area, row-major, row 0 at the bottom.
    pub target_cell: Option<u32>,
}
