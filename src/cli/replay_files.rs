//! `scc replay info`, `events` and `filter`: what replay files of both kinds hold, without playing them.

use std::path::{Path, PathBuf};

use scc::files::{FileError, read_limited, write_atomic};
use scc::replay::sc2::{self, ReadError};
use scc::replay::{self, Chosen, Failures, Filter, ReplayInfo};
use serde::Serialize;

use super::args::Global;
use super::error::{CliError, chain_text};
use super::out::may_write;
use super::output::{Output, table};
use super::stop;

/// Fewer files are done before a bar would be drawn.
const BAR_FROM_FILES: usize = 200;
/// As for reading one: see [`sc2::read`].
const FILE_BYTES_MAX: u64 = 64 << 20;

/// All files, the unreadable ones too: those carry an error, and make the exit code 2 after the others are done.
pub fn info(files: &[PathBuf], global: &Global, output: &mut Output) -> Result<(), CliError> {
    let results = scan(files, global)?;
    let mut failed = Vec::new();
    let mut infos = Vec::new();
    for (file, result) in files.iter().zip(results) {
        infos.push(result.unwrap_or_else(|error| {
            let words = chain_text(&error);
            failed.push(words.clone());
            ReplayInfo {
                file: file.display().to_string(),
                error: Some(words),
                ..ReplayInfo::default()
            }
        }));
    }
    output.result(&infos, || info_text(&infos))?;
    if failed.is_empty() {
        return Ok(());
    }
    output.flush()?;
    Err(CliError::Usage(format!(
        "{} of {} files: {}",
        failed.len(),
        files.len(),
        failed.join("; ")
    )))
}

fn scan(
    files: &[PathBuf],
    global: &Global,
) -> Result<Vec<Result<ReplayInfo, replay::ReplayError>>, CliError> {
    let stop = stop::on_interrupt()?;
    let bar = (files.len() >= BAR_FROM_FILES)
        .then(|| super::play::progress_bar(files.len() as u64, "replays"));
    let on_file = |done: usize| {
        if let Some(bar) = &bar {
            bar.set_position(done as u64);
        }
    };
    let results = replay::scan(files, global.threads_or_all(), stop, &on_file);
    if let Some(bar) = &bar {
        bar.finish_and_clear();
    }
    let all: Option<Vec<_>> = results.into_iter().collect();
    all.ok_or_else(|| CliError::FellShort("interrupted".to_owned()))
}

fn info_text(infos: &[ReplayInfo]) -> String {
    let header = ["file", "version", "map", "matchup", "length", "players"];
    let mut cells = vec![header.map(str::to_owned).to_vec()];
    let readable = infos.iter().filter(|info| info.error.is_none());
    cells.extend(readable.map(|info| {
        let players = info.players.iter().map(|player| {
            let mmr = player.mmr.map(|mmr| format!(", {mmr:.0}"));
            format!(
                "{} ({}{})",
                player.name,
                player.result,
                mmr.unwrap_or_default()
            )
        });
        vec![
            info.file.clone(),
            info.version.clone(),
            info.map.clone(),
            info.matchup.clone(),
            scc::game::GameLoop(info.loops).to_string(),
            players.collect::<Vec<_>>().join(" - "),
        ]
    }));
    table(&cells)
}

/// One replay, decoded.
pub fn events(file: &Path, output: &mut Output) -> Result<(), CliError> {
    let doing = || format!("replay events {}", file.display());
    let bytes = read_limited(file, FILE_BYTES_MAX)
        .map_err(|source: FileError| CliError::library("replay events", source))?;
    if bytes.starts_with(b"SCREPLAY") || replay::wrapped::unwrap(&bytes).is_some() {
        return Err(CliError::Usage(format!(
            "{} is a replay of the simulator, which keeps commands alone: `scc replay play` plays it again",
            file.display()
        )));
    }
    let replay =
        sc2::decode(&bytes).map_err(|source: ReadError| CliError::library(doing(), source))?;
    for warning in &replay.warnings {
        tracing::warn!("{}: {warning}", file.display());
    }
    let name = file.file_name().unwrap_or(file.as_os_str());
    let report = sc2::report(&replay, &name.to_string_lossy(), &bytes);
    output.result(&report, || events_text(&replay))
}

/// How many events of each kind there are, and who gave how many commands.
fn events_text(replay: &sc2::Sc2Replay) -> String {
    let summary = sc2::summary(replay);
    let mut counts = std::collections::BTreeMap::<(&str, &str), usize>::new();
    let tracker = replay.tracker.iter().map(|event| ("tracker", event.name));
    let game = replay.game.iter().map(|event| ("game", event.name));
    let messages = replay.messages.iter().map(|event| ("message", event.name));
    for key in tracker.chain(game).chain(messages) {
        *counts.entry(key).or_default() += 1;
    }
    let mut cells = vec![["section", "event", "count"].map(str::to_owned).to_vec()];
    let rows = counts.iter();
    cells.extend(rows.map(|((section, name), n)| {
        vec![(*section).to_owned(), (*name).to_owned(), n.to_string()]
    }));
    let orders = sc2::orders(&replay.game);
    let units: usize = orders.iter().map(|order| order.units.len()).sum();
    format!(
        "{} {} on {}, {} loops\n{} commands to {:.1} units each\n{}",
        summary.version,
        summary.matchup,
        summary.map,
        summary.loops,
        orders.len(),
        units as f64 / orders.len().max(1) as f64,
        table(&cells)
    )
}

/// What `scc replay filter` found.
#[derive(Serialize)]
struct Filtered {
    files: Vec<Chosen>,
    scanned: usize,
    failures: Vec<Failure>,
}

#[derive(Serialize)]
struct Failure {
    reason: String,
    files: usize,
    first: String,
}

/// The replays of whose players all conditions hold: to stdout, or as lines of paths and players into `--out`.
pub fn filter(
    paths: &[PathBuf],
    conditions: &[Filter],
    force: bool,
    global: &Global,
    output: &mut Output,
) -> Result<(), CliError> {
    if let Some(out) = &global.out {
        may_write(out, force)?;
    }
    let filter = Filter(conditions.iter().flat_map(|f| f.0.clone()).collect());
    let mut files = Vec::new();
    for path in paths {
        let found = replay::find(path);
        files.extend(found.map_err(|source| CliError::library("replay filter", source))?);
    }
    let mut failures = Failures::default();
    let mut chosen = Vec::new();
    for (path, result) in files.iter().zip(scan(&files, global)?) {
        match result {
            Ok(info) => chosen.extend(filter.choose(&info)),
            Err(error) => failures.add(path, &error),
        }
    }
    let rows = failures
        .rows()
        .into_iter()
        .map(|(reason, n, first)| Failure {
            reason: reason.to_owned(),
            files: n,
            first: first.display().to_string(),
        });
    let filtered = Filtered {
        files: chosen,
        scanned: files.len(),
        failures: rows.collect(),
    };
    if let Some(out) = &global.out {
        write_atomic(out, lines(&filtered.files).as_bytes())
            .map_err(|source| CliError::library("cannot write the list", source))?;
    }
    let to_file = global.out.is_some();
    output.result(&filtered, || {
        if to_file {
            summary(&filtered)
        } else {
            lines(&filtered.files)
        }
    })?;
    output.flush()?;
    if !to_file {
        tracing::info!("{}", summary(&filtered).trim_end());
    }
    fail_on(&failures, files.len())
}

/// A path and the players chosen, with a tab between.
fn lines(chosen: &[Chosen]) -> String {
    let lines = chosen.iter().map(|it| {
        let players: Vec<String> = it.players.iter().map(u8::to_string).collect();
        format!("{}\t{}\n", it.file, players.join(","))
    });
    lines.collect()
}

fn summary(filtered: &Filtered) -> String {
    let players: usize = filtered.files.iter().map(|it| it.players.len()).sum();
    format!(
        "{} of {} replays, {players} players\n",
        filtered.files.len(),
        filtered.scanned
    )
}

fn fail_on(failures: &Failures, n: usize) -> Result<(), CliError> {
    if failures.is_empty() {
        return Ok(());
    }
    let reasons = failures
        .rows()
        .into_iter()
        .map(|(reason, n, first)| format!("\n  {n} files: {reason} ({})", first.display()));
    Err(CliError::Usage(format!(
        "{} of {n} replays cannot be read:{}",
        failures.total(),
        reasons.collect::<String>()
    )))
}
