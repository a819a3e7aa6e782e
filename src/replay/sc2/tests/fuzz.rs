//! A seeded fuzzer: mutates replays and their sections, and demands a replay or an error.
//!
//! The corpus are the replays made in `made` and, where there are any, real ones (`SCC_REPLAYS`). A run of its own:
//! `SCC_FUZZ_SECONDS=3600 SCC_FUZZ_SEED=7 cargo test --release --lib -- sc2::tests::fuzz`, under `ulimit -v` to hold
//! the memory. A failure names the seed and the round, which give the same bytes again.

use std::time::{Duration, Instant};

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::super::{Archive, decode};
use super::made::{self, BUILD, Packing, file};
use super::reference::replays;

const SECTIONS: [&str; 6] = [
    "replay.details",
    "replay.initData",
    "replay.tracker.events",
    "replay.game.events",
    "replay.message.events",
    "replay.attributes.events",
];
/// Without a time: rounds enough to be worth it, few enough for every test run.
const ROUNDS: u64 = 2_000;
/// Real replays in the corpus; small ones first, since most of the time goes into unpacking.
const REAL_MAX: usize = 12;
const REAL_BYTES_MAX: usize = 70_000;

/// A file, and its header and sections unpacked.
struct Seedling {
    whole: Vec<u8>,
    header: Vec<u8>,
    sections: Vec<(&'static str, Vec<u8>)>,
}

fn seedling(whole: Vec<u8>) -> Seedling {
    let archive = Archive::open(&whole).expect("the corpus is whole");
    let sections = SECTIONS
        .iter()
        .filter_map(|name| Some((*name, archive.file(name).ok()??)));
    Seedling {
        header: archive.user_data().to_vec(),
        sections: sections.collect(),
        whole: whole.clone(),
    }
}

fn corpus() -> Vec<Seedling> {
    let mut all = vec![
        seedling(made::replay(BUILD)),
        seedling(made::replay(98_310)),
    ];
    let real = replays()
        .into_iter()
        .filter_map(|path| std::fs::read(path).ok());
    let real = real.filter(|bytes| bytes.len() < REAL_BYTES_MAX);
    all.extend(real.step_by(3).take(REAL_MAX).map(seedling));
    all
}

/// A few changes of a few kinds.
fn mutate(bytes: &mut Vec<u8>, rng: &mut StdRng) {
    for _ in 0..rng.random_range(1..6) {
        if bytes.is_empty() {
            return;
        }
        let at = rng.random_range(0..bytes.len());
        match rng.random_range(0..6) {
            0 => bytes[at] ^= 1 << rng.random_range(0..8),
            1 => bytes[at] = rng.random(),
            2 => bytes[at] = [0, 0x7f, 0x80, 0xff][rng.random_range(0..4)],
            3 => bytes.truncate(at),
            4 => {
                let to = (at + rng.random_range(1..64)).min(bytes.len());
                let copy = bytes[at..to].to_vec();
                bytes.splice(at..at, copy);
            }
            _ => {
                let to = (at + rng.random_range(1..64)).min(bytes.len());
                bytes.drain(at..to);
            }
        }
    }
}

/// One mutant of one seedling: of the file as it lies, or of its sections below the packing.
fn mutant(seed: &Seedling, rng: &mut StdRng) -> Vec<u8> {
    if rng.random_range(0..4) == 0 {
        let mut whole = seed.whole.clone();
        mutate(&mut whole, rng);
        return whole;
    }
    let mut header = seed.header.clone();
    if rng.random_range(0..8) == 0 {
        mutate(&mut header, rng);
    }
    let chosen = rng.random_range(0..seed.sections.len());
    let files: Vec<_> = seed
        .sections
        .iter()
        .enumerate()
        .map(|(idx, (name, content))| {
            let mut content = content.clone();
            if idx == chosen {
                mutate(&mut content, rng);
            }
            file(name, content, Packing::Stored)
        })
        .collect();
    made::archive(&header, &files)
}

#[test]
fn mutants_end_in_a_replay_or_an_error() {
    let number = |name: &str| {
        std::env::var(name)
            .ok()
            .and_then(|text| text.parse::<u64>().ok())
    };
    let seed = number("SCC_FUZZ_SEED").unwrap_or(1);
    let until = number("SCC_FUZZ_SECONDS").map(|n| Instant::now() + Duration::from_secs(n));
    let corpus = corpus();
    let (mut read, mut round) = (0u64, 0u64);
    while until.map_or(round < ROUNDS, |until| Instant::now() < until) {
        let mut rng = StdRng::seed_from_u64(seed << 32 | round);
        let mutant = mutant(&corpus[rng.random_range(0..corpus.len())], &mut rng);
        let result = std::panic::catch_unwind(|| decode(&mutant).is_ok());
        let ok = result.unwrap_or_else(|_| panic!("seed {seed}, round {round} panics"));
        read += u64::from(ok);
        round += 1;
    }
    // Mutations that all miss, or all destroy, would test nothing.
    assert!(
        read > 0 && read < round,
        "{read} of {round} mutants are replays"
    );
}

/// Inputs of the fuzz target in `fuzz/`: a whole replay and parts of it, in front of which stand the part's number there and
/// three bytes of build.
fn fuzz_inputs() -> Vec<(String, Vec<u8>)> {
    let build = BUILD.to_le_bytes();
    let parts = [
        (0u8, "header", made::header(BUILD)),
        (1, "details", made::details()),
        (5, "tracker", made::tracker()),
        (6, "game", made::game()),
    ];
    let mut inputs = vec![
        ("whole".to_owned(), made::replay(BUILD)),
        ("newest".to_owned(), made::replay(98_310)),
        (
            "metadata".to_owned(),
            b"\x03\0\0\0{\"Players\":[]}".to_vec(),
        ),
    ];
    for (number, name, content) in parts {
        let prefix = [number, build[0], build[1], build[2]];
        inputs.push((name.to_owned(), [&prefix[..], &content].concat()));
    }
    inputs
}

#[test]
fn the_seeds_of_the_fuzz_target_are_made_here() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds");
    let writes = std::env::var_os("UPDATE_GOLDEN").is_some() && std::env::var_os("CI").is_none();
    for (name, input) in fuzz_inputs() {
        let path = folder.join(name);
        if writes {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(&path, &input).unwrap();
        }
        let there = std::fs::read(&path).unwrap_or_default();
        assert!(
            there == input,
            "{}: UPDATE_GOLDEN=1 writes it anew",
            path.display()
        );
    }
}
