//! What the repository keeps: games that still re-play, agents that still load.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use scc::env::Playback;
use scc::replay;
use toml::Table;

fn root(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)
}

fn table(path: &Path) -> Table {
    let text = std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    text.parse()
        .unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

#[test]
fn kept_replays_are_listed_and_replay_to_their_recorded_end() {
    let index = table(&root("replays/index.toml"));
    let files: BTreeMap<String, PathBuf> = replay::list(&root("replays"))
        .unwrap()
        .into_iter()
        .map(|p| (p.file_name().unwrap().to_string_lossy().into_owned(), p))
        .collect();
    assert_eq!(
        index.keys().collect::<Vec<_>>(),
        files.keys().collect::<Vec<_>>(),
        "replays/ and its index differ: scripts/record-replays"
    );
    assert!(!files.is_empty());
    for (name, path) in files {
        let entry = index[&name].as_table().unwrap();
        for key in [
            "sha256", "source", "license", "version", "map", "players", "races", "results",
        ] {
            assert!(entry.contains_key(key), "{name}: {key}");
        }
        let game = replay::read(&path).unwrap();
        assert_eq!(entry["map"].as_str(), Some(&*game.header.map_name));
        assert_eq!(
            entry["game_loops"].as_integer(),
            Some(i64::from(game.header.game_loops))
        );
        let end = Playback::new(&game).and_then(Playback::finish);
        assert!(
            end.is_ok(),
            "{name}: {end:?}; rules or players changed? Then scripts/record-replays"
        );
    }
}

#[test]
fn kept_agents_have_a_card_and_load() {
    let mut found = 0;
    for folder in std::fs::read_dir(root("agents")).unwrap().flatten() {
        if !folder.path().is_dir() {
            continue;
        }
        let card = table(&folder.path().join("agent.toml"));
        for key in [
            "name",
            "race",
            "role",
            "parent",
            "config",
            "config_hash",
            "run",
            "date",
            "weights",
            "results",
        ] {
            assert!(card.contains_key(key), "{}: {key}", folder.path().display());
        }
        #[cfg(feature = "torch")]
        {
            let weights = folder.path().join(card["weights"].as_str().unwrap());
            let file = scc::policy::Checkpoint::open(&weights).unwrap();
            assert_eq!(
                file.specs().unwrap(),
                scc::action::Specs::default(),
                "the tables changed: train it anew"
            );
            file.policy(tch::Device::Cpu).unwrap();
        }
        found += 1;
    }
    assert!(found > 0);
}
