//! A league player that trains: its learner, its folder, its metrics.

use super::{Context, RunError, SUPERVISED_FILE};
use crate::game::Seed;
use crate::league::Player;
use crate::learner::Round;
use crate::policy::Policy;
use crate::policy::checkpoint::{self, Checkpoint, CheckpointNotes};
use crate::run::device;
use crate::run::metrics::{MetricsRow, MetricsWriter};
use crate::run::rl::{Trainee, Training};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The note that holds a player's training steps.
const STEP: &str = "training_step";
/// The same of its agent steps.
const SAMPLES: &str = "agent_steps";
/// And of its seconds.
const SECONDS: &str = "seconds";

/// See the module.
pub struct Trained<'a> {
    pub trainee: Trainee<'a>,
    pub name: String,
    /// Agent steps learned from since it joined.
    pub samples: u64,
    /// Training step of the last report to the league.
    pub reported: u64,
    pub seconds: f64,
    metrics: MetricsWriter,
    since: Instant,
    /// Weights that no past player stands for: replaced by the next.
    passing: Option<PathBuf>,
}

/// The folder of a player below the run's.
pub fn folder(name: &str) -> PathBuf {
    Path::new("players").join(name)
}

impl<'a> Trained<'a> {
    /// The player as it was last saved, or as it begins: with its checkpoint's weights.
    ///
    /// # Errors
    /// If a checkpoint is damaged or missing.
    pub fn open(context: &'a Context, player: &Player) -> Result<Trained<'a>, RunError> {
        let run = &context.options.out;
        let latest = run.join(folder(&player.name)).join("latest.safetensors");
        let resumes = latest.exists();
        let weights = if resumes {
            latest
        } else {
            run.join(&player.checkpoint)
        };
        let file = Checkpoint::open(&weights)?;
        let mut trainee = trainee(context, &file)?;
        let note = |key: &str| file.meta().notes.get(key)?.parse::<f64>().ok();
        let (mut samples, mut seconds) = (0, 0.0);
        if resumes {
            if let Some(adam) = file.adam(&trainee.learner.policy)? {
                trainee.learner.optimizer = adam;
            }
            trainee.step = note(STEP).unwrap_or(0.0) as u64;
            samples = note(SAMPLES).unwrap_or(0.0) as u64;
            seconds = note(SECONDS).unwrap_or(0.0);
        }
        Ok(Trained {
            metrics: MetricsWriter::open(&run.join(folder(&player.name)), trainee.step)?,
            name: player.name.clone(),
            samples,
            reported: trainee.step,
            seconds,
            trainee,
            since: Instant::now(),
            passing: None,
        })
    }

    /// Back to the supervised weights, with a fresh optimizer; steps go on being counted.
    ///
    /// # Errors
    /// If the supervised checkpoint cannot be read.
    pub fn reset(&mut self, context: &'a Context) -> Result<(), RunError> {
        let file = Checkpoint::open(&context.options.out.join(SUPERVISED_FILE))?;
        let step = self.trainee.step;
        self.trainee = trainee(context, &file)?;
        self.trainee.step = step;
        Ok(())
    }

    /// Saves everything to go on from, and the weights alone under the number of their agent steps; that file's path below
    /// the run folder.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn save(&mut self, context: &Context) -> Result<String, RunError> {
        self.save_state(context)?;
        let run = &context.options.out;
        let name = folder(&self.name).join(format!("{:010}.safetensors", self.samples));
        let notes = self.notes(context);
        checkpoint::save(&run.join(&name), self.policy(), None, &[], &notes)?;
        if let Some(before) = self.passing.replace(name.clone())
            && before != name
        {
            // One more file does no harm.
            let _ = std::fs::remove_file(run.join(before));
        }
        Ok(name.to_string_lossy().into_owned())
    }

    /// Saves what to go on from. The weights that the league knows the player by stay as they are.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn save_state(&self, context: &Context) -> Result<(), RunError> {
        let latest = folder(&self.name).join("latest.safetensors");
        let latest = context.options.out.join(latest);
        let learner = &self.trainee.learner;
        let (adam, notes) = (Some(&learner.optimizer), self.notes(context));
        checkpoint::save(&latest, &learner.policy, adam, &[], &notes)?;
        Ok(())
    }

    fn notes(&self, context: &Context) -> CheckpointNotes {
        CheckpointNotes {
            step: self.trainee.step,
            map_hash: context.map.hash(),
            notes: [
                (STEP.to_owned(), self.trainee.step.to_string()),
                (SAMPLES.to_owned(), self.samples.to_string()),
                (SECONDS.to_owned(), self.seconds.to_string()),
            ]
            .into(),
        }
    }

    /// The weights saved last are a past player's from now on, or another's beginning: they stay.
    pub fn keep_saved(&mut self) {
        self.passing = None;
    }

    /// So much of the time since its last training step was none of training.
    pub fn pause(&mut self, time: Duration) {
        self.since = (self.since + time).min(Instant::now());
    }

    /// A row of metrics, after a training step; what to show. `shared`: the run's own numbers, the same for every player.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn report(
        &mut self,
        round: &Round,
        rate: f64,
        shared: Vec<(String, f64)>,
    ) -> Result<String, RunError> {
        let seconds = self.since.elapsed().as_secs_f64();
        self.since = Instant::now();
        self.seconds += seconds;
        let mut values = self.trainee.metrics(round, seconds, rate, self.samples);
        values.extend(shared);
        let v = |key: &str| values.get(key).copied().unwrap_or(f64::NAN);
        let words = format!(
            "{}: step {}, {} agent steps, reward {:.2}, clip {:.2}, lag {:.1}",
            self.name,
            self.trainee.step,
            self.samples,
            v("reward/win_loss"),
            v("clip_fraction"),
            v("policy_lag"),
        );
        self.metrics.write(&MetricsRow {
            step: self.trainee.step,
            train_seconds: self.seconds,
            values,
        })?;
        Ok(words)
    }

    pub fn policy(&self) -> &Policy {
        &self.trainee.learner.policy
    }
}

fn trainee<'a>(context: &'a Context, file: &Checkpoint) -> Result<Trainee<'a>, RunError> {
    let config = context.config;
    let device = device::find(&config.train.device)?;
    let supervised = Checkpoint::open(&context.options.out.join(SUPERVISED_FILE))?;
    let (policy, supervised) = (file.policy(device)?, supervised.policy(device)?);
    let training = Training {
        learner: &config.learner,
        rewards: &config.rewards,
        specs: &context.specs,
        bf16: config.train.bf16,
        threads: context.options.threads,
        seed: Seed(config.seed),
    };
    Trainee::new(policy, supervised, training)
}
