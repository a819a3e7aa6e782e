//! What a server can do to the bus: be absent, refuse, die, come back, stop answering, lose its disk.

use super::{LATE, SOON, bounds, connected, payload, refusal};
use crate::servers::NatsServer;
use scc::bus::nats::NatsBus;
use scc::bus::{Bus, BusError, BusUrl, LEAD_LASTS, Lead, connect};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Tries until it goes well; every failure on the way is a passing one, and comes in bounded time.
fn at_last<T>(what: &str, mut call: impl FnMut() -> Result<T, BusError>) -> T {
    let started = Instant::now();
    loop {
        let asked = Instant::now();
        match call() {
            Ok(done) => return done,
            Err(error) => assert!(error.is_passing(), "{what}: {error}"),
        }
        assert!(asked.elapsed() < Duration::from_secs(15), "{what} hangs");
        assert!(started.elapsed() < LATE, "{what}: never again");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn where_nobody_listens_it_says_so_at_once() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    let started = Instant::now();
    let error = refusal(&format!("nats://127.0.0.1:{port}"));
    assert!(matches!(error, BusError::Connect { .. }), "{error}");
    assert!(
        error
            .to_string()
            .contains("scc doctor --bus nats://127.0.0.1"),
        "{error}"
    );
    assert!(started.elapsed() < Duration::from_secs(5));
    let error = refusal("nats://no-such-host.invalid:4222");
    assert!(matches!(error, BusError::Connect { .. }), "{error}");
    // Somebody who is no NATS server, and says nothing.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    let started = Instant::now();
    let error = refusal(&format!("nats://127.0.0.1:{port}"));
    assert!(matches!(error, BusError::Connect { .. }), "{error}");
    assert!(started.elapsed() < Duration::from_secs(10), "it gives up");
    for bad_run in ["", "a.b", "a b"] {
        let url: BusUrl = "nats://127.0.0.1:1".parse().unwrap();
        let error = connect(&url, bad_run).err().expect("refused");
        assert!(matches!(error, BusError::Url { .. }), "{error}");
    }
}

#[test]
fn a_server_without_jetstream_is_refused_with_what_to_do() {
    let Some(server) = NatsServer::start_as("") else {
        return;
    };
    let error = refusal(&server.url()).to_string();
    assert!(error.contains("--jetstream"), "{error}");
}

#[test]
fn logins_are_checked_and_never_printed() {
    let users = "authorization { user: actor, password: \"s3cret@x\" }";
    let Some(server) = NatsServer::start_with(users) else {
        return;
    };
    let at = format!("127.0.0.1:{}", server.port);
    for wrong in ["", "actor:wr0ng@", "someone@"] {
        let error = refusal(&format!("nats://{wrong}{at}"));
        assert!(matches!(error, BusError::Connect { .. }), "{error}");
        assert!(error.to_string().contains("does not let us in"), "{error}");
        assert!(!error.to_string().contains("wr0ng"), "{error}");
    }
    connected(&format!("nats://actor:s3cret%40x@{at}"))
        .put("a", b"b")
        .unwrap();
    let Some(server) = NatsServer::start_with("authorization { token: t0ken }") else {
        return;
    };
    let at = format!("127.0.0.1:{}", server.port);
    refusal(&format!("nats://wrong@{at}"));
    connected(&format!("nats://t0ken@{at}"))
        .put("a", b"b")
        .unwrap();
    for file in ["creds", "ca", "cert=x&key"] {
        let error = refusal(&format!("nats://{at}?{file}=no-such-file"));
        assert!(matches!(error, BusError::Url { .. }), "{error}");
    }
    let damaged = server.folder.path().join("damaged.creds");
    std::fs::write(&damaged, "nothing that a credentials file has").unwrap();
    let error = refusal(&format!("nats://{at}?creds={}", damaged.display()));
    assert!(matches!(error, BusError::Url { .. }), "{error}");
}

#[test]
fn a_server_that_is_killed_and_comes_back_is_used_again() {
    let Some(mut server) = NatsServer::start() else {
        return;
    };
    let (here, there) = (connected(&server.url()), connected(&server.url()));
    let mut inbox = there.listen("news").unwrap();
    let mut questions = there.serve("ask", "group").unwrap();
    let queue = here.queue("work", &bounds(100, 1 << 26)).unwrap();
    for number in 0..5 {
        queue.push(&payload(number, 50_000)).unwrap();
    }
    queue.push(&payload(5, 2_000_000)).unwrap();
    assert!(queue.pull(LATE).unwrap().is_some());
    here.put("weights", &payload(9, 300_000)).unwrap();
    // What a server has not written down when it is killed may be delivered again, or count as dropped.
    std::thread::sleep(Duration::from_secs(1));
    server.kill();
    fails_while_the_server_is_away(here.as_ref(), queue.as_ref());
    assert_eq!(inbox.next(SOON).unwrap(), None, "a listener just waits");
    server.restart();
    at_last("publish", || here.publish("news", b"again"));
    let heard = at_last("listen", || match inbox.next(SOON)? {
        Some(delivery) if delivery.payload == b"again" => Ok(delivery),
        // It may have been sent before the listener was back; and what was said while the server was away may still come.
        _ => here
            .publish("news", b"again")
            .and(Err(BusError::NobodyThere {
                subject: "news".into(),
            })),
    });
    assert_eq!(heard.payload, b"again");
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let question = questions.next(LATE).unwrap().expect("a question");
            question.answer(b"yes").unwrap();
        });
        let answer = at_last("ask", || here.ask("ask", b"?", Duration::from_secs(5)));
        assert_eq!(answer, b"yes");
    });
    for number in 1..5 {
        let got = at_last("pull", || queue.pull(LATE)).expect("it was kept");
        assert!(got == payload(number, 50_000), "number {number}");
    }
    let got = at_last("pull", || queue.pull(LATE)).expect("it was kept");
    assert!(got == payload(5, 2_000_000), "the large one");
    let stats = at_last("look", || queue.stats());
    assert_eq!((stats.pushed, stats.waiting, stats.dropped), (6, 0, 0));
    let weights = at_last("get", || there.get("weights")).expect("it was kept");
    assert!(weights == payload(9, 300_000));
}

/// Every call ends in bounded time with an error that passes.
fn fails_while_the_server_is_away(bus: &dyn Bus, queue: &dyn scc::bus::Queue) {
    let started = Instant::now();
    let fails = |what: &str, call: &dyn Fn() -> Result<(), BusError>| {
        // What was sent just before may still be on its way.
        while call().is_ok() {
            assert!(
                started.elapsed() < Duration::from_secs(5),
                "{what} goes well"
            );
        }
        let asked = Instant::now();
        let error = call().expect_err(what);
        assert!(error.is_passing(), "{what}: {error}");
        assert!(asked.elapsed() < Duration::from_secs(12), "{what} hangs");
    };
    fails("publish", &|| bus.publish("news", b"x"));
    fails("ask", &|| bus.ask("ask", b"?", LATE).map(drop));
    fails("push", &|| queue.push(b"x"));
    fails("pull", &|| queue.pull(LATE).map(drop));
    fails("look", &|| queue.stats().map(drop));
    fails("put", &|| bus.put("a", b"b"));
    fails("get", &|| bus.get("weights").map(drop));
    fails("list", &|| bus.objects().map(drop));
    fails("listen", &|| bus.listen("other").map(drop));
    fails("serve", &|| bus.serve("other", "g").map(drop));
}

#[test]
fn a_server_that_stops_answering_is_given_up_and_used_again() {
    let Some(server) = NatsServer::start() else {
        return;
    };
    let bus = connected(&server.url());
    let queue = bus.queue("work", &bounds(100, 1 << 20)).unwrap();
    queue.push(b"before").unwrap();
    server.freeze(true);
    let started = Instant::now();
    let error = queue.push(b"lost").unwrap_err();
    assert!(error.is_passing(), "{error}");
    let error = bus.ask("any", b"?", SOON).unwrap_err();
    assert!(error.is_passing(), "{error}");
    assert!(started.elapsed() < Duration::from_secs(15), "it hangs");
    server.freeze(false);
    at_last("push", || queue.push(b"after"));
    assert_eq!(
        at_last("pull", || queue.pull(LATE)).as_deref(),
        Some(&b"before"[..])
    );
}

#[test]
fn a_server_that_lost_its_disk_gets_its_queues_and_buckets_again() {
    let Some(mut server) = NatsServer::start() else {
        return;
    };
    let bus = connected(&server.url());
    let queue = bus.queue("work", &bounds(100, 1 << 26)).unwrap();
    queue.push(b"gone").unwrap();
    bus.put("weights", b"gone").unwrap();
    assert_eq!(bus.lead("master", "gone").unwrap(), Lead::Ours);
    server.kill();
    std::fs::remove_dir_all(server.folder.path().join("store")).unwrap();
    server.restart();
    at_last("push", || queue.push(b"new"));
    let pulled = at_last("pull", || queue.pull(LATE));
    assert_eq!(pulled.as_deref(), Some(&b"new"[..]));
    at_last("push", || queue.push(&payload(1, 2_000_000)));
    let large = at_last("pull", || queue.pull(LATE)).expect("it is there");
    assert!(large == payload(1, 2_000_000));
    at_last("put", || bus.put("weights", b"new"));
    assert_eq!(at_last("get", || bus.get("weights")).unwrap(), b"new");
    let taken = at_last("lead", || bus.lead("master", "new"));
    assert_eq!(taken, Lead::Ours);
}

#[test]
fn a_lead_outlives_a_server_that_comes_back_in_time() {
    let Some(mut server) = NatsServer::start() else {
        return;
    };
    let bus = connected(&server.url());
    let taken = Instant::now();
    assert_eq!(bus.lead("master", "one").unwrap(), Lead::Ours);
    // Until the server has written it down for good.
    std::thread::sleep(Duration::from_secs(1));
    server.kill();
    let asked = Instant::now();
    for error in [
        bus.lead("master", "one").unwrap_err(),
        bus.resign("master", "one").unwrap_err(),
    ] {
        assert!(error.is_passing(), "{error}");
    }
    assert!(asked.elapsed() < Duration::from_secs(15), "it hangs");
    server.restart();
    let answer = at_last("lead", || bus.lead("master", "two"));
    if taken.elapsed() < LEAD_LASTS {
        assert_eq!(answer, Lead::Of("one".to_owned()));
    } else {
        println!("skipped: the server was not back in time");
    }
}

#[test]
fn runs_on_one_server_do_not_see_each_other_and_can_be_removed() {
    let Some(server) = NatsServer::start() else {
        return;
    };
    let url: BusUrl = server.url().parse().unwrap();
    let one = NatsBus::connect(&url, "a").unwrap();
    let two: Arc<dyn Bus> = Arc::new(NatsBus::connect(&url, "a_b").unwrap());
    let mut inbox = two.listen(">").unwrap();
    one.publish("x", b"for a").unwrap();
    one.put("weights", b"of a").unwrap();
    one.queue("b_c", &bounds(9, 1 << 20))
        .unwrap()
        .push(b"of a")
        .unwrap();
    assert_eq!(one.lead("master", "one").unwrap(), Lead::Ours);
    assert_eq!(two.lead("master", "two").unwrap(), Lead::Ours);
    assert_eq!(inbox.next(SOON).unwrap(), None);
    assert_eq!(two.get("weights").unwrap(), None);
    let queue = two.queue("c", &bounds(9, 1 << 20)).unwrap();
    assert_eq!(queue.pull(SOON).unwrap(), None);
    two.put("weights", b"of a_b").unwrap();
    queue.push(b"stays").unwrap();
    one.remove_run().unwrap();
    assert_eq!(
        one.queue("b_c", &bounds(9, 1 << 20))
            .unwrap()
            .stats()
            .unwrap()
            .pushed,
        0
    );
    assert_eq!(one.lead("master", "another").unwrap(), Lead::Ours);
    let kept = two.lead("master", "another").unwrap();
    assert_eq!(kept, Lead::Of("two".to_owned()));
    assert_eq!(two.get("weights").unwrap().unwrap(), b"of a_b");
    assert_eq!(queue.pull(LATE).unwrap().as_deref(), Some(&b"stays"[..]));
}
