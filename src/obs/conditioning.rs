//! What an agent is told to be, beside what it sees: rating and strategy statistic (SCC §6.1, AlphaStar Methods).

use super::feature::{Bits, Counts, Emit};
use super::scalars::SCALAR_FEATURES;
use super::spec::ObsSpec;
use super::types::{BUILD_ORDER_LEN, BuildItem, Observation};

/// Added to ratings on their way to the network: its input begins at 0, and ratings are about a mean of 0.
const RATING_SHIFT: f32 = 1000.0;

/// Inputs that stay the same for a whole game. Default: play unconditioned.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Conditioning {
    /// Rating of the player to imitate, from 0 on: see [`Conditioning::rated`].
    pub mmr: Option<f32>,
    /// z's build order; all zero = not conditioned on.
    pub build_order: [BuildItem; BUILD_ORDER_LEN],
    /// z's unit counts, one per counted type; empty = not conditioned on.
    pub counts: Vec<u16>,
}

impl Conditioning {
    /// The same, with the rating (Elo about 0, or more) of the player to imitate.
    #[must_use]
    pub fn rated(self, rating: Option<f32>) -> Conditioning {
        Conditioning {
            mmr: rating.map(|r| r + RATING_SHIFT),
            ..self
        }
    }

    /// Puts it into an observation in place of what that was encoded with: to the bit what the encoder would have written.
    pub fn put(&self, spec: &ObsSpec, obs: &mut Observation) {
        obs.build_order = self.build_order;
        put(spec, obs, "mmr", self.mmr_columns());
        put(spec, obs, "z_counts", Counts(&self.counts));
        put(spec, obs, "z_given", self.given());
    }

    /// The columns of the scalar feature `mmr`.
    pub(super) fn mmr_columns(&self) -> [f32; 2] {
        let given = f32::from(u8::from(self.mmr.is_some()));
        [self.mmr.unwrap_or(0.0) / 1000.0, given]
    }

    /// Those of `z_given`.
    pub(super) fn given(&self) -> Bits {
        let counts = u128::from(self.has_counts());
        Bits(u128::from(self.has_build_order()) | counts << 1)
    }

    pub fn has_build_order(&self) -> bool {
        self.build_order[0].item != 0
    }

    pub fn has_counts(&self) -> bool {
        !self.counts.is_empty()
    }
}

fn put(spec: &ObsSpec, obs: &mut Observation, name: &str, value: impl Emit) {
    let slice = spec.scalars.iter().find(|s| s.name == name);
    let feature = SCALAR_FEATURES.iter().find(|f| f.name == name);
    let (Some(slice), Some(feature)) = (slice, feature) else {
        return;
    };
    let columns = &mut obs.scalars[slice.start..slice.start + slice.len];
    columns.fill(0.0);
    value.emit(feature.quant, columns);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::game::Race;
    use crate::obs::testing::{crowd, info};
    use crate::obs::{ObsConfig, ObsEncoder, vocab};
    use std::sync::Arc;

    #[test]
    fn what_is_put_in_later_is_what_the_encoder_writes() {
        let spec = Arc::new(ObsSpec::new(ObsConfig::default(), 313).expect("valid"));
        let info = info(Race::Terran, Race::Zerg);
        let encoded = |c: &Conditioning| {
            let mut obs = Observation::default();
            ObsEncoder::new(&spec, &info, c.clone()).encode(&crowd(4), &mut obs);
            obs
        };
        let mut whole = Conditioning {
            counts: vec![3; vocab().counted().len()],
            ..Conditioning::default()
        };
        whole.build_order[0] = BuildItem { item: 7, cell: 99 };
        let counts = Conditioning {
            build_order: Default::default(),
            ..whole.clone()
        };
        let told = [
            Conditioning::default(),
            whole.clone().rated(Some(-250.0)),
            counts,
            Conditioning::default().rated(Some(4321.0)),
        ];
        for from in &told {
            for to in &told {
                let mut obs = encoded(from);
                to.put(&spec, &mut obs);
                assert_eq!(obs, encoded(to));
            }
        }
        assert_ne!(encoded(&told[0]), encoded(&told[1]));
        let mmr = spec
            .scalars
            .iter()
            .find(|s| s.name == "mmr")
            .expect("there");
        // By hand: (1000 - 250) / 1000, on a grid of 1 / 32.
        assert_eq!(encoded(&told[1]).scalars[mmr.start], 0.75);
    }
}
