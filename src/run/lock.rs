//! One run, one process: a run folder is locked while somebody writes in it.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

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
        let mut file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(run.join(".lock"))
            .map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                // The holder's number is a courtesy; without it the message still says what to do.
                let _ = file.read_to_string(&mut holder);
                let holder = holder.trim().chars().take(20).collect();
                return Err(LockError::InUse {
                    path: run.to_path_buf(),
                    holder,
                });
            }
            Err(TryLockError::Error(source)) => return Err(failed(source)),
        }
        file.set_len(0).map_err(failed)?;
        file.seek(SeekFrom::Start(0)).map_err(failed)?;
        writeln!(file, "{}", std::process::id()).map_err(failed)?;
        Ok(RunLock { _file: file })
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
