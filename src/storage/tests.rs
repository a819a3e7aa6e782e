//! The database against the league in memory, and everything that can be wrong with a file.

use super::*;
use crate::league::{
    BranchOrder, Condition, GameKind, GameResult, League, LeagueConfig, LeagueError, Outcome,
    PlayerId, Role, SUPERVISED,
};
use std::path::PathBuf;

const MAIN: PlayerId = PlayerId(1);

struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Place {
        Place {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join(DATABASE_FILE)
    }

    fn at(&self) -> StorageUrl {
        StorageUrl::in_run(self.folder.path())
    }

    /// A database with a league that copies players after 10 to 40 steps.
    fn league(&self) -> (Storage, League) {
        let mut storage = Storage::create(&self.at()).unwrap();
        let league = new_league();
        storage.create_league(&league).unwrap();
        (storage, league)
    }
}

fn new_league() -> League {
    let mut config = LeagueConfig::default();
    let rules = &mut config.rules;
    for rule in [
        &mut rules.main_agent,
        &mut rules.main_exploiter,
        &mut rules.league_exploiter,
    ] {
        (rule.steps_min, rule.steps_max) = (10, 40);
    }
    League::new(config, u64::MAX - 5, "supervised.safetensors").unwrap()
}

fn game(kind: GameKind, player: PlayerId, opponent: PlayerId, outcome: Outcome) -> GameRow {
    GameRow {
        result: GameResult {
            kind,
            player,
            opponent,
            outcome,
            player_z: (kind == GameKind::ZEvaluation).then_some(3),
            opponent_z: None,
        },
        match_number: None,
        branch: None,
        player_version: 5,
        opponent_version: 0,
        map: "Flat64".into(),
        seed: u64::MAX - 1,
        loops: 1234,
        ended_ms: 1_700_000_000_000,
    }
}

fn training(outcome: Outcome) -> GameRow {
    game(GameKind::Training, MAIN, SUPERVISED, outcome)
}

fn outcome(n: u64) -> Outcome {
    [Outcome::Win, Outcome::Loss, Outcome::Draw][(n * n % 7 % 3) as usize]
}

/// Plays and trains for some rounds, in memory and in the database alike.
fn live(storage: &mut Storage, league: &mut League, rounds: u64) {
    for n in 0..rounds {
        let active: Vec<PlayerId> = league
            .players()
            .iter()
            .filter(|p| p.active)
            .map(|p| p.id)
            .collect();
        for player in active {
            let opponent = league.next_match(player).unwrap();
            let mut row = game(GameKind::Training, player, opponent.id, outcome(n));
            (row.match_number, row.branch) = (Some(opponent.match_number), Some(opponent.branch));
            league.record(&row.result).unwrap();
            storage.record_game(&row).unwrap();
            let steps = league.player(player).unwrap().steps + 7;
            let events = league
                .on_progress(player, steps, &format!("{player}-{steps}"))
                .unwrap();
            storage.save_progress(league, player, &events).unwrap();
        }
        let z = game(GameKind::ZEvaluation, MAIN, MAIN, outcome(n));
        league.record(&z.result).unwrap();
        storage.record_game(&z).unwrap();
    }
}

#[test]
fn what_is_read_back_is_the_league_in_memory() {
    let place = Place::new();
    let (mut storage, mut league) = place.league();
    assert_eq!(storage.load_league().unwrap(), league);
    live(&mut storage, &mut league, 25);
    assert!(league.players().len() > 10, "copies joined");
    assert_eq!(storage.load_league().unwrap(), league);
    drop(storage);
    let mut again = Storage::open(&place.at()).unwrap();
    let mut resumed = again.load_league().unwrap();
    assert_eq!(resumed, league);
    live(&mut again, &mut resumed, 3);
    let mut beside = Storage::open_to_read(&place.at()).unwrap();
    assert_eq!(
        beside.load_league().unwrap(),
        resumed,
        "a reader beside a writer"
    );
    assert_eq!(again.games().unwrap().len(), 25 * 4 + 3 * 4);
    assert_eq!(resumed.z_statistics().len(), 1);
    resumed.forget_z(MAIN);
    again.forget_z(MAIN).unwrap();
    assert_eq!(again.load_league().unwrap(), resumed);
}

#[test]
fn rows_come_back_as_they_were_given() {
    let place = Place::new();
    let (mut storage, mut league) = place.league();
    let rows = [
        training(Outcome::Win),
        game(GameKind::Evaluation, SUPERVISED, MAIN, Outcome::Draw),
    ];
    storage.record_games(&rows).unwrap();
    assert_eq!(storage.games().unwrap(), rows);
    let newest = storage.recent_games(2).unwrap();
    let last: Vec<GameRow> = rows.iter().rev().take(2).cloned().collect();
    assert_eq!(newest, last);
    let totals = storage.pair_totals().unwrap();
    assert_eq!(totals.len(), 1);
    assert_eq!((totals[0].player, totals[0].opponent), (SUPERVISED, MAIN));
    let record = totals[0].record;
    assert_eq!((record.wins, record.draws, record.losses), (0.0, 1.0, 1.0));
    let events = league.on_progress(MAIN, 40, "m40").unwrap();
    storage.save_progress(&league, MAIN, &events).unwrap();
    let kept: Vec<_> = storage
        .events()
        .unwrap()
        .into_iter()
        .map(|e| e.event)
        .collect();
    assert_eq!(kept, events);
    let checkpoints = storage.checkpoints().unwrap();
    let told: Vec<_> = checkpoints
        .iter()
        .map(|c| (c.player, c.steps, c.path.as_str()))
        .collect();
    let copy = PlayerId(4);
    assert_eq!(told, [(MAIN, 40, "m40"), (copy, 40, "m40")]);
    assert_eq!(storage.add_z("rush", "{}").unwrap(), 0);
    assert_eq!(storage.add_z("mech", "{}").unwrap(), 1);
    assert_eq!(storage.add_z("rush", "{}").unwrap(), 0);
    assert_eq!(storage.z_library().unwrap()[1].name, "mech");
    for marines in [10.0, 30.0] {
        storage.add_strategy(MAIN, &[("Marine", marines)]).unwrap();
    }
    let strategy = &storage.strategies().unwrap()[0];
    assert_eq!(
        (strategy.item.as_str(), strategy.games, strategy.mean),
        ("Marine", 2, 20.0)
    );
    let dump = storage.dump().unwrap();
    let games = dump.iter().find(|t| t.table == "games").unwrap();
    assert_eq!((games.rows.len(), games.columns[0].as_str()), (2, "id"));
    assert_eq!(games.rows[0][2], None, "no match number");
    assert_eq!(dump.len(), 11);
}

#[test]
fn a_group_of_games_is_kept_whole_or_not_at_all() {
    let place = Place::new();
    let (mut storage, league) = place.league();
    let mut no_z = game(GameKind::ZEvaluation, MAIN, MAIN, Outcome::Win);
    no_z.result.player_z = None;
    let refused = storage.record_games(&[training(Outcome::Win), no_z]);
    assert!(matches!(refused, Err(StorageError::League(_))));
    assert_eq!(storage.games().unwrap(), []);
    assert_eq!(storage.load_league().unwrap(), league);
    storage.record_game(&training(Outcome::Win)).unwrap();
}

#[test]
fn a_requested_branch_waits_until_the_league_answers() {
    let place = Place::new();
    let (mut storage, mut league) = place.league();
    let order = |name: &str, from| BranchOrder {
        name: name.into(),
        from,
        role: Role::MainExploiter,
        condition: Condition::ZSet(vec![3, 1]),
    };
    // Somebody else asks, from a process of its own.
    let mut beside = Storage::open(&place.at()).unwrap();
    let id = beside.request_branch(&order("quick", MAIN)).unwrap();
    let again = beside.request_branch(&order("quick", MAIN)).unwrap_err();
    assert!(again.to_string().contains("asked for already"), "{again}");
    let frozen = beside
        .request_branch(&order("other", SUPERVISED))
        .unwrap_err();
    assert!(matches!(
        frozen,
        StorageError::League(LeagueError::NotActive { .. })
    ));
    let late = beside.request_branch(&order("late", MAIN)).unwrap();
    let waiting = storage.branch_requests().unwrap();
    assert_eq!(
        (waiting[0].id, &waiting[0].order),
        (id, &order("quick", MAIN))
    );
    let event = league.branch(&waiting[0].order).unwrap();
    storage.answer_branch(id, &league, Ok(&event)).unwrap();
    let error = LeagueError::NotActive {
        name: "main".into(),
    };
    storage.answer_branch(late, &league, Err(&error)).unwrap();
    let answered: Vec<_> = storage
        .branch_requests()
        .unwrap()
        .into_iter()
        .map(|r| r.status)
        .collect();
    assert_eq!(answered, [RequestStatus::Done, RequestStatus::Failed]);
    assert_eq!(storage.load_league().unwrap(), league);
    assert_eq!(
        league.find("quick").unwrap().condition,
        Condition::ZSet(vec![3, 1])
    );
}

#[test]
fn a_database_is_made_only_where_one_is_asked_for() {
    let place = Place::new();
    assert!(matches!(
        Storage::open(&place.at()),
        Err(StorageError::Missing { .. })
    ));
    assert!(matches!(
        Storage::open_to_read(&place.at()),
        Err(StorageError::Missing { .. })
    ));
    assert!(!place.path().exists());
    let mut empty = Storage::create(&place.at()).unwrap();
    assert!(matches!(
        empty.load_league(),
        Err(StorageError::NoLeague { .. })
    ));
    assert!(matches!(
        empty.record_game(&training(Outcome::Win)),
        Err(StorageError::NoLeague { .. })
    ));
    empty.create_league(&new_league()).unwrap();
    assert!(matches!(
        empty.create_league(&new_league()),
        Err(StorageError::LeagueExists { .. })
    ));
}

#[test]
fn odd_paths_are_paths() {
    let place = Place::new();
    for name in [
        "a b.db",
        "50%.db",
        "what?.db",
        "x#y.db",
        "ä.db",
        "sub/../c.db",
    ] {
        std::fs::create_dir_all(place.folder.path().join("sub")).unwrap();
        let path = place.folder.path().join(name);
        let mut storage = Storage::create(&StorageUrl::Sqlite(path.clone())).unwrap();
        storage.create_league(&new_league()).unwrap();
        assert!(path.exists(), "{name}");
    }
}

#[test]
fn what_is_no_database_of_ours_is_refused_by_name() {
    let place = Place::new();
    let opened = |at: &StorageUrl| {
        Storage::create(at)
            .err()
            .map(|e| e.to_string())
            .unwrap_or_default()
    };
    std::fs::write(
        place.path(),
        b"these are no tables, whatever the name says".repeat(50),
    )
    .unwrap();
    assert!(opened(&place.at()).contains("is no database"));
    let folder = StorageUrl::Sqlite(place.folder.path().into());
    assert!(opened(&folder).contains("is no database"));
    std::fs::remove_file(place.path()).unwrap();
    let (mut storage, _) = place.league();
    run(&mut storage, "UPDATE schema_version SET version = 99");
    drop(storage);
    let newer = opened(&place.at());
    assert!(
        newer.contains("newer program (schema 99, this one knows 2)"),
        "{newer}"
    );
    let other = StorageUrl::Sqlite(place.folder.path().join("other.db"));
    let mut foreign = Storage::create(&other).unwrap();
    run(&mut foreign, "DROP TABLE schema_version");
    drop(foreign);
    assert!(opened(&other).contains("something else"));
}

#[test]
fn an_older_database_is_updated_by_a_writer_only() {
    let place = Place::new();
    let (mut storage, league) = place.league();
    run(&mut storage, "UPDATE schema_version SET version = 0");
    drop(storage);
    assert!(matches!(
        Storage::open_to_read(&place.at()),
        Err(StorageError::Older { .. })
    ));
    let mut updated = Storage::open(&place.at()).unwrap();
    assert_eq!(updated.load_league().unwrap(), league);
    drop(updated);
    assert!(Storage::open_to_read(&place.at()).is_ok());
}

#[test]
fn a_reader_cannot_write() {
    let place = Place::new();
    drop(place.league());
    let mut reader = Storage::open_to_read(&place.at()).unwrap();
    let refused = reader.record_game(&training(Outcome::Win));
    assert!(
        matches!(refused, Err(StorageError::ReadOnly { .. })),
        "{refused:?}"
    );
}

#[test]
fn a_full_disk_loses_nothing_that_was_acknowledged() {
    let place = Place::new();
    let (mut storage, mut league) = place.league();
    // SQLite's own limit on the file stands in for the disk's: the error is the same.
    run(&mut storage, "PRAGMA max_page_count = 60");
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
    run(&mut storage, "PRAGMA max_page_count = 100000");
    storage.record_game(&training(Outcome::Win)).unwrap();
}

#[test]
fn damage_is_an_error_and_no_crash() {
    let place = Place::new();
    let (mut storage, mut league) = place.league();
    live(&mut storage, &mut league, 10);
    drop(storage);
    let whole = std::fs::read(place.path()).unwrap();
    let read = || -> Result<_, StorageError> {
        let mut storage = Storage::open(&place.at())?;
        Ok((storage.load_league()?, storage.dump()?))
    };
    let intact = read().unwrap();
    let mut refused = 0;
    let pages = whole.len() / 4096;
    for page in 0..pages {
        let mut bytes = whole.clone();
        bytes[page * 4096..(page + 1) * 4096].fill(0x5a);
        std::fs::write(place.path(), &bytes).unwrap();
        match read() {
            Err(error) => refused += usize::from(!error.to_string().is_empty()),
            // An index that nobody asked.
            Ok(seen) => assert!(seen == intact, "page {page} of nonsense went unseen"),
        }
    }
    assert!(refused * 2 > pages, "{refused} of {pages} pages");
}

#[test]
fn a_row_that_makes_no_sense_is_named() {
    let place = Place::new();
    let (mut storage, _) = place.league();
    run(
        &mut storage,
        "UPDATE players SET role = 'coach' WHERE id = 2",
    );
    let error = storage.load_league().unwrap_err().to_string();
    assert!(
        error.contains("players") && error.contains("coach"),
        "{error}"
    );
    run(
        &mut storage,
        "UPDATE players SET role = 'main_agent' WHERE id = 2",
    );
    run(&mut storage, "DELETE FROM players WHERE id = 1");
    let error = storage.load_league().unwrap_err().to_string();
    assert!(error.contains("contradict"), "{error}");
}

/// Against a server, if there is one for tests: `SCC_TEST_MYSQL=mysql://USER:PASSWORD@HOST/EMPTY_DATABASE`.
#[test]
fn a_server_holds_the_same_league() {
    let Ok(url) = std::env::var("SCC_TEST_MYSQL") else {
        println!("skipped: SCC_TEST_MYSQL names no server");
        return;
    };
    let at: StorageUrl = url.parse().unwrap();
    let mut storage = Storage::create(&at).unwrap();
    for table in storage.dump().unwrap() {
        if table.table != "schema_version" {
            let sql = sqlx::AssertSqlSafe(format!("DELETE FROM {}", table.table));
            let delete = async |c: &mut sqlx::AnyConnection| {
                sqlx::query(sql).execute(c).await?;
                Ok(())
            };
            storage.link.write("empty the tables", delete).unwrap();
        }
    }
    let mut league = new_league();
    storage.create_league(&league).unwrap();
    live(&mut storage, &mut league, 25);
    storage
        .add_strategy(MAIN, &[("Marine", 4.0), ("Marine", 2.0)])
        .unwrap();
    let mut again = Storage::open_to_read(&at).unwrap();
    assert_eq!(again.load_league().unwrap(), league);
    assert_eq!(again.pair_totals().unwrap(), storage.pair_totals().unwrap());
    assert_eq!(again.strategies().unwrap()[0].mean, 3.0);
    assert_eq!(again.games().unwrap().len(), 100);
    assert_eq!(again.dump().unwrap().len(), 11);
}

/// Runs a statement as it is.
fn run(storage: &mut Storage, sql: &'static str) {
    let work = async |c: &mut sqlx::AnyConnection| {
        sqlx::query(sql).fetch_all(c).await?;
        Ok(())
    };
    storage.link.write("prepare a test", work).unwrap();
}
