//! Messages instead of bytes; what is refused is told at most once a minute, counted, and otherwise passed over.

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
    decode(&answer).map_err(|why| {
        tell(subject, &why);
        why.into()
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
        if let Some(message) = read(&subject, &payload) {
            return Ok(Some((subject, message, more)));
        }
        // A stream of what is refused must not keep a caller beyond its time.
        if left.is_zero() {
            return Ok(None);
        }
    }
}

/// The message in a payload that came at `subject`; none, and at most one log line a minute for each reason, if it is
/// refused. For those who must do something about it all the same: answer a question, or look at the next in a loop of theirs.
pub fn read<M: Message>(subject: &str, payload: &[u8]) -> Option<M> {
    decode(payload).map_err(|why| tell(subject, &why)).ok()
}

/// Refused messages by reason.
static REFUSED: Mutex<Refusals> = Mutex::new(Refusals(BTreeMap::new()));

/// Messages refused so far by this process, whatever the reason.
pub fn refused() -> u64 {
    let refused = REFUSED.lock().unwrap_or_else(PoisonError::into_inner);
    refused.0.values().map(|(count, _)| count).sum()
}

fn tell(subject: &str, why: &MessageError) {
    let mut refused = REFUSED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(count) = refused.count(why.to_string(), Instant::now()) {
        tracing::warn!("refused a message at {subject}: {why} ({count} so far)");
    }
}

/// How many by reason, and when that was last told.
struct Refusals(BTreeMap<String, (u64, Option<Instant>)>);

impl Refusals {
    /// Counts one more; how many there are, where it is time to tell.
    fn count(&mut self, mut reason: String, now: Instant) -> Option<u64> {
        if self.0.len() >= REASONS_MAX && !self.0.contains_key(&reason) {
            reason = "other reasons".to_owned();
        }
        let (count, told) = self.0.entry(reason).or_default();
        *count += 1;
        if told.is_some_and(|at| now.duration_since(at) < TELL_AGAIN) {
            return None;
        }
        *told = Some(now);
        Some(*count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    #[derive(serde::Serialize, serde::Deserialize)]
    struct Word(String);

    impl Message for Word {
        const KIND: u16 = 902;
        const NAME: &'static str = "word";
    }

    /// Lines of a log.
    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl std::io::Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_message_of_another_version_is_logged_once_a_minute_with_what_to_do() {
        let lines = Lines::default();
        let to = lines.clone();
        let log = tracing_subscriber::fmt()
            .with_ansi(false)
            .with_writer(move || to.clone())
            .finish();
        let mut other = encode(&Word("hello".to_owned()));
        // A version that no other test uses: counts are of the whole process.
        other[4..6].copy_from_slice(&4_321_u16.to_le_bytes());
        let before = refused();
        tracing::subscriber::with_default(log, || {
            assert!(read::<Word>("infer.main", &other).is_none());
            assert!(read::<Word>("infer.rush", &other).is_none());
            let ours = read::<Word>("infer.main", &encode(&Word("ours".to_owned())));
            assert_eq!(ours.expect("understood").0, "ours");
        });
        let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
        assert_eq!(text.lines().count(), 1, "{text}");
        for part in [
            "WARN",
            "refused a message at infer.main",
            "schema 4321",
            "run the same scc everywhere",
            "(1 so far)",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert!(refused() >= before + 2, "both are counted");
    }

    #[test]
    fn refusals_are_told_again_after_a_minute_with_how_many_there_were() {
        let mut refusals = Refusals(BTreeMap::new());
        let start = Instant::now();
        let mut at = |reason: &str, seconds| {
            refusals.count(reason.to_owned(), start + Duration::from_secs(seconds))
        };
        assert_eq!(at("version", 0), Some(1));
        assert_eq!(at("version", 1), None);
        assert_eq!(at("damaged", 2), Some(1), "reasons are told apart");
        assert_eq!(at("version", 59), None);
        assert_eq!(at("version", 60), Some(4));
        assert_eq!(at("version", 61), None);
        for number in 0..2 * REASONS_MAX {
            at(&format!("noise {number}"), 62);
        }
        assert!(refusals.0.len() <= REASONS_MAX + 1, "noise fills no memory");
    }
}
