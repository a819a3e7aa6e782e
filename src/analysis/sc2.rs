//! Players' games from an `.SC2Replay`: tracker events give what came and went, game events give the commands.

use super::LoadError;
use super::books::Books;
use super::game::{PlayerGame, Sample, Stage};
use super::kinds;
use crate::game::GameResult;
use crate::replay::sc2::{
    Action, Name, PlayerStats, Sc2Replay, Summary, Tracked, UnitDeath, UnitStart, UnitTag, summary,
};
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

/// What food is counted in.
const FOOD_UNIT: f32 = 4096.0;
const DRONE: &str = "Drone";
/// The tracker's number of nobody.
const NOBODY: u8 = 0;

/// All players' games of a replay, observers left out, in the order of the file.
///
/// # Errors
/// [`LoadError::NoTracker`] of a file without tracker events (before game version 2.0.8, and replay packs that were
/// cleared of them), [`LoadError::NoPlayers`] of one that nobody plays in.
pub(super) fn games(replay: &Sc2Replay, path: &Path) -> Result<Vec<PlayerGame>, LoadError> {
    let summary = summary(replay);
    if replay.tracker.is_empty() {
        return Err(LoadError::NoTracker {
            path: path.to_owned(),
            version: summary.version,
        });
    }
    let mut game = Game::new(replay, &summary, path);
    if game.books.is_empty() {
        return Err(LoadError::NoPlayers {
            path: path.to_owned(),
        });
    }
    for event in &replay.tracker {
        game.take(
            u32::try_from(event.game_loop).unwrap_or(u32::MAX),
            &event.content,
        );
    }
    game.commands(replay);
    Ok(game.books.into_iter().map(Books::into_game).collect())
}

/// A unit that lives.
struct Live {
    /// Index of its owner's books; none of nobody's.
    owner: Option<usize>,
    what: Arc<str>,
    is_done: bool,
    position: [f32; 2],
}

struct Game {
    books: Vec<Books>,
    /// The tracker's number of each player, and the user's who gives its commands.
    trackers: Vec<(u8, Option<u32>)>,
    /// Drones of each player that are buildings now: the tracker has them live on until those are finished.
    inside: Vec<u32>,
    units: HashMap<UnitTag, Live>,
    names: HashMap<String, Arc<str>>,
}

impl Game {
    fn new(replay: &Sc2Replay, summary: &Summary, path: &Path) -> Game {
        let plays = |idx: &usize| {
            replay
                .details
                .players
                .get(*idx)
                .is_some_and(|it| it.observe == 0)
        };
        let seats: Vec<usize> = (0..summary.players.len()).filter(plays).collect();
        let books = seats
            .iter()
            .map(|&idx| Books::new(player_game(summary, &seats, idx, path)));
        Game {
            books: books.collect(),
            trackers: seats.iter().map(|&idx| numbers(replay, idx)).collect(),
            inside: vec![0; seats.len()],
            units: HashMap::new(),
            names: HashMap::new(),
        }
    }

    fn owner(&self, tracker: u8) -> Option<usize> {
        let mine = |it: &(u8, Option<u32>)| it.0 == tracker && tracker != NOBODY;
        self.trackers.iter().position(mine)
    }

    fn name(&mut self, text: &str) -> Arc<str> {
        if let Some(name) = self.names.get(text) {
            return name.clone();
        }
        let name: Arc<str> = text.into();
        self.names.insert(text.to_owned(), name.clone());
        name
    }

    fn take(&mut self, now: u32, event: &Tracked) {
        match event {
            Tracked::Born(it) => self.start(now, it, true),
            Tracked::Init(it) => self.start(now, it, false),
            Tracked::Done(unit) => self.done(now, *unit),
            Tracked::Died(it) => self.died(now, it),
            Tracked::TypeChange { unit, unit_type } => self.changed(now, *unit, unit_type),
            Tracked::Owner {
                unit,
                control_player,
                ..
            } => self.owned(*unit, *control_player),
            Tracked::Upgrade {
                player,
                upgrade,
                count,
            } if now > 0 && *count > 0 && !kinds::is_cosmetic(upgrade) => {
                let what = self.name(upgrade);
                if let Some(idx) = self.owner(*player) {
                    self.books[idx].make(now, Stage::Researched, what, None);
                }
            }
            Tracked::Stats(it) => {
                if let Some(idx) = self.owner(it.player) {
                    let sample = sample(now, it);
                    self.books[idx].sample(sample);
                }
            }
            _ => {}
        }
    }

    fn start(&mut self, now: u32, it: &UnitStart, is_done: bool) {
        if kinds::is_mark(&it.unit_type) {
            return;
        }
        let owner = self.owner(it.control_player);
        let what = self.name(&it.unit_type);
        let position = [f32::from(it.x), f32::from(it.y)];
        if let Some(idx) = owner {
            let books = &mut self.books[idx];
            if is_done {
                books.appear(now, what.clone(), position);
            } else {
                books.make(now, Stage::Begun, what.clone(), Some(position));
                if kinds::takes_a_drone(&what) {
                    books.leave(DRONE);
                    self.inside[idx] += 1;
                }
            }
        }
        let live = Live {
            owner,
            what,
            is_done,
            position,
        };
        self.units.insert(it.unit, live);
    }

    fn done(&mut self, now: u32, unit: UnitTag) {
        let Some(live) = self.units.get_mut(&unit).filter(|live| !live.is_done) else {
            return;
        };
        live.is_done = true;
        if let Some(idx) = live.owner {
            self.books[idx].appear(now, live.what.clone(), live.position);
        }
    }

    fn changed(&mut self, now: u32, unit: UnitTag, unit_type: &str) {
        let what = self.name(unit_type);
        let Some(live) = self.units.get_mut(&unit) else {
            return;
        };
        let before = std::mem::replace(&mut live.what, what.clone());
        // Sensors of the scenery and larvae change at every turn, and are nothing that anybody made.
        if let (Some(idx), true) = (live.owner, live.is_done) {
            self.books[idx].change(now, &before, what, live.position);
        }
    }

    /// Taken by another player, by mind control or as a gift: neither made nor lost.
    fn owned(&mut self, unit: UnitTag, control_player: u8) {
        let next = self.owner(control_player);
        let Some(live) = self.units.get_mut(&unit) else {
            return;
        };
        if live.is_done {
            if let Some(idx) = live.owner {
                self.books[idx].leave(&live.what);
            }
            if let Some(idx) = next {
                self.books[idx].join(&live.what);
            }
        }
        live.owner = next;
    }

    fn died(&mut self, now: u32, it: &UnitDeath) {
        let Some(live) = self.units.remove(&it.unit) else {
            return;
        };
        let Some(idx) = live.owner else { return };
        let killer = it.killer_player.and_then(|player| self.owner(player));
        let killer = killer.map(|idx| self.books[idx].number());
        let books = &mut self.books[idx];
        let inside = &mut self.inside[idx];
        let is_used_up = &*live.what == DRONE && killer.is_none() && *inside > 0;
        if is_used_up {
            *inside -= 1;
        } else if live.is_done {
            books.leave(&live.what);
        } else if kinds::takes_a_drone(&live.what) && *inside > 0 {
            // Canceled: the drone comes out again. Destroyed: it dies in the next event.
            *inside -= 1;
            books.join(&DRONE.into());
        }
        let position = [f32::from(it.x), f32::from(it.y)];
        books.die(now, live.what, position, killer);
    }

    fn commands(&mut self, replay: &Sc2Replay) {
        for event in &replay.game {
            let Some(user) = event
                .user
                .filter(|_| matches!(event.action, Action::Command(_)))
            else {
                continue;
            };
            let is_user = |it: &(u8, Option<u32>)| it.1 == Some(u32::from(user));
            if let Some(idx) = self.trackers.iter().position(is_user) {
                self.books[idx].command(u32::try_from(event.game_loop).unwrap_or(u32::MAX));
            }
        }
    }
}

/// The tracker's number of a player of the details, and its user's; by the lobby's slots, where both know the same ones.
/// Else they have them in the same order: files that do not say, and games whose host only watched, where the tracker's
/// slots begin one earlier.
fn numbers(replay: &Sc2Replay, idx: usize) -> (u8, Option<u32>) {
    let setups = || {
        replay
            .tracker
            .iter()
            .filter_map(|event| match &event.content {
                Tracked::Setup(it) => Some(*it),
                _ => None,
            })
    };
    let place = replay.details.players[idx].working_set_slot_id;
    let of_slot = |slot: Option<u32>| slot.map(i64::from);
    let all_known = replay.details.players.iter().all(|player| {
        let slot = player.working_set_slot_id;
        slot.is_some() && setups().any(|it| of_slot(it.slot) == slot)
    });
    let by_slot = setups()
        .find(|it| all_known && of_slot(it.slot) == place)
        .or_else(|| setups().find(|it| usize::from(it.player) == idx + 1));
    if let Some(it) = by_slot {
        return (it.player, it.user);
    }
    let slots = replay.lobby.iter().flat_map(|lobby| &lobby.slots);
    let mine = slots
        .filter(|slot| place.is_some() && slot.working_set_slot_id == place)
        .find_map(|slot| slot.user_id);
    let user = mine.and_then(|user| u32::try_from(user).ok());
    ((idx + 1) as u8, user)
}

fn player_game(summary: &Summary, seats: &[usize], idx: usize, path: &Path) -> PlayerGame {
    let it = &summary.players[idx];
    let opponent = match seats {
        [a, b] => Some(if *a == idx { *b } else { *a }),
        _ => None,
    };
    PlayerGame {
        file: path.to_owned(),
        player: it.id,
        name: it.name.clone(),
        race: it.race.unwrap_or(crate::game::Race::Random),
        opponent_race: opponent.and_then(|other| summary.players[other].race),
        map: summary.map.clone(),
        version: summary.version.clone(),
        mmr: it.mmr.map(|mmr| mmr as f32),
        is_ai: it.is_ai,
        result: match it.result.as_str() {
            "Win" => Some(GameResult::Victory),
            "Loss" => Some(GameResult::Defeat),
            "Tie" => Some(GameResult::Tie),
            _ => None,
        },
        loops: u32::try_from(summary.loops).unwrap_or(u32::MAX),
        start: None,
        makings: Vec::new(),
        deaths: Vec::new(),
        samples: Vec::new(),
        commands: Vec::new(),
    }
}

/// A player's figures; what lives is filled in by the books.
fn sample(game_loop: u32, stats: &PlayerStats) -> Sample {
    let get = |name: Name| {
        let found = stats.values.iter().find(|(it, _)| *it == name);
        found.map(|(_, value)| *value)
    };
    let count = |name: Name| u32::try_from(get(name).unwrap_or(0).max(0)).unwrap_or(u32::MAX);
    let sum = |names: &[Name]| -> u32 { names.iter().map(|name| count(*name)).sum() };
    let food = |name: Name| get(name).unwrap_or(0) as f32 / FOOD_UNIT;
    let army = if get(Name::MineralsUsedActiveForces).is_some() {
        [
            Name::MineralsUsedActiveForces,
            Name::VespeneUsedActiveForces,
        ]
    } else {
        [Name::MineralsUsedCurrentArmy, Name::VespeneUsedCurrentArmy]
    };
    Sample {
        game_loop,
        workers: count(Name::WorkersActiveCount),
        supply_used: food(Name::FoodUsed),
        supply_made: food(Name::FoodMade),
        minerals: count(Name::MineralsCurrent),
        vespene: count(Name::VespeneCurrent),
        minerals_rate: count(Name::MineralsCollectionRate),
        vespene_rate: count(Name::VespeneCollectionRate),
        army_value: sum(&army),
        killed_value: sum(&[
            Name::MineralsKilledArmy,
            Name::MineralsKilledEconomy,
            Name::MineralsKilledTechnology,
            Name::VespeneKilledArmy,
            Name::VespeneKilledEconomy,
            Name::VespeneKilledTechnology,
        ]),
        lost_value: sum(&[
            Name::MineralsLostArmy,
            Name::MineralsLostEconomy,
            Name::MineralsLostTechnology,
            Name::VespeneLostArmy,
            Name::VespeneLostEconomy,
            Name::VespeneLostTechnology,
        ]),
        alive: Default::default(),
    }
}
