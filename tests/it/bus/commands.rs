//! The real binary: `scc doctor --bus --storage`, `scc bench bus`.

use crate::cli::Fixture;
use crate::servers::NatsServer;
use scc::league::{League, LeagueConfig};
use scc::storage::{Storage, StorageUrl};

/// The check of that name in what `scc doctor --json` printed, and the exit code.
fn check(fixture: &Fixture, args: &[&str], name: &str) -> (serde_json::Value, Option<i32>) {
    let ran = fixture.run(&[&["doctor", "--json"], args].concat());
    let report: serde_json::Value = serde_json::from_str(&ran.stdout).expect("one JSON document");
    let right = if report["ok"] == true { 0 } else { 1 };
    assert_eq!(ran.code, Some(right), "{}", ran.stderr);
    let checks = report["checks"].as_array().expect("checks");
    let found = checks.iter().find(|check| check["name"] == name);
    (found.expect("the check").clone(), ran.code)
}

#[test]
fn the_doctor_refuses_what_is_no_url() {
    let fixture = Fixture::new();
    fixture.refused(&["doctor", "--bus", "http://h"], "only nats:// and tls://");
    fixture.refused(&["doctor", "--bus", "nats://h:99999"], "no HOST:PORT");
    fixture.refused(
        &["doctor", "--bus", "nats://u:p@h?x=y"],
        "creds, ca, cert, key",
    );
    fixture.refused(&["doctor", "--storage", "postgres://h/d"], "sqlite://PATH");
    fixture.refused(&["bench", "sim", "--bus", "nats://h"], "--bus is for");
    fixture.refused(
        &["bench", "bus", "--bus", "nats://127.0.0.1:1"],
        "cannot reach the bus",
    );
}

#[test]
fn the_doctor_says_that_nobody_is_there_and_what_to_do() {
    let fixture = Fixture::new();
    let ran = fixture.run(&["doctor", "--bus", "nats://me:s3cret@127.0.0.1:1"]);
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    let line = ran.stdout.lines().find(|line| line.starts_with("bus"));
    let line = line.expect("a line for the bus");
    assert!(
        line.contains("PROBLEM") && line.contains("nats-server --jetstream"),
        "{line}"
    );
    assert!(!ran.stdout.contains("s3cret"), "{}", ran.stdout);
    let ran = fixture.run(&["doctor", "--storage", "no-such-run"]);
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    let line = ran.stdout.lines().find(|line| line.starts_with("storage"));
    let line = line.expect("a line for the storage");
    assert!(
        line.contains("PROBLEM") && line.contains("scc train --stage league"),
        "{line}"
    );
    assert!(
        !fixture.path("no-such-run").exists(),
        "the doctor makes nothing"
    );
}

#[test]
fn the_doctor_tells_what_a_server_can() {
    let fixture = Fixture::new();
    let Some(server) = NatsServer::start() else {
        return;
    };
    let (found, code) = check(&fixture, &["--bus", &server.url()], "bus");
    assert_eq!(found["state"], "ok", "{found}");
    assert!(code == Some(0) || found["state"] == "ok");
    assert!(
        found["facts"]["version"].as_str().unwrap().starts_with('2'),
        "{found}"
    );
    assert_eq!(found["facts"]["max_payload_bytes"], 1 << 20, "{found}");
    assert!(
        found["facts"]["round_trip_ms"].as_f64().unwrap() > 0.0,
        "{found}"
    );
    let Some(bare) = NatsServer::start_as("max_payload: 1MB") else {
        return;
    };
    let (found, code) = check(&fixture, &["--bus", &bare.url()], "bus");
    assert_eq!(
        (&found["state"], code),
        (&"problem".into(), Some(1)),
        "{found}"
    );
    assert!(
        found["advice"].as_str().unwrap().contains("--jetstream"),
        "{found}"
    );
    let Some(closed) = NatsServer::start_with("authorization { token: t0ken }") else {
        return;
    };
    let (found, _) = check(&fixture, &["--bus", &closed.url()], "bus");
    assert!(
        found["found"]
            .as_str()
            .unwrap()
            .contains("does not let us in"),
        "{found}"
    );
}

#[test]
fn the_doctor_reads_a_storage_and_changes_nothing() {
    let fixture = Fixture::new();
    let file = fixture.path("league.db");
    let at = StorageUrl::Sqlite(file.clone());
    drop(Storage::create(&at).unwrap());
    let url = format!("sqlite://{}", file.display());
    let (found, _) = check(&fixture, &["--storage", &url], "storage");
    assert_eq!(
        (&found["state"], &found["facts"]["league"]),
        (&"ok".into(), &false.into()),
        "{found}"
    );
    let league = League::new(LeagueConfig::default(), 1, "s.safetensors").unwrap();
    Storage::create(&at)
        .unwrap()
        .create_league(&league)
        .unwrap();
    let before = std::fs::read(&file).unwrap();
    let (found, _) = check(&fixture, &["--storage", &url], "storage");
    assert_eq!(
        (&found["state"], &found["facts"]["league"]),
        (&"ok".into(), &true.into()),
        "{found}"
    );
    assert_eq!(
        found["facts"]["schema"],
        scc::storage::SCHEMA_VERSION,
        "{found}"
    );
    assert!(found["facts"]["players"].as_u64().unwrap() > 0, "{found}");
    assert!(std::fs::read(&file).unwrap() == before, "it was written to");
    let files = std::fs::read_dir(fixture.dir.path()).unwrap().count();
    assert_eq!(files, 1, "something lies beside it");
    std::fs::write(&file, "no database").unwrap();
    let (found, code) = check(&fixture, &["--storage", &url], "storage");
    assert_eq!(
        (&found["state"], code),
        (&"problem".into(), Some(1)),
        "{found}"
    );
}

#[test]
fn the_bus_is_measured() {
    let fixture = Fixture::new();
    let figures = fixture.json(&["bench", "bus", "--json"]);
    for name in [
        "bus.ask_per_second",
        "bus.ask_mb_per_second",
        "bus.ask_8_per_second",
        "bus.queue_per_second",
        "bus.queue_mb_per_second",
        "bus.object_put_mb_per_second",
        "bus.object_get_mb_per_second",
    ] {
        assert!(
            figures[name]["value"].as_f64().unwrap() > 0.0,
            "{name}: {figures}"
        );
        assert!(figures[name]["n"].as_u64().unwrap() >= 2, "{name}");
    }
}
