//! Databases of other versions: an older one is updated with all that is in it, a newer one is refused.

use super::contract_tests::on_both;
use super::migrations::tables_of;
use super::tests::{MAIN, league_at, live, new_league, raw, run};
use super::*;
use crate::league::{LeagueEvent, PlayerId, Role};

/// What the program of version 1 wrote: a league of three players and a copy, some games, and all that can be kept of them.
const ROWS_OF_VERSION_1: &str = r#"
INSERT INTO schema_version (version) VALUES (1);
INSERT INTO meta (name, value) VALUES ('config', '{"payoff_decay":0.99,"matchmaking":{"self_play":0.35,"pfsp":0.5,
"forgotten":0.15,"hard_power":2.0,"self_play_win_rate_min":0.3,"exploiter_win_rate_min":0.3,"forgotten_win_rate_max":0.7,
"exploiter_curriculum_below":0.2},"rules":{"main_agent":{"steps_min":10,"steps_max":40,"win_rate":0.7,"games_min":10.0},
"main_exploiter":{"steps_min":10,"steps_max":40,"win_rate":0.7,"games_min":10.0},"league_exploiter":{"steps_min":10,
"steps_max":40,"win_rate":0.7,"games_min":10.0},"main_exploiter_reset":1.0,"league_exploiter_reset":0.25},"branch":{
"by":"lower_bound","set_size":1,"games_min":10},"starts":[{"name":"main","role":"main_agent","after":null,"at_steps":0,
"from":"supervised"},{"name":"main-exploiter","role":"main_exploiter","after":null,"at_steps":0,"from":"supervised"},
{"name":"league-exploiter","role":"league_exploiter","after":null,"at_steps":0,"from":"supervised"}]}');
INSERT INTO meta (name, value) VALUES ('seed', '18446744073709551610');
INSERT INTO players (id, name, role, past_of, parent, start_step, steps, promoted_step, resets, z_ids, checkpoint, active,
joined_ms) VALUES
(0, 'supervised', 'supervised', NULL, NULL, 0, 0, 0, 0, '', 'supervised.safetensors', 0, 1700000000000),
(1, 'main', 'main_agent', NULL, 0, 0, 47, 40, 0, '', 'm47', 1, 1700000000000),
(2, 'main-exploiter', 'main_exploiter', NULL, 0, 0, 9, 0, 1, '3 1', 'e9', 1, 1700000000000),
(3, 'league-exploiter', 'league_exploiter', NULL, 0, 0, 0, 0, 0, '', 'supervised.safetensors', 1, 1700000000000),
(4, 'main@40', 'past_player', 1, 0, 0, 40, 0, 0, '', 'm40', 0, 1700000001000);
INSERT INTO checkpoints (player, steps, path, saved_ms) VALUES (1, 40, 'm40', 1700000001000), (4, 40, 'm40', 1700000001000),
(1, 47, 'm47', 1700000002000), (2, 9, 'e9', 1700000002000);
INSERT INTO games (id, purpose, match_number, branch, player, opponent, player_version, opponent_version, player_z,
opponent_z, outcome, map, seed, loops, ended_ms) VALUES
(0, 'training', 0, 'pfsp', 1, 0, 5, 0, NULL, NULL, 'win', 'Flat64', -2, 1234, 1700000000500),
(1, 'training', 1, 'self_play', 1, 1, 12, 12, NULL, NULL, 'loss', 'Flat64', 7, 4321, 1700000000600),
(2, 'evaluation', NULL, NULL, 1, 2, 40, 9, NULL, 3, 'draw', 'Flat64', 8, 999, 1700000000700),
(3, 'z_evaluation', NULL, NULL, 1, 1, 40, 40, 3, NULL, 'win', 'Flat64', 9, 500, 1700000000800);
INSERT INTO payoff (player, opponent, wins, draws, losses) VALUES (0, 1, 0.0, 0.0, 1.0), (1, 2, 0.0, 1.0, 0.0);
INSERT INTO z_library (id, name, content) VALUES (0, 'rush', '{}'), (1, 'mech', '{"a":1}');
INSERT INTO z_statistics (against, z, wins, draws, losses) VALUES (1, 3, 1, 0, 0);
INSERT INTO strategies (player, item, games, total) VALUES (1, 'Marine', 2, 40.0);
INSERT INTO branch_requests (id, name, from_player, role, z_ids, status, detail, asked_ms) VALUES
(0, 'quick', 1, 'main_exploiter', '3 1', 'waiting', '', 1700000001500);
INSERT INTO events (id, event, player, steps, detail, happened_ms) VALUES
(0, 'promoted', 1, 40, '{"event":"promoted","player":1,"past":4,"steps":40,"reason":"timeout"}', 1700000001000);
"#;

/// Tables, columns and keys, as the database tells of them.
fn schema(at: &StorageUrl) -> Vec<String> {
    raw(
        at,
        match at {
            StorageUrl::Sqlite(_) => {
                "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name"
            }
            StorageUrl::Mysql(_) => {
                "SELECT CAST(CONCAT_WS(' ', table_name, column_name, column_type, is_nullable, column_key) AS CHAR) \
                FROM information_schema.columns WHERE table_schema = DATABASE() ORDER BY table_name, ordinal_position"
            }
        },
    )
}

/// The schema of a new database, which is empty again then.
fn todays_schema(at: &StorageUrl) -> Vec<String> {
    drop(Storage::create(at).unwrap());
    let schema = schema(at);
    for table in raw(at, tables_of(at)) {
        raw(at, &format!("DROP TABLE {table}"));
    }
    schema
}

/// As the program of version 1 left it.
fn make_version_1(at: &StorageUrl) {
    raw(at, include_str!("../../migrations/0001_league.sql"));
    raw(at, ROWS_OF_VERSION_1);
}

#[test]
fn an_older_database_is_read_as_it_is_and_updated_by_a_writer_with_all_its_rows() {
    on_both(|at| {
        let today = todays_schema(at);
        make_version_1(at);
        let before = schema(at);
        assert!(before.len() < today.len(), "tables are missing");
        let mut reader = Storage::open_to_read(at).unwrap();
        let (rows, league) = (reader.dump().unwrap(), reader.load_league().unwrap());
        let schedules = reader.runs("s");
        assert!(matches!(schedules, Err(StorageError::NoSchedule { .. })));
        drop(reader);
        assert_eq!(schema(at), before, "a reader updates nothing");
        // Two at once, as a master and a `scc league branch` may be.
        std::thread::scope(|scope| {
            let openings = [0; 2].map(|_| scope.spawn(|| Storage::open(at).map(drop)));
            for opening in openings {
                opening.join().unwrap().unwrap();
            }
        });
        assert_eq!(schema(at), today);
        let mut updated = Storage::open(at).unwrap();
        assert_eq!(updated.summary().unwrap().schema, SCHEMA_VERSION);
        let kept = updated.dump().unwrap();
        assert_eq!(kept[0].table, "schema_version");
        assert_eq!(kept[1..], rows[1..]);
        assert_eq!(updated.load_league().unwrap(), league);
        check_rows_of_version_1(&mut updated);
        let mut league = league;
        live(&mut updated, &mut league, 2);
        assert_eq!(updated.load_league().unwrap(), league);
        drop(updated);
        schedule_tests::check(at);
    });
}

/// What [`ROWS_OF_VERSION_1`] means today.
fn check_rows_of_version_1(storage: &mut Storage) {
    let league = storage.load_league().unwrap();
    assert_eq!(league.config(), new_league().config());
    assert_eq!(league.seed(), new_league().seed());
    assert_eq!(league.matches(), 2);
    let copy = league.player(PlayerId(4)).unwrap();
    assert_eq!((copy.role, copy.steps), (Role::PastPlayer { of: MAIN }, 40));
    let exploiter = league.find("main-exploiter").unwrap();
    assert_eq!(
        (exploiter.condition.ids(), exploiter.resets),
        (&[3, 1][..], 1)
    );
    assert_eq!(league.payoff().get(MAIN, PlayerId(0)).wins, 1.0);
    assert_eq!(league.z_statistics().len(), 1);
    let games = storage.games().unwrap();
    assert_eq!((games.len(), games[0].seed), (4, u64::MAX - 1));
    assert_eq!(storage.checkpoints().unwrap().len(), 4);
    assert_eq!(storage.z_library().unwrap()[1].name, "mech");
    assert_eq!(storage.strategies().unwrap()[0].mean, 20.0);
    assert_eq!(storage.branch_requests().unwrap()[0].order.name, "quick");
    let event = &storage.events().unwrap()[0].event;
    assert!(matches!(
        event,
        LeagueEvent::Promoted {
            past: PlayerId(4),
            ..
        }
    ));
}

#[test]
fn a_version_that_cannot_be_used_is_one_clear_error() {
    on_both(|at| {
        let (mut storage, league) = league_at(at);
        run(&mut storage, "UPDATE schema_version SET version = 99");
        drop(storage);
        for open in [Storage::create, Storage::open, Storage::open_to_read] {
            let told = open(at).err().unwrap().to_string();
            let newer = format!("newer program (schema 99, this one knows {SCHEMA_VERSION})");
            assert!(told.contains(&newer), "{told}");
        }
        // Older than all that can be read as they are: there is no such version yet.
        raw(at, "UPDATE schema_version SET version = 0");
        let told = Storage::open_to_read(at).err().unwrap().to_string();
        assert!(told.contains("older program (schema 0"), "{told}");
        let mut updated = Storage::open(at).unwrap();
        assert_eq!(updated.load_league().unwrap(), league);
        drop(updated);
        assert!(Storage::open_to_read(at).is_ok());
    });
}
