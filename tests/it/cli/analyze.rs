//! `scc analyze` on own replays, on what is none and, where there are any, on real ones.

use super::{Fixture, own_replays as own, real_replays as real};

#[test]
fn one_command_makes_a_report_of_a_folder_of_replays() {
    let fixture = Fixture::new();
    let ran = fixture.run(&["analyze", &own(), "--out", "report"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(ran.stdout.contains("TvT") && ran.stdout.ends_with("report/report.html\n"));
    let html = std::fs::read_to_string(fixture.path("report/report.html")).unwrap();
    assert!(html.contains("viking-against-mech") && html.contains("Build orders"));
    for name in [
        "findings.json",
        "players.csv",
        "builds.csv",
        "curves.csv",
        "mixes.csv",
    ] {
        assert!(fixture.path("report").join(name).is_file(), "{name}");
    }
    let findings = std::fs::read(fixture.path("report/findings.json")).unwrap();
    let findings: serde_json::Value = serde_json::from_slice(&findings).unwrap();
    let profiles = findings["profiles"].as_array().unwrap();
    assert_eq!(profiles.len(), 8);
    assert!(
        profiles
            .iter()
            .all(|it| !it["build_order"].as_array().unwrap().is_empty())
    );
    // What is there is not lost by a second try, and the same comes out of one.
    fixture.refused(&["analyze", &own(), "--out", "report"], "--force");
    let again = fixture.run(&["analyze", &own(), "--out", "again", "--threads", "1"]);
    assert_eq!(again.code, Some(0));
    assert!(std::fs::read_to_string(fixture.path("again/report.html")).unwrap() == html);
}

#[test]
fn the_report_is_opened_in_a_browser_or_it_is_said_where_it_is() {
    use std::os::unix::fs::PermissionsExt as _;
    let fixture = Fixture::new();
    let browser = fixture.path("bin/xdg-open");
    std::fs::create_dir(fixture.path("bin")).unwrap();
    let asked = fixture.path("asked");
    let script = format!("#!/bin/sh\necho \"$1\" > {}\n", asked.display());
    std::fs::write(&browser, script).unwrap();
    std::fs::set_permissions(&browser, std::fs::Permissions::from_mode(0o755)).unwrap();
    let run = |out: &str, path: &std::path::Path| {
        let mut command = fixture.command(&["analyze", &own(), "--out", out, "--open"]);
        let ended = command.env("PATH", path).output().unwrap();
        assert_eq!(ended.status.code(), Some(0), "{ended:?}");
        String::from_utf8(ended.stderr).unwrap()
    };
    run("a", &fixture.path("bin"));
    let begun = std::time::Instant::now();
    let page = loop {
        let page = std::fs::read_to_string(&asked).unwrap_or_default();
        if page.ends_with('\n') || begun.elapsed().as_secs() > 30 {
            break page;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    };
    assert!(page.trim().ends_with("a/report.html"), "{page:?}");
    let told = run("b", &fixture.path("nowhere"));
    assert!(told.contains("b/report.html"), "{told}");
}

#[test]
fn json_has_the_comparison_with_a_reference() {
    let fixture = Fixture::new();
    let own = own();
    let one = format!("{own}/viking-against-mech.screp");
    let it = fixture.json(&[
        "analyze",
        &one,
        "--against",
        &own,
        "--out",
        "r",
        "--seed",
        "3",
        "--json",
    ]);
    assert_eq!(it["summary"]["n_games"], 1);
    assert_eq!(it["summary"]["n_players"], 2);
    assert_eq!(it["reference"]["n_games"], 4);
    let comparison = it["comparison"].as_array().unwrap();
    let made = comparison
        .iter()
        .find(|row| row["quantity"] == "Barracks" && row["measure"] == "made");
    let made = made.expect("barracks are compared");
    assert_eq!(made["reference"]["n"], 8);
    let p = made["difference"]["p_permutation"].as_f64().unwrap();
    assert!(p > 0.0 && p <= 1.0);
    assert!(fixture.path("r/comparison.csv").is_file());
}

#[test]
fn what_cannot_be_read_is_told_after_the_others_are_done() {
    let fixture = Fixture::new();
    let good = format!("{}/very-hard-against-hard.screp", own());
    std::fs::write(fixture.path("bad.screp"), b"hello").unwrap();
    std::fs::write(fixture.path("cut.SC2Replay"), b"MPQ\x1b").unwrap();
    let args = [
        "analyze",
        "bad.screp",
        "cut.SC2Replay",
        "nowhere",
        &good,
        "--out",
        "r",
    ];
    let ran = fixture.run(&args);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stdout.contains("TvT") && fixture.path("r/report.html").is_file());
    for told in [
        "3 replays cannot be read",
        "bad.screp",
        "cut.SC2Replay",
        "nowhere",
    ] {
        assert!(ran.stderr.contains(told), "{told}: {}", ran.stderr);
    }
    assert!(ran.stderr.len() < 3_000);
    fixture.refused(
        &["analyze", "bad.screp", "--out", "r2"],
        "no replays to analyze",
    );
    fixture.refused(&["analyze", "nowhere", "--out", "r3"], "nowhere");
    std::fs::create_dir(fixture.path("empty")).unwrap();
    fixture.refused(&["analyze", "empty", "--out", "r4"], "no .SC2Replay");
    fixture.refused(
        &["analyze", &good, "--against", "empty", "--out", "r5"],
        "reference",
    );
    fixture.refused(&["analyze", &good], "--out");
    fixture.refused(&["analyze", &good, "--out", "bad.screp"], "bad.screp");
}

#[test]
fn real_and_own_replays_are_analyzed_alike() {
    let Some(folder) = real() else {
        println!("skipped: no real replays");
        return;
    };
    let fixture = Fixture::new();
    let folder = folder.display().to_string();
    let ran = fixture.run(&[
        "analyze",
        &own(),
        "--against",
        &folder,
        "--out",
        "r",
        "--json",
    ]);
    assert_eq!(ran.code, Some(2), "files without tracker events are there");
    assert!(ran.stderr.contains("no tracker events"), "{}", ran.stderr);
    let it: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let races = it["reference"]["races"].as_array().unwrap();
    let names: Vec<&str> = races
        .iter()
        .map(|it| it["race"].as_str().unwrap())
        .collect();
    for race in ["Terran", "Zerg", "Protoss"] {
        assert!(names.contains(&race), "{names:?}");
    }
    let comparison = it["comparison"].as_array().unwrap();
    assert!(comparison.iter().all(|row| row["race"] == "Terran") && comparison.len() > 10);
}
