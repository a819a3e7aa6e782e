//! The file: magic, format, header and body, each postcard under a checksum, the body zstd-compressed.
//!
//! ```text
//! 0   b"SCREPLAY"      16  u64 body bytes        32  u64 xxh3 of the body bytes
//! 8   u16 format, 2x0  24  u64 xxh3 of header    40  header, then body
//! 12  u32 header bytes
//! ```
//! Numbers are little-endian.

use super::ReplayError;
use super::format::{Header, Replay, TimedCommand};
use super::wrapped::{self, Wrapped};
use crate::files::write_atomic;
use crate::game::MapData;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{Read, Seek};
use std::path::{Path, PathBuf};
use xxhash_rust::xxh3::xxh3_64;

/// File name extension, without the dot.
pub const EXTENSION: &str = "screp";
const MAGIC: &[u8; 8] = b"SCREPLAY";
const FORMAT: u16 = 1;
const PREFIX_BYTES: usize = 40;
/// No header is larger; a damaged length must not make us allocate.
const HEADER_BYTES_MAX: usize = 1 << 20;
/// No body is larger, uncompressed: a map of 512x512 cells and a million commands fit several times.
const BODY_BYTES_MAX: usize = 1 << 28;
/// No archive is larger.
const ARCHIVE_BYTES_MAX: u64 = 64 << 20;

#[derive(Serialize, Deserialize)]
struct Body {
    map: Option<MapData>,
    commands: Vec<TimedCommand>,
}

#[derive(Serialize)]
struct BodyRef<'a> {
    map: &'a Option<MapData>,
    commands: &'a [TimedCommand],
}

struct Prefix {
    header_bytes: usize,
    body_bytes: u64,
    header_sum: u64,
    body_sum: u64,
}

/// Writes a replay, whole or not at all.
///
/// # Errors
/// [`ReplayError::Write`], e.g. for a full disk; nothing is left behind then.
pub fn write(path: &Path, replay: &Replay) -> Result<(), ReplayError> {
    write_atomic(path, &encode(replay)).map_err(|e| ReplayError::Write {
        path: path.to_owned(),
        source: e.into(),
    })
}

/// The file's bytes for a replay.
pub fn encode(replay: &Replay) -> Vec<u8> {
    let body = BodyRef {
        map: &replay.map,
        commands: &replay.commands,
    };
    let header = postcard::to_stdvec(&replay.header).expect("a header always serializes");
    let body = postcard::to_stdvec(&body).expect("commands always serialize");
    let body = zstd::bulk::compress(&body, 9).expect("memory is there to compress into");
    let mut bytes = Vec::with_capacity(PREFIX_BYTES + header.len() + body.len());
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(&FORMAT.to_le_bytes());
    bytes.extend_from_slice(&[0, 0]);
    bytes.extend_from_slice(&(header.len() as u32).to_le_bytes());
    bytes.extend_from_slice(&(body.len() as u64).to_le_bytes());
    bytes.extend_from_slice(&xxh3_64(&header).to_le_bytes());
    bytes.extend_from_slice(&xxh3_64(&body).to_le_bytes());
    bytes.extend_from_slice(&header);
    bytes.extend_from_slice(&body);
    bytes
}

/// Reads the header alone, also of a replay in an archive that `scc sim` saved.
///
/// # Errors
/// A file that cannot be read, is no replay, has another format, is truncated or damaged.
pub fn read_header(path: &Path) -> Result<Header, ReplayError> {
    let (mut file, bytes) = open(path)?;
    if let Some(archive) = read_archive(path, &mut file)? {
        let mut record = record_in(path, &archive)?.record;
        let record_bytes = record.len() as u64;
        let prefix = read_prefix(path, &mut record, record_bytes)?;
        return read_header_at(path, &mut record, &prefix);
    }
    let prefix = read_prefix(path, &mut file, bytes)?;
    read_header_at(path, &mut file, &prefix)
}

/// Reads a whole replay, also one in an archive that `scc sim` saved.
///
/// # Errors
/// As [`read_header`]; for an archive of a game that cannot be played again, [`ReplayError::Damaged`].
pub fn read(path: &Path) -> Result<Replay, ReplayError> {
    let (mut file, bytes) = open(path)?;
    if let Some(archive) = read_archive(path, &mut file)? {
        let kept = record_in(path, &archive)?;
        if let Some(what) = kept.why_not_again() {
            return Err(ReplayError::Damaged {
                path: path.to_owned(),
                what,
            });
        }
        return decode(kept.record, path);
    }
    read_from(path, &mut file, bytes)
}

/// The replay in a file's bytes; `path` is for error texts only.
///
/// # Errors
/// As [`read_header`].
pub fn decode(bytes: &[u8], path: &Path) -> Result<Replay, ReplayError> {
    let mut rest = bytes;
    read_from(path, &mut rest, bytes.len() as u64)
}

fn read_from(path: &Path, file: &mut impl Read, bytes: u64) -> Result<Replay, ReplayError> {
    let prefix = read_prefix(path, file, bytes)?;
    let header = read_header_at(path, file, &prefix)?;
    let damaged = |what| ReplayError::Damaged {
        path: path.to_owned(),
        what,
    };
    let mut packed = vec![0; prefix.body_bytes as usize];
    read_exactly(path, file, &mut packed)?;
    if xxh3_64(&packed) != prefix.body_sum {
        return Err(damaged("the checksum of the commands does not match"));
    }
    let body = zstd::bulk::decompress(&packed, BODY_BYTES_MAX)
        .map_err(|_| damaged("the commands do not decompress"))?;
    let body: Body =
        postcard::from_bytes(&body).map_err(|_| damaged("the commands do not decode"))?;
    Ok(Replay {
        header,
        map: body.map,
        commands: body.commands,
    })
}

/// Replay files in a folder, sorted by name; a path that is a file stands for itself.
///
/// # Errors
/// [`ReplayError::Read`] if the folder cannot be read.
pub fn list(path: &Path) -> Result<Vec<PathBuf>, ReplayError> {
    let fail = |source| ReplayError::Read {
        path: path.to_owned(),
        source,
    };
    if std::fs::metadata(path).map_err(fail)?.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    for entry in std::fs::read_dir(path).map_err(fail)? {
        let file = entry.map_err(fail)?.path();
        if file.extension().is_some_and(|e| e == EXTENSION) {
            files.push(file);
        }
    }
    files.sort();
    Ok(files)
}

fn open(path: &Path) -> Result<(File, u64), ReplayError> {
    let fail = |source| ReplayError::Read {
        path: path.to_owned(),
        source,
    };
    let file = File::open(path).map_err(fail)?;
    let meta = file.metadata().map_err(fail)?;
    if !meta.is_file() {
        return Err(fail(std::io::Error::other("not a file")));
    }
    Ok((file, meta.len()))
}

/// The whole file if it begins as an archive of `scc sim`; else nothing is read.
fn read_archive(path: &Path, file: &mut File) -> Result<Option<Vec<u8>>, ReplayError> {
    let fail = |source| ReplayError::Read {
        path: path.to_owned(),
        source,
    };
    let mut bytes = Vec::new();
    let mut front = file.by_ref().take(wrapped::MAGIC.len() as u64);
    front.read_to_end(&mut bytes).map_err(fail)?;
    if bytes != wrapped::MAGIC {
        file.rewind().map_err(fail)?;
        return Ok(None);
    }
    let mut rest = file.by_ref().take(ARCHIVE_BYTES_MAX);
    rest.read_to_end(&mut bytes).map_err(fail)?;
    Ok(Some(bytes))
}

fn record_in<'a>(path: &Path, archive: &'a [u8]) -> Result<Wrapped<'a>, ReplayError> {
    wrapped::unwrap(archive).ok_or_else(|| ReplayError::NotAReplay {
        path: path.to_owned(),
    })
}

fn read_prefix(path: &Path, file: &mut impl Read, actual: u64) -> Result<Prefix, ReplayError> {
    let mut raw = [0u8; PREFIX_BYTES];
    let wanted = PREFIX_BYTES.min(actual as usize);
    read_exactly(path, file, &mut raw[..wanted])?;
    let path = || path.to_owned();
    if !raw.starts_with(&MAGIC[..wanted.min(8)]) || wanted == 0 {
        return Err(ReplayError::NotAReplay { path: path() });
    }
    if wanted < PREFIX_BYTES {
        return Err(ReplayError::Truncated {
            path: path(),
            expected: PREFIX_BYTES as u64,
            actual,
        });
    }
    let u64_at = |at: usize| u64::from_le_bytes(raw[at..at + 8].try_into().expect("8 bytes"));
    let found = u16::from_le_bytes([raw[8], raw[9]]);
    if found != FORMAT {
        return Err(ReplayError::Version {
            path: path(),
            found,
            known: FORMAT,
        });
    }
    let header_bytes = u32::from_le_bytes(raw[12..16].try_into().expect("4 bytes")) as usize;
    let prefix = Prefix {
        header_bytes,
        body_bytes: u64_at(16),
        header_sum: u64_at(24),
        body_sum: u64_at(32),
    };
    if header_bytes > HEADER_BYTES_MAX || prefix.body_bytes > BODY_BYTES_MAX as u64 {
        return Err(ReplayError::Damaged {
            path: path(),
            what: "it claims to be larger than any game",
        });
    }
    let expected = (PREFIX_BYTES + header_bytes) as u64 + prefix.body_bytes;
    if actual < expected {
        return Err(ReplayError::Truncated {
            path: path(),
            expected,
            actual,
        });
    }
    Ok(prefix)
}

fn read_header_at(
    path: &Path,
    file: &mut impl Read,
    prefix: &Prefix,
) -> Result<Header, ReplayError> {
    let damaged = |what| ReplayError::Damaged {
        path: path.to_owned(),
        what,
    };
    let mut bytes = vec![0; prefix.header_bytes];
    read_exactly(path, file, &mut bytes)?;
    if xxh3_64(&bytes) != prefix.header_sum {
        return Err(damaged("the checksum of the header does not match"));
    }
    postcard::from_bytes(&bytes).map_err(|_| damaged("the header does not decode"))
}

fn read_exactly(path: &Path, file: &mut impl Read, bytes: &mut [u8]) -> Result<(), ReplayError> {
    file.read_exact(bytes).map_err(|source| ReplayError::Read {
        path: path.to_owned(),
        source,
    })
}
