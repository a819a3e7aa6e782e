//! Games of two: two servers, two clients, the barrier, leaving and vanishing.

use super::client::{join_as, participant};
use super::{Client, Host, created, flat_game};
use scc::sc2::proto::{
    self, PortSet, RequestStep, Status, request::Request as Q, response::Response as Body,
};
use std::net::TcpListener;
use std::time::{Duration, Instant};

/// Two clients in one game, player 1 first.
struct Pair {
    first: Client,
    second: Client,
    _hosts: (Host, Host),
}

fn free_port() -> i32 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    listener.local_addr().unwrap().port().into()
}

fn join(port: i32) -> Q {
    let ports = PortSet {
        game_port: Some(port),
        base_port: Some(port),
    };
    Q::JoinGame(proto::RequestJoinGame {
        server_ports: Some(ports),
        client_ports: vec![ports],
        ..join_as(1)
    })
}

fn joined(client: &mut Client) -> u32 {
    let response = client.receive();
    assert_eq!(response.status, Some(Status::InGame as i32), "{response:?}");
    match response.response {
        Some(Body::JoinGame(join)) => join.player_id.unwrap(),
        other => panic!("{other:?}"),
    }
}

/// Joins both, the guest first or last.
fn pair(guest_first: bool) -> Pair {
    let hosts = (Host::start(), Host::start());
    let (mut first, mut second) = (hosts.0.client(), hosts.1.client());
    created(&mut first, flat_game(vec![participant(), participant()]));
    let port = free_port();
    if guest_first {
        second.send(join(port));
        std::thread::sleep(Duration::from_millis(60));
        first.send(join(port));
    } else {
        first.send(join(port));
        second.send(join(port));
    }
    assert_eq!(joined(&mut first), 1);
    assert_eq!(joined(&mut second), 2);
    Pair {
        first,
        second,
        _hosts: hosts,
    }
}

fn step(count: u32) -> Q {
    Q::Step(RequestStep { count: Some(count) })
}

fn stepped(client: &mut Client) -> (u32, i32) {
    let response = client.receive();
    match response.response {
        Some(Body::Step(step)) => (step.simulation_loop.unwrap(), response.status.unwrap()),
        other => panic!("{other:?} {:?}", response.error),
    }
}

fn results(client: &mut Client) -> Vec<(u32, i32)> {
    let look = client.observe();
    let results = look.player_result.iter();
    results
        .map(|r| (r.player_id(), r.result.unwrap()))
        .collect()
}

fn game_loop(client: &mut Client) -> u32 {
    client.observe().observation.unwrap().game_loop()
}

#[test]
fn the_barrier_is_in_loops_not_in_calls() {
    for guest_first in [false, true] {
        let mut pair = pair(guest_first);
        let in_game = Status::InGame as i32;
        pair.first.send(step(8));
        for until in [2, 4, 6] {
            pair.second.send(step(2));
            assert_eq!(stepped(&mut pair.second), (until, in_game));
            // Looking does not wait for the other one.
            assert_eq!(game_loop(&mut pair.second), until);
        }
        pair.second.send(step(5));
        assert_eq!(stepped(&mut pair.first), (8, in_game));
        assert_eq!(game_loop(&mut pair.first), 8);
        pair.first.send(step(100));
        assert_eq!(stepped(&mut pair.second), (11, in_game));
        pair.second.send(step(1000));
        assert_eq!(stepped(&mut pair.first), (108, in_game));
    }
}

/// Each sees itself as the player it is, and chat reaches both.
#[test]
fn each_client_has_its_own_view_and_chat_reaches_both() {
    let mut pair = pair(false);
    let said = proto::Action {
        action_chat: Some(proto::ActionChat {
            channel: None,
            message: Some("glhf".into()),
        }),
        ..proto::Action::default()
    };
    assert_eq!(pair.second.act(vec![said]), [1]);
    pair.first.send(step(1));
    pair.second.send(step(1));
    stepped(&mut pair.first);
    stepped(&mut pair.second);
    for (client, id) in [(&mut pair.first, 1), (&mut pair.second, 2)] {
        let look = client.observe();
        assert_eq!(look.chat.len(), 1);
        assert_eq!(
            (look.chat[0].player_id(), look.chat[0].message()),
            (2, "glhf")
        );
        let seen = look.observation.unwrap();
        assert_eq!(seen.player_common.unwrap().player_id, Some(id));
        let info = client.game_info();
        let known: Vec<bool> = info
            .player_info
            .iter()
            .map(|p| p.race_actual.is_some())
            .collect();
        assert_eq!(known, [id == 1, id == 2]);
    }
}

#[test]
fn who_leaves_is_defeated_and_the_others_step_returns() {
    for guest_leaves in [false, true] {
        let mut pair = pair(false);
        let (leaver, stayer) = match guest_leaves {
            true => (&mut pair.second, &mut pair.first),
            false => (&mut pair.first, &mut pair.second),
        };
        stayer.send(step(50));
        let left = leaver.ask(Q::LeaveGame(proto::RequestLeaveGame {}));
        assert_eq!(left.status, Some(Status::Launched as i32));
        let (_, status) = stepped(stayer);
        assert_eq!(status, Status::Ended as i32);
        let expected = match guest_leaves {
            true => [(1, 1), (2, 2)],
            false => [(1, 2), (2, 1)],
        };
        // Also when the host's process goes on to something else, or ends.
        leaver.ask(Q::Quit(proto::RequestQuit {}));
        assert_eq!(results(stayer), expected);
        assert_eq!(results(stayer), expected);
        let left = stayer.ask(Q::LeaveGame(proto::RequestLeaveGame {}));
        assert!(left.error.is_empty(), "{left:?}");
        assert_eq!(left.status, Some(Status::Launched as i32));
        created(stayer, super::against_computer());
        assert_eq!(stayer.join(), 1);
    }
}

#[test]
fn who_vanishes_is_defeated_and_its_server_serves_the_next_client() {
    for guest_vanishes in [false, true] {
        let Pair {
            first,
            second,
            _hosts,
        } = pair(false);
        let (gone, mut stayer) = match guest_vanishes {
            true => (second, first),
            false => (first, second),
        };
        stayer.send(step(50));
        drop(gone);
        assert_eq!(stepped(&mut stayer).1, Status::Ended as i32);
        let own = if guest_vanishes { 1 } else { 2 };
        assert!(results(&mut stayer).contains(&(own, 1)));
        let server = if guest_vanishes { &_hosts.1 } else { &_hosts.0 };
        let mut next = server.client();
        assert_eq!(next.status(), Status::Launched);
        created(&mut next, super::against_computer());
        next.join();
    }
}

/// A client that joins a game nobody else joins, and goes: its server must not wait for ever.
#[test]
fn a_join_that_waits_ends_with_its_client() {
    let hosts = (Host::start(), Host::start());
    let mut first = hosts.0.client();
    created(&mut first, flat_game(vec![participant(), participant()]));
    first.send(join(free_port()));
    let mut second = hosts.1.client();
    second.send(join(free_port()));
    std::thread::sleep(Duration::from_millis(50));
    drop((first, second));
    let since = Instant::now();
    for (host, expected) in [(&hosts.0, Status::InitGame), (&hosts.1, Status::Launched)] {
        let mut next = host.client();
        assert_eq!(next.status(), expected);
        created(&mut next, super::against_computer());
        next.join();
    }
    assert!(since.elapsed() < Duration::from_secs(10));
}

/// The same orders give the same game, whoever's packets come first.
#[test]
fn orders_of_both_players_apply_in_an_order_that_does_not_depend_on_arrival() {
    let mut hashes = Vec::new();
    for second_first in [false, true] {
        let mut pair = pair(false);
        for n in 0..20 {
            let mut clients = [&mut pair.first, &mut pair.second];
            if second_first {
                clients.reverse();
            }
            for client in clients {
                walk(client, n);
                client.send(step(3));
            }
            stepped(&mut pair.first);
            stepped(&mut pair.second);
        }
        let header = super::replays::header(&pair.first.save_replay());
        hashes.push((header.state_hash, header.game_loops));
    }
    assert_eq!(hashes[0].1, 60);
    assert_eq!(hashes[0], hashes[1]);
}

/// All workers to a place that depends on the turn only.
fn walk(client: &mut Client, turn: u16) {
    let raw = client.observe().observation.unwrap().raw_data.unwrap();
    let own = raw
        .units
        .iter()
        .filter(|u| u.alliance == Some(1) && u.unit_type == Some(45));
    let command = scc::game::Command {
        ability: scc::game::AbilityId(16),
        target: scc::game::Target::Point(scc::game::Point::new(30.0 + f32::from(turn % 5), 32.0)),
        units: own.map(|u| scc::game::UnitTag(u.tag())).collect(),
        queued: false,
    };
    client.act(vec![super::games::action(&scc::game::PlayerCommand::Unit(
        command,
    ))]);
}

/// Who does not know yet that the other one has ended the game is told by a status, not by an error.
#[test]
fn a_request_that_crosses_the_others_leaving_is_no_error() {
    for guest_leaves in [false, true] {
        for late in [
            step(3),
            Q::Action(proto::RequestAction {
                actions: vec![proto::Action::default()],
            }),
            Q::Query(proto::RequestQuery {
                pathing: vec![proto::RequestQueryPathing::default()],
                ..proto::RequestQuery::default()
            }),
        ] {
            let mut pair = pair(false);
            let (leaver, stayer) = match guest_leaves {
                true => (&mut pair.second, &mut pair.first),
                false => (&mut pair.first, &mut pair.second),
            };
            leaver.ask(Q::LeaveGame(proto::RequestLeaveGame {}));
            std::thread::sleep(Duration::from_millis(30));
            let response = stayer.ask(late.clone());
            assert!(response.error.is_empty(), "{late:?}: {response:?}");
            assert_eq!(response.status, Some(Status::Ended as i32), "{late:?}");
            // From now on it knows.
            let response = stayer.ask(late.clone());
            assert_eq!(response.error.len(), 1, "{late:?}");
        }
    }
}
