//! The database against the league in memory, and everything that can be wrong with a file.

use super::*;
use crate::league::{GameKind, GameResult, League, LeagueConfig, Outcome, PlayerId, SUPERVISED};
use std::path::PathBuf;

pub const MAIN: PlayerId = PlayerId(1);

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
        league_at(&self.at())
    }
}

/// As [`Place::league`], anywhere.
pub fn league_at(at: &StorageUrl) -> (Storage, League) {
    let mut storage = Storage::create(at).unwrap();
    let league = new_league();
    storage.create_league(&league).unwrap();
    (storage, league)
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

pub fn game(kind: GameKind, player: PlayerId, opponent: PlayerId, outcome: Outcome) -> GameRow {
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

pub fn training(outcome: Outcome) -> GameRow {
    game(GameKind::Training, MAIN, SUPERVISED, outcome)
}

fn outcome(n: u64) -> Outcome {
    [Outcome::Win, Outcome::Loss, Outcome::Draw][(n * n % 7 % 3) as usize]
}

/// Plays and trains for some rounds, in memory and in the database alike.
pub fn live(storage: &mut Storage, league: &mut League, rounds: u64) {
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

/// Runs a statement as it is.
pub fn run(storage: &mut Storage, sql: &'static str) {
    let work = async |c: &mut sqlx::AnyConnection| {
        sqlx::query(sql).fetch_all(c).await?;
        Ok(())
    };
    storage.link.write("prepare a test", work).unwrap();
}
