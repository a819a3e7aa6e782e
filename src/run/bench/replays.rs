//! How fast `.SC2Replay` files are read. There are none in the repository, so a folder of them has to be given.

use std::hint::black_box;
use std::path::Path;

use super::{BenchError, Figures, failed, median, repeat};
use crate::replay::sc2;
use crate::replay::{find, info};

/// Runs a file; its median counts.
const RUNS: usize = 9;
const MODERN: u32 = 4;

/// Time of this thread on its core, ms: what others do meanwhile does not count.
fn cpu_ms() -> f64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    time.tv_sec as f64 * 1e3 + time.tv_nsec as f64 / 1e6
}

fn timed<T>(call: impl FnOnce() -> T) -> f64 {
    let before = cpu_ms();
    black_box(call());
    cpu_ms() - before
}

/// `replay.ms`: median over a folder's modern replays (4.0 and later) of the time to decode all of one that is in
/// memory; `replay.max_ms` the slowest; `replay.info_ms`: to read a file and say what it is.
///
/// # Errors
/// The folder cannot be read, holds no modern replay, or one that cannot be read.
pub fn real_replays(folder: &Path) -> Result<Figures, BenchError> {
    let paths = find(folder).map_err(failed("the replays"))?;
    let (mut whole, mut short, mut sizes) = (Vec::new(), Vec::new(), Vec::new());
    for path in paths.iter().filter(|path| is_sc2(path)) {
        let bytes = std::fs::read(path).map_err(failed("the replays"))?;
        let replay = sc2::decode(&bytes).map_err(failed("the replays"))?;
        if replay.header.version[0] < MODERN {
            continue;
        }
        whole.push(median(&mut repeat(RUNS, |_| timed(|| sc2::decode(&bytes)))));
        short.push(median(&mut repeat(RUNS, |_| timed(|| info(path)))));
        sizes.push((replay.game.len() + replay.tracker.len()) as f64);
    }
    if whole.is_empty() {
        let none = format!("no replay of version 4.0 or later in {}", folder.display());
        return Err(failed("the replays")(std::io::Error::other(none)));
    }
    let slowest = whole.iter().copied().fold(0.0, f64::max);
    let mut figures = Figures::default();
    figures.add("replay.ms", "ms", whole);
    figures.add("replay.max_ms", "ms", vec![slowest]);
    figures.add("replay.info_ms", "ms", short);
    figures.add("replay.events", "events", sizes);
    Ok(figures)
}

fn is_sc2(path: &Path) -> bool {
    path.extension().is_some_and(|e| e == sc2::EXTENSION)
}
