//! Aggregator and residual LSTM (SCC App. A, Fig. 4): everything encoded is concatenated, and an LSTM whose layers
//! each add to their input (a residual connection) carries memory from step to step.

use super::config::CoreConfig;
use super::layers::{Linear, LstmCell};
use super::params::Scope;
use tch::{Device, Kind, Tensor};

/// State of the LSTM: `[L, B, H]` each.
#[derive(Debug)]
pub struct CoreState {
    pub hidden: Tensor,
    pub cell: Tensor,
}

impl Clone for CoreState {
    fn clone(&self) -> CoreState {
        CoreState {
            hidden: self.hidden.copy(),
            cell: self.cell.copy(),
        }
    }
}

impl CoreState {
    /// All zero, for the first step of `b` games.
    pub fn zeros(config: &CoreConfig, b: i64, device: Device) -> CoreState {
        let shape = [config.layers, b, config.hidden];
        CoreState {
            hidden: Tensor::zeros(shape, (Kind::Float, device)),
            cell: Tensor::zeros(shape, (Kind::Float, device)),
        }
    }

    /// Games.
    pub fn b(&self) -> i64 {
        self.hidden.size()[1]
    }

    /// The same values, without a gradient.
    pub fn detach(&self) -> CoreState {
        CoreState {
            hidden: self.hidden.detach(),
            cell: self.cell.detach(),
        }
    }
}

/// See the module.
#[derive(Debug)]
pub struct Core {
    join: Linear,
    layers: Vec<LstmCell>,
    hidden: i64,
}

impl Core {
    pub fn new(mut scope: Scope<'_>, config: &CoreConfig, input: i64) -> Core {
        let h = config.hidden;
        Core {
            join: Linear::relu(scope.sub("join"), input, h),
            layers: (0..config.layers as usize)
                .map(|l| LstmCell::new(scope.idx("layer", l), h, h))
                .collect(),
            hidden: h,
        }
    }

    /// `parts`: encodings `[B * T, *]` (T fastest). `resets` `[B, T]` f32, 1 where the state is zeroed before the
    /// step; none = never. Returns `[B * T, H]` and the state after the last step.
    pub fn forward(
        &self,
        parts: &[Tensor],
        (b, t): (i64, i64),
        state: &CoreState,
        resets: Option<&Tensor>,
    ) -> (Tensor, CoreState) {
        // [B T, H] -> [T, B, H]
        let mut x = self
            .join
            .forward_relu(&Tensor::cat(parts, 1))
            .view([b, t, self.hidden])
            .transpose(0, 1)
            .contiguous();
        // [B, T] -> T times [B, 1]
        let keep = resets.map(|r: &Tensor| r.rsub_scalar(1.0).view([b, t, 1]).unbind(1));
        let (mut hidden, mut cell) = (Vec::new(), Vec::new());
        for (l, layer) in self.layers.iter().enumerate() {
            let gates = layer.gates(&x).unbind(0);
            let mut h = state.hidden.get(l as i64);
            let mut c = state.cell.get(l as i64);
            let mut outs = Vec::with_capacity(t as usize);
            for (step, gates) in gates.iter().enumerate() {
                if let Some(keep) = &keep {
                    // Not in place: the first is the caller's.
                    h = h.g_mul(&keep[step]);
                    c = c.g_mul(&keep[step]);
                }
                (h, c) = layer.step(gates, &h, &c);
                outs.push(h.shallow_clone());
            }
            x = x.g_add(&Tensor::stack(&outs, 0));
            hidden.push(h);
            cell.push(c);
        }
        let state = CoreState {
            hidden: Tensor::stack(&hidden, 0),
            cell: Tensor::stack(&cell, 0),
        };
        // [T, B, H] -> [B T, H]
        let out = x.transpose(0, 1).reshape([b * t, self.hidden]);
        (out, state)
    }

    /// Multiply-adds a row.
    pub fn macs(config: &CoreConfig, input: i64) -> i64 {
        let h = config.hidden;
        input * h + config.layers * 8 * h * h
    }
}
