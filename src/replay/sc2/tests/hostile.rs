//! Damaged and malicious files: an error, in bounded memory and time, whatever they hold.

use proptest::prelude::*;

use super::super::{Archive, ArchiveError, Fault, ReadError, SECTION_BYTES_MAX, decode};
use super::made::{self, BUILD, Packing, Tagged, file};

/// The error without its path.
fn refused(bytes: &[u8]) -> ReadError {
    decode(bytes).expect_err("it must be refused")
}

#[test]
fn other_files_are_named_for_what_they_are() {
    let archive = |bytes: &[u8]| match refused(bytes) {
        ReadError::Archive(error) => error,
        other => panic!("{other}"),
    };
    assert_eq!(archive(b""), ArchiveError::NotAnArchive);
    assert_eq!(archive(b"PK\x03\x04 a zip"), ArchiveError::NotAnArchive);
    assert_eq!(archive(b"MPQ\x1a a map or a mod"), ArchiveError::NotAReplay);
    assert!(matches!(archive(b"MPQ\x1b"), ArchiveError::Truncated(_)));
    // An archive with user data that is no header.
    let other = made::archive(b"not a replay's header", &[]);
    assert!(matches!(
        refused(&other),
        ReadError::Value {
            section: "header",
            ..
        }
    ));
}

#[test]
fn every_truncation_is_an_error() {
    let whole = made::replay(BUILD);
    assert!(decode(&whole).is_ok());
    for length in 0..whole.len() {
        assert!(
            decode(&whole[..length]).is_err(),
            "{length} of {} bytes",
            whole.len()
        );
    }
}

#[test]
fn bombs_are_stopped_at_what_the_archive_promised() {
    for packing in [Packing::Bzip2, Packing::Zlib] {
        let mut bomb = file("replay.details", vec![0; SECTION_BYTES_MAX + 1], packing);
        let tell = |bomb| refused(&made::archive(&made::header(BUILD), &[bomb])).to_string();
        // It says how large it is: too large.
        let text = tell(file("replay.details", bomb.content.clone(), packing));
        assert!(text.contains("larger than any game's"), "{text}");
        // It lies: what comes out does not stop where it should.
        bomb.claims = Some(1 << 20);
        let text = tell(bomb);
        assert!(text.contains("another length"), "{text}");
    }
}

#[test]
fn files_in_pieces_are_put_together_and_cut_ones_refused() {
    // Two pieces that pack, and a rest that does not.
    let mut content = vec![7u8; 40_000];
    content.extend((0u8..=255).rev());
    content[39_000..]
        .iter_mut()
        .enumerate()
        .for_each(|(i, byte)| *byte = (i * i / 7 % 251) as u8);
    let whole = file("a", content.clone(), Packing::Pieces);
    let bytes = made::archive(&made::header(BUILD), &[whole]);
    assert_eq!(
        Archive::open(&bytes).unwrap().file("a").unwrap(),
        Some(content)
    );
    // The table of pieces, byte by byte: something else or an error, no panic.
    for at in 1024 + 44..1024 + 44 + 16 {
        let mut bytes = bytes.clone();
        bytes[at] ^= 0xff;
        assert!(
            Archive::open(&bytes).unwrap().file("a").is_err(),
            "byte {at}"
        );
    }
}

#[test]
fn absurd_sizes_are_refused_before_anything_is_allocated() {
    let whole = made::replay(BUILD);
    // Rows of the tables, then their places, in the archive's header behind the user data.
    for at in [16, 20, 24, 28] {
        let mut bytes = whole.clone();
        bytes[1024 + at..1024 + at + 4].copy_from_slice(&u32::MAX.to_le_bytes());
        assert!(matches!(
            Archive::open(&bytes),
            Err(ArchiveError::Truncated(_) | ArchiveError::TooLarge(_))
        ));
    }
    for at in [8, 12] {
        let mut bytes = whole.clone();
        bytes[at..at + 4].copy_from_slice(&u32::MAX.to_le_bytes());
        assert!(matches!(
            Archive::open(&bytes),
            Err(ArchiveError::Truncated(_))
        ));
    }
    // A list of 2^40 players, a title of 2^40 letters, an unknown field nested for ever.
    let long = [0x80u8 | 0x3f << 1, 0xff, 0xff, 0xff, 0xff, 0x0f];
    let players = [&[5, 2, 0, 4, 1, 0][..], &long].concat();
    let title = [&[5, 2, 2, 2][..], &long].concat();
    let nested = [vec![5, 2, 0xc6, 0x01], [4, 1].repeat(100_000)].concat();
    for details in [players, title, nested] {
        let files = [file("replay.details", details, Packing::Stored)];
        let error = refused(&made::archive(&made::header(BUILD), &files));
        assert!(
            matches!(
                error,
                ReadError::Value {
                    section: "details",
                    ..
                }
            ),
            "{error}"
        );
    }
}

#[test]
fn events_that_do_not_fit_say_where() {
    let with = |name, content| {
        let files = [
            file("replay.details", made::details(), Packing::Stored),
            file(name, content, Packing::Stored),
        ];
        refused(&made::archive(&made::header(BUILD), &files))
    };
    let mut game = made::game();
    game.truncate(game.len() - 1);
    let ReadError::Events { section, source } = with("replay.game.events", game) else {
        panic!("an error of the events");
    };
    assert_eq!(
        (section, source.events, source.fault),
        ("game events", 3, Fault::Truncated)
    );
    // Kind 127 is none.
    let mut packer = made::Packer::default();
    packer.event(0, 1, 127);
    let ReadError::Events { source, .. } = with("replay.game.events", packer.finish()) else {
        panic!("an error of the events");
    };
    assert_eq!((source.events, source.byte), (0, 0));
    assert!(matches!(source.fault, Fault::Corrupt(_)));
    let wrong = Tagged::Array(vec![]).bytes();
    assert!(matches!(
        with("replay.tracker.events", wrong),
        ReadError::Events { .. }
    ));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// Of whatever bytes: a replay or an error, never a panic.
    #[test]
    fn flipped_bits_never_panic(flips in prop::collection::vec((0usize..4096, 0u8..8), 1..8)) {
        let mut bytes = made::replay(BUILD);
        let n = bytes.len();
        for (at, bit) in flips {
            bytes[at % n] ^= 1 << bit;
        }
        let _ = decode(&bytes);
    }

    /// Below the packing, where checksums do not catch it first.
    #[test]
    fn flipped_bits_in_sections_never_panic(flips in prop::collection::vec((0usize..512, 0u8..8), 1..6)) {
        let mut sections = [made::header(BUILD), made::details(), made::tracker(), made::game()];
        for (at, bit) in flips {
            let section = &mut sections[at % 4];
            let n = section.len();
            section[at / 4 % n] ^= 1 << bit;
        }
        let [header, details, tracker, game] = sections;
        let files = [
            file("replay.details", details, Packing::Stored),
            file("replay.tracker.events", tracker, Packing::Stored),
            file("replay.game.events", game.clone(), Packing::Stored),
            file("replay.initData", game.clone(), Packing::Stored),
            file("replay.message.events", game, Packing::Stored),
        ];
        let _ = decode(&made::archive(&header, &files));
    }

    #[test]
    fn any_bytes_as_sections_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..600), build in 15_000u32..99_000) {
        let names = ["replay.details", "replay.initData", "replay.tracker.events", "replay.game.events"];
        for name in names {
            let files = [file(name, bytes.clone(), Packing::Stored)];
            let _ = decode(&made::archive(&made::header(build), &files));
        }
    }
}
