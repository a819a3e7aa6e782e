//! Replays of ours in the clothes of the game's: the archive that `scc sim` saves, with our own replay file inside.
//!
//! Its form is the plainest there is (see `server::archive`, which writes it); a real replay has a header in front of its
//! archive, so the first four bytes tell the two apart.

use super::sc2::cipher::{CHECK_A, CHECK_B, KEY, crypt, hash};
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// What the game writes about itself; here also how ours was played.
pub(crate) const METADATA: &str = "replay.gamemetadata.json";
/// Our own replay file, whole.
pub(crate) const RECORD: &str = "scc.screp";
/// Key of the metadata: both players saw everything.
pub(crate) const NO_FOG: &str = "SccDisableFog";
/// Key of the metadata: debug commands were used.
pub(crate) const ALTERED: &str = "SccAltered";
/// How its files lie: in one piece, packed in no way.
pub(crate) const EXISTS_SINGLE_UNIT: u32 = 0x8100_0000;

/// No archive is larger.
const FILE_BYTES_MAX: u64 = 64 << 20;
pub(super) const MAGIC: &[u8] = b"MPQ\x1a";

/// What such an archive holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wrapped<'a> {
    /// The bytes of our own replay file.
    pub record: &'a [u8],
    pub disable_fog: bool,
    pub is_altered: bool,
}

impl Wrapped<'_> {
    /// Why the game cannot be played again; none if it can.
    pub fn why_not_again(&self) -> Option<&'static str> {
        if self.is_altered {
            return Some("debug commands were used in this game, so it cannot be played again");
        }
        self.disable_fog
            .then_some("it was played without fog, which is not played again here")
    }
}

/// The replay of ours in an archive that `scc sim` saved; none of other bytes.
pub fn unwrap(bytes: &[u8]) -> Option<Wrapped<'_>> {
    if !bytes.starts_with(MAGIC) {
        return None;
    }
    let record = file_in(bytes, RECORD)?;
    let metadata = file_in(bytes, METADATA).unwrap_or_default();
    let metadata: serde_json::Value = serde_json::from_slice(metadata).unwrap_or_default();
    let flag = |name: &str| metadata[name].as_bool().unwrap_or(false);
    Some(Wrapped {
        record,
        disable_fog: flag(NO_FOG),
        is_altered: flag(ALTERED),
    })
}

/// Whether a file is such an archive.
pub fn is_wrapped(path: &Path) -> bool {
    let mut magic = [0; 4];
    let read = File::open(path).and_then(|mut file| file.read_exact(&mut magic));
    if read.is_err() || magic != *MAGIC {
        return false;
    }
    crate::files::read_limited(path, FILE_BYTES_MAX).is_ok_and(|bytes| unwrap(&bytes).is_some())
}

/// A file's content, if the archive has it in the form written here.
pub(crate) fn file_in<'a>(bytes: &'a [u8], name: &str) -> Option<&'a [u8]> {
    let word = |at: usize| {
        let four = bytes.get(at..at.checked_add(4)?)?;
        Some(u32::from_le_bytes(four.try_into().ok()?))
    };
    let (hashes_at, blocks_at) = (word(16)? as usize, word(20)? as usize);
    let (n_slots, n_blocks) = (word(24)? as usize, word(28)? as usize);
    let table = |at: usize, rows: usize, key: &str| -> Option<Vec<u32>> {
        let raw = bytes.get(at..at.checked_add(rows.checked_mul(16)?)?)?;
        let words = raw.chunks_exact(4);
        let mut words: Vec<u32> = words
            .map(|four| u32::from_le_bytes([four[0], four[1], four[2], four[3]]))
            .collect();
        crypt(&mut words, hash(key, KEY), false);
        Some(words)
    };
    let slots = table(hashes_at, n_slots, "(hash table)")?;
    let blocks = table(blocks_at, n_blocks, "(block table)")?;
    let (a, b) = (hash(name, CHECK_A), hash(name, CHECK_B));
    let slot = slots.chunks_exact(4).find(|s| s[0] == a && s[1] == b)?;
    let block = blocks.chunks_exact(4).nth(slot[3] as usize)?;
    if block[3] != EXISTS_SINGLE_UNIT || block[1] != block[2] {
        return None;
    }
    let start = block[0] as usize;
    bytes.get(start..start.checked_add(block[1] as usize)?)
}
