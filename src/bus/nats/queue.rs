//! A queue as a JetStream work queue: a stream that drops its oldest, and one consumer that all who pull share.
//!
//! What is too large for a message goes as an object of a bucket beside it, which drops its oldest as well, and a message
//! that names it. Each message is acknowledged as it is pulled and not delivered again.
//!
//! ```text
//! dropped = messages of the stream so far - delivered - not yet delivered + large ones that were gone when pulled
//! ```
//! The server counts the first three, exactly; the last is counted by a stream that holds one message. A large message
//! that its bucket dropped is thus noticed when its turn comes. One whose reader died on the way counts as pulled. A server that
//! crashes may forget the acknowledgements of its last tenths of a second: these messages then come again or count as dropped.

use super::link::{CALL_WAIT, Link, OBJECT_WAIT, deadline, failed};
use super::objects::Bucket;
use crate::bus::{BusError, Queue, QueueBounds, QueueStats};
use async_nats::HeaderMap;
use async_nats::jetstream::consumer::pull::{Batch, BatchErrorKind};
use async_nats::jetstream::consumer::{AckPolicy, PullConsumer, pull};
use async_nats::jetstream::context::{PublishError, PublishErrorKind};
use async_nats::jetstream::stream::{Config, DiscardPolicy, RetentionPolicy, StorageType, Stream};
use async_nats::jetstream::{self, Message};
use futures_util::StreamExt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The name of the object that holds a message's payload.
const OBJECT: &str = "Scc-Object";
/// Room that a message's header may take beside the payload.
const HEADROOM: usize = 1024;
/// The server's shortest maximum age.
const AGE_MIN: Duration = Duration::from_millis(100);
/// How much longer than its message an object lives.
const OBJECT_AGE_MORE: Duration = Duration::from_secs(60);
/// Deliveries that wait for an acknowledgement; only those of readers that died stay.
const ACK_PENDING_MAX: i64 = 100_000;
/// Pulls that are this short ask for what is there now.
const SHORT: Duration = Duration::from_millis(5);
/// While waiting for a message, how often we look whether the connection is still the same.
const LOOK: Duration = Duration::from_millis(100);
/// How much later than asked the server may say that there is nothing.
const GRACE: Duration = Duration::from_secs(2);
/// How often we try to see the counts while nobody pushes.
const COUNTS_MAX: usize = 5;
const CONSUMER: &str = "pull";

pub(super) struct NatsQueue {
    link: Arc<Link>,
    name: String,
    bounds: QueueBounds,
    large: Bucket,
    handles: Mutex<Handles>,
}

#[derive(Clone)]
struct Handles {
    stream: Stream,
    consumer: PullConsumer,
}

impl NatsQueue {
    pub fn open(link: Arc<Link>, name: &str, bounds: QueueBounds) -> Result<NatsQueue, BusError> {
        let made = make(&link, name, &bounds);
        let handles = link.call("make a queue", CALL_WAIT, made)?;
        // Chunks have headers: a payload of all the bytes allowed must fit.
        let more = bounds.bytes_max / 16 + (1 << 20);
        let bytes_max = bounds.bytes_max.saturating_add(more);
        let age_max = bounds.age_max.max(AGE_MIN).saturating_add(OBJECT_AGE_MORE);
        let bucket = link.name(&format!("{name}-large"));
        Ok(NatsQueue {
            name: name.to_owned(),
            bounds,
            large: Bucket::passing(bucket, bytes_max, age_max),
            handles: Mutex::new(handles),
            link,
        })
    }

    fn handles(&self) -> Handles {
        let handles = self.handles.lock();
        handles.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Makes stream and consumer again, where the server has lost them.
    async fn make_again(&self) -> Result<(), BusError> {
        let made = make(&self.link, &self.name, &self.bounds).await?;
        *self.handles.lock().unwrap_or_else(PoisonError::into_inner) = made;
        Ok(())
    }

    async fn publish(&self, headers: &HeaderMap, payload: &[u8]) -> Result<(), BusError> {
        match self.try_publish(headers, payload).await {
            Err(e) if e.kind() == PublishErrorKind::StreamNotFound => {
                self.make_again().await?;
                let again = self.try_publish(headers, payload).await;
                again.map_err(|e| failed("push a message", e))
            }
            done => done.map_err(|e| failed("push a message", e)),
        }
    }

    async fn try_publish(&self, headers: &HeaderMap, payload: &[u8]) -> Result<(), PublishError> {
        let (jetstream, to) = (&self.link.jetstream, self.link.subject("q", &self.name));
        let payload = payload.to_vec().into();
        let ack = match headers.is_empty() {
            true => jetstream.publish(to, payload).await?,
            false => {
                let headers = headers.clone();
                jetstream.publish_with_headers(to, headers, payload).await?
            }
        };
        ack.await.map(drop)
    }

    async fn push_large(&self, payload: &[u8]) -> Result<(), BusError> {
        // An inbox is a name that nobody has had before.
        let inbox = self.link.client.new_inbox();
        let object = inbox.rsplit('.').next().unwrap_or(&inbox).to_owned();
        self.large.put(&self.link, &object, payload).await?;
        let mut headers = HeaderMap::new();
        headers.insert(OBJECT, object.as_str());
        let published = self.publish(&headers, &[]).await;
        if published.is_err() {
            // It may have arrived all the same; then it counts as dropped when its turn comes.
            let _ = self.large.forget(&self.link, &object).await;
        }
        published
    }

    /// The next message, or what it stands for.
    async fn pull_until(&self, until: Instant) -> Result<Option<Vec<u8>>, BusError> {
        loop {
            let Some(message) = self.next(until).await? else {
                return Ok(None);
            };
            // Unacknowledged it would only take up room: it is not delivered again either way.
            let _ = message.ack().await;
            let headers = message.headers.as_ref();
            let Some(object) = headers.and_then(|headers| headers.get(OBJECT)) else {
                return Ok(Some(message.payload.to_vec()));
            };
            let taken = self.large.take(&self.link, object.as_str());
            let taken = tokio::time::timeout(OBJECT_WAIT, taken).await;
            let late = |_| Err(failed("pull a large message", "it does not come"));
            match taken.unwrap_or_else(late)? {
                Some(payload) => return Ok(Some(payload)),
                None => self.count_gone().await?,
            }
        }
    }

    async fn next(&self, until: Instant) -> Result<Option<Message>, BusError> {
        let mut made_again = false;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            self.link.connected("pull a message", left).await?;
            let connects = self.link.connects();
            let left = until.saturating_duration_since(Instant::now());
            match self.wait(connects, left).await {
                Ok(Some(message)) => return Ok(Some(message)),
                Ok(None) if Instant::now() >= until || left < SHORT => return Ok(None),
                // The connection was lost and is back, or will be.
                Ok(None) => {}
                Err(_) if !made_again => {
                    self.make_again().await?;
                    made_again = true;
                }
                Err(what) => return Err(failed("pull a message", what)),
            }
        }
    }

    /// Waits for a message on this connection; none if there was none, or the connection is another.
    async fn wait(&self, connects: u64, left: Duration) -> Result<Option<Message>, String> {
        let until = deadline(left.saturating_add(GRACE));
        let mut batch = self.request(left).await?;
        while Instant::now() < until {
            match tokio::time::timeout(LOOK, batch.next()).await {
                Ok(Some(message)) => return message.map(Some).map_err(|e| e.to_string()),
                Ok(None) => return Ok(None),
                Err(_) if !self.link.is_up() || self.link.connects() != connects => {
                    return Ok(None);
                }
                Err(_) => {}
            }
        }
        Ok(None)
    }

    async fn request(&self, left: Duration) -> Result<Batch, String> {
        let consumer = self.handles().consumer;
        let requested: Result<Batch, jetstream::consumer::pull::BatchError> = if left < SHORT {
            consumer.fetch().max_messages(1).messages().await
        } else {
            let batch = consumer.batch().max_messages(1).expires(left);
            batch.messages().await
        };
        requested.map_err(|e| match e.kind() {
            BatchErrorKind::Subscribe | BatchErrorKind::Pull => "it cannot be asked for".to_owned(),
            _ => e.to_string(),
        })
    }

    fn gone_stream(&self) -> String {
        self.link.name(&format!("{}-gone", self.name))
    }

    /// Counts a message whose payload its bucket has dropped.
    async fn count_gone(&self) -> Result<(), BusError> {
        let doing = "count a dropped message";
        let subject = self.link.subject("gone", &self.name);
        let config = Config {
            name: self.gone_stream(),
            subjects: vec![subject.clone()],
            max_messages: 1,
            discard: DiscardPolicy::Old,
            storage: StorageType::File,
            num_replicas: 1,
            ..Config::default()
        };
        let jetstream = &self.link.jetstream;
        let made = jetstream.get_or_create_stream(config).await;
        made.map_err(|e| failed(doing, e))?;
        let published = jetstream.publish(subject, Vec::new().into()).await;
        let published = published.map_err(|e| failed(doing, e))?.await;
        published.map(drop).map_err(|e| failed(doing, e))
    }

    async fn pushed(&self) -> Result<(u64, u64), BusError> {
        let info = self.handles().stream.get_info().await;
        let state = info.map_err(|e| failed("look at a queue", e))?.state;
        Ok((state.last_sequence, state.bytes))
    }

    async fn count(&self) -> Result<QueueStats, BusError> {
        let gone = self.link.stream_state(&self.gone_stream()).await?;
        let gone = gone.map_or(0, |state| state.last_sequence);
        let large = self.large.bytes(&self.link).await?;
        let mut tries = 0;
        loop {
            let (pushed, bytes) = self.pushed().await?;
            let consumer = self.handles().consumer.get_info().await;
            let consumer = consumer.map_err(|e| failed("look at a queue", e))?;
            let (waiting, pulled) = (consumer.num_pending, consumer.delivered.consumer_sequence);
            tries += 1;
            // Counted at two moments: exact if nothing was pushed between, else too low by what was.
            if self.pushed().await?.0 == pushed || tries == COUNTS_MAX {
                return Ok(QueueStats {
                    waiting,
                    bytes: bytes + large,
                    pushed,
                    dropped: pushed.saturating_sub(waiting + pulled) + gone,
                });
            }
        }
    }
}

/// The queue's stream and consumer, as they are or made with these bounds.
///
/// Kept in files: the page cache makes them about as fast as memory, a server that restarts has its messages and its
/// counts again, and a backlog takes the server's disk instead of its memory.
async fn make(link: &Link, name: &str, bounds: &QueueBounds) -> Result<Handles, BusError> {
    let doing = "make a queue";
    let signed = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let config = Config {
        name: link.name(&format!("{name}-queue")),
        subjects: vec![link.subject("q", name)],
        retention: RetentionPolicy::WorkQueue,
        discard: DiscardPolicy::Old,
        max_messages: signed(bounds.messages_max),
        max_bytes: signed(bounds.bytes_max),
        max_age: bounds.age_max.max(AGE_MIN),
        storage: StorageType::File,
        num_replicas: 1,
        ..Config::default()
    };
    let stream = link.jetstream.get_or_create_stream(config).await;
    let stream = stream.map_err(|e| failed(doing, e))?;
    let config = pull::Config {
        durable_name: Some(CONSUMER.to_owned()),
        ack_policy: AckPolicy::Explicit,
        max_deliver: 1,
        max_ack_pending: ACK_PENDING_MAX,
        ..pull::Config::default()
    };
    let consumer = stream.get_or_create_consumer(CONSUMER, config).await;
    let consumer = consumer.map_err(|e| failed(doing, e))?;
    Ok(Handles { stream, consumer })
}

impl Queue for NatsQueue {
    fn push(&self, payload: &[u8]) -> Result<(), BusError> {
        if payload.len() as u64 > self.bounds.bytes_max {
            return Err(BusError::TooLarge {
                subject: self.name.clone(),
                bytes: payload.len(),
                bytes_max: self.bounds.bytes_max as usize,
            });
        }
        let doing = "push a message";
        if payload.len() + HEADROOM <= self.link.client.max_payload() {
            let headers = HeaderMap::new();
            let published = self.publish(&headers, payload);
            return self.link.call(doing, CALL_WAIT, published);
        }
        self.link.call(doing, OBJECT_WAIT, self.push_large(payload))
    }

    fn pull(&self, wait: Duration) -> Result<Option<Vec<u8>>, BusError> {
        let until = deadline(wait);
        self.link.block_on(self.pull_until(until))
    }

    fn stats(&self) -> Result<QueueStats, BusError> {
        self.link.call("look at a queue", CALL_WAIT, self.count())
    }
}
