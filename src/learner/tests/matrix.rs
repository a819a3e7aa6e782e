//! Rock, paper, scissors, played by networks: three functions are legal, and the one chosen is the move. Whoever plays only
//! itself or its newest rival goes round in circles there; the equilibrium is a third of each.

use super::toy::{EPISODES, Pupil, Stage, only, play, world};
use crate::action::{Action, Specs, functions};
use crate::game::Seed;
use crate::obs::Observation;
use crate::policy::params::values;
use crate::policy::{ActTensors, ObsTensors, Policy};
use crate::trajectory::{CollateOptions, Step, Unroll, collate};
use rand::RngExt;
use tch::{Device, Kind, Tensor};

/// Chances of rock, paper and scissors.
pub type Mix = [f64; 3];

/// Functions with as few arguments as there are.
const MOVES: [&str; 3] = ["no_op", "Stop_quick", "HoldPosition_quick"];

/// What a move earns against another: 1, 0 or -1. Paper (1) beats rock (0), scissors (2) paper, rock scissors.
pub fn earned(us: usize, them: usize) -> i8 {
    match (3 + us - them) % 3 {
        0 => 0,
        1 => 1,
        _ => -1,
    }
}

/// What a mix earns against another on average, -1 to 1.
pub fn value(us: &Mix, them: &Mix) -> f64 {
    let pairs = (0..9).map(|i| (i / 3, i % 3));
    pairs
        .map(|(a, b)| us[a] * them[b] * f64::from(earned(a, b)))
        .sum()
}

/// What the best answer earns against a mix: 0 at the equilibrium, 1 against a single move.
pub fn exploitability(mix: &Mix) -> f64 {
    let answer = |a: usize| {
        let mut pure = [0.0; 3];
        pure[a] = 1.0;
        value(&pure, mix)
    };
    (0..3).map(answer).fold(f64::NEG_INFINITY, f64::max)
}

/// The equilibrium of the game of choosing one of these mixes, as the mix that it comes to (by fictitious play).
pub fn equilibrium_of(mixes: &[Mix]) -> Mix {
    const ROUNDS: usize = 20_000;
    let mut sum = [0.0; 3];
    for _ in 0..ROUNDS {
        let earns = |mix: &&Mix| value(mix, &sum);
        let best = mixes
            .iter()
            .max_by(|a, b| earns(a).total_cmp(&earns(b)))
            .expect("somebody is there");
        sum.iter_mut().zip(best).for_each(|(s, p)| *s += p);
    }
    sum.map(|s| s / ROUNDS as f64)
}

/// Where the games are played.
pub struct Arena {
    seen: Observation,
    moves: [u16; 3],
}

impl Arena {
    pub fn new() -> Arena {
        let moves = MOVES.map(|name| functions::by_name(name).expect("a function of the table"));
        Arena {
            seen: only(&world(), &moves),
            moves,
        }
    }

    /// How a network plays. Games have one step, so this is all that there is to know of it.
    pub fn mix(&self, policy: &Policy) -> Mix {
        let step = Step {
            reset: true,
            obs: self.seen.clone(),
            action: Action {
                skip_loops: 2,
                ..Action::default()
            },
            behavior: None,
        };
        let unroll = Unroll {
            steps: vec![step],
            ..Unroll::default()
        };
        let options = CollateOptions {
            t: 1,
            reset_rows: false,
        };
        let batch = collate(&[&unroll], &Specs::default(), options);
        let spec = policy.spec();
        let obs = ObsTensors::new(&batch.obs, &spec.obs, Device::Cpu).expect("fits");
        let act = ActTensors::new(&batch.act, &batch.obs, &spec.action, Device::Cpu).expect("fits");
        let resets = Tensor::zeros([1, 1], (Kind::Float, Device::Cpu));
        let state = policy.initial_state(1);
        let out = tch::no_grad(|| policy.unroll(&obs, &act, &resets, &state));
        let chances = values(&out.heads[0].logits.softmax(-1, Kind::Float));
        self.moves.map(|m| f64::from(chances[usize::from(m)]))
    }

    /// A round of games, each against a rival of this mix, whose move is drawn from that seed; the pupil learns from them.
    /// What it earned in each.
    pub fn round(&self, pupil: &mut Pupil, rivals: &[(Mix, Seed)], rate: f64) -> Vec<i8> {
        assert_eq!(rivals.len(), EPISODES);
        let moves: Vec<usize> = rivals
            .iter()
            .map(|(mix, seed)| drawn(mix, seed.rng().random_range(0.0..1.0)))
            .collect();
        let mut earnings = vec![0; EPISODES];
        let stage = Stage {
            steps: 1,
            observe: &|_, _| self.seen.clone(),
            reward: &mut |_, i, _, action| {
                let ours = self.moves.iter().position(|m| *m == action.function);
                earnings[i] = earned(ours.expect("nothing else is legal"), moves[i]);
                f32::from(earnings[i])
            },
        };
        let seed = rivals[0].1.fork("round", pupil.version);
        let (unrolls, _) = play(&pupil.learner.policy, stage, pupil.version, seed);
        pupil.study(unrolls, rate);
        earnings
    }
}

/// The move that `uniform`, in 0..1, falls on.
fn drawn(mix: &Mix, uniform: f64) -> usize {
    match uniform {
        u if u < mix[0] => 0,
        u if u < mix[0] + mix[1] => 1,
        _ => 2,
    }
}

#[test]
fn the_game_is_rock_paper_scissors() {
    assert_eq!([earned(1, 0), earned(2, 1), earned(0, 2)], [1; 3]);
    assert_eq!([earned(0, 1), earned(1, 2), earned(2, 0)], [-1; 3]);
    assert_eq!([0, 1, 2].map(|m| earned(m, m)), [0; 3]);
    // By hand: against half rock, half paper, paper earns 1/2, rock -1/2, scissors 0.
    assert!((exploitability(&[0.5, 0.5, 0.0]) - 0.5).abs() < 1e-12);
    assert_eq!(exploitability(&[0.0, 0.0, 1.0]), 1.0);
    assert!(exploitability(&[1.0 / 3.0; 3]).abs() < 1e-12);
    // Of the three moves the mix is even; a rock player and a paper player are met by paper alone.
    let pure = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
    assert!(exploitability(&equilibrium_of(&pure)) < 0.02);
    assert!(equilibrium_of(&pure[..2])[1] > 0.99);
}
