//! Replays made here, byte by byte: an archive's writer, and writers of tagged and packed values.

use std::io::Write;

use super::super::cipher::{AT, CHECK_A, CHECK_B, KEY, crypt, hash};

const SLOTS: usize = 32;
const EMPTY: u32 = 0xffff_ffff;
/// Where the archive begins: behind user data of a fixed size.
const OFFSET: usize = 1024;
pub(super) const BUILD: u32 = 75689;

/// How a file lies in the archive.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Packing {
    Stored,
    Bzip2,
    Zlib,
    /// Bzip2 in pieces of [`PIECE_BYTES`].
    Pieces,
}

/// By the archive's header: 512 << 5.
const PIECE_BYTES: usize = 16_384;

pub(super) struct File {
    pub name: &'static str,
    pub content: Vec<u8>,
    pub packing: Packing,
    /// What the archive claims that it has unpacked, if not the truth.
    pub claims: Option<u32>,
}

pub(super) fn file(name: &'static str, content: Vec<u8>, packing: Packing) -> File {
    File {
        name,
        content,
        packing,
        claims: None,
    }
}

/// An archive with `header` in front.
pub(super) fn archive(header: &[u8], files: &[File]) -> Vec<u8> {
    let mut body = vec![0; 44];
    let mut slots = [[EMPTY; 4]; SLOTS];
    let mut blocks = Vec::new();
    for (i, file) in files.iter().enumerate() {
        let packed = packed(file);
        let bytes = file.claims.unwrap_or(file.content.len() as u32);
        let flags = match file.packing {
            Packing::Pieces => 0x8000_0200,
            _ => 0x8100_0200,
        };
        blocks.extend([body.len() as u32, packed.len() as u32, bytes, flags]);
        body.extend_from_slice(&packed);
        let mut at = hash(file.name, AT) as usize % SLOTS;
        while slots[at][3] != EMPTY {
            at = (at + 1) % SLOTS;
        }
        let checks = [hash(file.name, CHECK_A), hash(file.name, CHECK_B)];
        slots[at] = [checks[0], checks[1], 0, i as u32];
    }
    let hashes_at = body.len() as u32;
    let blocks_at = hashes_at + (SLOTS * 16) as u32;
    let total = blocks_at + (files.len() * 16) as u32;
    let n_blocks = files.len() as u32;
    let words = [
        44,
        total,
        3 | 5 << 16,
        hashes_at,
        blocks_at,
        SLOTS as u32,
        n_blocks,
    ];
    body[..4].copy_from_slice(b"MPQ\x1a");
    for (place, word) in body[4..32].chunks_exact_mut(4).zip(words) {
        place.copy_from_slice(&u32::to_le_bytes(word));
    }
    let mut slots = slots.concat();
    crypt(&mut slots, hash("(hash table)", KEY), true);
    crypt(&mut blocks, hash("(block table)", KEY), true);
    body.extend(
        slots
            .iter()
            .chain(&blocks)
            .flat_map(|word| word.to_le_bytes()),
    );

    let mut bytes = b"MPQ\x1b".to_vec();
    for word in [512, OFFSET as u32, header.len() as u32] {
        bytes.extend_from_slice(&word.to_le_bytes());
    }
    bytes.extend_from_slice(header);
    bytes.resize(OFFSET, 0);
    bytes.extend(body);
    bytes
}

fn packed(file: &File) -> Vec<u8> {
    let bytes = file.claims.map_or(file.content.len(), |n| n as usize);
    if file.packing != Packing::Pieces {
        return smaller(&file.content, file.packing, bytes);
    }
    let pieces = file.content.chunks(PIECE_BYTES);
    let pieces: Vec<_> = pieces
        .map(|it| smaller(it, Packing::Bzip2, it.len()))
        .collect();
    let mut at = (pieces.len() as u32 + 1) * 4;
    let mut table = at.to_le_bytes().to_vec();
    for piece in &pieces {
        at += piece.len() as u32;
        table.extend_from_slice(&at.to_le_bytes());
    }
    [table, pieces.concat()].concat()
}

/// Packed only where that makes it smaller than `bytes`, as the format wants it.
fn smaller(content: &[u8], packing: Packing, bytes: usize) -> Vec<u8> {
    let packed = match packing {
        Packing::Stored | Packing::Pieces => content.to_vec(),
        Packing::Bzip2 => {
            let mut encoder = bzip2::write::BzEncoder::new(vec![16], bzip2::Compression::best());
            encoder.write_all(content).unwrap();
            encoder.finish().unwrap()
        }
        Packing::Zlib => {
            let mut encoder = flate2::write::ZlibEncoder::new(vec![2], flate2::Compression::best());
            encoder.write_all(content).unwrap();
            encoder.finish().unwrap()
        }
    };
    if packed.len() < bytes {
        packed
    } else {
        content.to_vec()
    }
}

/// A tagged value, for what is read byte by byte.
pub(super) enum Tagged {
    Int(i64),
    Bool(bool),
    Blob(&'static str),
    Code(&'static str),
    Array(Vec<Tagged>),
    Option(Option<Box<Tagged>>),
    /// Fields by tag.
    Struct(Vec<(i64, Tagged)>),
    /// A way by tag.
    Choice(i64, Box<Tagged>),
}

fn number(to: &mut Vec<u8>, value: i64) {
    let mut rest = value.unsigned_abs();
    let mut byte = ((rest & 0x3f) << 1) as u8 | u8::from(value < 0);
    rest >>= 6;
    while rest > 0 {
        to.push(byte | 0x80);
        (byte, rest) = ((rest & 0x7f) as u8, rest >> 7);
    }
    to.push(byte);
}

impl Tagged {
    pub(super) fn write(&self, to: &mut Vec<u8>) {
        match self {
            Tagged::Int(it) => {
                to.push(9);
                number(to, *it);
            }
            Tagged::Bool(it) => to.extend([6, u8::from(*it)]),
            Tagged::Blob(it) => {
                to.push(2);
                number(to, it.len() as i64);
                to.extend(it.bytes());
            }
            Tagged::Code(it) => {
                to.push(7);
                to.extend(it.bytes());
            }
            Tagged::Array(it) => {
                to.push(0);
                number(to, it.len() as i64);
                it.iter().for_each(|value| value.write(to));
            }
            Tagged::Option(it) => {
                to.extend([4, u8::from(it.is_some())]);
                it.iter().for_each(|value| value.write(to));
            }
            Tagged::Struct(it) => {
                to.push(5);
                number(to, it.len() as i64);
                for (tag, value) in it {
                    number(to, *tag);
                    value.write(to);
                }
            }
            Tagged::Choice(tag, it) => {
                to.push(3);
                number(to, *tag);
                it.write(to);
            }
        }
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.write(&mut bytes);
        bytes
    }
}

/// Writes numbers of any width, earlier bits counting more, into bytes from their lowest bit on.
#[derive(Default)]
pub(super) struct Packer {
    bytes: Vec<u8>,
    /// Bits used of the last byte; 0: it is full.
    used: usize,
}

impl Packer {
    pub(super) fn put(&mut self, value: u64, bits: usize) -> &mut Packer {
        let mut left = bits;
        while left > 0 {
            if self.used == 0 {
                self.bytes.push(0);
            }
            let n = left.min(8 - self.used);
            left -= n;
            let part = (value >> left & ((1 << n) - 1)) as u8;
            *self.bytes.last_mut().unwrap() |= part << self.used;
            self.used = (self.used + n) % 8;
        }
        self
    }

    /// An event of a user: loops since the last one (under 64), kind of seven bits.
    pub(super) fn event(&mut self, delta: u64, user: u64, kind: u64) -> &mut Packer {
        self.used = 0;
        self.put(0, 2).put(delta, 6).put(user, 5).put(kind, 7)
    }

    pub(super) fn finish(self) -> Vec<u8> {
        self.bytes
    }
}

/// The header of a game of 4.10 with 4,480 loops.
pub(super) fn header(base_build: u32) -> Vec<u8> {
    let version = [
        (0, 1),
        (1, 4),
        (2, 10),
        (3, 0),
        (4, 75689),
        (5, i64::from(base_build)),
    ];
    let version = version.map(|(tag, value)| (tag, Tagged::Int(value)));
    Tagged::Struct(vec![
        (0, Tagged::Blob("StarCraft II replay\u{1b}11")),
        (1, Tagged::Struct(version.into())),
        (2, Tagged::Int(2)),
        (3, Tagged::Int(4480)),
        (4, Tagged::Bool(true)),
        (6, Tagged::Int(75689)),
        // A field that no layout has.
        (
            99,
            Tagged::Array(vec![Tagged::Struct(vec![(7, Tagged::Int(-5))])]),
        ),
    ])
    .bytes()
}

fn player(name: &'static str, race: &'static str, control: i64, result: i64) -> Tagged {
    let color = [255, 180, 20, 30]
        .iter()
        .zip(0..)
        .map(|(c, tag)| (tag, Tagged::Int(*c)));
    Tagged::Struct(vec![
        (0, Tagged::Blob(name)),
        (
            1,
            Tagged::Struct(vec![
                (0, Tagged::Int(2)),
                (1, Tagged::Code("S2\0\0")),
                (4, Tagged::Int(4_123_456_789)),
            ]),
        ),
        (2, Tagged::Blob(race)),
        (3, Tagged::Struct(color.collect())),
        (4, Tagged::Int(control)),
        (5, Tagged::Int(0)),
        (6, Tagged::Int(100)),
        (7, Tagged::Int(0)),
        (8, Tagged::Int(result)),
        (9, Tagged::Option(Some(Box::new(Tagged::Int(1))))),
    ])
}

pub(super) fn details() -> Vec<u8> {
    let players = vec![
        player("&lt;ab&gt;<sp/>Ann", "Терраны", 2, 1),
        player("A.I. 1", "Zerg", 3, 2),
    ];
    Tagged::Struct(vec![
        (0, Tagged::Option(Some(Box::new(Tagged::Array(players))))),
        (1, Tagged::Blob("Made Map")),
        (4, Tagged::Bool(false)),
        (5, Tagged::Int(132_901_789_711_449_892)),
        (11, Tagged::Bool(false)),
        (12, Tagged::Int(4)),
        // Long enough to be packed, and known to no layout.
        (
            98,
            Tagged::Array(
                (0..100)
                    .map(|_| Tagged::Blob("nobody asks for this"))
                    .collect(),
            ),
        ),
    ])
    .bytes()
}

/// So many that they are packed.
pub(super) const UPGRADES: usize = 40;

/// Tracker events: a marine is born at loop 0, dies at loop 40,000 by player 2; then upgrades, one a loop.
pub(super) fn tracker() -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut event = |width, delta, kind, fields: Vec<(i64, Tagged)>| {
        Tagged::Choice(width, Box::new(Tagged::Int(delta))).write(&mut bytes);
        Tagged::Int(kind).write(&mut bytes);
        Tagged::Struct(fields).write(&mut bytes);
    };
    let some = |value| Tagged::Option(Some(Box::new(value)));
    event(
        0,
        0,
        1,
        vec![
            (0, Tagged::Int(190)),
            (1, Tagged::Int(1)),
            (2, Tagged::Blob("Marine")),
            (3, Tagged::Int(1)),
            (4, Tagged::Int(1)),
            (5, Tagged::Int(60)),
            (6, Tagged::Int(119)),
            (7, Tagged::Option(None)),
            (8, Tagged::Option(None)),
            (9, some(Tagged::Blob("BarracksTrain"))),
        ],
    );
    event(
        2,
        40_000,
        2,
        vec![
            (0, Tagged::Int(190)),
            (1, Tagged::Int(1)),
            (2, some(Tagged::Int(2))),
            (3, Tagged::Int(61)),
            (4, Tagged::Int(20)),
            (5, Tagged::Option(None)),
            (6, Tagged::Option(None)),
        ],
    );
    for _ in 0..UPGRADES {
        let name = Tagged::Blob("TerranInfantryWeaponsLevel1");
        event(
            0,
            1,
            5,
            vec![(0, Tagged::Int(1)), (1, name), (2, Tagged::Int(-1))],
        );
    }
    bytes
}

/// Game events of user 3: three units selected, the second one taken out, a queued command to a point.
pub(super) fn game() -> Vec<u8> {
    let mut to = Packer::default();
    // Selection 10, subgroup 0, no mask, one subgroup of link 48, priorities 20 and 1, three units, three tags.
    to.event(5, 3, 28).put(10, 4).put(0, 9).put(0, 2);
    to.put(1, 9).put(48, 16).put(20, 8).put(1, 8).put(3, 9);
    to.put(3, 9);
    for index in [190u64, 191, 192] {
        to.put(index << 18 | 1, 32);
    }
    // A mask of two bits, the second one set; nothing is added.
    to.event(1, 3, 28)
        .put(10, 4)
        .put(0, 9)
        .put(1, 2)
        .put(2, 9)
        .put(0b10, 2);
    to.put(0, 9).put(0, 9);
    // Flags 0x102 of 26 bits, ability 42 command 1 without data, to (10.5, 20, 0), the first in sequence.
    to.event(10, 3, 27)
        .put(0x102, 26)
        .put(1, 1)
        .put(42, 16)
        .put(1, 5)
        .put(0, 1);
    to.put(1, 2)
        .put(43_008, 20)
        .put(81_920, 20)
        .put(1 << 31, 32);
    to.put(0, 32).put(0, 1).put(0, 1);
    // The user leaves.
    to.event(20, 3, 101).put(0, 4);
    to.finish()
}

/// A whole replay, its files packed in both ways and not at all.
pub(super) fn replay(base_build: u32) -> Vec<u8> {
    let files = [
        file("replay.details", details(), Packing::Bzip2),
        file("replay.tracker.events", tracker(), Packing::Zlib),
        file("replay.game.events", game(), Packing::Stored),
        file(
            "(listfile)",
            b"replay.details\r\nreplay.tracker.events\r\nreplay.game.events\r\n".to_vec(),
            Packing::Stored,
        ),
    ];
    archive(&header(base_build), &files)
}
