//! `scc sim install`: a folder that clients take for an installed StarCraft II.

use super::BUILD;
use super::folders::MAP_EXTENSION;
use crate::files::{self, FileError};
use crate::game::MapData;
use crate::sc2::import::{ImportError, import_files};
use crate::sim::maps;
use std::io;
use std::path::{Path, PathBuf};

/// Where clients look for maps they know by name; everything else goes to `Maps/Melee`.
#[rustfmt::skip]
const KNOWN_PLACES: &[(&str, &str)] = &[
    ("AbyssalReefLE", "Ladder2017Season4"), ("AcropolisLE", "Ladder2019Season3"), ("AcidPlantLE", "Ladder2018Season3"),
    ("AutomatonLE", "Ladder2019Season1"), ("CatalystLE", "Ladder2018Season2"), ("CyberForestLE", "Ladder2019Season1"),
    ("DiscoBloodbathLE", "Ladder2019Season3"), ("HonorgroundsLE", "Ladder2017Season1"), ("KairosJunctionLE", "Ladder2019Season2"),
    ("KingsCoveLE", "Ladder2019Season2"), ("NewRepugnancyLE", "Ladder2019Season2"), ("OdysseyLE", "Ladder2017Season4"),
    ("PortAleksanderLE", "Ladder2019Season1"), ("ThunderbirdLE", "Ladder2019Season3"), ("TritonLE", "Ladder2019Season3"),
    ("WintersGateLE", "Ladder2019Season3"), ("WorldofSleepersLE", "Ladder2019Season3"), ("YearZeroLE", "Ladder2019Season1"),
    ("Flat64", "Melee"),
];
/// Our captures have some maps under their short name.
const KNOWN_NAMES: &[(&str, &str)] = &[("Triton", "TritonLE")];
const CAPTURE: &str = ".game_info.pb.gz";
/// Folders below that of the captures that are looked into.
const DEPTH_MAX: usize = 2;

/// Why no folder could be made.
#[derive(Debug, thiserror::Error)]
pub enum InstallError {
    #[error(transparent)]
    File(#[from] FileError),
    #[error("{0} has no captures (NAME.game_info.pb.gz beside NAME.observation.pb.gz)")]
    NoCaptures(PathBuf),
    #[error("{0} holds something else than an installation made by this command")]
    Foreign(PathBuf),
}

/// What was made.
#[derive(Debug, Default)]
pub struct Installed {
    /// Map files, relative to `Maps`.
    pub maps: Vec<String>,
    /// Captures that gave no map, and why.
    pub left_out: Vec<(PathBuf, ImportError)>,
}

/// Makes or renews the folder `dir`, whose executable starts `program`; with the built-in maps and those of `captures`.
///
/// # Errors
/// If something cannot be written, `dir` is something else already, or there is no capture where some were promised.
pub fn install(
    dir: &Path,
    program: &Path,
    captures: Option<&Path>,
) -> Result<Installed, InstallError> {
    let versions = dir.join(format!("Versions/Base{BUILD}"));
    let executable = versions.join("SC2_x64");
    check_ours(dir, &executable)?;
    for folder in [
        &versions,
        &dir.join("Support64"),
        &dir.join("Replays"),
        &dir.join("Maps"),
    ] {
        std::fs::create_dir_all(folder).map_err(io_error("make the folder", folder))?;
    }
    let mut installed = Installed::default();
    for map in maps::names().into_iter().filter_map(maps::by_name) {
        write_map(dir, &map.name, "", &map, &mut installed)?;
    }
    if let Some(folder) = captures {
        let found = find_captures(folder, DEPTH_MAX)?;
        if found.is_empty() {
            return Err(InstallError::NoCaptures(folder.to_path_buf()));
        }
        for capture in found {
            import(dir, folder, &capture, &mut installed)?;
        }
    }
    // Last, so that the folder is taken for an installation only when it is whole.
    write_launcher(&executable, program)?;
    installed.maps.sort();
    installed.maps.dedup();
    Ok(installed)
}

fn io_error(op: &'static str, path: &Path) -> impl FnOnce(io::Error) -> InstallError {
    let path = path.to_path_buf();
    move |source| InstallError::File(FileError::Io { op, path, source })
}

/// A line by which our own launcher is known.
const MARK: &str = crate::sc2::client::locate::SIMULATOR_MARK;

/// Nothing that is not ours is written over: least of all the real game.
fn check_ours(dir: &Path, executable: &Path) -> Result<(), InstallError> {
    let versions = dir.join("Versions");
    let foreign = match std::fs::read(executable) {
        Ok(bytes) => !String::from_utf8_lossy(&bytes).contains(MARK),
        Err(_) => {
            versions.exists() && std::fs::read_dir(&versions).is_ok_and(|mut d| d.next().is_some())
        }
    };
    match foreign || (dir.exists() && !dir.is_dir()) {
        true => Err(InstallError::Foreign(dir.to_path_buf())),
        false => Ok(()),
    }
}

/// A script: `exec` keeps the process id, so that clients' signals reach the server. The folder may be moved.
fn write_launcher(executable: &Path, program: &Path) -> Result<(), InstallError> {
    let program = program.to_string_lossy().replace('\'', r"'\''");
    let script = format!(
        "#!/bin/sh\n{MARK}\n\
         root=$(CDPATH= cd -- \"$(dirname -- \"$0\")/../..\" && pwd)\n\
         scc='{program}'\n\
         [ -x \"$scc\" ] || scc=scc\n\
         exec \"$scc\" sim -dataDir \"$root\" \"$@\"\n"
    );
    files::write_atomic(executable, script.as_bytes())?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(executable, mode)
            .map_err(io_error("make executable", executable))?;
    }
    Ok(())
}

/// Captures below a folder, sorted.
fn find_captures(folder: &Path, depth: usize) -> Result<Vec<PathBuf>, InstallError> {
    let mut found = Vec::new();
    let entries = std::fs::read_dir(folder).map_err(io_error("read", folder))?;
    for path in entries.flatten().map(|entry| entry.path()) {
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if path.is_dir() && depth > 1 {
            found.extend(find_captures(&path, depth - 1)?);
        } else if let Some(stem) = name.strip_suffix(CAPTURE)
            && path
                .with_file_name(format!("{stem}.observation.pb.gz"))
                .is_file()
        {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// Makes a map of a capture. Captures in a folder of their own (`v4.10`) keep its name, for maps differ by version.
fn import(
    dir: &Path,
    root: &Path,
    info: &Path,
    installed: &mut Installed,
) -> Result<(), InstallError> {
    let file = info
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let stem = file.strip_suffix(CAPTURE).unwrap_or(&file);
    let observation = info.with_file_name(format!("{stem}.observation.pb.gz"));
    match import_files(info, &observation) {
        Ok(imported) => {
            let known = KNOWN_NAMES.iter().find(|(short, _)| *short == stem);
            let name = known.map_or(stem, |(_, full)| full);
            let folder = info.parent().and_then(|p| p.strip_prefix(root).ok());
            let variant =
                folder.map_or_else(String::new, |f| f.to_string_lossy().replace('/', "-"));
            write_map(dir, name, &variant, &imported.map, installed)
        }
        Err(why) => {
            installed.left_out.push((info.to_path_buf(), why));
            Ok(())
        }
    }
}

fn write_map(
    dir: &Path,
    name: &str,
    variant: &str,
    map: &MapData,
    installed: &mut Installed,
) -> Result<(), InstallError> {
    let place = KNOWN_PLACES.iter().find(|(known, _)| *known == name);
    let relative = match (variant, place) {
        ("", Some((_, folder))) => format!("{folder}/{name}.{MAP_EXTENSION}"),
        ("", None) => format!("Melee/{name}.{MAP_EXTENSION}"),
        (variant, _) => format!("{variant}/{name}-{variant}.{MAP_EXTENSION}"),
    };
    files::write_atomic(&dir.join("Maps").join(&relative), &maps::encode(map))?;
    installed.maps.push(relative);
    Ok(())
}
