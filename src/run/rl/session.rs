//! The loop: games in, training steps out, matches and checkpoints in between.

use super::collect::{Collector, Serial};
use super::games::Games;
use super::jobs::{CURRENT, Endless, Opponents};
use super::networks::Networks;
use super::rewards::Rewards;
use super::state::{self, Best, RlState};
use super::trainee::{Failed, Trainee, Training};
use super::{Context, RunError, evaluate, waiting};
use crate::actor::{Played, Pool, PoolOptions, RecorderOptions};
use crate::game::Seed;
use crate::imitation::ImitationError;
use crate::learner::Round;
use crate::policy::Policy;
use crate::policy::checkpoint::Checkpoint;
use crate::predictor::ServiceConfig;
use crate::run::config::RlConfig;
use crate::run::device;
use crate::run::kept_replays::{self, KeptReplays};
use crate::run::metrics::{MetricsRow, MetricsWriter};
use crate::run::saved;
use crate::run::tables::in_words;
use crate::trajectory::Wire;
use std::collections::{BTreeMap, VecDeque};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

/// Trains to the end and gives back where training stands then.
pub(super) fn train(context: &Context) -> Result<RlState, RunError> {
    let mut session = Session::open(context)?;
    session.run()?;
    Ok(session.state)
}

struct Session<'a> {
    context: &'a Context<'a>,
    config: &'a RlConfig,
    collector: Collector,
    trainee: Trainee<'a>,
    opponents: Opponents,
    state: RlState,
    metrics: MetricsWriter,
    kept: Option<KeptReplays>,
    clock: Instant,
    saved_at: f64,
    /// That much of what is played is too old was said.
    warned: bool,
}

impl<'a> Session<'a> {
    fn open(context: &'a Context) -> Result<Session<'a>, RunError> {
        let (config, options) = (context.config, context.options);
        let (mut trainee, state, waited) = begun(context)?;
        trainee.step = state.step;
        if state.step > 0 {
            let note = format!("goes on at step {}", state.step);
            options.progress.note(&note);
        }
        let opponents = &config.games.opponents;
        let opponents = Opponents::new(opponents, &context.supervised, Seed(config.seed))?;
        let mut ready = VecDeque::new();
        if let Some(tensor) = waited {
            let unpacked = waiting::unpack(&tensor, &Wire::new(&context.specs));
            let damaged = || saved::lacks(&options.out, "what waited to be learned from");
            let (buffer, games) = unpacked.ok_or_else(damaged)?;
            trainee.restore(buffer);
            ready.extend(games);
        }
        let policy = &trainee.learner.policy;
        let mut collector = collector(context, &opponents, policy, &state, ready)?;
        collector.publish(state.step, &trainee.learner.policy);
        Ok(Session {
            context,
            config,
            collector,
            trainee,
            opponents,
            metrics: MetricsWriter::open(&options.out, state.step)?,
            kept: KeptReplays::open(&options.out, config.games.replays_kept),
            saved_at: state.train_seconds,
            warned: false,
            state,
            clock: Instant::now(),
        })
    }

    fn run(&mut self) -> Result<(), RunError> {
        let progress = self.context.options.progress;
        if self.state.evaluations.is_empty() && self.config.evaluation.games > 0 {
            let base = evaluate::of_the_supervised(self.context)?;
            self.state.evaluations.push(base);
        }
        progress.begin("train", self.config.train.steps_max);
        self.clock = Instant::now();
        while self.share() < 1.0 {
            self.step()?;
            if self.evaluation_due() {
                self.evaluate()?;
                progress.begin("train", self.config.train.steps_max);
            }
            let minutes = (self.state.train_seconds - self.saved_at) / 60.0;
            if minutes >= self.config.train.checkpoint_every_minutes {
                self.save()?;
            }
        }
        progress.end(&format!("{} steps", self.state.step));
        self.evaluate()?;
        self.save()
    }

    /// Share of the run that has passed, by steps or by the clock, whichever is further.
    fn share(&self) -> f64 {
        let of = |done: f64, all: f64| if all > 0.0 { done / all } else { 0.0 };
        let train = &self.config.train;
        let steps = of(self.state.step as f64, train.steps_max as f64);
        steps.max(of(self.state.train_seconds, train.minutes_max * 60.0))
    }

    /// One training step: games until there is enough to learn from, all its updates, new weights to the games.
    fn step(&mut self) -> Result<(), RunError> {
        let round = self.gather()?;
        let rate = self.config.learner.rate_at(self.share());
        if let Err(failed) = self.trainee.learn(&round, rate) {
            return Err(self.keep_failed(*failed));
        }
        self.state.step = self.trainee.step;
        let steps = round.unrolls.iter().map(|u| u.steps.len() as u64);
        self.state.samples += steps.sum::<u64>();
        self.collector
            .publish(self.state.step, &self.trainee.learner.policy);
        self.report(&round, rate)
    }

    /// Games, until the buffer has a round.
    fn gather(&mut self) -> Result<Round, RunError> {
        loop {
            if self.context.options.stop.load(Ordering::Relaxed) {
                self.tick();
                self.save()?;
                return Err(ImitationError::Interrupted.into());
            }
            if let Some(round) = self.trainee.round() {
                return Ok(round);
            }
            let waiting = self.trainee.buffered();
            let waiting = format!("step {}: {waiting} unrolls", self.state.step);
            let Some(played) = self.collector.next(self.context.options.stop)? else {
                continue;
            };
            self.context.options.progress.at(self.state.step, &waiting);
            self.take(played)?;
        }
    }

    fn take(&mut self, mut played: Played) -> Result<(), RunError> {
        self.state.games += 1;
        if let (Some(kept), Some(replay)) = (&self.kept, played.outcome.replay.take()) {
            kept.keep(played.id, replay);
        }
        let matchup = self.opponents.matchup(played.id);
        let seat = (!matchup.both).then_some(matchup.seat);
        self.trainee.window.game(&played, &matchup.names[1], seat);
        for experience in played.experience.iter().flatten() {
            self.trainee.take(experience, &self.context.options.out)?;
        }
        Ok(())
    }

    fn tick(&mut self) -> f64 {
        let seconds = self.clock.elapsed().as_secs_f64();
        self.clock = Instant::now();
        self.state.train_seconds += seconds;
        seconds
    }

    fn report(&mut self, round: &Round, rate: f64) -> Result<(), RunError> {
        let seconds = self.tick();
        let samples = self.state.samples;
        let mut values = self.trainee.metrics(round, seconds, rate, samples);
        values.extend(self.collector.metrics(self.kept.as_ref()));
        let minutes = self.state.train_seconds / 60.0;
        let message = self.in_words(&values, minutes);
        self.metrics.write(&MetricsRow {
            step: self.state.step,
            train_seconds: self.state.train_seconds,
            values,
        })?;
        let progress = self.context.options.progress;
        progress.at(self.state.step, &message);
        let learned = self.state.samples / self.config.learner.unroll.max(1) as u64;
        if !self.warned
            && let Some(advice) = advice_on_age(self.trainee.stale(), learned)
        {
            self.warned = true;
            progress.note(&advice);
        }
        Ok(())
    }

    fn in_words(&self, values: &BTreeMap<String, f64>, minutes: f64) -> String {
        let v = |key: &str| values.get(key).copied().unwrap_or(f64::NAN);
        let share = self.share();
        let left = minutes / share.max(1e-9) * (1.0 - share);
        let elo = self.state.evaluations.last();
        let elo = elo.map_or(String::new(), |e| {
            format!("Elo {:+.0} {}", e.elo.elo, in_words(&e.rows))
        });
        let wins: Vec<String> = values
            .iter()
            .filter_map(|(k, v)| Some((k.strip_prefix("train_win_rate/")?, v)))
            .map(|(name, v)| {
                format!(
                    "{} {:.0}%",
                    name.split(':').nth(1).unwrap_or(name),
                    100.0 * v
                )
            })
            .collect();
        format!(
            "{:.0} steps/s | reward {:.2} | ev {:.2} | clip {:.2} | kl {:.3} | lag {:.1} | wins {} | {:.0} min left | {elo}",
            v("agent_steps_per_second"),
            v("reward/win_loss"),
            v("explained_variance/win_loss"),
            v("clip_fraction"),
            v("approx_kl"),
            v("policy_lag"),
            wins.join(", "),
            left,
        )
    }

    fn evaluation_due(&self) -> bool {
        let state = &self.state;
        let now = (state.step, state.train_seconds);
        self.config.evaluation.is_due(now, state.evaluated)
    }

    fn evaluate(&mut self) -> Result<(), RunError> {
        if self.config.evaluation.games == 0 || self.state.evaluated.0 == self.state.step {
            return Ok(());
        }
        let run = &self.context.options.out;
        let path = saved::candidate_path(run, self.state.step);
        let map_hash = self.context.map.hash();
        state::save_weights(&path, &self.trainee.learner, &self.state, map_hash)?;
        self.save()?;
        let evaluation = evaluate::while_training(self.context, &self.state, &path)?;
        let mut values: BTreeMap<String, f64> = evaluation
            .rows
            .iter()
            .skip(1)
            .map(|r| (format!("win_rate/{}", r.opponent), r.win_rate))
            .collect();
        values.insert("win_rate/supervised".into(), evaluation.rows[0].win_rate);
        values.insert("elo".into(), evaluation.elo.elo);
        self.metrics.write(&MetricsRow {
            step: self.state.step,
            train_seconds: self.state.train_seconds,
            values,
        })?;
        self.state.evaluated = (self.state.step, self.state.train_seconds);
        self.context.agents.checkpoints().forget(&path);
        let elo = evaluation.elo.elo;
        if self.state.best.is_none_or(|best| elo >= best.elo) {
            self.state.best = Some(Best {
                step: self.state.step,
                elo,
            });
            saved::keep_as_best(run, &path)?;
        } else {
            // One more file in the folder does no harm.
            let _ = std::fs::remove_file(&path);
        }
        let e = evaluation.elo;
        let note = format!(
            "step {}: Elo {:+.0} ({:+.0} to {:+.0}): {}",
            self.state.step,
            e.elo,
            e.ci95[0],
            e.ci95[1],
            in_words(&evaluation.rows)
        );
        self.context.options.progress.note(&note);
        self.state.evaluations.push(evaluation);
        self.clock = Instant::now();
        self.save()
    }

    fn save(&mut self) -> Result<(), RunError> {
        self.state.next_game = self.collector.next_game();
        let map_hash = self.context.map.hash();
        let wire = Wire::new(&self.context.specs);
        let buffer = self.trainee.waiting();
        let waiting = waiting::pack(&buffer, self.collector.ready(), &wire);
        state::save(
            &self.context.options.out,
            &self.trainee.learner,
            waiting,
            &self.state,
            map_hash,
        )?;
        self.saved_at = self.state.train_seconds;
        Ok(())
    }

    /// A training step that gave no number: state and batch go to files, so that it can be looked into.
    fn keep_failed(&mut self, failed: Failed) -> RunError {
        let kept = failed.keep(&self.context.options.out, self.state.step);
        let note = match (kept, self.save()) {
            (Ok(folder), Ok(())) => format!(
                "step {} failed; its batch is in {}, the state before it in checkpoints/latest",
                self.state.step,
                folder.display()
            ),
            (Err(e), _) => format!("the failed batch could not be written: {e}"),
            (_, Err(e)) => format!("the state could not be written: {e}"),
        };
        self.context.options.progress.note(&note);
        failed.error.into()
    }
}

/// The learner as the run's last checkpoint left it, or as it begins; where training stands, and what waited to be learned
/// from.
fn begun<'a>(
    context: &'a Context,
) -> Result<(Trainee<'a>, RlState, Option<tch::Tensor>), RunError> {
    let (config, options) = (context.config, context.options);
    let device = device::find(&config.train.device)?;
    let file = Checkpoint::open(&context.supervised)?;
    let (policy, supervised) = (file.policy(device)?, file.policy(device)?);
    let training = Training {
        learner: &config.learner,
        rewards: &config.rewards,
        specs: &context.specs,
        bf16: config.train.bf16,
        threads: options.threads,
        seed: Seed(config.seed),
    };
    let mut trainee = Trainee::new(policy, supervised, training)?;
    let loaded = state::load(&options.out, &mut trainee.learner)?;
    if loaded.is_none() && !config.start.is_empty() {
        Checkpoint::open(Path::new(&config.start))?.load_into(&trainee.learner.policy)?;
    }
    let (state, waited) = loaded.unwrap_or_default();
    Ok((trainee, state, waited))
}

/// What to change where much of what is played is too old to learn from when its game is over.
fn advice_on_age(stale: u64, learned: u64) -> Option<String> {
    let (all, few) = (stale + learned, 64);
    (all >= few && stale * 5 > all).then(|| {
        format!(
            "{stale} of {all} unrolls were too old to learn from when their games were over (learner.staleness_max): play fewer games \
             at once (games.at_once), or learn from more at a time (learner.samples)"
        )
    })
}

fn collector(
    context: &Context,
    opponents: &Opponents,
    policy: &Policy,
    state: &RlState,
    ready: VecDeque<Played>,
) -> Result<Collector, RunError> {
    let config = context.config;
    let games = Arc::new(Games {
        map: context.map.clone(),
        rewards: Rewards::open(&config.rewards, &context.map)?,
        agents: context.agents.clone(),
        temperature: config.learner.temperature as f32,
    });
    let options = PoolOptions {
        games: config.games.at_once,
        queue_max: config.games.queue_max,
        loops_max: config.games.loops_max,
        recorder: RecorderOptions {
            wire: Wire::new(&context.specs),
            unroll: config.learner.unroll,
        },
        record: kept_replays::is_wanted(config.games.replays_kept, &context.options.arena),
        arena: context.options.arena.clone(),
    };
    if config.games.serial {
        return Ok(Collector::Serial(Box::new(Serial {
            games,
            opponents: opponents.clone(),
            specs: context.specs.clone(),
            current: policy.share(),
            version: state.step,
            options,
            next: state.next_game,
            ready,
            frozen: BTreeMap::new(),
        })));
    }
    let p = &config.predictor;
    let service = ServiceConfig {
        batch_max: p.batch_max,
        wait_us: p.wait_us,
        workers: p.workers,
    };
    let networks = Arc::new(Networks::new(device::find(&p.device)?, &service));
    networks.add(CURRENT, policy, &context.specs)?;
    let endless = Arc::new(Endless {
        games,
        opponents: opponents.clone(),
        networks: networks.clone(),
        next: AtomicU64::new(state.next_game),
    });
    let pool = Pool::start(endless.clone(), &options).map_err(|e| RunError::Folder {
        path: context.options.out.clone(),
        what: format!("cannot start the actors' threads: {e}"),
    })?;
    Ok(Collector::Pool {
        pool,
        endless,
        networks,
    })
}

#[cfg(test)]
mod tests {
    use super::advice_on_age;

    #[test]
    fn it_is_said_when_much_is_too_old() {
        for (stale, learned) in [(0, 0), (9, 3), (20, 100), (0, 10_000)] {
            assert_eq!(advice_on_age(stale, learned), None, "{stale} {learned}");
        }
        let advice = advice_on_age(26, 100).expect("a fifth");
        assert!(
            advice.contains("26 of 126") && advice.contains("games.at_once"),
            "{advice}"
        );
    }
}
