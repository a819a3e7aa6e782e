//! Replays: saved as archives that clients read, watched with the same loops, units and tags, described; quick saves.

use super::states::watch;
use super::{Client, Host, against_computer, created};
use scc::replay::{self, Header};
use scc::sc2::proto::{self, Status, request::Request as Q, response::Response as Body};
use std::path::Path;

/// The header of the replay of ours inside an archive: found by its magic, as the archive stores files uncompressed.
pub fn header(archive: &[u8]) -> Header {
    let at = archive
        .windows(8)
        .position(|w| w == b"SCREPLAY")
        .expect("a replay of ours");
    replay::decode(&archive[at..], Path::new("archive"))
        .unwrap()
        .header
}

/// A short game: marines are made by debug only in `altered` games.
fn short_game(client: &mut Client) -> Vec<proto::ResponseObservation> {
    created(client, against_computer());
    client.join();
    let mut looks = Vec::new();
    for n in 0..30 {
        let look = client.observe();
        let units = &look
            .observation
            .as_ref()
            .unwrap()
            .raw_data
            .as_ref()
            .unwrap()
            .units;
        let hall = units
            .iter()
            .find(|u| u.unit_type == Some(18) && u.owner == Some(1))
            .unwrap();
        if n % 10 == 0 {
            let train = scc::game::Command {
                ability: scc::game::AbilityId(524),
                units: [scc::game::UnitTag(hall.tag())].into_iter().collect(),
                ..Default::default()
            };
            let action = super::games::action(&scc::game::PlayerCommand::Unit(train));
            client.act(vec![action]);
        }
        looks.push(look);
        client.step(20);
    }
    looks.push(client.observe());
    looks
}

/// What differs between playing and watching: results at the end, and whose races are known.
fn comparable(mut look: proto::ResponseObservation) -> proto::ResponseObservation {
    look.player_result.clear();
    look
}

#[test]
fn a_replay_shows_what_the_player_saw_and_ends_where_the_record_ends() {
    let host = Host::start();
    let mut client = host.client();
    let looks = short_game(&mut client);
    let replay = client.save_replay();
    assert!(
        replay.len() < 4 << 20,
        "{} bytes: aiohttp takes 4 MiB",
        replay.len()
    );
    assert!(replay.starts_with(b"MPQ\x1a"));
    let answer = client.ask(Q::StartReplay(watch(replay)));
    assert_eq!(answer.status, Some(Status::InReplay as i32), "{answer:?}");
    for (n, expected) in looks.iter().enumerate() {
        assert_eq!(
            comparable(client.observe()),
            comparable(expected.clone()),
            "look {n}"
        );
        if n + 1 < looks.len() {
            client.step(20);
        }
    }
    assert_eq!(client.status(), Status::Ended);
    let results: Vec<i32> = client
        .observe()
        .player_result
        .iter()
        .map(|r| r.result.unwrap())
        .collect();
    assert_eq!(results, [4, 4], "the record ends undecided");
    let info = client.game_info();
    assert!(info.player_info.iter().all(|p| p.race_actual == Some(1)));
}

#[test]
fn replay_info_says_what_scripts_sort_replays_by() {
    let host = Host::start();
    let mut client = host.client();
    short_game(&mut client);
    let replay = client.save_replay();
    let request = proto::RequestReplayInfo {
        replay: Some(proto::request_replay_info::Replay::ReplayData(replay)),
        download_data: None,
    };
    let Body::ReplayInfo(info) = client.body(Q::ReplayInfo(request)) else {
        panic!("no info");
    };
    assert_eq!(info.error, None);
    assert_eq!(info.game_duration_loops, Some(600));
    assert_eq!(info.base_build, Some(75689));
    assert_eq!(info.map_name.as_deref(), Some("Flat64"));
    let kinds: Vec<i32> = info
        .player_info
        .iter()
        .map(|p| p.player_info.as_ref().unwrap().r#type.unwrap())
        .collect();
    assert_eq!(kinds, [1, 2]);
    // Three orders in 600 loops, 26.8 seconds.
    assert_eq!(info.player_info[0].player_apm, Some(7));
}

#[test]
fn what_cannot_be_watched_is_refused_with_the_reason() {
    use proto::request_start_replay::Replay as From;
    use proto::response_start_replay::Error as E;
    let host = Host::start();
    let mut client = host.client();
    created(&mut client, against_computer());
    client.join();
    client.debug(proto::debug_command::Command::GameState(
        proto::DebugGameState::Minerals as i32,
    ));
    let altered = client.save_replay();
    let request = |replay| proto::RequestStartReplay {
        replay,
        ..watch(prost::bytes::Bytes::new())
    };
    let cases = [
        (request(None), E::MissingReplay),
        (
            request(Some(From::ReplayPath("none.SC2Replay".into()))),
            E::InvalidReplayPath,
        ),
        (
            request(Some(From::ReplayPath("../x".into()))),
            E::InvalidReplayPath,
        ),
        (
            request(Some(From::ReplayData("junk".into()))),
            E::InvalidReplayData,
        ),
        (
            request(Some(From::ReplayData("MPQ\x1b0123".into()))),
            E::InvalidReplayData,
        ),
        (
            request(Some(From::ReplayData(altered.slice(..altered.len() / 2)))),
            E::InvalidReplayData,
        ),
        (
            request(Some(From::ReplayData(altered))),
            E::InvalidReplayData,
        ),
    ];
    for (request, expected) in cases {
        let Body::StartReplay(answer) = client.body(Q::StartReplay(request)) else {
            panic!("no answer");
        };
        assert_eq!(answer.error, Some(expected as i32), "{answer:?}");
        assert_eq!(client.status(), Status::InGame, "the game goes on");
    }
}

#[test]
fn a_quick_load_goes_back_to_the_saved_moment() {
    let host = Host::start();
    let mut client = host.client();
    short_game(&mut client);
    client.body(Q::QuickSave(proto::RequestQuickSave {}));
    let saved = header(&client.save_replay());
    client.step(100);
    let later = header(&client.save_replay());
    client.body(Q::QuickLoad(proto::RequestQuickLoad {}));
    assert_eq!(header(&client.save_replay()), saved);
    client.step(100);
    assert_eq!(header(&client.save_replay()), later);
}
