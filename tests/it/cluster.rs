//! A league of real processes over a real nats-server: trained to its end; with every role killed and stopped at random
//! moments; with one process hanging or cut off from the rest (`alone`).
//!
//! The short versions run here. The long one, with its figures in docs/RESULTS.md:
//! `SCC_CLUSTER_KILLS=100 SCC_CLUSTER_ACTORS=8 cargo test --release --test it -- --nocapture cluster::killed`, and with
//! `SCC_CLUSTER_MARIADB=1` on a database of MariaDB instead of a file, with `SCC_CLUSTER_LEARNERS=4` a league of three players
//! with promotions, resets and a branch, with `SCC_CLUSTER_SECONDS=300` five minutes of training before the first kill.

mod alone;
mod dashboard;
mod kept;
mod processes;
pub mod setup;

use crate::servers::MariaDb;
use processes::{Cluster, Stopped};
use setup::{MORE_PLAYERS, Role, Setup, config_with, number_of};
use std::collections::BTreeMap;
use std::time::Duration;

/// Two learners of one player share every update; everybody else is there more than once.
fn roles(actors: usize) -> Vec<(Role, usize)> {
    vec![
        (Role::Master, 1),
        (Role::Learner, 2),
        (Role::Predictor, 2),
        (Role::Actor, actors),
        (Role::Evaluator, 1),
    ]
}

/// What a cluster needs at most for what is waited for: it shares the machine with other tests.
const LONG: Duration = Duration::from_secs(180);

#[test]
fn a_league_of_processes_trains_to_its_end_and_leaves_nobody_behind() {
    let setup = Setup {
        steps_max: 6,
        ..Setup::of(roles(2))
    };
    let Some(mut cluster) = Cluster::start(setup) else {
        return;
    };
    cluster.wait_for_the_end(Duration::from_secs(240));
    let run = cluster.look();
    assert!(run.steps >= 6 && run.matches > 0, "{run}");
    let shared = cluster.metrics().iter().any(|s| s.learners >= 2);
    assert!(shared, "both learners had their part in an update: {run}");
    cluster.nothing_went_wrong();
}

/// By the environment, where it says so.
fn of_any_size() -> Setup {
    let learners = number_of("SCC_CLUSTER_LEARNERS", 2);
    let mut roles = roles(number_of("SCC_CLUSTER_ACTORS", 2));
    roles[1].1 = learners;
    let more = if learners > 2 { MORE_PLAYERS } else { "" };
    let rules = "[league.rules.main_agent]";
    let database = match number_of("SCC_CLUSTER_MARIADB", 0) {
        0 => None,
        _ => Some(MariaDb::start().expect("scripts/setup-mariadb fetches one")),
    };
    Setup {
        config: config_with(&[(rules, &format!("{more}{rules}"))]),
        database,
        ..Setup::of(roles)
    }
}

#[test]
fn killed_and_stopped_at_random_a_league_goes_on_and_loses_nothing_that_was_kept() {
    let kills = number_of("SCC_CLUSTER_KILLS", 6);
    let Some(mut cluster) = Cluster::start(of_any_size()) else {
        return;
    };
    cluster.wait_for_steps(2, Duration::from_secs(120));
    let seconds = number_of("SCC_CLUSTER_SECONDS", 0) as u64;
    cluster.train_for(Duration::from_secs(seconds));
    let mut before = cluster.look();
    println!("{seconds} s, then {before}");
    let mut ended: BTreeMap<String, usize> = BTreeMap::new();
    for n in 0..kills {
        let name = cluster.choose();
        let how = [Stopped::Killed, Stopped::Asked][cluster.random(2) as usize];
        println!("{n}: {name} is {how:?}");
        cluster.stop(&name, how);
        cluster.sleep_a_while();
        cluster.start_again(&name);
        cluster.sleep_a_while();
        let now = cluster.look();
        assert_eq!(now.lacks(&before), NOTHING, "{name} {how:?}");
        before = now;
        let role = name.split('-').next().unwrap_or_default();
        *ended.entry(format!("{role} {how:?}")).or_default() += 1;
    }
    // Everybody is there: it goes on, by updates of both learners, in rows that nobody had written before the last kill.
    cluster.wait_for_steps(before.steps + 3, LONG);
    cluster.wait_for_shared_steps(3, &before, LONG);
    let after = cluster.look();
    assert_eq!(after.lacks(&before), NOTHING);
    println!("{kills} kills ({ended:?}), then {after}");
    cluster.stop_all();
    assert_eq!(cluster.look().lacks(&after), NOTHING);
    cluster.nothing_went_wrong();
}

/// What may be lost.
const NOTHING: [&str; 0] = [];

#[test]
fn a_database_server_that_hangs_and_dies_stops_nobody_for_good() {
    let Some(database) = MariaDb::start() else {
        return;
    };
    let setup = Setup {
        database: Some(database),
        ..Setup::of(roles(2))
    };
    let Some(mut cluster) = Cluster::start(setup) else {
        return;
    };
    cluster.wait_for_steps(2, Duration::from_secs(120));
    let before = cluster.look();
    cluster.hang_the_database(Duration::from_secs(6));
    cluster.wait_for_steps(before.steps + 3, LONG);
    let after = cluster.look();
    assert_eq!(after.lacks(&before), NOTHING);
    cluster.restart_the_database(Duration::from_secs(4));
    cluster.wait_for_steps(after.steps + 3, LONG);
    assert_eq!(cluster.look().lacks(&after), NOTHING);
    cluster.stop_all();
    cluster.nothing_went_wrong();
}

#[test]
fn a_second_master_is_refused_and_the_first_goes_on() {
    let setup = Setup {
        steps_max: 5,
        ..Setup::of(vec![(Role::Master, 1)])
    };
    let Some(mut cluster) = Cluster::start(setup) else {
        return;
    };
    cluster.wait("the league", Duration::from_secs(60), || {
        cluster.objects().contains_key("weights/main")
    });
    let before = cluster.objects();
    let storage = cluster.storage();
    let id = std::fs::read_to_string(cluster.run().join("cluster.id")).expect("made");
    let other_run = format!("run {id} leads the league on this bus");
    for (args, why) in [
        // The same database, the same folder; another run, with everything of its own but the bus.
        (
            vec!["--out", "another", "--storage", &storage],
            "leads the league",
        ),
        (vec!["--out", "run"], "in use"),
        (vec!["--out", "a-third"], &other_run),
    ] {
        let refused = cluster.master(&args);
        assert_eq!(refused.status.code(), Some(2), "{refused:?}");
        let told = String::from_utf8_lossy(&refused.stderr);
        assert!(told.contains(why), "{args:?}: {told}");
    }
    assert_eq!(cluster.objects(), before, "the first's, to the byte");
    // And the first's training is what it would have been.
    cluster.add(&roles(2)[1..]);
    cluster.wait_for_the_end(Duration::from_secs(240));
    assert!(cluster.steps() >= 5);
    cluster.nothing_went_wrong();
}

#[test]
fn a_bus_that_is_cut_off_for_a_while_stops_nobody_for_good() {
    let Some(mut cluster) = Cluster::start(Setup::of(roles(2))) else {
        return;
    };
    cluster.wait_for_steps(2, Duration::from_secs(120));
    let before = cluster.look();
    // A network that is cut: connections stand, and nothing comes through.
    cluster.cut_the_bus(Duration::from_secs(8));
    cluster.wait_for_steps(before.steps + 3, LONG);
    let after = cluster.look();
    assert_eq!(after.lacks(&before), NOTHING);
    // And a server that dies and comes back with what it had on its disk.
    cluster.restart_the_bus();
    cluster.wait_for_steps(after.steps + 3, LONG);
    assert_eq!(cluster.look().lacks(&after), NOTHING);
    cluster.stop_all();
    cluster.nothing_went_wrong();
}
