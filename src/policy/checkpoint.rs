//! Checkpoints: one safetensors file with the weights, the optimizer's state if asked for, and what they fit to.
//!
//! Written whole or not at all; reading checks the file's shape, its hash and that it fits before anything is used.

use super::error::PolicyError;
use super::optim::{Adam, AdamConfig};
use super::{Policy, PolicyConfig, PolicySpec};
use crate::action::{ActionConfig, Specs};
use crate::files;
use crate::game::Seed;
use crate::obs::ObsConfig;
use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use tch::{Device, Kind, Tensor};
use xxhash_rust::xxh3::Xxh3;

/// Version of the layout; others are refused.
const FORMAT: u32 = 1;
/// The metadata key that holds ours.
const KEY: &str = "scc";
/// No checkpoint is larger.
const BYTES_MAX: u64 = 16 << 30;

/// What a checkpoint says of itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CheckpointMeta {
    pub format: u32,
    pub network: PolicyConfig,
    pub obs: ObsConfig,
    pub action: ActionConfig,
    /// Hashes of the tables behind the observation and the action space.
    pub obs_hash: u64,
    pub action_hash: u64,
    /// Optimizer updates behind the weights.
    pub step: u64,
    /// Content hash of the map trained on; 0 = none, or several.
    pub map_hash: u64,
    /// Updates of the optimizer, where its state is in the file.
    pub adam: Option<(u64, AdamConfig)>,
    /// xxh3 of all tensors, in the order of their names.
    pub data_hash: u64,
    /// Whatever else the writer wants to keep: run, commit, win rates.
    pub notes: BTreeMap<String, String>,
}

/// What the writer adds to a policy's own facts.
#[derive(Clone, Debug, Default)]
pub struct CheckpointNotes {
    pub step: u64,
    pub map_hash: u64,
    pub notes: BTreeMap<String, String>,
}

/// Writes a checkpoint, replacing what is at `path`. `extra` are tensors of the writer's own (names without a slash).
///
/// # Errors
/// If the file cannot be written; the old one is then untouched.
pub fn save(
    path: &Path,
    policy: &Policy,
    adam: Option<&Adam>,
    extra: &[(String, Tensor)],
    notes: &CheckpointNotes,
) -> Result<(), PolicyError> {
    let bytes = to_bytes(policy, adam, extra, notes).map_err(|reason| not(path, reason))?;
    Ok(files::write_atomic(path, &bytes)?)
}

/// What [`save`] writes.
///
/// # Errors
/// If a tensor cannot be written; none of ours is such.
pub fn to_bytes(
    policy: &Policy,
    adam: Option<&Adam>,
    extra: &[(String, Tensor)],
    notes: &CheckpointNotes,
) -> Result<Vec<u8>, String> {
    let mut tensors = BTreeMap::new();
    for (i, (name, t)) in policy.params().entries().iter().enumerate() {
        tensors.insert(format!("policy/{name}"), Array::of(t));
        if let Some((m, v)) = adam.map(|a| &a.moments()[i]) {
            tensors.insert(format!("adam_m/{name}"), Array::of(m));
            tensors.insert(format!("adam_v/{name}"), Array::of(v));
        }
    }
    for (name, t) in extra {
        tensors.insert(format!("extra/{name}"), Array::of(t));
    }
    let spec = policy.spec();
    let meta = CheckpointMeta {
        format: FORMAT,
        network: spec.config.clone(),
        obs: spec.obs.config.clone(),
        action: spec.action.config.clone(),
        obs_hash: spec.obs.hash,
        action_hash: spec.action.hash,
        step: notes.step,
        map_hash: notes.map_hash,
        adam: adam.map(|a| (a.step_count(), a.config().clone())),
        data_hash: hash(tensors.iter().map(|(name, a)| (name.as_str(), a.bytes()))),
        notes: notes.notes.clone(),
    };
    let text = serde_json::to_string(&meta).map_err(|e| e.to_string())?;
    let views: Vec<(&str, TensorView<'_>)> = tensors
        .iter()
        .map(|(name, a)| Ok((name.as_str(), a.view()?)))
        .collect::<Result<_, safetensors::SafeTensorError>>()
        .map_err(|e| e.to_string())?;
    let metadata = HashMap::from([(KEY.to_string(), text)]);
    safetensors::serialize(views, Some(metadata)).map_err(|e| e.to_string())
}

/// A checkpoint file, read and checked.
#[derive(Debug)]
pub struct Checkpoint {
    path: PathBuf,
    bytes: Vec<u8>,
    meta: CheckpointMeta,
}

impl Checkpoint {
    /// Reads a checkpoint and checks that it is whole.
    ///
    /// # Errors
    /// If the file cannot be read, is not a checkpoint of this format, or is damaged.
    pub fn open(path: &Path) -> Result<Checkpoint, PolicyError> {
        Checkpoint::from_bytes(path, files::read_limited(path, BYTES_MAX)?)
    }

    /// As [`Checkpoint::open`], of a file's content; `path` is named in errors.
    ///
    /// # Errors
    /// As there.
    pub fn from_bytes(path: &Path, bytes: Vec<u8>) -> Result<Checkpoint, PolicyError> {
        let (_, header) = SafeTensors::read_metadata(&bytes).map_err(|e| not(path, e))?;
        let text = header
            .metadata()
            .as_ref()
            .and_then(|m| m.get(KEY))
            .ok_or_else(|| not(path, "it has no metadata of this program"))?;
        let meta: CheckpointMeta = serde_json::from_str(text).map_err(|e| not(path, e))?;
        if meta.format != FORMAT {
            return Err(mismatch(path, "its format", FORMAT, meta.format));
        }
        let tensors = SafeTensors::deserialize(&bytes).map_err(|e| not(path, e))?;
        let mut all = tensors.tensors();
        all.sort_by(|a, b| a.0.cmp(&b.0));
        let actual = hash(all.iter().map(|(name, t)| (name.as_str(), t.data())));
        if actual != meta.data_hash {
            return Err(not(
                path,
                "its data do not have the hash they were written with",
            ));
        }
        Ok(Checkpoint {
            path: path.to_path_buf(),
            bytes,
            meta,
        })
    }

    pub fn meta(&self) -> &CheckpointMeta {
        &self.meta
    }

    /// The observation and action space it was made for.
    ///
    /// # Errors
    /// [`PolicyError::Mismatch`] if this program's tables are not the ones it was trained with.
    pub fn specs(&self) -> Result<Specs, PolicyError> {
        let specs = Specs::new(self.meta.obs.clone(), self.meta.action.clone())
            .map_err(|e| not(&self.path, e))?;
        let pairs = [
            (
                "its observation table's hash",
                specs.obs.hash,
                self.meta.obs_hash,
            ),
            (
                "its function table's hash",
                specs.action.hash,
                self.meta.action_hash,
            ),
        ];
        for (what, expected, actual) in pairs {
            if expected != actual {
                let [expected, actual] = [expected, actual].map(|h| format!("{h:016x}"));
                return Err(mismatch(&self.path, what, expected, actual));
            }
        }
        Ok(specs)
    }

    /// The network, on `device`.
    ///
    /// # Errors
    /// As [`Checkpoint::specs`] and [`Checkpoint::load_into`].
    pub fn policy(&self, device: Device) -> Result<Policy, PolicyError> {
        let spec = PolicySpec::new(self.meta.network.clone(), &self.specs()?);
        let policy = Policy::new(&spec, Seed(0), device)?;
        self.load_into(&policy)?;
        Ok(policy)
    }

    /// Puts the weights into a network of the same shape.
    ///
    /// # Errors
    /// [`PolicyError::Mismatch`] if sizes or tables differ; the network may then hold some of the weights.
    pub fn load_into(&self, policy: &Policy) -> Result<(), PolicyError> {
        let spec = policy.spec();
        let same = [
            (
                "its observation table's hash",
                spec.obs.hash,
                self.meta.obs_hash,
            ),
            (
                "its function table's hash",
                spec.action.hash,
                self.meta.action_hash,
            ),
        ];
        for (what, expected, actual) in same {
            if expected != actual {
                let [expected, actual] = [expected, actual].map(|h| format!("{h:016x}"));
                return Err(mismatch(&self.path, what, expected, actual));
            }
        }
        let tensors = self.tensors()?;
        for (name, t) in policy.params().entries() {
            self.copy(&tensors, &format!("policy/{name}"), t)?;
        }
        Ok(())
    }

    /// The optimizer's state, for the parameters of `policy`. None if the file holds none.
    ///
    /// # Errors
    /// As [`Checkpoint::load_into`].
    pub fn adam(&self, policy: &Policy) -> Result<Option<Adam>, PolicyError> {
        let Some((step, config)) = &self.meta.adam else {
            return Ok(None);
        };
        let mut adam = Adam::new(config, policy.params())?;
        let tensors = self.tensors()?;
        for ((name, _), (m, v)) in policy.params().entries().iter().zip(adam.moments()) {
            self.copy(&tensors, &format!("adam_m/{name}"), m)?;
            self.copy(&tensors, &format!("adam_v/{name}"), v)?;
        }
        adam.set_step_count(*step);
        Ok(Some(adam))
    }

    /// A tensor that the writer added, as f32 on the CPU. None if there is none of this name.
    ///
    /// # Errors
    /// If the file's data are not what its header says.
    pub fn extra(&self, name: &str) -> Result<Option<Tensor>, PolicyError> {
        let tensors = self.tensors()?;
        let Ok(view) = tensors.tensor(&format!("extra/{name}")) else {
            return Ok(None);
        };
        let shape: Vec<i64> = view.shape().iter().map(|&n| n as i64).collect();
        Ok(Some(Tensor::f_from_data_size(
            view.data(),
            &shape,
            Kind::Float,
        )?))
    }

    fn tensors(&self) -> Result<SafeTensors<'_>, PolicyError> {
        SafeTensors::deserialize(&self.bytes).map_err(|e| not(&self.path, e))
    }

    fn copy(&self, from: &SafeTensors<'_>, name: &str, to: &Tensor) -> Result<(), PolicyError> {
        let view = from
            .tensor(name)
            .map_err(|_| mismatch(&self.path, &format!("tensor {name}"), "there", "missing"))?;
        let shape: Vec<i64> = view.shape().iter().map(|&n| n as i64).collect();
        if shape != to.size() || view.dtype() != Dtype::F32 {
            let expected = format!("F32 {:?}", to.size());
            let actual = format!("{:?} {shape:?}", view.dtype());
            let what = format!("tensor {name}");
            return Err(mismatch(&self.path, &what, expected, actual));
        }
        let values = Tensor::f_from_data_size(view.data(), &shape, Kind::Float)?;
        tch::no_grad(|| to.detach().f_copy_(&values))?;
        Ok(())
    }
}

/// A tensor's values on the CPU.
struct Array {
    values: Vec<f32>,
    shape: Vec<usize>,
}

impl Array {
    fn of(t: &Tensor) -> Array {
        Array {
            values: super::params::values(t),
            shape: t.size().iter().map(|&n| n as usize).collect(),
        }
    }

    fn bytes(&self) -> &[u8] {
        bytemuck::cast_slice(&self.values)
    }

    fn view(&self) -> Result<TensorView<'_>, safetensors::SafeTensorError> {
        TensorView::new(Dtype::F32, self.shape.clone(), self.bytes())
    }
}

fn hash<'a>(tensors: impl Iterator<Item = (&'a str, &'a [u8])>) -> u64 {
    let mut hasher = Xxh3::new();
    for (name, bytes) in tensors {
        hasher.update(name.as_bytes());
        hasher.update(bytes);
    }
    hasher.digest()
}

fn not(path: &Path, reason: impl ToString) -> PolicyError {
    PolicyError::NotACheckpoint {
        path: path.to_path_buf(),
        reason: reason.to_string(),
    }
}

fn mismatch(
    path: &Path,
    what: &str,
    expected: impl ToString,
    actual: impl ToString,
) -> PolicyError {
    PolicyError::Mismatch {
        path: path.to_path_buf(),
        what: what.to_string(),
        expected: expected.to_string(),
        actual: actual.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::tests::{same_params, tiny, tiny_game};

    fn stepped(policy: &mut Policy) -> Adam {
        let mut adam = Adam::new(&AdamConfig::default(), policy.params()).expect("valid");
        for (_, t) in policy.params().entries() {
            t.square().sum(Kind::Float).backward();
        }
        adam.update(policy.params_mut(), 1e-2);
        adam
    }

    #[test]
    fn weights_and_optimizer_come_back() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.safetensors");
        let mut policy = tiny(1);
        let adam = stepped(&mut policy);
        let extra = [("state".to_string(), Tensor::from_slice(&[1f32, 2.0, 3.0]))];
        let notes = CheckpointNotes {
            step: 7,
            map_hash: 9,
            notes: BTreeMap::from([("run".to_string(), "x".to_string())]),
        };
        save(&path, &policy, Some(&adam), &extra, &notes).expect("writes");
        let first = std::fs::read(&path).expect("reads");
        save(&path, &policy, Some(&adam), &extra, &notes).expect("writes");
        assert_eq!(first, std::fs::read(&path).expect("reads"), "same bytes");

        let file = Checkpoint::open(&path).expect("opens");
        assert_eq!((file.meta().step, file.meta().map_hash), (7, 9));
        let other = tiny(2);
        assert!(!same_params(&policy, &other));
        file.load_into(&other).expect("fits");
        assert!(same_params(&policy, &other));
        let back = file.adam(&other).expect("fits").expect("has one");
        assert_eq!(back.step_count(), 1);
        for ((m, v), (n, w)) in adam.moments().iter().zip(back.moments()) {
            assert!(m.equal(n) && v.equal(w));
        }
        let state = file.extra("state").expect("reads").expect("there");
        assert_eq!(state.double_value(&[2]), 3.0);
        assert!(file.extra("none").expect("reads").is_none());
    }

    #[test]
    fn a_network_of_the_game_opens_by_itself() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.safetensors");
        let policy = tiny_game(3);
        save(&path, &policy, None, &[], &CheckpointNotes::default()).expect("writes");
        let back = Checkpoint::open(&path)
            .expect("opens")
            .policy(Device::Cpu)
            .expect("fits");
        assert!(same_params(&policy, &back));
        assert_eq!(policy.spec(), back.spec());
    }

    #[test]
    fn damaged_files_are_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.safetensors");
        save(&path, &tiny(1), None, &[], &CheckpointNotes::default()).expect("writes");
        let whole = std::fs::read(&path).expect("reads");
        for keep in [0, 3, 8, 100, whole.len() / 2, whole.len() - 1] {
            std::fs::write(&path, &whole[..keep]).expect("writes");
            let error = Checkpoint::open(&path).expect_err("truncated");
            assert!(
                matches!(error, PolicyError::NotACheckpoint { .. }),
                "{keep}: {error}"
            );
        }
        let mut flipped = whole.clone();
        let last = flipped.len() - 5;
        flipped[last] ^= 1;
        std::fs::write(&path, &flipped).expect("writes");
        assert!(Checkpoint::open(&path).is_err());
        std::fs::write(&path, b"not a checkpoint at all, but a text of some length")
            .expect("writes");
        assert!(Checkpoint::open(&path).is_err());
        assert!(matches!(
            Checkpoint::open(&folder.path().join("none")),
            Err(PolicyError::File(_))
        ));
    }

    #[test]
    fn another_size_or_table_does_not_fit() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.safetensors");
        save(&path, &tiny(1), None, &[], &CheckpointNotes::default()).expect("writes");
        let file = Checkpoint::open(&path).expect("opens");
        let mut spec = tiny(1).spec().clone();
        spec.config.core.hidden = 40;
        let wider = Policy::new(&spec, Seed(1), Device::Cpu).expect("valid");
        let error = file
            .load_into(&wider)
            .expect_err("another width")
            .to_string();
        assert!(
            error.contains("tensor") && error.contains("expected"),
            "{error}"
        );
        let error = file.policy(Device::Cpu).expect_err("not the game's tables");
        assert!(error.to_string().contains("hash"), "{error}");
    }
}
