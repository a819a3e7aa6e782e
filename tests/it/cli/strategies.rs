//! Networks that are told what to be: strategies of a library, of a JSON file, of a league's database.

use scc::league::{League, LeagueConfig, PlayerId, Role, Start, StartFrom};
use scc::storage::{Storage, StorageUrl};
use scc::trajectory::{Z, ZLibrary};

use super::Fixture;

const WEIGHTS: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/agents/marine-flat64/weights.safetensors"
);

/// A short match of the agent against the weakest built-in AI; who it says has played, and the games' hash.
fn played(fixture: &Fixture, agent: &str, more: &[&str]) -> (String, String) {
    let args = [
        "match",
        "--agent",
        agent,
        "--opponent",
        "builtin:VeryEasy:terran",
        "--map",
        "Flat64",
        "--games",
        "2",
        "--max-loops",
        "400",
        "--seed",
        "3",
        "--json",
    ];
    let table = fixture.json(&[&args[..], more].concat());
    let text = |key: &str| table["rows"][0][key].as_str().unwrap().to_owned();
    (text("agent"), text("state_hash"))
}

/// A library `a.z` of two scripts' strategies, and the first of them as `rush.json`.
fn library(fixture: &Fixture) -> Vec<Z> {
    for script in ["scripted:marine", "scripted:tank"] {
        let saved = fixture.run(&[
            "match",
            "--agent",
            script,
            "--opponent",
            "builtin:VeryEasy:terran",
            "--map",
            "Flat64",
            "--games",
            "1",
            "--max-loops",
            "3000",
            "--save-replays",
            "games",
        ]);
        assert_eq!(saved.code, Some(0), "{}", saved.stderr);
    }
    let made = fixture.run(&["replay", "z", "games", "--out", "a.z"]);
    assert_eq!(made.code, Some(0), "{}", made.stderr);
    let entries = ZLibrary::read(&fixture.path("a.z")).unwrap().entries;
    let all: Vec<Z> = entries.into_iter().map(|e| e.z).collect();
    assert_eq!(all.len(), 2);
    assert_ne!(all[0], all[1]);
    std::fs::write(fixture.path("rush.json"), json(&all[0])).unwrap();
    all
}

fn json(z: &Z) -> String {
    serde_json::to_string(z).unwrap()
}

#[test]
fn a_checkpoint_plays_by_one_z_by_a_set_or_by_none() {
    let fixture = Fixture::new();
    library(&fixture);
    let agent = format!("checkpoint:{WEIGHTS}");
    let by = |told: &str| played(&fixture, &format!("{agent}{told}"), &[]);
    let (free, first, second) = (by(""), by(",z=a.z:0"), by(",z=a.z:1"));
    assert_eq!(first.0, format!("{agent},z=a.z:0"), "the row says by what");
    assert_ne!(free.1, first.1);
    assert_ne!(first.1, second.1, "another z, other games");
    assert_eq!(by(",z=none").1, free.1);
    assert_eq!(
        by(",z=rush.json").1,
        first.1,
        "the same z as a file of its own"
    );
    assert_ne!(by(",rating=700").1, free.1);
    let spec = format!("{agent},z=a.z");
    let set = played(&fixture, &spec, &["--threads", "1"]);
    assert_eq!(set.1, by(",z=a.z:0+1").1, "both are for this map");
    assert_eq!(set, played(&fixture, &spec, &["--threads", "2"]));
}

#[test]
fn strategies_that_are_not_there_are_refused() {
    let fixture = Fixture::new();
    library(&fixture);
    std::fs::write(fixture.path("text"), "no strategies").unwrap();
    let refused = |agent: &str, hint: &str| {
        let opponent = "builtin:VeryEasy:terran";
        fixture.refused(&["match", "--agent", agent, "--opponent", opponent], hint);
    };
    let told = |told: &str, hint: &str| refused(&format!("checkpoint:{WEIGHTS},{told}"), hint);
    told("z=missing.z", "missing.z");
    told("z=text", "neither a z library");
    told("z=a.z:0+7", "2 z's");
    told("z=a.z:", "FILE:N");
    told("z=a.z,z=none", "twice");
    told("rating=high", "whole number");
    refused("scripted:marine,z=a.z", "marine,z=a.z");
}

#[test]
fn a_league_s_player_plays_by_what_it_is_trained_for() {
    let fixture = Fixture::new();
    let z = library(&fixture);
    let mut config = LeagueConfig::default();
    config.starts.push(Start {
        name: "quick".into(),
        role: Role::MainExploiter,
        after: Some("main".into()),
        at_steps: 10,
        from: StartFrom::Branch(vec![0]),
    });
    let mut storage = Storage::create(&StorageUrl::in_run(&fixture.path("run"))).unwrap();
    let mut league = League::new(config, 3, "w.safetensors").unwrap();
    storage.create_league(&league).unwrap();
    assert_eq!(storage.add_z("rush", &json(&z[0])).unwrap(), 0);
    let main = PlayerId(1);
    let events = league.on_progress(main, 10, "w.safetensors").unwrap();
    storage.save_progress(&league, main, &events).unwrap();
    drop(storage);
    std::fs::copy(WEIGHTS, fixture.path("run/w.safetensors")).unwrap();
    let by = |agent: &str| played(&fixture, agent, &["--storage", "run"]).1;
    let free = by("league:main");
    assert_eq!(
        by("league:quick"),
        by("checkpoint:run/w.safetensors,z=a.z:0")
    );
    assert_eq!(by("league:quick,z=none"), free);
    assert_ne!(by("league:quick"), free);
    assert_eq!(by("league:main,z=rush.json"), by("league:quick"));
}
