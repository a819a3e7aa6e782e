//! Players' games from a replay of the simulator: the game is played again, and its state looked at after every loop.
//!
//! The state itself is read and not a player's view, so that what the built-in AI does is known as well, although its
//! commands are not recorded, and nothing that only looking would change is touched.

use super::LoadError;
use super::books::Books;
use super::game::{PlayerGame, Sample, Stage};
use super::kinds::{self, Kind};
use crate::env::Playback;
use crate::game::data;
use crate::game::raw_obs::CategoryScore;
use crate::game::{GameResult, UnitTag, UnitTypeId, UpgradeId};
use crate::replay::{Controller, Header, Replay};
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Loops between two samples, as in `.SC2Replay`.
const SAMPLE_LOOPS: u32 = 160;
/// Game loops between two looks at the stop flag.
const STOP_LOOPS: u32 = 256;

/// Both players' games.
///
/// # Errors
/// [`LoadError::Playback`] if the game does not re-play to its recorded end; [`LoadError::Stopped`] if `stop` was set.
pub(super) fn games(
    replay: &Replay,
    path: &Path,
    stop: &AtomicBool,
) -> Result<Vec<PlayerGame>, LoadError> {
    let fail = |source| LoadError::Playback {
        path: path.to_owned(),
        source,
    };
    let mut playback = Playback::new(replay).map_err(fail)?;
    let mut watch = Watch::new(&replay.header, path);
    watch.look(&playback);
    while !playback.is_over() {
        let now = playback.env().game_loop();
        if now.is_multiple_of(STOP_LOOPS) && stop.load(Ordering::Relaxed) {
            return Err(LoadError::Stopped);
        }
        playback.advance(now + 1).map_err(fail)?;
        watch.look(&playback);
    }
    watch.sample(&playback);
    playback.finish().map_err(fail)?;
    let mut books = watch.books;
    for command in &replay.commands {
        if let Some(it) = books.get_mut(usize::from(command.player.0).wrapping_sub(1)) {
            it.command(command.game_loop);
        }
    }
    Ok(books.into_iter().map(Books::into_game).collect())
}

/// What a slot held at the last look.
#[derive(Clone, Copy)]
struct Seen {
    tag: UnitTag,
    owner: usize,
    type_id: UnitTypeId,
    is_done: bool,
    position: [f32; 2],
}

struct Watch {
    books: Vec<Books>,
    slots: Vec<Option<Seen>>,
    upgrades: [Vec<UpgradeId>; 2],
    /// What each player had killed of the enemy's, and of its own, at the last look.
    killed: [[f32; 2]; 2],
    names: HashMap<UnitTypeId, Arc<str>>,
}

impl Watch {
    fn new(header: &Header, path: &Path) -> Watch {
        Watch {
            books: (0..2)
                .map(|seat| Books::new(player_game(header, seat, path)))
                .collect(),
            slots: Vec::new(),
            upgrades: [Vec::new(), Vec::new()],
            killed: [[0.0; 2]; 2],
            names: HashMap::new(),
        }
    }

    fn name(&mut self, type_id: UnitTypeId) -> Arc<str> {
        let new = || data::unit(type_id).map_or("", |row| row.name).into();
        self.names.entry(type_id).or_insert_with(new).clone()
    }

    fn look(&mut self, playback: &Playback<'_>) {
        let state = playback.env().sim().state();
        let now = state.game_loop;
        self.bury(playback);
        self.slots.resize(state.units.len(), None);
        for unit in state.living().filter(|unit| unit.owner < 2) {
            let seen = Seen {
                tag: unit.me.tag(),
                owner: usize::from(unit.owner),
                type_id: unit.type_id,
                is_done: unit.build_left <= 0.0,
                position: [unit.pos.x, unit.pos.y],
            };
            let before = self.slots[unit.me.slot()].replace(seen);
            self.see(now, before, seen);
        }
        for (idx, player) in state.players.iter().enumerate() {
            let known = std::mem::replace(&mut self.upgrades[idx], player.upgrades.clone());
            for upgrade in player.upgrades.iter().filter(|it| !known.contains(it)) {
                let name = data::upgrade(*upgrade).map_or("", |row| row.name);
                self.books[idx].make(now, Stage::Researched, name.into(), None);
            }
        }
        if now == 1 || now > 0 && now.is_multiple_of(SAMPLE_LOOPS) {
            self.sample(playback);
        }
    }

    /// One unit's change since the last look; `before` is of the same unit, or there was none.
    fn see(&mut self, now: u32, before: Option<Seen>, it: Seen) {
        if before.is_some_and(|b| b.type_id == it.type_id && b.is_done == it.is_done) {
            return;
        }
        let what = self.name(it.type_id);
        let before_name = before.map(|b| self.name(b.type_id));
        let books = &mut self.books[it.owner];
        match before {
            None if it.is_done => books.appear(now, what, it.position),
            None => books.make(now, Stage::Begun, what, Some(it.position)),
            Some(b) if it.is_done && !b.is_done => books.appear(now, what, it.position),
            Some(b) if it.is_done && b.type_id != it.type_id => {
                books.change(now, &before_name.unwrap_or_default(), what, it.position);
            }
            Some(_) => {}
        }
    }

    /// Who lived at the last look and does no more. The slots of the dead are used again in the next loop at the
    /// earliest, so that they still tell how it came.
    fn bury(&mut self, playback: &Playback<'_>) {
        let state = playback.env().sim().state();
        let killed = state.players.each_ref().map(|player| {
            let s = &player.score;
            let own = total(&s.friendly_fire_minerals) + total(&s.friendly_fire_vespene);
            [s.killed_value_units + s.killed_value_structures, own]
        });
        let before = std::mem::replace(&mut self.killed, killed);
        let rose = |player: usize, what: usize| killed[player][what] > before[player][what];
        for slot in 0..self.slots.len() {
            let Some(seen) = self.slots[slot] else {
                continue;
            };
            let unit = &state.units[slot];
            if unit.alive && unit.me.tag() == seen.tag {
                continue;
            }
            self.slots[slot] = None;
            let what = self.name(seen.type_id);
            let enemy = 1 - seen.owner;
            let by_damage = unit.me.tag() == seen.tag && unit.life <= 0.0;
            let is_free = kinds::kind(&what) == Kind::Other;
            // Whose books show it: burning structures and canceled ones are nobody's.
            let killer = match by_damage {
                true if rose(enemy, 0) || is_free => Some(enemy),
                true if rose(seen.owner, 1) => Some(seen.owner),
                _ => None,
            };
            let books = &mut self.books[seen.owner];
            if seen.is_done {
                books.leave(&what);
            }
            books.die(
                state.game_loop,
                what,
                seen.position,
                killer.map(|seat| seat as u8 + 1),
            );
        }
    }

    fn sample(&mut self, playback: &Playback<'_>) {
        let state = playback.env().sim().state();
        for (idx, books) in self.books.iter_mut().enumerate() {
            let player = &state.players[idx];
            let mine = || {
                let own = state.living().filter(|unit| usize::from(unit.owner) == idx);
                own.filter(|unit| unit.build_left <= 0.0)
            };
            let (minerals_rate, vespene_rate) = player.income.clone().rates(state.game_loop);
            let army = mine().filter_map(|unit| kinds::facts(unit.data.name));
            let army = army.filter(|it| it.kind == Kind::Unit);
            let score = &player.score;
            let lost = total(&score.lost_minerals) + total(&score.lost_vespene);
            books.sample(Sample {
                game_loop: state.game_loop,
                workers: mine().filter(|unit| unit.data.is_worker).count() as u32,
                supply_used: player.supply_used_halves as f32 / 2.0,
                supply_made: player.supply_made_halves as f32 / 2.0,
                minerals: player.minerals,
                vespene: player.vespene,
                minerals_rate: minerals_rate as u32,
                vespene_rate: vespene_rate as u32,
                army_value: army.map(|it| it.value).sum(),
                killed_value: self.killed[idx][0] as u32,
                lost_value: lost as u32,
                alive: Default::default(),
            });
        }
    }
}

fn total(of: &CategoryScore) -> f32 {
    of.army + of.economy + of.technology + of.upgrade
}

fn player_game(header: &Header, seat: usize, path: &Path) -> PlayerGame {
    let it = &header.seats[seat];
    let number = seat as u8 + 1;
    let result = header.results.iter().find(|r| r.player.0 == number);
    PlayerGame {
        file: path.to_owned(),
        player: number,
        name: it.name.clone(),
        race: it.race,
        opponent_race: Some(header.seats[1 - seat].race),
        map: header.map_name.clone(),
        version: header.program.clone(),
        mmr: it.rating,
        is_ai: !matches!(it.controller, Controller::Participant),
        result: result
            .map(|r| r.result)
            .filter(|result| *result != GameResult::Undecided),
        loops: header.game_loops,
        start: None,
        makings: Vec::new(),
        deaths: Vec::new(),
        samples: Vec::new(),
        commands: Vec::new(),
    }
}
