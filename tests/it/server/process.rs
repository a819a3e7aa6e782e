//! The server as a process: its flags, its exit codes, signals, and the folder that clients find it in.

use super::client::Client;
use super::{against_computer, created};
use scc::sc2::proto::{RequestStep, request::Request as Q};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const BIN: &str = env!("CARGO_BIN_EXE_scc");
/// python-sc2 asks three times in this time, then walks away.
const SIGTERM_TIME: Duration = Duration::from_millis(1500);

fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    listener.local_addr().unwrap().port()
}

/// Ends its process if a test fails before it does.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Process {
    fn exit_code(&mut self, within: Duration) -> Option<i32> {
        let since = Instant::now();
        loop {
            if let Some(status) = self.0.try_wait().unwrap() {
                return status.code();
            }
            assert!(since.elapsed() < within, "it still runs after {within:?}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

/// Connects as clients do: again and again until the port is there.
fn connect(port: u16) -> Client {
    let since = Instant::now();
    loop {
        if let Ok(stream) = TcpStream::connect(("127.0.0.1", port)) {
            stream
                .set_read_timeout(Some(Duration::from_secs(60)))
                .unwrap();
            let url = format!("ws://127.0.0.1:{port}/sc2api");
            let (ws, _) = tungstenite::client(url, stream).unwrap();
            return Client { ws };
        }
        assert!(since.elapsed() < Duration::from_secs(60), "nobody listens");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn start(program: impl AsRef<std::ffi::OsStr>, port: u16) -> Process {
    let child = Command::new(program)
        .args([
            "-listen",
            "127.0.0.1",
            "-port",
            &port.to_string(),
            "-displayMode",
            "0",
            "-verbose",
        ])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    Process(child)
}

#[test]
fn flags_that_make_no_sense_and_a_taken_port_are_errors_with_exit_2() {
    let taken = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    for args in [
        vec!["sim", "-listen", "127.0.0.1"],
        vec!["sim", "-port"],
        vec!["sim", "-port", "x"],
        vec!["sim", "-listen", "127.0.0.1", "-port", port.as_str()],
        vec!["sim", "install"],
        vec!["sim", "install", "a", "--maps", "/no/such/folder"],
    ] {
        let folder = tempfile::tempdir().unwrap();
        let out = Command::new(BIN)
            .args(&args)
            .current_dir(folder.path())
            .output()
            .unwrap();
        assert_eq!(out.status.code(), Some(2), "{args:?}: {out:?}");
        assert!(
            out.stdout.is_empty() && !out.stderr.is_empty(),
            "{args:?}: {out:?}"
        );
        assert!(out.stderr.len() < 3000, "{args:?}");
    }
}

#[test]
fn sigterm_and_sigint_end_it_in_any_state() {
    let folder = tempfile::tempdir().unwrap();
    let launcher = install(folder.path());
    for (signal, is_busy) in [("-TERM", false), ("-TERM", true), ("-INT", true)] {
        let port = free_port();
        let mut process = start(&launcher, port);
        let mut client = connect(port);
        if is_busy {
            created(&mut client, against_computer());
            client.join();
            client.send(Q::Step(RequestStep {
                count: Some(u32::MAX),
            }));
        }
        let id = process.0.id().to_string();
        assert!(
            Command::new("kill")
                .args([signal, &id])
                .status()
                .unwrap()
                .success()
        );
        process.exit_code(SIGTERM_TIME);
    }
}

/// Installs into a folder; the executable.
fn install(folder: &Path) -> std::path::PathBuf {
    let dir = folder.join("sc2 here");
    let out = Command::new(BIN)
        .args(["sim", "install"])
        .arg(&dir)
        .output()
        .unwrap();
    assert!(out.status.success(), "{out:?}");
    dir.join("Versions/Base75689/SC2_x64")
}

#[test]
fn an_installed_folder_works_from_anywhere_moved_and_made_again() {
    let folder = tempfile::tempdir().unwrap();
    let launcher = install(folder.path());
    assert_eq!(launcher, install(folder.path()), "it may be made again");
    for part in ["Support64", "Replays", "Maps/Melee/Flat64.SC2Map"] {
        assert!(folder.path().join("sc2 here").join(part).exists(), "{part}");
    }
    std::fs::rename(folder.path().join("sc2 here"), folder.path().join("moved")).unwrap();
    let port = free_port();
    let child = Command::new("./SC2_x64")
        .args(["-port", &port.to_string()])
        .current_dir(folder.path().join("moved/Versions/Base75689"))
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut process = Process(child);
    let mut client = connect(port);
    let maps = client.body(Q::AvailableMaps(Default::default()));
    let scc::sc2::proto::response::Response::AvailableMaps(maps) = maps else {
        panic!("no maps");
    };
    assert_eq!(
        maps.local_map_paths,
        [
            "Melee/Flat64.SC2Map",
            "Melee/Ironbasin.SC2Map",
            "Melee/Tidewater.SC2Map"
        ]
    );
    created(&mut client, against_computer());
    client.ask(Q::Quit(Default::default()));
    assert_eq!(process.exit_code(Duration::from_secs(5)), Some(0));
}

#[test]
fn what_it_did_not_make_it_does_not_write_over() {
    let folder = tempfile::tempdir().unwrap();
    let real = folder.path().join("StarCraftII/Versions/Base75689");
    std::fs::create_dir_all(&real).unwrap();
    std::fs::write(real.join("SC2_x64"), b"\x7fELF the game").unwrap();
    let out = Command::new(BIN)
        .args(["sim", "install"])
        .arg(folder.path().join("StarCraftII"))
        .output()
        .unwrap();
    assert_eq!(out.status.code(), Some(2), "{out:?}");
    assert_eq!(
        std::fs::read(real.join("SC2_x64")).unwrap(),
        b"\x7fELF the game"
    );
}

#[test]
fn maps_of_captures_lie_where_clients_look_and_are_played_on() {
    let captures = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/captures");
    if !Path::new(captures).is_dir() {
        println!("skipped: no captures of the real game at {captures}");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("sc2");
    let out = Command::new(BIN)
        .args(["sim", "install"])
        .arg(&dir)
        .args(["--maps", captures, "--json"])
        .output()
        .unwrap();
    assert!(out.status.success(), "{out:?}");
    let said: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
    assert!(said["maps"].as_array().unwrap().len() > 40, "{said}");
    for path in [
        "Ladder2019Season3/TritonLE.SC2Map",
        "Ladder2019Season2/KairosJunctionLE.SC2Map",
        "Ladder2018Season2/CatalystLE.SC2Map",
        "v4.10/TritonLE-v4.10.SC2Map",
    ] {
        let bytes = std::fs::read(dir.join("Maps").join(path)).unwrap();
        let map = scc::sim::maps::decode(&bytes, Path::new(path)).unwrap();
        assert!(map.expansions.len() >= 12, "{path}");
    }
}
