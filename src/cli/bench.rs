//! `scc bench`.

use scc::game::Seed;
use scc::run::bench::{self, Against, BenchError, Figures};

use super::Global;
use super::args::{Bench, BenchKind};
use super::error::CliError;
use super::output::{Output, table};

pub fn run(args: &Bench, global: &Global, output: &mut Output) -> Result<(), CliError> {
    let seed = Seed(global.seed.unwrap_or_default());
    #[cfg(feature = "torch")]
    if let Some(address) = &args.peer {
        let done = bench::device(&args.device)
            .and_then(|device| bench::collective_peer(seed, device, address));
        return done.map_err(|source| CliError::library("bench", source));
    }
    if let Some(fault) = misplaced(args) {
        return Err(CliError::Usage(fault.to_owned()));
    }
    let mut figures = Figures::default();
    if let (Some(game_info), Some(observation)) = (&args.game_info, &args.observation) {
        let measured = bench::captured(game_info, observation);
        figures.extend(measured.map_err(|source| CliError::library("bench", source))?);
    }
    // First, since it is what can be refused.
    if matches!(args.which, BenchKind::Replay | BenchKind::All) {
        if let Some(folder) = &args.replays {
            let measured = bench::real_replays(folder);
            figures.extend(measured.map_err(|source| CliError::library("bench", source))?);
        } else {
            tracing::info!(
                "replay.ms is of our own replay file; --replays DIR measures .SC2Replay files"
            );
        }
    }
    if matches!(args.which, BenchKind::Bus | BenchKind::All) {
        tracing::info!("measuring Bus");
        let measured = bench::bus(args.bus.as_ref(), seed);
        figures.extend(measured.map_err(|source| CliError::library("bench", source))?);
    }
    for (kind, measure) in KINDS {
        if args.which == *kind || args.which == BenchKind::All {
            tracing::info!("measuring {kind:?}");
            let measured = measure(
                seed,
                &args.device,
                global.threads_or_all(),
                args.size.as_deref(),
            );
            figures.extend(measured.map_err(|source| CliError::library("bench", source))?);
        }
    }
    if args.replays.is_none() {
        figures.repeat_as("replay.own_ms", "replay.ms");
    }
    output.result(&figures, || tables(&figures))?;
    match figures.misses() {
        0 => Ok(()),
        n => Err(CliError::FellShort(format!(
            "{n} figures of the simulator miss those of recorded games"
        ))),
    }
}

/// What was typed that another kind measures.
fn misplaced(args: &Bench) -> Option<&'static str> {
    let is = |kind| args.which == kind || args.which == BenchKind::All;
    let faults = [
        (
            args.game_info.is_some() && !is(BenchKind::Observe),
            "--game-info and --observation are for `scc bench observe`",
        ),
        (
            args.bus.is_some() && !is(BenchKind::Bus),
            "--bus is for `scc bench bus`",
        ),
        (
            args.size.is_some() && !args.which.has_sizes(),
            "--size is for `scc bench policy`, `train` and `learner`",
        ),
    ];
    let first = faults.into_iter().find(|(found, _)| *found);
    first.map(|(_, fault)| fault)
}

/// Measured figures, then those that are held against something.
fn tables(figures: &Figures) -> String {
    let head = |names: &[&str]| vec![names.iter().map(|name| (*name).to_owned()).collect()];
    let mut measured: Vec<Vec<String>> = head(&["figure", "median", "unit", "runs"]);
    let mut compared: Vec<Vec<String>> = head(&[
        "figure",
        "simulator",
        "real",
        "s.e.",
        "error",
        "allowed",
        "unit",
        "n",
        "",
    ]);
    for (name, figure) in &figures.0 {
        let (unit, n) = (figure.unit.to_owned(), figure.n.to_string());
        match &figure.against {
            None => measured.push(vec![name.clone(), rounded(figure.value), unit, n]),
            Some(against) => compared.push(vec![
                name.clone(),
                format!("{:.1}", figure.value),
                format!("{:.1}", against.real),
                format!("{:.1}", against.standard_error),
                format!("{:+.1}", against.error),
                format!("{:.1}", against.allowed),
                unit,
                n,
                verdict(against),
            ]),
        }
    }
    let full = [measured, compared]
        .into_iter()
        .filter(|rows| rows.len() > 1);
    full.map(|rows| table(&rows)).collect::<Vec<_>>().join("\n")
}

fn verdict(against: &Against) -> String {
    match (against.within, against.known) {
        (true, _) => String::new(),
        (false, Some(why)) => format!("known: {why}"),
        (false, None) => "MISS".to_owned(),
    }
}

/// What to measure with which seed, on which device, by how many threads, with which network (none = all).
type Measure = fn(Seed, &str, usize, Option<&str>) -> Result<Figures, BenchError>;

const KINDS: &[(BenchKind, Measure)] = &[
    (BenchKind::Sim, |seed, _, _, _| bench::sim(seed)),
    (BenchKind::Observe, |seed, _, _, _| bench::observe(seed)),
    (BenchKind::Replay, |seed, _, _, _| bench::replay(seed)),
    (BenchKind::Fidelity, |seed, _, _, _| bench::fidelity(seed)),
    #[cfg(feature = "torch")]
    (BenchKind::Policy, |seed, device, _, size| {
        bench::policy(seed, bench::device(device)?, size)
    }),
    #[cfg(feature = "torch")]
    (BenchKind::Train, |seed, device, _, size| {
        bench::train(seed, bench::device(device)?, size)
    }),
    #[cfg(feature = "torch")]
    (BenchKind::Learner, |seed, device, threads, size| {
        bench::learner(seed, bench::device(device)?, threads, size)
    }),
    #[cfg(feature = "torch")]
    (BenchKind::Loop, |seed, device, threads, _| {
        bench::device(device)?;
        bench::whole_loop(seed, device, threads)
    }),
    #[cfg(feature = "torch")]
    (BenchKind::Collective, |seed, device, _, _| {
        let device = bench::device(device)?;
        bench::collective(seed, device, |address, second| peer(seed, address, second))
    }),
];

/// This program as the second process of `bench collective`.
#[cfg(feature = "torch")]
fn peer(seed: Seed, address: &str, device: &str) -> std::io::Result<std::process::Command> {
    let mut command = std::process::Command::new(std::env::current_exe()?);
    command.args(["bench", "collective", "--peer", address, "--seed"]);
    command.args([&seed.0.to_string(), "--device", device]);
    Ok(command)
}

/// Three significant digits are more than a laptop repeats.
fn rounded(value: f64) -> String {
    match value {
        v if v >= 100.0 => format!("{v:.0}"),
        v if v >= 1.0 => format!("{v:.2}"),
        v => format!("{v:.4}"),
    }
}
