//! A process of the game with the connection to it, from its start to its end.

use super::process::Process;
use super::{Answered, ClientError, Connection, Launch, Ports};
use crate::sc2::proto::{
    RequestPing, RequestQuit, request::Request as Q, response::Response as Body,
};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Pause between two tries to connect to a game that is coming up.
const CONNECT_PAUSE: Duration = Duration::from_millis(20);
/// One try to connect and shake hands.
const CONNECT_TIME: Duration = Duration::from_secs(5);
/// A process that was asked to quit gets this long before it is killed.
const QUIT_TIME: Duration = Duration::from_secs(3);
/// A connection that broke is given this long to turn out to be a process that ended.
const EXIT_TIME: Duration = Duration::from_millis(200);
/// A step may take so much longer for each loop it runs.
const LOOP_TIME: Duration = Duration::from_millis(100);

/// How long what may take. A game that takes longer is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// From the start of a process to its first answer.
    pub launch: Duration,
    /// Creating and joining a game: maps are loaded.
    pub begin: Duration,
    /// Any other request; a step besides a tenth of a second a loop.
    pub request: Duration,
}

impl Limits {
    /// From the time that a request may take.
    pub fn of_request(request: Duration) -> Limits {
        Limits {
            launch: request * 3,
            begin: request * 2,
            request,
        }
    }

    /// For a step of so many loops.
    pub fn step(&self, loops: u32) -> Duration {
        self.request + LOOP_TIME * loops
    }
}

impl Default for Limits {
    fn default() -> Limits {
        Limits::of_request(Duration::from_secs(60))
    }
}

/// A process of the game that answers. Dropped, it ends.
#[derive(Debug)]
pub struct Instance {
    // Before the process: the connection closes first.
    connection: Connection,
    process: Process,
    /// The version that it says it is: `4.10.0.75689`.
    pub game_version: String,
    /// Games played on it so far.
    pub games: u32,
    /// Something went wrong: it is killed without being asked to quit.
    is_broken: bool,
}

impl Instance {
    /// Starts the game and waits until it answers.
    ///
    /// # Errors
    /// If it does not start, ends, or does not answer in time; [`ClientError::Stopped`] if `stop` was set.
    pub fn start(
        launch: &Launch,
        ports: &Arc<Ports>,
        limits: &Limits,
        stop: &AtomicBool,
    ) -> Result<Instance, ClientError> {
        let mut process = Process::start(launch, ports)?;
        let at = SocketAddr::from(([127, 0, 0, 1], process.port()));
        let deadline = Instant::now() + limits.launch;
        let connection = loop {
            let soon = deadline.min(Instant::now() + CONNECT_TIME);
            if let Ok(connection) = Connection::open(at, soon) {
                break connection;
            }
            if stop.load(Ordering::Relaxed) {
                return Err(ClientError::Stopped);
            }
            if process.ended().is_some() {
                return Err(exited(&mut process, START));
            }
            if Instant::now() >= deadline {
                return Err(ClientError::Silent {
                    doing: START,
                    limit: limits.launch,
                    log: process.log(),
                });
            }
            std::thread::sleep(CONNECT_PAUSE);
        };
        let mut instance = Instance {
            connection,
            process,
            game_version: String::new(),
            games: 0,
            is_broken: false,
        };
        let left = deadline.saturating_duration_since(Instant::now());
        let pong = instance.ask(Q::Ping(RequestPing {}), left, stop)?;
        if let Body::Ping(pong) = pong.body {
            instance.game_version = pong.game_version.unwrap_or_default();
        }
        Ok(instance)
    }

    /// The system's number of the process.
    pub fn process_id(&self) -> u32 {
        self.process.id()
    }

    /// Whether the process still runs.
    pub fn is_alive(&mut self) -> bool {
        self.process.ended().is_none()
    }

    /// Sends a request and waits for its answer.
    ///
    /// # Errors
    /// As [`Connection::receive`], and [`ClientError::Exited`] if the process has ended.
    pub fn ask(
        &mut self,
        request: Q,
        limit: Duration,
        stop: &AtomicBool,
    ) -> Result<Answered, ClientError> {
        self.send(request)?;
        self.receive(limit, stop)
    }

    /// As [`Connection::send`], and [`ClientError::Exited`].
    ///
    /// # Errors
    /// As [`Connection::send`].
    pub fn send(&mut self, request: Q) -> Result<(), ClientError> {
        let sent = self.connection.send(request);
        sent.map_err(|why| self.explained(why))
    }

    /// As [`Connection::receive`], and [`ClientError::Exited`] if the process has ended.
    ///
    /// # Errors
    /// As [`Connection::receive`].
    pub fn receive(&mut self, limit: Duration, stop: &AtomicBool) -> Result<Answered, ClientError> {
        let received = self.connection.receive(limit, stop);
        received.map_err(|why| self.explained(why))
    }

    /// A broken connection may mean an ended process: that says more.
    fn explained(&mut self, why: ClientError) -> ClientError {
        let doing = match &why {
            ClientError::Refused { .. } => return why,
            ClientError::Broken { doing, .. } => *doing,
            ClientError::Silent { doing, limit, .. } => {
                self.is_broken = true;
                return ClientError::Silent {
                    doing,
                    limit: *limit,
                    log: self.process.log(),
                };
            }
            _ => {
                self.is_broken = true;
                return why;
            }
        };
        self.is_broken = true;
        let until = Instant::now() + EXIT_TIME;
        while Instant::now() < until {
            if self.process.ended().is_some() {
                return exited(&mut self.process, doing);
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        why
    }
}

/// Coming up, in words.
const START: &str = "its start";

fn exited(process: &mut Process, doing: &'static str) -> ClientError {
    let status = process.ended();
    // Its last words may still be on their way through the pipe.
    std::thread::sleep(Duration::from_millis(20));
    ClientError::Exited {
        doing,
        status: status.map_or("it is gone".into(), |s| s.to_string()),
        log: process.log(),
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        if self.is_broken || self.connection.send(Q::Quit(RequestQuit {})).is_err() {
            return;
        }
        let until = Instant::now() + QUIT_TIME;
        while self.process.ended().is_none() && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}
