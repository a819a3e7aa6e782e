//! `/api/replay`: films of recorded games, made one at a time and kept as long as there is room.

use super::film::film;
use crate::replay;
use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

/// Bytes of films that are kept.
const CACHE_BYTES_MAX: usize = 64 << 20;
/// Requests at once for games that have to be played again: one is, the others wait.
const WAITING_MAX: usize = 5;

/// Films that were made, so that a second look costs nothing.
#[derive(Default)]
pub struct ReplayCache {
    /// Those asked for last at the end.
    kept: Mutex<VecDeque<Kept>>,
    /// One game is played again at a time: a training run beside it needs the cores.
    playing: Mutex<()>,
    waiting: AtomicUsize,
}

struct Kept {
    path: PathBuf,
    written: SystemTime,
    json: Arc<Vec<u8>>,
}

/// Why there is no film.
#[derive(Debug, PartialEq)]
pub enum NoFilm {
    /// Too many ask at once.
    Busy,
    /// In words.
    Failed(String),
}

/// Counts a request that waits or works, until it is dropped.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn begin(count: &'a AtomicUsize) -> Option<Waiting<'a>> {
        let waiting = Waiting(count);
        (count.fetch_add(1, Ordering::SeqCst) < WAITING_MAX).then_some(waiting)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl ReplayCache {
    /// The film of a file as JSON.
    ///
    /// # Errors
    /// [`NoFilm`].
    pub fn get(&self, path: &Path, stop: &AtomicBool) -> Result<Arc<Vec<u8>>, NoFilm> {
        let written = std::fs::metadata(path).and_then(|meta| meta.modified());
        let written = written.map_err(|error| NoFilm::Failed(error.to_string()))?;
        if let Some(json) = self.find(path, written) {
            return Ok(json);
        }
        let _waiting = Waiting::begin(&self.waiting).ok_or(NoFilm::Busy)?;
        let _playing = self.playing.lock().unwrap_or_else(PoisonError::into_inner);
        // Whoever had the lock may have made this very film.
        match self.find(path, written) {
            Some(json) => Ok(json),
            None => self.make(path, written, stop).map_err(NoFilm::Failed),
        }
    }

    fn make(
        &self,
        path: &Path,
        written: SystemTime,
        stop: &AtomicBool,
    ) -> Result<Arc<Vec<u8>>, String> {
        let replay = replay::read(path).map_err(|error| super::league::in_words(&error))?;
        let name = path.file_name().map(|name| name.to_string_lossy());
        let film = film(&name.unwrap_or_default(), &replay, stop)?;
        let json = serde_json::to_vec(&film).map_err(|error| error.to_string())?;
        let json = Arc::new(json);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push_back(Kept {
            path: path.to_owned(),
            written,
            json: json.clone(),
        });
        let bytes = |kept: &VecDeque<Kept>| kept.iter().map(|k| k.json.len()).sum::<usize>();
        while kept.len() > 1 && bytes(&kept) > CACHE_BYTES_MAX {
            kept.pop_front();
        }
        Ok(json)
    }

    fn find(&self, path: &Path, written: SystemTime) -> Option<Arc<Vec<u8>>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let at = kept.iter().position(|k| k.path == path)?;
        let found = kept.remove(at)?;
        if found.written != written {
            return None;
        }
        let json = found.json.clone();
        kept.push_back(found);
        Some(json)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(name: &str) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("replays")
            .join(name)
    }

    #[test]
    fn a_film_is_made_once_and_a_damaged_file_is_words() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.screp");
        std::fs::copy(own("very-hard-against-hard.screp"), &path).unwrap();
        let (cache, stop) = (ReplayCache::default(), AtomicBool::new(false));
        let first = cache.get(&path, &stop).unwrap();
        assert!(Arc::ptr_eq(&first, &cache.get(&path, &stop).unwrap()));
        std::fs::write(&path, b"SCREPLAY and no more").unwrap();
        let file = std::fs::File::options().append(true).open(&path).unwrap();
        file.set_modified(SystemTime::UNIX_EPOCH).unwrap();
        assert!(matches!(cache.get(&path, &stop), Err(NoFilm::Failed(_))));
        assert!(matches!(
            cache.get(&folder.path().join("none"), &stop),
            Err(NoFilm::Failed(_))
        ));
    }
}
