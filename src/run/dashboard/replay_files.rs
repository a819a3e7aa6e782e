//! Replay files in a few folders: the newest of them, and a file by its plain name.

use crate::replay::{self, EXTENSION, Header};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

/// Entries of a folder that are looked at, at most.
const ENTRIES_MAX: usize = 50_000;
/// Headers remembered at most.
const HEADERS_MAX: usize = 2_000;
/// No file name is longer on the usual file systems.
const NAME_BYTES_MAX: usize = 255;

/// See the module.
pub struct ReplayFiles {
    /// The first has the first word where two hold files of one name.
    folders: Vec<PathBuf>,
    /// By path, with the time of the file that it was read from.
    headers: Mutex<HashMap<PathBuf, (SystemTime, Option<Header>)>>,
}

/// A file with its header.
pub struct Found {
    pub name: String,
    pub written_ms: u64,
    pub header: Header,
}

impl ReplayFiles {
    pub fn new(folders: Vec<PathBuf>) -> ReplayFiles {
        ReplayFiles {
            folders,
            headers: Mutex::default(),
        }
    }

    /// The file of this name; none for what is no plain name of a replay, or not there. A name cannot lead out of the folders.
    pub fn find(&self, name: &str) -> Option<PathBuf> {
        if !is_plain(name) {
            return None;
        }
        let paths = self.folders.iter().map(|folder| folder.join(name));
        let mut files = paths.filter(|path| path.is_file());
        files.next()
    }

    /// At most `n` replays, those written last first; what is damaged or half written is left out.
    pub fn newest(&self, n: usize) -> Vec<Found> {
        let mut all: Vec<(SystemTime, PathBuf)> = Vec::new();
        for folder in &self.folders {
            let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
            for entry in entries.take(ENTRIES_MAX) {
                let name = entry.file_name();
                let is_replay = name.to_str().is_some_and(is_plain);
                let written = std::fs::metadata(entry.path()).and_then(|meta| meta.modified());
                if let (true, Ok(written)) = (is_replay, written) {
                    all.push((written, entry.path()));
                }
            }
        }
        all.sort_by(|a, b| b.cmp(a));
        let found = all.into_iter().filter_map(|(written, path)| {
            let since = written.duration_since(UNIX_EPOCH);
            Some(Found {
                name: path.file_name()?.to_str()?.to_owned(),
                written_ms: since.map_or(0, |d| d.as_millis() as u64),
                header: self.header(&path, written)?,
            })
        });
        found.take(n).collect()
    }

    fn header(&self, path: &Path, written: SystemTime) -> Option<Header> {
        let mut known = self.headers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at, header)) = known.get(path)
            && *at == written
        {
            return header.clone();
        }
        if known.len() >= HEADERS_MAX {
            known.clear();
        }
        let header = replay::read_header(path).ok();
        known.insert(path.to_owned(), (written, header.clone()));
        header
    }
}

/// A file name of a replay and nothing that means another folder, or is hidden.
fn is_plain(name: &str) -> bool {
    let parts = name.rsplit_once('.');
    name.len() <= NAME_BYTES_MAX
        && !name.starts_with('.')
        && !name.contains(['/', '\\', '\0'])
        && parts.is_some_and(|(stem, extension)| !stem.is_empty() && extension == EXTENSION)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::replay::tests::sample;

    #[test]
    fn names_do_not_lead_out_of_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("replays");
        for path in [inner.join("a.screp"), folder.path().join("secret.screp")] {
            replay::write(&path, &sample()).unwrap();
        }
        std::fs::write(inner.join("b.txt"), "x").unwrap();
        std::fs::create_dir(inner.join("c.screp")).unwrap();
        let files = ReplayFiles::new(vec![folder.path().join("not there"), inner.clone()]);
        assert_eq!(files.find("a.screp"), Some(inner.join("a.screp")));
        let absolute = folder.path().join("secret.screp").display().to_string();
        for name in [
            "../secret.screp",
            "..\\secret.screp",
            "./a.screp",
            "x/../a.screp",
            &absolute,
            "a.screp\0",
            ".screp",
            "..screp",
            "",
            "b.txt",
            "c.screp",
            "%2e%2e%2fsecret.screp",
            &"x".repeat(10_000),
        ] {
            assert_eq!(files.find(name), None, "{name}");
        }
    }

    #[test]
    fn the_newest_come_first_and_half_a_file_is_left_out() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, seconds: u64| {
            let path = folder.path().join(name);
            replay::write(&path, &sample()).unwrap();
            let file = std::fs::File::options().append(true).open(&path).unwrap();
            file.set_modified(UNIX_EPOCH + std::time::Duration::from_secs(seconds))
                .unwrap();
        };
        write("old.screp", 10);
        write("new.screp", 30);
        write("middle.screp", 20);
        std::fs::write(
            folder.path().join("half.screp"),
            &replay::encode(&sample())[..60],
        )
        .unwrap();
        let files = ReplayFiles::new(vec![folder.path().to_owned()]);
        let names = |n| -> Vec<String> { files.newest(n).into_iter().map(|f| f.name).collect() };
        assert_eq!(names(9), ["new.screp", "middle.screp", "old.screp"]);
        assert_eq!(names(2), ["new.screp", "middle.screp"]);
        write("old.screp", 40);
        assert_eq!(names(1), ["old.screp"]);
        assert_eq!(files.newest(1)[0].written_ms, 40_000);
    }
}
