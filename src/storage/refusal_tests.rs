//! Databases that do not do what is asked of them: empty, somebody else's, opened to look only, full.

use super::contract_tests::on_both;
use super::tests::{league_at, new_league, outcome, raw, run, training};
use super::*;
use crate::league::Outcome;

#[test]
fn an_empty_database_gets_tables_only_where_they_are_asked_for() {
    on_both(|at| {
        raw(at, "SELECT 'SQLite makes the file'");
        for open in [Storage::open, Storage::open_to_read] {
            let refused = open(at).err();
            assert!(matches!(refused, Some(StorageError::NoLeague { .. })));
        }
        let mut empty = Storage::create(at).unwrap();
        for refused in [
            empty.load_league().err(),
            empty.record_game(&training(Outcome::Win)).err(),
        ] {
            assert!(matches!(refused, Some(StorageError::NoLeague { .. })));
        }
        empty.create_league(&new_league()).unwrap();
        let again = empty.create_league(&new_league());
        assert!(matches!(again, Err(StorageError::LeagueExists { .. })));
    });
}

#[test]
fn a_database_of_something_else_is_left_alone() {
    on_both(|at| {
        raw(at, "CREATE TABLE recipes (name VARCHAR(20))");
        for open in [Storage::create, Storage::open, Storage::open_to_read] {
            let told = open(at).err().unwrap().to_string();
            assert!(
                told.contains("something else (table \"recipes\")"),
                "{told}"
            );
        }
        assert_eq!(raw(at, migrations::tables_of(at)), ["recipes"]);
    });
}

#[test]
fn a_reader_cannot_write() {
    on_both(|at| {
        let (mut writer, league) = league_at(at);
        let mut reader = Storage::open_to_read(at).unwrap();
        for _ in 0..2 {
            let refused = reader.record_game(&training(Outcome::Win));
            assert!(
                matches!(refused, Err(StorageError::ReadOnly { .. })),
                "{refused:?}"
            );
        }
        assert_eq!(reader.load_league().unwrap(), league, "it goes on reading");
        assert_eq!(writer.games().unwrap(), []);
    });
}

#[test]
fn a_full_disk_loses_nothing_that_was_acknowledged() {
    on_both(|at| {
        // The database's own limit stands in for the disk's: the error is the same. A server's is that of tables in memory.
        let [limit, filled, room] = match at {
            StorageUrl::Sqlite(_) => [
                "SELECT 1",
                "PRAGMA max_page_count = 60",
                "PRAGMA max_page_count = 100000",
            ],
            StorageUrl::Mysql(_) => [
                "SET SESSION max_heap_table_size = 65536",
                "ALTER TABLE games ENGINE = MEMORY",
                "ALTER TABLE games ENGINE = InnoDB",
            ],
        };
        let (mut storage, mut league) = league_at(at);
        run(&mut storage, limit);
        run(&mut storage, filled);
        let mut kept = 0;
        let error = loop {
            let row = training(outcome(kept));
            match storage.record_game(&row) {
                Ok(()) => league.record(&row.result).unwrap(),
                Err(error) => break error,
            }
            kept += 1;
            assert!(kept < 100_000, "it never filled up");
        };
        assert!(matches!(error, StorageError::Full { .. }), "{error:?}");
        assert!(error.to_string().contains("make room"));
        assert_eq!(storage.games().unwrap().len() as u64, kept);
        assert_eq!(storage.load_league().unwrap(), league);
        run(&mut storage, room);
        storage.record_game(&training(Outcome::Win)).unwrap();
    });
}
