//! A league of real processes over a real nats-server: trained to its end; and with every role killed and stopped at random
//! moments.
//!
//! The short versions run here. The long one, with its figures in docs/RESULTS.md:
//! `SCC_CLUSTER_KILLS=100 SCC_CLUSTER_ACTORS=8 cargo test --release --test it -- --nocapture cluster::killed`, and with
//! `SCC_CLUSTER_MARIADB=1` on a database of MariaDB instead of a file, with `SCC_CLUSTER_LEARNERS=4` a league of three players
//! with promotions, resets and a branch.

mod processes;

use crate::servers::MariaDb;
use processes::{CONFIG, Cluster, MORE_PLAYERS, Role, Stopped, number_of};
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

#[test]
fn a_league_of_processes_trains_to_its_end_and_leaves_nobody_behind() {
    let Some(mut cluster) = Cluster::start(&roles(2), &["--set", "train.steps_max=6"]) else {
        return;
    };
    cluster.wait_for_the_end(Duration::from_secs(240));
    let run = cluster.look();
    assert!(run.steps >= 6 && run.matches > 0, "{run:?}");
    assert!(
        run.learners_at_once >= 2,
        "both learners had their part in an update: {run:?}"
    );
    assert_eq!(run.replicas_differ, 0);
}

#[test]
fn killed_and_stopped_at_random_a_league_goes_on_and_loses_nothing_that_was_kept() {
    let kills = number_of("SCC_CLUSTER_KILLS", 6);
    let learners = number_of("SCC_CLUSTER_LEARNERS", 2);
    let mut roles = roles(number_of("SCC_CLUSTER_ACTORS", 2));
    roles[1].1 = learners;
    let more = if learners > 2 { MORE_PLAYERS } else { "" };
    let config = CONFIG.replace(
        "[league.rules.main_agent]",
        &format!("{more}[league.rules.main_agent]"),
    );
    let database = match number_of("SCC_CLUSTER_MARIADB", 0) {
        0 => None,
        _ => Some(MariaDb::start().expect("scripts/setup-mariadb fetches one")),
    };
    let for_ever = ["--set", "train.steps_max=1000000"];
    let Some(mut cluster) = Cluster::start_on(database, &config, &roles, &for_ever) else {
        return;
    };
    cluster.wait_for_steps(2, Duration::from_secs(120));
    let mut before = cluster.look();
    for n in 0..kills {
        let name = cluster.choose();
        let how = if cluster.random(2) == 0 {
            Stopped::Killed
        } else {
            Stopped::Asked
        };
        println!("{n}: {name} is {how:?}");
        cluster.stop(&name, how);
        cluster.sleep_a_while();
        cluster.start_again(&name);
        cluster.sleep_a_while();
        let now = cluster.look();
        assert!(
            now.keeps(&before),
            "{name} {how:?}: {before:?}, then {now:?}"
        );
        before = now;
    }
    // Everybody is there: it goes on, by updates of both learners.
    cluster.wait_for_steps(before.steps + 3, Duration::from_secs(180));
    let after = cluster.look();
    assert!(after.keeps(&before), "{before:?}, then {after:?}");
    assert_eq!(after.replicas_differ, 0, "replicas stay equal");
    println!("{kills} kills, then {after:?}");
    cluster.stop_all();
}

#[test]
fn a_database_server_that_hangs_and_dies_stops_nobody_for_good() {
    let Some(database) = MariaDb::start() else {
        return;
    };
    let for_ever = ["--set", "train.steps_max=1000000"];
    let started = Cluster::start_on(Some(database), CONFIG, &roles(2), &for_ever);
    let Some(mut cluster) = started else {
        return;
    };
    cluster.wait_for_steps(2, Duration::from_secs(120));
    let before = cluster.look();
    cluster.hang_the_database(Duration::from_secs(6));
    cluster.wait_for_steps(before.steps + 3, Duration::from_secs(180));
    let after = cluster.look();
    assert!(after.keeps(&before), "{before:?}, then {after:?}");
    cluster.restart_the_database(Duration::from_secs(4));
    cluster.wait_for_steps(after.steps + 3, Duration::from_secs(180));
    let last = cluster.look();
    assert!(last.keeps(&after), "{after:?}, then {last:?}");
    cluster.stop_all();
}

#[test]
fn a_second_master_is_refused_and_the_first_goes_on() {
    let Some(mut cluster) = Cluster::start(&[(Role::Master, 1)], &["--set", "train.steps_max=5"])
    else {
        return;
    };
    cluster.wait_for_run(Duration::from_secs(60));
    let storage = cluster.storage();
    for args in [
        vec!["--out", "another", "--storage", &storage],
        vec!["--out", "run"],
    ] {
        let refused = cluster.master(&args);
        assert_eq!(refused.status.code(), Some(2), "{refused:?}");
        let told = String::from_utf8_lossy(&refused.stderr);
        assert!(
            told.contains("leads the league") || told.contains("in use"),
            "{told}"
        );
    }
    cluster.stop_all();
}

#[test]
fn a_bus_that_is_cut_off_for_a_while_stops_nobody_for_good() {
    let Some(mut cluster) = Cluster::start(&roles(2), &["--set", "train.steps_max=1000000"]) else {
        return;
    };
    cluster.wait_for_steps(2, Duration::from_secs(120));
    let before = cluster.look();
    // A network that is cut: connections stand, and nothing comes through.
    cluster.cut_the_bus(Duration::from_secs(8));
    cluster.wait_for_steps(before.steps + 3, Duration::from_secs(180));
    let after = cluster.look();
    assert!(after.keeps(&before), "{before:?}, then {after:?}");
    // And a server that dies and comes back with what it had on its disk.
    cluster.restart_the_bus();
    cluster.wait_for_steps(after.steps + 3, Duration::from_secs(180));
    assert!(cluster.look().keeps(&after));
    cluster.stop_all();
}
