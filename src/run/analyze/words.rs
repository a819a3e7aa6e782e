//! Figures as people read them.

use crate::analysis::Rate;
use crate::analysis::compare::{Compared, Measure};
use crate::game::GameLoop;

/// A game loop as the game's clock shows it.
pub fn time_words(game_loop: f64) -> String {
    GameLoop(game_loop.max(0.0).round() as u32).to_string()
}

/// What was compared: `SCV at 6:00`, `Barracks made`, `Marine, share of trained units`.
pub fn quantity_words(it: &Compared) -> String {
    let at = it.game_loop.map(|at| GameLoop(at).to_string());
    let at = at.unwrap_or_else(|| "the end".to_owned());
    match it.measure {
        Measure::Standing => format!("{} at {at}", it.quantity),
        Measure::Made => format!("{} made", it.quantity),
        Measure::Share => format!("{}, share of trained units", it.quantity),
        Measure::Value => format!("{} value at {at}", it.quantity),
    }
}

/// A number with as many digits as it is worth.
pub(super) fn number(value: f64) -> String {
    match value.abs() {
        a if a >= 100.0 => format!("{value:.0}"),
        a if a >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

/// A share, or a number: as the quantity is.
pub(super) fn figure(it: &Compared, value: f64) -> String {
    if it.measure == Measure::Share {
        return percent(value);
    }
    number(value)
}

pub(super) fn percent(value: f64) -> String {
    format!("{:.1}%", value * 100.0)
}

/// A rate with its counts and interval: `40.0% (4 of 10; 16.8% to 68.7%)`.
pub(super) fn rate_words(it: &Rate) -> String {
    let Some(rate) = it.rate else {
        return "no game".to_owned();
    };
    let (low, high) = (percent(it.low), percent(it.high));
    format!(
        "{} ({} of {}; {low} to {high})",
        percent(rate),
        it.count,
        it.of
    )
}

/// A p value; those that the permutations cannot tell apart from smaller ones say so.
pub(super) fn p_words(p: f64) -> String {
    match p {
        p if p < 0.001 => "<0.001".to_owned(),
        p => format!("{p:.3}"),
    }
}
