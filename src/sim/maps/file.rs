//! The map file, `.sccmap`: a header and one compressed [`MapData`].
//!
//! ```text
//! 8 bytes  "SCCMAP\r\n"         (the line end shows a file mangled by a text-mode transfer)
//! u32 LE   version of the format
//! u32 LE   length of the body in bytes
//! u32 LE   CRC-32 of the body
//! body     zstd, inside it postcard
//! ```

use super::validate::{MapFault, validate};
use crate::files::{self, FileError};
use crate::game::MapData;
use std::path::{Path, PathBuf};
use std::sync::Arc;

const MAGIC: &[u8; 8] = b"SCCMAP\r\n";
const VERSION: u32 = 1;
const HEADER_BYTES: usize = 20;
/// Maps of 256x256 cells take some 30 KB.
const FILE_BYTES_MAX: u64 = 4 << 20;
const BODY_BYTES_MAX: usize = 16 << 20;

/// Why a map could not be had.
#[derive(Debug, thiserror::Error)]
pub enum MapError {
    #[error(transparent)]
    File(#[from] FileError),
    #[error("{path} is no map file of this program")]
    NotAMap { path: PathBuf },
    #[error("{path} is a map file of format {found}; this program reads format {VERSION}")]
    Version { path: PathBuf, found: u32 },
    #[error("{path} is cut short: {found} bytes of {expected}")]
    Truncated {
        path: PathBuf,
        expected: usize,
        found: usize,
    },
    #[error("{path} is damaged: {what}")]
    Damaged { path: PathBuf, what: &'static str },
    #[error("the map {name} cannot be played on")]
    Unplayable {
        name: String,
        #[source]
        fault: MapFault,
    },
    #[error("there is no map and no file named {name}; built-in maps: {built_in}")]
    Unknown { name: String, built_in: String },
}

/// The file's bytes for a map.
pub fn encode(map: &MapData) -> Vec<u8> {
    let plain = postcard::to_stdvec(map).expect("a map always serializes");
    let body = zstd::bulk::compress(&plain, 19).expect("memory is there to compress into");
    let mut bytes = Vec::with_capacity(HEADER_BYTES + body.len());
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(&VERSION.to_le_bytes());
    bytes.extend_from_slice(&(body.len() as u32).to_le_bytes());
    bytes.extend_from_slice(&crc32fast::hash(&body).to_le_bytes());
    bytes.extend_from_slice(&body);
    bytes
}

/// The map in a file's bytes; `path` is for error texts only.
///
/// # Errors
/// If the bytes are no map file, of another version, cut short, damaged, or hold a map that cannot be played on.
pub fn decode(bytes: &[u8], path: &Path) -> Result<MapData, MapError> {
    let path = || path.to_path_buf();
    let damaged = |what| MapError::Damaged { path: path(), what };
    if !bytes.starts_with(&MAGIC[..bytes.len().clamp(1, 8)]) {
        return Err(MapError::NotAMap { path: path() });
    }
    let truncated = |expected| MapError::Truncated {
        path: path(),
        expected,
        found: bytes.len(),
    };
    let (header, body) = bytes
        .split_at_checked(HEADER_BYTES)
        .ok_or_else(|| truncated(HEADER_BYTES))?;
    let word = |at: usize| u32::from_le_bytes([0, 1, 2, 3].map(|i| header[at + i]));
    if word(8) != VERSION {
        return Err(MapError::Version {
            path: path(),
            found: word(8),
        });
    }
    let length = word(12) as usize;
    if body.len() < length {
        return Err(truncated(HEADER_BYTES + length));
    }
    if body.len() > length {
        return Err(damaged("something follows the map"));
    }
    if crc32fast::hash(body) != word(16) {
        return Err(damaged("the checksum is wrong"));
    }
    let plain = zstd::bulk::decompress(body, BODY_BYTES_MAX)
        .map_err(|_| damaged("it does not decompress"))?;
    let map: MapData =
        postcard::from_bytes(&plain).map_err(|_| damaged("its content is no map"))?;
    checked(map)
}

fn checked(map: MapData) -> Result<MapData, MapError> {
    match validate(&map) {
        Ok(()) => Ok(map),
        Err(fault) => Err(MapError::Unplayable {
            name: map.name,
            fault,
        }),
    }
}

/// Writes a map file, all or nothing.
///
/// # Errors
/// If the map is faulty or the file cannot be written; an existing file is then untouched.
pub fn save(map: &MapData, path: &Path) -> Result<(), MapError> {
    validate(map).map_err(|fault| MapError::Unplayable {
        name: map.name.clone(),
        fault,
    })?;
    files::write_atomic(path, &encode(map))?;
    Ok(())
}

/// Reads a map file.
///
/// # Errors
/// If it can't be read or is not a whole, playable map file.
pub fn load(path: &Path) -> Result<Arc<MapData>, MapError> {
    let bytes = files::read_limited(path, FILE_BYTES_MAX)?;
    decode(&bytes, path).map(Arc::new)
}

/// A built-in map by its name, or else the map file of that path.
///
/// # Errors
/// If the text is neither the name of a built-in map nor a readable map file.
pub fn load_or_name(name_or_file: &str) -> Result<Arc<MapData>, MapError> {
    if let Some(map) = super::by_name(name_or_file) {
        return Ok(map);
    }
    let path = Path::new(name_or_file);
    if !path.exists() {
        return Err(MapError::Unknown {
            name: name_or_file.to_owned(),
            built_in: super::names().join(", "),
        });
    }
    load(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::maps::by_name;

    fn read(bytes: &[u8]) -> Result<MapData, MapError> {
        decode(bytes, Path::new("a.sccmap"))
    }

    #[test]
    fn a_saved_map_comes_back_equal() {
        let folder = tempfile::tempdir().unwrap();
        for name in super::super::names() {
            let map = by_name(name).unwrap();
            let path = folder.path().join(name);
            save(&map, &path).unwrap();
            let back = load_or_name(path.to_str().unwrap()).unwrap();
            assert_eq!(back, map);
            assert_eq!(back.hash(), map.hash());
        }
    }

    #[test]
    fn every_cut_and_every_flipped_byte_is_an_error() {
        let map = by_name("Flat64").unwrap();
        let bytes = encode(&map);
        for length in 0..bytes.len() {
            let error = read(&bytes[..length]).unwrap_err();
            match length {
                0 => assert!(matches!(error, MapError::NotAMap { .. }), "{error}"),
                _ => assert!(
                    matches!(error, MapError::Truncated { .. }),
                    "{length}: {error}"
                ),
            }
        }
        for at in 0..bytes.len() {
            let mut bad = bytes.clone();
            bad[at] ^= 0x41;
            assert!(read(&bad).is_err(), "byte {at}");
        }
        let mut long = bytes;
        long.push(0);
        assert!(matches!(read(&long), Err(MapError::Damaged { .. })));
    }

    #[test]
    fn other_files_and_unknown_names_say_what_they_are() {
        assert!(matches!(
            read(b"MPQ\x1a...."),
            Err(MapError::NotAMap { .. })
        ));
        let unknown = load_or_name("Atlantis").unwrap_err().to_string();
        assert!(
            unknown.contains("Atlantis") && unknown.contains("Flat64"),
            "{unknown}"
        );
        let folder = tempfile::tempdir().unwrap();
        let error = load_or_name(folder.path().to_str().unwrap()).unwrap_err();
        assert!(matches!(error, MapError::File(FileError::IsFolder { .. })));
    }

    #[test]
    fn a_faulty_map_is_neither_written_nor_read() {
        let mut map = (*by_name("Flat64").unwrap()).clone();
        map.start_locations.pop();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("one.sccmap");
        let fault = MapFault::StartCount { count: 1 };
        assert!(
            matches!(save(&map, &path), Err(MapError::Unplayable { fault: f, .. }) if f == fault)
        );
        assert!(!path.exists());
        assert!(matches!(
            read(&encode(&map)),
            Err(MapError::Unplayable { .. })
        ));
    }
}
