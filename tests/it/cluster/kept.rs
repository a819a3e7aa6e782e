//! What a cluster has kept and said: its database, run folder, status and logs.

use super::processes::Cluster;
use scc::bus::Bus;
use scc::run::cluster::{ProcessStatus, StatusReport, status};
use scc::storage::{Storage, StorageUrl};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// How a learner says that replicas differ. The source is there to fail where it says so in other words.
const DIFFER: &str = "differ; all go on with the first one's weights";
const LEARNER: &str = include_str!("../../../src/run/cluster/learner/team.rs");

/// What is kept of a run.
#[derive(Clone, Default)]
pub struct Kept {
    /// Training steps in the main agent's metrics.
    pub steps: u64,
    /// Everything in the database that never changes once it is there, a text each: games, events, checkpoints, frozen players.
    rows: BTreeSet<String>,
    pub matches: usize,
    /// What happened to the players, by kind.
    events: BTreeMap<String, usize>,
    /// Of the main agents, which are never reset.
    agent_steps: u64,
    /// The newest step of everybody's metrics.
    newest: BTreeMap<String, u64>,
}

impl Kept {
    /// What `before` had in the database and this has not.
    pub fn lacks(&self, before: &Kept) -> Vec<String> {
        let gone = before.rows.difference(&self.rows).cloned();
        let back = before.agent_steps > self.agent_steps;
        let back = back.then(|| format!("{} agent steps", before.agent_steps));
        gone.chain(back).collect()
    }
}

impl fmt::Display for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (steps, matches, events) = (self.steps, self.matches, &self.events);
        write!(f, "{steps} training steps, {matches} matches, {events:?}")
    }
}

/// A training step in somebody's metrics.
#[derive(Clone, Debug)]
pub struct Step {
    pub player: String,
    pub step: u64,
    /// Processes that shared its updates.
    pub learners: u64,
    /// A check found replicas that differ.
    pub differ: bool,
}

impl Cluster {
    /// All steps in the run folder's metrics, player by player.
    pub fn metrics(&self) -> Vec<Step> {
        let players = std::fs::read_dir(self.run().join("players"));
        let mut steps = Vec::new();
        for folder in players.into_iter().flatten().flatten() {
            let path = folder.path().join("metrics.jsonl");
            let text = std::fs::read_to_string(path).unwrap_or_default();
            // A row may be half written.
            let rows = text.lines().filter_map(|l| serde_json::from_str(l).ok());
            steps.extend(rows.map(|row: serde_json::Value| {
                let value = |key: &str| row["values"][key].as_f64().unwrap_or(0.0) as u64;
                Step {
                    player: folder.file_name().to_string_lossy().into_owned(),
                    step: row["step"].as_u64().unwrap_or(0),
                    learners: value("learners"),
                    differ: value("replicas_differ") != 0,
                }
            }));
        }
        steps
    }

    /// The main agent's newest step.
    pub fn steps(&self) -> u64 {
        let steps = self.metrics().into_iter();
        let main = steps.filter(|s| s.player == "main").map(|s| s.step);
        main.max().unwrap_or(0)
    }

    /// Waits for that many steps beyond what `before` had that several learners shared.
    pub fn wait_for_shared_steps(&self, n: usize, before: &Kept, limit: Duration) {
        let is_new = |s: &Step| {
            before
                .newest
                .get(&s.player)
                .is_none_or(|newest| s.step > *newest)
        };
        self.wait("steps of several learners", limit, || {
            let steps = self.metrics().into_iter();
            steps.filter(|s| is_new(s) && s.learners >= 2).count() >= n
        });
    }

    /// What the database and the run folder hold; whatever is named there is there.
    pub fn look(&self) -> Kept {
        let mut kept = Kept::default();
        for step in self.metrics() {
            let newest = kept.newest.entry(step.player).or_default();
            *newest = step.step.max(*newest);
        }
        kept.steps = kept.newest.get("main").copied().unwrap_or(0);
        let url: StorageUrl = self.storage().parse().expect("a URL");
        let mut storage = Storage::open_to_read(&url).expect("there");
        let league = storage.load_league().expect("whole");
        for player in league.players() {
            let path = self.run().join(&player.checkpoint);
            assert!(path.exists() || player.active, "{player:?}");
            if !player.active {
                kept.rows.insert(format!("{player:?}"));
            } else if player.role == scc::league::Role::MainAgent {
                kept.agent_steps += player.steps;
            }
        }
        let mut numbers = BTreeSet::new();
        for game in storage.games().expect("readable") {
            let is_new = game.match_number.is_none_or(|n| numbers.insert(n));
            assert!(is_new, "a game counts twice: {game:?}");
            kept.rows.insert(format!("{game:?}"));
        }
        kept.matches = numbers.len();
        for event in storage.events().expect("readable") {
            let what = format!("{:?}", event.event);
            let kind = what.split(' ').next().unwrap_or_default();
            *kept.events.entry(kind.to_owned()).or_default() += 1;
            kept.rows.insert(format!("{event:?}"));
        }
        // Another file may take the place of one.
        let checkpoints = storage.checkpoints().expect("readable").into_iter();
        kept.rows
            .extend(checkpoints.map(|c| format!("a checkpoint of {} at {}", c.player, c.steps)));
        kept
    }

    /// All that is in the run's object store.
    pub fn objects(&self) -> BTreeMap<String, Vec<u8>> {
        let bus = self.bus();
        let names = bus.objects().expect("the bus is there").into_iter();
        let bytes = |name: &str| bus.get(name).expect("the bus is there").expect("listed");
        names.map(|name| (name.clone(), bytes(&name))).collect()
    }

    /// A connection to the run's bus.
    pub fn bus(&self) -> Arc<dyn Bus> {
        let url = self.bus_url().parse().expect("a URL");
        scc::bus::connect(&url, "league").expect("it is there")
    }

    /// How things stand, as the master says; asked again while it is away.
    pub fn status(&self) -> StatusReport {
        let (bus, mut told) = (self.bus(), None);
        self.wait("the master's status", Duration::from_secs(60), || {
            told = status(&*bus, Duration::from_secs(5)).ok();
            told.is_some()
        });
        told.unwrap_or_default()
    }

    /// A process, as the master sees it; none if it has never heard of it.
    pub fn process(&self, name: &str) -> Option<ProcessStatus> {
        let mut all = self.status().processes.into_iter();
        all.find(|process| process.beat.id == name)
    }

    /// The first of the learners that train the main agent, once there are so many.
    pub fn first_of_learners(&self, n: usize) -> String {
        let mut first = None;
        self.wait("a group of learners", Duration::from_secs(60), || {
            let players = self.status().players.into_iter();
            let group = players.filter(|p| p.name == "main").map(|p| p.learners);
            first = group.filter(|g| g.len() >= n).flatten().next();
            first.is_some()
        });
        first.unwrap_or_default()
    }

    /// Nobody panicked, and no replica ever differed from another: by the metrics, which the first of a group tells, and by
    /// every process's log.
    pub fn nothing_went_wrong(&self) {
        let differ: Vec<Step> = self.metrics().into_iter().filter(|s| s.differ).collect();
        assert!(differ.is_empty(), "replicas differ: {differ:?}");
        assert!(LEARNER.contains(DIFFER), "it is said in other words now");
        for path in self.log_files() {
            let text = std::fs::read_to_string(&path).expect("a log");
            let wrong = |l: &&str| l.contains(DIFFER) || l.contains("panicked at");
            let wrong: Vec<&str> = text.lines().filter(wrong).collect();
            assert!(wrong.is_empty(), "{}: {wrong:?}", path.display());
        }
    }

    fn log_files(&self) -> Vec<PathBuf> {
        let files = std::fs::read_dir(self.folder()).expect("a folder");
        let paths = files.flatten().map(|f| f.path());
        let mut logs: Vec<PathBuf> = paths
            .filter(|p| p.extension().is_some_and(|e| e == "log"))
            .collect();
        logs.sort();
        logs
    }

    /// The last lines of everybody's log.
    pub fn logs(&self) -> String {
        let paths = self.log_files().into_iter();
        let texts = paths.map(|path| format!("--- {}\n{}", path.display(), tail(&path, 12)));
        texts.collect()
    }
}

fn tail(path: &Path, lines: usize) -> String {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let all: Vec<&str> = text.lines().collect();
    let from = all.len().saturating_sub(lines);
    all[from..].iter().map(|line| format!("{line}\n")).collect()
}
