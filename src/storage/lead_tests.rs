//! Who leads a league: one process, and after an outage the same one unless another has led since.

use super::contract_tests::on_both;
use super::tests::{league_at, live, raw, training};
use super::*;
use crate::league::Outcome;
use crate::test_servers::MariaDb;

fn is_led<T>(result: &Result<T, StorageError>) -> bool {
    matches!(result, Err(StorageError::Led { .. }))
}

/// Opens a database for another process, which does not wait long for the lead.
fn another(at: &StorageUrl) -> Storage {
    let mut storage = Storage::open(at).unwrap();
    storage.link.lead_seconds = 1;
    storage
}

#[test]
fn one_process_leads_a_league_until_it_ends() {
    on_both(|at| {
        let (mut first, _) = league_at(at);
        first.lead().unwrap();
        first.lead().unwrap();
        let mut second = another(at);
        assert!(is_led(&second.lead()));
        assert!(is_led(&second.lead()), "asking again does not help");
        // An error of the database costs a file's leader its connection, and not the lead.
        if matches!(at, StorageUrl::Sqlite(_)) {
            let nonsense = async |c: &mut sqlx::AnyConnection| {
                sqlx::query("NONSENSE").execute(c).await?;
                Ok(())
            };
            assert!(first.link.write("fail", nonsense).is_err());
            assert!(is_led(&second.lead()));
        }
        first.record_game(&training(Outcome::Win)).unwrap();
        drop(first);
        second.lead().unwrap();
        assert!(is_led(&another(at).lead()));
    });
}

#[test]
fn a_leader_takes_the_lead_back_after_an_outage() {
    let Some(mut server) = MariaDb::start() else {
        return;
    };
    let at: StorageUrl = server.url().parse().unwrap();
    let (mut first, mut league) = league_at(&at);
    first.lead().unwrap();
    server.restart();
    // A reconnection takes the lead with it, whatever the call.
    let _ = first.load_league();
    live(&mut first, &mut league, 1);
    assert!(is_led(&another(&at).lead()));
}

/// A file's lead needs no such test: it goes by the process, whatever becomes of the connection.
#[test]
fn a_leader_that_was_cut_off_writes_no_more_once_another_has_led() {
    let Some(mut server) = MariaDb::start() else {
        return;
    };
    let at: StorageUrl = server.url().parse().unwrap();
    let (mut first, mut league) = league_at(&at);
    for restarted in [false, true] {
        first.lead().unwrap();
        if restarted {
            server.restart();
        } else {
            cut_all(&at);
        }
        let mut second = Storage::open(&at).unwrap();
        second.lead().unwrap();
        let lost = first.record_game(&training(Outcome::Win));
        assert!(lost.is_err(), "its connection is gone");
        assert!(is_led(&first.record_game(&training(Outcome::Win))));
        assert!(is_led(&first.load_league()));
        live(&mut second, &mut league, 1);
        // Also when the other has ended: what the first remembers of the league is old.
        drop(second);
        assert!(is_led(&first.record_game(&training(Outcome::Win))));
        let mut anew = Storage::open(&at).unwrap();
        assert_eq!(anew.load_league().unwrap(), league, "the second's only");
        first = anew;
    }
    first.lead().unwrap();
}

/// Ends all connections to the database, as a firewall or an administrator does.
fn cut_all(at: &StorageUrl) {
    let others = "SELECT CAST(id AS CHAR) FROM information_schema.processlist \
        WHERE db = DATABASE() AND id <> CONNECTION_ID()";
    for id in raw(at, others) {
        raw(at, &format!("KILL {id}"));
    }
}
