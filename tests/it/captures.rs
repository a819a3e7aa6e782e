//! Captures of the real game: each converts, each first observation imports as a map, and nothing else does.

use prost::Message;
use rand::{Rng, RngExt};
use scc::action::Specs;
use scc::game::{Alliance, GameResult, PlayerId, Point, Race, RawObservation, Seed};
use scc::run::observe;
use scc::sc2::import::{self, ImportError, Imported, import_files};
use scc::sc2::proto::{ResponseData, ResponseGameInfo, ResponseObservation};
use scc::sc2::{capture, convert};
use scc::sim::{AiBuild, Difficulty, Seat, Sim, SimConfig, maps};
use scc::tactics::kinds::kind;
use std::error::Error;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/captures");

/// Game-info and observation files of a folder of captures, by name.
pub fn captures(folder: &str) -> Vec<(String, PathBuf, PathBuf)> {
    let Ok(entries) = std::fs::read_dir(Path::new(ROOT).join(folder)) else {
        println!("skipped: no captures of the real game at {ROOT}");
        return Vec::new();
    };
    let mut found: Vec<_> = entries
        .flatten()
        .filter_map(|entry| {
            let path = entry.path();
            let name = path
                .file_name()?
                .to_str()?
                .strip_suffix(".game_info.pb.gz")?;
            let observation = path.with_file_name(format!("{name}.observation.pb.gz"));
            Some((format!("{folder}/{name}"), path.clone(), observation))
        })
        .collect();
    found.sort();
    found
}

pub const FIRST_OBSERVATIONS: [&str; 7] = [
    ".",
    "v4.10",
    "v4.8-8bit",
    "v4.8-creep8",
    "v4.9",
    "v4.11",
    "v4.12",
];

/// A data answer by its hash; none where the captures are not there.
pub fn data_answer(hash: &str) -> Option<ResponseData> {
    let packed = std::fs::read(format!("{ROOT}/data-{hash}.pb.gz")).ok()?;
    let mut plain = Vec::new();
    flate2::read::GzDecoder::new(packed.as_slice())
        .read_to_end(&mut plain)
        .unwrap();
    Some(ResponseData::decode(plain.as_slice()).unwrap())
}

/// The capture's name and its map.
fn import(name: &str) -> Option<(String, Imported)> {
    let (folder, file) = name.rsplit_once('/')?;
    let (_, info, observation) = captures(folder)
        .into_iter()
        .find(|(n, ..)| n == &format!("{folder}/{file}"))?;
    Some((name.to_owned(), import_files(&info, &observation).unwrap()))
}

#[test]
fn every_first_observation_imports() {
    let mut n_imported = 0;
    for (name, info, observation) in FIRST_OBSERVATIONS.iter().flat_map(|f| captures(f)) {
        let map = match import_files(&info, &observation) {
            Ok(imported) => imported.map,
            Err(e) => panic!("{name}: {e}: {:?}", e.source()),
        };
        let facts = maps::info(&map);
        assert!(
            (12..=24).contains(&facts.expansions.len()),
            "{name}: {facts}"
        );
        assert!(
            facts.geysers >= 24 && facts.mineral_fields >= 96,
            "{name}: {facts}"
        );
        assert!(facts.main_to_main.is_some(), "{name}: {facts}");
        let again = maps::decode(&maps::encode(&map), &info).unwrap();
        assert_eq!(again, map, "{name}: through the map file");
        n_imported += 1;
    }
    assert!(n_imported == 59 || n_imported == 0, "{n_imported} captures");
}

/// Figures read off the captures (index.tsv has the starts): start locations, bases, fields, geysers.
#[test]
fn the_papers_maps_import_with_what_the_capture_shows() {
    let expected = [
        ("v4.10/Triton", (160.5, 46.5), (55.5, 157.5), 16),
        ("v4.10/KairosJunctionLE", (120.5, 27.5), (31.5, 140.5), 16),
        ("v4.10/CatalystLE", (39.5, 139.5), (144.5, 28.5), 14),
    ];
    for (name, own, enemy, n_bases) in expected {
        let Some((_, Imported { map, left_out })) = import(name) else {
            return;
        };
        let starts = vec![Point::new(own.0, own.1), Point::new(enemy.0, enemy.1)];
        assert_eq!(map.start_locations, starts, "{name}");
        assert_eq!(map.expansions.len(), n_bases, "{name}");
        assert_eq!(left_out, vec![], "{name}");
        for start in &map.start_locations {
            let near = |geyser: bool| {
                let found = map
                    .resources
                    .iter()
                    .filter(|r| r.pos.distance(*start) < 9.0);
                found.filter(|r| (r.contents == 2250) == geyser).count()
            };
            assert_eq!((near(false), near(true)), (8, 2), "{name}");
            let (x, y) = start.cell();
            assert_eq!(map.pathing.get(x, y), Some(true), "{name}: hall restored");
            assert_eq!(
                map.height.get(x, y),
                Some(223),
                "{name}: main on high ground"
            );
        }
    }
}

#[test]
fn observations_of_a_game_under_way_are_refused() {
    for (folder, want) in [("crowd-4.11", "opponent"), ("midgame-ares", "game loop 42")] {
        for (name, info, observation) in captures(folder) {
            match import_files(&info, &observation) {
                Err(ImportError::NotFirst(why)) => {
                    assert!(why.to_string().contains(want), "{name}: {why}");
                }
                other => panic!("{name}: {other:?}"),
            }
        }
    }
}

#[test]
fn a_capture_of_something_else_is_named_as_such() {
    let all = captures("v4.10");
    let Some((_, info, observation)) = all.first() else {
        return;
    };
    let data = Path::new(ROOT).join("data-82ed74e35b84.pb.gz");
    let action = Path::new(ROOT).join("pysc2/action_feature_camera_move.pb.gz");
    for wrong in [observation, &data, &action] {
        let e = import_files(wrong, observation).unwrap_err().to_string();
        assert!(e.contains("no ResponseGameInfo"), "{e}");
    }
    for wrong in [info, &data, &action] {
        let e = import_files(info, wrong).unwrap_err().to_string();
        assert!(
            e.contains("no ResponseObservation"),
            "{}: {e}",
            wrong.display()
        );
    }
    let e = import_files(Path::new(ROOT), observation).unwrap_err();
    assert!(e.to_string().contains("is a folder"), "{e}");
    let (_, other_info, _) = &all[3];
    let e = import_files(other_info, observation).unwrap_err();
    assert!(e.source().unwrap().to_string().contains("grid is"), "{e:?}");
}

/// Every capture that has raw data, with its grids the right way up: the own town hall is in view.
#[test]
fn every_capture_converts_whole() {
    let folders = FIRST_OBSERVATIONS
        .iter()
        .chain(&["crowd-4.11", "midgame-ares"]);
    for (name, info, observation) in folders.flat_map(|f| captures(f)) {
        let info = capture::read_game_info(&info).unwrap();
        let message = capture::read_observation(&observation).unwrap();
        let terrain = convert::terrain(&info).unwrap();
        let size = (terrain.pathing.width(), terrain.pathing.height());
        let mut raw = RawObservation::default();
        convert::observation(&message, size, terrain.is_old_format, &mut raw).unwrap();
        let units = &message
            .observation
            .as_ref()
            .unwrap()
            .raw_data
            .as_ref()
            .unwrap()
            .units;
        assert_eq!(raw.units.len(), units.len(), "{name}");
        assert_eq!(
            terrain.is_old_format,
            name.starts_with("v4.8-8bit"),
            "{name}"
        );
        let hall = raw
            .units
            .iter()
            .find(|u| u.alliance == Alliance::Own && u.radius == 2.75);
        let (x, y) = hall.expect("an own town hall").pos.cell();
        assert_eq!(
            raw.visibility.get(x, y),
            Some(2),
            "{name}: the own hall is in view"
        );
        assert_eq!(
            terrain.placement.get(x, y),
            Some(true),
            "{name}: on buildable ground"
        );
        // Heights agree with the units that stand on the ground: 0.03 on flat ground, more on hand-made terrain, and
        // versions before 4.8 have steps of 0.8.
        let z = -16.0 + 32.0 * f32::from(terrain.height.get(x, y).unwrap()) / 255.0;
        assert!((z - hall.unwrap().z).abs() < 0.45, "{name}: {z}");
    }
}

/// Cuts and flips bytes all over real captures: whatever still parses must convert or be an error, never a panic.
#[test]
fn mutated_captures_never_panic() {
    let mut rng = Seed(7).rng();
    let names = ["v4.10", "v4.8-8bit", "midgame-ares"];
    for (_, info_path, path) in names.iter().flat_map(|f| captures(f).into_iter().take(2)) {
        let info = capture::read_game_info(&info_path).unwrap();
        let plain = capture::read_observation(&path).unwrap().encode_to_vec();
        let info_bytes = info.encode_to_vec();
        let size = (184, 184);
        let mut raw = RawObservation::default();
        let specs = Specs::default();
        for i in 0..400 {
            let mut bytes = plain.clone();
            mutate(&mut bytes, i, &mut rng);
            if let Ok(message) = ResponseObservation::decode(bytes.as_slice()) {
                let _ = convert::observation(&message, size, false, &mut raw);
                let _ = import::import(&info, &message);
                let terrain = convert::terrain(&info).unwrap();
                let _ = observe::observe(&info, terrain, &message, &specs);
            }
            let mut bytes = info_bytes.clone();
            mutate(&mut bytes, i, &mut rng);
            if let Ok(message) = ResponseGameInfo::decode(bytes.as_slice()) {
                let _ = convert::terrain(&message);
                let _ = convert::players(&message);
            }
        }
    }
}

fn mutate(bytes: &mut Vec<u8>, round: usize, rng: &mut impl Rng) {
    if round.is_multiple_of(4) {
        bytes.truncate(rng.random_range(0..bytes.len()));
        return;
    }
    // The first part holds the fields, the rest is mostly grids: prefer the former.
    let reach = if round.is_multiple_of(2) {
        bytes.len()
    } else {
        bytes.len().min(6000)
    };
    for _ in 0..rng.random_range(1..20) {
        let at = rng.random_range(0..reach);
        bytes[at] = rng.random();
    }
}

/// Totals as captured, limits kept, and equal results from equal input, for every capture.
#[test]
fn every_capture_encodes() {
    let specs = Specs::default();
    let folders = FIRST_OBSERVATIONS
        .iter()
        .chain(&["crowd-4.11", "midgame-ares"]);
    for (name, info, observation) in folders.flat_map(|f| captures(f)) {
        let seen = observe::observe_files(&info, &observation, &specs).unwrap();
        let message = capture::read_observation(&observation).unwrap();
        let units = message.observation.unwrap().raw_data.unwrap().units;
        let of = |alliances: &[i32]| {
            let is = |u: &&scc::sc2::proto::Unit| alliances.contains(&u.alliance.unwrap_or(0));
            units.iter().filter(is).count()
        };
        let counted = (seen.units.own, seen.units.enemy, seen.units.neutral);
        assert_eq!(counted, (of(&[1, 2]), of(&[4]), of(&[3])), "{name}");
        let [mine, enemy, neutral] = specs.obs.config.units_max;
        assert_eq!(seen.encoded.own, seen.units.own.min(mine), "{name}");
        assert_eq!(seen.encoded.enemy, seen.units.enemy.min(enemy), "{name}");
        assert_eq!(
            seen.encoded.neutral,
            seen.units.neutral.min(neutral),
            "{name}"
        );
        let again = observe::observe_files(&info, &observation, &specs).unwrap();
        assert_eq!(seen, again, "{name}");
    }
}

/// The three maps on which the paper played: a strong and a middling built-in player, to the end.
#[test]
fn whole_games_are_played_on_the_papers_maps() {
    for name in ["./Triton", "./KairosJunctionLE", "./CatalystLE"] {
        let Some((_, imported)) = import(name) else {
            continue; // captures() has said "skipped"
        };
        let seat = |level| Seat::Computer {
            race: Race::Terran,
            level,
            build: AiBuild::RandomBuild,
        };
        let mut sim = Sim::new(SimConfig {
            map: Arc::new(imported.map),
            seats: [seat(Difficulty::VeryHard), seat(Difficulty::Medium)],
            seed: Seed(1),
            disable_fog: false,
        })
        .unwrap();
        let mut obs = RawObservation::default();
        let mut halls_max = 0;
        while sim.results().is_empty() && sim.game_loop() < 30_000 {
            sim.step(1344);
            sim.observe_into(PlayerId(1), &mut obs);
            let own = obs.units.iter().filter(|x| x.alliance == Alliance::Own);
            let halls = own.filter(|x| kind(x.unit_type).is_townhall).count();
            halls_max = halls_max.max(halls);
        }
        let winner = sim
            .results()
            .iter()
            .find(|r| r.result == GameResult::Victory);
        let loops = sim.game_loop();
        assert_eq!(
            winner.map(|r| r.player),
            Some(PlayerId(1)),
            "{name}, {loops}"
        );
        assert!(halls_max >= 3, "{name}: {halls_max} bases");
    }
}
