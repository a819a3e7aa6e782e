//! What can be set about learning, and what is allowed.

use super::LearnerError;
use crate::algo::KlDirection;
use crate::policy::AdamConfig;
use crate::trajectory::HEADS;
use serde::{Deserialize, Serialize};

/// How updates are made. Lists have an entry a reward kind (win/loss, z's build order, z's unit counts) or a head.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LearnerOptions {
    /// Half the width of PPO's clipping range, above 0 and below 1.
    pub clip_epsilon: f64,
    /// Discount of each kind for one game loop (22.4 a second), above 0 and at most 1; a step's is this to the power of the
    /// loops that it lasted.
    pub discount_per_loop: Vec<f64>,
    /// GAE's lambda of each kind, per step, 0 to 1.
    pub lambda: Vec<f64>,
    /// The same of the returns that the value heads learn. Nearer to 1 than `lambda`, values hear of a game's end at once
    /// instead of step by step.
    pub value_lambda: Vec<f64>,
    /// Factor of each kind's advantage in the policy's and of its error in the values' loss, 0 or more; 0 = not learned.
    pub reward_weights: Vec<f64>,
    /// Bring the advantages of a minibatch to mean 0 and standard deviation 1.
    pub normalize_advantages: bool,
    /// Factor of the value losses, 0 or more.
    pub value_cost: f64,
    /// Keep values within this of those at acting time, 0 = do not.
    pub value_clip: f64,
    /// Share of the values' gradient that reaches the network they have in common with the policy, 0 to 1. At 1 the error of
    /// fresh value heads pulls at what imitation learned.
    pub value_gradient: f64,
    /// Learning rate of the value heads over that of everything else, above 0.
    pub value_rate: f64,
    /// The policy that plays and learns is the network's at this temperature, 0.1 to 5: logits are divided by it, those of the
    /// supervised policy, too.
    pub temperature: f64,
    /// Parts that a thread computes its share of a minibatch in, one after the other, at least; 1 or more. The update is the
    /// same; less of the minibatch is in memory at once.
    pub accumulate: usize,
    /// Updates at the start that move the value heads only (SCC §6.1: 50).
    pub value_warmup_steps: u64,
    /// Factor of the normalized entropy, 0 or more.
    pub entropy_cost: f64,
    /// Factor of each head in it, 0 or more.
    pub entropy_weights: [f64; HEADS.len()],
    /// Factor of the divergence to the supervised policy, 0 or more.
    pub kl_cost: f64,
    /// Factor of each head in it, 0 or more.
    pub kl_weights: [f64; HEADS.len()],
    /// Which way the divergence is taken.
    pub kl_direction: KlDirection,
    pub adam: AdamConfig,
}

impl Default for LearnerOptions {
    /// PPO's and AlphaStar's figures where they name any; the paper gives none but the warm-up.
    fn default() -> LearnerOptions {
        LearnerOptions {
            clip_epsilon: 0.2,
            discount_per_loop: vec![1.0; 3],
            lambda: vec![0.95; 3],
            value_lambda: vec![0.95; 3],
            reward_weights: vec![1.0; 3],
            normalize_advantages: true,
            value_cost: 0.5,
            value_clip: 0.0,
            value_gradient: 1.0,
            value_rate: 1.0,
            temperature: 1.0,
            accumulate: 1,
            value_warmup_steps: 50,
            entropy_cost: 1e-3,
            entropy_weights: [1.0; HEADS.len()],
            kl_cost: 1e-2,
            kl_weights: [1.0; HEADS.len()],
            kl_direction: KlDirection::default(),
            adam: AdamConfig::default(),
        }
    }
}

impl LearnerOptions {
    /// # Errors
    /// [`LearnerError::Option`] for a value out of range, or a list that has not `kinds` entries.
    pub fn validate(&self, kinds: usize) -> Result<(), LearnerError> {
        let lists = [
            ("discount_per_loop", &self.discount_per_loop),
            ("lambda", &self.lambda),
            ("value_lambda", &self.value_lambda),
            ("reward_weights", &self.reward_weights),
        ];
        for (key, list) in lists {
            if list.len() != kinds {
                return Err(out_of_range(key, &list.len(), "a number a reward kind"));
            }
        }
        if self.accumulate == 0 {
            return Err(out_of_range("accumulate", &self.accumulate, "1 or more"));
        }
        let inside = |x: f64| x > 0.0 && x < 1.0;
        let share = |x: f64| (0.0..=1.0).contains(&x);
        require(
            "clip_epsilon",
            &[self.clip_epsilon],
            "above 0 and below 1",
            inside,
        )?;
        let discount = |x: f64| share(x) && x > 0.0;
        require(
            "discount_per_loop",
            &self.discount_per_loop,
            "above 0, at most 1",
            discount,
        )?;
        require("lambda", &self.lambda, "0 to 1", share)?;
        require("value_lambda", &self.value_lambda, "0 to 1", share)?;
        require("value_gradient", &[self.value_gradient], "0 to 1", share)?;
        let temperature = |x: f64| (0.1..=5.0).contains(&x);
        require("temperature", &[self.temperature], "0.1 to 5", temperature)?;
        let positive = |x: f64| x.is_finite() && x > 0.0;
        require("value_rate", &[self.value_rate], "above 0", positive)?;
        let factor = |x: f64| x.is_finite() && x >= 0.0;
        let factors = [
            ("reward_weights", &self.reward_weights[..]),
            ("value_cost", &[self.value_cost]),
            ("value_clip", &[self.value_clip]),
            ("entropy_cost", &[self.entropy_cost]),
            ("entropy_weights", &self.entropy_weights),
            ("kl_cost", &[self.kl_cost]),
            ("kl_weights", &self.kl_weights),
        ];
        for (key, values) in factors {
            require(key, values, "0 or more", factor)?;
        }
        Ok(self.adam.validate()?)
    }
}

/// Which unrolls are learned from, and how often.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ReplayOptions {
    /// Unrolls kept at most, at least `round_unrolls`; when one more comes, the oldest goes (counted).
    pub capacity_unrolls: usize,
    /// Unrolls of a round: a round is learned from as soon as so many are there.
    pub round_unrolls: usize,
    /// Passes over a round's unrolls, 1 or more.
    pub epochs: usize,
    /// Parts of a pass, an update each, 1 to `round_unrolls`.
    pub minibatches: usize,
    /// Rounds that an unroll takes part in at most, 1 or more: a step is used `epochs * reuse_max` times.
    pub reuse_max: u32,
    /// Unrolls whose policy is more than this many versions old are dropped (counted).
    pub staleness_max_versions: u64,
}

impl Default for ReplayOptions {
    fn default() -> ReplayOptions {
        ReplayOptions {
            capacity_unrolls: 256,
            round_unrolls: 64,
            epochs: 1,
            minibatches: 4,
            reuse_max: 1,
            staleness_max_versions: 16,
        }
    }
}

impl ReplayOptions {
    /// # Errors
    /// [`LearnerError::Option`] for a value out of range.
    pub fn validate(&self) -> Result<(), LearnerError> {
        let (round, capacity) = (self.round_unrolls, self.capacity_unrolls);
        let checks = [
            ("round_unrolls", round, round >= 1, "1 or more"),
            (
                "capacity_unrolls",
                capacity,
                capacity >= round,
                "at least round_unrolls",
            ),
            ("epochs", self.epochs, self.epochs >= 1, "1 or more"),
            (
                "minibatches",
                self.minibatches,
                (1..=round).contains(&self.minibatches),
                "1 to round_unrolls",
            ),
            (
                "reuse_max",
                self.reuse_max as usize,
                self.reuse_max >= 1,
                "1 or more",
            ),
        ];
        for (key, value, fits, range) in checks {
            if !fits {
                return Err(out_of_range(key, &value, range));
            }
        }
        Ok(())
    }
}

fn require(
    key: &'static str,
    values: &[f64],
    range: &'static str,
    fits: impl Fn(f64) -> bool,
) -> Result<(), LearnerError> {
    match values.iter().find(|x| !fits(**x)) {
        Some(x) => Err(out_of_range(key, x, range)),
        None => Ok(()),
    }
}

fn out_of_range(key: &'static str, value: &impl ToString, range: &'static str) -> LearnerError {
    LearnerError::Option {
        key,
        value: value.to_string(),
        range,
    }
}
