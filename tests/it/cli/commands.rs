//! What each command prints, and that it prints the same again.

use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::Fixture;

const EASY: &str = "builtin:VeryEasy:terran";

/// A short match on the smallest map, with `more` arguments.
fn short_match<'a>(more: &[&'a str]) -> Vec<&'a str> {
    let mut args = vec![
        "match",
        "--agent",
        EASY,
        "--opponent",
        "builtin:Easy:terran",
        "--map",
        "Flat64",
        "--max-loops",
        "1500",
    ];
    args.extend(more);
    args
}

/// The row without what depends on the clock.
fn timeless(mut table: Value) -> Value {
    for row in table["rows"].as_array_mut().unwrap() {
        assert!(
            row.as_object_mut()
                .unwrap()
                .remove("loops_per_second")
                .unwrap()
                .as_f64()
                .unwrap()
                > 0.0
        );
    }
    table
}

#[test]
fn a_match_has_the_promised_keys() {
    let fixture = Fixture::new();
    let table = fixture.json(&short_match(&["--games", "2", "--json"]));
    let row = &table["rows"][0];
    let keys: Vec<&String> = row.as_object().unwrap().keys().collect();
    let promised = [
        "agent",
        "opponent",
        "map",
        "games",
        "wins",
        "losses",
        "ties",
        "win_rate",
        "ci95",
        "mean_loops",
        "loops_per_second",
        "state_hash",
        "view_hash",
        "repeated",
    ];
    assert_eq!(keys, promised);
    assert_eq!(
        (&row["games"], &row["ties"], &row["mean_loops"]),
        (&2.into(), &2.into(), &1500.0.into()),
        "cut off at --max-loops"
    );
    assert_eq!(row["agent"], EASY);
}

#[test]
fn the_same_seed_gives_the_same_match_on_any_number_of_threads() {
    let fixture = Fixture::new();
    let play = |seed: &str, threads: &str| {
        timeless(fixture.json(&short_match(&[
            "--games",
            "3",
            "--json",
            "--seed",
            seed,
            "--threads",
            threads,
        ])))
    };
    let one = play("7", "1");
    assert_eq!(one, play("7", "4"));
    assert_ne!(
        one["rows"][0]["state_hash"],
        play("8", "4")["rows"][0]["state_hash"]
    );
}

/// The same games on any machine and in any build: a release binary prints the same hash (`make build`, then the command).
#[test]
fn a_match_ends_in_the_states_it_always_ended_in() {
    const COMMAND: &str = "match --agent scripted:bio --opponent builtin:VeryHard:terran --map Tidewater \
        --games 2 --max-loops 9000 --seed 7 --json";
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/match_hash.txt");
    let args: Vec<&str> = COMMAND.split_whitespace().collect();
    let table = Fixture::new().json(&args);
    let actual = table["rows"][0]["state_hash"].as_str().unwrap().to_owned();
    if std::env::var_os("UPDATE_GOLDEN").is_some() && std::env::var_os("CI").is_none() {
        std::fs::write(path, format!("{actual}\n")).unwrap();
    }
    let golden = std::fs::read_to_string(path).unwrap();
    assert_eq!(
        actual,
        golden.trim(),
        "rules or players changed? Then UPDATE_GOLDEN=1, and a line in CHANGELOG.md; else: scc {COMMAND}"
    );
}

#[test]
fn several_opponents_and_maps_make_a_table() {
    let fixture = Fixture::new();
    let args = short_match(&[
        "--opponent",
        EASY,
        "--map",
        "Flat64",
        "--games",
        "1",
        "--json",
    ]);
    let table = fixture.json(&args);
    let opponents: Vec<&str> = table["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["opponent"].as_str().unwrap())
        .collect();
    assert_eq!(
        opponents,
        ["builtin:Easy:terran", "builtin:Easy:terran", EASY, EASY]
    );
    let text = fixture.run(&args[..args.len() - 1]).stdout;
    assert_eq!(text.lines().count(), 5, "a header and four rows: {text}");
    assert!(text.starts_with("agent"), "{text}");
}

#[test]
fn a_saved_game_is_described_and_played_again() {
    let fixture = Fixture::new();
    let ran = fixture.run(&short_match(&[
        "--games",
        "1",
        "--seed",
        "3",
        "--save-replays",
        "games",
    ]));
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let files: Vec<_> = std::fs::read_dir(fixture.path("games"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert_eq!(files.len(), 1);
    let file = files[0].to_str().unwrap();
    let info = fixture.json(&["replay", "info", file, "--json"]);
    assert_eq!(
        (&info[0]["loops"], &info[0]["map"], &info[0]["error"]),
        (&1500.into(), &"Flat64".into(), &Value::Null)
    );
    assert_eq!(info[0]["players"].as_array().unwrap().len(), 2);
    let text = fixture.run(&["replay", "play", file]);
    assert_eq!(text.code, Some(0), "{}", text.stderr);
    assert!(
        text.stdout.contains("Flat64") && text.stdout.lines().count() > 5,
        "{}",
        text.stdout
    );
}

/// Two short games of a script against the built-in AI, as replays in `games`.
fn save_games(fixture: &Fixture) {
    let saved = fixture.run(&[
        "match",
        "--agent",
        "scripted:marine",
        "--opponent",
        EASY,
        "--map",
        "Flat64",
        "--games",
        "2",
        "--max-loops",
        "3000",
        "--seed",
        "1",
        "--save-replays",
        "games",
    ]);
    assert_eq!(saved.code, Some(0), "{}", saved.stderr);
}

#[test]
fn strategies_are_collected_alike_on_any_number_of_threads() {
    let fixture = Fixture::new();
    save_games(&fixture);
    let collect = |out: &str, threads: &str| {
        let args = ["replay", "z", "games", "--out", out, "--threads", threads];
        let report = fixture.json(&[&args[..], &["--json"]].concat());
        (report, std::fs::read(fixture.path(out)).unwrap())
    };
    let (report, bytes) = collect("a.z", "1");
    assert_eq!(
        (&report["games"], &report["entries"], &report["winners"]),
        (&2.into(), &2.into(), &0.into()),
        "the script's; the built-in AI's seats have none, and nobody has won by then"
    );
    assert_eq!(report["maps"]["Flat64"], 2);
    assert_eq!(collect("b.z", "3"), (report, bytes));
    let library = scc::trajectory::ZLibrary::read(&fixture.path("a.z")).expect("a library");
    for entry in &library.entries {
        assert!(entry.source.contains("scripted:marine"), "{}", entry.source);
        assert!(entry.z.build_order.len() > 3, "{:?}", entry.z.build_order);
        assert!(entry.z.counts.iter().sum::<u16>() > 10);
    }
    assert_ne!(
        library.entries[0].start, library.entries[1].start,
        "seats change"
    );
    // What is there is kept unless one says otherwise, and text says the same as the document.
    let again = ["replay", "z", "games", "--out", "a.z"];
    fixture.refused(&again, "--force");
    let text = fixture.run(&[&again[..], &["--force"]].concat());
    assert_eq!(text.code, Some(0), "{}", text.stderr);
    assert!(
        text.stdout
            .contains("2 strategies (0 of winners) of 2 games"),
        "{}",
        text.stdout
    );
}

#[test]
fn strategies_of_bad_replays_are_left_out_and_named() {
    let fixture = Fixture::new();
    fixture.refused(&["replay", "z", "nowhere", "--out", "a.z"], "nowhere");
    fixture.refused(&["replay", "z", "nowhere"], "--out");
    std::fs::create_dir(fixture.path("empty")).unwrap();
    fixture.refused(&["replay", "z", "empty", "--out", "a.z"], "no replays");
    save_games(&fixture);
    fixture.refused(
        &["replay", "z", "games", "--winners", "--out", "a.z"],
        "no strategy in 2 replays",
    );
    std::fs::write(fixture.path("games/text.screp"), "no replay").unwrap();
    let ran = fixture.run(&["replay", "z", "games", "--out", "a.z", "--json"]);
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    assert!(
        ran.stderr.contains("1 of 3 replays left out"),
        "{}",
        ran.stderr
    );
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(
        (&report["games"], &report["entries"]),
        (&2.into(), &2.into())
    );
    let file = report["left_out"][0]["file"].as_str().unwrap();
    assert!(file.ends_with("text.screp"), "{file}");
    assert!(fixture.path("a.z").exists(), "the others are there");
}

#[test]
fn maps_are_listed_and_described() {
    let fixture = Fixture::new();
    let maps = fixture.json(&["map", "list", "--json"]);
    let names: Vec<&str> = maps
        .as_array()
        .unwrap()
        .iter()
        .map(|map| map["name"].as_str().unwrap())
        .collect();
    assert!(names.contains(&"Flat64") && names.len() >= 3, "{names:?}");
    for name in names {
        let info = fixture.json(&["map", "info", name, "--json"]);
        assert_eq!(
            info["start_locations"].as_array().unwrap().len(),
            2,
            "{name}"
        );
    }
}

#[test]
fn an_interrupt_ends_a_match_soon() {
    let fixture = Fixture::new();
    let args = short_match(&["--games", "100000", "--save-replays", "games"]);
    let mut child = fixture
        .command(&args)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let deadline = Instant::now() + Duration::from_secs(60);
    // A first game is through: only then is it certain that the handler is in place.
    while std::fs::read_dir(fixture.path("games")).map_or(0, Iterator::count) == 0 {
        assert!(Instant::now() < deadline, "no game was played in a minute");
        std::thread::sleep(Duration::from_millis(20));
    }
    let sent = std::process::Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(sent.success());
    let deadline = Instant::now() + Duration::from_secs(30);
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if Instant::now() > deadline {
            child.kill().unwrap();
            panic!("still running 30 s after an interrupt");
        }
        std::thread::sleep(Duration::from_millis(50));
    };
    assert_eq!(status.code(), Some(1), "ran but fell short");
}

/// The captures of the real game, or `None` (and a line that says so) where they are not at hand.
fn captures() -> Option<std::path::PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/captures");
    if !folder.is_dir() {
        eprintln!("skipped: no captures of the real game in ../shared/data/captures");
        return None;
    }
    Some(folder)
}

/// Game info and observation of one capture in `folder`.
fn capture(folder: &Path) -> [String; 2] {
    let mut infos: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path().to_str().unwrap().to_owned())
        .filter(|path| path.ends_with(".game_info.pb.gz"))
        .collect();
    infos.sort();
    let info = infos.remove(0);
    let observation = info.replace(".game_info.", ".observation.");
    [info, observation]
}

#[test]
fn a_capture_is_encoded_one_by_one_and_by_list() {
    let Some(folder) = captures() else { return };
    let fixture = Fixture::new();
    let [info, observation] = capture(&folder.join("crowd-4.11"));
    let one = fixture.json(&[
        "observe",
        "--game-info",
        &info,
        "--observation",
        &observation,
        "--json",
    ]);
    for key in ["units", "encoded"] {
        for group in ["self", "enemy", "neutral"] {
            assert!(one[key][group].is_u64(), "{key}.{group}: {one}");
        }
    }
    assert!(
        one["shapes"].is_object() && one["hash"].is_string(),
        "{one}"
    );
    assert!(
        one["units"]["self"].as_u64() > one["encoded"]["self"].as_u64()
            || one["units"]["self"].as_u64() <= Some(256)
    );
    std::fs::write(
        fixture.path("list"),
        format!("{info} {observation}\n{info} /nonexistent\n{info} {observation}\n"),
    )
    .unwrap();
    let ran = fixture.run(&["observe", "--list", "list"]);
    assert_eq!(
        ran.code,
        Some(2),
        "one of three is not there, the others are done: {}",
        ran.stderr
    );
    let lines: Vec<Value> = ran
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 3);
    assert_eq!((&lines[0], &lines[2]["hash"]), (&one, &one["hash"]));
    assert!(
        lines[1]["error"].as_str().unwrap().contains("/nonexistent"),
        "{}",
        lines[1]
    );
}

#[test]
fn a_capture_becomes_a_map_that_is_played_on() {
    let Some(folder) = captures() else { return };
    let fixture = Fixture::new();
    let [info, observation] = capture(&folder.join("v4.10"));
    let import = [
        "map",
        "import",
        "--game-info",
        &info,
        "--observation",
        &observation,
        "--out",
        "mine.map",
    ];
    let ran = fixture.run(&import);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    fixture.refused(&import, "--force");
    assert_eq!(
        fixture.run(&[&import[..], &["--force"]].concat()).code,
        Some(0)
    );
    let args = [
        "match",
        "--agent",
        EASY,
        "--opponent",
        EASY,
        "--games",
        "1",
        "--max-loops",
        "300",
        "--map",
        "mine.map",
        "--json",
    ];
    assert_eq!(fixture.json(&args)["rows"][0]["mean_loops"], 300.0);
    fixture.refused(
        &[
            "map",
            "import",
            "--game-info",
            &observation,
            "--observation",
            &info,
            "--out",
            "x.map",
        ],
        "",
    );
}

#[test]
fn a_bench_has_names_values_units_and_counts() {
    let fixture = Fixture::new();
    let figures = fixture.json(&["bench", "replay", "--json"]);
    assert_eq!(figures["replay.ms"], figures["replay.own_ms"]);
    let figure = &figures["replay.ms"];
    assert!(
        figure["value"].as_f64().unwrap() > 0.0
            && figure["unit"] == "ms"
            && figure["n"].as_u64().unwrap() >= 2,
        "{figures}"
    );
}
