//! A library of strategies: the z of every player of a set of replays (SCC §6.1: z's are taken from human games on the
//! training map).

use crate::env::{EnvError, PLAYERS, Playback};
use crate::game::{GameInfo, PlayerId, RawObservation};
use crate::obs::Space;
use crate::replay::{self, Controller, Replay};
use crate::threads::side_by_side;
use crate::trajectory::{Z, ZEntry, ZLibrary, ZTracker};
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// Loops between two looks: what lives shorter than 0.7 s is not seen.
const LOOK_LOOPS: u32 = 16;
/// Side of the target grid that build-order places are laid on; only the minimap's share of it matters.
const TARGET_GRID: usize = 128;

/// What became of the replays.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct StrategyReport {
    /// Replays played again.
    pub games: usize,
    /// Strategies found, one a player who is no built-in AI.
    pub entries: usize,
    /// Of these by winners.
    pub winners: usize,
    /// How many a map has.
    pub maps: std::collections::BTreeMap<String, usize>,
    /// Files that could not be used, and why.
    pub left_out: Vec<LeftOut>,
}

/// A replay that could not be used.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LeftOut {
    pub file: String,
    pub reason: String,
}

/// How a library is made.
#[derive(Clone, Copy)]
pub struct StrategyOptions<'a> {
    /// Leave out players who did not win.
    pub winners_only: bool,
    pub threads: usize,
    /// Ends the work early when set: what was found until then is given.
    pub stop: &'a AtomicBool,
    /// Called after each file with the number of files done.
    pub on_file: &'a (dyn Fn(usize) + Sync),
}

/// Plays all files again, in parallel; entries stand in the files' order whatever the number of threads.
pub fn collect(files: &[PathBuf], options: StrategyOptions<'_>) -> (ZLibrary, StrategyReport) {
    let (next, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let work = || {
        let mut found = Vec::new();
        while !options.stop.load(Ordering::Relaxed) {
            let i = next.fetch_add(1, Ordering::Relaxed);
            let Some(file) = files.get(i) else { break };
            found.push((i, strategies(file)));
            (options.on_file)(done.fetch_add(1, Ordering::Relaxed) + 1);
        }
        found
    };
    let found = side_by_side((0..options.threads.max(1)).map(|_| work));
    let mut all: Vec<(usize, Result<Vec<ZEntry>, String>)> = found.into_iter().flatten().collect();
    all.sort_by_key(|(i, _)| *i);
    let mut report = StrategyReport::default();
    let mut library = ZLibrary::default();
    for (i, found) in all {
        match found {
            Ok(entries) => {
                report.games += 1;
                let kept = entries
                    .into_iter()
                    .filter(|e| e.won || !options.winners_only);
                library.entries.extend(kept);
            }
            Err(reason) => report.left_out.push(LeftOut {
                file: files[i].display().to_string(),
                reason,
            }),
        }
    }
    report.entries = library.entries.len();
    report.winners = library.entries.iter().filter(|e| e.won).count();
    for entry in &library.entries {
        *report.maps.entry(entry.map.clone()).or_default() += 1;
    }
    (library, report)
}

fn strategies(file: &Path) -> Result<Vec<ZEntry>, String> {
    let words = |e: &dyn std::error::Error| {
        let mut text = e.to_string();
        let mut next = e.source();
        while let Some(cause) = next {
            text = format!("{text}: {cause}");
            next = cause.source();
        }
        text
    };
    let game = replay::read(file).map_err(|e| words(&e))?;
    let name = file
        .file_stem()
        .map(|s| s.to_string_lossy().into_owned())
        .unwrap_or_default();
    of_replay(&game, &name).map_err(|e| words(&e))
}

/// The strategies of a replay's participants, the built-in AI's left out; `source` names the game.
///
/// # Errors
/// If the game does not re-play to its recorded end.
pub fn of_replay(game: &Replay, source: &str) -> Result<Vec<ZEntry>, EnvError> {
    let mut playback = Playback::new(game)?;
    let seats = &game.header.seats;
    let is_participant =
        |p: &PlayerId| seats[usize::from(p.0) - 1].controller == Controller::Participant;
    let mut watched: Vec<(PlayerId, GameInfo, ZTracker)> = PLAYERS
        .into_iter()
        .filter(is_participant)
        .map(|player| {
            let info = playback.env().game_info(player);
            let tracker = ZTracker::new(Space::new(&info.map, TARGET_GRID));
            (player, info, tracker)
        })
        .collect();
    let mut raw = RawObservation::default();
    loop {
        for (player, _, tracker) in &mut watched {
            playback.observe(*player, &mut raw);
            tracker.observe(&raw);
        }
        if playback.is_over() {
            break;
        }
        playback.advance(playback.env().game_loop() + LOOK_LOOPS)?;
    }
    playback.finish()?;
    Ok(watched
        .into_iter()
        .map(|(player, info, tracker)| entry(game, source, player, &info, tracker.z()))
        .collect())
}

fn entry(game: &Replay, source: &str, player: PlayerId, info: &GameInfo, z: &Z) -> ZEntry {
    let header = &game.header;
    let seat = usize::from(player.0) - 1;
    let starts = info.map.start_locations.iter();
    let start = starts
        .enumerate()
        .min_by(|(_, a), (_, b)| {
            let away = |p: &crate::game::Point| {
                (p.x - info.own_start.x).powi(2) + (p.y - info.own_start.y).powi(2)
            };
            away(a).total_cmp(&away(b))
        })
        .map_or(0, |(i, _)| i);
    ZEntry {
        z: z.clone(),
        map: header.map_name.clone(),
        race: header.seats[seat].race,
        opponent: header.seats[1 - seat].race,
        start: u8::try_from(start).unwrap_or(u8::MAX),
        won: header.winner() == Some(seat),
        mmr: header.seats[seat].rating.unwrap_or(0.0),
        source: format!(
            "{source}, player {} ({})",
            player.0, header.seats[seat].name
        ),
    }
}
