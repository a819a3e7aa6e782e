//! `scc schedule`: plays a file of matches when they are due, and says what came of it.

use std::sync::Mutex;
use std::sync::PoisonError;

use indicatif::ProgressBar;
use scc::run::config::GameKind as Kind;
use scc::run::schedule::report::Report;
use scc::run::schedule::status::{MatchStatus, Next, Status, next, status};
use scc::run::schedule::{
    Event, Mode, Options, Overrides, RunSummary, Schedule as Plan, ScheduleError, Summary,
};
use serde::Serialize;

use super::args::{Game, GameKind, Global, Schedule, ScheduleFile};
use super::error::{CliError, print_to_stderr};
use super::output::{Output, table};
use super::play::progress_bar;
use super::{game, stop};

pub fn run(command: &Schedule, global: &Global, output: &mut Output) -> Result<(), CliError> {
    match command {
        Schedule::Run {
            file,
            once,
            now,
            game,
        } => {
            let mode = match now {
                Some(name) => Mode::Now(name.clone()),
                None if *once => Mode::Once,
                None => Mode::Forever,
            };
            play(&load(file, global, Some(game))?, mode, global, output)
        }
        Schedule::Next { file, n } => {
            let times = next(&load(file, global, None)?, *n).map_err(failed)?;
            output.result(&times, || next_text(&times))
        }
        Schedule::Status { file } => {
            let status = status(&load(file, global, None)?).map_err(failed)?;
            output.result(&status, || status_text(&status))
        }
        Schedule::Report { file } => report(&load(file, global, None)?, global, output),
    }
}

fn failed(source: ScheduleError) -> CliError {
    CliError::library("schedule", source)
}

fn load(file: &ScheduleFile, global: &Global, game: Option<&Game>) -> Result<Plan, CliError> {
    let mut overrides = Overrides {
        storage: file.storage.clone(),
        ..Overrides::default()
    };
    if let Some(game) = game {
        overrides.game = game.game.map(|kind| match kind {
            GameKind::Sim => Kind::Sim,
            GameKind::Sc2 => Kind::Sc2,
        });
        overrides.game_version.clone_from(&game.game_version);
        overrides.game_timeout = game.game_timeout.map(f64::from);
        let is_told = game.game_version.is_some() || game.game_timeout.is_some();
        if is_told && overrides.game == Some(Kind::Sim) {
            return Err(CliError::Usage(
                "--game-version and --game-timeout go with --game sc2".into(),
            ));
        }
    }
    Plan::load(&file.file, &global.set, &overrides).map_err(failed)
}

fn play(schedule: &Plan, mode: Mode, global: &Global, output: &mut Output) -> Result<(), CliError> {
    let bar = Mutex::new(None);
    let options = Options {
        mode: mode.clone(),
        threads: global.threads_or_all(),
        stop: stop::on_interrupt()?,
        places: game::places(),
        tell: &|event| tell(&bar, event),
    };
    let summary = scc::run::schedule::run(schedule, &options).map_err(failed)?;
    output.result(&summary, || summary_text(&summary))?;
    output.flush()?;
    let alerts = summary.runs.iter().flat_map(|run| &run.alerts).count();
    let given_up = summary
        .runs
        .iter()
        .filter(|run| !run.detail.is_empty())
        .count();
    match mode {
        // It is meant to be stopped; what was noticed meanwhile was told when it happened.
        Mode::Forever => Ok(()),
        _ if summary.stopped => Err(CliError::FellShort("stopped; the next run goes on".into())),
        _ if given_up > 0 => Err(CliError::FellShort(format!(
            "{given_up} runs were given up"
        ))),
        _ if alerts > 0 => Err(CliError::FellShort(format!(
            "{alerts} win rates fell by more than their noise"
        ))),
        _ => Ok(()),
    }
}

/// A bar while games are played, a line for everything else, both on stderr.
fn tell(bar: &Mutex<Option<ProgressBar>>, event: Event) {
    let mut bar = bar.lock().unwrap_or_else(PoisonError::into_inner);
    match event {
        Event::Note(text) => print_to_stderr(text),
        Event::Begin { run, games } => {
            print_to_stderr(&format!("{run}: {games} games to play"));
            *bar = Some(progress_bar(u64::from(games), ""));
        }
        Event::Game {
            row,
            done,
            progress: p,
        } => {
            if let Some(bar) = &*bar {
                let message = format!("{row}: {} won, {} lost, {} tied", p.wins, p.losses, p.ties);
                bar.set_message(message);
                bar.set_position(u64::from(done));
            }
        }
        Event::End => {
            if let Some(bar) = bar.take() {
                bar.finish_and_clear();
            }
        }
    }
}

fn cells(words: &[&str]) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).collect()
}

fn summary_text(summary: &Summary) -> String {
    if summary.runs.is_empty() {
        return "nothing was due".to_owned();
    }
    let header = [
        "match", "due", "games", "won", "lost", "tied", "state", "alerts",
    ];
    let mut rows = vec![cells(&header)];
    rows.extend(summary.runs.iter().map(|run: &RunSummary| {
        vec![
            run.match_name.clone(),
            run.due.clone(),
            run.games.to_string(),
            run.wins.to_string(),
            run.losses.to_string(),
            run.ties.to_string(),
            format!("{:?}", run.state).to_lowercase(),
            run.alerts.len().to_string(),
        ]
    }));
    table(&rows)
}

fn next_text(times: &[Next]) -> String {
    let mut rows = vec![cells(&["due", "match", "games", "when"])];
    rows.extend(times.iter().map(|time| {
        let due = match (&time.due, time.is_due) {
            (Some(due), true) => format!("now ({due})"),
            (Some(due), false) => due.clone(),
            (None, _) => "-".to_owned(),
        };
        let games = time.games.map_or_else(|| "-".to_owned(), |n| n.to_string());
        vec![due, time.match_name.clone(), games, time.when.clone()]
    }));
    table(&rows)
}

fn status_text(status: &Status) -> String {
    let mut text = match &status.playing {
        Some(process) => format!(
            "played by process {process}; results in {}\n",
            status.storage
        ),
        None => format!("not being played; results in {}\n", status.storage),
    };
    if status.untold > 0 {
        text.push_str(&format!("alerts not sent yet: {}\n", status.untold));
    }
    let header = [
        "match", "when", "next", "last run", "state", "games", "won", "lost", "tied",
    ];
    let mut rows = vec![cells(&header)];
    for one in &status.matches {
        rows.extend(status_rows(one));
    }
    text.push_str(&table(&rows));
    text
}

fn status_rows(one: &MatchStatus) -> Vec<Vec<String>> {
    let next = one.next.clone().unwrap_or_else(|| "-".to_owned());
    let runs: Vec<_> = one.last.iter().chain(&one.pending).collect();
    let start = [one.name.clone(), one.when.clone(), next];
    if runs.is_empty() {
        let none = std::iter::repeat_n("-".to_owned(), 6);
        return vec![start.into_iter().chain(none).collect()];
    }
    let row = |run: &&scc::run::schedule::history::RunResult| {
        let sum = |of: fn(&scc::run::schedule::history::RowResult) -> u32| -> String {
            run.rows.iter().map(of).sum::<u32>().to_string()
        };
        let end = [
            run.due.clone(),
            format!("{:?}", run.state).to_lowercase(),
            format!("{} of {}", run.games(), run.games_planned),
            sum(|r| r.wins),
            sum(|r| r.losses),
            sum(|r| r.ties),
        ];
        start.iter().cloned().chain(end).collect()
    };
    runs.iter().map(row).collect()
}

/// The document of `scc schedule report --json`.
#[derive(Serialize)]
struct Document<'a> {
    #[serde(flatten)]
    report: &'a Report,
    /// The page, where one was asked for.
    page: Option<&'a std::path::Path>,
}

fn report(schedule: &Plan, global: &Global, output: &mut Output) -> Result<(), CliError> {
    let report = Report::new(schedule).map_err(failed)?;
    let page = global.out.as_deref();
    if let Some(file) = page {
        let saved = report.save(file);
        saved.map_err(|source| CliError::library("cannot write the report", source))?;
        print_to_stderr(&format!("wrote {}", file.display()));
    }
    let document = Document {
        report: &report,
        page,
    };
    output.result(&document, || report_text(&report))?;
    output.flush()?;
    let alerts = report.alerts();
    match alerts.is_empty() {
        true => Ok(()),
        false => Err(CliError::FellShort(format!(
            "win rates fell by more than their noise:\n{}",
            alerts.join("\n")
        ))),
    }
}

fn report_text(report: &Report) -> String {
    let header = [
        "match",
        "agent",
        "opponent",
        "map",
        "last due",
        "games",
        "won",
        "lost",
        "tied",
        "win rate",
        "95% interval",
        "runs",
    ];
    let mut rows = vec![cells(&header)];
    for one in &report.matches {
        for curve in &one.rows {
            let Some(last) = curve.points.last() else {
                continue;
            };
            rows.push(vec![
                one.name.clone(),
                curve.agent.clone(),
                curve.opponent.clone(),
                curve.map.clone(),
                last.due.clone(),
                last.games.to_string(),
                last.wins.to_string(),
                last.losses.to_string(),
                last.ties.to_string(),
                format!("{:.1}%", 100.0 * last.win_rate),
                format!(
                    "{:.1} to {:.1}%",
                    100.0 * last.ci95[0],
                    100.0 * last.ci95[1]
                ),
                curve.points.len().to_string(),
            ]);
        }
    }
    match rows.len() {
        1 => "nothing was played yet".to_owned(),
        _ => table(&rows),
    }
}
