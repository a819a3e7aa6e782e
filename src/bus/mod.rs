//! Messages between the processes of a run: one trait, in one process or over NATS.
//!
//! Invariant: everything that waits is bounded, and what happens when a bound is reached is part of each method's contract.
//! A bus carries bytes; [`message`] says what they mean, with a version and a checksum, and refuses the rest.
//!
//! ```text
//! publish ──> listen      to everybody who listens now; lost where nobody does       heartbeats, announcements
//! ask     ──> serve       to one of a group, and its answer back; or an error        inference, control, results
//! push    ──> pull        a bounded queue; when it is full the oldest goes           trajectories
//! put     ──> get         objects by name, whole or absent                           weights, checkpoints
//! lead    ──> resign      one holder at a time, for as long as it keeps asking       which master decides
//! ```
//!
//! Subjects are words joined by dots, as in NATS: a listener's `*` stands for one word, a final `>` for one or more.
//!
//! Leaves out: who sends what to whom (`run::cluster`).

pub mod local;
pub mod message;
pub mod nats;
mod subject;
#[cfg(test)]
mod tests;
mod typed;
mod url;

pub use local::LocalBus;
pub use message::{Message, MessageError, decode, encode};
pub use typed::{
    ask_typed, next_question, next_typed, publish_typed, pull_typed, push_typed, read, refused,
};
pub use url::{BusUrl, Login, connect};

use std::sync::Arc;
use std::time::Duration;

/// How long a lead lasts from the call that took or kept it.
pub const LEAD_LASTS: Duration = Duration::from_secs(10);

/// A connection to the others. Calls block; every method may be called from many threads at once.
pub trait Bus: Send + Sync {
    /// Sends to everybody who listens to `subject` now. Where nobody listens, or a listener has not read its last
    /// messages, this one is lost for it.
    ///
    /// # Errors
    /// If the bus is closed, or the payload is larger than it can carry.
    fn publish(&self, subject: &str, payload: &[u8]) -> Result<(), BusError>;

    /// Listens to a subject, `*` and `>` allowed. Messages that wait are bounded; beyond that the newest are lost.
    ///
    /// # Errors
    /// If the bus is closed.
    fn listen(&self, subject: &str) -> Result<Box<dyn Inbox>, BusError>;

    /// Takes part in answering what is asked at `subject`: of all who do so with the same `group`, one gets each question.
    ///
    /// # Errors
    /// If the bus is closed.
    fn serve(&self, subject: &str, group: &str) -> Result<Box<dyn Questions>, BusError>;

    /// Asks, and waits for the answer.
    ///
    /// # Errors
    /// [`BusError::NobodyThere`] at once where nobody serves the subject, [`BusError::TimedOut`] where no answer came.
    fn ask(&self, subject: &str, payload: &[u8], wait: Duration) -> Result<Vec<u8>, BusError>;

    /// The queue of that name, made with these bounds if it is not there yet.
    ///
    /// # Errors
    /// If it cannot be made.
    fn queue(&self, name: &str, bounds: &QueueBounds) -> Result<Arc<dyn Queue>, BusError>;

    /// Keeps an object under a name, in place of what was there. Readers see the old one or the new one.
    ///
    /// # Errors
    /// If it cannot be kept, as where there is no room for it beside all that is kept, the old one included: none of that goes.
    fn put(&self, name: &str, bytes: &[u8]) -> Result<(), BusError>;

    /// The object of that name; none if there is none.
    ///
    /// # Errors
    /// If it cannot be read, or does not have the checksum that it was kept with.
    fn get(&self, name: &str) -> Result<Option<Vec<u8>>, BusError>;

    /// Forgets an object; one that is not there is no error.
    ///
    /// # Errors
    /// If the bus cannot be asked.
    fn forget(&self, name: &str) -> Result<(), BusError>;

    /// Names of all objects, sorted.
    ///
    /// # Errors
    /// If the bus cannot be asked.
    fn objects(&self) -> Result<Vec<String>, BusError>;

    /// Takes the lead of `name` for `holder`, or keeps it where `holder` has it; of all who ask at once, one gets it. It
    /// lasts [`LEAD_LASTS`] from each call, by the bus's own clock: who counts by its own counts from before the call.
    ///
    /// # Errors
    /// If the bus cannot be asked, or `name` is no word. Whether the lead was taken is then unknown; asking again is safe.
    fn lead(&self, name: &str, holder: &str) -> Result<Lead, BusError>;

    /// Gives a lead up; one that is not ours is left alone.
    ///
    /// # Errors
    /// As [`Bus::lead`].
    fn resign(&self, name: &str, holder: &str) -> Result<(), BusError>;
}

/// Who has a lead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lead {
    Ours,
    /// Another holder has it, for [`LEAD_LASTS`] at most if it does not ask again.
    Of(String),
}

/// What a listener gets.
pub trait Inbox: Send {
    /// The next message; none if there is none within `wait`.
    ///
    /// # Errors
    /// If the bus is closed.
    fn next(&mut self, wait: Duration) -> Result<Option<Delivery>, BusError>;
}

/// A message, and the subject that it was sent to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    pub subject: String,
    pub payload: Vec<u8>,
}

/// What one of those who answer gets.
pub trait Questions: Send {
    /// The next question; none if there is none within `wait`.
    ///
    /// # Errors
    /// If the bus is closed.
    fn next(&mut self, wait: Duration) -> Result<Option<Question>, BusError>;
}

/// Sends an answer back to who asked.
pub type Reply = Box<dyn FnOnce(&[u8]) -> Result<(), BusError> + Send>;

/// A question, to be answered once, from any thread. Dropped unanswered, who asked waits until its time is over.
pub struct Question {
    pub subject: String,
    pub payload: Vec<u8>,
    reply: Reply,
}

impl Question {
    pub fn new(subject: String, payload: Vec<u8>, reply: Reply) -> Question {
        Question {
            subject,
            payload,
            reply,
        }
    }

    /// Answers; the one who asked may be gone by now, which is no error.
    ///
    /// # Errors
    /// If the bus is closed, or the answer is larger than it can carry.
    pub fn answer(self, payload: &[u8]) -> Result<(), BusError> {
        (self.reply)(payload)
    }
}

/// How much a queue holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueueBounds {
    pub messages_max: u64,
    pub bytes_max: u64,
    /// Older messages are dropped.
    pub age_max: Duration,
}

/// A bounded queue that many fill and many empty; each message goes to one of those who pull, at most once.
pub trait Queue: Send + Sync {
    /// Adds a message, of any size; it is in the queue when this returns. A full queue drops its oldest messages, and
    /// counts them.
    ///
    /// # Errors
    /// If it was not kept.
    fn push(&self, payload: &[u8]) -> Result<(), BusError>;

    /// The oldest message; none if there is none within `wait`.
    ///
    /// # Errors
    /// If the bus is closed.
    fn pull(&self, wait: Duration) -> Result<Option<Vec<u8>>, BusError>;

    /// # Errors
    /// If the bus cannot be asked.
    fn stats(&self) -> Result<QueueStats, BusError>;
}

/// What a queue holds and has done since it was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct QueueStats {
    /// Messages that wait now, and their bytes.
    pub waiting: u64,
    pub bytes: u64,
    /// Messages pushed so far.
    pub pushed: u64,
    /// Messages that nobody pulled in time: the queue was full, or they grew too old.
    pub dropped: u64,
}

/// What can go wrong on a bus.
#[derive(Debug, thiserror::Error)]
pub enum BusError {
    #[error("{url} is no bus: {what}; write nats://HOST:PORT or tls://HOST:PORT")]
    Url { url: String, what: String },
    #[error(
        "cannot reach the bus at {url}: {what}; is nats-server running there? `scc doctor --bus {url}` looks"
    )]
    Connect { url: String, what: String },
    #[error("the bus is closed")]
    Closed,
    #[error("nobody serves {subject}")]
    NobodyThere { subject: String },
    #[error("no answer at {subject} within {:.1} s", wait.as_secs_f64())]
    TimedOut { subject: String, wait: Duration },
    #[error("{bytes} bytes are more than a message at {subject} can have ({bytes_max})")]
    TooLarge {
        subject: String,
        bytes: usize,
        bytes_max: usize,
    },
    #[error("cannot {doing}: {what}")]
    Failed { doing: String, what: String },
    #[error(transparent)]
    Message(#[from] MessageError),
}

impl BusError {
    /// Another try later may go well: nobody was there, no answer came, the connection was down.
    pub fn is_passing(&self) -> bool {
        matches!(
            self,
            BusError::NobodyThere { .. } | BusError::TimedOut { .. } | BusError::Failed { .. }
        )
    }
}
