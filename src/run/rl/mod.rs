//! `scc train --stage rl`: games by many actors at once, PPO on what they played, matches in between (SCC §6.1).
//!
//! A run folder holds what an imitation run's does, without demonstrations and dataset, and `checkpoints/supervised`: the
//! agent that training is held near and measured against (Elo 0), and started from unless `start` names another. A resumed run goes on with weights,
//! optimizer, what waited to be learned from, and the number of the next game. Games under way when it stopped are lost, but
//! not with `games.serial`: there a group of games is played again, and the run ends with the weights of one that never
//! stopped, to the bit.

mod collect;
mod evaluate;
mod games;
mod jobs;
mod networks;
mod report;
mod rewards;
mod session;
mod state;
mod trainee;
mod waiting;
mod window;

#[cfg(test)]
mod tests;

pub(super) use collect::shared_metrics;
pub(super) use games::{Games, Matchup, Side, SpecLine};
pub(super) use networks::Networks;
pub(super) use rewards::Rewards;
pub use state::RlSummary;
pub(super) use state::keep_supervised;
pub(super) use trainee::{Failed, Trainee, Training};
pub(super) use waiting::KeptGame;

use super::config::RlConfig;
use super::folder::{RunOptions, in_folder};
use super::{Agents, RunError, saved};
use crate::action::Specs;
use crate::files::write_atomic;
use crate::game::MapData;
use crate::policy::{Checkpoint, Choice};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What the parts of a run share.
struct Context<'a> {
    config: &'a RlConfig,
    options: &'a RunOptions<'a>,
    specs: Specs,
    /// The agent that training starts from; in the run folder.
    supervised: PathBuf,
    agents: Arc<Agents>,
    map: Arc<MapData>,
}

/// Makes or goes on with a run.
///
/// # Errors
/// If the folder is another run's or in use, an input is bad, a loss is no number, or something cannot be written; what was
/// written before stays, and the run can be resumed.
pub fn train_rl(config: &RlConfig, options: &RunOptions) -> Result<RlSummary, RunError> {
    config.validate()?;
    super::device::find(&config.train.device)?;
    super::device::find(&config.predictor.device)?;
    let given = supervised_source(config, options)?;
    let file = Checkpoint::open(&given)?;
    let specs = file.specs()?;
    if !options.resume && !config.start.is_empty() {
        Checkpoint::open(Path::new(&config.start))?;
    }
    let agents = Arc::new(Agents::with_choice(Choice::Sample {
        temperature: config.evaluation.temperature as f32,
    }));
    check_agents(config, &agents)?;
    let map = options.arena.load_map(&config.map)?;
    Rewards::open(&config.rewards, &map)?;
    let context = Context {
        config,
        options,
        specs,
        supervised: saved::supervised_path(&options.out),
        agents,
        map,
    };
    in_folder(
        options,
        config,
        config.seed,
        || {
            if given != context.supervised {
                state::keep_supervised(&file, &context.supervised)?;
            }
            run(&context)
        },
        |summary| summary.finished,
    )
}

/// The checkpoint that the run starts or started from.
fn supervised_source(config: &RlConfig, options: &RunOptions) -> Result<PathBuf, RunError> {
    let kept = saved::supervised_path(&options.out);
    if options.resume && kept.exists() {
        return Ok(kept);
    }
    match &options.init {
        Some(path) => Ok(path.clone()),
        None if config.init.is_empty() => Err(RunError::Folder {
            path: options.out.clone(),
            what: "reinforcement learning starts from a supervised agent: name its checkpoint by --init or the \
                   config's `init`"
                .to_owned(),
        }),
        None => Ok(PathBuf::from(&config.init)),
    }
}

/// Every agent named is made once, so that a wrong name is found before hours of work.
fn check_agents(config: &RlConfig, agents: &Agents) -> Result<(), RunError> {
    let ours = ["self", "supervised"];
    let opponents = config.games.opponents.iter().map(|o| o.agent.as_str());
    let opponents = opponents.filter(|name| !ours.contains(name));
    let matches = [
        &config.evaluation.opponents,
        &config.evaluation.final_opponents,
    ];
    for text in opponents.chain(matches.into_iter().flatten().map(String::as_str)) {
        agents.check(&text.parse()?)?;
    }
    Ok(())
}

fn run(context: &Context) -> Result<RlSummary, RunError> {
    let options = context.options;
    match all(context) {
        Err(error) if error.is_interruption() => {
            options.progress.note("stopped; --resume goes on from here");
            let state = state::RlState::load(&options.out)?.unwrap_or_default();
            Ok(RlSummary {
                run: options.out.clone(),
                steps: state.step,
                samples: state.samples,
                games: state.games,
                train_seconds: state.train_seconds,
                ..RlSummary::default()
            })
        }
        other => other,
    }
}

fn all(context: &Context) -> Result<RlSummary, RunError> {
    let trained = session::train(context)?;
    let run = &context.options.out;
    let checkpoint = if context.config.evaluation.keep_best && trained.best.is_some() {
        saved::best_path(run)
    } else {
        saved::last_path(run)
    };
    let last = evaluate::at_the_end(context, &trained, &checkpoint)?;
    let summary = RlSummary {
        run: run.clone(),
        play: context.play_command(&checkpoint),
        checkpoint,
        finished: true,
        steps: trained.step,
        samples: trained.samples,
        games: trained.games,
        train_seconds: trained.train_seconds,
        elo: last.elo,
        rows: last.rows,
    };
    let text = serde_json::to_string_pretty(&summary).unwrap_or_default();
    write_atomic(&run.join("result.json"), text.as_bytes())?;
    report::write(context, &trained, &summary)?;
    Ok(summary)
}

impl Context<'_> {
    fn play_command(&self, checkpoint: &Path) -> String {
        format!(
            "scc match --agent checkpoint:{} --opponent checkpoint:{} --map {} --temperature {}",
            checkpoint.display(),
            self.supervised.display(),
            self.config.map,
            self.config.evaluation.temperature,
        )
    }
}
