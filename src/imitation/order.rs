//! Which steps are in which batch: a pure function of seed, episode lengths and batch shape.
//!
//! A batch has `B` lanes; each lane walks through whole games, `T` steps a batch, the next game following the last
//! without a gap, so that the core's state carries over from batch to batch and no step is padding. Every pass over
//! the data takes the games in another order.

use crate::game::Seed;
use rand::seq::SliceRandom as _;

/// Consecutive steps of one episode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Index into the lengths given to [`Order::new`].
    pub episode: usize,
    pub start: u32,
    pub len: u32,
    /// Which pass over the data the episode is taken in, from 0.
    pub pass: u64,
}

/// The endless order of batches.
#[derive(Clone, Debug)]
pub struct Order {
    lengths: Vec<u32>,
    seed: Seed,
    pass: u64,
    queue: Vec<usize>,
    /// Episode, its next step, and the pass that it is taken in.
    lanes: Vec<Option<(usize, u32, u64)>>,
    unroll: u32,
}

impl Order {
    /// An order over episodes of `lengths` steps, from its beginning. Episodes of no steps are passed over.
    ///
    /// # Panics
    /// If no episode has a step: callers check that the data is not empty.
    pub fn new(lengths: Vec<u32>, seed: Seed, batch: usize, unroll: u32) -> Order {
        assert!(
            lengths.iter().any(|&n| n > 0),
            "an order needs at least one step"
        );
        Order {
            lengths,
            seed,
            pass: 0,
            queue: Vec::new(),
            lanes: vec![None; batch],
            unroll,
        }
    }

    /// Lanes, `B`.
    pub fn lanes(&self) -> usize {
        self.lanes.len()
    }

    /// Steps a lane and batch, `T`.
    pub fn unroll(&self) -> u32 {
        self.unroll
    }

    /// Passes over the data begun so far.
    pub fn passes(&self) -> u64 {
        self.pass
    }

    /// The next batch: per lane, segments that add up to `unroll` steps.
    pub fn next_batch(&mut self) -> Vec<Vec<Segment>> {
        (0..self.lanes.len())
            .map(|lane| self.next_window(lane))
            .collect()
    }

    /// Leaves out `n` batches, without reading any data: how a resumed run finds its place.
    pub fn skip(&mut self, n: u64) {
        for _ in 0..n {
            self.next_batch();
        }
    }

    fn next_window(&mut self, lane: usize) -> Vec<Segment> {
        let mut window = Vec::new();
        let mut missing = self.unroll;
        while missing > 0 {
            let (episode, start, pass) = match self.lanes[lane] {
                Some(at) => at,
                None => {
                    let episode = self.next_episode();
                    // Taken from the queue of the pass begun last.
                    (episode, 0, self.pass - 1)
                }
            };
            let left = self.lengths[episode] - start;
            let len = left.min(missing);
            window.push(Segment {
                episode,
                start,
                len,
                pass,
            });
            missing -= len;
            self.lanes[lane] = (len < left).then_some((episode, start + len, pass));
        }
        window
    }

    fn next_episode(&mut self) -> usize {
        loop {
            if let Some(episode) = self.queue.pop() {
                return episode;
            }
            self.queue = (0..self.lengths.len())
                .filter(|&i| self.lengths[i] > 0)
                .collect();
            self.queue
                .shuffle(&mut self.seed.fork("pass", self.pass).rng());
            self.pass += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_comes_once_a_pass_and_in_its_game_s_order() {
        let lengths = vec![5, 0, 3, 11, 1];
        let mut order = Order::new(lengths.clone(), Seed(1), 1, 5);
        let mut seen: Vec<Vec<u32>> = lengths.iter().map(|_| Vec::new()).collect();
        for _ in 0..4 {
            for segment in order.next_batch().into_iter().flatten() {
                seen[segment.episode].extend(segment.start..segment.start + segment.len);
            }
        }
        assert_eq!(order.passes(), 1, "20 steps are exactly one pass");
        for (steps, &n) in seen.iter().zip(&lengths) {
            assert_eq!(*steps, (0..n).collect::<Vec<_>>());
        }
    }

    #[test]
    fn an_episode_keeps_the_pass_that_it_was_begun_in() {
        let mut order = Order::new(vec![4, 4, 4], Seed(2), 2, 3);
        let mut begun: Vec<u64> = Vec::new();
        for _ in 0..8 {
            for window in order.next_batch() {
                for segment in window {
                    if segment.start == 0 {
                        begun.push(segment.pass);
                    }
                }
            }
        }
        // 48 steps of 4 each: by hand, three games a pass, in this order.
        assert_eq!(begun, [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3]);
    }

    #[test]
    fn skipping_is_the_same_as_taking() {
        let lengths: Vec<u32> = (1..40).collect();
        let mut straight = Order::new(lengths.clone(), Seed(7), 4, 16);
        for _ in 0..53 {
            straight.next_batch();
        }
        let mut skipped = Order::new(lengths.clone(), Seed(7), 4, 16);
        skipped.skip(53);
        assert_eq!(straight.next_batch(), skipped.next_batch());
        let mut other = Order::new(lengths, Seed(8), 4, 16);
        other.skip(53);
        assert_ne!(
            straight.next_batch(),
            other.next_batch(),
            "the seed matters"
        );
    }
}
