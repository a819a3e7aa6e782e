//! Run folders: locked while written in, with the config they were made by and a manifest of what ran.

use super::RunError;
use super::config;
use super::lock::RunLock;
use super::manifest::Manifest;
use super::progress::Progress;
use crate::env::Arena;
use crate::files::write_atomic;
use serde::Serialize;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

/// How to run, beside what the config says.
pub struct RunOptions<'a> {
    /// The run folder.
    pub out: PathBuf,
    /// Checkpoint whose weights training starts from.
    pub init: Option<PathBuf>,
    /// Go on with what is in the folder.
    pub resume: bool,
    /// Games at once, and threads of a tensor operation.
    pub threads: usize,
    /// Set from outside (Ctrl-C) to stop cleanly.
    pub stop: &'a AtomicBool,
    /// Where games are played.
    pub arena: Arena,
    pub progress: &'a dyn Progress,
}

/// Runs `work` in its locked folder, which gets `config.toml` before and `manifest.json` before and after.
///
/// # Errors
/// If the folder is another run's or in use, and whatever `work` fails with.
pub fn in_folder<T>(
    options: &RunOptions,
    config: &impl Serialize,
    seed: u64,
    work: impl FnOnce() -> Result<T, RunError>,
    is_finished: impl FnOnce(&T) -> bool,
) -> Result<T, RunError> {
    let _lock = RunLock::take(&options.out)?;
    let config = config::show(config);
    prepare(&config, options)?;
    let mut manifest = Manifest::start(config, seed);
    manifest.save(&options.out)?;
    let done = work();
    manifest.end(match &done {
        Ok(done) if is_finished(done) => "finished".to_owned(),
        Ok(_) => "interrupted".to_owned(),
        Err(error) => error.to_string(),
    });
    // The run's own error matters more than one about its manifest.
    let saved = manifest.save(&options.out);
    let done = done?;
    saved?;
    Ok(done)
}

fn prepare(config: &str, options: &RunOptions) -> Result<(), RunError> {
    let path = options.out.join("config.toml");
    let bad = |what: &str| RunError::Folder {
        path: options.out.clone(),
        what: what.to_owned(),
    };
    match (path.exists(), options.resume) {
        (true, false) => {
            return Err(bad(
                "there is a run here already: --resume it, or choose another --out",
            ));
        }
        (false, true) => return Err(bad("there is no run to resume here")),
        (true, true) if options.init.is_some() => {
            return Err(bad(
                "--init starts a run, --resume goes on with one: give one of them",
            ));
        }
        _ => {}
    }
    write_atomic(&path, config.as_bytes())?;
    Ok(())
}
