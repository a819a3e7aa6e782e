//! Named parameters, initialized from a seed of our own.

use crate::game::Seed;
use rand::Rng;
use tch::{Device, Kind, Tensor};

/// How a parameter starts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Init {
    Zeros,
    Ones,
    /// Uniform in `-bound..bound`.
    Uniform(f64),
    /// Bias of an LSTM's gates (order i, f, g, o): 1 for the forget gate, else 0.
    LstmBias,
}

impl Init {
    /// He et al. 2015, for layers followed by a ReLU.
    pub fn relu(fan_in: i64) -> Init {
        Init::Uniform((6.0 / fan_in as f64).sqrt())
    }

    /// Variance-keeping, for layers without a nonlinearity behind them.
    pub fn linear(fan_in: i64) -> Init {
        Init::Uniform((3.0 / fan_in as f64).sqrt())
    }
}

/// All parameters of a network, in the order in which its parts asked for them. The order and the names are the
/// same for the same config, and each parameter's initial value depends on the seed and its name only.
#[derive(Debug)]
pub struct Params {
    entries: Vec<(String, Tensor)>,
    seed: Seed,
    device: Device,
    /// Shapes only: values are left uninitialized.
    dry: bool,
}

impl Params {
    pub fn new(seed: Seed, device: Device) -> Params {
        Params {
            entries: Vec::new(),
            seed,
            device,
            dry: false,
        }
    }

    /// For counting: tensors get their shapes but no values.
    pub fn dry() -> Params {
        Params {
            dry: true,
            ..Params::new(Seed(0), Device::Cpu)
        }
    }

    /// The scope at the root of all names.
    pub fn root(&mut self) -> Scope<'_> {
        Scope {
            params: self,
            prefix: String::new(),
        }
    }

    /// Names and tensors (handles to the same storage).
    pub fn entries(&self) -> &[(String, Tensor)] {
        &self.entries
    }

    pub fn device(&self) -> Device {
        self.device
    }

    /// Number of scalars.
    pub fn count(&self) -> usize {
        self.entries.iter().map(|(_, t)| t.numel()).sum()
    }

    /// Clears all gradients.
    pub fn zero_grad(&mut self) {
        for (_, t) in &mut self.entries {
            t.zero_grad();
        }
    }

    fn add(&mut self, name: String, shape: &[i64], init: Init) -> Tensor {
        assert!(
            self.entries.iter().all(|(n, _)| *n != name),
            "two parameters named {name}"
        );
        let t = if self.dry {
            Tensor::empty(shape, (Kind::Float, Device::Cpu))
        } else {
            initial(self.seed.fork(&name, 0), shape, init).to_device(self.device)
        };
        let t = t.set_requires_grad(true);
        self.entries.push((name, t.shallow_clone()));
        t
    }
}

fn initial(seed: Seed, shape: &[i64], init: Init) -> Tensor {
    let options = (Kind::Float, Device::Cpu);
    match init {
        Init::Zeros => Tensor::zeros(shape, options),
        Init::Ones => Tensor::ones(shape, options),
        Init::LstmBias => {
            let t = Tensor::zeros(shape, options);
            let h = shape[0] / 4;
            let _ = t.narrow(0, h, h).fill_(1.0);
            t
        }
        Init::Uniform(bound) => {
            let n = shape.iter().product::<i64>() as usize;
            let mut rng = seed.rng();
            let scale = bound as f32 / (1u32 << 23) as f32;
            // 24 random bits, centered: the same floats on every platform.
            let values: Vec<f32> = (0..n)
                .map(|_| ((rng.next_u32() >> 8) as f32 - (1u32 << 23) as f32 + 0.5) * scale)
                .collect();
            Tensor::from_slice(&values).view(shape)
        }
    }
}

/// A place in the tree of parameter names.
#[derive(Debug)]
pub struct Scope<'a> {
    params: &'a mut Params,
    prefix: String,
}

impl Scope<'_> {
    /// The scope `name` inside this one.
    pub fn sub(&mut self, name: &str) -> Scope<'_> {
        Scope {
            prefix: self.path(name),
            params: self.params,
        }
    }

    /// The scope `name.idx` inside this one.
    pub fn idx(&mut self, name: &str, idx: usize) -> Scope<'_> {
        self.sub(&format!("{name}.{idx}"))
    }

    /// Adds a parameter.
    ///
    /// # Panics
    /// If the name is taken.
    pub fn add(&mut self, name: &str, shape: &[i64], init: Init) -> Tensor {
        let path = self.path(name);
        self.params.add(path, shape, init)
    }

    fn path(&self, name: &str) -> String {
        if self.prefix.is_empty() {
            name.to_string()
        } else {
            format!("{}.{name}", self.prefix)
        }
    }
}
