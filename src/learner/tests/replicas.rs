//! Learners that make one update together: the update of one with all their data, the same bits at each, and nobody who
//! waits for what never comes.

use super::play::{tiny, unrolls};
use crate::action::Specs;
use crate::collective::{Group, Rendezvous};
use crate::learner::{Learner, LearnerError, LearnerOptions, LearnerStats};
use crate::policy::params::values;
use crate::policy::{AdamConfig, Policy};
use crate::trajectory::{Batch, CollateOptions, RlBatch, Unroll, collate};
use std::time::Duration;

const TIMEOUT: Duration = Duration::from_secs(60);

/// Games of different lengths, a list for each learner: their parts of a batch are not of the same size.
fn games(policy: &Policy, seed: u64) -> [Vec<Unroll>; 2] {
    let game = |seed, n| unrolls(policy, seed, n, 8);
    [
        [game(seed, 16), game(seed + 1, 13)].concat(),
        game(seed + 2, 7),
    ]
}

fn batch(unrolls: &[Unroll]) -> Batch {
    let options = CollateOptions {
        t: 8,
        reset_rows: false,
    };
    let unrolls: Vec<&Unroll> = unrolls.iter().collect();
    collate(&unrolls, &Specs::default(), options)
}

/// With an optimizer that is smooth where a gradient is nearly 0, so that rounding does not turn into steps.
fn options() -> LearnerOptions {
    LearnerOptions {
        value_warmup_steps: 1,
        adam: AdamConfig {
            epsilon: 1e-2,
            ..AdamConfig::default()
        },
        ..LearnerOptions::default()
    }
}

/// Starts from the weights of `policy`, with others as the supervised ones.
fn learner(policy: &Policy, options: LearnerOptions) -> Learner {
    let own = policy
        .with_value_kinds(3, crate::game::Seed(0))
        .expect("valid");
    Learner::new(own, Some(tiny(3, 77)), options, 1).expect("valid")
}

fn weights(learner: &Learner) -> Vec<f32> {
    learner.state_tensors().iter().flat_map(values).collect()
}

/// Does `work` as two learners of a group, a thread each.
fn pair<T: Send>(
    policy: &Policy,
    timeout: Duration,
    work: impl Fn(usize, &mut Learner) -> T + Sync,
) -> [T; 2] {
    let meeting = Rendezvous::open("127.0.0.1").expect("opens");
    let (address, work) = (meeting.address(), &work);
    std::thread::scope(|scope| {
        let threads = [0, 1].map(|rank| {
            let mut learner = learner(policy, options());
            let address = address.clone();
            scope.spawn(move || {
                let group = Group::join(&address, rank, 2, timeout).expect("joins");
                learner.set_replication(Some(Box::new(group)));
                work(rank, &mut learner)
            })
        });
        threads.map(|t| t.join().expect("no panic"))
    })
}

fn close(a: f64, b: f64, what: &str) {
    assert!((a - b).abs() <= 1e-5 * (1.0 + b.abs()), "{what}: {a} {b}");
}

fn alike(a: &LearnerStats, b: &LearnerStats) {
    let kinds = ["a", "b", "c"];
    let pairs = a.metrics(&kinds).into_iter().zip(b.metrics(&kinds));
    for ((name, a), (other, b)) in pairs {
        assert_eq!(name, other);
        close(a, b, &name);
    }
}

#[test]
fn two_learners_make_the_update_of_one_with_both_batches() {
    let policy = tiny(3, 5);
    let parts = games(&policy, 30);
    let joined = batch(&parts.concat());
    let parts = parts.map(|unrolls| batch(&unrolls));
    let mut alone = learner(&policy, options());
    let before = weights(&alone);
    let expected: Vec<LearnerStats> = (0..3)
        .map(|_| alone.step(&joined, 1e-3).expect("learns"))
        .collect();
    let got = pair(&policy, TIMEOUT, |rank, learner| {
        let stats: Vec<LearnerStats> = (0..3)
            .map(|_| learner.step(&parts[rank], 1e-3).expect("learns"))
            .collect();
        (stats, weights(learner))
    });
    assert!(got[0].0[0].is_warmup && !got[0].0[1].is_warmup);
    let expected_weights = weights(&alone);
    for (stats, weights) in &got {
        stats.iter().zip(&expected).for_each(|(a, b)| alike(a, b));
        for (a, b) in weights.iter().zip(&expected_weights) {
            assert!((a - b).abs() < 1e-6, "{a} {b}");
        }
    }
    let moved = |w: &[f32]| {
        let far = w
            .iter()
            .zip(&before)
            .filter(|(a, b)| (*a - *b).abs() > 1e-5);
        far.count()
    };
    assert!(moved(&expected_weights) > 1000, "an update worth the name");
    assert_eq!(got[0], got[1], "the same to the bit");
}

#[test]
fn replicas_stay_the_same_to_the_bit() {
    let policy = tiny(3, 6);
    let data: Vec<[Batch; 2]> = (0..4)
        .map(|i| games(&policy, 50 + 10 * i).map(|unrolls| batch(&unrolls)))
        .collect();
    let got = pair(&policy, TIMEOUT, |rank, learner| {
        for update in 0..20 {
            learner.step(&data[update % 4][rank], 1e-3).expect("learns");
        }
        let alike = learner.is_alike().expect("compares");
        if rank == 1 {
            let first = &learner.policy.params().entries()[0].1;
            tch::no_grad(|| {
                let _ = first.detach().get(0).fill_(0.125);
            });
        }
        let apart = learner.is_alike().expect("compares");
        learner.follow(0).expect("follows");
        let again = learner.is_alike().expect("compares");
        ([alike, apart, again], weights(learner))
    });
    assert_eq!(got[0].0, [true, false, true]);
    assert_eq!(got[0], got[1]);
}

/// What is wrong with one learner's batch stops the update everywhere, and the next one is made.
#[test]
fn a_bad_batch_at_one_learner_stops_all_and_hangs_none() {
    let policy = tiny(3, 7);
    let good = games(&policy, 90).map(|unrolls| batch(&unrolls));
    let mut no_number = good[1].clone();
    no_number.rl.rewards[2] = f32::NAN;
    let mut huge = good[1].clone();
    huge.rl.rewards[2] = 1e6;
    let mut no_behavior = good[1].clone();
    no_behavior.rl = RlBatch::default();
    let got = pair(&policy, TIMEOUT, |rank, learner| {
        learner.step(&good[rank], 1e-3).expect("learns");
        let before = weights(learner);
        let [nan, explodes, none] = [&no_number, &huge, &no_behavior].map(|bad| {
            let batch = if rank == 1 { bad } else { &good[0] };
            learner.step(batch, 1e-3).expect_err("one is bad")
        });
        assert_eq!(weights(learner), before);
        assert_eq!(learner.optimizer.step_count(), 1);
        let rate = [1e-3, 2e-3][rank];
        let apart = learner.step(&good[rank], rate).expect_err("two rates");
        learner.step(&good[rank], 1e-3).expect("goes on");
        assert!(learner.is_alike().expect("compares"));
        [nan, explodes, none, apart]
    });
    for [nan, explodes, _, apart] in &got {
        assert!(matches!(nan, LearnerError::NotFinite { what: "loss" }));
        assert!(
            matches!(explodes, LearnerError::Exploded { what: "loss", .. }),
            "{explodes}"
        );
        assert!(
            matches!(
                apart,
                LearnerError::Apart {
                    what: "learning rate",
                    rank: 1,
                    ..
                }
            ),
            "{apart}"
        );
    }
    assert!(matches!(got[0][2], LearnerError::PeerFailed { rank: 1 }));
    assert!(matches!(got[1][2], LearnerError::NoBehavior));
}

/// One learner leaves, the other goes on alone, and then a new one takes its state over.
#[test]
fn a_lost_learner_is_an_error_and_the_next_group_goes_on() {
    let policy = tiny(3, 8);
    let data = games(&policy, 120).map(|unrolls| batch(&unrolls));
    let meeting = Rendezvous::open("127.0.0.1").expect("opens");
    let next = meeting.address();
    let got = pair(&policy, TIMEOUT, |rank, member| {
        member.step(&data[rank], 1e-3).expect("learns");
        if rank == 1 {
            // As if the process died: its connections close. What comes back knows nothing.
            member.set_replication(None);
            *member = learner(&tiny(3, 8), options());
        } else {
            let before = weights(member);
            let lost = member.step(&data[rank], 1e-3).expect_err("the other left");
            assert!(matches!(lost, LearnerError::Peers(_)), "{lost}");
            assert_eq!(weights(member), before);
            member.set_replication(None);
            member.step(&data[rank], 1e-3).expect("alone");
        }
        let group = Group::join(&next, rank, 2, TIMEOUT).expect("joins");
        member.set_replication(Some(Box::new(group)));
        let apart = member.step(&data[rank], 1e-3).expect_err("2 and 0 updates");
        assert!(
            matches!(apart, LearnerError::Apart { what: "update", .. }),
            "{apart}"
        );
        member.follow(0).expect("follows");
        member.step(&data[rank], 1e-3).expect("learns");
        (member.optimizer.step_count(), weights(member))
    });
    assert_eq!(got[0].0, 3);
    assert_eq!(got[0], got[1]);
}

#[test]
fn a_minibatch_in_parts_gives_the_update_of_the_whole() {
    let policy = tiny(3, 9);
    let whole = batch(&games(&policy, 150).concat());
    let run = |accumulate| {
        let options = LearnerOptions {
            accumulate,
            ..options()
        };
        let mut learner = learner(&policy, options);
        let stats: Vec<LearnerStats> = (0..3)
            .map(|_| learner.step(&whole, 1e-3).expect("learns"))
            .collect();
        (stats, weights(&learner))
    };
    let (stats, at_once) = run(1);
    // More parts than there are unrolls: then one each.
    for accumulate in [2, 3, 100] {
        let (other, weights) = run(accumulate);
        other.iter().zip(&stats).for_each(|(a, b)| alike(a, b));
        for (a, b) in weights.iter().zip(&at_once) {
            assert!((a - b).abs() < 1e-6, "{accumulate}: {a} {b}");
        }
    }
    let none = LearnerOptions {
        accumulate: 0,
        ..options()
    };
    let refused = Learner::new(tiny(3, 1), Some(tiny(3, 1)), none, 1).expect_err("refused");
    assert!(refused.to_string().starts_with("accumulate is 0"));
}
