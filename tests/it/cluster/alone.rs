//! One process that the network keeps from the bus, and from nothing else, while everybody else goes on.

use super::kept::Kept;
use super::processes::Cluster;
use super::setup::{Role, Setup, config_with};
use super::{LONG, NOTHING, roles};
use std::time::Duration;

/// A server that gives up connections that answer no ping for three seconds (docs/ARCHITECTURE.md): until it does, it goes
/// on sending questions to a predictor that hears none.
const PINGS: &str = "ping_interval: \"1s\"\nping_max: 2";
/// Longer than the config's `silent_seconds`, and than that.
const LONGER: Duration = Duration::from_secs(6);

#[test]
fn a_process_that_is_cut_off_alone_holds_up_no_other_and_works_on_when_it_is_back() {
    let (seldom, often) = (
        "steps_min = 200\nsteps_max = 400",
        "steps_min = 64\nsteps_max = 128",
    );
    let setup = Setup {
        // So that evaluators have something to play again soon.
        config: config_with(&[(seldom, often)]),
        server: PINGS,
        is_proxied: true,
        ..Setup::of(roles(2))
    };
    let Some(mut cluster) = Cluster::start(setup) else {
        return;
    };
    cluster.wait_for_steps(2, Duration::from_secs(120));
    for name in ["actor-0", "evaluator-0", "predictor-0"] {
        let before = cut_off(&cluster, name);
        // What it had done before is used up by now: these steps are the others'.
        cluster.wait_for_steps(cluster.steps() + 2, LONG);
        assert!(!is_alive(&cluster, name), "{name} is cut off still");
        cluster.cut_off(name, false);
        cluster.wait(name, LONG, || is_alive(&cluster, name));
        let done = work(&cluster, name);
        cluster.wait(name, LONG, || work(&cluster, name) > done);
        assert_eq!(cluster.look().lacks(&before), NOTHING, "{name}");
    }
    // Its group stands, for c10d is whole, until the master tells the others to leave it: they go on without.
    let name = cluster.first_of_learners(2);
    let before = cut_off(&cluster, &name);
    cluster.wait_for_steps(cluster.steps() + 2, LONG);
    let alone = cluster.look();
    cluster.cut_off(&name, false);
    cluster.wait_for_shared_steps(3, &alone, LONG);
    cluster.wait(&name, LONG, || is_alive(&cluster, &name));
    let after = cluster.look();
    assert_eq!(after.lacks(&before), NOTHING);
    cluster.stop_all();
    assert_eq!(cluster.look().lacks(&after), NOTHING);
    cluster.nothing_went_wrong();
}

/// Cuts a process off until the master counts it as lost, and leaves it so; what was kept before.
fn cut_off(cluster: &Cluster, name: &str) -> Kept {
    cluster.wait(name, LONG, || is_alive(cluster, name));
    let before = cluster.look();
    cluster.cut_off(name, true);
    std::thread::sleep(LONGER);
    assert!(!is_alive(cluster, name), "nothing of {name} gets through");
    before
}

fn is_alive(cluster: &Cluster, name: &str) -> bool {
    cluster.process(name).is_some_and(|p| p.alive)
}

/// Games that an actor or evaluator has played, questions that a predictor has answered and an actor asked.
fn work(cluster: &Cluster, name: &str) -> f64 {
    let told = cluster.process(name).expect("it was heard of").beat.rates;
    let of = |what: &str| told.get(what).copied().unwrap_or(0.0);
    of("games") + of("questions")
}

#[test]
fn the_only_learner_of_a_player_trains_on_after_it_was_cut_off() {
    let roles = [Role::Master, Role::Learner, Role::Predictor, Role::Actor];
    let setup = Setup {
        is_proxied: true,
        ..Setup::of(roles.map(|role| (role, 1)).to_vec())
    };
    let Some(mut cluster) = Cluster::start(setup) else {
        return;
    };
    cluster.wait_for_steps(1, Duration::from_secs(120));
    let before = cut_off(&cluster, "learner-0");
    cluster.cut_off("learner-0", false);
    // More than games that waited for it are good for.
    cluster.wait_for_steps(cluster.steps() + 20, LONG);
    assert_eq!(cluster.look().lacks(&before), NOTHING);
    cluster.stop_all();
    cluster.nothing_went_wrong();
}
