//! `scc league branch --z auto`: plays every z of a run folder's library and asks for a branch with the best.

use scc::action::Specs;
use scc::game::{Race, Seed};
use scc::league::{League, LeagueConfig};
use scc::policy::checkpoint::{self, CheckpointNotes};
use scc::policy::{Policy, PolicyConfig, PolicySpec};
use scc::storage::{RequestStatus, Storage, StorageUrl};
use scc::trajectory::{Z, ZEntry, ZLibrary};

use super::Fixture;

const CONFIG: &str = r#"
stage = "league"
seed = 5
map = "Flat64"
[league.branch]
games_min = 2
[games]
at_once = 2
loops_max = 200
[rewards]
library = "z.library"
[train]
steps_max = 1
[payoff]
z_games = 2
z_max = 1
"#;

/// A run folder `run` of a league whose agents are tiny networks, and a library of three z's.
fn fixture() -> Fixture {
    let fixture = Fixture::new();
    let run = fixture.path("run");
    std::fs::create_dir(&run).unwrap();
    std::fs::write(run.join("config.toml"), CONFIG).unwrap();
    let spec = PolicySpec::new(PolicyConfig::tiny(), &Specs::default());
    let policy = Policy::new(&spec, Seed(1), tch::Device::Cpu).unwrap();
    let notes = CheckpointNotes::default();
    checkpoint::save(
        &run.join("supervised.safetensors"),
        &policy,
        None,
        &[],
        &notes,
    )
    .unwrap();
    let entries: Vec<ZEntry> = (1..=3).map(entry).collect();
    let mut storage = Storage::create(&StorageUrl::in_run(&run)).unwrap();
    let config = LeagueConfig {
        branch: scc::league::config::BranchConfig {
            games_min: 2,
            ..LeagueConfig::default().branch
        },
        ..LeagueConfig::default()
    };
    let league = League::new(config, 5, "supervised.safetensors").unwrap();
    storage.create_league(&league).unwrap();
    for entry in &entries {
        let text = serde_json::to_string(&entry.z).unwrap();
        storage.add_z(&entry.source, &text).unwrap();
    }
    let library = ZLibrary { entries };
    library.write(&fixture.path("z.library")).unwrap();
    fixture
}

fn entry(n: u16) -> ZEntry {
    ZEntry {
        z: Z {
            counts: vec![n; 4],
            ..Z::default()
        },
        map: "Flat64".into(),
        race: Race::Terran,
        opponent: Race::Terran,
        start: 0,
        won: true,
        mmr: 0.0,
        source: format!("game {n}"),
    }
}

const ASK: [&str; 8] = [
    "league", "branch", "run", "--from", "main", "--z", "auto", "--json",
];

#[test]
fn auto_plays_every_z_and_takes_the_best() {
    let fixture = fixture();
    let asked = fixture.json(&ASK);
    let tried = asked["tried"].as_array().unwrap();
    let names: Vec<&str> = tried.iter().map(|z| z["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["game 1", "game 2", "game 3"]);
    let games = |z: &serde_json::Value| {
        let count = |key: &str| z[key].as_u64().unwrap();
        count("wins") + count("draws") + count("losses")
    };
    assert!(tried.iter().all(|z| games(z) == 2), "{asked}");
    // By what is sure (league.branch.by), equals by number.
    let mut best = &tried[0];
    for z in tried {
        if z["ci95"][0].as_f64() > best["ci95"][0].as_f64() {
            best = z;
        }
    }
    assert_eq!(asked["order"]["condition"]["z"], best["z"]);
    let mut storage = Storage::open(&StorageUrl::in_run(&fixture.path("run"))).unwrap();
    let requests = storage.branch_requests().unwrap();
    assert_eq!(requests[0].status, RequestStatus::Waiting);
    assert_eq!(
        requests[0].order.condition.ids(),
        [best["z"].as_u64().unwrap() as u32]
    );
    // Whatever league runs on the database knows nothing of these games.
    assert!(storage.games().unwrap().is_empty());
    let one = fixture.json(&[&ASK[..], &["--set", "payoff.z_max=1"]].concat());
    assert_eq!(one["tried"].as_array().unwrap().len(), 1);
    assert_eq!(one["order"]["name"], "main-branch-2");
    let text = fixture.run(&ASK[..7]);
    assert_eq!(text.code, Some(0), "{}", text.stderr);
    assert!(text.stdout.contains("game 2") && text.stdout.contains("request 2"));
}

#[test]
fn auto_says_what_it_cannot_measure() {
    let fixture = fixture();
    let refused = |more: &[&str], hint| fixture.refused(&[&ASK[..], more].concat(), hint);
    // Before any game.
    refused(&["--name", "main"], "there already");
    refused(&["--set", "rewards.library=other"], "the league's own");
    refused(&["--set", "payoff.z_games=0"], "payoff.z_games");
    let mut by_url = ASK.to_vec();
    by_url.splice(2..3, ["--storage", "sqlite://run/league.db"]);
    fixture.refused(&by_url, "run folder");
    let config = |text: String| std::fs::write(fixture.path("run/config.toml"), text).unwrap();
    config(CONFIG.replace("[rewards]", "[rewards]\nshown = false"));
    refused(&[], "rewards.shown = false");
    config(CONFIG.replace("\"z.library\"", "\"\""));
    refused(&[], "names no z library");
    config(CONFIG.to_owned());
    std::fs::write(fixture.path("run/supervised.safetensors"), "no weights").unwrap();
    refused(&[], "supervised.safetensors");
    let mut storage = Storage::open(&StorageUrl::in_run(&fixture.path("run"))).unwrap();
    assert!(storage.branch_requests().unwrap().is_empty());
}
