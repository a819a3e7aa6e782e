//! What reinforcement learning's actors send, made from a game that somebody else played: a fresh network says how likely it
//! would have taken the same actions, what it thinks of every look, and carries its LSTM's state through the game.
//!
//! A fresh network's own games are short and show few units; these are of a game as trained agents play it.

use super::learner::learnable;
use super::network::SIZES;
use super::{BenchError, failed};
use crate::action::Specs;
use crate::algo::{HeadChoice, HeadDist};
use crate::game::Seed;
use crate::policy::params::values;
use crate::policy::{ActTensors, ObsTensors, Policy, PolicyError, Unrolled};
use crate::run::config::LearnerConfig;
use crate::trajectory::{Behavior, CollateOptions, Step, Unroll, collate, slice_unrolls};
use tch::{Device, Kind, Tensor};

/// One in so many unrolls is sent, evenly over the game: the network takes longest.
const STRIDE: usize = 3;
/// Updates that the acting weights have behind them.
const VERSION: u64 = 1000;

/// Steps an unroll that a run's actors send unless told otherwise.
pub(super) fn unroll_steps() -> usize {
    LearnerConfig::default().unroll
}

/// The unrolls of a game's steps as an actor sends them, by the network's size.
///
/// # Errors
/// If a network cannot be made or does not fit the specs.
pub(super) fn sent(
    specs: &Specs,
    steps: &[Step],
    seed: Seed,
) -> Result<Vec<(&'static str, Vec<Unroll>)>, BenchError> {
    let of_size = |size: &'static str| {
        let policy = learnable(size, seed, Device::Cpu)?;
        let unrolls = slice_unrolls(steps.to_vec(), unroll_steps());
        let some = unrolls.into_iter().step_by(STRIDE).collect();
        let sent = recorded(&policy, specs, some).map_err(failed("a game's record"))?;
        Ok((size, sent))
    };
    SIZES.iter().map(|size| of_size(size.name)).collect()
}

/// `unrolls` as this network would have recorded them, one following the other.
fn recorded(
    policy: &Policy,
    specs: &Specs,
    mut unrolls: Vec<Unroll>,
) -> Result<Vec<Unroll>, PolicyError> {
    let mut state = policy.initial_state(1);
    for unroll in &mut unrolls {
        let t = unroll.steps.len();
        let options = CollateOptions {
            t,
            reset_rows: false,
        };
        let data = collate(&[unroll], specs, options);
        let (spec, device) = (policy.spec(), policy.device());
        let obs = ObsTensors::new(&data.obs, &spec.obs, device)?;
        let act = ActTensors::new(&data.act, &data.obs, &spec.action, device)?;
        let resets = Tensor::from_slice(&data.resets).view([1, t as i64]);
        let resets = resets.to_kind(Kind::Float).to_device(device);
        unroll.lstm = state.to_lstm().pop();
        let out = tch::no_grad(|| policy.unroll(&obs, &act, &resets, &state));
        write_down(unroll, &out);
        state = out.state;
    }
    Ok(unrolls)
}

/// Log-probabilities and values of an unroll's steps.
fn write_down(unroll: &mut Unroll, out: &Unrolled) {
    let n = unroll.steps.len();
    let of_head = |head: usize| {
        let head = &out.heads[head];
        let dist = HeadDist::new(&HeadChoice {
            logits: &head.logits,
            target: &head.target,
            rows: &head.rows,
        });
        values(&dist.taken_per_step(n as i64))
    };
    let log_probs: [Vec<f32>; 6] = std::array::from_fn(of_head);
    let seen = values(&out.values);
    let kinds = seen.len() / n.max(1);
    for (i, step) in unroll.steps.iter_mut().enumerate() {
        step.behavior = Some(Behavior {
            log_probs: std::array::from_fn(|head| log_probs[head][i]),
            values: seen[i * kinds..(i + 1) * kinds].to_vec(),
            policy_version: VERSION,
            rewards: vec![0.0; kinds],
            terminated: false,
        });
    }
    // As good as the last step was thought to be: the next one is not asked.
    unroll.bootstrap = seen[(n - 1) * kinds..].to_vec();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::{PolicyConfig, PolicySpec};
    use crate::run::bench::game::specs;
    use crate::run::bench::wire::scripted_steps;
    use crate::run::default_map;
    use crate::trajectory::Wire;

    fn tiny() -> Policy {
        let spec = PolicySpec::new(PolicyConfig::tiny(), &Specs::default());
        Policy::new(&spec, Seed(3), Device::Cpu).expect("tiny is valid")
    }

    fn behaviors(unrolls: &[Unroll]) -> Vec<&Behavior> {
        let steps = unrolls.iter().flat_map(|u| &u.steps);
        steps.filter_map(|s| s.behavior.as_ref()).collect()
    }

    #[test]
    fn what_actors_send_holds_what_the_network_knew_at_every_step() {
        let (policy, specs) = (tiny(), specs().expect("valid"));
        let steps = scripted_steps(&default_map(), &specs, Seed(1), 1500).expect("a game");
        let n = steps.len();
        assert!(n > 20, "{n}");
        let cut = |t| slice_unrolls(steps.clone(), t);
        let sent = recorded(&policy, &specs, cut(8)).expect("fits");
        let whole = recorded(&policy, &specs, cut(n)).expect("fits");
        // The state that travels with each unroll is what makes the parts come to the whole.
        let (parts, whole) = (behaviors(&sent), behaviors(&whole));
        assert_eq!((parts.len(), whole.len()), (n, n));
        for (part, whole) in parts.iter().zip(&whole) {
            for (a, b) in part.values.iter().zip(&whole.values) {
                assert!((a - b).abs() < 1e-4, "{a} {b}");
            }
            assert!(part.log_probs[0] < 0.0 && part.log_probs[1] < 0.0);
        }
        // Not every action has a target, and none is likely for all heads.
        for head in 2..6 {
            assert!(parts.iter().any(|b| b.log_probs[head] == 0.0), "{head}");
        }
        let core = &policy.spec().config.core;
        let width = (core.layers * core.hidden) as usize;
        assert!(
            sent.iter()
                .all(|u| u.lstm.as_ref().map(|s| s.cell.len()) == Some(width))
        );
        let first = sent[1].lstm.as_ref().expect("there");
        assert!(first.hidden.iter().any(|h| *h != 0.0));
        let wire = Wire::new(&specs);
        let back = wire.decode(&wire.encode(&sent[1])).expect("whole");
        assert_eq!(back, sent[1]);
    }
}
