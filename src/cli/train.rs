//! `scc train`.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use scc::evaluator::MatchRow;
use scc::run::config::{self, ImitationConfig, LeagueRunConfig, RlConfig, RunConfig};
use scc::run::imitation::{RunSummary, train_imitation};
use scc::run::league::{LeagueSummary, train_league};
use scc::run::progress::{Bars, Lines, Progress};
use scc::run::rl::{RlSummary, train_rl};
use scc::run::{RunError, RunOptions};
use serde::Serialize;

use super::args::{Game, Stage, Train};
use super::error::CliError;
use super::output::Output;
use super::{Global, game, play, stop};

pub fn run(args: &Train, global: &Global, output: &mut Output) -> Result<(), CliError> {
    if args.storage.is_some() && args.stage != Stage::League {
        return Err(CliError::Usage(
            "--storage is a league's database: it goes with --stage league".into(),
        ));
    }
    match args.stage {
        Stage::Imitation => {
            let start = args.start("runs/imitation");
            let summary = train(&start, global, train_imitation)?;
            finish(
                args,
                output,
                &summary,
                summary.finished,
                &summary.run,
                || imitation_text(&summary),
            )
        }
        Stage::League => {
            let storage = args.storage.clone();
            let start = args.start("runs/league");
            let work = |config: &LeagueRunConfig, options: &RunOptions| {
                train_league(config, options, storage)
            };
            let summary = train(&start, global, work)?;
            finish(
                args,
                output,
                &summary,
                summary.finished,
                &summary.run,
                || league_text(&summary),
            )
        }
        Stage::Rl => {
            let start = args.start("runs/rl");
            let summary = train(&start, global, train_rl)?;
            finish(
                args,
                output,
                &summary,
                summary.finished,
                &summary.run,
                || rl_text(&summary),
            )
        }
    }
}

/// How a run begins, or goes on.
pub struct Start<'a> {
    pub game: &'a Game,
    pub init: Option<&'a PathBuf>,
    pub resume: Option<&'a PathBuf>,
    /// Where a run goes that was not told.
    pub out_default: &'static str,
    /// What is done, for errors.
    pub doing: &'static str,
}

impl Train {
    fn start(&self, out_default: &'static str) -> Start<'_> {
        Start {
            game: &self.game,
            init: self.init.as_ref(),
            resume: self.resume.as_ref(),
            out_default,
            doing: "train",
        }
    }
}

/// Does the work of a run, by the config of that stage.
pub fn train<C: RunConfig, S>(
    start: &Start,
    global: &Global,
    work: impl FnOnce(&C, &RunOptions) -> Result<S, RunError>,
) -> Result<S, CliError> {
    let (config, out): (C, PathBuf) = match start.resume {
        Some(run) => (resumed_config(run, global)?, run.clone()),
        None => (
            new_config(start.game, global)?,
            global
                .out
                .clone()
                .unwrap_or_else(|| start.out_default.into()),
        ),
    };
    let chosen = game::chosen(start.game, config.game())?;
    if start.resume.is_some() && chosen != *config.game() {
        return Err(CliError::Usage(
            "--resume goes on with the run's own config: leave --game away".into(),
        ));
    }
    let stop = stop::on_interrupt()?;
    let arena = game::open(config.game(), start.doing, stop)?;
    let progress = progress();
    let options = RunOptions {
        out,
        init: start.init.cloned(),
        resume: start.resume.is_some(),
        threads: global.threads_or_all(),
        stop,
        arena,
        progress: progress.as_ref(),
    };
    work(&config, &options).map_err(|source| CliError::library(start.doing, source))
}

fn finish(
    args: &Train,
    output: &mut Output,
    summary: &impl Serialize,
    finished: bool,
    run: &Path,
    text: impl FnOnce() -> String,
) -> Result<(), CliError> {
    output.result(summary, text)?;
    output.flush()?;
    if finished {
        return Ok(());
    }
    let stage = match args.stage {
        Stage::Imitation => ImitationConfig::STAGE,
        Stage::Rl => RlConfig::STAGE,
        Stage::League => LeagueRunConfig::STAGE,
    };
    Err(CliError::FellShort(format!(
        "stopped before the end; go on with: scc train --stage {stage} --resume {}",
        run.display()
    )))
}

/// Bars where somebody watches, lines in a log.
pub fn progress() -> Box<dyn Progress> {
    if std::io::stderr().is_terminal() {
        Box::new(Bars::stderr())
    } else {
        Box::new(Lines::new(Box::new(std::io::stderr())))
    }
}

fn new_config<C: RunConfig>(game: &Game, global: &Global) -> Result<C, CliError> {
    let mut set = global.set.clone();
    set.extend(super::game::assignments(game));
    set.extend(
        global
            .seed
            .map(|seed| ("seed".to_owned(), seed.to_string())),
    );
    let read = match &global.config {
        Some(file) => config::load(file, &set),
        None => config::default_of(&set),
    };
    read.map_err(|source| CliError::library("train", source))
}

/// The run's own config: going on with other settings would make a run that no config describes.
fn resumed_config<C: RunConfig>(run: &Path, global: &Global) -> Result<C, CliError> {
    if !global.set.is_empty() || global.seed.is_some() {
        return Err(CliError::Usage(format!(
            "--resume goes on with the run's own config: leave --set and --seed away (to go on for longer, or at other rates, edit \
             {} first)",
            run.join("config.toml").display(),
        )));
    }
    config::load(&run.join("config.toml"), &[]).map_err(|source| CliError::library("train", source))
}

fn imitation_text(summary: &RunSummary) -> String {
    format!(
        "{}{} steps, {} samples, {:.0} s of training\n{}",
        table(&summary.rows),
        summary.steps,
        summary.samples,
        summary.train_seconds,
        where_it_is(&summary.play, &summary.run),
    )
}

fn rl_text(summary: &RlSummary) -> String {
    let elo = &summary.elo;
    let rating = if summary.rows.is_empty() {
        String::new()
    } else {
        format!(
            "Elo over the supervised agent: {:+.0} (95%: {:+.0} to {:+.0})\n",
            elo.elo, elo.ci95[0], elo.ci95[1],
        )
    };
    format!(
        "{}{rating}{} training steps, {} agent steps of {} games, {:.0} s\n{}",
        table(&summary.rows),
        summary.steps,
        summary.samples,
        summary.games,
        summary.train_seconds,
        where_it_is(&summary.play, &summary.run),
    )
}

/// The matches' table and an empty line; nothing where none was played yet.
fn table(rows: &[MatchRow]) -> String {
    if rows.is_empty() {
        String::new()
    } else {
        format!("{}\n", play::text(rows))
    }
}

/// A command of ours by the name under which this program was called: it need not be on the PATH.
fn as_called(command: &str) -> String {
    let program = std::env::args().next().unwrap_or_default();
    match command.strip_prefix("scc ") {
        Some(rest) if !program.is_empty() => format!("{program} {rest}"),
        _ => command.to_owned(),
    }
}

/// How to play what was trained, once there is something to play, and where the run's report is.
fn where_it_is(play: &str, run: &Path) -> String {
    let mut lines = String::new();
    if !play.is_empty() {
        lines += &format!("play it:  {}\n", as_called(play));
    }
    if report(run).exists() {
        lines += &format!("report:   {}\n", report(run).display());
    }
    lines
}

pub fn league_text(summary: &LeagueSummary) -> String {
    let elo = summary
        .elo
        .as_ref()
        .map_or(String::new(), super::league::elo_text);
    format!(
        "{elo}\n{} training steps, {} games, {} promotions, resets and branches, {:.0} s\ndatabase: {}\nreport:   {}\n",
        summary.steps,
        summary.games,
        summary.events,
        summary.train_seconds,
        summary.storage,
        report(&summary.run).display(),
    )
}

fn report(run: &Path) -> PathBuf {
    run.join("report.html")
}
