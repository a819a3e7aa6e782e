//! What is fuzzed: the decoder of `.SC2Replay` files, built from the package's own sources.
//!
//! The modules are taken by path, not as a dependency on the package: they need none of its database, network and
//! protobuf libraries, and instrumented they build in a minute.
#![allow(dead_code)]

#[path = "../../src/files.rs"]
mod files;
#[path = "../../src/game/mod.rs"]
mod game;
#[path = "../../src/replay/mod.rs"]
pub mod replay;

use replay::sc2::{self, Archive, Attributes, Details, Header, Lobby, Metadata};

/// Files of the archive, in the order of a part's first byte. The header stands in front of the archive.
pub const PARTS: [&str; 8] = [
    "header",
    "replay.details",
    "replay.initData",
    "replay.gamemetadata.json",
    "replay.attributes.events",
    "replay.tracker.events",
    "replay.game.events",
    "replay.message.events",
];

/// Bytes in front of a part's content: which part, and three bytes of build.
pub const PREFIX_BYTES: usize = 4;

/// An input is a whole file, or one part of one as it lies below the packing, where no checksum hides what comes behind.
pub fn decode(input: &[u8]) {
    if input.starts_with(b"MPQ") {
        return whole(input);
    }
    let Some((prefix, content)) = input.split_at_checked(PREFIX_BYTES) else {
        return;
    };
    let build = u32::from_le_bytes([prefix[1], prefix[2], prefix[3], 0]);
    part(usize::from(prefix[0]) % PARTS.len(), build, content);
}

/// As `scc replay info` and `scc replay events` read a file.
fn whole(bytes: &[u8]) {
    if let Ok(replay) = sc2::decode_summary(bytes) {
        sc2::summary(&replay);
    }
    if let Ok(replay) = sc2::decode(bytes) {
        sc2::orders(&replay.game);
        let report = sc2::report(&replay, "a.SC2Replay", bytes);
        serde_json::to_writer(std::io::sink(), &report).expect("a report is JSON");
    }
}

fn part(which: usize, build: u32, content: &[u8]) {
    // Layouts are looked up by builds that are known, as `decode` does.
    let build = sc2::nearest(build);
    match which {
        0 => drop(Header::read(content)),
        1 => drop(Details::read(content, build)),
        2 => drop(Lobby::read(content, build)),
        3 => drop(Metadata::read(content)),
        4 => drop(Attributes::read(content, build)),
        5 => drop(sc2::tracker_events(content, build)),
        6 => {
            if let Ok(events) = sc2::game_events(content, build) {
                sc2::orders(&events);
            }
        }
        _ => drop(sc2::messages(content, build)),
    }
}

/// A file and its parts, each as an input.
pub fn inputs(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut inputs = vec![bytes.to_vec()];
    let Ok(archive) = Archive::open(bytes) else {
        return inputs;
    };
    let Ok(header) = Header::read(archive.user_data()) else {
        return inputs;
    };
    let build = header.base_build.to_le_bytes();
    for (which, name) in PARTS.iter().enumerate() {
        let content = match which {
            0 => Some(archive.user_data().to_vec()),
            _ => archive.file(name).ok().flatten(),
        };
        if let Some(content) = content {
            let mut input = vec![which as u8, build[0], build[1], build[2]];
            input.extend(content);
            inputs.push(input);
        }
    }
    inputs
}
