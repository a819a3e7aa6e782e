//! Files that are either whole or absent: every file the project writes goes through here.
//!
//! Invariant: a reader never sees half a file. Content goes to a temporary name in the same folder, is flushed to
//! disk, and takes its final name by a rename; a full disk or a kill in between leaves the old file as it was.

use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

/// A file operation that failed, with the path it failed on.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    #[error("cannot {op} {path}")]
    Io {
        op: &'static str,
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("{path} is a folder, a file was expected")]
    IsFolder { path: PathBuf },
    #[error("{path} is larger than {max_bytes} bytes, which no such file should be")]
    TooLarge { path: PathBuf, max_bytes: u64 },
}

fn io_error(op: &'static str, path: &Path) -> impl FnOnce(io::Error) -> FileError {
    let path = path.to_path_buf();
    move |source| FileError::Io { op, path, source }
}

/// Writes `bytes` to `path`, replacing what is there, all or nothing. Missing parent folders are made.
///
/// # Errors
/// If the folder cannot be made or written to, or the disk is full; the old file is then untouched.
pub fn write_atomic(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    write_atomic_with(path, |out| out.write_all(bytes))
}

/// As [`write_atomic`], with the content streamed by `fill`.
///
/// # Errors
/// As [`write_atomic`]; an error of `fill` removes the temporary file and is passed on.
pub fn write_atomic_with(
    path: &Path,
    fill: impl FnOnce(&mut BufWriter<&mut File>) -> io::Result<()>,
) -> Result<(), FileError> {
    let folder = match path.parent() {
        Some(p) if !p.as_os_str().is_empty() => p,
        _ => Path::new("."),
    };
    std::fs::create_dir_all(folder).map_err(io_error("make the folder", folder))?;
    if path.is_dir() {
        return Err(FileError::IsFolder {
            path: path.to_path_buf(),
        });
    }
    let mut temporary = tempfile::Builder::new()
        .prefix(".")
        .suffix(".tmp")
        .tempfile_in(folder)
        .map_err(io_error("write in", folder))?;
    let write = |file: &mut File| -> io::Result<()> {
        let mut out = BufWriter::new(&mut *file);
        fill(&mut out)?;
        out.flush()?;
        drop(out);
        file.sync_all()
    };
    write(temporary.as_file_mut()).map_err(io_error("write", path))?;
    make_readable(temporary.as_file());
    temporary
        .persist(path)
        .map_err(|e| io_error("rename to", path)(e.error))?;
    Ok(())
}

/// Temporary files are private to their owner; results are as readable as any other file.
fn make_readable(file: &File) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // Best effort: a file system without modes keeps what it has.
        let _ = file.set_permissions(std::fs::Permissions::from_mode(0o644));
    }
    #[cfg(not(unix))]
    let _ = file;
}

/// Reads a whole file of at most `max_bytes`.
///
/// # Errors
/// If it is absent, unreadable, a folder, or larger than `max_bytes`.
pub fn read_limited(path: &Path, max_bytes: u64) -> Result<Vec<u8>, FileError> {
    if path.is_dir() {
        return Err(FileError::IsFolder {
            path: path.to_path_buf(),
        });
    }
    let file = File::open(path).map_err(io_error("open", path))?;
    let mut bytes = Vec::new();
    file.take(max_bytes + 1)
        .read_to_end(&mut bytes)
        .map_err(io_error("read", path))?;
    if bytes.len() as u64 > max_bytes {
        return Err(FileError::TooLarge {
            path: path.to_path_buf(),
            max_bytes,
        });
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interrupted_write_leaves_the_old_file_and_no_litter() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sub/a.bin");
        write_atomic(&path, b"old").unwrap();
        let failed = write_atomic_with(&path, |out| {
            out.write_all(b"half of the ne")?;
            Err(io::Error::from(io::ErrorKind::StorageFull))
        });
        assert!(matches!(failed, Err(FileError::Io { op: "write", .. })));
        assert_eq!(read_limited(&path, 100).unwrap(), b"old");
        assert_eq!(
            std::fs::read_dir(path.parent().unwrap()).unwrap().count(),
            1,
            "no litter"
        );
    }

    #[test]
    fn a_full_disk_is_an_error_that_names_the_file() {
        if !Path::new("/dev/full").exists() {
            println!("skipped: no /dev/full here");
            return;
        }
        let mut full = std::fs::OpenOptions::new()
            .write(true)
            .open("/dev/full")
            .unwrap();
        let error = full.write_all(&[0; 8192]).unwrap_err();
        let named = io_error("write", Path::new("weights.safetensors"))(error);
        assert!(named.to_string().contains("weights.safetensors"));
    }

    #[test]
    fn folders_and_oversized_files_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(
            read_limited(folder.path(), 9),
            Err(FileError::IsFolder { .. })
        ));
        assert!(matches!(
            write_atomic(folder.path(), b"x"),
            Err(FileError::IsFolder { .. })
        ));
        let path = folder.path().join("big");
        write_atomic(&path, &[7; 10]).unwrap();
        assert!(matches!(
            read_limited(&path, 9),
            Err(FileError::TooLarge { .. })
        ));
        assert_eq!(read_limited(&path, 10).unwrap().len(), 10);
    }
}
