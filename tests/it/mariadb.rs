//! A MariaDB server of a test's own: on a free port of loopback, in a temporary folder, gone with the test. The library's tests
//! and the integration tests both compile this file.

use std::io::Read;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(60);
/// The server's own tables, in the order they are made.
const TABLES: [&str; 3] = [
    "mysql_system_tables.sql",
    "mysql_performance_tables.sql",
    "mysql_system_tables_data.sql",
];
const USER: &str = "CREATE DATABASE IF NOT EXISTS scc;\n\
    CREATE USER IF NOT EXISTS 'scc'@'%' IDENTIFIED BY 'secret';\n\
    GRANT ALL ON scc.* TO 'scc'@'%';\n";

/// A running server with an empty database; dropped, it is killed.
pub struct MariaDb {
    /// The folder with `sbin/mariadbd`, `share/mysql` and perhaps libraries.
    base: PathBuf,
    child: Child,
    port: u16,
    folder: tempfile::TempDir,
}

impl MariaDb {
    /// None, and a word of it, where no server is installed.
    pub fn start() -> Option<MariaDb> {
        let base = base()?;
        let folder = tempfile::tempdir().expect("a temporary folder");
        make_tables(&base, folder.path());
        for _ in 0..5 {
            // Free a moment ago; another program may be faster.
            let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
            let port = listener.local_addr().expect("a port").port();
            drop(listener);
            let mut child = spawn(&base, folder.path(), port);
            if is_up(&mut child, port) {
                return Some(MariaDb {
                    base,
                    child,
                    port,
                    folder,
                });
            }
        }
        panic!("mariadbd does not start: {}", log(folder.path()));
    }

    /// Storage URL of its empty database.
    pub fn url(&self) -> String {
        format!("mysql://scc:secret@127.0.0.1:{}/scc", self.port)
    }

    /// Ends it at once, as a power cut does.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Starts it again, on the same port with what its disk holds.
    pub fn restart(&mut self) {
        self.kill();
        self.child = spawn(&self.base, self.folder.path(), self.port);
        let is_back = is_up(&mut self.child, self.port);
        assert!(
            is_back,
            "it does not come back: {}",
            log(self.folder.path())
        );
    }

    /// Stops it where it stands, as a disk that hangs does, or lets it go on.
    pub fn freeze(&self, frozen: bool) {
        let signal = if frozen { "STOP" } else { "CONT" };
        let command = format!("kill -{signal} {}", self.child.id());
        let sent = Command::new("sh").args(["-c", &command]).status();
        assert!(sent.is_ok_and(|status| status.success()));
    }
}

impl Drop for MariaDb {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Where the server that `scripts/setup-mariadb` finds is installed.
fn base() -> Option<PathBuf> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/setup-mariadb");
    let said = Command::new(script).arg("--where").output().ok()?;
    let path = PathBuf::from(String::from_utf8_lossy(&said.stdout).trim());
    let base = path.parent().and_then(Path::parent);
    if let Some(base) =
        base.filter(|base| said.status.success() && base.join("share/mysql").is_dir())
    {
        return Some(base.to_owned());
    }
    println!("skipped: no MariaDB here; scripts/setup-mariadb fetches it (.ci/run does)");
    None
}

fn command(base: &Path, folder: &Path) -> Command {
    let mut command = Command::new(base.join("sbin/mariadbd"));
    if !base.starts_with("/usr") {
        // Libraries that were fetched with it.
        let libs = base.join(format!("lib/{}-linux-gnu", std::env::consts::ARCH));
        command.env("LD_LIBRARY_PATH", libs);
    }
    let share = base.join("share/mysql");
    command
        .arg("--no-defaults")
        .arg(format!("--datadir={}", folder.join("data").display()))
        // A server that starts removes what others have in a folder that they share.
        .arg(format!("--tmpdir={}", folder.display()))
        .arg(format!("--lc-messages-dir={}", share.display()))
        .arg(format!(
            "--character-sets-dir={}",
            share.join("charsets").display()
        ))
        .args(["--innodb-log-file-size=8M", "--innodb-buffer-pool-size=32M"])
        .stdin(Stdio::null())
        .stdout(Stdio::null());
    if rustix::process::getuid().is_root() {
        command.arg("--user=root");
    }
    command
}

fn make_tables(base: &Path, folder: &Path) {
    std::fs::create_dir(folder.join("data")).expect("writable");
    let mut sql = "create database mysql;\nuse mysql;\n".to_owned();
    for name in TABLES {
        let path = base.join("share/mysql").join(name);
        sql +=
            &std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    }
    std::fs::write(folder.join("tables.sql"), sql).expect("writable");
    std::fs::write(folder.join("user.sql"), USER).expect("writable");
    let tables = std::fs::File::open(folder.join("tables.sql")).expect("there");
    let done = command(base, folder)
        .arg("--bootstrap")
        .stdin(tables)
        .output();
    let done = done.expect("mariadbd starts");
    let told = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "mariadbd makes no tables: {told}");
}

fn spawn(base: &Path, folder: &Path, port: u16) -> Child {
    let log = std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(folder.join("log"));
    command(base, folder)
        .arg(format!("--port={port}"))
        .arg(format!("--socket={}", folder.join("socket").display()))
        .arg(format!("--init-file={}", folder.join("user.sql").display()))
        .args(["--bind-address=127.0.0.1", "--skip-name-resolve"])
        .stderr(log.expect("writable"))
        .spawn()
        .expect("mariadbd starts")
}

/// Waits until it greets who connects: that comes after the file with the user was read.
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
    let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)) else {
        return false;
    };
    let _ = stream.set_read_timeout(Some(Duration::from_secs(2)));
    // A packet of the protocol's version 10: length, number, version.
    let mut head = [0; 5];
    stream.read_exact(&mut head).is_ok() && head[4] == 10
}

fn log(folder: &Path) -> String {
    std::fs::read_to_string(folder.join("log")).unwrap_or_default()
}
