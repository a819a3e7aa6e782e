//! `scc replay`: what is in replay files, a game as text, and the strategies that were played.

use std::path::{Path, PathBuf};

use scc::env::text::{TextError, play_text};
use scc::replay;
use scc::run::strategies::{self, StrategyOptions, StrategyReport};

use super::args::{Global, Replay};
use super::error::CliError;
use super::out::file_to_write;
use super::output::{Output, table};
use super::{replay_extract, replay_files, stop};

pub fn run(command: &Replay, global: &Global, output: &mut Output) -> Result<(), CliError> {
    match command {
        Replay::Info { files } => replay_files::info(files, global, output),
        Replay::Events { file } => replay_files::events(file, output),
        Replay::Filter {
            paths,
            conditions,
            force,
        } => replay_files::filter(paths, conditions, *force, global, output),
        Replay::Extract(args) => replay_extract::run(args, global, output),
        Replay::Play { file } => play(file, output),
        Replay::Z {
            replays,
            winners,
            force,
        } => collect(replays, *winners, *force, global, output),
    }
}

/// Writes the library of all usable files; the others are named, and make the exit code 1 (2 if none is usable).
fn collect(
    replays: &[PathBuf],
    winners_only: bool,
    force: bool,
    global: &Global,
    output: &mut Output,
) -> Result<(), CliError> {
    let out = file_to_write(global, "replay z", force)?;
    let mut files = Vec::new();
    for path in replays {
        let listed = replay::list(path);
        files.extend(listed.map_err(|source| CliError::library("replay z", source))?);
    }
    if files.is_empty() {
        return Err(CliError::Usage(
            "there are no replays (*.screp) to take strategies from".into(),
        ));
    }
    let stop = stop::on_interrupt()?;
    let bar = super::play::progress_bar(files.len() as u64, "replays");
    let options = StrategyOptions {
        winners_only,
        threads: global.threads_or_all(),
        stop,
        on_file: &|done| bar.set_position(done as u64),
    };
    let (library, report) = strategies::collect(&files, options);
    bar.finish_and_clear();
    if stop.load(std::sync::atomic::Ordering::Relaxed) {
        return Err(CliError::FellShort("interrupted".to_owned()));
    }
    if library.entries.is_empty() {
        let reason = report.left_out.first().map(|l| format!(": {}", l.reason));
        return Err(CliError::Usage(format!(
            "no strategy in {} replays{}",
            files.len(),
            reason.unwrap_or_default()
        )));
    }
    let written = library.write(out);
    written.map_err(|source| CliError::library("cannot write the library", source))?;
    output.result(&report, || report_text(&report, out))?;
    match report.left_out.first() {
        None => Ok(()),
        Some(first) => {
            output.flush()?;
            Err(CliError::FellShort(format!(
                "{} of {} replays left out, the first one: {}",
                report.left_out.len(),
                files.len(),
                first.reason
            )))
        }
    }
}

fn report_text(report: &StrategyReport, out: &Path) -> String {
    let mut cells = vec![["map", "strategies"].map(str::to_owned).to_vec()];
    let maps = report.maps.iter();
    cells.extend(maps.map(|(map, n)| vec![map.clone(), n.to_string()]));
    format!(
        "{}{} strategies ({} of winners) of {} games in {}\n",
        table(&cells),
        report.entries,
        report.winners,
        report.games,
        out.display()
    )
}

fn play(file: &Path, output: &mut Output) -> Result<(), CliError> {
    let replay = replay::read(file).map_err(|source| CliError::library("replay play", source))?;
    play_text(&replay, output.writer()).map_err(|error| match error {
        TextError::Write(source) => super::output::write_error(source),
        error => CliError::library(format!("replay play {}", file.display()), error),
    })
}
