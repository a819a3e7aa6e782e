//! The network between one process and a server, as a test can cut it.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, PoisonError};

/// Carries what comes to its port to a server's on loopback, and back. Dropped, it ends with its connections.
pub struct Proxy {
    pub port: u16,
    wire: Arc<Wire>,
}

#[derive(Clone, Copy, Default, PartialEq)]
enum State {
    #[default]
    Whole,
    Cut,
    Gone,
}

#[derive(Default)]
struct Wire {
    state: Mutex<State>,
    changed: Condvar,
}

impl Wire {
    fn set(&self, state: State) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = state;
        self.changed.notify_all();
    }

    /// Waits while it is cut; false once it is gone.
    fn passes(&self) -> bool {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let cut = self.changed.wait_while(state, |s| *s == State::Cut);
        *cut.unwrap_or_else(PoisonError::into_inner) == State::Whole
    }
}

impl Proxy {
    pub fn to(server: u16) -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("a port").port();
        let wire = Arc::new(Wire::default());
        let shared = wire.clone();
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let wire = shared.clone();
                if *wire.state.lock().unwrap_or_else(PoisonError::into_inner) == State::Gone {
                    return;
                }
                std::thread::spawn(move || carry(&client, server, &wire));
            }
        });
        Proxy { port, wire }
    }

    /// Cuts it: connections stand and new ones are taken, and nothing comes through, neither bytes nor that the other end is
    /// gone. Or mends it: what was on its way arrives.
    pub fn cut(&self, is_cut: bool) {
        self.wire
            .set(if is_cut { State::Cut } else { State::Whole });
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.wire.set(State::Gone);
        // So that whoever waits for connections sees it.
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}

/// One connection, to its end.
fn carry(client: &TcpStream, server: u16, wire: &Wire) {
    if !wire.passes() {
        return;
    }
    let Ok(server) = TcpStream::connect(("127.0.0.1", server)) else {
        return;
    };
    for end in [client, &server] {
        let _ = end.set_nodelay(true);
    }
    std::thread::scope(|scope| {
        scope.spawn(|| pump(client, &server, wire));
        pump(&server, client, wire);
    });
}

/// One direction. Its end is the connection's.
fn pump(mut from: &TcpStream, mut to: &TcpStream, wire: &Wire) {
    let mut bytes = [0; 16 << 10];
    loop {
        let n = from.read(&mut bytes).unwrap_or(0);
        if !wire.passes() || n == 0 || to.write_all(&bytes[..n]).is_err() {
            break;
        }
    }
    for end in [from, to] {
        let _ = end.shutdown(Shutdown::Both);
    }
}
