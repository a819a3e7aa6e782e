//! What an agent is told to be, beside what it sees: rating and strategy statistic (SCC §6.1, AlphaStar Methods).

use super::types::{BUILD_ORDER_LEN, BuildItem};

/// Inputs that stay the same for a whole game. Default: play unconditioned.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Conditioning {
    /// Rating of the player to imitate.
    pub mmr: Option<f32>,
    /// z's build order; all zero = not conditioned on.
    pub build_order: [BuildItem; BUILD_ORDER_LEN],
    /// z's unit counts, one per counted type; empty = not conditioned on.
    pub counts: Vec<u16>,
}

impl Conditioning {
    pub fn has_build_order(&self) -> bool {
        self.build_order[0].item != 0
    }

    pub fn has_counts(&self) -> bool {
        !self.counts.is_empty()
    }
}
