//! Replays of a run's latest games, in `RUN/replays`: written by a thread of their own, so that no learner waits for the disk.

use crate::env::Arena;
use crate::replay::{self, EXTENSION, Replay};
use crossbeam_channel::{Receiver, Sender, bounded};
use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::SystemTime;

/// Folder below the run's.
pub const FOLDER: &str = "replays";
/// Games that wait to be written at most; one more is not kept (the disk is slower than the games).
const WAITING_MAX: usize = 4;
/// Digits of a game's number in its file's name, so that names sort by it.
const DIGITS: usize = 8;

/// Keeps the replays of the games that ended last. Dropped, it waits until what was handed to it is written.
pub struct KeptReplays {
    sender: Option<Sender<(u64, Replay)>>,
    thread: Option<JoinHandle<()>>,
    dropped: Arc<AtomicU64>,
}

/// Whether games have to be recorded: only those of the embedded simulator are nothing but their commands.
pub fn is_wanted(kept_max: usize, arena: &Arena) -> bool {
    kept_max > 0 && !matches!(arena, Arena::Sc2(_))
}

impl KeptReplays {
    /// Keeps `kept_max` files in the folder of `run`; none if that is 0, or there is no thread to be had.
    pub fn open(run: &Path, kept_max: usize) -> Option<KeptReplays> {
        if kept_max == 0 {
            return None;
        }
        let (sender, games) = bounded(WAITING_MAX);
        let folder = run.join(FOLDER);
        let dropped = Arc::<AtomicU64>::default();
        let count = dropped.clone();
        let thread = std::thread::Builder::new().name("kept-replays".to_owned());
        let thread = thread.spawn(move || write_all(&folder, kept_max, &games, &count));
        match thread {
            Ok(thread) => Some(KeptReplays {
                sender: Some(sender),
                thread: Some(thread),
                dropped,
            }),
            Err(error) => {
                tracing::warn!("no replays are kept: {error}");
                None
            }
        }
    }

    /// Games that were not kept: the disk was slower than the games, or failed.
    pub fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }

    /// Keeps a game, unless as many wait already as may. Never waits and never fails: a run does not end for want of a replay.
    pub fn keep(&self, number: u64, replay: Replay) {
        let full = |sender: &Sender<_>| sender.try_send((number, replay)).is_err();
        if self.sender.as_ref().is_some_and(full) {
            self.dropped.fetch_add(1, Ordering::Relaxed);
            tracing::debug!(
                "the replay of game {number} is not kept: the disk is slower than the games"
            );
        }
    }
}

impl Drop for KeptReplays {
    fn drop(&mut self) {
        self.sender = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn write_all(folder: &Path, kept_max: usize, games: &Receiver<(u64, Replay)>, dropped: &AtomicU64) {
    let mut kept = there(folder);
    let mut is_told = false;
    for (number, replay) in games {
        let path = folder.join(file_name(number, &replay));
        match replay::write(&path, &replay) {
            Ok(()) => {
                kept.retain(|known| *known != path);
                kept.push_back(path);
            }
            Err(error) => {
                dropped.fetch_add(1, Ordering::Relaxed);
                if !std::mem::replace(&mut is_told, true) {
                    tracing::warn!("a replay could not be kept, the run goes on: {error:?}");
                }
            }
        }
        while kept.len() > kept_max {
            if let Some(oldest) = kept.pop_front() {
                // One file more does no harm.
                let _ = std::fs::remove_file(oldest);
            }
        }
    }
}

/// What an earlier part of the run kept, the oldest first. Files of other names are somebody else's and stay.
fn there(folder: &Path) -> VecDeque<PathBuf> {
    let mut found: Vec<(SystemTime, PathBuf)> = Vec::new();
    for path in replay::list(folder).unwrap_or_default() {
        let written = std::fs::metadata(&path).and_then(|meta| meta.modified());
        if let (Some(_), Ok(written)) = (number_of(&path), written) {
            found.push((written, path));
        }
    }
    found.sort();
    found.into_iter().map(|(_, path)| path).collect()
}

/// `00000012-main-vs-supervised-1-0.screp`: number, players 1 and 2, and 1-0, 0-1 or tie.
fn file_name(number: u64, replay: &Replay) -> String {
    let [one, two] = replay.header.seats.each_ref().map(|seat| plain(&seat.name));
    let result = match replay.header.winner() {
        Some(0) => "1-0",
        Some(_) => "0-1",
        None => "tie",
    };
    format!("{number:0DIGITS$}-{one}-vs-{two}-{result}.{EXTENSION}")
}

/// A player's name as part of a file name.
fn plain(name: &str) -> String {
    let tail = name.rsplit('/').next().unwrap_or(name);
    let keep = |c: char| {
        if c.is_ascii_alphanumeric() || "@-".contains(c) {
            c
        } else {
            '_'
        }
    };
    tail.chars().take(40).map(keep).collect()
}

/// The number of the game that a kept replay is of; none for a file of another name.
pub fn number_of(path: &Path) -> Option<u64> {
    let name = path.file_name()?.to_str()?;
    let (number, rest) = name.split_once('-')?;
    let is_ours = number.len() >= DIGITS && rest.contains("-vs-");
    number.parse().ok().filter(|_| is_ours)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::replay::tests::sample;

    #[test]
    fn the_latest_games_are_kept_over_two_parts_of_a_run_and_nothing_else_is_touched() {
        let run = tempfile::tempdir().unwrap();
        let folder = run.path().join(FOLDER);
        assert!(KeptReplays::open(run.path(), 0).is_none());
        for part in 0..2 {
            let kept = KeptReplays::open(run.path(), 3).unwrap();
            for i in 0..4 {
                kept.keep(10 * part + i, sample());
                // The channel holds four: nothing is dropped here.
                std::thread::sleep(std::time::Duration::from_millis(30));
            }
            drop(kept);
            std::fs::write(folder.join("mine.screp"), "x").unwrap();
        }
        let names = replay::list(&folder).unwrap();
        let numbers: Vec<Option<u64>> = names.iter().map(|p| number_of(p)).collect();
        assert_eq!(numbers, [Some(11), Some(12), Some(13), None]);
        assert_eq!(replay::read(&names[2]).unwrap(), sample());
    }

    #[test]
    fn games_that_are_not_kept_are_counted() {
        let run = tempfile::tempdir().unwrap();
        // Nobody takes games out of the channel.
        let (sender, games) = bounded(WAITING_MAX);
        let kept = KeptReplays {
            sender: Some(sender),
            thread: None,
            dropped: Arc::default(),
        };
        for number in 0..WAITING_MAX as u64 + 3 {
            kept.keep(number, sample());
        }
        assert_eq!(kept.dropped(), 3);
        // A file where the folder should be.
        std::fs::write(run.path().join(FOLDER), "x").unwrap();
        let count = kept.dropped.clone();
        drop(kept);
        write_all(&run.path().join(FOLDER), 3, &games, &count);
        assert_eq!(count.load(Ordering::Relaxed), 3 + WAITING_MAX as u64);
    }

    #[test]
    fn names_say_number_players_and_result_and_hold_no_path() {
        let mut it = sample();
        it.header.seats[0].name = "checkpoint:a/../b c.safetensors".into();
        it.header.seats[1].name = "main@10".into();
        let name = file_name(7, &it);
        assert!(
            name.starts_with("00000007-b_c_safetensors-vs-main@10-"),
            "{name}"
        );
        assert_eq!(number_of(Path::new(&name)), Some(7));
        assert_eq!(number_of(Path::new("1234-game.screp")), None);
    }
}
