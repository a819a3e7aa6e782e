//! What every process of a cluster does: find the master, say that it lives, end when it is told to.

use super::kit::Kit;
use super::messages::{ClusterRole, FromMaster, Heartbeat, MASTER, OVER, OverMessage, ToMaster};
use crate::bus::{Bus, BusError, Inbox, ask_typed, publish_typed, read};
use crate::run::RunError;
use crate::run::host::{host_name, now_ms};
use crate::run::progress::Progress;
use crate::sc2::client::Places;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Time between two signs of life.
const BEAT: Duration = Duration::from_secs(1);
/// An answer of the master that has not come by then is asked for again.
const ANSWER_WAIT: Duration = Duration::from_secs(10);
/// Pause before something is asked again: at first, and at most.
const PAUSE_MIN: Duration = Duration::from_millis(100);
const PAUSE_MAX: Duration = Duration::from_secs(1);
/// How long a process that is to end goes on trying to hand over what must not be lost.
const GRACE: Duration = Duration::from_secs(5);
/// Time between two lines that say that the master is not there.
const COMPLAIN_EVERY: Duration = Duration::from_secs(20);

/// How a process takes part, beside what the master tells it.
pub struct RoleOptions<'a> {
    pub bus: Arc<dyn Bus>,
    /// Its name; unique in the cluster.
    pub id: String,
    /// Set from outside (Ctrl-C, SIGTERM) to stop cleanly.
    pub stop: &'static AtomicBool,
    /// Where StarCraft II may be.
    pub places: Places,
    /// Games at once, where the config is not to decide; seats of a learner.
    pub at_once: Option<usize>,
    /// Where networks compute, where the config is not to decide.
    pub device: Option<String>,
    /// The name or address by which other learners reach this machine.
    pub host: String,
    /// Threads that share an update.
    pub threads: usize,
    /// A folder of its own for what it fetches.
    pub cache: PathBuf,
    pub progress: &'a dyn Progress,
}

/// What a process did; printed when it ends.
#[derive(Clone, Debug, serde::Serialize)]
pub struct RoleSummary {
    pub role: ClusterRole,
    pub id: String,
    /// Ended because training is over; else because it was asked to stop.
    pub finished: bool,
    /// Its last numbers: games, steps, questions, ...
    pub rates: BTreeMap<String, f64>,
}

/// A process' membership. Dropped, its signs of life end.
pub struct Member {
    pub bus: Arc<dyn Bus>,
    pub id: String,
    role: ClusterRole,
    /// Set when the process is to end, for whatever reason.
    stop: Arc<AtomicBool>,
    told: Arc<Told>,
    thread: Option<JoinHandle<()>>,
}

/// What signs of life say.
#[derive(Default)]
struct Told {
    rates: Mutex<BTreeMap<String, f64>>,
    texts: Mutex<BTreeMap<String, String>>,
    /// Training is over.
    finished: AtomicBool,
    /// The member is gone.
    gone: AtomicBool,
}

impl Member {
    /// Begins to give signs of life.
    ///
    /// # Errors
    /// If the bus cannot be used, or no thread be started.
    pub fn start(options: &RoleOptions, role: ClusterRole) -> Result<Member, RunError> {
        Member::of(options.bus.clone(), &options.id, role, Some(options.stop))
    }

    /// As [`Member::start`]; `outside` ends the process.
    ///
    /// # Errors
    /// As there.
    pub fn of(
        bus: Arc<dyn Bus>,
        id: &str,
        role: ClusterRole,
        outside: Option<&'static AtomicBool>,
    ) -> Result<Member, RunError> {
        let stop = Arc::new(AtomicBool::new(false));
        let told = Arc::new(Told::default());
        let pulse = Pulse {
            over: bus.listen(OVER)?,
            bus: bus.clone(),
            role,
            id: id.to_owned(),
            outside,
            stop: stop.clone(),
            told: told.clone(),
        };
        let thread = std::thread::Builder::new().name("heartbeat".to_owned());
        let thread = thread.spawn(move || pulse.run()).map_err(thread_error)?;
        Ok(Member {
            bus,
            id: id.to_owned(),
            role,
            stop,
            told,
            thread: Some(thread),
        })
    }

    /// Whether the process is to end.
    pub fn is_over(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// The flag behind [`Member::is_over`].
    pub fn stop_flag(&self) -> Arc<AtomicBool> {
        self.stop.clone()
    }

    /// What the next signs of life say.
    pub fn tell(&self, rates: impl IntoIterator<Item = (&'static str, f64)>) {
        let mut all = self
            .told
            .rates
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        all.extend(rates.into_iter().map(|(k, v)| (k.to_owned(), v)));
    }

    /// What the process is at, for the next signs of life.
    pub fn at(&self, key: &str, text: &str) {
        let mut all = self
            .told
            .texts
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        all.insert(key.to_owned(), text.to_owned());
    }

    pub fn summary(&self) -> RoleSummary {
        let rates = self
            .told
            .rates
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        RoleSummary {
            role: self.role,
            id: self.id.clone(),
            finished: self.told.finished.load(Ordering::Relaxed),
            rates: rates.clone(),
        }
    }

    /// Waits for the master and takes from it what one needs to take part; none if the process is to end before that.
    ///
    /// # Errors
    /// If the master refuses, or what it sent does not fit this program.
    pub fn welcome(&self, options: &RoleOptions) -> Result<Option<Kit>, RunError> {
        options.progress.begin("waits for the master", 0);
        let answer = self.ask(&ToMaster::Hello)?;
        options.progress.end(match &answer {
            Some(FromMaster::Welcome(_)) => "takes part",
            Some(_) => "training is over",
            None => "stopped",
        });
        match answer {
            Some(FromMaster::Welcome(welcome)) => {
                Kit::open(*welcome, options, &self.stop).map(Some)
            }
            Some(FromMaster::Refused(what)) => Err(refused(what)),
            _ => Ok(None),
        }
    }

    /// Asks the master until it answers; none if the process is to end. That training is over ends the process.
    ///
    /// # Errors
    /// If the question cannot be sent at all.
    pub fn ask(&self, request: &ToMaster) -> Result<Option<FromMaster>, RunError> {
        self.ask_for(request, Duration::ZERO)
    }

    /// As [`Member::ask`], for what must not be lost: a process that is to end tries on for a while, and a master that
    /// cannot keep it at present is asked again.
    ///
    /// # Errors
    /// As [`Member::ask`].
    pub fn hand_over(&self, request: &ToMaster) -> Result<Option<FromMaster>, RunError> {
        loop {
            match self.ask_for(request, GRACE)? {
                Some(FromMaster::Wait) if !self.is_over() => std::thread::sleep(PAUSE_MAX),
                answer => return Ok(answer),
            }
        }
    }

    fn ask_for(&self, request: &ToMaster, grace: Duration) -> Result<Option<FromMaster>, RunError> {
        let mut pause = PAUSE_MIN;
        let mut over_since: Option<Instant> = None;
        let mut complained = Instant::now();
        loop {
            if self.is_over() && over_since.get_or_insert_with(Instant::now).elapsed() >= grace {
                return Ok(None);
            }
            let error = match self.once(request) {
                Ok(answer) => {
                    if matches!(answer, FromMaster::Finished) {
                        self.told.finished.store(true, Ordering::Relaxed);
                        self.stop.store(true, Ordering::Relaxed);
                    }
                    return Ok(Some(answer));
                }
                Err(error) if error.is_passing() => error,
                Err(error) => return Err(error.into()),
            };
            if complained.elapsed() >= COMPLAIN_EVERY {
                complained = Instant::now();
                tracing::warn!("the master does not answer ({error}); asked again until it does");
            }
            std::thread::sleep(pause);
            pause = (pause * 2).min(PAUSE_MAX);
        }
    }

    /// Asks the master once; an error may pass.
    ///
    /// # Errors
    /// If there is no answer.
    pub fn try_ask(&self, request: &ToMaster) -> Result<FromMaster, BusError> {
        let answer = self.once(request)?;
        if matches!(answer, FromMaster::Finished) {
            self.told.finished.store(true, Ordering::Relaxed);
            self.stop.store(true, Ordering::Relaxed);
        }
        Ok(answer)
    }

    fn once(&self, request: &ToMaster) -> Result<FromMaster, BusError> {
        ask_typed(&*self.bus, MASTER, request, ANSWER_WAIT)
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        self.told.gone.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// The thread that gives signs of life.
struct Pulse {
    over: Box<dyn Inbox>,
    bus: Arc<dyn Bus>,
    role: ClusterRole,
    id: String,
    outside: Option<&'static AtomicBool>,
    stop: Arc<AtomicBool>,
    told: Arc<Told>,
}

impl Pulse {
    fn run(mut self) {
        const TICK: Duration = Duration::from_millis(50);
        let since_ms = now_ms();
        let host = host_name();
        let subject = format!("heartbeat.{}.{}", self.role.name(), self.id);
        let mut last: Option<Instant> = None;
        while !self.told.gone.load(Ordering::Relaxed) {
            if self.outside.is_some_and(|o| o.load(Ordering::Relaxed)) {
                self.stop.store(true, Ordering::Relaxed);
            }
            self.hear_the_end();
            if last.is_none_or(|last| last.elapsed() >= BEAT) {
                last = Some(Instant::now());
                let beat = self.beat(&host, since_ms);
                // A bus that is away for a while misses a beat.
                if let Err(error) = publish_typed(&*self.bus, &subject, &beat) {
                    tracing::debug!(%error, "no sign of life");
                }
            }
            std::thread::sleep(TICK);
        }
    }

    /// Evaluators go on until there is nothing left to play; the master says so when they ask.
    fn hear_the_end(&mut self) {
        let stays = matches!(self.role, ClusterRole::Evaluator | ClusterRole::Master);
        while let Ok(Some(delivery)) = self.over.next(Duration::ZERO) {
            if read::<OverMessage>(OVER, &delivery.payload).is_some() && !stays {
                self.told.finished.store(true, Ordering::Relaxed);
                self.stop.store(true, Ordering::Relaxed);
            }
        }
    }

    fn beat(&self, host: &str, since_ms: u64) -> Heartbeat {
        let rates = self
            .told
            .rates
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let texts = self
            .told
            .texts
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        Heartbeat {
            role: self.role,
            id: self.id.clone(),
            host: host.to_owned(),
            pid: std::process::id(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            since_ms,
            sent_ms: now_ms(),
            rates: rates.clone(),
            texts: texts.clone(),
        }
    }
}

pub(super) fn refused(what: String) -> RunError {
    RunError::Cluster(format!("the master refuses: {what}"))
}

pub(super) fn thread_error(source: std::io::Error) -> RunError {
    RunError::Cluster(format!("cannot start a thread: {source}"))
}
