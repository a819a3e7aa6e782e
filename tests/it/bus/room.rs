//! A bucket for objects that is full, and what writers that were cut off have left in it.

use super::{connected, payload};
use crate::servers::NatsServer;
use async_nats::jetstream;
use async_nats::jetstream::stream::{Config, DiscardPolicy};
use scc::bus::nats::NatsBus;
use scc::bus::{Bus, BusError};
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// Longer than writing an object takes.
const WRITING: Duration = Duration::from_secs(600);

/// Does something with the server, past the bus.
fn beside<T>(server: &NatsServer, work: impl AsyncFnOnce(jetstream::Context) -> T) -> T {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let client = async_nats::connect(server.url()).await.unwrap();
        work(jetstream::new(client)).await
    })
}

/// A bucket of the run `test_run` as an operator may make one: smaller than a URL can say.
fn small_bucket(server: &NatsServer, bytes_max: i64) {
    let bucket = "scc_test__run_objects";
    let config = Config {
        name: format!("OBJ_{bucket}"),
        subjects: vec![format!("$O.{bucket}.C.>"), format!("$O.{bucket}.M.>")],
        max_bytes: bytes_max,
        discard: DiscardPolicy::New,
        allow_rollup: true,
        allow_direct: true,
        ..Config::default()
    };
    beside(server, async |jetstream| {
        jetstream.create_stream(config).await.unwrap();
    });
}

/// What a writer of the run `test_run` leaves that is killed before it is done.
fn cut_off_writer(server: &NatsServer, chunks: usize, bytes: usize) {
    beside(server, async |jetstream| {
        for _ in 0..chunks {
            let chunk = "$O.scc_test__run_objects.C.UNFINISHED";
            let sent = jetstream.publish(chunk, vec![0; bytes].into()).await;
            sent.unwrap().await.unwrap();
        }
    });
}

/// Objects until the first that is refused: how many, and the refusal.
fn filled(bus: &dyn Bus, bytes: usize) -> (u64, BusError) {
    for number in 0..1_000 {
        if let Err(error) = bus.put(&format!("{bytes}/{number}"), &payload(number, bytes)) {
            return (number, error);
        }
    }
    panic!("it is never full");
}

#[test]
fn a_full_bucket_refuses_and_keeps_what_it_has() {
    let Some(server) = NatsServer::start() else {
        return;
    };
    small_bucket(&server, 3_400_000);
    let bus = connected(&server.url());
    let (kept, error) = filled(bus.as_ref(), 500_000);
    assert_eq!(kept, 6, "{error}");
    let told = error.to_string();
    for part in ["3400000 bytes", "500000/6", "objects_gib"] {
        assert!(told.contains(part), "{told}");
    }
    assert!(error.is_passing(), "somebody may forget one");
    let are_whole = |range: std::ops::Range<u64>| {
        for number in range {
            let got = bus.get(&format!("500000/{number}")).unwrap();
            assert!(got == Some(payload(number, 500_000)), "number {number}");
        }
    };
    // Neither does what is refused take up room, nor does it harm what it was to replace.
    for _ in 0..3 {
        bus.put("500000/0", &payload(9, 900_000)).unwrap_err();
    }
    are_whole(0..kept);
    bus.forget("500000/0").unwrap();
    bus.put("more", &payload(7, 700_000)).expect("room again");
    assert!(bus.get("more").unwrap() == Some(payload(7, 700_000)));
    are_whole(1..kept);
    // To the last byte that it may have: forgetting needs some, too.
    for bytes in [10_000, 1_000, 0] {
        filled(bus.as_ref(), bytes);
    }
    bus.forget("500000/1").unwrap();
    bus.put("more", &payload(8, 450_000)).expect("room again");
    assert!(bus.get("more").unwrap() == Some(payload(8, 450_000)));
    are_whole(2..kept);
}

#[test]
fn what_a_killed_writer_left_is_swept_out_and_nothing_else() {
    let Some(server) = NatsServer::start() else {
        return;
    };
    let bus = swept(&server.url());
    bus.put("weights", &payload(1, 500_000)).unwrap();
    cut_off_writer(&server, 3, 1_000);
    assert_eq!(bus.sweep(WRITING).unwrap(), 0, "it may be at work");
    std::thread::sleep(Duration::from_millis(20));
    assert_eq!(bus.sweep(Duration::from_millis(10)).unwrap(), 1);
    assert_eq!(bus.sweep(Duration::ZERO).unwrap(), 0, "once is enough");
    assert!(bus.get("weights").unwrap() == Some(payload(1, 500_000)));
}

fn swept(url: &str) -> NatsBus {
    NatsBus::connect(&url.parse().unwrap(), "test_run").unwrap_or_else(|e| panic!("{e}"))
}

#[test]
fn whose_clock_is_wrong_sweeps_nobody_out_who_is_at_work() {
    // The server's times are years before ours, or behind: what is told of the one is told of the other.
    for years in [-8, 8] {
        let Some(server) = NatsServer::start() else {
            return;
        };
        let (port, told) = with_other_times(server.port, "\"", years);
        let bus = swept(&format!("nats://127.0.0.1:{port}"));
        bus.put("weights", &payload(1, 500_000)).unwrap();
        cut_off_writer(&server, 3, 1_000);
        assert_eq!(bus.sweep(WRITING).unwrap(), 0, "{years} years");
        std::thread::sleep(Duration::from_millis(20));
        let swept = bus.sweep(Duration::from_millis(10)).unwrap();
        assert_eq!(swept, 1, "{years} years");
        assert!(told.load(Ordering::Relaxed) > 0, "no time was told");
    }
}

#[test]
fn a_full_bucket_makes_room_of_what_was_left_long_ago() {
    let Some(server) = NatsServer::start() else {
        return;
    };
    small_bucket(&server, 3_000_000);
    cut_off_writer(&server, 20, 100_000);
    let bus = connected(&server.url());
    bus.put("weights", &payload(1, 1_500_000)).unwrap_err();
    // What was written before is years old by now.
    let (port, _) = with_other_times(server.port, "\"ts\":\"", 8);
    let later = connected(&format!("nats://127.0.0.1:{port}"));
    later.put("weights", &payload(1, 1_500_000)).unwrap();
    assert!(bus.get("weights").unwrap() == Some(payload(1, 1_500_000)));
}

/// A way to a server, for one connection, on which the year of each time that it tells is another where `before` stands before
/// it; and how many there were so far. Eight years later a leap year is one again.
fn with_other_times(server: u16, before: &str, years: i16) -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("a port").port();
    let year = jiff::Timestamp::now()
        .to_zoned(jiff::tz::TimeZone::UTC)
        .year();
    let (old, new) = (
        format!("{before}{year}-"),
        format!("{before}{}-", year + years),
    );
    let told = Arc::new(AtomicUsize::new(0));
    let count = told.clone();
    std::thread::spawn(move || {
        let (client, _) = listener.accept().expect("a client");
        let server = TcpStream::connect(("127.0.0.1", server)).expect("a server");
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let _ = std::io::copy(&mut &client, &mut &server);
                let _ = server.shutdown(Shutdown::Both);
            });
            let _ = replacing(&server, &client, old.as_bytes(), new.as_bytes(), &count);
            let _ = client.shutdown(Shutdown::Both);
        });
    });
    (port, told)
}

/// Carries bytes, with `new` in place of `old`, which is as long.
fn replacing(
    mut from: &TcpStream,
    mut to: &TcpStream,
    old: &[u8],
    new: &[u8],
    count: &AtomicUsize,
) -> std::io::Result<()> {
    let (mut buffer, mut held) = (vec![0; 1 << 16], Vec::new());
    loop {
        let read = from.read(&mut buffer)?;
        if read == 0 {
            return Ok(());
        }
        held.extend(&buffer[..read]);
        for at in 0..held.len().saturating_sub(old.len() - 1) {
            if held[at..].starts_with(old) {
                held[at..at + old.len()].copy_from_slice(new);
                count.fetch_add(1, Ordering::Relaxed);
            }
        }
        // The rest of one may come next. No message of the protocol ends like one begins.
        let begun = (1..old.len()).rev().find(|n| held.ends_with(&old[..*n]));
        let next = held.split_off(held.len() - begun.unwrap_or(0));
        to.write_all(&held)?;
        held = next;
    }
}
