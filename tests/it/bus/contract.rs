//! Messages and questions, on every kind of bus.

use super::{LATE, SOON, on_both};
use scc::bus::{BusError, Delivery, local, nats};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

#[test]
fn a_message_reaches_all_who_listen_to_its_subject_and_nobody_else() {
    on_both(|ends| {
        let mut exact = ends.there.listen("agents.main.2").unwrap();
        let mut one = ends.there.listen("agents.*.2").unwrap();
        let mut all = ends.here.listen("agents.>").unwrap();
        let mut other = ends.there.listen("agents.main").unwrap();
        ends.here.publish("agents.main.2", b"two").unwrap();
        ends.here.publish("agents.rush.3", b"three").unwrap();
        ends.here.publish("unheard", b"nothing").unwrap();
        let delivery = |subject: &str, payload: &[u8]| Delivery {
            subject: subject.to_owned(),
            payload: payload.to_vec(),
        };
        let two = delivery("agents.main.2", b"two");
        assert_eq!(exact.next(LATE).unwrap(), Some(two.clone()));
        assert_eq!(one.next(LATE).unwrap(), Some(two.clone()));
        assert_eq!(all.next(LATE).unwrap(), Some(two));
        let three = delivery("agents.rush.3", b"three");
        assert_eq!(all.next(LATE).unwrap(), Some(three));
        for inbox in [&mut exact, &mut one, &mut all, &mut other] {
            assert_eq!(inbox.next(SOON).unwrap(), None, "{}", ends.kind);
        }
    });
}

#[test]
fn who_does_not_read_loses_the_newest() {
    assert_eq!(local::WAITING_MAX, nats::WAITING_MAX);
    on_both(|ends| {
        let mut slow = ends.there.listen("flood").unwrap();
        let mut end = ends.there.listen("end").unwrap();
        let sent = local::WAITING_MAX as u32 + 100;
        for number in 0..sent {
            ends.here.publish("flood", &number.to_le_bytes()).unwrap();
        }
        // What was sent before has arrived when this has.
        ends.here.publish("end", b"").unwrap();
        assert!(end.next(LATE).unwrap().is_some());
        let mut got = Vec::new();
        while let Some(delivery) = slow.next(SOON).unwrap() {
            got.push(u32::from_le_bytes(delivery.payload[..].try_into().unwrap()));
        }
        let kept: Vec<u32> = (0..local::WAITING_MAX as u32).collect();
        assert_eq!(got, kept, "{}: the first that fit", ends.kind);
        ends.here.publish("flood", &[1; 4]).unwrap();
        assert!(slow.next(LATE).unwrap().is_some(), "it goes on");
    });
}

#[test]
fn each_question_is_answered_once_by_one_of_the_group() {
    on_both(|ends| {
        let done = AtomicBool::new(false);
        let served: Vec<AtomicUsize> = (0..3).map(|_| AtomicUsize::new(0)).collect();
        std::thread::scope(|scope| {
            for (idx, count) in served.iter().enumerate() {
                let bus = if idx == 0 { &ends.here } else { &ends.there };
                let mut questions = bus.serve("infer.*", "predictors").unwrap();
                let done = &done;
                scope.spawn(move || {
                    while !done.load(Ordering::Relaxed) {
                        let Some(question) = questions.next(Duration::from_millis(20)).unwrap()
                        else {
                            continue;
                        };
                        count.fetch_add(1, Ordering::Relaxed);
                        let mut answer = question.subject.clone().into_bytes();
                        answer.extend(&question.payload);
                        question.answer(&answer).unwrap();
                    }
                });
            }
            std::thread::scope(|asking| {
                for asker in 0..4_u8 {
                    asking.spawn(move || {
                        let subject = format!("infer.{asker}");
                        for number in 0..50_u8 {
                            let answer = ends.here.ask(&subject, &[number], LATE).unwrap();
                            let expected = [subject.as_bytes(), &[number]].concat();
                            assert_eq!(answer, expected, "{}", ends.kind);
                        }
                    });
                }
            });
            done.store(true, Ordering::Relaxed);
        });
        let counts: Vec<usize> = served.iter().map(|c| c.load(Ordering::Relaxed)).collect();
        assert_eq!(
            counts.iter().sum::<usize>(),
            200,
            "{}: {counts:?}",
            ends.kind
        );
        assert!(counts.iter().all(|n| *n > 0), "{}: {counts:?}", ends.kind);
    });
}

#[test]
fn who_asks_learns_that_nobody_is_there_or_that_no_answer_came() {
    on_both(|ends| {
        let started = Instant::now();
        let error = ends.here.ask("nobody", b"?", LATE).unwrap_err();
        assert!(matches!(error, BusError::NobodyThere { .. }), "{error}");
        assert!(error.is_passing() && started.elapsed() < LATE / 2);
        // A listener hears what is published, not what is asked.
        let mut inbox = ends.there.listen("nobody").unwrap();
        let error = ends.here.ask("nobody", b"?", LATE).unwrap_err();
        assert!(matches!(error, BusError::NobodyThere { .. }), "{error}");
        assert_eq!(inbox.next(SOON).unwrap(), None);
        let mut silent = ends.there.serve("silent", "one").unwrap();
        let started = Instant::now();
        let error = ends.here.ask("silent", b"?", SOON).unwrap_err();
        assert!(
            matches!(error, BusError::TimedOut { wait: SOON, .. }),
            "{error}"
        );
        assert!(error.is_passing() && started.elapsed() >= SOON);
        // An answer after the time is over is nobody's error.
        let question = silent.next(LATE).unwrap().expect("the question");
        assert_eq!(
            (question.subject.as_str(), &question.payload[..]),
            ("silent", &b"?"[..])
        );
        question.answer(b"late").unwrap();
        // One that is dropped unanswered is no answer either.
        std::thread::scope(|scope| {
            scope.spawn(|| drop(silent.next(LATE).unwrap().expect("the question")));
            let error = ends.here.ask("silent", b"?", SOON * 2).unwrap_err();
            assert!(matches!(error, BusError::TimedOut { .. }), "{error}");
        });
        drop(silent);
        let error = ends.here.ask("silent", b"?", SOON).unwrap_err();
        let gone = matches!(error, BusError::NobodyThere { .. });
        // Over a network the news that somebody left takes a moment.
        assert!(gone || ends.kind == "nats", "{error}");
    });
}

#[test]
fn what_no_message_can_carry_is_refused_at_once() {
    on_both(|ends| {
        let huge = vec![0; local::MESSAGE_BYTES_MAX + 1];
        let _serving = ends.there.serve("s", "g").unwrap();
        for error in [
            ends.here.publish("s", &huge).unwrap_err(),
            ends.here.ask("s", &huge, LATE).unwrap_err(),
        ] {
            let too_large = matches!(error, BusError::TooLarge { .. });
            assert!(too_large && !error.is_passing(), "{error}");
        }
        for wrong in ["", "a b", "a.*", ">", "a..b"] {
            ends.here.publish(wrong, b"").unwrap_err();
            ends.here.ask(wrong, b"", SOON).unwrap_err();
        }
        assert!(ends.here.listen("a b").is_err());
        assert!(ends.here.serve("a", "b c").is_err());
        assert!(ends.here.queue("a.b", &super::bounds(1, 1)).is_err());
        assert!(ends.here.put("", b"").is_err());
    });
}
