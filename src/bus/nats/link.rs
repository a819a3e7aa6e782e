//! The connection, the runtime that drives it, and what is common to all calls.

use crate::bus::url::Login;
use crate::bus::{BusError, BusUrl};
use async_nats::connection::State;
use async_nats::jetstream::context::GetStreamErrorKind;
use async_nats::jetstream::stream::State as StreamState;
use async_nats::jetstream::{Context, ContextBuilder};
use async_nats::{
    Client, ConnectError, ConnectErrorKind, ConnectOptions, Event, Request, RequestErrorKind,
    ServerAddr,
};
use std::fmt::Display;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::runtime::{Builder, Runtime};

/// How long a call may take, but for objects.
pub(super) const CALL_WAIT: Duration = Duration::from_secs(10);
/// How long putting or getting an object may take.
pub(super) const OBJECT_WAIT: Duration = Duration::from_secs(300);
/// How long one acknowledgement of the server may take.
const ACK_WAIT: Duration = Duration::from_secs(5);
/// How long a call waits for a connection that is down.
const RECONNECT_WAIT: Duration = Duration::from_secs(1);
/// How long making a connection may take.
const CONNECT_WAIT: Duration = Duration::from_secs(5);
/// Longest pause between two tries to connect again.
const RETRY_MAX: Duration = Duration::from_secs(2);
/// A connection that answers no ping in twice this time is given up for a new one.
const PING: Duration = Duration::from_secs(5);
/// How long the last messages may take to leave when a bus is dropped.
const FLUSH_WAIT: Duration = Duration::from_secs(1);
/// Threads of the runtime: they only move bytes.
const THREADS: usize = 2;
/// The server's code for a stream that is not there.
const NOT_FOUND: usize = 404;
/// At most one log line of lost messages in this time.
const TELL_AGAIN: Duration = Duration::from_secs(10);

pub(super) struct Link {
    pub client: Client,
    pub jetstream: Context,
    pub notes: Arc<Notes>,
    pub at: String,
    run: String,
    runtime: Runtime,
}

impl Link {
    pub fn open(url: &BusUrl, run: &str) -> Result<Link, BusError> {
        url.check_run(run)?;
        let connect = |what: String| BusError::Connect {
            url: url.to_string(),
            what,
        };
        let runtime = Builder::new_multi_thread()
            .worker_threads(THREADS)
            .thread_name("bus")
            .enable_all()
            .build()
            .map_err(|e| connect(format!("no thread can be started: {e}")))?;
        let notes = Arc::new(Notes::new(url.to_string()));
        let options = options(url, run, notes.clone())?;
        let servers = addresses(url)?;
        // The client's own limit is a server's, of which there may be several.
        let limit = CONNECT_WAIT * servers.len().min(4) as u32 + Duration::from_secs(1);
        let connected =
            runtime.block_on(async { tokio::time::timeout(limit, options.connect(servers)).await });
        let client = match connected {
            Ok(Ok(client)) => client,
            Ok(Err(e)) => return Err(connect(explained(&e))),
            Err(_) => return Err(connect("it does not answer".to_owned())),
        };
        let jetstream = {
            // It starts a task.
            let _inside = runtime.enter();
            ContextBuilder::new()
                .timeout(ACK_WAIT)
                .build(client.clone())
        };
        Ok(Link {
            client,
            jetstream,
            notes,
            at: url.to_string(),
            run: run.to_owned(),
            runtime,
        })
    }

    /// A subject on the server: `kind` keeps messages, questions and queues apart.
    pub fn subject(&self, kind: &str, subject: &str) -> String {
        format!("scc.{}.{kind}.{subject}", self.run)
    }

    /// The name of a stream or bucket. Doubling what joins keeps all pairs of names apart.
    pub fn name(&self, name: &str) -> String {
        let doubled = |word: &str| word.replace('_', "__");
        format!("scc_{}_{}", doubled(&self.run), doubled(name))
    }

    /// Refuses what the server would.
    pub fn fits(&self, subject: &str, payload: &[u8]) -> Result<(), BusError> {
        let bytes_max = self.client.max_payload();
        if payload.len() <= bytes_max {
            return Ok(());
        }
        Err(BusError::TooLarge {
            subject: subject.to_owned(),
            bytes: payload.len(),
            bytes_max,
        })
    }

    pub fn block_on<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }

    /// Does something with the server, in bounded time whatever becomes of it.
    pub fn call<T>(
        &self,
        doing: &str,
        limit: Duration,
        work: impl Future<Output = Result<T, BusError>>,
    ) -> Result<T, BusError> {
        self.block_on(async {
            self.connected(doing, RECONNECT_WAIT).await?;
            let done = tokio::time::timeout(limit, work).await;
            done.unwrap_or_else(|_| {
                let what = format!("no answer from {} within {} s", self.at, limit.as_secs());
                Err(failed(doing, what))
            })
        })
    }

    /// Waits until the connection is up, but no longer than `wait` or a second.
    pub async fn connected(&self, doing: &str, wait: Duration) -> Result<(), BusError> {
        let until = Instant::now() + wait.min(RECONNECT_WAIT);
        while !self.is_up() {
            if Instant::now() >= until {
                let what = format!("the connection to {} is down", self.at);
                return Err(failed(doing, what));
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Ok(())
    }

    pub fn is_up(&self) -> bool {
        self.client.connection_state() == State::Connected
    }

    /// How often a connection was made: one more, and what the server was to send to the old one is gone.
    pub fn connects(&self) -> u64 {
        self.client.statistics().connects.load(Ordering::Relaxed)
    }

    /// What a stream holds; none if there is no such stream.
    pub async fn stream_state(&self, name: &str) -> Result<Option<StreamState>, BusError> {
        match self.jetstream.get_stream(name).await {
            Ok(stream) => Ok(Some(stream.cached_info().state.clone())),
            Err(e) => match e.kind() {
                GetStreamErrorKind::JetStream(e) if e.code() == NOT_FOUND => Ok(None),
                _ => Err(failed("look at a stream", e)),
            },
        }
    }

    /// Returns when the server has done what was sent before.
    pub async fn round_trip(&self) -> Result<(), BusError> {
        let nobody = self.subject("none", "none");
        let request = Request::new().timeout(Some(CALL_WAIT));
        match self.client.send_request(nobody, request).await {
            Ok(_) => Ok(()),
            Err(e) if e.kind() == RequestErrorKind::NoResponders => Ok(()),
            Err(e) => Err(failed("reach the server", e)),
        }
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        // What was published last is on its way when a process ends; with no server there is nobody to wait for.
        if self.is_up() {
            let flush = async { tokio::time::timeout(FLUSH_WAIT, self.client.flush()).await };
            let _ = self.runtime.block_on(flush);
        }
    }
}

/// The moment when `wait` is over, or one that nobody lives to see.
pub(super) fn deadline(wait: Duration) -> Instant {
    let now = Instant::now();
    now.checked_add(wait)
        .unwrap_or_else(|| now + Duration::from_secs(u64::from(u32::MAX)))
}

pub(super) fn failed(doing: &str, what: impl Display) -> BusError {
    BusError::Failed {
        doing: doing.to_owned(),
        what: what.to_string(),
    }
}

fn addresses(url: &BusUrl) -> Result<Vec<ServerAddr>, BusError> {
    let scheme = if url.tls { "tls" } else { "nats" };
    let parse = |server: &String| {
        let address = format!("{scheme}://{server}").parse();
        address.map_err(|e: std::io::Error| url.wrong(e.to_string()))
    };
    url.servers.iter().map(parse).collect()
}

fn options(url: &BusUrl, run: &str, notes: Arc<Notes>) -> Result<ConnectOptions, BusError> {
    let there = |file: &Path| match std::fs::File::open(file) {
        Ok(_) => Ok(file.to_owned()),
        Err(e) => Err(url.wrong(format!("cannot read {}: {e}", file.display()))),
    };
    let mut options = ConnectOptions::new()
        .name(format!("scc {run}"))
        .connection_timeout(CONNECT_WAIT)
        .request_timeout(Some(CALL_WAIT))
        .ping_interval(PING)
        .subscription_capacity(super::WAITING_MAX)
        .max_reconnects(None)
        .reconnect_delay_callback(|tries| {
            let pause = Duration::from_millis(50) * (1 << tries.min(6));
            if tries <= 1 {
                Duration::ZERO
            } else {
                pause.min(RETRY_MAX)
            }
        })
        .event_callback(move |event| {
            notes.take(&event);
            std::future::ready(())
        });
    options = match &url.login {
        Login::Nobody => options,
        Login::Token(token) => options.token(token.clone()),
        Login::User { user, password } => options.user_and_password(user.clone(), password.clone()),
    };
    if let Some(file) = &url.credentials {
        let read = std::fs::read_to_string(there(file)?);
        let wrong = |e: std::io::Error| url.wrong(format!("{}: {e}", file.display()));
        options = options.credentials(&read.map_err(wrong)?).map_err(wrong)?;
    }
    if let Some(file) = &url.ca {
        options = options.add_root_certificates(there(file)?);
    }
    if let Some((certificate, key)) = &url.certificate {
        options = options.add_client_certificate(there(certificate)?, there(key)?);
    }
    Ok(options.require_tls(url.tls))
}

/// How errors read of a server that breaks off while we introduce ourselves.
const BROKEN_OFF: [&str; 4] = [
    "fatal alert",
    "close_notify",
    "onnection reset",
    "roken pipe",
];

/// Why a server was not reached, and what to look at.
fn explained(error: &ConnectError) -> String {
    let text = error.to_string();
    let breaks_off = || BROKEN_OFF.iter().any(|how| text.contains(how));
    match error.kind() {
        ConnectErrorKind::AuthorizationViolation | ConnectErrorKind::Authentication => {
            "it is there but does not let us in: user, password, token or credentials are not what it expects"
                .to_owned()
        }
        ConnectErrorKind::TimedOut => "it does not answer".to_owned(),
        _ if error.kind() == ConnectErrorKind::Tls || text.contains("peer certificate") => {
            format!("{text} (ca=FILE in the URL names the certificates to trust)")
        }
        _ if breaks_off() => format!(
            "it breaks off: {text} (if it wants to know who connects, cert=FILE and key=FILE in the URL show it our certificate)"
        ),
        _ => text,
    }
}

/// What the connection tells: in the log, and counted.
pub(super) struct Notes {
    at: String,
    lost: AtomicU64,
    told: Mutex<Option<Instant>>,
}

impl Notes {
    fn new(at: String) -> Notes {
        Notes {
            at,
            lost: AtomicU64::new(0),
            told: Mutex::new(None),
        }
    }

    pub fn lost(&self) -> u64 {
        self.lost.load(Ordering::Relaxed)
    }

    fn take(&self, event: &Event) {
        match event {
            Event::Connected => tracing::info!("connected to the bus at {}", self.at),
            Event::Disconnected => {
                tracing::warn!(
                    "the connection to the bus at {} is down; trying again",
                    self.at
                );
            }
            Event::SlowConsumer(_) => self.count_lost(),
            Event::ServerError(e) => tracing::warn!("the bus at {} says: {e}", self.at),
            Event::ClientError(e) => tracing::debug!("the bus at {}: {e}", self.at),
            Event::LameDuckMode | Event::Draining | Event::Closed => {
                tracing::info!("the bus at {}: {event}", self.at);
            }
        }
    }

    fn count_lost(&self) {
        let lost = self.lost.fetch_add(1, Ordering::Relaxed) + 1;
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.is_none_or(|at| at.elapsed() >= TELL_AGAIN) {
            *told = Some(Instant::now());
            tracing::warn!("messages come faster than they are read: {lost} or more lost so far");
        }
    }
}
