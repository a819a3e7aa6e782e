//! A deployment's servers: whether they are there, let us in, and can what we need.

use std::time::Instant;

use super::{Check, State};
use crate::bus::nats::{Probe, probe};
use crate::bus::{BusError, BusUrl};
use crate::storage::{SCHEMA_VERSION, Storage, StorageError, StorageUrl, Summary};

/// A question and its answer should take less, or inference waits for the network more than for the predictor.
const ROUND_TRIP_MS_MAX: f64 = 20.0;
/// A message that the server's limit must let through: a batch of observations.
const PAYLOAD_BYTES_MIN: usize = 1 << 20;

pub(super) fn bus(url: &BusUrl) -> Check {
    let checked = |state, found, advice, facts| Check {
        name: "bus",
        state,
        found,
        advice,
        facts,
    };
    match probe(url) {
        Ok(probe) => {
            let advice = bus_advice(&probe);
            let state = match advice {
                Some(_) => State::Problem,
                None => State::Ok,
            };
            let found = format!(
                "nats-server {} at {url}: round trip {:.2} ms, messages up to {} bytes, JetStream {}",
                probe.version,
                probe.round_trip_ms,
                probe.max_payload_bytes,
                if probe.jetstream_fault.is_none() {
                    "on"
                } else {
                    "off"
                },
            );
            let mut facts = serde_json::json!({ "url": url.to_string(), "reachable": true });
            let told = serde_json::to_value(&probe).unwrap_or_default();
            if let (Some(facts), serde_json::Value::Object(told)) = (facts.as_object_mut(), told) {
                facts.extend(told);
            }
            checked(state, found, advice, facts)
        }
        Err(error) => {
            let facts = serde_json::json!({ "url": url.to_string(), "reachable": false });
            let found = match &error {
                BusError::Connect { what, .. } => format!("cannot reach {url}: {what}"),
                error => error.to_string(),
            };
            let advice = "start one: nats-server --jetstream --store_dir DIR (Debian: apt-get install nats-server); then check host, port, login and firewall";
            checked(State::Problem, found, Some(advice.to_owned()), facts)
        }
    }
}

/// What to do about a server that is there, if anything.
fn bus_advice(probe: &Probe) -> Option<String> {
    if let Some(fault) = &probe.jetstream_fault {
        return Some(format!(
            "queues and objects need JetStream ({fault}): start nats-server with --jetstream --store_dir DIR, and allow it to the account"
        ));
    }
    if probe.max_payload_bytes < PAYLOAD_BYTES_MIN {
        return Some("set max_payload: 1MB (or more) in the server's configuration".to_owned());
    }
    (probe.round_trip_ms > ROUND_TRIP_MS_MAX).then(|| {
        format!("over {ROUND_TRIP_MS_MAX} ms a round trip: put the server into the network of the predictors")
    })
}

pub(super) fn storage(url: &StorageUrl) -> Check {
    let started = Instant::now();
    let opened = Storage::open_to_read(url).and_then(|mut storage| {
        let open_ms = started.elapsed().as_secs_f64() * 1e3;
        let asked = Instant::now();
        let summary = storage.summary()?;
        Ok((summary, open_ms, asked.elapsed().as_secs_f64() * 1e3))
    });
    let mut check = Check {
        name: "storage",
        state: State::Ok,
        found: String::new(),
        advice: None,
        facts: serde_json::json!({ "url": url.to_string(), "reachable": true }),
    };
    match opened {
        Ok((summary, open_ms, read_ms)) => {
            found_storage(&mut check, url, summary, [open_ms, read_ms])
        }
        // An empty database is what a league is started on.
        Err(StorageError::NoLeague { .. }) => {
            check.found = format!("{url} is there and empty: a league can be started on it");
            check.facts["league"] = false.into();
        }
        Err(error) => {
            check.state = State::Problem;
            let mut found = error.to_string();
            if let Some(source) = std::error::Error::source(&error) {
                found = format!("{found} ({source})");
            }
            check.found = found;
            check.facts["reachable"] = matches!(
                error,
                StorageError::Newer { .. }
                    | StorageError::Older { .. }
                    | StorageError::NotALeague { .. }
            )
            .into();
            check.advice = Some("correct the URL, start the server, or start a league there: scc train --stage league --storage URL".to_owned());
        }
    }
    check
}

fn found_storage(check: &mut Check, url: &StorageUrl, summary: Summary, ms: [f64; 2]) {
    let [open_ms, read_ms] = ms;
    let holds = match summary.players {
        0 => "no league yet".to_owned(),
        players => format!("a league of {players} players and {} games", summary.games),
    };
    check.found = format!(
        "{url}: {holds}, schema {} (this scc: {SCHEMA_VERSION}), opened in {open_ms:.1} ms, read in {read_ms:.1} ms",
        summary.schema
    );
    check.facts["league"] = (summary.players > 0).into();
    check.facts["players"] = summary.players.into();
    check.facts["games"] = summary.games.into();
    check.facts["schema"] = summary.schema.into();
    check.facts["open_ms"] = open_ms.into();
    check.facts["read_ms"] = read_ms.into();
}
