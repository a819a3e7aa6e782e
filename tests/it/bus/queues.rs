//! Bounded queues, on every kind of bus: nothing twice, nothing lost but what is counted.

use super::{Ends, LATE, SOON, bounds, on_both, payload};
use scc::bus::{BusError, Queue, QueueBounds, QueueStats};
use std::collections::BTreeSet;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Larger than a NATS server lets a message be.
const LARGE: usize = 3_000_000;

fn drained(queue: &dyn Queue) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    while let Some(message) = queue.pull(SOON).unwrap() {
        all.push(message);
    }
    all
}

#[test]
fn a_queue_gives_back_in_order_what_was_pushed() {
    on_both(|ends| {
        let filled = ends.here.queue("games", &bounds(100, 1 << 20)).unwrap();
        let emptied = ends.there.queue("games", &bounds(100, 1 << 20)).unwrap();
        let started = Instant::now();
        assert_eq!(emptied.pull(SOON).unwrap(), None);
        assert!(started.elapsed() >= SOON, "{}: it waits", ends.kind);
        assert_eq!(emptied.pull(Duration::ZERO).unwrap(), None);
        for number in 0..20 {
            filled.push(&payload(number, 100)).unwrap();
        }
        let stats = filled.stats().unwrap();
        assert_eq!((stats.waiting, stats.pushed, stats.dropped), (20, 20, 0));
        assert!(stats.bytes >= 2_000, "{}: {stats:?}", ends.kind);
        assert_eq!(emptied.pull(Duration::ZERO).unwrap(), Some(payload(0, 100)));
        let rest: Vec<Vec<u8>> = (1..20).map(|number| payload(number, 100)).collect();
        assert_eq!(drained(emptied.as_ref()), rest, "{}", ends.kind);
        let done = QueueStats {
            pushed: 20,
            ..QueueStats::default()
        };
        assert_eq!(settled(emptied.as_ref()), done, "{}", ends.kind);
        // One that waits gets a message as it comes.
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| emptied.pull(LATE).unwrap());
            std::thread::sleep(SOON);
            filled.push(b"now").unwrap();
            assert_eq!(waiting.join().unwrap().as_deref(), Some(&b"now"[..]));
        });
    });
}

/// Counts when the last acknowledgements have arrived.
fn settled(queue: &dyn Queue) -> QueueStats {
    let started = Instant::now();
    loop {
        let stats = queue.stats().unwrap();
        if stats.bytes == 0 || started.elapsed() > Duration::from_secs(5) {
            return stats;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn a_full_queue_drops_the_oldest_and_counts_them() {
    on_both(|ends| {
        let queue = ends.here.queue("few", &bounds(10, 1 << 20)).unwrap();
        for number in 0..25 {
            queue.push(&[number]).unwrap();
        }
        let stats = queue.stats().unwrap();
        assert_eq!((stats.waiting, stats.pushed, stats.dropped), (10, 25, 15));
        let newest: Vec<Vec<u8>> = (15..25).map(|number| vec![number]).collect();
        assert_eq!(drained(queue.as_ref()), newest, "{}", ends.kind);
        assert_eq!(queue.stats().unwrap().dropped, 15);
        // Some pulled, some dropped, some waiting.
        for number in 0..12 {
            queue.push(&[number]).unwrap();
            if number < 4 {
                assert_eq!(queue.pull(LATE).unwrap(), Some(vec![number]));
            }
        }
        for number in 12..20 {
            queue.push(&[number]).unwrap();
        }
        let stats = queue.stats().unwrap();
        let counts = (stats.waiting, stats.pushed, stats.dropped);
        assert_eq!(counts, (10, 45, 15 + 6), "{}", ends.kind);
        let by_bytes = ends.here.queue("small", &bounds(1_000, 100_000)).unwrap();
        for number in 0..30 {
            by_bytes.push(&payload(number, 10_000)).unwrap();
        }
        let dropped = by_bytes.stats().unwrap().dropped;
        let kept = drained(by_bytes.as_ref());
        assert!(
            (8..=10).contains(&kept.len()),
            "{}: {}",
            ends.kind,
            kept.len()
        );
        assert_eq!(dropped + kept.len() as u64, 30, "{}", ends.kind);
        assert_eq!(kept.last(), Some(&payload(29, 10_000)));
    });
}

#[test]
fn what_grows_too_old_is_dropped_and_counted() {
    on_both(|ends| {
        let short = QueueBounds {
            age_max: Duration::from_millis(300),
            ..bounds(100, 1 << 20)
        };
        let queue = ends.here.queue("short", &short).unwrap();
        for number in 0..3 {
            queue.push(&[number]).unwrap();
        }
        let started = Instant::now();
        while queue.stats().unwrap().dropped < 3 {
            assert!(
                started.elapsed() < LATE,
                "{}: {:?}",
                ends.kind,
                queue.stats()
            );
            std::thread::sleep(Duration::from_millis(50));
        }
        assert_eq!(queue.pull(SOON).unwrap(), None, "{}", ends.kind);
        queue.push(b"new").unwrap();
        assert_eq!(queue.pull(LATE).unwrap().as_deref(), Some(&b"new"[..]));
    });
}

#[test]
fn messages_of_any_size_keep_their_order() {
    on_both(|ends| {
        let queue = ends.here.queue("mixed", &bounds(100, 64 << 20)).unwrap();
        let other = ends.there.queue("mixed", &bounds(100, 64 << 20)).unwrap();
        let sizes = [10, LARGE, 1 << 20, 0, (1 << 20) - 1_100, LARGE + 1];
        for (number, bytes) in sizes.into_iter().enumerate() {
            queue.push(&payload(number as u64, bytes)).unwrap();
        }
        for (number, bytes) in sizes.into_iter().enumerate() {
            let got = other.pull(LATE).unwrap();
            let whole = got.as_deref() == Some(&payload(number as u64, bytes)[..]);
            assert!(whole, "{}: number {number} of {bytes} bytes", ends.kind);
        }
        assert_eq!(other.stats().unwrap().dropped, 0, "{}", ends.kind);
        let error = queue.push(&vec![0; (64 << 20) + 1]).unwrap_err();
        assert!(matches!(error, BusError::TooLarge { .. }), "{error}");
    });
}

#[test]
fn large_messages_are_bounded_too() {
    on_both(|ends| {
        let queue = ends.here.queue("large", &bounds(100, 8_000_000)).unwrap();
        for number in 0..7 {
            queue.push(&payload(number, LARGE)).unwrap();
        }
        let kept = drained(queue.as_ref());
        assert!(
            (2..=3).contains(&kept.len()),
            "{}: {}",
            ends.kind,
            kept.len()
        );
        for (idx, message) in kept.iter().rev().enumerate() {
            let expected = payload(6 - idx as u64, LARGE);
            assert!(*message == expected, "{}: the newest, whole", ends.kind);
        }
        let stats = queue.stats().unwrap();
        assert_eq!(
            stats.dropped + kept.len() as u64,
            7,
            "{}: {stats:?}",
            ends.kind
        );
        assert_eq!(stats.waiting, 0, "{}", ends.kind);
    });
}

#[test]
fn many_who_pull_get_each_message_once() {
    on_both(|ends| {
        let got = Mutex::new(Vec::new());
        std::thread::scope(|scope| {
            for pusher in 0..4_u64 {
                scope.spawn(move || {
                    let queue = ends.here.queue("work", &bounds(10_000, 64 << 20)).unwrap();
                    for number in 0..100 {
                        let number = pusher * 100 + number;
                        let bytes = if number % 50 == 7 { LARGE } else { 2_000 };
                        queue.push(&payload(number, bytes)).unwrap();
                    }
                });
            }
            for puller in 0..6 {
                scope.spawn({
                    let got = &got;
                    move || pull_all(ends, puller, got)
                });
            }
        });
        let got = got.into_inner().unwrap();
        let distinct: BTreeSet<u64> = got.iter().copied().collect();
        assert_eq!((got.len(), distinct.len()), (400, 400), "{}", ends.kind);
        let queue = ends.here.queue("work", &bounds(10_000, 64 << 20)).unwrap();
        let stats = queue.stats().unwrap();
        assert_eq!((stats.pushed, stats.waiting, stats.dropped), (400, 0, 0));
    });
}

/// Pulls until all 400 messages of the test above are there, and says which they are.
fn pull_all(ends: &Ends, puller: usize, got: &Mutex<Vec<u64>>) {
    let bus = if puller.is_multiple_of(2) {
        &ends.here
    } else {
        &ends.there
    };
    let queue = bus.queue("work", &bounds(10_000, 64 << 20)).unwrap();
    let started = Instant::now();
    while got.lock().unwrap().len() < 400 && started.elapsed() < LATE {
        let Some(message) = queue.pull(Duration::from_millis(50)).unwrap() else {
            continue;
        };
        let number = (0..400).find(|n| payload(*n, 8) == message[..8]);
        got.lock().unwrap().push(number.expect("a message of ours"));
    }
}
