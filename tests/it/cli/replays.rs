//! `scc replay info`, `events` and `filter` on own replays, on what is none and, where there are any, on real ones.

use std::path::Path;

use super::{Fixture, own_replays as own, real_replays as real};

/// The replays of the repository.
#[test]
fn filters_list_games_with_the_players_that_are_meant() {
    let fixture = Fixture::new();
    let own = own();
    let all = fixture.json(&["replay", "filter", &own, "--json"]);
    assert_eq!(all["scanned"], 4);
    assert_eq!(all["files"].as_array().unwrap().len(), 4);
    assert_eq!(all["files"][0]["players"], serde_json::json!([1, 2]));
    // Somebody wins each of them, once.
    let winners = fixture.json(&["replay", "filter", &own, "--where", "winner", "--json"]);
    let chosen = winners["files"].as_array().unwrap();
    assert!(
        chosen
            .iter()
            .all(|it| it["players"].as_array().unwrap().len() == 1)
    );
    let ran = fixture.run(&[
        "replay",
        "filter",
        &own,
        "--where",
        "winner",
        "--out",
        "winners.txt",
    ]);
    assert_eq!(
        (ran.code, ran.stdout.as_str()),
        (Some(0), "4 of 4 replays, 4 players\n")
    );
    let list = std::fs::read_to_string(fixture.path("winners.txt")).unwrap();
    assert!(list.lines().count() == 4 && list.lines().all(|line| line.contains(".screp\t")));
    fixture.refused(
        &["replay", "filter", &own, "--out", "winners.txt"],
        "--force",
    );
    fixture.refused(&["replay", "filter", &own, "--where", "elo>4"], "mmr");
    fixture.refused(&["replay", "filter", "nowhere"], "nowhere");
}

#[test]
fn broken_files_are_counted_by_reason_after_the_others_are_done() {
    let fixture = Fixture::new();
    let good = Path::new(&own()).join("viking-against-mech.screp");
    std::fs::copy(good, fixture.path("good.screp")).unwrap();
    for name in ["a.SC2Replay", "b.SC2Replay"] {
        std::fs::write(fixture.path(name), b"MPQ\x1a a map").unwrap();
    }
    std::fs::write(fixture.path("c.SC2Replay"), [0xff; 100]).unwrap();
    let ran = fixture.run(&["replay", "filter", "."]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stdout.contains("good.screp\t1,2"), "{}", ran.stdout);
    assert!(
        ran.stderr.contains("3 of 4") && ran.stderr.contains("2 files"),
        "{}",
        ran.stderr
    );
    let ran = fixture.run(&[
        "replay",
        "info",
        "a.SC2Replay",
        "good.screp",
        "c.SC2Replay",
        "--json",
    ]);
    let infos: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let is_error: Vec<bool> = (0..3).map(|i| !infos[i]["error"].is_null()).collect();
    assert_eq!((ran.code, is_error), (Some(2), vec![true, false, true]));
    fixture.refused(&["replay", "events", "a.SC2Replay", "--json"], "no replay");
    fixture.refused(&["replay", "events", "c.SC2Replay"], "MPQ");
    fixture.refused(&["replay", "events", "good.screp"], "replay play");
    fixture.refused(&["replay", "events", "."], "");
    fixture.refused(&["bench", "replay", "--replays", "."], "");
}

#[test]
fn real_replays_are_described_and_chosen() {
    let Some(folder) = real() else {
        return;
    };
    let fixture = Fixture::new();
    let name = "4.5.0.67188_TvT_s2protocol-dd4dc56c.SC2Replay";
    let path = folder.join(name).display().to_string();
    let info = &fixture.json(&["replay", "info", &path, "--json"])[0];
    // By the manifest beside the file.
    assert_eq!(info["version"], "4.5.0.67188");
    assert_eq!(
        (&info["base_build"], &info["loops"]),
        (&67188.into(), &13725.into())
    );
    assert_eq!(
        (&info["matchup"], &info["kind"]),
        (&"TvT".into(), &"human vs human".into())
    );
    assert_eq!(info["players"][0]["mmr"], 5497.0);
    assert_eq!(info["players"][1]["result"], "Loss");
    let events = fixture.json(&["replay", "events", &path, "--json"]);
    assert_eq!(events["file"], name);
    assert_eq!(events["header"]["elapsed_game_loops"], 13725);
    let text = fixture.run(&["replay", "events", &path]);
    assert!(text.stdout.contains("CmdEvent"), "{}", text.stdout);
    // The manifest has three players above 5500 (5895, 6279, 6701); only the last one won.
    let folder = folder.display().to_string();
    let best = [
        "replay",
        "filter",
        &folder,
        "--where",
        "winner and mmr>5500",
        "--json",
    ];
    let best = fixture.json(&best);
    let files = best["files"].as_array().unwrap();
    assert_eq!(files.len(), 1, "{best}");
    assert!(files[0]["file"].as_str().unwrap().contains("5.0.4.82457"));
}
