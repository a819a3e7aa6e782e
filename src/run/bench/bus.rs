//! The bus: questions and answers, queues, objects, with what a league's processes send over it.

#[cfg(feature = "torch")]
mod league;
#[cfg(feature = "torch")]
mod predictor;
mod sent;
#[cfg(feature = "torch")]
mod sweep;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::{BenchError, Figures, failed, repeat};
use crate::bus::nats::NatsBus;
use crate::bus::{Bus, BusError, BusUrl, LocalBus, QueueBounds};
use crate::game::Seed;
use rand::Rng;
use sent::{Exchange, Sent};

/// Weights of a small network.
const OBJECT_BYTES: usize = 20_000_000;
/// Messages in a run.
const MESSAGES: usize = 400;
const RUNS: usize = 5;
/// Askers at once, in the second measure of questions.
const ASKERS: usize = 8;
const WAIT: Duration = Duration::from_secs(10);

/// What is sent: `bus.game_*`, one short game of a fresh `small` network on Flat64 as an actor pushes it (`plain`: before it is
/// packed); `bus.question_*` and `bus.answer_*`, a question to a predictor in the middle of a game and its answer: of `small`,
/// of `paper`, and without the LSTM's state (`stateless`). Without the feature `torch` there are no networks: a scripted player's
/// record, and questions without a state.
///
/// How fast: `bus.ask_*` and `bus.ask_8_*`, these questions by one and eight askers at once, two threads answer with what is
/// there; `bus.queue_*`, the game pushed and pulled by a thread each; `bus.object_*`, 20 MB put and got. `bus.infer_{1,4,16}.*`:
/// so many askers at once of a predictor with a `small` network, one core: time to the answer (median and 99th percentile),
/// questions a second, questions in a batch. On `url`, or the bus inside this process. What it makes on a server is removed.
///
/// # Errors
/// If the bus cannot be reached or loses something, or the game cannot be played.
pub fn bus(url: Option<&BusUrl>, seed: Seed) -> Result<Figures, BenchError> {
    let run = format!("bench-{}", std::process::id());
    let Some(url) = url else {
        return measure(&(Arc::new(LocalBus::new()) as Arc<dyn Bus>), seed);
    };
    let nats = NatsBus::connect(url, &run).map_err(failed("the bus"))?;
    let figures = measure(&(Arc::new(nats.clone()) as Arc<dyn Bus>), seed);
    nats.remove_run().map_err(failed("the bus"))?;
    figures
}

fn measure(bus: &Arc<dyn Bus>, seed: Seed) -> Result<Figures, BenchError> {
    let Sent {
        mut figures,
        exchanges,
        game,
        game_plain_bytes,
    } = sent::make(bus, seed)?;
    for exchange in &exchanges {
        for (askers, name) in [(1, "ask"), (ASKERS, "ask_8")] {
            let seconds = asks(bus, exchange, askers);
            let seconds = seconds.map_err(failed("questions over the bus"))?;
            let name = format!("{name}{}", exchange.of);
            rates(&mut figures, &name, exchange.question.len(), &seconds);
        }
    }
    let seconds = queued(bus, &game).map_err(failed("a queue on the bus"))?;
    rates(&mut figures, "queue", game.len(), &seconds);
    let plain = megabytes(game_plain_bytes, &seconds);
    figures.add("bus.queue_plain_mb_per_second", "MB/s", plain);
    // Nothing that a connection could compress.
    let mut payload = vec![0; OBJECT_BYTES];
    seed.fork("bench-bus", 0).rng().fill_bytes(&mut payload);
    objects(&mut figures, bus.as_ref(), &payload).map_err(failed("objects on the bus"))?;
    Ok(figures)
}

/// Of runs that took so long: messages and megabytes a second.
fn rates(figures: &mut Figures, name: &str, bytes: usize, seconds: &[f64]) {
    let messages = seconds.iter().map(|s| MESSAGES as f64 / s).collect();
    figures.add(format!("bus.{name}_per_second"), "messages/s", messages);
    let megabytes = megabytes(bytes, seconds);
    figures.add(format!("bus.{name}_mb_per_second"), "MB/s", megabytes);
}

fn megabytes(bytes: usize, seconds: &[f64]) -> Vec<f64> {
    let all = (MESSAGES * bytes) as f64 / 1e6;
    seconds.iter().map(|s| all / s).collect()
}

/// Seconds of each run in which `askers` ask [`MESSAGES`] questions in all.
fn asks(bus: &Arc<dyn Bus>, exchange: &Exchange, askers: usize) -> Result<Vec<f64>, BusError> {
    let done = AtomicBool::new(false);
    let serve = |_| bus.serve("bench.ask", "bench");
    let serving = (0..2).map(serve).collect::<Result<Vec<_>, BusError>>()?;
    std::thread::scope(|scope| {
        for mut questions in serving {
            let done = &done;
            scope.spawn(move || {
                while !done.load(Ordering::Relaxed) {
                    if let Ok(Some(question)) = questions.next(Duration::from_millis(20)) {
                        // An asker that got no answer says so.
                        let _ = question.answer(&exchange.answer);
                    }
                }
            });
        }
        let run = |_| {
            let started = Instant::now();
            std::thread::scope(|scope| {
                let ask = || {
                    (0..MESSAGES / askers)
                        .try_for_each(|_| bus.ask("bench.ask", &exchange.question, WAIT).map(drop))
                };
                let asking: Vec<_> = (0..askers).map(|_| scope.spawn(ask)).collect();
                asking.into_iter().try_for_each(joined)
            })?;
            Ok(started.elapsed().as_secs_f64())
        };
        let seconds = repeat(RUNS, run).into_iter().collect();
        done.store(true, Ordering::Relaxed);
        seconds
    })
}

/// Seconds of each run in which one thread pushes [`MESSAGES`] and another pulls them.
fn queued(bus: &Arc<dyn Bus>, payload: &[u8]) -> Result<Vec<f64>, BusError> {
    let bounds = QueueBounds {
        messages_max: 2 * MESSAGES as u64,
        bytes_max: 512 << 20,
        age_max: Duration::from_secs(600),
    };
    let queue = bus.queue("bench", &bounds)?;
    let run = |_| {
        let started = Instant::now();
        std::thread::scope(|scope| {
            let pushing = scope.spawn(|| (0..MESSAGES).try_for_each(|_| queue.push(payload)));
            for _ in 0..MESSAGES {
                if queue.pull(WAIT)?.is_none() {
                    return Err(BusError::Failed {
                        doing: "pull a message".to_owned(),
                        what: "the queue has lost one".to_owned(),
                    });
                }
            }
            joined(pushing)
        })?;
        Ok(started.elapsed().as_secs_f64())
    };
    repeat(RUNS, run).into_iter().collect()
}

fn objects(figures: &mut Figures, bus: &dyn Bus, bytes: &[u8]) -> Result<(), BusError> {
    let timed = |work: &dyn Fn() -> Result<(), BusError>| {
        let started = Instant::now();
        work().map(|()| bytes.len() as f64 / 1e6 / started.elapsed().as_secs_f64())
    };
    let puts = repeat(RUNS, |_| timed(&|| bus.put("bench", bytes)));
    let gets = repeat(RUNS, |_| timed(&|| bus.get("bench").map(drop)));
    bus.forget("bench")?;
    for (name, runs) in [("put", puts), ("get", gets)] {
        let runs = runs.into_iter().collect::<Result<Vec<f64>, BusError>>()?;
        figures.add(format!("bus.object_{name}_mb_per_second"), "MB/s", runs);
    }
    Ok(())
}

/// What a thread came to; its panic is ours.
fn joined<T>(thread: std::thread::ScopedJoinHandle<'_, T>) -> T {
    match thread.join() {
        Ok(done) => done,
        Err(panic) => std::panic::resume_unwind(panic),
    }
}
