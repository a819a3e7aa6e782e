//! Many files at once: found in folders, read in parallel, failures counted by reason.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use rayon::prelude::*;

use super::{EXTENSION, ReplayError, ReplayInfo, info, sc2};

/// Folders are followed this deep; links to folders are not.
const DEPTH_MAX: usize = 32;

/// Replay files of both kinds below a folder, sorted by path; a path that is a file stands for itself.
///
/// # Errors
/// [`ReplayError::Read`] if the folder, or one below it, cannot be read.
pub fn find(path: &Path) -> Result<Vec<PathBuf>, ReplayError> {
    let mut found = Vec::new();
    let fail = |source| ReplayError::Read {
        path: path.to_owned(),
        source,
    };
    if std::fs::metadata(path).map_err(fail)?.is_dir() {
        below(path, 0, &mut found)?;
    } else {
        found.push(path.to_owned());
    }
    found.sort();
    Ok(found)
}

fn below(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) -> Result<(), ReplayError> {
    let fail = |source| ReplayError::Read {
        path: folder.to_owned(),
        source,
    };
    for entry in std::fs::read_dir(folder).map_err(fail)? {
        let entry = entry.map_err(fail)?;
        let path = entry.path();
        if entry.file_type().map_err(fail)?.is_dir() {
            if depth < DEPTH_MAX {
                below(&path, depth + 1, found)?;
            }
        } else if path
            .extension()
            .is_some_and(|e| e == EXTENSION || e == sc2::EXTENSION)
        {
            found.push(path);
        }
    }
    Ok(())
}

/// What each file is, in the order of `paths`; `None` for those that `stop` left out. `on_file` is told how many are
/// done, from any thread.
pub fn scan(
    paths: &[PathBuf],
    threads: usize,
    stop: &AtomicBool,
    on_file: &(dyn Fn(usize) + Sync),
) -> Vec<Option<Result<ReplayInfo, ReplayError>>> {
    let done = AtomicUsize::new(0);
    let read = |path: &PathBuf| {
        if stop.load(Ordering::Relaxed) {
            return None;
        }
        let found = info(path);
        on_file(done.fetch_add(1, Ordering::Relaxed) + 1);
        Some(found)
    };
    match rayon::ThreadPoolBuilder::new().num_threads(threads).build() {
        Ok(pool) => pool.install(|| paths.par_iter().map(read).collect()),
        // No threads to be had: then without.
        Err(_) => paths.iter().map(read).collect(),
    }
}

/// Files that could not be read, by reason.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Failures {
    /// Reason, how many files, the first of them.
    by_reason: BTreeMap<String, (usize, PathBuf)>,
}

impl Failures {
    pub fn add(&mut self, path: &Path, error: &ReplayError) {
        self.add_for(path, error.reason());
    }

    /// The same, of a reason in few words that many files share.
    pub fn add_for(&mut self, path: &Path, reason: String) {
        let entry = self.by_reason.entry(reason);
        entry.or_insert_with(|| (0, path.to_owned())).0 += 1;
    }

    /// Takes in another count; of a reason that both have, this one's first file stays.
    pub fn merge(&mut self, other: Failures) {
        for (reason, (n, first)) in other.by_reason {
            self.by_reason.entry(reason).or_insert((0, first)).0 += n;
        }
    }

    pub fn is_empty(&self) -> bool {
        self.by_reason.is_empty()
    }

    /// How many files there are of all reasons.
    pub fn total(&self) -> usize {
        self.by_reason.values().map(|(n, _)| n).sum()
    }

    /// Reason, how many files, the first of them; the most frequent first.
    pub fn rows(&self) -> Vec<(&str, usize, &Path)> {
        let mut rows: Vec<_> = self
            .by_reason
            .iter()
            .map(|(reason, (n, first))| (reason.as_str(), *n, first.as_path()))
            .collect();
        rows.sort_by_key(|row| std::cmp::Reverse(row.1));
        rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_searched_and_failures_counted_by_reason() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("a/b");
        std::fs::create_dir_all(&inner).unwrap();
        std::fs::write(inner.join("x.SC2Replay"), b"MPQ\x1a").unwrap();
        std::fs::write(inner.join("y.SC2Replay"), b"MPQ\x1a").unwrap();
        std::fs::write(folder.path().join("z.screp"), b"hello").unwrap();
        std::fs::write(folder.path().join("notes.txt"), b"hello").unwrap();
        let paths = find(folder.path()).unwrap();
        assert_eq!(paths.len(), 3);
        assert_eq!(find(&paths[0]).unwrap(), paths[..1]);
        let told = AtomicUsize::new(0);
        let on_file = |n| {
            told.fetch_max(n, Ordering::Relaxed);
        };
        let found = scan(&paths, 2, &AtomicBool::new(false), &on_file);
        let mut failures = Failures::default();
        for (path, result) in paths.iter().zip(&found) {
            failures.add(path, result.as_ref().unwrap().as_ref().unwrap_err());
        }
        assert_eq!(told.into_inner(), 3);
        assert_eq!(failures.total(), 3);
        assert_eq!(failures.rows()[0].1, 2);
        assert_eq!(failures.rows()[0].2, paths[0]);
        let stopped = scan(&paths, 1, &AtomicBool::new(true), &|_| {});
        assert!(stopped.iter().all(Option::is_none));
    }
}
