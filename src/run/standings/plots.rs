//! The report's pictures: Elo curves with error bars, the payoff matrix, win rates of z's. Each an SVG text.

use super::{NamedCurve, Z95};
use crate::run::report::COLORS;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

/// Width and height in pixels.
const WIDE: (u32, u32) = (900, 420);
const GRID: RGBColor = RGBColor(228, 232, 238);
const INK: RGBColor = RGBColor(28, 36, 48);

/// What goes wrong while drawing into memory: nothing that a reader could act on, so the picture is left out.
type Drawn = Option<String>;

/// Elo over agent steps (SCC Fig. 3), a curve a player, with 95% intervals as bars.
pub fn elo(curves: &[NamedCurve]) -> Drawn {
    let points = || curves.iter().flat_map(|c| &c.curve.points);
    let steps_max = points().map(|p| p.steps as f64).fold(1.0, f64::max);
    let low = |p: &crate::league::curves::CurvePoint| p.elo - Z95 * p.standard_error;
    let high = |p: &crate::league::curves::CurvePoint| p.elo + Z95 * p.standard_error;
    points().next()?;
    let (lowest, highest) = (
        points().map(low).fold(0.0, f64::min),
        points().map(high).fold(0.0, f64::max),
    );
    let pad = ((highest - lowest) * 0.05).max(10.0);
    draw(WIDE, |root| {
        let mut chart = ChartBuilder::on(root)
            .margin(10)
            .margin_right(24)
            .x_label_area_size(36)
            .y_label_area_size(56)
            .build_cartesian_2d(0.0..steps_max * 1.02, lowest - pad..highest + pad)
            .ok()?;
        let mut mesh = chart.configure_mesh();
        mesh.x_desc("agent steps").y_desc("Elo, supervised agent 0");
        mesh.x_label_formatter(&|x| short(*x)).x_labels(8);
        mesh.light_line_style(WHITE)
            .bold_line_style(GRID)
            .draw()
            .ok()?;
        for (i, curve) in curves.iter().enumerate() {
            let color = COLORS[i % COLORS.len()];
            let at = |p: &crate::league::curves::CurvePoint| (p.steps as f64, p.elo);
            let line = curve.curve.points.iter().map(at);
            chart
                .draw_series(LineSeries::new(line.clone(), color.stroke_width(2)))
                .ok()?;
            chart
                .draw_series(line.map(|xy| Circle::new(xy, 3, color.filled())))
                .ok()?;
            let bar = |p: &crate::league::curves::CurvePoint| {
                let x = p.steps as f64;
                PathElement::new(vec![(x, low(p)), (x, high(p))], color.mix(0.6))
            };
            chart.draw_series(curve.curve.points.iter().map(bar)).ok()?;
        }
        Some(())
    })
}

/// 1200000 as `1.2M`.
fn short(x: f64) -> String {
    match x {
        x if x >= 1e9 => format!("{:.1}G", x / 1e9),
        x if x >= 1e6 => format!("{:.1}M", x / 1e6),
        x if x >= 1e3 => format!("{:.0}k", x / 1e3),
        x => format!("{x:.0}"),
    }
}

/// Win rates of rows against columns: red 0, white one half, blue 1, gray unknown.
pub fn matrix(names: &[String], rates: &[Vec<Option<f64>>]) -> Drawn {
    let n = names.len() as i32;
    if n == 0 {
        return None;
    }
    let label = 150;
    let cell = (700 / n).clamp(14, 48);
    let size = (
        (label + cell * n + 10) as u32,
        (label + cell * n + 10) as u32,
    );
    draw(size, |root| {
        let left = text_style(12, HPos::Right, VPos::Center);
        let up = text_style(12, HPos::Right, VPos::Center).transform(FontTransform::Rotate90);
        let number = text_style((cell / 3).clamp(7, 13), HPos::Center, VPos::Center);
        for (i, name) in names.iter().enumerate() {
            let middle = label + cell * i as i32 + cell / 2;
            root.draw(&Text::new(name.clone(), (label - 6, middle), left.clone()))
                .ok()?;
            root.draw(&Text::new(name.clone(), (middle, label - 6), up.clone()))
                .ok()?;
        }
        for (i, line) in rates.iter().enumerate() {
            for (j, rate) in line.iter().enumerate() {
                let (x, y) = (label + cell * j as i32, label + cell * i as i32);
                let square = [(x, y), (x + cell - 1, y + cell - 1)];
                let fill = rate.map_or(RGBColor(238, 240, 243), heat);
                root.draw(&Rectangle::new(square, fill.filled())).ok()?;
                if let Some(rate) = rate {
                    let at = (x + cell / 2, y + cell / 2);
                    let text = format!("{:.0}", rate * 100.0);
                    root.draw(&Text::new(text, at, number.clone())).ok()?;
                }
            }
        }
        Some(())
    })
}

/// Red at 0, white at one half, blue at 1.
fn heat(rate: f64) -> RGBColor {
    let fade =
        |from: u8, far: f64| (f64::from(from) + (255.0 - f64::from(from)) * (1.0 - far)) as u8;
    let far = (rate.clamp(0.0, 1.0) - 0.5).abs() * 2.0;
    if rate < 0.5 {
        RGBColor(fade(214, far), fade(70, far), fade(60, far))
    } else {
        RGBColor(fade(50, far), fade(120, far), fade(200, far))
    }
}

/// A bar: what it is called, its length and its 95% interval, all in 0..=1.
pub struct Bar {
    pub name: String,
    pub value: f64,
    pub interval: (f64, f64),
}

/// Win rates as bars with intervals, one below the other.
pub fn bars(bars: &[Bar]) -> Drawn {
    if bars.is_empty() {
        return None;
    }
    let (label, row, width) = (220, 22, 480);
    let height = row * bars.len() as i32 + 30;
    draw(((label + width + 60) as u32, height as u32), |root| {
        let x = |rate: f64| label + (rate * f64::from(width)) as i32;
        let name = text_style(12, HPos::Right, VPos::Center);
        let value = text_style(12, HPos::Left, VPos::Center);
        for (i, bar) in bars.iter().enumerate() {
            let top = 6 + row * i as i32;
            let middle = top + row / 2;
            root.draw(&Text::new(
                bar.name.clone(),
                (label - 8, middle),
                name.clone(),
            ))
            .ok()?;
            let body = [(label, top + 3), (x(bar.value), top + row - 3)];
            root.draw(&Rectangle::new(body, COLORS[0].mix(0.5).filled()))
                .ok()?;
            let whisker = vec![(x(bar.interval.0), middle), (x(bar.interval.1), middle)];
            root.draw(&PathElement::new(whisker, INK.stroke_width(2)))
                .ok()?;
            let text = format!("{:.0}%", bar.value * 100.0);
            root.draw(&Text::new(text, (label + width + 8, middle), value.clone()))
                .ok()?;
        }
        let half = vec![(x(0.5), 2), (x(0.5), height - 24)];
        root.draw(&PathElement::new(half, GRID.stroke_width(1)))
            .ok()?;
        Some(())
    })
}

fn text_style(size: i32, h: HPos, v: VPos) -> TextStyle<'static> {
    ("sans-serif", size)
        .into_font()
        .color(&INK)
        .pos(Pos::new(h, v))
}

type Area<'a> = DrawingArea<SVGBackend<'a>, plotters::coord::Shift>;

fn draw(size: (u32, u32), fill: impl FnOnce(&Area<'_>) -> Option<()>) -> Drawn {
    let mut svg = String::new();
    {
        let root = SVGBackend::with_string(&mut svg, size).into_drawing_area();
        root.fill(&WHITE).ok()?;
        fill(&root)?;
        root.present().ok()?;
    }
    Some(svg)
}
