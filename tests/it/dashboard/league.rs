//! A league of processes that `deploy/local/cluster` starts, with a dashboard beside it.

use std::net::{SocketAddr, TcpListener};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::cluster::setup::config_with;
use scc::action::Specs;
use scc::game::Seed;
use scc::policy::checkpoint::{self, CheckpointNotes};
use scc::policy::{Policy, PolicyConfig, PolicySpec};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Two players that learn from short games and are copied often.
fn config() -> String {
    let exploiter = "[[league.starts]]\nname = \"exploiter\"\nrole = \"main_exploiter\"\n";
    config_with(&[
        (
            "[league.rules.main_agent]",
            &format!("{exploiter}[league.rules.main_agent]"),
        ),
        ("loops_max = 400", "loops_max = 1344"),
        ("steps_max = 6\n", "steps_max = 1000000\n"),
    ])
}

/// Actors and predictors at most.
const FOLLOW: usize = 2;

/// The script and all that it started; dropped, they are stopped, or killed.
pub struct League {
    pub script: Child,
    out: PathBuf,
    _folder: tempfile::TempDir,
}

impl League {
    /// None, and a word of it, where there is no nats-server.
    pub fn start() -> Option<League> {
        let there = Command::new(Path::new(ROOT).join("scripts/setup-nats"))
            .arg("--where")
            .output();
        if !there.expect("a script").status.success() {
            println!("skipped: no nats-server here; scripts/setup-nats fetches it (.ci/run does)");
            return None;
        }
        let folder = tempfile::tempdir().expect("a temporary folder");
        let [config, init, out] =
            ["league.toml", "init.safetensors", "run"].map(|name| folder.path().join(name));
        std::fs::write(&config, self::config()).expect("writable");
        let mut network = PolicyConfig::tiny();
        network.value.kinds = 3;
        let spec = PolicySpec::new(network, &Specs::default());
        let policy = Policy::new(&spec, Seed(1), tch::Device::Cpu).expect("tiny is valid");
        checkpoint::save(&init, &policy, None, &[], &CheckpointNotes::default()).expect("written");
        let free = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr());
        let port = free.expect("a free port").port();
        let script = Command::new(Path::new(ROOT).join("deploy/local/cluster"))
            .current_dir(ROOT)
            .env("SCC", env!("CARGO_BIN_EXE_scc"))
            .args(["--learners", "2", "--predictors", "1", "--actors", "1"])
            .args(["--follow", &FOLLOW.to_string(), "--port", &port.to_string()])
            .arg("--config")
            .arg(config)
            .arg("--init")
            .arg(init)
            .arg("--out")
            .arg(&out)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .process_group(0)
            .spawn()
            .expect("the script starts");
        Some(League {
            script,
            out,
            _folder: folder,
        })
    }

    /// Where its dashboard is, once there is one.
    pub fn dashboard(&self) -> SocketAddr {
        let log = self.out.join("logs/dashboard.log");
        wait_for("the dashboard", || {
            let text = std::fs::read_to_string(&log).unwrap_or_default();
            let url = text.lines().rev().find_map(|l| l.strip_prefix("http://"))?;
            url.trim_end_matches('/').parse().ok()
        })
    }

    /// Sends a signal to the script, or to it and all that it started.
    pub fn signal(&self, name: &str, is_all: bool) -> bool {
        let id = self.script.id();
        let whom = if is_all {
            format!("-{id}")
        } else {
            id.to_string()
        };
        let mut kill = Command::new("kill");
        kill.args(["-s", name, "--", &whom]).stderr(Stdio::null());
        kill.status().expect("kill").success()
    }
}

impl Drop for League {
    fn drop(&mut self) {
        self.signal("TERM", false);
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(30)
            && self.script.try_wait().is_ok_and(|s| s.is_none())
        {
            std::thread::sleep(Duration::from_millis(50));
        }
        self.signal("KILL", true);
        let _ = self.script.wait();
    }
}

pub fn wait_for<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(begun.elapsed() < Duration::from_secs(180), "no {what}");
        std::thread::sleep(Duration::from_millis(100));
    }
}
