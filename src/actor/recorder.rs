//! One player's game on its way to a learner: steps, the rewards between them, unrolls.

use crate::agent::Taken;
use crate::game::{GameResult, RawObservation};
use crate::trajectory::{Behavior, LstmState, Step, Unroll, Wire};

/// Rewards of one player's game, one per reward kind.
pub trait Scorer: Send {
    /// Reward kinds, `R`.
    fn kinds(&self) -> usize;

    /// Adds what the player earned since the last look to `rewards`, `[R]`.
    fn look(&mut self, raw: &RawObservation, rewards: &mut [f32]);

    /// Adds what the game's end is worth to `rewards`, `[R]`.
    fn end(&mut self, result: GameResult, rewards: &mut [f32]);

    /// What the player made and built, by name, if this was counted.
    fn made(&self) -> Vec<(&'static str, u16)> {
        Vec::new()
    }
}

/// How steps become unrolls.
#[derive(Clone, Debug)]
pub struct RecorderOptions {
    pub wire: Wire,
    /// Steps an unroll, `T`.
    pub unroll: usize,
}

/// Steps of one player in one game, in order, as a learner gets them.
///
/// What advantages are made of lies open; observations and actions are encoded (`trajectory::wire`).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Experience {
    /// Encoded unrolls of `T` steps; the last may be shorter.
    pub unrolls: Vec<Vec<u8>>,
    /// Steps of each unroll.
    pub lengths: Vec<u32>,
    /// `[steps, R]` values as the behavior policy saw them.
    pub values: Vec<f32>,
    /// `[steps, R]` rewards that followed each step.
    pub rewards: Vec<f32>,
    /// Game loops from each step to the next look.
    pub loops: Vec<u16>,
    /// The last step is the game's last; else the record was cut off.
    pub terminated: bool,
    /// Oldest policy version that took one of the steps.
    pub version_min: u64,
    pub stats: SeatStats,
}

impl Experience {
    pub fn steps(&self) -> usize {
        self.loops.len()
    }

    pub fn bytes(&self) -> usize {
        self.unrolls.iter().map(Vec::len).sum()
    }

    /// What each unroll is to be bootstrapped with so that GAE inside it comes to that of the whole game, `[unrolls][R]`:
    /// `V + lambda * A` of the step behind the unroll, as `A_t = r_t + discount * (V_t1 + lambda * A_t1) - V_t`. Behind a
    /// game's end it is 0.
    ///
    /// `discount` gives the discount of a step that lasted so many game loops.
    pub fn bootstraps(&self, lambda: f32, discount: impl Fn(u16) -> f32) -> Vec<Vec<f32>> {
        let steps = self.steps();
        let kinds = self.values.len() / steps.max(1);
        let cut_off = |kind: usize| match steps {
            0 => 0.0,
            _ => self.values[(steps - 1) * kinds + kind],
        };
        let mut next: Vec<f32> = (0..kinds)
            .map(|k| if self.terminated { 0.0 } else { cut_off(k) })
            .collect();
        let mut out = vec![Vec::new(); self.lengths.len()];
        let mut end = steps;
        for (unroll, &length) in self.lengths.iter().enumerate().rev() {
            out[unroll].clone_from(&next);
            let begin = end - length as usize;
            for step in (begin..end).rev() {
                for (kind, next) in next.iter_mut().enumerate() {
                    let at = step * kinds + kind;
                    let value = self.values[at];
                    let return_ = self.rewards[at] + discount(self.loops[step]) * *next;
                    *next = value + lambda * (return_ - value);
                }
            }
            end = begin;
        }
        out
    }
}

/// What a player did in one game, for metrics.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SeatStats {
    /// Steps whose function is not the no-op.
    pub actions: u32,
    /// Total reward per kind, `[R]`.
    pub rewards: Vec<f32>,
    /// Units and structures made, by name.
    pub made: Vec<(&'static str, u16)>,
}

/// Gathers one player's steps.
pub struct Recorder {
    options: RecorderOptions,
    scorer: Box<dyn Scorer>,
    current: Unroll,
    experience: Experience,
    /// Nothing more is taken in: a step was missing, and what follows it has no known past.
    closed: bool,
}

impl Recorder {
    pub fn new(options: RecorderOptions, scorer: Box<dyn Scorer>) -> Recorder {
        let kinds = scorer.kinds();
        Recorder {
            options,
            scorer,
            current: Unroll::default(),
            experience: Experience {
                version_min: u64::MAX,
                stats: SeatStats {
                    rewards: vec![0.0; kinds],
                    ..SeatStats::default()
                },
                ..Experience::default()
            },
            closed: false,
        }
    }

    /// The next look, before the agent acts on it: what the last step earned.
    pub fn look(&mut self, raw: &RawObservation) {
        if self.closed {
            return;
        }
        let mut rewards = vec![0.0; self.scorer.kinds()];
        self.scorer.look(raw, &mut rewards);
        self.earn(&rewards);
    }

    /// The step taken at this look; none = it failed, and the record ends before it.
    pub fn take(&mut self, taken: Option<Taken<'_>>) {
        let Some(taken) = taken.filter(|_| !self.closed) else {
            self.closed = true;
            return;
        };
        if self.current.steps.len() == self.options.unroll {
            self.current.bootstrap = taken.values.to_vec();
            self.seal();
        }
        if self.current.steps.is_empty() && !taken.hidden.is_empty() {
            self.current.lstm = Some(LstmState {
                hidden: taken.hidden.to_vec(),
                cell: taken.cell.to_vec(),
            });
        }
        let kinds = self.scorer.kinds();
        let e = &mut self.experience;
        e.values.extend_from_slice(taken.values);
        e.values.resize((e.loops.len() + 1) * kinds, 0.0);
        e.rewards.resize((e.loops.len() + 1) * kinds, 0.0);
        e.version_min = e.version_min.min(taken.policy_version);
        e.stats.actions += u32::from(taken.action.function != 0);
        let first = e.loops.is_empty();
        e.loops.push(taken.action.skip_loops);
        self.current.steps.push(Step {
            reset: first,
            obs: taken.obs.clone(),
            action: taken.action.clone(),
            behavior: Some(Behavior {
                log_probs: taken.log_probs,
                values: taken.values.to_vec(),
                policy_version: taken.policy_version,
                rewards: vec![0.0; kinds],
                terminated: false,
            }),
        });
    }

    /// The game is over. A game cut off at its limit is a tie, and ends like any other: who plays for time must not be
    /// told that it might have gone on to a win.
    pub fn end(mut self, result: GameResult) -> Experience {
        if self.closed {
            // What follows is not known: as good as the last step was thought to be.
            let last = self.current.steps.last().and_then(|s| s.behavior.as_ref());
            self.current.bootstrap = last.map_or_else(Vec::new, |b| b.values.clone());
        } else {
            let mut rewards = vec![0.0; self.scorer.kinds()];
            self.scorer.end(result, &mut rewards);
            self.earn(&rewards);
            let last = self.current.steps.last_mut();
            if let Some(behavior) = last.and_then(|s| s.behavior.as_mut()) {
                behavior.terminated = true;
            }
        }
        self.experience.terminated = !self.closed;
        self.experience.stats.made = self.scorer.made();
        self.seal();
        self.experience
    }

    fn earn(&mut self, rewards: &[f32]) {
        let kinds = rewards.len();
        let stats = &mut self.experience.stats.rewards;
        stats.iter_mut().zip(rewards).for_each(|(a, r)| *a += r);
        let Some(behavior) = self
            .current
            .steps
            .last_mut()
            .and_then(|s| s.behavior.as_mut())
        else {
            return;
        };
        let steps = self.experience.loops.len();
        let last = &mut self.experience.rewards[(steps - 1) * kinds..];
        for ((kept, sent), r) in last.iter_mut().zip(&mut behavior.rewards).zip(rewards) {
            *kept += r;
            *sent += r;
        }
    }

    fn seal(&mut self) {
        let unroll = std::mem::take(&mut self.current);
        if unroll.steps.is_empty() {
            return;
        }
        self.experience.lengths.push(unroll.steps.len() as u32);
        self.experience
            .unrolls
            .push(self.options.wire.encode(&unroll));
    }
}
