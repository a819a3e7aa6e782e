//! Where StarCraft II is installed, which versions of it, and which maps lie there.

use super::LocateError;
use super::versions::{self, Version};
use std::path::{Path, PathBuf};

/// A line in the executable of an installation that plays on the simulator (`scc sim install`).
pub const SIMULATOR_MARK: &str = "# scc sim: StarCraft II's command line on the simulator.";
/// Extension of map files.
pub const MAP_EXTENSION: &str = "SC2Map";
/// How deep maps are looked for below `Maps`.
const MAP_DEPTH_MAX: usize = 4;
/// Maps listed, at most.
const MAPS_MAX: usize = 10_000;
/// A launcher script is smaller, and the real game far larger.
const LAUNCHER_BYTES_MAX: u64 = 16 << 10;

/// Operating systems that the game is made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Platform {
    Linux,
    Mac,
    Windows,
}

impl Platform {
    /// That of this program.
    pub fn current() -> Platform {
        match std::env::consts::OS {
            "macos" => Platform::Mac,
            "windows" => Platform::Windows,
            _ => Platform::Linux,
        }
    }

    /// The executable below `Versions/Base*`.
    fn executable(self) -> &'static str {
        match self {
            Platform::Linux => "SC2_x64",
            Platform::Mac => "SC2.app/Contents/MacOS/SC2",
            Platform::Windows => "SC2_x64.exe",
        }
    }

    /// Where the launcher writes which executable it last started, relative to the home folder.
    fn execute_info(self) -> Option<&'static str> {
        match self {
            Platform::Linux => None,
            Platform::Mac => {
                Some("Library/Application Support/Blizzard/StarCraft II/ExecuteInfo.txt")
            }
            Platform::Windows => Some("Documents/StarCraft II/ExecuteInfo.txt"),
        }
    }
}

/// What of the environment says where the game is.
#[derive(Clone, Debug)]
pub struct Places {
    pub platform: Platform,
    /// The variable `SC2PATH`.
    pub sc2path: Option<PathBuf>,
    pub home: Option<PathBuf>,
}

impl Places {
    /// Folders in which the game may be, the likeliest first. `SC2PATH` excludes all others.
    fn candidates(&self) -> Vec<PathBuf> {
        if let Some(path) = &self.sc2path {
            return vec![path.clone()];
        }
        let told = self.home.iter().filter_map(|home| {
            let text = std::fs::read_to_string(home.join(self.platform.execute_info()?)).ok()?;
            root_in_execute_info(&text)
        });
        let usual = match self.platform {
            Platform::Linux => self.home.as_ref().map(|home| home.join("StarCraftII")),
            Platform::Mac => Some("/Applications/StarCraft II".into()),
            Platform::Windows => Some("C:/Program Files (x86)/StarCraft II".into()),
        };
        told.chain(usual).collect()
    }
}

/// The installation's folder: the executable lies in `Versions/Base*` of it, on some systems deeper.
fn root_in_execute_info(text: &str) -> Option<PathBuf> {
    let line = text
        .lines()
        .find_map(|l| l.trim().strip_prefix("executable"))?;
    let path = line
        .trim_start()
        .strip_prefix('=')?
        .trim()
        .replace('\\', "/");
    let at = path.rfind("/Versions/")?;
    Some(path[..at].into())
}

/// A folder with the game.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Installation {
    pub root: PathBuf,
    /// Base builds and their executables, ascending.
    pub builds: Vec<(u32, PathBuf)>,
    /// What answers there is the simulator (`scc sim install`).
    pub is_simulator: bool,
}

/// What to start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Launch {
    pub root: PathBuf,
    pub executable: PathBuf,
    pub base_build: u32,
    /// For the flag `-dataVersion`, where a version was asked for.
    pub data_version: Option<String>,
}

/// Finds the game.
///
/// # Errors
/// If there is none, or `SC2PATH` names a folder without it.
pub fn locate(places: &Places) -> Result<Installation, LocateError> {
    let candidates = places.candidates();
    for root in &candidates {
        let builds = builds(root, places.platform.executable());
        if !builds.is_empty() {
            return Ok(Installation {
                root: root.clone(),
                is_simulator: builds.iter().any(|(_, path)| is_simulator(path)),
                builds,
            });
        }
    }
    match (&places.sc2path, candidates.is_empty()) {
        (Some(root), _) => Err(LocateError::NotThere {
            root: root.clone(),
            executable: places.platform.executable(),
        }),
        (None, true) => Err(LocateError::NotFound {
            looked: "any of the usual folders".into(),
        }),
        (None, false) => {
            let looked = candidates.iter().map(|p| p.display().to_string());
            Err(LocateError::NotFound {
                looked: looked.collect::<Vec<_>>().join(" or "),
            })
        }
    }
}

fn builds(root: &Path, executable: &str) -> Vec<(u32, PathBuf)> {
    let entries = std::fs::read_dir(root.join("Versions"));
    let mut builds: Vec<(u32, PathBuf)> = entries
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name();
            let build = name.to_str()?.strip_prefix("Base")?.parse().ok()?;
            let path = entry.path().join(executable);
            path.is_file().then_some((build, path))
        })
        .collect();
    builds.sort();
    builds
}

/// Whether an executable is the launcher that `scc sim install` writes.
pub fn is_simulator(executable: &Path) -> bool {
    let is_small = std::fs::metadata(executable).is_ok_and(|m| m.len() <= LAUNCHER_BYTES_MAX);
    is_small
        && std::fs::read(executable)
            .is_ok_and(|bytes| String::from_utf8_lossy(&bytes).contains(SIMULATOR_MARK))
}

impl Installation {
    /// What to start for a wish (`4.10`, `75689`, `Base75689`, `latest`); the newest where there is none.
    ///
    /// # Errors
    /// If the wish is no version, or that version is not installed.
    pub fn launch(&self, wanted: Option<&str>) -> Result<Launch, LocateError> {
        let Some(text) = wanted.filter(|w| *w != "latest") else {
            let newest = self.builds.last().map(|(build, _)| *build);
            return self.of_build(newest.unwrap_or(0), None, "latest");
        };
        let plain = text.strip_prefix("Base").unwrap_or(text);
        match (versions::named(plain), plain.parse::<u32>()) {
            (Some(version), _) => self.of_version(version, text),
            (None, Ok(build)) if build >= versions::BUILD_MIN => self.of_build(build, None, text),
            _ => Err(LocateError::NoVersion(text.to_owned())),
        }
    }

    /// What to start to watch a replay of this base build and data version (`replay_info` says both).
    ///
    /// # Errors
    /// If that build is not installed.
    pub fn for_replay(&self, base_build: u32, data_version: &str) -> Result<Launch, LocateError> {
        match versions::of_replay(base_build, data_version) {
            Some(version) => self.of_version(version, version.label),
            None => {
                let data = Some(data_version).filter(|d| !d.is_empty());
                self.of_build(base_build, data, &base_build.to_string())
            }
        }
    }

    fn of_version(&self, version: &Version, wanted: &str) -> Result<Launch, LocateError> {
        self.of_build(version.base_build, Some(version.data_version), wanted)
    }

    fn of_build(
        &self,
        build: u32,
        data: Option<&str>,
        wanted: &str,
    ) -> Result<Launch, LocateError> {
        let found = self.builds.iter().find(|(b, _)| *b == build);
        let (base_build, executable) = found.ok_or_else(|| {
            let installed = self.builds.iter().map(|(b, _)| format!("Base{b}"));
            LocateError::NoSuchVersion {
                wanted: wanted.to_owned(),
                root: self.root.clone(),
                installed: installed.collect::<Vec<_>>().join(", "),
            }
        })?;
        Ok(Launch {
            root: self.root.clone(),
            executable: executable.clone(),
            base_build: *base_build,
            data_version: data.map(str::to_owned),
        })
    }

    /// The folder that map paths are relative to.
    pub fn maps_folder(&self) -> PathBuf {
        let folders = ["Maps", "maps"].map(|name| self.root.join(name));
        let found = folders.iter().find(|folder| folder.is_dir());
        found.unwrap_or(&folders[0]).clone()
    }

    /// Paths of all maps, relative to [`Installation::maps_folder`], sorted.
    pub fn maps(&self) -> Vec<String> {
        map_files(&self.maps_folder())
    }

    /// The map of this name: a path below `Maps`, or a file name, each with or without extension, letter case aside. Of
    /// several the first.
    pub fn map_named(&self, name: &str) -> Option<String> {
        let plain = |text: &str| {
            let text = text.replace('\\', "/").to_lowercase();
            let end = format!(".{}", MAP_EXTENSION.to_lowercase());
            text.strip_suffix(&end).map_or(text.clone(), str::to_owned)
        };
        let wanted = plain(name);
        let maps = self.maps();
        let whole = maps.iter().find(|path| plain(path) == wanted);
        let last = || {
            let stem = |path: &str| plain(path).rsplit('/').next().map(str::to_owned);
            maps.iter().find(|p| stem(p).as_deref() == Some(&wanted))
        };
        whole.or_else(last).cloned()
    }
}

/// Paths of all map files below a folder, relative to it, sorted.
pub fn map_files(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    list_into(folder, folder, MAP_DEPTH_MAX, &mut found);
    found.sort();
    found
}

fn list_into(folder: &Path, root: &Path, depth: usize, found: &mut Vec<String>) {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    for path in entries.map(|entry| entry.path()) {
        if found.len() >= MAPS_MAX {
            return;
        }
        let is_map = path.extension().is_some_and(|e| e == MAP_EXTENSION);
        if is_map && path.is_file() {
            let relative = path.strip_prefix(root).unwrap_or(&path);
            found.push(relative.to_string_lossy().replace('\\', "/"));
        } else if depth > 1 && path.is_dir() {
            list_into(&path, root, depth - 1, found);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: PathBuf, text: &str) {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn places(platform: Platform, sc2path: Option<&Path>, home: &Path) -> Places {
        Places {
            platform,
            sc2path: sc2path.map(Path::to_path_buf),
            home: Some(home.to_path_buf()),
        }
    }

    #[test]
    fn sc2path_comes_before_the_usual_folder_and_excludes_it() {
        let home = tempfile::tempdir().unwrap();
        let own = home.path().join("StarCraftII");
        file(own.join("Versions/Base75689/SC2_x64"), "\x7fELF");
        file(own.join("Versions/Base60321/SC2_x64"), "\x7fELF");
        file(own.join("Versions/Base99999/readme"), "no executable");
        let found = locate(&places(Platform::Linux, None, home.path())).unwrap();
        let builds: Vec<u32> = found.builds.iter().map(|(b, _)| *b).collect();
        assert_eq!((builds, found.is_simulator), (vec![60321, 75689], false));
        let elsewhere = home.path().join("else");
        let told = locate(&places(Platform::Linux, Some(&elsewhere), home.path()));
        let text = told.unwrap_err().to_string();
        assert!(
            text.contains("SC2PATH") && text.contains("scc sim install"),
            "{text}"
        );
        let none = locate(&places(Platform::Linux, None, &elsewhere)).unwrap_err();
        let text = none.to_string();
        assert!(
            text.contains("SC2PATH") && text.contains("scc sim install"),
            "{text}"
        );
    }

    #[test]
    fn the_launchers_note_says_where_the_game_is_on_windows_and_macos() {
        let home = tempfile::tempdir().unwrap();
        let root = home.path().join("Games/StarCraft II");
        file(
            root.join("Versions/Base75689/SC2.app/Contents/MacOS/SC2"),
            "",
        );
        let note = format!(
            "executable = {}/Versions/Base75689/SC2.app/Contents/MacOS/SC2\n",
            root.display()
        );
        let at = "Library/Application Support/Blizzard/StarCraft II/ExecuteInfo.txt";
        file(home.path().join(at), &note);
        let found = locate(&places(Platform::Mac, None, home.path())).unwrap();
        assert_eq!(found.root, root);
        assert_eq!(
            root_in_execute_info("executable = D:\\SC2 game\\Versions\\Base75689\\SC2_x64.exe\r\n"),
            Some("D:/SC2 game".into())
        );
        assert_eq!(root_in_execute_info("nothing of use"), None);
    }

    #[test]
    fn a_wish_for_a_version_picks_executable_and_data() {
        let installation = Installation {
            root: "r".into(),
            builds: vec![
                (60321, "a".into()),
                (75689, "b".into()),
                (90000, "c".into()),
            ],
            is_simulator: false,
        };
        let launch = |wanted| installation.launch(wanted);
        assert_eq!(launch(None).unwrap().base_build, 90000);
        assert_eq!(launch(None).unwrap().data_version, None);
        let old = launch(Some("4.1.3")).unwrap();
        assert_eq!((old.base_build, old.executable), (60321, "a".into()));
        assert_eq!(
            old.data_version.as_deref(),
            Some("F486693E00B2CD305B39E0AB254623EB")
        );
        assert_eq!(launch(Some("Base75689")).unwrap().base_build, 75689);
        assert_eq!(launch(Some("90000")).unwrap().data_version, None);
        let missing = launch(Some("4.8.2")).unwrap_err().to_string();
        assert!(
            missing.contains("Base60321, Base75689, Base90000"),
            "{missing}"
        );
        assert!(matches!(
            launch(Some("new")),
            Err(LocateError::NoVersion(_))
        ));
        let replay = installation
            .for_replay(60321, "33D9FE28909573253B7FC352CE7AEA40")
            .unwrap();
        assert_eq!(replay.base_build, 60321);
        assert!(installation.for_replay(71061, "x").is_err());
    }

    #[test]
    fn maps_are_found_by_path_or_name() {
        let root = tempfile::tempdir().unwrap();
        file(
            root.path().join("Maps/Ladder2019Season3/TritonLE.SC2Map"),
            "",
        );
        file(root.path().join("Maps/Melee/Flat64.SC2Map"), "");
        let installation = Installation {
            root: root.path().to_path_buf(),
            builds: Vec::new(),
            is_simulator: false,
        };
        for name in [
            "TritonLE",
            "tritonle",
            "Ladder2019Season3/TritonLE",
            "TritonLE.SC2Map",
        ] {
            let found = installation.map_named(name);
            assert_eq!(
                found.as_deref(),
                Some("Ladder2019Season3/TritonLE.SC2Map"),
                "{name}"
            );
        }
        assert_eq!(installation.map_named("Triton"), None);
    }
}
