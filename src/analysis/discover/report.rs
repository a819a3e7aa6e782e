//! From evidence to discoveries: what passed, its figures in all games, where to look.

use super::evidence::{Evidence, adjusted, fisher, null_distribution};
use super::merge::{Candidate, merged};
use super::statement::Statement;
use super::{DiscoverOptions, Discoveries, Discovery, Example, Field, Rate};
use crate::analysis::features::LOOPS_PER_MINUTE;
use crate::game::GameResult;
use rayon::prelude::*;
use std::collections::BTreeSet;

/// Tests `fields` and writes what was found into `result`.
pub fn fill(result: &mut Discoveries, fields: &[Field], options: &DiscoverOptions) {
    let all: Vec<Evidence> = fields
        .iter()
        .map(|field| Evidence::of(field, options.level))
        .collect();
    let statements: usize = all.iter().map(|evidence| evidence.columns.len()).sum();
    result.statements = statements as u32;
    if fields.is_empty() {
        return;
    }
    let null = null_distribution(&all, options);
    let mut clearest: Option<(f64, Statement)> = None;
    let mut significant = Vec::new();
    for (at, evidence) in all.iter().enumerate() {
        for (column, p) in evidence.columns.iter().zip(evidence.observed()) {
            let p = adjusted(&null, p);
            if clearest.is_none_or(|(best, _)| p < best) {
                clearest = Some((p, column.statements[0]));
            }
            if p <= options.level && evidence.reference_rate(column) <= options.reference_rate_max {
                significant.extend(column.statements.iter().map(|s| (at, *s, p)));
            }
        }
    }
    let figures = |(at, statement, p): (usize, Statement, f64)| {
        candidate(&fields[at], at, statement, p, options)
    };
    let candidates: Vec<Candidate> = significant.into_par_iter().filter_map(figures).collect();
    let groups = merged(candidates, options);
    result.found = groups
        .iter()
        .map(|group| discovery(fields, group, options))
        .collect();
    if result.found.is_empty() {
        result.notes.push(why_none(statements, clearest, options));
    }
}

fn why_none(
    statements: usize,
    clearest: Option<(f64, Statement)>,
    options: &DiscoverOptions,
) -> String {
    let level = options.level;
    let least = 1.0 / f64::from(options.permutations + 1);
    match clearest {
        _ if least > level => format!(
            "{} relabelings cannot show anything at level {level}: at least {:.0} are needed",
            options.permutations,
            (1.0 / level).ceil() - 1.0
        ),
        None => {
            "no statement holds often enough in these games to tell anything from chance".to_owned()
        }
        Some((p, statement)) if p > level => format!(
            "of {statements} statements none is clearer than chance at level {level}; the clearest, \"{}\", has an adjusted p of {p:.3}",
            statement.text()
        ),
        Some(_) => format!(
            "the sets differ, but in nothing that {:.0}% of the reference's games or fewer have, among games that lasted as long",
            100.0 * options.reference_rate_max
        ),
    }
}

/// Which games were asked: those that have it, and those that lasted long enough to have it.
fn rates(field: &Field, has: &[bool], from: u32) -> [Rate; 2] {
    [true, false].map(|in_set| {
        let asked = field.entries.iter().zip(has).filter(|(entry, has)| {
            entry.in_set == in_set && (**has || entry.outline.loops >= from)
        });
        let (mut count, mut of) = (0, 0);
        for (_, has) in asked {
            of += 1;
            count += u32::from(*has);
        }
        Rate::new(f64::from(count), of)
    })
}

/// The figures of a statement that is significant; none where it is no discovery.
fn candidate(
    field: &Field,
    number: usize,
    statement: Statement,
    p_adjusted: f64,
    options: &DiscoverOptions,
) -> Option<Candidate> {
    let moments: Vec<Option<u32>> = field
        .entries
        .iter()
        .map(|entry| statement.moment(entry.outline))
        .collect();
    let has: Vec<bool> = moments.iter().map(Option::is_some).collect();
    let in_set = |at: &usize| field.entries[*at].in_set && has[*at];
    let games: Vec<usize> = (0..has.len()).filter(in_set).collect();
    let mut when: Vec<u32> = games.iter().filter_map(|at| moments[*at]).collect();
    when.sort_unstable();
    let usual = when.get(when.len() / 4).copied().unwrap_or(0);
    let from = statement.asked_from().unwrap_or(usual);
    let [set_rate, reference_rate] = rates(field, &has, from);
    let rare = reference_rate.rate.unwrap_or(0.0) <= options.reference_rate_max;
    let p = fisher(
        set_rate.count as u32,
        set_rate.of,
        reference_rate.count as u32,
        reference_rate.of,
    );
    (rare && p <= options.level).then(|| Candidate {
        field: number,
        statement,
        p_adjusted,
        games,
        set_rate,
        reference_rate,
        strength: (set_rate.low.max(1e-6) / reference_rate.high.max(1e-6)).ln(),
    })
}

fn discovery(fields: &[Field], group: &[Candidate], options: &DiscoverOptions) -> Discovery {
    let first = &group[0];
    let field = &fields[first.field];
    let has: BTreeSet<usize> = first.games.iter().copied().collect();
    let results = |with: bool| -> Rate {
        let of = field.entries.iter().enumerate();
        let of = of.filter(|(at, entry)| entry.in_set && has.contains(at) == with);
        Rate::wins(of.map(|(_, entry)| entry.game.result))
    };
    let mut games: Vec<usize> = first
        .games
        .iter()
        .map(|at| field.entries[*at].index)
        .collect();
    games.sort_unstable();
    Discovery {
        title: first.statement.text(),
        kind: first.statement.kind(),
        race: field.race,
        strength: first.strength,
        p_adjusted: first.p_adjusted,
        confidence: 1.0 - first.p_adjusted,
        set_rate: first.set_rate,
        reference_rate: first.reference_rate,
        win_rate: results(true),
        other_win_rate: results(false),
        games,
        examples: examples(field, first, options),
        also: also(group, options),
    }
}

/// Won games first, then those in which it came earliest.
fn examples(field: &Field, candidate: &Candidate, options: &DiscoverOptions) -> Vec<Example> {
    let mut all: Vec<(bool, u32, usize)> = candidate
        .games
        .iter()
        .filter_map(|at| {
            let entry = &field.entries[*at];
            let lost = entry.game.result != Some(GameResult::Victory);
            Some((lost, candidate.statement.moment(entry.outline)?, *at))
        })
        .collect();
    all.sort_unstable();
    let example = |(_, game_loop, at): (bool, u32, usize)| {
        let entry = &field.entries[at];
        Example {
            game: entry.index,
            file: entry.game.file.clone(),
            player: entry.game.player,
            game_loop,
            minute: game_loop as f32 / LOOPS_PER_MINUTE,
        }
    };
    all.into_iter()
        .take(options.examples)
        .map(example)
        .collect()
}

/// The other statements of a group, the strongest threshold of each measure.
fn also(group: &[Candidate], options: &DiscoverOptions) -> Vec<String> {
    let mut seen = BTreeSet::from([group[0].statement.measure]);
    let others = group[1..]
        .iter()
        .filter(|other| seen.insert(other.statement.measure));
    others
        .take(options.also_max)
        .map(|other| other.statement.text())
        .collect()
}
