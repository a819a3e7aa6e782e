//! Replays as clients know them: an MPQ archive that names the game's version, with our own replay inside.
//!
//! Written is the plainest form there is (format 0, single-unit files, nothing compressed); `replay::wrapped` reads what was
//! written.

use crate::replay::sc2::cipher::{AT, CHECK_A, CHECK_B, KEY, crypt, hash};
use crate::replay::wrapped::{self, ALTERED, EXISTS_SINGLE_UNIT, METADATA, NO_FOG, RECORD};
use crate::replay::{self, Replay};
use serde_json::json;
use std::path::Path;

/// The list of files, by which readers find the others.
const LISTFILE: &str = "(listfile)";

const HEADER_BYTES: usize = 32;
/// Slots of the hash table: a power of two above the number of files.
const SLOTS: usize = 8;
const EMPTY: u32 = 0xffff_ffff;

/// Why bytes are no replay that can be watched here.
#[derive(Debug, thiserror::Error)]
pub(super) enum ArchiveError {
    #[error("it is no replay archive")]
    NotAnArchive,
    #[error("it is a replay of StarCraft II itself, which cannot be simulated")]
    RealGame,
    #[error(transparent)]
    Replay(#[from] replay::ReplayError),
    #[error("debug commands were used in this game, so it cannot be played again")]
    Altered,
}

/// What a replay needs to be played again beyond the replay itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Terms {
    pub disable_fog: bool,
    pub is_altered: bool,
}

/// A recorded game as the bytes of a `.SC2Replay`.
pub(super) fn pack(replay: &Replay, terms: Terms) -> Vec<u8> {
    let players: Vec<_> = replay
        .header
        .seats
        .iter()
        .enumerate()
        .map(|(i, seat)| json!({"PlayerID": i + 1, "SelectedRace": format!("{:?}", seat.race)}))
        .collect();
    let metadata = json!({
        "Title": replay.header.map_name,
        "GameVersion": super::GAME_VERSION,
        "DataBuild": super::BUILD.to_string(),
        "DataVersion": super::DATA_VERSION,
        "BaseBuild": format!("Base{}", super::BUILD),
        "Duration": f64::from(replay.header.game_loops) / crate::game::LOOPS_PER_SECOND,
        "Players": players,
        NO_FOG: terms.disable_fog,
        ALTERED: terms.is_altered,
    });
    archive(&[
        (METADATA, metadata.to_string().into_bytes()),
        (RECORD, replay::encode(replay)),
    ])
}

/// The recorded game in the bytes of a `.SC2Replay` of ours, or of a replay file of ours.
pub(super) fn unpack(bytes: &[u8], path: &Path) -> Result<(Replay, Terms), ArchiveError> {
    if !bytes.starts_with(b"MPQ") {
        return match replay::decode(bytes, path) {
            Ok(replay) => Ok((replay, Terms::default())),
            Err(replay::ReplayError::NotAReplay { .. }) => Err(ArchiveError::NotAnArchive),
            Err(why) => Err(why.into()),
        };
    }
    let kept = wrapped::unwrap(bytes).ok_or(ArchiveError::RealGame)?;
    let terms = Terms {
        disable_fog: kept.disable_fog,
        is_altered: kept.is_altered,
    };
    Ok((replay::decode(kept.record, path)?, terms))
}

/// An archive of these files.
fn archive(files: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let names: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
    let list = (LISTFILE, (names.join("\r\n") + "\r\n").into_bytes());
    let files: Vec<&(&str, Vec<u8>)> = files.iter().chain([&list]).collect();
    let mut body = Vec::new();
    let mut slots = [[EMPTY; 4]; SLOTS];
    let mut blocks = Vec::new();
    for (i, (name, content)) in files.iter().enumerate() {
        let size = content.len() as u32;
        let start = (HEADER_BYTES + body.len()) as u32;
        blocks.extend([start, size, size, EXISTS_SINGLE_UNIT]);
        body.extend_from_slice(content);
        let mut at = hash(name, AT) as usize % SLOTS;
        while slots[at][3] != EMPTY {
            at = (at + 1) % SLOTS;
        }
        slots[at] = [hash(name, CHECK_A), hash(name, CHECK_B), 0, i as u32];
    }
    let hashes_at = (HEADER_BYTES + body.len()) as u32;
    let blocks_at = hashes_at + (SLOTS * 16) as u32;
    let total = blocks_at + (blocks.len() * 4) as u32;
    let mut bytes = Vec::with_capacity(total as usize);
    bytes.extend_from_slice(b"MPQ\x1a");
    let header = [
        HEADER_BYTES as u32,
        total,
        // Format 0, sectors of 512 << 3 bytes.
        3 << 16,
        hashes_at,
        blocks_at,
        SLOTS as u32,
        files.len() as u32,
    ];
    bytes.extend(header.iter().flat_map(|word| word.to_le_bytes()));
    bytes.extend_from_slice(&body);
    let mut slots = slots.concat();
    crypt(&mut slots, hash("(hash table)", KEY), true);
    crypt(&mut blocks, hash("(block table)", KEY), true);
    bytes.extend(slots.iter().chain(&blocks).flat_map(|w| w.to_le_bytes()));
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_come_back_and_cut_archives_give_nothing_or_the_whole() {
        let files = [("a.txt", b"hello".to_vec()), ("b.bin", vec![7; 3000])];
        let bytes = archive(&files);
        for (name, content) in &files {
            assert_eq!(wrapped::file_in(&bytes, name), Some(content.as_slice()));
        }
        assert_eq!(
            wrapped::file_in(&bytes, LISTFILE),
            Some(b"a.txt\r\nb.bin\r\n".as_slice())
        );
        assert_eq!(wrapped::file_in(&bytes, "c"), None);
        for length in 0..bytes.len() {
            assert_eq!(
                wrapped::file_in(&bytes[..length], "a.txt"),
                None,
                "{length} bytes"
            );
        }
    }

    /// What `scc sim` saves is a replay of ours to everything that reads replays, unless it cannot be played again.
    #[test]
    fn saved_replays_are_read_as_ours() {
        let game = crate::replay::tests::sample();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.SC2Replay");
        let save = |disable_fog, is_altered| {
            let terms = Terms {
                disable_fog,
                is_altered,
            };
            std::fs::write(&path, pack(&game, terms)).unwrap();
        };
        save(false, false);
        assert_eq!(replay::read(&path).unwrap(), game);
        assert_eq!(replay::read_header(&path).unwrap(), game.header);
        let info = replay::info(&path).unwrap();
        assert_eq!(
            (info.kind.as_str(), info.loops),
            ("scc", game.header.game_loops)
        );
        for (terms, words) in [((false, true), "debug commands"), ((true, false), "fog")] {
            save(terms.0, terms.1);
            let error = replay::read(&path).unwrap_err().to_string();
            assert!(error.contains(words), "{error}");
            assert_eq!(replay::info(&path).unwrap().players, info.players);
        }
        save(false, false);
        let whole = std::fs::read(&path).unwrap();
        for length in (0..whole.len()).step_by(41) {
            std::fs::write(&path, &whole[..length]).unwrap();
            assert!(replay::read(&path).is_err() && replay::info(&path).is_err());
        }
    }
}
