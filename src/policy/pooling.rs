//! Attention pooling (SCC App. A.3): trainable query vectors attend over a group's units; outputs flattened.
//!
//! The queries do not depend on the input, so key and query projection fold into one small matrix, and the values are
//! projected after the weighted sum instead of before it. Both are the same sums in another order; the cost falls
//! from `N * 2 * D * heads * head_dim` to `N * 2 * D * queries * heads` multiply-adds.

use super::config::PoolingConfig;
use super::params::{Init, Scope};
use tch::Tensor;

/// Pooling of one group. Output width: queries x heads x head size.
#[derive(Debug)]
pub struct AttentionPooling {
    /// `[H, Q, head_dim]`
    query: Tensor,
    /// `[H, head_dim, D]`
    key: Tensor,
    /// `[H, D, head_dim]`
    value: Tensor,
    queries: i64,
    heads: i64,
    head_dim: i64,
}

impl AttentionPooling {
    pub fn new(mut scope: Scope<'_>, config: &PoolingConfig, dim: i64) -> AttentionPooling {
        let (h, q, d) = (config.heads, config.queries, config.head_dim);
        AttentionPooling {
            query: scope.add("query", &[h, q, d], Init::linear(1)),
            key: scope.add("key", &[h, d, dim], Init::linear(dim)),
            value: scope.add("value", &[h, dim, d], Init::linear(dim)),
            queries: q,
            heads: h,
            head_dim: d,
        }
    }

    /// `x` `[R, N, D]` and its `key_mask` `[R, 1, 1, N]`; returns `[R, Q * H * head_dim]`, zero for no units.
    pub fn forward(&self, x: &Tensor, key_mask: &Tensor) -> Tensor {
        let (r, n, d) = x.size3().expect("[R, N, D]");
        let (h, q) = (self.heads, self.queries);
        let scale = (self.head_dim as f64).sqrt().recip();
        let folded = (self.query.bmm(&self.key) * scale).view([h * q, d]);
        // [R, N, H Q] -> [R, H Q, N]
        let scores = x
            .linear(&folded, None::<&Tensor>)
            .transpose(1, 2)
            .contiguous()
            + key_mask.view([r, 1, n]);
        let pooled = scores.softmax(-1, None).bmm(x);
        // [R, H, Q, D] -> [H, R Q, D]
        let pooled = pooled
            .view([r, h, q, d])
            .transpose(0, 1)
            .reshape([h, r * q, d]);
        pooled
            .bmm(&self.value)
            .view([h, r, q, self.head_dim])
            .permute([1, 2, 0, 3])
            .reshape([r, q * h * self.head_dim])
    }

    /// Width of the output.
    pub fn out(config: &PoolingConfig) -> i64 {
        config.queries * config.heads * config.head_dim
    }

    /// Multiply-adds of one row with `n` units.
    pub fn macs(config: &PoolingConfig, dim: i64, n: i64) -> i64 {
        let queries = config.queries * config.heads;
        2 * n * dim * queries + queries * dim * config.head_dim
    }
}
