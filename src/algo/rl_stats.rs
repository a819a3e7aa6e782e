//! Numbers that say how an update went, as sums, so that the parts of a batch add up whatever their sizes.
//!
//! Layout of the vector, f64: five of all steps, the largest ratio, then three a head and five a reward kind (see
//! [`RlStats::from_parts`]).

use super::value::explained_variance;

/// Of all steps: steps, surrogate loss, clipped steps, approximate KL, ratio; then the largest ratio, which is no sum.
pub(super) const OF_STEPS: usize = 5;
/// Of a head: steps asked, normalized entropy, KL to the supervised policy.
pub(super) const OF_HEAD: usize = 3;
/// Of a kind: value loss, return, its square, error, its square.
pub(super) const OF_KIND: usize = 5;

/// One head in one update.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct HeadRlStats {
    /// Steps that asked it.
    pub n: f64,
    /// Mean entropy of these steps as a share of the largest possible one, 0 to 1.
    pub entropy: f64,
    /// Mean divergence to the supervised policy in these steps, nats.
    pub kl: f64,
}

/// One reward kind in one update.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct KindStats {
    /// Mean of half the squared error.
    pub value_loss: f64,
    /// Mean of the returns that the value learns.
    pub returns: f64,
    /// None where the returns do not vary.
    pub explained_variance: Option<f64>,
}

/// One update, or a part of one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RlStats {
    /// Real steps.
    pub n: f64,
    /// Mean clipped surrogate, before weights.
    pub loss_ppo: f64,
    /// Share of the steps whose ratio lies outside of the clipping range.
    pub clip_fraction: f64,
    /// Mean estimate of KL(behavior || target), nats a step.
    pub approx_kl: f64,
    /// Mean of target over behavior probability; 1 on fresh data.
    pub ratio_mean: f64,
    pub ratio_max: f64,
    pub heads: Vec<HeadRlStats>,
    pub kinds: Vec<KindStats>,
}

impl RlStats {
    /// Length of a vector of sums.
    pub fn len_of(n_heads: usize, n_kinds: usize) -> usize {
        OF_STEPS + 1 + OF_HEAD * n_heads + OF_KIND * n_kinds
    }

    /// Adds up the parts' sums ([`super::RlLoss::stats`]) to those of a larger part.
    ///
    /// # Panics
    /// If a part's length is not that of these numbers of heads and kinds.
    pub fn joined(parts: &[Vec<f64>], n_heads: usize, n_kinds: usize) -> Vec<f64> {
        let mut sums = vec![0.0; RlStats::len_of(n_heads, n_kinds)];
        for part in parts {
            assert_eq!(part.len(), sums.len(), "sums of a part");
            for (i, (sum, x)) in sums.iter_mut().zip(part).enumerate() {
                *sum = if i == OF_STEPS { x.max(*sum) } else { *sum + x };
            }
        }
        sums
    }

    /// Of the parts' sums.
    ///
    /// # Panics
    /// As [`RlStats::joined`].
    pub fn from_parts(parts: &[Vec<f64>], n_heads: usize, n_kinds: usize) -> RlStats {
        let sums = RlStats::joined(parts, n_heads, n_kinds);
        let n = sums[0];
        let mean = |sum: f64, n: f64| sum / n.max(1.0);
        let (steps, rest) = sums.split_at(OF_STEPS + 1);
        let (heads, kinds) = rest.split_at(OF_HEAD * n_heads);
        RlStats {
            n,
            loss_ppo: mean(steps[1], n),
            clip_fraction: mean(steps[2], n),
            approx_kl: mean(steps[3], n),
            ratio_mean: mean(steps[4], n),
            ratio_max: steps[5],
            heads: heads
                .chunks(OF_HEAD)
                .map(|h| HeadRlStats {
                    n: h[0],
                    entropy: mean(h[1], h[0]),
                    kl: mean(h[2], h[0]),
                })
                .collect(),
            kinds: kinds
                .chunks(OF_KIND)
                .map(|k| KindStats {
                    value_loss: mean(k[0], n),
                    returns: mean(k[1], n),
                    explained_variance: explained_variance(n, (k[1], k[2]), (k[3], k[4])),
                })
                .collect(),
        }
    }
}
