//! Leads, on every kind of bus: one holder at a time.

use super::{Ends, LATE, SOON, on_both};
use scc::bus::{Bus, LEAD_LASTS, Lead};
use std::sync::{Arc, Barrier};
use std::time::{Duration, Instant};

fn of(holder: &str) -> Lead {
    Lead::Of(holder.to_owned())
}

#[test]
fn a_lead_has_one_holder_until_it_is_given_up() {
    on_both(|ends| {
        let (here, there) = (&ends.here, &ends.there);
        assert_eq!(here.lead("master", "run-1").unwrap(), Lead::Ours);
        assert_eq!(there.lead("master", "run 2 ä").unwrap(), of("run-1"));
        assert_eq!(here.lead("master", "run-1").unwrap(), Lead::Ours);
        // The holder is who it says it is, from wherever it asks.
        assert_eq!(there.lead("master", "run-1").unwrap(), Lead::Ours);
        assert_eq!(there.lead("other", "run 2 ä").unwrap(), Lead::Ours);
        assert_eq!(here.lead("other", "run-1").unwrap(), of("run 2 ä"));
        there.resign("master", "run 2 ä").unwrap();
        assert_eq!(there.lead("master", "run 2 ä").unwrap(), of("run-1"));
        here.resign("master", "run-1").unwrap();
        here.resign("master", "run-1").unwrap();
        assert_eq!(there.lead("master", "run 2 ä").unwrap(), Lead::Ours);
        assert_eq!(here.lead("master", "run-1").unwrap(), of("run 2 ä"));
        there.resign("none", "run-1").unwrap();
        for wrong in ["", "a.b", "a b", ">"] {
            here.lead(wrong, "run-1").unwrap_err();
            here.resign(wrong, "run-1").unwrap_err();
        }
    });
}

#[test]
fn a_lead_lasts_its_time_from_when_it_was_last_kept() {
    on_both(|ends| {
        assert_eq!(ends.here.lead("master", "one").unwrap(), Lead::Ours);
        std::thread::sleep(LEAD_LASTS * 6 / 10);
        let kept = Instant::now();
        assert_eq!(ends.here.lead("master", "one").unwrap(), Lead::Ours);
        std::thread::sleep(LEAD_LASTS / 2);
        // Longer than the time from when it was taken, so that keeping it is what made the difference.
        let asked = ends.there.lead("master", "two").unwrap();
        assert_eq!(asked, of("one"), "{}", ends.kind);
        while ends.there.lead("master", "two").unwrap() != Lead::Ours {
            assert!(kept.elapsed() < LATE, "{}: never free", ends.kind);
            std::thread::sleep(Duration::from_millis(20));
        }
        // The server's clock is not the one that this test goes by.
        let lasted = kept.elapsed();
        assert!(lasted > LEAD_LASTS - SOON, "{}: {lasted:?}", ends.kind);
        let asked = ends.here.lead("master", "one").unwrap();
        assert_eq!(asked, of("two"), "{}", ends.kind);
    });
}

#[test]
fn of_many_who_ask_at_once_one_gets_the_lead() {
    on_both(|ends| {
        for round in 0..20 {
            let name = format!("master-{round}");
            let answers = asked_at_once(ends, &name, 8);
            let ours = |answer: &&(String, Lead)| answer.1 == Lead::Ours;
            assert_eq!(answers.iter().filter(ours).count(), 1, "{answers:?}");
            let (winner, _) = answers.iter().find(ours).expect("one");
            let told = |answer: &(String, Lead)| answer.0 == *winner || answer.1 == of(winner);
            assert!(answers.iter().all(told), "{}: {answers:?}", ends.kind);
        }
    });
}

/// What so many holders are told who ask for one lead at the same time, from both ends.
fn asked_at_once(ends: &Ends, name: &str, holders: usize) -> Vec<(String, Lead)> {
    let start = Barrier::new(holders);
    let ask = |idx: usize| {
        let bus: &Arc<dyn Bus> = if idx.is_multiple_of(2) {
            &ends.here
        } else {
            &ends.there
        };
        let holder = format!("run-{idx}");
        start.wait();
        let answer = bus.lead(name, &holder).unwrap();
        (holder, answer)
    };
    std::thread::scope(|scope| {
        let asking: Vec<_> = (0..holders)
            .map(|idx| scope.spawn(move || ask(idx)))
            .collect();
        let joined = asking
            .into_iter()
            .map(|thread| thread.join().expect("an answer"));
        joined.collect()
    })
}
