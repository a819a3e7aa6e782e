//! `scc analyze`: what was played in a set of replays, and how it differs from another set.

use std::path::{Path, PathBuf};

use scc::analysis::compare::Compared;
use scc::analysis::discover::{Discoveries, Discovery};
use scc::analysis::findings::Played;
use scc::analysis::sets::SetSummary;
use scc::analysis::strategy::Strategies;
use scc::analysis::{self, Findings, LoadOptions, PlayerGame};
use scc::game::Seed;
use scc::replay::Failures;
use scc::run::analyze::{self, Failure, REPORT, Source, Sources, quantity_words};
use serde::Serialize;

use super::args::{Analyze, Global};
use super::error::CliError;
use super::output::{Output, table};
use super::{browser, stop};

/// Rows of the table of differences on stdout.
const ROWS_MAX: usize = 10;

/// The document of `--json`: the findings without each game's figures, which stand in the folder's findings.json.
#[derive(Serialize)]
struct Document<'a> {
    report: &'a Path,
    files: &'a [PathBuf],
    sources: &'a Sources,
    summary: &'a SetSummary,
    reference: Option<&'a SetSummary>,
    discoveries: Option<&'a Discoveries>,
    strategies: &'a Strategies,
    played: &'a [Vec<Played>],
    comparison: &'a [Compared],
}

pub fn run(args: &Analyze, global: &Global, output: &mut Output) -> Result<(), CliError> {
    let folder = out_folder(global, args.force)?;
    let (mut games, set) = read(&args.replays, "replays", global)?;
    let against = (!args.against.is_empty())
        .then(|| read(&args.against, "reference replays", global))
        .transpose()?;
    let seed = Seed(global.seed.unwrap_or_default());
    let (n_set, has_reference) = (games.len(), against.is_some());
    let reference = against.map(|(theirs, source)| {
        games.extend(theirs);
        source
    });
    let findings = Findings::of(&games, n_set, has_reference, seed);
    let sources = Sources { set, reference };
    let files = analyze::write(&findings, &sources, folder)
        .map_err(|source| CliError::library("cannot write the report", source))?;
    let document = Document {
        report: &folder.join(REPORT),
        files: &files,
        sources: &sources,
        summary: &findings.summary,
        reference: findings.reference.as_ref(),
        discoveries: findings.discoveries.as_ref(),
        strategies: &findings.strategies,
        played: &findings.played,
        comparison: &findings.comparison,
    };
    output.result(&document, || text(&document))?;
    if args.open {
        output.flush()?;
        browser::show(document.report);
    }
    let failed = [Some(&sources.set), sources.reference.as_ref()];
    let failures: Vec<&Failure> = failed
        .into_iter()
        .flatten()
        .flat_map(|it| &it.failures)
        .collect();
    if failures.is_empty() {
        return Ok(());
    }
    output.flush()?;
    Err(CliError::Usage(unreadable(&failures)))
}

/// The folder to write into, checked before anything is read.
fn out_folder(global: &Global, force: bool) -> Result<&Path, CliError> {
    let Some(out) = &global.out else {
        return Err(CliError::Usage(
            "analyze writes a report: name its folder with --out DIR".into(),
        ));
    };
    if out.join(REPORT).exists() && !force {
        return Err(CliError::Usage(format!(
            "{} has a report already; --force replaces it",
            out.display()
        )));
    }
    std::fs::create_dir_all(out).map_err(|source| {
        CliError::library(format!("cannot make the folder {}", out.display()), source)
    })?;
    Ok(out)
}

/// All players' games of a set; it is an error if there are none.
fn read(
    paths: &[PathBuf],
    what: &'static str,
    global: &Global,
) -> Result<(Vec<PlayerGame>, Source), CliError> {
    let stop = stop::on_interrupt()?;
    let mut failures = Failures::default();
    let files = analysis::find(paths, &mut failures);
    let bar = super::play::progress_bar(files.len() as u64, what);
    let options = LoadOptions {
        threads: global.threads_or_all(),
        stop,
        on_file: &|done| bar.set_position(done as u64),
    };
    let mut loaded = analysis::load(&files, &options);
    bar.finish_and_clear();
    if loaded.is_stopped {
        return Err(CliError::FellShort("interrupted".to_owned()));
    }
    loaded.failures.merge(failures);
    let rows = loaded.failures.rows().into_iter();
    let source = Source {
        paths: paths
            .iter()
            .map(|path| path.display().to_string())
            .collect(),
        n_files: loaded.n_files,
        failures: rows
            .map(|(reason, files, first)| Failure {
                reason: reason.to_owned(),
                files,
                first: first.display().to_string(),
            })
            .collect(),
    };
    if loaded.games.is_empty() {
        let failures: Vec<&Failure> = source.failures.iter().collect();
        let why = match failures.is_empty() {
            true => "no .SC2Replay and no .screp file is there".to_owned(),
            false => unreadable(&failures),
        };
        return Err(CliError::Usage(format!("no {what} to analyze: {why}")));
    }
    Ok((loaded.games, source))
}

fn unreadable(failures: &[&Failure]) -> String {
    let reasons = failures
        .iter()
        .map(|it| format!("\n  {} files: {} ({})", it.files, it.reason, it.first));
    let n: usize = failures.iter().map(|it| it.files).sum();
    format!("{n} replays cannot be read:{}", reasons.collect::<String>())
}

fn text(it: &Document<'_>) -> String {
    let mut cells = vec![
        ["set", "matchup", "players", "wins", "losses", "win rate"]
            .map(str::to_owned)
            .to_vec(),
    ];
    let sets = [Some(it.summary), it.reference];
    for (set, name) in sets.into_iter().zip(it.sources.names()) {
        for row in set
            .iter()
            .flat_map(|set| &set.races)
            .flat_map(|race| &race.matchups)
        {
            let rate = row
                .win_rate
                .map(|[rate, ..]| format!("{:.1}%", rate * 100.0));
            cells.push(vec![
                name.clone(),
                row.matchup.clone(),
                row.games.to_string(),
                row.wins.to_string(),
                row.losses.to_string(),
                rate.unwrap_or_default(),
            ]);
        }
    }
    let mut text = table(&cells);
    text.push('\n');
    text.push_str(&strategies(it));
    if let Some(found) = it.discoveries {
        text.push('\n');
        text.push_str(&discovered(found));
    }
    if !it.comparison.is_empty() {
        text.push('\n');
        text.push_str(&differences(it.comparison));
    }
    text.push_str(&format!("\n{}\n", it.report.display()));
    text
}

fn strategies(it: &Document<'_>) -> String {
    let mut cells = vec![
        ["race", "strategy", "played", "won"]
            .map(str::to_owned)
            .to_vec(),
    ];
    for (race, played) in it.strategies.races.iter().zip(it.played) {
        for (strategy, played) in race.strategies.iter().zip(played).take(ROWS_MAX) {
            let won = played
                .win_rate
                .rate
                .map(|rate| format!("{:.1}%", rate * 100.0));
            cells.push(vec![
                format!("{:?}", race.race),
                strategy.name.clone(),
                format!("{} of {}", played.frequency.count, played.frequency.of),
                won.unwrap_or_default(),
            ]);
        }
    }
    table(&cells)
}

fn discovered(found: &Discoveries) -> String {
    if found.found.is_empty() {
        let notes = found.notes.iter().map(|note| format!("; {note}"));
        return format!("no discovered strategy{}\n", notes.collect::<String>());
    }
    let header = ["discovered", "set", "reference", "replay", "minute"];
    let mut cells = vec![header.map(str::to_owned).to_vec()];
    cells.extend(found.found.iter().take(ROWS_MAX).map(|it: &Discovery| {
        let first = it.examples.first();
        vec![
            it.title.clone(),
            format!("{} of {}", it.set_rate.count, it.set_rate.of),
            format!("{} of {}", it.reference_rate.count, it.reference_rate.of),
            first
                .map(|it| it.file.display().to_string())
                .unwrap_or_default(),
            first
                .map(|it| format!("{:.1}", it.minute))
                .unwrap_or_default(),
        ]
    }));
    table(&cells)
}

fn differences(comparison: &[Compared]) -> String {
    let mut cells = vec![
        ["race", "quantity", "mean", "reference", "KS", "p adjusted"]
            .map(str::to_owned)
            .to_vec(),
    ];
    let mut rows: Vec<&Compared> = comparison.iter().collect();
    rows.sort_by(|a, b| {
        let surest = a.p_adjusted.total_cmp(&b.p_adjusted);
        surest.then(b.difference.ks.total_cmp(&a.difference.ks))
    });
    for it in rows.into_iter().take(ROWS_MAX) {
        cells.push(vec![
            format!("{:?}", it.race),
            quantity_words(it),
            format!("{:.2}", it.set.mean),
            format!("{:.2}", it.reference.mean),
            format!("{:.2}", it.difference.ks),
            format!("{:.4}", it.p_adjusted),
        ]);
    }
    table(&cells)
}
