//! `scc replay extract`: replay files into a dataset for imitation.

use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::time::Duration;

use indicatif::ProgressBar;
use scc::action::Specs;
use scc::replay::{self, Filter};
use scc::run::config::{self, ImitationConfig};
use scc::run::extraction::{ExtractOptions, ExtractReport, Watching, extract};
use scc::sc2::client::{Limits, locate};

use super::args::{Extract, GameKind, Global};
use super::error::{CliError, chain_text, print_to_stderr};
use super::output::Output;
use super::{game, stop};

const DOING: &str = "replay extract";
/// Time that StarCraft II has for an answer where none is said.
const TIMEOUT_SECONDS: u32 = 60;
/// Reasons printed on stderr; the JSON has all.
const REASONS_MAX: usize = 12;

pub fn run(args: &Extract, global: &Global, output: &mut Output) -> Result<(), CliError> {
    let Some(out) = &global.out else {
        return Err(CliError::Usage(
            "replay extract makes a dataset: name its folder with --out DATASET".into(),
        ));
    };
    let config = config(global)?;
    let specs = Specs::new(config.obs.clone(), config.action.clone())
        .map_err(|source| CliError::library(DOING, source))?;
    let filter = Filter(args.conditions.iter().flat_map(|f| f.0.clone()).collect());
    let watching = watching(args)?;
    let mut files: Vec<PathBuf> = Vec::new();
    for path in &args.paths {
        let found = replay::find(path);
        files.extend(found.map_err(|source| CliError::library(DOING, source))?);
    }
    if files.is_empty() {
        return Err(CliError::Usage(
            "there are no replays (*.screp, *.SC2Replay) to extract".into(),
        ));
    }
    let stop = stop::on_interrupt()?;
    let bar = super::play::progress_bar(files.len() as u64, "replays");
    bar.enable_steady_tick(Duration::from_secs(1));
    let options = ExtractOptions {
        out,
        specs: &specs,
        dataset: &config.dataset,
        filter: &filter,
        watching: watching.as_ref().map_err(String::as_str),
        threads: global.threads_or_all(),
        stop,
        force: args.force,
        on_file: &|done, of| tell(&bar, done, of),
    };
    let report = extract(&files, &options);
    bar.finish_and_clear();
    let report = match report {
        Err(error) if error.is_interruption() => return Err(stopped()),
        report => report.map_err(|source| CliError::library(DOING, source))?,
    };
    output.result(&report, || text(&report))?;
    output.flush()?;
    finish(&report, stop.load(Ordering::Relaxed))
}

/// A bar where somebody watches, a line now and then in a log.
fn tell(bar: &ProgressBar, done: usize, of: usize) {
    bar.set_length(of as u64);
    bar.set_position(done as u64);
    if bar.is_hidden() && done.is_multiple_of((of / 20).max(1)) {
        print_to_stderr(&format!("{done} of {of} replays"));
    }
}

/// Of an imitation config what a dataset depends on: `obs`, `action`, `dataset`.
fn config(global: &Global) -> Result<ImitationConfig, CliError> {
    let read = match &global.config {
        Some(file) => config::load(file, &global.set),
        None => config::default_of(&global.set),
    };
    read.map_err(|source| CliError::library(DOING, source))
}

/// What `.SC2Replay` files are watched on; or why on nothing, which is an error only where `--game sc2` asks for it.
fn watching(args: &Extract) -> Result<Result<Watching, String>, CliError> {
    let asked = args.game.game == Some(GameKind::Sc2);
    let told = args.game.game_version.is_some() || args.game.game_timeout.is_some();
    if told && !asked {
        return Err(CliError::Usage(
            "--game-version and --game-timeout go with --game sc2".into(),
        ));
    }
    if args.game.game == Some(GameKind::Sim) {
        return Ok(Err(
            "it is of the real game, which --game sim does not start".into(),
        ));
    }
    let installation = match locate(&game::places()) {
        Ok(installation) => installation,
        Err(why) if asked => return Err(CliError::library(DOING, why)),
        Err(why) => return Ok(Err(chain_text(&why))),
    };
    let version = args.game.game_version.clone();
    if let Some(wanted) = &version {
        let known = installation.launch(Some(wanted));
        known.map_err(|why| CliError::library(DOING, why))?;
    }
    let seconds = args.game.game_timeout.unwrap_or(TIMEOUT_SECONDS);
    Ok(Ok(Watching {
        installation,
        version,
        limits: Limits::of_request(Duration::from_secs(seconds.into())),
        all: asked,
    }))
}

fn stopped() -> CliError {
    CliError::FellShort("stopped; the same command goes on from here".into())
}

fn text(report: &ExtractReport) -> String {
    let mut text = format!(
        "{} players' games of {} replays ({} looked at), {} steps ({} no-ops)\n",
        report.episodes, report.extracted, report.scanned, report.steps, report.no_ops
    );
    for (reason, n) in &report.left_out {
        text += &format!("left out: {n} commands: {reason}\n");
    }
    if report.finished {
        text += &format!(
            "dataset:  {}\nlearn:    scc train --stage imitation --set demonstrations.dataset={}\n",
            report.dataset.display(),
            report.dataset.display()
        );
    }
    text
}

/// Files that cannot be read are input errors, games that could not be watched fall short; what was done is done.
fn finish(report: &ExtractReport, is_stopped: bool) -> Result<(), CliError> {
    if is_stopped && !report.finished {
        return Err(stopped());
    }
    let failed: usize = report.failures.iter().map(|row| row.files).sum();
    if failed == 0 && report.finished {
        return Ok(());
    }
    let rows = report.failures.iter().take(REASONS_MAX);
    let rows: String = rows
        .map(|row| {
            let reason: String = row.reason.chars().take(180).collect();
            format!("\n  {} files: {reason} ({})", row.files, row.first)
        })
        .collect();
    let text = match (report.extracted, failed) {
        (0, 0) => "no player of these replays is meant".to_owned(),
        _ => format!("{failed} of {} replays failed:{rows}", report.scanned),
    };
    let is_input = report.failures.iter().any(|row| !row.tried_again);
    match is_input || report.extracted == 0 {
        true => Err(CliError::Usage(text)),
        false => Err(CliError::FellShort(text)),
    }
}
