//! The ways of particular clients: rust-sc2, PySC2, and what they ask for that bots of python-sc2 do not.

use super::client::{computer, join_as, participant};
use super::{Client, Host, against_computer, created, flat_game};
use scc::sc2::proto::{
    self, LocalMap, RequestCreateGame, request::Request as Q, request_create_game::Map,
    response::Response as Body, response_join_game::Error as JoinError,
};
use scc::server::Folders;
use scc::sim::maps;
use std::collections::BTreeSet;

fn on_map(path: &str) -> RequestCreateGame {
    RequestCreateGame {
        map: Some(Map::LocalMap(LocalMap {
            map_path: Some(path.into()),
            map_data: None,
        })),
        ..against_computer()
    }
}

fn look_through_fog(client: &mut Client) -> Vec<proto::Unit> {
    let request = proto::RequestObservation {
        disable_fog: Some(true),
        game_loop: None,
    };
    match client.body(Q::Observation(request)) {
        Body::Observation(look) => look.observation.unwrap().raw_data.unwrap().units,
        other => panic!("{other:.100?}"),
    }
}

/// rust-sc2: an absolute path, a first look without fog, then each step the abilities of all its units.
#[test]
fn rust_sc2_finds_absolute_maps_looks_through_the_fog_and_asks_for_everybodys_abilities() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("Flat64.SC2Map");
    std::fs::write(&file, maps::encode(&maps::by_name("Flat64").unwrap())).unwrap();
    let host = Host::start();
    let mut client = host.client();
    created(&mut client, on_map(file.to_str().unwrap()));
    client.join();
    let units = look_through_fog(&mut client);
    let enemies: Vec<&proto::Unit> = units.iter().filter(|u| u.alliance == Some(4)).collect();
    // A town hall and twelve workers, none of them in view: Hidden, cloak unknown.
    assert_eq!(enemies.len(), 13);
    assert!(
        enemies
            .iter()
            .all(|u| (u.display_type, u.cloak) == (Some(3), Some(0)))
    );
    let tags: BTreeSet<u64> = units.iter().map(|u| u.tag()).collect();
    assert_eq!(tags.len(), units.len(), "a unit is listed twice");
    for _ in 0..5 {
        let raw = client.observe().observation.unwrap().raw_data.unwrap();
        assert!(
            raw.units.iter().all(|u| u.alliance != Some(4)),
            "the fog is back"
        );
        let own: Vec<u64> = raw
            .units
            .iter()
            .filter(|u| u.alliance == Some(1))
            .map(|u| u.tag())
            .collect();
        let asked = own.iter().map(|tag| proto::RequestQueryAvailableAbilities {
            unit_tag: Some(*tag),
        });
        let answer = client.query(proto::RequestQuery {
            abilities: asked.collect(),
            ..proto::RequestQuery::default()
        });
        let told: Vec<u64> = answer.abilities.iter().map(|a| a.unit_tag()).collect();
        assert_eq!(told, own);
        assert!(answer.abilities.iter().all(|a| !a.abilities.is_empty()));
        client.step(4);
    }
}

/// PySC2: a map's bytes are saved in the folder for temporary files and played on by that name.
#[test]
fn a_saved_map_is_played_on_and_nothing_is_written_elsewhere() {
    let folder = tempfile::tempdir().unwrap();
    let temp = folder.path().join("temp");
    std::fs::create_dir(&temp).unwrap();
    let host = Host::with(Folders {
        data: None,
        temp: Some(temp.clone()),
        home: None,
    });
    let mut client = host.client();
    let map = maps::encode(&maps::by_name("Tidewater").unwrap());
    let mut save = |path: &str, data: &[u8]| {
        let request = proto::RequestSaveMap {
            map_path: Some(path.into()),
            map_data: Some(data.to_vec().into()),
        };
        match client.body(Q::SaveMap(request)) {
            Body::SaveMap(answer) => answer.error,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(save("mine.SC2Map", &map), None);
    let invalid = Some(proto::response_save_map::Error::InvalidMapData as i32);
    assert_eq!(save("../out.SC2Map", &map), invalid);
    assert_eq!(save("other.SC2Map", b"no map"), invalid);
    let files: Vec<_> = std::fs::read_dir(&temp).unwrap().flatten().collect();
    assert_eq!(files.len(), 1);
    assert!(!folder.path().join("out.SC2Map").exists());
    created(&mut client, on_map("mine.SC2Map"));
    client.join();
    let info = client.game_info();
    assert_eq!(info.map_name.as_deref(), Some("Tidewater"));
    assert_eq!(info.local_map_path.as_deref(), Some("mine.SC2Map"));
}

/// Pictures are not made: who asks for nothing else is told so, who asks for them too gets the rest.
#[test]
fn feature_layers_alone_are_refused_and_left_out_beside_the_raw_interface() {
    let host = Host::start();
    let mut client = host.client();
    created(&mut client, flat_game(vec![participant(), computer(1, 1)]));
    let mut join = join_as(1);
    let options = join.options.as_mut().unwrap();
    options.feature_layer = Some(proto::SpatialCameraSetup::default());
    options.raw = None;
    match client.body(Q::JoinGame(join.clone())) {
        Body::JoinGame(answer) => {
            assert_eq!(answer.error, Some(JoinError::FeatureUnsupported as i32));
        }
        other => panic!("{other:?}"),
    }
    join.options.as_mut().unwrap().raw = Some(true);
    client.body(Q::JoinGame(join));
    let options = client.game_info().options.unwrap();
    assert_eq!((options.raw, options.feature_layer), (Some(true), None));
    assert!(
        client
            .observe()
            .observation
            .unwrap()
            .feature_layer_data
            .is_none()
    );
}

/// A game created without fog shows everything as in view.
#[test]
fn a_game_without_fog_has_everything_in_view() {
    let host = Host::start();
    let mut client = host.client();
    created(
        &mut client,
        RequestCreateGame {
            disable_fog: Some(true),
            ..against_computer()
        },
    );
    client.join();
    client.step(20);
    let raw = client.observe().observation.unwrap().raw_data.unwrap();
    let enemies: Vec<&proto::Unit> = raw.units.iter().filter(|u| u.alliance == Some(4)).collect();
    assert!(enemies.len() >= 13);
    assert!(
        enemies
            .iter()
            .all(|u| u.display_type == Some(1) && u.health.is_some())
    );
    let visibility = raw.map_state.unwrap().visibility.unwrap().data.unwrap();
    assert!(visibility.iter().all(|v| *v == 2));
}
