//! A bounded queue in memory that drops its oldest messages, and counts them.

use super::lock;
use crate::bus::{BusError, Queue, QueueBounds, QueueStats};
use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

pub(super) struct LocalQueue {
    name: String,
    bounds: QueueBounds,
    content: Mutex<Content>,
    pushed: Condvar,
}

#[derive(Default)]
struct Content {
    messages: VecDeque<(Instant, Vec<u8>)>,
    stats: QueueStats,
}

impl Content {
    fn take(&mut self) -> Option<Vec<u8>> {
        let (_, message) = self.messages.pop_front()?;
        self.stats.waiting -= 1;
        self.stats.bytes -= message.len() as u64;
        Some(message)
    }

    fn drop_while(&mut self, over: impl Fn(&Content) -> bool) {
        while over(self) && self.take().is_some() {
            self.stats.dropped += 1;
        }
    }

    fn drop_old(&mut self, age_max: Duration) {
        let is_old = |(since, _): &(Instant, Vec<u8>)| since.elapsed() > age_max;
        self.drop_while(|content| content.messages.front().is_some_and(is_old));
    }
}

impl LocalQueue {
    pub fn new(name: &str, bounds: QueueBounds) -> LocalQueue {
        LocalQueue {
            name: name.to_owned(),
            bounds,
            content: Mutex::default(),
            pushed: Condvar::new(),
        }
    }
}

impl Queue for LocalQueue {
    fn push(&self, payload: &[u8]) -> Result<(), BusError> {
        let bounds = self.bounds;
        let bytes = payload.len() as u64;
        if bytes > bounds.bytes_max {
            return Err(BusError::TooLarge {
                subject: self.name.clone(),
                bytes: payload.len(),
                bytes_max: bounds.bytes_max as usize,
            });
        }
        let mut content = lock(&self.content);
        content
            .messages
            .push_back((Instant::now(), payload.to_vec()));
        content.stats.pushed += 1;
        content.stats.waiting += 1;
        content.stats.bytes += bytes;
        content.drop_old(bounds.age_max);
        content.drop_while(|c| {
            c.stats.waiting > bounds.messages_max || c.stats.bytes > bounds.bytes_max
        });
        self.pushed.notify_one();
        Ok(())
    }

    fn pull(&self, wait: Duration) -> Result<Option<Vec<u8>>, BusError> {
        let started = Instant::now();
        let mut content = lock(&self.content);
        loop {
            content.drop_old(self.bounds.age_max);
            if let Some(message) = content.take() {
                return Ok(Some(message));
            }
            let left = wait.saturating_sub(started.elapsed());
            if left.is_zero() {
                return Ok(None);
            }
            let woken = self.pushed.wait_timeout(content, left);
            content = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn stats(&self) -> Result<QueueStats, BusError> {
        let mut content = lock(&self.content);
        content.drop_old(self.bounds.age_max);
        Ok(content.stats)
    }
}
