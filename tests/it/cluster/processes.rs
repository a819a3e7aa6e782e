//! The processes of a cluster, started, killed and looked at.

use crate::servers::{MariaDb, NatsServer};
use scc::action::Specs;
use scc::game::Seed;
use scc::policy::checkpoint::{self, CheckpointNotes};
use scc::policy::{Policy, PolicyConfig, PolicySpec};
use scc::storage::{EventRow, Storage, StorageUrl};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// One main agent.
pub const CONFIG: &str = r#"
stage = "league"
seed = 5
map = "Flat64"
[[league.starts]]
name = "main"
role = "main_agent"
[league.rules.main_agent]
steps_min = 200
steps_max = 400
win_rate = 0.7
games_min = 1
[games]
at_once = 1
loops_max = 400
[learner]
samples = 32
unroll = 8
minibatch = 4
value_warmup_steps = 1
staleness_max = 100
[train]
steps_max = 6
report_every_steps = 2
[payoff]
games = 1
opponents_max = 1
[cluster]
silent_seconds = 3.0
collective_seconds = 20.0
same_every_steps = 1
"#;

/// More players: a main exploiter, which is reset when it is promoted, and a main agent that branches from the first.
pub const MORE_PLAYERS: &str = r#"
[[league.starts]]
name = "main-exploiter"
role = "main_exploiter"
[[league.starts]]
name = "main-2"
role = "main_agent"
after = "main"
at_steps = 300
from = { branch = [] }
[league.rules.main_exploiter]
steps_min = 200
steps_max = 400
win_rate = 0.7
games_min = 1
"#;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    Master,
    Learner,
    Predictor,
    Actor,
    Evaluator,
}

impl Role {
    fn name(self) -> &'static str {
        match self {
            Role::Master => "master",
            Role::Learner => "learner",
            Role::Predictor => "predictor",
            Role::Actor => "actor",
            Role::Evaluator => "evaluator",
        }
    }
}

/// How a process is ended.
#[derive(Clone, Copy, Debug)]
pub enum Stopped {
    /// SIGKILL
    Killed,
    /// SIGTERM
    Asked,
}

/// What is kept of a run.
#[derive(Clone, Debug, Default)]
pub struct Kept {
    /// Training steps in the main agent's metrics.
    pub steps: u64,
    pub matches: usize,
    pub players: usize,
    /// What happened to the players, by kind.
    pub events: BTreeMap<String, usize>,
    /// Of the main agents, which are never reset.
    pub agent_steps: u64,
    /// The most learners that shared an update.
    pub learners_at_once: u64,
    /// Checks that found replicas that differ.
    pub replicas_differ: u64,
}

impl Kept {
    /// Whether everything that `before` had in the database is still there.
    pub fn keeps(&self, before: &Kept) -> bool {
        self.matches >= before.matches
            && self.players >= before.players
            && before
                .events
                .iter()
                .all(|(kind, n)| self.events.get(kind) >= Some(n))
            && self.agent_steps >= before.agent_steps
    }
}

/// A number from the environment.
pub fn number_of(name: &str, default: usize) -> usize {
    std::env::var(name)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(default)
}

/// See the module. Dropped, it kills what still runs.
pub struct Cluster {
    server: NatsServer,
    /// The league's database, if it is on a server of the test's own.
    database: Option<MariaDb>,
    folder: tempfile::TempDir,
    more: Vec<String>,
    running: BTreeMap<String, (Role, Child)>,
    state: u64,
}

impl Cluster {
    /// Starts a server and so many processes of each role; none where there is no server ("skipped" is said).
    pub fn start(roles: &[(Role, usize)], more: &[&str]) -> Option<Cluster> {
        Cluster::start_on(None, CONFIG, roles, more)
    }

    /// As [`Cluster::start`], with the league's database on a server, if one is given, and by another configuration.
    pub fn start_on(
        database: Option<MariaDb>,
        config: &str,
        roles: &[(Role, usize)],
        more: &[&str],
    ) -> Option<Cluster> {
        let server = NatsServer::start()?;
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("league.toml"), config).expect("writable");
        let mut config = PolicyConfig::tiny();
        config.value.kinds = 3;
        let spec = PolicySpec::new(config, &Specs::default());
        let policy = Policy::new(&spec, Seed(1), tch::Device::Cpu).expect("tiny is valid");
        let init = folder.path().join("init.safetensors");
        checkpoint::save(&init, &policy, None, &[], &CheckpointNotes::default()).expect("writable");
        let mut cluster = Cluster {
            server,
            database,
            folder,
            more: more.iter().map(|s| (*s).to_owned()).collect(),
            running: BTreeMap::new(),
            state: number_of("SCC_CLUSTER_SEED", 1) as u64,
        };
        for (role, n) in roles {
            for i in 0..*n {
                cluster.begin(*role, &format!("{}-{i}", role.name()));
            }
        }
        Some(cluster)
    }

    fn run(&self) -> PathBuf {
        self.folder.path().join("run")
    }

    /// URL of the league's database.
    pub fn storage(&self) -> String {
        let file = || format!("sqlite://{}", self.run().join("league.db").display());
        self.database.as_ref().map_or_else(file, MariaDb::url)
    }

    fn command(&self, role: Role) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_scc"));
        command.current_dir(self.folder.path()).stdin(Stdio::null());
        // What killed processes leave behind goes with the cluster's folder.
        command.env("TMPDIR", self.folder.path());
        for name in ["SC2PATH", "SCC_LOG", "LIBTORCH", "LD_LIBRARY_PATH"] {
            command.env_remove(name);
        }
        let url = self.server.url();
        command.args([role.name(), "--bus", &url, "--threads", "1"]);
        command
    }

    fn begin(&mut self, role: Role, name: &str) {
        let mut command = self.command(role);
        command.args(["--id", name]);
        if role == Role::Master {
            let storage = self.storage();
            command.args(["--storage", &storage]);
            if self.run().join("config.toml").exists() {
                command.args(["--resume", "run"]);
            } else {
                command.args([
                    "--config",
                    "league.toml",
                    "--init",
                    "init.safetensors",
                    "--out",
                    "run",
                ]);
                command.args(&self.more);
            }
        }
        let log = self.folder.path().join(format!("{name}.log"));
        let log = std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(log);
        command.stdout(Stdio::null()).stderr(log.expect("writable"));
        let child = command.spawn().expect("the binary starts");
        self.running.insert(name.to_owned(), (role, child));
    }

    /// A master beside the one that runs, to its end.
    pub fn master(&self, more: &[&str]) -> Output {
        let mut command = self.command(Role::Master);
        command.args(["--config", "league.toml", "--init", "init.safetensors"]);
        command.args(more).output().expect("the binary starts")
    }

    /// A random number below `n`, by the seed.
    pub fn random(&mut self, n: u64) -> u64 {
        // Numerical Recipes' generator; its high bits are good enough to choose whom to kill.
        self.state = self
            .state
            .wrapping_mul(1_664_525)
            .wrapping_add(1_013_904_223)
            & 0xffff_ffff;
        (self.state >> 8) % n
    }

    /// One of those who run: a role first, so that the few masters get their turn as often as the many actors.
    pub fn choose(&mut self) -> String {
        let mut roles: Vec<Role> = self.running.values().map(|(role, _)| *role).collect();
        roles.sort_unstable();
        roles.dedup();
        let role = roles[self.random(roles.len() as u64) as usize];
        let names = self.running.iter().filter(|(_, (r, _))| *r == role);
        let names: Vec<String> = names.map(|(name, _)| name.clone()).collect();
        names[self.random(names.len() as u64) as usize].clone()
    }

    pub fn sleep_a_while(&mut self) {
        let ms = 200 + self.random(1500);
        std::thread::sleep(Duration::from_millis(ms));
    }

    /// Ends a process; one that is asked to must do so well, and in time.
    pub fn stop(&mut self, name: &str, how: Stopped) {
        let (role, mut child) = self.running.remove(name).expect("it runs");
        let already = child.try_wait().expect("a child");
        assert!(
            already.is_none(),
            "{name} ended by itself: {already:?}\n{}",
            self.logs()
        );
        match how {
            Stopped::Killed => {
                child.kill().expect("a child");
                child.wait().expect("a child");
            }
            Stopped::Asked => {
                terminate(&child);
                let code = self.ended(name, &mut child, Duration::from_secs(60));
                // A master's run is not over, and it says so.
                let well = if role == Role::Master { 1 } else { 0 };
                // None: the signal came before the program had begun to listen for it.
                let ended = code.is_none() || code == Some(well);
                assert!(ended, "{name}: {code:?}\n{}", self.logs());
            }
        }
    }

    pub fn start_again(&mut self, name: &str) {
        let roles = [
            Role::Master,
            Role::Learner,
            Role::Predictor,
            Role::Actor,
            Role::Evaluator,
        ];
        let role = roles.into_iter().find(|r| name.starts_with(r.name()));
        self.begin(role.expect("a role's name"), name);
    }

    fn ended(&self, name: &str, child: &mut Child, limit: Duration) -> Option<i32> {
        let begun = Instant::now();
        loop {
            if let Some(status) = child.try_wait().expect("a child") {
                return status.code();
            }
            assert!(
                begun.elapsed() < limit,
                "{name} does not end\n{}",
                self.logs()
            );
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// All end by themselves and well.
    pub fn wait_for_the_end(&mut self, limit: Duration) {
        let begun = Instant::now();
        for (name, (_, mut child)) in std::mem::take(&mut self.running) {
            let code = self.ended(&name, &mut child, limit.saturating_sub(begun.elapsed()));
            assert_eq!(code, Some(0), "{name}\n{}", self.logs());
        }
    }

    pub fn stop_all(&mut self) {
        let names: Vec<String> = self.running.keys().cloned().collect();
        for name in names {
            self.stop(&name, Stopped::Asked);
        }
    }

    pub fn cut_the_bus(&self, time: Duration) {
        self.server.freeze(true);
        std::thread::sleep(time);
        self.server.freeze(false);
    }

    /// The database answers nobody for so long.
    pub fn hang_the_database(&self, time: Duration) {
        let database = self.database.as_ref().expect("on a server");
        database.freeze(true);
        std::thread::sleep(time);
        database.freeze(false);
    }

    /// The database's server dies, and comes back after so long.
    pub fn restart_the_database(&mut self, after: Duration) {
        let database = self.database.as_mut().expect("on a server");
        database.kill();
        std::thread::sleep(after);
        database.restart();
    }

    pub fn restart_the_bus(&mut self) {
        self.server.restart();
    }

    fn wait(&self, what: &str, limit: Duration, mut done: impl FnMut() -> bool) {
        let begun = Instant::now();
        while !done() {
            assert!(
                begun.elapsed() < limit,
                "waited for {what}\n{}",
                self.logs()
            );
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    pub fn wait_for_run(&self, limit: Duration) {
        let database = self.run().join("league.lead");
        let server = self.database.is_some();
        self.wait("the league", limit, || {
            database.exists() || server && self.run().exists()
        });
        // The lead is taken, the tables are next.
        std::thread::sleep(Duration::from_secs(1));
    }

    pub fn wait_for_steps(&self, steps: u64, limit: Duration) {
        self.wait("training steps", limit, || self.metrics().0 >= steps);
    }

    /// The last step, most learners, differing replicas.
    fn metrics(&self) -> (u64, u64, u64) {
        let path = self.run().join("players/main/metrics.jsonl");
        let text = std::fs::read_to_string(path).unwrap_or_default();
        let rows = text
            .lines()
            .filter_map(|l| serde_json::from_str::<serde_json::Value>(l).ok());
        let mut out = (0, 0, 0);
        for row in rows {
            let value = |key: &str| row["values"][key].as_f64().unwrap_or(0.0) as u64;
            out.0 = row["step"].as_u64().unwrap_or(0).max(out.0);
            out.1 = value("learners").max(out.1);
            out.2 += value("replicas_differ");
        }
        out
    }

    /// What the database and the run folder hold; whatever is named there is there.
    pub fn look(&self) -> Kept {
        let (steps, learners_at_once, replicas_differ) = self.metrics();
        let url: StorageUrl = self.storage().parse().expect("a URL");
        let mut storage = Storage::open_to_read(&url).expect("there");
        let league = storage.load_league().expect("whole");
        for player in league.players() {
            let path = self.run().join(&player.checkpoint);
            assert!(path.exists() || player.active, "{player:?}");
        }
        let numbers = storage.match_numbers().expect("readable");
        let unique: std::collections::BTreeSet<u64> = numbers.iter().copied().collect();
        assert_eq!(unique.len(), numbers.len(), "a game counts twice");
        Kept {
            steps,
            matches: numbers.len(),
            players: league.players().len(),
            events: kinds(&storage.events().expect("readable")),
            agent_steps: league
                .players()
                .iter()
                .filter(|p| p.active && p.role == scc::league::Role::MainAgent)
                .map(|p| p.steps)
                .sum(),
            learners_at_once,
            replicas_differ,
        }
    }

    fn logs(&self) -> String {
        let mut all = String::new();
        let files = std::fs::read_dir(self.folder.path())
            .expect("a folder")
            .flatten();
        let mut paths: Vec<PathBuf> = files.map(|f| f.path()).collect();
        paths.sort();
        for path in paths
            .iter()
            .filter(|p| p.extension().is_some_and(|e| e == "log"))
        {
            all += &format!("--- {}\n{}", path.display(), tail(path, 12));
        }
        all
    }
}

fn kinds(events: &[EventRow]) -> BTreeMap<String, usize> {
    let mut kinds = BTreeMap::new();
    for row in events {
        let text = format!("{:?}", row.event);
        let kind = text.split(|c: char| !c.is_alphanumeric()).next();
        *kinds
            .entry(kind.unwrap_or_default().to_owned())
            .or_default() += 1;
    }
    kinds
}

fn tail(path: &Path, lines: usize) -> String {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let all: Vec<&str> = text.lines().collect();
    let from = all.len().saturating_sub(lines);
    all[from..].iter().map(|line| format!("{line}\n")).collect()
}

fn terminate(child: &Child) {
    let pid = child.id().to_string();
    let done = Command::new("kill").args(["-TERM", &pid]).status();
    assert!(done.is_ok_and(|s| s.success()), "kill -TERM {pid}");
}

impl Drop for Cluster {
    fn drop(&mut self) {
        for (_, child) in self.running.values_mut() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
