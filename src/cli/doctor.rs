//! `scc doctor`.

use clap::Args;
use scc::bus::BusUrl;
use scc::run::doctor::{Options, State, inspect};
use scc::storage::StorageUrl;

use super::Global;
use super::error::CliError;
use super::output::{Output, table};

/// What of a deployment is looked at beside this machine.
#[derive(Args, Debug)]
pub struct Doctor {
    /// The bus: nats://[USER:PASSWORD@|TOKEN@]HOST:PORT or tls://..., options as ?creds=FILE&ca=FILE&cert=FILE&key=FILE
    #[arg(long, value_name = "URL")]
    pub bus: Option<BusUrl>,
    /// The league's database: sqlite://PATH, mysql://USER:PASSWORD@HOST/DATABASE or a run folder
    #[arg(long, value_name = "URL")]
    pub storage: Option<StorageUrl>,
}

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
