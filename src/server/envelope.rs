//! Answers and what surrounds them: the request's id, the status, texts for what is refused.

use crate::sc2::proto::{Response, Status, response};
use prost::Message;
use prost::bytes::Bytes;

pub(super) type Body = response::Response;

/// A request that gets no body: wrong state, or not understood. Clients look at some of these texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal(pub String);

impl Refusal {
    pub fn new(text: impl Into<String>) -> Refusal {
        Refusal(text.into())
    }
}

/// What came of a request.
pub(super) enum Answer {
    Now(Box<Body>),
    /// The answer follows when the game has got there; see `Session::take_answers`.
    Later,
    /// Not for this process: another one hosts the game, at this port of the loopback address.
    JoinHost(u16),
}

pub(super) type Handled = Result<Answer, Refusal>;

/// The texts that clients compare with.
pub(super) const ENDED: &str = "Game has already ended";
pub(super) const NOT_AFTER_END: &str = "Not supported if game has already ended";
pub(super) const NOT_STARTED: &str = "A game has not been started yet";
pub(super) const NOT_IN_GAME: &str = "Not in a game";

/// The bytes of a whole answer.
pub(super) fn envelope(answer: Result<Body, Refusal>, id: Option<u32>, status: Status) -> Bytes {
    let (response, error) = match answer {
        Ok(body) => (Some(body), Vec::new()),
        Err(Refusal(text)) => (None, vec![text]),
    };
    let message = Response {
        id,
        error,
        status: Some(status as i32),
        response,
    };
    message.encode_to_vec().into()
}
