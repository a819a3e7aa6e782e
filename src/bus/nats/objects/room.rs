//! Room in a bucket that refuses what is too much: seen to before an object is written, and made of what writers that were cut
//! off have left.

use super::Bucket;
use crate::bus::BusError;
use crate::bus::nats::link::{Link, failed};
use async_nats::jetstream::object_store::ObjectStore;
use async_nats::jetstream::stream::{DiscardPolicy, Stream};
use futures_util::StreamExt;
use std::collections::BTreeSet;
use std::time::{Duration, SystemTime};

/// Chunks that belong to no object and are older than this are of a writer that was cut off.
const ORPHAN_AGE: Duration = Duration::from_secs(600);
/// What stays free of a bucket: forgetting an object takes a note of it, which must find room in a full one.
const SPARE_BYTES: u64 = 64 << 10;
/// What fails when sweeping does.
const SWEEPING: &str = "sweep out unfinished objects";
/// For what the server keeps beside an object's bytes: one more of so many.
const OVERHEAD_PART: u64 = 256;

impl Bucket {
    /// Refuses an object that would not fit, before anything of it is there: what a refused writer leaves takes up room. Two who
    /// write at once may both be let in; the server then refuses one, and what it leaves is swept out later.
    pub(super) async fn make_room(
        &self,
        link: &Link,
        name: &str,
        bytes: usize,
    ) -> Result<(), BusError> {
        if self.discard == DiscardPolicy::Old {
            return Ok(());
        }
        let bytes = bytes as u64;
        let needed = bytes + bytes / OVERHEAD_PART + SPARE_BYTES;
        let mut swept = false;
        loop {
            let stream = self.under(link, "keep an object").await?;
            let info = stream.cached_info();
            // None that is negative: it is bounded by the disk.
            let bytes_max = u64::try_from(info.config.max_bytes).unwrap_or(u64::MAX);
            if info.state.bytes.saturating_add(needed) <= bytes_max {
                return Ok(());
            }
            if swept || self.sweep(link, ORPHAN_AGE).await? == 0 {
                let what = format!(
                    "the run's objects may have {bytes_max} bytes there, {} are taken, and {name} with {bytes} does not fit \
                     (a new run's objects_gib=N in the URL allows more)",
                    info.state.bytes
                );
                return Err(failed("keep an object", what));
            }
            swept = true;
        }
    }

    /// Removes chunks that no object has and that are older than `age_min`; how many objects' chunks.
    pub async fn sweep(&self, link: &Link, age_min: Duration) -> Result<usize, BusError> {
        let store = self.store(link).await?;
        let stream = self.under(link, SWEEPING).await?;
        let found = self.chunks_of_none(&store, &stream).await?;
        let now = self.server_time(link).await?;
        let mut swept = 0;
        for subject in found {
            let Ok(last) = stream.get_last_raw_message_by_subject(&subject).await else {
                continue;
            };
            let age = now.duration_since(last.time.into());
            if age.is_ok_and(|age| age >= age_min) {
                let purged = stream.purge().filter(&subject).await;
                purged.map_err(|e| failed(SWEEPING, e))?;
                swept += 1;
            }
        }
        if swept > 0 {
            tracing::info!("swept out the chunks of {swept} unfinished objects");
        }
        Ok(swept)
    }

    /// Subjects of chunks that belong to no object, or to none yet.
    async fn chunks_of_none(
        &self,
        store: &ObjectStore,
        stream: &Stream,
    ) -> Result<Vec<String>, BusError> {
        let prefix = format!("$O.{}.C.", self.name);
        // Chunks first: an object that is finished meanwhile is then in the list.
        let mut chunks = stream
            .info_with_subjects(format!("{prefix}>"))
            .await
            .map_err(|e| failed(SWEEPING, e))?;
        let mut found = Vec::new();
        while let Some(subject) = chunks.next().await {
            found.push(subject.map_err(|e| failed(SWEEPING, e))?.0);
        }
        let mut used = BTreeSet::new();
        let mut objects = store.list().await.map_err(|e| failed(SWEEPING, e))?;
        while let Some(object) = objects.next().await {
            used.insert(object.map_err(|e| failed(SWEEPING, e))?.nuid);
        }
        found.retain(|subject| !used.contains(subject.strip_prefix(&prefix).unwrap_or_default()));
        Ok(found)
    }

    /// The stream under the bucket, as it is now.
    async fn under(&self, link: &Link, doing: &str) -> Result<Stream, BusError> {
        let stream = link.jetstream.get_stream(self.stream()).await;
        stream.map_err(|e| {
            self.look_again();
            failed(doing, e)
        })
    }

    /// The time by the clock that chunks are dated with; this process's may be wrong by any amount.
    async fn server_time(&self, link: &Link) -> Result<SystemTime, BusError> {
        let doing = "ask for the server's time";
        let subject = format!("STREAM.INFO.{}", self.stream());
        let asked = link.jetstream.request(subject, &());
        let told: Told = asked.await.map_err(|e| failed(doing, e))?;
        let time: Result<jiff::Timestamp, jiff::Error> = told.ts.parse();
        Ok(time.map_err(|e| failed(doing, e))?.into())
    }
}

/// Of what the server tells of a stream, the time at which it does.
#[derive(serde::Deserialize)]
struct Told {
    ts: String,
}
