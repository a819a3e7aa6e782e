//! One connection to one process of the game: a request, an answer, a time limit.

use super::ClientError;
use super::requests::name;
use crate::sc2::proto::{
    Request, Response, Status, request::Request as Q, response::Response as Body,
};
use prost::Message as _;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tungstenite::protocol::WebSocketConfig;
use tungstenite::{Error, HandshakeError, Message, WebSocket};

/// How long a silent game is waited for before it is looked whether to stop.
const POLL: Duration = Duration::from_millis(100);
/// A game that does not even read its requests.
const WRITE_TIME_MAX: Duration = Duration::from_secs(20);
/// The largest answers, replays and data, have some megabytes.
const MESSAGE_BYTES_MAX: usize = 256 << 20;

/// A stream whose reads end at a deadline, however slowly bytes trickle in.
#[derive(Debug)]
struct Timed {
    stream: TcpStream,
    deadline: Instant,
}

impl Read for Timed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if Instant::now() >= self.deadline {
            return Err(ErrorKind::TimedOut.into());
        }
        self.stream.read(buffer).map_err(|e| match e.kind() {
            // Windows says the one, everybody else the other.
            ErrorKind::TimedOut => ErrorKind::WouldBlock.into(),
            _ => e,
        })
    }
}

impl Write for Timed {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.stream.write(buffer)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

/// The body of an answer, and what the game says it is at.
#[derive(Clone, Debug, PartialEq)]
pub struct Answered {
    pub body: Body,
    pub status: Status,
}

/// A connection whose requests are answered in order.
#[derive(Debug)]
pub struct Connection {
    socket: WebSocket<Timed>,
    next_id: u32,
    /// What has been sent and not been answered.
    pending: Option<(&'static str, u32)>,
}

impl Connection {
    /// Connects and shakes hands before `deadline`.
    ///
    /// # Errors
    /// Whatever the network says, in words; the game may only be on its way up.
    pub fn open(at: SocketAddr, deadline: Instant) -> Result<Connection, String> {
        let words = |e: io::Error| e.to_string();
        let left = deadline.saturating_duration_since(Instant::now());
        let stream = TcpStream::connect_timeout(&at, left.max(Duration::from_millis(1)));
        let stream = stream.map_err(words)?;
        stream.set_nodelay(true).map_err(words)?;
        stream.set_read_timeout(Some(POLL)).map_err(words)?;
        stream
            .set_write_timeout(Some(WRITE_TIME_MAX))
            .map_err(words)?;
        let config = WebSocketConfig::default()
            .max_message_size(Some(MESSAGE_BYTES_MAX))
            .max_frame_size(Some(MESSAGE_BYTES_MAX));
        let url = format!("ws://{at}/sc2api");
        let timed = Timed { stream, deadline };
        let mut begun = tungstenite::client::client_with_config(url, timed, Some(config));
        let socket = loop {
            match begun {
                Ok((socket, _)) => break socket,
                Err(HandshakeError::Interrupted(half)) if Instant::now() < deadline => {
                    begun = half.handshake();
                }
                Err(HandshakeError::Interrupted(_)) => return Err("no handshake in time".into()),
                Err(HandshakeError::Failure(why)) => return Err(why.to_string()),
            }
        };
        Ok(Connection {
            socket,
            next_id: 1,
            pending: None,
        })
    }

    /// Sends a request and waits for its answer.
    ///
    /// # Errors
    /// As [`Connection::send`] and [`Connection::receive`].
    pub fn ask(
        &mut self,
        request: Q,
        limit: Duration,
        stop: &AtomicBool,
    ) -> Result<Answered, ClientError> {
        self.send(request)?;
        self.receive(limit, stop)
    }

    /// Sends a request; its answer is to be received before the next.
    ///
    /// # Errors
    /// If the connection is broken, or nobody reads at its other end.
    pub fn send(&mut self, request: Q) -> Result<(), ClientError> {
        let doing = name(&request);
        let id = self.next_id;
        self.next_id = self.next_id.wrapping_add(1);
        let message = Request {
            id: Some(id),
            request: Some(request),
        };
        let sent = self.socket.send(Message::binary(message.encode_to_vec()));
        sent.map_err(|why| ClientError::broken(doing, why))?;
        self.pending = Some((doing, id));
        Ok(())
    }

    /// The answer to what was sent.
    ///
    /// # Errors
    /// [`ClientError::Silent`] after `limit`, [`ClientError::Stopped`] soon after `stop` is set, [`ClientError::Refused`] with
    /// what the game says; [`ClientError::Broken`] and [`ClientError::Nonsense`] if the connection is of no use any more.
    pub fn receive(&mut self, limit: Duration, stop: &AtomicBool) -> Result<Answered, ClientError> {
        let (doing, id) = self.pending.take().unwrap_or(("nothing", 0));
        self.socket.get_mut().deadline = Instant::now() + limit;
        loop {
            match self.socket.read() {
                Ok(Message::Binary(bytes)) => return answered(doing, id, &bytes),
                Ok(Message::Ping(_) | Message::Pong(_)) => {}
                Ok(Message::Close(_)) => {
                    return Err(ClientError::broken(doing, "closed by the game"));
                }
                Ok(_) => return Err(ClientError::nonsense(doing, "it is text")),
                Err(Error::Io(why)) if why.kind() == ErrorKind::WouldBlock => {
                    if stop.load(Ordering::Relaxed) {
                        return Err(ClientError::Stopped);
                    }
                }
                Err(Error::Io(why)) if why.kind() == ErrorKind::TimedOut => {
                    return Err(ClientError::Silent {
                        doing,
                        limit,
                        log: String::new(),
                    });
                }
                Err(why) => return Err(ClientError::broken(doing, why)),
            }
        }
    }
}

fn answered(
    doing: &'static str,
    id: u32,
    bytes: &prost::bytes::Bytes,
) -> Result<Answered, ClientError> {
    let response = Response::decode(bytes.clone());
    let response = response.map_err(|why| ClientError::nonsense(doing, why))?;
    // Old versions do not repeat it.
    if let Some(other) = response.id.filter(|other| *other != id) {
        let text = format!("it answers request {other}, not {id}");
        return Err(ClientError::nonsense(doing, text));
    }
    if !response.error.is_empty() {
        let text = response.error.join("; ");
        return Err(ClientError::Refused { doing, text });
    }
    let status = response.status.and_then(|s| Status::try_from(s).ok());
    match response.response {
        Some(body) => Ok(Answered {
            body,
            status: status.unwrap_or(Status::Unknown),
        }),
        None => Err(ClientError::nonsense(doing, "it is empty")),
    }
}
