//! A run's report: one HTML file that needs nothing beside it. Curves are inline SVG, tables are tables.

use super::metrics::MetricsRow;
use crate::files::{FileError, write_atomic};
use plotters::prelude::*;
use std::fmt::Write as _;
use std::path::Path;

/// One curve of a chart.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    pub name: String,
    /// `(x, y)`, x ascending; values that are not finite are skipped.
    pub points: Vec<(f64, f64)>,
}

impl Series {
    /// One number of a run's metrics over its steps.
    pub fn of(rows: &[MetricsRow], key: &str, name: &str) -> Series {
        Series {
            name: name.to_owned(),
            points: rows
                .iter()
                .filter_map(|r| Some((r.step as f64, *r.values.get(key)?)))
                .collect(),
        }
    }
}

/// A report under construction.
#[derive(Clone, Debug)]
pub struct Report {
    title: String,
    body: String,
}

const STYLE: &str = "body{font:15px/1.5 system-ui,sans-serif;max-width:64rem;margin:2rem auto;padding:0 1rem;\
color:#1c2430}h1{font-size:1.6rem}h2{font-size:1.15rem;margin-top:2rem}table{border-collapse:collapse;margin:1rem 0}\
td,th{padding:.3rem .8rem;border-bottom:1px solid #dde3ea;text-align:right}td:first-child,th:first-child\
{text-align:left}th{color:#5a6675;font-weight:600}.charts{display:flex;flex-wrap:wrap;gap:1rem}svg{max-width:100%}\
pre{background:#f4f6f8;padding:.8rem;overflow-x:auto;font-size:13px}figure{margin:0}figcaption{font-size:13px;\
padding-left:60px;max-width:26rem}figcaption span{margin-right:.9rem;white-space:nowrap}";

/// Width and height of a chart in pixels.
const CHART_SIZE: (u32, u32) = (480, 300);
/// Most points drawn per curve: more cannot be seen, and would make the file large.
const POINTS_MAX: usize = 400;
/// Colors of curves, by turns.
pub(super) const COLORS: [RGBColor; 8] = [
    RGBColor(31, 119, 180),
    RGBColor(214, 92, 25),
    RGBColor(44, 150, 60),
    RGBColor(148, 60, 160),
    RGBColor(140, 100, 20),
    RGBColor(200, 40, 60),
    RGBColor(20, 150, 160),
    RGBColor(90, 90, 90),
];

/// Text made safe for HTML.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

impl Report {
    pub fn new(title: &str) -> Report {
        Report {
            title: title.to_owned(),
            body: String::new(),
        }
    }

    pub fn heading(&mut self, text: &str) {
        let _ = writeln!(self.body, "<h2>{}</h2>", escape(text));
    }

    pub fn paragraph(&mut self, text: &str) {
        let _ = writeln!(self.body, "<p>{}</p>", escape(text));
    }

    /// Text in the typewriter face, line breaks kept: a config, a command.
    pub fn code(&mut self, text: &str) {
        let _ = writeln!(self.body, "<pre>{}</pre>", escape(text));
    }

    pub fn table(&mut self, header: &[&str], rows: &[Vec<String>]) {
        self.body.push_str("<table><tr>");
        for cell in header {
            let _ = write!(self.body, "<th>{}</th>", escape(cell));
        }
        self.body.push_str("</tr>\n");
        for row in rows {
            self.body.push_str("<tr>");
            for cell in row {
                let _ = write!(self.body, "<td>{}</td>", escape(cell));
            }
            self.body.push_str("</tr>\n");
        }
        self.body.push_str("</table>\n");
    }

    /// A row of charts, each `(title, x axis, curves)`. A chart without a single point says so.
    pub fn charts(&mut self, charts: &[(&str, &str, Vec<Series>)]) {
        self.body.push_str("<div class=\"charts\">\n");
        for (title, x_label, series) in charts {
            let picture = chart(title, x_label, series)
                .unwrap_or_else(|| format!("<p>{}: nothing recorded yet</p>", escape(title)));
            let legend = legend(series);
            let _ = writeln!(self.body, "<figure>{picture}{legend}</figure>");
        }
        self.body.push_str("</div>\n");
    }

    /// A picture made elsewhere (SVG), with the names of its curves in [`COLORS`]; where there is none it says so.
    pub fn figure(&mut self, svg: Option<&str>, names: &[String]) {
        let picture = svg.unwrap_or("<p>nothing recorded yet</p>");
        let named = |name: &String| Series {
            name: name.clone(),
            points: Vec::new(),
        };
        let legend = legend(&names.iter().map(named).collect::<Vec<_>>());
        let _ = writeln!(self.body, "<figure>{picture}{legend}</figure>");
    }

    /// The page as HTML.
    pub fn html(&self) -> String {
        format!(
            "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>{title}</title>\
             <meta name=\"viewport\" content=\"width=device-width\"><style>{STYLE}</style>\
             <body><h1>{title}</h1>\n{}</body></html>\n",
            self.body,
            title = escape(&self.title),
        )
    }

    /// Writes the page.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn save(&self, path: &Path) -> Result<(), FileError> {
        write_atomic(path, self.html().as_bytes())
    }
}

/// At most [`POINTS_MAX`] points, each the mean of its bucket, so that noise averages out instead of aliasing.
fn thin(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let finite: Vec<_> = points
        .iter()
        .copied()
        .filter(|p| p.0.is_finite() && p.1.is_finite())
        .collect();
    let bucket = finite.len().div_ceil(POINTS_MAX).max(1);
    finite
        .chunks(bucket)
        .map(|c| {
            let n = c.len() as f64;
            (
                c.iter().map(|p| p.0).sum::<f64>() / n,
                c.iter().map(|p| p.1).sum::<f64>() / n,
            )
        })
        .collect()
}

fn bounds(series: &[Vec<(f64, f64)>]) -> Option<[f64; 4]> {
    let all = || series.iter().flatten();
    all().next()?;
    let min = |f: fn(&(f64, f64)) -> f64| all().map(f).fold(f64::INFINITY, f64::min);
    let max = |f: fn(&(f64, f64)) -> f64| all().map(f).fold(f64::NEG_INFINITY, f64::max);
    let (x0, x1, y0, y1) = (min(|p| p.0), max(|p| p.0), min(|p| p.1), max(|p| p.1));
    // A flat or single-point curve still needs an axis with some length.
    let pad = |a: f64, b: f64| {
        if b > a {
            (b - a) * 0.05
        } else {
            a.abs().max(1.0) * 0.1
        }
    };
    let y_pad = pad(y0, y1);
    Some([
        x0,
        if x1 > x0 { x1 } else { x0 + 1.0 },
        y0 - y_pad,
        y1 + y_pad,
    ])
}

/// The curves' names in their colors, below the picture, where they hide nothing; none for a single curve.
fn legend(series: &[Series]) -> String {
    if series.len() < 2 {
        return String::new();
    }
    let name = |(i, s): (usize, &Series)| {
        let RGBColor(r, g, b) = COLORS[i % COLORS.len()];
        let name = escape(&s.name);
        format!("<span style=\"color:rgb({r},{g},{b})\">&#9644; {name}</span> ")
    };
    let names: String = series.iter().enumerate().map(name).collect();
    format!("<figcaption>{names}</figcaption>")
}

fn chart(title: &str, x_label: &str, series: &[Series]) -> Option<String> {
    let thinned: Vec<_> = series.iter().map(|s| thin(&s.points)).collect();
    let [x0, x1, y0, y1] = bounds(&thinned)?;
    let mut svg = String::new();
    {
        let root = SVGBackend::with_string(&mut svg, CHART_SIZE).into_drawing_area();
        root.fill(&WHITE).ok()?;
        let mut chart = ChartBuilder::on(&root)
            .caption(title, ("sans-serif", 16))
            .margin(8)
            .margin_right(24)
            .x_label_area_size(34)
            .y_label_area_size(52)
            .build_cartesian_2d(x0..x1, y0..y1)
            .ok()?;
        chart
            .configure_mesh()
            .x_desc(x_label)
            .x_labels(6)
            .x_label_formatter(&|x| format!("{x:.0}"))
            .light_line_style(WHITE)
            .bold_line_style(RGBColor(228, 232, 238))
            .draw()
            .ok()?;
        for (i, points) in thinned.iter().enumerate() {
            let color = COLORS[i % COLORS.len()];
            let line = LineSeries::new(points.iter().copied(), color.stroke_width(2));
            chart.draw_series(line).ok()?;
        }
        root.present().ok()?;
    }
    Some(svg)
}

/// Columns of a table of matches.
pub const MATCH_COLUMNS: [&str; 8] = [
    "opponent",
    "games",
    "wins",
    "losses",
    "ties",
    "win rate",
    "95%",
    "mean loops",
];

/// A match as a row of such a table.
pub fn match_cells(row: &crate::evaluator::MatchRow) -> Vec<String> {
    vec![
        row.opponent.clone(),
        row.games.to_string(),
        row.wins.to_string(),
        row.losses.to_string(),
        row.ties.to_string(),
        format!("{:.1}%", 100.0 * row.win_rate),
        format!("{:.1} to {:.1}%", 100.0 * row.ci95[0], 100.0 * row.ci95[1]),
        format!("{:.0}", row.mean_loops),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_shows_curves_and_escapes_text() {
        let mut report = Report::new("a <b> & c");
        let curve = |name: &str, k: f64| Series {
            name: name.into(),
            points: (0..1000)
                .map(|i| (f64::from(i), k * f64::from(i)))
                .collect(),
        };
        report.charts(&[(
            "loss",
            "step",
            vec![curve("total", 1.0), curve("function", -2.0)],
        )]);
        report.table(
            &["level", "wins"],
            &[vec!["Easy".into(), "<script>".into()]],
        );
        let html = report.html();
        assert!(
            html.contains("<svg") && html.contains("polyline"),
            "a curve was drawn"
        );
        assert!(html.contains("a &lt;b&gt; &amp; c") && !html.contains("<script>"));
        assert!(html.contains("function"), "the legend names the curves");
    }

    #[test]
    fn odd_curves_draw_too() {
        let one = |points| {
            vec![Series {
                name: "x".into(),
                points,
            }]
        };
        assert!(chart("t", "x", &one(vec![])).is_none());
        assert!(chart("t", "x", &one(vec![(1.0, f64::NAN)])).is_none());
        assert!(chart("t", "x", &one(vec![(1.0, 5.0)])).is_some());
        assert!(chart("t", "x", &one(vec![(1.0, 0.0), (2.0, 0.0)])).is_some());
    }

    #[test]
    fn thinning_keeps_the_mean() {
        let points: Vec<_> = (0..1600)
            .map(|i| (f64::from(i), f64::from(i % 2)))
            .collect();
        let thinned = thin(&points);
        assert_eq!(thinned.len(), 400);
        assert!(thinned.iter().all(|p| (p.1 - 0.5).abs() < 1e-12));
    }
}
