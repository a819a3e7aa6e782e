//! A server's process: started where a port is free, killed, started again, stopped where it stands.

use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(60);

/// How a kind of server is started.
pub trait Kind {
    const NAME: &'static str;

    /// Starts it, to listen on `port` of loopback and keep everything in `folder`, its log in the file `log` there.
    fn spawn(&self, folder: &Path, port: u16) -> Child;

    /// Whether what it says to who connects is what it says once it can be used.
    fn greets(stream: TcpStream) -> bool;
}

/// A running server; dropped, it is killed.
pub struct ServerProcess<K: Kind> {
    kind: K,
    child: Child,
    pub port: u16,
    pub folder: tempfile::TempDir,
}

impl<K: Kind> ServerProcess<K> {
    pub fn launch(kind: K, folder: tempfile::TempDir) -> ServerProcess<K> {
        for _ in 0..5 {
            // Free a moment ago; another program may be faster.
            let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
            let port = listener.local_addr().expect("a port").port();
            drop(listener);
            let mut child = kind.spawn(folder.path(), port);
            if is_up::<K>(&mut child, port) {
                return ServerProcess {
                    kind,
                    child,
                    port,
                    folder,
                };
            }
        }
        panic!("{} does not start: {}", K::NAME, log(folder.path()));
    }

    /// Ends it at once, as a power cut does.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Starts it again, on the same port with what its folder holds.
    pub fn restart(&mut self) {
        self.kill();
        self.child = self.kind.spawn(self.folder.path(), self.port);
        let is_back = is_up::<K>(&mut self.child, self.port);
        let log = log(self.folder.path());
        assert!(is_back, "{} does not come back: {log}", K::NAME);
    }

    /// Stops it where it stands, as a network that is cut or a disk that hangs does, or lets it go on.
    pub fn freeze(&self, frozen: bool) {
        let signal = if frozen { "STOP" } else { "CONT" };
        let command = format!("kill -{signal} {}", self.child.id());
        let sent = Command::new("sh").args(["-c", &command]).status();
        assert!(sent.is_ok_and(|status| status.success()));
    }
}

impl<K: Kind> Drop for ServerProcess<K> {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The program that `scripts/SCRIPT` has fetched or found, if it has.
pub fn found_by(script: &str) -> Option<PathBuf> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("scripts")
        .join(script);
    let said = Command::new(script).arg("--where").output().ok()?;
    let path = PathBuf::from(String::from_utf8_lossy(&said.stdout).trim());
    (said.status.success() && path.is_file()).then_some(path)
}

/// Waits until it greets who connects.
fn is_up<K: Kind>(child: &mut Child, port: u16) -> bool {
    let started = Instant::now();
    while started.elapsed() < PATIENCE {
        if child.try_wait().expect("a child").is_some() {
            return false;
        }
        if let Ok(stream) = TcpStream::connect(("127.0.0.1", port)) {
            let _ = stream.set_read_timeout(Some(Duration::from_secs(2)));
            if K::greets(stream) {
                return true;
            }
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    false
}

fn log(folder: &Path) -> String {
    std::fs::read_to_string(folder.join("log")).unwrap_or_default()
}
