//! Input that is not what it should be: one clear message, exit 2, and nothing lost.

use std::process::{Command, Output};

use super::Fixture;

const EASY: &str = "builtin:VeryEasy:terran";

fn play<'a>(more: &[&'a str]) -> Vec<&'a str> {
    let mut args = vec![
        "match",
        "--agent",
        EASY,
        "--opponent",
        EASY,
        "--map",
        "Flat64",
        "--games",
        "1",
        "--max-loops",
        "200",
    ];
    args.extend(more);
    args
}

#[test]
fn a_benchmark_of_a_capture_that_is_none() {
    let fixture = Fixture::new();
    let bench = |what: &str, more: &[&str], hint: &str| {
        fixture.refused(&[&["bench", what], more].concat(), hint)
    };
    let both = ["--game-info", "no-such.pb", "--observation", "neither.pb"];
    bench("observe", &both, "no-such.pb");
    bench("observe", &both[..2], "--observation");
    bench("replay", &both, "bench observe");
    bench("sim", &["--size", "paper"], "--size is for");
    bench("all", &["--size", "large"], "paper");
    #[cfg(feature = "torch")]
    bench("collective", &["--peer", "nowhere"], "host:port");
}

#[test]
fn players_and_maps_that_do_not_exist() {
    let fixture = Fixture::new();
    let versus = |agent: &str, hint: &str| {
        fixture.refused(&["match", "--agent", agent, "--opponent", EASY], hint)
    };
    versus("builtin:Impossible:terran", "Impossible");
    versus("builtin:Easy:orc", "orc");
    versus("builtin", "builtin:LEVEL:RACE");
    versus("scripted:no-such-script", "no-such-script");
    versus("league:7", "league");
    versus("checkpoint:nowhere.safetensors", "nowhere.safetensors");
    versus(&"x".repeat(50_000), "xxx");
    fixture.refused(
        &[
            "match",
            "--agent",
            EASY,
            "--opponent",
            EASY,
            "--map",
            "Atlantis",
        ],
        "Flat64",
    );
    fixture.refused(&["match", "--agent", EASY], "--opponent");
    fixture.refused(&play(&["--games", "0"]), "--games");
    fixture.refused(&play(&["--game", "sc2"]), "simulator");
    fixture.refused(&play(&["--game-version", "4.10"]), "--game sc2");
    fixture.refused(
        &["match", "--agent", "builtin:Easy:zerg", "--opponent", EASY],
        "Zerg",
    );
}

#[test]
fn replays_that_are_truncated_damaged_or_something_else() {
    let fixture = Fixture::new();
    assert_eq!(
        fixture.run(&play(&["--save-replays", "games"])).code,
        Some(0)
    );
    let good = std::fs::read_dir(fixture.path("games"))
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    let bytes = std::fs::read(&good).unwrap();
    let write = |name: &str, bytes: &[u8]| std::fs::write(fixture.path(name), bytes).unwrap();
    write("empty", b"");
    write("text", b"this is no replay");
    write("half", &bytes[..bytes.len() / 2]);
    let mut flipped = bytes.clone();
    let last = flipped.len() - 3;
    flipped[last] ^= 0x40;
    write("flipped", &flipped);
    for name in ["empty", "text", "half", "flipped", "nowhere", "games"] {
        fixture.refused(&["replay", "play", name], name);
    }
    // In a list the others are done all the same.
    let good = good.to_str().unwrap();
    let ran = fixture.run(&["replay", "info", "text", good, "nowhere", "--json"]);
    assert_eq!(ran.code, Some(2));
    let infos: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let errors: Vec<bool> = infos
        .as_array()
        .unwrap()
        .iter()
        .map(|info| !info["error"].is_null())
        .collect();
    assert_eq!(errors, [true, false, true], "{infos}");
    assert_eq!(
        std::fs::read(good).unwrap(),
        bytes,
        "reading changes nothing"
    );
}

#[test]
fn map_files_and_captures_of_something_else() {
    let fixture = Fixture::new();
    std::fs::write(fixture.path("text"), "no map").unwrap();
    std::fs::write(fixture.path("zeros"), vec![0u8; 5_000]).unwrap();
    for name in ["text", "zeros", "."] {
        fixture.refused(&["map", "info", name], "");
        fixture.refused(&play(&["--map", name]), "");
        fixture.refused(&["observe", "--game-info", name, "--observation", name], "");
        fixture.refused(
            &[
                "map",
                "import",
                "--game-info",
                name,
                "--observation",
                name,
                "--out",
                "x.map",
            ],
            "",
        );
    }
    assert!(!fixture.path("x.map").exists());
    fixture.refused(
        &[
            "map",
            "import",
            "--game-info",
            "text",
            "--observation",
            "text",
        ],
        "--out",
    );
    fixture.refused(&["observe", "--game-info", "text"], "--observation");
    fixture.refused(&["observe", "--list", "nowhere"], "nowhere");
}

#[test]
fn configs_with_keys_that_do_not_exist_or_contradict() {
    let fixture = Fixture::new();
    std::fs::write(fixture.path("unknown.toml"), "no_such_key = 1\n").unwrap();
    std::fs::write(fixture.path("broken.toml"), "a = [\n").unwrap();
    fixture.refused(&["config", "show", "unknown.toml"], "no_such_key");
    fixture.refused(&["config", "show", "broken.toml"], "broken.toml");
    fixture.refused(&["config", "show", "nowhere.toml"], "nowhere.toml");
    fixture.refused(&["config", "show", "."], "");
    std::fs::write(
        fixture.path("binary.toml"),
        (0..=255u8).cycle().take(100_000).collect::<Vec<u8>>(),
    )
    .unwrap();
    fixture.refused(&["config", "show", "binary.toml"], "binary.toml");
}

/// Runs a script in the fixture's folder `small`, which is a file system of `size` in a namespace of its own; none where such
/// a thing cannot be had.
fn on_a_small_disk(fixture: &Fixture, size: &str, script: &str) -> Option<Output> {
    let small = fixture.path("small");
    std::fs::create_dir(&small).unwrap();
    let mount = format!("mount -t tmpfs -o size={size} tmpfs '{0}'", small.display());
    let run = |script: &str| {
        let mut command = Command::new("unshare");
        command.args(["-rm", "sh", "-c", script]).output()
    };
    if !run(&mount).is_ok_and(|out| out.status.success()) {
        eprintln!("skipped: no file system can be mounted here");
        return None;
    }
    let script = format!("{mount} && cd '{}' && {script}", small.display());
    Some(run(&script).unwrap())
}

/// A full disk, made of a tiny file system.
#[test]
fn a_full_disk_is_said_and_loses_nothing() {
    let fixture = Fixture::new();
    let scc = env!("CARGO_BIN_EXE_scc");
    let script = format!(
        "echo kept > kept && head -c 1000000 /dev/zero > filler 2>/dev/null; \
         '{scc}' {} --save-replays here; code=$?; ls -A here; cat kept; exit $code",
        play(&[]).join(" ")
    );
    let Some(out) = on_a_small_disk(&fixture, "64k", &script) else {
        return;
    };
    let (stdout, stderr) = (
        String::from_utf8_lossy(&out.stdout),
        String::from_utf8_lossy(&out.stderr),
    );
    assert_eq!(out.status.code(), Some(2), "{stdout}{stderr}");
    assert_eq!(
        stdout, "kept\n",
        "nothing half written is left, what was there is untouched"
    );
    assert!(stderr.contains("No space left"), "{stderr}");
}

/// A run of three training steps with a checkpoint after each.
#[cfg(feature = "torch")]
const TRAINING: &str = "--threads 2 \
    --set games.serial=true --set games.at_once=1 --set games.loops_max=200 --set games.replays_kept=0 \
    --set learner.samples=8 --set learner.unroll=4 --set learner.minibatch=2 \
    --set train.steps_max=3 --set train.minutes_max=0 --set train.checkpoint_every_minutes=0.000001 \
    --set evaluation.games=0 --set evaluation.every_minutes=0 --set evaluation.loops_max=200 \
    --set evaluation.final_opponents=[] --set evaluation.final_games=2";

/// The weights of the published agent are 7 MB, and a checkpoint of its training 20 MB: one finds room beside them, and no
/// second, which is there for a moment before it takes the place of the first.
#[cfg(feature = "torch")]
#[test]
fn training_that_fills_the_disk_keeps_its_checkpoint_and_goes_on_when_there_is_room() {
    let fixture = Fixture::new();
    let scc = env!("CARGO_BIN_EXE_scc");
    let root = env!("CARGO_MANIFEST_DIR");
    let small = fixture.path("small");
    let script = format!(
        "'{scc}' train --stage rl --init '{root}/agents/marine-flat64/weights.safetensors' --out run {TRAINING} 2>../told; \
         echo ended with $?; ls -A run/checkpoints; \
         mount -o remount,size=90m '{}' && '{scc}' train --stage rl --resume run --threads 2 --json",
        small.display()
    );
    let Some(out) = on_a_small_disk(&fixture, "36m", &script) else {
        return;
    };
    let told = std::fs::read_to_string(fixture.path("told")).unwrap();
    let stdout = String::from_utf8_lossy(&out.stdout);
    let resumed = String::from_utf8_lossy(&out.stderr);
    let all = format!("{told}\n{stdout}\n{resumed}");
    let begins = "ended with 2\nlatest.safetensors\nsupervised.safetensors\n{";
    assert!(stdout.starts_with(begins), "{all}");
    assert_eq!(told.matches("No space left").count(), 1, "{all}");
    assert!(told.contains("latest.safetensors"), "{all}");
    assert!(!told.contains("panicked"), "{all}");
    assert!(resumed.contains("goes on at step 1"), "{all}");
    let summary: serde_json::Value =
        serde_json::from_str(&stdout[begins.len() - 1..]).expect("one JSON document");
    assert_eq!(
        (&summary["finished"], &summary["steps"], out.status.code()),
        (&true.into(), &3.into(), Some(0)),
        "{all}"
    );
}

#[test]
fn an_output_that_takes_nothing_is_said() {
    let fixture = Fixture::new();
    let full = std::fs::File::create("/dev/full").unwrap();
    let out = fixture.command(&["doctor"]).stdout(full).output().unwrap();
    let text = String::from_utf8_lossy(&out.stderr);
    assert_eq!(out.status.code(), Some(2), "{text}");
    assert!(text.contains("stdout"), "{text}");
}
