//! What was made, in which order: build order, expansions, upgrades, the strategy statistic.

use super::harassment::distance;
use super::news::are_new;
use super::{news, sample_at};
use crate::analysis::game::{Making, PlayerGame, Stage};
use crate::analysis::kinds::{self, Kind};
use crate::game::data;
use crate::obs::{BUILD_ORDER_LEN, vocab};
use serde::Serialize;
use std::collections::BTreeMap;

/// Steps of a build order that a profile keeps.
pub const BUILD_STEPS_MAX: usize = 40;
/// A hall that is finished within so many cells of where one was begun is that one.
const SAME_CELLS: f32 = 1.5;

/// A step of a build order: structures at the loop they were put down, units and upgrades when they were finished.
/// Units of one type that follow each other are one step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BuildStep {
    pub game_loop: u32,
    /// Supply used at the last sample before, rounded down.
    pub supply: u32,
    pub what: String,
    pub count: u32,
}

/// The first `steps_max` steps; workers, changes of form without a price and what nobody pays for left out.
pub fn build_order(game: &PlayerGame, steps_max: usize) -> Vec<BuildStep> {
    let mut steps: Vec<BuildStep> = Vec::new();
    for making in news(game).filter(|it| is_step(it)) {
        let what = match making.stage {
            Stage::Researched => &*making.what,
            _ => kinds::counted_as(&making.what),
        };
        let is_unit = kinds::kind(what) == Kind::Unit;
        if let Some(last) = steps.last_mut().filter(|last| is_unit && last.what == what) {
            last.count += 1;
            continue;
        }
        if steps.len() == steps_max {
            break;
        }
        let supply = sample_at(game, making.game_loop.saturating_sub(1));
        steps.push(BuildStep {
            game_loop: making.game_loop,
            supply: supply.map_or(0.0, |it| it.supply_used) as u32,
            what: what.to_owned(),
            count: 1,
        });
    }
    steps
}

fn is_step(it: &Making) -> bool {
    if it.stage == Stage::Researched {
        return true;
    }
    let Some(facts) = kinds::facts(&it.what) else {
        return false;
    };
    match it.stage {
        // Warp-ins begin and are done a moment later: once is enough.
        Stage::Begun => facts.is_structure(),
        Stage::Done => matches!(facts.kind, Kind::Unit) || facts.name == "Overlord",
        Stage::Morphed | Stage::Researched => true,
    }
}

/// A town hall beyond the first, wherever it was put.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Expansion {
    pub begun_loop: u32,
    /// None if it was never finished.
    pub done_loop: Option<u32>,
    pub position: [f32; 2],
    /// Cells from where the player began: a few mean a town hall inside the main base.
    pub from_start: Option<f32>,
}

/// Town halls beyond the first, in the order in which they were begun; those canceled or lost too.
pub fn expansions(game: &PlayerGame) -> Vec<Expansion> {
    let mut found: Vec<Expansion> = Vec::new();
    for making in &game.makings {
        let (Some(at), Kind::TownHall) = (making.position, kinds::kind(&making.what)) else {
            continue;
        };
        match making.stage {
            Stage::Begun => found.push(Expansion {
                begun_loop: making.game_loop,
                done_loop: None,
                position: at,
                from_start: game.start.map(|start| distance(start, at)),
            }),
            Stage::Done => {
                let here = |it: &&mut Expansion| {
                    it.done_loop.is_none() && distance(it.position, at) < SAME_CELLS
                };
                if let Some(it) = found.iter_mut().rev().find(here) {
                    it.done_loop = Some(making.game_loop);
                }
            }
            _ => {}
        }
    }
    found
}

/// An upgrade and when it was finished.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Researched {
    pub game_loop: u32,
    pub what: String,
}

/// All upgrades, in the order in which they were finished.
pub fn upgrades(game: &PlayerGame) -> Vec<Researched> {
    let done = game
        .makings
        .iter()
        .filter(|it| it.stage == Stage::Researched);
    done.map(|it| Researched {
        game_loop: it.game_loop,
        what: it.what.to_string(),
    })
    .collect()
}

/// The strategy statistic z in words (SCC §6.1; `trajectory::Z`): what was built first, how much of everything, and
/// which upgrades. Places are left out: a real replay does not say what part of its map is played on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct StrategyStatistic {
    /// The first things built, workers left out; at most 20.
    pub build_order: Vec<String>,
    /// How many of each type came into being; structures count when they are put down, as `trajectory::ZTracker` sees
    /// them, and another form only if it is counted under another name.
    pub counts: BTreeMap<String, u32>,
    pub upgrades: Vec<String>,
}

/// The strategy that was played.
pub fn statistic(game: &PlayerGame) -> StrategyStatistic {
    let types: BTreeMap<&str, _> = data::units().map(|row| (row.name, row.id)).collect();
    let mut found = StrategyStatistic::default();
    let mut begun: BTreeMap<_, u32> = BTreeMap::new();
    for making in counted(game) {
        if making.stage == Stage::Researched {
            found.upgrades.push(making.what.to_string());
            continue;
        }
        let Some(id) = types.get(&*making.what) else {
            continue;
        };
        let v = vocab();
        let type_idx = v.type_idx(*id);
        let Some(count) = v.type_row(type_idx).count_idx else {
            continue;
        };
        // Not by its name: an add-on whose barracks lifts off meanwhile is done under another.
        let place = making.position.unwrap_or_default().map(f32::to_bits);
        let key = (count, place);
        match making.stage {
            Stage::Begun => *begun.entry(key).or_default() += 1,
            // Counted when it was begun.
            Stage::Done if begun.get(&key).is_some_and(|n| *n > 0) => {
                begun.entry(key).and_modify(|n| *n -= 1);
                continue;
            }
            _ => {}
        }
        let name = |id| data::unit(id).map_or("", |row| row.name).to_owned();
        let counted = v.counted().get(usize::from(count)).copied();
        *found
            .counts
            .entry(counted.map(name).unwrap_or_default())
            .or_default() += 1;
        let item = v.build_item(type_idx);
        if item != 0 && found.build_order.len() < BUILD_ORDER_LEN {
            let item = v.build_items().get(usize::from(item) - 1).copied();
            found.build_order.push(item.map(name).unwrap_or_default());
        }
    }
    found.upgrades.sort();
    found
}

/// What z counts: everything new, and forms that have a slot of their own.
fn counted(game: &PlayerGame) -> impl Iterator<Item = &Making> {
    let has_own = |it: &Making| {
        it.stage == Stage::Morphed
            && matches!(
                &*it.what,
                "WarpGate" | "Gateway" | "Hellion" | "HellionTank"
            )
    };
    let all = game.makings.iter().zip(are_new(game));
    all.filter(move |(it, is_new)| *is_new || has_own(it))
        .map(|(it, _)| it)
}
