//! `scc config show`: every key of a config file with the value it comes to.

use scc::run::config;

use super::Global;
use super::args::Config;
use super::error::CliError;
use super::output::Output;

pub fn run(command: &Config, global: &Global, output: &mut Output) -> Result<(), CliError> {
    let Config::Show { file } = command;
    let resolved = config::load_any(file, &global.set)
        .map_err(|source| CliError::library("config show", source))?;
    output.result(&resolved, || config::show(&resolved))
}
