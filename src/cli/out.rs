//! `--out FILE` of commands that write one.

use std::path::Path;

use super::args::Global;
use super::error::CliError;

/// The file that a command writes; one that is there is replaced by `force` alone.
pub fn file_to_write<'a>(
    global: &'a Global,
    command: &str,
    force: bool,
) -> Result<&'a Path, CliError> {
    let advice = || CliError::Usage(format!("{command} writes a file: name it with --out FILE"));
    let out = global.out.as_deref().ok_or_else(advice)?;
    may_write(out, force)?;
    Ok(out)
}

/// Refuses to replace a file that is there, unless told to.
pub fn may_write(file: &Path, force: bool) -> Result<(), CliError> {
    if force || !file.exists() {
        return Ok(());
    }
    let file = file.display();
    Err(CliError::Usage(format!(
        "{file} exists; --force replaces it"
    )))
}
