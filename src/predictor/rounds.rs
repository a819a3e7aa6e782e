//! Batched inference for games that go in step, with the same batches every time.
//!
//! A group of games asks in rounds: a round is complete when every game of the group that still goes on has asked one
//! question, and then all are answered together. Which questions share a batch is so decided by the games alone and not
//! by when threads get to run: the same group gives the same bits, which [`Service`](super::Service), whose batches
//! depend on timing, cannot promise. One thread a group; when it waits for slow games, other groups' threads compute.
//!
//! A game has one line ([`Client`]) for each of its network-backed seats. Between two questions of a game its other seat
//! may ask: the round counts games, not seats, so that two networks playing each other never wait for each other.

use super::PredictorError;
use super::batch::{Answer, Batcher, Memory, Network, Question, Request};
use crossbeam_channel::{Receiver, Sender, bounded};
use std::sync::Arc;

enum Event {
    Ask {
        game: usize,
        network: usize,
        request: Request,
    },
    /// A game will ask no more.
    Leave { game: usize },
}

/// Starts the thread of a group of `games` games and gives each game its lines, one for each network of `networks`
/// (whichever seats they sit in). The thread ends with the last line.
///
/// # Errors
/// If no thread can be started.
pub fn rounds(
    networks: Vec<impl Into<Network>>,
    games: usize,
) -> Result<Vec<Vec<RoundClient>>, PredictorError> {
    // A game has one question under way, or is leaving.
    let (events, receiver) = bounded(games.max(1) * 2);
    let n_networks = networks.len();
    let group = Group {
        batchers: networks.into_iter().map(Batcher::new).collect(),
        waiting: (0..games).map(|_| None).collect(),
        playing: games,
        asked: 0,
    };
    std::thread::Builder::new()
        .name("predictor-rounds".to_owned())
        .spawn(move || group.run(&receiver))
        .map_err(PredictorError::Spawn)?;
    let lines = |game| {
        let presence = Arc::new(Presence {
            game,
            events: events.clone(),
        });
        let line = |network| RoundClient {
            network,
            presence: presence.clone(),
            memory: Memory::default(),
        };
        (0..n_networks).map(line).collect()
    };
    Ok((0..games).map(lines).collect())
}

/// A game's line to one network of its group. It keeps the seat's LSTM state.
pub struct RoundClient {
    network: usize,
    presence: Arc<Presence>,
    memory: Memory,
}

/// A game that goes on; dropped with its last line.
struct Presence {
    game: usize,
    events: Sender<Event>,
}

impl Drop for Presence {
    fn drop(&mut self) {
        // If the group's thread is gone, nobody waits for this game.
        let _ = self.events.send(Event::Leave { game: self.game });
    }
}

impl RoundClient {
    /// Forgets the game: the next question starts from a zero state.
    pub fn reset(&mut self) {
        self.memory.reset();
    }

    /// LSTM state before the last question, hidden and cell, `[L * H]` each; empty = zeros.
    pub(super) fn before(&self) -> &[Vec<f32>; 2] {
        &self.memory.before
    }

    /// Asks, and waits for the round to be complete and answered.
    ///
    /// # Errors
    /// [`PredictorError::ServiceGone`] if the group's thread ended. A failed step is in the answer.
    pub fn ask(&mut self, question: Question) -> Result<Answer, PredictorError> {
        let (presence, network) = (&self.presence, self.network);
        self.memory.ask(question, |request| {
            let event = Event::Ask {
                game: presence.game,
                network,
                request,
            };
            let gone = |_| PredictorError::ServiceGone;
            presence.events.send(event).map_err(gone)
        })
    }
}

/// The group's side.
struct Group {
    batchers: Vec<Batcher>,
    /// By game: its question of this round, and to which network.
    waiting: Vec<Option<(usize, Request)>>,
    /// Games that go on.
    playing: usize,
    /// Of these, how many have asked in this round.
    asked: usize,
}

impl Group {
    fn run(mut self, events: &Receiver<Event>) {
        // Games are what runs at once here, not an operation's parts.
        tch::set_num_threads(1);
        while self.playing > 0 {
            match events.recv() {
                Ok(Event::Ask {
                    game,
                    network,
                    request,
                }) => {
                    self.waiting[game] = Some((network, request));
                    self.asked += 1;
                }
                Ok(Event::Leave { game }) => {
                    debug_assert!(self.waiting[game].is_none(), "a game left with a question");
                    self.playing -= 1;
                }
                Err(_) => return,
            }
            if self.asked == self.playing {
                self.answer();
            }
        }
    }

    /// Answers the round: a batch for each network, games in order.
    fn answer(&mut self) {
        let mut batches: Vec<Vec<Request>> = self.batchers.iter().map(|_| Vec::new()).collect();
        for waiting in &mut self.waiting {
            if let Some((network, request)) = waiting.take() {
                batches[network].push(request);
            }
        }
        self.asked = 0;
        for (batcher, mut batch) in self.batchers.iter_mut().zip(batches) {
            if !batch.is_empty() {
                batcher.answer(&mut batch);
            }
        }
    }
}
