//! Charts as inline SVG whose colors are the page's: they follow light and dark, scale to the column, and need no script.
//!
//! Ours and not the plotting library's, which writes colors into the picture and so cannot follow the page.

use crate::run::report::escape;
use std::fmt::Write as _;

/// Colors of curves and areas that the page defines, `--c0` and so on.
pub const COLORS: usize = 10;
const WIDTH: f64 = 480.0;
const HEIGHT: f64 = 260.0;
/// Left, right, top, bottom.
const MARGINS: [f64; 4] = [52.0, 14.0, 12.0, 38.0];

/// A curve with a band around it.
pub struct Curve {
    pub name: String,
    /// Number of its color.
    pub color: usize,
    /// `(x, y)`, x ascending.
    pub points: Vec<(f64, f64)>,
    /// `(x, low, high)`; empty for none.
    pub band: Vec<(f64, f64, f64)>,
}

/// What the axes say.
pub struct Axes<'a> {
    pub title: &'a str,
    pub x: &'a str,
    /// Values are shares: ticks in percent.
    pub is_share: bool,
}

/// A picture with its title and the names of its colors.
fn figure(title: &str, picture: &str, legend: &[(String, usize)]) -> String {
    let mut out = format!("<figure><h4>{}</h4>{picture}", escape(title));
    if legend.len() > 1 {
        out.push_str("<figcaption>");
        for (name, color) in legend {
            let _ = write!(
                out,
                "<span><i class=\"k{}\"></i>{}</span> ",
                color % COLORS,
                escape(name)
            );
        }
        out.push_str("</figcaption>");
    }
    out.push_str("</figure>\n");
    out
}

struct Frame {
    x: [f64; 2],
    y: [f64; 2],
}

impl Frame {
    fn new(x: [f64; 2], y: [f64; 2]) -> Frame {
        let wide = |[low, high]: [f64; 2]| {
            if high > low {
                [low, high]
            } else {
                [low, low + 1.0]
            }
        };
        Frame {
            x: wide(x),
            y: wide(y),
        }
    }

    fn px(&self, x: f64) -> f64 {
        let [left, right, ..] = MARGINS;
        left + (x - self.x[0]) / (self.x[1] - self.x[0]) * (WIDTH - left - right)
    }

    fn py(&self, y: f64) -> f64 {
        let [_, _, top, bottom] = MARGINS;
        HEIGHT - bottom - (y - self.y[0]) / (self.y[1] - self.y[0]) * (HEIGHT - top - bottom)
    }

    /// The picture's begin: grid, ticks, axis names.
    fn open(&self, axes: &Axes<'_>) -> String {
        let mut out = format!(
            "<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{}\">",
            escape(axes.title)
        );
        let [left, right, top, bottom] = MARGINS;
        for tick in ticks(self.y, 5) {
            let y = self.py(tick);
            let label = if axes.is_share {
                format!("{:.0}%", tick * 100.0)
            } else {
                short(tick)
            };
            let _ = write!(
                out,
                "<path class=\"g\" d=\"M{left} {y:.1}H{:.1}\"/><text class=\"e\" x=\"{:.1}\" y=\"{:.1}\">{label}</text>",
                WIDTH - right,
                left - 6.0,
                y + 4.0
            );
        }
        for tick in ticks(self.x, 7) {
            let x = self.px(tick);
            let _ = write!(
                out,
                "<path class=\"g\" d=\"M{x:.1} {top}V{:.1}\"/><text class=\"m\" x=\"{x:.1}\" y=\"{:.1}\">{}</text>",
                HEIGHT - bottom,
                HEIGHT - bottom + 15.0,
                short(tick)
            );
        }
        let _ = write!(
            out,
            "<text class=\"m\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
            (left + WIDTH - right) / 2.0,
            HEIGHT - 6.0,
            escape(axes.x)
        );
        out
    }

    fn path(&self, points: impl Iterator<Item = (f64, f64)>) -> String {
        let mut d = String::new();
        for (i, (x, y)) in points.enumerate() {
            let _ = write!(
                d,
                "{}{:.1} {:.1}",
                if i == 0 { 'M' } else { 'L' },
                self.px(x),
                self.py(y)
            );
        }
        d
    }
}

/// Round numbers within a range, about `n` of them.
fn ticks([low, high]: [f64; 2], n: usize) -> Vec<f64> {
    let raw = (high - low) / n as f64;
    if !raw.is_finite() || raw <= 0.0 {
        return Vec::new();
    }
    let size = 10f64.powf(raw.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0]
        .map(|k| k * size)
        .into_iter()
        .find(|step| *step >= raw * 0.999)
        .unwrap_or(10.0 * size);
    let first = (low / step - 1e-9).ceil() as i64;
    let last = (high / step + 1e-9).floor() as i64;
    (first..=last).map(|i| i as f64 * step).collect()
}

/// A number in few letters: 12, 0.25, 3.5k.
fn short(value: f64) -> String {
    let (value, unit) = if value.abs() >= 2000.0 {
        (value / 1000.0, "k")
    } else {
        (value, "")
    };
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    format!("{text}{unit}")
}

/// Curves over time; none if no curve has a point.
pub fn lines(axes: &Axes<'_>, curves: &[Curve]) -> Option<String> {
    let points = || curves.iter().flat_map(|it| &it.points);
    let bands = || curves.iter().flat_map(|it| &it.band);
    points().next()?;
    let x_max = points().map(|p| p.0).fold(0.0, f64::max);
    let y_max = points().map(|p| p.1).chain(bands().map(|b| b.2));
    let frame = Frame::new([0.0, x_max], [0.0, y_max.fold(0.0, f64::max) * 1.04]);
    let mut out = frame.open(axes);
    for curve in curves.iter().filter(|it| !it.band.is_empty()) {
        let up = curve.band.iter().map(|b| (b.0, b.2));
        let down = curve.band.iter().rev().map(|b| (b.0, b.1));
        let _ = write!(
            out,
            "<path class=\"b f{}\" d=\"{}Z\"/>",
            curve.color % COLORS,
            frame.path(up.chain(down))
        );
    }
    for curve in curves {
        let _ = write!(
            out,
            "<path class=\"l s{}\" d=\"{}\"/>",
            curve.color % COLORS,
            frame.path(curve.points.iter().copied())
        );
    }
    out.push_str("</svg>");
    let legend: Vec<_> = curves
        .iter()
        .map(|it| (it.name.clone(), it.color))
        .collect();
    Some(figure(axes.title, &out, &legend))
}

/// Shares that add up to 1 over time, one upon the other: `(x, shares in the order of names)`. None of fewer than two times.
pub fn stacked(axes: &Axes<'_>, names: &[String], rows: &[(f64, Vec<f64>)]) -> Option<String> {
    let (first, last) = (rows.first()?, rows.last()?);
    if last.0 <= first.0 {
        return None;
    }
    let frame = Frame::new([first.0, last.0], [0.0, 1.0]);
    let mut out = frame.open(axes);
    let sum = |shares: &[f64], n: usize| shares.iter().take(n).sum::<f64>().min(1.0);
    for (i, name) in names.iter().enumerate() {
        let up = rows.iter().map(|(x, shares)| (*x, sum(shares, i + 1)));
        let down = rows.iter().rev().map(|(x, shares)| (*x, sum(shares, i)));
        let _ = write!(
            out,
            "<path class=\"a f{}\" d=\"{}Z\"><title>{}</title></path>",
            i % COLORS,
            frame.path(up.chain(down)),
            escape(name)
        );
    }
    out.push_str("</svg>");
    let legend: Vec<_> = names.iter().cloned().zip(0..).collect();
    Some(figure(axes.title, &out, &legend))
}

/// A point of a map.
pub struct Point {
    pub x: f64,
    pub y: f64,
    /// None for gray.
    pub color: Option<usize>,
    pub is_hollow: bool,
    pub name: String,
}

/// Points in the plane by color; `names` are the colors'. None without points.
pub fn scatter(axes: &Axes<'_>, names: &[String], points: &[Point]) -> Option<String> {
    points.first()?;
    let range = |of: fn(&Point) -> f64| {
        let low = points.iter().map(of).fold(f64::INFINITY, f64::min);
        let high = points.iter().map(of).fold(f64::NEG_INFINITY, f64::max);
        let pad = ((high - low) * 0.06).max(0.05);
        [low - pad, high + pad]
    };
    let frame = Frame::new(range(|it| it.x), range(|it| it.y));
    let mut out = frame.open(axes);
    for it in points {
        let color = it.color.map_or("o".to_owned(), |color| {
            let way = if it.is_hollow { 's' } else { 'f' };
            format!("{way}{}", color % COLORS)
        });
        let ring = if it.is_hollow { " h" } else { "" };
        let _ = write!(
            out,
            "<circle class=\"{color}{ring}\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"4\"><title>{}</title></circle>",
            frame.px(it.x),
            frame.py(it.y),
            escape(&it.name)
        );
    }
    out.push_str("</svg>");
    let legend: Vec<_> = names.iter().cloned().zip(0..).collect();
    Some(figure(axes.title, &out, &legend))
}

/// Two distributions over the same bins, as bars one before the other; `names` are the two sets'.
pub fn histogram(
    axes: &Axes<'_>,
    names: [&str; 2],
    edges: &[f64],
    shares: [&[f64]; 2],
    x_is_share: bool,
) -> Option<String> {
    let (low, high) = (*edges.first()?, *edges.last()?);
    let most = shares
        .iter()
        .flat_map(|it| it.iter())
        .copied()
        .fold(0.0, f64::max);
    let scale = if x_is_share { 100.0 } else { 1.0 };
    let frame = Frame::new([low * scale, high * scale], [0.0, most * 1.05]);
    let mut out = frame.open(axes);
    for (set, heights) in shares.iter().enumerate() {
        for (bin, height) in heights
            .iter()
            .enumerate()
            .filter(|(_, height)| **height > 0.0)
        {
            let (left, right) = (
                frame.px(edges[bin] * scale),
                frame.px(edges[bin + 1] * scale),
            );
            let half = (right - left) / 2.0;
            let (x, y) = (left + half * set as f64, frame.py(*height));
            let _ = write!(
                out,
                "<rect class=\"f{set}\" x=\"{:.1}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{:.1}\"><title>{}: {:.0}%</title></rect>",
                x + 0.5,
                (half - 0.5).max(0.5),
                frame.py(0.0) - y,
                escape(names[set]),
                height * 100.0
            );
        }
    }
    out.push_str("</svg>");
    let legend: Vec<_> = names.map(str::to_owned).into_iter().zip(0..).collect();
    Some(figure(axes.title, &out, &legend))
}

#[cfg(test)]
mod tests {
    use super::*;

    const AXES: Axes<'static> = Axes {
        title: "a <b>",
        x: "minutes",
        is_share: false,
    };

    #[test]
    fn ticks_are_round_numbers_within_the_range() {
        assert_eq!(ticks([0.0, 10.0], 5), [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]);
        assert_eq!(ticks([0.0, 1.0], 5).len(), 6);
        assert_eq!(ticks([-0.5, 4.5], 7), [0.0, 1.0, 2.0, 3.0, 4.0]);
        assert!(ticks([1.0, 1.0], 5).is_empty() && ticks([0.0, f64::NAN], 5).is_empty());
        assert_eq!(
            [short(2500.0), short(0.25), short(12.0)],
            ["2.5k", "0.25", "12"]
        );
    }

    #[test]
    fn charts_draw_what_they_are_given_and_escape_names() {
        let curve = Curve {
            name: "x<y".into(),
            color: 1,
            points: vec![(0.0, 1.0), (1.0, 2.0)],
            band: vec![(0.0, 0.5, 1.5), (1.0, 1.0, 3.0)],
        };
        let flat = Curve {
            name: "flat".into(),
            color: 0,
            points: vec![(0.0, 0.0)],
            band: Vec::new(),
        };
        let svg = lines(&AXES, &[curve, flat]).unwrap();
        assert!(svg.contains("x&lt;y") && svg.contains("a &lt;b&gt;") && !svg.contains("NaN"));
        assert_eq!(svg.matches("class=\"l ").count(), 2);
        assert!(lines(&AXES, &[]).is_none());
        let rows = [(1.0, vec![0.5, 0.5]), (2.0, vec![0.1, 0.9])];
        let names = ["a".to_owned(), "b".to_owned()];
        assert_eq!(
            stacked(&AXES, &names, &rows)
                .unwrap()
                .matches("class=\"a ")
                .count(),
            2
        );
        assert!(stacked(&AXES, &names, &rows[..1]).is_none());
        let bars = histogram(
            &AXES,
            ["a", "b"],
            &[0.0, 1.0, 2.0],
            [&[1.0, 0.0], &[0.5, 0.5]],
            false,
        );
        assert_eq!(bars.unwrap().matches("<rect").count(), 3);
    }
}
