//! `scc dashboard`: serves the page until it is stopped.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use clap::Args;
use scc::run::dashboard::{self, Options};
use scc::storage::StorageUrl;
use serde::Serialize;

use super::error::{CliError, print_to_stderr};
use super::output::Output;
use super::stop;

pub const EXAMPLES: &str = "\
Prints the page's address first, and serves it until Ctrl-C or SIGTERM. It only reads, beside a run that goes on or not.
What it serves beside the page (JSON, Prometheus) is in docs/DASHBOARD.md.

Examples:
  scc dashboard runs/league
  scc dashboard --storage mysql://USER:PASSWORD@HOST/scc --listen 0.0.0.0:8800 --token @secret.txt
  scc dashboard --replays games                      # only to watch replays";

/// Where it listens unless told otherwise.
const LISTEN: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8800);

/// What may be typed after `scc dashboard`.
#[derive(Args, Debug)]
pub struct Dashboard {
    /// Run folder: of imitation, reinforcement learning or a league
    #[arg(value_name = "RUN")]
    pub run: Option<PathBuf>,
    /// Bus of a league on many machines: its processes and queues are shown, too
    #[cfg(feature = "torch")]
    #[arg(long, value_name = "URL")]
    pub bus: Option<scc::bus::BusUrl>,
    /// Name of that league on the bus
    #[cfg(feature = "torch")]
    #[arg(
        long = "run",
        value_name = "NAME",
        default_value = "league",
        requires = "bus"
    )]
    pub run_name: String,
    /// Database of a league or of scheduled matches: sqlite://PATH or mysql://USER:PASSWORD@HOST/DATABASE
    #[arg(long, value_name = "URL")]
    pub storage: Option<StorageUrl>,
    /// Folder with replays of the simulator to show beside the run's own (repeatable)
    #[arg(long, value_name = "DIR")]
    pub replays: Vec<PathBuf>,
    /// Address and port to serve at; port 0: any that is free
    #[arg(long, value_name = "ADDR:PORT", default_value_t = LISTEN)]
    pub listen: SocketAddr,
    /// Answer only those who say this secret (or the one in a file: @FILE): the page's address then ends in ?token=SECRET
    #[arg(long, value_name = "SECRET")]
    pub token: Option<String>,
}

/// The document with `--json`.
#[derive(Serialize)]
struct Served {
    url: String,
}

pub fn run(args: &Dashboard, output: &mut Output) -> Result<(), CliError> {
    let options = Options {
        run: args.run.clone(),
        storage: args.storage.clone(),
        replays: args.replays.clone(),
        token: args.token.as_deref().map(secret).transpose()?,
        processes: processes(args)?,
    };
    let failed = |source| CliError::library("dashboard", source);
    let is_open = !args.listen.ip().is_loopback() && options.token.is_none();
    let dashboard = dashboard::Dashboard::open(options, args.listen).map_err(failed)?;
    let stop = stop::on_interrupt()?;
    let url = format!("http://{}/", dashboard.address());
    if is_open {
        print_to_stderr(
            "whoever reaches this address can read everything here: --token SECRET asks for a secret",
        );
    }
    output.result(&Served { url: url.clone() }, || url)?;
    // Whoever started this waits for the address.
    output.flush()?;
    dashboard.serve(stop).map_err(failed)
}

/// Who tells of a cluster's processes.
#[cfg(feature = "torch")]
fn processes(args: &Dashboard) -> Result<Option<dashboard::ProcessSource>, CliError> {
    let Some(url) = &args.bus else {
        return Ok(None);
    };
    let bus = scc::bus::connect(url, &args.run_name);
    let bus = bus.map_err(|source| CliError::library("dashboard", source))?;
    let source = scc::run::cluster::process_source(bus);
    source
        .map(Some)
        .map_err(|source| CliError::library("dashboard", source))
}

#[cfg(not(feature = "torch"))]
fn processes(_: &Dashboard) -> Result<Option<dashboard::ProcessSource>, CliError> {
    Ok(None)
}

/// The secret, or what the file behind `@` holds.
fn secret(text: &str) -> Result<String, CliError> {
    let secret = match text.strip_prefix('@') {
        None => text.to_owned(),
        Some(path) => {
            let read = scc::files::read_limited(path.as_ref(), 4096);
            let bytes = read.map_err(|source| CliError::library("--token", source))?;
            String::from_utf8_lossy(&bytes).trim().to_owned()
        }
    };
    if secret.is_empty() {
        return Err(CliError::Usage("--token is empty".into()));
    }
    Ok(secret)
}
