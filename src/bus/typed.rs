//! Messages instead of bytes; what is refused is told once, counted, and otherwise passed over.

use super::{
    Bus, BusError, Inbox, Message, MessageError, Question, Questions, Queue, decode, encode,
};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// At most one log line in this time for each reason.
const TELL_AGAIN: Duration = Duration::from_secs(60);
/// Reasons that are told apart; a sender of noise must not fill the memory.
const REASONS_MAX: usize = 64;

/// Sends a message to everybody who listens.
///
/// # Errors
/// As [`Bus::publish`].
pub fn publish_typed<M: Message>(
    bus: &dyn Bus,
    subject: &str,
    message: &M,
) -> Result<(), BusError> {
    bus.publish(subject, &encode(message))
}

/// Asks, and understands the answer.
///
/// # Errors
/// As [`Bus::ask`]; [`BusError::Message`] for an answer that is refused.
pub fn ask_typed<Q: Message, A: Message>(
    bus: &dyn Bus,
    subject: &str,
    question: &Q,
    wait: Duration,
) -> Result<A, BusError> {
    let answer = bus.ask(subject, &encode(question), wait)?;
    decode(&answer).map_err(|refused| {
        tell(subject, &refused);
        refused.into()
    })
}

/// The next message and its subject, past those that are refused; none if there is none within `wait`.
///
/// # Errors
/// As [`Inbox::next`].
pub fn next_typed<M: Message>(
    inbox: &mut dyn Inbox,
    wait: Duration,
) -> Result<Option<(String, M)>, BusError> {
    first_understood(wait, |left| {
        let next = inbox.next(left)?;
        Ok(next.map(|delivery| (delivery.subject, delivery.payload, ())))
    })
    .map(|found| found.map(|(subject, message, ())| (subject, message)))
}

/// The next question, understood; its payload is taken out of it. Who asked one that is refused waits in vain.
///
/// # Errors
/// As [`Questions::next`].
pub fn next_question<M: Message>(
    questions: &mut dyn Questions,
    wait: Duration,
) -> Result<Option<(M, Question)>, BusError> {
    first_understood(wait, |left| {
        let next = questions.next(left)?;
        Ok(next.map(|mut question| {
            let payload = std::mem::take(&mut question.payload);
            (question.subject.clone(), payload, question)
        }))
    })
    .map(|found| found.map(|(_, message, question)| (message, question)))
}

/// Adds a message to a queue.
///
/// # Errors
/// As [`Queue::push`].
pub fn push_typed<M: Message>(queue: &dyn Queue, message: &M) -> Result<(), BusError> {
    queue.push(&encode(message))
}

/// The oldest message, past those that are refused; none if there is none within `wait`.
///
/// # Errors
/// As [`Queue::pull`].
pub fn pull_typed<M: Message>(queue: &dyn Queue, wait: Duration) -> Result<Option<M>, BusError> {
    first_understood(wait, |left| {
        let next = queue.pull(left)?;
        Ok(next.map(|payload| ("a queue".to_owned(), payload, ())))
    })
    .map(|found| found.map(|(_, message, ())| message))
}

/// Where a message came from, the message, and what came with it.
type Understood<M, T> = (String, M, T);

fn first_understood<M: Message, T>(
    wait: Duration,
    mut next: impl FnMut(Duration) -> Result<Option<(String, Vec<u8>, T)>, BusError>,
) -> Result<Option<Understood<M, T>>, BusError> {
    let started = Instant::now();
    loop {
        let left = wait.saturating_sub(started.elapsed());
        let Some((subject, payload, more)) = next(left)? else {
            return Ok(None);
        };
        match decode(&payload) {
            Ok(message) => return Ok(Some((subject, message, more))),
            Err(refused) => tell(&subject, &refused),
        }
        // A stream of what is refused must not keep a caller beyond its time.
        if left.is_zero() {
            return Ok(None);
        }
    }
}

/// Refused messages by reason: how many, and when that was last told.
static REFUSED: Mutex<BTreeMap<String, (u64, Option<Instant>)>> = Mutex::new(BTreeMap::new());

/// Messages refused so far by this process, whatever the reason.
pub fn refused() -> u64 {
    let refused = REFUSED.lock().unwrap_or_else(PoisonError::into_inner);
    refused.values().map(|(count, _)| count).sum()
}

fn tell(subject: &str, why: &MessageError) {
    let mut refused = REFUSED.lock().unwrap_or_else(PoisonError::into_inner);
    let mut reason = why.to_string();
    if refused.len() >= REASONS_MAX && !refused.contains_key(&reason) {
        reason = "other reasons".to_owned();
    }
    let (count, told) = refused.entry(reason).or_default();
    *count += 1;
    if told.is_none_or(|at| at.elapsed() >= TELL_AGAIN) {
        *told = Some(Instant::now());
        tracing::warn!("refused a message at {subject}: {why} ({count} so far)");
    }
}
