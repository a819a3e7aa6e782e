//! One suite for both kinds of databases: a file of SQLite, and a server where there is one: MariaDB, or MySQL if it is named.

use super::tests::{MAIN, game, league_at, live, raw, run, training};
use super::*;
use crate::league::{
    BranchOrder, Condition, GameKind, LeagueError, Outcome, PlayerId, Role, SUPERVISED,
};
use crate::test_servers::MariaDb;
use std::sync::atomic::{AtomicU32, Ordering};

/// Runs a case on an empty database of each kind.
pub fn on_both(case: impl Fn(&StorageUrl)) {
    let folder = tempfile::tempdir().unwrap();
    case(&StorageUrl::in_run(folder.path()));
    if let Some(server) = MariaDb::start() {
        case(&server.url().parse().unwrap());
    }
    if let Some(server) = std::env::var_os(MYSQL) {
        on_mysql(&server.into_string().unwrap(), case);
    }
}

/// Names a MySQL server to run the suite on too, `mysql://USER:PASSWORD@HOST:PORT`; the user may make databases.
const MYSQL: &str = "SCC_STORAGE_MYSQL";

/// Runs a case on a database of its own, which is gone afterwards.
fn on_mysql(server: &str, case: impl Fn(&StorageUrl)) {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let name = format!("scc_test_{}_{number}", std::process::id());
    let whole = StorageUrl::Mysql(server.to_owned());
    raw(&whole, &format!("CREATE DATABASE {name}"));
    case(&format!("{server}/{name}").parse().unwrap());
    raw(&whole, &format!("DROP DATABASE {name}"));
}

#[test]
fn what_is_read_back_is_the_league_in_memory() {
    on_both(|at| {
        let (mut storage, mut league) = league_at(at);
        assert_eq!(storage.load_league().unwrap(), league);
        live(&mut storage, &mut league, 25);
        assert!(league.players().len() > 10, "copies joined");
        assert_eq!(storage.load_league().unwrap(), league);
        drop(storage);
        let mut again = Storage::open(at).unwrap();
        let mut resumed = again.load_league().unwrap();
        assert_eq!(resumed, league);
        live(&mut again, &mut resumed, 3);
        let mut beside = Storage::open_to_read(at).unwrap();
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
    });
}

#[test]
fn rows_come_back_as_they_were_given() {
    on_both(|at| {
        let (mut storage, mut league) = league_at(at);
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
    });
}

#[test]
fn a_group_of_games_is_kept_whole_or_not_at_all() {
    on_both(|at| {
        let (mut storage, league) = league_at(at);
        let mut no_z = game(GameKind::ZEvaluation, MAIN, MAIN, Outcome::Win);
        no_z.result.player_z = None;
        let refused = storage.record_games(&[training(Outcome::Win), no_z]);
        assert!(matches!(refused, Err(StorageError::League(_))));
        assert_eq!(storage.games().unwrap(), []);
        assert_eq!(storage.load_league().unwrap(), league);
        storage.record_game(&training(Outcome::Win)).unwrap();
    });
}

#[test]
fn a_requested_branch_waits_until_the_league_answers() {
    on_both(|at| {
        let (mut storage, mut league) = league_at(at);
        let order = |name: &str, from| BranchOrder {
            name: name.into(),
            from,
            role: Role::MainExploiter,
            condition: Condition::ZSet(vec![3, 1]),
        };
        // Somebody else asks, from a process of its own.
        let mut beside = Storage::open(at).unwrap();
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
    });
}

#[test]
fn a_row_that_makes_no_sense_is_named() {
    on_both(|at| {
        let (mut storage, _) = league_at(at);
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
    });
}

#[test]
fn games_and_runs_of_schedules_are_there_once() {
    on_both(schedule_tests::check);
}
