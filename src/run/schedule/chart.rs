//! Win rates over time as inline SVG. Colors are the page's, so that it follows light and dark.

use super::due;
use super::report::Curve;
use crate::run::report::escape;
use std::fmt::Write as _;

/// Width and height in the picture's own units; it takes the width that the page has.
const SIZE: (f64, f64) = (900.0, 300.0);
const LEFT: f64 = 48.0;
const RIGHT: f64 = 16.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 34.0;
/// Colors that the page has; curves beyond them are dashed.
pub const COLORS: usize = 8;
/// Labels along the axis of time.
const LABELS: u32 = 6;

/// Where things lie in the picture.
struct Frame {
    first_ms: f64,
    last_ms: f64,
}

impl Frame {
    fn x(&self, ms: f64) -> f64 {
        let width = SIZE.0 - LEFT - RIGHT;
        // A single moment lies in the middle.
        if self.last_ms <= self.first_ms {
            return LEFT + width / 2.0;
        }
        LEFT + width * (ms - self.first_ms) / (self.last_ms - self.first_ms)
    }

    fn y(rate: f64) -> f64 {
        TOP + (SIZE.1 - TOP - BOTTOM) * (1.0 - rate.clamp(0.0, 1.0))
    }
}

/// The class of a curve.
pub fn class(curve: usize) -> String {
    let dashed = if curve >= COLORS { " dashed" } else { "" };
    format!("c{}{dashed}", curve % COLORS)
}

/// Curves with their points' 95% intervals as bars, falls in rings; nothing where there is no point.
pub fn svg(title: &str, curves: &[&Curve]) -> Option<String> {
    let times = || {
        curves
            .iter()
            .flat_map(|c| &c.points)
            .map(|p| p.due_ms as f64)
    };
    times().next()?;
    let frame = Frame {
        first_ms: times().fold(f64::INFINITY, f64::min),
        last_ms: times().fold(f64::NEG_INFINITY, f64::max),
    };
    let (width, height) = SIZE;
    let mut svg = format!(
        "<svg viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{}\">",
        escape(title)
    );
    axes(&mut svg, &frame);
    for (i, curve) in curves.iter().enumerate() {
        draw(&mut svg, &frame, curve, &class(i));
    }
    svg.push_str("</svg>");
    Some(svg)
}

fn axes(svg: &mut String, frame: &Frame) {
    let right = SIZE.0 - RIGHT;
    for percent in [0, 25, 50, 75, 100] {
        let y = Frame::y(f64::from(percent) / 100.0);
        let _ = write!(
            svg,
            "<path class=\"grid\" d=\"M{LEFT} {y:.1}H{right}\"/><text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{percent}%</text>",
            LEFT - 6.0,
            y + 4.0
        );
    }
    let span = frame.last_ms - frame.first_ms;
    let labels = if span > 0.0 { LABELS } else { 1 };
    // A day's runs are told apart by the hour.
    let format = if span < 3.0 * 86_400_000.0 {
        "%m-%d %H:%M"
    } else {
        "%Y-%m-%d"
    };
    for i in 0..labels {
        let ms = frame.first_ms + span * f64::from(i) / f64::from((labels - 1).max(1));
        let anchor = match i {
            _ if labels == 1 => "middle",
            0 => "start",
            i if i + 1 == labels => "end",
            _ => "middle",
        };
        let text = due::moment(ms as u64).strftime(format);
        let _ = write!(
            svg,
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"{anchor}\">{text}</text>",
            frame.x(ms),
            SIZE.1 - 10.0
        );
    }
}

fn draw(svg: &mut String, frame: &Frame, curve: &Curve, class: &str) {
    let at = |p: &super::report::Point| (frame.x(p.due_ms as f64), Frame::y(p.win_rate));
    let line: Vec<String> = curve
        .points
        .iter()
        .map(|p| {
            let (x, y) = at(p);
            format!("{x:.1},{y:.1}")
        })
        .collect();
    let _ = write!(
        svg,
        "<g class=\"{class}\"><polyline points=\"{}\"/>",
        line.join(" ")
    );
    for point in &curve.points {
        let (x, y) = at(point);
        let (low, high) = (Frame::y(point.ci95[0]), Frame::y(point.ci95[1]));
        let ring = match &point.alert {
            Some(_) => format!("<circle class=\"fall\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"9\"/>"),
            None => String::new(),
        };
        let _ = write!(
            svg,
            "<path class=\"bar\" d=\"M{x:.1} {low:.1}V{high:.1}\"/>{ring}<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3.5\">\
             <title>{}: {} of {} ({:.1}%), {}</title></circle>",
            escape(&curve.opponent),
            point.wins,
            point.games,
            100.0 * point.win_rate,
            escape(&point.due)
        );
    }
    svg.push_str("</g>");
}
