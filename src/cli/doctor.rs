//! `scc doctor`.

use scc::run::doctor::{Options, State, inspect};

use super::Global;
use super::args::Doctor;
use super::error::CliError;
use super::output::{Output, table};

pub fn run(args: &Doctor, global: &Global, output: &mut Output) -> Result<(), CliError> {
    let report = inspect(&Options {
        cuda_devices: cuda_devices(),
        sc2: Some(super::game::places()),
        out_dir: global.out.clone().unwrap_or_else(|| "runs".into()),
        bus: args.bus.clone(),
        storage: args.storage.clone(),
    });
    output.result(&report, || {
        let rows = report.checks.iter().map(|check| {
            let mark = match check.state {
                State::Ok => "ok",
                State::Absent => "-",
                State::Problem => "PROBLEM",
            };
            let advice = check
                .advice
                .as_deref()
                .map_or(String::new(), |advice| format!("  ({advice})"));
            vec![
                check.name.to_owned(),
                mark.to_owned(),
                format!("{}{advice}", check.found),
            ]
        });
        format!(
            "scc {}\n{}",
            report.version,
            table(&rows.collect::<Vec<_>>())
        )
    })?;
    let problems: Vec<&str> = report
        .checks
        .iter()
        .filter(|check| check.state == State::Problem)
        .map(|check| check.name)
        .collect();
    if problems.is_empty() {
        return Ok(());
    }
    output.flush()?;
    Err(CliError::FellShort(format!(
        "to be mended: {}",
        problems.join(", ")
    )))
}

/// CUDA devices as libtorch counts them.
fn cuda_devices() -> Option<usize> {
    #[cfg(feature = "torch")]
    let devices = Some(usize::try_from(tch::Cuda::device_count()).unwrap_or(0));
    #[cfg(not(feature = "torch"))]
    let devices = None;
    devices
}
