//! Unrolls as an actor makes them: the policy-backed agent in made-up games, its steps, values and LSTM states, cut up.

use crate::action::Specs;
use crate::agent::Agent;
use crate::agent::Recordable as _;
use crate::game::{Race, RawObservation, Seed};
use crate::obs::testing::{crowd, info};
use crate::policy::{Choice, Policy, PolicyConfig, PolicySpec};
use crate::predictor::{AgentOptions, PolicyAgent};
use crate::trajectory::{Behavior, LstmState, Step, Unroll};
use rand::RngExt;
use tch::Device;

/// The smallest network, with `kinds` values.
pub fn tiny(kinds: i64, seed: u64) -> Policy {
    let mut config = PolicyConfig::tiny();
    config.value.kinds = kinds;
    let spec = PolicySpec::new(config, &Specs::default());
    Policy::new(&spec, Seed(seed), Device::Cpu).expect("tiny is valid")
}

/// A crowd that drifts and loses a unit now and then.
fn looks(seed: u64, n: usize) -> Vec<RawObservation> {
    let mut rng = Seed(seed).rng();
    let mut world = crowd(seed);
    (0..n)
        .map(|i| {
            world.game_loop += 16;
            for u in &mut world.units {
                u.pos.x = (u.pos.x + rng.random_range(-0.3..0.3)).clamp(4.0, 99.0);
            }
            if i % 3 == 2 {
                let at = rng.random_range(0..world.units.len());
                world.units.remove(at);
            }
            world.clone()
        })
        .collect()
}

/// One game of `n` steps in unrolls of at most `t`; the game ends with its last step.
pub fn unrolls(policy: &Policy, seed: u64, n: usize, t: usize) -> Vec<Unroll> {
    unrolls_at(1.0, policy, seed, n, t)
}

/// The same by the policy at a temperature.
pub fn unrolls_at(temperature: f32, policy: &Policy, seed: u64, n: usize, t: usize) -> Vec<Unroll> {
    let options = AgentOptions {
        choice: Choice::Sample { temperature },
        ..AgentOptions::default()
    };
    let mut agent = PolicyAgent::new("actor", policy.share(), Specs::default(), options);
    agent.begin(&info(Race::Terran, Race::Terran), Seed(seed));
    let kinds = policy.spec().config.value.kinds as usize;
    let mut rng = Seed(seed).fork("rewards", 0).rng();
    let mut out: Vec<Unroll> = Vec::new();
    for (i, raw) in looks(seed, n).iter().enumerate() {
        agent.act(raw);
        let acted = agent.taken().expect("a game goes on");
        if i % t == 0 {
            if let Some(last) = out.last_mut() {
                last.bootstrap = acted.values.to_vec();
            }
            out.push(Unroll {
                lstm: (i > 0).then(|| LstmState {
                    hidden: acted.hidden.to_vec(),
                    cell: acted.cell.to_vec(),
                }),
                ..Unroll::default()
            });
        }
        let step = Step {
            reset: i == 0,
            obs: acted.obs.clone(),
            action: acted.action.clone(),
            behavior: Some(Behavior {
                log_probs: acted.log_probs,
                values: acted.values.to_vec(),
                policy_version: 3,
                rewards: (0..kinds).map(|_| rng.random_range(-1.0..1.0)).collect(),
                terminated: i + 1 == n,
            }),
        };
        out.last_mut().expect("just pushed").steps.push(step);
    }
    assert_eq!(agent.counts().1, 0, "no step failed");
    out
}
