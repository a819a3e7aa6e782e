//! The bus: questions and answers, queues, objects.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::{BenchError, Figures, failed, repeat};
use crate::bus::nats::NatsBus;
use crate::bus::{Bus, BusError, BusUrl, LocalBus, QueueBounds};
use crate::game::Seed;
use rand::Rng;

/// A question to a predictor, on average over whole games with `small`: an observation and the recurrent state (docs/SCALING.md).
const QUESTION_BYTES: usize = 4_300;
/// Its answer: an action, and the state after it.
const ANSWER_BYTES: usize = 2_100;
/// A short trajectory.
const PAYLOAD_BYTES: usize = 50_000;
/// Weights of a small network.
const OBJECT_BYTES: usize = 20_000_000;
/// Messages in a run.
const MESSAGES: usize = 400;
const RUNS: usize = 5;
/// Askers at once, in the second measure of questions.
const ASKERS: usize = 8;
const WAIT: Duration = Duration::from_secs(10);

/// `bus.ask_*`: questions of 4.3 KB and answers of 2.1 KB, one and eight askers at once, one who answers in two threads;
/// `bus.queue_*`: 50 KB pushed and pulled by a thread each; `bus.object_*`: 20 MB put and got. On `url`, or the bus inside
/// this process. What it makes on a server is removed.
///
/// # Errors
/// If the bus cannot be reached or loses something.
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
    // Nothing that a connection could compress.
    let mut payload = vec![0; OBJECT_BYTES];
    seed.fork("bench-bus", 0).rng().fill_bytes(&mut payload);
    let mut figures = Figures::default();
    for (name, askers) in [("ask", 1), ("ask_8", ASKERS)] {
        let seconds = asks(bus, &payload[..QUESTION_BYTES], askers);
        let seconds = seconds.map_err(failed("questions over the bus"))?;
        rates(&mut figures, name, MESSAGES, QUESTION_BYTES, &seconds);
    }
    let seconds = queued(bus, &payload[..PAYLOAD_BYTES]);
    let seconds = seconds.map_err(failed("a queue on the bus"))?;
    rates(&mut figures, "queue", MESSAGES, PAYLOAD_BYTES, &seconds);
    objects(&mut figures, bus.as_ref(), &payload).map_err(failed("objects on the bus"))?;
    Ok(figures)
}

fn rates(figures: &mut Figures, name: &str, messages: usize, bytes: usize, seconds: &[f64]) {
    let each = |count: f64| seconds.iter().map(|s| count / s).collect();
    let megabytes = (messages * bytes) as f64 / 1e6;
    figures.add(
        format!("bus.{name}_per_second"),
        "messages/s",
        each(messages as f64),
    );
    figures.add(format!("bus.{name}_mb_per_second"), "MB/s", each(megabytes));
}

/// Seconds of each run in which `askers` ask [`MESSAGES`] questions in all.
fn asks(bus: &Arc<dyn Bus>, payload: &[u8], askers: usize) -> Result<Vec<f64>, BusError> {
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
                        let _ = question.answer(&[7; ANSWER_BYTES]);
                    }
                }
            });
        }
        let run = |_| {
            let started = Instant::now();
            std::thread::scope(|scope| {
                let ask = || {
                    (0..MESSAGES / askers)
                        .try_for_each(|_| bus.ask("bench.ask", payload, WAIT).map(drop))
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
