//! The schedules that come with the program.

use std::path::Path;

use crate::cli::Fixture;

/// The files that come with the program.
#[test]
fn shipped_schedules_are_understood() {
    let fixture = Fixture::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("configs/schedule");
    let mut n = 0;
    for entry in std::fs::read_dir(&folder)
        .expect("configs/schedule")
        .flatten()
    {
        let path = entry.path().display().to_string();
        fixture.json(&["config", "show", &path, "--json"]);
        let next = fixture.run(&["schedule", "next", &path, "--json"]);
        assert_eq!(next.code, Some(0), "{path}: {}", next.stderr);
        n += 1;
    }
    assert!(n >= 4, "{n} files");
}

/// Table 1 on the captured maps, with a scripted player in the agent's place and short games.
#[test]
fn table_1_plays_on_captured_maps() {
    let captures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/captures");
    if !captures.is_dir() {
        println!("skipped: no captures");
        return;
    }
    let fixture = Fixture::new();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("configs/schedule/table1.toml");
    std::fs::copy(file, fixture.path("table1.toml")).unwrap();
    for (capture, map) in [
        ("Triton", "Triton"),
        ("KairosJunctionLE", "KairosJunction"),
        ("CatalystLE", "Catalyst"),
    ] {
        let of = |kind: &str| {
            captures
                .join(format!("{capture}.{kind}.pb.gz"))
                .display()
                .to_string()
        };
        let out = format!("maps/{map}.sccmap");
        let ran = fixture.run(&[
            "map",
            "import",
            "--game-info",
            &of("game_info"),
            "--observation",
            &of("observation"),
            "--out",
            &out,
        ]);
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    }
    let mut args = vec![
        "schedule",
        "run",
        "table1.toml",
        "--now",
        "table-1",
        "--json",
    ];
    for set in [
        "folder=.",
        "match.0.agent=scripted:marine",
        "match.0.levels=[\"VeryHard\"]",
        "match.0.games=1",
        "match.0.max_loops=40",
    ] {
        args.extend(["--set", set]);
    }
    let summary = fixture.json(&args);
    assert_eq!(summary["runs"][0]["games"], 4, "{summary}");
}
