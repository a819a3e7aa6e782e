//! Unit mixes over time: of what was trained so far, and of what lives; by number and by value.

use super::{MINUTE_LOOPS, news, sample_at};
use crate::analysis::game::{PlayerGame, Stage};
use crate::analysis::kinds::{self, Kind};
use serde::Serialize;
use std::collections::BTreeMap;

/// Shares by unit type that add up to 1; empty where there is nothing to share. Types under their plain names (a sieged
/// tank is a tank); workers, supply and what nobody pays for left out.
pub type Shares = BTreeMap<String, f64>;

/// The mix at one moment.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct MixPoint {
    pub game_loop: u32,
    /// Of all units trained so far, by number; a morph (baneling, ravager) counts as the new unit, not as both.
    pub trained: Shares,
    /// The same by minerals and vespene.
    pub trained_value: Shares,
    /// Of the units alive, by number.
    pub alive: Shares,
    /// The same by minerals and vespene.
    pub alive_value: Shares,
    /// How many units were trained so far, and live.
    pub n_trained: u32,
    pub n_alive: u32,
}

/// One point a minute from the first on, and one at the end.
pub fn mixes(game: &PlayerGame) -> Vec<MixPoint> {
    let whole = (1..=game.loops / MINUTE_LOOPS).map(|minute| minute * MINUTE_LOOPS);
    let mut times: Vec<u32> = whole.collect();
    if times.last() != Some(&game.loops) {
        times.push(game.loops);
    }
    let mut trained: BTreeMap<&str, u32> = BTreeMap::new();
    let mut next = news(game).peekable();
    let points = times.into_iter().map(|game_loop| {
        while let Some(making) = next.next_if(|it| it.game_loop <= game_loop) {
            take(&mut trained, making.stage, &making.what);
        }
        let alive = sample_at(game, game_loop).map(|sample| {
            let mut alive: BTreeMap<&str, u32> = BTreeMap::new();
            for (name, n) in &sample.alive {
                if kinds::kind(name) == Kind::Unit {
                    *alive.entry(kinds::counted_as(name)).or_default() += n;
                }
            }
            alive
        });
        let alive = alive.unwrap_or_default();
        MixPoint {
            game_loop,
            trained: shares(&trained, |_| 1),
            trained_value: shares(&trained, value),
            alive: shares(&alive, |_| 1),
            alive_value: shares(&alive, value),
            n_trained: trained.values().sum(),
            n_alive: alive.values().sum(),
        }
    });
    points.collect()
}

fn value(name: &str) -> u32 {
    kinds::facts(name).map_or(0, |it| it.value)
}

/// Counts a unit that was trained or morphed: then there is one less of what it was made of.
fn take<'a>(trained: &mut BTreeMap<&'a str, u32>, stage: Stage, what: &'a str) {
    let Some(it) = kinds::facts(what).filter(|it| it.kind == Kind::Unit) else {
        return;
    };
    if !matches!(stage, Stage::Done | Stage::Morphed) {
        return;
    }
    *trained.entry(it.name).or_default() += 1;
    let (of, mut n) = made_of(it.name);
    for from in of {
        if let Some(left) = trained.get_mut(from) {
            let used = n.min(*left);
            (*left, n) = (*left - used, n - used);
        }
    }
    trained.retain(|_, n| *n > 0);
}

/// What units go into another one, and how many of them: the first of these as far as there are.
fn made_of(name: &str) -> (&'static [&'static str], u32) {
    match name {
        "Baneling" => (&["Zergling"], 1),
        "Ravager" => (&["Roach"], 1),
        "LurkerMP" => (&["Hydralisk"], 1),
        "BroodLord" => (&["Corruptor"], 1),
        "Archon" => (&["HighTemplar", "DarkTemplar"], 2),
        _ => (&[], 0),
    }
}

fn shares(counts: &BTreeMap<&str, u32>, weight: impl Fn(&str) -> u32) -> Shares {
    let weighted = || counts.iter().map(|(name, n)| (*name, n * weight(name)));
    let total: u32 = weighted().map(|(_, w)| w).sum();
    let of = |(name, w): (&str, u32)| (name.to_owned(), f64::from(w) / f64::from(total));
    if total == 0 {
        return Shares::new();
    }
    weighted().map(of).collect()
}
