//! A process of the game that cannot outlive this program.
//!
//! On Unix every game shares a process group with a guard: a shell that waits on a pipe which only this program holds. When
//! the program ends, however that happens, the pipe closes and the guard kills the group. The group is not the terminal's, so
//! Ctrl-C reaches the program alone, which then ends its games in order.

use super::{ClientError, Launch, PortLease, Ports};
use std::collections::VecDeque;
use std::io::Read;
use std::process::{Child, ChildStderr, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

/// Bytes of what a game writes to stderr that are kept for error messages.
const LOG_BYTES_MAX: usize = 800;

/// A running game, killed when dropped.
#[derive(Debug)]
pub(super) struct Process {
    game: Child,
    /// Holds the pipe that keeps the guard waiting.
    guard: Option<Child>,
    log: Arc<Mutex<VecDeque<u8>>>,
    lease: PortLease,
    /// Where it writes; removed with it.
    _temp: tempfile::TempDir,
}

impl Process {
    /// Starts the game, listening at a free port of the loopback address.
    pub fn start(launch: &Launch, ports: &Arc<Ports>) -> Result<Process, ClientError> {
        let lease = ports.lease(1)?;
        let temp = tempfile::Builder::new().prefix("scc-sc2-").tempdir();
        let temp = temp.map_err(ClientError::Temp)?;
        let mut command = command(launch, lease.numbers[0], temp.path());
        let spawn_error = |source| ClientError::Spawn {
            path: launch.executable.clone(),
            source,
        };
        let guard = guard().map_err(spawn_error)?;
        #[cfg(unix)]
        if let Some(guard) = &guard {
            use std::os::unix::process::CommandExt as _;
            command.process_group(guard.id() as i32);
        }
        let game = command.spawn();
        let mut process = match (game, guard) {
            (Ok(game), guard) => Process {
                game,
                guard,
                log: Arc::default(),
                lease,
                _temp: temp,
            },
            (Err(why), guard) => {
                end(None, guard);
                return Err(spawn_error(why));
            }
        };
        if let Some(from) = process.game.stderr.take() {
            let log = process.log.clone();
            let reader = std::thread::Builder::new().name("game log".into());
            reader
                .spawn(move || keep_end(from, &log))
                .map_err(spawn_error)?;
        }
        Ok(process)
    }

    pub fn port(&self) -> u16 {
        self.lease.numbers[0]
    }

    /// The system's number of the process.
    pub fn id(&self) -> u32 {
        self.game.id()
    }

    /// How the process ended, if it has.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.game.try_wait().ok().flatten()
    }

    /// The end of what it wrote to stderr, as a part of an error message.
    pub fn log(&self) -> String {
        let log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes: Vec<u8> = log.iter().copied().collect();
        let text = String::from_utf8_lossy(&bytes);
        match text.trim() {
            "" => String::new(),
            text => format!("; it wrote: {text}"),
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        end(Some(&mut self.game), self.guard.take());
    }
}

fn command(launch: &Launch, port: u16, temp: &std::path::Path) -> Command {
    let mut command = Command::new(&launch.executable);
    command
        .args(["-listen", "127.0.0.1", "-port", &port.to_string()])
        .arg("-dataDir")
        .arg(&launch.root)
        .arg("-tempDir")
        .arg(temp)
        .args(["-displayMode", "0"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    if let Some(data) = &launch.data_version {
        command.args(["-dataVersion", data]);
    }
    // Its libraries lie there on some systems.
    let support = launch.root.join("Support64");
    if support.is_dir() {
        command.current_dir(support);
    }
    command
}

/// Kills its process group when the pipe to it closes.
#[cfg(unix)]
fn guard() -> std::io::Result<Option<Child>> {
    use std::os::unix::process::CommandExt as _;
    let guard = Command::new("/bin/sh")
        .args(["-c", "read _; kill -KILL 0"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn();
    guard.map(Some)
}

#[cfg(not(unix))]
fn guard() -> std::io::Result<Option<Child>> {
    Ok(None)
}

/// Kills the game and whatever it has started.
fn end(game: Option<&mut Child>, guard: Option<Child>) {
    // Errors mean that it is gone already.
    #[cfg(unix)]
    if let Some(guard) = &guard {
        let group = rustix::process::Pid::from_child(guard);
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
    if let Some(game) = game {
        let _ = game.kill();
        let _ = game.wait();
    }
    if let Some(mut guard) = guard {
        let _ = guard.kill();
        let _ = guard.wait();
    }
}

/// Reads a game's stderr away and keeps its end.
fn keep_end(mut from: ChildStderr, log: &Mutex<VecDeque<u8>>) {
    let mut buffer = [0; 4096];
    while let Ok(n @ 1..) = from.read(&mut buffer) {
        let mut log = log.lock().unwrap_or_else(PoisonError::into_inner);
        log.extend(&buffer[..n]);
        let excess = log.len().saturating_sub(LOG_BYTES_MAX);
        log.drain(..excess);
    }
}
