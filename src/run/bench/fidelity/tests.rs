//! The comparison itself: that it is fair, and that it can fail.

use super::super::{Figure, Figures};
use super::{Line, allowance, real};

fn line(sim: f64, real: f64, allowed: f64) -> Figure {
    let mut figures = Figures::default();
    let line = Line {
        sim,
        real,
        allowed,
        ..Line::exact("x".to_owned(), 0, 0, 3)
    };
    line.add_to(&mut figures);
    figures.0.remove(0).1
}

#[test]
fn a_line_is_within_what_it_is_allowed_and_else_counts_as_a_miss() {
    let within = |figure: &Figure| figure.against.as_ref().unwrap().within;
    assert!(within(&line(272.0, 272.0, 0.0)));
    assert!(!within(&line(271.0, 272.0, 0.0)));
    assert!(within(&line(97.0, 100.0, 3.0)) && !within(&line(96.9, 100.0, 3.0)));
    let figures = Figures(vec![("x".to_owned(), line(271.0, 272.0, 0.0))]);
    assert_eq!(figures.misses(), 1);
}

#[test]
fn three_percent_or_two_standard_errors_are_allowed() {
    assert_eq!(allowance(200.0, 1.0), 6.0);
    assert_eq!(allowance(200.0, 5.0), 10.0);
}

/// Figures that anybody who plays the game knows: 12 s for a worker (272 loops of 16 a second at speed Normal are 17 s), ...
#[test]
fn the_recorded_figures_are_read() {
    let real = real::table().unwrap();
    assert_eq!(real.first["SCV"].0, 272);
    assert_eq!(real.training["SCV"].0, 271);
    assert_eq!(
        real.construction["SupplyDepot"].keys().collect::<Vec<_>>(),
        [&480]
    );
    assert_eq!(real.morph["OrbitalCommand"].0, 559);
    assert!(real.mining.len() > 40 && real.gas.len() > 20);
    assert!(
        real.mining
            .iter()
            .all(|o| o.fields.len() == 8 && !o.windows.is_empty())
    );
}
