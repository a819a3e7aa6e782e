//! What a server is and can, for those who set one up.

use super::link::{CALL_WAIT, Link};
use crate::bus::{BusError, BusUrl};
use serde::Serialize;
use std::time::Instant;

/// Round trips that are timed.
const ROUNDS: usize = 5;

/// What was found at a URL.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Probe {
    /// Of nats-server.
    pub version: String,
    /// Why queues and objects cannot be used there, where that is so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jetstream_fault: Option<String>,
    /// Largest message.
    pub max_payload_bytes: usize,
    /// Median of a few round trips.
    pub round_trip_ms: f64,
    /// Whether the connection is encrypted.
    pub tls: bool,
}

/// Connects, looks and leaves nothing behind.
///
/// # Errors
/// As [`crate::bus::connect`], but a server without JetStream is told in the result.
pub fn probe(url: &BusUrl) -> Result<Probe, BusError> {
    let link = Link::open(url, "doctor")?;
    let info = link.client.server_info();
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        let started = Instant::now();
        link.call("reach the server", CALL_WAIT, link.round_trip())?;
        times.push(started.elapsed().as_secs_f64() * 1e3);
    }
    times.sort_by(f64::total_cmp);
    let account = link.call("ask for JetStream", CALL_WAIT, async {
        Ok(link.jetstream.query_account().await)
    })?;
    Ok(Probe {
        version: info.version,
        jetstream_fault: account.err().map(|e| e.to_string()),
        max_payload_bytes: info.max_payload,
        round_trip_ms: times[ROUNDS / 2],
        tls: url.tls || info.tls_required,
    })
}
