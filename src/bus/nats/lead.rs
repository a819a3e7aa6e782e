//! Leads as a JetStream key-value bucket: a key a lead, its value who has it. The server drops a value after
//! [`LEAD_LASTS`], by its own clock, and takes a new one only in place of the one that was seen: of many, one gets through.

use super::link::{Link, failed};
use crate::bus::{BusError, LEAD_LASTS, Lead};
use async_nats::jetstream::context::PublishError;
use async_nats::jetstream::message::PublishMessage;
use async_nats::jetstream::stream::{
    Config, DiscardPolicy, LastRawMessageErrorKind, StorageType, Stream,
};

/// How often taking a lead starts anew because it changed hands meanwhile.
const RACES_MAX: usize = 20;
/// All leads of a run together, on the server's disk: it reserves that.
const BYTES_MAX: i64 = 1 << 20;
/// The revision of a key that is not there.
const NONE: u64 = 0;

/// Takes a lead or keeps it.
pub(super) async fn take(link: &Link, name: &str, holder: &str) -> Result<Lead, BusError> {
    let doing = "take a lead";
    let stream = bucket(link, doing).await?;
    let key = key(link, name);
    for _ in 0..RACES_MAX {
        let seen = match look(&stream, &key, doing).await? {
            Some((_, other)) if other != holder => return Ok(Lead::Of(other)),
            Some((revision, _)) => revision,
            None => NONE,
        };
        match put(link, &key, holder, seen).await {
            Ok(()) => return Ok(Lead::Ours),
            // Two codes of the server say so in these words.
            Err(e) if e.to_string().contains("wrong last sequence") => {}
            Err(e) => return Err(failed(doing, e)),
        }
    }
    Err(failed(doing, format!("{name} changes hands all the time")))
}

/// Gives a lead up that `holder` has.
pub(super) async fn resign(link: &Link, name: &str, holder: &str) -> Result<(), BusError> {
    let doing = "give up a lead";
    let stream = bucket(link, doing).await?;
    let key = key(link, name);
    let seen = match look(&stream, &key, doing).await? {
        Some((revision, of)) if of == holder => revision,
        _ => return Ok(()),
    };
    // Exactly what was seen goes, never what another has put in its place.
    let Err(fault) = stream.delete_message(seen).await else {
        return Ok(());
    };
    match look(&stream, &key, doing).await? {
        Some((revision, _)) if revision == seen => Err(failed(doing, fault)),
        // Its time was over meanwhile.
        _ => Ok(()),
    }
}

fn bucket_name(link: &Link) -> String {
    link.name("leads")
}

fn key(link: &Link, name: &str) -> String {
    format!("$KV.{}.{name}", bucket_name(link))
}

/// The stream under the bucket, made where it is not there yet or any more.
async fn bucket(link: &Link, doing: &str) -> Result<Stream, BusError> {
    let name = bucket_name(link);
    let config = Config {
        name: format!("KV_{name}"),
        subjects: vec![format!("$KV.{name}.>")],
        max_messages_per_subject: 1,
        max_age: LEAD_LASTS,
        max_bytes: BYTES_MAX,
        discard: DiscardPolicy::New,
        storage: StorageType::File,
        num_replicas: 1,
        ..Config::default()
    };
    let made = link.jetstream.get_or_create_stream(config).await;
    made.map_err(|e| failed(doing, e))
}

/// Revision and holder of a lead.
async fn look(stream: &Stream, key: &str, doing: &str) -> Result<Option<(u64, String)>, BusError> {
    match stream.get_last_raw_message_by_subject(key).await {
        Ok(held) => {
            let holder = String::from_utf8_lossy(&held.payload).into_owned();
            Ok(Some((held.sequence, holder)))
        }
        Err(e) if e.kind() == LastRawMessageErrorKind::NoMessageFound => Ok(None),
        Err(e) => Err(failed(doing, e)),
    }
}

/// Writes a holder where the key still has the revision that was seen.
async fn put(link: &Link, key: &str, holder: &str, seen: u64) -> Result<(), PublishError> {
    let message = PublishMessage::build()
        .payload(holder.to_owned().into())
        .expected_last_subject_sequence(seen);
    let sent = link.jetstream.send_publish(key.to_owned(), message);
    sent.await?.await.map(drop)
}
