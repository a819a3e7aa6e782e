//! The report's sections.

use super::page::Page;
use super::svg::{self, Axes, COLORS, Curve};
use super::words::{figure, number, p_words, percent, quantity_words, time_words};
use super::{Source, Sources, strategies};
use crate::analysis::Findings;
use crate::analysis::compare::{Compared, Measure};
use crate::analysis::profile::{MINUTE_LOOPS, Profile, Shares};
use crate::analysis::sets::{Band, CURVES, MeanMix, RaceSummary, SetSummary, letter};
use crate::game::{GameResult, Race};

/// Rows that stand open; the rest is a click away.
const ROWS_OPEN: usize = 12;
/// Most rows of games, and most build orders, on the page; the CSV files have all.
const GAMES_MAX: usize = 300;
const BUILDS_MAX: usize = 60;

/// The page.
pub(super) fn html(findings: &Findings, sources: &Sources) -> String {
    let names = sources.names();
    let mut page = Page::new("Strategy analysis");
    overview(&mut page, findings, sources);
    strategies::discoveries(&mut page, findings);
    strategies::strategies(&mut page, findings);
    comparison(&mut page, findings, &names);
    for race in &findings.summary.races {
        let others = findings.reference.iter().flat_map(|it| &it.races);
        let other = others.into_iter().find(|it| it.race == race.race);
        of_race(&mut page, race, other, &names);
    }
    games(&mut page, findings);
    page.html()
}

fn overview(page: &mut Page, findings: &Findings, sources: &Sources) {
    page.section("Overview");
    let mut figures = tiles(&findings.summary, "");
    if let Some(reference) = &findings.reference {
        figures.extend(tiles(reference, " in the reference"));
    }
    page.figures(&figures);
    told(page, "The set", &sources.set);
    if let Some(reference) = &sources.reference {
        told(page, "The reference", reference);
    }
    let mut rows = Vec::new();
    let sets = [Some(&findings.summary), findings.reference.as_ref()];
    for (set, name) in sets.into_iter().zip(sources.names()) {
        for race in set.iter().flat_map(|it| &it.races) {
            rows.extend(race.matchups.iter().map(|it| {
                let rate = it.win_rate.map(|[rate, low, high]| {
                    format!("{} ({} to {})", percent(rate), percent(low), percent(high))
                });
                vec![
                    name.clone(),
                    it.matchup.clone(),
                    it.games.to_string(),
                    it.wins.to_string(),
                    it.losses.to_string(),
                    rate.unwrap_or_default(),
                ]
            }));
        }
    }
    let header = [
        "set",
        "matchup",
        "players",
        "wins",
        "losses",
        "win rate (95%)",
    ];
    page.table_of(&header, &rows, 2);
}

fn tiles(set: &SetSummary, of: &str) -> Vec<(String, String)> {
    let count = |n: usize, one: &str, many: &str| {
        (
            n.to_string(),
            format!("{}{of}", if n == 1 { one } else { many }),
        )
    };
    vec![
        count(set.n_games, "game", "games"),
        count(set.n_players, "player's side", "players' sides"),
        count(set.maps.len(), "map", "maps"),
    ]
}

fn told(page: &mut Page, what: &str, source: &Source) {
    let paths: Vec<String> = source.paths.iter().take(5).cloned().collect();
    let more = source.paths.len().saturating_sub(5);
    let more = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    page.paragraph(&format!(
        "{what}: {}{more}; {} replays, {} of them not readable.",
        paths.join(", "),
        source.n_files,
        source.n_failed()
    ));
    if !source.failures.is_empty() {
        let rows = source
            .failures
            .iter()
            .map(|it| vec![it.reason.clone(), it.first.clone(), it.files.to_string()]);
        let rows: Vec<Vec<String>> = rows.collect();
        page.folded("What could not be read, and why", |page| {
            page.table_of(&["reason", "first", "files"], &rows, 2);
        });
    }
}

/// Minutes on an axis.
fn minutes(game_loop: u32) -> f64 {
    f64::from(game_loop) / f64::from(MINUTE_LOOPS)
}

fn comparison(page: &mut Page, findings: &Findings, names: &[String; 2]) {
    if findings.reference.is_none() {
        return;
    }
    page.section("Set against reference");
    page.paragraph(
        "As in SCC Fig. 2: how many town halls, workers and production structures were made in a game, and the share of \
         the trained units that is of one type, workers left out; each as a distribution over the players.",
    );
    if findings.comparison.is_empty() {
        page.paragraph("No race has two players in each set, so there is nothing to compare.");
        return;
    }
    for race in findings.summary.races.iter().map(|it| it.race) {
        let of_race: Vec<&Compared> = findings
            .comparison
            .iter()
            .filter(|it| it.race == race)
            .collect();
        if of_race.is_empty() {
            continue;
        }
        page.heading(&format!("{race:?}"));
        page.charts(
            pictured(&of_race)
                .into_iter()
                .map(|it| histogram(it, names)),
        );
        let rows: Vec<Vec<String>> = of_race.iter().map(|it| compared_row(it)).collect();
        let header = [
            "quantity",
            "mean",
            "reference",
            "median",
            "reference",
            "Wasserstein",
            "KS",
            "total variation",
            "p (permutation)",
            "p (Mann-Whitney)",
            "p adjusted",
        ];
        page.table(&header, &rows[..rows.len().min(ROWS_OPEN)]);
        if rows.len() > ROWS_OPEN {
            page.folded(
                &format!("{} more quantities", rows.len() - ROWS_OPEN),
                |page| {
                    page.table(&header, &rows[ROWS_OPEN..]);
                },
            );
        }
    }
    page.note(
        "Wasserstein distances have the quantity's own unit; KS and total variation go from 0 to 1. Adjusted p: the \
         permutation test's, after Holm's correction over all quantities of all races. What stands at a time is counted \
         in games that lasted so long. The two sides of one game are not independent, which makes p somewhat too small.",
    );
}

/// The paper's four, and the surest differences beside them.
fn pictured<'a>(of_race: &[&'a Compared]) -> Vec<&'a Compared> {
    let mut chosen: Vec<&Compared> = Vec::new();
    let made = |what: &str| {
        let is = |it: &&&Compared| it.measure == Measure::Made && it.quantity == what;
        of_race.iter().find(is).copied()
    };
    let names = [
        "CommandCenter",
        "SCV",
        "Barracks",
        "Hatchery",
        "Drone",
        "Nexus",
        "Probe",
        "Gateway",
    ];
    chosen.extend(names.iter().filter_map(|it| made(it)));
    let shares = of_race.iter().filter(|it| it.measure == Measure::Share);
    let common = |it: &Compared| it.set.mean.max(it.reference.mean);
    let top = shares
        .copied()
        .max_by(|a, b| common(a).total_cmp(&common(b)));
    let is_marine = |it: &&&Compared| it.measure == Measure::Share && it.quantity == "Marine";
    chosen.extend(of_race.iter().find(is_marine).copied().or(top));
    for it in of_race.iter().copied() {
        let is_same =
            |other: &&Compared| other.measure == it.measure && other.quantity == it.quantity;
        if chosen.len() < 9 && it.p_adjusted < 0.05 && !chosen.iter().any(is_same) {
            chosen.push(it);
        }
    }
    chosen
}

fn histogram(it: &Compared, names: &[String; 2]) -> Option<String> {
    let is_share = it.measure == Measure::Share;
    let axes = Axes {
        title: &quantity_words(it),
        x: if is_share {
            "percent"
        } else {
            "number in a game"
        },
        is_share: true,
    };
    let h = &it.histogram;
    let names = [names[0].as_str(), names[1].as_str()];
    svg::histogram(&axes, names, &h.edges, [&h.set, &h.reference], is_share)
}

fn compared_row(it: &Compared) -> Vec<String> {
    let d = &it.difference;
    vec![
        quantity_words(it),
        figure(it, it.set.mean),
        figure(it, it.reference.mean),
        figure(it, it.set.median),
        figure(it, it.reference.median),
        figure(it, d.wasserstein),
        number(d.ks),
        number(d.total_variation),
        p_words(d.p_permutation),
        p_words(d.p_mann_whitney),
        p_words(it.p_adjusted),
    ]
}

fn of_race(page: &mut Page, it: &RaceSummary, other: Option<&RaceSummary>, names: &[String; 2]) {
    page.section(&format!("{:?}", it.race));
    page.heading("Curves");
    page.note(
        "Mean over all players whose game is still going on, and the middle half of them; a curve ends where fewer than a \
         tenth still play.",
    );
    page.charts(CURVES.map(|(name, _)| {
        let axes = Axes {
            title: name,
            x: "minutes",
            is_share: false,
        };
        let of = |it: &RaceSummary, set: usize| curve(&it.curves[name], &names[set], set);
        let mut curves = vec![of(it, 0)];
        curves.extend(other.map(|other| of(other, 1)));
        svg::lines(&axes, &curves)
    }));
    page.heading("Unit mix");
    page.note("Mean shares of the units trained so far, workers left out.");
    let mut charts = Vec::new();
    for (race, name) in [Some(it), other]
        .into_iter()
        .zip(names)
        .filter_map(|(a, b)| Some((a?, b)))
    {
        charts.push(mix(&race.mixes, &format!("{name}: by number"), |it| {
            &it.trained
        }));
        charts.push(mix(
            &race.mixes,
            &format!("{name}: by minerals and vespene"),
            |it| &it.trained_value,
        ));
    }
    page.charts(charts);
    landmarks(page, it, other);
    habits(page, it, other, names);
}

fn curve(bands: &[Band], name: &str, color: usize) -> Curve {
    Curve {
        name: name.to_owned(),
        color,
        points: bands
            .iter()
            .map(|it| (minutes(it.game_loop), it.mean))
            .collect(),
        band: bands
            .iter()
            .map(|it| (minutes(it.game_loop), it.q25, it.q75))
            .collect(),
    }
}

/// A stacked picture of the most common units, the rest as one.
fn mix(rows: &[MeanMix], title: &str, of: fn(&MeanMix) -> &Shares) -> Option<String> {
    let timed = || rows.iter().filter_map(|it| Some((it.game_loop?, of(it))));
    let mut total = Shares::new();
    for (name, share) in timed().flat_map(|(_, shares)| shares) {
        *total.entry(name.clone()).or_default() += share;
    }
    let mut names: Vec<(String, f64)> = total.into_iter().collect();
    names.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let n_named = if names.len() > COLORS {
        COLORS - 1
    } else {
        names.len()
    };
    let mut shown: Vec<String> = names.iter().take(n_named).map(|it| it.0.clone()).collect();
    let rows = timed()
        .filter(|(_, shares)| !shares.is_empty())
        .map(|(at, shares)| {
            let mut row: Vec<f64> = shown
                .iter()
                .map(|it| shares.get(it).copied().unwrap_or(0.0))
                .collect();
            if names.len() > n_named {
                row.push((1.0 - row.iter().sum::<f64>()).max(0.0));
            }
            (minutes(at), row)
        });
    let rows: Vec<(f64, Vec<f64>)> = rows.collect();
    if names.len() > n_named {
        shown.push("others".to_owned());
    }
    let axes = Axes {
        title,
        x: "minutes",
        is_share: true,
    };
    svg::stacked(&axes, &shown, &rows)
}

fn landmarks(page: &mut Page, it: &RaceSummary, other: Option<&RaceSummary>) {
    page.heading("When things come");
    page.note("The first of each in a game: structures and town halls when put down, units and upgrades when finished.");
    let rows: Vec<Vec<String>> = it
        .landmarks
        .iter()
        .map(|row| {
            let same = |other: &&crate::analysis::sets::Landmark| {
                other.what == row.what && other.kind == row.kind
            };
            let theirs = other.and_then(|other| other.landmarks.iter().find(same));
            let mut cells = vec![
                row.what.clone(),
                row.kind.to_owned(),
                percent(row.share),
                time_words(row.median_loop),
                format!(
                    "{} to {}",
                    time_words(row.q25_loop),
                    time_words(row.q75_loop)
                ),
            ];
            if other.is_some() {
                cells.push(theirs.map_or_else(|| "rare".to_owned(), |it| percent(it.share)));
                cells.push(
                    theirs
                        .map(|it| time_words(it.median_loop))
                        .unwrap_or_default(),
                );
            }
            cells
        })
        .collect();
    let mut header = vec!["what", "kind", "players", "median", "middle half"];
    if other.is_some() {
        header.extend(["reference", "median"]);
    }
    page.table_of(&header, &rows[..rows.len().min(2 * ROWS_OPEN)], 2);
    if rows.len() > 2 * ROWS_OPEN {
        page.folded(&format!("{} more", rows.len() - 2 * ROWS_OPEN), |page| {
            page.table_of(&header, &rows[2 * ROWS_OPEN..], 2);
        });
    }
}

fn habits(page: &mut Page, it: &RaceSummary, other: Option<&RaceSummary>, names: &[String; 2]) {
    page.heading("Harassment and actions");
    let rows: Vec<Vec<String>> = [Some(it), other]
        .into_iter()
        .zip(names)
        .filter_map(|(race, name)| {
            let race = race?;
            let h = &race.harassment;
            let middle = |it: Option<crate::analysis::stats::Described>| {
                it.map(|it| format!("{:.0}", it.median)).unwrap_or_default()
            };
            Some(vec![
                name.clone(),
                number(h.workers_killed),
                number(h.workers_lost),
                number(h.value_in_lines),
                number(h.raids),
                number(h.transports),
                middle(race.actions_per_minute),
                middle(race.peak_actions),
            ])
        })
        .collect();
    let header = [
        "set",
        "workers killed",
        "workers lost",
        "value killed in mineral lines",
        "raids",
        "transports",
        "commands a minute",
        "in the busiest minute",
    ];
    page.table(&header, &rows);
    page.note(
        "Means a game; commands are medians, of players whose commands are recorded. Mineral lines: within 10 cells of a \
         town hall. A raid: worker kills with at most 20 seconds between one and the next.",
    );
}

fn games(page: &mut Page, findings: &Findings) {
    page.section("Games");
    let rows: Vec<Vec<String>> = findings
        .profiles
        .iter()
        .take(GAMES_MAX)
        .map(game_row)
        .collect();
    let header = [
        "game",
        "player",
        "map",
        "matchup",
        "result",
        "length",
        "town halls",
        "upgrades",
        "workers killed",
        "commands a minute",
    ];
    page.table_of(&header, &rows[..rows.len().min(ROWS_OPEN)], 3);
    if rows.len() > ROWS_OPEN {
        page.folded(
            &format!("{} more players", rows.len() - ROWS_OPEN),
            |page| {
                page.table_of(&header, &rows[ROWS_OPEN..], 3);
            },
        );
    }
    if findings.profiles.len() > GAMES_MAX {
        page.note("The rest stands in players.csv.");
    }
    page.heading("Build orders");
    page.note("Supply, time, what: structures when put down, units and upgrades when finished; workers left out.");
    for it in findings.profiles.iter().take(BUILDS_MAX) {
        let title = format!("{}, {} ({})", file_name(it), it.name, matchup(it));
        let rows: Vec<Vec<String>> = it.build_order.iter().map(step_row).collect();
        page.folded(&title, |page| {
            page.table(&["supply", "time", "what"], &rows)
        });
    }
    if findings.profiles.len() > BUILDS_MAX {
        page.note("The rest stands in builds.csv.");
    }
}

fn step_row(step: &crate::analysis::profile::BuildStep) -> Vec<String> {
    let times = if step.count > 1 {
        format!("{} x{}", step.what, step.count)
    } else {
        step.what.clone()
    };
    vec![
        step.supply.to_string(),
        time_words(f64::from(step.game_loop)),
        times,
    ]
}

/// A game's file, without folder and extension.
pub(super) fn file_name(it: &Profile) -> String {
    let name = it.file.file_stem().unwrap_or(it.file.as_os_str());
    name.to_string_lossy().into_owned()
}

fn matchup(it: &Profile) -> String {
    let race = Some(it.race).filter(|race| *race != Race::Random);
    format!("{}v{}", letter(race), letter(it.opponent_race))
}

fn game_row(it: &Profile) -> Vec<String> {
    let result = match it.result {
        Some(GameResult::Victory) => "win",
        Some(GameResult::Defeat) => "loss",
        Some(GameResult::Tie) => "tie",
        Some(GameResult::Undecided) | None => "",
    };
    let rate = it.actions.per_minute.map(|it| format!("{it:.0}"));
    vec![
        file_name(it),
        it.name.clone(),
        it.map.clone(),
        matchup(it),
        result.to_owned(),
        time_words(f64::from(it.loops)),
        (it.expansions.len() + 1).to_string(),
        it.upgrades.len().to_string(),
        it.harassment.workers_killed.to_string(),
        rate.unwrap_or_default(),
    ]
}
