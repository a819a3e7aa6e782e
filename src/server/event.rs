//! What the threads around a server tell its one loop, and what it tells them. Channels are bounded.

use super::link::LinkFrame;
use crossbeam_channel::Sender;
use prost::bytes::Bytes;
use std::net::TcpStream;

/// Something that has happened outside. Connections are known by ids that are never used again.
pub(super) enum Event {
    /// The one client has connected; by its stream it can be cut off.
    Client {
        id: u64,
        out: Sender<Outgoing>,
        stream: TcpStream,
    },
    /// Another server's client wants to join: its first message follows.
    Guest { id: u64, out: Sender<LinkFrame> },
    /// This server has found the host of its client's game.
    Host { id: u64, out: Sender<LinkFrame> },
    /// A request, from the client or from a guest.
    Message { id: u64, bytes: Bytes },
    /// An answer of the host.
    Frame { id: u64, frame: LinkFrame },
    /// A connection has ended.
    Gone { id: u64 },
}

/// What is to be written to a client.
pub(super) enum Outgoing {
    Message(Bytes),
    Pong(Bytes),
    /// A close code; nothing is written after it.
    Close(u16),
    /// Asks for a sign that all before it has been written.
    Flushed(Sender<()>),
}
