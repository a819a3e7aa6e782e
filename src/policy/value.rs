//! Value heads (SCC §6.1): one per reward kind; they share everything up to the LSTM's output with the policy.

use super::config::ValueConfig;
use super::layers::Linear;
use super::params::Scope;
use tch::{Kind, Tensor};

/// See the module.
#[derive(Debug)]
pub struct ValueHeads {
    kinds: Vec<(Linear, Linear)>,
}

impl ValueHeads {
    pub fn new(mut scope: Scope<'_>, config: &ValueConfig, input: i64) -> ValueHeads {
        let kinds = (0..config.kinds as usize)
            .map(|k| {
                let mut kind = scope.idx("kind", k);
                (
                    Linear::relu(kind.sub("hidden"), input, config.hidden),
                    Linear::scaled(kind.sub("out"), config.hidden, 1, 0.1),
                )
            })
            .collect();
        ValueHeads { kinds }
    }

    /// `core` `[M, H]`; returns `[M, R]`.
    pub fn forward(&self, core: &Tensor) -> Tensor {
        let values: Vec<Tensor> = self
            .kinds
            .iter()
            .map(|(hidden, out)| out.forward(&hidden.forward_relu(core)))
            .collect();
        Tensor::cat(&values, 1).to_kind(Kind::Float)
    }

    /// Multiply-adds a row.
    pub fn macs(config: &ValueConfig, input: i64) -> i64 {
        config.kinds * config.hidden * (input + 1)
    }
}
