//! `scc master`: the league of a cluster (SCC App. B: Master, Scheduler). It draws matches, keeps results and checkpoints,
//! seats learners, and says which predictor answers for whom; it plays and learns nothing itself.
//!
//! One thread answers one request after the other, so the league changes in one order. What it has answered with `Taken` or
//! a directive is in the database and in the run folder; everything else of its state (who is there, who sits where, which
//! games are out) is what the others tell it anew when it is started again. While the database does not answer, requests
//! that need it are answered with `Wait`: whoever asked holds what it has and asks again. It answers and touches objects only
//! while its run has the bus (`leading`): another run's master is refused there, as a second one of this run is by the database.
//!
//! A run folder is laid out as a league's of one process (`run::league`), and either can resume the other's.

mod desk;
mod evaluations;
mod groups;
mod identity;
mod keep;
mod leading;
mod objects;
mod scheduler;
mod status;

pub use status::{ProcessStatus, QueueStatus, StatusReport};

use super::member::Member;
use super::messages::{
    ClusterRole, FromMaster, Heartbeat, MASTER, MetricsMessage, ToMaster, WeightsMessage,
};
use crate::bus::{Bus, BusError, Inbox, Question, Questions, encode, read};
use crate::imitation::ImitationError;
use crate::league::PlayerId;
use crate::predictor::remote::UnansweredMessage;
use crate::run::config::LeagueRunConfig;
use crate::run::folder::RunOptions;
use crate::run::kept_replays::KeptReplays;
use crate::run::league::{Context, LeagueSummary, Office, Totals, in_run, number_z, open_league};
use crate::run::metrics::MetricsWriter;
use crate::run::{RunError, league};
use crate::storage::{StorageError, StorageUrl};
use evaluations::Evaluations;
use groups::{GroupRules, Groups};
use identity::Identity;
use leading::Leading;
use scheduler::Plan;
use std::collections::{BTreeMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// How long a wait for a request lasts before other things are looked at.
const WAIT: Duration = Duration::from_millis(50);
/// Time between two looks at everything that nobody asks for.
const TICK: Duration = Duration::from_secs(1);
/// How long others get to hear that training is over.
const FAREWELL: Duration = Duration::from_secs(30);
/// Matches that an earlier master may have drawn and whose results may still come: their numbers are not given again.
const MATCHES_SKIPPED: u64 = 100_000;

/// Where the cluster meets.
pub struct MasterOptions {
    pub bus: Arc<dyn Bus>,
    /// Its name in signs of life.
    pub id: String,
    /// The league's database, where it is not the run folder's own.
    pub storage: Option<StorageUrl>,
}

/// Makes or goes on with a league whose games, learning and evaluation are other processes' work.
///
/// # Errors
/// As [`crate::run::league::train_league`]; if another process leads the league, another run has the bus, or it cannot be used.
pub fn run_master(
    config: &LeagueRunConfig,
    options: &RunOptions,
    cluster: MasterOptions,
) -> Result<LeagueSummary, RunError> {
    let storage = cluster.storage.clone();
    in_run(config, options, storage, |context| {
        let mut master = Master::open(context, &cluster)?;
        master.run()?;
        Ok(master.totals())
    })
}

/// What the master knows of a player that trains.
#[derive(Default)]
struct Trained {
    step: u64,
    /// Newest version that was given out.
    version: u64,
    samples: u64,
    seconds: f64,
    metrics: Option<MetricsWriter>,
    /// Weights that no past player stands for: replaced by the next.
    passing: Option<PathBuf>,
}

/// Another process, as its last sign of life says.
struct Seen {
    beat: Heartbeat,
    /// By our clock, seconds.
    at: f64,
}

struct Master<'a> {
    context: &'a Context<'a>,
    bus: Arc<dyn Bus>,
    member: Member,
    office: Office,
    /// Numbers of matches whose results are kept.
    taken: HashSet<u64>,
    /// The database did not do what it was told: what it holds has to be read before anything else.
    doubt: bool,
    groups: Groups,
    plan: Plan,
    /// Questions a second by player, and the share of the time that each predictor computes.
    rates: BTreeMap<String, BTreeMap<String, f64>>,
    busy: BTreeMap<String, f64>,
    /// When somebody last played this frozen player.
    frozen: BTreeMap<PlayerId, f64>,
    evaluations: Evaluations,
    players: BTreeMap<PlayerId, Trained>,
    seen: BTreeMap<(ClusterRole, String), Seen>,
    /// When a checkpoint was last put into the object store, by its path.
    provided: BTreeMap<String, f64>,
    queues: BTreeMap<String, QueueStatus>,
    questions: Box<dyn Questions>,
    heartbeats: Box<dyn Inbox>,
    metrics: Box<dyn Inbox>,
    announced: Box<dyn Inbox>,
    unanswered: Box<dyn Inbox>,
    begun: Instant,
    /// Replays of the latest games.
    replays: Option<KeptReplays>,
    /// All that is to be learned is learned: evaluators finish what is open, everybody else ends.
    closing: Option<Instant>,
    /// After all that uses the bus: it is given up last.
    leading: Leading,
}

impl<'a> Master<'a> {
    fn open(context: &'a Context, cluster: &MasterOptions) -> Result<Master<'a>, RunError> {
        // The league's lock first: of this run nobody else is here then.
        let (mut league, mut storage) = open_league(context)?;
        let identity = Identity::open(&context.options.out)?;
        let leading = Leading::take(cluster.bus.clone(), &identity.id)?;
        number_z(context, &mut storage)?;
        let is_new = league.matches() == 0;
        if !is_new {
            let skipped = league.matches() + MATCHES_SKIPPED;
            league.skip_to(skipped);
        }
        let taken = storage.match_numbers()?.into_iter().collect();
        let bus = cluster.bus.clone();
        let c = &context.config.cluster;
        let rules = GroupRules {
            silent: c.silent_seconds,
            settle: 1.0,
            forming_max: 15.0,
            members_max: c.learners_max,
        };
        let first = identity.first_number();
        let run = context.options.out.clone();
        let mut master = Master {
            context,
            member: Member::of(bus.clone(), &cluster.id, ClusterRole::Master, None)?,
            office: Office::new(league, storage, run, context.map.name.clone()),
            taken,
            doubt: false,
            groups: Groups::new(rules, first),
            plan: Plan::new(),
            rates: BTreeMap::new(),
            busy: BTreeMap::new(),
            frozen: BTreeMap::new(),
            evaluations: Evaluations::new(first),
            players: BTreeMap::new(),
            seen: BTreeMap::new(),
            provided: BTreeMap::new(),
            queues: BTreeMap::new(),
            questions: bus.serve(MASTER, "masters")?,
            heartbeats: bus.listen("heartbeat.*.*")?,
            metrics: bus.listen("metrics.*")?,
            announced: bus.listen("weights.*")?,
            unanswered: bus.listen("unanswered.*")?,
            bus,
            begun: Instant::now(),
            replays: KeptReplays::open(&context.options.out, context.config.games.replays_kept),
            closing: None,
            leading,
        };
        master.set_up_objects()?;
        master.seat_players()?;
        Ok(master)
    }

    fn now(&self) -> f64 {
        self.begun.elapsed().as_secs_f64()
    }

    fn totals(&self) -> Totals {
        Totals {
            steps: self.players.values().map(|p| p.step).sum(),
            // Players learn side by side: the longest of them has trained as long as the league.
            seconds: self.players.values().map(|p| p.seconds).fold(0.0, f64::max),
        }
    }

    fn share(&self) -> f64 {
        self.totals().share(&self.context.config.train)
    }

    fn run(&mut self) -> Result<(), RunError> {
        let options = self.context.options;
        let progress = options.progress;
        progress.begin("cluster", self.context.config.train.steps_max);
        let mut ticked = Instant::now();
        while !self.is_over() {
            if options.stop.load(Ordering::Relaxed) {
                return Err(ImitationError::Interrupted.into());
            }
            if ticked.elapsed() >= TICK {
                ticked = Instant::now();
                self.leading.keep()?;
                if self.leading.is_sure() {
                    self.tick()?;
                }
            }
            // Cut off for long: another run may have the bus when it is back.
            if !self.leading.is_sure() {
                std::thread::sleep(WAIT);
                continue;
            }
            match self.questions.next(WAIT) {
                Ok(Some(question)) => self.answer(question)?,
                Ok(None) => {}
                Err(error) if error.is_passing() => std::thread::sleep(WAIT),
                Err(error) => return Err(error.into()),
            }
            self.listen()?;
        }
        progress.end(&format!("{} steps", self.totals().steps));
        Ok(())
    }

    /// Training is over, and everybody has heard of it or had time to.
    fn is_over(&mut self) -> bool {
        if self.closing.is_none() && self.share() >= 1.0 {
            self.closing = Some(Instant::now());
            self.context
                .options
                .progress
                .note("training is over; open games are played to their end");
        }
        let Some(since) = self.closing else {
            return false;
        };
        let evaluates = self.evaluations.open() > 0 && self.alive(ClusterRole::Evaluator) > 0;
        let others = ClusterRole::ALL
            .into_iter()
            .filter(|r| *r != ClusterRole::Master);
        let anybody = others.map(|role| self.alive(role)).sum::<usize>() > 0;
        !evaluates && (!anybody || since.elapsed() >= FAREWELL)
    }

    /// Processes of a role that gave a sign of life of late.
    fn living(&self, role: ClusterRole) -> impl Iterator<Item = &Seen> {
        let (now, silent) = (self.now(), self.context.config.cluster.silent_seconds);
        let seen = self.seen.values();
        seen.filter(move |seen| seen.beat.role == role && now - seen.at <= silent)
    }

    fn alive(&self, role: ClusterRole) -> usize {
        self.living(role).count()
    }

    fn answer(&mut self, question: Question) -> Result<(), RunError> {
        let answer = match read::<ToMaster>(&question.subject, &question.payload) {
            Some(request) => self.handle(request)?,
            None => FromMaster::Refused(
                "it does not understand the request: run the same scc everywhere".to_owned(),
            ),
        };
        match question.answer(&encode(&answer)) {
            // Who asked will ask again.
            Err(error) if error.is_passing() => Ok(()),
            other => Ok(other?),
        }
    }

    /// What others say without being asked.
    fn listen(&mut self) -> Result<(), RunError> {
        while let Some(delivery) = passing(self.heartbeats.next(Duration::ZERO))?.flatten() {
            let now = self.now();
            if let Some(beat) = read::<Heartbeat>(&delivery.subject, &delivery.payload) {
                if beat.role == ClusterRole::Learner {
                    self.groups.heard(&beat.id, now);
                }
                let key = (beat.role, beat.id.clone());
                self.seen.insert(key, Seen { beat, at: now });
            }
        }
        while let Some(delivery) = passing(self.announced.next(Duration::ZERO))?.flatten() {
            let message = read::<WeightsMessage>(&delivery.subject, &delivery.payload);
            let found =
                message.and_then(|m| Some((self.office.league.find(&m.player).ok()?.id, m)));
            if let Some((player, message)) = found {
                let trained = self.players.entry(player).or_default();
                trained.version = trained.version.max(message.version);
            }
        }
        while let Some(delivery) = passing(self.unanswered.next(Duration::ZERO))?.flatten() {
            if read::<UnansweredMessage>(&delivery.subject, &delivery.payload).is_some() {
                self.hear_who_is_asked_in_vain(&delivery.subject);
            }
        }
        while let Some(delivery) = passing(self.metrics.next(Duration::ZERO))?.flatten() {
            if let Some(message) = read::<MetricsMessage>(&delivery.subject, &delivery.payload) {
                self.keep_metrics(&message)?;
            }
        }
        Ok(())
    }

    fn keep_metrics(&mut self, message: &MetricsMessage) -> Result<(), RunError> {
        let Ok(player) = self.office.league.player(message.player) else {
            return Ok(());
        };
        let run = &self.context.options.out;
        let folder = run.join(league::player_folder(&player.name));
        let trained = self.players.entry(player.id).or_default();
        if trained.metrics.is_none() {
            trained.metrics = Some(MetricsWriter::open(
                &folder,
                message.row.step.saturating_sub(1),
            )?);
        }
        if let Some(metrics) = &mut trained.metrics {
            metrics.write(&message.row)?;
        }
        Ok(())
    }

    /// Who trains, and what is known of each.
    fn seat_players(&mut self) -> Result<(), RunError> {
        let active = self.office.league.players().iter().filter(|p| p.active);
        let active: Vec<(PlayerId, u32)> = active.map(|p| (p.id, p.resets)).collect();
        for (player, _) in &active {
            if !self.players.contains_key(player) {
                let known = self.known_of(*player)?;
                self.players.insert(*player, known);
                self.seed_objects(*player)?;
            }
        }
        self.groups.set_players(active);
        Ok(())
    }

    /// Does what needs the database. An error of it is no end: `Wait` is answered until it works again.
    fn with_office<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, StorageError>,
    ) -> Result<Option<T>, RunError> {
        let done = self.without_doubt().and_then(|()| work(self));
        match done {
            Ok(done) => Ok(Some(done)),
            Err(error @ (StorageError::Led { .. } | StorageError::Newer { .. })) => {
                Err(error.into())
            }
            Err(error) => {
                self.doubt = true;
                tracing::warn!("the database does not do what it is told, asked again: {error}");
                Ok(None)
            }
        }
    }

    /// After an error the database says what is kept, and what is not.
    fn without_doubt(&mut self) -> Result<(), StorageError> {
        if self.doubt {
            let matches = self.office.league.matches();
            self.office.league = self.office.storage.load_league()?;
            self.office.league.skip_to(matches);
            self.taken = self.office.storage.match_numbers()?.into_iter().collect();
            self.doubt = false;
        }
        Ok(())
    }
}

/// An error of the bus that passes is as good as nothing there.
fn passing<T>(result: Result<T, BusError>) -> Result<Option<T>, BusError> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.is_passing() => Ok(None),
        Err(error) => Err(error),
    }
}
