//! A learner that is alone with its games.

use super::*;
use crate::actor::Played;
use crate::bus::{Bus, Inbox, LocalBus, Message, encode, next_typed};
use crate::league::PlayerId;
use crate::policy::checkpoint::{CheckpointNotes, to_bytes};
use crate::predictor::{Service, ServiceConfig};
use crate::run::cluster::messages::{GameMessage, Heartbeat, MetricsMessage, file, games, metrics};
use crate::run::cluster::tests::{StopAtTheEnd, deadline, flag, kit, play, policy, role};
use crate::run::rl::KeptGame;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// Version of the learner's weights.
const VERSION: u64 = 100;

/// A game whose steps were taken by weights of that version.
fn game(kit: &Kit, version: u64) -> Played {
    let service = Service::start(&policy(), &kit.specs, &ServiceConfig::default()).expect("starts");
    service.publish(version, Arc::new(policy().params().weights()));
    let played = play(kit, [service.client().into(), service.client().into()]);
    let learns = played.experience[1].as_ref().expect("recorded");
    assert_eq!(learns.version_min, version);
    played
}

fn unrolls(played: &Played) -> usize {
    let recorded = played.experience.iter().flatten();
    recorded.map(|e| e.unrolls.len()).sum()
}

fn message(played: &Played) -> Vec<u8> {
    encode(&GameMessage {
        opponent: "main".to_owned(),
        seat: Some(1),
        played: KeptGame::of(played),
    })
}

/// A group of one, which goes on from weights of version [`VERSION`], until it is asked to stop.
fn learn(bus: &Arc<dyn Bus>, kit: &Kit, folder: &Path, stop: &'static AtomicBool) -> Kept {
    let options = role(bus, "alone", folder, stop);
    let member = Member::start(&options, ClusterRole::Learner).expect("starts");
    let checkpoint = to_bytes(&policy(), None, &[], &CheckpointNotes::default()).expect("plain");
    for path in ["start.safetensors", &kit.supervised] {
        bus.put(&file(path), &checkpoint).expect("kept");
    }
    let seat = SeatMessage {
        player: PlayerId(1),
        name: "main".to_owned(),
        generation: 1,
        rank: 0,
        size: 1,
        address: None,
        checkpoint: "start.safetensors".to_owned(),
        resets: 0,
        step_min: VERSION,
        samples: 0,
        seconds: 0.0,
        share: 0.0,
    };
    let place = Rendezvous::open(&options.host).expect("opens");
    let group = Group::join(&place.address(), 0, 1, MEET).expect("meets");
    let met = Met {
        group,
        _place: Some(place),
    };
    let trained = team::train(&member, kit, &options, &seat, met, None);
    trained.expect("trains").expect("of use")
}

/// Of the messages within a minute, the first that `of` makes something of.
fn first<M: Message, T>(inbox: &mut dyn Inbox, of: impl Fn(M) -> Option<T>) -> Option<T> {
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(60) {
        let next = next_typed(inbox, Duration::from_secs(1)).expect("open");
        if let Some(found) = next.and_then(|(_, message)| of(message)) {
            return Some(found);
        }
    }
    None
}

/// Stale unrolls that signs of life tell of, once there are `n` or more.
fn stale_in(beats: &mut dyn Inbox, n: f64) -> Option<f64> {
    let stale = |beat: Heartbeat| beat.rates.get("unrolls_stale").copied();
    first(beats, |beat| stale(beat).filter(|told| *told >= n))
}

#[test]
fn games_of_an_actor_a_hundred_versions_behind_are_counted_and_teach_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let bus: Arc<dyn Bus> = Arc::new(LocalBus::new());
    let kit = kit(folder.path(), &bus);
    assert!(kit.config.learner.staleness_max < VERSION);
    let (stale, fresh) = (game(&kit, 0), game(&kit, VERSION));
    let round = kit.config.learner.samples / kit.config.learner.unroll;
    assert!(
        unrolls(&stale) > round && unrolls(&fresh) > round,
        "each would do for a step"
    );
    let queue = bus
        .queue(&games("main"), &kit.queue_bounds())
        .expect("made");
    let mut rows = bus.listen(&metrics("main")).expect("open");
    let mut beats = bus.listen("heartbeat.learner.*").expect("open");
    let stop = flag();
    let _deadline = deadline(stop);
    let kept = std::thread::scope(|scope| {
        let learner = scope.spawn(|| learn(&bus, &kit, folder.path(), stop));
        let _at_the_end = StopAtTheEnd(stop);
        for _ in 0..2 {
            queue.push(&message(&stale)).expect("kept");
        }
        let dropped = 2 * unrolls(&stale);
        assert_eq!(stale_in(&mut *beats, dropped as f64), Some(dropped as f64));
        let row = rows.next(Duration::from_secs(2)).expect("open");
        assert_eq!(row, None, "no step is made of them");
        queue.push(&message(&fresh)).expect("kept");
        let row = first(&mut *rows, |message: MetricsMessage| Some(message.row));
        let row = row.expect("a step is made of the fresh game");
        assert_eq!(row.step, VERSION + 1);
        assert_eq!(row.values["unrolls_stale"], dropped as f64);
        assert_eq!(row.values["policy_lag_max"], 0.0);
        stop.store(true, Ordering::Relaxed);
        learner.join().expect("no panic")
    });
    assert!(kept.counts.step > VERSION);
    assert!(kept.held().updates > 0);
}
