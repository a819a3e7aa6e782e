//! The bus: one suite for both of its kinds, in one process and over a real nats-server; and what a server can do to it.

mod commands;
mod contract;
mod credentials;
mod leads;
mod objects;
mod outage;
mod queues;
mod room;
mod tls;

use crate::servers::NatsServer;
use scc::bus::{Bus, BusError, BusUrl, LocalBus, QueueBounds, connect};
use std::sync::Arc;
use std::time::Duration;

/// Long enough for anything that must happen, on a busy machine.
const LATE: Duration = Duration::from_secs(30);
/// Long enough for what must not happen to be seen.
const SOON: Duration = Duration::from_millis(200);

/// Two ends of one bus.
struct Ends {
    here: Arc<dyn Bus>,
    there: Arc<dyn Bus>,
    /// Which kind it is, for messages of failures.
    kind: &'static str,
}

/// Runs a case on the bus inside a process, and over NATS where there is a server: there with a connection for each end.
fn on_both(case: impl Fn(&Ends)) {
    let local = Arc::new(LocalBus::new());
    case(&Ends {
        here: local.clone(),
        there: local,
        kind: "local",
    });
    let Some(server) = NatsServer::start() else {
        return;
    };
    case(&Ends {
        here: connected(&server.url()),
        there: connected(&server.url()),
        kind: "nats",
    });
}

fn connected(url: &str) -> Arc<dyn Bus> {
    let url: BusUrl = url.parse().expect("a URL");
    connect(&url, "test_run").unwrap_or_else(|e| panic!("{e}"))
}

/// Why that URL does not let us in.
fn refusal(url: &str) -> BusError {
    let url: BusUrl = url.parse().expect("a URL");
    match connect(&url, "test") {
        Ok(_) => panic!("{url} lets us in"),
        Err(error) => error,
    }
}

fn bounds(messages_max: u64, bytes_max: u64) -> QueueBounds {
    QueueBounds {
        messages_max,
        bytes_max,
        age_max: Duration::from_secs(3600),
    }
}

/// Bytes that are different for each number, and hard to compress.
fn payload(number: u64, bytes: usize) -> Vec<u8> {
    use rand::Rng;
    let mut payload = vec![0; bytes];
    let seed = scc::game::Seed(number);
    seed.rng().fill_bytes(&mut payload);
    payload
}
