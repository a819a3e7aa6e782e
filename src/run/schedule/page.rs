//! The report as one HTML page that needs nothing beside it, in the light or the dark as the reader's system says.

use super::alert::Alert;
use super::chart;
use super::report::{Curve, MatchReport, Point, Report};
use super::runner::NOW;
use crate::run::report::escape;
use crate::storage::RunState;
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::fmt::Write as _;

const STYLE: &str = ":root{color-scheme:light dark;--bg:#fff;--ink:#1c2430;--soft:#5a6675;--line:#dde3ea;--fall:#c8283c;\
--c0:#1f77b4;--c1:#c4500f;--c2:#2c963c;--c3:#943ca0;--c4:#8c6414;--c5:#c8283c;--c6:#14808a;--c7:#5a5a5a}\
@media(prefers-color-scheme:dark){:root{--bg:#14181f;--ink:#e6eaf0;--soft:#9aa7b8;--line:#2c3542;--fall:#ff6b7d;\
--c0:#6cb4ee;--c1:#f59a5b;--c2:#6fd07f;--c3:#d58be0;--c4:#d9b25a;--c5:#ff8091;--c6:#5ccfd8;--c7:#b4b4b4}}\
body{font:15px/1.5 system-ui,sans-serif;max-width:64rem;margin:2rem auto;padding:0 1rem;background:var(--bg);color:var(--ink)}\
h1{font-size:1.6rem}h2{font-size:1.25rem;margin-top:2.2rem}h3{font-size:1rem;margin-bottom:.2rem}p,figcaption{color:var(--soft)}\
table{border-collapse:collapse;margin:1rem 0;width:100%}td,th{padding:.3rem .7rem;border-bottom:1px solid var(--line);\
text-align:right}td:first-child,th:first-child{text-align:left}th{color:var(--soft);font-weight:600}.scroll{overflow-x:auto}\
figure{margin:0}figcaption span{margin-right:1rem;white-space:nowrap}svg{width:100%;height:auto;font:12px system-ui,sans-serif}\
svg text{fill:var(--soft)}.grid{stroke:var(--line)}polyline{fill:none;stroke-width:2;stroke:currentColor}\
.dashed polyline{stroke-dasharray:6 4}.bar{stroke:currentColor;stroke-opacity:.35;stroke-width:2}\
circle{fill:currentColor}.fall{fill:none;stroke:var(--fall);stroke-width:2}li{color:var(--fall)}\
.c0{color:var(--c0)}.c1{color:var(--c1)}.c2{color:var(--c2)}.c3{color:var(--c3)}.c4{color:var(--c4)}.c5{color:var(--c5)}\
.c6{color:var(--c6)}.c7{color:var(--c7)}";

/// The page.
pub fn html(report: &Report) -> String {
    let title = format!("Matches of {}", report.schedule);
    let mut body = String::new();
    for one in &report.matches {
        section(&mut body, one);
    }
    format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>{title}</title>\
         <meta name=\"viewport\" content=\"width=device-width\"><style>{STYLE}</style>\
         <body><h1>{title}</h1>\n<p>{storage}. Win rates with Wilson's 95% intervals; ties are no wins. Rings: the win rate fell by more \
         than its noise (Fisher's exact test).</p>\n{body}</body></html>\n",
        title = escape(&title),
        storage = escape(&report.storage),
    )
}

fn section(body: &mut String, one: &MatchReport) {
    let _ = writeln!(body, "<h2>{}</h2>", escape(&one.name));
    if one.rows.is_empty() {
        body.push_str("<p>Nothing was played yet.</p>\n");
        return;
    }
    falls(body, &one.alerts);
    let mut groups: Vec<(&str, &str)> = Vec::new();
    for row in &one.rows {
        let key = (row.agent.as_str(), row.map.as_str());
        if !groups.contains(&key) {
            groups.push(key);
        }
    }
    for (agent, map) in groups {
        let rows = one
            .rows
            .iter()
            .filter(|r| (r.agent.as_str(), r.map.as_str()) == (agent, map));
        figure(
            body,
            &format!("{agent} on {map}"),
            &rows.collect::<Vec<_>>(),
        );
    }
}

fn falls(body: &mut String, alerts: &[Alert]) {
    if alerts.is_empty() {
        return;
    }
    body.push_str("<p>Fell in the last run:</p><ul>");
    for alert in alerts {
        let _ = write!(body, "<li>{}</li>", escape(&alert.text()));
    }
    body.push_str("</ul>\n");
}

fn figure(body: &mut String, title: &str, curves: &[&Curve]) {
    let _ = writeln!(body, "<h3>{}</h3>", escape(title));
    // A single moment is no curve: the table says it all.
    if moments(curves) > 1 {
        picture(body, title, curves);
    }
    rows(body, curves);
}

fn moments(curves: &[&Curve]) -> usize {
    let all = curves.iter().flat_map(|c| &c.points).map(|p| p.due_ms);
    all.collect::<BTreeSet<u64>>().len()
}

fn picture(body: &mut String, title: &str, curves: &[&Curve]) {
    let picture = chart::svg(title, curves).unwrap_or_default();
    let legend = |(i, c): (usize, &&Curve)| {
        format!(
            "<span class=\"{}\">&#9679; {}</span> ",
            chart::class(i),
            escape(short(&c.opponent))
        )
    };
    let legend: String = curves.iter().enumerate().map(legend).collect();
    let _ = writeln!(
        body,
        "<figure>{picture}<figcaption>{legend}</figcaption></figure>"
    );
}

fn rows(body: &mut String, curves: &[&Curve]) {
    body.push_str("<div class=\"scroll\"><table><tr>");
    for name in [
        "opponent",
        "last due, UTC",
        "games",
        "won",
        "lost",
        "tied",
        "win rate",
        "95%",
        "runs",
    ] {
        let _ = write!(body, "<th>{name}</th>");
    }
    body.push_str("</tr>\n");
    for curve in curves {
        if let Some(last) = curve.points.last() {
            row(body, curve, last);
        }
    }
    body.push_str("</table></div>\n");
}

fn row(body: &mut String, curve: &Curve, last: &Point) {
    let unfinished = match last.state {
        RunState::Done => "",
        RunState::Pending => " (not all played yet)",
        RunState::Abandoned => " (given up)",
    };
    let cells = [
        short(&curve.opponent).to_owned(),
        format!("{}{unfinished}", when(last)),
        last.games.to_string(),
        last.wins.to_string(),
        last.losses.to_string(),
        last.ties.to_string(),
        format!("{:.1}%", 100.0 * last.win_rate),
        format!(
            "{:.1} to {:.1}%",
            100.0 * last.ci95[0],
            100.0 * last.ci95[1]
        ),
        curve.points.len().to_string(),
    ];
    body.push_str("<tr>");
    for cell in cells {
        let _ = write!(body, "<td>{}</td>", escape(&cell));
    }
    body.push_str("</tr>\n");
}

/// When a run was due: a time, or the checkpoint that it was due for.
fn when(point: &Point) -> String {
    let time = point.due.strip_prefix(NOW).unwrap_or(&point.due);
    match time.parse::<Timestamp>() {
        Ok(time) => time.strftime("%Y-%m-%d %H:%M").to_string(),
        Err(_) => time.chars().take(24).collect(),
    }
}

/// A built-in opponent without what all of them have.
fn short(opponent: &str) -> &str {
    let name = opponent.strip_prefix("builtin:").unwrap_or(opponent);
    name.strip_suffix(":RandomBuild").unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(day: u64, wins: u32) -> Point {
        Point {
            due: format!("2026-01-{day:02}T02:00:00Z"),
            due_ms: day * 86_400_000,
            state: RunState::Done,
            games: 100,
            wins,
            losses: 100 - wins,
            ties: 0,
            win_rate: f64::from(wins) / 100.0,
            ci95: [0.1, 0.9],
            agent_hash: String::new(),
            seed: 0,
            alert: None,
        }
    }

    fn report(points: Vec<Point>) -> Report {
        let curve = |opponent: &str, points| Curve {
            agent: "a<b".into(),
            opponent: opponent.into(),
            map: "m".into(),
            points,
        };
        Report {
            schedule: "s&s".into(),
            storage: "x.db".into(),
            matches: vec![MatchReport {
                name: "nightly".into(),
                rows: vec![
                    curve("builtin:Hard:terran:RandomBuild", points.clone()),
                    curve("scripted:bio", points),
                ],
                alerts: Vec::new(),
            }],
        }
    }

    #[test]
    fn the_page_draws_every_point_needs_nothing_and_escapes() {
        let html = html(&report(vec![point(1, 10), point(2, 90), point(5, 50)]));
        assert_eq!(html.matches("<polyline").count(), 2);
        assert_eq!(
            html.matches("<title>").count(),
            1 + 6,
            "a point has its numbers"
        );
        for outside in ["http://", "https://", "<script", "<link", "a<b"] {
            assert!(!html.contains(outside), "{outside}");
        }
        assert!(html.contains("prefers-color-scheme:dark") && html.contains("Hard:terran<"));
        assert!(
            !html.contains("NaN") && !html.contains("inf"),
            "numbers only"
        );
    }

    #[test]
    fn one_moment_is_a_table_and_none_a_word() {
        let mut asked_for = point(1, 10);
        asked_for.due = "now 2026-01-01T02:00:00.123456789Z".into();
        let one = html(&report(vec![asked_for]));
        assert!(!one.contains("<svg") && one.contains("<td>2026-01-01 02:00</td>"));
        assert!(one.contains("10.0%") && !one.contains("NaN"));
        let mut none = report(Vec::new());
        none.matches[0].rows.clear();
        assert!(html(&none).contains("Nothing was played yet"));
    }
}
