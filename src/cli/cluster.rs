//! `scc master|actor|predictor|learner|evaluator`: a league's processes on many machines.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use scc::bus::{Bus, BusUrl, connect};
use scc::run::cluster::{
    MasterOptions, RoleOptions, RoleSummary, run_actor, run_evaluator, run_learner, run_master,
    run_predictor,
};
use scc::run::config::LeagueRunConfig;
use scc::run::host::host_name;
use scc::run::{RunError, RunOptions};
use scc::storage::StorageUrl;

use super::args::Game;
use super::error::CliError;
use super::output::Output;
use super::train::{self, Start};
use super::{Global, game, stop};

pub const EXAMPLES: &str = "\
A league on many machines, or on this one:
  nats-server -js &
  scc master --bus nats://127.0.0.1:4222 --config configs/league.toml --init agents/NAME/weights.safetensors --out runs/cluster
  scc predictor --bus nats://127.0.0.1:4222     # as many of each as you like; they may come, go and die at any time
  scc learner --bus nats://127.0.0.1:4222       # at least one for each player that trains
  scc actor --bus nats://127.0.0.1:4222
  scc evaluator --bus nats://127.0.0.1:4222
A master that was stopped goes on by --resume; the others wait for it. `deploy/` has examples for systemd, Slurm, Kubernetes.";

/// Where the processes of a cluster meet.
#[derive(Args, Debug)]
pub struct Meeting {
    /// The NATS server: nats://[USER:PASSWORD@|TOKEN@]HOST:PORT, tls://HOST:PORT
    #[arg(long, value_name = "URL")]
    pub bus: BusUrl,
    /// Name of the run on the bus: several can share a server
    #[arg(long, value_name = "NAME", default_value = "league")]
    pub run: String,
    /// Name of this process, unique in its run (default: host and process number)
    #[arg(long, value_name = "NAME", value_parser = parse_id)]
    pub id: Option<String>,
}

#[derive(Args, Debug)]
pub struct Master {
    #[command(flatten)]
    pub meeting: Meeting,
    /// The supervised agent that everybody starts from
    #[arg(long, value_name = "CKPT")]
    pub init: Option<PathBuf>,
    /// Go on with the league in this folder
    #[arg(long, value_name = "RUN", conflicts_with_all = ["init", "config", "out"])]
    pub resume: Option<PathBuf>,
    /// The league's database: sqlite://PATH or mysql://... (default: league.db in the run folder)
    #[arg(long, value_name = "URL")]
    pub storage: Option<StorageUrl>,
    #[command(flatten)]
    pub game: Game,
}

/// An actor, predictor, learner or evaluator: the master tells it everything else.
#[derive(Args, Debug)]
pub struct Role {
    #[command(flatten)]
    pub meeting: Meeting,
    /// Games at once (actor, evaluator; default: what the config says)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=4096))]
    pub games: Option<u16>,
    /// Where networks compute: cpu, cuda, cuda:N (default: what the config says)
    #[arg(long, value_name = "DEVICE")]
    pub device: Option<String>,
    /// Address or name by which other learners reach this machine
    #[arg(long, value_name = "HOST", default_value = "127.0.0.1")]
    pub host: String,
}

/// What runs a worker.
type Runner = fn(&RoleOptions) -> Result<RoleSummary, RunError>;

/// What a worker does.
#[derive(Clone, Copy, Debug)]
pub enum Work {
    Actor,
    Predictor,
    Learner,
    Evaluator,
}

impl Meeting {
    fn open(&self) -> Result<Arc<dyn Bus>, CliError> {
        connect(&self.bus, &self.run).map_err(|e| CliError::library("join the cluster", e))
    }

    /// Name of a folder for the process `id` of this run alone: other runs may have one of the same name on this machine.
    fn folder(&self, id: &str) -> String {
        let run = format!("{}\n{}", self.bus, self.run);
        format!(
            "scc-{id}-{:016x}",
            xxhash_rust::xxh3::xxh3_64(run.as_bytes())
        )
    }

    fn id(&self, role: &str) -> String {
        let generated = || {
            let name = format!("{role}-{}-{}", host_name(), std::process::id());
            let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
            name.chars()
                .map(|c| if fits(c) { c } else { '-' })
                .collect()
        };
        self.id.clone().unwrap_or_else(generated)
    }
}

pub fn master(args: &Master, global: &Global, output: &mut Output) -> Result<(), CliError> {
    let start = Start {
        game: &args.game,
        init: args.init.as_ref(),
        resume: args.resume.as_ref(),
        out_default: "runs/cluster",
        doing: "lead the league",
    };
    let cluster = MasterOptions {
        bus: args.meeting.open()?,
        id: args.meeting.id("master"),
        storage: args.storage.clone(),
    };
    let work =
        |config: &LeagueRunConfig, options: &RunOptions| run_master(config, options, cluster);
    let summary = train::train(&start, global, work)?;
    output.result(&summary, || train::league_text(&summary))?;
    output.flush()?;
    if summary.finished {
        return Ok(());
    }
    Err(CliError::FellShort(format!(
        "stopped before the end; go on with: scc master --bus {} --resume {}",
        args.meeting.bus,
        summary.run.display()
    )))
}

pub fn work(work: Work, args: &Role, global: &Global, output: &mut Output) -> Result<(), CliError> {
    let (role, run): (&str, Runner) = match work {
        Work::Actor => ("actor", run_actor),
        Work::Predictor => ("predictor", run_predictor),
        Work::Learner => ("learner", run_learner),
        Work::Evaluator => ("evaluator", run_evaluator),
    };
    if global.config.is_some() || !global.set.is_empty() {
        return Err(CliError::Usage(format!(
            "--config and --set are the master's: it tells the {role} everything"
        )));
    }
    let stop = stop::on_interrupt()?;
    let id = args.meeting.id(role);
    let bus = args.meeting.open()?;
    let cache = Cache::make(global.out.clone(), &args.meeting, &id)?;
    let progress = train::progress();
    let summary = run(&RoleOptions {
        bus,
        id,
        stop,
        places: game::places(),
        at_once: args.games.map(usize::from),
        device: args.device.clone(),
        host: args.host.clone(),
        threads: global.threads_or_all(),
        cache: cache.folder.clone(),
        progress: progress.as_ref(),
    });
    let summary = summary.map_err(|source| CliError::library(role, source))?;
    output.result(&summary, || {
        let why = if summary.finished {
            "training is over"
        } else {
            "stopped"
        };
        let rates = summary.rates.iter();
        let rates: Vec<String> = rates.map(|(name, v)| format!("{name} {v:.6}")).collect();
        format!("{role} {}: {why}\n{}\n", summary.id, rates.join(", "))
    })
}

/// A folder for what a worker fetches: of its own, and gone with it, unless it was told to use another.
struct Cache {
    folder: PathBuf,
    is_ours: bool,
}

impl Cache {
    fn make(told: Option<PathBuf>, meeting: &Meeting, id: &str) -> Result<Cache, CliError> {
        let is_ours = told.is_none();
        let folder = told.unwrap_or_else(|| std::env::temp_dir().join(meeting.folder(id)));
        if is_ours {
            // Left by one of the same name that was killed.
            let _ = std::fs::remove_dir_all(&folder);
        }
        std::fs::create_dir_all(&folder)
            .map_err(|e| CliError::library(format!("make the folder {}", folder.display()), e))?;
        Ok(Cache { folder, is_ours })
    }
}

impl Drop for Cache {
    fn drop(&mut self) {
        if self.is_ours {
            let _ = std::fs::remove_dir_all(&self.folder);
        }
    }
}

fn parse_id(text: &str) -> Result<String, String> {
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if text.is_empty() || text.len() > 100 || !text.chars().all(fits) {
        return Err("expected 1 to 100 letters, digits, - and _".to_owned());
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processes_of_one_name_in_two_runs_have_folders_of_their_own() {
        let meeting = |bus: &str, run: &str| Meeting {
            bus: bus.parse().expect("a URL"),
            run: run.to_owned(),
            id: None,
        };
        let here = meeting("nats://127.0.0.1:4222", "league");
        assert_eq!(here.folder("actor-1"), here.folder("actor-1"));
        assert!(here.folder("actor-1").starts_with("scc-actor-1-"));
        let others = [
            ("nats://127.0.0.1:4223", "league"),
            ("nats://127.0.0.1:4222", "b"),
        ];
        for (bus, run) in others {
            assert_ne!(meeting(bus, run).folder("actor-1"), here.folder("actor-1"));
        }
        assert_ne!(here.folder("actor-2"), here.folder("actor-1"));
    }
}
