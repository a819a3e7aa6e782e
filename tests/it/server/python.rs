//! A bot of python-sc2, installed from PyPI, plays unmodified: its library starts the server, and ends it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const PATIENCE: Duration = Duration::from_secs(300);

/// The interpreter that `scripts/setup-python-sc2` has made, if it has.
fn python() -> Option<PathBuf> {
    let script = Path::new(ROOT).join("scripts/setup-python-sc2");
    let said = Command::new(script).arg("--where").output().ok()?;
    let path = PathBuf::from(String::from_utf8_lossy(&said.stdout).trim());
    if said.status.success() && path.is_file() {
        return Some(path);
    }
    println!("skipped: no python-sc2 here; scripts/setup-python-sc2 installs it (.ci/run does)");
    None
}

/// Runs a game of `tests/data/python_bot.py`; its last line of output.
fn play(python: &Path, mode: &str) -> String {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("sc2");
    let installed = Command::new(env!("CARGO_BIN_EXE_scc"))
        .args(["sim", "install"])
        .arg(&folder)
        .output()
        .unwrap();
    assert!(installed.status.success(), "{installed:?}");
    let log = home.path().join("log");
    let output = std::fs::File::create(&log).unwrap();
    let mut bot = Command::new(python)
        .arg(Path::new(ROOT).join("tests/data/python_bot.py"))
        .arg(mode)
        .env("SC2PATH", &folder)
        .env("HOME", home.path())
        .current_dir(home.path())
        .stdout(output.try_clone().unwrap())
        .stderr(output)
        .stdin(Stdio::null())
        .spawn()
        .unwrap();
    let since = Instant::now();
    let status = loop {
        if let Some(status) = bot.try_wait().unwrap() {
            break status;
        }
        if since.elapsed() > PATIENCE {
            bot.kill().unwrap();
            panic!("the bot hangs: {}", std::fs::read_to_string(&log).unwrap());
        }
        std::thread::sleep(Duration::from_millis(50));
    };
    let text = std::fs::read_to_string(&log).unwrap();
    assert!(status.success(), "{mode}: {text}");
    text.lines().last().unwrap_or_default().to_owned()
}

#[test]
fn a_python_sc2_bot_plays_the_computer_to_the_end_and_its_replay_is_watched() {
    let Some(python) = python() else { return };
    assert_eq!(play(&python, "computer"), "Victory, replay watched");
}

#[test]
fn two_python_sc2_bots_play_each_other() {
    let Some(python) = python() else { return };
    assert_eq!(play(&python, "pair"), "Victory Defeat");
}
