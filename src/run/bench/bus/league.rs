//! A league's bytes: a game played by asking a predictor over the bus, and questions to it.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::predictor::{Bytes, Predictor, line, question};
use super::sent::{Exchange, Played, Sent, plain_bytes};
use super::sweep::sweep;
use crate::actor::{self, RecorderOptions, play_job};
use crate::bus::{Bus, encode};
use crate::env::Arena;
use crate::evaluator::{EvaluatorError, GameOptions};
use crate::game::Seed;
use crate::predictor::PredictorError;
use crate::run::bench::{BenchError, Figures, failed};
use crate::run::cluster::GameMessage;
use crate::run::config::{LearnerConfig, RewardsConfig};
use crate::run::rl::{Games, KeptGame, Matchup, Rewards, Side, SpecLine};
use crate::run::{Agents, default_map};
use crate::trajectory::{Step, Wire};

/// Ten minutes of game time: a fresh network looks seldom, about 200 times.
const GAME_LOOPS: u32 = 13_440;

/// Plays a game by asking a `small` network over `bus`, asks it and a `paper` one about a look, and measures the `small` one.
///
/// # Errors
/// If a network cannot be made, the game cannot be played, or the bus loses something.
pub(super) fn send(bus: &Arc<dyn Bus>, played: &Played, seed: Seed) -> Result<Sent, BenchError> {
    let mut figures = Figures::default();
    let looks = played.looks();
    let small = Predictor::start(bus, &played.specs, "small", seed)?;
    let game = play(&small, seed, GAME_LOOPS).map_err(failed("a game"))?;
    let unrolls = game.experience.iter().flatten().flat_map(|e| &e.unrolls);
    let (packed, plain) = unrolls.fold((0, 0), |(packed, plain), unroll| {
        (packed + unroll.len(), plain + plain_bytes(unroll))
    });
    let steps = game.experience.iter().flatten().map(|e| e.steps() as f64);
    figures.add("bus.game_steps", "steps", vec![steps.sum()]);
    let pushed = GameMessage {
        opponent: "main@1".to_owned(),
        seat: Some(0),
        played: KeptGame::of(&game),
    };
    let game = encode(&pushed);
    let asked = |p: &Predictor| exchanges(p, looks[looks.len() / 2], seed);
    let [with, without] = asked(&small).map_err(failed("a question"))?;
    sweep(&small, &mut figures, &looks, seed)?;
    drop(small);
    let paper = Predictor::start(bus, &played.specs, "paper", seed)?;
    let [large, _] = asked(&paper).map_err(failed("a question"))?;
    let of = |of, (question, answer)| Exchange {
        of,
        question,
        answer,
    };
    Ok(Sent {
        figures,
        exchanges: vec![of("", with), of("_stateless", without), of("_paper", large)],
        game_plain_bytes: game.len() - packed + plain,
        game,
    })
}

/// A game of two players that both ask here, the first recorded, as an actor of a league plays it; cut off after `loops_max`.
fn play(asked: &Predictor, seed: Seed, loops_max: u32) -> Result<actor::Played, EvaluatorError> {
    let map = default_map();
    let rewards = Rewards::open(&RewardsConfig::default(), &map);
    let games = Games {
        map,
        rewards: rewards.map_err(|source| EvaluatorError::Agent {
            spec: "bench".to_owned(),
            source: Box::new(source),
        })?,
        agents: Arc::<Agents>::default(),
        temperature: 1.0,
    };
    let names = ["main", "main@1"].map(str::to_owned);
    let matchup = Matchup {
        number: 0,
        seed: seed.fork("bench-bus-game", 0),
        seat: 0,
        opponent: Side::Live(names[1].clone()),
        names,
        both: false,
        z: [None, None],
    };
    let remotes = asked.remotes();
    let line = || -> SpecLine { (line(&remotes).into(), asked.specs.clone()) };
    let job = games.job(&matchup, line(), Some(line()))?;
    let recorder = RecorderOptions {
        wire: Wire::new(&asked.specs),
        unroll: LearnerConfig::default().unroll,
    };
    let options = GameOptions {
        loops_max,
        record: false,
        stop: &AtomicBool::new(false),
        arena: &Arena::Simulator,
    };
    play_job(job, &recorder, options)
}

/// What is asked about a look and answered: with the state that a network carries, and without any. The answer without
/// one is shorter by as much.
fn exchanges(asked: &Predictor, look: &Step, seed: Seed) -> Result<[Bytes; 2], PredictorError> {
    let mut line = line(&asked.remotes());
    let mut last = |question| {
        line.ask(question)?;
        Ok::<_, PredictorError>(asked.last())
    };
    let mut without = last(question(look, seed))?;
    let with = last(question(look, seed))?;
    let state = with.0.len() - without.0.len();
    without.1.truncate(with.1.len() - state);
    Ok([with, without])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bus::{LocalBus, decode};
    use crate::policy::PolicyConfig;
    use crate::predictor::remote::{AnswerMessage, AskMessage};
    use crate::run::bench::game::specs;
    use crate::run::bench::wire::scripted_steps;

    #[test]
    fn a_game_and_questions_go_over_the_bus_as_a_leagues_do() {
        let bus = Arc::new(LocalBus::new()) as Arc<dyn Bus>;
        let specs = specs().expect("valid");
        let steps = scripted_steps(&default_map(), &specs, Seed(1), 500).expect("a game");
        let tiny = Predictor::start(&bus, &specs, "tiny", Seed(1)).expect("starts");
        let game = play(&tiny, Seed(1), 1344).expect("played");
        let [Some(recorded), None] = &game.experience else {
            panic!("the first player's record alone: {:?}", game.experience);
        };
        let asked = tiny.service.stats().questions;
        // Both players ask at every step.
        assert!(recorded.steps() > 10 && asked > recorded.steps() as u64);
        assert!(recorded.unrolls.iter().all(|u| plain_bytes(u) > u.len()));
        let [with, without] = exchanges(&tiny, &steps[steps.len() / 2], Seed(2)).expect("answered");
        let core = PolicyConfig::tiny().core;
        let state = (2 * core.layers * core.hidden) as usize * size_of::<f32>();
        // Beside the numbers themselves, how many there are.
        let more = with.0.len() - without.0.len();
        assert!((state..state + 8).contains(&more), "{more} {state}");
        assert_eq!(with.1.len() - without.1.len(), more);
        decode::<AskMessage>(&with.0).expect("a question");
        decode::<AskMessage>(&without.0).expect("a question");
        decode::<AnswerMessage>(&with.1).expect("its answer");
    }
}
