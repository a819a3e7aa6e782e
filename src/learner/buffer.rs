//! The replay buffer: unrolls as they come, rounds of minibatches as they are learned from.

use super::{LearnerError, ReplayOptions};
use crate::game::Seed;
use crate::trajectory::Unroll;
use rand::RngExt;
use std::collections::VecDeque;
use std::sync::Arc;

/// What became of the unrolls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BufferCounts {
    pub received: u64,
    /// Dropped because the buffer was full.
    pub overflowed: u64,
    /// Dropped because their policy was too old, before they were learned from.
    pub stale: u64,
    /// Gone after as many rounds as they may take part in, or after fewer because their policy was too old by then.
    pub used_up: u64,
}

/// Unrolls waiting to be learned from. Bounded: see [`ReplayOptions`].
#[derive(Debug)]
pub struct ReplayBuffer {
    options: ReplayOptions,
    /// The oldest first.
    entries: VecDeque<Entry>,
    counts: BufferCounts,
    rounds: u64,
}

#[derive(Debug)]
struct Entry {
    unroll: Arc<Unroll>,
    version: u64,
    uses: u32,
}

/// What waits in a buffer: with it, another one gives the same rounds from here on.
#[derive(Clone, Debug, Default)]
pub struct Waiting {
    /// The oldest first: the unroll, the version that acted in it, and the rounds that it has been in.
    pub unrolls: Vec<(Arc<Unroll>, u64, u32)>,
    /// Rounds given so far.
    pub rounds: u64,
}

/// Unrolls that are learned from together.
#[derive(Clone, Debug)]
pub struct Round {
    pub unrolls: Vec<Arc<Unroll>>,
    /// Versions between the policy that acted and the present one, mean and largest.
    pub policy_lag: f64,
    pub policy_lag_max: u64,
    /// Rounds that the steps had taken part in before, mean.
    pub reuse: f64,
    /// Indices into `unrolls`: a list for every update, epoch after epoch.
    pub minibatches: Vec<Vec<usize>>,
}

impl ReplayBuffer {
    /// # Errors
    /// [`LearnerError::Option`] for options out of range.
    pub fn new(options: ReplayOptions) -> Result<ReplayBuffer, LearnerError> {
        options.validate()?;
        Ok(ReplayBuffer {
            options,
            entries: VecDeque::new(),
            counts: BufferCounts::default(),
            rounds: 0,
        })
    }

    /// Takes in an unroll; drops it if its policy is too old for `version`, the present one, and the oldest if the buffer
    /// is full.
    pub fn push(&mut self, unroll: Unroll, version: u64) {
        self.counts.received += 1;
        let entry = Entry {
            version: unroll.policy_version().unwrap_or(version),
            unroll: Arc::new(unroll),
            uses: 0,
        };
        if self.is_stale(&entry, version) {
            self.counts.stale += 1;
            return;
        }
        if self.entries.len() == self.options.capacity_unrolls {
            self.entries.pop_front();
            self.counts.overflowed += 1;
        }
        self.entries.push_back(entry);
    }

    fn is_stale(&self, entry: &Entry, version: u64) -> bool {
        version.saturating_sub(entry.version) > self.options.staleness_max_versions
    }

    fn drop_stale(&mut self, version: u64) {
        let (max, counts) = (self.options.staleness_max_versions, &mut self.counts);
        self.entries.retain(|e| {
            let keeps = version.saturating_sub(e.version) <= max;
            match e.uses {
                _ if keeps => {}
                0 => counts.stale += 1,
                _ => counts.used_up += 1,
            }
            keeps
        });
    }

    /// What is to be kept of it for another run of the program.
    pub fn waiting(&self) -> Waiting {
        let entries = self.entries.iter();
        Waiting {
            unrolls: entries
                .map(|e| (e.unroll.clone(), e.version, e.uses))
                .collect(),
            rounds: self.rounds,
        }
    }

    /// Goes on with what waited in another buffer, in place of what is here.
    pub fn restore(&mut self, waiting: Waiting) {
        let entry = |(unroll, version, uses)| Entry {
            unroll,
            version,
            uses,
        };
        self.entries = waiting.unrolls.into_iter().map(entry).collect();
        self.rounds = waiting.rounds;
    }

    /// Unrolls there.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub fn counts(&self) -> BufferCounts {
        self.counts
    }

    /// The next round, if there are enough unrolls that are not too old for `version`, the present one: those used least,
    /// the oldest first. `seed` and the number of rounds so far decide the minibatches.
    pub fn next_round(&mut self, version: u64, seed: Seed) -> Option<Round> {
        self.drop_stale(version);
        let n = self.options.round_unrolls;
        if self.entries.len() < n {
            return None;
        }
        let mut order: Vec<usize> = (0..self.entries.len()).collect();
        // Stable: among equals the oldest stays first.
        order.sort_by_key(|&i| self.entries[i].uses);
        order.truncate(n);
        let chosen = || order.iter().map(|&i| &self.entries[i]);
        let lag = |e: &Entry| version.saturating_sub(e.version);
        let mean = |sum: u64| sum as f64 / n as f64;
        let round = Round {
            unrolls: chosen().map(|e| e.unroll.clone()).collect(),
            policy_lag: mean(chosen().map(lag).sum()),
            policy_lag_max: chosen().map(lag).max().unwrap_or(0),
            reuse: mean_uses(chosen()),
            minibatches: minibatches(n, &self.options, seed.fork("round", self.rounds)),
        };
        self.rounds += 1;
        for &i in &order {
            self.entries[i].uses += 1;
        }
        let (before, max) = (self.entries.len(), self.options.reuse_max);
        self.entries.retain(|e| e.uses < max);
        self.counts.used_up += (before - self.entries.len()) as u64;
        Some(round)
    }
}

/// Rounds that the steps have been in, mean.
fn mean_uses<'a>(entries: impl Iterator<Item = &'a Entry>) -> f64 {
    let (mut uses, mut steps) = (0.0, 0.0);
    for entry in entries {
        let n = entry.unroll.steps.len() as f64;
        uses += f64::from(entry.uses) * n;
        steps += n;
    }
    uses / f64::max(steps, 1.0)
}

/// `n` unrolls in a random order for each epoch, cut into parts whose sizes differ by one at most.
fn minibatches(n: usize, options: &ReplayOptions, seed: Seed) -> Vec<Vec<usize>> {
    let parts = options.minibatches;
    let mut out = Vec::with_capacity(options.epochs * parts);
    for epoch in 0..options.epochs {
        let mut rng = seed.fork("epoch", epoch as u64).rng();
        let mut order: Vec<usize> = (0..n).collect();
        for i in (1..n).rev() {
            order.swap(i, rng.random_range(0..=i));
        }
        out.extend((0..parts).map(|p| order[n * p / parts..n * (p + 1) / parts].to_vec()));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trajectory::{Behavior, Step};

    fn unroll(version: u64) -> Unroll {
        let step = |v| Step {
            behavior: Some(Behavior {
                policy_version: v,
                ..Behavior::default()
            }),
            ..Step::default()
        };
        // The weights may change within an unroll: its oldest step counts.
        Unroll {
            steps: vec![step(version), step(version + 1)],
            ..Unroll::default()
        }
    }

    fn buffer(options: ReplayOptions) -> ReplayBuffer {
        ReplayBuffer::new(options).expect("valid")
    }

    fn versions(round: &Round) -> Vec<u64> {
        let versions = round.unrolls.iter().map(|u| u.policy_version());
        versions.map(Option::unwrap_or_default).collect()
    }

    const SMALL: ReplayOptions = ReplayOptions {
        capacity_unrolls: 4,
        round_unrolls: 2,
        epochs: 1,
        minibatches: 1,
        reuse_max: 2,
        staleness_max_versions: 3,
    };

    #[test]
    fn what_is_full_drops_the_oldest_and_counts_it() {
        let mut b = buffer(SMALL);
        (0..6).for_each(|v| b.push(unroll(v), v));
        assert_eq!(
            (b.len(), b.counts().overflowed, b.counts().received),
            (4, 2, 6)
        );
        assert_eq!(versions(&b.next_round(5, Seed(1)).expect("ready")), [2, 3]);
    }

    #[test]
    fn what_is_too_old_is_dropped_and_counted_on_arrival_and_in_the_buffer() {
        let mut b = buffer(SMALL);
        b.push(unroll(1), 5);
        assert_eq!((b.len(), b.counts().stale), (0, 1));
        b.push(unroll(2), 5);
        b.push(unroll(5), 5);
        assert!(
            b.next_round(6, Seed(1)).is_none(),
            "version 2 is 4 old by now"
        );
        assert_eq!((b.len(), b.counts().stale), (1, 2));
        b.push(unroll(5), 6);
        b.next_round(6, Seed(1)).expect("ready");
        assert!(b.next_round(9, Seed(1)).is_none(), "too old to use again");
        let counts = b.counts();
        assert_eq!((b.len(), counts.stale, counts.used_up), (0, 2, 2));
    }

    #[test]
    fn unrolls_are_used_as_often_as_they_may_the_least_used_first() {
        let mut b = buffer(SMALL);
        (0..3).for_each(|v| b.push(unroll(v), 2));
        let first = b.next_round(2, Seed(1)).expect("ready");
        assert_eq!(
            (versions(&first), first.reuse, first.policy_lag),
            (vec![0, 1], 0.0, 1.5)
        );
        let second = b.next_round(2, Seed(1)).expect("ready");
        assert_eq!((versions(&second), second.reuse), (vec![2, 0], 0.5));
        assert_eq!(second.policy_lag_max, 2);
        let third = b.next_round(2, Seed(1)).expect("ready");
        assert_eq!(versions(&third), [1, 2]);
        assert_eq!((b.len(), b.counts().used_up), (0, 3));
        assert!(b.next_round(2, Seed(1)).is_none());
    }

    #[test]
    fn re_use_is_a_mean_over_steps() {
        let mut b = buffer(SMALL);
        let mut long = unroll(0);
        long.steps.extend(unroll(0).steps);
        let all = [(long, 0, 1), (unroll(0), 0, 0)];
        b.restore(Waiting {
            unrolls: all.map(|(u, v, uses)| (Arc::new(u), v, uses)).into(),
            rounds: 0,
        });
        let round = b.next_round(0, Seed(1)).expect("ready");
        assert!((round.reuse - 4.0 / 6.0).abs() < 1e-12, "{}", round.reuse);
    }

    #[test]
    fn what_waits_goes_on_in_another_buffer() {
        let mut one = buffer(SMALL);
        (0..3).for_each(|v| one.push(unroll(v), 2));
        one.next_round(2, Seed(1)).expect("ready");
        let mut other = buffer(SMALL);
        other.push(unroll(9), 9);
        other.restore(one.waiting());
        for _ in 0..2 {
            let (a, b) = (one.next_round(2, Seed(1)), other.next_round(2, Seed(1)));
            let (a, b) = (a.expect("ready"), b.expect("ready"));
            assert_eq!(
                (versions(&a), a.reuse, &a.minibatches),
                (versions(&b), b.reuse, &b.minibatches)
            );
        }
        assert!(other.next_round(2, Seed(1)).is_none());
    }

    #[test]
    fn minibatches_cover_each_epoch_once_in_an_order_of_the_seed() {
        let options = ReplayOptions {
            capacity_unrolls: 10,
            round_unrolls: 10,
            epochs: 3,
            minibatches: 4,
            ..SMALL
        };
        let draw = |seed| minibatches(10, &options, Seed(seed));
        let lists = draw(1);
        assert_eq!(lists.len(), 12);
        for epoch in lists.chunks(4) {
            let mut all = epoch.concat();
            assert!(epoch.iter().all(|m| (2..=3).contains(&m.len())));
            all.sort_unstable();
            assert_eq!(all, (0..10).collect::<Vec<_>>());
        }
        assert_eq!(lists, draw(1));
        assert_ne!(lists, draw(2));
        assert_ne!(lists[..4], lists[4..8]);
    }

    #[test]
    fn options_out_of_range_are_named() {
        for (options, key) in [
            (
                ReplayOptions {
                    minibatches: 3,
                    ..SMALL
                },
                "minibatches",
            ),
            (
                ReplayOptions {
                    capacity_unrolls: 1,
                    ..SMALL
                },
                "capacity_unrolls",
            ),
            (
                ReplayOptions {
                    reuse_max: 0,
                    ..SMALL
                },
                "reuse_max",
            ),
        ] {
            let error = ReplayBuffer::new(options).expect_err("out of range");
            assert!(error.to_string().starts_with(key), "{error}");
        }
    }
}
