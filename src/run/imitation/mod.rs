//! `scc train --stage imitation`: demonstrations, dataset, stages of training with matches in between, the final table.
//!
//! A run folder holds `config.toml`, `manifest.json`, `metrics.jsonl`, `tensorboard/`, `demonstrations/`, `dataset/`,
//! `checkpoints/`, `result.json` and `report.html`. All that a resumed run needs is in it: games and shards that are
//! there are not made again, and training goes on from `checkpoints/latest`, to the very bits of a run that never stopped.

mod report;
mod state;
mod train;

#[cfg(test)]
mod tests;

use super::config::ImitationConfig;
use super::folder::{RunOptions, in_folder};
use super::tables::Tables;
use super::{Agents, RunError, demonstrations, saved};
use crate::action::Specs;
use crate::dataset::{BuildOptions, Dataset, build};
use crate::evaluator::MatchRow;
use crate::files::write_atomic;
use crate::game::{MapData, Seed};

use crate::policy::Choice;
use crate::replay;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What a run came to; `result.json`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RunSummary {
    pub run: PathBuf,
    /// The checkpoint that played the final table.
    pub checkpoint: PathBuf,
    /// All stages done and the final table played; else it was stopped and can be resumed.
    pub finished: bool,
    pub steps: u64,
    pub samples: u64,
    pub train_seconds: f64,
    /// The command that plays the checkpoint as the final table did.
    #[serde(default)]
    pub play: String,
    /// The final table.
    pub rows: Vec<MatchRow>,
}

/// What the parts of a run share.
struct Context<'a> {
    config: &'a ImitationConfig,
    options: &'a RunOptions<'a>,
    specs: Specs,
    agents: Agents,
    map: Arc<MapData>,
}

/// Makes or goes on with a run.
///
/// # Errors
/// If the folder is another run's or in use, an input is bad, or something cannot be written; what was written before
/// stays, and the run can be resumed.
pub fn train_imitation(
    config: &ImitationConfig,
    options: &RunOptions,
) -> Result<RunSummary, RunError> {
    config.validate()?;
    let context = Context::new(config, options)?;
    context.check_agents()?;
    super::device::find(&config.train.device)?;
    train::init_checkpoint(&context)?; // before hours of demonstrations, not after
    in_folder(
        options,
        config,
        config.seed,
        || run(&context),
        |s| s.finished,
    )
}

fn run(context: &Context) -> Result<RunSummary, RunError> {
    let options = context.options;
    match context.all() {
        Err(error) if error.is_interruption() => {
            options.progress.note("stopped; --resume goes on from here");
            let reached = state::TrainState::load(&options.out)?;
            let mut summary = RunSummary {
                run: options.out.clone(),
                ..RunSummary::default()
            };
            if let Some(state) = reached {
                (summary.steps, summary.samples) = (state.step, state.samples);
                summary.train_seconds = state.train_seconds;
            }
            Ok(summary)
        }
        other => other,
    }
}

impl<'a> Context<'a> {
    fn new(
        config: &'a ImitationConfig,
        options: &'a RunOptions<'a>,
    ) -> Result<Context<'a>, RunError> {
        let specs = Specs::new(config.obs.clone(), config.action.clone());
        Ok(Context {
            config,
            options,
            specs: specs.map_err(|e| RunError::Folder {
                path: options.out.clone(),
                what: e.to_string(),
            })?,
            agents: Agents::with_choice(Choice::Sample {
                temperature: config.evaluation.temperature as f32,
            }),
            map: options.arena.load_map(&config.map)?,
        })
    }

    /// Every agent named is made once, so that a wrong name is found before hours of work.
    fn check_agents(&self) -> Result<(), RunError> {
        let c = self.config;
        let lists = [
            &c.demonstrations.agents,
            &c.demonstrations.opponents,
            &c.evaluation.opponents,
            &c.evaluation.final_opponents,
        ];
        for text in lists.into_iter().flatten() {
            self.agents.check(&text.parse()?)?;
        }
        Ok(())
    }

    fn all(&self) -> Result<RunSummary, RunError> {
        let dataset = Arc::new(self.dataset()?);
        let trained = train::train(self, dataset)?;
        let checkpoint = if self.config.evaluation.keep_best && trained.best.is_some() {
            saved::best_path(&self.options.out)
        } else {
            saved::last_path(&self.options.out)
        };
        let opponents = &self.config.evaluation.final_opponents;
        let rows = self.tables().at_the_end(&checkpoint, opponents)?;
        let summary = RunSummary {
            run: self.options.out.clone(),
            play: self.play_command(&checkpoint),
            checkpoint,
            finished: true,
            steps: trained.step,
            samples: trained.samples,
            train_seconds: trained.train_seconds,
            rows,
        };
        let text = serde_json::to_string_pretty(&summary).unwrap_or_default();
        write_atomic(&self.options.out.join("result.json"), text.as_bytes())?;
        report::write(self, &trained, &summary)?;
        Ok(summary)
    }

    fn tables(&self) -> Tables<'_> {
        Tables {
            config: &self.config.evaluation,
            agents: &self.agents,
            map: &self.map,
            seed: Seed(self.config.seed),
            threads: self.options.threads,
            stop: self.options.stop,
            arena: &self.options.arena,
            progress: self.options.progress,
        }
    }

    fn play_command(&self, checkpoint: &Path) -> String {
        let c = self.config;
        let opponent = c.evaluation.final_opponents.first();
        format!(
            "scc match --agent checkpoint:{} --opponent {} --map {} --temperature {}",
            checkpoint.display(),
            opponent.map_or("builtin:Easy:terran", String::as_str),
            c.map,
            c.evaluation.temperature,
        )
    }

    fn replays(&self) -> Result<Vec<PathBuf>, RunError> {
        let given = &self.config.demonstrations.replays;
        if given.is_empty() {
            let folder = self.options.out.join("demonstrations");
            return demonstrations::make(
                self.config,
                &self.map,
                &folder,
                &self.agents,
                self.options.threads,
                self.options.stop,
                self.options.progress,
            );
        }
        let files = replay::list(Path::new(given))?;
        if files.is_empty() {
            return Err(RunError::Folder {
                path: given.into(),
                what: format!("it holds no replay (*.{})", replay::EXTENSION),
            });
        }
        Ok(files)
    }

    /// The dataset that the config names, or the one of this run's replays, as far as it is there.
    fn dataset(&self) -> Result<Dataset, RunError> {
        let given = &self.config.demonstrations.dataset;
        let dataset = match given.is_empty() {
            true => self.built(&self.replays()?)?,
            false => Dataset::open(Path::new(given), &self.specs)?,
        };
        self.describe(&dataset);
        Ok(dataset)
    }

    fn built(&self, replays: &[PathBuf]) -> Result<Dataset, RunError> {
        let progress = self.options.progress;
        let per_shard = self.config.dataset.replays_per_shard;
        progress.begin("dataset", replays.len().div_ceil(per_shard) as u64);
        let dataset = build(
            &self.options.out.join("dataset"),
            replays,
            &self.specs,
            &BuildOptions {
                block_steps: self.config.dataset.block_steps,
                no_op_loops: self.config.dataset.no_op_loops,
                replays_per_shard: per_shard,
                needs_z: self.config.train.z_share > 0.0,
                threads: self.options.threads,
                stop: self.options.stop,
                on_shard: &|p| progress.at(p.done as u64, "shards"),
            },
        )?;
        progress.end(&format!("{} replays", replays.len()));
        Ok(dataset)
    }

    fn describe(&self, dataset: &Dataset) {
        let progress = self.options.progress;
        let counts = dataset.counts();
        let left_out: u64 = counts.left_out.values().sum();
        progress.note(&format!(
            "{} players' games, {} steps ({} no-ops), {left_out} commands left out",
            dataset.n_episodes(),
            counts.steps,
            counts.no_ops,
        ));
        for (reason, n) in &counts.left_out {
            progress.note(&format!("  left out: {n} x {reason}"));
        }
    }
}
