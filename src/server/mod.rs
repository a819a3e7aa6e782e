//! A server of the SC2 API on the simulator: programs written for the real game play here unchanged (`scc sim`).
//!
//! Invariant: no bytes from outside make it panic or write outside its folders; a client that is slow, silent or gone
//! holds nobody up; what a game does is a function of its setup, its seed and the commands accepted, as everywhere.
//!
//! Data flow: `socket` (frames of the one client) and `link` (the other server of a game of two) tell the loop of
//! `engine` what happens, in bounded channels (64 events; 256 answers a client) -> `session` and `requests` answer, on
//! a `game` (simulator, clock, record) through each client's `viewer` -> answers in `envelope`s. `relay` is the guest's side of a game
//! of two. `joining`, `setup`, `actions`, `queries`, `debugging`, `replays` and `archive` each serve a family of requests.
//!
//! Leaves out: pictures and feature layers, Zerg and Protoss, maps and replays of the real game; docs/API.md has the
//! list, request by request.

mod actions;
mod archive;
mod debugging;
mod engine;
mod envelope;
mod event;
mod flags;
mod folders;
mod game;
mod install;
mod joining;
mod link;
mod queries;
mod relay;
mod replays;
mod requests;
mod session;
mod setup;
mod socket;
mod viewer;

pub use flags::{FlagError, Flags};
pub use folders::Folders;
pub use install::{InstallError, Installed, install};

use crate::game::Seed;
use crossbeam_channel::bounded;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// The version whose rules are played, and whose ids are used: the newest game there is for Linux.
pub const GAME_VERSION: &str = "4.10.0.75689";
pub const BUILD: u32 = 75689;
pub const DATA_VERSION: &str = "B89B5D6FA7CBF6452E721311BFBC6CB2";

/// Events that may wait for the loop; who has more to tell waits.
const EVENTS_MAX: usize = 64;

/// How to serve.
#[derive(Clone, Debug)]
pub struct Options {
    /// Host name or address.
    pub listen: String,
    /// 0 takes any free port.
    pub port: u16,
    pub folders: Folders,
    /// Where seeds come from for games that name none.
    pub entropy: Seed,
}

/// A server that listens and has not begun to answer.
pub struct Server {
    listener: TcpListener,
    options: Options,
}

impl Server {
    /// Takes the port; handshakes are answered once [`Server::run`] is called.
    ///
    /// # Errors
    /// If the address is none, or the port is taken.
    pub fn bind(options: Options) -> io::Result<Server> {
        let listener = TcpListener::bind((options.listen.as_str(), options.port))?;
        Ok(Server { listener, options })
    }

    /// Where clients find it.
    ///
    /// # Errors
    /// If the operating system does not say.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Serves until a client says `quit`; its threads have been told to end when this returns.
    ///
    /// # Errors
    /// If no thread can be started.
    pub fn run(self) -> io::Result<()> {
        let (events, inbox) = bounded(EVENTS_MAX);
        let stop = Arc::new(AtomicBool::new(false));
        let next_id = Arc::new(AtomicU64::new(1));
        let door = Arc::new(socket::Door::new(
            events.clone(),
            stop.clone(),
            next_id.clone(),
        ));
        let listener = self.listener;
        std::thread::Builder::new()
            .name("listen".into())
            .spawn(move || socket::accept_all(&listener, &door))?;
        let session = session::Session::new(self.options.folders, self.options.entropy);
        engine::Engine::new(session, events, next_id).run(&inbox);
        stop.store(true, Ordering::Relaxed);
        Ok(())
    }
}
