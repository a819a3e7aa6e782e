//! One run, one process: a run folder is locked while somebody writes in it.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Why a run folder cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    #[error(
        "the run folder {path} is in use by process {holder}: wait for it or choose another --out"
    )]
    InUse { path: PathBuf, holder: String },
    #[error("cannot lock the run folder {path}")]
    Io {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
}

/// Holds the lock of a run folder until dropped. The operating system frees it when the process dies, however it dies.
#[derive(Debug)]
pub struct RunLock {
    _file: File,
}

impl RunLock {
    /// Takes the lock of `run`, making the folder if it is not there.
    ///
    /// # Errors
    /// [`LockError::InUse`] if another process, or another part of this one, has it.
    pub fn take(run: &Path) -> Result<RunLock, LockError> {
        let failed = |source| LockError::Io {
            path: run.to_path_buf(),
            source,
        };
        std::fs::create_dir_all(run).map_err(failed)?;
        match hold(&run.join(".lock")).map_err(failed)? {
            Ok(file) => Ok(RunLock { _file: file }),
            Err(holder) => Err(LockError::InUse {
                path: run.to_path_buf(),
                holder,
            }),
        }
    }
}

/// Who only looks ([`holder`]) has the lock for a moment: so often it is tried again.
const LOOKERS_TRIES: u32 = 5;

/// Locks a file, which is made if it is not there, and writes this process's number into it; or says who has it.
///
/// # Errors
/// If the file cannot be opened or written.
pub(super) fn hold(path: &Path) -> std::io::Result<Result<File, String>> {
    let mut file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .read(true)
        .write(true)
        .open(path)?;
    let mut locked = file.try_lock();
    for _ in 0..LOOKERS_TRIES {
        if !matches!(locked, Err(TryLockError::WouldBlock)) {
            break;
        }
        std::thread::sleep(Duration::from_millis(20));
        locked = file.try_lock();
    }
    match locked {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut holder = String::new();
            // The holder's number is a courtesy; without it the message still says what to do.
            let _ = file.read_to_string(&mut holder);
            return Ok(Err(holder.trim().chars().take(20).collect()));
        }
        Err(TryLockError::Error(source)) => return Err(source),
    }
    file.set_len(0)?;
    file.seek(SeekFrom::Start(0))?;
    writeln!(file, "{}", std::process::id())?;
    Ok(Ok(file))
}

/// Who holds a file that [`hold`] locked; `None` if nobody does, or there is no such file.
pub(super) fn holder(path: &Path) -> Option<String> {
    let mut file = File::open(path).ok()?;
    match file.try_lock_shared() {
        Err(TryLockError::WouldBlock) => {
            let mut holder = String::new();
            let _ = file.read_to_string(&mut holder);
            Some(holder.trim().chars().take(20).collect())
        }
        Ok(()) | Err(TryLockError::Error(_)) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_run_on_a_folder_is_told_who_has_it() {
        let folder = tempfile::tempdir().unwrap();
        let first = RunLock::take(folder.path()).unwrap();
        let error = RunLock::take(folder.path()).unwrap_err();
        assert!(
            error.to_string().contains(&std::process::id().to_string()),
            "{error}"
        );
        drop(first);
        RunLock::take(folder.path()).unwrap();
    }
}
