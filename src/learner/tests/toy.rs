//! Toy tasks, played and learned by the real parts: observations of a small made-up world, `Policy::act` under the real
//! masks, unrolls, the replay buffer, collation, `Learner::step`.

use crate::action::{Action, Interface, Specs};
use crate::game::data::unit_ids as u;
use crate::game::{Alliance, Race, Seed, UnitTypeId};
use crate::learner::{Learner, LearnerOptions, ReplayBuffer, ReplayOptions};
use crate::obs::testing::{info, raw, unit};
use crate::obs::{Conditioning, Observation};
use crate::policy::{ActStep, AdamConfig, Choice, Policy, Sampler};
use crate::predictor::arg_masks;
use crate::trajectory::{Behavior, CollateOptions, Step, Unroll, collate, collate_observations};
use rand::RngExt;

/// Episodes played side by side, and the rows of a batch.
pub const EPISODES: usize = 32;

/// A task of `steps` steps; `cue` is drawn evenly from `0..CUES` for each episode.
pub struct Task {
    pub steps: usize,
    /// What is seen in a step.
    pub observe: fn(&Observation, usize, usize) -> Observation,
    /// Reward of a step: the step, the cue, what was seen and done.
    pub reward: fn(usize, usize, &Observation, &Action) -> f32,
}

pub const CUES: usize = 2;

/// A base, a few soldiers, three enemies, a mineral field. Own units: 0 barracks, 1 to 3 marines, 4 and 5 marauders,
/// 6 worker; enemies: marine, barracks, worker.
pub fn world() -> Observation {
    let mut tag = 1 << 20;
    let mut place = |id: UnitTypeId, alliance| {
        tag += 1 << 18;
        let at = (tag >> 18) as f32 * 6.0;
        unit(tag, id, alliance, 5.0 + at % 80.0, 10.0 + at % 70.0)
    };
    let own = [
        u::BARRACKS,
        u::MARINE,
        u::MARINE,
        u::MARINE,
        u::MARAUDER,
        u::MARAUDER,
        u::SCV,
    ];
    let mut units: Vec<_> = own.into_iter().map(|id| place(id, Alliance::Own)).collect();
    units.extend([u::MARINE, u::BARRACKS, u::SCV].map(|id| place(id, Alliance::Enemy)));
    units.push(place(UnitTypeId(341), Alliance::Neutral));
    let info = info(Race::Terran, Race::Terran);
    let mut interface = Interface::new(&Specs::default(), &info, Conditioning::default());
    let mut obs = Observation::default();
    interface.observe(&raw(units), &mut obs);
    obs
}

/// The observation with these functions as the only legal ones.
pub fn only(obs: &Observation, functions: &[u16]) -> Observation {
    let mut out = obs.clone();
    out.legal_functions.fill(0);
    for &f in functions {
        out.legal_functions[usize::from(f) / 64] |= 1 << (f % 64);
    }
    out
}

/// What is seen in a step of an episode, by both numbers, and what is earned by what is done there.
pub struct Stage<'a> {
    pub steps: usize,
    pub observe: &'a dyn Fn(usize, usize) -> Observation,
    pub reward: &'a mut dyn FnMut(usize, usize, &Observation, &Action) -> f32,
}

/// Plays `EPISODES` episodes side by side; their unrolls, and the mean of the episodes' rewards.
pub fn play(policy: &Policy, stage: Stage, version: u64, seed: Seed) -> (Vec<Unroll>, f64) {
    let specs = Specs::default();
    let mut samplers: Vec<Sampler> = (0..EPISODES)
        .map(|i| Sampler::new(seed.fork("episode", i as u64), Choice::default()))
        .collect();
    let mut unrolls = vec![Unroll::default(); EPISODES];
    let mut state = policy.initial_state(EPISODES as i64);
    let mut batch = Default::default();
    let mut total = 0.0;
    for t in 0..stage.steps {
        let seen: Vec<Observation> = (0..EPISODES).map(|i| (stage.observe)(t, i)).collect();
        let rows: Vec<Option<&Observation>> = seen.iter().map(Some).collect();
        collate_observations(&mut batch, &rows, EPISODES, 1, &specs);
        let mut handles: Vec<&mut Sampler> = samplers.iter_mut().collect();
        let mut masks = |row: usize, f| {
            let (columns, rows) = seen[row].target_cells;
            arg_masks(&seen[row], f, (columns.into(), rows.into()))
        };
        let (acted, next) = policy
            .act(&batch, &state, &mut handles, &mut masks)
            .expect("acts");
        state = next;
        for (i, (obs, acted)) in seen.into_iter().zip(acted).enumerate() {
            let reward = (stage.reward)(t, i, &obs, &acted.action);
            total += f64::from(reward);
            unrolls[i]
                .steps
                .push(step(obs, acted, reward, version, (t, stage.steps)));
        }
    }
    (unrolls, total / EPISODES as f64)
}

fn step(obs: Observation, acted: ActStep, reward: f32, version: u64, at: (usize, usize)) -> Step {
    Step {
        reset: at.0 == 0,
        obs,
        action: acted.action,
        behavior: Some(Behavior {
            log_probs: acted.log_probs,
            values: acted.values,
            policy_version: version,
            rewards: vec![reward],
            terminated: at.0 + 1 == at.1,
        }),
    }
}

/// A network that learns from what it plays, two updates a round.
pub struct Pupil {
    pub learner: Learner,
    buffer: ReplayBuffer,
    /// Rounds learned from; also the version of the weights.
    pub version: u64,
}

impl Pupil {
    /// Starts from `policy`, with a fresh optimizer.
    pub fn new(policy: Policy, value_warmup_steps: u64, entropy_cost: f64) -> Pupil {
        let options = LearnerOptions {
            discount_per_loop: vec![1.0],
            lambda: vec![0.95],
            value_lambda: vec![0.95],
            reward_weights: vec![1.0],
            value_warmup_steps,
            entropy_cost,
            kl_cost: 0.0,
            adam: AdamConfig::default(),
            ..LearnerOptions::default()
        };
        let buffer = ReplayBuffer::new(ReplayOptions {
            capacity_unrolls: 2 * EPISODES,
            round_unrolls: EPISODES,
            epochs: 2,
            minibatches: 1,
            reuse_max: 1,
            staleness_max_versions: 1,
        });
        Pupil {
            learner: Learner::new(policy, None, options, 1).expect("valid"),
            buffer: buffer.expect("valid"),
            version: 0,
        }
    }

    /// Learns from one round of [`play`], at learning rate `rate`.
    pub fn study(&mut self, unrolls: Vec<Unroll>, rate: f64) {
        let collation = CollateOptions {
            t: unrolls[0].steps.len(),
            reset_rows: false,
        };
        let version = self.version;
        for unroll in unrolls {
            self.buffer.push(unroll, version);
        }
        let round = self.buffer.next_round(version, Seed(5)).expect("enough");
        for indices in &round.minibatches {
            let chosen: Vec<&Unroll> = indices.iter().map(|&i| &*round.unrolls[i]).collect();
            let batch = collate(&chosen, &Specs::default(), collation);
            let stats = self.learner.step(&batch, rate).expect("learns");
            assert_eq!(stats.forced, [0; 3]);
        }
        self.version += 1;
    }
}

/// What learning came to.
pub struct Learned {
    /// Mean rewards of the first five rounds and of the last five.
    pub before: f64,
    pub after: f64,
    pub rounds: usize,
}

/// Learns in rounds of two updates until the mean reward of five rounds is above `aim`, or `rounds_max` are over.
pub fn learn(task: &Task, rounds_max: u64, aim: f64, rate: f64) -> Learned {
    let mut pupil = Pupil::new(super::play::tiny(1, 11), 4, 2e-3);
    let base = world();
    let mean = |r: &[f64]| r.iter().sum::<f64>() / r.len() as f64;
    let mut rewards: Vec<f64> = Vec::new();
    for version in 0..rounds_max {
        if rewards.len() >= 10 && mean(&rewards[rewards.len() - 5..]) > aim {
            break;
        }
        let seed = Seed(version).fork("toy", 0);
        let mut rng = seed.rng();
        let cues: Vec<usize> = (0..EPISODES).map(|_| rng.random_range(0..CUES)).collect();
        let stage = Stage {
            steps: task.steps,
            observe: &|t, i| (task.observe)(&base, t, cues[i]),
            reward: &mut |t, i, obs, action| (task.reward)(t, cues[i], obs, action),
        };
        let (unrolls, mean) = play(&pupil.learner.policy, stage, version, seed);
        rewards.push(mean);
        pupil.study(unrolls, rate);
    }
    Learned {
        before: mean(&rewards[..5]),
        after: mean(&rewards[rewards.len() - 5..]),
        rounds: rewards.len(),
    }
}
