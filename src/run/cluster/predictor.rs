//! `scc predictor`: answers for the players that the master assigns to it (SCC App. B: Predictor).
//!
//! ```text
//! infer.PLAYER ──> a thread a player ──> bounded channel ──> handlers ──> Service (batches by time) ──> answers
//! weights.PLAYER ──> weights/PLAYER ──> Service::publish
//! ```
//! It holds nothing that is lost when it goes: LSTM states come with the questions. Weights of frozen players are kept as long
//! as there is room (`Networks`). When all handlers are busy the channel fills, then the bus' own buffer, then questions are
//! lost and asked again.

use super::kit::Kit;
use super::member::{Member, RoleOptions, RoleSummary, thread_error};
use super::messages::{
    ClusterRole, FromMaster, ServeMessage, ToMaster, WeightsMessage, infer, weights,
};
use crate::bus::{Delivery, Inbox, Question, encode, read};
use crate::policy::{Checkpoint, Policy};
use crate::predictor::remote::{AnswerMessage, AskMessage};
use crate::predictor::{Line, PredictorError, ServiceConfig};
use crate::run::rl::Networks;
use crate::run::{RunError, device};
use crate::trajectory::Wire;
use crossbeam_channel::{Receiver, Sender, bounded};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Those who answer for a player are one queue group.
const GROUP: &str = "predictors";
/// Time between two looks at the plan.
const PLAN_EVERY: Duration = Duration::from_secs(1);
/// How long a wait for questions or announcements lasts before it is looked whether to stop.
const WAIT: Duration = Duration::from_millis(100);

/// Answers until training is over or the process is asked to stop.
///
/// # Errors
/// If the master refuses, the device is missing, or the bus cannot be used.
pub fn run_predictor(options: &RoleOptions) -> Result<RoleSummary, RunError> {
    let member = Arc::new(Member::start(options, ClusterRole::Predictor)?);
    let Some(kit) = member.welcome(options)? else {
        return Ok(member.summary());
    };
    let p = &kit.config.predictor;
    let device = device::find(options.device.as_deref().unwrap_or(&p.device))?;
    let service = ServiceConfig {
        batch_max: p.batch_max,
        wait_us: p.wait_us,
        workers: p.workers,
    };
    let networks = Arc::new(Networks::new(device, &service));
    let mut desk = Desk::open(member.clone(), kit, networks, p_threads(&service))?;
    desk.run()?;
    Ok(member.summary())
}

/// Answers for one player, without a master.
#[cfg(test)]
pub(super) fn answering(
    member: Arc<Member>,
    kit: Kit,
    player: ServeMessage,
) -> Result<impl Sized, RunError> {
    let service = ServiceConfig::default();
    let networks = Arc::new(Networks::new(tch::Device::Cpu, &service));
    let mut desk = Desk::open(member, kit, networks, 4)?;
    desk.serve([player].into())?;
    assert_eq!(desk.served.len(), 1, "its weights are there");
    Ok(desk)
}

/// As many questions at once as two batches hold: one is computed, one is gathered.
fn p_threads(service: &ServiceConfig) -> usize {
    (service.batch_max * 2).clamp(2, 128)
}

/// A question and whom it is for.
struct Asked {
    player: ServeMessage,
    question: Question,
}

/// Everything that answers.
struct Desk {
    // In this order: who takes questions goes first, then who answers them, then the networks.
    served: BTreeMap<ServeMessage, Server>,
    asked: Option<Sender<Asked>>,
    handlers: Vec<JoinHandle<()>>,
    networks: Arc<Networks>,
    kit: Arc<Kit>,
    member: Arc<Member>,
    versions: BTreeMap<String, u64>,
    counted: BTreeMap<String, u64>,
    busy_us: u64,
    since: Instant,
}

impl Desk {
    fn open(
        member: Arc<Member>,
        kit: Kit,
        networks: Arc<Networks>,
        threads: usize,
    ) -> Result<Desk, RunError> {
        let kit = Arc::new(kit);
        let (asked, questions) = bounded(threads);
        let mut desk = Desk {
            served: BTreeMap::new(),
            asked: Some(asked),
            handlers: Vec::new(),
            networks,
            kit,
            member,
            versions: BTreeMap::new(),
            counted: BTreeMap::new(),
            busy_us: 0,
            since: Instant::now(),
        };
        for i in 0..threads {
            let handler = Handler {
                questions: questions.clone(),
                networks: desk.networks.clone(),
                kit: desk.kit.clone(),
                wire: Wire::new(&desk.kit.specs),
            };
            let thread = std::thread::Builder::new().name(format!("answers-{i}"));
            desk.handlers
                .push(thread.spawn(move || handler.run()).map_err(thread_error)?);
        }
        Ok(desk)
    }

    fn run(&mut self) -> Result<(), RunError> {
        let mut announced = self.member.bus.listen("weights.*")?;
        while !self.member.is_over() {
            if self.since.elapsed() >= PLAN_EVERY || self.counted.is_empty() {
                self.plan()?;
            }
            // Of several announcements the object has the newest anyway.
            let mut names = BTreeSet::new();
            let mut wait = WAIT;
            while let Some(delivery) = next(&mut *announced, wait)? {
                if let Some(message) = read::<WeightsMessage>(&delivery.subject, &delivery.payload)
                {
                    names.insert(message.player);
                }
                wait = Duration::ZERO;
            }
            for name in names {
                if self.versions.contains_key(&name) {
                    self.load(&name)?;
                }
            }
        }
        Ok(())
    }

    /// Tells the master what was asked, and answers for whom it says. While the master is away everything stays.
    fn plan(&mut self) -> Result<(), RunError> {
        let seconds = self.since.elapsed().as_secs_f64().max(1e-3);
        self.since = Instant::now();
        let all = self.networks.stats();
        let busy = (all.busy_us.saturating_sub(self.busy_us)) as f64 / 1e6 / seconds;
        self.busy_us = all.busy_us;
        let rates = self.rates(seconds);
        self.member.tell([
            ("questions", all.questions as f64),
            ("questions_per_second", rates.values().sum()),
            ("batch", all.questions as f64 / all.batches.max(1) as f64),
            ("busy", busy),
            ("blocked_seconds", all.blocked_us as f64 / 1e6),
            ("players", self.served.len() as f64),
        ]);
        let request = ToMaster::Plan {
            predictor: self.member.id.clone(),
            rates,
            busy,
        };
        match self.member.try_ask(&request) {
            Ok(FromMaster::Plan(players)) => self.serve(players.into_iter().collect()),
            Ok(_) => Ok(()),
            Err(error) if error.is_passing() => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Questions a second by player since the last call.
    fn rates(&mut self, seconds: f64) -> BTreeMap<String, f64> {
        let mut rates = BTreeMap::new();
        for (name, stats) in self.networks.asked() {
            let before = self
                .counted
                .insert(name.clone(), stats.questions)
                .unwrap_or(0);
            let player = self.served.keys().find(|p| {
                let path = self.kit.frozen(p).ok().flatten();
                path.map_or(p.name == name, |path| path.display().to_string() == name)
            });
            if let Some(player) = player {
                let asked = stats.questions.saturating_sub(before);
                rates.insert(player.name.clone(), asked as f64 / seconds);
            }
        }
        // So that it is seen that a plan was asked for.
        self.counted.entry(String::new()).or_default();
        rates
    }

    fn serve(&mut self, players: BTreeSet<ServeMessage>) -> Result<(), RunError> {
        let gone: Vec<ServeMessage> = self
            .served
            .keys()
            .filter(|p| !players.contains(p))
            .cloned()
            .collect();
        for player in gone {
            self.served.remove(&player);
            if player.path.is_none() {
                self.versions.remove(&player.name);
                self.networks.remove(&player.name);
            }
        }
        for player in players {
            if self.served.contains_key(&player) {
                continue;
            }
            match self.is_ready(&player) {
                Ok(true) => {}
                Ok(false) => continue,
                // With the next plan.
                Err(error) if error.is_passing() => continue,
                Err(error) => return Err(error),
            }
            let Some(asked) = &self.asked else { continue };
            let server = Server::start(&self.member, player.clone(), asked.clone())?;
            self.served.insert(player, server);
        }
        let names: Vec<&str> = self.served.keys().map(|p| p.name.as_str()).collect();
        self.member.at("serves", &names.join(" "));
        Ok(())
    }

    /// Whether the player's weights are here, once this has tried to get them.
    fn is_ready(&mut self, player: &ServeMessage) -> Result<bool, RunError> {
        match &player.path {
            Some(path) => Ok(self.kit.checkpoint(&self.member, path)?.is_some()),
            None => {
                self.load(&player.name)?;
                Ok(self.versions.contains_key(&player.name))
            }
        }
    }

    /// The newest weights of a player that trains; nothing changes if there are none.
    fn load(&mut self, name: &str) -> Result<(), RunError> {
        let object = weights(name);
        let bytes = match self.member.bus.get(&object) {
            Ok(Some(bytes)) => bytes,
            Ok(None) => return Ok(()),
            Err(error) if error.is_passing() => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        let Some(message) = read::<WeightsMessage>(&object, &bytes) else {
            return Ok(());
        };
        if self
            .versions
            .get(name)
            .is_some_and(|v| *v >= message.version)
        {
            return Ok(());
        }
        let policy = self.policy(name, message.checkpoint)?;
        if !self.versions.contains_key(name) {
            self.networks.add(name, &policy, &self.kit.specs)?;
        }
        self.networks.publish(name, message.version, &policy);
        self.versions.insert(name.to_owned(), message.version);
        Ok(())
    }

    fn policy(&self, name: &str, bytes: Vec<u8>) -> Result<Policy, RunError> {
        let file = Checkpoint::from_bytes(Path::new(name), bytes)?;
        Ok(file.policy(tch::Device::Cpu)?)
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.served.clear();
        self.asked = None;
        for handler in self.handlers.drain(..) {
            let _ = handler.join();
        }
    }
}

/// An announcement; none where there is none or the bus is away.
fn next(inbox: &mut dyn Inbox, wait: Duration) -> Result<Option<Delivery>, RunError> {
    match inbox.next(wait) {
        Err(error) if error.is_passing() => {
            std::thread::sleep(wait);
            Ok(None)
        }
        other => Ok(other?),
    }
}

/// Takes a player's questions off the bus.
struct Server {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    fn start(
        member: &Member,
        player: ServeMessage,
        asked: Sender<Asked>,
    ) -> Result<Server, RunError> {
        let mut questions = member.bus.serve(&infer(&player.name), GROUP)?;
        let stop = Arc::new(AtomicBool::new(false));
        let told = stop.clone();
        let work = move || {
            while !told.load(Ordering::Relaxed) {
                match questions.next(WAIT) {
                    Ok(Some(question)) => {
                        let player = player.clone();
                        if asked.send(Asked { player, question }).is_err() {
                            return;
                        }
                    }
                    Ok(None) => {}
                    Err(error) if error.is_passing() => std::thread::sleep(WAIT),
                    Err(error) => {
                        tracing::warn!("no more questions for {}: {error}", player.name);
                        return;
                    }
                }
            }
        };
        let thread = std::thread::Builder::new().name("questions".to_owned());
        Ok(Server {
            thread: Some(thread.spawn(work).map_err(thread_error)?),
            stop,
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Puts questions to the networks; one of many threads.
struct Handler {
    questions: Receiver<Asked>,
    networks: Arc<Networks>,
    kit: Arc<Kit>,
    wire: Wire,
}

impl Handler {
    fn run(self) {
        while let Ok(asked) = self.questions.recv() {
            let question = &asked.question;
            let Some(message) = read(&question.subject, &question.payload) else {
                continue;
            };
            let answer = match self.answer(&asked.player, message) {
                Ok(answer) => answer,
                Err(error) => {
                    // It is asked again, perhaps of another.
                    tracing::warn!("no answer for {}: {error}", asked.player.name);
                    continue;
                }
            };
            if let Err(error) = asked.question.answer(&encode(&answer)) {
                tracing::debug!(%error, "an answer is lost");
            }
        }
    }

    fn answer(
        &self,
        player: &ServeMessage,
        message: AskMessage,
    ) -> Result<AnswerMessage, RunError> {
        let (line, _) = match self.kit.frozen(player)? {
            Some(path) => self.networks.frozen(&path)?,
            None => self.networks.live(&player.name)?,
        };
        match line {
            Line::Service(mut client) => Ok(AnswerMessage::of(message, &mut client, &self.wire)?),
            _ => Err(PredictorError::ServiceGone.into()),
        }
    }
}
