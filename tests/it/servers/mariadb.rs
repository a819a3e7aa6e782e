//! MariaDB.

use super::process::{Kind, ServerProcess, found_by};
use std::io::Read;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// The server's own tables, in the order they are made.
const TABLES: [&str; 3] = [
    "mysql_system_tables.sql",
    "mysql_performance_tables.sql",
    "mysql_system_tables_data.sql",
];
const USER: &str = "CREATE DATABASE IF NOT EXISTS scc;\n\
    CREATE USER IF NOT EXISTS 'scc'@'%' IDENTIFIED BY 'secret';\n\
    GRANT ALL ON scc.* TO 'scc'@'%';\n";

/// A running server with an empty database.
pub type MariaDb = ServerProcess<Maria>;

pub struct Maria {
    /// The folder with `sbin/mariadbd`, `share/mysql` and perhaps libraries.
    base: PathBuf,
}

impl MariaDb {
    /// None, and a word of it, where no server is installed.
    pub fn start() -> Option<MariaDb> {
        let base = base()?;
        let folder = tempfile::tempdir().expect("a temporary folder");
        make_tables(&base, folder.path());
        Some(ServerProcess::launch(Maria { base }, folder))
    }

    /// Storage URL of its empty database.
    pub fn url(&self) -> String {
        format!("mysql://scc:secret@127.0.0.1:{}/scc", self.port)
    }
}

impl Kind for Maria {
    const NAME: &'static str = "mariadbd";

    fn spawn(&self, folder: &Path, port: u16) -> Child {
        let log = std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(folder.join("log"));
        command(&self.base, folder)
            .arg(format!("--port={port}"))
            .arg(format!("--socket={}", folder.join("socket").display()))
            .arg(format!("--init-file={}", folder.join("user.sql").display()))
            .args(["--bind-address=127.0.0.1", "--skip-name-resolve"])
            .stderr(log.expect("writable"))
            .spawn()
            .expect("mariadbd starts")
    }

    /// A packet of the protocol's version 10 (length, number, version): it comes after the file with the user was read.
    fn greets(mut stream: TcpStream) -> bool {
        let mut head = [0; 5];
        stream.read_exact(&mut head).is_ok() && head[4] == 10
    }
}

/// Where the server that `scripts/setup-mariadb` finds is installed.
fn base() -> Option<PathBuf> {
    let program = found_by("setup-mariadb");
    let base = program.as_deref().and_then(|p| p.parent()?.parent());
    let base = base.filter(|base| base.join("share/mysql").is_dir());
    if base.is_none() {
        println!("skipped: no MariaDB here; scripts/setup-mariadb fetches it (.ci/run does)");
    }
    base.map(Path::to_owned)
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
