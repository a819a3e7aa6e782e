//! What this machine has of what scc can use, and what to do about the rest: `scc doctor`.
//!
//! Invariant: only looks; it starts, downloads and changes nothing.

mod deployment;

use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::bus::BusUrl;
use crate::sc2::client::{LocateError, Places, locate};
use crate::storage::StorageUrl;

/// The libtorch that tch 0.24 is made for.
pub const LIBTORCH_VERSION: &str = "2.11.0";

/// The StarCraft II version whose numbers the simulator has: build 75689, "4.10".
pub const SC2_BASE_BUILD: u32 = 75689;

/// Below this much free disk a run of `configs/imitation.toml` (demonstrations, dataset, checkpoints) may not fit.
const DISK_FREE_MIN_GIB: f64 = 5.0;

/// How one thing was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// There and right.
    Ok,
    /// Not there; scc works without it.
    Absent,
    /// There but wrong, or not there although it is needed.
    Problem,
}

/// One thing looked at.
#[derive(Clone, Debug, Serialize)]
pub struct Check {
    /// Stable name, for scripts: `libtorch`, `cuda`, `sc2`, `disk`, `threads`, `memory`, `bus`, `storage`.
    pub name: &'static str,
    pub state: State,
    /// What was found, for people.
    pub found: String,
    /// What to do where something is missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advice: Option<String>,
    /// Facts for scripts (paths, versions, counts); an object.
    pub facts: serde_json::Value,
}

/// All that `scc doctor` prints.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Whether nothing needed is missing or wrong.
    pub ok: bool,
    pub version: &'static str,
    pub checks: Vec<Check>,
}

/// What only the caller can know, or wants looked at.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// CUDA devices as libtorch counts them; `None` in a build without the feature `torch`.
    pub cuda_devices: Option<usize>,
    /// Where StarCraft II may be.
    pub sc2: Option<Places>,
    /// The folder that runs are written to.
    pub out_dir: PathBuf,
    /// A deployment's bus, if it is to be looked at.
    pub bus: Option<BusUrl>,
    /// A deployment's storage, if it is to be looked at.
    pub storage: Option<StorageUrl>,
}

/// Looks at everything.
pub fn inspect(options: &Options) -> Report {
    let mut checks = vec![
        libtorch(options.cuda_devices.is_some()),
        cuda(options.cuda_devices),
        sc2(options.sc2.as_ref()),
        disk(&options.out_dir),
        threads(),
        memory(),
    ];
    checks.extend(options.bus.as_ref().map(deployment::bus));
    checks.extend(options.storage.as_ref().map(deployment::storage));
    let ok = checks.iter().all(|check| check.state != State::Problem);
    Report {
        ok,
        version: env!("CARGO_PKG_VERSION"),
        checks,
    }
}

/// The folder of the libtorch_cpu.so that the loader chose for this process, if one is loaded.
pub fn loaded_libtorch() -> Option<PathBuf> {
    let maps = std::fs::read_to_string("/proc/self/maps").ok()?;
    folder_in_maps(&maps)
}

/// The folder of libtorch_cpu.so in the text of a `/proc/self/maps`.
fn folder_in_maps(maps: &str) -> Option<PathBuf> {
    // A line: address perms offset dev inode path. The path begins at the first slash, and may hold spaces.
    let paths = maps
        .lines()
        .filter_map(|line| line.find('/').map(|at| Path::new(&line[at..])));
    let mut libraries = paths.filter(|path| {
        path.file_name()
            .is_some_and(|name| name == "libtorch_cpu.so")
    });
    libraries
        .next()
        .and_then(|path| path.parent())
        .map(Path::to_path_buf)
}

/// The version of the libtorch whose libraries are in `libs`, from the files that wheels and archives carry.
fn libtorch_version(libs: &Path) -> Option<String> {
    let root = libs.parent()?;
    if let Ok(version) = std::fs::read_to_string(root.join("build-version")) {
        return Some(version.trim().to_owned());
    }
    let header = std::fs::read_to_string(root.join("include/torch/headeronly/version.h")).ok()?;
    let part = |name: &str| {
        let define = format!("#define TORCH_VERSION_{name} ");
        header
            .lines()
            .find_map(|line| line.strip_prefix(&define))
            .map(|value| value.trim().to_owned())
    };
    Some([part("MAJOR")?, part("MINOR")?, part("PATCH")?].join("."))
}

fn libtorch(built_with_torch: bool) -> Check {
    let name = "libtorch";
    if !built_with_torch {
        return Check {
            name,
            state: State::Absent,
            found: "this build has no learning (feature `torch` is off)".into(),
            advice: Some("`make build` for one that trains and plays checkpoints".into()),
            facts: serde_json::json!({ "built_with_torch": false }),
        };
    }
    let Some(folder) = loaded_libtorch() else {
        return Check {
            name,
            state: State::Problem,
            found: "no libtorch_cpu.so is loaded".into(),
            advice: Some("run scripts/setup-libtorch and build again".into()),
            facts: serde_json::json!({ "built_with_torch": true }),
        };
    };
    let version = libtorch_version(&folder);
    let right = version
        .as_deref()
        .is_none_or(|v| v.split('+').next() == Some(LIBTORCH_VERSION));
    Check {
        name,
        state: if right { State::Ok } else { State::Problem },
        found: format!("{} in {}", version.as_deref().unwrap_or("unknown version"), folder.display()),
        advice: (!right).then(|| format!("this binary needs libtorch {LIBTORCH_VERSION}: run scripts/setup-libtorch and build again")),
        facts: serde_json::json!({ "built_with_torch": true, "folder": folder, "version": version }),
    }
}

fn cuda(devices: Option<usize>) -> Check {
    let driver =
        Path::new("/proc/driver/nvidia/version").exists() || Path::new("/dev/nvidiactl").exists();
    let library = loaded_libtorch().is_some_and(|folder| folder.join("libtorch_cuda.so").is_file());
    let count = devices.unwrap_or(0);
    let (state, found, advice) = match (count, driver, library) {
        (1.., _, _) => (State::Ok, format!("{count} device(s)"), None),
        (0, false, _) => (
            State::Absent,
            "no NVIDIA driver".to_owned(),
            Some("not needed: everything runs on the CPU; a GPU needs NVIDIA's driver"),
        ),
        (0, true, false) => (
            State::Absent,
            "an NVIDIA driver, but the libtorch in use is for the CPU".to_owned(),
            Some(
                "python3 -m pip install torch==2.11.0, or set LIBTORCH to a CUDA libtorch 2.11.0: the same binary finds it",
            ),
        ),
        (0, true, true) => (
            State::Problem,
            "a driver and a CUDA libtorch, but no device".to_owned(),
            Some("see nvidia-smi: the driver may be older than CUDA 13 needs (580 or later)"),
        ),
    };
    Check {
        name: "cuda",
        state,
        found,
        advice: advice.map(str::to_owned),
        facts: serde_json::json!({ "devices": count, "driver": driver, "cuda_libtorch": library }),
    }
}

fn sc2(places: Option<&Places>) -> Check {
    let name = "sc2";
    let none = |state, why: &LocateError| Check {
        name,
        state,
        found: why.to_string(),
        advice: Some("not needed: games run in the embedded simulator; --game sc2 needs it".into()),
        facts: serde_json::json!({ "versions": [] }),
    };
    let Some(places) = places else {
        let looked = "no folder".to_owned();
        return none(State::Absent, &LocateError::NotFound { looked });
    };
    let found = match locate(places) {
        Ok(found) => found,
        Err(why @ LocateError::NotFound { .. }) => return none(State::Absent, &why),
        Err(why) => return none(State::Problem, &why),
    };
    let versions: Vec<u32> = found.builds.iter().map(|(build, _)| *build).collect();
    let maps = found.maps();
    let advice = if maps.is_empty() {
        Some(format!(
            "no maps: put them into {}",
            found.maps_folder().display()
        ))
    } else if !versions.contains(&SC2_BASE_BUILD) {
        Some(format!(
            "the simulator follows 4.10 (Versions/Base{SC2_BASE_BUILD}), which is not among them"
        ))
    } else {
        None
    };
    let what = match found.is_simulator {
        true => "the simulator over the API",
        false => "StarCraft II",
    };
    let builds: Vec<String> = versions
        .iter()
        .map(|build| format!("Base{build}"))
        .collect();
    Check {
        name,
        state: State::Ok,
        found: format!(
            "{what} in {}: {}; {} map(s)",
            found.root.display(),
            builds.join(", "),
            maps.len()
        ),
        advice,
        facts: serde_json::json!({
            "folder": found.root, "versions": versions, "maps": maps, "simulator": found.is_simulator
        }),
    }
}

fn disk(out_dir: &Path) -> Check {
    // The folder of runs may not exist yet: its nearest existing parent is on the same disk.
    let absolute = std::path::absolute(out_dir).unwrap_or_else(|_| out_dir.to_path_buf());
    let existing = absolute
        .ancestors()
        .find(|path| path.exists())
        .unwrap_or(Path::new("/"));
    let free = rustix::fs::statvfs(existing)
        .ok()
        .map(|fs| (fs.f_bavail * fs.f_frsize) as f64 / f64::from(1 << 30));
    let enough = free.is_none_or(|gib| gib >= DISK_FREE_MIN_GIB);
    Check {
        name: "disk",
        state: if enough { State::Ok } else { State::Problem },
        found: free.map_or("unknown".into(), |gib| format!("{gib:.1} GiB free in {}", existing.display())),
        advice: (!enough).then(|| format!("a training run needs about {DISK_FREE_MIN_GIB} GiB: free some, or write elsewhere with --out")),
        facts: serde_json::json!({ "folder": existing, "free_gib": free }),
    }
}

fn threads() -> Check {
    let count = std::thread::available_parallelism().map_or(1, usize::from);
    Check {
        name: "threads",
        state: State::Ok,
        found: format!("{count}"),
        advice: None,
        facts: serde_json::json!({ "count": count }),
    }
}

fn memory() -> Check {
    let text = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let kib = text.lines().find_map(|line| {
        line.strip_prefix("MemAvailable:")?
            .trim()
            .trim_end_matches(" kB")
            .parse::<f64>()
            .ok()
    });
    let gib = kib.map(|kib| kib / f64::from(1 << 20));
    let enough = gib.is_none_or(|gib| gib >= 2.0);
    Check {
        name: "memory",
        state: if enough { State::Ok } else { State::Problem },
        found: gib.map_or("unknown".into(), |gib| format!("{gib:.1} GiB available")),
        advice: (!enough)
            .then(|| "training the small network takes about 2 GiB: close other programs".into()),
        facts: serde_json::json!({ "available_gib": gib }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_of_libtorch_is_read_from_a_memory_map() {
        let maps = "7f0-7f1 r-xp 00000000 08:01 12 /usr/lib/libc.so.6\n\
                    7f2-7f3 r-xp 00000000 08:01 13 /opt/my torch/lib/libtorch_cpu.so\n7f4-7f5 rw-p 00000000 00:00 0 [heap]\n";
        assert_eq!(
            folder_in_maps(maps),
            Some(PathBuf::from("/opt/my torch/lib"))
        );
        assert_eq!(
            folder_in_maps("7f4-7f5 rw-p 00000000 00:00 0 [heap]\n"),
            None
        );
    }

    fn places(root: &Path) -> Places {
        Places {
            platform: crate::sc2::client::Platform::Linux,
            sc2path: Some(root.to_path_buf()),
            home: None,
        }
    }

    #[test]
    fn an_installation_is_told_with_its_versions_and_maps() {
        let root = tempfile::tempdir().unwrap();
        for file in [
            "Versions/Base75689/SC2_x64",
            "Versions/Base70154/SC2_x64",
            "Maps/Melee/A.SC2Map",
        ] {
            let file = root.path().join(file);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, "").unwrap();
        }
        let check = sc2(Some(&places(root.path())));
        assert_eq!((check.state, check.advice), (State::Ok, None));
        assert_eq!(check.facts["versions"], serde_json::json!([70154, 75689]));
        assert_eq!(check.facts["maps"], serde_json::json!(["Melee/A.SC2Map"]));
        let empty = tempfile::tempdir().unwrap();
        let check = sc2(Some(&places(empty.path())));
        assert_eq!(check.state, State::Problem);
        assert!(check.found.contains("scc sim install"), "{}", check.found);
        assert_eq!(sc2(None).state, State::Absent);
    }

    #[test]
    fn the_version_of_libtorch_is_read_from_its_header() {
        let root = tempfile::tempdir().unwrap();
        let header = root.path().join("include/torch/headeronly/version.h");
        std::fs::create_dir_all(header.parent().unwrap()).unwrap();
        std::fs::write(&header, "#define TORCH_VERSION_MAJOR 2\n#define TORCH_VERSION_MINOR 11\n#define TORCH_VERSION_PATCH 0\n").unwrap();
        assert_eq!(
            libtorch_version(&root.path().join("lib")).as_deref(),
            Some("2.11.0")
        );
    }

    #[test]
    fn the_report_is_good_only_without_problems() {
        let out = tempfile::tempdir().unwrap();
        let empty = tempfile::tempdir().unwrap();
        let options = Options {
            cuda_devices: None,
            sc2: Some(places(empty.path())),
            out_dir: out.path().join("not/yet"),
            ..Options::default()
        };
        let report = inspect(&options);
        assert!(!report.ok, "an empty SC2PATH is a problem");
        assert!(
            report
                .checks
                .iter()
                .filter(|check| check.state != State::Ok)
                .all(|check| check.advice.is_some())
        );
    }
}
