//! What may be typed. Doc comments here are the help texts.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

const EXAMPLES: &str = "\
Examples:
  scc doctor                                              what this machine has, and what to do about the rest

Exit codes: 0 done, 1 ran but fell short, 2 usage, config, input or I/O error.";

/// StarCraft II reinforcement learning after the SCC paper, with a headless simulator of its own.
#[derive(Debug, Parser)]
#[command(name = "scc", version, after_help = EXAMPLES, propagate_version = true, arg_required_else_help = true)]
pub struct Cli {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

/// Options that mean the same for every command.
#[derive(Args, Debug)]
#[command(next_help_heading = "Everywhere")]
pub struct Global {
    /// Seed of everything random; same seed, same result
    #[arg(long, global = true, value_name = "N")]
    pub seed: Option<u64>,
    /// Threads to use (default: all); results do not depend on it
    #[arg(long, global = true, value_name = "N", value_parser = parse_threads)]
    pub threads: Option<usize>,
    /// Folder to write into
    #[arg(long, global = true, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Config file (TOML); `scc config show FILE` prints what it comes to
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Change one config key, e.g. --set train.batch=32 (repeatable)
    #[arg(long = "set", global = true, value_name = "KEY=VALUE", value_parser = parse_assignment)]
    pub set: Vec<(String, String)>,
    /// Print the result as one JSON document and nothing else
    #[arg(long, global = true)]
    pub json: bool,
    /// Log more to stderr (-vv: much more); SCC_LOG says it in detail
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Say what is installed (libtorch, CUDA, StarCraft II, disk) and what to do about what is missing
    Doctor,
}

impl Command {
    /// Whether the command may touch tensors, so that libtorch must be made ready first.
    #[cfg(feature = "torch")]
    pub fn may_use_tensors(&self) -> bool {
        match self {
            Command::Doctor => true,
        }
    }
}

/// More threads than this are a typing error.
const THREADS_MAX: usize = 1024;

fn parse_threads(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(n @ 1..=THREADS_MAX) => Ok(n),
        _ => Err(format!("expected a number from 1 to {THREADS_MAX}")),
    }
}

fn parse_assignment(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.trim().is_empty() => {
            Ok((key.trim().to_owned(), value.trim().to_owned()))
        }
        _ => Err("expected KEY=VALUE".to_owned()),
    }
}
