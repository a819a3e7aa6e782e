//! Seeds, split by name: every random number in the project comes from one of these, never from ambient generators.

use rand::SeedableRng;
use rand_pcg::Pcg64Mcg;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// A 64-bit seed from which named, independent seeds can be forked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seed(pub u64);

impl Seed {
    /// The seed for part `name`, instance `index`. Same inputs, same seed, on every platform.
    pub fn fork(self, name: &str, index: u64) -> Seed {
        Seed(xxh3_64_with_seed(
            name.as_bytes(),
            xxh3_64_with_seed(&index.to_le_bytes(), self.0),
        ))
    }

    /// A generator whose stream is the same on every platform and in every version of this crate's lock file.
    pub fn rng(self) -> Pcg64Mcg {
        Pcg64Mcg::seed_from_u64(self.0)
    }
}
