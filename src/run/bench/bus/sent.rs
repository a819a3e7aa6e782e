//! What a league's processes send: a game, and questions to a predictor with their answers.

use std::sync::Arc;

use crate::action::Specs;
use crate::bus::Bus;
use crate::game::Seed;
use crate::run::bench::game::{GAME_LOOPS, specs};
use crate::run::bench::wire::scripted_steps;
use crate::run::bench::{BenchError, Figures};
use crate::run::default_map;
use crate::trajectory::{Step, Unroll, Wire};

/// Looks of a game that are asked about; the one of middling size is measured.
const LOOKS: usize = 15;

/// A question and its answer, as the bus is given them.
pub(super) struct Exchange {
    /// What its figures' names end in.
    pub of: &'static str,
    pub question: Vec<u8>,
    pub answer: Vec<u8>,
}

/// See the module.
pub(super) struct Sent {
    /// How large it is.
    pub figures: Figures,
    pub exchanges: Vec<Exchange>,
    pub game: Vec<u8>,
    /// The game's bytes before they are packed.
    pub game_plain_bytes: usize,
}

/// What is sent is made of this: the steps of a scripted player's whole game.
pub(super) struct Played {
    pub specs: Specs,
    pub steps: Vec<Step>,
}

impl Played {
    /// Some of the steps, evenly over the game, in the order of their observations' sizes on the wire.
    pub fn looks(&self) -> Vec<&Step> {
        let every = (self.steps.len() / LOOKS).max(1);
        let mut looks: Vec<&Step> = self.steps.iter().step_by(every).collect();
        let wire = Wire::new(&self.specs);
        looks.sort_by_cached_key(|step| wire.encode(&alone(step)).len());
        looks
    }
}

/// Plays, asks, and keeps what was sent; networks answer over `bus`.
///
/// # Errors
/// If a game cannot be played, or the bus loses something.
pub(super) fn make(bus: &Arc<dyn Bus>, seed: Seed) -> Result<Sent, BenchError> {
    let specs = specs()?;
    let steps = scripted_steps(&default_map(), &specs, seed, GAME_LOOPS)?;
    let mut sent = send(bus, &Played { specs, steps }, seed)?;
    let mut add = |name: String, bytes: usize| {
        sent.figures.add(name, "bytes", vec![bytes as f64]);
    };
    add("bus.game_bytes".to_owned(), sent.game.len());
    add("bus.game_plain_bytes".to_owned(), sent.game_plain_bytes);
    for exchange in &sent.exchanges {
        let of = exchange.of;
        add(format!("bus.question{of}_bytes"), exchange.question.len());
        add(format!("bus.answer{of}_bytes"), exchange.answer.len());
    }
    Ok(sent)
}

#[cfg(feature = "torch")]
use super::league::send;

/// A scripted player's record, and its look and action as a question without a state and its answer.
#[cfg(not(feature = "torch"))]
fn send(_: &Arc<dyn Bus>, played: &Played, _: Seed) -> Result<Sent, BenchError> {
    let (wire, looks) = (Wire::new(&played.specs), played.looks());
    let look = looks[looks.len() / 2];
    let unrolls = crate::trajectory::slice_unrolls(played.steps.clone(), 16);
    let unrolls: Vec<Vec<u8>> = unrolls.iter().map(|unroll| wire.encode(unroll)).collect();
    let answer = postcard::to_stdvec(&look.action);
    Ok(Sent {
        figures: Figures::default(),
        exchanges: vec![Exchange {
            of: "",
            question: wire.encode(&alone(look)),
            answer: answer.map_err(crate::run::bench::failed("an action"))?,
        }],
        game_plain_bytes: unrolls.iter().map(|unroll| plain_bytes(unroll)).sum(),
        game: unrolls.concat(),
    })
}

/// A step's observation as it goes with a question: an unroll of one step.
fn alone(step: &Step) -> Unroll {
    let step = Step {
        obs: step.obs.clone(),
        ..Step::default()
    };
    Unroll {
        steps: vec![step],
        ..Unroll::default()
    }
}

/// An unroll's bytes before they were packed: its header says so (`trajectory::wire`).
pub(super) fn plain_bytes(unroll: &[u8]) -> usize {
    let length = unroll.get(14..18).and_then(|bytes| bytes.try_into().ok());
    length.map_or(0, |bytes| u32::from_le_bytes(bytes) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_says_how_many_bytes_were_packed() {
        let specs = specs().expect("valid");
        let steps = scripted_steps(&default_map(), &specs, Seed(1), 300).expect("a game");
        let wire = Wire::new(&specs);
        for step in &steps {
            let unroll = wire.encode(&alone(step));
            let unpacked = zstd::stream::decode_all(&unroll[18..]).expect("a zstd frame");
            assert_eq!(plain_bytes(&unroll), unpacked.len());
        }
        assert!(!steps.is_empty());
        assert_eq!(plain_bytes(b"short"), 0);
    }
}
