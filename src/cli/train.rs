//! `scc train`.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use scc::run::config::{self, ImitationConfig};
use scc::run::imitation::{RunOptions, RunSummary, config_of, train_imitation};
use scc::run::progress::{Bars, Lines, Progress};

use super::args::{Stage, Train};
use super::error::CliError;
use super::output::Output;
use super::{Global, play, stop};

/// Where a run goes that was not told.
const OUT_DEFAULT: &str = "runs/imitation";

pub fn run(args: &Train, global: &Global, output: &mut Output) -> Result<(), CliError> {
    play::check_game(&args.game)?;
    let Stage::Imitation = args.stage;
    let (config, out) = match &args.resume {
        Some(run) => (resumed_config(run, global)?, run.clone()),
        None => (
            new_config(global)?,
            global.out.clone().unwrap_or_else(|| OUT_DEFAULT.into()),
        ),
    };
    let progress = progress();
    let options = RunOptions {
        out: out.clone(),
        init: args.init.clone(),
        resume: args.resume.is_some(),
        threads: global.threads_or_all(),
        stop: stop::on_interrupt()?,
        progress: progress.as_ref(),
    };
    let summary =
        train_imitation(&config, &options).map_err(|source| CliError::library("train", source))?;
    output.result(&summary, || text(&summary))?;
    output.flush()?;
    if summary.finished {
        Ok(())
    } else {
        Err(CliError::FellShort(resume_hint(&out)))
    }
}

/// Bars where somebody watches, lines in a log.
fn progress() -> Box<dyn Progress> {
    if std::io::stderr().is_terminal() {
        Box::new(Bars::stderr())
    } else {
        Box::new(Lines::new(Box::new(std::io::stderr())))
    }
}

fn new_config(global: &Global) -> Result<ImitationConfig, CliError> {
    let mut set = global.set.clone();
    set.extend(
        global
            .seed
            .map(|seed| ("seed".to_owned(), seed.to_string())),
    );
    let read = match &global.config {
        Some(file) => config::load(file, &set),
        None => config::default_imitation(&set),
    };
    read.map_err(|source| CliError::library("train", source))
}

/// The run's own config: going on with other settings would make a run that no config describes.
fn resumed_config(run: &Path, global: &Global) -> Result<ImitationConfig, CliError> {
    if !global.set.is_empty() || global.seed.is_some() {
        return Err(CliError::Usage(
            "--resume goes on with the run's own config: leave --set and --seed away".into(),
        ));
    }
    config_of(run).map_err(|source| CliError::library("train", source))
}

fn resume_hint(out: &Path) -> String {
    format!(
        "stopped before the end; go on with: scc train --stage imitation --resume {}",
        out.display()
    )
}

fn text(summary: &RunSummary) -> String {
    let file = |name: &str| -> PathBuf { summary.run.join(name) };
    format!(
        "{}\n{} steps, {} samples, {:.0} s of training\nplay it:  {}\nreport:   {}\n",
        play::text(&summary.rows),
        summary.steps,
        summary.samples,
        summary.train_seconds,
        summary.play,
        file("report.html").display(),
    )
}
