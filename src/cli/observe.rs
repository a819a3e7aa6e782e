//! `scc observe`: captured observations of the real game as the network sees them.

use std::path::Path;

use scc::action::Specs;
use scc::files;
use scc::run::observe::{Observed, observe_files, split_line};
use serde_json::json;

use super::args::Observe;
use super::error::{CliError, chain_text};
use super::output::Output;

/// Lists of a hundred thousand captures are far below.
const LIST_BYTES_MAX: u64 = 64 << 20;

pub fn run(args: &Observe, output: &mut Output) -> Result<(), CliError> {
    let specs = Specs::default();
    if let Some(file) = &args.list {
        return list(file, &specs, output);
    }
    let (Some(info), Some(observation)) = (&args.game_info, &args.observation) else {
        return Err(CliError::Usage(
            "--game-info and --observation belong together".into(),
        ));
    };
    let observed = observe_files(info, observation, &specs)
        .map_err(|source| CliError::library("cannot encode the capture", source))?;
    output.result(&observed, || text(&observed))
}

/// One JSON object a line; a capture that fails gets an `error`, and the exit code is 2 once all others are done.
fn list(file: &Path, specs: &Specs, output: &mut Output) -> Result<(), CliError> {
    let doing = || format!("cannot read the list {}", file.display());
    let bytes = files::read_limited(file, LIST_BYTES_MAX)
        .map_err(|source| CliError::library(doing(), source))?;
    let lines = std::str::from_utf8(&bytes).map_err(|source| CliError::library(doing(), source))?;
    let (mut n_lines, mut n_failed) = (0, 0);
    for line in lines.lines().map(str::trim).filter(|l| !l.is_empty()) {
        n_lines += 1;
        let observed = split_line(line)
            .and_then(|(info, observation)| observe_files(&info, &observation, specs));
        match observed {
            Ok(observed) => output.json_line(&observed)?,
            Err(error) => {
                n_failed += 1;
                output.json_line(&json!({ "error": chain_text(&error) }))?;
            }
        }
    }
    if n_failed == 0 {
        return Ok(());
    }
    output.flush()?;
    Err(CliError::Usage(format!(
        "{n_failed} of {n_lines} captures could not be encoded"
    )))
}

fn text(observed: &Observed) -> String {
    let mut text = format!(
        "{:8}{:>9}{:>9}{:>10}\n",
        "units", "captured", "encoded", "features"
    );
    let (units, encoded, shapes) = (&observed.units, &observed.encoded, &observed.shapes);
    for (name, captured, kept, width) in [
        ("self", units.own, encoded.own, shapes.own[1]),
        ("enemy", units.enemy, encoded.enemy, shapes.enemy[1]),
        ("neutral", units.neutral, encoded.neutral, shapes.neutral[1]),
    ] {
        text += &format!("{name:8}{captured:>9}{kept:>9}{width:>10}\n");
    }
    text += &format!(
        "scalars {}, planes {:?}\nhash    {}\n",
        shapes.scalars[0], shapes.planes, observed.hash
    );
    text
}
