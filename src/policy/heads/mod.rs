//! Action heads (SCC App. A.4): one file each. Every head is conditioned on the selected function, the two target heads
//! on the selected units too, by concatenation and a fully connected layer; nothing else depends on anything else.

pub mod function;
pub mod queued;
pub mod selected;
pub mod skip;
pub mod target_cell;
pub mod target_unit;

use super::config::PolicyConfig;
use super::layers::{Embedding, Linear};
use super::params::Scope;
use crate::action::ActionSpec;
use crate::policy::inputs::{floats, ints};
use tch::{Device, Kind, Tensor};

pub use function::FunctionHead;
pub use queued::QueuedHead;
pub use selected::SelectedHead;
pub use skip::SkipHead;
pub use target_cell::TargetCellHead;
pub use target_unit::TargetUnitHead;

/// All six heads and the function's embedding `e_a`.
#[derive(Debug)]
pub struct Heads {
    pub embed: Embedding,
    pub function: FunctionHead,
    pub skip: SkipHead,
    pub queued: QueuedHead,
    pub selected: SelectedHead,
    pub target_unit: TargetUnitHead,
    pub target_cell: TargetCellHead,
}

impl Heads {
    pub fn new(mut scope: Scope<'_>, config: &PolicyConfig, action: &ActionSpec) -> Heads {
        let functions = action.n_functions as i64;
        let dim = config.heads.action_dim;
        Heads {
            embed: Embedding::new(scope.sub("embed"), functions, dim, 1.0),
            function: FunctionHead::new(scope.sub("function"), config.core.hidden, functions),
            skip: SkipHead::new(scope.sub("skip"), config, action.n_skips as i64),
            queued: QueuedHead::new(scope.sub("queued"), config),
            selected: SelectedHead::new(scope.sub("selected"), config),
            target_unit: TargetUnitHead::new(scope.sub("target_unit"), config),
            target_cell: TargetCellHead::new(
                scope.sub("target_cell"),
                config,
                action.target_grid as i64,
            ),
        }
    }
}

/// Conditioning: the core's output concatenated with what the head is conditioned on, one fully connected layer, ReLU.
#[derive(Debug)]
pub struct Condition {
    layer: Linear,
}

impl Condition {
    /// On the function only.
    pub fn on_function(scope: Scope<'_>, config: &PolicyConfig) -> Condition {
        let input = config.core.hidden + config.heads.action_dim;
        Condition {
            layer: Linear::relu(scope, input, config.heads.hidden),
        }
    }

    /// On the function and the selected units' mean and maximum.
    pub fn on_units(scope: Scope<'_>, config: &PolicyConfig) -> Condition {
        let input = config.core.hidden + config.heads.action_dim + 2 * config.units.dim;
        Condition {
            layer: Linear::relu(scope, input, config.heads.hidden),
        }
    }

    /// `core` `[M, H]`, `e_a` `[M, A]`, and perhaps the units' `[M, 2 D]`; returns `[M, hidden]`.
    pub fn forward(&self, core: &Tensor, e_a: &Tensor, units: Option<&Tensor>) -> Tensor {
        let x = match units {
            Some(units) => Tensor::cat(&[core, e_a, units], 1),
            None => Tensor::cat(&[core, e_a], 1),
        };
        self.layer.forward_relu(&x)
    }

    pub fn macs(config: &PolicyConfig, units: bool) -> i64 {
        let input = config.core.hidden + config.heads.action_dim;
        (input + if units { 2 * config.units.dim } else { 0 }) * config.heads.hidden
    }
}

/// Conditioned concat-attention: `score(q, u) = e_a . tanh(W [q; u])`, with `e_a` the sampled function's embedding in
/// place of Luong's fixed vector. `W [q; u]` is computed as `W_q q + W_u u`, so each unit's share is computed once.
/// Scores are divided by the square root of the width, as in scaled dot products (a constant factor; ours).
#[derive(Debug)]
pub struct ConcatAttention {
    query: Linear,
    key: Linear,
    scale: f64,
}

impl ConcatAttention {
    pub fn new(mut scope: Scope<'_>, query: i64, key: i64, width: i64) -> ConcatAttention {
        ConcatAttention {
            query: Linear::plain(scope.sub("query"), query, width),
            key: Linear::no_bias(scope.sub("key"), key, width),
            scale: (width as f64).sqrt().recip(),
        }
    }

    /// Units `[.., D]` to their share of the attention, `[.., A]`.
    pub fn keys(&self, units: &Tensor) -> Tensor {
        self.key.forward(units)
    }

    /// Queries `[M, Q]` to their share, `[M, A]`.
    pub fn queries(&self, x: &Tensor) -> Tensor {
        self.query.forward(x)
    }

    /// Shares of keys `[M, K, A]` and queries `[M, A]`, function embedding `[M, A]`; returns `[M, K]`.
    pub fn scores(&self, keys: &Tensor, queries: &Tensor, e_a: &Tensor) -> Tensor {
        let mixed = (keys + queries.unsqueeze(1)).tanh_();
        mixed.bmm(&(e_a * self.scale).unsqueeze(2)).squeeze_dim(2)
    }
}

/// Selected units of some rows, as a rectangle: short rows repeat their first unit with weight 0.
#[derive(Debug)]
pub struct Selection {
    /// `[U * S]` i64: indices into the flattened own units `[R * N]`.
    pub index: Tensor,
    /// `[U, 1, S]` f32: 1 / count, or 0.
    pub weight: Tensor,
    /// `[U]` i64: the rows; none of them twice.
    pub rows: Tensor,
}

impl Selection {
    /// `lists`: a row and its selected units (at least one), of `n` own units a row.
    pub fn new(lists: &[(usize, Vec<usize>)], n: usize, device: Device) -> Selection {
        let s = lists
            .iter()
            .map(|(_, units)| units.len())
            .max()
            .unwrap_or(0);
        let (mut index, mut weight) = (Vec::new(), Vec::new());
        for (row, units) in lists {
            for i in 0..s {
                let unit = units.get(i).unwrap_or(&units[0]);
                index.push((row * n + unit) as i64);
                weight.push(if i < units.len() {
                    1.0 / units.len() as f32
                } else {
                    0.0
                });
            }
        }
        let u = lists.len() as i64;
        let rows: Vec<i64> = lists.iter().map(|(row, _)| *row as i64).collect();
        Selection {
            index: ints(&index, &[index.len() as i64], device),
            weight: floats(&weight, &[u, 1, s as i64], device),
            rows: ints(&rows, &[u], device),
        }
    }

    /// Mean and maximum of each row's selected units, `[R, 2 D]`; zero where none is selected. `mine` `[R, N, D]`.
    pub fn summary(&self, mine: &Tensor) -> Tensor {
        let (r, _, d) = mine.size3().expect("[R, N, D]");
        let (u, _, s) = self.weight.size3().expect("[U, 1, S]");
        let out = Tensor::zeros([r, 2 * d], (mine.kind(), mine.device()));
        if u == 0 {
            return out;
        }
        let units = mine
            .flatten(0, 1)
            .index_select(0, &self.index)
            .view([u, s, d]);
        let mean = self.weight.to_kind(mine.kind()).bmm(&units).squeeze_dim(1);
        let max = units.amax([1], false);
        out.index_copy(0, &self.rows, &Tensor::cat(&[mean, max], 1))
    }
}

/// Logits as f32 with everything illegal at [`super::inputs::MASKED`]. `illegal` is a bool tensor of the same shape.
pub fn masked(logits: &Tensor, illegal: &Tensor) -> Tensor {
    logits
        .to_kind(Kind::Float)
        .masked_fill(illegal, super::inputs::MASKED)
}
