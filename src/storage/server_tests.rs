//! A database server that dies, hangs and comes back: an error within bounded time, nothing acknowledged lost, and the same
//! [`Storage`] goes on.

use super::tests::{league_at, live};
use super::*;
use crate::test_servers::MariaDb;
use std::time::{Duration, Instant};

#[test]
fn a_server_that_dies_loses_nothing_and_is_found_again() {
    let Some(mut server) = MariaDb::start() else {
        return;
    };
    let at: StorageUrl = server.url().parse().unwrap();
    let (mut storage, mut league) = league_at(&at);
    live(&mut storage, &mut league, 5);
    server.kill();
    for _ in 0..2 {
        let refused = storage.load_league();
        assert!(
            matches!(refused, Err(StorageError::Connect { .. })),
            "{refused:?}"
        );
    }
    server.restart();
    assert_eq!(storage.load_league().unwrap(), league);
    live(&mut storage, &mut league, 5);
    assert_eq!(storage.load_league().unwrap(), league);
}

#[test]
fn a_server_that_hangs_is_waited_for_so_long_and_no_longer() {
    let Some(server) = MariaDb::start() else {
        return;
    };
    let at: StorageUrl = server.url().parse().unwrap();
    let (mut storage, league) = league_at(&at);
    storage.link.work_seconds = 1;
    server.freeze(true);
    let begun = Instant::now();
    let refused = storage.load_league();
    assert!(
        matches!(refused, Err(StorageError::Connect { .. })),
        "{refused:?}"
    );
    let waited = begun.elapsed();
    assert!(waited < Duration::from_secs(20), "{waited:?}");
    server.freeze(false);
    assert_eq!(storage.load_league().unwrap(), league);
}

#[test]
fn one_process_leads_a_league_at_a_server_and_takes_the_lead_back_after_an_outage() {
    let Some(mut server) = MariaDb::start() else {
        return;
    };
    let at: StorageUrl = server.url().parse().unwrap();
    let (mut storage, mut league) = league_at(&at);
    storage.lead().unwrap();
    server.restart();
    // A reconnection takes the lead with it, whatever the call.
    let _ = storage.load_league();
    live(&mut storage, &mut league, 1);
    let mut another = Storage::open(&at).unwrap();
    let refused = another.lead();
    assert!(
        matches!(refused, Err(StorageError::Led { .. })),
        "{refused:?}"
    );
    drop(storage);
    another.lead().unwrap();
}
