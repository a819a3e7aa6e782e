//! Schedules whose disk is full in the middle of a run.

use super::{fixture, games};
use std::process::Command;

/// A tiny file system in a namespace of its own is filled while games are played: the run ends with one clear error, and
/// once there is room again the next one plays exactly what is missing.
#[test]
fn a_disk_that_fills_up_ends_a_run_and_loses_no_game() {
    let fixture = fixture("games = 60\nmax_loops = 3000\n");
    let text = std::fs::read_to_string(fixture.path("s.toml")).unwrap();
    super::write(&fixture, &format!("replays = \"replays\"\n{text}"));
    let small = fixture.path("small");
    std::fs::create_dir(&small).unwrap();
    let mount = format!("mount -t tmpfs -o size=4m tmpfs '{}'", small.display());
    let in_namespace = |script: &str| {
        Command::new("unshare")
            .args(["-rm", "sh", "-c", script])
            .output()
    };
    if !in_namespace(&mount).is_ok_and(|out| out.status.success()) {
        println!("skipped: no file system can be mounted here");
        return;
    }
    let scc = env!("CARGO_BIN_EXE_scc");
    let script = format!(
        "{mount} && cd '{}' && cp ../s.toml . \
         && {{ '{scc}' schedule run s.toml --once & pid=$!; }} \
         && for i in $(seq 3000); do [ $(find replays -type f 2>/dev/null | wc -l) -ge 5 ] && break; sleep 0.02; done \
         && {{ head -c 8000000 /dev/zero > filler 2>/dev/null; wait $pid; echo \"first $?\"; }} \
         && rm filler && cp s.db* ../ && '{scc}' schedule run s.toml --once; echo \"second $?\"; \
         mkdir ../after && cp s.db* ../after/; find replays -type f | wc -l",
        small.display(),
    );
    let out = in_namespace(&script).expect("sh starts");
    let told = format!(
        "{}{}",
        String::from_utf8_lossy(&out.stdout),
        String::from_utf8_lossy(&out.stderr)
    );
    assert!(
        told.contains("first 2") && told.contains("second 0"),
        "{told}"
    );
    assert!(
        told.contains("No space left") || told.contains("full"),
        "{told}"
    );
    let before = games(&fixture);
    assert!((5..120).contains(&before.len()), "{} games", before.len());
    for file in ["s.db", "s.db-wal", "s.db-shm"] {
        let _ = std::fs::remove_file(fixture.path(file));
        let _ = std::fs::rename(fixture.path("after").join(file), fixture.path(file));
    }
    let after = games(&fixture);
    assert_eq!(after.len(), 120, "{told}");
    assert!(
        before.iter().all(|game| after.contains(game)),
        "what was recorded is there, once"
    );
    assert!(
        told.trim().lines().any(|line| line.trim() == "120"),
        "a replay each: {told}"
    );
}
