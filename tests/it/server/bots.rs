//! Bots of others' libraries, unmodified: where their programs are, and a game of theirs on an installation of ours.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

pub const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const PATIENCE: Duration = Duration::from_secs(300);

/// What `scripts/NAME`, an argument behind it, has made, if it has: `--where` prints it.
pub fn made_by(name: &str) -> Option<PathBuf> {
    let mut words = name.split(' ');
    let script = Path::new(ROOT).join("scripts").join(words.next()?);
    let said = Command::new(script).args(words).arg("--where").output();
    let said = said.ok()?;
    let path = PathBuf::from(String::from_utf8_lossy(&said.stdout).trim());
    if said.status.success() && path.is_file() {
        return Some(path);
    }
    println!("skipped: scripts/{name} has not made what this needs (.ci/run calls it)");
    None
}

/// Runs a bot whose library finds the game by `SC2PATH`, starts it and ends it; the bot's last line of output.
pub fn play(bot: &mut Command) -> String {
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
    let mut running = bot
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
        if let Some(status) = running.try_wait().unwrap() {
            break status;
        }
        if since.elapsed() > PATIENCE {
            running.kill().unwrap();
            let said = std::fs::read_to_string(&log).unwrap();
            panic!("the bot hangs: {said}");
        }
        std::thread::sleep(Duration::from_millis(50));
    };
    let text = std::fs::read_to_string(&log).unwrap();
    assert!(status.success(), "{bot:?}: {text}");
    text.lines().last().unwrap_or_default().to_owned()
}
