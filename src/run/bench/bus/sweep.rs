//! How long a predictor takes to answer, by how many ask at once.

use std::time::Instant;

use super::predictor::{Predictor, line, question};
use crate::game::Seed;
use crate::predictor::PredictorError;
use crate::run::bench::{BenchError, Figures, failed, repeat};
use crate::trajectory::Step;

/// Askers at once, and how often they ask in a run, all together.
const SWEEP: [(usize, usize); 3] = [(1, 100), (4, 300), (16, 600)];
const RUNS: usize = 3;

/// `bus.infer_*`: so many games at once ask about `looks`, each one question after the other.
///
/// # Errors
/// If a question gets no answer.
pub(super) fn sweep(
    predictor: &Predictor,
    figures: &mut Figures,
    looks: &[&Step],
    seed: Seed,
) -> Result<(), BenchError> {
    for (askers, questions) in SWEEP {
        let runs = repeat(RUNS, |_| {
            ask(predictor, looks, (askers, questions / askers), seed)
        });
        let runs = runs.into_iter().collect::<Result<Vec<Run>, _>>();
        let runs = runs.map_err(failed("questions to a predictor"))?;
        let mut add = |name: &str, unit, of: fn(&Run) -> f64| {
            let name = format!("bus.infer_{askers}.{name}");
            figures.add(name, unit, runs.iter().map(of).collect());
        };
        add("median_ms", "ms", |run| run.share_ms(0.5));
        add("p99_ms", "ms", |run| run.share_ms(0.99));
        add("per_second", "questions/s", |run| {
            run.times.len() as f64 / run.seconds
        });
        add("batch", "questions", |run| run.batch);
    }
    Ok(())
}

/// `askers` games at once, each asks `each` times.
fn ask(
    predictor: &Predictor,
    looks: &[&Step],
    (askers, each): (usize, usize),
    seed: Seed,
) -> Result<Run, PredictorError> {
    let remotes = predictor.remotes();
    let one = |asker: usize| {
        let mut line = line(&remotes);
        let mut times = Vec::with_capacity(each);
        for n in 0..each {
            let look = looks[(asker + n) % looks.len()];
            let question = question(look, seed.fork("bench-bus-asker", asker as u64));
            let asked = Instant::now();
            line.ask(question)?;
            times.push(asked.elapsed().as_secs_f64());
        }
        Ok::<_, PredictorError>(times)
    };
    let before = predictor.service.stats();
    let begun = Instant::now();
    let times = std::thread::scope(|scope| {
        let one = &one;
        let asking: Vec<_> = (0..askers)
            .map(|asker| scope.spawn(move || one(asker)))
            .collect();
        let all = asking.into_iter().map(super::joined);
        all.collect::<Result<Vec<_>, _>>()
    })?;
    let seconds = begun.elapsed().as_secs_f64();
    let mut times = times.concat();
    times.sort_by(f64::total_cmp);
    let batches = predictor.service.stats().batches - before.batches;
    Ok(Run {
        batch: times.len() as f64 / batches as f64,
        times,
        seconds,
    })
}

/// Questions asked at once.
struct Run {
    /// Seconds from each question to its answer, in order of size.
    times: Vec<f64>,
    seconds: f64,
    /// Questions in a batch, on average.
    batch: f64,
}

impl Run {
    /// Milliseconds that this share of the answers took at most.
    fn share_ms(&self, share: f64) -> f64 {
        let at = (share * self.times.len() as f64).ceil() as usize;
        self.times[at.clamp(1, self.times.len()) - 1] * 1e3
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_of_the_times_is_the_least_that_covers_it() {
        let times = (1..=200).map(|n| f64::from(n) / 1e3).collect();
        let run = Run {
            times,
            seconds: 1.0,
            batch: 1.0,
        };
        for (share, ms) in [(0.5, 100.0), (0.99, 198.0), (1.0, 200.0), (0.0, 1.0)] {
            assert!((run.share_ms(share) - ms).abs() < 1e-9, "{share}");
        }
    }
}
