//! A nats-server of a test's own: on a free port of loopback, in a temporary folder, gone with the test.

use std::io::{BufRead, BufReader};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const PATIENCE: Duration = Duration::from_secs(60);

/// A running server; dropped, it is killed.
pub struct NatsServer {
    binary: PathBuf,
    child: Child,
    pub port: u16,
    /// Where it keeps its streams, its configuration and its log.
    pub dir: tempfile::TempDir,
}

impl NatsServer {
    /// A server with JetStream that lets everybody in; none, and a word of it, where no nats-server is installed.
    pub fn start() -> Option<NatsServer> {
        NatsServer::start_with("")
    }

    /// The same with more lines of configuration.
    pub fn start_with(more: &str) -> Option<NatsServer> {
        let jetstream = "jetstream { store_dir: \"DIR/store\", max_file_store: 64GB }";
        NatsServer::start_as(&format!("{jetstream}\n{more}"))
    }

    /// A server with this configuration; `DIR` stands for its folder.
    pub fn start_as(config: &str) -> Option<NatsServer> {
        let binary = binary()?;
        let dir = tempfile::tempdir().expect("a temporary folder");
        for _ in 0..5 {
            // Free a moment ago; another program may be faster.
            let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
            let port = listener.local_addr().expect("a port").port();
            drop(listener);
            let folder = dir.path().display().to_string();
            let config =
                format!("listen: \"127.0.0.1:{port}\"\n{config}\n").replace("DIR", &folder);
            std::fs::write(dir.path().join("nats.conf"), config).expect("a file");
            let mut child = spawn(&binary, dir.path());
            if is_up(&mut child, port) {
                return Some(NatsServer {
                    binary,
                    child,
                    port,
                    dir,
                });
            }
        }
        let log = std::fs::read_to_string(dir.path().join("log")).unwrap_or_default();
        panic!("nats-server does not start: {log}");
    }

    pub fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }

    /// Ends it at once, as a power cut does.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Starts it again, on the same port with the same folder.
    pub fn restart(&mut self) {
        self.kill();
        self.child = spawn(&self.binary, self.dir.path());
        assert!(is_up(&mut self.child, self.port), "it does not come back");
    }

    /// Stops it where it stands, as a network that is cut does, or lets it go on.
    pub fn freeze(&self, frozen: bool) {
        let signal = if frozen { "STOP" } else { "CONT" };
        let command = format!("kill -{signal} {}", self.child.id());
        let sent = Command::new("sh").args(["-c", &command]).status();
        assert!(sent.is_ok_and(|status| status.success()));
    }
}

impl Drop for NatsServer {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The server that `scripts/setup-nats` has fetched, if it has, or that `NATS_SERVER` names.
fn binary() -> Option<PathBuf> {
    let script = Path::new(ROOT).join("scripts/setup-nats");
    let said = Command::new(script).arg("--where").output().ok()?;
    let path = PathBuf::from(String::from_utf8_lossy(&said.stdout).trim());
    if said.status.success() && path.is_file() {
        return Some(path);
    }
    println!("skipped: no nats-server here; scripts/setup-nats fetches it (.ci/run does)");
    None
}

fn spawn(binary: &Path, dir: &Path) -> Child {
    Command::new(binary)
        .arg("-c")
        .arg(dir.join("nats.conf"))
        .arg("-l")
        .arg(dir.join("log"))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("nats-server starts")
}

/// Waits until it greets who connects.
fn is_up(child: &mut Child, port: u16) -> bool {
    let started = Instant::now();
    while started.elapsed() < PATIENCE {
        if child.try_wait().expect("a child").is_some() {
            return false;
        }
        if greets(port) {
            return true;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    false
}

fn greets(port: u16) -> bool {
    let Ok(stream) = TcpStream::connect(("127.0.0.1", port)) else {
        return false;
    };
    let _ = stream.set_read_timeout(Some(Duration::from_secs(2)));
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line).is_ok() && line.starts_with("INFO")
}
