//! The checkpoints of a run that is training.

use super::ScheduleError;
use super::plan::{CHECKPOINT_BYTES_MAX, sha256};
use crate::files::{read_limited, write_atomic};
use safetensors::SafeTensors;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// Extension of checkpoints.
const EXTENSION: &str = "safetensors";
/// Digits of a hash that name a checkpoint: 128 bits.
const HASH_DIGITS: usize = 32;

/// A run's checkpoints that a match is played for.
#[derive(Clone, Debug)]
pub struct Follow {
    /// A run folder, or a folder of checkpoints.
    pub run: PathBuf,
    /// Names without extension; `*` stands for anything.
    pub pattern: String,
}

/// A checkpoint as it lies there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub path: PathBuf,
    /// Of its content, 32 hexadecimal digits.
    pub hash: String,
    /// Milliseconds since 1970.
    pub modified_ms: u64,
}

impl Found {
    /// The key of the run for it: its content, so that a copy or a rename is no other.
    pub fn due(&self) -> String {
        format!("checkpoint {}", self.hash)
    }
}

/// Files that were read, so that those that did not change are not read again.
pub type Seen = BTreeMap<PathBuf, (SystemTime, u64, Option<String>)>;

impl Follow {
    fn folder(&self) -> PathBuf {
        let inner = self.run.join("checkpoints");
        if inner.is_dir() {
            inner
        } else {
            self.run.clone()
        }
    }

    /// Whole checkpoints that are there, the oldest first; a run that has not begun has none. A file that is being written is
    /// passed over until it is whole.
    ///
    /// # Errors
    /// If a file cannot be read.
    pub fn look(&self, seen: &mut Seen) -> Result<Vec<Found>, ScheduleError> {
        let mut found = Vec::new();
        for entry in std::fs::read_dir(self.folder())
            .into_iter()
            .flatten()
            .flatten()
        {
            let path = entry.path();
            let stem = path.file_stem().unwrap_or_default();
            let stem = stem.to_string_lossy().into_owned();
            let is_one = path.extension().is_some_and(|e| e == EXTENSION)
                && !stem.starts_with('.')
                && matches(&self.pattern, &stem);
            let Some((modified, len)) = is_one.then(|| facts(&path)).flatten() else {
                continue;
            };
            let known = seen.get(&path).filter(|s| (s.0, s.1) == (modified, len));
            let hash = match known {
                Some((_, _, hash)) => hash.clone(),
                None => hash(&path)?,
            };
            seen.insert(path.clone(), (modified, len, hash.clone()));
            let since = modified.duration_since(UNIX_EPOCH);
            let modified_ms = since.map_or(0, |d| d.as_millis() as u64);
            found.extend(hash.map(|hash| Found {
                path,
                hash,
                modified_ms,
            }));
        }
        found.sort_by(|a, b| (a.modified_ms, &a.path).cmp(&(b.modified_ms, &b.path)));
        Ok(found)
    }

    /// Copies a checkpoint to where training does not change it; `None` if it was changed meanwhile.
    ///
    /// # Errors
    /// If it cannot be read, or the copy not written.
    pub fn copy(
        found: &Found,
        folder: &Path,
        name: &str,
    ) -> Result<Option<PathBuf>, ScheduleError> {
        let to = folder.join(format!("{name}-{}.{EXTENSION}", found.hash));
        let bytes = match read_limited(&found.path, CHECKPOINT_BYTES_MAX) {
            Ok(bytes) => bytes,
            Err(_) if !found.path.exists() => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        if digits(&bytes) != found.hash {
            return Ok(None);
        }
        write_atomic(&to, &bytes)?;
        // The plan that names it must hold in any current folder.
        Ok(Some(std::path::absolute(&to).unwrap_or(to)))
    }
}

fn facts(path: &Path) -> Option<(SystemTime, u64)> {
    let facts = std::fs::metadata(path).ok()?;
    let modified = facts.modified().ok()?;
    facts.is_file().then_some((modified, facts.len()))
}

/// `None` for a file that is no whole checkpoint, or is gone.
fn hash(path: &Path) -> Result<Option<String>, ScheduleError> {
    match read_limited(path, CHECKPOINT_BYTES_MAX) {
        Ok(bytes) if SafeTensors::deserialize(&bytes).is_ok() => Ok(Some(digits(&bytes))),
        Ok(_) => {
            tracing::warn!("{} is no whole checkpoint (yet)", path.display());
            Ok(None)
        }
        Err(_) if !path.exists() => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn digits(bytes: &[u8]) -> String {
    let mut hash = sha256(bytes);
    hash.truncate(HASH_DIGITS);
    hash
}

/// Whether `name` is what `pattern` says, `*` standing for any number of any characters.
fn matches(pattern: &str, name: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else {
        return pattern == name;
    };
    let Some(mut left) = name.strip_prefix(start) else {
        return false;
    };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let end = parts.pop().unwrap_or_default();
    for part in parts {
        match left.find(part) {
            Some(at) => left = &left[at + part.len()..],
            None => return false,
        }
    }
    left.ends_with(end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use safetensors::tensor::{Dtype, TensorView, serialize};

    fn weights(byte: u8) -> Vec<u8> {
        let data = [byte; 8];
        let view = TensorView::new(Dtype::U8, vec![8], &data).expect("a tensor");
        serialize([("w", view)], None).expect("serializes")
    }

    #[test]
    fn patterns_stand_for_whole_names() {
        for (pattern, name, expected) in [
            ("best", "best", true),
            ("best", "best-2", false),
            ("*", "anything", true),
            ("main-*", "main-7", true),
            ("main-*", "xmain-7", false),
            ("*-7", "main-7", true),
            ("*-7", "main-77", false),
            ("m*i*7", "main-7", true),
            ("m*i*7", "m-7", false),
            ("aa*aa", "aaa", false),
        ] {
            assert_eq!(matches(pattern, name), expected, "{pattern} {name}");
        }
    }

    #[test]
    fn checkpoints_are_told_by_content_and_only_when_whole() {
        let run = tempfile::tempdir().expect("a folder");
        let follow = Follow {
            run: run.path().to_owned(),
            pattern: "*".into(),
        };
        let mut seen = Seen::new();
        assert!(follow.look(&mut seen).expect("nothing yet").is_empty());
        let folder = run.path().join("checkpoints");
        std::fs::create_dir(&folder).expect("made");
        std::fs::write(folder.join("a.safetensors"), weights(1)).expect("written");
        std::fs::write(folder.join("half.safetensors"), &weights(2)[..30]).expect("written");
        std::fs::write(folder.join("notes.txt"), "x").expect("written");
        let first = follow.look(&mut seen).expect("one");
        assert_eq!(first.len(), 1);
        assert_eq!(follow.look(&mut seen).expect("the same"), first);
        std::fs::rename(folder.join("a.safetensors"), folder.join("b.safetensors")).expect("moved");
        std::fs::write(folder.join("half.safetensors"), weights(2)).expect("written");
        let both = follow.look(&mut seen).expect("two");
        assert_eq!(both.len(), 2);
        assert!(
            both.iter().any(|f| f.due() == first[0].due()),
            "a rename is no other"
        );
        let copied = Follow::copy(&both[0], &run.path().join("copies"), "m").expect("copied");
        assert_eq!(
            std::fs::read(copied.expect("unchanged"))
                .expect("read")
                .len(),
            weights(1).len()
        );
        std::fs::write(&both[0].path, weights(9)).expect("written");
        let changed = Follow::copy(&both[0], run.path(), "m").expect("no fault");
        assert_eq!(changed, None);
    }
}
