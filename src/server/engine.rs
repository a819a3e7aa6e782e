//! The server's one loop: it takes what the threads around it report, has the session answer, and runs the game on.

use super::envelope::{Answer, Body, Refusal, envelope};
use super::event::{Event, Outgoing};
use super::link::{self, FrameKind, LinkFrame, LinkThreads};
use super::relay::{Received, Relay, Relayed};
use super::session::{Session, Who, join_error};
use crate::sc2::proto::{Request, Status, request::Request as Q, response_join_game};
use crossbeam_channel::{Receiver, Sender, bounded};
use prost::Message;
use prost::bytes::Bytes;
use std::collections::VecDeque;
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

/// Loops run between two looks at what clients want.
const CHUNK_LOOPS: u32 = 32;
/// Bytes of requests that may wait for earlier ones to be answered; a client that sends more is cut off.
const INBOX_BYTES_MAX: usize = 128 << 20;
const INBOX_MAX: usize = 4096;
/// How long the answer to `quit` is waited for to be written.
const QUIT_TIME: Duration = Duration::from_millis(500);
const NORMAL_CLOSE: u16 = 1000;

/// Where answers go.
enum Sink {
    Client(Sender<Outgoing>, TcpStream),
    Guest(Sender<LinkFrame>),
}

/// A connection whose requests are answered in order.
struct Line {
    id: u64,
    sink: Sink,
    inbox: VecDeque<Bytes>,
    inbox_bytes: usize,
    /// The id of a request that is not answered yet; requests after it wait.
    pending: Option<Option<u32>>,
}

pub(super) struct Engine {
    session: Session,
    /// By [`Who`].
    lines: [Option<Line>; 2],
    relay: Option<Relay>,
    /// Ends the waiting for a guest.
    guest_door: Option<Arc<AtomicBool>>,
    events: Sender<Event>,
    next_id: Arc<AtomicU64>,
}

impl Engine {
    pub fn new(session: Session, events: Sender<Event>, next_id: Arc<AtomicU64>) -> Engine {
        Engine {
            session,
            lines: [None, None],
            relay: None,
            guest_door: None,
            events,
            next_id,
        }
    }

    /// Serves until a client says `quit`.
    pub fn run(&mut self, inbox: &Receiver<Event>) {
        while !self.session.has_quit {
            let event =
                match self.session.can_run() || self.lines.iter().flatten().any(Line::has_work) {
                    true => inbox.try_recv().ok(),
                    false => {
                        let idle = self
                            .session
                            .idle_time()
                            .unwrap_or(Duration::from_secs(3600));
                        inbox.recv_timeout(idle).ok()
                    }
                };
            if let Some(event) = event {
                self.take(event);
                inbox.try_iter().for_each(|event| self.take(event));
            }
            self.answer_all();
            match self.lines.iter().any(Option::is_some) {
                true => self.session.advance(CHUNK_LOOPS),
                false => self.session.hold(),
            }
            self.deliver();
        }
        self.finish();
    }

    fn take(&mut self, event: Event) {
        match event {
            Event::Client { id, out, stream } => {
                let sink = Sink::Client(out, stream);
                self.lines[Who::Local as usize] = Some(Line::new(id, sink));
            }
            Event::Guest { id, out } => {
                // A second guest is dropped: its connection ends. The guest of a game that is over makes room.
                if self.lines[Who::Guest as usize].is_none() || !self.session.has_guest() {
                    self.lines[Who::Guest as usize] = Some(Line::new(id, Sink::Guest(out)));
                }
            }
            Event::Host { id, out } => {
                if let Some(relay) = self.relay.as_mut().filter(|r| r.id == id) {
                    relay.connected(out);
                }
            }
            Event::Message { id, bytes } => self.queue(id, bytes),
            Event::Frame { id, frame } => self.take_frame(id, frame),
            Event::Gone { id } => self.gone(id),
        }
    }

    fn queue(&mut self, id: u64, bytes: Bytes) {
        for line in &mut self.lines {
            if let Some(open) = line.as_mut().filter(|l| l.id == id) {
                open.inbox_bytes += bytes.len();
                open.inbox.push_back(bytes.clone());
                if open.inbox_bytes > INBOX_BYTES_MAX || open.inbox.len() > INBOX_MAX {
                    // Without its sender the connection ends; that it is gone is reported then.
                    open.inbox.clear();
                    open.cut();
                }
            }
        }
    }

    fn gone(&mut self, id: u64) {
        for who in Who::BOTH {
            let line = &mut self.lines[who as usize];
            if let Some(left) = line.take_if(|l| l.id == id) {
                if who == Who::Local {
                    // Some say it and go without waiting for the answer.
                    self.session.has_quit |= left.inbox.iter().any(is_quit);
                    self.relay = None;
                }
                self.session.gone(who);
            }
        }
        if let Some(relay) = self.relay.as_mut().filter(|r| r.id == id) {
            let was_joining = relay.is_joining();
            let answer = relay.lost();
            let status = match was_joining {
                true => Status::Launched,
                false => relay.status(),
            };
            if was_joining {
                self.relay = None;
            }
            if let (Some(answer), Some(line)) = (answer, &mut self.lines[Who::Local as usize]) {
                line.answer(answer, status);
            }
        }
        self.deliver();
    }

    fn take_frame(&mut self, id: u64, frame: LinkFrame) {
        let Some(relay) = self.relay.as_mut().filter(|r| r.id == id) else {
            return;
        };
        let received = relay.receive(frame);
        let status = relay.status();
        if matches!(received, Received::Unwelcome(_)) {
            self.relay = None;
        }
        let Some(line) = &mut self.lines[Who::Local as usize] else {
            return;
        };
        match received {
            Received::Nothing => {}
            Received::Answer(answer) => line.answer(*answer, status),
            Received::Bytes(bytes) | Received::Unwelcome(bytes) => {
                line.pending = None;
                line.send(bytes, 0);
            }
        }
    }

    /// Answers what has been asked, line by line, as far as nothing has to be waited for.
    fn answer_all(&mut self) {
        for who in Who::BOTH {
            while !self.session.has_quit
                && let Some(line) = &mut self.lines[who as usize]
                && line.pending.is_none()
                && let Some(bytes) = line.inbox.pop_front()
            {
                line.inbox_bytes -= bytes.len().min(line.inbox_bytes);
                self.answer_one(who, bytes);
                self.deliver();
            }
        }
    }

    fn answer_one(&mut self, who: Who, bytes: Bytes) {
        let request = match Request::decode(bytes.clone()) {
            Ok(request) => request,
            Err(why) => {
                let text = format!("the request cannot be understood: {why}");
                return self.reply(who, None, Err(Refusal(text)));
            }
        };
        let id = request.id;
        if who == Who::Local
            && let Some(relay) = &mut self.relay
        {
            match relay.take(&request, bytes.clone()) {
                Relayed::Own => {}
                Relayed::Done => self.relay = None,
                Relayed::Sent => return self.wait(who, id),
                Relayed::Answer(answer) => return self.reply(who, id, *answer),
            }
            if self.relay.is_none() && matches!(request.request, Some(Q::LeaveGame(_))) {
                let body = Body::LeaveGame(Default::default());
                return self.reply(who, id, Ok(body));
            }
        }
        match self.session.handle(who, request) {
            Ok(Answer::Now(body)) => self.reply(who, id, Ok(*body)),
            Ok(Answer::Later) => {
                self.wait(who, id);
                self.open_door();
            }
            Ok(Answer::JoinHost(port)) => {
                self.wait(who, id);
                self.look_for_host(port, bytes);
            }
            Err(refusal) => self.reply(who, id, Err(refusal)),
        }
    }

    fn wait(&mut self, who: Who, id: Option<u32>) {
        if let Some(line) = &mut self.lines[who as usize] {
            line.pending = Some(id);
        }
    }

    /// Answers at once; what others have waited for goes out first.
    fn reply(&mut self, who: Who, id: Option<u32>, answer: Result<Body, Refusal>) {
        self.deliver();
        let status = self.status(who);
        if let Some(line) = &mut self.lines[who as usize] {
            line.pending = Some(id);
            line.answer(answer, status);
        }
    }

    fn status(&self, who: Who) -> Status {
        match &self.relay {
            Some(relay) if who == Who::Local && !self.session.has_quit => relay.status(),
            _ => self.session.status(who),
        }
    }

    /// Sends what has become ready. The guest's process is told of a game's end before anything else.
    fn deliver(&mut self) {
        if self.session.must_tell()
            && let Some(look) = self.session.farewell()
            && let Some(line) = &mut self.lines[Who::Guest as usize]
        {
            line.farewell(look.encode_to_vec().into());
        }
        for (who, answer) in self.session.take_answers() {
            let status = self.status(who);
            if let Some(line) = &mut self.lines[who as usize] {
                line.answer(answer, status);
            }
        }
        if self.session.guest_port().is_none() {
            self.close_door();
        }
    }

    /// Waits for a guest if the session does.
    fn open_door(&mut self) {
        let Some(port) = self.session.guest_port() else {
            return;
        };
        if self.guest_door.is_some() {
            return;
        }
        let stop = Arc::new(AtomicBool::new(false));
        match link::wait_for_guest(port, self.link_threads(&stop)) {
            Ok(()) => self.guest_door = Some(stop),
            Err(why) => {
                self.session.gone(Who::Local);
                let text = format!("cannot wait for the other player at port {port}: {why}");
                let body = join_error(response_join_game::Error::NetworkError, text);
                let status = self.status(Who::Local);
                if let Some(line) = &mut self.lines[Who::Local as usize] {
                    line.answer(Ok(body), status);
                }
            }
        }
    }

    fn close_door(&mut self) {
        if let Some(stop) = self.guest_door.take() {
            stop.store(true, Ordering::Relaxed);
        }
    }

    fn look_for_host(&mut self, port: u16, join: Bytes) {
        let stop = Arc::new(AtomicBool::new(false));
        let id = self.next_id.fetch_add(1, Ordering::Relaxed);
        let relay = Relay::new(id, join, stop.clone());
        match link::find_host(port, id, self.link_threads(&stop)) {
            Ok(()) => self.relay = Some(relay),
            Err(why) => {
                let error = response_join_game::Error::NetworkError;
                let body = join_error(error, format!("cannot look for the host: {why}"));
                if let Some(line) = &mut self.lines[Who::Local as usize] {
                    line.answer(Ok(body), Status::Launched);
                }
            }
        }
    }

    fn link_threads(&self, stop: &Arc<AtomicBool>) -> LinkThreads {
        LinkThreads {
            events: self.events.clone(),
            next_id: self.next_id.clone(),
            stop: stop.clone(),
        }
    }

    /// Closes the connections; what has been answered is written first.
    fn finish(&mut self) {
        self.close_door();
        self.relay = None;
        for line in self.lines.iter_mut().filter_map(Option::take) {
            line.close();
        }
    }
}

fn is_quit(bytes: &Bytes) -> bool {
    let request = Request::decode(bytes.clone()).ok();
    matches!(request.and_then(|r| r.request), Some(Q::Quit(_)))
}

impl Line {
    /// A request could be answered now.
    fn has_work(&self) -> bool {
        self.pending.is_none() && !self.inbox.is_empty()
    }

    fn new(id: u64, sink: Sink) -> Line {
        Line {
            id,
            sink,
            inbox: VecDeque::new(),
            inbox_bytes: 0,
            pending: None,
        }
    }

    /// Answers the pending request.
    fn answer(&mut self, answer: Result<Body, Refusal>, status: Status) {
        if let Some(id) = self.pending.take() {
            self.send(envelope(answer, id, status), status as u8);
        }
    }

    fn send(&mut self, bytes: Bytes, status: u8) {
        let is_sent = match &self.sink {
            Sink::Client(out, _) => out.try_send(Outgoing::Message(bytes)).is_ok(),
            Sink::Guest(out) => {
                let kind = FrameKind::Answer;
                let frame = LinkFrame {
                    kind,
                    status,
                    bytes,
                };
                out.try_send(frame).is_ok()
            }
        };
        if !is_sent {
            self.cut();
        }
    }

    fn farewell(&mut self, bytes: Bytes) {
        if let Sink::Guest(out) = &self.sink {
            let frame = LinkFrame {
                kind: FrameKind::Farewell,
                status: Status::Ended as u8,
                bytes,
            };
            if out.try_send(frame).is_err() {
                self.cut();
            }
        }
    }

    /// Ends the connection of who does not read or floods: it will be reported as gone.
    fn cut(&mut self) {
        match &mut self.sink {
            Sink::Client(_, stream) => {
                // An error means that it is closed already.
                let _ = stream.shutdown(Shutdown::Both);
            }
            Sink::Guest(out) => *out = bounded(1).0,
        }
    }

    /// Writes what is queued, says goodbye, ends the connection.
    fn close(self) {
        if let Sink::Client(out, _) = &self.sink {
            let (done, written) = bounded(1);
            let queued = out.try_send(Outgoing::Flushed(done)).is_ok();
            if queued && written.recv_timeout(QUIT_TIME).is_ok() {
                let _ = out.try_send(Outgoing::Close(NORMAL_CLOSE));
            }
        }
        // The writers get a moment for what is left: the close frame, a guest's farewell.
        drop(self.sink);
        std::thread::sleep(Duration::from_millis(20));
    }
}
