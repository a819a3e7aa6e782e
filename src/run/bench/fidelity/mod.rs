//! How true the simulator is to recorded games: `scc bench fidelity`.
//!
//! `real.json` holds what replays of the real game show (made by `scripts/fidelity-table`, which says what is taken and from whom);
//! here the simulator does the same and is held against it. Invariant: every figure is the simulator's own, played through
//! its public commands; nothing is taken from the tables that the rules read, but for the fights, whose expectation is worked
//! out from them, and for Zerg research, which cannot be played yet.
//!
//! Flow: `real` (the table) -> `mining`, `times`, `moves`, `fights` (each plays small games on `ground` and adds its lines) ->
//! [`Figures`] with [`Against`].

mod fights;
mod ground;
mod mining;
mod moves;
mod real;
mod times;

use super::{Against, BenchError, Figure, Figures};
use crate::game::Seed;

/// A miss of less than this share is none.
const SHARE: f64 = 0.03;

/// Economy, times, ways and fights against recorded games and first principles, a line each.
///
/// # Errors
/// If one of the small games cannot be set up or refuses what a real game allows.
pub fn fidelity(seed: Seed) -> Result<Figures, BenchError> {
    let real = real::table()?;
    let mut figures = Figures::default();
    mining::minerals(&mut figures, &real, seed)?;
    mining::gas(&mut figures, &real, seed)?;
    times::construction(&mut figures, &real, seed)?;
    times::training(&mut figures, &real, seed)?;
    times::research(&mut figures, &real, seed)?;
    times::orbital(&mut figures, &real, seed)?;
    moves::flights(&mut figures, &real, seed)?;
    moves::walks(&mut figures, &real, seed)?;
    fights::all(&mut figures, seed)?;
    Ok(figures)
}

/// One line of the comparison.
struct Line {
    name: String,
    unit: &'static str,
    n: usize,
    sim: f64,
    real: f64,
    /// Of the real figure; 0 where it is a plain count of loops.
    standard_error: f64,
    /// Greatest difference that counts as none.
    allowed: f64,
    /// Why it differs, where that is known and meant.
    known: Option<&'static str>,
}

impl Line {
    /// A time that must be met to the loop.
    fn exact(name: String, sim: u32, real: u32, n: usize) -> Line {
        Line {
            name,
            unit: "loops",
            n,
            sim: f64::from(sim),
            real: f64::from(real),
            standard_error: 0.0,
            allowed: 0.0,
            known: None,
        }
    }

    fn add_to(self, figures: &mut Figures) {
        let error = self.sim - self.real;
        let against = Against {
            real: self.real,
            standard_error: self.standard_error,
            error,
            allowed: self.allowed,
            within: error.abs() <= self.allowed + 1e-9,
            known: self.known,
        };
        figures.0.push((
            format!("fidelity.{}", self.name),
            Figure {
                value: self.sim,
                unit: self.unit,
                n: self.n,
                against: Some(against),
            },
        ));
    }
}

/// Three in a hundred of the real figure, or two of its standard errors.
fn allowance(real: f64, standard_error: f64) -> f64 {
    (SHARE * real).max(2.0 * standard_error)
}

/// The simulator did not do what the comparison needs.
fn unexpected(doing: &'static str) -> BenchError {
    super::failed(doing)(std::io::Error::other("the simulator would not do it"))
}

#[cfg(test)]
mod tests;
