//! Recording: what a learner gets is what was played, whatever the queue does.

use super::*;
use crate::action::{Action, Specs};
use crate::agent::{Agent, AgentStep, Recordable, Taken};
use crate::env::{Arena, Difficulty, load_map};
use crate::evaluator::{EvaluatorError, GameOptions, GamePlan, SeatPlayer};
use crate::game::{GameInfo, GameResult, Race, RawObservation, Seed};
use crate::obs::Observation;
use crate::trajectory::Wire;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

/// Does nothing, and says so; fails to act at one step.
struct Idle {
    obs: Observation,
    action: Action,
    values: [f32; 2],
    hidden: Vec<f32>,
    step: u64,
    fails_at: Option<u64>,
}

fn idle(fails_at: Option<u64>) -> Idle {
    Idle {
        obs: empty(),
        action: Action {
            skip_loops: 64,
            ..Action::default()
        },
        values: [0.0; 2],
        hidden: Vec::new(),
        step: 0,
        fails_at,
    }
}

fn empty() -> Observation {
    let mut obs = Observation::default();
    let specs = Specs::default();
    let info = crate::obs::testing::info(Race::Terran, Race::Terran);
    let mut interface = crate::action::Interface::new(&specs, &info, Default::default());
    interface.observe(&crate::obs::testing::crowd(1), &mut obs);
    obs
}

impl Agent for Idle {
    fn name(&self) -> &str {
        "idle"
    }
    fn begin(&mut self, _: &GameInfo, _: Seed) {}
    fn act(&mut self, raw: &RawObservation) -> AgentStep {
        self.step += 1;
        self.obs.game_loop = raw.game_loop;
        self.values = [self.step as f32, -1.0];
        self.hidden = vec![self.step as f32; 3];
        AgentStep {
            skip_loops: 64,
            ..AgentStep::default()
        }
    }
}

impl Recordable for Idle {
    fn taken(&self) -> Option<Taken<'_>> {
        (self.fails_at != Some(self.step)).then_some(Taken {
            obs: &self.obs,
            action: &self.action,
            log_probs: [-0.5, 0.0, 0.0, 0.0, 0.0, 0.0],
            values: &self.values,
            policy_version: 7 + self.step / 4,
            hidden: &self.hidden,
            cell: &self.hidden,
        })
    }
}

/// One point a look, the result at the end.
struct Points;

impl Scorer for Points {
    fn kinds(&self) -> usize {
        2
    }
    fn look(&mut self, _: &RawObservation, rewards: &mut [f32]) {
        rewards[1] += 1.0;
    }
    fn end(&mut self, result: GameResult, rewards: &mut [f32]) {
        rewards[0] += if result == GameResult::Victory {
            1.0
        } else {
            -1.0
        };
    }
}

fn job(id: u64, fails_at: Option<u64>) -> Job {
    Job {
        plan: GamePlan {
            map: load_map("Flat64").expect("built in"),
            seed: Seed(id),
            names: ["idle".into(), "easy".into()],
            ratings: [None, None],
        },
        seats: [
            JobSeat::Recorded(Learnable {
                race: Race::Terran,
                agent: Box::new(idle(fails_at)),
                scorer: Box::new(Points),
            }),
            JobSeat::Other(SeatPlayer::Computer {
                race: Race::Terran,
                level: Difficulty::VeryEasy,
                build: crate::env::AiBuild::default(),
            }),
        ],
        id,
    }
}

fn recorder(unroll: usize) -> RecorderOptions {
    RecorderOptions {
        wire: Wire::new(&Specs::default()),
        unroll,
    }
}

fn played(fails_at: Option<u64>) -> Experience {
    let options = GameOptions {
        loops_max: 640,
        record: false,
        stop: &AtomicBool::new(false),
        arena: &Arena::Simulator,
    };
    let played = play_job(job(3, fails_at), &recorder(4), options).expect("plays");
    assert!(played.outcome.truncated && played.experience[1].is_none());
    played.experience[0].clone().expect("was recorded")
}

#[test]
fn a_game_becomes_unrolls_with_rewards_after_the_steps_that_earned_them() {
    let e = played(None);
    assert_eq!((e.steps(), &e.lengths[..]), (10, &[4, 4, 2][..]));
    assert_eq!(e.version_min, 7);
    // The first look earns nothing that a step could have; the end comes behind the last.
    assert_eq!(e.rewards[..4], [0.0, 1.0, 0.0, 1.0]);
    assert_eq!(
        e.rewards[18..],
        [-1.0, 0.0],
        "a tie of the limit is not a win"
    );
    assert_eq!(e.values[..4], [1.0, -1.0, 2.0, -1.0]);
    assert_eq!(e.stats.rewards, [-1.0, 10.0]);
    let wire = recorder(4).wire;
    let unrolls: Vec<_> = e
        .unrolls
        .iter()
        .map(|b| wire.decode(b).expect("ours"))
        .collect();
    assert!(unrolls[0].steps[0].reset && !unrolls[1].steps[0].reset);
    assert_eq!(
        unrolls[0].bootstrap,
        [5.0, -1.0],
        "the value of the step behind it"
    );
    assert_eq!(unrolls[2].bootstrap, [0f32; 0], "nothing follows the end");
    assert_eq!(
        unrolls[1].lstm.as_ref().map(|l| l.hidden.clone()),
        Some(vec![5.0; 3])
    );
    let behavior = |u: usize, s: usize| unrolls[u].steps[s].behavior.clone().expect("recorded");
    assert!(behavior(2, 1).terminated && !behavior(2, 0).terminated);
    assert_eq!(behavior(2, 1).rewards, [-1.0, 0.0]);
    assert_eq!(unrolls[2].steps[1].obs.game_loop, 64 * 9);
}

#[test]
fn a_record_ends_before_the_step_that_failed() {
    let e = played(Some(6));
    assert_eq!((e.steps(), &e.lengths[..]), (5, &[4, 1][..]));
    assert!(
        !e.terminated && e.rewards[8..] == [0.0, 1.0],
        "{:?}",
        e.rewards
    );
    let last = recorder(4).wire.decode(&e.unrolls[1]).expect("ours");
    assert_eq!(last.bootstrap, [5.0, -1.0]);
}

/// GAE by its definition: a sum over all that follows.
fn plain_gae(e: &Experience, lambda: f64, discount: impl Fn(u16) -> f64, t: usize) -> f64 {
    let value = |i: usize| e.values.get(i * 2).map_or(0.0, |v| f64::from(*v));
    let (mut sum, mut weight) = (0.0, 1.0);
    for i in t..e.steps() {
        let gamma = discount(e.loops[i]);
        sum += weight * (f64::from(e.rewards[i * 2]) + gamma * value(i + 1) - value(i));
        weight *= gamma * lambda;
    }
    sum
}

#[test]
fn bootstraps_carry_the_advantages_of_the_whole_game() {
    let mut e = played(None);
    for (i, r) in e.rewards.iter_mut().enumerate() {
        *r = (i % 7) as f32 - 3.0;
    }
    let gamma = |loops: u16| 0.999f64.powi(loops.into());
    let bootstraps = e.bootstraps(0.9, |loops| gamma(loops) as f32);
    assert_eq!(bootstraps[2], [0.0, 0.0]);
    for (unroll, behind) in [(0, 4), (1, 8)] {
        let expected = f64::from(e.values[behind * 2]) + 0.9 * plain_gae(&e, 0.9, gamma, behind);
        let actual = f64::from(bootstraps[unroll][0]);
        assert!((actual - expected).abs() < 1e-4, "{actual} {expected}");
    }
    e.terminated = false;
    assert_eq!(e.bootstraps(0.9, |_| 1.0)[2], [10.0, -1.0], "cut off");
}

/// As many jobs as asked for, then an error.
struct Some9(AtomicU64);

impl Jobs for Some9 {
    fn next(&self) -> Result<Job, EvaluatorError> {
        match self.0.fetch_add(1, Ordering::Relaxed) {
            n if n < 9 => Ok(job(n, None)),
            _ => Err(EvaluatorError::Agent {
                spec: "none".into(),
                source: "no more".into(),
            }),
        }
    }
}

fn pool() -> Pool {
    pool_on(Arena::Simulator)
}

fn pool_on(arena: Arena) -> Pool {
    let options = PoolOptions {
        games: 3,
        queue_max: 1,
        loops_max: 320,
        recorder: recorder(4),
        arena,
        record: true,
    };
    Pool::start(Arc::new(Some9(AtomicU64::new(0))), &options).expect("starts")
}

#[test]
fn every_game_arrives_once_however_full_the_queue_is_and_an_error_ends_it() {
    let pool = pool();
    // Long enough for all threads to have to wait.
    std::thread::sleep(Duration::from_millis(300));
    let mut ids = Vec::new();
    let error = loop {
        match pool.next(Duration::from_secs(20)) {
            Ok(Some(played)) => ids.push(played.id),
            Ok(None) => panic!("the pool went silent"),
            Err(error) => break error,
        }
    };
    assert!(error.to_string().contains("none"), "{error}");
    while let Ok(Some(played)) = pool.next(Duration::from_millis(500)) {
        ids.push(played.id);
    }
    ids.sort_unstable();
    ids.dedup();
    assert!(ids.len() >= 7, "{ids:?}");
    assert!(pool.stats().blocked_us > 0);
}

#[test]
fn a_pool_that_is_dropped_in_the_middle_ends() {
    let pool = pool();
    assert!(pool.next(Duration::from_secs(20)).is_ok());
    drop(pool);
}

#[test]
fn lost_games_are_counted_and_the_actors_go_on_with_the_next() {
    let pool = pool_on(Arena::Lossy {
        every: 3,
        begun: Default::default(),
    });
    let mut played = 0;
    while let Ok(Some(game)) = pool.next(Duration::from_secs(20)) {
        assert!(game.experience[0].is_some());
        played += 1;
    }
    // Nine jobs, every third game lost, then no more jobs.
    assert_eq!(pool.stats().lost, 3);
    assert!(played >= 4, "{played}");
}

#[test]
fn actors_whose_games_are_all_lost_say_so() {
    let pool = pool_on(Arena::Lossy {
        every: 1,
        begun: Default::default(),
    });
    let told = pool.next(Duration::from_secs(20)).unwrap_err();
    assert!(
        told.is_lost_game() || told.to_string().contains("none"),
        "{told}"
    );
}
