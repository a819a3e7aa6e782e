//! What may be typed after `scc bench`. Doc comments here are the help texts.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use scc::bus::BusUrl;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum BenchKind {
    /// Game loops a second, one core
    Sim,
    /// Observation to arrays, and bytes on the wire
    Observe,
    /// Forward passes of the network
    #[cfg(feature = "torch")]
    Policy,
    /// Supervised training steps
    #[cfg(feature = "torch")]
    Train,
    /// Reinforcement learning's training steps
    #[cfg(feature = "torch")]
    Learner,
    /// Actors, predictor and learner at once
    #[cfg(feature = "torch")]
    Loop,
    /// Sums of tensors between two processes, and learners that share their updates
    #[cfg(feature = "torch")]
    Collective,
    /// Reading replay files
    Replay,
    /// The simulator against recorded games; exit 1 if a figure misses
    Fidelity,
    /// Messages over the bus: questions, queues, objects
    Bus,
    /// Everything
    All,
}

impl BenchKind {
    /// Measures networks of more than one size.
    pub fn has_sizes(self) -> bool {
        match self {
            #[cfg(feature = "torch")]
            BenchKind::Policy | BenchKind::Train | BenchKind::Learner => true,
            kind => kind == BenchKind::All,
        }
    }
}

#[derive(Args, Debug)]
pub struct Bench {
    /// What to measure
    #[arg(value_name = "WHAT", default_value = "all")]
    pub which: BenchKind,
    /// Where the network computes: cpu, cuda or cuda:N
    #[arg(long, value_name = "DEVICE", default_value = "cpu")]
    pub device: String,
    /// The network that `policy`, `train` and `learner` measure: small or paper (default: both)
    #[arg(long, value_name = "SIZE", value_parser = ["small", "paper"])]
    pub size: Option<String>,
    /// A captured ResponseGameInfo of the real game, and with `--observation` ...
    #[arg(long, value_name = "FILE", requires = "observation")]
    pub game_info: Option<PathBuf>,
    /// ... an observation of that game: `observe` then encodes it as well
    #[arg(long, value_name = "FILE", requires = "game_info")]
    pub observation: Option<PathBuf>,
    /// Folder with .SC2Replay files of version 4.0 and later, to measure how fast they are read: replay.ms, which is that of a replay file of ours without it
    #[arg(long, value_name = "DIR")]
    pub replays: Option<PathBuf>,
    /// The bus that `bus` measures: nats://HOST:PORT (default: the one inside a process)
    #[arg(long, value_name = "URL")]
    pub bus: Option<BusUrl>,
    /// Be the second process of `bench collective`, whose first one is at this address
    #[cfg(feature = "torch")]
    #[arg(long, value_name = "ADDRESS", hide = true)]
    pub peer: Option<String>,
}
