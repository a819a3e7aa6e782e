//! Yes-or-no statements about a game: measures of it against thresholds that do not depend on the sets.

use super::super::features::columns::base_times;
use super::super::features::kinds::{Kind, Role, info};
use super::super::features::outline::Army;
use super::{DiscoveryKind, Outline, clock};
use std::collections::{BTreeMap, BTreeSet};

/// An army smaller than this (resources) has no composition worth speaking of.
const ARMY_VALUE_MIN: u32 = 500;
/// Samples in a row in which a share has to hold: half a minute.
const SAMPLES_MIN: usize = 3;
/// Percent of the army.
const SHARES: [u32; 4] = [10, 25, 50, 75];
const COUNTS: [u32; 8] = [1, 2, 4, 8, 16, 32, 64, 128];
/// Times are half minutes, up to a quarter of an hour.
const STEP_LOOPS: u32 = 672;
const STEPS: u32 = 30;
/// Living army, resources.
const ARMY_VALUES: [u32; 5] = [500, 1000, 2000, 4000, 8000];
/// Structures of the opening, and the lengths of sequences of them.
const OPENING: usize = 10;
const LENGTHS: [usize; 3] = [3, 4, 5];
/// Structures of one kind whose times are looked at, and bases.
const NTH_MAX: usize = 8;
const BASES_MAX: u8 = 5;
/// What a sequence is filled up with.
const NOTHING: Kind = Kind::MAX;

/// A number about a game.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Measure {
    /// Greatest share of the army, percent, that a form held for half a minute.
    Form(Kind),
    /// The same of a kind, all forms.
    Share(Kind),
    /// The same of the lesser of two kinds.
    Pair(Kind, Kind),
    /// How often units took a form.
    Formed(Kind),
    /// How many were made.
    Made(Kind),
    /// Loop of the nth.
    Nth(Kind, u8),
    /// Loop of the nth base, the first at the start being 1.
    Base(u8),
    /// The same, or the end of the game where that came first.
    LateBase(u8),
    /// Loop in which the living army has this value.
    Army(u32),
    /// 1 if the opening has these structures in a row.
    Order([Kind; 5]),
}

/// A measure and its threshold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Statement {
    pub measure: Measure,
    pub threshold: u32,
}

impl Measure {
    /// Thresholds, from those that most games pass on.
    pub fn thresholds(self) -> Vec<u32> {
        match self {
            Measure::Form(_) | Measure::Share(_) => SHARES.to_vec(),
            Measure::Pair(..) => SHARES[1..2].to_vec(),
            Measure::Formed(_) | Measure::Made(_) => COUNTS.to_vec(),
            Measure::Nth(..) | Measure::Base(_) | Measure::Army(_) => {
                (1..=STEPS).rev().map(|step| step * STEP_LOOPS).collect()
            }
            Measure::LateBase(_) => (3..=12).map(|minute| 2 * minute * STEP_LOOPS).collect(),
            Measure::Order(_) => vec![1],
        }
    }

    /// The loop that a measure of time is; none of what never came and of other measures.
    fn time(self, game: &Outline) -> Option<u32> {
        let base = |nth: u8| base_times(game).get(usize::from(nth) - 2).copied();
        match self {
            Measure::Nth(what, nth) => {
                let all = game.begun.iter().chain(&game.researched).chain(&game.made);
                let of = all.filter(|entry| entry.1 == what);
                of.map(|entry| entry.0).nth(usize::from(nth) - 1)
            }
            Measure::Base(nth) => base(nth),
            // A game that ended says nothing about later bases.
            Measure::LateBase(nth) => Some(base(nth).unwrap_or(u32::MAX).min(game.loops)),
            Measure::Army(value) => game.army_reaches(value),
            _ => None,
        }
    }

    /// The kinds that it is about.
    pub fn subjects(self) -> Vec<Kind> {
        match self {
            Measure::Form(what) | Measure::Formed(what) => vec![info(what).base],
            Measure::Share(what) | Measure::Made(what) | Measure::Nth(what, _) => vec![what],
            Measure::Pair(a, b) => vec![a, b],
            Measure::Order(kinds) => kinds.into_iter().filter(|what| *what != NOTHING).collect(),
            Measure::Base(_) | Measure::LateBase(_) | Measure::Army(_) => Vec::new(),
        }
    }

    /// Whether a game with this value passes.
    pub fn passes(self, value: u32, threshold: u32) -> bool {
        match self {
            Measure::Nth(..) | Measure::Base(_) | Measure::Army(_) => value <= threshold,
            _ => value >= threshold,
        }
    }
}

impl Statement {
    pub fn kind(&self) -> DiscoveryKind {
        match self.measure {
            Measure::Form(_) | Measure::Share(_) | Measure::Pair(..) => DiscoveryKind::Composition,
            Measure::Formed(_) => DiscoveryKind::Form,
            Measure::Made(_) => DiscoveryKind::Count,
            Measure::Order(_) => DiscoveryKind::Sequence,
            _ => DiscoveryKind::Timing,
        }
    }

    /// The loop to which a game has to last for the statement to be asked of it; none where that depends on the games.
    pub fn asked_from(&self) -> Option<u32> {
        (self.kind() == DiscoveryKind::Timing).then_some(self.threshold)
    }

    /// In words.
    pub fn text(&self) -> String {
        let n = self.threshold;
        let by = clock(n);
        let name = |what: Kind| info(what).text.as_str();
        match self.measure {
            Measure::Form(what) | Measure::Share(what) => {
                format!("{}: at least {n}% of the army", name(what))
            }
            Measure::Pair(a, b) => format!(
                "{} and {}: at least {n}% of the army each",
                name(a),
                name(b)
            ),
            Measure::Formed(what) => format!("{}: form taken {n} times or more", name(what)),
            Measure::Made(what) => format!("{}: {n} or more made", name(what)),
            Measure::Nth(what, 1) => format!("{} by {by}", name(what)),
            Measure::Nth(what, nth) => format!("{nth}x {} by {by}", name(what)),
            Measure::Base(nth) => format!("{nth} bases by {by}"),
            Measure::LateBase(2) => format!("one base until {by}"),
            Measure::LateBase(nth) => format!("no more than {} bases until {by}", nth - 1),
            Measure::Army(value) => format!("army of {value} resources by {by}"),
            Measure::Order(kinds) => {
                let names: Vec<&str> = kinds
                    .iter()
                    .filter(|what| **what != NOTHING)
                    .map(|what| name(*what))
                    .collect();
                format!("opening with {} in a row", names.join(", "))
            }
        }
    }

    /// The loop in which the statement came true in a game; none if it did not.
    pub fn moment(&self, game: &Outline) -> Option<u32> {
        let nth = self.threshold as usize;
        match self.measure {
            Measure::Form(what) => held(game, self.threshold, |army| {
                percent(army, |part| part == what)
            }),
            Measure::Share(what) => held(game, self.threshold, |army| base_percent(army, what)),
            Measure::Pair(a, b) => held(game, self.threshold, |army| {
                base_percent(army, a).min(base_percent(army, b))
            }),
            Measure::Formed(what) => nth_of(&game.forms, what, nth),
            Measure::Made(what) => nth_of(&game.made, what, nth),
            Measure::Order(kinds) => order_at(game, &kinds),
            _ => {
                let at = self.measure.time(game)?;
                let passes = self.measure.passes(at, self.threshold);
                passes.then(|| at.min(self.threshold))
            }
        }
    }
}

fn nth_of(list: &[(u32, Kind)], what: Kind, nth: usize) -> Option<u32> {
    list.iter()
        .filter(|entry| entry.1 == what)
        .nth(nth.max(1) - 1)
        .map(|entry| entry.0)
}

fn order_at(game: &Outline, kinds: &[Kind; 5]) -> Option<u32> {
    let wanted: Vec<Kind> = kinds
        .iter()
        .copied()
        .filter(|what| *what != NOTHING)
        .collect();
    let opening = game.opening(OPENING);
    let same = |window: &&[(u32, Kind)]| {
        window
            .iter()
            .map(|entry| entry.1)
            .eq(wanted.iter().copied())
    };
    opening
        .windows(wanted.len().max(1))
        .find(same)
        .and_then(<[_]>::last)
        .map(|last| last.0)
}

fn percent(army: &Army, counts: impl Fn(Kind) -> bool) -> u32 {
    if army.value < ARMY_VALUE_MIN {
        return 0;
    }
    let parts = army.parts.iter().filter(|part| counts(part.0));
    let sum: u64 = parts.map(|part| u64::from(part.1)).sum();
    (100 * sum / u64::from(army.value)) as u32
}

fn base_percent(army: &Army, base: Kind) -> u32 {
    percent(army, |what| info(what).base == base)
}

/// Begin of the first half minute in which a share is never below `threshold`.
fn held(game: &Outline, threshold: u32, share: impl Fn(&Army) -> u32) -> Option<u32> {
    let holds = |window: &&[Army]| window.iter().all(|army| share(army) >= threshold);
    game.armies
        .windows(SAMPLES_MIN)
        .find(holds)
        .map(|window| window[0].game_loop)
}

/// All measures of a game that are not trivially "never", each once.
pub fn measures(game: &Outline) -> Vec<(Measure, u32)> {
    let mut found = Vec::new();
    push_shares(game, &mut found);
    for (list, counts) in [(&game.forms, true), (&game.made, false)] {
        let mut sums: BTreeMap<Kind, u32> = BTreeMap::new();
        list.iter()
            .for_each(|entry| *sums.entry(entry.1).or_default() += 1);
        let measure = |what| {
            if counts {
                Measure::Formed(what)
            } else {
                Measure::Made(what)
            }
        };
        found.extend(sums.into_iter().map(|(what, n)| (measure(what), n)));
    }
    push_times(game, &mut found);
    push_orders(game, &mut found);
    found
}

fn push_shares(game: &Outline, found: &mut Vec<(Measure, u32)>) {
    let mut best: BTreeMap<Measure, u32> = BTreeMap::new();
    for window in game.armies.windows(SAMPLES_MIN) {
        if window.iter().any(|army| army.value < ARMY_VALUE_MIN) {
            continue;
        }
        let mut keep = |measure, share: u32| {
            let kept = best.entry(measure).or_default();
            *kept = (*kept).max(share);
        };
        let kinds: BTreeSet<Kind> = window[0].parts.iter().map(|part| part.0).collect();
        for what in kinds.iter().filter(|what| info(**what).base != **what) {
            let share = window
                .iter()
                .map(|army| percent(army, |part| part == *what))
                .min();
            keep(Measure::Form(*what), share.unwrap_or(0));
        }
        let bases: BTreeSet<Kind> = kinds.iter().map(|what| info(*what).base).collect();
        let shares: Vec<(Kind, u32)> = bases
            .iter()
            .map(|base| {
                (
                    *base,
                    window
                        .iter()
                        .map(|army| base_percent(army, *base))
                        .min()
                        .unwrap_or(0),
                )
            })
            .collect();
        for (at, (base, share)) in shares.iter().enumerate() {
            keep(Measure::Share(*base), *share);
            for (other, also) in &shares[at + 1..] {
                keep(Measure::Pair(*base, *other), *share.min(also));
            }
        }
    }
    found.extend(best.into_iter().filter(|(_, share)| *share >= SHARES[0]));
}

fn push_times(game: &Outline, found: &mut Vec<(Measure, u32)>) {
    let mut seen: BTreeMap<Kind, usize> = BTreeMap::new();
    for (at, what) in game.begun.iter().chain(&game.researched).chain(&game.made) {
        let most = match info(*what).role {
            Role::Production => NTH_MAX,
            Role::Tech => 2,
            Role::Minor => 0,
            _ => 1,
        };
        let nth = seen.entry(*what).or_default();
        *nth += 1;
        if *nth <= most {
            found.push((Measure::Nth(*what, *nth as u8), *at));
        }
    }
    let bases = (2..2 + BASES_MAX).flat_map(|nth| [Measure::Base(nth), Measure::LateBase(nth)]);
    let times = bases.chain(ARMY_VALUES.map(Measure::Army));
    found.extend(times.filter_map(|measure| Some((measure, measure.time(game)?))));
}

fn push_orders(game: &Outline, found: &mut Vec<(Measure, u32)>) {
    let opening: Vec<Kind> = game
        .opening(OPENING)
        .into_iter()
        .map(|entry| entry.1)
        .collect();
    let mut orders = BTreeSet::new();
    for length in LENGTHS {
        for window in opening.windows(length) {
            let mut kinds = [NOTHING; 5];
            kinds[..length].copy_from_slice(window);
            orders.insert(kinds);
        }
    }
    found.extend(orders.into_iter().map(|kinds| (Measure::Order(kinds), 1)));
}
