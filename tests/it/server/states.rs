//! Which request is allowed in which state, what it leads to, and the error enums of what fails.

use super::client::{computer, join_as, participant};
use super::{Client, Host, against_computer, created, flat_game, raw_options};
use scc::sc2::proto::{
    self, LocalMap, RequestCreateGame, RequestStep, Status, request::Request as Q,
    request_create_game::Map, request_join_game::Participation, response::Response as Body,
    response_create_game::Error as CreateError, response_join_game::Error as JoinError,
};

/// A client whose server is in the state.
fn at(status: Status) -> (Host, Client) {
    let host = Host::start();
    let mut client = host.client();
    if status != Status::Launched {
        created(&mut client, against_computer());
    }
    if matches!(status, Status::InGame | Status::Ended | Status::InReplay) {
        client.join();
        client.step(3);
    }
    if status == Status::InReplay {
        let replay = client.save_replay();
        let answer = client.ask(Q::StartReplay(watch(replay)));
        assert!(answer.error.is_empty(), "{answer:?}");
    }
    if status == Status::Ended {
        let end = proto::debug_command::Command::EndGame(proto::DebugEndGame::default());
        client.debug(end);
    }
    assert_eq!(client.status(), status);
    (host, client)
}

pub fn watch(replay: prost::bytes::Bytes) -> proto::RequestStartReplay {
    proto::RequestStartReplay {
        replay: Some(proto::request_start_replay::Replay::ReplayData(replay)),
        observed_player_id: Some(1),
        options: Some(raw_options()),
        ..proto::RequestStartReplay::default()
    }
}

fn requests() -> Vec<(&'static str, Q)> {
    let race = Participation::Race(1);
    let join = proto::RequestJoinGame {
        participation: Some(race),
        options: Some(raw_options()),
        ..proto::RequestJoinGame::default()
    };
    vec![
        ("create_game", Q::CreateGame(against_computer())),
        ("join_game", Q::JoinGame(join)),
        ("restart_game", Q::RestartGame(proto::RequestRestartGame {})),
        ("leave_game", Q::LeaveGame(proto::RequestLeaveGame {})),
        ("step", Q::Step(RequestStep { count: None })),
        ("action", Q::Action(proto::RequestAction::default())),
        (
            "obs_action",
            Q::ObsAction(proto::RequestObserverAction::default()),
        ),
        (
            "observation",
            Q::Observation(proto::RequestObservation::default()),
        ),
        ("game_info", Q::GameInfo(proto::RequestGameInfo {})),
        ("data", Q::Data(proto::RequestData::default())),
        ("query", Q::Query(proto::RequestQuery::default())),
        ("debug", Q::Debug(proto::RequestDebug::default())),
        ("quick_save", Q::QuickSave(proto::RequestQuickSave {})),
        ("save_replay", Q::SaveReplay(proto::RequestSaveReplay {})),
        ("ping", Q::Ping(proto::RequestPing {})),
        (
            "available_maps",
            Q::AvailableMaps(proto::RequestAvailableMaps {}),
        ),
        ("save_map", Q::SaveMap(proto::RequestSaveMap::default())),
        (
            "replay_info",
            Q::ReplayInfo(proto::RequestReplayInfo::default()),
        ),
        ("quit", Q::Quit(proto::RequestQuit {})),
    ]
}

/// For each state: what is allowed, and where it leads if not to the same state.
fn allowed(status: Status) -> Vec<(&'static str, Status)> {
    use Status as S;
    let always = ["ping", "available_maps", "save_map", "replay_info"];
    let mut rows: Vec<(&str, Status)> = always.map(|name| (name, status)).to_vec();
    rows.push(("quit", S::Quit));
    rows.push(("create_game", S::InitGame));
    let same: &[&str] = match status {
        S::InGame => &[
            "step",
            "action",
            "observation",
            "game_info",
            "data",
            "query",
            "debug",
            "quick_save",
            "save_replay",
        ],
        S::InReplay => &["obs_action", "observation", "game_info", "data", "query"],
        S::Ended => &["observation", "game_info", "data", "save_replay"],
        _ => &[],
    };
    rows.extend(same.iter().map(|name| (*name, status)));
    match status {
        S::InitGame => rows.extend([("join_game", S::InGame), ("leave_game", S::Launched)]),
        S::InGame => rows.extend([("restart_game", S::InGame), ("leave_game", S::Launched)]),
        S::Ended => rows.extend([("restart_game", S::InGame), ("leave_game", S::Launched)]),
        // Three loops were recorded: a step of one stays inside.
        S::InReplay => rows.extend([("step", S::InReplay), ("leave_game", S::Launched)]),
        _ => {}
    }
    rows
}

#[test]
fn each_request_is_allowed_where_the_table_says_and_leads_there() {
    use Status as S;
    for status in [S::Launched, S::InitGame, S::InGame, S::InReplay, S::Ended] {
        let table = allowed(status);
        for (name, request) in requests() {
            let (_host, mut client) = at(status);
            let response = client.ask(request);
            let led_to = Status::try_from(response.status.unwrap()).unwrap();
            match table.iter().find(|row| row.0 == name) {
                Some((_, expected)) => {
                    assert!(
                        response.error.is_empty(),
                        "{name} in {status:?}: {:?}",
                        response.error
                    );
                    assert!(
                        response.response.is_some(),
                        "{name} in {status:?} has no body"
                    );
                    assert_eq!(led_to, *expected, "{name} in {status:?}");
                }
                None => {
                    assert!(
                        response.response.is_none(),
                        "{name} in {status:?} got a body"
                    );
                    assert!(!response.error.concat().is_empty(), "{name} in {status:?}");
                    assert_eq!(led_to, status, "{name} in {status:?}");
                }
            }
        }
    }
}

#[test]
fn the_texts_that_clients_compare_with_are_exact() {
    let (_host, mut client) = at(Status::Ended);
    let step = Q::Step(RequestStep { count: None });
    assert_eq!(client.refusal(step.clone()), "Game has already ended");
    let action = Q::Action(proto::RequestAction::default());
    assert_eq!(
        client.refusal(action.clone()),
        "Not supported if game has already ended"
    );
    let (_host, mut client) = at(Status::InitGame);
    assert_eq!(client.refusal(step), "A game has not been started yet");
    assert_eq!(client.refusal(action), "A game has not been started yet");
}

#[test]
fn the_id_of_a_request_comes_back() {
    use prost::Message as _;
    let host = Host::start();
    let mut client = host.client();
    let request = proto::Request {
        id: Some(77),
        request: Some(Q::Ping(proto::RequestPing {})),
    };
    client.send_bytes(request.encode_to_vec());
    let response = client.receive();
    assert_eq!(response.id, Some(77));
    let Some(Body::Ping(ping)) = response.response else {
        panic!("no ping");
    };
    assert_eq!(ping.base_build, Some(75689));
    assert_eq!(ping.game_version.as_deref(), Some("4.10.0.75689"));
}

fn create_error(client: &mut Client, game: RequestCreateGame) -> Option<CreateError> {
    match client.body(Q::CreateGame(game)) {
        Body::CreateGame(answer) => {
            let error = answer.error.map(|e| CreateError::try_from(e).unwrap());
            assert_eq!(error.is_some(), answer.error_details.is_some());
            error
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn games_that_cannot_be_created_say_why_by_number() {
    let host = Host::start();
    let mut client = host.client();
    let path = |path: &str| {
        Some(Map::LocalMap(LocalMap {
            map_path: Some(path.into()),
            map_data: None,
        }))
    };
    let data = |data: &'static [u8]| {
        Some(Map::LocalMap(LocalMap {
            map_path: Some("x".into()),
            map_data: Some(data.into()),
        }))
    };
    let with_map = |map| RequestCreateGame {
        map,
        ..against_computer()
    };
    let cases = [
        (with_map(None), CreateError::MissingMap),
        (with_map(path("")), CreateError::MissingMap),
        (
            with_map(path("Melee/NoSuch.SC2Map")),
            CreateError::InvalidMapPath,
        ),
        (
            with_map(path("../../etc/passwd")),
            CreateError::InvalidMapPath,
        ),
        (with_map(path("/etc/passwd")), CreateError::InvalidMapPath),
        (with_map(data(b"MPQ\x1aabc")), CreateError::InvalidMapData),
        (with_map(data(b"nonsense")), CreateError::InvalidMapData),
        (
            with_map(Some(Map::BattlenetMapName("Triton LE".into()))),
            CreateError::InvalidMapName,
        ),
        (flat_game(vec![]), CreateError::MissingPlayerSetup),
        (
            flat_game(vec![participant()]),
            CreateError::InvalidPlayerSetup,
        ),
        (
            flat_game(vec![participant(); 3]),
            CreateError::InvalidPlayerSetup,
        ),
        (
            flat_game(vec![participant(), computer(2, 1)]),
            CreateError::InvalidPlayerSetup,
        ),
        (
            flat_game(vec![participant(), computer(1, 11)]),
            CreateError::InvalidPlayerSetup,
        ),
    ];
    for (game, expected) in cases {
        let shown = format!("{game:?}");
        assert_eq!(
            create_error(&mut client, game),
            Some(expected),
            "{shown:.300}"
        );
        assert_eq!(client.status(), Status::Launched);
    }
}

#[test]
fn who_cannot_join_is_told_why_by_number_and_the_game_waits_on() {
    let host = Host::start();
    let mut client = host.client();
    created(&mut client, against_computer());
    let without = |change: fn(&mut proto::RequestJoinGame)| {
        let mut join = join_as(1);
        change(&mut join);
        join
    };
    let cases = [
        (
            without(|j| j.participation = None),
            JoinError::MissingParticipation,
        ),
        (without(|j| j.options = None), JoinError::MissingOptions),
        (join_as(2), JoinError::LaunchError),
        (join_as(3), JoinError::LaunchError),
        (
            without(|j| j.participation = Some(Participation::ObservedPlayerId(1))),
            JoinError::InvalidObservedPlayerId,
        ),
    ];
    for (join, expected) in cases {
        match client.body(Q::JoinGame(join)) {
            Body::JoinGame(answer) => {
                assert_eq!(answer.error, Some(expected as i32), "{answer:?}");
                assert_eq!(answer.player_id, None);
                assert!(!answer.error_details.unwrap().is_empty());
            }
            other => panic!("{other:?}"),
        }
        assert_eq!(client.status(), Status::InitGame);
    }
    created(&mut client, flat_game(vec![participant(), participant()]));
    match client.body(Q::JoinGame(join_as(1))) {
        Body::JoinGame(answer) => assert_eq!(answer.error, Some(JoinError::MissingPorts as i32)),
        other => panic!("{other:?}"),
    }
}

#[test]
fn quit_is_answered_and_ends_the_server() {
    let (mut host, mut client) = at(Status::InGame);
    let response = client.ask(Q::Quit(proto::RequestQuit {}));
    assert!(matches!(response.response, Some(Body::Quit(_))));
    assert_eq!(response.status, Some(Status::Quit as i32));
    host.ended();
    // A client that closes without reading the answer is none the worse.
    let mut host = Host::start();
    let mut client = host.client();
    client.send(Q::Quit(proto::RequestQuit {}));
    drop(client);
    host.ended();
}
