//! The network (SCC §4, App. A, Fig. 4), its parameters, optimizer and checkpoints.
//!
//! Invariant: [`Policy::act`] (one step, sampling) and [`Policy::unroll`] (`[B, T]` steps, actions known) compute the
//! same numbers; padding, the other rows of a batch and the order of units change nothing but the order of outputs.
//!
//! ```text
//! scalars ─ scalar ─────────────────────────────┐
//! units ─── units ─ transformer ─┬─ pooling ─────┼─ core (residual LSTM) ─┬─ heads: function, then skip, queued,
//!                                ├─ (unit maps) ─┤                        │   selected units, then target unit, cell
//! planes ───────────────────── spatial ──────────┘                        └─ value
//! ```
//!
//! One part a file. Widths come from [`PolicyConfig`]; shapes of inputs and outputs from `ObsSpec` and `ActionSpec`.
//! Leaves out: losses (`algo`), what may be chosen (`action`), and who asks (`predictor`).

pub mod act;
pub mod bench;
pub mod checkpoint;
pub mod config;
pub mod core;
pub mod count;
pub mod dummy;
pub mod error;
pub mod heads;
pub mod inputs;
pub mod layers;
pub mod optim;
pub mod params;
pub mod pooling;
pub mod replicas;
pub mod sample;
pub mod scalar;
pub mod spatial;
pub mod targets;
pub mod transformer;
pub mod units;
pub mod unroll;
pub mod value;

#[cfg(test)]
mod tests;

use crate::action::{ActionSpec, Specs};
use crate::game::Seed;
use crate::obs::ObsSpec;
use tch::{Device, Tensor};

pub use self::core::CoreState;
pub use act::{ActStep, ArgMasks};
pub use checkpoint::{Checkpoint, CheckpointMeta, CheckpointNotes};
pub use config::PolicyConfig;
pub use count::{Count, count};
pub use error::PolicyError;
pub use inputs::ObsTensors;
pub use optim::{Adam, AdamConfig, LearningRate, UpdateInfo};
pub use params::{Params, Weights};
pub use replicas::Replicas;
pub use sample::{Choice, Sampler};
pub use targets::ActTensors;
pub use unroll::{HeadLogits, Unrolled};

/// What decides a network's shape.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct PolicySpec {
    pub config: PolicyConfig,
    pub obs: ObsSpec,
    pub action: ActionSpec,
}

impl PolicySpec {
    /// The spec of a network of these sizes for these inputs and outputs.
    pub fn new(config: PolicyConfig, specs: &Specs) -> PolicySpec {
        PolicySpec {
            config,
            obs: (*specs.obs).clone(),
            action: (*specs.action).clone(),
        }
    }
}

/// The network. Handles to parameters may be shared ([`Policy::share`]): all see the same values.
#[derive(Debug)]
pub struct Policy {
    spec: PolicySpec,
    params: Params,
    scalar: scalar::ScalarEncoder,
    units: [units::UnitEncoder; 3],
    transformer: transformer::GroupTransformer,
    pooling: [pooling::AttentionPooling; 3],
    spatial: spatial::SpatialEncoder,
    core: core::Core,
    heads: heads::Heads,
    values: value::ValueHeads,
    /// bf16 where libtorch deems it safe; CUDA only (autocast does nothing on a CPU).
    bf16: bool,
    /// See [`Policy::set_value_gradient`].
    value_gradient: f64,
}

/// What the encoders hand to the core and the heads; rows `R = B * T`.
#[derive(Debug)]
struct Encoded {
    /// `[R, *]` each: concatenated, the core's input.
    vectors: Vec<Tensor>,
    /// Per group `[R, N_g, D]`.
    units: [Tensor; 3],
    stem: Tensor,
    trunk: Tensor,
}

impl Policy {
    /// A network with fresh parameters: the same ones for the same spec and seed.
    ///
    /// # Errors
    /// [`PolicyError::Config`] for sizes out of range.
    pub fn new(spec: &PolicySpec, seed: Seed, device: Device) -> Result<Policy, PolicyError> {
        Policy::build(spec, Params::new(seed, device))
    }

    fn build(spec: &PolicySpec, mut params: Params) -> Result<Policy, PolicyError> {
        let c = &spec.config;
        c.validate()?;
        let obs = &spec.obs;
        let mut root = params.root();
        let dim = c.units.dim;
        let names = ["mine", "enemy", "neutral"];
        let joined = c.scalar.out + c.spatial.out + 3 * pooling::AttentionPooling::out(&c.pooling);
        let scalar = scalar::ScalarEncoder::new(root.sub("scalar"), &c.scalar, obs);
        let units = [0, 1, 2]
            .map(|g| units::UnitEncoder::new(root.sub("units").sub(names[g]), &c.units, obs, g));
        let transformer = transformer::GroupTransformer::new(root.sub("transformer"), &c.units);
        let pooling = names.map(|name| {
            pooling::AttentionPooling::new(root.sub("pooling").sub(name), &c.pooling, dim)
        });
        let spatial = spatial::SpatialEncoder::new(root.sub("spatial"), &c.spatial, obs, dim);
        let core = core::Core::new(root.sub("core"), &c.core, joined);
        let heads = heads::Heads::new(root.sub("heads"), c, &spec.action);
        let values = value::ValueHeads::new(root.sub("value"), &c.value, c.core.hidden);
        Ok(Policy {
            spec: spec.clone(),
            scalar,
            units,
            transformer,
            pooling,
            spatial,
            core,
            heads,
            values,
            params,
            bf16: false,
            value_gradient: 1.0,
        })
    }

    /// A second handle to the same parameters, gradients included, for another thread.
    pub fn share(&self) -> Policy {
        let mut shared =
            Policy::build(&self.spec, self.params.share()).expect("the same spec was valid before");
        shared.bf16 = self.bf16;
        shared
    }

    /// The same parameters (they follow every update) with gradients of their own, for another thread's backward pass.
    pub fn replica(&self) -> Policy {
        let mut replica = Policy::build(&self.spec, self.params.replica())
            .expect("the same spec was valid before");
        replica.bf16 = self.bf16;
        replica
    }

    /// A network with `kinds` value heads and else the same parameters: the heads that both have are taken over (the first
    /// stays the first), new ones start fresh. Networks of the imitation stage, whose values know nothing, become those of
    /// reinforcement learning so.
    ///
    /// # Errors
    /// [`PolicyError::Config`] if `kinds` is out of range.
    pub fn with_value_kinds(&self, kinds: i64, seed: Seed) -> Result<Policy, PolicyError> {
        let mut spec = self.spec.clone();
        spec.config.value.kinds = kinds;
        let mut policy = Policy::new(&spec, seed, self.device())?;
        policy.params.take_over(&self.params);
        policy.bf16 = self.bf16;
        Ok(policy)
    }

    pub fn spec(&self) -> &PolicySpec {
        &self.spec
    }

    pub fn params(&self) -> &Params {
        &self.params
    }

    pub fn params_mut(&mut self) -> &mut Params {
        &mut self.params
    }

    pub fn device(&self) -> Device {
        self.params.device()
    }

    /// Computes in bf16 where that is safe, from now on. Only CUDA gains; elsewhere nothing changes.
    pub fn set_bf16(&mut self, on: bool) {
        self.bf16 = on && self.device().is_cuda();
    }

    /// How much of the values' gradient reaches what they share with the policy, 0 (none) to 1 (all, the default). Replicas and
    /// other handles have their own.
    pub fn set_value_gradient(&mut self, share: f64) {
        self.value_gradient = share;
    }

    /// `core` for the value heads: the same numbers, the gradient by [`Policy::set_value_gradient`].
    fn core_for_values(&self, core: &Tensor) -> Tensor {
        match self.value_gradient {
            share if share >= 1.0 => core.shallow_clone(),
            share if share <= 0.0 => core.detach(),
            share => core * share + core.detach() * (1.0 - share),
        }
    }

    /// State before the first step of `b` games.
    pub fn initial_state(&self, b: i64) -> CoreState {
        CoreState::zeros(&self.spec.config.core, b, self.device())
    }

    fn autocast<T>(&self, f: impl FnOnce() -> T) -> T {
        if self.bf16 {
            tch::autocast(true, f)
        } else {
            f()
        }
    }

    /// Everything before the core: the same for acting and training.
    fn encode(&self, obs: &ObsTensors) -> Encoded {
        let scalar = self.scalar.forward(obs);
        let units = [0, 1, 2].map(|g| self.units[g].forward(&obs.units[g]));
        let units = self.transformer.forward(units, obs);
        let spatial = self.spatial.forward(obs, &units);
        let mut vectors = vec![scalar, spatial.vector];
        for (g, pooling) in self.pooling.iter().enumerate() {
            vectors.push(pooling.forward(&units[g], &obs.units[g].key_mask));
        }
        Encoded {
            vectors,
            units,
            stem: spatial.stem,
            trunk: spatial.trunk,
        }
    }
}
