//! `scc sim`: the SC2 API served with the game's own flags; `scc sim install`: a folder for clients to find it in.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use clap::{CommandFactory as _, Parser as _};
use scc::game::Seed;
use scc::server::{Flags, Folders, Options, Server, install};
use serde_json::json;

use super::args::{Cli, Sim, SimInstall};
use super::error::{CliError, chain_text};
use super::output::Output;

const LOOPBACK: &str = "127.0.0.1";
const LOOPBACK_V6: &str = "::1";

pub fn run(args: &Sim, output: &mut Output) -> Result<(), CliError> {
    match args.words.first().and_then(|word| word.to_str()) {
        Some("install") => install_at(&args.words[1..]),
        Some("--help" | "-h" | "-help" | "help") | None => help(output),
        _ => serve(&args.words),
    }
}

fn help(output: &mut Output) -> Result<(), CliError> {
    let mut cli = Cli::command();
    let text = match cli.find_subcommand_mut("sim") {
        Some(sim) => sim.render_help().to_string(),
        None => String::new(),
    };
    output.text(&text)
}

fn serve(words: &[OsString]) -> Result<(), CliError> {
    let flags = Flags::parse(words).map_err(|why| CliError::library("sim", why))?;
    let Some(port) = flags.port else {
        return Err(CliError::Usage(
            "sim: say where to serve, e.g. -port 5000".into(),
        ));
    };
    let default = if flags.ipv6 { LOOPBACK_V6 } else { LOOPBACK };
    let options = Options {
        listen: flags.listen.clone().unwrap_or_else(|| default.to_owned()),
        port,
        folders: folders(&flags),
        entropy: entropy(),
    };
    if let Some(wanted) = flags
        .data_version
        .as_deref()
        .filter(|v| *v != scc::server::DATA_VERSION)
    {
        tracing::info!("data version {wanted} was asked for; the simulator has one version only");
    }
    // The background job of a shell inherits an ignored SIGINT: with a handler both signals end the process in any state.
    // Without one, if that fails, the default does.
    let _ = ctrlc::set_handler(|| std::process::exit(130));
    let doing = format!("cannot serve at {}:{port}", options.listen);
    let server = Server::bind(options).map_err(|why| CliError::library(doing.clone(), why))?;
    if let Ok(at) = server.local_addr() {
        tracing::info!("serving the SC2 API at ws://{at}/sc2api");
    }
    server.run().map_err(|why| CliError::library(doing, why))
}

fn folders(flags: &Flags) -> Folders {
    let from_environment = || std::env::var_os("SC2PATH").map(PathBuf::from);
    Folders {
        data: flags.data_dir.clone().or_else(from_environment),
        temp: flags
            .temp_dir
            .clone()
            .or_else(|| Some(std::env::temp_dir())),
        home: std::env::var_os("HOME").map(PathBuf::from),
    }
}

/// Another seed for every process: games that name a seed do not depend on it.
fn entropy() -> Seed {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let nanos = now.map_or(0, |passed| passed.as_nanos() as u64);
    Seed(nanos).fork("process", std::process::id().into())
}

fn install_at(words: &[OsString]) -> Result<(), CliError> {
    let name = OsString::from("scc sim install");
    let parsed = SimInstall::try_parse_from(std::iter::once(&name).chain(words));
    let args = match parsed {
        Ok(args) => args,
        Err(refusal) if !refusal.use_stderr() => {
            let _ = refusal.print(); // help for a reader that went away is not an error
            return Ok(());
        }
        Err(refusal) => return Err(CliError::Usage(refusal.to_string().trim_end().to_owned())),
    };
    let program = std::env::current_exe()
        .map_err(|why| CliError::library("cannot say where scc itself lies", why))?;
    let dir = absolute(&args.dir)?;
    let done = install(&dir, &program, args.maps.as_deref())
        .map_err(|why| CliError::library("cannot make the folder", why))?;
    for (path, why) in &done.left_out {
        tracing::warn!("{} gives no map: {}", path.display(), chain_text(why));
    }
    let mut output = Output::stdout(args.json);
    let summary = json!({"folder": dir, "maps": done.maps, "left_out": done.left_out.len()});
    output.result(&summary, || {
        format!(
            "{} maps in {}\nplay on it: SC2PATH='{}' python my_bot.py\n",
            done.maps.len(),
            dir.join("Maps").display(),
            dir.display()
        )
    })?;
    output.flush()
}

fn absolute(dir: &Path) -> Result<PathBuf, CliError> {
    std::path::absolute(dir).map_err(|why| CliError::library("cannot make the folder", why))
}
