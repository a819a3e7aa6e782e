//! The connection between the two servers of a game of two: the guest's forwards its client's requests, the host's answers.
//!
//! Over the loopback address only. Each frame: u32 LE length of what follows it, u8 kind, u8 status, the message's bytes.

use super::event::Event;
use super::socket::MESSAGE_BYTES_MAX;
use crossbeam_channel::{Receiver, Sender, bounded};
use prost::bytes::Bytes;
use std::io::{self, BufReader, Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

const MAGIC: &[u8; 8] = b"SCCLINK1";
const FRAMES_MAX: usize = 256;
const PAUSE: Duration = Duration::from_millis(20);
/// A stranger at the port is given this long to say that it is none.
const GREETING_TIME: Duration = Duration::from_secs(5);

/// What a frame is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FrameKind {
    /// A `Request`, from the guest.
    Request = 0,
    /// A `Response`, from the host.
    Answer = 1,
    /// A `ResponseObservation`: the game is over, and the host may soon be gone.
    Farewell = 2,
}

/// One frame; `status` is the API's, of the guest's client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LinkFrame {
    pub kind: FrameKind,
    pub status: u8,
    pub bytes: Bytes,
}

/// What a link's threads need.
#[derive(Clone)]
pub(super) struct LinkThreads {
    pub events: Sender<Event>,
    pub next_id: Arc<AtomicU64>,
    /// Ends the waiting.
    pub stop: Arc<AtomicBool>,
}

/// Waits for the guest at `port` until told to stop.
///
/// # Errors
/// If the port cannot be had.
pub(super) fn wait_for_guest(port: u16, threads: LinkThreads) -> io::Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
    listener.set_nonblocking(true)?;
    spawn("guests", move || {
        while !threads.stop.load(Ordering::Relaxed) {
            match listener.accept() {
                Ok((stream, _)) => {
                    let threads = threads.clone();
                    let _ = spawn("guest", move || attend_guest(&stream, &threads));
                }
                Err(_) => std::thread::sleep(PAUSE),
            }
        }
    })
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> io::Result<()> {
    let builder = std::thread::Builder::new().name(name.into());
    builder.spawn(work).map(|_| ())
}

fn attend_guest(stream: &TcpStream, threads: &LinkThreads) {
    let mut magic = [0; MAGIC.len()];
    let greeted = stream.set_nonblocking(false).is_ok()
        && stream.set_nodelay(true).is_ok()
        && stream.set_read_timeout(Some(GREETING_TIME)).is_ok()
        && (&mut &*stream).read_exact(&mut magic).is_ok()
        && &magic == MAGIC
        && stream.set_read_timeout(None).is_ok();
    let Some(out) = greeted.then(|| start_writer(stream)).flatten() else {
        return;
    };
    let id = threads.next_id.fetch_add(1, Ordering::Relaxed);
    if threads.events.send(Event::Guest { id, out }).is_err() {
        return;
    }
    read_all(stream, |frame| {
        let bytes = frame.bytes;
        threads.events.send(Event::Message { id, bytes }).is_ok()
    });
    let _ = threads.events.send(Event::Gone { id });
}

/// Looks for the host at `port` until it is there or told to stop.
///
/// # Errors
/// If no thread can be started.
pub(super) fn find_host(port: u16, id: u64, threads: LinkThreads) -> io::Result<()> {
    spawn("host", move || {
        let stream = loop {
            if threads.stop.load(Ordering::Relaxed) {
                return;
            }
            match TcpStream::connect((Ipv4Addr::LOCALHOST, port)) {
                Ok(stream) => break stream,
                Err(_) => std::thread::sleep(PAUSE),
            }
        };
        attend_host(&stream, id, &threads.events);
        let _ = threads.events.send(Event::Gone { id });
    })
}

fn attend_host(stream: &TcpStream, id: u64, events: &Sender<Event>) {
    let greeted = stream.set_nodelay(true).is_ok() && (&mut &*stream).write_all(MAGIC).is_ok();
    let Some(out) = greeted.then(|| start_writer(stream)).flatten() else {
        return;
    };
    if events.send(Event::Host { id, out }).is_ok() {
        read_all(stream, |frame| {
            events.send(Event::Frame { id, frame }).is_ok()
        });
    }
}

/// The thread that writes ends, and the connection with it, when the last sender is dropped.
fn start_writer(stream: &TcpStream) -> Option<Sender<LinkFrame>> {
    let mut own = stream.try_clone().ok()?;
    let (out, queue): (Sender<LinkFrame>, Receiver<LinkFrame>) = bounded(FRAMES_MAX);
    let work = move || {
        for frame in queue {
            if own.write_all(&encode(&frame)).is_err() {
                break;
            }
        }
        let _ = own.shutdown(Shutdown::Both);
    };
    spawn("link", work).ok().map(|()| out)
}

fn read_all(stream: &TcpStream, mut deliver: impl FnMut(LinkFrame) -> bool) {
    let mut from = BufReader::new(stream);
    while let Ok(frame) = read(&mut from) {
        if !deliver(frame) {
            return;
        }
    }
}

fn encode(frame: &LinkFrame) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(frame.bytes.len() + 6);
    bytes.extend_from_slice(&(frame.bytes.len() as u32 + 2).to_le_bytes());
    bytes.push(frame.kind as u8);
    bytes.push(frame.status);
    bytes.extend_from_slice(&frame.bytes);
    bytes
}

fn read(from: &mut impl Read) -> io::Result<LinkFrame> {
    let damaged = || io::Error::from(io::ErrorKind::InvalidData);
    let mut head = [0; 6];
    from.read_exact(&mut head)?;
    let length = u32::from_le_bytes([head[0], head[1], head[2], head[3]]) as usize;
    let length = length.checked_sub(2).ok_or_else(damaged)?;
    if length > MESSAGE_BYTES_MAX {
        return Err(damaged());
    }
    let kind = match head[4] {
        0 => FrameKind::Request,
        1 => FrameKind::Answer,
        2 => FrameKind::Farewell,
        _ => return Err(damaged()),
    };
    let mut bytes = vec![0; length];
    from.read_exact(&mut bytes)?;
    Ok(LinkFrame {
        kind,
        status: head[5],
        bytes: bytes.into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_come_back_and_nonsense_is_an_error() {
        let frame = LinkFrame {
            kind: FrameKind::Answer,
            status: 3,
            bytes: Bytes::from_static(b"abc"),
        };
        let bytes = encode(&frame);
        assert_eq!(read(&mut bytes.as_slice()).unwrap(), frame);
        for length in 0..bytes.len() {
            assert!(read(&mut &bytes[..length]).is_err(), "{length} bytes");
        }
        for head in [[0, 0, 0, 0, 1, 1], [255; 6], [2, 0, 0, 0, 9, 0]] {
            assert!(read(&mut head.as_slice()).is_err(), "{head:?}");
        }
    }
}
