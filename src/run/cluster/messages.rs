//! What the processes of a cluster tell each other: requests to the master and its answers, games, weights, signs of life.
//!
//! Subjects and names, below the run's own prefix (`bus`):
//! ```text
//! master                       asked by all: ToMaster -> FromMaster
//! infer.PLAYER                 asked by actors, served by the player's predictors
//! unanswered.PLAYER            said by actors whose questions nobody answers; heard by the master
//! weights.PLAYER               announced by its learner; the weights are the object weights/PLAYER
//! heartbeat.ROLE.ID            once a second, by everybody
//! over                         once a second by the master, when training is over
//! metrics.PLAYER               a row a training step, by its learner
//! games-PLAYER                 queue: filled by actors, emptied by its learners
//! state/PLAYER, weights/PLAYER, file/PATH      objects: training state, newest weights, a checkpoint of the run folder
//! run                          object: id of the run whose objects these are
//! master                       lead: held by the run whose master has the bus
//! ```

use crate::action::ActionConfig;
use crate::bus::Message;
use crate::league::{GameKind, Opponent, Outcome, PlayerId};
use crate::obs::ObsConfig;
use crate::run::metrics::MetricsRow;
use crate::trajectory::Z;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Where the master is asked.
pub const MASTER: &str = "master";

/// Where the master says, again and again, that training is over.
pub const OVER: &str = "over";

/// Where a player's predictors are asked.
pub fn infer(player: &str) -> String {
    format!("infer.{player}")
}

/// What is before the player's name where it is said that nobody answers for it.
pub const UNANSWERED: &str = "unanswered.";

/// Where it is said that nobody answers for a player.
pub fn unanswered(player: &str) -> String {
    format!("{UNANSWERED}{player}")
}

/// Where new weights of a player are announced.
pub fn announcement(player: &str) -> String {
    format!("weights.{player}")
}

/// Where a learner's metrics go.
pub fn metrics(player: &str) -> String {
    format!("metrics.{player}")
}

/// The queue of a player's games.
pub fn games(player: &str) -> String {
    // Past players' names have an @, but these learn no more.
    format!("games-{player}")
}

/// The object of a player's newest weights.
pub fn weights(player: &str) -> String {
    format!("weights/{player}")
}

/// The object of a player's training state.
pub fn state(player: &str) -> String {
    format!("state/{player}")
}

/// The object of a checkpoint of the master's run folder.
pub fn file(path: &str) -> String {
    format!("file/{path}")
}

/// What a process does in a cluster (SCC App. B).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClusterRole {
    Master,
    Learner,
    Predictor,
    Actor,
    Evaluator,
}

impl ClusterRole {
    pub const ALL: [ClusterRole; 5] = [
        ClusterRole::Master,
        ClusterRole::Learner,
        ClusterRole::Predictor,
        ClusterRole::Actor,
        ClusterRole::Evaluator,
    ];

    /// `master`, `learner`, `predictor`, `actor` or `evaluator`.
    pub fn name(self) -> &'static str {
        match self {
            ClusterRole::Master => "master",
            ClusterRole::Learner => "learner",
            ClusterRole::Predictor => "predictor",
            ClusterRole::Actor => "actor",
            ClusterRole::Evaluator => "evaluator",
        }
    }
}

/// What is asked of the master.
#[derive(Debug, Serialize, Deserialize)]
pub enum ToMaster {
    /// A process that begins.
    Hello,
    /// A game to play and learn from.
    Job,
    /// Such a game is over.
    Result(Box<ResultMessage>),
    /// A game between checkpoints.
    Evaluation,
    /// Such a game is over.
    Evaluated(EvaluatedMessage),
    /// A learner looks for a group.
    Join {
        learner: String,
        holds: Option<Held>,
    },
    /// The first of a group tells where the others find it.
    Rendezvous {
        learner: String,
        player: PlayerId,
        generation: u64,
        address: String,
    },
    /// A group that waits for games: whether it is to go on.
    Here { player: PlayerId, generation: u64 },
    /// A learner's checkpoint: its state and weights are in the object store.
    Progress(ProgressMessage),
    /// Whom a predictor is to answer for; by player, questions a second and share of the time that it computed since the
    /// last request.
    Plan {
        predictor: String,
        rates: BTreeMap<String, f64>,
        busy: f64,
    },
    /// A checkpoint of the run folder is wanted in the object store.
    Provide { path: String },
    /// How things stand.
    Status,
}

impl Message for ToMaster {
    const KIND: u16 = 10;
    const NAME: &'static str = "request to the master";
}

/// The master's answers.
#[derive(Debug, Serialize, Deserialize)]
pub enum FromMaster {
    Welcome(Box<Welcome>),
    Job(Box<JobMessage>),
    Evaluation(Box<EvaluationMessage>),
    Seat(SeatMessage),
    Directive(Directive),
    Plan(Vec<ServeMessage>),
    /// JSON.
    Status(String),
    /// Nothing to do at present: ask again soon.
    Wait,
    /// It is kept, on the disk.
    Taken,
    /// It cannot be, and asking again does not help.
    Refused(String),
    /// Training is over: end.
    Finished,
}

impl Message for FromMaster {
    const KIND: u16 = 11;
    const NAME: &'static str = "answer of the master";
}

/// What a process needs to take part.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Welcome {
    /// The league's config, TOML.
    pub config: String,
    pub obs: ObsConfig,
    pub action: ActionConfig,
    /// Hash of the tables behind the specs: a program with others must not take part.
    pub specs_hash: u64,
    /// The map, postcard.
    pub map: Vec<u8>,
    /// The z library's file, where the config names one that is not built in.
    pub library: Option<Vec<u8>>,
    /// The supervised agent's checkpoint in the run folder.
    pub supervised: String,
}

/// One game.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct JobMessage {
    pub player: PlayerId,
    pub opponent: Opponent,
    /// Names of the player that learns, and of its opponent.
    pub names: [String; 2],
    /// Agent steps behind either side's weights when it was drawn.
    pub versions: [u64; 2],
    /// The z's that either side is conditioned on.
    pub z: [Option<Z>; 2],
}

/// How a game of a [`JobMessage`] ended.
#[derive(Debug, Serialize, Deserialize)]
pub struct ResultMessage {
    pub job: JobMessage,
    pub outcome: Outcome,
    pub loops: u32,
    /// What the player made and built, by name.
    pub made: Vec<(String, f64)>,
    /// The game's replay file, some 10 KB; empty where none are kept.
    pub replay: Vec<u8>,
}

/// One side of a game between checkpoints.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SideMessage {
    pub player: PlayerId,
    /// Its checkpoint in the run folder.
    pub path: String,
    pub z: Option<(u32, Z)>,
}

/// A game between checkpoints, for the payoff or for a branch's z.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EvaluationMessage {
    pub id: u64,
    pub kind: GameKind,
    pub sides: [SideMessage; 2],
    pub seed: u64,
    /// Seat of the first side.
    pub seat: usize,
}

/// How a game of an [`EvaluationMessage`] ended for its first side.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct EvaluatedMessage {
    pub id: u64,
    pub outcome: Outcome,
    pub loops: u32,
}

/// Training state that a learner has in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    pub player: PlayerId,
    /// Resets of the player that it knows of: what was before another is of no use.
    pub resets: u32,
    /// Updates of the weights behind it.
    pub updates: u64,
}

/// A learner's place in a group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SeatMessage {
    pub player: PlayerId,
    pub name: String,
    pub generation: u64,
    pub rank: usize,
    pub size: usize,
    /// Where the group meets; none for the first, who opens it.
    pub address: Option<String>,
    /// Where the weights are if there is no training state: in the run folder.
    pub checkpoint: String,
    pub resets: u32,
    /// Training steps go on from here at least: versions that were given out are not given again.
    pub step_min: u64,
    /// What the master knows of it: agent steps and seconds never go back.
    pub samples: u64,
    pub seconds: f64,
    /// Share of the run that has passed.
    pub share: f64,
}

/// What a learner's first tells the master every few training steps.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ProgressMessage {
    pub learner: String,
    pub player: PlayerId,
    pub generation: u64,
    pub resets: u32,
    pub step: u64,
    /// Agent steps learned from since the player joined.
    pub samples: u64,
    pub seconds: f64,
}

/// What the master answers to a checkpoint.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Directive {
    pub then: Then,
    /// Share of the run that has passed.
    pub share: f64,
}

/// What a group does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Then {
    GoOn,
    /// Start again from the supervised weights (the player's resets are this many now).
    Reset {
        resets: u32,
    },
    /// Leave the group and look for another: somebody joins, or the player trains no more.
    Regroup,
}

/// A player that a predictor is to answer for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ServeMessage {
    pub name: String,
    /// A frozen player's checkpoint; none = it trains, its weights change.
    pub path: Option<String>,
}

/// New weights of a player; also the content of the object, before the checkpoint's bytes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct WeightsMessage {
    pub player: String,
    /// Training steps behind them.
    pub version: u64,
    /// A checkpoint file's bytes; empty in an announcement.
    pub checkpoint: Vec<u8>,
}

impl Message for WeightsMessage {
    const KIND: u16 = 12;
    const NAME: &'static str = "weights";
    // Weights do not pack.
    const IS_DENSE: bool = true;
}

/// A training step's numbers.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MetricsMessage {
    pub player: PlayerId,
    pub row: MetricsRow,
}

impl Message for MetricsMessage {
    const KIND: u16 = 13;
    const NAME: &'static str = "metrics";
}

/// A sign of life. Times are the sender's; whoever listens goes by its own clock.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Heartbeat {
    pub role: ClusterRole,
    pub id: String,
    pub host: String,
    pub pid: u32,
    pub version: String,
    /// Milliseconds since 1970.
    pub since_ms: u64,
    pub sent_ms: u64,
    /// Numbers by name: games, steps, questions a second, ...
    pub rates: BTreeMap<String, f64>,
    /// What it is at, by name.
    pub texts: BTreeMap<String, String>,
}

impl Message for Heartbeat {
    const KIND: u16 = 14;
    const NAME: &'static str = "heartbeat";
}

/// Training is over: who does not wait for the master's answer anyway hears of it by this.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct OverMessage;

impl Message for OverMessage {
    const KIND: u16 = 16;
    const NAME: &'static str = "end of training";
}

/// A game that was played, for a learner.
#[derive(Debug, Serialize, Deserialize)]
pub struct GameMessage {
    /// Name of the opponent, for metrics.
    pub opponent: String,
    /// Seat of the player; none = it played itself.
    pub seat: Option<usize>,
    pub played: crate::run::rl::KeptGame,
}

impl Message for GameMessage {
    const KIND: u16 = 15;
    const NAME: &'static str = "game";
    // Unrolls are packed already.
    const IS_DENSE: bool = true;
}
