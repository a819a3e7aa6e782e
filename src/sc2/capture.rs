//! Captures: single messages of the real game in files, plain protobuf or gzip.

use super::convert::ConvertError;
use super::proto::{ResponseGameInfo, ResponseObservation};
use crate::files::{self, FileError};
use prost::Message;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Compressed or not; the largest capture known has 117 KB.
const FILE_BYTES_MAX: u64 = 64 << 20;

/// Why a capture could not be used.
#[derive(Debug, thiserror::Error)]
pub enum CaptureError {
    #[error(transparent)]
    File(#[from] FileError),
    #[error("{path} is no whole gzip file")]
    Gzip {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("{path} unpacks to more than {max_bytes} bytes, which no capture should")]
    TooLarge { path: PathBuf, max_bytes: u64 },
    #[error("{path} is no {expected} message")]
    NotThat {
        path: PathBuf,
        expected: &'static str,
    },
    #[error("{path} cannot be used")]
    Convert {
        path: PathBuf,
        #[source]
        source: ConvertError,
    },
}

/// Reads a `ResponseGameInfo`.
///
/// # Errors
/// If the file cannot be read, or is no such message.
pub fn read_game_info(path: &Path) -> Result<ResponseGameInfo, CaptureError> {
    let message: ResponseGameInfo = read(path, "ResponseGameInfo")?;
    // Nearly any bytes parse as some message: what every game info has must be there.
    if message.start_raw.is_none() && message.player_info.is_empty() {
        return Err(not_that(path, "ResponseGameInfo"));
    }
    Ok(message)
}

/// Reads a `ResponseObservation`.
///
/// # Errors
/// If the file cannot be read, or is no such message.
pub fn read_observation(path: &Path) -> Result<ResponseObservation, CaptureError> {
    let message: ResponseObservation = read(path, "ResponseObservation")?;
    let is_whole = message
        .observation
        .as_ref()
        .is_some_and(|o| o.player_common.is_some() || o.raw_data.is_some());
    if !is_whole {
        return Err(not_that(path, "ResponseObservation"));
    }
    Ok(message)
}

fn not_that(path: &Path, expected: &'static str) -> CaptureError {
    CaptureError::NotThat {
        path: path.to_path_buf(),
        expected,
    }
}

fn read<M: Message + Default>(path: &Path, expected: &'static str) -> Result<M, CaptureError> {
    let bytes = unpack(path, files::read_limited(path, FILE_BYTES_MAX)?)?;
    M::decode(bytes.as_slice()).map_err(|_| not_that(path, expected))
}

fn unpack(path: &Path, bytes: Vec<u8>) -> Result<Vec<u8>, CaptureError> {
    // No protobuf message of the game starts so: 0x1f would be a field of a wire type that does not exist.
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Ok(bytes);
    }
    let mut plain = Vec::new();
    flate2::read::GzDecoder::new(bytes.as_slice())
        .take(FILE_BYTES_MAX + 1)
        .read_to_end(&mut plain)
        .map_err(|source| CaptureError::Gzip {
            path: path.to_path_buf(),
            source,
        })?;
    if plain.len() as u64 > FILE_BYTES_MAX {
        return Err(CaptureError::TooLarge {
            path: path.to_path_buf(),
            max_bytes: FILE_BYTES_MAX,
        });
    }
    Ok(plain)
}
