//! A queue by small integer costs, for searches whose costs only grow: one ring of stacks instead of a heap.

/// Costs in the queue at one time differ by less than this: a step costs at most 14, and an estimate drops by as much.
const RING: usize = 64;

/// Takes out the lowest cost first; among equals the one put in last.
#[derive(Clone, Debug, Default)]
pub(super) struct BucketQueue {
    ring: Vec<Vec<u32>>,
    /// Lowest cost that may be in the queue.
    at: u32,
    count: usize,
}

impl BucketQueue {
    pub(super) fn clear(&mut self) {
        self.ring.resize(RING, Vec::new());
        for bucket in &mut self.ring {
            bucket.clear();
        }
        self.count = 0;
    }

    /// Costs must not be lower than the last one taken out.
    pub(super) fn push(&mut self, cost: u32, value: u32) {
        self.at = if self.count == 0 {
            cost
        } else {
            self.at.min(cost)
        };
        debug_assert!(cost < self.at + RING as u32, "{cost} at {}", self.at);
        self.ring[cost as usize % RING].push(value);
        self.count += 1;
    }

    pub(super) fn pop(&mut self) -> Option<(u32, u32)> {
        if self.count == 0 {
            return None;
        }
        loop {
            if let Some(value) = self.ring[self.at as usize % RING].pop() {
                self.count -= 1;
                return Some((self.at, value));
            }
            self.at += 1;
        }
    }
}
