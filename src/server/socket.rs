//! The WebSocket of a client: handshake, messages in, messages out.
//!
//! Frames are read one by one, for PySC2 sends text frames that are not UTF-8, which every library refuses. Each client
//! has a thread that reads and one that writes, so that a client that is slow, or gone, is noticed and holds nobody up.

use super::event::{Event, Outgoing};
use crossbeam_channel::{Receiver, Sender, bounded};
use prost::bytes::Bytes;
use std::io::Read as _;
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tungstenite::error::{CapacityError, Error};
use tungstenite::handshake::server::{ErrorResponse, Request, Response};
use tungstenite::http::StatusCode;
use tungstenite::protocol::frame::coding::{CloseCode, Control, Data, OpCode};
use tungstenite::protocol::frame::{CloseFrame, Frame, FrameSocket};

/// Bytes of one message. Clients send maps, and megabytes of debug drawings.
pub(super) const MESSAGE_BYTES_MAX: usize = 64 << 20;
/// The one path that is served.
const PATH: &str = "/sc2api";
/// Handshakes under way at a time; more connections are dropped.
const GREETINGS_MAX: usize = 16;
const GREETING_TIME: Duration = Duration::from_secs(10);
/// How long a second client is kept waiting for the first to be really gone.
const GATE_TIME: Duration = Duration::from_millis(300);
const ACCEPT_PAUSE: Duration = Duration::from_millis(10);
/// Answers that wait to be written to one client; who leaves more unread is cut off.
const ANSWERS_MAX: usize = 256;

/// What the threads of a listening server share.
pub(super) struct Door {
    pub events: Sender<Event>,
    pub stop: Arc<AtomicBool>,
    /// Ids of connections, also of those to other servers.
    pub next_id: Arc<AtomicU64>,
    /// One client at a time.
    is_taken: AtomicBool,
    greetings: AtomicUsize,
}

impl Door {
    pub fn new(events: Sender<Event>, stop: Arc<AtomicBool>, next_id: Arc<AtomicU64>) -> Door {
        Door {
            events,
            stop,
            next_id,
            is_taken: AtomicBool::new(false),
            greetings: AtomicUsize::new(0),
        }
    }

    /// Takes the place of the one client, if it becomes free soon.
    fn enter(&self) -> bool {
        let give_up = Instant::now() + GATE_TIME;
        loop {
            if !self.is_taken.swap(true, Ordering::AcqRel) {
                return true;
            }
            if Instant::now() > give_up {
                return false;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

/// Accepts connections until told to stop.
pub(super) fn accept_all(listener: &TcpListener, door: &Arc<Door>) {
    // Blocking, it could not be stopped.
    if listener.set_nonblocking(true).is_err() {
        return;
    }
    while !door.stop.load(Ordering::Relaxed) {
        let Ok((stream, _)) = listener.accept() else {
            std::thread::sleep(ACCEPT_PAUSE);
            continue;
        };
        if door.greetings.fetch_add(1, Ordering::AcqRel) >= GREETINGS_MAX {
            door.greetings.fetch_sub(1, Ordering::AcqRel);
            continue;
        }
        let own = door.clone();
        let spawned = std::thread::Builder::new()
            .name("client".into())
            .spawn(move || attend(stream, &own));
        if spawned.is_err() {
            door.greetings.fetch_sub(1, Ordering::AcqRel);
        }
    }
}

/// One connection from its handshake to its end.
fn attend(stream: TcpStream, door: &Door) {
    let greeted = greet(stream, door);
    door.greetings.fetch_sub(1, Ordering::AcqRel);
    let Some(stream) = greeted else { return };
    let id = door.next_id.fetch_add(1, Ordering::Relaxed);
    if let (Some(out), Ok(own)) = (start_writer(&stream), stream.try_clone()) {
        let client = Event::Client {
            id,
            out: out.clone(),
            stream: own,
        };
        if door.events.send(client).is_ok() {
            read_all(&stream, &out, |bytes| {
                door.events.send(Event::Message { id, bytes }).is_ok()
            });
            let _ = door.events.send(Event::Gone { id });
        }
    }
    door.is_taken.store(false, Ordering::Release);
}

/// The handshake; none if it fails, is for another path, or there is a client already.
fn greet(stream: TcpStream, door: &Door) -> Option<TcpStream> {
    stream.set_nonblocking(false).ok()?;
    stream.set_nodelay(true).ok()?;
    stream.set_read_timeout(Some(GREETING_TIME)).ok()?;
    stream.set_write_timeout(Some(GREETING_TIME)).ok()?;
    let mut entered = false;
    #[allow(clippy::result_large_err)] // the library's callback type
    let check = |request: &Request, response: Response| -> Result<Response, ErrorResponse> {
        if request.uri().path() != PATH {
            return Err(refused(StatusCode::NOT_FOUND, "the API is at /sc2api"));
        }
        entered = door.enter();
        match entered {
            true => Ok(response),
            false => Err(refused(
                StatusCode::SERVICE_UNAVAILABLE,
                "another client is connected",
            )),
        }
    };
    let done = tungstenite::accept_hdr(stream, check);
    let stream = match done {
        Ok(socket) => Some(socket.into_inner()),
        Err(_) => None,
    };
    let ready =
        stream.filter(|s| s.set_read_timeout(None).is_ok() && s.set_write_timeout(None).is_ok());
    if ready.is_none() && entered {
        door.is_taken.store(false, Ordering::Release);
    }
    ready
}

fn refused(status: StatusCode, text: &str) -> ErrorResponse {
    let mut response = ErrorResponse::new(Some(text.to_owned()));
    *response.status_mut() = status;
    response
}

/// Starts the thread that writes to a client; it ends, and the connection with it, when the last sender is dropped.
fn start_writer(stream: &TcpStream) -> Option<Sender<Outgoing>> {
    let own = stream.try_clone().ok()?;
    let (out, queue) = bounded(ANSWERS_MAX);
    let spawned = std::thread::Builder::new()
        .name("answers".into())
        .spawn(move || write_all(own, &queue));
    spawned.ok().map(|_| out)
}

fn write_all(stream: TcpStream, queue: &Receiver<Outgoing>) {
    let mut socket = FrameSocket::new(stream);
    for outgoing in queue {
        let (frame, is_last) = match outgoing {
            Outgoing::Message(bytes) => {
                let binary = OpCode::Data(Data::Binary);
                (Frame::message(bytes, binary, true), false)
            }
            Outgoing::Pong(bytes) => (Frame::pong(bytes), false),
            Outgoing::Close(code) => {
                let frame = CloseFrame {
                    code: CloseCode::from(code),
                    reason: "".into(),
                };
                (Frame::close(Some(frame)), true)
            }
            // Everything before it has been written.
            Outgoing::Flushed(done) => {
                let _ = done.send(());
                continue;
            }
        };
        if socket.send(frame).is_err() {
            break;
        }
        if is_last {
            // The other half stays open: what the client still sends is read away, or the reset would overtake this.
            let _ = socket.get_ref().shutdown(Shutdown::Write);
            return;
        }
    }
    let _ = socket.get_ref().shutdown(Shutdown::Both);
}

/// Reads messages and delivers them until the connection ends, or `deliver` says so.
fn read_all(stream: &TcpStream, out: &Sender<Outgoing>, deliver: impl FnMut(Bytes) -> bool) {
    let mut reader = Reader {
        socket: FrameSocket::new(stream),
        message: Vec::new(),
        is_open: false,
    };
    let close = reader.run(out, deliver);
    if let Some(code) = close {
        let _ = out.send(Outgoing::Close(code));
        drain(stream);
    }
}

/// Reads away what a client that has been told to go is still sending.
fn drain(stream: &TcpStream) {
    let until = Instant::now() + Duration::from_secs(2);
    let _ = stream.set_read_timeout(Some(Duration::from_millis(500)));
    let (mut from, mut sink) = (stream, [0; 65536]);
    while Instant::now() < until {
        match from.read(&mut sink) {
            Ok(n) if n > 0 => {}
            _ => return,
        }
    }
}

/// Close codes of RFC 6455.
const NORMAL: u16 = 1000;
const PROTOCOL: u16 = 1002;
const TOO_BIG: u16 = 1009;

struct Reader<'a> {
    socket: FrameSocket<&'a TcpStream>,
    /// Fragments so far.
    message: Vec<u8>,
    is_open: bool,
}

impl Reader<'_> {
    /// The code to close with; none if the connection is gone.
    fn run(
        &mut self,
        out: &Sender<Outgoing>,
        mut deliver: impl FnMut(Bytes) -> bool,
    ) -> Option<u16> {
        loop {
            let room = MESSAGE_BYTES_MAX - self.message.len();
            let frame = match self.socket.read(Some(room)) {
                Ok(Some(frame)) => frame,
                Err(Error::Capacity(CapacityError::MessageTooLong { .. })) => return Some(TOO_BIG),
                Err(Error::Protocol(_)) => return Some(PROTOCOL),
                Ok(None) | Err(_) => return None,
            };
            let header = frame.header();
            let Some(key) = header.mask else {
                return Some(PROTOCOL);
            };
            if header.rsv1 || header.rsv2 || header.rsv3 {
                return Some(PROTOCOL);
            }
            let (opcode, is_final) = (header.opcode, header.is_final);
            let payload = unmasked(&frame.into_payload(), key);
            match opcode {
                OpCode::Control(_) if !is_final || payload.len() > 125 => return Some(PROTOCOL),
                OpCode::Control(Control::Close) => return Some(NORMAL),
                OpCode::Control(Control::Ping) => out.send(Outgoing::Pong(payload.into())).ok()?,
                OpCode::Control(_) => {}
                OpCode::Data(kind) => {
                    // The first fragment says what it is, the others that they go on.
                    if (kind == Data::Continue) != self.is_open {
                        return Some(PROTOCOL);
                    }
                    let whole = self.gather(payload, is_final);
                    if whole.is_some_and(|bytes| !deliver(bytes)) {
                        return Some(NORMAL);
                    }
                }
            }
        }
    }

    /// Adds a fragment; the message, if that was the last.
    fn gather(&mut self, payload: Vec<u8>, is_final: bool) -> Option<Bytes> {
        if self.message.is_empty() {
            self.message = payload;
        } else {
            self.message.extend_from_slice(&payload);
        }
        self.is_open = !is_final;
        is_final.then(|| std::mem::take(&mut self.message).into())
    }
}

fn unmasked(payload: &[u8], key: [u8; 4]) -> Vec<u8> {
    let bytes = payload.iter().zip(key.iter().cycle());
    bytes.map(|(byte, key)| byte ^ key).collect()
}
