//! The guest's side of a game of two: its client's requests go to the host's process, and the answers come back.
//!
//! The host may go at any time. What the client needs after that (the result above all) is kept here.

use super::envelope::{Body, ENDED, NOT_AFTER_END, Refusal};
use super::link::{FrameKind, LinkFrame};
use super::session::join_error;
use crate::sc2::encode::{DataWanted, data};
use crate::sc2::proto::{
    self, Request, Response, ResponseObservation, Status, request::Request as Q, response_join_game,
};
use crossbeam_channel::Sender;
use prost::Message;
use prost::bytes::Bytes;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The guest is the second participant.
const GUEST: u32 = 2;

/// What comes of a client's request.
pub(super) enum Relayed {
    /// Sent on; the answer follows.
    Sent,
    Answer(Box<Result<Body, Refusal>>),
    /// This process answers it itself.
    Own,
    /// The game is over for this client, and so is the relay; this process answers.
    Done,
}

/// What comes of a frame of the host.
pub(super) enum Received {
    Nothing,
    /// The client's answer, as the host wrote it.
    Bytes(Bytes),
    /// The host does not take the client; the relay is of no use any more.
    Unwelcome(Bytes),
    Answer(Box<Result<Body, Refusal>>),
}

/// A game that another process hosts.
pub(super) struct Relay {
    /// Id of the connection to the host.
    pub id: u64,
    /// None before the host is found, and after it has gone.
    out: Option<Sender<LinkFrame>>,
    /// The join request, sent as soon as the host is found.
    join: Bytes,
    stop: Arc<AtomicBool>,
    status: Status,
    /// What the client waits for.
    waiting: Option<Waiting>,
    /// Answers of the host that are still to come and that nobody waits for any more.
    n_overtaken: u32,
    last_look: Option<Bytes>,
    last_info: Option<Bytes>,
    /// The last look of a game that is over.
    farewell: Option<ResponseObservation>,
    /// The client has been told that it is.
    knows_end: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Waiting {
    Join,
    Step,
    Observation,
    Info,
    Other,
}

impl Relay {
    /// A relay whose client waits for its join request to be answered; `stop` ends the search for the host.
    pub fn new(id: u64, join: Bytes, stop: Arc<AtomicBool>) -> Relay {
        Relay {
            id,
            out: None,
            join,
            stop,
            status: Status::Launched,
            waiting: Some(Waiting::Join),
            n_overtaken: 0,
            last_look: None,
            last_info: None,
            farewell: None,
            knows_end: false,
        }
    }

    pub fn status(&self) -> Status {
        self.status
    }

    /// The host is found.
    pub fn connected(&mut self, out: Sender<LinkFrame>) {
        let join = request_frame(self.join.clone());
        if out.try_send(join).is_ok() {
            self.out = Some(out);
        }
    }

    /// Takes a request of the client.
    pub fn take(&mut self, request: &Request, bytes: Bytes) -> Relayed {
        let is_over = self.status == Status::Ended;
        match &request.request {
            Some(
                Q::Ping(_) | Q::AvailableMaps(_) | Q::SaveMap(_) | Q::ReplayInfo(_) | Q::Quit(_),
            )
            | None => Relayed::Own,
            Some(Q::LeaveGame(_)) => {
                self.send(bytes);
                Relayed::Done
            }
            Some(Q::CreateGame(_) | Q::JoinGame(_) | Q::StartReplay(_) | Q::RestartGame(_)) => {
                match is_over {
                    true => Relayed::Done,
                    false => Relayed::Answer(Box::new(Err(Refusal::new(
                        "a game with another player is going on: leave it first",
                    )))),
                }
            }
            Some(Q::SaveReplay(_)) if self.out.is_some() => self.pass_on(Waiting::Other, bytes),
            Some(other) if self.farewell.is_some() => Relayed::Answer(Box::new(self.alone(other))),
            Some(other) => {
                let waiting = match other {
                    Q::Step(_) => Waiting::Step,
                    Q::Observation(_) => Waiting::Observation,
                    Q::GameInfo(_) => Waiting::Info,
                    _ => Waiting::Other,
                };
                self.pass_on(waiting, bytes)
            }
        }
    }

    fn pass_on(&mut self, waiting: Waiting, bytes: Bytes) -> Relayed {
        self.waiting = Some(waiting);
        match self.send(bytes) {
            true => Relayed::Sent,
            false => {
                let answer = self.lost().unwrap_or(Err(Refusal::new(ENDED)));
                Relayed::Answer(Box::new(answer))
            }
        }
    }

    fn send(&mut self, bytes: Bytes) -> bool {
        let out = self.out.as_ref();
        out.is_some_and(|out| out.try_send(request_frame(bytes)).is_ok())
    }

    /// Takes a frame of the host.
    pub fn receive(&mut self, frame: LinkFrame) -> Received {
        if frame.kind == FrameKind::Farewell {
            return self.part(frame.bytes);
        }
        if self.n_overtaken > 0 {
            self.n_overtaken -= 1;
            return Received::Nothing;
        }
        let Some(waiting) = self.waiting.take() else {
            return Received::Nothing;
        };
        if waiting == Waiting::Join && !is_welcome(&frame.bytes) {
            return Received::Unwelcome(with_status(&frame.bytes, Status::Launched));
        }
        if self.farewell.is_none() {
            self.status = Status::try_from(i32::from(frame.status)).unwrap_or(Status::Unknown);
        }
        match waiting {
            Waiting::Observation => self.last_look = Some(frame.bytes.clone()),
            Waiting::Info => self.last_info = Some(frame.bytes.clone()),
            _ => {}
        }
        Received::Bytes(frame.bytes)
    }

    /// The game is over. What the client waits for may have reached the host too late: it is answered here, and what
    /// the host still says to it is passed over.
    fn part(&mut self, look: Bytes) -> Received {
        self.farewell = ResponseObservation::decode(look).ok();
        self.status = Status::Ended;
        match self.waiting {
            Some(Waiting::Step | Waiting::Observation) => {
                self.n_overtaken += 1;
                let answer = self.settled();
                answer.map_or(Received::Nothing, |a| Received::Answer(Box::new(a)))
            }
            _ => Received::Nothing,
        }
    }

    /// What the client waits for, answered from the last look.
    fn settled(&mut self) -> Option<Result<Body, Refusal>> {
        self.knows_end = true;
        match self.waiting.take()? {
            Waiting::Step => {
                let seen = self.farewell.as_ref().and_then(|f| f.observation.as_ref());
                Some(Ok(Body::Step(proto::ResponseStep {
                    simulation_loop: seen.and_then(|o| o.game_loop),
                })))
            }
            Waiting::Observation => Some(Ok(Body::Observation(self.told_once()))),
            _ => Some(Err(Refusal::new(NOT_AFTER_END))),
        }
    }

    /// The host has gone: this player wins, if the game was not over. The answer to what the client waits for.
    pub fn lost(&mut self) -> Option<Result<Body, Refusal>> {
        self.out = None;
        if self.waiting == Some(Waiting::Join) {
            let text = "the host of the game has gone".to_owned();
            let error = response_join_game::Error::NetworkError;
            return Some(Ok(join_error(error, text)));
        }
        if self.farewell.is_none() {
            self.farewell = Some(self.victory());
        }
        self.status = Status::Ended;
        self.settled()
    }

    /// True as long as the join request has not been answered.
    pub fn is_joining(&self) -> bool {
        self.status == Status::Launched
    }

    /// The last look there was, with this player as the winner.
    fn victory(&self) -> ResponseObservation {
        let last = self.last_look.clone();
        let last = last.and_then(|bytes| Response::decode(bytes).ok());
        let mut look = match last.and_then(|response| response.response) {
            Some(Body::Observation(look)) => look,
            _ => ResponseObservation::default(),
        };
        forget_events(&mut look);
        look.observation.get_or_insert_with(Default::default);
        look.player_result = [(1, proto::Result::Defeat), (GUEST, proto::Result::Victory)]
            .map(|(id, result)| proto::PlayerResult {
                player_id: Some(id),
                result: Some(result as i32),
            })
            .to_vec();
        look
    }

    /// The last look; what happened before it is told once.
    fn told_once(&mut self) -> ResponseObservation {
        let Some(look) = &mut self.farewell else {
            return ResponseObservation::default();
        };
        let told = look.clone();
        forget_events(look);
        told
    }

    /// Answers after the end without the host, who may be gone. A client that has not been told of the end yet gets no
    /// errors for what it could not know.
    fn alone(&mut self, request: &Q) -> Result<Body, Refusal> {
        let knew = std::mem::replace(&mut self.knows_end, true);
        match request {
            Q::Observation(_) => Ok(Body::Observation(self.told_once())),
            Q::GameInfo(_) => {
                let last = self.last_info.clone();
                let last = last.and_then(|bytes| Response::decode(bytes).ok());
                let body = last.and_then(|response| response.response);
                body.ok_or_else(|| Refusal::new("the host of the game has gone"))
            }
            Q::Data(m) => Ok(Body::Data(data(DataWanted {
                abilities: m.ability_id(),
                units: m.unit_type_id(),
                upgrades: m.upgrade_id(),
                buffs: m.buff_id(),
                effects: m.effect_id(),
            }))),
            Q::SaveReplay(_) => Err(Refusal::new(
                "the host of the game, who has the replay, is gone",
            )),
            Q::Step(_) if knew => Err(Refusal::new(ENDED)),
            _ if knew => Err(Refusal::new(NOT_AFTER_END)),
            Q::Step(_) => {
                self.waiting = Some(Waiting::Step);
                self.settled().unwrap_or(Err(Refusal::new(ENDED)))
            }
            Q::Action(m) => Ok(Body::Action(proto::ResponseAction {
                result: vec![proto::ActionResult::Error as i32; m.actions.len()],
            })),
            Q::Query(m) => Ok(Body::Query(no_answers(m))),
            Q::Debug(_) => Ok(Body::Debug(proto::ResponseDebug {})),
            _ => Err(Refusal::new(NOT_AFTER_END)),
        }
    }
}

/// One empty answer for each question.
fn no_answers(questions: &proto::RequestQuery) -> proto::ResponseQuery {
    let abilities = questions.abilities.iter();
    proto::ResponseQuery {
        pathing: vec![proto::ResponseQueryPathing::default(); questions.pathing.len()],
        abilities: abilities
            .map(|q| proto::ResponseQueryAvailableAbilities {
                unit_tag: q.unit_tag,
                ..Default::default()
            })
            .collect(),
        placements: questions
            .placements
            .iter()
            .map(|_| proto::ResponseQueryBuildingPlacement {
                result: Some(proto::ActionResult::Error as i32),
            })
            .collect(),
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

fn request_frame(bytes: Bytes) -> LinkFrame {
    LinkFrame {
        kind: FrameKind::Request,
        status: 0,
        bytes,
    }
}

fn is_welcome(bytes: &Bytes) -> bool {
    let response = Response::decode(bytes.clone()).ok();
    match response.and_then(|r| r.response) {
        Some(Body::JoinGame(join)) => join.player_id.is_some(),
        _ => false,
    }
}

fn with_status(bytes: &Bytes, status: Status) -> Bytes {
    let mut response = Response::decode(bytes.clone()).unwrap_or_default();
    response.status = Some(status as i32);
    response.encode_to_vec().into()
}

fn forget_events(look: &mut ResponseObservation) {
    look.actions.clear();
    look.action_errors.clear();
    look.chat.clear();
    if let Some(seen) = &mut look.observation {
        seen.alerts.clear();
        if let Some(raw) = &mut seen.raw_data {
            raw.event = None;
        }
    }
}
