//! Named parameters, initialized from a seed of our own.

use super::error::PolicyError;
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
    source: Source,
}

/// Where values come from.
#[derive(Debug)]
enum Source {
    /// The seed.
    Fresh,
    /// Nowhere: shapes only, values are left uninitialized.
    Dry,
    /// Other parameters, or handles to their storage.
    Shared(Vec<(String, Tensor)>),
}

impl Params {
    pub fn new(seed: Seed, device: Device) -> Params {
        Params {
            entries: Vec::new(),
            seed,
            device,
            source: Source::Fresh,
        }
    }

    /// For counting: tensors get their shapes but no values.
    pub fn dry() -> Params {
        Params {
            source: Source::Dry,
            ..Params::new(Seed(0), Device::Cpu)
        }
    }

    /// For a second handle to the same values and gradients.
    pub fn share(&self) -> Params {
        let entries = self
            .entries
            .iter()
            .map(|(name, t)| (name.clone(), t.shallow_clone()))
            .collect();
        Params {
            source: Source::Shared(entries),
            ..Params::new(self.seed, self.device)
        }
    }

    /// The same values in the same storage, with gradients of their own: for another thread's backward pass.
    pub fn replica(&self) -> Params {
        let entries = self
            .entries
            .iter()
            .map(|(name, t)| (name.clone(), t.detach().set_requires_grad(true)))
            .collect();
        Params {
            source: Source::Shared(entries),
            ..Params::new(self.seed, self.device)
        }
    }

    /// The gradients, undefined where there is none.
    pub fn grads(&self) -> Vec<Tensor> {
        self.entries.iter().map(|(_, t)| t.grad()).collect()
    }

    /// All values, on the CPU.
    pub fn weights(&self) -> Weights {
        Weights {
            values: self.entries.iter().map(|(_, t)| values(t)).collect(),
        }
    }

    /// Overwrites all values.
    ///
    /// # Errors
    /// [`PolicyError::Shape`] if they are another network's.
    pub fn set_weights(&self, weights: &Weights) -> Result<(), PolicyError> {
        let fits = weights.values.len() == self.entries.len()
            && weights
                .values
                .iter()
                .zip(&self.entries)
                .all(|(v, (_, t))| v.len() == t.numel());
        if !fits {
            return Err(PolicyError::Shape {
                part: "params",
                what: "weights",
                expected: format!("{} tensors of this network's sizes", self.entries.len()),
                actual: format!("{} tensors of another's", weights.values.len()),
            });
        }
        tch::no_grad(|| {
            for (values, (_, t)) in weights.values.iter().zip(&self.entries) {
                t.detach()
                    .copy_(&Tensor::from_slice(values).view(t.size().as_slice()));
            }
        });
        Ok(())
    }

    /// Overwrites every parameter that `other` has under the same name and in the same shape.
    pub fn take_over(&self, other: &Params) {
        tch::no_grad(|| {
            for (name, t) in &self.entries {
                let same = |(n, o): &&(String, Tensor)| n == name && o.size() == t.size();
                if let Some((_, theirs)) = other.entries.iter().find(same) {
                    t.detach().copy_(&theirs.detach());
                }
            }
        });
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
        let t = match &self.source {
            Source::Dry => Tensor::empty(shape, (Kind::Float, Device::Cpu)),
            Source::Fresh => initial(self.seed.fork(&name, 0), shape, init)
                .to_device(self.device)
                .set_requires_grad(true),
            Source::Shared(entries) => {
                let (other, t) = &entries[self.entries.len()];
                assert!(*other == name && t.size() == shape, "shared {name}");
                t.shallow_clone()
            }
        };
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

/// All values of a network as plain arrays: what a learner publishes and a predictor takes.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    values: Vec<Vec<f32>>,
}

/// A tensor's values as f32, on the CPU.
pub fn values(t: &Tensor) -> Vec<f32> {
    let flat = t
        .detach()
        .to_device(Device::Cpu)
        .to_kind(Kind::Float)
        .contiguous();
    let mut out = vec![0f32; flat.numel()];
    flat.copy_data(&mut out, flat.numel());
    out
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
