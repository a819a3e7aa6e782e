//! The real binary: help, JSON, exit codes, bad input.

mod analyze;
mod bad_input;
#[cfg(feature = "torch")]
mod branches;
mod commands;
mod league;
mod replays;
#[cfg(feature = "torch")]
mod strategies;
#[cfg(feature = "torch")]
mod train;

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A folder of its own for one test, and the binary run inside it.
pub struct Fixture {
    pub dir: tempfile::TempDir,
}

/// What the binary did.
pub struct Ran {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Fixture {
    pub fn new() -> Fixture {
        Fixture {
            dir: tempfile::tempdir().expect("a temporary folder"),
        }
    }

    /// The binary, to be started in the fixture's folder with nothing of the caller's environment that changes it.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_scc"));
        command
            .args(args)
            .current_dir(self.dir.path())
            .stdin(Stdio::null());
        for name in ["SC2PATH", "SCC_LOG", "LIBTORCH", "LD_LIBRARY_PATH"] {
            command.env_remove(name);
        }
        command
    }

    pub fn run(&self, args: &[&str]) -> Ran {
        let Output {
            status,
            stdout,
            stderr,
        } = self.command(args).output().expect("the binary starts");
        Ran {
            code: status.code(),
            stdout: String::from_utf8(stdout).expect("stdout is UTF-8"),
            stderr: String::from_utf8(stderr).expect("stderr is UTF-8"),
        }
    }

    /// Runs, asserts exit 0 and that stdout is one JSON document, and gives that.
    pub fn json(&self, args: &[&str]) -> serde_json::Value {
        let ran = self.run(args);
        assert_eq!(ran.code, Some(0), "scc {}: {}", args.join(" "), ran.stderr);
        serde_json::from_str(&ran.stdout)
            .unwrap_or_else(|error| panic!("scc {}: {error}: {}", args.join(" "), ran.stdout))
    }

    /// The path of `name` in the fixture's folder.
    pub fn path(&self, name: &str) -> std::path::PathBuf {
        self.dir.path().join(name)
    }

    /// Runs, and asserts that it was refused: exit 2, one clear message that holds `hint`, nothing on stdout.
    pub fn refused(&self, args: &[&str], hint: &str) {
        let ran = self.run(args);
        let told = format!(
            "scc {}\nstdout: {}\nstderr: {}",
            args.join(" "),
            ran.stdout,
            ran.stderr
        );
        assert_eq!(ran.code, Some(2), "{told}");
        assert!(ran.stdout.is_empty(), "{told}");
        assert!(
            ran.stderr.contains(hint),
            "the message lacks {hint:?}\n{told}"
        );
        assert!(
            ran.stderr.len() < 3_000,
            "{} bytes of error text\n{told}",
            ran.stderr.len()
        );
        assert!(!ran.stderr.contains("panicked"), "{told}");
    }
}

#[test]
fn help_goes_to_stdout_and_names_every_command() {
    let fixture = Fixture::new();
    let ran = fixture.run(&["--help"]);
    assert_eq!(ran.code, Some(0));
    assert!(ran.stderr.is_empty(), "{}", ran.stderr);
    for word in ["doctor", "--seed", "--threads", "--json", "Exit codes"] {
        assert!(ran.stdout.contains(word), "`scc --help` lacks {word}");
    }
    for line in ran.stdout.lines() {
        assert!(
            line.len() <= 120,
            "a help line of {} characters: {line}",
            line.len()
        );
    }
}

#[test]
fn doctor_prints_one_json_document() {
    let fixture = Fixture::new();
    let ran = fixture.run(&["doctor", "--json"]);
    let report: serde_json::Value = serde_json::from_str(&ran.stdout).expect("one JSON document");
    let names: Vec<&str> = report["checks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|check| check["name"].as_str().unwrap())
        .collect();
    assert_eq!(
        names,
        ["libtorch", "cuda", "sc2", "disk", "threads", "memory"]
    );
    assert_eq!(
        ran.code,
        Some(if report["ok"] == true { 0 } else { 1 }),
        "{}",
        ran.stderr
    );
}

#[test]
fn doctor_says_what_is_wrong_with_sc2path() {
    let fixture = Fixture::new();
    let output = fixture
        .command(&["doctor"])
        .env("SC2PATH", fixture.dir.path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stdout).contains("Versions/Base*/SC2_x64"));
}

#[test]
fn usage_errors_are_exit_2_and_short() {
    let fixture = Fixture::new();
    fixture.refused(&["no-such-command"], "no-such-command");
    fixture.refused(&["doctor", "--threads", "0"], "1 to 1024");
    fixture.refused(&["doctor", "--set", "nonsense"], "KEY=VALUE");
    fixture.refused(&["doctor", &"x".repeat(100_000)], "unexpected argument");
    fixture.refused(&[], "Usage");
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let fixture = Fixture::new();
    let mut child = fixture
        .command(&["doctor", "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take()); // closed before anything is written
    let output = child.wait_with_output().unwrap();
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// The folder of kept replays.
pub fn own_replays() -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("replays");
    folder.display().to_string()
}

/// Real replays lie beside the repository on machines that have some, or where `SCC_REPLAYS` says.
pub fn real_replays() -> Option<PathBuf> {
    let given = std::env::var_os("SCC_REPLAYS").map(PathBuf::from);
    let near = ["../shared/data/replays", "../../shared/data/replays"];
    let near = near.map(|path| Path::new(env!("CARGO_MANIFEST_DIR")).join(path));
    given.into_iter().chain(near).find(|path| path.is_dir())
}
