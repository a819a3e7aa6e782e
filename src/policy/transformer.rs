//! Group transformer (SCC App. A.2).
//!
//! A layer gives every group one self-attention and two cross-attentions, in which the group's units are the queries
//! and another group's units the keys and values; the three outputs are concatenated. The paper says no more; ours
//! goes on as AlphaStar's does: a fully connected layer back to the unit's width, residual, layer normalization, and
//! (where `ff` is not 0) the same with a two-layer perceptron. All projections of a group are one matrix product.

use super::config::UnitsConfig;
use super::inputs::ObsTensors;
use super::layers::{LayerNorm, Linear};
use super::params::Scope;
use tch::Tensor;

/// Queries, keys and values of a group per layer: for each of three attentions one query, and for each of three
/// groups that attend to it one key and one value.
const PROJECTIONS: i64 = 9;

/// All layers.
#[derive(Debug)]
pub struct GroupTransformer {
    layers: Vec<[GroupLayer; 3]>,
    heads: i64,
    head_dim: i64,
}

#[derive(Debug)]
struct GroupLayer {
    project: Linear,
    join: Linear,
    norm: LayerNorm,
    ff: Option<(Linear, Linear, LayerNorm)>,
}

impl GroupTransformer {
    pub fn new(mut scope: Scope<'_>, config: &UnitsConfig) -> GroupTransformer {
        let layers = (0..config.layers)
            .map(|l| {
                let mut layer = scope.idx("layer", l);
                ["mine", "enemy", "neutral"].map(|name| GroupLayer::new(layer.sub(name), config))
            })
            .collect();
        GroupTransformer {
            layers,
            heads: config.heads,
            head_dim: config.head_dim,
        }
    }

    /// `x`: per group `[R, N_g, D]`, zero in padding; the same of the result.
    pub fn forward(&self, mut x: [Tensor; 3], obs: &ObsTensors) -> [Tensor; 3] {
        for layer in &self.layers {
            let parts: [Vec<Tensor>; 3] = std::array::from_fn(|g| self.project(&layer[g], &x[g]));
            x = std::array::from_fn(|g| {
                let outs: [Tensor; 3] =
                    std::array::from_fn(|o| self.attend(&parts, g, (g + o) % 3, o, obs));
                layer[g].finish(&x[g], &outs, &obs.units[g].valid)
            });
        }
        x
    }

    /// Queries (0..3), keys (3..6) and values (6..9), each `[R, H, N, head_dim]`.
    fn project(&self, layer: &GroupLayer, x: &Tensor) -> Vec<Tensor> {
        let size = x.size();
        layer
            .project
            .forward(x)
            .view([size[0], size[1], PROJECTIONS, self.heads, self.head_dim])
            .permute([2, 0, 3, 1, 4])
            .unbind(0)
    }

    /// Attention of group `g` to group `other`, the `slot`-th after it; `[R, N_g, H * head_dim]`.
    fn attend(
        &self,
        parts: &[Vec<Tensor>; 3],
        g: usize,
        other: usize,
        slot: usize,
        obs: &ObsTensors,
    ) -> Tensor {
        let query = &parts[g][slot];
        let out = Tensor::scaled_dot_product_attention(
            query,
            &parts[other][3 + slot],
            &parts[other][6 + slot],
            Some(&obs.units[other].key_mask),
            0.0,
            false,
            None,
            false,
        );
        let size = query.size();
        out.transpose(1, 2)
            .reshape([size[0], size[2], self.heads * self.head_dim])
    }

    /// Multiply-adds of one forward pass with `n` units in all: every group attends to all units, so the split
    /// does not matter.
    pub fn macs(config: &UnitsConfig, n: i64) -> i64 {
        let (d, inner) = (config.dim, config.heads * config.head_dim);
        let a_unit = d * PROJECTIONS * inner + 3 * inner * d + 2 * d * config.ff;
        config.layers as i64 * (n * a_unit + 2 * n * n * inner)
    }
}

impl GroupLayer {
    fn new(mut scope: Scope<'_>, config: &UnitsConfig) -> GroupLayer {
        let (d, inner) = (config.dim, config.heads * config.head_dim);
        let ff = (config.ff > 0).then(|| {
            (
                Linear::relu(scope.sub("ff_in"), d, config.ff),
                Linear::plain(scope.sub("ff_out"), config.ff, d),
                LayerNorm::new(scope.sub("ff_norm"), d),
            )
        });
        GroupLayer {
            // No bias: padding, which is zero, has zero keys and values, so a group without units adds nothing.
            project: Linear::no_bias(scope.sub("project"), d, PROJECTIONS * inner),
            join: Linear::plain(scope.sub("join"), 3 * inner, d),
            norm: LayerNorm::new(scope.sub("norm"), d),
            ff,
        }
    }

    fn finish(&self, x: &Tensor, outs: &[Tensor; 3], valid: &Tensor) -> Tensor {
        let mut y = self
            .norm
            .forward(&(x + self.join.forward(&Tensor::cat(outs, 2))));
        if let Some((first, second, norm)) = &self.ff {
            y = norm.forward(&(&y + second.forward(&first.forward_relu(&y))));
        }
        y * valid
    }
}
