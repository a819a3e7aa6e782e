//! Names of strategies: what their games have that the race's other games have not.

use super::super::features::columns::{base_times, first_times, made_shares};
use super::super::features::kinds::{Kind, Role, info};
use super::super::features::{Outline, clock};
use super::cluster::Clusters;
use std::collections::{BTreeMap, BTreeSet};

/// Loops to which times in names are rounded up: half a minute.
const STEP_LOOPS: u32 = 672;
/// Times after half an hour name nothing.
const STEPS_MAX: u32 = 60;
/// A part of the army has to be this much of it (0..1), and this much more than elsewhere, to be characteristic.
const SHARE_MIN: f32 = 0.10;
const SHARE_MORE_MIN: f32 = 0.05;
/// A time has to hold in this many more of a hundred of the strategy's games than of the others.
const TIME_MORE_MIN: f32 = 0.5;
/// A name lists up to this many parts of the army.
const PARTS: usize = 3;
/// Up to this many times are listed among traits.
const TIMES: usize = 4;

/// Something with a time: nth base or the first of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Base(usize),
    First(Kind),
}

/// A characteristic and how much more often it holds (0..1).
struct Mark {
    more: f32,
    text: String,
    event: Event,
}

/// What is looked at in one game.
struct Profile {
    shares: BTreeMap<Kind, f32>,
    times: BTreeMap<Event, u32>,
}

impl Profile {
    fn of(game: &Outline) -> Profile {
        let firsts = first_times(game, u32::MAX).into_iter();
        let telling = firsts.filter(|(what, _)| {
            info(*what).role != Role::Minor && info(*what).role != Role::TownHall
        });
        let bases = base_times(game).into_iter().take(4).enumerate();
        let bases = bases.map(|(n, at)| (Event::Base(n + 2), at));
        Profile {
            shares: made_shares(game, u32::MAX),
            times: telling
                .map(|(what, at)| (Event::First(what), at))
                .chain(bases)
                .collect(),
        }
    }
}

/// Name and traits of each cluster.
pub fn names(games: &[&Outline], clusters: &Clusters) -> Vec<(String, Vec<String>)> {
    let profiles: Vec<Profile> = games.iter().map(|game| Profile::of(game)).collect();
    let mut taken = BTreeSet::new();
    let mut found = Vec::new();
    for members in &clusters.members {
        let of: BTreeSet<usize> = members.iter().copied().collect();
        let (own, others): (Vec<_>, Vec<_>) = (0..profiles.len()).partition(|at| of.contains(at));
        let own: Vec<&Profile> = own.iter().map(|at| &profiles[*at]).collect();
        let others: Vec<&Profile> = others.iter().map(|at| &profiles[*at]).collect();
        let parts = parts(&own, &others);
        let marks = marks(&own, &others);
        let name = unique(&parts, &marks, &mut taken);
        let shares = parts.iter().map(|(what, share, other)| {
            let (share, other) = (100.0 * share, 100.0 * other);
            format!(
                "{}: {share:.0}% of the army made ({other:.0}% in other games)",
                info(*what).text
            )
        });
        let times = marks.iter().take(TIMES).map(|mark| mark.text.clone());
        found.push((name, shares.chain(times).collect()));
    }
    found
}

/// Mean share of each kind in the army made: (kind, here, elsewhere), the most characteristic first.
fn parts(own: &[&Profile], others: &[&Profile]) -> Vec<(Kind, f32, f32)> {
    let (here, there) = (means(own), means(others));
    let elsewhere = |what: &Kind| there.get(what).copied().unwrap_or(0.0);
    let mut all: Vec<(Kind, f32, f32)> = here
        .iter()
        .map(|(what, share)| (*what, *share, elsewhere(what)))
        .collect();
    let more = |part: &(Kind, f32, f32)| part.1 - part.2;
    let mut marked: Vec<(Kind, f32, f32)> = all
        .iter()
        .copied()
        .filter(|part| part.1 >= SHARE_MIN && more(part) >= SHARE_MORE_MIN)
        .collect();
    if marked.is_empty() {
        all.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        marked = all
            .into_iter()
            .filter(|part| part.1 >= SHARE_MIN)
            .take(PARTS - 1)
            .collect();
    }
    marked.sort_by(|a, b| more(b).total_cmp(&more(a)).then(a.0.cmp(&b.0)));
    marked.truncate(PARTS);
    marked
}

fn means(profiles: &[&Profile]) -> BTreeMap<Kind, f32> {
    let mut sums: BTreeMap<Kind, f32> = BTreeMap::new();
    for profile in profiles {
        for (what, share) in &profile.shares {
            *sums.entry(*what).or_default() += share;
        }
    }
    sums.values_mut()
        .for_each(|sum| *sum /= profiles.len().max(1) as f32);
    sums
}

/// Times by which things come, and things that never come, more often than elsewhere; the strongest first.
fn marks(own: &[&Profile], others: &[&Profile]) -> Vec<Mark> {
    if others.is_empty() {
        return Vec::new();
    }
    let events: BTreeSet<Event> = own
        .iter()
        .chain(others)
        .flat_map(|profile| profile.times.keys().copied())
        .collect();
    let mut marks: Vec<Mark> = events
        .into_iter()
        .filter_map(|event| mark(event, own, others))
        .filter(|mark| mark.more >= TIME_MORE_MIN)
        .collect();
    marks.sort_by(|a, b| b.more.total_cmp(&a.more).then(a.event.cmp(&b.event)));
    marks
}

/// The statement about one event's time that holds most often here against elsewhere.
fn mark(event: Event, own: &[&Profile], others: &[&Profile]) -> Option<Mark> {
    let times = |profiles: &[&Profile]| -> Vec<u32> {
        profiles
            .iter()
            .filter_map(|profile| profile.times.get(&event).copied())
            .collect()
    };
    let (here, there) = (times(own), times(others));
    let share = |times: &[u32], by: u32, of: usize| {
        times.iter().filter(|at| **at <= by).count() as f32 / of.max(1) as f32
    };
    let more = |by: u32| share(&here, by, own.len()) - share(&there, by, others.len());
    let last = here
        .iter()
        .max()
        .copied()
        .unwrap_or(0)
        .div_ceil(STEP_LOOPS)
        .min(STEPS_MAX);
    let early = (1..=last)
        .map(|step| step * STEP_LOOPS)
        .max_by(|a, b| more(*a).total_cmp(&more(*b)).then(b.cmp(a)));
    let never = -more(u32::MAX);
    let early_more = early.map_or(f32::NEG_INFINITY, more);
    let (text, more) = match early {
        Some(by) if early_more >= never => {
            (format!("{} by {}", thing(event), clock(by)), early_more)
        }
        _ => (format!("no {}", thing(event)), never),
    };
    Some(Mark { more, text, event })
}

fn thing(event: Event) -> String {
    match event {
        Event::Base(2) => "second base".to_owned(),
        Event::Base(3) => "third base".to_owned(),
        Event::Base(4) => "fourth base".to_owned(),
        Event::Base(n) => format!("{n}th base"),
        Event::First(what) => info(what).text.clone(),
    }
}

/// The parts of the army and the strongest time; more times where others have that name already.
fn unique(parts: &[(Kind, f32, f32)], marks: &[Mark], taken: &mut BTreeSet<String>) -> String {
    let army: Vec<&str> = parts
        .iter()
        .map(|part| info(part.0).text.as_str())
        .collect();
    let mut name = if army.is_empty() {
        "no army".to_owned()
    } else {
        army.join(", ")
    };
    let mut times = marks.iter();
    // A base says more to people than a structure that comes with it.
    if let Some(base) = marks.iter().find(|m| matches!(m.event, Event::Base(_))) {
        let strongest = marks.first().map_or(0.0, |mark| mark.more);
        if base.more >= strongest - 0.1 {
            name = format!("{name}; {}", base.text);
        }
    }
    if !name.contains(';')
        && let Some(mark) = times.next()
    {
        name = format!("{name}; {}", mark.text);
    }
    while taken.contains(&name) {
        name = match times.next() {
            Some(mark) if !name.contains(&mark.text) => format!("{name}, {}", mark.text),
            Some(_) => continue,
            None => format!("{name} ({})", taken.len() + 1),
        };
    }
    taken.insert(name.clone());
    name
}
