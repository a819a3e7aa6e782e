//! nats-server.

use super::process::{Kind, ServerProcess, found_by};
use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// A running server, with its streams, its configuration and its log in its folder.
pub type NatsServer = ServerProcess<Nats>;

pub struct Nats {
    binary: PathBuf,
    /// What is configured beside the port; `DIR` stands for the folder.
    config: String,
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
        let Some(binary) = found_by("setup-nats") else {
            println!("skipped: no nats-server here; scripts/setup-nats fetches it (.ci/run does)");
            return None;
        };
        let kind = Nats {
            binary,
            config: config.to_owned(),
        };
        let folder = tempfile::tempdir().expect("a temporary folder");
        Some(ServerProcess::launch(kind, folder))
    }

    pub fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }
}

impl Kind for Nats {
    const NAME: &'static str = "nats-server";

    fn spawn(&self, folder: &Path, port: u16) -> Child {
        let config = self.config.replace("DIR", &folder.display().to_string());
        let config = format!("listen: \"127.0.0.1:{port}\"\n{config}\n");
        std::fs::write(folder.join("nats.conf"), config).expect("writable");
        Command::new(&self.binary)
            .arg("-c")
            .arg(folder.join("nats.conf"))
            .arg("-l")
            .arg(folder.join("log"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("nats-server starts")
    }

    fn greets(stream: TcpStream) -> bool {
        let mut line = String::new();
        BufReader::new(stream).read_line(&mut line).is_ok() && line.starts_with("INFO")
    }
}
