//! Two runs that want one bus, and processes whose clocks are wrong.

use super::*;
use crate::bus::Lead;
use crate::run::cluster::messages::{Heartbeat, MASTER};
use std::collections::BTreeMap;

/// By how much a clock is wrong, in milliseconds.
const HOURS: u64 = 9 * 3_600_000;

/// All objects, by name.
fn objects(bus: &dyn Bus) -> BTreeMap<String, Vec<u8>> {
    let names = bus.objects().expect("names").into_iter();
    let content = |name: &str| bus.get(name).expect("readable").expect("there");
    names.map(|name| (name.clone(), content(&name))).collect()
}

/// What a master of the run in `folder` is refused with.
fn refused(bus: &Arc<dyn Bus>, folder: &Path) -> String {
    let stop = flag();
    let _deadline = deadline(stop);
    let ended = master(bus, folder, &config(), stop);
    ended.expect_err("another run leads").to_string()
}

fn one_run_at_a_time(ours: Arc<dyn Bus>, theirs: Arc<dyn Bus>) {
    let folders = [0, 1].map(|_| tempfile::tempdir().expect("a folder"));
    let [first, second] = folders.each_ref().map(|folder| folder.path());
    led(&ours, first, |_| {
        let before = objects(&*ours);
        for name in ["run", "weights/main", "weights/hunter"] {
            assert!(before.contains_key(name), "{:?}", before.keys());
        }
        let told = refused(&theirs, second);
        let id = std::fs::read_to_string(first.join("run/cluster.id")).expect("written");
        assert!(
            told.contains(&format!("run {id} leads the league")),
            "{told}"
        );
        assert!(told.contains("wait 10 seconds"), "{told}");
        assert!(objects(&*ours) == before, "the first one's objects stay");
        status(&*theirs, Duration::from_secs(10)).expect("it still answers");
    });
    // Killed, it has the bus for a while: another run waits, its own next master does not.
    let id = std::fs::read_to_string(first.join("run/cluster.id")).expect("written");
    assert_eq!(ours.lead(MASTER, &id).expect("free"), Lead::Ours);
    assert!(refused(&theirs, second).contains(&id));
    led(&ours, first, |_| {});
    // It has ended, and given the bus up: the other one begins, with objects of its own.
    led(&theirs, second, |_| {
        let own = std::fs::read(second.join("run/cluster.id")).expect("written");
        assert_eq!(objects(&*theirs)["run"], own);
    });
}

#[test]
fn of_two_runs_on_one_bus_the_second_is_refused_until_the_first_has_ended() {
    let bus: Arc<dyn Bus> = Arc::new(LocalBus::new());
    one_run_at_a_time(bus.clone(), bus);
    let Some(nats) = NatsServer::start() else {
        return;
    };
    let url: crate::bus::BusUrl = nats.url().parse().expect("a URL");
    let connect = || crate::bus::connect(&url, "shared").expect("connects");
    one_run_at_a_time(connect(), connect());
}

/// An actor's sign of life, by a clock that stands at `clock_ms`.
fn beat(id: &str, clock_ms: u64) -> Heartbeat {
    Heartbeat {
        role: ClusterRole::Actor,
        id: id.to_owned(),
        host: "elsewhere".to_owned(),
        pid: 1,
        version: "0".to_owned(),
        since_ms: clock_ms,
        sent_ms: clock_ms,
        rates: [].into(),
        texts: [].into(),
    }
}

#[test]
fn a_clock_that_is_wrong_changes_nothing_that_the_master_decides() {
    let folder = tempfile::tempdir().expect("a folder");
    let bus: Arc<dyn Bus> = Arc::new(LocalBus::new());
    led(&bus, folder.path(), |_| {
        let now = crate::run::host::now_ms();
        for (id, clock_ms) in [
            ("right", now),
            ("behind", now - HOURS),
            ("ahead", now + HOURS),
            ("never-set", 0),
            ("broken", u64::MAX),
        ] {
            let subject = format!("heartbeat.actor.{id}");
            bus.publish(&subject, &encode(&beat(id, clock_ms)))
                .expect("heard");
        }
        let look = || {
            let told = status(&*bus, Duration::from_secs(10)).expect("answers");
            let actors = told.processes.into_iter();
            let actors = actors.filter(|p| p.beat.role == ClusterRole::Actor);
            let silence = actors
                .map(|p| (p.alive, p.silent_seconds))
                .collect::<Vec<_>>();
            (silence, told.wanted["actor"])
        };
        std::thread::sleep(Duration::from_millis(500));
        let (actors, wanted) = look();
        assert_eq!((actors.len(), wanted), (5, 5), "{actors:?}");
        assert!(
            actors.iter().all(|(alive, s)| *alive && *s < 3.0),
            "{actors:?}"
        );
        // Nobody says anything any more: all are lost after the same time.
        std::thread::sleep(Duration::from_millis(3500));
        let (actors, wanted) = look();
        assert_eq!((actors.len(), wanted), (5, 1), "{actors:?}");
        let lost = |(alive, s): &(bool, f64)| !alive && (3.0..60.0).contains(s);
        assert!(actors.iter().all(lost), "{actors:?}");
    });
}
