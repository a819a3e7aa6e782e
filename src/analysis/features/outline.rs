//! A game in known kinds: when structures were begun, what army was made, which forms were taken, what lived.

use super::super::{Making, PlayerGame, Stage};
use super::kinds::{Kind, Role, info, kind};
use std::collections::BTreeMap;

/// One player's side of a game, in the kinds that are known; all lists by game loop.
#[derive(Clone, Debug)]
pub struct Outline {
    pub loops: u32,
    /// Army units that came into being, paid morphs too, by base kind.
    pub made: Vec<(u32, Kind)>,
    /// Structures, at the loop in which they were begun; those at the start left out.
    pub begun: Vec<(u32, Kind)>,
    /// Upgrades, at the loop in which they were done.
    pub researched: Vec<(u32, Kind)>,
    /// Forms taken (landed, sieged, burrowed) by army units, by the form's own kind.
    pub forms: Vec<(u32, Kind)>,
    /// The living army at each sample.
    pub armies: Vec<Army>,
    /// (game loop, workers).
    pub workers: Vec<(u32, u32)>,
}

/// The living army at one moment.
#[derive(Clone, Debug)]
pub struct Army {
    pub game_loop: u32,
    /// Minerals and vespene in all of it.
    pub value: u32,
    /// Minerals and vespene by kind, forms apart.
    pub parts: Vec<(Kind, u32)>,
}

impl Outline {
    /// The outline of a game.
    pub fn new(game: &PlayerGame) -> Outline {
        let mut tally = Tally::default();
        let mut deaths = game.deaths.iter().peekable();
        for making in &game.makings {
            while let Some(death) = deaths.next_if(|death| death.game_loop <= making.game_loop) {
                tally.lost(&death.what);
            }
            tally.take(making);
        }
        for list in [
            &mut tally.made,
            &mut tally.begun,
            &mut tally.researched,
            &mut tally.forms,
        ] {
            list.sort_unstable();
        }
        Outline {
            loops: game.loops,
            made: tally.made,
            begun: tally.begun,
            researched: tally.researched,
            forms: tally.forms,
            armies: armies(game),
            workers: game
                .samples
                .iter()
                .map(|s| (s.game_loop, s.workers))
                .collect(),
        }
    }

    /// The first `n` structures begun that a build is told by (no supply, refineries, add-ons), with their loops.
    pub fn opening(&self, n: usize) -> Vec<(u32, Kind)> {
        let telling = |role| matches!(role, Role::TownHall | Role::Production | Role::Tech);
        let known = self
            .begun
            .iter()
            .filter(|(_, what)| telling(info(*what).role));
        known.take(n).copied().collect()
    }

    /// First loop with a living army of at least `value` resources.
    pub fn army_reaches(&self, value: u32) -> Option<u32> {
        let first = self.armies.iter().find(|army| army.value >= value);
        first.map(|army| army.game_loop)
    }
}

#[derive(Default)]
struct Tally {
    made: Vec<(u32, Kind)>,
    begun: Vec<(u32, Kind)>,
    researched: Vec<(u32, Kind)>,
    forms: Vec<(u32, Kind)>,
    /// Structures begun less those done: a structure that stands without having been begun was begun earlier.
    in_work: BTreeMap<Kind, u32>,
    /// How many are in another form now, by base kind: who comes back from a form is nothing new.
    changed: BTreeMap<Kind, u32>,
}

impl Tally {
    fn take(&mut self, making: &Making) {
        let Some(what) = kind(&making.what) else {
            return;
        };
        let (row, at) = (info(what), making.game_loop);
        let army = row.role == Role::Army;
        match making.stage {
            Stage::Researched => self.researched.push((at, what)),
            Stage::Morphed if row.base != what => {
                *self.changed.entry(row.base).or_default() += 1;
                if army {
                    self.forms.push((at, what));
                }
            }
            Stage::Morphed if less(&mut self.changed, what) => {}
            Stage::Morphed | Stage::Done if army => self.made.push((at, row.base)),
            Stage::Begun if is_structure(row.role) => {
                *self.in_work.entry(what).or_default() += 1;
                self.begun.push((at, what));
            }
            Stage::Done if is_structure(row.role) && !less(&mut self.in_work, what) => {
                self.begun.push((at.saturating_sub(row.build_loops), what));
            }
            Stage::Morphed if is_structure(row.role) => {
                self.begun.push((at.saturating_sub(row.build_loops), what));
            }
            _ => {}
        }
    }

    fn lost(&mut self, name: &str) {
        if let Some(what) = kind(name)
            && info(what).base != what
        {
            less(&mut self.changed, info(what).base);
        }
    }
}

fn is_structure(role: Role) -> bool {
    matches!(
        role,
        Role::TownHall | Role::Production | Role::Tech | Role::Minor
    )
}

/// Takes one off, if there is one.
fn less(counts: &mut BTreeMap<Kind, u32>, what: Kind) -> bool {
    match counts.get_mut(&what) {
        Some(count) if *count > 0 => {
            *count -= 1;
            true
        }
        _ => false,
    }
}

fn armies(game: &PlayerGame) -> Vec<Army> {
    let army = |sample: &super::super::Sample| {
        let mut parts: Vec<(Kind, u32)> = sample
            .alive
            .iter()
            .filter_map(|(name, count)| {
                let what = kind(name).filter(|what| info(*what).role == Role::Army)?;
                Some((what, info(what).value * count))
            })
            .collect();
        parts.sort_unstable();
        Army {
            game_loop: sample.game_loop,
            value: parts.iter().map(|part| part.1).sum(),
            parts,
        }
    };
    game.samples.iter().map(army).collect()
}
