//! What may be typed. Doc comments here are the help texts.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use scc::evaluator::{AgentSpec, LOOPS_MAX_DEFAULT};
use scc::storage::StorageUrl;

pub use super::bench_args::{Bench, BenchKind};
#[cfg(feature = "torch")]
pub use super::cluster::{Master, Role};
pub use super::dashboard::Dashboard;
pub use super::doctor::Doctor;
pub use super::schedule_args::{Schedule, ScheduleFile};

const EXAMPLES: &str = "\
Examples:
  scc match --agent scripted:marine --opponent builtin:Hard:terran --games 20 --save-replays games
  scc replay play games/FILE.screp
  scc train --stage imitation --config configs/imitation.toml --out runs/imitation
  scc train --stage imitation --resume runs/imitation
  scc doctor

Exit codes: 0 done, 1 ran but fell short, 2 usage, config, input or I/O error.";

/// What a SPEC can be, the scripted players by name.
fn specs() -> String {
    format!(
        "{SPECS}\n\nScripted players: {}",
        scc::agent::scripted::names().join(", ")
    )
}

const SPECS: &str = "\
Who plays (SPEC):
  builtin:LEVEL:RACE[:BUILD]  the simulator's AI. LEVEL: VeryEasy, Easy, Medium, MediumHard, Hard, Harder, VeryHard, and
                              CheatVision (sees the whole map), CheatMoney (and harvests up to 1.5 times as much),
                              CheatInsane (up to twice as much). RACE: terran. BUILD: Rush, Timing, Power, Macro, Air,
                              or RandomBuild (unless given): one drawn each game, with the game's own chances, never Air
  scripted:NAME               a scripted player, one of those below
  random:RACE                 random legal actions
  checkpoint:PATH             a trained network: its file, or an agent's folder or card (agent.toml)
  league:ID                   a league's player by name or number, at its latest checkpoint (with --storage)
A checkpoint or a league's player can be told what to be, by one or both of
  ,z=FILE[:N[+N...]]          play by a strategy, drawn for each game: of a z library (`scc replay z`) those with these
                              numbers, or else all that are for the map; or the one z of a JSON file
  ,z=none                     play by none (a league's player else plays by the z's that it is trained for)
  ,rating=N                   play like players of this rating";

/// StarCraft II reinforcement learning after the SCC paper, with a headless simulator of its own.
#[derive(Debug, Parser)]
#[command(name = "scc", version, after_help = EXAMPLES, arg_required_else_help = true)]
pub struct Cli {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

/// Options that mean the same for every command.
#[derive(Args, Debug)]
#[command(next_help_heading = "Everywhere")]
pub struct Global {
    /// Seed of everything random; same seed, same result
    #[arg(long, global = true, value_name = "N")]
    pub seed: Option<u64>,
    /// Threads to use (default: all); results do not depend on it
    #[arg(long, global = true, value_name = "N", value_parser = parse_threads)]
    pub threads: Option<usize>,
    /// Folder to write into; for `map import`, `replay z|filter`, `league|schedule report` the file
    #[arg(long, global = true, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Config file (TOML); `scc config show FILE` prints what it comes to
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Change one config key, e.g. --set train.batch=32 (repeatable)
    #[arg(long = "set", global = true, value_name = "KEY=VALUE", value_parser = parse_assignment)]
    pub set: Vec<(String, String)>,
    /// Print the result as one JSON document and nothing else
    #[arg(long, global = true)]
    pub json: bool,
    /// Log more to stderr (-vv: much more); SCC_LOG says it in detail
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
}

impl Global {
    /// Threads to use: what was asked for, or all.
    pub fn threads_or_all(&self) -> usize {
        self.threads
            .unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from))
    }
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Train an agent: demonstrations, training, evaluation, report
    #[cfg(feature = "torch")]
    Train(Train),
    /// Play games between two players and count
    Match(Match),
    /// Lead a league whose games, learning and evaluation are other processes' work
    #[cfg(feature = "torch")]
    #[command(after_help = super::cluster::EXAMPLES)]
    Master(Master),
    /// Play a league's games, asking predictors
    #[cfg(feature = "torch")]
    Actor(Role),
    /// Compute networks' answers for actors, in batches
    #[cfg(feature = "torch")]
    Predictor(Role),
    /// Train a league's player, alone or together with other learners
    #[cfg(feature = "torch")]
    Learner(Role),
    /// Play a league's checkpoints against each other
    #[cfg(feature = "torch")]
    Evaluator(Role),
    /// Play matches when they are due, by a file; report on them
    #[command(subcommand)]
    Schedule(Schedule),
    /// List, describe and import maps
    #[command(subcommand)]
    Map(Map),
    /// Look into a league: players, ratings, who beats whom; ask for a branch
    #[command(subcommand)]
    League(League),
    /// Show a run or a league in a browser: processes, curves, who beats whom, games to watch
    #[command(after_help = super::dashboard::EXAMPLES)]
    Dashboard(Dashboard),
    /// Encode captured observations of the real game as the network sees them
    Observe(Observe),
    /// Describe and print replay files
    #[command(subcommand)]
    Replay(Replay),
    /// Say what was played in replays: builds, curves, mixes, strategies; and how it differs from other replays
    #[command(after_help = ANALYZE)]
    Analyze(Analyze),
    /// Show what a config file comes to
    #[command(subcommand)]
    Config(Config),
    /// Measure this machine: medians of several runs
    Bench(Bench),
    /// Serve the SC2 API on the simulator, as StarCraft II does: with the game's own flags
    #[command(after_help = SIM, disable_help_flag = true)]
    Sim(Sim),
    /// Say what is there (libtorch, CUDA, StarCraft II, disk, bus, storage) and what to do about the rest
    Doctor(Doctor),
}

const SIM: &str = "\
Flags are StarCraft II's own, with one dash; unknown ones are ignored:
  -port N           port to serve at (0: any; it is logged with -v before `sim`)
  -listen HOST      address to listen on (default 127.0.0.1)
  -dataDir DIR      folder with Maps and Replays (default: SC2PATH)
  -tempDir DIR      where save_map writes

scc sim install DIR [--maps CAPTURES]
                    makes DIR a folder that works as SC2PATH for any client:
                      scc sim install ~/scc-sim
                      SC2PATH=~/scc-sim python my_bot.py";

/// The game's flags, or `install DIR`.
#[derive(Args, Debug)]
pub struct Sim {
    #[arg(
        trailing_var_arg = true,
        allow_hyphen_values = true,
        value_name = "FLAGS"
    )]
    pub words: Vec<std::ffi::OsString>,
}

/// `scc sim install`.
#[derive(Debug, Parser)]
#[command(
    name = "scc sim install",
    about = "Make a folder that clients take for an installed StarCraft II"
)]
pub struct SimInstall {
    /// Folder to make
    pub dir: PathBuf,
    /// Folder with captures of the real game's maps, to play on them too
    #[arg(long, value_name = "CAPTURES")]
    pub maps: Option<PathBuf>,
    /// Print the result as one JSON document and nothing else
    #[arg(long)]
    pub json: bool,
}

/// What a training run is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Stage {
    /// Supervised, from demonstrations (SCC §5)
    Imitation,
    /// Reinforcement learning from a supervised agent (SCC §6.1)
    Rl,
    /// Several players learn against each other and their past (SCC §6.2)
    League,
}

#[derive(Args, Debug)]
pub struct Train {
    /// What to train
    #[arg(long)]
    pub stage: Stage,
    /// Start from these weights: instead of random ones, or as the supervised agent of reinforcement learning
    #[arg(long, value_name = "CKPT")]
    pub init: Option<PathBuf>,
    /// Go on with the run in this folder
    #[arg(long, value_name = "RUN", conflicts_with_all = ["init", "config", "out"])]
    pub resume: Option<PathBuf>,
    /// A league's database: sqlite://PATH or mysql://... (default: league.db in the run folder)
    #[arg(long, value_name = "URL")]
    pub storage: Option<StorageUrl>,
    #[command(flatten)]
    pub game: Game,
}

/// Which game is played on.
#[derive(Args, Debug)]
pub struct Game {
    /// What is played on: the embedded simulator (default), or what SC2PATH names, over StarCraft II's API
    #[arg(long, value_name = "GAME")]
    pub game: Option<GameKind>,
    /// Version of StarCraft II, with --game sc2: 4.10, 75689, Base75689 (default: the newest installed)
    #[arg(long, value_name = "V")]
    pub game_version: Option<String>,
    /// Seconds that StarCraft II may take to answer, with --game sc2 (default: 60); a game that takes longer is lost
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..=3600))]
    pub game_timeout: Option<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum GameKind {
    Sim,
    Sc2,
}

#[derive(Args, Debug)]
#[command(after_help = specs())]
pub struct Match {
    /// Who plays
    #[arg(long, value_name = "SPEC")]
    pub agent: AgentSpec,
    /// Against whom (repeatable: a row each)
    #[arg(long, value_name = "SPEC", required = true)]
    pub opponent: Vec<AgentSpec>,
    /// Name of a map (`scc map list`; with --game sc2 also an installed one, e.g. TritonLE) or a map file (repeatable: a row
    /// each)
    #[arg(long, value_name = "NAME|FILE")]
    pub map: Vec<String>,
    /// Games a row; the seats change after each
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub games: u32,
    /// Game loops after which a game is a tie (22.4 a second)
    #[arg(long, value_name = "N", default_value_t = LOOPS_MAX_DEFAULT, value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    pub max_loops: u32,
    /// How freely checkpoints choose: 1 as trained, below 1 more surely, 0 always the best guess
    #[cfg(feature = "torch")]
    #[arg(long, value_name = "T", default_value_t = 1.0, value_parser = parse_temperature)]
    pub temperature: f32,
    /// Save a replay of every game into this folder
    #[arg(long, value_name = "DIR")]
    pub save_replays: Option<PathBuf>,
    /// Where league:ID is looked up: a league's run folder, sqlite://PATH or mysql://USER:PASSWORD@HOST/DATABASE
    #[arg(long, value_name = "URL")]
    pub storage: Option<StorageUrl>,
    #[command(flatten)]
    pub game: Game,
}

#[derive(Debug, Subcommand)]
pub enum Map {
    /// The maps that come with the program
    List,
    /// Size, start locations and resources of a map
    Info {
        /// Name of a map or a map file
        #[arg(value_name = "NAME|FILE")]
        map: String,
    },
    /// Make a map file (--out FILE) of a capture of the real game (plain or .gz protobuf)
    Import {
        #[command(flatten)]
        capture: Capture,
        /// Replace the file if it exists
        #[arg(long)]
        force: bool,
    },
}

/// One moment of the real game, as its API sent it.
#[derive(Args, Debug)]
pub struct Capture {
    /// File with a ResponseGameInfo
    #[arg(long, value_name = "F")]
    pub game_info: PathBuf,
    /// File with a ResponseObservation
    #[arg(long, value_name = "F")]
    pub observation: PathBuf,
}

/// Which league.
#[derive(Args, Debug)]
pub struct LeagueAt {
    /// Run folder of the league
    #[arg(value_name = "RUN", required_unless_present = "storage")]
    pub run: Option<PathBuf>,
    /// Its database, if it is not the run folder's own: sqlite://PATH or mysql://USER:PASSWORD@HOST/DATABASE
    #[arg(long, value_name = "URL")]
    pub storage: Option<StorageUrl>,
}

#[derive(Debug, Subcommand)]
pub enum League {
    /// Who is in the league, who is to join, what happened
    Status {
        #[command(flatten)]
        league: LeagueAt,
    },
    /// Ratings with standard errors, the supervised agent at 0, and their curves over training
    Elo {
        #[command(flatten)]
        league: LeagueAt,
    },
    /// Who beats whom, over all games of each pair
    Payoff {
        #[command(flatten)]
        league: LeagueAt,
    },
    /// Ask for a new agent that starts from a training one; the league that runs, or resumes, makes it
    Branch(Branch),
    /// Write every table as JSON and CSV, and every player's card (agents/NAME/agent.toml), into a folder (--out DIR)
    Export {
        #[command(flatten)]
        league: LeagueAt,
    },
    /// Write one HTML page (--out FILE): Elo curves, payoff matrix, win rates by z, strategies
    Report {
        #[command(flatten)]
        league: LeagueAt,
    },
}

const BRANCH_EXAMPLES: &str = "\
Examples:
  scc league branch runs/league --from main --z auto
  scc league branch --storage sqlite://runs/league/league.db --from main --z rush.json drop.json --role main-agent";

#[derive(Args, Debug)]
#[command(after_help = BRANCH_EXAMPLES)]
pub struct Branch {
    #[command(flatten)]
    pub league: LeagueAt,
    /// Player to start from, by name or number
    #[arg(long, value_name = "NAME")]
    pub from: String,
    /// What it is rewarded for beside winning: auto (plays every z of the run's library against --from and takes the best), none,
    /// or files with one z each (JSON)
    #[arg(long, value_name = "auto|none|FILE", required = true, num_args = 1..)]
    pub z: Vec<String>,
    /// What the new agent is for
    #[arg(long, value_name = "ROLE", default_value = "main-exploiter")]
    pub role: BranchRole,
    /// Its name; one is made if none is given
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
}

/// Roles that train.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum BranchRole {
    MainAgent,
    MainExploiter,
    LeagueExploiter,
}

#[derive(Args, Debug)]
pub struct Observe {
    /// File with a ResponseGameInfo (plain or .gz)
    #[arg(
        long,
        value_name = "F",
        required_unless_present = "list",
        requires = "observation"
    )]
    pub game_info: Option<PathBuf>,
    /// File with a ResponseObservation (plain or .gz)
    #[arg(
        long,
        value_name = "F",
        required_unless_present = "list",
        requires = "game_info"
    )]
    pub observation: Option<PathBuf>,
    /// Many at once: a file of lines "GAME_INFO OBSERVATION"; prints one JSON object a line
    #[arg(long, value_name = "FILE", conflicts_with_all = ["game_info", "observation"])]
    pub list: Option<PathBuf>,
}

const FILTER: &str = "\
Conditions: KEY, KEY=VALUE, KEY=A|B, or with != > >= < <= ~ (contains). A game is listed with those players of whom
all conditions hold; what is unknown holds of nothing.
  of the game    version  build  map  kind  matchup (either way round)  players (how many)  loops  minutes
  of a player    race  mmr  apm  result  winner  ai  name
  of the other   the same, with opponent_ before it
Prints a line a game: path, tab, numbers of the players. --out FILE writes that instead.

The paper's three sets of replays:
  scc replay filter DIR --where 'mmr>4300' --out all.txt
  scc replay filter DIR --where 'mmr>5300' --out better.txt
  scc replay filter DIR --where 'winner and mmr>5500' --out winners.txt";

const EXTRACT: &str = "\
Replays of the simulator (.screp, and .SC2Replay files that it saved) are played again. Those of the real game are
watched on StarCraft II (SC2PATH), in the version of each file, on as many processes as there are threads.
  --game sim   starts no game: replays of the real one fail
  --game sc2   watches every .SC2Replay file, the simulator's too
What fails is counted by reason, and the others go on. The same command goes on after a kill or Ctrl-C, and tries again
what failed for want of a game. --config and --set: obs, action and dataset of an imitation config, as learned with.

  scc replay extract replays-of-mine --where 'winner and mmr>5500' --out winners
  scc train --stage imitation --set demonstrations.dataset=winners";

#[derive(Args, Debug)]
pub struct Extract {
    /// Folders (searched with all below them) or files
    #[arg(value_name = "DIR|FILE", required = true)]
    pub paths: Vec<PathBuf>,
    /// Only players of whom this holds (as for `scc replay filter`; repeatable, all must hold)
    #[arg(long = "where", value_name = "CONDITION")]
    pub conditions: Vec<scc::replay::Filter>,
    #[command(flatten)]
    pub game: Game,
    /// Replace the dataset of other replays that is in --out
    #[arg(long)]
    pub force: bool,
}

#[derive(Debug, Subcommand)]
pub enum Replay {
    /// Header, map, players, races, ratings, results, duration; of own replays and of .SC2Replay files
    Info {
        #[arg(value_name = "FILE", required = true)]
        files: Vec<PathBuf>,
    },
    /// Everything that a .SC2Replay file holds, decoded without the game (--json; else counts)
    Events {
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// List the replays, and their players, of which all conditions hold
    #[command(after_help = FILTER)]
    Filter {
        /// Folders (searched with all below them) or files
        #[arg(value_name = "DIR|FILE", required = true)]
        paths: Vec<PathBuf>,
        /// A condition, or several with `and` or commas between (repeatable; all must hold)
        #[arg(long = "where", value_name = "CONDITION")]
        conditions: Vec<scc::replay::Filter>,
        /// Replace the file of --out if it exists
        #[arg(long)]
        force: bool,
    },
    /// Make a dataset to imitate out of replays of both kinds (--out DATASET)
    #[command(after_help = EXTRACT)]
    Extract(Extract),
    /// Play a replay again and print the game as text
    Play {
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Collect the strategies (z) of the players of replays into a library (--out FILE)
    Z {
        /// Replay files, or folders of them
        #[arg(value_name = "FILE|DIR", required = true)]
        replays: Vec<PathBuf>,
        /// Only of players who won
        #[arg(long)]
        winners: bool,
        /// Replace the file if it exists
        #[arg(long)]
        force: bool,
    },
}

const ANALYZE: &str = "\
Writes into the folder of --out: report.html (open it in a browser; it needs nothing beside it), findings.json with
everything, and tables as .csv. Reads .SC2Replay files with tracker events (since game version 2.0.8) without the game,
and replays of the simulator (.screp) by playing them again; what cannot be read is listed by reason, with exit code 2
after all others are done.

Examples:
  scc analyze replays/ --out report --open
  scc analyze games-of-my-agent/ --against human-replays/ --out report";

#[derive(Args, Debug)]
pub struct Analyze {
    /// Replay files of both kinds, or folders (searched with all below them)
    #[arg(value_name = "REPLAYS", required = true)]
    pub replays: Vec<PathBuf>,
    /// Replays to compare with: what is usual (repeatable)
    #[arg(long, value_name = "REPLAYS", num_args = 1..)]
    pub against: Vec<PathBuf>,
    /// Replace the report in the folder if there is one
    #[arg(long)]
    pub force: bool,
    /// Open the report in a browser
    #[arg(long)]
    pub open: bool,
}

#[derive(Debug, Subcommand)]
pub enum Config {
    /// Print a config with every key, its defaults filled in
    Show {
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

/// What `scc bench` can measure.
impl Command {
    /// Whether the command may touch tensors, so that libtorch must be made ready first.
    #[cfg(feature = "torch")]
    pub fn may_use_tensors(&self) -> bool {
        match self {
            Command::Train(_)
            | Command::Match(_)
            | Command::Master(_)
            | Command::Actor(_)
            | Command::Predictor(_)
            | Command::Learner(_)
            | Command::Evaluator(_)
            | Command::Bench(_)
            | Command::Doctor(_) => true,
            Command::Schedule(command) => matches!(command, Schedule::Run { .. }),
            Command::League(command) => matches!(command, League::Branch(b) if b.z == ["auto"]),
            Command::Map(_)
            | Command::Dashboard(_)
            | Command::Observe(_)
            | Command::Replay(_)
            | Command::Analyze(_)
            | Command::Config(_)
            | Command::Sim(_) => false,
        }
    }
}

/// More threads than this are a typing error.
const THREADS_MAX: usize = 1024;

fn parse_threads(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(n @ 1..=THREADS_MAX) => Ok(n),
        _ => Err(format!("expected a number from 1 to {THREADS_MAX}")),
    }
}

#[cfg(feature = "torch")]
fn parse_temperature(text: &str) -> Result<f32, String> {
    match text.parse() {
        Ok(t) if (0.0..=10.0).contains(&t) => Ok(t),
        _ => Err("expected a number from 0 to 10".to_owned()),
    }
}

fn parse_assignment(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.trim().is_empty() => {
            Ok((key.trim().to_owned(), value.trim().to_owned()))
        }
        _ => Err("expected KEY=VALUE".to_owned()),
    }
}
