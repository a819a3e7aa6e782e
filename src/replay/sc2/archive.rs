//! The MPQ archive around a replay: user data in front, two enciphered tables, files of one piece or several.
//!
//! Only what replays use is read: format 0 to 3 by the fields that all share; files stored, by zlib or bzip2.
//! Nothing is allocated by what a file claims before the claim is checked against the bytes there or a limit.

use std::io::Read;

use super::cipher::{self, CHECK_A, CHECK_B, KEY};

/// No file of a replay is larger, unpacked: the longest games known have under 6 MB of game events.
pub const SECTION_BYTES_MAX: usize = 32 << 20;
/// Slots and blocks of an archive; replays have 32 and under 20.
const TABLE_ROWS_MAX: usize = 4096;
/// Pieces of 16 MB; replays have 16 KB.
const PIECE_SHIFT_MAX: u32 = 15;
const LISTFILE: &str = "(listfile)";

const EXISTS: u32 = 0x8000_0000;
const SINGLE_UNIT: u32 = 0x0100_0000;
const ENCRYPTED: u32 = 0x0001_0000;
const COMPRESSED: u32 = 0x0000_0200;
const IMPLODED: u32 = 0x0000_0100;
const METHOD_ZLIB: u8 = 2;
const METHOD_BZIP2: u8 = 16;

/// Why bytes are no archive of a replay, or a file in it cannot be had.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ArchiveError {
    #[error("it is no MPQ archive (its first bytes are others)")]
    NotAnArchive,
    #[error("it is an MPQ archive but no replay: it has no replay header in front")]
    NotAReplay,
    #[error("it is cut off: {0} is beyond its end")]
    Truncated(&'static str),
    #[error("its {0} claims to be larger than any replay's")]
    TooLarge(&'static str),
    #[error("{0} is damaged or packed in a way that replays do not use: {1}")]
    File(String, &'static str),
}

struct Block {
    start: usize,
    packed_bytes: usize,
    bytes: usize,
    flags: u32,
}

/// An archive whose tables have been read.
pub struct Archive<'a> {
    bytes: &'a [u8],
    /// Where the archive proper begins; all places count from here.
    offset: usize,
    user_data: &'a [u8],
    /// Rows of four words: two checks of the name, language, block.
    slots: Vec<u32>,
    blocks: Vec<Block>,
    /// Bytes of a piece, unpacked, of files in several.
    piece_bytes: usize,
}

impl<'a> Archive<'a> {
    /// Reads the tables.
    ///
    /// # Errors
    /// Other bytes, another kind of archive, tables beyond the end or larger than any replay's.
    pub fn open(bytes: &'a [u8]) -> Result<Archive<'a>, ArchiveError> {
        match bytes.get(..4) {
            Some(b"MPQ\x1b") => {}
            Some(b"MPQ\x1a") => return Err(ArchiveError::NotAReplay),
            _ => return Err(ArchiveError::NotAnArchive),
        }
        let front = |at| word(bytes, at).ok_or(ArchiveError::Truncated("the replay header"));
        let (offset, user_bytes) = (front(8)? as usize, front(12)? as usize);
        let user_data = bytes
            .get(16..)
            .and_then(|rest| rest.get(..user_bytes))
            .ok_or(ArchiveError::Truncated("the replay header"))?;
        let inner = bytes.get(offset..).unwrap_or_default();
        if inner.get(..4) != Some(b"MPQ\x1a") {
            return Err(ArchiveError::Truncated("the archive"));
        }
        let field = |at| word(inner, at).ok_or(ArchiveError::Truncated("the archive's header"));
        let slots = table(inner, field(16)?, field(24)?, "hash table", "(hash table)")?;
        let blocks = table(
            inner,
            field(20)?,
            field(28)?,
            "block table",
            "(block table)",
        )?;
        let blocks = blocks.chunks_exact(4).map(|row| Block {
            start: row[0] as usize,
            packed_bytes: row[1] as usize,
            bytes: row[2] as usize,
            flags: row[3],
        });
        // Two bytes of format, two that say how large pieces are.
        let shift = (field(12)? >> 16).min(PIECE_SHIFT_MAX);
        Ok(Archive {
            piece_bytes: 512 << shift,
            bytes,
            offset,
            user_data,
            slots,
            blocks: blocks.collect(),
        })
    }

    /// The bytes in front of the archive: the replay's header.
    pub fn user_data(&self) -> &'a [u8] {
        self.user_data
    }

    fn block(&self, name: &str) -> Option<&Block> {
        let checks = [cipher::hash(name, CHECK_A), cipher::hash(name, CHECK_B)];
        let slot = self
            .slots
            .chunks_exact(4)
            .find(|slot| slot[..2] == checks)?;
        let block = self.blocks.get(slot[3] as usize)?;
        (block.flags & EXISTS != 0).then_some(block)
    }

    /// How large a file is, unpacked; none if it is not there.
    pub fn size(&self, name: &str) -> Option<usize> {
        self.block(name).map(|block| block.bytes)
    }

    /// A file, unpacked; none if it is not there or empty.
    ///
    /// # Errors
    /// It is cut off, too large, damaged, or packed in a way that replays do not use.
    pub fn file(&self, name: &str) -> Result<Option<Vec<u8>>, ArchiveError> {
        let Some(block) = self.block(name).filter(|block| block.packed_bytes > 0) else {
            return Ok(None);
        };
        let refused = |why| Err(ArchiveError::File(name.to_owned(), why));
        if block.bytes > SECTION_BYTES_MAX {
            return refused("it claims to be larger than any game's");
        }
        if block.flags & (ENCRYPTED | IMPLODED) != 0 {
            return refused("it is encrypted or imploded");
        }
        let packed = self
            .bytes
            .get(self.offset.saturating_add(block.start)..)
            .and_then(|rest| rest.get(..block.packed_bytes))
            .ok_or(ArchiveError::Truncated("a file"))?;
        let unpacked = if block.flags & COMPRESSED == 0 {
            Ok(packed.to_vec())
        } else if block.flags & SINGLE_UNIT != 0 {
            unpack(packed, block.bytes)
        } else {
            self.pieces(packed, block.bytes)
        };
        match unpacked {
            Ok(unpacked) if unpacked.len() == block.bytes => Ok(Some(unpacked)),
            Ok(_) => refused("it has another length than the archive says"),
            Err(why) => refused(why),
        }
    }

    /// Pieces behind a table of where each begins, and the last ends.
    fn pieces(&self, packed: &[u8], bytes: usize) -> Result<Vec<u8>, &'static str> {
        const CUT: &str = "a piece of it is cut off";
        let mut whole = Vec::with_capacity(bytes.min(1 << 20));
        for idx in 0..bytes.div_ceil(self.piece_bytes) {
            let at = |idx: usize| word(packed, idx * 4).map(|at| at as usize);
            let (from, to) = (at(idx).ok_or(CUT)?, at(idx + 1).ok_or(CUT)?);
            let piece = packed.get(from..to).ok_or(CUT)?;
            let piece_bytes = self.piece_bytes.min(bytes - whole.len());
            let unpacked = unpack(piece, piece_bytes)?;
            if unpacked.len() != piece_bytes {
                return Err("a piece of it has another length than the archive says");
            }
            whole.extend(unpacked);
        }
        Ok(whole)
    }

    /// Names of the archive's files, in its own order; none where it has no list of them.
    ///
    /// # Errors
    /// As [`Archive::file`].
    pub fn names(&self) -> Result<Vec<String>, ArchiveError> {
        let list = self.file(LISTFILE)?.unwrap_or_default();
        let text = String::from_utf8_lossy(&list);
        Ok(text.split_whitespace().map(str::to_owned).collect())
    }
}

/// What is packed only where that makes it smaller: a first byte then says how.
fn unpack(packed: &[u8], bytes: usize) -> Result<Vec<u8>, &'static str> {
    match packed {
        stored if stored.len() >= bytes => Ok(stored.to_vec()),
        [METHOD_BZIP2, rest @ ..] => read_up_to(bzip2::read::BzDecoder::new(rest), bytes),
        [METHOD_ZLIB, rest @ ..] => read_up_to(flate2::read::ZlibDecoder::new(rest), bytes),
        _ => Err("its packing is neither bzip2 nor zlib"),
    }
}

/// At most the bytes that the archive promised, and one more to tell a bomb by.
fn read_up_to(from: impl Read, bytes: usize) -> Result<Vec<u8>, &'static str> {
    let mut unpacked = Vec::with_capacity(bytes.min(1 << 20) + 1);
    from.take(bytes as u64 + 1)
        .read_to_end(&mut unpacked)
        .map_err(|_| "it does not unpack")?;
    Ok(unpacked)
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes(four.try_into().ok()?))
}

fn table(
    inner: &[u8],
    at: u32,
    rows: u32,
    what: &'static str,
    key: &str,
) -> Result<Vec<u32>, ArchiveError> {
    let rows = rows as usize;
    if rows > TABLE_ROWS_MAX {
        return Err(ArchiveError::TooLarge(what));
    }
    let raw = inner
        .get(at as usize..)
        .and_then(|rest| rest.get(..rows * 16))
        .ok_or(ArchiveError::Truncated(what))?;
    let mut words: Vec<u32> = raw
        .chunks_exact(4)
        .map(|four| u32::from_le_bytes([four[0], four[1], four[2], four[3]]))
        .collect();
    cipher::crypt(&mut words, cipher::hash(key, KEY), false);
    Ok(words)
}
