//! The most important thing: with the very weights that acted, training gives every choice the probability it was made
//! with, head by head, through wire format and collation, with the LSTM's state carried from the actor. Then the ratio of
//! PPO is 1 on fresh data, and every error in masks, orders, states or quantization would show.

use super::play::{tiny, unrolls, unrolls_at};
use crate::action::Specs;
use crate::algo::{HeadChoice, HeadDist};
use crate::learner::{Learner, LearnerOptions};
use crate::policy::params::values;
use crate::policy::{ActTensors, CoreState, ObsTensors, Policy};
use crate::trajectory::{Batch, CollateOptions, HEADS, Unroll, Wire, collate};
use tch::{Device, Kind, Tensor};

/// Two games, cut into unrolls that begin in their middle, over the wire, in one batch with a short row at each end.
fn travelled(policy: &Policy) -> Batch {
    over_the_wire(&[unrolls(policy, 1, 29, 8), unrolls(policy, 2, 21, 8)].concat())
}

fn over_the_wire(played: &[Unroll]) -> Batch {
    let (wire, specs) = (Wire::new(&Specs::default()), Specs::default());
    let decoded: Vec<Unroll> = played
        .iter()
        .map(|u| wire.decode(&wire.encode(u)).expect("our own bytes"))
        .collect();
    let options = CollateOptions {
        t: 8,
        reset_rows: false,
    };
    collate(&decoded.iter().collect::<Vec<_>>(), &specs, options)
}

#[test]
fn training_gives_each_choice_the_probability_it_was_made_with() {
    let policy = tiny(3, 1);
    let batch = travelled(&policy);
    assert_eq!(batch.forced, [0; 3], "actor and learner mask alike");
    let spec = policy.spec();
    let obs = ObsTensors::new(&batch.obs, &spec.obs, Device::Cpu).expect("fits");
    let act = ActTensors::new(&batch.act, &batch.obs, &spec.action, Device::Cpu).expect("fits");
    let (b, t) = (obs.b, obs.t);
    let resets = Tensor::from_slice(&batch.resets)
        .view([b, t])
        .to_kind(Kind::Float);
    let core = &spec.config.core;
    let state = CoreState::from_lstm(core, &batch.rl.lstm, b, Device::Cpu).expect("fits");
    let out = tch::no_grad(|| policy.unroll(&obs, &act, &resets, &state));
    for (h, head) in out.heads.iter().enumerate() {
        let dist = HeadDist::new(&HeadChoice {
            logits: &head.logits,
            target: &head.target,
            rows: &head.rows,
        });
        let trained = values(&dist.taken_per_step(b * t));
        let mut asked = 0;
        for (row, trained) in trained.iter().enumerate() {
            let acted = batch.rl.log_probs[row * HEADS.len() + h];
            asked += usize::from(acted != 0.0);
            assert!(
                (acted - trained).abs() < 2e-4 * (1.0 + acted.abs()),
                "{} in row {row}: acted {acted}, trained {trained}",
                HEADS[h]
            );
        }
        assert!(asked >= 5, "{} was asked in {asked} steps only", HEADS[h]);
    }
    let long = (0..(b * t) as usize).filter(|r| {
        let s = batch.act.s;
        let mask = &batch.act.selected_mask[r * s..(r + 1) * s];
        mask.iter().sum::<f32>() > 2.5
    });
    assert!(long.count() >= 5, "selections whose order matters");
    let valued = values(&out.values);
    for (acted, trained) in batch.rl.values.iter().zip(&valued).take(24) {
        assert!((acted - trained).abs() < 1e-4);
    }
    let widest = batch.valid.chunks(8).position(|row| row[7] == 0.0);
    assert_eq!(widest, Some(3), "the first game's last row is padded");
}

/// If the state were not carried, the middle of a game would look like its start.
#[test]
fn without_the_actors_state_probabilities_differ() {
    let policy = tiny(3, 1);
    let mut batch = travelled(&policy);
    let kl = |batch: &Batch| {
        let mut learner = Learner::new(policy.share(), None, no_costs(), 1).expect("valid");
        learner.step(batch, 0.0).expect("fits").rl.approx_kl
    };
    let carried = kl(&batch);
    batch.rl.lstm.hidden.fill(0.0);
    batch.rl.lstm.cell.fill(0.0);
    assert!(carried < 1e-6, "{carried}");
    assert!(kl(&batch) > 10.0 * carried.max(1e-9));
}

fn no_costs() -> LearnerOptions {
    LearnerOptions {
        kl_cost: 0.0,
        value_warmup_steps: 0,
        ..LearnerOptions::default()
    }
}

#[test]
fn the_learner_sees_ratios_of_one_and_no_divergence_on_fresh_data() {
    let policy = tiny(3, 1);
    let batch = travelled(&policy);
    for threads in [1, 2] {
        let options = LearnerOptions {
            value_warmup_steps: 0,
            ..LearnerOptions::default()
        };
        let teacher = policy.replica();
        let mut learner =
            Learner::new(policy.share(), Some(teacher), options, threads).expect("valid");
        let stats = learner.step(&batch, 0.0).expect("fits");
        let rl = &stats.rl;
        assert_eq!((rl.n, rl.clip_fraction, stats.forced), (50.0, 0.0, [0; 3]));
        assert!((rl.ratio_mean - 1.0).abs() < 1e-3, "{}", rl.ratio_mean);
        assert!((rl.ratio_max - 1.0).abs() < 3e-3, "{}", rl.ratio_max);
        assert!(rl.approx_kl < 1e-6, "{}", rl.approx_kl);
        for (head, name) in rl.heads.iter().zip(HEADS) {
            assert!(
                head.kl.abs() < 1e-6,
                "{name}: the supervised policy is the same"
            );
            assert!((0.0..=1.0001).contains(&head.entropy), "{name}");
            assert!(head.n >= 5.0, "{name}");
        }
    }
}

/// An agent that plays a little surer than its network says is learned from as the policy that it was.
#[test]
fn a_temperature_is_part_of_the_policy() {
    let policy = tiny(3, 1);
    let cold = over_the_wire(&unrolls_at(0.5, &policy, 1, 29, 8));
    let at = |temperature: f64| {
        let options = LearnerOptions {
            temperature,
            value_warmup_steps: 0,
            ..LearnerOptions::default()
        };
        let teacher = Some(policy.replica());
        let mut learner = Learner::new(policy.share(), teacher, options, 1).expect("valid");
        learner.step(&cold, 0.0).expect("fits").rl
    };
    let (same, other) = (at(0.5), at(1.0));
    assert!(same.approx_kl < 1e-6, "{}", same.approx_kl);
    assert!((same.ratio_max - 1.0).abs() < 3e-3, "{}", same.ratio_max);
    assert!(same.heads.iter().all(|h| h.kl.abs() < 1e-6));
    assert!(other.approx_kl > 0.01, "{}", other.approx_kl);
}
