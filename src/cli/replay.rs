//! `scc replay`: what is in replay files, and a game as text.

use std::path::{Path, PathBuf};

use scc::env::text::{TextError, play_text};
use scc::replay::{self, ReplayInfo};

use super::args::Replay;
use super::error::CliError;
use super::output::{Output, table};

pub fn run(command: &Replay, output: &mut Output) -> Result<(), CliError> {
    match command {
        Replay::Info { files } => info(files, output),
        Replay::Play { file } => play(file, output),
    }
}

/// All files, the unreadable ones too: those carry an error, and make the exit code 2 after the others are done.
fn info(files: &[PathBuf], output: &mut Output) -> Result<(), CliError> {
    let mut failed = Vec::new();
    let mut infos = Vec::new();
    for file in files {
        infos.push(replay::info(file).unwrap_or_else(|error| {
            let words = super::error::chain_text(&error);
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

fn info_text(infos: &[ReplayInfo]) -> String {
    let header = ["file", "map", "matchup", "length", "players"];
    let mut cells = vec![header.map(str::to_owned).to_vec()];
    cells.extend(
        infos
            .iter()
            .filter(|info| info.error.is_none())
            .map(|info| {
                let players = info
                    .players
                    .iter()
                    .map(|player| format!("{} ({})", player.name, player.result));
                let length = scc::game::GameLoop(info.loops).to_string();
                vec![
                    info.file.clone(),
                    info.map.clone(),
                    info.matchup.clone(),
                    length,
                    players.collect::<Vec<_>>().join(" - "),
                ]
            }),
    );
    table(&cells)
}

fn play(file: &Path, output: &mut Output) -> Result<(), CliError> {
    let replay = replay::read(file).map_err(|source| CliError::library("replay play", source))?;
    play_text(&replay, output.writer()).map_err(|error| match error {
        TextError::Write(source) => super::output::write_error(source),
        error => CliError::library(format!("replay play {}", file.display()), error),
    })
}
