//! The API client: StarCraft II found, started, played on and lost, against the simulator's server through exactly that path.

mod commands;
mod extraction;
mod faults;
mod lockstep;
mod proxy;
mod schedule;
#[cfg(feature = "torch")]
mod training;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use scc::env::{AiBuild, Difficulty, GameSettings, Sc2Games, Seat};
use scc::game::{Race, Seed};
use scc::sc2::client::locate::SIMULATOR_MARK;
use scc::sc2::client::{Installation, Limits, Places, Platform, locate};
use scc::sim::maps;

const BIN: &str = env!("CARGO_BIN_EXE_scc");

/// A temporary folder with an installation in it.
pub struct Installed {
    dir: tempfile::TempDir,
}

impl Installed {
    /// What `scc sim install` makes.
    pub fn new() -> Installed {
        let dir = tempfile::tempdir().unwrap();
        let out = Command::new(BIN)
            .args(["sim", "install"])
            .arg(dir.path().join("sc2"))
            .output()
            .unwrap();
        assert!(out.status.success(), "{out:?}");
        Installed { dir }
    }

    pub fn root(&self) -> PathBuf {
        self.dir.path().join("sc2")
    }

    pub fn executable(&self) -> PathBuf {
        self.root().join("Versions/Base75689/SC2_x64")
    }

    /// Makes the game a shell script.
    pub fn write_executable(&self, script: &str) {
        use std::os::unix::fs::PermissionsExt as _;
        let path = self.executable();
        // A fresh file: the old one may be running.
        std::fs::remove_file(&path).unwrap();
        std::fs::write(&path, format!("#!/bin/sh\n{SIMULATOR_MARK}\n{script}\n")).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }

    pub fn folder(&self) -> &Path {
        self.dir.path()
    }

    pub fn located(&self) -> Installation {
        locate(&Places {
            platform: Platform::Linux,
            sc2path: Some(self.root()),
            home: None,
        })
        .unwrap()
    }

    pub fn games(&self) -> Sc2Games {
        let stop = AtomicBool::new(false);
        Sc2Games::start(self.located(), None, patient(), &stop).unwrap()
    }

    /// Processes whose command line names this installation.
    pub fn processes(&self) -> Vec<u32> {
        let root = self.dir.path().to_string_lossy().into_owned();
        let mut found = Vec::new();
        for entry in std::fs::read_dir("/proc").unwrap().flatten() {
            let Some(id) = entry.file_name().to_str().and_then(|n| n.parse().ok()) else {
                continue;
            };
            let line = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
            if String::from_utf8_lossy(&line).contains(&root) {
                found.push(id);
            }
        }
        found
    }

    /// Fails unless nothing that was started from here still runs.
    pub fn nothing_left(&self) {
        // A killed process may take a moment to vanish.
        for _ in 0..100 {
            if self.processes().is_empty() {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("still running: {:?}", self.processes());
    }
}

/// Longer than anything takes on a busy machine.
pub fn patient() -> Limits {
    Limits::of_request(Duration::from_secs(60))
}

pub fn participant(name: &str) -> Seat {
    Seat::Participant {
        race: Race::Terran,
        name: name.into(),
    }
}

pub fn computer(level: Difficulty) -> Seat {
    Seat::Computer {
        race: Race::Terran,
        level,
        build: AiBuild::default(),
    }
}

pub fn settings(map: &str, seats: [Seat; 2], seed: u64) -> GameSettings {
    GameSettings {
        map: maps::by_name(map).unwrap(),
        seats,
        seed: Seed(seed),
    }
}
