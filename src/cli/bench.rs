//! `scc bench`.

use scc::game::Seed;
use scc::run::bench::{self, BenchError, Figures};

use super::Global;
use super::args::{Bench, BenchKind};
use super::error::CliError;
use super::output::{Output, table};

pub fn run(args: &Bench, global: &Global, output: &mut Output) -> Result<(), CliError> {
    let seed = Seed(global.seed.unwrap_or_default());
    let mut figures = Figures::default();
    if let (Some(game_info), Some(observation)) = (&args.game_info, &args.observation) {
        if !matches!(args.which, BenchKind::Observe | BenchKind::All) {
            let fault = "--game-info and --observation are for `scc bench observe`";
            return Err(CliError::Usage(fault.to_owned()));
        }
        let measured = bench::captured(game_info, observation);
        figures.extend(measured.map_err(|source| CliError::library("bench", source))?);
    }
    for (kind, measure) in KINDS {
        if args.which == *kind || args.which == BenchKind::All {
            tracing::info!("measuring {kind:?}");
            let measured = measure(seed, &args.device, global.threads_or_all());
            figures.extend(measured.map_err(|source| CliError::library("bench", source))?);
        }
    }
    output.result(&figures, || {
        let mut rows = vec![
            ["figure", "median", "unit", "runs"]
                .map(str::to_owned)
                .to_vec(),
        ];
        rows.extend(figures.0.iter().map(|(name, figure)| {
            vec![
                name.clone(),
                rounded(figure.value),
                figure.unit.to_owned(),
                figure.n.to_string(),
            ]
        }));
        table(&rows)
    })
}

/// What to measure with which seed, on which device, by how many threads.
type Measure = fn(Seed, &str, usize) -> Result<Figures, BenchError>;

const KINDS: &[(BenchKind, Measure)] = &[
    (BenchKind::Sim, |seed, _, _| bench::sim(seed)),
    (BenchKind::Observe, |seed, _, _| bench::observe(seed)),
    (BenchKind::Replay, |seed, _, _| bench::replay(seed)),
    #[cfg(feature = "torch")]
    (BenchKind::Policy, |seed, device, _| {
        bench::policy(seed, bench::device(device)?)
    }),
    #[cfg(feature = "torch")]
    (BenchKind::Train, |seed, device, _| {
        bench::train(seed, bench::device(device)?)
    }),
    #[cfg(feature = "torch")]
    (BenchKind::Loop, |seed, device, threads| {
        bench::device(device)?;
        bench::whole_loop(seed, device, threads)
    }),
];

/// Three significant digits are more than a laptop repeats.
fn rounded(value: f64) -> String {
    match value {
        v if v >= 100.0 => format!("{v:.0}"),
        v if v >= 1.0 => format!("{v:.2}"),
        v => format!("{v:.4}"),
    }
}
