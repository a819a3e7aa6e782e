//! The loop of a league: games in, every player's training steps, reports to the league and what follows from them.

use super::matches;
use super::office::{LeagueJobs, Office, Shared};
use super::players::{Trained, folder as folder_of};
use super::{Context, RunError, SUPERVISED_FILE};
use crate::actor::{Played, Pool, PoolOptions, RecorderOptions};
use crate::imitation::ImitationError;
use crate::league::{League, LeagueEvent, PlayerId, StartFrom};
use crate::predictor::ServiceConfig;
use crate::run::config::LeagueTrainConfig;
use crate::run::device;
use crate::run::kept_replays::{self, KeptReplays};
use crate::run::rl::{Failed, Games, Networks, shared_metrics};
use crate::storage::{Storage, StorageError};
use crate::trajectory::{Wire, Z};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// How long a wait for a game lasts before it is looked whether to stop.
const WAIT: Duration = Duration::from_millis(200);
/// Time between two looks for branches that were asked for from outside.
const REQUESTS_EVERY: Duration = Duration::from_secs(10);

/// What training came to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Totals {
    /// Training steps over all players, over all parts of a resumed run.
    pub steps: u64,
    pub seconds: f64,
}

impl Totals {
    /// Share of the run that has passed, by steps or by the clock, whichever is further.
    pub fn share(&self, train: &LeagueTrainConfig) -> f64 {
        let of = |done: f64, all: f64| if all > 0.0 { done / all } else { 0.0 };
        let steps = of(self.steps as f64, train.steps_max as f64);
        steps.max(of(self.seconds, train.minutes_max * 60.0))
    }
}

/// Trains to the end.
pub(super) fn train(context: &Context) -> Result<Totals, RunError> {
    let mut session = Session::open(context)?;
    let result = session.run();
    if matches!(&result, Err(e) if e.is_interruption()) {
        session.report_all()?;
    }
    result?;
    Ok(session.totals())
}

struct Session<'a> {
    context: &'a Context<'a>,
    // Before the networks: its games hold lines to them.
    pool: Pool,
    players: BTreeMap<PlayerId, Trained<'a>>,
    office: Shared,
    networks: Arc<Networks>,
    kept: Option<KeptReplays>,
    looked: Instant,
}

impl<'a> Session<'a> {
    fn open(context: &'a Context) -> Result<Session<'a>, RunError> {
        let config = context.config;
        let (league, mut storage) = league(context)?;
        number_z(context, &mut storage)?;
        let networks = Arc::new(networks(context)?);
        let mut players = BTreeMap::new();
        for player in league.players().iter().filter(|p| p.active) {
            let trained = Trained::open(context, player)?;
            networks.add(&player.name, trained.policy(), &context.specs)?;
            networks.publish(&player.name, trained.trainee.step, trained.policy());
            players.insert(player.id, trained);
        }
        let run = context.options.out.clone();
        let office = Shared::new(Office::new(league, storage, run, context.map.name.clone()));
        let jobs = LeagueJobs {
            office: office.clone(),
            games: Arc::new(Games {
                map: context.map.clone(),
                rewards: context.rewards.clone(),
                agents: context.agents.clone(),
                temperature: context.config.learner.temperature as f32,
            }),
            networks: networks.clone(),
        };
        let pool =
            Pool::start(Arc::new(jobs), &pool_options(context)).map_err(|e| RunError::Folder {
                path: context.options.out.clone(),
                what: format!("cannot start the actors' threads: {e}"),
            })?;
        Ok(Session {
            context,
            pool,
            players,
            office,
            networks,
            kept: KeptReplays::open(&context.options.out, config.games.replays_kept),
            looked: Instant::now(),
        })
    }

    fn totals(&self) -> Totals {
        Totals {
            steps: self.players.values().map(|p| p.trainee.step).sum(),
            // Players learn side by side: the longest of them has trained as long as the league.
            seconds: self.players.values().map(|p| p.seconds).fold(0.0, f64::max),
        }
    }

    fn share(&self) -> f64 {
        self.totals().share(&self.context.config.train)
    }

    fn run(&mut self) -> Result<(), RunError> {
        let options = self.context.options;
        self.begin_phase();
        while self.share() < 1.0 {
            if options.stop.load(Ordering::Relaxed) {
                return Err(ImitationError::Interrupted.into());
            }
            if self.looked.elapsed() >= REQUESTS_EVERY {
                self.requests()?;
            }
            if let Some(played) = self.pool.next(WAIT)? {
                self.take(played)?;
            }
        }
        let steps = self.totals().steps;
        options.progress.end(&format!("{steps} steps"));
        self.report_all()?;
        self.last_matches()
    }

    /// What the progress display shows, until matches are played.
    fn begin_phase(&self) {
        let steps = self.context.config.train.steps_max;
        self.context.options.progress.begin("league", steps);
    }

    /// Training goes on after matches that took this long: they are no time of playing and learning.
    fn matches_played(&mut self, begun: Instant) {
        for player in self.players.values_mut() {
            player.pause(begun.elapsed());
        }
        self.begin_phase();
    }

    /// A finished game: into the league, to its player, and as many training steps as there is enough for.
    fn take(&mut self, mut played: Played) -> Result<(), RunError> {
        let found = self.office.lock().take(&played)?;
        if let (Some(kept), Some(replay)) = (&self.kept, played.outcome.replay.take()) {
            kept.keep(played.id, replay);
        }
        // A player that was stopped meanwhile learns no more.
        let Some(player) = self.players.get_mut(&found.player) else {
            return Ok(());
        };
        let seat = (!found.matchup.both).then_some(found.matchup.seat);
        let opponent = &found.matchup.names[1];
        player.trainee.window.game(&played, opponent, seat);
        for experience in played.experience.iter().flatten() {
            player.trainee.take(experience, &self.context.options.out)?;
        }
        while self.train(found.player)? {}
        Ok(())
    }

    /// One training step of a player; false if there is not enough to learn from.
    fn train(&mut self, id: PlayerId) -> Result<bool, RunError> {
        let rate = self.context.config.learner.rate_at(self.share());
        let Some(player) = self.players.get_mut(&id) else {
            return Ok(false);
        };
        let Some(round) = player.trainee.round() else {
            return Ok(false);
        };
        if let Err(failed) = player.trainee.learn(&round, rate) {
            return Err(self.keep_failed(id, *failed));
        }
        let steps = round.unrolls.iter().map(|u| u.steps.len() as u64);
        player.samples += steps.sum::<u64>();
        self.networks
            .publish(&player.name, player.trainee.step, player.policy());
        let asked = self.networks.stats();
        let shared = shared_metrics(self.pool.stats(), asked, self.kept.as_ref());
        let words = player.report(&round, rate, shared)?;
        let due =
            player.trainee.step >= player.reported + self.context.config.train.report_every_steps;
        let total = self.totals().steps;
        self.context.options.progress.at(total, &words);
        if due {
            self.report(id)?;
        }
        Ok(true)
    }

    /// A training step that gave no number: its batch and everybody's state go to files, so that it can be looked into. The
    /// league is not told: it goes on from what it knows.
    fn keep_failed(&self, id: PlayerId, failed: Failed) -> RunError {
        let options = self.context.options;
        let (name, step) = match self.players.get(&id) {
            Some(player) => (player.name.as_str(), player.trainee.step),
            None => ("?", 0),
        };
        let kept = failed.keep(&options.out, step);
        let mut players = self.players.values();
        let saved = players.try_for_each(|p| p.save_state(self.context));
        let note = match (kept, saved) {
            (Ok(folder), Ok(())) => format!(
                "{name}'s step {step} failed; its batch is in {}, the state before it in {}",
                folder.display(),
                options.out.join(folder_of(name)).display()
            ),
            (Err(e), _) => format!("the failed batch of {name} could not be written: {e}"),
            (_, Err(e)) => format!("the state could not be written: {e}"),
        };
        options.progress.note(&note);
        failed.error.into()
    }

    /// Saves a player and tells the league; does what the league says.
    fn report(&mut self, id: PlayerId) -> Result<(), RunError> {
        let Some(player) = self.players.get_mut(&id) else {
            return Ok(());
        };
        player.reported = player.trainee.step;
        let path = player.save(self.context)?;
        let samples = player.samples;
        self.tell(id, samples, &path)?;
        if waits_for_z(&self.office.lock().league, id) {
            let begun = Instant::now();
            matches::of_each_z(self.context, &self.office, &self.networks, id)?;
            self.matches_played(begun);
            self.tell(id, samples, &path)?;
        }
        Ok(())
    }

    /// Tells the league of a checkpoint, and does what it says.
    fn tell(&mut self, id: PlayerId, samples: u64, path: &str) -> Result<(), RunError> {
        let office = self.office.clone();
        // Until everybody new can be asked, no game is drawn.
        let mut locked = office.lock();
        let events = locked.progress(id, samples, path)?;
        let promoted = self.follow(&locked.league, &events)?;
        drop(locked);
        for past in promoted {
            let begun = Instant::now();
            matches::against_the_past(self.context, &office, &self.networks, past)?;
            self.matches_played(begun);
        }
        Ok(())
    }

    fn report_all(&mut self) -> Result<(), RunError> {
        let ids: Vec<PlayerId> = self.players.keys().copied().collect();
        ids.into_iter().try_for_each(|id| self.report(id))
    }

    /// Does what the league's events say; the past players that are new.
    fn follow(
        &mut self,
        league: &League,
        events: &[LeagueEvent],
    ) -> Result<Vec<PlayerId>, RunError> {
        let mut promoted = Vec::new();
        for event in events {
            let note = words(league, event);
            self.context.options.progress.note(&note);
            match event {
                LeagueEvent::Promoted { player, past, .. } => {
                    promoted.push(*past);
                    if let Some(player) = self.players.get_mut(player) {
                        player.keep_saved();
                    }
                }
                LeagueEvent::Reset { player, .. } => {
                    if let Some(player) = self.players.get_mut(player) {
                        player.reset(self.context)?;
                        let version = player.trainee.step;
                        self.networks
                            .publish(&player.name, version, player.policy());
                    }
                }
                LeagueEvent::Joined { player } | LeagueEvent::Branched { player, .. } => {
                    self.add(league, *player)?;
                }
                LeagueEvent::Stopped { player, .. } => {
                    self.players.remove(player);
                }
            }
        }
        Ok(promoted)
    }

    fn add(&mut self, league: &League, id: PlayerId) -> Result<(), RunError> {
        let player = league.player(id).map_err(StorageError::from)?;
        if let Some(parent) = player.parent.and_then(|p| self.players.get_mut(&p)) {
            parent.keep_saved();
        }
        let trained = Trained::open(self.context, player)?;
        self.networks
            .add(&player.name, trained.policy(), &self.context.specs)?;
        self.networks
            .publish(&player.name, trained.trainee.step, trained.policy());
        self.players.insert(id, trained);
        Ok(())
    }

    /// Branches that were asked for from outside.
    fn requests(&mut self) -> Result<(), RunError> {
        self.looked = Instant::now();
        let office = self.office.clone();
        let mut locked = office.lock();
        let events = locked.requested()?;
        if !events.is_empty() {
            number_z(self.context, &mut locked.storage)?;
        }
        self.follow(&locked.league, &events)?;
        Ok(())
    }

    /// Everybody who trains against the past: the last point of its curve.
    fn last_matches(&mut self) -> Result<(), RunError> {
        let ids: Vec<PlayerId> = self.players.keys().copied().collect();
        for id in ids {
            matches::against_the_past(self.context, &self.office, &self.networks, id)?;
        }
        Ok(())
    }
}

/// Whether a branch of this player is due and knows no z's win rate.
pub fn waits_for_z(league: &League, id: PlayerId) -> bool {
    let Ok(player) = league.player(id) else {
        return false;
    };
    let waits = league.pending_starts().into_iter().any(|s| {
        s.after.as_ref() == Some(&player.name)
            && player.steps >= s.at_steps
            && s.from == StartFrom::BranchAuto
    });
    waits && league.choose_z(id).is_err()
}

/// An event, for people.
pub fn words(league: &League, event: &LeagueEvent) -> String {
    let name = |id: &PlayerId| {
        league
            .player(*id)
            .map_or("?", |p| p.name.as_str())
            .to_owned()
    };
    match event {
        LeagueEvent::Joined { player } => format!("{} joins", name(player)),
        LeagueEvent::Branched {
            player,
            from,
            condition,
            ..
        } => format!(
            "{} branches from {}, rewarded for z {:?}",
            name(player),
            name(from),
            condition.ids()
        ),
        LeagueEvent::Promoted { past, reason, .. } => {
            format!("{} joins the past players ({reason:?})", name(past))
        }
        LeagueEvent::Reset { player, .. } => {
            format!("{} starts again from the supervised weights", name(player))
        }
        LeagueEvent::Stopped { player, .. } => format!("{} trains no more", name(player)),
    }
}

/// Nobody's networks yet, on the config's device.
pub fn networks(context: &Context) -> Result<Networks, RunError> {
    let p = &context.config.predictor;
    let service = ServiceConfig {
        batch_max: p.batch_max,
        wait_us: p.wait_us,
        workers: p.workers,
    };
    Ok(Networks::new(device::find(&p.device)?, &service))
}

fn pool_options(context: &Context) -> PoolOptions {
    let games = &context.config.games;
    PoolOptions {
        games: games.at_once,
        queue_max: games.queue_max,
        loops_max: games.loops_max,
        recorder: RecorderOptions {
            wire: Wire::new(&context.specs),
            unroll: context.config.learner.unroll,
        },
        record: kept_replays::is_wanted(games.replays_kept, &context.options.arena),
        arena: context.options.arena.clone(),
    }
}

/// The league of the run's database, or a new one.
pub fn league(context: &Context) -> Result<(League, Storage), RunError> {
    let mut storage = Storage::create(&context.at)?;
    storage.lead()?;
    match storage.load_league() {
        Ok(league) => return Ok((league, storage)),
        Err(StorageError::NoLeague { .. }) => {}
        Err(error) => return Err(error.into()),
    }
    let (config, seed) = (context.config.league.clone(), context.config.seed);
    let league = League::new(config, seed, SUPERVISED_FILE).map_err(StorageError::from)?;
    storage.create_league(&league)?;
    // A new database gives numbers from 0 on: those of the library's entries.
    let (library, _) = context.rewards.library();
    for (i, entry) in library.entries.iter().enumerate() {
        let text = serde_json::to_string(&entry.z).unwrap_or_default();
        storage.add_z(&format!("{i}: {}", entry.source), &text)?;
    }
    Ok((league, storage))
}

/// The z's of the database, by number: the library's, and those that branches brought along.
pub fn number_z(context: &Context, storage: &mut Storage) -> Result<(), RunError> {
    let mut numbered: Vec<Option<Z>> = Vec::new();
    for row in storage.z_library()? {
        let at = row.id as usize;
        numbered.resize(numbered.len().max(at + 1), None);
        numbered[at] = serde_json::from_str(&row.content).ok().filter(Z::is_known);
    }
    context.rewards.set_numbered(numbered);
    Ok(())
}
