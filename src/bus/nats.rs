//! The bus over NATS: its core for messages and questions, JetStream for queues, objects and leads.
//!
//! Every name on the server begins with the run's: `scc.RUN.m.SUBJECT` (messages), `.a.SUBJECT` (questions),
//! `.q.NAME` (queues), streams and buckets `scc_RUN_...`. Calls block their thread; a small runtime of the bus' own drives
//! the connection, which comes back by itself when the server does. Until then calls wait a moment for it and then
//! fail with an error that [`is_passing`](BusError::is_passing).

mod lead;
mod link;
mod objects;
mod probe;
mod queue;

use super::subject::{check, check_object, check_word};
use super::{
    Bus, BusError, BusUrl, Delivery, Inbox, Lead, Question, Questions, Queue, QueueBounds,
};
use async_nats::{Request, RequestErrorKind, Subscriber};
use futures_util::StreamExt;
use link::{CALL_WAIT, Link, OBJECT_WAIT, deadline, failed};
use objects::Bucket;
use queue::NatsQueue;
use std::sync::Arc;
use std::time::{Duration, Instant};

pub use probe::{Probe, probe};

/// Messages that wait in this process for one listener, or for one who answers; beyond that the newest are lost.
pub const WAITING_MAX: usize = 1024;

/// A connection to a NATS server. Clones share it.
#[derive(Clone)]
pub struct NatsBus {
    link: Arc<Link>,
    objects: Arc<Bucket>,
}

impl NatsBus {
    /// Connects.
    ///
    /// # Errors
    /// As [`super::connect`].
    pub fn connect(url: &BusUrl, run: &str) -> Result<NatsBus, BusError> {
        let link = Arc::new(Link::open(url, run)?);
        if !link.client.server_info().jetstream {
            return Err(BusError::Connect {
                url: url.to_string(),
                what: "JetStream is off there: start it with `nats-server --jetstream --store_dir DIR`"
                    .to_owned(),
            });
        }
        let bytes_max = u64::from(url.objects_gib) << 30;
        let objects = Bucket::kept(link.name("objects"), bytes_max);
        Ok(NatsBus {
            link,
            objects: Arc::new(objects),
        })
    }

    /// Messages lost so far because they were not read in time, as far as was noticed.
    pub fn lost(&self) -> u64 {
        self.link.notes.lost()
    }

    /// Deletes all queues and objects of the run from the server: nobody may use them any more.
    ///
    /// # Errors
    /// If the server cannot be asked.
    pub fn remove_run(&self) -> Result<(), BusError> {
        let doing = "remove a run";
        let prefix = self.link.name("");
        self.link.call(doing, CALL_WAIT, async {
            let mut names = self.link.jetstream.stream_names();
            let mut ours = Vec::new();
            while let Some(name) = names.next().await {
                let name = name.map_err(|e| failed(doing, e))?;
                let bare = ["OBJ_", "KV_"]
                    .iter()
                    .find_map(|kind| name.strip_prefix(kind));
                let bare = bare.unwrap_or(&name);
                // Of run `a`, not of `a_b`, whose `_` is doubled.
                let rest = bare.strip_prefix(&prefix);
                if rest.is_some_and(|rest| !rest.starts_with('_')) {
                    ours.push(name);
                }
            }
            for name in ours {
                let deleted = self.link.jetstream.delete_stream(name).await;
                deleted.map_err(|e| failed(doing, e))?;
            }
            Ok(())
        })
    }

    /// Removes what writers that were killed have left of objects, if it is older than `age_min` by the server's clock: longer
    /// than writing one takes. `put` does so by itself before it says that there is no room. How many were removed.
    ///
    /// # Errors
    /// If the server cannot be asked.
    pub fn sweep(&self, age_min: Duration) -> Result<usize, BusError> {
        let swept = self.objects.sweep(&self.link, age_min);
        self.link
            .call("sweep out unfinished objects", OBJECT_WAIT, swept)
    }

    /// Subscribes, and waits until the server knows.
    fn subscribe(
        &self,
        doing: &str,
        subject: String,
        group: Option<&str>,
    ) -> Result<Subscriber, BusError> {
        self.link.call(doing, CALL_WAIT, async {
            let client = &self.link.client;
            let subscribed = match group {
                Some(group) => client.queue_subscribe(subject, group.to_owned()).await,
                None => client.subscribe(subject).await,
            };
            let subscriber = subscribed.map_err(|e| failed(doing, e))?;
            self.link.round_trip().await?;
            Ok(subscriber)
        })
    }
}

impl Bus for NatsBus {
    fn publish(&self, subject: &str, payload: &[u8]) -> Result<(), BusError> {
        check(subject, false)?;
        self.link.fits(subject, payload)?;
        let to = self.link.subject("m", subject);
        let doing = "publish a message";
        self.link.call(doing, CALL_WAIT, async {
            let published = self.link.client.publish(to, payload.to_vec().into());
            published.await.map_err(|e| failed(doing, e))
        })
    }

    fn listen(&self, subject: &str) -> Result<Box<dyn Inbox>, BusError> {
        check(subject, true)?;
        let from = self.link.subject("m", subject);
        let subscriber = self.subscribe("listen", from, None)?;
        Ok(Box::new(Subscribed {
            subscriber,
            link: self.link.clone(),
            prefix_bytes: self.link.subject("m", "").len(),
        }))
    }

    fn serve(&self, subject: &str, group: &str) -> Result<Box<dyn Questions>, BusError> {
        check(subject, true)?;
        check_word(group)?;
        let from = self.link.subject("a", subject);
        let subscriber = self.subscribe("serve", from, Some(group))?;
        Ok(Box::new(Subscribed {
            subscriber,
            link: self.link.clone(),
            prefix_bytes: self.link.subject("a", "").len(),
        }))
    }

    fn ask(&self, subject: &str, payload: &[u8], wait: Duration) -> Result<Vec<u8>, BusError> {
        check(subject, false)?;
        self.link.fits(subject, payload)?;
        let to = self.link.subject("a", subject);
        let until = deadline(wait);
        let late = || BusError::TimedOut {
            subject: subject.to_owned(),
            wait,
        };
        self.link.block_on(async {
            self.link.connected("ask", wait).await?;
            // The time is kept here, so that waiting for room in the client counts too.
            let request = Request::new()
                .payload(payload.to_vec().into())
                .timeout(None);
            let asked = self.link.client.send_request(to, request);
            let left = until.saturating_duration_since(Instant::now());
            match tokio::time::timeout(left, asked).await {
                Ok(Ok(answer)) => Ok(answer.payload.into()),
                Ok(Err(e)) if e.kind() == RequestErrorKind::NoResponders => {
                    let subject = subject.to_owned();
                    Err(BusError::NobodyThere { subject })
                }
                Ok(Err(e)) if e.kind() == RequestErrorKind::TimedOut => Err(late()),
                Ok(Err(e)) => Err(failed("ask", e)),
                Err(_) => Err(late()),
            }
        })
    }

    fn queue(&self, name: &str, bounds: &QueueBounds) -> Result<Arc<dyn Queue>, BusError> {
        check_word(name)?;
        Ok(Arc::new(NatsQueue::open(self.link.clone(), name, *bounds)?))
    }

    fn put(&self, name: &str, bytes: &[u8]) -> Result<(), BusError> {
        check_object(name)?;
        let put = self.objects.put(&self.link, name, bytes);
        self.link.call("keep an object", OBJECT_WAIT, put)
    }

    fn get(&self, name: &str) -> Result<Option<Vec<u8>>, BusError> {
        check_object(name)?;
        let got = self.objects.get(&self.link, name);
        self.link.call("read an object", OBJECT_WAIT, got)
    }

    fn forget(&self, name: &str) -> Result<(), BusError> {
        check_object(name)?;
        let forgotten = self.objects.forget(&self.link, name);
        self.link.call("forget an object", CALL_WAIT, forgotten)
    }

    fn objects(&self) -> Result<Vec<String>, BusError> {
        let listed = self.objects.names(&self.link);
        self.link.call("list the objects", CALL_WAIT, listed)
    }

    fn lead(&self, name: &str, holder: &str) -> Result<Lead, BusError> {
        check_word(name)?;
        let taken = lead::take(&self.link, name, holder);
        self.link.call("take a lead", CALL_WAIT, taken)
    }

    fn resign(&self, name: &str, holder: &str) -> Result<(), BusError> {
        check_word(name)?;
        let resigned = lead::resign(&self.link, name, holder);
        self.link.call("give up a lead", CALL_WAIT, resigned)
    }
}

/// A subscription. It ends before its connection does, hence the order.
struct Subscribed {
    subscriber: Subscriber,
    link: Arc<Link>,
    /// Of the subject, before what callers know it by.
    prefix_bytes: usize,
}

impl Subscribed {
    fn receive(&mut self, wait: Duration) -> Result<Option<async_nats::Message>, BusError> {
        let Subscribed {
            subscriber, link, ..
        } = self;
        // It survives a lost connection: waiting is all there is to do then.
        let next = link.block_on(async { tokio::time::timeout(wait, subscriber.next()).await });
        match next {
            Ok(Some(message)) => Ok(Some(message)),
            Ok(None) => Err(BusError::Closed),
            Err(_) => Ok(None),
        }
    }

    fn subject(&self, message: &async_nats::Message) -> String {
        let whole: &str = &message.subject;
        whole.get(self.prefix_bytes..).unwrap_or(whole).to_owned()
    }
}

impl Inbox for Subscribed {
    fn next(&mut self, wait: Duration) -> Result<Option<Delivery>, BusError> {
        let message = self.receive(wait)?;
        Ok(message.map(|message| Delivery {
            subject: self.subject(&message),
            payload: message.payload.into(),
        }))
    }
}

impl Questions for Subscribed {
    fn next(&mut self, wait: Duration) -> Result<Option<Question>, BusError> {
        let until = deadline(wait);
        loop {
            let left = until.saturating_duration_since(Instant::now());
            let Some(message) = self.receive(left)? else {
                return Ok(None);
            };
            let subject = self.subject(&message);
            // Who wants no answer asks nothing.
            let Some(reply) = message.reply else {
                continue;
            };
            let (link, at) = (self.link.clone(), subject.clone());
            let answer = Box::new(move |bytes: &[u8]| {
                link.fits(&at, bytes)?;
                link.call("answer", CALL_WAIT, async {
                    let published = link.client.publish(reply, bytes.to_vec().into());
                    published.await.map_err(|e| failed("answer", e))
                })
            });
            return Ok(Some(Question::new(subject, message.payload.into(), answer)));
        }
    }
}
