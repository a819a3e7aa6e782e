//! Objects, on every kind of bus: the old one or the new one, whole.

use super::{on_both, payload};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;

#[test]
fn objects_are_kept_replaced_listed_and_forgotten() {
    on_both(|ends| {
        let (here, there) = (&ends.here, &ends.there);
        assert_eq!(there.get("none").unwrap(), None);
        assert_eq!(there.objects().unwrap(), Vec::<String>::new());
        there.forget("none").unwrap();
        here.put("weights/main/1", b"first").unwrap();
        here.put("weights/main/2.x y", b"").unwrap();
        assert_eq!(there.get("weights/main/1").unwrap().unwrap(), b"first");
        assert_eq!(there.get("weights/main/2.x y").unwrap().unwrap(), b"");
        there.put("weights/main/1", b"second").unwrap();
        assert_eq!(here.get("weights/main/1").unwrap().unwrap(), b"second");
        let names = ["weights/main/1", "weights/main/2.x y"];
        assert_eq!(here.objects().unwrap(), names, "{}", ends.kind);
        here.forget("weights/main/1").unwrap();
        here.forget("weights/main/1").unwrap();
        assert_eq!(there.get("weights/main/1").unwrap(), None);
        assert_eq!(there.objects().unwrap(), names[1..], "{}", ends.kind);
        there.put("weights/main/1", b"third").unwrap();
        assert_eq!(here.get("weights/main/1").unwrap().unwrap(), b"third");
    });
}

#[test]
fn a_large_object_comes_back_as_it_was() {
    on_both(|ends| {
        let weights = payload(1, 20_000_000);
        ends.here.put("weights", &weights).unwrap();
        let got = ends.there.get("weights").unwrap().expect("it is there");
        assert!(got == weights, "{}: 20 MB, bit by bit", ends.kind);
    });
}

#[test]
fn who_reads_while_an_object_is_replaced_gets_one_or_the_other() {
    on_both(|ends| {
        let done = AtomicBool::new(false);
        let (started, starts) = mpsc::channel();
        ends.here.put("weights", &vec![0; 1_000_000]).unwrap();
        std::thread::scope(|scope| {
            let done = &done;
            scope.spawn(move || {
                let mut last = 0;
                while !done.load(Ordering::Relaxed) {
                    let got = ends.there.get("weights").unwrap().expect("it is there");
                    let whole = got.len() == 1_000_000 && got.iter().all(|b| *b == got[0]);
                    assert!(whole, "{}: a mixture", ends.kind);
                    assert!(got[0] >= last, "{}: back to an older one", ends.kind);
                    last = got[0];
                    // Nobody hears it after the first time.
                    started.send(()).ok();
                }
            });
            // In one process all versions are there sooner than a busy machine begins to read; a reader that failed fails the test.
            starts.recv().ok();
            drop(starts);
            for version in 1..=30 {
                ends.here.put("weights", &vec![version; 1_000_000]).unwrap();
            }
            done.store(true, Ordering::Relaxed);
        });
        let last = ends.there.get("weights").unwrap().expect("it is there");
        assert!(last == vec![30; 1_000_000], "{}", ends.kind);
    });
}

#[test]
fn a_server_without_room_says_what_to_give_it() {
    let config = "jetstream { store_dir: \"DIR/store\", max_file_store: 3GB }";
    let Some(server) = crate::servers::NatsServer::start_as(config) else {
        return;
    };
    let refused = super::connected(&server.url()).put("weights", b"w");
    let told = refused.expect_err("4 GiB do not fit").to_string();
    assert!(
        told.contains("4.0 GiB") && told.contains("objects_gib"),
        "{told}"
    );
    super::connected(&format!("{}?objects_gib=2", server.url()))
        .put("weights", b"w")
        .expect("2 GiB fit");
}
