//! The report's sections on discovered strategies and on strategies by clustering.

use super::page::Page;
use super::svg::{self, Axes};
use super::words::{p_words, percent, rate_words};
use crate::analysis::discover::{Discoveries, Discovery};
use crate::analysis::strategy::{RaceStrategies, StrategyPoint};
use crate::analysis::{Findings, Rate};
use crate::game::GameLoop;

/// Discoveries that stand open.
const DISCOVERIES_OPEN: usize = 12;

/// What the set has that the reference has not.
pub(super) fn discoveries(page: &mut Page, findings: &Findings) {
    let Some(found) = &findings.discoveries else {
        return;
    };
    page.section("Discovered strategies");
    page.paragraph(
        "What the set's players do and the reference's seldom or never do: compositions, forms, numbers, timings and \
         sequences that hold in so many games that chance does not explain it.",
    );
    if found.found.is_empty() {
        page.paragraph("Nothing was found.");
    }
    for it in found.found.iter().take(DISCOVERIES_OPEN) {
        discovery(page, findings, it);
    }
    if found.found.len() > DISCOVERIES_OPEN {
        let rest = &found.found[DISCOVERIES_OPEN..];
        page.folded(&format!("{} more", rest.len()), |page| {
            for it in rest {
                discovery(page, findings, it);
            }
        });
    }
    for note in &found.notes {
        page.paragraph(note);
    }
    page.note(&tested(found));
}

fn tested(found: &Discoveries) -> String {
    let races = found.races.iter().map(|it| {
        format!(
            "{:?}: {} players' sides against {} (tested: {} against {}, one side a game)",
            it.race, it.games, it.reference, it.tested, it.tested_reference
        )
    });
    format!(
        "{} statements were tried; the chance of any false one among all that is shown is at most {}, by {} random \
         relabelings. {}.",
        found.statements,
        percent(found.level),
        found.permutations,
        races.collect::<Vec<_>>().join("; ")
    )
}

fn discovery(page: &mut Page, findings: &Findings, it: &Discovery) {
    page.card(&it.title, |page| {
        let rows = [
            ("race", format!("{:?}", it.race)),
            ("in the set", rate_words(&it.set_rate)),
            ("in the reference", rate_words(&it.reference_rate)),
            (
                "confidence",
                format!("{} (p {})", percent(it.confidence), p_words(it.p_adjusted)),
            ),
            ("won with it", rate_words(&it.win_rate)),
            ("won without it", rate_words(&it.other_win_rate)),
        ];
        let rows = rows.map(|(what, words)| vec![what.to_owned(), words]);
        page.table_of(&["", ""], &rows, 9);
        let examples = it.examples.iter().map(|example| {
            let game = findings.profile(example.game);
            vec![
                example.file.display().to_string(),
                game.map(|it| it.name.clone()).unwrap_or_default(),
                GameLoop(example.game_loop).to_string(),
            ]
        });
        let examples: Vec<Vec<String>> = examples.collect();
        page.table_of(&["replay to look at", "player", "at"], &examples, 9);
        if !it.also.is_empty() {
            page.note(&format!("The same games: {}.", it.also.join("; ")));
        }
    });
}

/// Strategies of both sets together, race by race.
pub(super) fn strategies(page: &mut Page, findings: &Findings) {
    page.section("Strategies");
    page.paragraph(
        "Games of one race that are built and composed alike, named by what sets them off from the others. A point is a \
         player's game; near points were played alike.",
    );
    for (race, played) in findings.strategies.races.iter().zip(&findings.played) {
        page.heading(&format!("{:?}", race.race));
        page.charts([map(findings, race)]);
        let rows = race.strategies.iter().zip(played).map(|(it, played)| {
            let example = it
                .examples
                .first()
                .and_then(|index| findings.profile(*index));
            let mut cells = vec![it.name.clone(), rate_words(&played.frequency)];
            cells.extend(played.reference.as_ref().map(rate_words));
            cells.push(short_rate(Some(&played.win_rate)));
            if played.reference.is_some() {
                cells.push(short_rate(played.reference_win_rate.as_ref()));
            }
            cells.push(
                it.shows_minute
                    .map(|minute| minute.to_string())
                    .unwrap_or_default(),
            );
            cells.push(example.map(super::report::file_name).unwrap_or_default());
            cells
        });
        let rows: Vec<Vec<String>> = rows.collect();
        let mut header = vec!["strategy", "played"];
        let has_reference = findings.reference.is_some();
        header.extend(has_reference.then_some("in the reference"));
        header.push("won");
        header.extend(has_reference.then_some("in the reference"));
        header.extend(["shows from minute", "example"]);
        page.table(&header, &rows);
        let note = facts(race);
        page.note(&note);
        page.folded(
            "What is characteristic of each, and more examples",
            |page| {
                for it in &race.strategies {
                    page.heading(&it.name);
                    let names = it
                        .examples
                        .iter()
                        .filter_map(|index| findings.profile(*index));
                    let names: Vec<String> = names.map(super::report::file_name).collect();
                    page.paragraph(&format!("{}.", it.traits.join("; ")));
                    page.note(&format!("Examples: {}", names.join(", ")));
                }
            },
        );
    }
}

fn facts(race: &RaceStrategies) -> String {
    let apart = match race.silhouette {
        Some(silhouette) => format!("mean silhouette {silhouette:.2}"),
        None => "the games are taken for one strategy".to_owned(),
    };
    format!(
        "{} players' games, {} of them fit none; {apart}; the axes show {} and {} of the differences.",
        race.games,
        race.outliers.len(),
        percent(race.axes[0].into()),
        percent(race.axes[1].into())
    )
}

fn short_rate(rate: Option<&Rate>) -> String {
    rate.and_then(|it| it.rate).map(percent).unwrap_or_default()
}

fn map(findings: &Findings, race: &RaceStrategies) -> Option<String> {
    let n_set = findings.profiles.len();
    let of_race = findings
        .strategies
        .points
        .iter()
        .filter(|it| it.race == race.race);
    let point = |it: &StrategyPoint| svg::Point {
        x: it.x.into(),
        y: it.y.into(),
        color: it.strategy,
        is_hollow: it.game >= n_set,
        name: findings
            .profile(it.game)
            .map(super::report::file_name)
            .unwrap_or_default(),
    };
    let points: Vec<svg::Point> = of_race.map(point).collect();
    let title = match findings.reference {
        Some(_) => "Filled: the set; rings: the reference",
        None => "Players' games by strategy",
    };
    let axes = Axes {
        title,
        x: "first principal component",
        is_share: false,
    };
    let names: Vec<String> = race.strategies.iter().map(|it| it.name.clone()).collect();
    svg::scatter(&axes, &names, &points)
}
