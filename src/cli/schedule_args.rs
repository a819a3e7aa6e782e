//! What may be typed after `scc schedule`. Doc comments here are the help texts.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use scc::storage::StorageUrl;

use super::args::Game;

const SCHEDULE_EXAMPLES: &str = "\
Examples:
  scc schedule run nightly.toml                     plays what is due, waits for the next, until stopped
  scc schedule run nightly.toml --once              for cron, systemd timers, Kubernetes
  scc schedule report nightly.toml --out page.html  win rates over time; exit 1 if one fell in the last run

A file of few lines:
  [[match]]
  name = \"nightly\"
  cron = \"0 2 * * *\"
  agent = \"scripted:marine\"
  levels = [\"Hard\", \"VeryHard\"]
  games = 100
All keys are in configs/schedule/example.toml; `scc config show FILE` prints what a file comes to.";

/// A schedule, and where its results are.
#[derive(Args, Debug)]
pub struct ScheduleFile {
    /// The schedule file (TOML)
    pub file: PathBuf,
    /// Database of the results: sqlite://PATH or mysql://USER:PASSWORD@HOST/DATABASE (default: as the file says)
    #[arg(long, value_name = "URL")]
    pub storage: Option<StorageUrl>,
}

#[derive(Debug, Subcommand)]
pub enum Schedule {
    /// Play what is due, and wait for what comes. Goes on where it was stopped or killed; no game is lost or played twice
    #[command(after_help = SCHEDULE_EXAMPLES)]
    Run {
        #[command(flatten)]
        file: ScheduleFile,
        /// Play what is due now and end. Times that were missed are caught up on once. Exit 1 if a win rate fell
        #[arg(long)]
        once: bool,
        /// Play one match at once, due or not, and end
        #[arg(long, value_name = "NAME", conflicts_with = "once")]
        now: Option<String>,
        #[command(flatten)]
        game: Game,
    },
    /// What is due when
    Next {
        #[command(flatten)]
        file: ScheduleFile,
        /// So many times to come
        #[arg(short, long = "number", value_name = "N", default_value_t = 10, value_parser = parse_times)]
        n: usize,
    },
    /// Last results, what is being played, what is left to play
    Status {
        #[command(flatten)]
        file: ScheduleFile,
    },
    /// Win rates over time with intervals; --out FILE writes one HTML page. Exit 1 if a win rate fell in the last run
    Report {
        #[command(flatten)]
        file: ScheduleFile,
    },
}

/// More times to come are of no use to anybody.
const TIMES_MAX: usize = 10_000;

fn parse_times(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(n @ 1..=TIMES_MAX) => Ok(n),
        _ => Err(format!("expected a number from 1 to {TIMES_MAX}")),
    }
}
