//! Layers that several parts share.

use super::params::{Init, Scope};
use tch::Tensor;

/// A fully connected layer, `[.., I]` to `[.., O]`.
#[derive(Debug)]
pub struct Linear {
    weight: Tensor,
    bias: Option<Tensor>,
}

impl Linear {
    /// For a layer with a ReLU behind it.
    pub fn relu(mut scope: Scope<'_>, input: i64, output: i64) -> Linear {
        Linear {
            weight: scope.add("weight", &[output, input], Init::relu(input)),
            bias: Some(scope.add("bias", &[output], Init::Zeros)),
        }
    }

    /// For a layer without a nonlinearity.
    pub fn plain(scope: Scope<'_>, input: i64, output: i64) -> Linear {
        Linear::scaled(scope, input, output, 1.0)
    }

    /// For a layer whose output should start `scale` times smaller than its input.
    pub fn scaled(mut scope: Scope<'_>, input: i64, output: i64, scale: f64) -> Linear {
        let bound = scale * (3.0 / input as f64).sqrt();
        Linear {
            weight: scope.add("weight", &[output, input], Init::Uniform(bound)),
            bias: Some(scope.add("bias", &[output], Init::Zeros)),
        }
    }

    /// Without a bias: zero in, zero out.
    pub fn no_bias(mut scope: Scope<'_>, input: i64, output: i64) -> Linear {
        Linear {
            weight: scope.add("weight", &[output, input], Init::linear(input)),
            bias: None,
        }
    }

    pub fn forward(&self, x: &Tensor) -> Tensor {
        x.linear(&self.weight, self.bias.as_ref())
    }

    /// [`Linear::forward`], then a ReLU.
    pub fn forward_relu(&self, x: &Tensor) -> Tensor {
        self.forward(x).relu_()
    }
}

/// A table of vectors, `[K]` indices to `[.., O]`.
#[derive(Debug)]
pub struct Embedding {
    weight: Tensor,
}

impl Embedding {
    /// Entries uniform with standard deviation `std`.
    pub fn new(mut scope: Scope<'_>, rows: i64, dim: i64, std: f64) -> Embedding {
        Embedding {
            weight: scope.add("weight", &[rows, dim], Init::Uniform(std * 3f64.sqrt())),
        }
    }

    pub fn forward(&self, index: &Tensor) -> Tensor {
        Tensor::embedding(&self.weight, index, -1, false, false)
    }
}

/// Layer normalization over the last dimension.
#[derive(Debug)]
pub struct LayerNorm {
    weight: Tensor,
    bias: Tensor,
    dim: i64,
}

impl LayerNorm {
    pub fn new(mut scope: Scope<'_>, dim: i64) -> LayerNorm {
        LayerNorm {
            weight: scope.add("weight", &[dim], Init::Ones),
            bias: scope.add("bias", &[dim], Init::Zeros),
            dim,
        }
    }

    pub fn forward(&self, x: &Tensor) -> Tensor {
        x.layer_norm([self.dim], Some(&self.weight), Some(&self.bias), 1e-5, true)
    }
}

/// A 3x3 convolution with padding 1 over `[M, C, Y, X]`.
#[derive(Debug)]
pub struct Conv3 {
    weight: Tensor,
    bias: Tensor,
    stride: i64,
}

impl Conv3 {
    pub fn new(mut scope: Scope<'_>, input: i64, output: i64, stride: i64) -> Conv3 {
        Conv3 {
            weight: scope.add("weight", &[output, input, 3, 3], Init::relu(9 * input)),
            bias: scope.add("bias", &[output], Init::Zeros),
            stride,
        }
    }

    /// Starts at zero: the residual branch adds nothing at first.
    pub fn zero(mut scope: Scope<'_>, input: i64, output: i64) -> Conv3 {
        Conv3 {
            weight: scope.add("weight", &[output, input, 3, 3], Init::Uniform(0.01)),
            bias: scope.add("bias", &[output], Init::Zeros),
            stride: 1,
        }
    }

    pub fn forward(&self, x: &Tensor) -> Tensor {
        x.conv2d(
            &self.weight,
            Some(&self.bias),
            [self.stride, self.stride],
            [1, 1],
            [1, 1],
            1,
        )
    }
}

/// Weights of one LSTM layer, gates in the order input, forget, cell, output.
#[derive(Debug)]
pub struct LstmCell {
    input: Tensor,
    recurrent: Tensor,
    bias: Tensor,
    hidden: i64,
}

impl LstmCell {
    pub fn new(mut scope: Scope<'_>, input: i64, hidden: i64) -> LstmCell {
        let bound = (1.0 / hidden as f64).sqrt();
        LstmCell {
            input: scope.add("input", &[4 * hidden, input], Init::Uniform(bound)),
            recurrent: scope.add("recurrent", &[4 * hidden, hidden], Init::Uniform(bound)),
            bias: scope.add("bias", &[4 * hidden], Init::LstmBias),
            hidden,
        }
    }

    /// The input's share of the gates, `[.., I]` to `[.., 4 H]`: independent of the state, so computed for all steps
    /// of a sequence at once.
    pub fn gates(&self, x: &Tensor) -> Tensor {
        x.linear(&self.input, Some(&self.bias))
    }

    /// One step from the input's share of the gates `[M, 4 H]` and the state `h`, `c` (`[M, H]` each).
    pub fn step(&self, gates: &Tensor, h: &Tensor, c: &Tensor) -> (Tensor, Tensor) {
        let n = self.hidden;
        let gates = gates + h.linear(&self.recurrent, None::<&Tensor>);
        let parts = gates.split_with_sizes([2 * n, n, n], 1);
        let input_forget = parts[0].sigmoid();
        let parts_if = input_forget.split(n, 1);
        let cell = &parts_if[1] * c + &parts_if[0] * parts[1].tanh();
        let hidden = parts[2].sigmoid() * cell.tanh();
        (hidden, cell)
    }
}
