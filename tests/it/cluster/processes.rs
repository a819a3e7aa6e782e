//! The processes of a cluster, started, killed, stopped where they stand, cut off.

use super::setup::{Role, Setup, number_of};
use crate::servers::{MariaDb, NatsServer, Proxy};
use scc::action::Specs;
use scc::game::Seed;
use scc::policy::checkpoint::{self, CheckpointNotes};
use scc::policy::{Policy, PolicyConfig, PolicySpec};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// How a process is ended.
#[derive(Clone, Copy, Debug)]
pub enum Stopped {
    /// SIGKILL
    Killed,
    /// SIGTERM
    Asked,
}

/// See the module. Dropped, it kills what still runs.
pub struct Cluster {
    server: NatsServer,
    database: Option<MariaDb>,
    folder: tempfile::TempDir,
    steps_max: u64,
    is_proxied: bool,
    /// Everybody's network, by name.
    proxies: BTreeMap<String, Proxy>,
    running: BTreeMap<String, (Role, Child)>,
    state: u64,
}

impl Cluster {
    /// Starts a server and the processes; none where there is no server ("skipped" is said).
    pub fn start(setup: Setup) -> Option<Cluster> {
        let server = NatsServer::start_with(setup.server)?;
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("league.toml"), setup.config).expect("writable");
        let mut config = PolicyConfig::tiny();
        config.value.kinds = 3;
        let spec = PolicySpec::new(config, &Specs::default());
        let policy = Policy::new(&spec, Seed(1), tch::Device::Cpu).expect("tiny is valid");
        let init = folder.path().join("init.safetensors");
        checkpoint::save(&init, &policy, None, &[], &CheckpointNotes::default()).expect("writable");
        let mut cluster = Cluster {
            server,
            database: setup.database,
            folder,
            steps_max: setup.steps_max,
            is_proxied: setup.is_proxied,
            proxies: BTreeMap::new(),
            running: BTreeMap::new(),
            state: number_of("SCC_CLUSTER_SEED", 1) as u64,
        };
        cluster.add(&setup.roles);
        Some(cluster)
    }

    /// Starts so many more processes of each role: `ROLE-0`, `ROLE-1`, ...
    pub fn add(&mut self, roles: &[(Role, usize)]) {
        for (role, n) in roles {
            for i in 0..*n {
                self.begin(*role, &format!("{}-{i}", role.name()));
            }
        }
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn run(&self) -> PathBuf {
        self.folder.path().join("run")
    }

    /// URL of the league's database.
    pub fn storage(&self) -> String {
        let file = || format!("sqlite://{}", self.run().join("league.db").display());
        self.database.as_ref().map_or_else(file, MariaDb::url)
    }

    /// URL of the bus, for whoever has no network of its own.
    pub fn bus_url(&self) -> String {
        self.server.url()
    }

    /// `scc WORD --bus URL`, in the cluster's folder.
    pub fn command(&self, word: &str, url: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_scc"));
        command.current_dir(self.folder.path()).stdin(Stdio::null());
        // What killed processes leave behind goes with the cluster's folder.
        command.env("TMPDIR", self.folder.path());
        for name in ["SC2PATH", "SCC_LOG", "LIBTORCH", "LD_LIBRARY_PATH"] {
            command.env_remove(name);
        }
        command.args([word, "--bus", url, "--threads", "1"]);
        command
    }

    fn begin(&mut self, role: Role, name: &str) {
        let mut url = self.server.url();
        if self.is_proxied {
            let server = self.server.port;
            let own = self.proxies.entry(name.to_owned());
            let proxy = own.or_insert_with(|| Proxy::to(server));
            url = format!("nats://127.0.0.1:{}", proxy.port);
        }
        let mut command = self.command(role.name(), &url);
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
                    "--set",
                    &format!("train.steps_max={}", self.steps_max),
                ]);
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

    /// A master beside the one that runs, to its end; one that is not refused is killed after a minute.
    pub fn master(&self, more: &[&str]) -> Output {
        let mut command = self.command(Role::Master.name(), &self.server.url());
        command.args(["--config", "league.toml", "--init", "init.safetensors"]);
        let command = command.args(more).stdout(Stdio::null());
        let child = command.stderr(Stdio::piped()).spawn();
        let mut child = child.expect("the binary starts");
        let begun = Instant::now();
        let runs = |child: &mut Child| child.try_wait().expect("a child").is_none();
        while runs(&mut child) && begun.elapsed() < Duration::from_secs(60) {
            std::thread::sleep(Duration::from_millis(50));
        }
        let _ = child.kill();
        child.wait_with_output().expect("a child")
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
                signal(&child, "TERM");
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

    /// Stops a process where it stands, as a machine that hangs does, or lets it go on.
    pub fn freeze(&self, name: &str, is_frozen: bool) {
        let (_, child) = self.running.get(name).expect("it runs");
        signal(child, if is_frozen { "STOP" } else { "CONT" });
    }

    /// Cuts one process off from the bus, and from nothing else; or mends its network.
    pub fn cut_off(&self, name: &str, is_cut: bool) {
        self.proxies.get(name).expect("proxied").cut(is_cut);
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

    /// Looks again and again until it is so.
    pub fn wait(&self, what: &str, limit: Duration, mut done: impl FnMut() -> bool) {
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

    /// Nothing happens but training, which goes on.
    pub fn train_for(&self, time: Duration) {
        let before = self.steps();
        std::thread::sleep(time);
        let goes_on = time.is_zero() || self.steps() > before;
        assert!(goes_on, "no step in {time:?}\n{}", self.logs());
    }

    pub fn wait_for_steps(&self, steps: u64, limit: Duration) {
        self.wait("training steps", limit, || self.steps() >= steps);
    }
}

/// Sends `TERM`, `STOP` or `CONT`.
pub fn signal(child: &Child, name: &str) {
    let pid = child.id().to_string();
    let done = Command::new("kill").args(["-s", name, &pid]).status();
    assert!(done.is_ok_and(|s| s.success()), "kill -s {name} {pid}");
}

impl Drop for Cluster {
    fn drop(&mut self) {
        for (_, child) in self.running.values_mut() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
