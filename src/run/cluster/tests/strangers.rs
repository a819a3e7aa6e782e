//! Processes of another version on a league's bus.

use super::*;
use crate::bus::{BusError, Message, decode, refused};
use crate::league::PlayerId;
use crate::predictor::remote::UnansweredMessage;
use crate::run::cluster::messages::{
    MASTER, MetricsMessage, OVER, OverMessage, games, infer, metrics,
};
use crate::run::metrics::MetricsRow;
use std::sync::Mutex;

/// Where the version stands in an envelope.
const VERSION_AT: usize = 4;
const VERSION: u16 = 99;

/// A message as a program of another version sends it.
fn strange(message: &impl Message) -> Vec<u8> {
    let mut bytes = encode(message);
    bytes[VERSION_AT..VERSION_AT + 2].copy_from_slice(&VERSION.to_le_bytes());
    bytes
}

fn is_strange(bytes: &[u8]) -> bool {
    bytes[VERSION_AT..VERSION_AT + 2] == VERSION.to_le_bytes()
}

/// What became of what strangers sent.
#[derive(Debug, Default)]
struct Sent {
    rounds: u64,
    /// The master said no.
    refused: u64,
    /// Somebody took a question to a network, and did not answer it.
    unanswered: u64,
    /// Learners took games out of the queue, which are none.
    pulled: u64,
}

/// Weights that nobody can read.
fn weights_of_another_version() -> Vec<u8> {
    strange(&WeightsMessage {
        player: "main".to_owned(),
        version: u64::MAX,
        checkpoint: Vec::new(),
    })
}

/// What is said to all who listen.
fn announcements() -> [(String, Vec<u8>); 5] {
    let row = strange(&MetricsMessage {
        player: PlayerId(1),
        row: MetricsRow::default(),
    });
    let weights = weights_of_another_version();
    [
        (messages::announcement("main"), weights),
        (metrics("main"), row.clone()),
        (messages::unanswered(FROZEN), strange(&UnansweredMessage)),
        (OVER.to_owned(), strange(&OverMessage)),
        ("heartbeat.learner.stranger".to_owned(), row),
    ]
}

/// Sends to everybody, again and again, until the league is over.
fn send_all(bus: &Arc<dyn Bus>, stop: &AtomicBool, queue: &dyn crate::bus::Queue) -> Sent {
    let mut sent = Sent::default();
    let (hello, weights) = (strange(&ToMaster::Hello), weights_of_another_version());
    while !stop.load(Ordering::Relaxed) {
        sent.rounds += 1;
        if let Ok(answer) = bus.ask(MASTER, &hello, Duration::from_secs(10)) {
            let answer = decode::<FromMaster>(&answer).expect("of this version");
            assert!(matches!(answer, FromMaster::Refused(_)), "{answer:?}");
            sent.refused += 1;
        }
        match bus.ask(&infer("main"), &weights, Duration::from_millis(50)) {
            Err(BusError::TimedOut { .. }) => sent.unanswered += 1,
            Err(BusError::NobodyThere { .. }) => {}
            other => panic!("{other:?}"),
        }
        queue.push(&weights).expect("kept");
        for (subject, bytes) in announcements() {
            bus.publish(&subject, &bytes).expect("sent");
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    let mut left = 0;
    while let Some(bytes) = queue.pull(Duration::ZERO).expect("readable") {
        left += u64::from(is_strange(&bytes));
    }
    let dropped = queue.stats().expect("counted").dropped;
    sent.pulled = (sent.rounds - left).saturating_sub(dropped);
    sent
}

#[test]
fn messages_of_another_version_end_nobody_and_the_league_trains_to_its_end() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut config = config();
    config.train.steps_max = 6;
    let (before, sent) = (refused(), Mutex::new(Sent::default()));
    let summaries = all_roles(folder.path(), &config, |bus, stop| {
        let bounds = kit(folder.path(), bus).queue_bounds();
        let queue = bus.queue(&games("main"), &bounds).expect("made");
        *sent.lock().expect("alone") = send_all(bus, stop, &*queue);
    });
    assert!(summaries.iter().all(|s| s.finished), "{summaries:?}");
    let sent = sent.into_inner().expect("alone");
    let all = [sent.refused, sent.unanswered, sent.pulled];
    assert!(all.iter().all(|n| *n > 0), "{sent:?}");
    assert!(refused() - before >= all.iter().sum::<u64>(), "{sent:?}");
}
