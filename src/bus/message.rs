//! What goes over a bus: values in an envelope with magic, version, kind and checksum.
//!
//! ```text
//! SCCB | version u16 | kind u16 | flags u8 (1: zstd) | content bytes u32 | crc32c of the content u32 | content (postcard)
//! ```
//! Little endian. The checksum is of what is sent, before anything is decompressed.

use serde::Serialize;
use serde::de::DeserializeOwned;

const MAGIC: [u8; 4] = *b"SCCB";
/// Of all messages' schema: it changes with any of them.
pub const VERSION: u16 = 2;
const HEADER_BYTES: usize = 17;
const ZSTD: u8 = 1;
/// Content below this is sent as it is.
const COMPRESS_MIN_BYTES: usize = 512;
/// No message is larger, compressed or not.
const CONTENT_BYTES_MAX: usize = 1 << 30;

/// A value that is sent.
pub trait Message: Serialize + DeserializeOwned {
    /// Tells its kind from the others.
    const KIND: u16;
    /// Its name, for logs.
    const NAME: &'static str;
    /// Its content is compressed already.
    const IS_DENSE: bool = false;
}

/// Why received bytes are refused.
#[derive(Debug, thiserror::Error)]
pub enum MessageError {
    #[error("not one of our messages")]
    Magic,
    #[error(
        "a message of schema {theirs}, this program speaks {VERSION}: run the same scc everywhere"
    )]
    Version { theirs: u16 },
    #[error("a message of kind {theirs} where {expected} was expected")]
    Kind { theirs: u16, expected: &'static str },
    #[error("a {expected} message is damaged: {what}")]
    Damaged {
        expected: &'static str,
        what: &'static str,
    },
}

/// The bytes of a message.
///
/// # Panics
/// Never for plain data: postcard can write all of it.
pub fn encode<M: Message>(message: &M) -> Vec<u8> {
    let plain = postcard::to_stdvec(message).expect("plain data always serializes");
    let worth_it = !M::IS_DENSE && plain.len() >= COMPRESS_MIN_BYTES;
    let packed = worth_it
        .then(|| zstd::bulk::compress(&plain, 1).ok())
        .flatten()
        .filter(|packed| packed.len() < plain.len());
    let (flags, content) = match packed {
        Some(packed) => (ZSTD, packed),
        None => (0, plain),
    };
    let mut out = Vec::with_capacity(HEADER_BYTES + content.len());
    out.extend(MAGIC);
    out.extend(VERSION.to_le_bytes());
    out.extend(M::KIND.to_le_bytes());
    out.push(flags);
    out.extend((content.len() as u32).to_le_bytes());
    out.extend(crc32c::crc32c(&content).to_le_bytes());
    out.extend(content);
    out
}

/// The message in these bytes.
///
/// # Errors
/// [`MessageError`] for bytes of another program, version or kind, and for damaged ones.
pub fn decode<M: Message>(bytes: &[u8]) -> Result<M, MessageError> {
    let damaged = |what| MessageError::Damaged {
        expected: M::NAME,
        what,
    };
    if bytes.get(..4) != Some(&MAGIC) {
        return Err(MessageError::Magic);
    }
    let number = |at: usize| Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?));
    let theirs = number(4).ok_or_else(|| damaged("cut short"))?;
    if theirs != VERSION {
        return Err(MessageError::Version { theirs });
    }
    let kind = number(6).ok_or_else(|| damaged("cut short"))?;
    if kind != M::KIND {
        let expected = M::NAME;
        return Err(MessageError::Kind {
            theirs: kind,
            expected,
        });
    }
    if bytes.len() < HEADER_BYTES {
        return Err(damaged("cut short"));
    }
    let long =
        |at: usize| u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
    let content = &bytes[HEADER_BYTES..];
    if content.len() != long(9) as usize {
        return Err(damaged("not as long as it says"));
    }
    if crc32c::crc32c(content) != long(13) {
        return Err(damaged("wrong checksum"));
    }
    let read = |plain: &[u8]| postcard::from_bytes(plain).map_err(|_| damaged("not what it says"));
    match bytes[8] {
        0 => read(content),
        ZSTD => {
            let plain = unpack(content).ok_or_else(|| damaged("does not decompress"))?;
            read(&plain)
        }
        _ => Err(damaged("unknown flags")),
    }
}

/// Decompresses a frame that says how long its content is, if that is bearable.
fn unpack(content: &[u8]) -> Option<Vec<u8>> {
    let length = zstd::zstd_safe::get_frame_content_size(content).ok()??;
    let length = usize::try_from(length).ok()?;
    // Our frames never pack by more than this; a claim beyond it is no reason to set memory aside.
    let bearable = length <= CONTENT_BYTES_MAX && length / 20_000 <= content.len();
    bearable
        .then(|| zstd::bulk::decompress(content, length).ok())
        .flatten()
}
