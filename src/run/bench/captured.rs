//! The encoder on one captured observation of the real game, to be measured beside other projects' encoders.

use std::path::Path;

use super::game::specs;
use super::{BenchError, Figures, failed, repeat};
use crate::run::observe::read_files;
use crate::trajectory::figures::observe_figures;

/// Encodings a run.
const ROUNDS: usize = 200;

/// `observe.captured_us`: a captured observation to the arrays that the network reads, legal functions included; reading
/// and parsing the files is not counted. `observe.captured_units`: the units it shows.
///
/// # Errors
/// If a file cannot be read, is another message, or lacks the raw interface's data.
pub fn captured(game_info: &Path, observation: &Path) -> Result<Figures, BenchError> {
    let specs = specs()?;
    let (info, raw) =
        read_files(game_info, observation).map_err(failed("a captured observation"))?;
    let raws = [raw];
    let runs = repeat(9, |_| observe_figures(&specs, &info, &raws, ROUNDS));
    let mut figures = Figures::default();
    let us = runs.iter().map(|run| run.us).collect();
    figures.add("observe.captured_us", "us", us);
    let units = runs.iter().map(|run| run.units).collect();
    figures.add("observe.captured_units", "units", units);
    Ok(figures)
}
