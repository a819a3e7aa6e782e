//! The bus in one process: no server, nothing copied to another machine, the same contract.

mod lead;
mod queue;

use super::subject::{check, check_object, check_word, matches};
use super::{Bus, BusError, Delivery, Inbox, Lead, Question, Questions, Queue, QueueBounds};
use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, TrySendError, bounded};
use lead::Leads;
use queue::LocalQueue;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Messages that wait for one listener, or for one who answers; beyond that the newest are lost.
pub const WAITING_MAX: usize = 1024;
/// No message, question or answer is larger: what a NATS server can be set to at most.
pub const MESSAGE_BYTES_MAX: usize = 64 << 20;
/// All objects together.
pub const OBJECTS_BYTES_MAX: usize = 8 << 30;
/// Between two looks whether one of those who answer has room.
const RETRY: Duration = Duration::from_millis(1);

/// A bus for the threads of this process. Clones are the same bus.
#[derive(Clone, Default)]
pub struct LocalBus(Arc<Shared>);

#[derive(Default)]
struct Shared {
    listeners: Mutex<Vec<Listener>>,
    groups: Mutex<Vec<Group>>,
    queues: Mutex<BTreeMap<String, Arc<LocalQueue>>>,
    objects: Mutex<BTreeMap<String, Arc<[u8]>>>,
    leads: Leads,
    /// Messages that a listener had no room for.
    lost: AtomicU64,
}

struct Listener {
    pattern: String,
    to: Sender<Delivery>,
}

/// Those who answer at one pattern under one name; a question goes to the next in turn.
struct Group {
    pattern: String,
    name: String,
    members: Vec<Sender<Question>>,
    turn: usize,
}

impl LocalBus {
    pub fn new() -> LocalBus {
        LocalBus::default()
    }

    /// Messages lost so far because a listener had not read its last ones.
    pub fn lost(&self) -> u64 {
        self.0.lost.load(Ordering::Relaxed)
    }

    /// Offers a question to each group that answers there; how many took it, and how many there are.
    fn offer(&self, subject: &str, payload: &[u8], answer: &Sender<Vec<u8>>) -> (usize, usize) {
        let mut groups = lock(&self.0.groups);
        let (mut taken, mut there) = (0, 0);
        for group in groups.iter_mut().filter(|g| matches(&g.pattern, subject)) {
            let question = || question(subject, payload, answer.clone());
            taken += usize::from(group.offer(question));
            there += usize::from(!group.members.is_empty());
        }
        groups.retain(|group| !group.members.is_empty());
        (taken, there)
    }
}

impl Group {
    /// Gives a question to the next member that has room; drops members that are gone.
    fn offer(&mut self, question: impl Fn() -> Question) -> bool {
        let mut asked = 0;
        while asked < self.members.len() {
            self.turn = (self.turn + 1) % self.members.len();
            match self.members[self.turn].try_send(question()) {
                Ok(()) => return true,
                Err(TrySendError::Full(_)) => asked += 1,
                Err(TrySendError::Disconnected(_)) => {
                    self.members.remove(self.turn);
                }
            }
        }
        false
    }
}

fn question(subject: &str, payload: &[u8], answer: Sender<Vec<u8>>) -> Question {
    let at = subject.to_owned();
    let reply = Box::new(move |bytes: &[u8]| {
        fits(&at, bytes)?;
        // Who asked may be gone, or has another group's answer.
        let _ = answer.try_send(bytes.to_vec());
        Ok(())
    });
    Question::new(subject.to_owned(), payload.to_vec(), reply)
}

impl Bus for LocalBus {
    fn publish(&self, subject: &str, payload: &[u8]) -> Result<(), BusError> {
        check(subject, false)?;
        fits(subject, payload)?;
        lock(&self.0.listeners).retain(|listener| {
            if !matches(&listener.pattern, subject) {
                return true;
            }
            let delivery = Delivery {
                subject: subject.to_owned(),
                payload: payload.to_vec(),
            };
            match listener.to.try_send(delivery) {
                Ok(()) => true,
                Err(TrySendError::Full(_)) => {
                    self.0.lost.fetch_add(1, Ordering::Relaxed);
                    true
                }
                Err(TrySendError::Disconnected(_)) => false,
            }
        });
        Ok(())
    }

    fn listen(&self, subject: &str) -> Result<Box<dyn Inbox>, BusError> {
        check(subject, true)?;
        let (to, from) = bounded(WAITING_MAX);
        let pattern = subject.to_owned();
        lock(&self.0.listeners).push(Listener { pattern, to });
        Ok(Box::new(Waiting {
            from,
            _bus: self.clone(),
        }))
    }

    fn serve(&self, subject: &str, group: &str) -> Result<Box<dyn Questions>, BusError> {
        check(subject, true)?;
        check_word(group)?;
        let (to, from) = bounded(WAITING_MAX);
        let mut groups = lock(&self.0.groups);
        let known = groups
            .iter_mut()
            .find(|g| g.pattern == subject && g.name == group);
        match known {
            Some(group) => group.members.push(to),
            None => groups.push(Group {
                pattern: subject.to_owned(),
                name: group.to_owned(),
                members: vec![to],
                turn: 0,
            }),
        }
        Ok(Box::new(Waiting {
            from,
            _bus: self.clone(),
        }))
    }

    fn ask(&self, subject: &str, payload: &[u8], wait: Duration) -> Result<Vec<u8>, BusError> {
        check(subject, false)?;
        fits(subject, payload)?;
        let started = Instant::now();
        // This end stays open, so that a question that is dropped unanswered is a late answer, as over a network.
        let (answer, answers) = bounded(1);
        loop {
            match self.offer(subject, payload, &answer) {
                (0, 0) => {
                    let subject = subject.to_owned();
                    return Err(BusError::NobodyThere { subject });
                }
                (0, _) if started.elapsed() < wait => std::thread::sleep(RETRY),
                _ => break,
            }
        }
        let left = wait.saturating_sub(started.elapsed());
        answers.recv_timeout(left).map_err(|_| BusError::TimedOut {
            subject: subject.to_owned(),
            wait,
        })
    }

    fn queue(&self, name: &str, bounds: &QueueBounds) -> Result<Arc<dyn Queue>, BusError> {
        check_word(name)?;
        let mut queues = lock(&self.0.queues);
        let made = || Arc::new(LocalQueue::new(name, *bounds));
        let queue = queues.entry(name.to_owned()).or_insert_with(made);
        Ok(queue.clone())
    }

    fn put(&self, name: &str, bytes: &[u8]) -> Result<(), BusError> {
        check_object(name)?;
        let mut objects = lock(&self.0.objects);
        let others = objects.iter().filter(|(other, _)| *other != name);
        let held: usize = others.map(|(_, object)| object.len()).sum();
        if held + bytes.len() > OBJECTS_BYTES_MAX {
            return Err(BusError::Failed {
                doing: format!("keep object {name}"),
                what: format!("{held} bytes are kept already, {OBJECTS_BYTES_MAX} may be"),
            });
        }
        objects.insert(name.to_owned(), bytes.into());
        Ok(())
    }

    fn get(&self, name: &str) -> Result<Option<Vec<u8>>, BusError> {
        check_object(name)?;
        let object = lock(&self.0.objects).get(name).cloned();
        Ok(object.map(|bytes| bytes.to_vec()))
    }

    fn forget(&self, name: &str) -> Result<(), BusError> {
        check_object(name)?;
        lock(&self.0.objects).remove(name);
        Ok(())
    }

    fn objects(&self) -> Result<Vec<String>, BusError> {
        Ok(lock(&self.0.objects).keys().cloned().collect())
    }

    fn lead(&self, name: &str, holder: &str) -> Result<Lead, BusError> {
        check_word(name)?;
        Ok(self.0.leads.take(name, holder))
    }

    fn resign(&self, name: &str, holder: &str) -> Result<(), BusError> {
        check_word(name)?;
        self.0.leads.resign(name, holder);
        Ok(())
    }
}

/// Messages that wait, while their bus is kept alive.
struct Waiting<T> {
    from: Receiver<T>,
    _bus: LocalBus,
}

impl<T> Waiting<T> {
    fn next(&mut self, wait: Duration) -> Result<Option<T>, BusError> {
        match self.from.recv_timeout(wait) {
            Ok(message) => Ok(Some(message)),
            Err(RecvTimeoutError::Timeout) => Ok(None),
            Err(RecvTimeoutError::Disconnected) => Err(BusError::Closed),
        }
    }
}

impl Inbox for Waiting<Delivery> {
    fn next(&mut self, wait: Duration) -> Result<Option<Delivery>, BusError> {
        Waiting::next(self, wait)
    }
}

impl Questions for Waiting<Question> {
    fn next(&mut self, wait: Duration) -> Result<Option<Question>, BusError> {
        Waiting::next(self, wait)
    }
}

fn fits(subject: &str, payload: &[u8]) -> Result<(), BusError> {
    if payload.len() <= MESSAGE_BYTES_MAX {
        return Ok(());
    }
    Err(BusError::TooLarge {
        subject: subject.to_owned(),
        bytes: payload.len(),
        bytes_max: MESSAGE_BYTES_MAX,
    })
}

/// The content of a lock, also after a thread panicked with it: nothing here is ever left half done.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
