//! A recorded game played again, as a film of the minimap: who stands where, second by second.
//!
//! The simulator's state itself is read and not a player's view, so that both sides are seen at once and looking changes
//! nothing. A film holds what changed from one frame to the next.

use super::terrain::Terrain;
use crate::analysis::kinds::{self, Kind};
use crate::env::Playback;
use crate::game::{GameResult, LOOPS_PER_SECOND, UnitTypeId};
use crate::replay::{Controller, Replay};
use crate::sim::state::State;
use crate::sim::unit::Unit;
use serde::Serialize;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Frames of a film at most: of longer games several seconds make one.
const FRAMES_MAX: u32 = 2000;
/// Numbers in all frames at most, some 40 MB as text; the film ends there.
const NUMBERS_MAX: usize = 8_000_000;
/// A game is played again for so long at most; the film ends there.
const SECONDS_MAX: Duration = Duration::from_secs(60);
/// Numbers of one entry of a frame.
const ENTRY: usize = 5;
/// What a kind is in the entry of a unit that is gone, or inside of another.
const GONE: i32 = -1;

/// The document.
#[derive(Debug, Serialize)]
pub struct Film {
    pub file: String,
    pub map: Terrain,
    pub players: [PlayerView; 2],
    pub seed: u64,
    /// Of the program that recorded it.
    pub program: String,
    pub loops: u32,
    /// Game loop of each frame; about a second apart, but for the last.
    pub frames: Vec<u32>,
    pub kinds: Vec<KindView>,
    /// Player of each unit, 0 or 1.
    pub owners: Vec<u8>,
    /// Per frame what differs from the frame before: unit, kind (-1: gone or inside), x and y in tenths of a cell, and health
    /// in percent; of a structure that is being built 1000 and percent done. One after the other.
    pub changes: Vec<Vec<i32>>,
    /// Per player and frame.
    pub curves: [Curves; 2],
    /// Why the film is not the whole game as it was recorded.
    pub warning: Option<String>,
}

#[derive(Debug, Serialize)]
pub struct PlayerView {
    pub name: String,
    pub race: String,
    pub computer: bool,
    /// `win`, `loss` or `draw`.
    pub result: &'static str,
}

/// A type of unit.
#[derive(Debug, PartialEq, Serialize)]
pub struct KindView {
    pub name: &'static str,
    pub structure: bool,
    pub worker: bool,
    pub flying: bool,
    /// Cells across.
    pub size: f32,
}

/// One player's numbers, frame by frame.
#[derive(Debug, Default, Serialize)]
pub struct Curves {
    pub minerals: Vec<u32>,
    pub vespene: Vec<u32>,
    pub supply: Vec<f32>,
    pub supply_cap: Vec<u32>,
    pub workers: Vec<u32>,
    /// Minerals and vespene of all finished units but workers.
    pub army: Vec<u32>,
}

/// Plays a game again.
///
/// # Errors
/// In words, if it cannot be set up: another map, a damaged file.
pub fn film(file: &str, replay: &Replay, stop: &AtomicBool) -> Result<Film, String> {
    let header = &replay.header;
    let mut playback = Playback::new(replay).map_err(|error| super::league::in_words(&error))?;
    let mut camera = Camera::default();
    let seconds = f64::from(header.game_loops) / LOOPS_PER_SECOND;
    let stride = (seconds / f64::from(FRAMES_MAX)).ceil().max(1.0);
    let begun = Instant::now();
    let mut warning = None;
    camera.look(playback.env().sim().state());
    while !playback.is_over() {
        let next = camera.frames.len() as f64 * stride * LOOPS_PER_SECOND;
        if let Err(error) = playback.advance(next.round() as u32) {
            warning = Some(error.to_string());
            break;
        }
        camera.look(playback.env().sim().state());
        if begun.elapsed() > SECONDS_MAX
            || camera.numbers > NUMBERS_MAX
            || stop.load(Ordering::Relaxed)
        {
            warning = Some("the game is too long to be shown whole".to_owned());
            break;
        }
    }
    let map = Terrain::of(&playback.env().sim().config().map);
    if warning.is_none() {
        warning = playback.finish().err().map(|error| error.to_string());
    }
    Ok(Film {
        file: file.to_owned(),
        map,
        players: [0, 1].map(|seat| player(replay, seat)),
        seed: header.seed.0,
        program: header.program.clone(),
        loops: header.game_loops,
        frames: camera.frames,
        kinds: camera.kinds,
        owners: camera.owners,
        changes: camera.changes,
        curves: camera.curves,
        warning,
    })
}

fn player(replay: &Replay, seat: usize) -> PlayerView {
    let it = &replay.header.seats[seat];
    let results = replay.header.results.iter();
    let mut own = results.filter(|r| usize::from(r.player.0) == seat + 1);
    PlayerView {
        name: it.name.clone(),
        race: format!("{:?}", it.race),
        computer: !matches!(it.controller, Controller::Participant),
        result: match own.next().map(|r| r.result) {
            Some(GameResult::Victory) => "win",
            Some(GameResult::Defeat) => "loss",
            _ => "draw",
        },
    }
}

/// Writes down what is seen.
#[derive(Default)]
struct Camera {
    frames: Vec<u32>,
    kinds: Vec<KindView>,
    kind_numbers: HashMap<UnitTypeId, i32>,
    owners: Vec<u8>,
    changes: Vec<Vec<i32>>,
    curves: [Curves; 2],
    /// Number and last entry of every unit that is in sight, by the simulator's reference.
    seen: HashMap<u32, (usize, [i32; ENTRY])>,
    numbers: usize,
}

impl Camera {
    fn look(&mut self, state: &State) {
        let mut before = std::mem::take(&mut self.seen);
        let mut changed = Vec::new();
        for unit in state.living().filter(|unit| unit.owner < 2 && !unit.inside) {
            let known = before.remove(&unit.me.0);
            let number = known.map_or_else(|| self.number(unit), |(number, _)| number);
            let entry = self.entry(unit, number);
            if known.is_none_or(|(_, last)| last != entry) {
                changed.extend(entry);
            }
            self.seen.insert(unit.me.0, (number, entry));
        }
        let mut gone: Vec<usize> = before.into_values().map(|(number, _)| number).collect();
        // A hash map's order would make two films of one game differ.
        gone.sort_unstable();
        changed.extend(gone.into_iter().flat_map(|n| [n as i32, GONE, 0, 0, 0]));
        self.numbers += changed.len();
        self.frames.push(state.game_loop);
        self.changes.push(changed);
        for player in 0..2 {
            self.count(state, player);
        }
    }

    fn number(&mut self, unit: &Unit) -> usize {
        self.owners.push(unit.owner);
        self.owners.len() - 1
    }

    fn entry(&mut self, unit: &Unit, number: usize) -> [i32; ENTRY] {
        let share = |part: f32, whole: f32| (100.0 * part / whole.max(1.0)).round() as i32;
        let health = match unit.build_left > 0.0 && unit.is_structure() {
            true => 1000 + share(unit.progress(), 1.0),
            false => {
                share(unit.life + unit.shields, unit.life_max + unit.shields_max).clamp(1, 100)
            }
        };
        let tenths = |x: f32| (x * 10.0).round() as i32;
        let kind = self.kind(unit);
        [
            number as i32,
            kind,
            tenths(unit.pos.x),
            tenths(unit.pos.y),
            health,
        ]
    }

    fn kind(&mut self, unit: &Unit) -> i32 {
        *self.kind_numbers.entry(unit.type_id).or_insert_with(|| {
            let data = unit.data;
            let (width, height) = data.footprint;
            let footprint = f32::from(width.max(height));
            self.kinds.push(KindView {
                name: data.name,
                structure: data.is_structure,
                worker: data.is_worker,
                flying: data.is_flying,
                size: if footprint > 0.0 {
                    footprint
                } else {
                    2.0 * unit.radius
                },
            });
            self.kinds.len() as i32 - 1
        })
    }

    fn count(&mut self, state: &State, player: usize) {
        let it = &state.players[player];
        let own = || {
            let own = state
                .living()
                .filter(|unit| usize::from(unit.owner) == player);
            own.filter(|unit| unit.build_left <= 0.0)
        };
        let army = own().filter_map(|unit| kinds::facts(unit.data.name));
        let army = army.filter(|facts| facts.kind == Kind::Unit);
        let curves = &mut self.curves[player];
        curves.minerals.push(it.minerals);
        curves.vespene.push(it.vespene);
        curves.supply.push(it.supply_used_halves as f32 / 2.0);
        curves.supply_cap.push(it.supply_cap_halves() / 2);
        curves
            .workers
            .push(own().filter(|unit| unit.data.is_worker).count() as u32);
        curves.army.push(army.map(|facts| facts.value).sum());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::replay;
    use std::collections::BTreeMap;
    use std::path::{Path, PathBuf};

    fn own(name: &str) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("replays")
            .join(name)
    }

    /// Kind, position and health of every unit in sight, frame by frame.
    fn played(film: &Film) -> Vec<BTreeMap<i32, [i32; 4]>> {
        let mut now = BTreeMap::new();
        let frames = film.changes.iter().map(|changes| {
            for e in changes.chunks(ENTRY) {
                if e[1] == GONE {
                    now.remove(&e[0]);
                } else {
                    now.insert(e[0], [e[1], e[2], e[3], e[4]]);
                }
            }
            now.clone()
        });
        frames.collect()
    }

    #[test]
    fn a_film_shows_both_players_from_twelve_workers_to_the_recorded_end() {
        let name = "bio-against-very-hard.screp";
        let replay = replay::read(&own(name)).unwrap();
        let film = film(name, &replay, &AtomicBool::new(false)).unwrap();
        assert_eq!(film.warning, None);
        assert_eq!(film.frames[..4], [0, 22, 45, 67]);
        assert_eq!(*film.frames.last().unwrap(), replay.header.game_loops);
        let frames = played(&film);
        let n = film.frames.len();
        assert_eq!((frames.len(), film.curves[1].army.len()), (n, n));
        for player in 0..2u8 {
            let count = |frame: usize, name: &str| {
                let units = frames[frame].iter();
                let own = units.filter(|(unit, _)| film.owners[**unit as usize] == player);
                own.filter(|(_, e)| film.kinds[e[0] as usize].name == name)
                    .count()
            };
            assert_eq!((count(0, "SCV"), count(0, "CommandCenter")), (12, 1));
            assert!(count(n / 2, "Marine") > 0);
            assert_eq!(film.curves[usize::from(player)].minerals[0], 50);
        }
        let [x0, y0, x1, y1] = film.map.area.map(|c| c * 10);
        for e in frames.iter().flat_map(BTreeMap::values) {
            assert!(
                (x0..=x1).contains(&e[1]) && (y0..=y1).contains(&e[2]),
                "{e:?}"
            );
            assert!(
                (1..=100).contains(&e[3]) || (1000..=1100).contains(&e[3]),
                "{e:?}"
            );
        }
    }
}
