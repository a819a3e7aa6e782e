//! The command line: what was typed, turned into calls of the library, and their results printed.
//!
//! Invariant: results go to stdout (with `--json` one JSON document and nothing else), everything for the eye of the
//! moment to stderr; exit codes are 0 done, 1 ran but fell short, 2 usage, config, input or I/O. A reader that goes
//! away (`scc ... | head`) is success.
//!
//! Flow: `args` (what may be typed) -> [`main`] (process-wide set-up: log, threads, libtorch) -> one file a command,
//! which resolves paths and names, calls the library once and renders its answer -> `output`, `error`.
//!
//! Leaves out: everything that another front end would need too (that is `scc::run`).

mod analyze;
mod args;
mod bench;
mod bench_args;
mod branch;
mod browser;
#[cfg(feature = "torch")]
mod cluster;
mod config;
mod dashboard;
mod doctor;
mod error;
mod game;
mod league;
mod map;
#[cfg(feature = "torch")]
mod mkl;
mod observe;
mod out;
mod output;
mod play;
mod replay;
mod replay_extract;
mod replay_files;
mod schedule;
mod schedule_args;
mod sim;
#[cfg(feature = "torch")]
mod startup;
mod stop;
#[cfg(feature = "torch")]
mod train;

use std::process::ExitCode;

use clap::Parser;

use args::{Cli, Command, Global};
use error::CliError;
use output::Output;

/// Parses, runs, prints; the process's exit code.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(refusal) => return error::print_refusal(&refusal),
    };
    start_log(cli.global.verbose);
    let finished = prepare(&cli).and_then(|()| {
        let mut output = Output::stdout(cli.global.json);
        dispatch(&cli, &mut output)?;
        output.flush()
    });
    error::exit_code(finished)
}

/// What is the process's and not one command's: threads, libtorch.
fn prepare(cli: &Cli) -> Result<(), CliError> {
    #[cfg(feature = "torch")]
    if cli.command.may_use_tensors() {
        startup::prepare(cli.global.threads);
    }
    if let Some(n) = cli.global.threads {
        let built = rayon::ThreadPoolBuilder::new()
            .num_threads(n)
            .build_global();
        built.map_err(|source| CliError::library("cannot start that many threads", source))?;
    }
    Ok(())
}

fn dispatch(cli: &Cli, output: &mut Output) -> Result<(), CliError> {
    let global = &cli.global;
    match &cli.command {
        #[cfg(feature = "torch")]
        Command::Train(args) => train::run(args, global, output),
        Command::Match(args) => play::run(args, global, output),
        #[cfg(feature = "torch")]
        Command::Master(args) => cluster::master(args, global, output),
        #[cfg(feature = "torch")]
        Command::Actor(args) => cluster::work(cluster::Work::Actor, args, global, output),
        #[cfg(feature = "torch")]
        Command::Predictor(args) => cluster::work(cluster::Work::Predictor, args, global, output),
        #[cfg(feature = "torch")]
        Command::Learner(args) => cluster::work(cluster::Work::Learner, args, global, output),
        #[cfg(feature = "torch")]
        Command::Evaluator(args) => cluster::work(cluster::Work::Evaluator, args, global, output),
        Command::Map(command) => map::run(command, global, output),
        Command::League(command) => league::run(command, global, output),
        Command::Observe(args) => observe::run(args, output),
        Command::Schedule(command) => schedule::run(command, global, output),
        Command::Dashboard(args) => dashboard::run(args, output),
        Command::Replay(command) => replay::run(command, global, output),
        Command::Analyze(args) => analyze::run(args, global, output),
        Command::Config(command) => config::run(command, global, output),
        Command::Bench(args) => bench::run(args, global, output),
        Command::Sim(args) => sim::run(args, output),
        Command::Doctor(args) => doctor::run(args, global, output),
    }
}

/// Log lines go to stderr: warnings by default, more by `-v`, or what `SCC_LOG` says.
fn start_log(verbose: u8) {
    let default = ["warn", "scc=info,warn", "scc=debug,info"][usize::from(verbose.min(2))];
    let filter = tracing_subscriber::EnvFilter::try_from_env("SCC_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new(default));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_target(false)
        .init();
}
