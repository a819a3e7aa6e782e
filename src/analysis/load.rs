//! Players' games from files and folders of both kinds, many in parallel; what cannot be read is counted by reason.

use super::game::PlayerGame;
use super::{own, sc2};
use crate::env::EnvError;
use crate::replay::{self, Failures, ReplayError};
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// Why a replay gives no players' games.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    #[error(transparent)]
    Replay(#[from] ReplayError),
    #[error("{path} cannot be played again")]
    Playback {
        path: PathBuf,
        #[source]
        source: EnvError,
    },
    #[error(
        "{path} (version {version}) has no tracker events, which say what was made: the game writes them since 2.0.8, and \
         Blizzard's replay packs are without"
    )]
    NoTracker { path: PathBuf, version: String },
    /// The findings could not name it.
    #[error("the name of {path} is not UTF-8: rename it")]
    Name { path: PathBuf },
    #[error("{path} has no players")]
    NoPlayers { path: PathBuf },
    /// Stopped from outside.
    #[error("interrupted")]
    Stopped,
}

impl LoadError {
    /// In few words that many files share, for counts.
    pub fn reason(&self) -> String {
        match self {
            LoadError::Replay(error) => error.reason(),
            LoadError::Playback { source, .. } => match source {
                EnvError::Map(_) => "its map is not known".to_owned(),
                EnvError::Setup(_) => "the simulator cannot set it up".to_owned(),
                _ => "it does not re-play as it was recorded".to_owned(),
            },
            LoadError::NoTracker { .. } => {
                "no tracker events (before version 2.0.8, or a replay pack)".to_owned()
            }
            LoadError::Name { .. } => "its name is not UTF-8".to_owned(),
            LoadError::NoPlayers { .. } => "nobody plays in it".to_owned(),
            LoadError::Stopped => "interrupted".to_owned(),
        }
    }
}

/// How a set of replays is read.
pub struct LoadOptions<'a> {
    pub threads: usize,
    /// Ends it early.
    pub stop: &'a AtomicBool,
    /// Told how many files are done, from any thread.
    pub on_file: &'a (dyn Fn(usize) + Sync),
}

/// What a set of replays held.
#[derive(Debug, Default)]
pub struct Loaded {
    /// All players' games, by file in the order found, then by player.
    pub games: Vec<PlayerGame>,
    pub n_files: usize,
    pub failures: Failures,
    /// Not all files were read.
    pub is_stopped: bool,
}

/// The replay files of paths and folders, each once; paths that lead to nothing go into `failures`.
pub fn find(paths: &[PathBuf], failures: &mut Failures) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut known = BTreeSet::new();
    for path in paths {
        match replay::find(path) {
            Ok(found) => {
                let new = |file: &PathBuf| {
                    known.insert(std::fs::canonicalize(file).unwrap_or_else(|_| file.clone()))
                };
                files.extend(found.into_iter().filter(new));
            }
            Err(error) => failures.add(path, &error),
        }
    }
    files
}

/// Reads all files; results do not depend on threads.
pub fn load(files: &[PathBuf], options: &LoadOptions<'_>) -> Loaded {
    let done = AtomicUsize::new(0);
    let read = |path: &PathBuf| {
        if options.stop.load(Ordering::Relaxed) {
            return Err(LoadError::Stopped);
        }
        let found = games(path, options.stop);
        (options.on_file)(done.fetch_add(1, Ordering::Relaxed) + 1);
        found
    };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(options.threads);
    let results: Vec<Result<Vec<PlayerGame>, LoadError>> = match pool.build() {
        Ok(pool) => pool.install(|| files.par_iter().map(read).collect()),
        // No threads to be had: then without.
        Err(_) => files.iter().map(read).collect(),
    };
    let mut loaded = Loaded {
        n_files: files.len(),
        ..Loaded::default()
    };
    for (path, result) in files.iter().zip(results) {
        match result {
            Ok(games) => loaded.games.extend(games),
            Err(LoadError::Stopped) => loaded.is_stopped = true,
            Err(error) => loaded.failures.add_for(path, error.reason()),
        }
    }
    loaded
}

/// The players' games of one file, whichever of the two kinds it is: its first bytes tell.
///
/// # Errors
/// [`LoadError`].
pub fn games(path: &Path, stop: &AtomicBool) -> Result<Vec<PlayerGame>, LoadError> {
    if path.to_str().is_none() {
        return Err(LoadError::Name {
            path: path.to_owned(),
        });
    }
    if replay::is_sc2(path) {
        let replay = replay::sc2::read(path).map_err(ReplayError::from)?;
        return sc2::games(&replay, path);
    }
    own::games(&replay::read(path)?, path, stop)
}
