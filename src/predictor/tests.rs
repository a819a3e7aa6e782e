//! Agents with a network of their own and agents that ask a service play the same game.

use super::*;
use crate::action::Specs;
use crate::agent::Agent;
use crate::game::{Race, Seed};
use crate::obs::testing::{crowd, info};
use crate::policy::{CheckpointNotes, Choice, Policy, PolicyConfig, PolicySpec, checkpoint};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tch::Device;

fn policy(seed: u64) -> (Policy, Specs) {
    let specs = Specs::default();
    let spec = PolicySpec::new(PolicyConfig::tiny(), &specs);
    let policy = Policy::new(&spec, Seed(seed), Device::Cpu).expect("tiny is valid");
    (policy, specs)
}

/// Six looks of one game, as text.
fn play(agent: &mut PolicyAgent, game: u64) -> Vec<String> {
    agent.begin(&info(Race::Terran, Race::Terran), Seed(game));
    (0..6)
        .map(|look| {
            let mut raw = crowd(game * 10 + look);
            raw.game_loop = 100 + look as u32 * 16;
            let step = agent.act(&raw);
            assert!(step.skip_loops >= 2);
            format!("{:?}", step.action)
        })
        .collect()
}

#[test]
fn a_service_answers_as_an_own_network_does() {
    let (network, specs) = policy(1);
    let service = Service::start(&network, &specs, &ServiceConfig::default()).expect("starts");
    let expected: Vec<Vec<String>> = (0..4)
        .map(|game| {
            let (own, specs) = policy(1);
            play(
                &mut PolicyAgent::new("own", own, specs, AgentOptions::default()),
                game,
            )
        })
        .collect();
    let actual: Vec<Vec<String>> = std::thread::scope(|scope| {
        let games: Vec<_> = (0..4)
            .map(|game| {
                let (client, specs) = (service.client(), specs.clone());
                scope.spawn(move || {
                    let options = AgentOptions::default();
                    play(
                        &mut PolicyAgent::with_line("asks", client, specs, options),
                        game,
                    )
                })
            })
            .collect();
        games
            .into_iter()
            .map(|g| g.join().expect("no panic"))
            .collect()
    });
    assert_eq!(actual, expected);
    assert!(expected[0] != expected[1], "games differ");
    assert_eq!(service.stats().questions, 24);
}

#[test]
fn a_lone_question_waits_for_others_as_long_as_it_is_told_and_no_longer() {
    let (network, specs) = policy(1);
    let config = ServiceConfig {
        wait_us: 300_000,
        ..ServiceConfig::default()
    };
    let service = Service::start(&network, &specs, &config).expect("starts");
    let options = AgentOptions::default();
    let mut agent = PolicyAgent::with_line("asks", service.client(), specs, options);
    agent.begin(&info(Race::Terran, Race::Terran), Seed(1));
    let asked = Instant::now();
    agent.act(&crowd(1));
    let waited = asked.elapsed();
    let told = Duration::from_micros(config.wait_us);
    // Computing takes milliseconds; a busy machine takes its time.
    assert!(
        waited >= told && waited < told + Duration::from_secs(20),
        "{waited:?}"
    );
    let stats = service.stats();
    assert_eq!((stats.questions, stats.batches), (1, 1));
    assert_eq!(agent.counts(), (1, 0), "and it is answered");
}

/// Every game of a group in a thread of its own; game `i` gets `lines[i]`.
fn in_step(
    lines: Vec<Vec<RoundClient>>,
    play_game: impl Fn(usize, Vec<RoundClient>) -> Vec<String> + Sync,
) -> Vec<Vec<String>> {
    let play_game = &play_game;
    std::thread::scope(|scope| {
        let games: Vec<_> = lines
            .into_iter()
            .enumerate()
            .map(|(game, lines)| scope.spawn(move || play_game(game, lines)))
            .collect();
        games
            .into_iter()
            .map(|g| g.join().expect("no panic"))
            .collect()
    })
}

#[test]
fn games_that_go_in_step_are_answered_alike_every_time() {
    let run = || {
        let (network, specs) = policy(1);
        let lines = rounds(vec![(network, specs.clone())], 4).expect("starts");
        in_step(lines, |game, mut lines| {
            let line = lines.pop().expect("one network");
            let mut agent =
                PolicyAgent::with_line("steps", line, specs.clone(), AgentOptions::default());
            // Game 0 is over before the others: they must not wait for it.
            if game == 0 {
                Vec::new()
            } else {
                play(&mut agent, game as u64)
            }
        })
    };
    let first = run();
    assert_eq!(first, run());
    for (game, actions) in first.iter().enumerate().skip(1) {
        let (own, specs) = policy(1);
        let mut own = PolicyAgent::new("own", own, specs, AgentOptions::default());
        assert_eq!(*actions, play(&mut own, game as u64));
    }
}

#[test]
fn two_networks_in_one_game_never_wait_for_each_other() {
    let ((one, specs), (two, _)) = (policy(1), policy(2));
    let networks = vec![(one, specs.clone()), (two, specs.clone())];
    let lines = rounds(networks, 3).expect("starts");
    let played = in_step(lines, |game, lines| {
        let mut agents: Vec<PolicyAgent> = lines
            .into_iter()
            .map(|l| PolicyAgent::with_line("a", l, specs.clone(), AgentOptions::default()))
            .collect();
        // The games ask their two networks in different orders.
        let first = game % 2;
        let mut said = play(&mut agents[first], game as u64);
        said.extend(play(&mut agents[1 - first], game as u64));
        said
    });
    assert!(played.iter().all(|actions| actions.len() == 12));
    assert_ne!(played[0][..6], played[0][6..], "each its own network");
}

#[test]
fn published_weights_are_used_and_old_ones_ignored() {
    let (network, specs) = policy(1);
    let (other, _) = policy(2);
    let config = ServiceConfig {
        wait_us: 0,
        ..ServiceConfig::default()
    };
    let greedy = || AgentOptions {
        choice: Choice::Greedy,
        ..AgentOptions::default()
    };
    let service = Service::start(&network, &specs, &config).expect("starts");
    let mut agent = PolicyAgent::with_line("a", service.client(), specs.clone(), greedy());
    let before = play(&mut agent, 1);
    service.publish(3, Arc::new(other.params().weights()));
    service.publish(2, Arc::new(network.params().weights()));
    assert_eq!(service.stats().version, 3);
    let after = play(&mut agent, 1);
    let mut own = PolicyAgent::new("own", other, specs, greedy());
    assert_eq!(after, play(&mut own, 1));
    assert_ne!(before, after);
    assert_eq!(agent.counts(), (12, 0));
}

#[test]
fn a_checkpoint_plays_as_the_network_it_was_written_from() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("best.safetensors");
    let (network, specs) = policy(5);
    checkpoint::save(&path, &network, None, &[], &CheckpointNotes::default()).expect("writes");
    let options = AgentOptions::default;
    let mut read = PolicyAgent::from_checkpoint(&path, options(), Device::Cpu).expect("opens");
    assert_eq!(read.name(), "best");
    let mut own = PolicyAgent::new("own", network, specs, options());
    assert_eq!(play(&mut read, 3), play(&mut own, 3));
    std::fs::write(&path, b"nonsense").expect("writes");
    assert!(PolicyAgent::from_checkpoint(&path, options(), Device::Cpu).is_err());
}

#[test]
fn configs_out_of_range_are_refused() {
    let (network, specs) = policy(1);
    let config = ServiceConfig {
        workers: 0,
        ..ServiceConfig::default()
    };
    assert!(matches!(
        Service::start(&network, &specs, &config),
        Err(PredictorError::Config { key: "workers", .. })
    ));
}
