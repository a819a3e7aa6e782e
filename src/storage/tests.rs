//! What all tests of storage share, and everything that can be wrong with a file.

use super::*;
use crate::league::{GameKind, GameResult, League, LeagueConfig, Outcome, PlayerId, SUPERVISED};
use sqlx::{Connection, Row};
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

pub fn new_league() -> League {
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

pub fn outcome(n: u64) -> Outcome {
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
fn a_file_is_made_only_where_one_is_asked_for() {
    let place = Place::new();
    for open in [Storage::open, Storage::open_to_read] {
        let refused = open(&place.at()).err();
        assert!(matches!(refused, Some(StorageError::Missing { .. })));
    }
    assert!(!place.path().exists());
    assert!(Storage::create(&place.at()).is_ok());
    assert!(place.path().exists());
}

#[test]
fn what_is_no_database_is_refused_by_name() {
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

/// Runs statements as they are on a connection of its own, whatever is there; the first column of what they give.
pub fn raw(at: &StorageUrl, sql: &str) -> Vec<String> {
    let url = match at {
        StorageUrl::Sqlite(path) => format!("sqlite://{}?mode=rwc", path.display()),
        StorageUrl::Mysql(url) => url.clone(),
    };
    sqlx::any::install_default_drivers();
    let mut builder = tokio::runtime::Builder::new_current_thread();
    let runtime = builder.enable_all().build().unwrap();
    let rows = runtime.block_on(async {
        let mut connection = sqlx::AnyConnection::connect(&url).await?;
        let statements = sqlx::raw_sql(sqlx::AssertSqlSafe(sql));
        let rows = statements.fetch_all(&mut connection).await?;
        connection.close().await?;
        Ok::<_, sqlx::Error>(rows)
    });
    let rows = rows.unwrap();
    rows.iter().map(|row| row.try_get(0).unwrap()).collect()
}
