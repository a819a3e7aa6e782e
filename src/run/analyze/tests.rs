//! The files of an analysis.

use super::*;
use crate::analysis::testing::{blank, making, sample};
use crate::analysis::{PlayerGame, Stage};
use crate::game::Seed;

fn games(n: usize, unit: &str) -> Vec<PlayerGame> {
    (0..n)
        .map(|i| {
            let mut game = blank(1);
            game.file = format!("g<{i}>,\"x\".screp").into();
            game.name = "a & <b>".into();
            game.samples = vec![sample(1, 12.0, &[("CommandCenter", 1)])];
            let at = 1000 + 40 * i as u32;
            game.makings = vec![
                making(at, Stage::Begun, "Barracks"),
                making(at + 900, Stage::Done, unit),
            ];
            game
        })
        .collect()
}

fn sources() -> Sources {
    let failure = Failure {
        reason: "it is <truncated>".into(),
        files: 2,
        first: "x.SC2Replay".into(),
    };
    Sources {
        set: Source {
            paths: vec!["agents/games".into()],
            n_files: 7,
            failures: vec![failure],
        },
        reference: Some(Source {
            paths: vec!["humans/games".into()],
            n_files: 5,
            failures: Vec::new(),
        }),
    }
}

#[test]
fn a_report_is_one_file_that_needs_no_other_and_escapes_what_replays_say() {
    let (a, b) = (games(5, "VikingFighter"), games(5, "Marine"));
    let findings = Findings::of(&[a.clone(), b].concat(), a.len(), true, Seed(1));
    let folder = tempfile::tempdir().unwrap();
    let written = write(&findings, &sources(), folder.path()).unwrap();
    assert!(written.iter().all(|path| path.is_file()) && written.len() == 9);
    let html = std::fs::read_to_string(&written[0]).unwrap();
    for outside in [
        "http://", "https://", "<script", "<link", "@import", "src=", "url(",
    ] {
        assert!(!html.contains(outside), "{outside}");
    }
    assert!(html.contains("prefers-color-scheme:dark") && html.contains("width=device-width"));
    assert!(html.contains("a &amp; &lt;b&gt;") && html.contains("it is &lt;truncated&gt;"));
    assert!(!html.contains("<b>&") && !html.contains("NaN") && !html.contains("inf"));
    // The same name twice is told apart.
    assert!(html.contains("games (reference)"));
    assert!(html.contains("VikingFighter, share of trained units"));
    let opened = html.matches("<svg").count();
    assert!(
        opened > 8 && opened == html.matches("</svg>").count(),
        "{opened}"
    );
}

#[test]
fn tables_are_csv_with_as_many_cells_a_row_as_columns() {
    let (a, b) = (games(3, "VikingFighter"), games(4, "Marine"));
    let findings = Findings::of(&[a.clone(), b].concat(), a.len(), true, Seed(1));
    for (name, text) in csv::tables(&findings) {
        let mut lines = text.lines();
        let columns = lines.next().unwrap().split(',').count();
        for line in lines {
            let mut in_quotes = false;
            let commas = line.chars().filter(|c| {
                in_quotes ^= *c == '"';
                *c == ',' && !in_quotes
            });
            assert_eq!(commas.count() + 1, columns, "{name}: {line}");
        }
    }
    let rows = |name: &str| {
        let tables = csv::tables(&findings);
        let table = tables.iter().find(|it| it.0 == name).unwrap();
        table.1.lines().count() - 1
    };
    assert_eq!((rows("players.csv"), rows("builds.csv")), (7, 14));
    assert!(rows("comparison.csv") == findings.comparison.len() && rows("comparison.csv") > 5);
}

#[test]
fn a_set_alone_makes_a_report_too() {
    let a = games(1, "Marine");
    let findings = Findings::of(&a, a.len(), false, Seed(1));
    let html = report::html(&findings, &Sources::default());
    assert!(html.contains("Build orders") && !html.contains("Set against reference"));
}
