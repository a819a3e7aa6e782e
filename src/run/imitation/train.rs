//! The stages of training, with matches and checkpoints in between.

use super::state::{self, Best, Evaluation, TrainState};
use super::{Context, RunError};
use crate::dataset::{Dataset, EpisodeFilter};
use crate::game::Seed;
use crate::imitation::{Loader, LoaderOptions, Order, StepStats, Telling, Trainer, TrainerOptions};
use crate::policy::checkpoint::Checkpoint;
use crate::policy::optim::AdamConfig;
use crate::policy::{Policy, PolicyConfig, PolicySpec};
use crate::predictor::set_operation_threads;
use crate::run::config::{ImitationConfig, StageConfig};
use crate::run::device;
use crate::run::metrics::{MetricsRow, MetricsWriter};
use crate::run::saved;
use crate::run::tables::{in_words, score};
use crate::trajectory::HEADS;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

/// Trains all stages that are left and gives back where training stands at their end.
pub(super) fn train(context: &Context, dataset: Arc<Dataset>) -> Result<TrainState, RunError> {
    let mut session = Session::open(context, dataset)?;
    for stage in session.state.stage..context.config.stages.len() {
        if session.state.finished {
            break;
        }
        session.stage(stage)?;
    }
    Ok(session.state)
}

/// Training in progress.
struct Session<'a> {
    context: &'a Context<'a>,
    config: &'a ImitationConfig,
    dataset: Arc<Dataset>,
    trainer: Trainer,
    state: TrainState,
    metrics: MetricsWriter,
    window: Window,
    saved_at: f64,
}

/// Means since the last row of metrics.
#[derive(Default)]
struct Window {
    sums: BTreeMap<String, f64>,
    n: f64,
    samples: f64,
    seconds: f64,
}

impl<'a> Session<'a> {
    fn open(context: &'a Context, dataset: Arc<Dataset>) -> Result<Session<'a>, RunError> {
        let (config, options) = (context.config, context.options);
        let mut trainer = Trainer::new(
            first_policy(context)?,
            trainer_options(config, context.options.threads),
        )?;
        let mut state = TrainState {
            dataset: dataset.hash(),
            ..TrainState::default()
        };
        if let Some(saved) = state::load(&options.out, &mut trainer)? {
            if saved.dataset != dataset.hash() {
                return Err(RunError::Folder {
                    path: options.out.clone(),
                    what: "its dataset is not the one it was trained on until now".to_owned(),
                });
            }
            state = saved;
            let at = format!("goes on at step {}", state.step);
            options.progress.note(&at);
        }
        Ok(Session {
            context,
            config,
            dataset,
            trainer,
            metrics: MetricsWriter::open(&options.out, state.step)?,
            saved_at: state.train_seconds,
            state,
            window: Window::default(),
        })
    }

    fn stage(&mut self, index: usize) -> Result<(), RunError> {
        let stage = &self.config.stages[index];
        let loader = self.loader(index, stage)?;
        let progress = self.context.options.progress;
        progress.begin(&format!("train {}", stage.name), stage.steps_max);
        while !is_over(stage, &self.state) {
            if self.context.options.stop.load(Ordering::Relaxed) {
                self.save()?;
                return Err(crate::imitation::ImitationError::Interrupted.into());
            }
            self.step(stage, &loader)?;
            if self.evaluation_due() {
                self.evaluate()?;
                progress.begin(&format!("train {}", stage.name), stage.steps_max);
            }
            let minutes = (self.state.train_seconds - self.saved_at) / 60.0;
            if minutes >= self.config.train.checkpoint_every_minutes {
                self.save()?;
            }
        }
        progress.end(&format!("{} steps", self.state.stage_step));
        self.evaluate()?;
        self.state.stage = index + 1;
        self.state.stage_step = 0;
        self.state.stage_seconds = 0.0;
        self.state.finished = self.state.stage == self.config.stages.len();
        self.trainer.reset_core();
        self.save()
    }

    fn loader(&self, index: usize, stage: &StageConfig) -> Result<Loader, RunError> {
        let filter = EpisodeFilter {
            rating_min: stage.rating_min,
            winners_only: stage.winners_only,
        };
        let episodes = self.dataset.select(&filter);
        if episodes.is_empty() {
            return Err(RunError::Folder {
                path: self.context.options.out.clone(),
                what: format!(
                    "no player's game passes the filter of stage {:?} (rating_min {:?}, winners_only {})",
                    stage.name, stage.rating_min, stage.winners_only
                ),
            });
        }
        let lengths: Vec<u32> = episodes
            .iter()
            .map(|&e| self.dataset.episode(e).steps())
            .collect();
        let steps: u64 = lengths.iter().map(|&n| u64::from(n)).sum();
        self.context.options.progress.note(&format!(
            "stage {}: {} players' games, {steps} steps",
            stage.name,
            episodes.len()
        ));
        let t = &self.config.train;
        let seed = Seed(self.config.seed).fork("order", index as u64);
        let order = Order::new(lengths, seed, t.batch, t.unroll as u32);
        let options = LoaderOptions {
            skip: self.state.stage_step,
            threads: t.loader_threads,
            telling: Telling {
                z_share: t.z_share,
                rating_share: t.rating_share,
                seed: Seed(self.config.seed).fork("told", index as u64),
            },
        };
        Ok(Loader::start(
            self.dataset.clone(),
            episodes,
            order,
            &self.context.specs,
            &options,
        ))
    }

    fn step(&mut self, stage: &StageConfig, loader: &Loader) -> Result<(), RunError> {
        set_operation_threads(self.context.options.threads);
        let begun = Instant::now();
        let ready = loader.ready();
        let batch = loader.next_batch()?;
        let rate = stage.rate_at(share(stage, &self.state));
        let stats = self.trainer.step(&batch, rate)?;
        let seconds = begun.elapsed().as_secs_f64();
        let state = &mut self.state;
        state.step += 1;
        state.stage_step += 1;
        state.samples += stats.samples as u64;
        state.train_seconds += seconds;
        state.stage_seconds += seconds;
        self.window.add(&stats, seconds);
        self.window.sum("loader_ready", ready as f64);
        self.window.sum("learning_rate", rate);
        if state
            .step
            .is_multiple_of(self.config.train.metrics_every_steps)
        {
            self.report(stage)?;
        }
        Ok(())
    }

    fn report(&mut self, stage: &StageConfig) -> Result<(), RunError> {
        let window = std::mem::take(&mut self.window);
        let message = window.in_words(&self.state, stage);
        self.metrics.write(&MetricsRow {
            step: self.state.step,
            train_seconds: self.state.train_seconds,
            values: window.means(),
        })?;
        self.context
            .options
            .progress
            .at(self.state.stage_step, &message);
        Ok(())
    }

    fn evaluation_due(&self) -> bool {
        let state = &self.state;
        let now = (state.step, state.train_seconds);
        self.config.evaluation.is_due(now, state.evaluated)
    }

    fn evaluate(&mut self) -> Result<(), RunError> {
        let c = &self.config.evaluation;
        if c.opponents.is_empty() || c.games == 0 || self.state.evaluated.0 == self.state.step {
            return Ok(());
        }
        let run = &self.context.options.out;
        // Weights alone: a match must not see them change, and the next checkpoint replaces `latest`.
        let path = saved::candidate_path(run, self.state.step);
        state::save_weights(&path, &self.trainer, &self.state, self.context.map.hash())?;
        self.save()?;
        let rows = self.context.tables().while_training(&path, &c.opponents)?;
        let score = score(&rows);
        let values = rows
            .iter()
            .map(|r| (format!("win_rate/{}", r.opponent), r.win_rate));
        self.metrics.write(&MetricsRow {
            step: self.state.step,
            train_seconds: self.state.train_seconds,
            values: values.collect(),
        })?;
        self.state.evaluated = (self.state.step, self.state.train_seconds);
        self.context.agents.checkpoints().forget(&path);
        if self.state.best.is_none_or(|best| score >= best.score) {
            self.state.best = Some(Best {
                step: self.state.step,
                score,
            });
            saved::keep_as_best(run, &path)?;
        } else {
            // One more file in the folder does no harm.
            let _ = std::fs::remove_file(&path);
        }
        let words = in_words(&rows);
        self.context
            .options
            .progress
            .note(&format!("step {}: {words}", self.state.step));
        self.state.evaluations.push(Evaluation {
            step: self.state.step,
            train_seconds: self.state.train_seconds,
            score,
            rows,
        });
        self.save()
    }

    fn save(&mut self) -> Result<(), RunError> {
        let map_hash = self.context.map.hash();
        state::save(
            &self.context.options.out,
            &self.trainer,
            &self.state,
            map_hash,
        )?;
        self.saved_at = self.state.train_seconds;
        Ok(())
    }
}

/// The checkpoint of `--init`, if it is one and fits the config.
pub(super) fn init_checkpoint(context: &Context) -> Result<Option<Checkpoint>, RunError> {
    let Some(path) = &context.options.init else {
        return Ok(None);
    };
    let file = Checkpoint::open(path)?;
    if file.specs()? != context.specs {
        return Err(RunError::Folder {
            path: path.clone(),
            what: "was made for another [obs] or [action] config".to_owned(),
        });
    }
    Ok(Some(file))
}

/// Fresh weights, or those of `--init`.
fn first_policy(context: &Context) -> Result<Policy, RunError> {
    let config = context.config;
    let device = device::find(&config.train.device)?;
    let mut policy = match init_checkpoint(context)? {
        Some(file) => file.policy(device)?,
        None => {
            let sizes = PolicyConfig::preset(&config.network.size)?;
            let spec = PolicySpec::new(sizes, &context.specs);
            Policy::new(&spec, Seed(config.seed).fork("weights", 0), device)?
        }
    };
    policy.set_bf16(config.train.bf16);
    Ok(policy)
}

fn trainer_options(config: &ImitationConfig, threads: usize) -> TrainerOptions {
    TrainerOptions {
        lanes: config.train.batch,
        threads,
        head_weights: config.train.head_weights,
        adam: AdamConfig {
            weight_decay: config.train.weight_decay,
            clip_norm: config.train.gradient_norm_max,
            ..AdamConfig::default()
        },
    }
}

/// Share of a stage that has passed, by steps or by the clock, whichever is further.
fn share(stage: &StageConfig, state: &TrainState) -> f64 {
    let of = |done: f64, all: f64| if all > 0.0 { done / all } else { 0.0 };
    let steps = of(state.stage_step as f64, stage.steps_max as f64);
    steps.max(of(state.stage_seconds, stage.minutes_max * 60.0))
}

fn is_over(stage: &StageConfig, state: &TrainState) -> bool {
    share(stage, state) >= 1.0
}

impl Window {
    fn add(&mut self, stats: &StepStats, seconds: f64) {
        self.n += 1.0;
        self.samples += stats.samples;
        self.seconds += seconds;
        self.sum("loss", stats.loss);
        self.sum("gradient_norm", stats.gradient_norm);
        for (name, head) in HEADS.iter().zip(&stats.heads) {
            self.sum(&format!("asked/{name}"), head.n);
            self.sum(&format!("loss/{name}"), head.loss * head.n);
            self.sum(&format!("accuracy/{name}"), head.accuracy * head.n);
        }
    }

    fn sum(&mut self, name: &str, value: f64) {
        *self.sums.entry(name.to_owned()).or_default() += value;
    }

    /// Heads' losses and accuracies per choice asked for, everything else per step.
    fn means(&self) -> BTreeMap<String, f64> {
        let mean = |(name, sum): (&String, &f64)| {
            let head = name
                .split_once('/')
                .map(|(_, head)| format!("asked/{head}"));
            let asked = head.filter(|_| !name.starts_with("asked/"));
            let n = asked.map_or(self.n, |key| self.sums[&key]);
            (name.clone(), sum / n.max(1.0))
        };
        let mut means: BTreeMap<String, f64> = self.sums.iter().map(mean).collect();
        means.insert(
            "samples_per_second".to_owned(),
            self.samples / self.seconds.max(1e-9),
        );
        means
    }

    fn in_words(&self, state: &TrainState, stage: &StageConfig) -> String {
        let m = self.means();
        let accuracy: Vec<String> = HEADS
            .iter()
            .map(|h| format!("{:.0}", 100.0 * m[&format!("accuracy/{h}")]))
            .collect();
        let share = share(stage, state);
        let left = state.stage_seconds / share.max(1e-9) * (1.0 - share);
        let last = state
            .evaluations
            .last()
            .map_or(String::new(), |e| in_words(&e.rows));
        format!(
            "loss {:.2} | right % {} | {:.0} samples/s | {:.0}% of stage, {:.0} min left | {last}",
            m["loss"],
            accuracy.join(" "),
            m["samples_per_second"],
            100.0 * share,
            left / 60.0,
        )
    }
}
