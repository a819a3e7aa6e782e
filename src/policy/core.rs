//! Aggregator and residual LSTM (SCC App. A, Fig. 4): everything encoded is concatenated, and an LSTM whose layers
//! each add to their input (a residual connection) carries memory from step to step.

use super::config::CoreConfig;
use super::error::PolicyError;
use super::layers::{Linear, LstmCell};
use super::params::{Scope, values};
use crate::trajectory::{LstmBatch, LstmState};
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

    /// The state that `b` rows of a batch start from.
    ///
    /// # Errors
    /// [`PolicyError::Shape`] if the states are another network's.
    pub fn from_lstm(
        config: &CoreConfig,
        states: &LstmBatch,
        b: i64,
        device: Device,
    ) -> Result<CoreState, PolicyError> {
        if states.width == 0 {
            return Ok(CoreState::zeros(config, b, device));
        }
        let (l, h) = (config.layers, config.hidden);
        let values = (b * l * h) as usize;
        for actual in [states.hidden.len(), states.cell.len()] {
            if actual != values {
                return Err(PolicyError::Shape {
                    part: "core",
                    what: "an LSTM state",
                    expected: format!("{values} values"),
                    actual: actual.to_string(),
                });
            }
        }
        // [B, L, H] -> [L, B, H]
        let tensor = |values: &[f32]| {
            Tensor::from_slice(values)
                .view([b, l, h])
                .transpose(0, 1)
                .contiguous()
                .to_device(device)
        };
        Ok(CoreState {
            hidden: tensor(&states.hidden),
            cell: tensor(&states.cell),
        })
    }

    /// Every game's state as plain arrays.
    pub fn to_lstm(&self) -> Vec<LstmState> {
        // [L, B, H] -> [B, L, H]
        let rows = |t: &Tensor| values(&t.transpose(0, 1));
        let (hidden, cell) = (rows(&self.hidden), rows(&self.cell));
        let width = (hidden.len() / self.b().max(1) as usize).max(1);
        hidden
            .chunks(width)
            .zip(cell.chunks(width))
            .map(|(hidden, cell)| LstmState {
                hidden: hidden.to_vec(),
                cell: cell.to_vec(),
            })
            .collect()
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
